"""What is true of the groups of every member on one evening, and the parameters each member believes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.core.engine import SEGMENT_COLUMNS
from safepassage.core.forecast import MODES

WAITING, RESTING, WALKING, RIDING, BUS, HELD, ARRIVED, DISSOLVED = range(len(MODES))
SEGMENTS = len(SEGMENT_COLUMNS)
# What tells where a body of people is and how it stands with the barrier ahead.
POSITION = ("route", "stop", "km", "cleared", "waited_days", "luck_slot", "riding")
# What a body of people is, wherever its column: all but what is counted since the start.
BODY = (*POSITION, "identity", "alive", "mode", "size")


@dataclass(frozen=True)
class GroupState:
    """Groups in a fixed number of columns; every array is (member, column) unless said otherwise.

    Of G caravans column g is the main body of caravan g, G + g its advance party and 2 G + g its rear.

    Parameters
    ----------
    day : int                   last day stepped; -1 before day 0.
    slot, parent : (member,) int64      draw slot of each member, and the slot it was copied from.
    identity : uint64           who is in the column: a hash of parent, day and number, 0 if nobody is.
    overflow : (member,) int64  parts that found no free column; they stay with their main body.
    alive : bool                false for a column that is empty or whose group has dissolved.
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
    out : (member, column, outcome) int64   people who have left since the start, by how (`ALL_OUTCOMES`).
    pools : (member, pool) int64    people who may still join.
    beliefs : dict of name to (member, caravan) float64     parameters drawn from the priors, by name.
    chances : (member, row) float64     chances a day drawn from the scenario's outcomes.
    attempt : (member, caravan) int64   whose luck main bodies have in the next travel: 0, their own.
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
    attempt: NDArray[np.int64]

    @property
    def caravans(self) -> int:
        """Number of caravans."""
        return int(self.size.shape[1]) // SEGMENTS

    @property
    def left(self) -> NDArray[np.int64]:
        """People who have left since the start in whatever way, (member, column)."""
        return np.asarray(self.out.sum(axis=2))

    def people(self) -> NDArray[np.int64]:
        """Count everybody this state speaks of, per member: in groups, gone from them, and still to join."""
        return np.asarray(self.size.sum(axis=1) + self.left.sum(axis=1) + self.pools.sum(axis=1))


@dataclass(frozen=True)
class Body:
    """One body of people in k members; every array is (k,) unless said otherwise, as in `GroupState`.

    Parameters
    ----------
    column, caravan : int
    members : (k,) int64        positions in the state.
    beliefs : dict of name to (k,) float64
    chances : (k, row) float64
    """

    column: int
    caravan: int
    members: NDArray[np.int64]
    slot: NDArray[np.int64]
    beliefs: dict[str, NDArray[np.float64]]
    chances: NDArray[np.float64]
    route: NDArray[np.int64]
    stop: NDArray[np.int64]
    km: NDArray[np.float64]
    cleared: NDArray[np.int64]
    waited_days: NDArray[np.float64]
    luck_slot: NDArray[np.int64]
    riding: NDArray[np.bool_]
    identity: NDArray[np.uint64]
    alive: NDArray[np.bool_]
    mode: NDArray[np.int8]
    size: NDArray[np.int64]


def body_of(state: GroupState, column: int, members: NDArray[np.int64] | None = None) -> Body:
    """Give one column of some members, or of all."""
    caravan = column % state.caravans
    rows: Any = slice(None) if members is None else members
    return Body(
        column=column,
        caravan=caravan,
        members=np.arange(len(state.slot)) if members is None else members,
        slot=state.slot[rows],
        beliefs={name: table[rows, caravan] for name, table in state.beliefs.items()},
        chances=state.chances[rows],
        **{name: getattr(state, name)[rows, column] for name in BODY},
    )


def owned(state: GroupState) -> GroupState:
    """Give the state with arrays of its own, which `write` may change; beliefs and chances stay shared."""
    tables = {f.name: getattr(state, f.name) for f in fields(state) if f.name not in ("slot", "chances")}
    copies: dict[str, Any] = {k: table.copy() for k, table in tables.items() if isinstance(table, np.ndarray)}
    return replace(state, **copies)


def write(state: GroupState, members: NDArray[Any] | slice, column: int, values: Mapping[str, Any]) -> None:
    """Write values of one column of some members into a state that is `owned`."""
    for name, value in values.items():
        getattr(state, name)[members, column] = value
