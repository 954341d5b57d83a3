"""What the agent kernel looks up: legs of paths, once for all days; and what holds on one day.

A leg is a road together with what follows it on a path. Paths that end alike share their last legs, so that a
single number says both where somebody is and where she is going.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.engines import local_rules
from safepassage.engines.agents_rules import LEG, PATH, PLACE, Law, Tables, Today
from safepassage.engines.alias import FULL, SLOT
from safepassage.engines.local_routes import Paths
from safepassage.engines.timetable import Timetable

# Rows of slots take twelve bytes for each group and path, of which only those in use are ever touched.
MOST_SLOTS = 20_000_000


@dataclass(frozen=True)
class Plan:
    """What does not change from day to day.

    Parameters
    ----------
    law : Law               with `limits` and `alike` as on a day without limits, nobody standing still.
    legs : (l,) LEG         all open.
    arc : (l,) int64        the arc of each leg.
    paths : (c,) PATH
    groups : int            rows of slots for each place: kinds, times homes where scores depend on them.
    where : dtype           of the number that says where an agent is: uint16 where that fits.
    km : dtype              of km to go: uint16 where all km are whole and everybody is as fast, else float64.
    """

    law: Law
    legs: NDArray[np.void]
    arc: NDArray[np.int64]
    paths: NDArray[np.void]
    groups: int
    where: np.dtype[np.unsignedinteger]
    km: np.dtype[np.number]


def plan_of(timetable: Timetable, *, narrow: bool = True) -> Plan:
    """Work out what does not change from day to day.

    Parameters
    ----------
    timetable : Timetable
    narrow : bool       false: the widest types, whatever fits; for tests.
    """
    law = _law_of(timetable)
    arc, after, last, first = legs_of_paths(timetable.paths)
    arcs, paths = timetable.arcs, np.zeros(len(first), dtype=PATH)
    paths["dest"], paths["inverse"], paths["leg"] = timetable.paths.dest, timetable.inverse, first
    legs = np.zeros(len(arc), dtype=LEG)
    legs["km"], legs["speed"] = arcs.km[arc], timetable.arc_speed[arc]
    legs["walk"], legs["next"], legs["open"] = timetable.arc_walk[arc], after, True
    legs["origin"], legs["target"], legs["dest"] = arcs.origin[arc], arcs.target[arc], arcs.target[last]
    places = len(timetable.population)
    groups = timetable.kinds * (places if law.from_home else 1)
    fits = narrow and 2 * (places + len(legs)) <= np.iinfo(np.uint16).max
    whole = narrow and law.even and timetable.arcs.km.max(initial=0.0) <= np.iinfo(np.uint16).max
    return Plan(
        law=law._replace(tables=groups * int(np.diff(timetable.paths.ptr[:, [0, -1]]).max()) <= MOST_SLOTS),
        legs=legs,
        arc=arc,
        paths=paths,
        groups=groups,
        where=np.dtype(np.uint16 if fits else np.uint32),
        km=np.dtype(np.uint16 if whole else np.float64),
    )


def legs_of_paths(paths: Paths) -> tuple[NDArray[np.int64], ...]:
    """Share the endings of all paths.

    Returns
    -------
    (l,) int64      arc of each leg.
    (l,) int64      the leg after it, -1 for none; always one of a smaller number.
    (l,) int64      last arc of the path it is on.
    (c,) int64      first leg of each path.
    """
    arc, after, last = (np.zeros(0, dtype=np.int64) for _ in range(3))
    leg = np.full(len(paths.length), -1, dtype=np.int64)
    many = int(paths.arcs.max(initial=0)) + 1
    for left in range(1, int(paths.length.max(initial=0)) + 1):
        rows = np.flatnonzero(paths.length >= left)
        key = (leg[rows] + 1) * many + paths.arcs[rows, paths.length[rows] - left]
        keys, position = np.unique(key, return_inverse=True)
        leg[rows] = len(arc) + position.reshape(-1)
        road, follows = keys % many, keys // many - 1
        arc, after = np.concatenate([arc, road]), np.concatenate([after, follows])
        last = np.concatenate([last, last[follows] if left > 1 else road])
    return arc, after, last, leg


def _law_of(timetable: Timetable) -> Law:
    law = timetable.law
    speed = law.max_move_speed_km_per_day
    speed = float(speed if law.compat else max(1.0, np.rint(speed)))
    same = bool((timetable.arc_speed == speed).all() and not timetable.arc_walk.any())
    even = same and not law.compat and not law.start_on_foot
    # Floats all, so that the kernel is compiled once whatever numbers the law was given.
    return Law(
        speed=speed,
        walk_speed=float(law.max_walk_speed_km_per_day),
        softening=float(law.weight_softening),
        power=float(law.weight_power),
        buffer=float(law.capacity_buffer if law.awareness_level > 0 or law.compat else np.inf),
        pruning=float(law.pruning_threshold if law.pruning_threshold >= 1.001 else 0.0),
        avoid_short_stints=law.avoid_short_stints,
        start_on_foot=law.start_on_foot,
        compat=law.compat,
        even=even,
        alike=even,
        limits=False,
        tables=True,
        from_home=law.stay_close_to_home and not law.compat,
        from_here=law.stay_close_to_home and law.compat,
        kinds=timetable.kinds > 1,
    )


@dataclass(frozen=True)
class Morning:
    """One day of one timetable as the kernel wants it, and what it was made from.

    Parameters
    ----------
    today : Today
    state : (int, int)          states of the roads today and yesterday.
    made_from : tuple of bytes  everything else that differs from day to day; the first are the scores.
    """

    today: Today
    state: tuple[int, int]
    made_from: tuple[bytes, ...]


def morning_of(
    plan: Plan, timetable: Timetable, *, day: int, score: NDArray[np.float64], old: Morning | None
) -> Morning:
    """Lay out one day; what has not changed since `old` is kept, above all the rows of slots.

    Parameters
    ----------
    plan : Plan
    timetable : Timetable
    day : int
    score : (kinds, n) float64      from `timetable.scores`.
    old : Morning or None           any other day of the same plan; nobody else may use it at the same time.
    """
    row, before = timetable.row(day), timetable.row(max(0, day - 1))
    state = int(timetable.state[row]), int(timetable.state[before])
    daily = (score, timetable.chances(day), np.asarray(timetable.still(day)), timetable.room(day))
    parts = (*daily, timetable.role[row], timetable.conflict[row])
    made_from = tuple(part.tobytes() for part in parts)
    if old is not None and old.state == state and old.made_from == made_from:
        return old
    if old is not None and old.state == state:
        legs, closing = old.today.legs, old.today.closing
    else:
        legs, closing = _legs_today(plan, timetable, state)
    same_weights = old is not None and old.state[0] == state[0] and old.made_from[0] == made_from[0]
    ptr, still = timetable.paths.ptr[state[0]], daily[2]
    places, limits = _places_today(plan, timetable, row=row, room=daily[3], ptr=ptr)
    chance = np.zeros((len(score), len(places) + 1), dtype=np.uint64)
    chance[:, :-1] = np.rint(daily[1] * FULL)
    today = Today(
        ptr=ptr,
        places=places,
        paths=plan.paths,
        legs=legs,
        score=np.ascontiguousarray(score),
        chance=chance,
        still=still,
        home_factor=timetable.home_factor,
        closing=closing,
        tables=old.today.tables if old is not None and same_weights else new_tables(plan, ptr),
        law=plan.law._replace(limits=limits, alike=plan.law.even and not bool(still.any())),
    )
    return Morning(today, state, made_from)


def _places_today(
    plan: Plan, timetable: Timetable, *, row: int, room: NDArray[np.float64], ptr: NDArray[np.int64]
) -> tuple[NDArray[np.void], bool]:
    """Give the places, and whether any camp has a limit."""
    limited = local_rules.is_camp(timetable.role[row]) & (room >= 1.0) & (plan.law.buffer < np.inf)
    places = np.zeros(len(room), dtype=PLACE)
    places["capacity"] = np.where(limited, room, 0.0)
    places["town"] = local_rules.is_town(timetable.role[row], timetable.conflict[row])
    if limited.any():
        ends = np.concatenate([[0], np.cumsum(limited[plan.paths["dest"][ptr[0] : ptr[-1]]])])
        places["filling"] = np.diff(ends[ptr - ptr[0]]) > 0
    return places, bool(limited.any())


def _legs_today(plan: Plan, timetable: Timetable, state: tuple[int, int]) -> tuple[NDArray[np.void], bool]:
    is_open, was_open = timetable.arc_open[state[0]], timetable.arc_open[state[1]]
    legs = plan.legs.copy()
    legs["open"], legs["closing"] = is_open[plan.arc], (was_open & ~is_open)[plan.arc]
    return legs, bool(legs["closing"].any())


def new_tables(plan: Plan, ptr: NDArray[np.int64]) -> Tables:
    """Make room for rows of slots, none of them laid out."""
    paths, most = int(ptr[-1] - ptr[0]), int(np.diff(ptr).max(initial=0))
    groups = plan.groups if plan.law.tables else 1
    return Tables(
        slots=np.zeros(groups * paths if plan.law.tables else 0, dtype=SLOT),
        ready=np.zeros((groups, len(ptr) - 1), dtype=np.int8),
        weights=np.zeros(most, dtype=np.float64),
        queue=np.zeros(most, dtype=np.int64),
    )
