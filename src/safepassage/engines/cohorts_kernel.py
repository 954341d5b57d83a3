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
def _keep(cell: int, count: int, evening: Evening) -> None:
    if evening.cells[cell] == 0:
        evening.touched[evening.used[0]] = cell
        evening.used[0] += 1
    evening.cells[cell] += count


@compiled
def _reach(place: int, km_left: int, count: int, evening: Evening) -> None:
    if km_left > 0:
        evening.arrived[km_left, place] += count
    else:
        evening.night[place] += count


@compiled
def _follow(
    path: int, taken: int, km_left: int, count: int, roads: Roads, frame: tuple[Morning, Evening]
) -> None:
    """Let people set out on arc number `taken` of a path with `km_left` of the day, as far as they get."""
    morning, evening = frame
    longest = roads.path_arcs.shape[1]
    while True:
        arc = roads.path_arcs[path, taken]
        cell = roads.offset[path * longest + taken]
        if not morning.arc_open[arc]:
            evening.night[roads.arc_origin[arc]] += count
            return
        if km_left == 0:
            _keep(cell + roads.arc_km[arc], count, evening)
            return
        if roads.arc_km[arc] > km_left:
            _keep(cell + roads.arc_km[arc] - km_left, count, evening)
            return
        km_left -= roads.arc_km[arc]
        taken += 1
        if taken == roads.path_length[path]:
            _reach(roads.arc_target[arc], km_left, count, evening)
            return


@compiled
def _move_on(cell: int, count: int, roads: Roads, frame: tuple[Morning, Evening]) -> None:
    """Take those in one cell through the day, until they reach the end of their path or night falls."""
    morning, evening = frame
    longest = roads.path_arcs.shape[1]
    leg = np.searchsorted(roads.offset, cell, side="right") - 1
    path, taken = leg // longest, leg % longest
    arc, to_go = roads.path_arcs[path, taken], cell - roads.offset[leg]
    if to_go == roads.arc_km[arc]:
        _follow(path, taken, roads.speed_km, count, roads, frame)
    elif to_go > roads.speed_km:
        _keep(cell - roads.speed_km, count, evening)
    elif not morning.arc_open[arc]:
        evening.night[roads.arc_origin[arc]] += count
    elif taken + 1 == roads.path_length[path]:
        _reach(roads.arc_target[arc], roads.speed_km - to_go, count, evening)
    else:
        _follow(path, taken + 1, roads.speed_km - to_go, count, roads, frame)


@compiled
def _set_out(place: int, km_left: int, luck: np.uint64, roads: Roads, frame: tuple[Morning, Evening]) -> None:
    """Let those who are at a place with `km_left` of the day stay or choose a path."""
    morning, evening = frame
    count = evening.arrived[km_left, place]
    begin, end = morning.ptr[place], morning.ptr[place + 1]
    entity = km_left * len(morning.chance) + place
    leaving = 0
    if end > begin:
        leaving = binomial_quantile(uniform(luck, entity, LEAVE), count, morning.chance[place])
    evening.night[place] += count - leaving
    for path in range(begin, end):
        if leaving == 0:
            return
        chance = uniform(luck, entity, ROUTE + path - begin)
        taking = binomial_quantile(chance, leaving, morning.given_rest[path])
        leaving -= taking
        if taking > 0:
            _follow(path, 0, km_left, taking, roads, frame)


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
    evening.arrived[roads.speed_km, :] = here
    for k in range(len(cells)):
        _move_on(cells[k], counts[k], roads, frame)
    for km_left in range(roads.speed_km, 0, -1):
        for place in range(len(here)):
            if evening.arrived[km_left, place] > 0:
                _set_out(place, km_left, luck, roads, frame)
    occupied = np.sort(evening.touched[: evening.used[0]])
    return evening.night, occupied, evening.cells[occupied]
