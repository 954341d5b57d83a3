"""The roads a group may take, as tables: its stops, how far along they are, and what is known to bar them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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
class Barriers:
    """What known events do to the way, day by day.

    Parameters
    ----------
    barred : (day, r, s) bool       the stretch before the stop is closed that day.
    held_share : (day, r, s) float32    share of the day lost before the stretch to the stop, 0 to 1.
    no_rides : (day, place) bool    rides are forbidden from there.
    seats : (day, place) float64    bus seats offered; inf where the number was not told.
    """

    barred: NDArray[np.bool_]
    held_share: NDArray[np.float32]
    no_rides: NDArray[np.bool_]
    seats: NDArray[np.float64]


def barriers(
    network: Network, table: RoadTable, events: Sequence[Event], *, start: date, days: int
) -> Barriers:
    """Lay the known events out by day; those whose scope is no place, link or country pair have no effect."""
    n = len(network.places)
    barred = np.zeros((days, *table.place.shape), dtype=bool)
    no_rides = np.zeros((days, n), dtype=bool)
    seats = np.zeros((days, n))
    holds = [event for event in events if _holds(event)]
    held = np.zeros((days, *table.place.shape) if holds else (days, 1, 1), dtype=np.float32)
    for event in holds:
        held += _shares(event, start, days)[:, None, None] * _stretches(network, table, event)
    for event in events:
        window = _window(event, start, days)
        if _bars(event):
            barred[window] |= _stretches(network, table, event)
        elif event.kind == "transport_restriction" and event.place >= 0:
            no_rides[window, event.place] = True
        elif event.kind == "bus_offer" and event.place >= 0:
            seats[window, event.place] = np.inf if event.value is None else event.value
    for event in events:
        if event.kind == "bus_withdrawn" and event.place >= 0:
            seats[max(0, (event.day - start).days) :, event.place] = 0.0
    held_share = np.broadcast_to(np.minimum(held, np.float32(1.0)), barred.shape)
    return Barriers(barred, held_share, no_rides, seats)


def _bars(event: Event) -> bool:
    return event.kind in BARRING and not _is_short(event)


def _holds(event: Event) -> bool:
    """Tell whether an event costs hours: a hold, a roadblock, or a closure shorter than a day."""
    return event.kind in HOLDING or (event.kind in BARRING and _is_short(event))


def _is_short(event: Event) -> bool:
    return event.hours is not None and event.hours < 24.0


def closed_arcs(network: Network, events: Sequence[Event], *, start: date, days: int) -> NDArray[np.bool_]:
    """Give the arcs that known closures bar, (day, arc)."""
    origin, target, _, _ = network.arcs
    pairs = np.stack([origin, target], axis=1)
    km = np.broadcast_to(np.array([0.0, 1.0]), pairs.shape)
    table = RoadTable(pairs, km, np.full(len(pairs), 2), np.zeros(pairs.shape, dtype=bool))
    closed = np.zeros((days, len(origin)), dtype=bool)
    for event in events:
        if _bars(event):
            closed[_window(event, start, days)] |= _stretches(network, table, event)[:, 1]
    return closed


def _window(event: Event, start: date, days: int) -> slice:
    first = (event.day - start).days
    last = (event.until - start).days if event.until else (days if event.kind == "closure" else first)
    return slice(max(0, first), max(0, min(days, last + 1)))


def _shares(event: Event, start: date, days: int) -> NDArray[np.float32]:
    """Give the share of each day that a hold takes, (day,): its hours, from its first day on."""
    left = 24.0 if event.hours is None else event.hours
    if event.hours is None and event.until is not None:
        left = 24.0 * ((event.until - event.day) + timedelta(days=1)).days
    share = np.zeros(days, dtype=np.float32)
    day = (event.day - start).days
    while left > 0 and day < days:
        if day >= 0:
            share[day] = min(left, 24.0) / 24.0
        left -= 24.0
        day += 1
    return share


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
