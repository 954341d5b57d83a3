"""Continuous ranked probability score: how far a whole distribution was from what happened."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def crps_ensemble(members: NDArray[np.float64], outcome: NDArray[np.float64]) -> NDArray[np.float64]:
    """Score the distribution of members; of a single member it is the absolute error.

    Parameters
    ----------
    members : (member, n) float64   in the unit of the outcome.
    outcome : (n,) float64

    Returns
    -------
    (n,) float64        in the unit of the outcome; 0 is best.

    Source: Gneiting & Raftery 2007, doi:10.1198/016214506000001437, eq. 20, for the empirical distribution.
    """
    count = len(members)
    ordered = np.sort(members, axis=0)
    # The mean distance between two members, from their ranks.
    weight = (2.0 * np.arange(1, count + 1) - count - 1.0)[:, None]
    apart = 2.0 * (weight * ordered).sum(axis=0) / count**2
    return np.asarray(np.abs(members - outcome).mean(axis=0) - 0.5 * apart)


def twcrps_ensemble(
    members: NDArray[np.float64], outcome: NDArray[np.float64], threshold: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Score only what lies above a threshold: the CRPS with weight 1 from there on, and 0 below.

    Parameters
    ----------
    members : (member, n) float64   in the unit of the outcome.
    outcome, threshold : (n,) float64

    Returns
    -------
    (n,) float64        in the unit of the outcome; 0 is best, and 0 where nobody foresaw or saw more.

    Source: Gneiting & Ranjan 2011, doi:10.1198/jbes.2010.08110; by chaining, the CRPS of max(x, threshold)
    (Allen, Ginsbourger & Ziegel 2023, doi:10.1137/22M1532184).
    """
    return crps_ensemble(np.maximum(members, threshold), np.maximum(outcome, threshold))
