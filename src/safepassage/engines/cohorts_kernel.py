"""Compiled part of the cohort kernel: everybody who is alike moves as one count. See `engines.cohorts`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import draw_number
from safepassage.engines.compiled import compiled, uniform
from safepassage.engines.quantiles import binomial_quantile

LEAVE, ROUTE = (draw_number(f"local law, cohorts: {what}") for what in ("leave", "route"))


class Roads(NamedTuple):
    """What never changes. A cell is (path, arc of it, km to go); `offset` is the first cell of each arc.

    km to go equal to the length of the arc means: still at its start, for the night.
    """

    speed_km: int
    path_arcs: NDArray[np.int32]
    path_length: NDArray[np.int32]
    arc_origin: NDArray[np.int32]
    arc_target: NDArray[np.int32]
    arc_km: NDArray[np.int64]
    offset: NDArray[np.int64]


class Morning(NamedTuple):
    """What holds for one day: paths from each place, open arcs, chance to leave, path chances.

    `given_rest` is the chance of each path to be taken given that none before it was.
    """

    ptr: NDArray[np.int64]
    arc_open: NDArray[np.bool_]
    chance: NDArray[np.float64]
    given_rest: NDArray[np.float64]


class Evening(NamedTuple):
    """Where people come to rest: `night` by place, `arrived` by (km left today, place), `cells` on the way.

    `touched` lists the cells in use, `used[0]` how many they are.
    """

    night: NDArray[np.int64]
    arrived: NDArray[np.int64]
    cells: NDArray[np.int64]
    touched: NDArray[np.int64]
    used: NDArray[np.int64]


class Way(NamedTuple):
    """Parties on the way, those who are alike being one: path, arc of it, km to go on that, and people.

    Whole lists of them go through each function: a call costs more than to move one party.
    """

    path: NDArray[np.int64]
    taken: NDArray[np.int64]
    to_go_km: NDArray[np.int64]
    people: NDArray[np.int64]


@compiled
def conditional_chances(ptr: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn path weights into the chance of each path given that none before it (same place) was taken.

    Parameters
    ----------
    ptr : (n + 1,) int64
    weights : (c,) float64

    Returns
    -------
    (c,) float64        where all weights of a place are zero, each path is as likely.
    """
    result = np.zeros(len(weights))
    for place in range(len(ptr) - 1):
        begin, end = ptr[place], ptr[place + 1]
        rest = 0.0
        for path in range(begin, end):
            rest += weights[path]
        flat = not rest > 0.0
        if flat:
            rest = float(end - begin)
        for path in range(begin, end):
            weight = 1.0 if flat else weights[path]
            result[path] = min(1.0, weight / rest) if rest > 0.0 else 1.0
            rest -= weight
            if path == end - 1 and weight > 0.0:
                result[path] = 1.0
    return result


@compiled
def _decode(cells: NDArray[np.int64], counts: NDArray[np.int64], roads: Roads, way: Way) -> None:
    """Put everybody who is on a path in the morning on the way."""
    longest = roads.path_arcs.shape[1]
    for k in range(len(cells)):
        leg = np.searchsorted(roads.offset, cells[k], side="right") - 1
        way.path[k], way.taken[k] = leg // longest, leg % longest
        way.to_go_km[k], way.people[k] = cells[k] - roads.offset[leg], counts[k]


@compiled
def _set_out(km_left: int, luck: np.uint64, roads: Roads, frame: tuple[Morning, Evening], way: Way) -> int:
    """Let those who are at places with `km_left` of the day stay, or choose a path: how many parties did."""
    morning, evening = frame
    here, parties = evening.arrived[km_left], 0
    for place in range(len(here)):
        count = here[place]
        if count == 0:
            continue
        begin, end = morning.ptr[place], morning.ptr[place + 1]
        entity = km_left * len(morning.chance) + place
        leaving = 0
        if end > begin:
            leaving = binomial_quantile(uniform(luck, entity, LEAVE), count, morning.chance[place])
        evening.night[place] += count - leaving
        for path in range(begin, end):
            if leaving == 0:
                break
            chance = uniform(luck, entity, ROUTE + path - begin)
            taking = binomial_quantile(chance, leaving, morning.given_rest[path])
            leaving -= taking
            if taking > 0:
                way.path[parties], way.taken[parties] = path, 0
                way.to_go_km[parties], way.people[parties] = roads.arc_km[roads.path_arcs[path, 0]], taking
                parties += 1
    return parties


@compiled
def _travel(parties: int, km_today: int, roads: Roads, frame: tuple[Morning, Evening], way: Way) -> None:
    """Take the first so many parties on the way as far as `km_today` goes, or to the end of their path."""
    morning, evening = frame
    longest = roads.path_arcs.shape[1]
    for party in range(parties):
        path, taken, to_go = way.path[party], way.taken[party], way.to_go_km[party]
        km_left, count = km_today, way.people[party]
        while True:
            arc = roads.path_arcs[path, taken]
            if not morning.arc_open[arc] and (to_go == roads.arc_km[arc] or to_go <= km_left):
                evening.night[roads.arc_origin[arc]] += count
                break
            if to_go > km_left:
                cell = roads.offset[path * longest + taken] + to_go - km_left
                if evening.cells[cell] == 0:
                    evening.touched[evening.used[0]] = cell
                    evening.used[0] += 1
                evening.cells[cell] += count
                break
            km_left -= to_go
            taken += 1
            if taken == roads.path_length[path]:
                if km_left > 0:
                    evening.arrived[km_left, roads.arc_target[arc]] += count
                else:
                    evening.night[roads.arc_target[arc]] += count
                break
            to_go = roads.arc_km[roads.path_arcs[path, taken]]


@compiled
def live_a_day(
    here: NDArray[np.int64],
    cells: NDArray[np.int64],
    counts: NDArray[np.int64],
    morning: Morning,
    roads: Roads,
    luck: np.uint64,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Let one member live one day.

    Parameters
    ----------
    here : (n,) int64           people free to decide at each place, newcomers included.
    cells, counts : (k,) int64  occupied cells, and the people in each.
    morning, roads : what holds today, and always.
    luck : uint64               from `compiled.luck_of`.

    Returns
    -------
    here, cells, counts         the same on the evening.
    """
    size = roads.offset[-1]
    evening = Evening(
        np.zeros(len(here), dtype=np.int64),
        np.zeros((roads.speed_km + 1, len(here)), dtype=np.int64),
        np.zeros(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )
    frame = (morning, evening)
    room = max(len(cells), morning.ptr[-1] - morning.ptr[0])
    way = Way(
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.int64),
    )
    evening.arrived[roads.speed_km, :] = here
    _decode(cells, counts, roads, way)
    _travel(len(cells), roads.speed_km, roads, frame, way)
    for km_left in range(roads.speed_km, 0, -1):
        parties = _set_out(km_left, luck, roads, frame, way)
        if parties > 0:
            _travel(parties, km_left, roads, frame, way)
    occupied = np.sort(evening.touched[: evening.used[0]])
    return evening.night, occupied, evening.cells[occupied]
