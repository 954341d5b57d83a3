"""Compiled part of the flow kernel: one block of lanes after the other lives day by day. See `engines.flow`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.compiled import compiled
from safepassage.engines.flow_lanes import add_row, gather
from safepassage.engines.flow_plan import Plan
from safepassage.engines.flow_weights import DEPARTURES, Chances, Facts, refresh

BY_TOTAL, BY_RATE, BY_SHARE, GIVEN = range(4)


class Blocks(NamedTuple):
    """What changes from day to day, by block of lanes.

    Parameters
    ----------
    ring : (block, day vectors × rows, lanes) float64   who is where, today and on the days ahead.
    population : (block, n, lanes) float64  people who have not left yet.
    waiting, inside : (block, lanes) float64    due to leave on days without any conflict; all who have left.
    values : (block, parameter, lanes) float64
    moves, inverse, score : (block, …)      see `flow_weights.Chances`.
    morning : (block,) int64                the morning these hold for, -1: none.
    """

    ring: NDArray[np.float64]
    population: NDArray[np.float64]
    waiting: NDArray[np.float64]
    inside: NDArray[np.float64]
    values: NDArray[np.float64]
    moves: NDArray[np.float64]
    inverse: NDArray[np.float64]
    score: NDArray[np.float64]
    morning: NDArray[np.int64]


class Course(NamedTuple):
    """What holds on all days of one call, over which the plan is the same.

    Parameters
    ----------
    first_day : int
    morning : (t,) int64        of each day.
    due : (t,) float64          agents who leave altogether, where the series says so.
    mode : int                  how they leave: `BY_TOTAL`, `BY_RATE`, `BY_SHARE`; `GIVEN`: already counted.
    take : bool                 whoever leaves is not there to leave again.
    lane_of : (parameter,) int64    lane of the derivative by each parameter, -1: not asked for.
    alike : bool                all blocks have the same values.
    """

    first_day: int
    morning: NDArray[np.int64]
    due: NDArray[np.float64]
    mode: int
    take: bool
    lane_of: NDArray[np.int64]
    alike: bool


class Roads(NamedTuple):
    """The layout as the kernel takes it, for one state of the roads.

    Parameters
    ----------
    ptr : (n + 1,) int64        paths of each place, counted from zero.
    dest, km : (paths,)         end and length of each.
    states, rows, vectors : int     states; rows of a day vector; how many of these there are.
    column : (n,) int64         where each place stands in the result, -1: nowhere.
    """

    ptr: NDArray[np.int64]
    dest: NDArray[np.int32]
    km: NDArray[np.float64]
    states: int
    rows: int
    vectors: int
    column: NDArray[np.int64]


@compiled
def _leave_by_total(
    due: float,
    intensity: NDArray[np.float64],
    block: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    tangents: tuple[bool, int],
    came: NDArray[np.float64],
) -> None:
    """Split those who leave over the origins: in lanes, or as a value with derivatives."""
    population, waiting, factor = block
    by_rule, departures = tangents
    lanes, total = len(waiting), np.zeros(len(waiting))
    for place in range(len(intensity)):
        for lane in range(lanes):
            came[place, lane] = population[place, lane] * intensity[place]
        for lane in range(lanes):
            total[lane] += came[place, lane]
    for lane in range(lanes):
        if by_rule and lane > 0:
            waiting[lane] += due if lane == departures else 0.0
        else:
            waiting[lane] += due * factor[lane]
    if not by_rule:
        for lane in range(lanes):
            each = waiting[lane] / total[lane] if total[lane] > 0.0 else 0.0
            waiting[lane] = 0.0 if total[lane] > 0.0 else waiting[lane]
            for place in range(len(intensity)):
                came[place, lane] *= each
    elif total[0] > 0.0:
        inverse = 1.0 / total[0]
        each = waiting[0] / total[0]
        for place in range(len(intensity)):
            share = came[place, 0] * inverse
            for lane in range(1, lanes):
                slope = (came[place, lane] - share * total[lane]) * inverse
                came[place, lane] = waiting[lane] * share + waiting[0] * slope
            came[place, 0] *= each
        waiting[:] = 0.0
    else:
        came[:] = 0.0


@compiled
def _leave_by_conflict(
    rate: NDArray[np.float64],
    how: tuple[int, bool],
    block: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    tangents: tuple[bool, int],
    came: NDArray[np.float64],
) -> None:
    """Let so many leave each place as conflict there drives out."""
    population, waiting, factor = block
    mode, take = how
    by_rule, departures = tangents
    came[:] = 0.0
    for place in range(len(rate)):
        if not rate[place] > 0.0:
            continue
        for lane in range(1 if by_rule else len(waiting)):
            there = population[place, lane]
            agents = np.floor(rate[place] * there) if mode == BY_SHARE else rate[place]
            all_go = take and agents * factor[lane] > there
            came[place, lane] = there if all_go else agents * factor[lane]
            if by_rule and all_go:
                came[place, 1:] = population[place, 1:]
            elif by_rule and departures > 0:
                came[place, departures] = agents


@compiled
def _depart(
    day: tuple[int, float],
    facts: Facts,
    course: Course,
    block: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    came: NDArray[np.float64],
) -> None:
    """Work out who leaves each place today, and take them from the population where the law does."""
    morning, due = day
    population = block[0]
    # A row whose lanes are members has no lane for any derivative.
    tangents = (course.lane_of.max() >= 0, course.lane_of[DEPARTURES])
    if course.mode == BY_TOTAL:
        _leave_by_total(due, facts.intensity[morning], block, tangents, came)
    else:
        _leave_by_conflict(facts.rate[morning], (course.mode, course.take), block, tangents, came)
    if course.take:
        for place in range(len(came)):
            for lane in range(came.shape[1]):
                population[place, lane] -= came[place, lane]
            if tangents[0]:
                if population[place, 0] <= 0.0:
                    population[place, :] = 0.0
            else:
                for lane in range(came.shape[1]):
                    population[place, lane] = max(0.0, population[place, lane])


Kernel = Callable[[Blocks, Facts, Course, Roads, Plan, NDArray[np.float64], NDArray[np.float64]], None]


@lru_cache(maxsize=8)
def kernel_of(lanes: int, tangents: bool) -> Kernel:
    """Give the kernel for rows of so many lanes: members, or one member's value and its tangents."""

    @compiled
    def live(
        blocks: Blocks,
        facts: Facts,
        course: Course,
        roads: Roads,
        plan: Plan,
        stock: NDArray[np.float64],
        on_road: NDArray[np.float64],
    ) -> None:
        places, states = len(roads.ptr) - 1, roads.states
        size = roads.rows * roads.vectors
        came = np.zeros((places, lanes))
        for block in range(len(blocks.ring)):
            ring, moves = blocks.ring[block], blocks.moves[block]
            chances = Chances(moves, blocks.inverse[block], blocks.score[block])
            origins = (blocks.population[block], blocks.waiting[block], blocks.values[block, DEPARTURES])
            for t in range(len(course.morning)):
                morning = course.morning[t]
                if course.alike and block > 0 and len(course.morning) == 1:
                    moves = blocks.moves[0]
                elif blocks.morning[block] != morning:
                    given = (blocks.values[block], course.lane_of, tangents)
                    both = (blocks.morning[block], morning)
                    refresh(facts, both, (roads.ptr, roads.dest, roads.km), given, chances)
                    blocks.morning[block] = morning
                base = (course.first_day + t) % roads.vectors * roads.rows
                before = (course.first_day + t + roads.vectors - 1) % roads.vectors * roads.rows
                for place in range(places):
                    add_row(ring, base + place, ring, before + states + place, lanes)
                ring[before : before + roads.rows] = 0.0
                if course.mode != GIVEN:
                    _depart((morning, course.due[t]), facts, course, origins, came)
                    for place in range(places):
                        add_row(ring, base + place, came, place, lanes)
                        add_row(blocks.inside, block, came, place, lanes)
                for k in range(len(plan.to)):
                    to = base + plan.to[k]
                    if to >= size:
                        to -= size
                    part = (to, base, plan.begin[k], plan.begin[k + 1])
                    gather(ring, part, plan.source, plan.chance, moves, lanes, tangents)
                first = block * lanes
                used = min(lanes, on_road.shape[1] - first)
                for lane in range(used):
                    on_road[t, first + lane] = blocks.inside[block, lane]
                for place in range(places):
                    night, column = base + states + place, roads.column[place]
                    for lane in range(used):
                        people = ring[night, lane] + ring[night + places, lane]
                        on_road[t, first + lane] -= people
                        if column >= 0:
                            stock[t, column, first + lane] = people

    return live
