"""What the flow kernel works out before anybody moves: which states can occur, and where each path leads.

A day is a whole number of cells, a path a whole number of cells long. Whoever sets out with k cells of the
day left on a path of p cells is at its end on the same day with k - p left, or some days later, and on which
day and with what left is settled at once: closures ahead are known to the timetable, and nobody on the road
decides anything. So there are no counts along the roads, only day vectors: who will be where on that day, and
with how much of the day left. `states` are the pairs (cells left, place) that can occur at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.core.errors import ModelError
from safepassage.engines.compiled import compiled
from safepassage.engines.timetable import Timetable

MOST_ROWS = 2**31 - 1
ON_THE_WAY, ARRIVED, TURNED_BACK = range(3)


class Ways(NamedTuple):
    """Paths as the flow kernel counts them; places are numbered among those that anybody can reach.

    Paths from one place stand in order of length, so that those which end today come first.

    Parameters
    ----------
    ptr : (p, n + 1) int64      as in `local_routes.Paths`.
    dest : (c,) int32           end of each path.
    cells : (c,) int64          length of each path, >= 1.
    arcs, length : (c, longest), (c,) int32     its arcs in order, and how many there are.
    arc_cells : (a,) int64
    arc_origin : (a,) int32
    """

    ptr: NDArray[np.int64]
    dest: NDArray[np.int32]
    cells: NDArray[np.int64]
    arcs: NDArray[np.int32]
    length: NDArray[np.int32]
    arc_cells: NDArray[np.int64]
    arc_origin: NDArray[np.int32]

    def most_paths(self) -> int:
        """Give the number of paths of those roads that have most."""
        return int(np.diff(self.ptr[:, [0, -1]], axis=1).max(initial=0))


class States(NamedTuple):
    """The pairs (cells left, place) that can occur, most cells left first, and the rows of a day vector.

    A day vector has one row per state, then one per place for the night, then one per place for those who
    rest there on a longer way. The first n states are the places with the whole day left.

    Parameters
    ----------
    left : (s,) int64           cells left of the day.
    place : (s,) int32
    number : (day_cells + 1, n) int32   row of each pair, 0 cells left being the night; -1: cannot occur.
    day_cells, rows, days_ahead : int   cells per day; rows of a day vector; longest way in days.
    """

    left: NDArray[np.int64]
    place: NDArray[np.int32]
    number: NDArray[np.int32]
    day_cells: int
    rows: int
    days_ahead: int


class Plan(NamedTuple):
    """Where everybody gets to from one day on: who adds to each row, in the order to be worked off.

    Parameters
    ----------
    to : (k,) int64             days ahead × rows of a day vector + row.
    begin : (k + 1,) int64      the moves that end in ``to[k]`` are ``begin[k]`` up to ``begin[k + 1]``.
    legs : (moves, 2) int32     state each starts from, which is earlier in the order; and the path it takes,
        counted from the first of today's roads, or, for those who stay, number of paths (of the roads that
        have most) + place.
    """

    to: NDArray[np.int64]
    begin: NDArray[np.int64]
    legs: NDArray[np.int32]


class _Moves(NamedTuple):
    """Moves of each state (``begin[s]`` up to ``begin[s + 1]``, one per path), and rests on the way."""

    begin: NDArray[np.int64]
    row: NDArray[np.int64]
    rest_from: NDArray[np.int32]
    rest_row: NDArray[np.int64]
    rest_path: NDArray[np.int32]


@dataclass(frozen=True)
class Layout:
    """Everything about roads and distance that no parameter changes.

    Parameters
    ----------
    cell_km : float             length of a cell: a whole part of a day's distance.
    places : (n,) int64         places of the network that anybody can reach.
    order : (c,) int64          paths of the timetable, in the order of `ways`.
    ways, states : what moves on them.
    """

    cell_km: float
    places: NDArray[np.int64]
    order: NDArray[np.int64]
    ways: Ways
    states: States


def layout_of(timetable: Timetable, cell_km: float, origins: NDArray[np.bool_]) -> Layout:
    """Lay out roads in cells of about `cell_km`, so that a day is a whole number of cells.

    Parameters
    ----------
    timetable : Timetable
    cell_km : float
    origins : (n,) bool     places that somebody may leave home from.

    Returns
    -------
    Layout

    Raises
    ------
    ModelError      if the cells are so short that the states cannot be numbered.
    """
    paths, arcs = timetable.paths, timetable.arcs
    day_km = float(np.rint(timetable.law.max_move_speed_km_per_day))
    day_cells = max(1, int(np.rint(day_km / cell_km)))
    length_km = day_km / day_cells
    arc_cells = np.maximum(1, np.rint(arcs.km / length_km)).astype(np.int64)
    cells = np.where(paths.arcs >= 0, arc_cells[paths.arcs], 0).sum(axis=1)
    places_all = len(timetable.population)
    origin = np.tile(np.arange(places_all), len(paths.ptr))
    origin = np.repeat(origin, np.diff(paths.ptr, axis=1).reshape(-1))
    state = np.repeat(np.arange(len(paths.ptr)), np.diff(paths.ptr[:, [0, -1]], axis=1).reshape(-1))
    order = np.lexsort((np.arange(len(cells)), cells, origin, state))
    reached = _reached(timetable, origin, origins)
    places = np.flatnonzero(reached)
    local = np.full(places_all, -1, dtype=np.int32)
    local[places] = np.arange(len(places))
    order = order[reached[origin[order]]]
    counts = np.zeros((len(paths.ptr), len(places) + 1), dtype=np.int64)
    counts[:, 1:] = np.diff(paths.ptr, axis=1)[:, places]
    ptr = np.cumsum(counts, axis=1)
    ptr += np.concatenate([[0], np.cumsum(ptr[:-1, -1])])[:, None]
    ways = Ways(
        ptr=ptr,
        dest=local[paths.dest[order]],
        cells=cells[order].astype(np.int64),
        arcs=np.ascontiguousarray(paths.arcs[order]),
        length=paths.length[order],
        arc_cells=arc_cells,
        arc_origin=local[arcs.origin],
    )
    return Layout(length_km, places, order, ways, _states(ways, day_cells))


def _reached(
    timetable: Timetable, origin: NDArray[np.int64], origins: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tell which places anybody can ever come to: those people start from, and all they can go on to."""
    arcs, paths = timetable.arcs, timetable.paths
    reached = (timetable.initial > 0) | origins
    while True:
        before = int(reached.sum())
        used = reached[origin]
        reached[paths.dest[used]] = True
        on_the_way = paths.arcs[used]
        reached[arcs.origin[on_the_way[on_the_way >= 0]]] = True
        if int(reached.sum()) == before:
            return np.asarray(reached)


