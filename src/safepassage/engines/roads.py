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
class Pairs:
    """The p ordered pairs of places that a link joins, by number; parallel links are one pair.

    Parameters
    ----------
    first, second : (p,) int64  positions in `Places`.
    km : (p,) float64           of the shortest link.
    border : (p,) bool          the two are in different countries.
    key : (p,) int64            `first` times the number of places, and `second`; ascending.
    places : int                number of places.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    km: NDArray[np.float64]
    border: NDArray[np.bool_]
    key: NDArray[np.int64]
    places: int

    def number(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the number of each pair, same shape; `len(self.key)` where no link joins the two."""
        wanted = first * self.places + second
        at = np.searchsorted(self.key, wanted)
        known = np.append(self.key, -1)[at] == wanted
        return np.where(known, at, len(self.key))


def pairs_of(network: Network) -> Pairs:
    """Number the pairs of places that a link of the network joins."""
    origin, target, length, _ = network.arcs
    places = len(network.places)
    key, which = np.unique(origin * places + target, return_inverse=True)
    km = np.full(len(key), np.inf)
    np.minimum.at(km, which, length)
    first, second = key // max(places, 1), key % max(places, 1)
    country = np.array(network.places.countries, dtype=object)
    border = np.asarray(country[first] != country[second], dtype=bool)
    return Pairs(first, second, km, border, key, places)


@dataclass(frozen=True)
class RoadTable:
    """r routes of up to s stops, padded with the last stop at infinite km.

    Parameters
    ----------
    place : (r, s) int64        positions in `Places`.
    km : (r, s) float64         along the route; inf after the last stop.
    stops : (r,) int64          number of stops.
    border : (r, s) bool        a border lies between the stop before and this one.
    pair : (r, s) int64         number in `Pairs` of the stretch before the stop; one more than the last where
        there is none.
    """

    place: NDArray[np.int64]
    km: NDArray[np.float64]
    stops: NDArray[np.int64]
    border: NDArray[np.bool_]
    pair: NDArray[np.int64]


def road_table(
    network: Network, routes: Sequence[tuple[int, ...]], *, pairs: Pairs | None = None
) -> RoadTable:
    """Lay routes out as a table.

    Parameters
    ----------
    pairs : Pairs or None       of the network, if they are at hand.

    Raises
    ------
    ModelError      if two consecutive places of a route are not linked.
    """
    pairs = pairs or pairs_of(network)
    stops = np.array([len(route) for route in routes], dtype=np.int64)
    inside = np.arange(stops.max()) < stops[:, None]
    ends = np.array([route[-1] for route in routes], dtype=np.int64)
    place = np.broadcast_to(ends[:, None], inside.shape).copy()
    place[inside] = np.fromiter(itertools.chain.from_iterable(routes), dtype=np.int64, count=stops.sum())
    none = len(pairs.key)
    pair = np.full(inside.shape, none, dtype=np.int64)
    pair[:, 1:] = np.where(inside[:, 1:], pairs.number(place[:, :-1], place[:, 1:]), none)
    missing = inside & (pair == none)
    missing[:, 0] = False
    if missing.any():
        row, stop = np.argwhere(missing)[0]
        names = network.places.names
        message = (
            f"the route goes from {names[place[row, stop - 1]]} to {names[place[row, stop]]}, "
            "which no road links"
        )
        raise ModelError(message)
    legs = np.append(pairs.km, 0.0)[pair]
    km = np.where(inside, np.cumsum(legs, axis=1), np.inf)
    return RoadTable(place, km, stops, np.append(pairs.border, False)[pair], pair)


def axis_km(network: Network, route: tuple[int, ...]) -> NDArray[np.float64]:
    """Give the km of every place along one route, (place,); NaN for places that are not on it."""
    km = np.full(len(network.places), np.nan)
    km[list(route)] = road_table(network, [route]).km[0][: len(route)]
    return km


@dataclass(frozen=True)
class Today:
    """What known events do to the stretches on one day; the last entry of each is that of no stretch.

    Parameters
    ----------
    barred : (p + 1,) bool      the pair of places in `Pairs` is closed, nobody knows for how long.
    held_share : (p + 1,) float64   share of the day for which nobody enters it, 0 to 1.
    no_rides : (p + 1,) bool    rides are forbidden on it.
    seats : (place,) float64    bus seats offered; inf where the number was not told.
    ride_to : (place,) int64    where those buses go; -1 where that was not told.
    """

    barred: NDArray[np.bool_]
    held_share: NDArray[np.float64]
    no_rides: NDArray[np.bool_]
    seats: NDArray[np.float64]
    ride_to: NDArray[np.int64]


class Barriers:
    """The known events laid on the pairs of a network; `on(day)` says what they do that day.

    Events whose scope is no place, link or country pair have no effect.
    """

    def __init__(
        self, network: Network, pairs: Pairs, events: Sequence[Event], *, start: date, days: int
    ) -> None:
        self._pairs, self._places = len(pairs.key), len(network.places)
        stretch_kinds = (*BARRING, *HOLDING, "transport_restriction")
        self._stretches = [
            (
                event,
                event_share(event, start=start, days=days),
                np.append(_crossed(network, (pairs.first, pairs.second), event), False),
            )
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
        none = self._pairs + 1
        barred, no_rides = np.zeros(none, dtype=bool), np.zeros(none, dtype=bool)
        held = np.zeros(none)
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
    origin, target, _, _ = network.arcs
    closed = np.zeros((days, len(origin)), dtype=bool)
    for event in events:
        if event.kind in (*BARRING, *HOLDING):
            whole = event_share(event, start=start, days=days) >= 1.0
            closed[whole] |= _crossed(network, (origin, target), event)
    return closed


def closed_without_end(network: Network, events: Sequence[Event], *, day: date) -> NDArray[np.bool_]:
    """Give the arcs that are closed on a day with no known end, (arc,): who can, takes another road."""
    origin, target, _, _ = network.arcs
    closed = np.zeros(len(origin), dtype=bool)
    for event in events:
        if event.kind in BARRING and event.hours is None and event.until is None and event.day <= day:
            closed |= _crossed(network, (origin, target), event)
    return closed


def _crossed(
    network: Network, ends: tuple[NDArray[np.int64], NDArray[np.int64]], event: Event
) -> NDArray[np.bool_]:
    """Tell which stretches, from and to places, an event acts on."""
    before, here = ends
    if event.link is not None:
        a, b = event.link
        return np.asarray(((before == a) & (here == b)) | ((before == b) & (here == a)))
    if event.countries is not None:
        country = np.array(network.places.countries, dtype=object)
        a_, b_ = event.countries
        out_of, into = country[before], country[here]
        return np.asarray(((out_of == a_) & (into == b_)) | ((out_of == b_) & (into == a_)), dtype=bool)
    if event.place >= 0:
        # People can come to a closed place, but not go on from it.
        return np.asarray(before == event.place)
    return np.zeros(len(before), dtype=bool)
