"""The compiled search for paths: depth first from every place, once to count them, once to write them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.compiled import borrowing, inlined

ARCS_A_PATH = 50  # to be looked at for each path: chains of markers can be long, and no path ends in them


class _Search(NamedTuple):
    """What one enumeration needs to know, in one state of the roads.

    Parameters
    ----------
    begin : (n + 1,) int64      open arcs that leave place i are ``leaving[begin[i]:begin[i + 1]]``.
    leaving : (o,) int32        open arcs by origin, in order of their numbers.
    forced : (a,) bool
    target : (a,) int32
    km : (a,) float64
    marker : (n,) bool
    awareness : int
    """

    begin: NDArray[np.int64]
    leaving: NDArray[np.int32]
    forced: NDArray[np.bool_]
    target: NDArray[np.int32]
    km: NDArray[np.float64]
    marker: NDArray[np.bool_]
    awareness: int


class _Stack(NamedTuple):
    """The path being followed: per place on it where the search is among the arcs, km and markers so far.

    `tally` counts paths found, the arcs of the longest, and arcs looked at.
    """

    place: NDArray[np.int32]
    arc: NDArray[np.int32]
    at: NDArray[np.int64]
    km: NDArray[np.float64]
    markers: NDArray[np.int64]
    seen: NDArray[np.bool_]
    tally: NDArray[np.int64]


class Found(NamedTuple):
    """Paths found; without room (length 0) they are only counted."""

    dest: NDArray[np.int32]
    km: NDArray[np.float64]
    arcs: NDArray[np.int32]
    length: NDArray[np.int32]


@inlined
def _note(depth: int, dest: int, km: float, stack: _Stack, found: Found) -> None:
    """Count one path, and write it down if there is room."""
    number = stack.tally[0]
    if len(found.dest) > 0:
        found.dest[number], found.km[number], found.length[number] = dest, km, depth + 1
        for taken in range(depth + 1):
            found.arcs[number, taken] = stack.arc[taken]
    stack.tally[0] = number + 1
    stack.tally[1] = max(stack.tally[1], depth + 1)


@inlined
def _follow_forced(place: int, search: _Search, stack: _Stack, found: Found) -> bool:
    """List the arcs that take everybody who leaves a place, if there are any."""
    any_forced = False
    for k in range(search.begin[place], search.begin[place + 1]):
        arc = search.leaving[k]
        if search.forced[arc]:
            any_forced = True
            stack.arc[0] = arc
            _note(0, search.target[arc], search.km[arc], stack, found)
    return any_forced


@inlined
def _enter(depth: int, place: int, km: float, markers: int, search: _Search, stack: _Stack) -> None:
    stack.place[depth], stack.at[depth], stack.seen[place] = place, search.begin[place], True
    stack.km[depth], stack.markers[depth] = km, markers


@borrowing
def _search_all(most: int, search: _Search, stack: _Stack, found: Found, ptr: NDArray[np.int64]) -> None:
    """List or count the candidates of every place, depth first; stop where there are more than `most`."""
    for start in range(len(search.marker)):
        ptr[start] = stack.tally[0]
        depth = -1
        if not _follow_forced(start, search, stack, found):
            depth = 0
            _enter(0, start, 0.0, 0, search, stack)
        while depth >= 0:
            if stack.tally[0] > most or stack.tally[2] > ARCS_A_PATH * most:
                return
            place = stack.place[depth]
            if stack.at[depth] == search.begin[place + 1]:
                stack.seen[place] = False
                depth -= 1
                continue
            arc = search.leaving[stack.at[depth]]
            end, km = search.target[arc], stack.km[depth] + search.km[arc]
            stack.at[depth] += 1
            stack.tally[2] += 1
            if stack.seen[end]:
                continue
            stack.arc[depth] = arc
            is_marker = np.int64(search.marker[end])
            if not is_marker:
                _note(depth, end, km, stack, found)
            if search.awareness > 1 + depth - stack.markers[depth] - is_marker:
                _enter(depth + 1, end, km, stack.markers[depth] + is_marker, search, stack)
                depth += 1
    ptr[len(search.marker)] = stack.tally[0]


def search_paths(
    roads: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]],
    state: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    *,
    marker: NDArray[np.bool_],
    awareness: int,
    most: int,
) -> tuple[NDArray[np.int64], Found] | None:
    """Search the paths that people weigh, in the order of a search that follows each road to its end.

    Parameters
    ----------
    roads : (a,) int32, (a,) int32, (a,) float64    origin, target and km of each arc.
    state : (a,) bool, (a,) bool    which arcs are open; which take everybody who leaves their origin.
    marker : (n,) bool              places that cost no step, and in which no path ends.
    awareness : int                 links that people look ahead, >= 1.
    most : int                      more paths than so many are not listed.

    Returns
    -------
    (n + 1,) int64, Found           where the paths of each place begin, and the paths; None: too many.
    """
    origin, target, km = roads
    is_open, forced = state
    places = len(marker)
    usable = np.flatnonzero(is_open).astype(np.int32)
    usable = usable[np.argsort(origin[usable], kind="stable")]
    begin = np.searchsorted(origin[usable], np.arange(places + 1)).astype(np.int64)
    forced = np.ascontiguousarray(forced)
    search = _Search(begin, usable, forced, target, km, marker, min(awareness, places))
    stack, ptr = _new_stack(places), np.zeros(places + 1, dtype=np.int64)
    _search_all(most, search, stack, _room_for(0, 1), ptr)
    if stack.tally[0] > most or stack.tally[2] > ARCS_A_PATH * most:
        return None
    found = _room_for(int(stack.tally[0]), max(1, int(stack.tally[1])))
    stack.tally[:] = 0
    _search_all(most, search, stack, found, ptr)
    return ptr, found


def _new_stack(places: int) -> _Stack:
    return _Stack(
        place=np.zeros(places + 1, dtype=np.int32),
        arc=np.zeros(places + 1, dtype=np.int32),
        at=np.zeros(places + 1, dtype=np.int64),
        km=np.zeros(places + 1),
        markers=np.zeros(places + 1, dtype=np.int64),
        seen=np.zeros(places + 1, dtype=np.bool_),
        tally=np.zeros(3, dtype=np.int64),
    )


def _room_for(paths: int, longest: int) -> Found:
    return Found(
        dest=np.empty(paths, dtype=np.int32),
        km=np.empty(paths),
        arcs=np.full((paths, longest), -1, dtype=np.int32),
        length=np.empty(paths, dtype=np.int32),
    )
