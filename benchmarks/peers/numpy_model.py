"""The simple form of the law in vectorised numpy, as well as we can write it: everybody in two arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.plain import Alias, Plain, alias_of


class NumpyModel:
    """Everybody as two arrays: where (or whereto), and km to go (0: there)."""

    def __init__(self, plain: Plain, *, seed: int) -> None:
        self.plain = plain
        alias: Alias = alias_of(plain)
        self._keep, self._other = alias.keep.astype(np.float32), alias.other
        self._first = plain.ptr[:-1].astype(np.int32)
        self._roads = np.diff(plain.ptr).astype(np.float32)
        self._chance = np.where(self._roads > 0, plain.chance, 0.0).astype(np.float32)
        self._luck = np.random.Generator(np.random.SFC64(seed))
        people = int(plain.leaving.sum())
        self._place = np.zeros(people, dtype=np.int32)
        self._to_go = np.zeros(people, dtype=np.int32)
        self._count = 0

    def run(self) -> NDArray[np.int64]:
        """Live all days; give the people in each place on every evening: (day, place)."""
        places = len(self.plain.chance)
        stock = np.zeros((len(self.plain.leaving), places), dtype=np.int64)
        for day, leaving in enumerate(self.plain.leaving.tolist()):
            self._leave(leaving)
            self._live()
            there = self._to_go[: self._count] == 0
            stock[day] = np.bincount(self._place[: self._count][there], minlength=places)
        return stock

    def _leave(self, leaving: int) -> None:
        aim = self._luck.random(leaving)
        where = np.searchsorted(np.cumsum(self.plain.origin), aim, side="right")
        self._place[self._count : self._count + leaving] = np.minimum(where, len(self.plain.origin) - 1)
        self._count += leaving

    def _live(self) -> None:
        place, to_go = self._place[: self._count], self._to_go[: self._count]
        there = np.flatnonzero(to_go == 0)
        self._set_out(self._willing(there))
        moving = np.flatnonzero(to_go)
        left = np.full(len(moving), self.plain.speed_km, dtype=np.int32)
        while len(moving):
            need = to_go[moving]
            arrives = need <= left
            on_the_way = moving[~arrives]
            to_go[on_the_way] = need[~arrives] - left[~arrives]
            moving, left = moving[arrives], (left - need)[arrives]
            to_go[moving] = 0
            again = (left > 0) & (
                self._luck.random(len(moving), dtype=np.float32) < self._chance[place[moving]]
            )
            moving, left = moving[again], left[again]
            self._set_out(moving)

    def _willing(self, who: NDArray[np.int64]) -> NDArray[np.int64]:
        return who[self._luck.random(len(who), dtype=np.float32) < self._chance[self._place[who]]]

    def _set_out(self, who: NDArray[np.int64]) -> None:
        place = self._place[who]
        at = self._luck.random(len(who), dtype=np.float32) * self._roads[place]
        road = at.astype(np.int32)
        np.minimum(road, self._roads[place].astype(np.int32) - 1, out=road)
        rest = at - road
        road += self._first[place]
        road = np.where(rest < self._keep[road], road, self._other[road])
        self._place[who], self._to_go[who] = self.plain.dest[road], self.plain.km[road]
