"""Naive forecasts of where a caravan's main body is, km along its reference route, from what was reported."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.scoring.naive_caravan import WALKER_HIGH_KM_PER_DAY, WALKER_LOW_KM_PER_DAY, walker_km
from safepassage.scoring.naive_series import LEVELS, PRIOR_STEPS

STAYS, MEAN, RECENT = "last position", "walker, mean speed", "walker, last three days"
RANGE, FITTED, NEXT = "walker, 15-60 km a day", "walker, fitted spread", "announced next stop"
RECENT_DAYS = 3
_EVEN = (np.arange(200) + 0.5) / 200


@dataclass(frozen=True)
class Walked:
    """Where the main body was by the origin: the departure first, then the furthest place of each day.

    Parameters
    ----------
    days : (r,) int64       ascending; r >= 1.
    km : (r,) float64       along the reference route.
    next_km : float         where they say that they will be on the day foreseen; NaN: not told.
    """

    days: NDArray[np.int64]
    km: NDArray[np.float64]
    next_km: float = float("nan")


def naive_positions(walked: Walked, day: int) -> dict[str, NDArray[np.float64]]:
    """Foresee the position on one day by every rule that has what it needs.

    Parameters
    ----------
    walked : Walked
    day : int               after the last report.

    Returns
    -------
    dict of rule to (k,) float64    km; a sample that stands for the distribution, of one number for rules
        that tell no spread.
    """
    last, ahead = float(walked.km[-1]), max(day - int(walked.days[-1]), 0)
    pace = _pace(walked, int(walked.days[0]))
    recent = _pace(walked, int(walked.days[-1]) - RECENT_DAYS)
    told = {
        STAYS: np.array([last]),
        RANGE: walker_km(np.array([float(ahead)]), tuple(_EVEN.tolist()), start_km=last)[:, 0],
    }
    if np.isfinite(pace):
        told[MEAN] = np.array([last + pace * ahead])
        told[RECENT] = np.array([last + recent * ahead])
        sd = np.sqrt(_variance(walked, pace) * ahead)
        told[FITTED] = np.maximum(0.0, last + pace * ahead + sd * LEVELS)
    if np.isfinite(walked.next_km):
        told[NEXT] = np.array([walked.next_km])
    return told


def _pace(walked: Walked, since: int) -> float:
    """Give the mean km a day from the last report on or before a day; NaN where nothing was walked yet."""
    first = max(int(np.searchsorted(walked.days, since, side="right")) - 1, 0)
    span = int(walked.days[-1] - walked.days[first])
    return float(walked.km[-1] - walked.km[first]) / span if span > 0 else float("nan")


def _variance(walked: Walked, pace: float) -> float:
    """Give the variance of a day's walk around the pace, the range of the rule of thumb weighing in."""
    gap = np.diff(walked.days).astype(np.float64)
    off = (np.diff(walked.km) - pace * gap) ** 2 / gap
    prior = (WALKER_HIGH_KM_PER_DAY - WALKER_LOW_KM_PER_DAY) ** 2 / 12.0
    return float((off.sum() + PRIOR_STEPS * prior) / (len(off) + PRIOR_STEPS))
