"""Observers that keep every member on the evenings that are asked for: for scores, not for pages."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.core.engine import DayView
from safepassage.engines.observers import OnAxes


class MainBodies(OnAxes):
    """Keeps position and size of one caravan's main body for every member, from one evening on.

    Parameters
    ----------
    number : int                        which caravan.
    axes : list of (place,) float64     of all caravans; NaN off them, and for those that are not kept.
    first, days : int                   first evening kept, and the one after the last.
    """

    def __init__(self, number: int, axes: list[NDArray[np.float64]], *, first: int, days: int) -> None:
        super().__init__(axes)
        self._number, self._first, self._days = number, first, days
        # How many members there are is told by the first evening.
        self.head_km, self.size = np.zeros((0, 0)), np.zeros((0, 0))
        self.reached_km: NDArray[np.float64] = np.zeros((0, 0))
        self._furthest_km: NDArray[np.float64] = np.zeros(0)

    def see(self, day: int, view: DayView) -> None:
        """Take in one evening."""
        if view.groups is None:
            return
        if not len(self._furthest_km):
            shape = (max(self._days - self._first, 0), len(view.stock))
            self.head_km, self.size = np.full(shape, np.nan), np.zeros(shape)
            self.reached_km, self._furthest_km = np.full(shape, -np.inf), np.full(shape[1], -np.inf)
        alive = view.groups.alive[:, self._number]
        head = np.where(alive, self._along(view.groups)[:, self._number], np.nan)
        self._furthest_km = np.fmax(self._furthest_km, head)
        if self._first <= day < self._first + len(self.size):
            self.head_km[day - self._first] = head
            self.size[day - self._first] = view.groups.size[:, self._number]
            self.reached_km[day - self._first] = self._furthest_km

    def taken(self, chosen: NDArray[np.int64]) -> None:
        """Let every member have the past of its ancestor, (member,)."""
        super().taken(chosen)
        if len(self._furthest_km):
            self._furthest_km = self._furthest_km[chosen]


class StocksKept:
    """Keeps the people at some places for every member, from one evening on.

    Parameters
    ----------
    places : (k,) int64     positions in `Places`.
    first, days : int       first evening kept, and the one after the last.
    """

    def __init__(self, places: NDArray[np.int64], *, first: int, days: int) -> None:
        self._places, self._first, self._days = places, first, days
        self.people: list[NDArray[np.float64]] = []

    def see(self, day: int, view: DayView) -> None:
        """Take in one evening."""
        if self._first <= day < self._days:
            self.people.append(view.stock[:, self._places].astype(np.float64))
