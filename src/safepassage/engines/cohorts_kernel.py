"""Compiled part of the cohort kernel: one day of all members. See `engines.cohorts`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.cohorts_desk import FEW, FEW_CHOOSING, PARTIES, Desk, decide, put
from safepassage.engines.cohorts_morning import Morning, Roads
from safepassage.engines.cohorts_window import LOW32, S32, Calendar, Frame, Window, add, rest
from safepassage.engines.compiled import borrowing, compiled, inlined, luck_on


@inlined
def _put_row(left: int, luck: np.uint64, night: NDArray[np.int64], desk: Desk, frame: Frame) -> None:
    """Put the parties of one row on the desk, deciding whenever it is full, and clear the row."""
    roads, window = frame[0], frame[2]
    width, rows, row = np.uint64(roads.places + 1), np.uint64(roads.rows), np.uint64(roads.back + left)
    many, window.used[row] = np.uint64(window.used[row]), 0
    for k in range(many):
        place = np.uint64(window.touched[row * width + k])
        if desk.used[3] == PARTIES:
            decide(luck, night, desk, frame)
        put(left, place, window.counts[place * rows + row], desk)
        window.counts[place * rows + row] = 0


@inlined
def _put_morning(luck: np.uint64, night: NDArray[np.int64], desk: Desk, frame: Frame) -> None:
    """Put those who are in places in the morning on the desk."""
    roads = frame[0]
    for place in range(roads.places):
        if night[place] > 0:
            if desk.used[3] == PARTIES:
                decide(luck, night, desk, frame)
            put(roads.day, place, night[place], desk)
            night[place] = 0


@inlined
def _fall_asleep(night: NDArray[np.int64], frame: Frame) -> None:
    """Add those who reach a place with nothing left of the day."""
    roads, window = frame[0], frame[2]
    row = roads.back
    for k in range(window.used[row]):
        place = np.int64(window.touched[row * (roads.places + 1) + k])
        night[place] += window.counts[place * roads.rows + row]
        window.counts[place * roads.rows + row] = 0
    window.used[row] = 0


@inlined
def _most_entries(place: int, people: int, morning: Morning) -> int:
    """Give the most entries that one party can add to the calendar: who chooses singly has one of her own."""
    paths = int(morning.ptr[place + 1] - morning.ptr[place])
    return min(people, FEW + (1 + FEW_CHOOSING) * paths) if paths > 0 else 0


@inlined
def _room(left: int, night: NDArray[np.int64], frame: Frame) -> int:
    """Give the most entries that one row can add to the calendar; `night` as for `_work_off`."""
    roads, morning, window = frame[0], frame[1], frame[2]
    needed, row = 0, roads.back + left
    if left == roads.day:
        for place in range(roads.places):
            if night[place] > 0:
                needed += _most_entries(place, int(night[place]), morning)
        return needed
    for k in range(window.used[row]):
        at = int(window.touched[row * (roads.places + 1) + k])
        needed += _most_entries(at, int(window.counts[at * roads.rows + row]), morning)
    return needed


@borrowing
def _work_off(first: int, luck: np.uint64, night: NDArray[np.int64], desk: Desk, frame: Frame) -> int:
    """Let everybody with so many cells left or fewer decide: -1, or where the calendar has no more room.

    Rows that are nearer to one another than the shortest path are decided together. `night` is who is in
    each place in the morning, and when all rows are done, on the evening.
    """
    roads, morning, later, fill = frame[0], frame[1], frame[3], frame[4]
    together = morning.shortest if roads.within else 1
    undecided = together
    for left in range(first, 0, -1):
        if not roads.within and fill[0] + _room(left, night, frame) > len(later.keys):
            return left
        if left == roads.day:
            _put_morning(luck, night, desk, frame)
        else:
            _put_row(left, luck, night, desk, frame)
        undecided -= 1
        if undecided == 0:
            decide(luck, night, desk, frame)
            undecided = together
    decide(luck, night, desk, frame)
    _fall_asleep(night, frame)
    return -1


@borrowing
def _arrive(member: int, before: Calendar, frame: Frame) -> None:
    """Put those who are expected today into the window, and all others a day nearer into the calendar."""
    roads, _, window, later, fill = frame
    day = np.int64(roads.day)
    for entry in range(before.begin[member], before.begin[member + 1]):
        key = before.keys[entry]
        cells = key >> S32
        if cells <= day:
            add(roads.back + day - cells, key & LOW32, before.counts[entry], roads, window)
        else:
            later.keys[fill[0]] = key - (day << S32)
            later.counts[fill[0]] = before.counts[entry]
            fill[0] += 1


@borrowing
def _clear(frame: Frame) -> None:
    """Move those who arrive on later days from the window into the calendar."""
    roads, _, window, later, fill = frame
    for row in range(roads.back - 1, -1, -1):
        ahead = np.int64(roads.back - row) << S32
        for k in range(window.used[row]):
            place = np.int64(window.touched[row * (roads.places + 1) + k])
            cell = place * roads.rows + row
            later.keys[fill[0]], later.counts[fill[0]] = ahead | place, window.counts[cell]
            window.counts[cell] = 0
            fill[0] += 1
        window.used[row] = 0


@compiled
def _empty(members: int, room: int) -> Calendar:
    room = max(64, room + room // 4)
    return Calendar(
        np.zeros(members + 1, dtype=np.int64), np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    )


@borrowing
def _needed(left: int, night: NDArray[np.int64], frame: Frame) -> int:
    return _room(left, night, frame)


@compiled
def _grown(needed: int, later: Calendar, fill: NDArray[np.int64]) -> Calendar:
    """Give the calendar with room for so many more entries."""
    if fill[0] + needed <= len(later.keys):
        return later
    room = max(fill[0] + needed, 2 * len(later.keys))
    keys, counts = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    keys[: fill[0]], counts[: fill[0]] = later.keys[: fill[0]], later.counts[: fill[0]]
    return Calendar(later.begin, keys, counts)


@borrowing
def _take_rests(member: int, before: Calendar, frame: Frame) -> None:
    """Bring the rests on the way that were foreseen an evening nearer."""
    roads, window = frame[0], frame[2]
    for entry in range(before.begin[member], before.begin[member + 1]):
        evening, place = before.keys[entry] >> S32, before.keys[entry] & LOW32
        if evening > 0:
            rest((evening - 1) * roads.places + place, before.counts[entry], window)


@borrowing
def _give_rests(rests: Calendar, frame: Frame) -> int:
    """List the rests that lie ahead, and clear them; how many people rest tonight."""
    roads, _, window, _, fill = frame
    tonight = 0
    for k in range(window.resting[0]):
        night = window.rested[k]
        evening = night // roads.places
        rests.keys[fill[1]] = (evening << S32) | (night - evening * roads.places)
        rests.counts[fill[1]] = window.nights[night]
        tonight += window.nights[night] if evening == 0 else 0
        window.nights[night] = 0
        fill[1] += 1
    window.resting[0] = 0
    return tonight


@compiled
def live_a_day(
    who: tuple[np.uint64, int, NDArray[np.int64]],
    here: NDArray[np.int64],
    before: tuple[Calendar, Calendar],
    tables: tuple[Roads, Morning],
    space: tuple[Window, Desk],
) -> tuple[Calendar, Calendar, NDArray[np.int64]]:
    """Let members live one day, one after the other.

    Parameters
    ----------
    who : (uint64, int, (m,) int64)     seed, day, and slot of each member.
    here : (m, n) int64                 people free to decide at each place, newcomers included; changed to
        those who are there on the evening.
    before : two Calendar               who is expected where; who is to rest in a place on the way, with
        evenings in place of cells.
    tables : (Roads, Morning)
    space : (Window, Desk)              empty, and left so.

    Returns
    -------
    two Calendar, (m,) int64            the same on the evening, and how many are on a road then.
    """
    (seed, day, slots), (expected, resting), (roads, morning), (window, desk) = who, before, tables, space
    members, fill = len(slots), np.zeros(2, dtype=np.int64)
    later = _empty(members, len(expected.keys))
    rests = _empty(members, len(resting.keys))
    on_road = np.zeros(members, dtype=np.int64)
    for member in range(members):
        luck = luck_on(seed, np.uint64(slots[member]), np.uint64(day))
        later = _grown(expected.begin[member + 1] - expected.begin[member], later, fill)
        frame = (roads, morning, window, later, fill)
        _take_rests(member, resting, frame)
        _arrive(member, expected, frame)
        left = _work_off(roads.day, luck, here[member], desk, frame)
        while left >= 0:
            later = _grown(_needed(left, here[member], frame), later, fill)
            frame = (roads, morning, window, later, fill)
            left = _work_off(left, luck, here[member], desk, frame)
        later = _grown(window.used[: roads.back].sum(), later, fill)
        frame = (roads, morning, window, later, fill)
        _clear(frame)
        rests = _grown(window.resting[0], rests, fill[1:])
        tonight = _give_rests(rests, frame)
        later.begin[member + 1], rests.begin[member + 1] = fill[0], fill[1]
        on_road[member] = later.counts[later.begin[member] : fill[0]].sum() - tonight
    return later, rests, on_road