def _states(ways: Ways, day_cells: int) -> States:
    places = ways.ptr.shape[1] - 1
    occurs = np.zeros((day_cells + 1, places), dtype=np.bool_)
    occurs[day_cells] = True
    _spread(occurs, ways)
    occurs[0] = False
    count = int(occurs.sum())
    longest = int(ways.cells.max(initial=1))
    days_ahead = 1 + (longest - 1) // day_cells
    rows = count + 2 * places
    if rows * (days_ahead + 1) > MOST_ROWS:
        message = "the flow kernel has too many states; ask for longer cells (cell_km)"
        raise ModelError(message)
    left, place = np.nonzero(occurs[::-1])
    number = np.full(occurs.shape, -1, dtype=np.int32)
    number[day_cells - left, place] = np.arange(count)
    number[0] = count + np.arange(places)
    return States(day_cells - left, place.astype(np.int32), number, day_cells, rows, days_ahead)


@compiled
def _spread(occurs: NDArray[np.bool_], ways: Ways) -> None:
    """Mark every (cells left, place) that follows from those marked."""
    day_cells, places = len(occurs) - 1, occurs.shape[1]
    room = (day_cells + 1) * places
    waiting = np.empty(room, dtype=np.int64)
    count = 0
    for left in range(day_cells + 1):
        for place in range(places):
            if occurs[left, place]:
                waiting[count] = left * places + place
                count += 1
    while count > 0:
        count -= 1
        left, place = waiting[count] // places, waiting[count] % places
        for state in range(len(ways.ptr)):
            for path in range(ways.ptr[state, place], ways.ptr[state, place + 1]):
                after = (left - ways.cells[path]) % day_cells
                if after > 0 and not occurs[after, ways.dest[path]]:
                    occurs[after, ways.dest[path]] = True
                    waiting[count] = after * places + ways.dest[path]
                    count += 1


