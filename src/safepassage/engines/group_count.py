"""Counts people of groups in the evening: in the towns where they sleep, on the road, and still at home."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.core.engine import DayView, GroupView
from safepassage.core.outcomes import ALL_OUTCOMES, LEFT
from safepassage.engines.group_parts import TOWN_RADIUS_KM
from safepassage.engines.group_state import SEGMENTS, WAITING, Body, GroupState, body_of
from safepassage.engines.group_travel import Ground
from safepassage.engines.roads import RoadTable


def counted(state: GroupState, ground: Ground, *, places: int, names: tuple[str, ...]) -> DayView:
    """Count people by the town where they sleep; the rest sleep on the road.

    Before the eve of its departure a group is at home: it counts as a reservoir, not as guests of a town.

    Parameters
    ----------
    state : GroupState
    ground : Ground
    places : int        places of the network.
    names : tuple of str    outcomes to be told, of `ALL_OUTCOMES`.
    """
    members = len(state.slot)
    stock = np.zeros((members, places), dtype=np.int64)
    on_road, at_home = np.zeros(members, dtype=np.int64), np.zeros(members, dtype=np.int64)
    for column in range(state.size.shape[1]):
        caravan = column % state.caravans
        who = None if column < state.caravans else np.flatnonzero(state.alive[:, column])
        if who is not None and who.size == 0:
            continue
        if state.day + 1 < ground.start_day[caravan]:
            at_home += state.size[:, column]
            continue
        body = body_of(state, column, who)
        on_road[body.members] += _spread(ground.roads, body, _tail(body, state), stock)
    gone, to_come = state.out.sum(axis=1), state.pools.sum(axis=1) + at_home
    told = {name: gone[:, ALL_OUTCOMES.index(name)] for name in (LEFT, *names)}
    return DayView(
        stock=stock, on_road=on_road, outcomes=told, reservoir=to_come, groups=bodies(state, ground)
    )


def bodies(state: GroupState, ground: Ground) -> GroupView:
    """Tell where every body of people is and how many it has, without counting them by town."""
    roads = ground.roads
    tails = np.zeros(state.km.shape)
    for column in range(state.size.shape[1]):
        caravan = column % state.caravans
        who = None if column < state.caravans else np.flatnonzero(state.alive[:, column])
        if (who is None or who.size) and state.day + 1 >= ground.start_day[caravan]:
            body = body_of(state, column, who)
            tails[body.members, column] = _tail(body, state)
    return GroupView(
        head_km=state.km,
        tail_km=tails,
        place=roads.place[state.route, state.stop],
        beyond_km=state.km - roads.km[state.route, state.stop],
        size=state.size,
        mode=state.mode,
        alive=state.alive,
        joined=_of_whole(state.joined, state.caravans),
        left=_of_whole(state.left, state.caravans),
    )


def _of_whole(counts: NDArray[np.int64], caravans: int) -> NDArray[np.int64]:
    """Let main bodies tell of their whole caravan."""
    told = counts.copy()
    told[:, :caravans] = counts.reshape(len(counts), SEGMENTS, caravans).sum(axis=1)
    return told


def _tail(body: Body, state: GroupState) -> NDArray[np.float64]:
    """Give the km of the last people; a part is as much shorter as it is smaller than its main body."""
    length = np.where(body.mode != WAITING, body.beliefs["length_km"], 0.0)
    if body.column != body.caravan:
        length = length * np.minimum(1.0, body.size / np.maximum(state.size[body.members, body.caravan], 1))
    return np.maximum(0.0, body.km - length)


def _spread(
    roads: RoadTable, body: Body, tail_km: NDArray[np.float64], stock: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Add one body of people to the towns where they sleep; give those who sleep on the road, (k,).

    People are spread evenly from tail to head, and sleep in the nearest town of the route if it is within
    `TOWN_RADIUS_KM`. Rounding differences of one cumulative count keep the sum exact.
    """
    km = roads.km[body.route]
    middle = np.where(np.isfinite(km[:, 1:]), (km[:, :-1] + km[:, 1:]) / 2, np.inf)
    edge = np.full((len(km), 1), np.inf)
    low = np.maximum(np.concatenate([-edge, middle], axis=1), km - TOWN_RADIUS_KM)
    high = np.minimum(np.concatenate([middle, edge], axis=1), km + TOWN_RADIUS_KM)
    head, size = body.km[:, None], body.size[:, None]
    length = np.maximum(head - tail_km[:, None], 1e-9)
    below = np.rint(size * np.clip((low - head) / length + 1.0, 0.0, 1.0))
    upto = np.rint(size * np.clip((high - head) / length + 1.0, 0.0, 1.0))
    people = np.where(np.isfinite(km), upto - below, 0.0).astype(np.int64)
    row, stop = np.nonzero(people)
    np.add.at(stock, (body.members[row], roads.place[body.route[row], stop]), people[row, stop])
    return np.asarray(body.size - people.sum(axis=1))
