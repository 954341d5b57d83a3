"""Compiled part of the agent kernel: decide, choose, travel. See `engines.agents` for the order of a day."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import draw_number
from safepassage.engines.compiled import compiled, uniform
from safepassage.engines.local_rules import FULL_FACTOR, capacity_factor, path_weight

LEAVE, ROUTE, WALK = (draw_number(f"local law: {what}") for what in ("leave", "route", "walk"))


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


class World(NamedTuple):
    """What never changes: c paths of up to `longest` arcs, a arcs, n places (see `Paths`, `Arcs`)."""

    dest: NDArray[np.int32]
    inverse: NDArray[np.float64]
    path_arcs: NDArray[np.int32]
    path_length: NDArray[np.int32]
    arc_origin: NDArray[np.int32]
    arc_target: NDArray[np.int32]
    arc_km: NDArray[np.float64]
    arc_speed: NDArray[np.float64]
    arc_walk: NDArray[np.float64]
    home_factor: NDArray[np.float64]


class Today(NamedTuple):
    """What holds for one day: paths from each place, open arcs; n places' chance, kind, score and room."""

    ptr: NDArray[np.int64]
    arc_open: NDArray[np.bool_]
    arc_closing: NDArray[np.bool_]
    chance: NDArray[np.float64]
    town: NDArray[np.bool_]
    camp: NDArray[np.bool_]
    score: NDArray[np.float64]
    capacity: NDArray[np.float64]


class People(NamedTuple):
    """The agents of one member, in order of their coming.

    `place` is where an agent is or was last, `arc` the road she is on (-1: none), `path` and `taken` the
    path she follows and how many of its arcs she has entered, `km` how far she is on the arc, `recent` Flee's
    index of recent travel, `started` whether she has completed a link, `turned` whether her road closed.
    """

    place: NDArray[np.int32]
    home: NDArray[np.int32]
    arc: NDArray[np.int32]
    path: NDArray[np.int32]
    taken: NDArray[np.uint8]
    km: NDArray[np.float64]
    recent: NDArray[np.float32]
    started: NDArray[np.bool_]
    turned: NDArray[np.bool_]


Frame = tuple[Today, World, Law, np.uint64]


@compiled
def _weight(path: int, agent: int, people: People, here: NDArray[np.int64], frame: Frame) -> float:
    """Weigh one path for one agent as things stand at this moment."""
    today, world, law, _ = frame
    dest = world.dest[path]
    score = today.score[dest]
    if law.close_to_home:
        seen_from = people.place[agent] if law.compat else people.home[agent]
        score *= world.home_factor[seen_from, dest]
    room = 1.0
    if today.camp[dest]:
        room = capacity_factor(float(here[dest]), today.capacity[dest], law.buffer)
    return path_weight(score, world.inverse[path], room, law.softening, law.power)


@compiled
def _choose(agent: int, share: float, people: People, here: NDArray[np.int64], frame: Frame) -> int:
    """Choose a path by weight; -1 where there is none. All weights zero: each is as likely."""
    today, _, law, _ = frame
    place = people.place[agent]
    begin, end = today.ptr[place], today.ptr[place + 1]
    total, best = 0.0, 0.0
    for path in range(begin, end):
        weight = _weight(path, agent, people, here, frame)
        total += weight
        best = max(best, weight)
    if total <= 0.0:
        return -1 if begin == end else begin + min(int(share * (end - begin)), end - begin - 1)
    floor = best / law.pruning if law.pruning > 0.0 else 0.0
    if floor > 0.0:
        total = 0.0
        for path in range(begin, end):
            weight = _weight(path, agent, people, here, frame)
            total += weight if weight >= floor else 0.0
    return _pick(agent, (share * total, floor), people, here, frame)


@compiled
def _pick(agent: int, aim: tuple[float, float], people: People, here: NDArray[np.int64], frame: Frame) -> int:
    today = frame[0]
    place = people.place[agent]
    left, last = aim[0], -1
    for path in range(today.ptr[place], today.ptr[place + 1]):
        weight = _weight(path, agent, people, here, frame)
        if weight > 0.0 and weight >= aim[1]:
            last = path
            left -= weight
            if left < 0.0:
                break
    return last


