"""Watches the outcomes of a movement: totals of the whole, never by place, group or kind of person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.core.engine import DayView
from safepassage.core.forecast import QUANTILE_LEVELS, Fan
from safepassage.core.outcomes import ALL_OUTCOMES


class OutcomeObserver:
    """Keeps, per day, quantiles of how many people each outcome has taken since the start.

    Parameters
    ----------
    days : int
    """

    def __init__(self, *, days: int) -> None:
        self._days = days
        self._kept: dict[str, NDArray[np.float64]] = {}

    def see(self, day: int, view: DayView) -> None:
        """Take in one evening."""
        for name, people in view.outcomes.items():
            if name not in self._kept:
                self._kept[name] = np.zeros((len(QUANTILE_LEVELS), self._days))
            self._kept[name][:, day] = np.quantile(people, QUANTILE_LEVELS)

    def fans(self) -> dict[str, Fan]:
        """Give the fan of every outcome that can happen, cumulative, in the fixed order of `ALL_OUTCOMES`."""
        return {name: Fan("people", self._kept[name]) for name in ALL_OUTCOMES if name in self._kept}
