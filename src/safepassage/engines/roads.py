"""The roads a group may take, as tables: its stops, how far along they are, and what is known to bar them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from safepassage.core.errors import ModelError
from safepassage.core.network import Network
from safepassage.core.scenario import Event

BARRING = ("closure",)
HOLDING = ("hold", "roadblock")


@dataclass(frozen=True)
class RoadTable:
    """r routes of up to s stops, padded with the last stop at infinite km.

    Parameters
    ----------
    place : (r, s) int64        positions in `Places`.
    km : (r, s) float64         along the route; inf after the last stop.
    stops : (r,) int64          number of stops.
    border : (r, s) bool        a border lies between the stop before and this one.
    """

    place: NDArray[np.int64]
    km: NDArray[np.float64]
    stops: NDArray[np.int64]
    border: NDArray[np.bool_]


def road_table(network: Network, routes: Sequence[tuple[int, ...]]) -> RoadTable:
    """Lay routes out as a table.

    Raises
    ------
    ModelError      if two consecutive places of a route are not linked.
    """
    lengths = _link_lengths(network)
    r, s = len(routes), max(len(route) for route in routes)
    place = np.zeros((r, s), dtype=np.int64)
    km = np.full((r, s), np.inf)
    border = np.zeros((r, s), dtype=bool)
    countries = network.places.countries
    for row, route in enumerate(routes):
        place[row, : len(route)] = route
        place[row, len(route) :] = route[-1]
        km[row, 0] = 0.0
        for stop, pair in enumerate(itertools.pairwise(route), start=1):
            if pair not in lengths:
                names = network.places.names
                message = f"the route goes from {names[pair[0]]} to {names[pair[1]]}, which no road links"
                raise ModelError(message)
            km[row, stop] = km[row, stop - 1] + lengths[pair]
            border[row, stop] = countries[pair[0]] != countries[pair[1]]
    return RoadTable(place, km, np.array([len(route) for route in routes]), border)


def axis_km(network: Network, route: tuple[int, ...]) -> NDArray[np.float64]:
    """Give the km of every place along one route, (place,); NaN for places that are not on it."""
    km = np.full(len(network.places), np.nan)
    km[list(route)] = road_table(network, [route]).km[0][: len(route)]
    return km


def _link_lengths(network: Network) -> dict[tuple[int, int], float]:
    origin, target, km, _ = network.arcs
    shortest: dict[tuple[int, int], float] = {}
    for i, j, length in zip(origin.tolist(), target.tolist(), km.tolist(), strict=True):
        shortest[i, j] = min(length, shortest.get((i, j), np.inf))
    return shortest


@dataclass(frozen=True)
class Today:
    """What known events do to the way on one day.

    Parameters
    ----------
    barred : (r, s) bool        the stretch before the stop is closed, nobody knows for how long.
    held_share : (r, s) float64     share of the day for which nobody enters the stretch, 0 to 1.
    no_rides : (r, s) bool      rides are forbidden on the stretch.
    seats : (place,) float64    bus seats offered; inf where the number was not told.
    ride_to : (place,) int64    where those buses go; -1 where that was not told.
    """

    barred: NDArray[np.bool_]
    held_share: NDArray[np.float64]
    no_rides: NDArray[np.bool_]
    seats: NDArray[np.float64]
    ride_to: NDArray[np.int64]


class Barriers:
    """The known events laid on a road table; `on(day)` says what they do that day.

    Events whose scope is no place, link or country pair have no effect.
    """

    def __init__(
        self, network: Network, table: RoadTable, events: Sequence[Event], *, start: date, days: int
    ) -> None:
        self._shape, self._places = table.place.shape, len(network.places)
        stretch_kinds = (*BARRING, *HOLDING, "transport_restriction")
        self._stretches = [
            (event, event_share(event, start=start, days=days), _stretches(network, table, event))
            for event in events
            if event.kind in stretch_kinds
        ]
        # An offer can be taken back and made anew: the order of the news decides.
        buses = [
            event for event in events if event.kind in ("bus_offer", "bus_withdrawn") and event.place >= 0
        ]
        self._buses = [
            (event, (event.day - start).days, event_share(event, start=start, days=days) > 0)
            for event in sorted(buses, key=lambda event: event.announced)
        ]

    def on(self, day: int) -> Today:
        """Give what holds on one day."""
        barred, no_rides = np.zeros(self._shape, dtype=bool), np.zeros(self._shape, dtype=bool)
        held = np.zeros(self._shape)
        for event, share, stretches in self._stretches:
            if share[day] <= 0:
                continue
            if event.kind == "transport_restriction":
                no_rides |= stretches
            elif _ends_by_itself(event):
                held += share[day] * stretches
            else:
                barred |= stretches
        seats = np.zeros(self._places)
        ride_to = np.full(self._places, -1, dtype=np.int64)
        for event, first, acts in self._buses:
            if event.kind == "bus_withdrawn" and day >= first:
                seats[event.place] = 0.0
            elif event.kind == "bus_offer" and acts[day]:
                seats[event.place] = np.inf if event.value is None else event.value
                ride_to[event.place] = event.to_place
        return Today(barred, np.minimum(held, 1.0), no_rides, seats, ride_to)


def _ends_by_itself(event: Event) -> bool:
    """Tell holds, and closures of so many hours, from closures that groups outwait or get through."""
    return event.kind in HOLDING or event.hours is not None


def event_share(event: Event, *, start: date, days: int) -> NDArray[np.float64]:
    """Give the share of each day that an event takes, (day,), 0 to 1.

    Hours run from its first day on; without hours it takes whole days up to `until`, and without that either
    its first day only, or, for a closure, every day from then on.
    """
    share = np.zeros(days)
    first = (event.day - start).days
    if event.hours is None:
        last = (event.until - start).days if event.until else (days if event.kind in BARRING else first)
        share[max(0, first) : max(0, min(days, last + 1))] = 1.0
        return share
    for number in range(int(np.ceil(event.hours / 24.0))):
        if 0 <= first + number < days:
            share[first + number] = min(1.0, event.hours / 24.0 - number)
    return share


def closed_arcs(network: Network, events: Sequence[Event], *, start: date, days: int) -> NDArray[np.bool_]:
    """Give the arcs that nobody can enter for the whole of a day, by closure or hold, (day, arc)."""
    table = _arc_table(network)
    closed = np.zeros((days, len(table.place)), dtype=bool)
    for event in events:
        if event.kind in (*BARRING, *HOLDING):
            whole = event_share(event, start=start, days=days) >= 1.0
            closed[whole] |= _stretches(network, table, event)[:, 1]
    return closed


def closed_without_end(network: Network, events: Sequence[Event], *, day: date) -> NDArray[np.bool_]:
    """Give the arcs that are closed on a day with no known end, (arc,): who can, takes another road."""
    table = _arc_table(network)
    closed = np.zeros(len(table.place), dtype=bool)
    for event in events:
        if event.kind in BARRING and event.hours is None and event.until is None and event.day <= day:
            closed |= _stretches(network, table, event)[:, 1]
    return closed


def _arc_table(network: Network) -> RoadTable:
    """Lay every arc out as a route of two stops."""
    origin, target, _, _ = network.arcs
    pairs = np.stack([origin, target], axis=1)
    km = np.broadcast_to(np.array([0.0, 1.0]), pairs.shape)
    return RoadTable(pairs, km, np.full(len(pairs), 2), np.zeros(pairs.shape, dtype=bool))


def _stretches(network: Network, table: RoadTable, event: Event) -> NDArray[np.bool_]:
    here = table.place[:, 1:]
    before = table.place[:, :-1]
    hit = np.zeros(table.place.shape, dtype=bool)
    if event.link is not None:
        a, b = event.link
        hit[:, 1:] = ((before == a) & (here == b)) | ((before == b) & (here == a))
    elif event.countries is not None:
        country = np.array(network.places.countries, dtype=object)
        a_, b_ = event.countries
        hit[:, 1:] = ((country[before] == a_) & (country[here] == b_)) | (
            (country[before] == b_) & (country[here] == a_)
        )
    elif event.place >= 0:
        # People can come to a closed place, but not go on from it.
        hit[:, 1:] = before == event.place
    return hit & np.isfinite(table.km)