@compiled
def _decide(
    agent: int, hop: int, forced: bool, people: People, here: NDArray[np.int64], frame: Frame
) -> None:
    """Let an agent in a place stay, or take the next road of an old or a new path."""
    today, world, law, luck = frame
    place = people.place[agent]
    if people.path[agent] < 0:
        chance = 1.0 if forced and today.town[place] else today.chance[place]
        if chance <= 0.0 or uniform(luck, agent, LEAVE + hop) >= chance:
            return
        path = _choose(agent, uniform(luck, agent, ROUTE + hop), people, here, frame)
        if path < 0:
            return
        people.path[agent], people.taken[agent] = path, 0
    path = people.path[agent]
    arc, dest = world.path_arcs[path, people.taken[agent]], world.dest[path]
    full = today.camp[dest] and (
        capacity_factor(float(here[dest]), today.capacity[dest], law.buffer) < FULL_FACTOR
    )
    if full or not today.arc_open[arc]:
        people.path[agent] = -1
        return
    here[place] -= 1
    people.arc[agent], people.km[agent], people.turned[agent] = arc, 0.0, False
    people.taken[agent] += 1
    if people.taken[agent] == world.path_length[path]:
        people.path[agent] = -1


@compiled
def _arrive(agent: int, place: int, people: People, here: NDArray[np.int64]) -> None:
    people.place[agent], people.arc[agent], people.km[agent] = place, -1, 0.0
    here[place] += 1


@compiled
def _speed(agent: int, hop: int, people: People, frame: Frame) -> float:
    """Give the km per day of one agent on the road she is on."""
    _, world, law, luck = frame
    arc = people.arc[agent]
    if law.start_on_foot and not people.started[agent]:
        return float(law.walk_speed)
    walk = world.arc_walk[arc]
    if walk > 0.0 and uniform(luck, agent, WALK + hop) < walk:
        return float(law.walk_speed)
    return float(world.arc_speed[arc])


@compiled
def _must_go_on(agent: int, moved: float, people: People, law: Law) -> bool:
    return bool(law.avoid_short_stints and (people.recent[agent] + moved / law.speed) / 2.0 < 0.5)


@compiled
def _travel(agent: int, people: People, here: NDArray[np.int64], frame: Frame) -> float:
    """Spend the day on the road, deciding again at every place reached in time; give the km travelled."""
    today, world, law, _ = frame
    moved, hop = 0.0, 0
    budget = law.speed
    while people.arc[agent] >= 0:
        arc = people.arc[agent]
        cost = law.speed / _speed(agent, hop, people, frame)
        need = (world.arc_km[arc] - people.km[agent]) * cost
        if need > budget:
            people.km[agent] += budget / cost
            moved += budget / cost
            break
        budget -= need
        moved += need / cost
        if not today.arc_open[arc]:
            _arrive(agent, world.arc_origin[arc], people, here)
            people.path[agent] = -1
            break
        people.started[agent] = True
        _arrive(agent, world.arc_target[arc], people, here)
        if budget <= 0.0:
            break
        hop += 1
        _decide(agent, hop, _must_go_on(agent, moved, people, law), people, here, frame)
    return moved


@compiled
def _travel_compat(agent: int, people: People, here: NDArray[np.int64], frame: Frame) -> float:
    """Do the same as Flee's code does: a full day's distance again on every further road of the day."""
    _, world, law, _ = frame
    moved, hop = 0.0, 0
    while people.arc[agent] >= 0:
        arc = people.arc[agent]
        speed = _speed(agent, hop, people, frame)
        people.km[agent] += speed
        moved += speed
        if people.km[agent] <= world.arc_km[arc]:
            break
        people.started[agent] = True
        moved += world.arc_km[arc] - people.km[agent]
        if people.turned[agent]:
            _arrive(agent, world.arc_origin[arc], people, here)
            people.turned[agent] = False
            break
        _arrive(agent, world.arc_target[arc], people, here)
        if moved >= speed:
            break
        hop += 1
        _decide(agent, hop, _must_go_on(agent, moved, people, law), people, here, frame)
    return moved


@compiled
def live_a_day(
    people: People,
    came: int,
    here: NDArray[np.int64],
    today: Today,
    fixed: tuple[World, Law],
    luck: np.uint64,
) -> None:
    """Let all agents of one member live one day, in place.

    Parameters
    ----------
    people : People         changed.
    came : int              the last `came` of them have just appeared.
    here : (n,) int64       agents at each place; changed.
    today, fixed : what holds today, and always.
    luck : uint64           from `compiled.luck_of`.
    """
    world, law = fixed
    frame = (today, world, law, luck)
    count = len(people.place)
    for agent in range(count - came, count):
        here[people.place[agent]] += 1
    for agent in range(count):
        arc = people.arc[agent]
        if arc < 0:
            _decide(agent, 0, False, people, here, frame)
        elif today.arc_closing[arc]:
            people.turned[agent] = True
    for agent in range(count):
        moved = 0.0
        if people.arc[agent] >= 0:
            moved = (
                _travel_compat(agent, people, here, frame)
                if law.compat
                else _travel(agent, people, here, frame)
            )
        people.recent[agent] = (people.recent[agent] + moved / law.speed) / 2.0
