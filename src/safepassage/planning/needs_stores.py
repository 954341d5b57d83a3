"""What is there already, and what is left of it when members have used it day by day.

Places to sleep, services and what is brought every day serve again each day. Everything else is used up: each
member has its own stock, and takes first what ends first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from safepassage.core.aid_items import SHELTER, items_by_id
from safepassage.core.logistics import Item, Logistics, Supply
from safepassage.core.network import Places
from safepassage.core.scenario import Event

SURE = "accepted"  # what was sent has left its place, what was delivered was used where it came to
OPEN = "proposed"


@dataclass
class _Lot:
    """A quantity that is used up; `left` is (member,), and not there before the first day it is asked for."""

    quantity: float
    first: int
    last: int
    left: NDArray[np.float64] | None = None


class Stores:
    """All that is there, by item and place.

    Parameters
    ----------
    first : date        day 0.
    days : int
    """

    def __init__(self, first: date, days: int) -> None:
        self._first, self._days = first, days
        self.daily: dict[tuple[str, int], NDArray[np.float64]] = {}
        self._lots: dict[tuple[str, int], list[_Lot]] = {}
        self.offered: dict[tuple[str, int], NDArray[np.float64]] = {}
        self.requested: dict[tuple[str, int], NDArray[np.float64]] = {}

    @property
    def keys(self) -> tuple[tuple[str, int], ...]:
        """Items and places of which anything is told."""
        told = (*self.daily, *self._lots, *self.offered, *self.requested)
        return tuple(dict.fromkeys(told))

    def add_daily(
        self, item: str, place: int, quantity: float, since: date | None, until: date | None
    ) -> None:
        """Add what serves again every day from one day to another."""
        self._spread(self.daily, (item, place), quantity, since, until)

    def add_stock(self, item: str, place: int, quantity: float, since: date, until: date | None) -> None:
        """Add what is used up."""
        first, last = self._span(since, until)
        if first <= last:
            self._lots.setdefault((item, place), []).append(_Lot(quantity, first, last))

    def add_offer(self, item: str, place: int, quantity: float, since: date, until: date | None) -> None:
        """Add what was offered and not answered."""
        self._spread(self.offered, (item, place), quantity, since, until)

    def add_request(self, item: str, place: int, quantity: float, since: date, until: date | None) -> None:
        """Add what a place asked for, on the days for which it did."""
        self._spread(self.requested, (item, place), quantity, since, until)

    def _span(self, since: date | None, until: date | None) -> tuple[int, int]:
        first = 0 if since is None else max((since - self._first).days, 0)
        last = self._days - 1 if until is None else min((until - self._first).days, self._days - 1)
        return first, last

    def _spread(
        self,
        table: dict[tuple[str, int], NDArray[np.float64]],
        key: tuple[str, int],
        quantity: float,
        since: date | None,
        until: date | None,
    ) -> None:
        first, last = self._span(since, until)
        if first > last:
            return
        row = table.setdefault(key, np.zeros(self._days))
        row[first : last + 1] = np.maximum(row[first : last + 1] + quantity, 0.0)

    def used(self, key: tuple[str, int], day: int, need: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give what there is of an item at a place on a day, and let every member use what it needs of it.

        Days are asked for once and in order.

        Parameters
        ----------
        key : (item, place)
        day : int
        need : (member,) float64

        Returns
        -------
        (member,) float64       what there is before it is used.
        """
        daily = float(self.daily[key][day]) if key in self.daily else 0.0
        have = np.full(len(need), daily)
        missing = np.maximum(need - daily, 0.0)
        for lot in sorted(self._lots.get(key, ()), key=lambda lot: lot.last):
            if not lot.first <= day <= lot.last:
                continue
            if lot.left is None:
                lot.left = np.full(len(need), lot.quantity)
            have += lot.left
            taken = np.minimum(lot.left, missing)
            lot.left, missing = lot.left - taken, missing - taken
        return have

    def taken(self, chosen: NDArray[np.int64]) -> None:
        """Let every member have what its ancestor had left, (member,)."""
        for lots in self._lots.values():
            for lot in lots:
                if lot.left is not None:
                    lot.left = lot.left[chosen]


def stores_of(
    places: Places,
    events: Iterable[Event],
    logistics: Logistics,
    *,
    first: date,
    days: int,
    items: tuple[Item, ...] = (),
) -> Stores:
    """Gather what is there: room in shelters, stock, promised aid, and beside it offers and requests.

    Parameters
    ----------
    places : Places             its `capacity_people` is room to sleep, every night.
    events : iterable of Event  shelters that open or close; only those known.
    logistics : Logistics       only what is known.
    first : date                day 0.
    items : tuple of Item       a user's own.
    """
    stores = Stores(first, days)
    for place in np.flatnonzero(places.capacity_people > 0):
        stores.add_daily(SHELTER, int(place), float(places.capacity_people[place]), None, None)
    for event in events:
        _add_shelter(stores, event)
    known = items_by_id(items)
    for supply in logistics.supplies:
        _add_supply(stores, supply, known)
    for request in logistics.requests:
        stores.add_request(request.item, request.place, request.quantity, request.since, request.until)
    return stores


def _add_shelter(stores: Stores, event: Event) -> None:
    """A shelter that opens adds its places, one that closes takes them away; its end may not be known."""
    if event.kind not in ("shelter_opened", "shelter_closed") or event.place < 0 or not event.value:
        return
    quantity = event.value if event.kind == "shelter_opened" else -event.value
    stores.add_daily(SHELTER, event.place, quantity, event.day, event.until)


def _add_supply(stores: Stores, supply: Supply, items: dict[str, Item]) -> None:
    span = (supply.since, supply.until)
    if supply.status == OPEN:
        stores.add_offer(supply.item, supply.place, supply.quantity, *span)
    elif supply.status == SURE:
        stays = supply.item in items and items[supply.item].stays
        add = stores.add_daily if supply.per_day or stays else stores.add_stock
        add(supply.item, supply.place, supply.quantity, *span)
