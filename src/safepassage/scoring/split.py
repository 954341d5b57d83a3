"""Splits of a given daily total over camps that need no model: whoever models must do better than these."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KEPT_DAY = 30


def by_capacity(counted: NDArray[np.float64], capacity: NDArray[np.float64]) -> NDArray[np.float64]:
    """Split each day's total in proportion to the camps' capacities.

    Parameters
    ----------
    counted : (day, camp) float64   people; only the totals are used.
    capacity : (camp,) float64      people; 0 where unlimited or unknown.

    Returns
    -------
    (day, camp) float64             NaN where no camp has a capacity.
    """
    whole = capacity.sum()
    shares = capacity / whole if whole > 0 else np.full(len(capacity), np.nan)
    return np.asarray(counted.sum(axis=1)[:, None] * shares)


def kept_shares(counted: NDArray[np.float64], *, day: int = KEPT_DAY) -> NDArray[np.float64]:
    """Split each day's total by the shares that were counted on one day (the last one if there are fewer).

    Parameters
    ----------
    counted : (day, camp) float64
    day : int

    Returns
    -------
    (day, camp) float64             equal shares where nobody was counted on that day.
    """
    seen = counted[min(day, len(counted) - 1)]
    if not seen.sum() > 0:
        return equally(counted)
    return np.asarray(counted.sum(axis=1)[:, None] * (seen / seen.sum()))


def equally(counted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Split each day's total into equal parts: (day, camp) float64."""
    return np.repeat(counted.mean(axis=1)[:, None], counted.shape[1], axis=1)
