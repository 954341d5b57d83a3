"""Scores of intervals: how wide, how often right, and both in one number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def interval_score(
    low: NDArray[np.float64], high: NDArray[np.float64], outcome: NDArray[np.float64], *, level: float
) -> NDArray[np.float64]:
    """Score central intervals: width plus 2/alpha times the distance by which the outcome was missed.

    Parameters
    ----------
    low, high, outcome : (n,) float64   in one unit.
    level : float                       nominal coverage, e.g. 0.9.

    Returns
    -------
    (n,) float64        in the unit of the outcome; 0 is best.

    Source: Gneiting & Raftery 2007, doi:10.1198/016214506000001437, eq. 43.
    """
    miss = np.maximum(low - outcome, 0.0) + np.maximum(outcome - high, 0.0)
    return np.asarray(high - low + 2.0 / (1.0 - level) * miss)


def coverage(low: NDArray[np.float64], high: NDArray[np.float64], outcome: NDArray[np.float64]) -> float:
    """Give the share of outcomes inside their intervals, bounds included; NaN if there is none."""
    inside = (low <= outcome) & (outcome <= high)
    return float(inside.mean()) if inside.size else float("nan")
