"""Who joins a group and who leaves it: everybody comes out of a counted pool, and nobody vanishes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.core.network import sphere_km
from safepassage.engines.group_state import ARRIVED, HELD, WAITING, GroupState
from safepassage.engines.luck import binomial_quantile


@dataclass(frozen=True)
class PoolTable:
    """p pools: the group each feeds and where its people are (degrees)."""

    group: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]


@dataclass(frozen=True)
class Crowd:
    """People of one group slot after a day; (member,) each, `pools` (member, pool)."""

    size: NDArray[np.int64]
    joined: NDArray[np.int64]
    left: NDArray[np.int64]
    pools: NDArray[np.int64]


def leave_and_join(
    state: GroupState,
    pools: PoolTable,
    group: int,
    *,
    here: tuple[NDArray[np.float64], NDArray[np.float64]],
    days_on_road: int,
    draws: Draws,
) -> Crowd:
    """Let people leave one group slot and others join it, for every member.

    Parameters
    ----------
    state : GroupState      after the day's travel; its `mode` decides.
    here : (lat, lon)       (member,) degrees, where the group is.
    days_on_road : int      days since departure, 0 on the first.
    draws : Draws

    Returns
    -------
    Crowd       size + left + pools is what it was.
    """
    g, belief = group, {name: value[:, group] for name, value in state.beliefs.items()}
    mode, active = state.mode[:, g], state.alive[:, g] & (state.mode[:, g] != WAITING)
    rate = belief["leave_rate_per_day"] * np.where(mode == HELD, belief["held_leave_factor"], 1.0)
    luck = draws.uniform("leave", day=state.day, slots=state.slot, entity=g)
    gone = binomial_quantile(luck, np.where(active, state.size[:, g], 0), -np.expm1(-rate))

    fresh = np.exp(-days_on_road / belief["news_days"])
    open_door = active & (mode != ARRIVED)
    stock, come = state.pools.copy(), np.zeros_like(gone)
    for pool in np.flatnonzero(pools.group == g):
        away_km = sphere_km(here, (pools.lat[pool], pools.lon[pool]))
        hazard = belief["join_rate_per_day"] * fresh * np.exp(-away_km / belief["join_reach_km"])
        luck = draws.uniform("join", day=state.day, slots=state.slot, entity=int(pool))
        new = binomial_quantile(luck, np.where(open_door, stock[:, pool], 0), -np.expm1(-hazard))
        stock[:, pool] -= new
        come += new
    return Crowd(state.size[:, g] - gone + come, state.joined[:, g] + come, state.left[:, g] + gone, stock)
