"""Watches a forecast run and keeps what the needs of the nights to come are made of.

Of people it keeps quantiles by day and place; members only of places that fit into `MOST_KEPT_BYTES`, those
with most people first. Where there is anything at a place, every member is held against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.engine import DayView
from safepassage.core.needs import (
    COUNTED,
    FIRST,
    NEED_LEVELS,
    NEW,
    THERE,
    Cover,
    ItemNeed,
    PeopleCounted,
    PeopleKept,
)
from safepassage.planning.needs_stores import Stores

MOST_KEPT_BYTES = 256_000_000
ROUNDING = 1e-9  # of a need: who has just enough lacks nothing


@dataclass
class _Quantiles:
    """What `PeopleCounted` is filled from, day by day."""

    by_place: NDArray[np.float32]
    if_many: NDArray[np.float32]
    chance_any: NDArray[np.float32]
    chance_many: NDArray[np.float32]
    whole: NDArray[np.float64]


@dataclass(frozen=True)
class _Evening:
    """Members at the places that were busy on one evening, (member, column)."""

    places: NDArray[np.int64]
    there: NDArray[np.float32]
    new: NDArray[np.float32]
    first_share: NDArray[np.float32]


class NeedsObserver:
    """Keeps, for the nights from `first` on, the people whom needs are reckoned by, and what covers them.

    Who sleeps on the road is reckoned with at the town that their group reached last (`at_towns`).
    Who is there is counted in the evening. Who came anew is the rise since the evening before, place by
    place: where some leave and as many come, nobody did. Who is reckoned for the first time is everybody on
    the first night, and later so many of those who came anew as the movement has people not reckoned yet.

    Parameters
    ----------
    first, days : int           first day kept, counted from the start of the run, and how many.
    places : int
    threshold_people : int
    items : sequence of ItemNeed
    stores : Stores
    """

    # Kept out of `vars`, and so out of checkpoints: a run for needs begins anew.
    __slots__ = (
        "__dict__",
        "_before",
        "_days",
        "_evenings",
        "_first",
        "_items",
        "_kept",
        "_lost",
        "_places",
        "_reckoned",
        "_stores",
        "_threshold",
        "_total",
        "covers",
        "on_road",
    )

    def __init__(
        self,
        *,
        first: int,
        days: int,
        places: int,
        threshold_people: int,
        items: Sequence[ItemNeed],
        stores: Stores,
    ) -> None:
        self._first, self._days, self._places = first, days, places
        self._threshold, self._stores = threshold_people, stores
        self._items = {need.item.id: need for need in items}
        self._before: NDArray[np.float64] = np.zeros((0, 0))
        self._reckoned: NDArray[np.float64] = np.zeros(0)
        levels = len(NEED_LEVELS)
        self._kept = {name: self._empty(levels) for name in COUNTED}
        self.on_road = np.zeros((levels, days))
        self._evenings: list[_Evening] = []
        self._total = np.zeros(places)
        self._lost: NDArray[np.bool_] = np.zeros(places, dtype=np.bool_)
        zero = np.zeros(days)
        self.covers: dict[tuple[str, int], Cover] = {
            key: Cover(
                there=np.zeros(days),
                offered=stores.offered.get(key, zero),
                requested=stores.requested.get(key, zero),
                gap=np.zeros((levels, days)),
                chance_gap=np.zeros(days),
                chance_large=np.zeros(days),
            )
            for key in stores.keys
            if key[0] in self._items
        }

    def _empty(self, levels: int) -> _Quantiles:
        shape = (levels, self._days, self._places)
        return _Quantiles(
            by_place=np.zeros(shape, dtype=np.float32),
            if_many=np.full(shape, np.nan, dtype=np.float32),
            chance_any=np.zeros(shape[1:], dtype=np.float32),
            chance_many=np.zeros(shape[1:], dtype=np.float32),
            whole=np.zeros((levels, self._days)),
        )

    def taken(self, chosen: NDArray[np.int64]) -> None:
        """Let every member have the past of its ancestor, (member,)."""
        if len(self._before):
            self._before = self._before[chosen]
        if len(self._reckoned):
            self._reckoned = self._reckoned[chosen]
        self._stores.taken(chosen)
        self._evenings = [
            _Evening(e.places, e.there[chosen], e.new[chosen], e.first_share[chosen]) for e in self._evenings
        ]

    def see(self, day: int, view: DayView) -> None:
        """Take in one evening."""
        number = day - self._first
        if not -1 <= number < self._days:
            return
        stock, on_road = at_towns(view)
        if number >= 0:
            self._take_in(number, stock, on_road)
        self._before = stock

    def _take_in(self, number: int, stock: NDArray[np.float64], on_road: NDArray[np.float64]) -> None:
        if not len(self._before):
            self._before = np.zeros_like(stock)
        busy = np.flatnonzero(stock.any(axis=0))
        there = stock[:, busy]
        new = np.maximum(there - self._before[:, busy], 0.0)
        # Nobody knows what was handed out before: on the first night everybody counts for the first time.
        came = there if number == 0 else new
        share = self._first_share(there.sum(axis=1) + on_road, came.sum(axis=1))
        counted = {THERE: there, NEW: new, FIRST: came * share[:, None]}
        for name, people in counted.items():
            self._sum_up(self._kept[name], number, busy, people)
            self._sum_up_if_many(
                self._kept[name], number, busy, np.where(there >= self._threshold, people, -1.0)
            )
            whole = people.sum(axis=1) + (on_road if name == THERE else 0.0)
            self._kept[name].whole[:, number] = np.quantile(whole, NEED_LEVELS)
        self.on_road[:, number] = np.quantile(on_road, NEED_LEVELS)
        self._hold_against(number, {int(place): k for k, place in enumerate(busy)}, counted)
        self._evenings.append(self._kept_evening(busy, there, new, share))

    def _first_share(self, people: NDArray[np.float64], came: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the part of those who came whom nobody has reckoned with yet, (member,)."""
        if not len(self._reckoned):
            self._reckoned = np.zeros(len(people))
        fresh = np.minimum(came, np.maximum(people - self._reckoned, 0.0))
        self._reckoned = self._reckoned + fresh
        return np.divide(fresh, came, out=np.zeros(len(came)), where=came > 0)

    def _sum_up(
        self, kept: _Quantiles, number: int, busy: NDArray[np.int64], people: NDArray[np.float64]
    ) -> None:
        if not len(busy):
            return
        ordered = np.sort(people, axis=0)
        members = len(ordered)
        kept.by_place[:, number, busy] = _quantiles(ordered, np.full(len(busy), members))
        kept.chance_any[number, busy] = (ordered > 0).mean(axis=0)
        kept.chance_many[number, busy] = (ordered >= self._threshold).sum(axis=0) / members

    def _sum_up_if_many(
        self, kept: _Quantiles, number: int, busy: NDArray[np.int64], people: NDArray[np.float64]
    ) -> None:
        """Take in the members in which many are there; the others have -1."""
        many = (people >= 0).sum(axis=0)
        some = np.flatnonzero(many)
        if len(some):
            ordered = np.sort(people[:, some], axis=0)
            kept.if_many[:, number, busy[some]] = _quantiles(ordered, many[some])

    def _hold_against(
        self, number: int, columns: dict[int, int], counted: dict[str, NDArray[np.float64]]
    ) -> None:
        members = len(counted[THERE])
        for key, cover in self.covers.items():
            need = self._items[key[0]]
            column = columns.get(key[1])
            people = np.zeros(members) if column is None else counted[need.counted][:, column]
            amount = need.per_person * people
            have = self._stores.used(key, number, amount)
            gap = np.maximum(amount - have, 0.0)
            gap[gap <= ROUNDING * amount] = 0.0
            cover.there[number] = np.median(have)
            cover.gap[:, number] = np.quantile(gap, NEED_LEVELS)
            cover.chance_gap[number] = (gap > 0).mean()
            large = need.per_person * self._threshold
            cover.chance_large[number] = (gap >= large * (1.0 - ROUNDING)).mean() if large > 0 else 0.0

    def _kept_evening(
        self,
        busy: NDArray[np.int64],
        there: NDArray[np.float64],
        new: NDArray[np.float64],
        share: NDArray[np.float64],
    ) -> _Evening:
        """Keep the members of as many places as there is room for on one evening."""
        room = max(MOST_KEPT_BYTES // max(self._days * len(there) * 8, 1), 1)
        self._total[busy] += there.sum(axis=0)
        # A place that was left out once is of no more use: those kept so far stay as long as they can.
        wanted = np.flatnonzero(~self._lost[busy])
        chosen = wanted[np.argsort(-self._total[busy[wanted]], kind="stable")[:room]]
        left_out = np.ones(len(busy), dtype=np.bool_)
        left_out[chosen] = False
        self._lost[busy[left_out]] = True
        return _Evening(
            busy[chosen],
            there[:, chosen].astype(np.float32),
            new[:, chosen].astype(np.float32),
            share.astype(np.float32),
        )

    def people(self) -> dict[str, PeopleCounted]:
        """Give the quantiles of people by what they are reckoned for."""
        return {
            name: PeopleCounted(k.by_place, k.if_many, k.chance_any, k.chance_many, k.whole)
            for name, k in self._kept.items()
        }

    def kept(self) -> PeopleKept:
        """Give the members of every place that was kept on each evening on which it had people."""
        evenings = self._evenings
        members = len(evenings[0].there) if evenings else 0
        places = np.flatnonzero((self._total > 0) & ~self._lost)
        places = places[np.argsort(-self._total[places], kind="stable")]
        shape = (members, len(evenings), len(places))
        there, new = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
        column = np.full(self._places, -1)
        column[places] = np.arange(len(places))
        for number, evening in enumerate(evenings):
            to = column[evening.places]
            there[:, number, to[to >= 0]] = evening.there[:, to >= 0]
            new[:, number, to[to >= 0]] = evening.new[:, to >= 0]
        shares = [evening.first_share for evening in evenings]
        share = np.stack(shares, axis=1) if shares else np.zeros((0, 0), dtype=np.float32)
        return PeopleKept(places, there, new, share)


def at_towns(view: DayView) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Reckon with people on the road at the town that their group reached last.

    Of several bodies those that are beyond a town count, by their size; where none is, the road behind them
    is full of their tail, and all of them count. Where there are no groups nobody knows which town is near.

    Returns
    -------
    (member, place) float64     people reckoned with at each place.
    (member,) float64           people on the road who are reckoned with nowhere.
    """
    stock, on_road = view.stock.astype(np.float64), view.on_road.astype(np.float64)
    groups = view.groups
    if groups is None:
        return stock, on_road
    size = np.where(groups.alive, groups.size, 0).astype(np.float64)
    beyond = np.where(groups.beyond_km > 0, size, 0.0)
    weight = np.where(beyond.sum(axis=1, keepdims=True) > 0, beyond, size)
    total = weight.sum(axis=1, keepdims=True)
    part = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0) * on_road[:, None]
    member = np.broadcast_to(np.arange(len(stock))[:, None], part.shape)
    np.add.at(stock, (member, groups.place), part)
    return stock, np.where(total[:, 0] > 0, 0.0, on_road)


def _quantiles(ordered: NDArray[np.float64], highest: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give the quantiles of the `highest` values of each ascending column, linear between ranks."""
    members, columns = ordered.shape
    rank = np.asarray(NEED_LEVELS)[:, None] * (highest - 1) + (members - highest)
    low = np.floor(rank).astype(np.int64)
    column = np.arange(columns)
    below, above = ordered[low, column], ordered[np.minimum(low + 1, members - 1), column]
    return np.asarray(below + (rank - low) * (above - below))
