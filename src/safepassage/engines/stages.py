"""How far people alone get in a day: chances of each town for the night, link by link by the goal law.

A link that is chosen but does not fit into what is left of the day is kept: people sleep in the town where
they chose it and take it in the morning. Thrown away and drawn again, it would favour whatever fits.

A *start* is where people set out from: a place, where they have chosen nothing yet, or a link that they chose
the evening before. Starts are numbered: places first, then arcs; with several destinations,
``number * destinations + destination``. The nights of the starts that are needed are packed into flat arrays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.compiled import compiled

# Ways less likely than this are not followed further: who is on one sleeps in the town it reached and chooses
# anew in the morning. No choice is lost, since none was made.
NEGLIGIBLE = 1e-4
UNKNOWN = -1


class Roads(NamedTuple):
    """The network as the kernel needs it.

    Parameters
    ----------
    first : (place + 1,) int64      first arc of each place.
    origin, target : (arc,) int64
    km : (arc,) float64
    speed_km : float                a link longer than this takes several days.
    span : int                      one more than the most days a link takes.
    ends : (destination,) int64     places people are heading for.
    chances : (destination, arc) float64    of each link, from `goal.link_chances`; zero where it is no way.
    """

    first: NDArray[np.int64]
    origin: NDArray[np.int64]
    target: NDArray[np.int64]
    km: NDArray[np.float64]
    speed_km: float
    span: int
    ends: NDArray[np.int64]
    chances: NDArray[np.float64]


class Ways(NamedTuple):
    """The nights of every start whose nights were asked for.

    Parameters
    ----------
    begin : (start,) int64      first row of a start; `UNKNOWN` where nobody asked yet.
    rows : (start,) int64       rows of it; 0 where no way leads on.
    home : (start,) int64       the start of those who have chosen nothing yet in the same town.
    name : (start,) int64       what its luck is called by: its town or link and its destination's town.
    night : (row,) int64        where the night is spent, likeliest first: the start from which they go on.
    days : (row,) int64         days on the road until then; 1: tonight.
    share : (row,) float64      chance given none of the rows before it; 1 in the last.
    """

    begin: NDArray[np.int64]
    rows: NDArray[np.int64]
    home: NDArray[np.int64]
    name: NDArray[np.int64]
    night: NDArray[np.int64]
    days: NDArray[np.int64]
    share: NDArray[np.float64]


def ring_days(km: NDArray[np.float64], speed_km: float) -> int:
    """Give how many days a calendar of arrivals needs: one more than the most days a link takes."""
    return max(1, int(np.ceil(float(km.max(initial=0.0)) / speed_km))) + 1


def no_ways(roads: Roads) -> Ways:
    """Give a table that knows the nights of no start yet."""
    places, ends = len(roads.first) - 1, len(roads.ends)
    number, end = (part.reshape(-1) for part in np.indices((places + len(roads.target), ends)))
    town = np.concatenate([np.arange(places), roads.origin])[number]
    none, starts = np.zeros(0, dtype=np.int64), len(number)
    return Ways(
        begin=np.full(starts, UNKNOWN, dtype=np.int64),
        rows=np.zeros(starts, dtype=np.int64),
        home=town * ends + end,
        name=number * places + roads.ends[end],
        night=none,
        days=none,
        share=np.zeros(0),
    )


@compiled
def _has_way(place: int, end: int, roads: Roads) -> bool:
    for arc in range(roads.first[place], roads.first[place + 1]):
        if roads.chances[end, arc] > 0.0:
            return True
    return False


@compiled
def _longer_whole(old: NDArray[np.int64]) -> NDArray[np.int64]:
    new = np.empty(2 * len(old) + 16, dtype=np.int64)
    new[: len(old)] = old
    return new


@compiled
def _longer(old: NDArray[np.float64]) -> NDArray[np.float64]:
    new = np.empty(2 * len(old) + 16, dtype=np.float64)
    new[: len(old)] = old
    return new


@compiled
def _followed(
    place: int, gone_km: float, end: int, roads: Roads
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Follow every way of a day from a place, km already gone; give keys of nights, and their chances.

    The key of a night is its town × most days + days - 1, or beyond all of these the link chosen.
    """
    links_from = (len(roads.first) - 1) * roads.span
    goal = roads.ends[end]
    at, km, chance = np.empty(16, np.int64), np.empty(16), np.empty(16)
    key, reached = np.empty(16, np.int64), np.empty(16)
    at[0], km[0], chance[0] = place, gone_km, 1.0
    waiting, nights = 1, 0
    while waiting > 0:
        waiting -= 1
        here, gone, share = at[waiting], km[waiting], chance[waiting]
        if nights == len(key):
            key, reached = _longer_whole(key), _longer(reached)
        if here == goal or gone >= roads.speed_km or share < NEGLIGIBLE or not _has_way(here, end, roads):
            days = max(1, int(np.ceil(gone / roads.speed_km)))
            key[nights], reached[nights] = here * roads.span + days - 1, share
            nights += 1
            continue
        for arc in range(roads.first[here], roads.first[here + 1]):
            onward = share * roads.chances[end, arc]
            if onward <= 0.0:
                continue
            if waiting == len(at):
                at, km, chance = _longer_whole(at), _longer(km), _longer(chance)
            if nights == len(key):
                key, reached = _longer_whole(key), _longer(reached)
            # The first link of the day is begun however long it is: no morning would be early enough.
            if gone == 0.0 or gone + roads.km[arc] <= roads.speed_km:
                at[waiting], km[waiting], chance[waiting] = roads.target[arc], gone + roads.km[arc], onward
                waiting += 1
            else:
                key[nights], reached[nights] = links_from + arc, onward
                nights += 1
    return key[:nights], reached[:nights]


