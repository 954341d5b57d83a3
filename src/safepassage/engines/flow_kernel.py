"""Compiled part of the flow kernel: one block of lanes after the other lives its days. See `engines.flow`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.compiled import compiled
from safepassage.engines.flow_lanes import gather
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
    alike : bool                all blocks have the same values: those of the first one hold.
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
def _split_lanes(came: NDArray[np.float64], total: NDArray[np.float64], waiting: NDArray[np.float64]) -> None:
    """Turn the weights of the origins into those who leave each, lane by lane."""
    for lane in range(len(waiting)):
        each = 0.0
        if total[lane] > 0.0:
            each, waiting[lane] = waiting[lane] / total[lane], 0.0
        for place in range(len(came)):
            came[place, lane] *= each


@compiled
def _split_tangents(
    came: NDArray[np.float64], total: NDArray[np.float64], waiting: NDArray[np.float64]
) -> None:
    """Turn the weights of the origins into those who leave each, with derivatives."""
    if not total[0] > 0.0:
        came[:] = 0.0
        return
    inverse, each = 1.0 / total[0], waiting[0] / total[0]
    for place in range(len(came)):
        share = came[place, 0] * inverse
        for lane in range(1, len(waiting)):
            slope = (came[place, lane] - share * total[lane]) * inverse
            came[place, lane] = waiting[lane] * share + waiting[0] * slope
        came[place, 0] *= each
    waiting[:] = 0.0


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
    total = np.zeros(len(waiting))
    for place in range(len(intensity)):
        for lane in range(len(waiting)):
            came[place, lane] = population[place, lane] * intensity[place]
            total[lane] += came[place, lane]
    if by_rule:
        waiting[0] += due * factor[0]
        if departures > 0:
            waiting[departures] += due
        _split_tangents(came, total, waiting)
    else:
        for lane in range(len(waiting)):
            waiting[lane] += due * factor[lane]
        _split_lanes(came, total, waiting)


@compiled
def _leave_by_rate(
    rate: NDArray[np.float64],
    how: tuple[int, bool],
    block: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    tangents: tuple[bool, int],
    came: NDArray[np.float64],
) -> None:
    """Let so many leave each place as conflict or floods there drive out."""
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
def _take(came: NDArray[np.float64], population: NDArray[np.float64], by_rule: bool) -> None:
    """Take those who leave from the population."""
    for place in range(len(came)):
        for lane in range(came.shape[1]):
            population[place, lane] -= came[place, lane]
        if by_rule and population[place, 0] <= 0.0:
            population[place, :] = 0.0
        elif not by_rule:
            for lane in range(came.shape[1]):
                population[place, lane] = max(0.0, population[place, lane])


@compiled
def _depart(
    blocks: Blocks, where: tuple[int, int, int], facts: Facts, course: Course, came: NDArray[np.float64]
) -> None:
    """Let those leave who do today: into the first rows of the day vector that begins at ``where[2]``."""
    block, t, base = where
    morning = course.morning[t]
    origins = (blocks.population[block], blocks.waiting[block], blocks.values[block, DEPARTURES])
    # A row whose lanes are members has no lane for any derivative.
    tangents = (course.lane_of.max() >= 0, course.lane_of[DEPARTURES])
    if course.mode == BY_TOTAL:
        _leave_by_total(course.due[t], facts.intensity[morning], origins, tangents, came)
    else:
        _leave_by_rate(facts.rate[morning], (course.mode, course.take), origins, tangents, came)
    if course.take:
        _take(came, origins[0], tangents[0])
    ring, inside = blocks.ring[block], blocks.inside[block]
    for place in range(len(came)):
        for lane in range(came.shape[1]):
            ring[base + place, lane] += came[place, lane]
            inside[lane] += came[place, lane]


@compiled
def _wake(ring: NDArray[np.float64], days: tuple[int, int], roads: Roads) -> None:
    """Let everybody who spent the night in a place have the whole day left; forget the day before."""
    before, base = days
    night, places = before + roads.states, len(roads.ptr) - 1
    for place in range(places):
        for lane in range(ring.shape[1]):
            ring[base + place, lane] += ring[night + place, lane]
    ring[before : before + roads.rows] = 0.0


@compiled
def _note(
    blocks: Blocks,
    where: tuple[int, int, int],
    roads: Roads,
    stock: NDArray[np.float64],
    on_road: NDArray[np.float64],
) -> None:
    """Write down who is where tonight; whoever has left and is in no place is on the road."""
    block, t, base = where
    ring, places = blocks.ring[block], len(roads.ptr) - 1
    first = block * ring.shape[1]
    used = min(ring.shape[1], on_road.shape[1] - first)
    for lane in range(used):
        on_road[t, first + lane] = blocks.inside[block, lane]
    for place in range(places if used > 0 else 0):
        night, column = base + roads.states + place, roads.column[place]
        for lane in range(used):
            people = ring[night, lane] + ring[night + places, lane]
            on_road[t, first + lane] -= people
            if column >= 0:
                stock[t, column, first + lane] = people


@compiled
def _weigh(
    blocks: Blocks, block: int, morning: int, facts: Facts, course: Course, roads: Roads
) -> NDArray[np.float64]:
    """Give the chances of one block on one morning, made anew only as far as anything has changed."""
    if course.alike:
        block = 0
    if blocks.morning[block] != morning:
        chances = Chances(blocks.moves[block], blocks.inverse[block], blocks.score[block])
        given = (blocks.values[block], course.lane_of, course.lane_of.max() >= 0)
        both = (blocks.morning[block], morning)
        refresh(facts, both, (roads.ptr, roads.dest, roads.km), given, chances)
        blocks.morning[block] = morning
    moves: NDArray[np.float64] = blocks.moves[block]
    return moves


@compiled
def count_evening(
    ring: NDArray[np.float64],
    vector: tuple[int, int, int],
    here: NDArray[np.float64],
    on_road: NDArray[np.float64],
) -> None:
    """Add up who is in places (member, n) and who is on the road (member,); lanes are members.

    Unlike `_note` this counts those on the road one by one, always in the same order. `vector` is the first
    row of today's day vector, its rows, and its states.
    """
    today, rows, states = vector
    places, lanes = here.shape[1], ring.shape[2]
    for block in range(len(ring)):
        for lane in range(lanes):
            member, ahead = block * lanes + lane, 0.0
            for row in range(ring.shape[1]):
                if not today <= row < today + rows and row % rows < states + places:
                    ahead += ring[block, row, lane]
            for place in range(places):
                night = today + states + place
                resting = ring[block, night + places, lane]
                here[member, place] = ring[block, night, lane] + resting
                ahead -= resting
            on_road[member] = ahead


Result = tuple[NDArray[np.float64], NDArray[np.float64]]
Kernel = Callable[[Blocks, Facts, Course, Roads, Plan, Result], None]


@lru_cache(maxsize=8)
def kernel_of(lanes: int, tangents: bool) -> Kernel:
    """Give the kernel for rows of so many lanes: members, or one member's value and its tangents.

    It lets the days of a course pass and notes stocks (t, k, lanes) and people on the road (t, lanes).
    """
    row = -lanes if tangents else lanes

    @compiled
    def live(blocks: Blocks, facts: Facts, course: Course, roads: Roads, plan: Plan, result: Result) -> None:
        size = roads.rows * roads.vectors
        came = np.zeros((len(roads.ptr) - 1, lanes))
        for block in range(len(blocks.ring)):
            ring = blocks.ring[block]
            for t in range(len(course.morning)):
                moves = _weigh(blocks, block, course.morning[t], facts, course, roads)
                vector = course.first_day + t
                base = vector % roads.vectors * roads.rows
                before = (vector + roads.vectors - 1) % roads.vectors * roads.rows
                _wake(ring, (before, base), roads)
                if course.mode != GIVEN:
                    _depart(blocks, (block, t, base), facts, course, came)
                for k in range(len(plan.to)):
                    to = base + plan.to[k]
                    if to >= size:
                        to -= size
                    gather(ring, (to, base, plan.begin[k], plan.begin[k + 1]), plan.legs, moves, row)
                _note(blocks, (block, t, base), roads, result[0], result[1])

    return live
