"""Naive forecasts of a number that somebody counts now and then: nothing but its own past is used.

The smoothed ones take the reports as evenly spaced, at the median distance between them, and are told on the
logarithm; a place with too few reports since it was last empty is told by the random walk. They are written
out here: their recursions are a few lines, while the libraries that have them bring a hundred megabytes of
others and want one figure for every day.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

LAST, DRIFT, WALK = "last value", "drift", "random walk on log"
SMOOTHED, DAMPED = "exponential smoothing", "damped trend"
LEAST_PEOPLE = 10.0  # added before logs, so that empty places can be told
FILLED_PEOPLE = 100.0  # steps from and to fewer are left out: they would make the walk absurdly wide
PRIOR_STEPS = 4  # what is known of the variance from elsewhere weighs as much as so many steps
FEWEST_REPORTS = 4  # for a rule that smooths
LEVELS = ndtri((np.arange(200) + 0.5) / 200)
_ALPHAS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_BETAS = (0.05, 0.1, 0.2, 0.4)
_PHIS = (0.8, 0.9, 0.98)


@dataclass(frozen=True)
class Past:
    """What was reported by the origin: `days` (r,) ascending, `people` (r,); at least one report."""

    days: NDArray[np.int64]
    people: NDArray[np.float64]

    @property
    def last_day(self) -> int:
        """Day of the last report."""
        return int(self.days[-1])


def log_steps(past: Past) -> NDArray[np.float64]:
    """Give the changes of the log from report to report, per root day, of places that are not empty."""
    filled = (past.people[1:] >= FILLED_PEOPLE) & (past.people[:-1] >= FILLED_PEOPLE)
    gap = np.maximum(np.diff(past.days), 1)
    steps = np.diff(np.log(past.people + LEAST_PEOPLE)) / np.sqrt(gap)
    return np.asarray(steps[filled])


def pooled_variance(pasts: list[Past]) -> float:
    """Give the variance per day of the log over all steps of several series; 0 where there is none."""
    steps = np.concatenate([log_steps(past) for past in pasts]) if pasts else np.zeros(0)
    return float((steps**2).mean()) if len(steps) else 0.0


def naive_forecasts(past: Past, day: int, *, prior_variance: float) -> dict[str, NDArray[np.float64]]:
    """Foresee one number by every rule that its past is long enough for.

    Parameters
    ----------
    past : Past
    day : int                   the day foreseen, after the last report.
    prior_variance : float      of a day's step on the log, from elsewhere.

    Returns
    -------
    dict of rule to (k,) float64    a sample that stands for the distribution; of one number for rules that
        tell no spread ("last value", "drift").
    """
    ahead, last = max(day - past.last_day, 0), float(past.people[-1])
    steps = log_steps(past)
    variance = ((steps**2).sum() + PRIOR_STEPS * prior_variance) / (len(steps) + PRIOR_STEPS)
    told = {
        LAST: np.array([last]),
        DRIFT: np.array([max(0.0, last + _slope(past) * ahead)]),
        WALK: _spread(np.log(last + LEAST_PEOPLE), float(np.sqrt(variance * ahead))),
    }
    # An empty place that fills within days makes a residual that no later one is like.
    since = (
        int(np.flatnonzero(past.people < FILLED_PEOPLE)[-1]) + 1 if (past.people < FILLED_PEOPLE).any() else 0
    )
    logs, gap = np.log(past.people[since:] + LEAST_PEOPLE), np.maximum(np.diff(past.days[since:]), 1)
    for name, trend in ((SMOOTHED, False), (DAMPED, True)):
        told[name] = told[WALK]
        if len(logs) >= FEWEST_REPORTS:
            every = float(np.median(gap))
            count = max(1, round(ahead / every))
            told[name] = _spread(*_smoothed(logs, count, trend=trend, prior=prior_variance * every))
    return told


def _slope(past: Past) -> float:
    span = past.last_day - int(past.days[0])
    return float(past.people[-1] - past.people[0]) / span if span > 0 else 0.0


def _spread(middle: float, sd: float) -> NDArray[np.float64]:
    return np.asarray(np.maximum(np.exp(middle + sd * LEVELS) - LEAST_PEOPLE, 0.0))


def _smoothed(logs: NDArray[np.float64], steps: int, *, trend: bool, prior: float) -> tuple[float, float]:
    """Fit by the squared errors one report ahead; give mean and standard deviation `steps` reports ahead.

    Single source of errors, ETS(A,N,N) and ETS(A,Ad,N): Hyndman, Koehler, Ord & Snyder 2008,
    doi:10.1007/978-3-540-71918-2, tables 2.1 and 6.1. The best of a grid is taken.
    """
    grid = [abp for abp in product(_ALPHAS, _BETAS, _PHIS) if abp[1] <= abp[0]] if trend else []
    alpha, beta, phi = np.array(grid or [(a, 0.0, 0.0) for a in _ALPHAS]).T
    level, slope = np.full(len(alpha), logs[0]), np.zeros(len(alpha))
    squares = np.zeros(len(alpha))
    for seen in logs[1:]:
        error = seen - level - phi * slope
        squares += error**2
        level = level + phi * slope + alpha * error
        slope = phi * slope + beta * error
    best = int(np.argmin(squares))
    ahead = np.cumsum(phi[best] ** np.arange(1, steps + 1))  # phi + ... + phi^j
    weights = alpha[best] + beta[best] * ahead[:-1]
    one = (squares[best] + PRIOR_STEPS * prior) / (len(logs) - 1 + PRIOR_STEPS)
    variance = one * (1.0 + float((weights**2).sum()))
    return float(level[best] + slope[best] * ahead[-1]), float(np.sqrt(variance))
