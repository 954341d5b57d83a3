"""Working space of the cohort kernel: who reaches which place with how much of the day left, and who later.

The space is a window of rows, one for each number of cells that somebody may have left of the day on
reaching a place: row `back` + left. Row `back` is the night, rows below it are arrivals of later days, by
the cells still to go. Whoever sets out from a place with `left` cells on a path of `cells` comes to row
`back` + left - cells; rows are worked off from the morning down. Each row lists the places touched, so that
nothing is ever searched or cleared but what is occupied.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.cohorts_morning import Morning, Roads
from safepassage.engines.compiled import borrowing, inlined

Whole = int | np.int64 | np.uint64
S32 = np.int64(32)
ONE = np.uint64(1)
LOW32 = np.int64(0xFFFFFFFF)


class Window(NamedTuple):
    """Working space, empty between members; r rows, n places.

    Parameters
    ----------
    counts : (n * r,) int64         people by place and row, so that neighbouring rows share memory.
    touched : (r * (n + 1),) int32  by row, the places where there is anybody.
    used : (r,) int64               how many they are.
    nights : (d * n,) int64         people who rest in a place on the way, by evening and place.
    rested : (d * n + 1,) int64     positions in `nights` that are occupied; `resting[0]` how many they are.
    resting : (1,) int64
    """

    counts: NDArray[np.int64]
    touched: NDArray[np.int32]
    used: NDArray[np.int64]
    nights: NDArray[np.int64]
    rested: NDArray[np.int64]
    resting: NDArray[np.int64]


class Calendar(NamedTuple):
    """Who is expected where and when, one member after the other.

    Parameters
    ----------
    begin : (member + 1,) int64     entries of each member.
    keys : (k,) int64               cells from the next morning to the arrival × 2**32 + place.
    counts : (k,) int64             people.
    """

    begin: NDArray[np.int64]
    keys: NDArray[np.int64]
    counts: NDArray[np.int64]


Frame = tuple[Roads, Morning, Window, Calendar, NDArray[np.int64]]


@inlined
def add(row: Whole, place: Whole, people: Whole, roads: Roads, window: Window) -> None:
    """Add people to a row, and the place to its list if it was empty (no branch: nobody could guess it)."""
    # Unsigned positions spare the question whether they count from the end.
    level, width = np.uint64(row), np.uint64(roads.places)
    cell = np.uint64(place) * np.uint64(roads.rows) + level
    used = np.uint64(window.used[level])
    window.touched[level * (width + ONE) + used] = place
    window.used[level] = np.int64(used) + (window.counts[cell] == 0)
    window.counts[cell] += people


@inlined
def rest(night: Whole, people: Whole, window: Window) -> None:
    """Note people who rest in a place on the way; `night` is evening × places + place."""
    window.rested[window.resting[0]] = night
    window.resting[0] += window.nights[night] == 0
    window.nights[night] += people


@borrowing
def expect(row: Whole, place: Whole, people: Whole, frame: Frame) -> None:
    """Add people to a row, or to the calendar if the window does not reach so far."""
    roads, _, window, later, fill = frame
    if row >= 0:
        add(row, place, people, roads, window)
    else:
        later.keys[fill[0]] = (np.int64(roads.back - row) << S32) | np.int64(place)
        later.counts[fill[0]] = people
        fill[0] += 1


@borrowing
def journey(path: Whole, left: Whole, people: Whole, frame: Frame) -> None:
    """Foresee a way of more than a day, night by night: rests in places, and roads that close before its end.

    Whoever reaches the end of a road that is closed goes back to its start for the night; where the next road
    is closed the path ends, for the night too.
    """
    roads, morning, window = frame[0], frame[1], frame[2]
    number, day, enter = morning.first + path, np.int64(roads.day), np.int64(0)
    for taken in range(roads.path_length[number]):
        arc, beyond = roads.path_arcs[number, taken], np.int64(roads.ends[number, taken]) - left
        if not roads.arc_open[morning.ahead[enter], arc]:
            expect(roads.back - enter * day, roads.arc_origin[arc], people, frame)
            return
        evening = (max(beyond, np.int64(0)) + day - 1) // day
        if not roads.arc_open[morning.ahead[evening], arc]:
            expect(roads.back - evening * day, roads.arc_origin[arc], people, frame)
            return
        rests = beyond == evening * day
        enter = evening + 1 if rests else evening
        if rests and taken + 1 < roads.path_length[number]:
            rest(evening * roads.places + roads.arc_target[arc], people, window)
    one = morning.paths[path]
    expect(roads.back + left - np.int64(one["cells"]), np.int64(one["dest"]), people, frame)


@inlined
def send(path: np.uint64, left: Whole, people: Whole, frame: Frame) -> None:
    """Send people on their way with so many cells left of the day."""
    roads, morning, window = frame[0], frame[1], frame[2]
    cells = np.int64(morning.paths[path]["cells"])
    if morning.plain or cells <= left:
        add(roads.back + left - cells, morning.paths[path]["dest"], people, roads, window)
    else:
        journey(np.int64(path), left, people, frame)
