"""Road hours between places: over the links that can be driven, closures and holds respected, never as the
bird.

The fastest way (Dijkstra) is searched on each day's roads. A closed link is not driven; a closed place can be
driven to, since that is where people wait, but not through; a hold or a closure of some hours costs these
hours. Links of trails, boats and rivers are not driven, and borders only where the rules say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from safepassage.core.network import Network
from safepassage.core.scenario import Event

NOT_DRIVEN = frozenset({"trail", "boat", "river", "jungle", "foot", "walk", "swim"})
BARRING, HOLDING = ("closure",), ("hold", "roadblock")
# A hold whose length nobody told costs so many hours: a planning assumption.
UNTOLD_HOLD_HOURS = 4.0
# Below this no leg is shorter: csgraph takes a zero for "no link".
LEAST_KM = 1e-6


@dataclass(frozen=True)
class RoadDay:
    """The roads of one day, arc by arc of `Network.arcs`.

    Parameters
    ----------
    open : (arc,) bool          can be driven.
    delay_hours : (arc,) float64    lost on it, by holds.
    barrier : (place,) bool     can be driven to, not through.
    """

    open: NDArray[np.bool_]
    delay_hours: NDArray[np.float64]
    barrier: NDArray[np.bool_]

    @property
    def key(self) -> bytes:
        """Equal for days with equal roads."""
        return self.open.tobytes() + self.delay_hours.tobytes() + self.barrier.tobytes()


@dataclass(frozen=True)
class Legs:
    """The fastest way from each of s sources to each of n places: hours and km, (source, place); inf:
    none.
    """

    hours: NDArray[np.float64]
    km: NDArray[np.float64]


def road_days(
    network: Network, events: Sequence[Event], *, start: date, days: int, cross_borders: bool
) -> list[RoadDay]:
    """Give the roads of each day from `start` on."""
    origin, target, _, number = network.arcs
    driven = np.array([NOT_DRIVEN.isdisjoint(mode.split("_")) for mode in network.links.modes], dtype=bool)
    usable = driven[number] if len(number) else np.zeros(0, dtype=bool)
    if not cross_borders:
        country = np.array(network.places.countries, dtype=object)
        usable = usable & np.asarray(country[origin] == country[target], dtype=bool)
    acting = [event for event in events if event.kind in (*BARRING, *HOLDING)]
    return [_road_day(network, usable, acting, start + timedelta(days=day)) for day in range(days)]


def _road_day(network: Network, usable: NDArray[np.bool_], events: Sequence[Event], day: date) -> RoadDay:
    is_open, delay = usable.copy(), np.zeros(len(usable))
    barrier = np.zeros(len(network.places), dtype=bool)
    for event in events:
        if not _acts(event, day):
            continue
        if event.kind in BARRING and (event.hours is None or event.hours >= 24.0):
            if event.link is None and event.countries is None and event.place >= 0:
                barrier[event.place] = True
            else:
                is_open &= ~_touched(network, event)
        else:
            hours = UNTOLD_HOLD_HOURS if event.hours is None else min(event.hours, 24.0)
            delay += hours * _touched(network, event)
    return RoadDay(is_open, delay, barrier)


def _acts(event: Event, day: date) -> bool:
    """Tell whether an event acts on a day; without an end, closures go on and the rest takes its first
    day.
    """
    if event.hours is not None:
        lasts = max(1, int(np.ceil(event.hours / 24.0)))
        return event.day <= day < event.day + timedelta(days=lasts)
    if event.until is not None:
        return event.day <= day <= event.until
    return event.day <= day if event.kind in BARRING else event.day == day


def _touched(network: Network, event: Event) -> NDArray[np.bool_]:
    """Tell on which arcs an event acts; a place acts on what leaves it, once per way through."""
    origin, target, _, _ = network.arcs
    if event.link is not None:
        a, b = event.link
        return np.asarray(((origin == a) & (target == b)) | ((origin == b) & (target == a)))
    if event.countries is not None:
        country = np.array(network.places.countries, dtype=object)
        a_, b_ = event.countries
        leaves, enters = country[origin], country[target]
        return np.asarray(((leaves == a_) & (enters == b_)) | ((leaves == b_) & (enters == a_)), dtype=bool)
    if event.place >= 0:
        return np.asarray(origin == event.place)
    return np.zeros(len(origin), dtype=bool)


def legs_of(network: Network, roads: RoadDay, sources: NDArray[np.int64], speed_km_per_h: float) -> Legs:
    """Search the fastest ways from `sources` (positions in `Places`) at one speed.

    Source: Dijkstra 1959, as in `scipy.sparse.csgraph.dijkstra`.
    """
    # Who starts at a barrier gets away from it; all others stop there.
    hours = np.full((len(sources), len(network.places)), np.inf)
    km = hours.copy()
    started = roads.barrier[sources]
    groups = [np.flatnonzero(~started), *np.flatnonzero(started)[:, None]]
    for rows in groups:
        if len(rows):
            free = sources[rows] if started[rows[0]] else np.zeros(0, dtype=np.int64)
            hours[rows], km[rows] = _searched(network, roads, sources[rows], speed_km_per_h, free)
    return Legs(hours, km)


def _searched(
    network: Network, roads: RoadDay, sources: NDArray[np.int64], speed: float, free: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    origin, target, length, _ = network.arcs
    n = len(network.places)
    stopped = roads.barrier.copy()
    stopped[free] = False
    used = np.flatnonzero(roads.open & ~stopped[origin])
    hours = np.maximum(length[used], LEAST_KM) / speed + roads.delay_hours[used]
    # Of parallel links the fastest counts.
    order = np.lexsort((hours, target[used], origin[used]))
    pair = (origin[used] * n + target[used])[order]
    first = order[np.r_[True, pair[1:] != pair[:-1]]] if len(order) else order
    arc = used[first]
    graph = csr_array((hours[first], (origin[arc], target[arc])), shape=(n, n))
    lengths = csr_array((np.maximum(length[arc], LEAST_KM), (origin[arc], target[arc])), shape=(n, n))
    time, before = dijkstra(graph, directed=True, indices=sources, return_predecessors=True)
    return time, _along(time, before, lengths)


def _along(time: NDArray[np.float64], before: NDArray[np.int32], lengths: csr_array) -> NDArray[np.float64]:
    """Add up the km of the fastest ways, from the places before."""
    km = np.where(np.isfinite(time), 0.0, np.inf)
    step, at = before.copy(), np.broadcast_to(np.arange(time.shape[1]), time.shape).copy()
    while (moving := step >= 0).any():
        rows = np.nonzero(moving)
        legs = np.asarray(lengths[step[rows], at[rows]]).ravel()
        km[rows] += legs
        at[rows] = step[rows]
        step[rows] = before[rows[0], at[rows]]
    return km
