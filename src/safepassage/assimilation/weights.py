"""Weights of members, and the ancestors that they choose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def normalised(log_weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn log weights into weights that sum to one, (member,); all equal where none is finite."""
    top = log_weight.max(initial=-np.inf)
    if not np.isfinite(top):
        return np.full(len(log_weight), 1.0 / max(len(log_weight), 1))
    weight = np.exp(log_weight - top)
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def effective_members(weight: NDArray[np.float64]) -> float:
    """Give 1 / sum w^2, the number of equally weighted members that tell as much (Kong et al. 1994)."""
    return float(1.0 / np.sum(weight**2))


def tempered(log_weight: NDArray[np.float64], *, fewest: float) -> float:
    """Give the largest exponent up to one with which at least `fewest` effective members are left."""
    if effective_members(normalised(log_weight)) >= fewest:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if effective_members(normalised(middle * log_weight)) >= fewest:
            low = middle
        else:
            high = middle
    return low


def ancestors(weight: NDArray[np.float64], luck: float) -> NDArray[np.int64]:
    """Choose an ancestor for every member by systematic resampling; whoever survives stays where it is.

    Every member has floor(w n) or ceil(w n) offspring (Kitagawa 1996, doi:10.1080/10618600.1996.10474692),
    the first of which keeps its ancestor's slot: the fewer members change, the less luck is lost.

    Parameters
    ----------
    weight : (member,) float64      sums to one.
    luck : float                    one uniform number.

    Returns
    -------
    (member,) int64     position of each member's ancestor.
    """
    n = len(weight)
    ladder = np.cumsum(weight)
    ladder[-1] = 1.0
    offspring = np.bincount(np.searchsorted(ladder, (luck + np.arange(n)) / n, side="right"), minlength=n)
    chosen = np.arange(n)
    free = np.flatnonzero(offspring == 0)
    chosen[free] = np.repeat(np.arange(n), np.maximum(offspring - 1, 0))
    return chosen


def quantile(
    values: NDArray[np.float64], weight: NDArray[np.float64], level: float | tuple[float, ...]
) -> NDArray[np.float64]:
    """Give weighted quantiles of the finite values; NaN where there is none.

    Parameters
    ----------
    values, weight : (member,) float64
    level : float or tuple of float
    """
    levels = np.atleast_1d(np.asarray(level, dtype=np.float64))
    known = np.isfinite(values) & (weight > 0)
    if not known.any():
        return np.full(len(levels), np.nan)
    order = np.argsort(values[known], kind="stable")
    ladder = np.cumsum(weight[known][order])
    at = np.searchsorted(ladder / ladder[-1], levels, side="left")
    return np.asarray(values[known][order][np.minimum(at, len(order) - 1)], dtype=np.float64)


def median(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Give the weighted median of the finite values; NaN where there is none."""
    return float(quantile(values, weight, 0.5)[0])
