"""Members of an ensemble of groups weighed, copied and moved by reports; see `core.engine.Tracked`.

All functions are pure. The road of a copy is drawn anew from where it is: the law is Markov, so this is
a draw from what the law says given the road walked, and copies do not go on as one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws, hash64
from safepassage.core.engine import Along
from safepassage.engines.group_state import ARRIVED, DISSOLVED, POSITION, RESTING, SEGMENTS, GroupState
from safepassage.engines.group_ways import Ways
from safepassage.engines.roads import RoadTable

Ints = NDArray[np.int64]
Drawn = tuple[int, Ints, list[tuple[int, ...]]]  # a column, members and their new roads
PLACED_BY_REPORT = 1


@dataclass(frozen=True)
class On:
    """What a state stands on: the ways its groups take, and the roads in it."""

    ways: Ways
    roads: RoadTable

    def caravan(self, column: int) -> int:
        """Give the number of the caravan a column belongs to."""
        return column % self.ways.groups


def taken(state: GroupState, ancestors: Ints, *, on: On, draws: Draws) -> GroupState:
    """Let member k go on as a copy of member `ancestors[k]`; one that is its own ancestor stays.

    Parameters
    ----------
    state : GroupState
    ancestors : (member,) int64     positions in the state.
    on : On
    draws : Draws                   what lies ahead of copies is drawn by their own slots.
    """
    copies = np.flatnonzero(ancestors != np.arange(len(ancestors)))
    if copies.size == 0:
        return state
    parent = state.parent.copy()
    parent[copies] = state.slot[ancestors[copies]]
    changed = replace(_rows(state, ancestors), slot=state.slot, parent=parent)
    luck_slot = changed.luck_slot.copy()
    waits = changed.waited_days[copies] > 0
    luck_slot[copies] = np.where(waits, luck_slot[copies], changed.slot[copies, None])
    changed = replace(changed, luck_slot=luck_slot)
    drawn = [
        again
        for caravan in range(state.caravans)
        for again in _ahead_again(changed, copies, caravan, on=on, draws=draws)
    ]
    return _on_roads(changed, drawn)


def relocated(state: GroupState, places: Ints, column: int, *, on: On, draws: Draws) -> GroupState:
    """Put the people of one column in other places tonight, and let their roads go on from there.

    Parameters
    ----------
    places : (member,) int64    positions in `Places`; -1 and places out of reach: stays.
    """
    state = _founded(state, np.asarray(places >= 0), column, on.caravan(column))
    found = {}
    for member in np.flatnonzero(places >= 0).tolist():
        road = state.routes[state.route[member, column]]
        there = _way_there(road, int(state.stop[member, column]), int(places[member]), column, on)
        if there:
            found[member] = there
    if not found:
        return state
    moved = np.array(list(found), dtype=np.int64)
    roads = _roads_on(state, found, column, on, draws)
    stop = np.array([len(there) - 1 for there in found.values()], dtype=np.int64)
    at_end = stop >= np.array([len(road) - 1 for road in roads])
    mode = np.where(at_end, ARRIVED, RESTING)
    mode = np.where(state.alive[moved, column], mode, DISSOLVED)
    values: dict[str, Any] = {
        "stop": stop,
        "km": np.array([_length_km(there, on) for there in found.values()]),
        "cleared": stop,
        "waited_days": 0.0,
        "luck_slot": state.slot[moved],
        "mode": mode,
    }
    changes: dict[str, Any] = {
        name: _put(getattr(state, name), moved, column, value) for name, value in values.items()
    }
    return _on_roads(replace(state, **changes), [(column, moved, roads)])


def resized(state: GroupState, people: Ints, column: int, *, on: On) -> GroupState:
    """Change how many people one column has: neither joiners nor leavers are counted for it.

    Parameters
    ----------
    people : (member,) int64
    """
    state = _founded(state, people > 0, column, on.caravan(column))
    everybody = np.arange(len(people))
    back = ~state.alive[:, column] & (people > 0)
    mode = np.where(back, RESTING, state.mode[:, column])
    return replace(
        state,
        size=_put(state.size, everybody, column, people),
        alive=_put(state.alive, everybody, column, state.alive[:, column] | back),
        mode=_put(state.mode, everybody, column, mode),
    )


def along(state: GroupState, roads: RoadTable, column: int, *, away_km: NDArray[np.float64]) -> Along:
    """Tell where a place lies on the road of one column of every member: the nearest stop of it.

    Parameters
    ----------
    away_km : (place,) float64      from every place to the one asked about, by road; inf out of reach.
    """
    off = np.where(np.isfinite(roads.km), away_km[roads.place], np.inf)
    best = off.min(axis=1)
    route = state.route[:, column]
    stop = off.argmin(axis=1)[route]
    # A road that passes twice, which only reports make, is taken where the people are.
    twice = ((off == best[:, None]).sum(axis=1) > 1)[route] & np.isfinite(best[route])
    if twice.any():
        here = np.abs(roads.km[route[twice]] - state.km[twice, column][:, None])
        stop[twice] = np.where(off[route[twice]] == best[route[twice], None], here, np.inf).argmin(axis=1)
    return Along(roads.km[route, stop], best[route])


def _rows(state: GroupState, members: Ints) -> GroupState:
    """Give the state of some members in some order."""
    changes: dict[str, Any] = {}
    for field in fields(state):
        value = getattr(state, field.name)
        if isinstance(value, np.ndarray):
            changes[field.name] = value[members]
        elif isinstance(value, dict):
            changes[field.name] = {name: table[members] for name, table in value.items()}
    return replace(state, **changes)


def _put(table: NDArray[Any], members: Ints, column: int, values: Any) -> NDArray[Any]:
    changed = table.copy()
    changed[members, column] = values
    return changed


def _founded(state: GroupState, who: NDArray[np.bool_], column: int, main: int) -> GroupState:
    """Let a part that was not there be where the main body is, for those members that need one.

    It is nobody until it is given people.
    """
    members = np.flatnonzero(who & (state.identity[:, column] == 0))
    if members.size == 0:
        return state
    changed: dict[str, Any] = {
        name: _put(table := getattr(state, name), members, column, table[members, main]) for name in POSITION
    }
    changed["identity"] = _put(
        state.identity,
        members,
        column,
        hash64(
            state.identity[members, main], np.uint64(state.day + 1), np.uint64(column), 0, PLACED_BY_REPORT
        ),
    )
    return replace(state, **changed)


def _ahead_again(state: GroupState, members: Ints, caravan: int, *, on: On, draws: Draws) -> list[Drawn]:
    """Draw the rest of the roads of some members anew, from the last place on that is certain.

    Parts that walk the road of their main body go on doing so: it is certain as far as the first of them is.
    """
    if not on.ways.open_ended(caravan):
        return []
    columns = np.arange(SEGMENTS) * state.caravans + caravan
    alive = state.alive[np.ix_(members, columns)]
    certain = np.stack([_certain(state, members, column, on.roads) for column in columns.tolist()], axis=1)
    there = alive & (state.mode[np.ix_(members, columns)] == ARRIVED)
    routes = state.route[np.ix_(members, columns)]
    with_main = (routes == routes[:, :1]) & alive[:, :1]
    shared = alive[:, 0] & ~(there & with_main).any(axis=1)
    keep = np.where(with_main & alive, certain, 0).max(axis=1)
    new = _again(state, members[shared], caravan, keep[shared], on=on, draws=draws)
    drawn = [new]
    for segment, column in enumerate(columns.tolist()):
        apart = alive[:, segment] & ~with_main[:, segment] & ~there[:, segment]
        if column != caravan:
            follow = np.isin(new[1], members[with_main[:, segment]])
            drawn.append((column, new[1][follow], [new[2][k] for k in np.flatnonzero(follow).tolist()]))
        if apart.any():
            keep = certain[apart, segment]
            drawn.append(_again(state, members[apart], column, keep, on=on, draws=draws))
    return drawn


def _certain(state: GroupState, members: Ints, column: int, roads: RoadTable) -> Ints:
    """Give the last stop of a road that is certain, given where people are on it."""
    route, stop = state.route[members, column], state.stop[members, column]
    # On a stretch, through its barrier or waiting before it, the next place is no longer open.
    entered = state.km[members, column] > roads.km[route, stop]
    entered |= (state.cleared[members, column] > stop) | (state.waited_days[members, column] > 0)
    return np.asarray(np.minimum(stop + entered, roads.stops[route] - 1))


def _again(state: GroupState, members: Ints, column: int, keep: Ints, *, on: On, draws: Draws) -> Drawn:
    """Draw roads anew beyond the stop that is kept; members for whom the law knows none keep theirs."""
    ways, roads, number = on.ways, on.roads, on.caravan(column)
    route = state.route[members, column]
    walked = np.where(
        np.arange(roads.place.shape[1]) <= keep[:, None], roads.pair[route], len(ways.pairs.key)
    )
    luck = _luck(state, members, column, draws)
    ends = roads.place[route, roads.stops[route] - 1]
    ends = ways.heading(number, walked, ends, luck=luck("heading again", 0))
    here = roads.place[route, keep]
    ahead, known = ways.onward(number, here, ends, luck=lambda step: luck("route again", step))
    behind, steps = roads.place[route].tolist(), (ahead != _shifted(here, ahead)).sum(axis=1).tolist()
    whole = [
        tuple(past[: kept + 1] + future[:many])
        for past, kept, future, many in zip(behind, keep.tolist(), ahead.tolist(), steps, strict=True)
    ]
    found = np.flatnonzero(known)
    return column, members[found], [whole[k] for k in found.tolist()]


def _roads_on(
    state: GroupState, found: dict[int, tuple[int, ...]], column: int, on: On, draws: Draws
) -> list[tuple[int, ...]]:
    """Give whole roads to members who were put somewhere: the way there, and on from there."""
    ways, roads, number = on.ways, on.roads, on.caravan(column)
    moved = np.array(list(found), dtype=np.int64)
    route = state.route[moved, column]
    ends = roads.place[route, roads.stops[route] - 1]
    here = np.array([there[-1] for there in found.values()], dtype=np.int64)
    luck = _luck(state, moved, column, draws)
    ahead, known = ways.onward(number, here, ends, luck=lambda step: luck("route on", step))
    steps = (ahead != _shifted(here, ahead)).sum(axis=1)
    whole = []
    for k, (member, there) in enumerate(found.items()):
        own = state.routes[state.route[member, column]]
        if not ways.open_ended(number) and own[: len(there)] == there:
            whole.append(own)
        elif known[k]:
            whole.append(there + tuple(ahead[k, : steps[k]].tolist()))
        else:
            whole.append(there + ways.likely(number, there[-1], own[-1]))
    return whole


def _way_there(road: tuple[int, ...], stop: int, place: int, column: int, on: On) -> tuple[int, ...]:
    """Give the road from its start to a place: as walked, its own ahead, or the likeliest; () for none."""
    if place in road[: stop + 1]:
        return road[: stop + 1 - road[stop::-1].index(place)]
    if place in road[stop:]:
        return road[: road.index(place, stop) + 1]
    leads = on.ways.likely(on.caravan(column), road[stop], place)
    return road[: stop + 1] + leads if leads else ()


def _length_km(road: tuple[int, ...], on: On) -> float:
    places, pairs = np.array(road, dtype=np.int64), on.ways.pairs
    # Summed up in the order of `road_table`, so that the place is reached to the bit.
    legs = pairs.km[pairs.number(places[:-1], places[1:])]
    return float(np.cumsum(np.append(0.0, legs))[-1])


def _shifted(here: Ints, ahead: Ints) -> Ints:
    """Give the place before each step."""
    return np.concatenate([here[:, None], ahead], axis=1)[:, :-1]


def _luck(
    state: GroupState, members: Ints, column: int, draws: Draws
) -> Callable[[str, int], NDArray[np.float64]]:
    day, slots = state.day + 1, state.slot[members]
    return lambda name, step: draws.uniform(name, day=day, slots=slots, entity=column + 4096 * step)


def _on_roads(state: GroupState, drawn: Sequence[Drawn]) -> GroupState:
    """Give members other roads, by column, and drop the roads that nobody is on any more."""
    route = state.route.copy()
    number = {road: k for k, road in enumerate(state.routes)}
    for column, members, roads in drawn:
        route[members, column] = [number.setdefault(road, len(number)) for road in roads]
    mains = np.tile(route[:, : state.caravans], (1, SEGMENTS))
    route = np.where(state.identity == 0, mains, route)  # nobody is there to be on a road of their own
    used, compact = np.unique(route, return_inverse=True)
    every = list(number)
    routes = tuple(every[k] for k in used.tolist())
    return replace(state, routes=routes, route=compact.reshape(route.shape).astype(np.int64))