def plan_of(layout: Layout, road_states: NDArray[np.int64], arc_open: NDArray[np.bool_]) -> Plan:
    """Work out one day.

    Parameters
    ----------
    layout : Layout
    road_states : (days_ahead + 1,) int64   state of the roads today and on the days after.
    arc_open : (p, a) bool

    Returns
    -------
    Plan
    """
    ways, states = layout.ways, layout.states
    today, is_open = int(road_states[0]), np.ascontiguousarray(arc_open[road_states])
    per_state = np.diff(ways.ptr[today])[states.place]
    begin = np.concatenate([[0], np.cumsum(per_state)]).astype(np.int64)
    row = np.empty(begin[-1], dtype=np.int64)
    rests = _follow(today, is_open, ways, states, _Moves(begin, row, *_room(0)))
    moves = _Moves(begin, row, *_room(rests))
    if rests:
        _follow(today, is_open, ways, states, moves)
    numbers = np.arange(len(states.left), dtype=np.int32)
    first = ways.ptr[today][states.place] - ways.ptr[today, 0]
    path = np.repeat(first - begin[:-1], per_state) + np.arange(begin[-1])
    to = np.concatenate([row, states.number[0, states.place], moves.rest_row])
    source = np.concatenate([np.repeat(numbers, per_state), numbers, moves.rest_from])
    chance = np.concatenate([path, ways.most_paths() + states.place, moves.rest_path])
    # A state's people are all there once those with more of the day left have moved. Apart from that the
    # order is free: rows that gather from as many others stand together, so that the processor foresees the
    # end of each loop.
    stage = states.day_cells - np.append(states.left, 0)[np.minimum(to, len(states.left))]
    every = states.rows * (states.days_ahead + 1)
    gathered = np.bincount(to, minlength=every)
    # One key, since sorting by three takes three times as long on large networks.
    order = np.argsort((stage * (gathered.max(initial=0) + 1) + gathered[to]) * every + to, kind="stable")
    rows, starts = _runs(to[order])
    return Plan(
        to=rows.astype(np.int64),
        begin=np.append(starts, len(order)).astype(np.int64),
        legs=np.stack([source[order], chance[order]], axis=1).astype(np.int32),
    )


def _runs(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each value of a list in which equal ones stand together, and where it begins."""
    begin = np.flatnonzero(np.diff(values, prepend=-1))
    return values[begin], begin


def _room(rests: int) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]:
    return (
        np.empty(rests, dtype=np.int32),
        np.empty(rests, dtype=np.int64),
        np.empty(rests, dtype=np.int32),
    )


@compiled
def _evening(
    path: int, way: tuple[int, int, int], is_open: NDArray[np.bool_], ways: Ways
) -> tuple[int, int, int, int]:
    """Walk until the evening; `way` is (arcs done, cells to go on this one, cells left of the day).

    Returns
    -------
    taken, to_go, left, how     as in `way`, and ON_THE_WAY, ARRIVED or TURNED_BACK.
    """
    taken, to_go, left = way
    while True:
        arc = ways.arcs[path, taken]
        if not is_open[arc] and (to_go == ways.arc_cells[arc] or to_go <= left):
            return taken, to_go, left, TURNED_BACK
        if to_go > left:
            return taken, to_go - left, 0, ON_THE_WAY
        left -= to_go
        taken += 1
        if taken == ways.length[path]:
            return taken, 0, left, ARRIVED
        to_go = ways.arc_cells[ways.arcs[path, taken]]


@compiled
def _follow(today: int, is_open: NDArray[np.bool_], ways: Ways, states: States, moves: _Moves) -> int:
    """Follow everybody who sets out to the end of the way; count rests, and note them if there is room."""
    rests, room = 0, len(moves.rest_row)
    resting = states.rows - states.number.shape[1]
    for state in range(len(states.left)):
        first = ways.ptr[today, states.place[state]] - moves.begin[state]
        for move in range(moves.begin[state], moves.begin[state + 1]):
            path, day = first + move, 0
            way = (0, ways.arc_cells[ways.arcs[path, 0]], states.left[state])
            while True:
                taken, to_go, left, how = _evening(path, way, is_open[day], ways)
                if how == ARRIVED:
                    moves.row[move] = day * states.rows + states.number[left, ways.dest[path]]
                    break
                arc = ways.arcs[path, taken]
                if how == TURNED_BACK:
                    moves.row[move] = day * states.rows + states.number[0, ways.arc_origin[arc]]
                    break
                if to_go == ways.arc_cells[arc]:
                    if rests < room:
                        moves.rest_from[rests], moves.rest_path[rests] = state, path - ways.ptr[today, 0]
                        moves.rest_row[rests] = day * states.rows + resting + ways.arc_origin[arc]
                    rests += 1
                day, way = day + 1, (taken, to_go, states.day_cells)
    return rests
