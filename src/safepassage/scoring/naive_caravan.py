"""Naive forecasts of a caravan, which any forecast has to beat: closed form, in quantiles.

The constant-speed walker keeps one pace between two bounds for ever; the last value stays what it was, with a
random walk on its logarithm around it (Zens & Bijak's baseline for flows, applied to a size).
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

WALKER_LOW_KM_PER_DAY = 15.0
WALKER_HIGH_KM_PER_DAY = 60.0
# A day's change of log size: maximum likelihood of a random walk with report noise (0.23 too) on the
# published sizes of two caravans, El Salvador 2018-10-31 (6 figures) and Tapachula 2021-10 (8 figures).
SIZE_LOG_SD_PER_SQRT_DAY = 0.23


def walker_km(
    days_on_road: NDArray[np.float64], levels: Sequence[float], *, start_km: float = 0.0
) -> NDArray[np.float64]:
    """Give the quantiles of a walker whose pace is uniform between 15 and 60 km a day.

    Parameters
    ----------
    days_on_road : (day,) float64   days walked by each evening, >= 0.
    levels : sequence of float      quantile levels in (0, 1).
    start_km : float                where it starts.

    Returns
    -------
    (level, day) float64            km along the route.
    """
    pace = WALKER_LOW_KM_PER_DAY + np.asarray(levels) * (WALKER_HIGH_KM_PER_DAY - WALKER_LOW_KM_PER_DAY)
    return np.asarray(start_km + pace[:, None] * np.asarray(days_on_road)[None, :])


def last_size(
    days_since: NDArray[np.float64], levels: Sequence[float], *, low: float, high: float
) -> NDArray[np.float64]:
    """Give the quantiles of "as many as last known", low to high being its 90 % range.

    Parameters
    ----------
    days_since : (day,) float64     days since it was known, >= 0.
    low, high : float               people, both > 0.

    Returns
    -------
    (level, day) float64            people.
    """
    normal = NormalDist()
    z = np.array([normal.inv_cdf(level) for level in levels])
    first_sd = np.log(high / low) / (2 * normal.inv_cdf(0.95))
    sd = np.sqrt(first_sd**2 + SIZE_LOG_SD_PER_SQRT_DAY**2 * np.asarray(days_since))
    return np.asarray(np.sqrt(low * high) * np.exp(z[:, None] * sd[None, :]))
