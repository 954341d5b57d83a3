"""Chances of the local law for the flow kernel: by lane, or with their derivatives by the law's numbers.

The formulas are those of `local_rules`; here every lane has its own numbers, and in place of lanes a row can
hold a value and its derivatives. Where a chance is cut to [0, 1], the derivative inside is taken on the edge
and zero beyond; where a weight is cut, zero; where a power has no finite derivative (zero to a power below
one), zero.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.compiled import compiled
from safepassage.engines.local_rules import HIGHEST_SCORE
from safepassage.engines.timetable import LEAST_KM

CHANCES = ("default_movechance", "conflict_movechance", "camp_movechance", "idpcamp_movechance")
PARAMETERS = (
    *CHANCES,
    "movechance_pop_base",
    "movechance_pop_scale_factor",
    "foreign_weight",
    "camp_weight",
    "conflict_weight",
    "pop_power_for_loc_weight",
    "softening_km",
    "weight_softening",
    "distance_power",
    "weight_power",
    "departures",
)
(POP_BASE, POP_SCALE, FOREIGN, CAMP_WEIGHT, CONFLICT, POP_POWER, SOFTENING, WEIGHT_SOFTENING) = range(4, 12)
DISTANCE_POWER, WEIGHT_POWER, DEPARTURES = range(12, 15)
ALWAYS = -1  # kind of chance: hubs and markers, which everybody leaves
HIGHEST_WEIGHT = 1e280


class Facts(NamedTuple):
    """What chances are made of; a morning is a stretch of days on which nothing of it changes.

    Parameters
    ----------
    kind : (m, n) int8              which of `CHANCES` holds, or `ALWAYS`.
    exponent : (m, n) float64       intensity × decay of conflict, -1 where there is none.
    camp : (m, n) bool
    score_factor, chance_factor : (m, n) float64    what further rules of the timetable make of both.
    intensity, rate : (m, n) float64    weight of each person as an origin; how many are driven out per day.
    changed_ptr : (m + 1,) int64    places changed since the morning before are
    changed : (x,) int64            ``changed[changed_ptr[k]:changed_ptr[k + 1]]``,
    touched_ptr, touched : (m + 1,), (y,) int64     and places whose own chances change by that.
    roads : (m,) int64              state of the roads.
    foreign : (n,) bool
    people, size : (n,) float64     for weights by population (1: not used), for chances by size.
    km : (c,) float64               length of paths.
    blind : bool                    scores do not matter.
    pruning : float                 `pruning_threshold`.
    """

    kind: NDArray[np.int8]
    exponent: NDArray[np.float64]
    camp: NDArray[np.bool_]
    score_factor: NDArray[np.float64]
    chance_factor: NDArray[np.float64]
    intensity: NDArray[np.float64]
    rate: NDArray[np.float64]
    changed_ptr: NDArray[np.int64]
    changed: NDArray[np.int64]
    touched_ptr: NDArray[np.int64]
    touched: NDArray[np.int64]
    roads: NDArray[np.int64]
    foreign: NDArray[np.bool_]
    people: NDArray[np.float64]
    size: NDArray[np.float64]
    km: NDArray[np.float64]
    blind: bool
    pruning: float


class Chances(NamedTuple):
    """Chances of one block of lanes, and what they were made of.

    Parameters
    ----------
    moves : (paths + n, lanes) float64      chance of each path of today's roads from its origin, and of each
        place (last n rows) to stay there.
    inverse : (paths, lanes) float64        distance factor of each path.
    score : (n, lanes) float64
    """

    moves: NDArray[np.float64]
    inverse: NDArray[np.float64]
    score: NDArray[np.float64]


@compiled
def _power_slope(x: float, power: float) -> float:
    """Give the derivative of x**power by x, zero where it is not finite."""
    if x == 0.0:
        return 1.0 if power == 1.0 else 0.0
    return float(power * x ** (power - 1.0))


@compiled
def _score(
    facts: Facts,
    where: tuple[int, int],
    v: NDArray[np.float64],
    lane_of: NDArray[np.int64],
    row: NDArray[np.float64],
) -> float:
    """Score one place on one morning by the numbers `v`; put the derivatives into `row`."""
    morning, place = where
    if facts.blind:
        return 1.0
    factor, slope = np.ones(4), np.zeros(4)
    if facts.foreign[place]:
        factor[0], slope[0] = v[FOREIGN], 1.0
    if facts.camp[morning, place]:
        factor[1], slope[1] = v[CAMP_WEIGHT], 1.0
    elif facts.people[place] > 1.0:
        factor[3] = facts.people[place] ** v[POP_POWER]
        slope[3] = factor[3] * log(facts.people[place])
    exponent = facts.exponent[morning, place]
    if exponent >= 0.0:
        factor[2], slope[2] = v[CONFLICT] ** exponent, _power_slope(v[CONFLICT], exponent)
        if factor[2] > HIGHEST_SCORE:
            factor[2], slope[2] = HIGHEST_SCORE, 0.0
    further = facts.score_factor[morning, place]
    for part in range(4):
        if lane_of[FOREIGN + part] > 0:
            value, factor[part] = factor[part], slope[part]
            row[lane_of[FOREIGN + part]] = factor[0] * factor[1] * factor[2] * factor[3] * further
            factor[part] = value
    return float(factor[0] * factor[1] * factor[2] * factor[3] * further)


@compiled
def _chance(
    facts: Facts,
    where: tuple[int, int],
    v: NDArray[np.float64],
    lane_of: NDArray[np.int64],
    row: NDArray[np.float64],
) -> float:
    """Give the chance to leave one place on one morning; put the derivatives into `row`."""
    morning, place = where
    kind = facts.kind[morning, place]
    own = 1.0 if kind == ALWAYS else v[kind]
    scale = 1.0
    if v[POP_SCALE] != 0.0 or lane_of[POP_SCALE] > 0:
        scale = (facts.size[place] / v[POP_BASE]) ** v[POP_SCALE]
    chance, further = own * scale, facts.chance_factor[morning, place]
    if 0.0 <= chance <= 1.0:
        if kind != ALWAYS and lane_of[kind] > 0:
            row[lane_of[kind]] = scale * further
        if lane_of[POP_BASE] > 0:
            row[lane_of[POP_BASE]] = -chance * v[POP_SCALE] / v[POP_BASE] * further
        if lane_of[POP_SCALE] > 0 and facts.size[place] > 0.0:
            row[lane_of[POP_SCALE]] = chance * log(facts.size[place] / v[POP_BASE]) * further
    return float(min(1.0, max(0.0, chance)) * further)


@compiled
def _inverse(
    km: float, v: NDArray[np.float64], lane_of: NDArray[np.int64], row: NDArray[np.float64]
) -> float:
    """Give the distance factor of one path; put the derivatives into `row`."""
    far = max(v[SOFTENING] + km, LEAST_KM)
    inverse = far ** -v[DISTANCE_POWER]
    if lane_of[SOFTENING] > 0 and far > LEAST_KM:
        row[lane_of[SOFTENING]] = -v[DISTANCE_POWER] * inverse / far
    if lane_of[DISTANCE_POWER] > 0:
        row[lane_of[DISTANCE_POWER]] = -log(far) * inverse
    return float(inverse)


@compiled
def _share_lanes(
    begin: int, end: int, pruning: float, moves: NDArray[np.float64], chance: NDArray[np.float64]
) -> None:
    """Turn the weights of the paths of one place into chances, lane by lane; prune them if need be."""
    for lane in range(moves.shape[1]):
        total, best = 0.0, 0.0
        for path in range(begin, end):
            best = max(best, moves[path, lane])
        if pruning >= 1.001:
            for path in range(begin, end):
                if moves[path, lane] < best / pruning:
                    moves[path, lane] = 0.0
        for path in range(begin, end):
            total += moves[path, lane]
        for path in range(begin, end):
            share = moves[path, lane] / total if total > 0.0 else 1.0 / (end - begin)
            moves[path, lane] = share * chance[lane]


@compiled
def weigh_lanes(
    facts: Facts,
    place: int,
    ptr: NDArray[np.int64],
    ways: tuple[NDArray[np.int32], NDArray[np.float64]],
    to: Chances,
) -> None:
    """Make the chances of one place anew in every lane; ``to.moves`` of its stay holds the chance to leave.

    `ptr` counts the paths of today's roads from zero; `ways` are their ends, and numbers (parameter, lane).
    """
    dest, values = ways
    begin, end = ptr[place], ptr[place + 1]
    lanes, stay = to.moves.shape[1], len(to.moves) - (len(ptr) - 1) + place
    chance = to.moves[stay].copy()
    for path in range(begin, end):
        for lane in range(lanes):
            weight = (values[WEIGHT_SOFTENING, lane] + to.score[dest[path], lane]) * to.inverse[path, lane]
            if values[WEIGHT_POWER, lane] != 1.0:
                weight = weight ** values[WEIGHT_POWER, lane]
            to.moves[path, lane] = min(weight, HIGHEST_WEIGHT)
    if end > begin:
        _share_lanes(begin, end, facts.pruning, to.moves, chance)
    for lane in range(lanes):
        to.moves[stay, lane] = 1.0 - chance[lane] if end > begin else 1.0


@compiled
def _weight_with_tangents(
    path: int, score: NDArray[np.float64], v: NDArray[np.float64], lane_of: NDArray[np.int64], to: Chances
) -> None:
    """Put the weight of one path into its row, and the derivatives of its logarithm (`_share_tangents`)."""
    row, inverse = to.moves[path], to.inverse[path]
    pull, power = v[WEIGHT_SOFTENING] + score[0], v[WEIGHT_POWER]
    base = pull * inverse[0]
    weight = base if power == 1.0 else base**power
    row[0] = min(weight, HIGHEST_WEIGHT)
    for lane in range(1, len(row)):
        slope = score[lane] + (1.0 if lane == lane_of[WEIGHT_SOFTENING] else 0.0)
        slope = slope * inverse[0] + pull * inverse[lane]
        # Of the logarithm, so that nothing overflows; where the weight is zero, of the weight itself.
        row[lane] = power * slope / base if base > 0.0 else (slope if power == 1.0 else 0.0)
    if lane_of[WEIGHT_POWER] > 0 and base > 0.0:
        row[lane_of[WEIGHT_POWER]] += log(base)
    if weight > HIGHEST_WEIGHT:
        row[1:] = 0.0


@compiled
def _share_tangents(
    begin: int, end: int, pruning: float, moves: NDArray[np.float64], chance: NDArray[np.float64]
) -> None:
    """Turn the weights of one place into chances, with their derivatives."""
    best, total = 0.0, 0.0
    for path in range(begin, end):
        best = max(best, moves[path, 0])
    for path in range(begin, end):
        if pruning >= 1.001 and moves[path, 0] < best / pruning:
            moves[path, :] = 0.0
        total += moves[path, 0]
    mean = np.zeros(moves.shape[1])
    for path in range(begin, end):
        row = moves[path]
        if not total > 0.0:
            row[0], row[1:] = 1.0 / (end - begin), 0.0
            continue
        share = row[0] / total
        row[1:] *= share if row[0] > 0.0 else 1.0 / total
        row[0] = share
        mean += row
    for path in range(begin, end):
        row = moves[path]
        share = row[0]
        for lane in range(1, len(row)):
            row[lane] = chance[lane] * share + chance[0] * (row[lane] - share * mean[lane])
        row[0] = chance[0] * share


@compiled
def weigh_tangents(
    facts: Facts,
    place: int,
    ptr: NDArray[np.int64],
    ways: tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.int64]],
    to: Chances,
) -> None:
    """Do `weigh_lanes` for one member with derivatives; `ways` also tells the lane of each parameter."""
    dest, v, lane_of = ways
    begin, end = ptr[place], ptr[place + 1]
    stay = len(to.moves) - (len(ptr) - 1) + place
    chance = to.moves[stay].copy()
    for path in range(begin, end):
        _weight_with_tangents(path, to.score[dest[path]], v, lane_of, to)
    if end > begin:
        _share_tangents(begin, end, facts.pruning, to.moves, chance)
    if begin == end:
        chance[:] = 0.0
    to.moves[stay] = -chance
    to.moves[stay, 0] = 1.0 - chance[0]


@compiled
def refresh(
    facts: Facts,
    mornings: tuple[int, int],
    ways: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]],
    given: tuple[NDArray[np.float64], NDArray[np.int64], bool],
    to: Chances,
) -> None:
    """Bring the chances of one block from one morning (-1: none) to another.

    Parameters
    ----------
    facts : Facts
    mornings : (before, now)
    ways : ptr (n + 1,) counted from zero, dest (paths,), km (paths,)      of today's roads.
    given : values (parameter, lanes); lane of each parameter; whether rows are tangents.
    to : Chances
    """
    before, now = mornings
    ptr, dest, km = ways
    values, lane_of, tangents = given
    lanes, places = to.moves.shape[1], len(ptr) - 1
    anew = before < 0 or before != now - 1 or facts.roads[before] != facts.roads[now]
    members = 1 if tangents else lanes
    scratch, columns = np.zeros(lanes), np.ascontiguousarray(values.T)
    if anew:
        to.inverse[:] = 0.0
        for path in range(len(dest)):
            for lane in range(members):
                to.inverse[path, lane] = _inverse(km[path], columns[lane], lane_of, to.inverse[path])
    everywhere = np.arange(places)
    for place in everywhere if anew else facts.changed[facts.changed_ptr[now] : facts.changed_ptr[now + 1]]:
        scratch[:] = 0.0
        for lane in range(members):
            scratch[lane] = _score(facts, (now, place), columns[lane], lane_of, scratch)
        to.score[place] = scratch
    for place in everywhere if anew else facts.touched[facts.touched_ptr[now] : facts.touched_ptr[now + 1]]:
        scratch[:] = 0.0
        for lane in range(members):
            scratch[lane] = _chance(facts, (now, place), columns[lane], lane_of, scratch)
        to.moves[len(to.moves) - places + place] = scratch
        if tangents:
            weigh_tangents(facts, place, ptr, (dest, columns[0], lane_of), to)
        else:
            weigh_lanes(facts, place, ptr, (dest, values), to)
