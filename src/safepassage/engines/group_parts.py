"""Caravans that come apart: people ride ahead or fall behind, meet the others again, or are a part no more.

A part is a body of people in a column of its own (see `GroupState`): an advance party sets out from where the
main body slept, while the main body stays or walks; a rear stays there for a day. Each has its own luck and
pace. In the same town again they may become one; fewer than `SMALLEST_GROUP_PEOPLE` are no part any more.

All functions write into a state that is `owned`, so that columns in which nothing happens cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safepassage.core.caravan_priors import SMALLEST_GROUP_PEOPLE
from safepassage.core.draws import Draws, hash64
from safepassage.core.outcomes import ALL_OUTCOMES, LEFT
from safepassage.engines.group_state import (
    ARRIVED,
    BODY,
    DISSOLVED,
    POSITION,
    RESTING,
    WAITING,
    Body,
    GroupState,
    write,
)
from safepassage.engines.luck import lognormal_factor
from safepassage.engines.roads import RoadTable

# Assumptions. Where the main body goes on, half of those who part stay behind and half ride ahead of it.
AHEAD_CHANCE = 0.5
# Few people find a lift sooner than many: the odds of riding, over those that the main body has.
RIDE_ODDS = 3.0
# Paces of parts differ from that of their main body by a quarter and so.
PACE_LOG_SD = 0.2
# People within this of a town are in it.
TOWN_RADIUS_KM = 15.0


@dataclass(frozen=True)
class Morning:
    """Where the main bodies of one caravan were in the morning, for `part`."""

    mode: NDArray[np.int8]
    body: dict[str, NDArray[np.float64] | NDArray[np.int64] | NDArray[np.bool_]]


def morning(state: GroupState, caravan: int) -> Morning:
    """Keep where the main body is before the day."""
    return Morning(
        state.mode[:, caravan].copy(), {name: getattr(state, name)[:, caravan].copy() for name in POSITION}
    )


def part(
    state: GroupState, caravan: int, *, before: Morning, draws: Draws
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Let people part from the main body on a day, after its travel.

    Returns
    -------
    (k,) int64, (l,) int64      members with an advance party, and with a rear, that formed today.
    """
    g, day = caravan, state.day
    chance = state.beliefs["split_chance_per_day"][:, g]
    able = state.alive[:, g] & (before.mode != WAITING) & (state.mode[:, g] != ARRIVED)
    parts = able & (draws.uniform("split", day=day, slots=state.slot, entity=g) < chance)
    who = np.flatnonzero(parts)
    if who.size == 0:
        return who, who
    stayed = state.km[who, g] <= before.body["km"][who]
    ahead = stayed | (draws.uniform("split ahead", day=day, slots=state.slot[who], entity=g) < AHEAD_CHANCE)
    advance = _formed(state, who[ahead], g, 1, before=before)
    return advance, _formed(state, who[~ahead], g, 2, before=before)


def _formed(
    state: GroupState, who: NDArray[np.int64], g: int, segment: int, *, before: Morning
) -> NDArray[np.int64]:
    column, share = segment * state.caravans + g, ("", "advance_share", "rear_share")[segment]
    people = np.rint(state.beliefs[share][who, g] * state.size[who, g]).astype(np.int64)
    fits = (people >= SMALLEST_GROUP_PEOPLE) & (state.size[who, g] - people >= SMALLEST_GROUP_PEOPLE)
    taken = state.alive[who, column]
    state.overflow[who] += fits & taken
    forms = fits & ~taken
    who, people = who[forms], people[forms]
    state.size[who, g] -= people
    values = {name: table[who] for name, table in before.body.items()}
    identity = hash64(
        state.identity[who, g],
        state.slot[who].astype(np.uint64),
        np.uint64(state.day),
        np.uint64(column),
        np.uint64(0),
    )
    write(
        state,
        who,
        column,
        {**values, "identity": identity, "alive": True, "mode": RESTING, "size": people},
    )
    if segment == 1:
        state.riding[who, column] = True
    return who


def paced(body: Body, *, sets_out: NDArray[np.bool_], draws: Draws) -> Body:
    """Give a part the pace and the rides of its own; one that sets out today does not rest.

    Parameters
    ----------
    sets_out : (k,) bool
    """
    luck = draws.uniform("part pace", day=0, slots=body.identity, entity=0)
    factor = lognormal_factor(luck, PACE_LOG_SD)
    belief = dict(body.beliefs)
    for name in ("walk_km_per_day", "ride_km_per_day"):
        belief[name] = belief[name] * factor
    rides = belief["ride_chance"]
    belief["ride_chance"] = rides * RIDE_ODDS / (1.0 + (RIDE_ODDS - 1.0) * rides)
    belief["rest_chance"] = np.where(sets_out, 0.0, belief["rest_chance"])
    return replace(body, beliefs=belief)


