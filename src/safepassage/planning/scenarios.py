"""A few scenarios instead of many members: fast forward selection.

Members are taken one by one, each time the one that leaves the least distance from all members to the nearest
one taken; then each taken member gets the weight of those it stands for (Dupačová, Gröwe-Kuska & Römisch
2003,
Mathematical Programming 95, doi:10.1007/s10107-002-0331-0; Heitsch & Römisch 2003,
doi:10.1023/A:1021805924152). Exchanges follow until none helps, as in k-medoids. Nothing is drawn: the same
members give the same scenarios.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from safepassage.core.plan import Scenarios

# A need that is nearer weighs more: what is decided now depends on it.
FADING_PER_DAY = 0.9
MOST_EXCHANGES = 50
# Above so many members the distances are taken from evenly spaced ones, to keep the table in memory.
MOST_COMPARED = 2_000


def weighted_need(need: NDArray[np.float32], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up the items of a need by their weights.

    Parameters
    ----------
    need : (member, day, place, item)
    weights : (item,)

    Returns
    -------
    (member, day, place) float64
    """
    # Most towns of a network are nobody's: only the others are worth the arithmetic.
    busy = need.any(axis=(0, 1, 3))
    result = np.zeros(need.shape[:3])
    result[:, :, busy] = need[:, :, busy] @ weights.astype(np.float64)
    return result


def reduce_members(needs: NDArray[np.float64], count: int) -> Scenarios:
    """Reduce members to at most `count` weighted scenarios.

    Parameters
    ----------
    needs : (member, day, place) float64    people, or a weighted need.
    count : int

    Returns
    -------
    Scenarios       one per distinct member where there are no more than `count`.
    """
    needs = np.asarray(needs, dtype=np.float64)
    members, days = needs.shape[:2]
    fade = FADING_PER_DAY ** np.arange(days)
    flat = (needs * fade[None, :, None]).reshape(members, -1)
    flat = flat[:, flat.any(axis=0)]
    pool = _evenly(members, MOST_COMPARED)
    distance = _distances(flat[pool], flat[pool])
    chosen = np.sort(_exchanged(distance, _forward(distance, count)))
    to_chosen = _distances(flat, flat[pool[chosen]])
    stands_for = np.argmin(to_chosen, axis=1)
    weights = np.bincount(stands_for, minlength=len(chosen)) / members
    single = distance.mean(axis=0).min()
    left = to_chosen.min(axis=1).mean()
    share = float(left / single) if single > 0 else 0.0
    return Scenarios(pool[chosen].astype(np.int64), weights, stands_for.astype(np.int64), share)


def median_member(needs: NDArray[np.float64]) -> int:
    """Give the member in the middle: the one nearest to all others, (member, day, place)."""
    return int(reduce_members(needs, 1).members[0])


def _evenly(members: int, most: int) -> NDArray[np.int64]:
    """Give at most `most` members, evenly spaced."""
    return np.unique(np.linspace(0, members - 1, min(members, most)).round().astype(np.int64))


def _distances(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the sums of absolute differences, (row of one, row of other)."""
    if not one.shape[1]:
        return np.zeros((len(one), len(other)))
    return np.asarray(cdist(one, other, "cityblock"))


def _forward(distance: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    nearest = np.full(len(distance), np.inf)
    chosen: list[int] = []
    while len(chosen) < count and (not chosen or nearest.max() > 0):
        left = np.minimum(nearest[:, None], distance).sum(axis=0)
        # The lowest number among equals, told apart by more than the last bits of a sum.
        best = int(np.flatnonzero(left <= left.min() * (1 + 1e-12))[0])
        chosen.append(best)
        nearest = np.minimum(nearest, distance[:, best])
    return np.array(chosen, dtype=np.int64)


def _exchanged(distance: NDArray[np.float64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put another member in the place of a chosen one as long as that leaves less distance."""
    chosen = chosen.copy()
    for _ in range(MOST_EXCHANGES):
        now = distance[:, chosen].min(axis=1).sum()
        best, swap = now * (1 - 1e-9), None
        for position in range(len(chosen)):
            others = np.delete(chosen, position)
            rest = distance[:, others].min(axis=1) if len(others) else np.full(len(distance), np.inf)
            left = np.minimum(rest[:, None], distance).sum(axis=0)
            candidate = int(np.argmin(left))
            if left[candidate] < best:
                best, swap = float(left[candidate]), (position, candidate)
        if swap is None:
            break
        chosen[swap[0]] = swap[1]
    return chosen
