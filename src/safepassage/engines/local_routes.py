"""Paths people weigh under the local law: all simple paths of up to `awareness_level` links.

Every place on the way is a destination of its own; markers cost no step and are no destinations; several
paths to one place are separate candidates.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import MARKER
from safepassage.core.errors import ModelError
from safepassage.core.local_law import LocalLaw
from safepassage.core.network import Network
from safepassage.engines.path_search import search_paths

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


def whole_km(km: NDArray[np.float64], law: LocalLaw) -> NDArray[np.float64]:
    """Round to whole km, at least one, so that both kernels measure alike; Flee does not."""
    return km if law.compat else np.maximum(1.0, np.rint(km))


def arcs_of(network: Network, law: LocalLaw) -> Arcs:
    """Lay out the directed roads of a network, both ways of a link next to each other."""
    links, places = network.links, len(network.places)
    link = np.repeat(np.arange(len(links), dtype=np.int64), 1 + links.two_way)
    back = np.zeros(len(link), dtype=bool)
    back[1:] = link[1:] == link[:-1]
    origin = np.where(back, links.target[link], links.origin[link]).astype(np.int64)
    target = np.where(back, links.origin[link], links.target[link]).astype(np.int64)
    _, first, ends = np.unique(origin * places + target, return_index=True, return_inverse=True)
    return Arcs(
        origin=origin.astype(np.int32),
        target=target.astype(np.int32),
        km=whole_km(links.distance_km, law)[link],
        link=link,
        first=first[ends.reshape(-1)].astype(np.int32),
    )


@dataclass(frozen=True)
class _Found:
    """Paths under search or found: c of them, by origin."""

    origin: NDArray[np.int64]
    end: NDArray[np.int64]
    km: NDArray[np.float64]
    arcs: NDArray[np.int32]  # (c, length), -1 beyond the end

    def __getitem__(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> _Found:
        return _Found(self.origin[rows], self.end[rows], self.km[rows], self.arcs[rows])


def enumerate_paths(
    arcs: Arcs,
    law: LocalLaw,
    *,
    role: NDArray[np.int8],
    arc_open: NDArray[np.bool_],
    forced: NDArray[np.bool_],
    major_routes: tuple[tuple[int, ...], ...] = (),
) -> Paths:
    """List the candidates of every place in every state of the roads.

    Parameters
    ----------
    arcs : Arcs
    law : LocalLaw
    role : (n,) int8                only markers matter.
    arc_open, forced : (p, a) bool  which arcs are open; which take everybody who leaves their origin.
    major_routes : tuple of tuples of places    long ways that are known both ways, with `fixed_routes`.

    Returns
    -------
    Paths

    Raises
    ------
    ModelError      if there are more than `MOST_PATHS`; a lower `awareness_level` helps.
    """
    places = len(role)
    ptr = np.zeros((len(arc_open), places + 1), dtype=np.int64)
    found: list[_Found] = []
    begin = 0
    for state, (is_open, is_forced) in enumerate(zip(arc_open, forced, strict=True)):
        one = _candidates(arcs, law, role == MARKER, (is_open, is_forced), begin)
        if law.fixed_routes:
            one = fixed(one, arcs, law, places, major_routes=major_routes)
        ptr[state] = begin + np.searchsorted(one.origin, np.arange(places + 1))
        begin += len(one.end)
        found.append(one)
    return _packed(arcs, law, ptr, _joined(found))


def _candidates(
    arcs: Arcs,
    law: LocalLaw,
    marker: NDArray[np.bool_],
    state: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    before: int,
) -> _Found:
    """Search the paths of one state of the roads, no more of them than `before` leave room for."""
    roads, most = (arcs.origin, arcs.target, arcs.km), MOST_PATHS - before
    awareness = max(1, law.awareness_level)
    found = search_paths(roads, state, marker=marker, awareness=awareness, most=most)
    if found is None:
        message = (
            f"Looking {law.awareness_level} links ahead gives more than {MOST_PATHS:,} paths on this"
            " network; lower awareness_level in simsetting.yml."
        )
        raise ModelError(message)
    ptr, paths = found
    origin = np.repeat(np.arange(len(marker), dtype=np.int64), np.diff(ptr))
    return _Found(origin, paths.dest.astype(np.int64), paths.km, paths.arcs)


def _joined(found: list[_Found]) -> _Found:
    longest = max((one.arcs.shape[1] for one in found), default=1)
    wide = [np.pad(one.arcs, ((0, 0), (0, longest - one.arcs.shape[1])), constant_values=-1) for one in found]
    return _Found(
        np.concatenate([one.origin for one in found]),
        np.concatenate([one.end for one in found]),
        np.concatenate([one.km for one in found]),
        np.concatenate(wide),
    )


def _in_order(found: _Found) -> _Found:
    """Put paths in the order of a search that follows each road to its end: a path before those it begins."""
    return found[np.lexsort((*found.arcs.T[::-1], found.origin))]


def fixed(
    found: _Found, arcs: Arcs, law: LocalLaw, places: int, *, major_routes: tuple[tuple[int, ...], ...]
) -> _Found:
    """Keep the shortest path to each destination, and add the major routes that begin at or near a place.

    Source: Flee's documentation of `fixed_routes` and major_routes.csv. A major route leads only where no
    other path leads; Flee's code counts a quarter of its length.
    """
    short = _shortest(found, places)
    if not major_routes:
        return short
    ways = [way for route in major_routes for way in (route, route[::-1])]
    starts: dict[int, list[tuple[int, ...]]] = {}
    for way in ways:
        starts.setdefault(way[0], []).append(way)
    reached = set((short.origin * places + short.end).tolist())
    long: list[tuple[int, int, float, list[int]]] = []
    near = np.flatnonzero(np.isin(short.end, list(starts)))
    heads: list[tuple[int, int, float, list[int]]] = [(place, place, 0.0, []) for place in starts]
    for row in near.tolist():
        path = [int(arc) for arc in short.arcs[row] if arc >= 0]
        heads.append((int(short.origin[row]), int(short.end[row]), float(short.km[row]), path))
    first = {
        ends: arc
        for arc, ends in reversed(
            list(enumerate(zip(arcs.origin.tolist(), arcs.target.tolist(), strict=True)))
        )
    }
    for origin, begin, km, path in heads:
        for way in starts[begin]:
            more = [first[ends] for ends in pairwise(way)]
            whole = [origin, *(int(arcs.target[arc]) for arc in (*path, *more))]
            if len(set(whole)) < len(whole) or origin * places + way[-1] in reached:
                continue
            length = km + float(arcs.km[more].sum())
            long.append((origin, way[-1], length / 4.0 if law.compat else length, [*path, *more]))
    return _in_order(_shortest(_joined([short, _written(long)]), places))


def _shortest(found: _Found, places: int) -> _Found:
    pair = found.origin * places + found.end
    order = np.lexsort((np.arange(len(pair)), found.km, pair))
    keep = order[np.concatenate([[True], np.diff(pair[order]) != 0])] if len(order) else order
    return found[np.sort(keep)]


def _written(paths: list[tuple[int, int, float, list[int]]]) -> _Found:
    longest = max((len(way) for _, _, _, way in paths), default=1)
    table = np.full((len(paths), longest), -1, dtype=np.int32)
    for row, (_, _, _, way) in enumerate(paths):
        table[row, : len(way)] = way
    return _Found(
        np.array([one[0] for one in paths], dtype=np.int64),
        np.array([one[1] for one in paths], dtype=np.int64),
        np.array([one[2] for one in paths], dtype=np.float64),
        table,
    )


def _packed(arcs: Arcs, law: LocalLaw, ptr: NDArray[np.int64], found: _Found) -> Paths:
    table = found.arcs
    if law.compat:
        table = np.where(table >= 0, arcs.first[table], np.int32(-1))
    return Paths(
        ptr=ptr,
        dest=found.end.astype(np.int32),
        km=found.km,
        arcs=np.ascontiguousarray(table, dtype=np.int32),
        length=(table >= 0).sum(axis=1).astype(np.int32),
    )
