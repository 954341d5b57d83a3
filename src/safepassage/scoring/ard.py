"""Averaged relative difference (ARD): how far a split of people over camps is from the counted one.

The validation error of Flee (Suleimenova, Bell & Groen 2017, doi:10.1038/s41598-017-13828-9). Rescaled, it
judges only the split, since the simulated total is set to the counted one: 0 is best, 2 worst, and half of it
is the share of people put into a wrong camp.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def daily_difference(
    simulated: NDArray[np.float64], counted: NDArray[np.float64], *, rescaled: bool = True
) -> NDArray[np.float64]:
    """Give the relative difference of every day.

    Parameters
    ----------
    simulated : (…, day, camp) float64      people.
    counted : (day, camp) float64           people.
    rescaled : bool                         bring the simulated total of each day to the counted one first.

    Returns
    -------
    (…, day) float64        sum over camps of |simulated - counted|, by the counted total (at least 1).
    """
    total = counted.sum(axis=-1)
    if rescaled:
        own = simulated.sum(axis=-1)
        factor = np.divide(np.broadcast_to(total, own.shape), own, out=np.zeros(own.shape), where=own > 0)
        simulated = simulated * factor[..., None]
    missed = np.abs(simulated - counted).sum(axis=-1)
    return np.asarray(missed / np.maximum(total, 1.0))


def ard(
    simulated: NDArray[np.float64], counted: NDArray[np.float64], *, rescaled: bool = True
) -> NDArray[np.float64]:
    """Give the mean over all days of `daily_difference`; shape (…), a single number for one run."""
    return np.asarray(daily_difference(simulated, counted, rescaled=rescaled).mean(axis=-1))


def mean_shares(people: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each camp's share of the people in camps, averaged over days.

    Parameters
    ----------
    people : (…, day, camp) float64

    Returns
    -------
    (…, camp) float64       days without anybody count as zero shares.
    """
    total = people.sum(axis=-1, keepdims=True)
    shares = np.divide(people, total, out=np.zeros(people.shape), where=total > 0)
    return np.asarray(shares.mean(axis=-2))
