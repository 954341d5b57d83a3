"""Compiled part of the agent kernel: decide, choose, travel. See `engines.agents` for the order of a day.

Agents, places, paths and arcs are arrays of records: few arrays, because compiled functions count references
to every array they are handed, and one cache line per agent.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import draw_number
from safepassage.engines.compiled import compiled, uniform
from safepassage.engines.local_rules import FULL_FACTOR, capacity_factor, path_weight

# Flee itself stops where somebody is on more roads than this in one day.
MOST_ROADS_A_DAY = 900
LEAVE, ROUTE, WALK = (draw_number(f"local law: {what}") for what in ("leave", "route", "walk"))

# `place`: where an agent is or was last; `arc`: the road she is on (-1: none); `path` and `taken`: the path
# she follows (-1: none) and how many of its arcs she has entered; `recent`: Flee's index of recent travel;
# `started`: she has completed a link; `turned`: her road closed behind her; `km`: how far she is on the arc.
AGENT = np.dtype(
    [
        ("place", np.int32),
        ("home", np.int32),
        ("arc", np.int32),
        ("path", np.int32),
        ("km", np.float64),
        ("recent", np.float32),
        ("taken", np.uint8),
        ("started", np.uint8),
        ("turned", np.uint8),
        ("spare", np.uint8),
    ]
)
PLACE = np.dtype(
    [
        ("chance", np.float64),
        ("score", np.float64),
        ("capacity", np.float64),
        ("town", np.bool_),
        ("camp", np.bool_),
    ],
    align=True,
)
PATH = np.dtype([("inverse", np.float64), ("dest", np.int32), ("length", np.int32)])
ARC = np.dtype(
    [
        ("km", np.float64),
        ("speed", np.float64),
        ("walk", np.float64),
        ("origin", np.int32),
        ("target", np.int32),
        ("open", np.bool_),
        ("closing", np.bool_),
    ],
    align=True,
)


class Law(NamedTuple):
    """The numbers of the local law that the kernel needs; `pruning` 0: off."""

    speed: float
    walk_speed: float
    softening: float
    power: float
    buffer: float
    pruning: float
    avoid_short_stints: bool
    start_on_foot: bool
    close_to_home: bool
    compat: bool


class Today(NamedTuple):
    """What holds for one day.

    Parameters
    ----------
    ptr : (n + 1,) int64            paths from each place, as in `Paths`.
    places : (n,) PLACE
    paths : (c,) PATH
    path_arcs : (c, longest) int32
    arcs : (a,) ARC                 `closing`: open yesterday, closed today.
    home_factor : (n, n) float64    of `stay_close_to_home`, else (1, 1).
    law : Law
    """

    ptr: NDArray[np.int64]
    places: NDArray[np.void]
    paths: NDArray[np.void]
    path_arcs: NDArray[np.int32]
    arcs: NDArray[np.void]
    home_factor: NDArray[np.float64]
    law: Law


Rest = tuple[NDArray[np.int64], Today]


@compiled
def _choose(agent: int, share: float, people: NDArray[np.void], here: NDArray[np.int64], today: Today) -> int:
    """Choose a path by weight; -1 where there is none. All weights zero: each is as likely."""
    law, one = today.law, people[agent]
    place = one["place"]
    begin, end = today.ptr[place], today.ptr[place + 1]
    if begin == end:
        return -1
    seen_from = place if law.compat else one["home"]
    weights = np.empty(end - begin)
    total, best = 0.0, 0.0
    for k in range(end - begin):
        path = today.paths[begin + k]
        dest = path["dest"]
        score, room = today.places[dest]["score"], 1.0
        if law.close_to_home:
            score *= today.home_factor[seen_from, dest]
        if today.places[dest]["camp"]:
            room = capacity_factor(float(here[dest]), today.places[dest]["capacity"], law.buffer)
        weights[k] = path_weight(score, path["inverse"], room, law.softening, law.power)
        total += weights[k]
        best = max(best, weights[k])
    if not total > 0.0:
        return int(begin + min(int(share * (end - begin)), end - begin - 1))
    return int(begin + _pick(weights, share, best / law.pruning if law.pruning > 0.0 else 0.0))


@compiled
def _pick(weights: NDArray[np.float64], share: float, floor: float) -> int:
    """Give the position that `share` (0 to 1) of the weight at or above `floor` leads to."""
    total, last = 0.0, 0
    for weight in weights:
        total += weight if weight >= floor else 0.0
    left = share * total
    for k in range(len(weights)):
        if weights[k] > 0.0 and weights[k] >= floor:
            last = k
            left -= weights[k]
            if left < 0.0:
                break
    return last


@compiled
def _set_out(agent: int, people: NDArray[np.void], here: NDArray[np.int64], today: Today) -> None:
    """Take the next road of the path, unless it is closed or leads to a full camp: then drop the path."""
    one = people[agent]
    path = one["path"]
    arc, dest = today.path_arcs[path, one["taken"]], today.paths[path]["dest"]
    full = False
    if today.places[dest]["camp"]:
        room = capacity_factor(float(here[dest]), today.places[dest]["capacity"], today.law.buffer)
        full = room < FULL_FACTOR
    if full or not today.arcs[arc]["open"]:
        one["path"] = -1
        return
    here[one["place"]] -= 1
    one["arc"], one["km"], one["turned"] = arc, 0.0, 0
    one["taken"] += 1
    if one["taken"] == today.paths[path]["length"]:
        one["path"] = -1


@compiled
def _go(agent: int, draw: tuple[np.uint64, int], people: NDArray[np.void], rest: Rest) -> None:
    """Let an agent in a place take the next road of an old or a new path."""
    here, today = rest
    if people[agent]["path"] < 0:
        share = uniform(draw[0], agent, ROUTE + draw[1])
        path = _choose(agent, share, people, here, today)
        if path < 0:
            return
        people[agent]["path"], people[agent]["taken"] = path, 0
    _set_out(agent, people, here, today)


@compiled
def _speed(agent: int, draw: tuple[np.uint64, int], people: NDArray[np.void], today: Today) -> float:
    """Give the km per day of one agent on the road she is on."""
    one, law = people[agent], today.law
    if law.start_on_foot and one["started"] == 0:
        return float(law.walk_speed)
    walk = today.arcs[one["arc"]]["walk"]
    if walk > 0.0 and uniform(draw[0], agent, WALK + draw[1]) < walk:
        return float(law.walk_speed)
    return float(today.arcs[one["arc"]]["speed"])


@compiled
def _chance_on_the_way(agent: int, moved: float, people: NDArray[np.void], today: Today) -> float:
    """Give the chance to go on from a place reached during the day."""
    one, law = people[agent], today.law
    place = today.places[one["place"]]
    if law.avoid_short_stints and place["town"] and (one["recent"] + moved / law.speed) / 2.0 < 0.5:
        return 1.0
    return float(place["chance"])


@compiled
def _arrive(agent: int, place: int, people: NDArray[np.void], here: NDArray[np.int64]) -> None:
    one = people[agent]
    one["place"], one["arc"], one["km"], one["turned"] = place, -1, 0.0, 0
    here[place] += 1


@compiled
def _travel(agent: int, luck: np.uint64, people: NDArray[np.void], rest: Rest) -> float:
    """Spend the day on the road, deciding again at every place reached in time; give the km travelled."""
    here, today = rest
    one = people[agent]
    moved, hop, budget = 0.0, 0, today.law.speed
    while one["arc"] >= 0:
        arc = today.arcs[one["arc"]]
        cost = today.law.speed / _speed(agent, (luck, hop), people, today)
        need = (arc["km"] - one["km"]) * cost
        if need > budget:
            one["km"] += budget / cost
            moved += budget / cost
            break
        budget -= need
        moved += need / cost
        if not arc["open"]:
            one["path"] = -1
            _arrive(agent, arc["origin"], people, here)
            break
        one["started"] = 1
        _arrive(agent, arc["target"], people, here)
        if budget <= 0.0:
            break
        hop += 1
        chance = _chance_on_the_way(agent, moved, people, today)
        if one["path"] >= 0 or uniform(luck, agent, LEAVE + hop) < chance:
            _go(agent, (luck, hop), people, rest)
    return float(moved)


@compiled
def _travel_compat(agent: int, luck: np.uint64, people: NDArray[np.void], rest: Rest) -> float:
    """Do the same as Flee's code does: a full day's distance again on every further road of the day."""
    here, today = rest
    one = people[agent]
    moved, hop = 0.0, 0
    while one["arc"] >= 0:
        arc = today.arcs[one["arc"]]
        speed = _speed(agent, (luck, hop), people, today)
        one["km"] += speed
        moved += speed
        if one["km"] <= arc["km"]:
            break
        one["started"] = 1
        moved += arc["km"] - one["km"]
        if one["turned"]:
            _arrive(agent, arc["origin"], people, here)
            break
        _arrive(agent, arc["target"], people, here)
        if moved >= speed or hop >= MOST_ROADS_A_DAY:
            break
        hop += 1
        chance = _chance_on_the_way(agent, moved, people, today)
        if one["path"] >= 0 or uniform(luck, agent, LEAVE + hop) < chance:
            _go(agent, (luck, hop), people, rest)
    return float(moved)


@compiled
def live_a_day(
    people: NDArray[np.void], came: int, here: NDArray[np.int64], today: Today, luck: np.uint64
) -> None:
    """Let all agents of one member live one day, in place.

    Parameters
    ----------
    people : (count,) AGENT     changed.
    came : int                  the last `came` of them have just appeared.
    here : (n,) int64           agents at each place; changed.
    today : Today
    luck : uint64               from `compiled.luck_of`.
    """
    rest = (here, today)
    count = len(people)
    for agent in range(count - came, count):
        here[people[agent]["place"]] += 1
    for agent in range(count):
        one = people[agent]
        if one["arc"] < 0:
            if one["path"] >= 0 or uniform(luck, agent, LEAVE) < today.places[one["place"]]["chance"]:
                _go(agent, (luck, 0), people, rest)
        elif today.arcs[one["arc"]]["closing"]:
            one["turned"] = 1
    for agent in range(count):
        moved = 0.0
        if people[agent]["arc"] >= 0:
            if today.law.compat:
                moved = _travel_compat(agent, luck, people, rest)
            else:
                moved = _travel(agent, luck, people, rest)
        people[agent]["recent"] = (people[agent]["recent"] + moved / today.law.speed) / 2.0
