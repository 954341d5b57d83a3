"""What can be where and when, before anything is decided: it says which variables are worth having."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.planning.situation import Committed, Situation


@dataclass(frozen=True)
class Reach:
    """Where goods can come, in the best case.

    Parameters
    ----------
    fine : (a, t) bool          a drive can start in a period: open roads, hours, vehicles there.
    carried : (a, t, k) bool    and bring a good: it is at the store, allowed, and not spoiled on the way.
    arrives : (a, t) int64      period of arrival; `t` periods: after the end.
    inflow : (t, p, k) bool     a good can come to a place, by a drive or a kept dispatch.
    node : (t, p, k) bool       a good can be at a place: so far something of it came or can be taken there.
    fresh : (t, p, k) bool      and not be spoiled.
    life : (p, k) float64       days on which it can be used there, the day of arrival included: the least
        over
        the drives that come there, so that nothing spoiled is ever reckoned as use.
    hub : (p,) bool             goods can be loaded there.
    came : (t, p, k) bool       a good can come, or be taken out of a supply there.
    stored : (t, p, k) bool     of goods that keep: what came by then may lie there. Where goods only lie in a
        supply there is nothing to store: they are taken when needed.
    """

    fine: NDArray[np.bool_]
    carried: NDArray[np.bool_]
    arrives: NDArray[np.int64]
    inflow: NDArray[np.bool_]
    node: NDArray[np.bool_]
    fresh: NDArray[np.bool_]
    life: NDArray[np.float64]
    hub: NDArray[np.bool_]
    came: NDArray[np.bool_]
    stored: NDArray[np.bool_]

    def possible(self, situation: Situation) -> NDArray[np.bool_]:
        """Tell where and when something of an item can be used, (t, p, i)."""
        periods, places, _ = situation.shape
        result = np.zeros((periods, places, len(situation.problem.items)), dtype=bool)
        for k, item in enumerate(situation.goods.item):
            result[:, :, item] |= self.fresh[:, :, k]
        spot = situation.local
        for r in range(len(spot)):
            result[:, spot.place[r], spot.good[r]] |= (spot.days[r] > 0) & (spot.quantity[r] > 0)
        return result


def reach_of(situation: Situation, committed: Committed, *, free_from: int = 0) -> Reach:
    """Find out what can come where.

    Parameters
    ----------
    committed : Committed       what comes anyway.
    free_from : int     drives can be chosen from this period on.
    """
    arcs, fleet, periods, goods = situation.arcs, situation.fleet, situation.periods, situation.goods
    vehicles = periods.sums(fleet.vehicles, axis=1)
    fine = np.isfinite(arcs.hours) & (vehicles[arcs.group] > 0)
    fine[:, :free_from] = False
    arrives = periods.at(periods.first[None, :] + arcs.lag_days)
    fine &= arrives < len(periods)
    fits = fleet.may[arcs.group][:, None, :] & (arcs.lag_days[:, :, None] < goods.life_days)
    carried, inflow, node = _spread(situation, fine[:, :, None] & fits, arrives, committed)
    life = np.broadcast_to(goods.life_days, node.shape[1:]).copy()
    a, t, k = np.nonzero(carried & ~goods.keeps)
    np.minimum.at(life, (arcs.place[a], k), goods.life_days[k] - arcs.lag_days[a, t])
    hub = np.zeros(len(situation.places), dtype=bool)
    hub[arcs.store] = True
    came = inflow | _tank_here(situation)
    stored = np.maximum.accumulate(inflow | _tank_here(situation, daily=True), axis=0) & goods.keeps
    fresh = np.where(goods.keeps, node, _fresh(situation, came, life))
    return Reach(fine, carried, arrives, inflow, node, fresh, life, hub, came, stored)


def _tank_here(situation: Situation, *, daily: bool = False) -> NDArray[np.bool_]:
    """Tell where and when a good can be taken out of a supply, or of a daily one only, (t, p, k)."""
    here = np.zeros(situation.shape, dtype=bool)
    tanks = situation.tanks
    for r in np.flatnonzero(tanks.per_day | (not daily)):
        here[:, tanks.place[r], tanks.good[r]] |= (tanks.days[r] > 0) & (tanks.quantity[r] > 0)
    return here


def _spread(
    situation: Situation, allowed: NDArray[np.bool_], arrives: NDArray[np.int64], committed: Committed
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Let goods go from store to store until nothing new is reached.

    Goods are sent ahead to other stores on the sure days only: later, what is at a store came from its own
    supplies or was sent ahead. That keeps the program small where it only has to value what is decided now.
    """
    arcs, goods, tank = situation.arcs, situation.goods, _tank_here(situation)
    daily = _tank_here(situation, daily=True)
    inflow, ahead = committed.inflow > 0, committed.inflow > 0
    sure = np.arange(allowed.shape[1]) < situation.periods.sure
    while True:
        node = np.maximum.accumulate(inflow | tank, axis=0)
        before = np.zeros_like(node)
        before[1:] = np.maximum.accumulate(ahead | daily, axis=0)[:-1]
        # What spoils is loaded fresh from a supply only: its age is not lost on the way through a store.
        loadable = tank | (before & goods.keeps)
        carried = allowed & loadable[:, arcs.store, :].transpose(1, 0, 2)
        found = inflow.copy()
        a, t, k = np.nonzero(carried)
        found[arrives[a, t], arcs.place[a], k] = True
        if (found == inflow).all():
            return carried, inflow, node
        inflow = found
        a, t, k = np.nonzero(carried & sure[None, :, None])
        ahead[arrives[a, t], arcs.place[a], k] = True


def window(situation: Situation, life: NDArray[np.float64], t: int, tau: int) -> NDArray[np.bool_]:
    """Tell whether what came in period `tau` can still be used in period `t`, (p, k)."""
    first = situation.periods.first
    if t == tau:
        return np.ones(life.shape, dtype=bool)
    return np.asarray(first[tau] + life - 1 >= first[t])


def _fresh(situation: Situation, came: NDArray[np.bool_], life: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell where and when something that came is not spoiled, (t, p, k)."""
    fresh = np.zeros_like(came)
    for t in range(len(came)):
        for tau in range(t + 1):
            fresh[t] |= came[tau] & window(situation, life, t, tau)
    return fresh
