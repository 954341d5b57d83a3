"""Who joins a group and who leaves it: everybody comes out of a counted pool, and nobody vanishes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.core.forecast import MODES
from safepassage.core.network import sphere_km
from safepassage.engines.group_state import (
    ARRIVED,
    BUS,
    HELD,
    RIDING,
    WAITING,
    WALKING,
    Body,
    GroupState,
)
from safepassage.engines.luck import binomial_quantile
from safepassage.engines.outcomes import (
    ARRIVED_THERE,
    HELD_UP,
    MOVING,
    STAYING,
    OutcomeTable,
    who_leaves,
)

# Status by mode, for outcomes; who waits to set out or has dissolved stays, and none of them leaves.
STATUS_OF_MODE = np.full(len(MODES), STAYING, dtype=np.int64)
STATUS_OF_MODE[[WALKING, RIDING, BUS]] = MOVING
STATUS_OF_MODE[HELD], STATUS_OF_MODE[ARRIVED] = HELD_UP, ARRIVED_THERE


@dataclass(frozen=True)
class PoolTable:
    """p pools: the group each feeds and where its people are (degrees)."""

    group: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]


def leave(
    body: Body, outcomes: OutcomeTable, *, day: int, place: NDArray[np.int64], draws: Draws
) -> NDArray[np.int64]:
    """Count who leaves one body of people on a day, and how.

    Parameters
    ----------
    body : Body                 after the day's travel; its `mode` decides.
    outcomes : OutcomeTable     what competes with the group's own rate of leaving.
    day : int
    place : (k,) int64          the place last reached.
    draws : Draws

    Returns
    -------
    (k, outcome) int64
    """
    held = np.where(body.mode == HELD, body.beliefs["held_leave_factor"], 1.0)
    status = STATUS_OF_MODE[body.mode]
    return who_leaves(
        np.where(body.alive & (body.mode != WAITING), body.size, 0),
        body.beliefs["leave_rate_per_day"] * held,
        outcomes.chances_at(body.chances, day, status=status, place=place),
        luck=(draws, day, body.slot, body.column),
    )


def join(
    state: GroupState,
    pools: PoolTable,
    group: int,
    *,
    here: tuple[NDArray[np.float64], NDArray[np.float64]],
    days_on_road: int,
    draws: Draws,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Let people join one group slot, for every member.

    Parameters
    ----------
    state : GroupState      after the day's travel; its `mode` decides.
    here : (lat, lon)       (member,) degrees, where the group is.
    days_on_road : int      days since departure, 0 on the first.
    draws : Draws

    Returns
    -------
    ((member,), (member, pool)) int64       who joins, and who is left in the pools.
    """
    g, belief = group, {name: value[:, group] for name, value in state.beliefs.items()}
    mode = state.mode[:, g]
    open_door = state.alive[:, g] & (mode != WAITING) & (mode != ARRIVED)
    fresh = np.exp(-days_on_road / belief["news_days"])
    stock, come = state.pools.copy(), np.zeros(len(mode), dtype=np.int64)
    for pool in np.flatnonzero(pools.group == g):
        away_km = sphere_km(here, (pools.lat[pool], pools.lon[pool]))
        hazard = belief["join_rate_per_day"] * fresh * np.exp(-away_km / belief["join_reach_km"])
        luck = draws.uniform("join", day=state.day, slots=state.slot, entity=int(pool))
        new = binomial_quantile(luck, np.where(open_door, stock[:, pool], 0), -np.expm1(-hazard))
        stock[:, pool] -= new
        come += new
    return come, stock
