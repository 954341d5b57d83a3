"""The way that every member's caravan took, place by place: where it is can be told later along any road.

A forecast that is sealed may not know the road that will be taken; its positions are km along no ruler, but
the last place on the member's own way and the km walked since.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.engine import DayView

START = -1


@dataclass(frozen=True)
class Standing:
    """Where main bodies stand one evening, members in the same spot counted together.

    Parameters
    ----------
    spots : tuple of (way, beyond_km, members)  `way`: number in `Trails.ways`.
    gone : int                                  members whose caravan has dissolved.
    size : (member,) float64                    people, ascending.
    """

    spots: tuple[tuple[int, float, int], ...]
    gone: int
    size: NDArray[np.float64]


class Trails:
    """Follows one caravan's main body in every member, and keeps the evenings that are asked for.

    Parameters
    ----------
    number : int            which caravan.
    first, days : int       first evening kept, and the one after the last.

    Attributes
    ----------
    ways : list of (parent, place, km)      the evenings' places, each with the one before it (`START`: none)
        and the km walked on the member's own road up to it.
    kept : dict of day to Standing
    """

    def __init__(self, number: int, *, first: int, days: int) -> None:
        self._number, self._first, self._days = number, first, days
        self.ways: list[tuple[int, int, float]] = []
        self.kept: dict[int, Standing] = {}
        self._known: dict[tuple[int, int, float], int] = {}
        self._at: NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    def see(self, day: int, view: DayView) -> None:
        """Take in one evening."""
        if view.groups is None:
            return
        column = self._number
        if not len(self._at):
            self._at = np.full(len(view.stock), START)
        place = view.groups.place[:, column].tolist()
        # Nobody is to be told finer than a town: between towns whole km are enough.
        beyond = np.round(view.groups.beyond_km[:, column])
        own_km = np.round(view.groups.head_km[:, column] - view.groups.beyond_km[:, column], 1).tolist()
        self._at = np.array(
            [self._way(*step) for step in zip(self._at.tolist(), place, own_km, strict=True)], dtype=np.int64
        )
        if self._first <= day < self._days:
            alive = view.groups.alive[:, column]
            spots = Counter(zip(self._at[alive].tolist(), beyond[alive].tolist(), strict=True))
            ordered = tuple((way, km, count) for (way, km), count in sorted(spots.items()))
            size = np.sort(view.groups.size[:, column]).astype(np.float64)
            self.kept[day] = Standing(ordered, int((~alive).sum()), size)

    def taken(self, chosen: NDArray[np.int64]) -> None:
        """Let every member have the past of its ancestor, (member,)."""
        if len(self._at):
            self._at = self._at[chosen]

    def _way(self, parent: int, place: int, km: float) -> int:
        if parent != START and self.ways[parent][1:] == (place, km):
            return parent
        key = (parent, place, km)
        if key not in self._known:
            self._known[key] = len(self.ways)
            self.ways.append(key)
        return self._known[key]
