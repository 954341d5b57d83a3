"""Paths people weigh under the local law: all simple paths of up to `awareness_level` links.

Every place on the way is a destination of its own; markers cost no step and are no destinations; several
paths to one place are separate candidates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import MARKER
from safepassage.core.errors import ModelError
from safepassage.core.local_law import LocalLaw

MOST_PATHS = 4_000_000


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


@dataclass(frozen=True)
class _Search:
    """What one enumeration needs to know."""

    arcs: Arcs
    leaving: list[list[int]]
    marker: NDArray[np.bool_]
    awareness: int


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
    places = len(role)
    ptr = np.zeros((len(arc_open), places + 1), dtype=np.int64)
    found: list[tuple[int, float, tuple[int, ...]]] = []
    for state, (is_open, is_forced) in enumerate(zip(arc_open, forced, strict=True)):
        leaving: list[list[int]] = [[] for _ in range(places)]
        for arc in np.flatnonzero(is_open):
            leaving[arcs.origin[arc]].append(int(arc))
        search = _Search(arcs, leaving, role == MARKER, max(1, law.awareness_level))
        for place in range(places):
            ptr[state, place] = len(found)
            found.extend(_candidates(search, place, is_forced))
            if len(found) > MOST_PATHS:
                message = (
                    f"Looking {law.awareness_level} links ahead gives more than {MOST_PATHS:,} paths on this"
                    " network; lower awareness_level in simsetting.yml."
                )
                raise ModelError(message)
        ptr[state, places] = len(found)
    return _packed(arcs, law, ptr, found)


def _candidates(
    search: _Search, place: int, forced: NDArray[np.bool_]
) -> list[tuple[int, float, tuple[int, ...]]]:
    arcs = search.arcs
    redirected = [arc for arc in search.leaving[place] if forced[arc]]
    if redirected:
        return [(int(arcs.target[arc]), float(arcs.km[arc]), (arc,)) for arc in redirected]
    return _extend(search, place, (), (place,), 0.0)


def _extend(
    search: _Search, place: int, taken: tuple[int, ...], seen: tuple[int, ...], km: float
) -> list[tuple[int, float, tuple[int, ...]]]:
    result: list[tuple[int, float, tuple[int, ...]]] = []
    steps = 1 + len(taken) - sum(bool(search.marker[p]) for p in seen[1:])
    for arc in search.leaving[place]:
        end = int(search.arcs.target[arc])
        if end in seen:
            continue
        path, length = (*taken, arc), km + float(search.arcs.km[arc])
        if not search.marker[end]:
            result.append((end, length, path))
        if search.awareness > steps - int(search.marker[end]):
            result.extend(_extend(search, end, path, (*seen, end), length))
    return result


def _packed(
    arcs: Arcs, law: LocalLaw, ptr: NDArray[np.int64], found: list[tuple[int, float, tuple[int, ...]]]
) -> Paths:
    longest = max((len(path) for _, _, path in found), default=1)
    table = np.full((len(found), longest), -1, dtype=np.int32)
    for row, (_, _, path) in enumerate(found):
        table[row, : len(path)] = arcs.first[list(path)] if law.compat else path
    return Paths(
        ptr=ptr,
        dest=np.array([dest for dest, _, _ in found], dtype=np.int32),
        km=np.array([km for _, km, _ in found], dtype=np.float64),
        arcs=table,
        length=np.array([len(path) for _, _, path in found], dtype=np.int32),
    )
