"""Camps after their last count: every member goes on from what was counted, by the numbers that it drew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from safepassage.assimilation.stock_growth import (
    TOGETHER,
    Growth,
    Luck,
    Standing,
    counted_at,
    foreseen,
    standing_of,
)
from safepassage.assimilation.stock_reports import StockObservation, pasts_of
from safepassage.core.draws import Draws


@dataclass(frozen=True)
class Ahead:
    """Foresees, evening by evening, the k places that are counted by registration alone.

    Parameters
    ----------
    places : (k,) int64         positions in `Places`, ascending.
    last_day : (k,) float64     of the last count of each.
    standing : Standing         how they stood then.
    growth : Growth             of every member, (member, 1).
    luck : Luck                 (member, k).
    """

    places: NDArray[np.int64]
    last_day: NDArray[np.float64]
    standing: Standing
    growth: Growth
    luck: Luck

    def since(self, day: int) -> NDArray[np.bool_]:
        """Tell which of `places` have no count after a day, (k,)."""
        return np.asarray(self.last_day <= day)

    def people(self, day: int) -> NDArray[np.float64]:
        """Give people at every one of `places`, (member, k); before its last count: that count."""
        return foreseen(self.standing, self.growth, day - self.last_day, self.luck)


def ahead_of(
    observations: Sequence[StockObservation], growth: Growth, *, members: int, draws: Draws
) -> Ahead:
    """Set out from the last counts.

    Parameters
    ----------
    observations : sequence of StockObservation     by day; one place at least counted by registration alone.
    growth : Growth                                 of every member, (member, 1).
    members : int
    draws : Draws
    """
    pasts = pasts_of(observations)
    counted = counted_at(list(pasts.values()))
    places = np.array(list(pasts), dtype=np.int64)
    return Ahead(
        places=places,
        last_day=counted.last_day,
        standing=standing_of(counted, growth),
        growth=growth,
        luck=_drawn(places, members, draws),
    )


def even_luck(draws: Draws, name: str, members: int, *, entity: int = 0) -> NDArray[np.float64]:
    """Draw uniform numbers, one per member, of which each of `members` equal parts holds one.

    Latin hypercube sampling (McKay, Beckman & Conover 1979): few members tell the same bands as many.
    """
    slots = np.arange(members)
    order = draws.uniform(name, day=0, slots=slots, entity=entity).argsort(kind="stable")
    rank = order.argsort(kind="stable")
    return np.asarray((rank + draws.uniform(f"{name}: within", day=0, slots=slots, entity=entity)) / members)


def _drawn(places: NDArray[np.int64], members: int, draws: Draws) -> Luck:
    def normal(name: str) -> NDArray[np.float64]:
        luck = [even_luck(draws, name, members, entity=int(place)) for place in places]
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
