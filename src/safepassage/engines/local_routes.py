"""Paths people weigh under the local law: all simple paths of up to `awareness_level` links.

Every place on the way is a destination of its own; markers cost no step and are no destinations; several
paths to one place are separate candidates. They are searched twice: to count them, then to write them down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import MARKER
from safepassage.core.errors import ModelError
from safepassage.core.local_law import LocalLaw
from safepassage.engines.compiled import borrowing, inlined

MOST_PATHS = 4_000_000
ARCS_A_PATH = 50  # to be looked at: chains of markers can be long, and no path ends in them


@dataclass(frozen=True)
class Arcs:
    """Directed roads, two per two-way link, in order of the links.

    Parameters
    ----------
    origin, target : (a,) int32
    km : (a,) float64       rounded to whole km, at least 1, unless `compat`.
    link : (a,) int64       the link each belongs to.
    first : (a,) int32      the first arc with the same ends, which Flee's people take whatever they weighed.
    """

    origin: NDArray[np.int32]
    target: NDArray[np.int32]
    km: NDArray[np.float64]
    link: NDArray[np.int64]
    first: NDArray[np.int32]


@dataclass(frozen=True)
class Paths:
    """c candidate paths for each of p states of the road network over n places.

    Parameters
    ----------
    ptr : (p, n + 1) int64      paths from place i in state s are ``ptr[s, i]`` up to ``ptr[s, i + 1]``.
    dest : (c,) int32           where each ends.
    km : (c,) float64
    arcs : (c, longest) int32   arcs in order, -1 beyond the end.
    length : (c,) int32         number of arcs.
    """

    ptr: NDArray[np.int64]
    dest: NDArray[np.int32]
    km: NDArray[np.float64]
    arcs: NDArray[np.int32]
    length: NDArray[np.int32]


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


class _Found(NamedTuple):
    """Paths found; without room (length 0) they are only counted."""

    dest: NDArray[np.int32]
    km: NDArray[np.float64]
    arcs: NDArray[np.int32]
    length: NDArray[np.int32]


@inlined
def _note(depth: int, dest: int, km: float, stack: _Stack, found: _Found) -> None:
    """Count one path, and write it down if there is room."""
    number = stack.tally[0]
    if len(found.dest) > 0:
        found.dest[number], found.km[number], found.length[number] = dest, km, depth + 1
        for taken in range(depth + 1):
            found.arcs[number, taken] = stack.arc[taken]
    stack.tally[0] = number + 1
    stack.tally[1] = max(stack.tally[1], depth + 1)


@inlined
def _follow_forced(place: int, search: _Search, stack: _Stack, found: _Found) -> bool:
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
def _search_all(most: int, search: _Search, stack: _Stack, found: _Found, ptr: NDArray[np.int64]) -> None:
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


def enumerate_paths(
    arcs: Arcs,
    law: LocalLaw,
    *,
    role: NDArray[np.int8],
    arc_open: NDArray[np.bool_],
    forced: NDArray[np.bool_],
) -> Paths:
    """List the candidates of every place in every state of the roads.

    Parameters
    ----------
    arcs : Arcs
    law : LocalLaw
    role : (n,) int8                only markers matter.
    arc_open, forced : (p, a) bool  which arcs are open; which take everybody who leaves their origin.

    Returns
    -------
    Paths

    Raises
    ------
    ModelError      if there are more than `MOST_PATHS`; a lower `awareness_level` helps.
    """
    places, most, total = len(role), MOST_PATHS, 0
    ptr = np.zeros((len(arc_open), places + 1), dtype=np.int64)
    awareness = min(max(1, law.awareness_level), places)
    stack, longest = _new_stack(places), 1
    searches = []
    for state, (is_open, is_forced) in enumerate(zip(arc_open, forced, strict=True)):
        search = _search_of(arcs, is_open, is_forced, role == MARKER, awareness)
        stack.tally[:] = 0
        _search_all(most - total, search, stack, _room_for(0, 0), ptr[state])
        if stack.tally[0] > most - total or stack.tally[2] > ARCS_A_PATH * (most - total):
            message = (
                f"Looking {law.awareness_level} links ahead gives more than {MOST_PATHS:,} paths on this"
                " network; lower awareness_level in simsetting.yml."
            )
            raise ModelError(message)
        total += int(stack.tally[0])
        longest = max(longest, int(stack.tally[1]))
        searches.append(search)
    found = _room_for(total, longest)
    stack.tally[0] = 0
    for state, search in enumerate(searches):
        stack.tally[2] = 0
        _search_all(most, search, stack, found, ptr[state])
    table = found.arcs
    if law.compat and len(arcs.first):
        table = np.where(table >= 0, arcs.first[table], -1).astype(np.int32)
    return Paths(ptr=ptr, dest=found.dest, km=found.km, arcs=table, length=found.length)


def _search_of(
    arcs: Arcs,
    is_open: NDArray[np.bool_],
    forced: NDArray[np.bool_],
    marker: NDArray[np.bool_],
    awareness: int,
) -> _Search:
    usable = np.flatnonzero(is_open).astype(np.int32)
    usable = usable[np.argsort(arcs.origin[usable], kind="stable")]
    begin = np.searchsorted(arcs.origin[usable], np.arange(len(marker) + 1)).astype(np.int64)
    return _Search(begin, usable, np.ascontiguousarray(forced), arcs.target, arcs.km, marker, awareness)


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


def _room_for(paths: int, longest: int) -> _Found:
    return _Found(
        dest=np.empty(paths, dtype=np.int32),
        km=np.empty(paths),
        arcs=np.full((paths, longest), -1, dtype=np.int32),
        length=np.empty(paths, dtype=np.int32),
    )
