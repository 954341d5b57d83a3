"""What is true of the groups of every member on one evening, and the parameters each member believes in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.forecast import MODES

WAITING, RESTING, WALKING, RIDING, BUS, HELD, ARRIVED, DISSOLVED = range(len(MODES))


@dataclass(frozen=True)
class GroupState:
    """Groups in a fixed number of slots; every array is (member, group) unless said otherwise.

    Parameters
    ----------
    day : int                   last day stepped; -1 before day 0.
    slot, parent : (member,) int64      draw slot of each member, and the slot it was copied from.
    identity : uint64           who is in the slot: a hash of parent, day and number, 0 for an empty slot.
    overflow : (member,) int64  groups that found no free slot; they stay part of their parent.
    alive : bool                false for a slot whose group has dissolved.
    routes : tuple of tuples of int     the roads that members walk, as places; the rows of the road table.
    route : int64               position in `routes`.
    stop : int64                last stop reached.
    km : float64                head along its route; more than the km of `stop` when it sleeps on the road.
    cleared : int64             last stretch whose barrier the group has passed.
    waited_days : float64       time already waited at the barrier ahead.
    luck_slot : int64           whose luck decides about the barrier ahead: the member's own slot, unless it
        was copied while it stood waiting there.
    riding : bool               whether rides are to be had in these days.
    mode : int8                 position in `forecast.MODES`.
    size, joined : int64        people; the latter since the start.
    out : (member, group, outcome) int64    people who have left since the start, by how (`ALL_OUTCOMES`).
    pools : (member, pool) int64    people who may still join.
    beliefs : dict of name to float64   parameters drawn from the priors, by name.
    chances : (member, row) float64     chances a day drawn from the scenario's outcomes.
    """

    day: int
    slot: NDArray[np.int64]
    parent: NDArray[np.int64]
    identity: NDArray[np.uint64]
    overflow: NDArray[np.int64]
    alive: NDArray[np.bool_]
    routes: tuple[tuple[int, ...], ...]
    route: NDArray[np.int64]
    stop: NDArray[np.int64]
    km: NDArray[np.float64]
    cleared: NDArray[np.int64]
    waited_days: NDArray[np.float64]
    luck_slot: NDArray[np.int64]
    riding: NDArray[np.bool_]
    mode: NDArray[np.int8]
    size: NDArray[np.int64]
    joined: NDArray[np.int64]
    out: NDArray[np.int64]
    pools: NDArray[np.int64]
    beliefs: dict[str, NDArray[np.float64]]
    chances: NDArray[np.float64]

    @property
    def left(self) -> NDArray[np.int64]:
        """People who have left since the start in whatever way, (member, group)."""
        return np.asarray(self.out.sum(axis=2))

    def people(self) -> NDArray[np.int64]:
        """Count everybody this state speaks of, per member: in groups, gone from them, and still to join."""
        return np.asarray(self.size.sum(axis=1) + self.left.sum(axis=1) + self.pools.sum(axis=1))
