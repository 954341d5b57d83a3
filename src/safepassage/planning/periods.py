"""Days of a plan: one by one at first, grouped later, where nobody can know them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.plan import PlanRules


@dataclass(frozen=True)
class Periods:
    """The t periods of a plan.

    Parameters
    ----------
    first : (t,) int64      first day of each.
    length : (t,) int64     days in it.
    of_day : (day,) int64   period of each day.
    sure : int              the first so many periods are decided here and now; each is one day.
    """

    first: NDArray[np.int64]
    length: NDArray[np.int64]
    of_day: NDArray[np.int64]
    sure: int

    def __len__(self) -> int:
        return len(self.first)

    def at(self, day: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the period of each day, same shape; `len(self)` beyond the last day."""
        inside = np.minimum(day, len(self.of_day) - 1)
        return np.where(day < len(self.of_day), self.of_day[inside], len(self))

    def sums(self, daily: NDArray[np.float64], *, axis: int) -> NDArray[np.float64]:
        """Add up the days of each period along one axis."""
        return np.asarray(np.add.reduceat(daily, self.first, axis=axis))


def periods_of(days: int, rules: PlanRules) -> Periods:
    """Group days: `rules.daily_days` (at least the sure ones) single, then by `rules.group_days`."""
    single = min(days, max(rules.daily_days, rules.sure_days))
    lengths, left, groups = [1] * single, days - single, list(rules.group_days) or [1]
    while left > 0:
        lengths.append(min(left, groups[0]))
        left -= lengths[-1]
        groups = groups[1:] or groups
    length = np.array(lengths, dtype=np.int64)
    first = np.cumsum(length) - length
    return Periods(first, length, np.repeat(np.arange(len(length)), length), min(rules.sure_days, days))
