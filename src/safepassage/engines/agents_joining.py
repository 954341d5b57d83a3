"""Newcomers of the agent kernel, put into the arrays; and who is where by kind."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.agents_kernel import People, place_of
from safepassage.engines.compiled import borrowing

Bounds = tuple[NDArray[np.int64], NDArray[np.int64]]


def stand_with(
    old: NDArray[Any], new: NDArray[Any], first: NDArray[np.int64], added: NDArray[np.int64]
) -> NDArray[Any]:
    """Put the newcomers of each member after those who are there; always a new array.

    Parameters
    ----------
    old, new : (count,), (came,)        of one type.
    first, added : (members + 1,) int64     where each member begins in `old`, and in `new`.
    """
    if not len(new):
        return old.copy()
    both = np.empty(len(old) + len(new), dtype=old.dtype)
    _copy_both(old, new, (first, added), both)
    return both


@borrowing
def _copy_both(old: NDArray[Any], new: NDArray[Any], bounds: Bounds, both: NDArray[Any]) -> None:
    first, added = bounds
    for member in range(len(first) - 1):
        begin, middle, end = first[member], first[member + 1], first[member + 1] + added[member + 1]
        for k in range(middle - begin):
            both[begin + added[member] + k] = old[begin + k]
        for k in range(end - middle - added[member]):
            both[middle + added[member] + k] = new[added[member] + k]


@borrowing
def put_in(here: NDArray[np.int64], where: NDArray[np.unsignedinteger], added: NDArray[np.int64]) -> None:
    """Count newcomers in: `here` (members, n), `where` and `added` as in `stand_with`."""
    for member in range(len(here)):
        for agent in range(added[member], added[member + 1]):
            here[member, where[agent]] += 1


def counts_by_kind(
    people: People, bounds: NDArray[np.int64], legs: NDArray[np.void], shape: tuple[int, int]
) -> NDArray[np.int64]:
    """Count the agents of one member in places by kind, those included who rest on the way or stay for good.

    Parameters
    ----------
    people : People
    bounds : (2,) int64     first agent of the member, and of the next.
    legs : (l,) LEG
    shape : (kinds, n)

    Returns
    -------
    (kinds, n) int64
    """
    counts = np.zeros(shape, dtype=np.int64)
    _count(people.where[bounds[0] : bounds[1]], people.kind[bounds[0] : bounds[1]], legs, counts)
    return counts


@borrowing
def _count(
    where: NDArray[np.unsignedinteger],
    kind: NDArray[np.uint8],
    legs: NDArray[np.void],
    counts: NDArray[np.int64],
) -> None:
    places = counts.shape[1]
    for agent in range(len(where)):
        place = place_of(int(np.int64(where[agent])), places, legs)
        if place >= 0:
            counts[kind[agent] if len(kind) else 0, place] += 1