def regroup(state: GroupState, caravan: int, *, roads: RoadTable, draws: Draws) -> None:
    """Let parts that sleep in the town of their main body become one with it again."""
    g = caravan
    for segment in (1, 2):
        column = segment * state.caravans + g
        who = np.flatnonzero(state.alive[:, column] & state.alive[:, g])
        if who.size == 0:
            continue
        ours, theirs = (_town(state, who, c, roads) for c in (g, column))
        chance = state.beliefs["regroup_chance"][who, g]
        luck = draws.uniform("regroup", day=state.day, slots=state.slot[who], entity=column)
        at_end = _at_end(state, who, g, roads) & _at_end(state, who, column, roads)
        who = who[(ours >= 0) & (ours == theirs) & ((luck < chance) | at_end)]
        state.size[who, g] += state.size[who, column]
        _emptied(state, who, column)


def dissolve(state: GroupState, caravan: int) -> None:
    """Let bodies that are too few dissolve; where the main body does, its largest part is the main body."""
    g, n = caravan, state.caravans
    for column in (2 * n + g, n + g, g):
        few = state.alive[:, column] & (state.mode[:, column] != WAITING)
        few &= state.size[:, column] < SMALLEST_GROUP_PEOPLE
        if column != g:  # a part that a report placed, and that nobody was ever in
            few |= ~state.alive[:, column] & (state.identity[:, column] != 0)
        who = np.flatnonzero(few)
        if who.size == 0:
            continue
        # Where to is not known.
        state.out[who, column, ALL_OUTCOMES.index(LEFT)] += state.size[who, column]
        if column != g:
            _emptied(state, who, column)
            continue
        write(state, who, g, {"alive": False, "mode": DISSOLVED, "size": 0})
        heirs = who[state.alive[who, n + g] | state.alive[who, 2 * n + g]]
        rear = state.size[heirs, 2 * n + g] > state.size[heirs, n + g]
        for segment, of_it in ((1, heirs[~rear]), (2, heirs[rear])):
            _swap(state, of_it, g, segment * n + g)
            _emptied(state, of_it, segment * n + g)


def relabel(state: GroupState, caravan: int) -> None:
    """Let an advance party that was overtaken be a rear, and a rear that overtook an advance party.

    Only where its column is free or to be free; on other roads nobody says who is ahead.
    """
    g, n = caravan, state.caravans
    advance, rear = n + g, 2 * n + g
    if not (state.alive[:, advance].any() or state.alive[:, rear].any()):
        return
    passed, passes = (
        state.alive[:, column] & (state.route[:, column] == state.route[:, g]) & beyond
        for column, beyond in (
            (advance, state.km[:, advance] < state.km[:, g]),
            (rear, state.km[:, rear] > state.km[:, g]),
        )
    )
    swaps = (passed & (passes | ~state.alive[:, rear])) | (passes & (passed | ~state.alive[:, advance]))
    _swap(state, np.flatnonzero(swaps), advance, rear)


def _town(state: GroupState, who: NDArray[np.int64], column: int, roads: RoadTable) -> NDArray[np.int64]:
    """Give the town where a column sleeps, -1 on the road between towns."""
    route, stop = state.route[who, column], state.stop[who, column]
    near = state.km[who, column] - roads.km[route, stop] <= TOWN_RADIUS_KM
    return np.where(near, roads.place[route, stop], -1)


def _at_end(state: GroupState, who: NDArray[np.int64], column: int, roads: RoadTable) -> NDArray[np.bool_]:
    return np.asarray(state.stop[who, column] >= roads.stops[state.route[who, column]] - 1)


def _emptied(state: GroupState, who: NDArray[np.int64], column: int) -> None:
    """Leave a column without anybody; nothing of who was in it stays."""
    g = column % state.caravans
    write(
        state,
        who,
        column,
        {
            "route": state.route[who, g],
            "stop": 0,
            "km": 0.0,
            "cleared": 0,
            "waited_days": 0.0,
            "luck_slot": state.slot[who],
            "riding": False,
            "identity": 0,
            "alive": False,
            "mode": DISSOLVED,
            "size": 0,
        },
    )


def _swap(state: GroupState, who: NDArray[np.int64], first: int, second: int) -> None:
    if who.size == 0:
        return
    for name in BODY:
        table = getattr(state, name)
        table[who, first], table[who, second] = table[who, second].copy(), table[who, first].copy()