@compiled
def _summed(
    key: NDArray[np.int64], chance: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Sum the chances of equal nights; likeliest first, equal chances by key."""
    order = np.argsort(key, kind="mergesort")
    keys, sums, found = np.empty_like(key), np.empty_like(chance), 0
    for k in order:
        if found > 0 and keys[found - 1] == key[k]:
            sums[found - 1] += chance[k]
        else:
            keys[found], sums[found] = key[k], chance[k]
            found += 1
    rank = np.argsort(-sums[:found], kind="mergesort")
    return keys[:found][rank], sums[:found][rank]


@compiled
def nights_of(start: int, end: int, roads: Roads) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give keys and chances of the nights of one start towards one destination; none where no way leads on.

    Parameters
    ----------
    start : int     a place, or the number of places + an arc.
    end : int       position in `roads.ends`.
    """
    places = len(roads.first) - 1
    nothing = np.empty(0, np.int64), np.empty(0)
    if start < places:
        if start == roads.ends[end] or not _has_way(start, end, roads):
            return nothing
        key, chance = _followed(start, 0.0, end, roads)
    else:
        arc = start - places
        if roads.chances[end, arc] <= 0.0:
            return nothing
        key, chance = _followed(roads.target[arc], roads.km[arc], end, roads)
    return _summed(key, chance)


@compiled
def with_nights(ways: Ways, needed: NDArray[np.int64], roads: Roads) -> Ways:
    """Give the table with the nights of more starts.

    Parameters
    ----------
    needed : (k,) int64     starts (numbered with their destination), each once and not yet known.
    """
    places, ends, span = len(roads.first) - 1, len(roads.ends), roads.span
    begin, rows, many = ways.begin.copy(), ways.rows.copy(), len(ways.night)
    night, days, share = ways.night.copy(), ways.days.copy(), ways.share.copy()
    for start in needed:
        end = start % ends
        key, chance = nights_of(start // ends, end, roads)
        while many + len(key) > len(night):
            night, days, share = _longer_whole(night), _longer_whole(days), _longer(share)
        begin[start], rows[start] = many, len(key)
        rest = 0.0
        for k in range(len(key) - 1, -1, -1):
            rest += chance[k]
            share[many + k] = chance[k] / rest
            arc = key[k] - places * span
            night[many + k] = (places + arc if arc >= 0 else key[k] // span) * ends + end
            days[many + k] = 1 if arc >= 0 else key[k] % span + 1
        many += len(key)
        if len(key) > 0:
            share[many - 1] = 1.0  # nobody is lost
    return Ways(
        begin, rows, ways.home, ways.name, night[:many].copy(), days[:many].copy(), share[:many].copy()
    )


def roads_of(
    arcs: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    chances: NDArray[np.float64],
    ends: NDArray[np.int64],
    *,
    speed_km: float,
    places: int | None = None,
) -> Roads:
    """Lay a network out for the kernel.

    Parameters
    ----------
    arcs : (origin, target, km)     sorted by origin.
    chances : (destination, arc) float64
    ends : (destination,) int64
    places : int or None            None: as many as the arcs and destinations speak of.
    """
    origin, target = arcs[0].astype(np.int64), arcs[1].astype(np.int64)
    km = arcs[2].astype(np.float64)
    if places is None:
        places = int(max(origin.max(), target.max(), ends.max())) + 1
    first = np.searchsorted(origin, np.arange(places + 1)).astype(np.int64)
    return Roads(
        first,
        origin,
        target,
        km,
        float(speed_km),
        ring_days(km, speed_km),
        ends.astype(np.int64),
        np.ascontiguousarray(chances, dtype=np.float64),
    )
