"""Camps after their last count: every member goes on from what was counted, by the numbers that it drew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from safepassage.assimilation.stock_growth import (
    TOGETHER,
    Growth,
    Luck,
    counted_at,
    foreseen,
    standing_of,
)
from safepassage.assimilation.stock_reports import StockObservation, pasts_of
from safepassage.core.draws import Draws


def even_luck(draws: Draws, name: str, members: int, *, entity: int = 0) -> NDArray[np.float64]:
    """Draw uniform numbers, one per member, of which each of `members` equal parts holds one.

    Latin hypercube sampling (McKay, Beckman & Conover 1979): few members tell the same bands as many.
    """
    slots = np.arange(members)
    order = draws.uniform(name, day=0, slots=slots, entity=entity).argsort(kind="stable")
    rank = order.argsort(kind="stable")
    return np.asarray((rank + draws.uniform(f"{name}: within", day=0, slots=slots, entity=entity)) / members)


class Ahead:
    """Foresees, evening by evening, the places that are counted by registration alone.

    Parameters
    ----------
    observations : sequence of StockObservation     by day.
    growth : Growth                                 of every member, (member, 1).
    members : int
    draws : Draws

    Its attribute `places` is (k,) int64, ascending.
    """

    def __init__(
        self, observations: Sequence[StockObservation], growth: Growth, *, members: int, draws: Draws
    ) -> None:
        pasts = pasts_of(observations)
        self.places = np.array(list(pasts), dtype=np.int64)
        self._growth = growth
        counted = counted_at(list(pasts.values()))
        self._last_day = counted.last_day
        self._standing = standing_of(counted, growth)
        self._luck = self._drawn(members, draws)

    def _drawn(self, members: int, draws: Draws) -> Luck:
        def normal(name: str) -> NDArray[np.float64]:
            luck = [even_luck(draws, name, members, entity=int(place)) for place in self.places]
            return np.asarray(ndtri(np.array(luck).T))

        common = ndtri(even_luck(draws, "stocks: rise of all", members))[:, None]
        rise = np.sqrt(TOGETHER) * common + np.sqrt(1.0 - TOGETHER) * normal("stocks: ahead rise")
        # In the order of their sum, spread evenly again.
        rank = rise.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
        return Luck(
            step=normal("stocks: ahead step"),
            rise=np.asarray(ndtri((rank + 0.5) / members)),
            when=normal("stocks: ahead when"),
            size=normal("stocks: ahead size"),
        )

    def since(self, day: int) -> NDArray[np.bool_]:
        """Tell which of `places` have no count after a day, (k,)."""
        return np.asarray(self._last_day <= day)

    def people(self, day: int) -> NDArray[np.float64]:
        """Give people at every one of `places`, (member, k); before its last count: that count."""
        return foreseen(self._standing, self._growth, day - self._last_day, self._luck)
