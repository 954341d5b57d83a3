"""The rule a plan has to beat: nobody asks the others, everyone goes where people were nearest last
evening.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.planning.situation import Committed, Situation, nothing_committed


@dataclass
class _Day:
    """What is left while the groups set out one after another."""

    left: NDArray[np.float64]  # (r,) of each supply, for good or for this period
    result: Committed
    cost: float = 0.0


def nearest_rule(situation: Situation, need: NDArray[np.float64]) -> tuple[Committed, float]:
    """Let everyone drive by the rule through one member's days.

    Each group of vehicles loads at the store from which it is soonest at the nearest place where people were
    last evening (this evening on the first day), as much of everything there as fits and as that place needs,
    not knowing what others bring, as often as its hours allow.

    Parameters
    ----------
    need : (t, p, i) float64        of one member.

    Returns
    -------
    Committed       with what was kept before.
    float           cost.
    """
    tanks, periods = situation.tanks, situation.periods
    empty = nothing_committed(periods, len(situation.places), len(situation.goods.item), len(situation.fleet))
    day = _Day(tanks.quantity.copy(), situation.kept + empty)
    daily = _not_promised(situation, day)
    for t in range(len(periods)):
        day.left = np.where(tanks.per_day, daily[t], day.left)
        seen = need[max(0, t - 1)]
        there = seen.any(axis=1)[situation.arcs.place]
        for c in np.unique(situation.arcs.group[there]):
            _drive(situation, day, (int(c), t), seen)
    return day.result, day.cost


def _not_promised(situation: Situation, day: _Day) -> NDArray[np.float64]:
    """Set aside what kept drives will load, on later days too; give what daily supplies then have, (t, r)."""
    tanks = situation.tanks
    daily = tanks.quantity * tanks.days.T * tanks.per_day
    for t, out in enumerate(situation.kept.outflow):
        rest = out.copy()
        # First out of what is not there tomorrow.
        for r in sorted(np.flatnonzero(tanks.days[:, t] > 0), key=lambda r: not tanks.per_day[r]):
            store, left = (tanks.place[r], tanks.good[r]), daily[t] if tanks.per_day[r] else day.left
            part = min(rest[store], left[r])
            rest[store] -= part
            left[r] -= part
    return np.asarray(daily, dtype=np.float64)


def _drive(situation: Situation, day: _Day, who: tuple[int, int], seen: NDArray[np.float64]) -> None:
    c, t = who
    arcs, fleet, periods, goods = situation.arcs, situation.fleet, situation.periods, situation.goods
    wanted = seen[:, goods.item] * fleet.may[c]
    hours = np.where((arcs.group == c) & wanted[arcs.place].any(axis=1), arcs.hours[:, t], np.inf)
    loads = _at_store(situation, day.left, t)
    hours = np.where((np.minimum(wanted[arcs.place], loads[arcs.store]) > 0).any(axis=1), hours, np.inf)
    if not len(hours) or not np.isfinite(hours.min()):
        return
    a = int(np.argmin(hours))
    arrives = int(periods.at(np.array([periods.first[t] + arcs.lag_days[a, t]]))[0])
    days = periods.length[t]
    budget = fleet.vehicles[c, periods.first[t]] * fleet.hours_per_day[c] * days - day.result.hours[c, t]
    # A trip of several days is paid for on the day it leaves.
    trips = np.floor(max(0.0, budget) / min(hours[a], fleet.hours_per_day[c]) + 1e-9)
    fine = fleet.may[c] & (arcs.lag_days[a, t] < goods.life_days)
    amount = np.where(fine, np.minimum(wanted[arcs.place[a]], loads[arcs.store[a]]), 0.0)
    capacity = np.array([fleet.kg[c], fleet.litres[c], fleet.seats[c]])
    load = amount @ goods.loads[:, :3]
    needed = np.max(np.where(load > 0, load / np.where(capacity > 0, capacity, 1.0), 0.0), initial=0.0)
    trips = min(trips, np.ceil(needed - 1e-9))
    if trips <= 0 or arrives >= len(periods):
        return
    amount = amount * min(1.0, trips / needed)
    _note(situation, day, (a, t, arrives), (trips, amount))


def _at_store(situation: Situation, left: NDArray[np.float64], t: int) -> NDArray[np.float64]:
    """Give what lies in the supplies that are open, (p, k)."""
    tanks = situation.tanks
    result = np.zeros(situation.shape[1:])
    np.add.at(result, (tanks.place, tanks.good), np.where(tanks.days[:, t] > 0, left, 0.0))
    return result


def _note(
    situation: Situation, day: _Day, drive: tuple[int, int, int], what: tuple[float, NDArray[np.float64]]
) -> None:
    """Take the goods out of the supplies, bring them to the place, charge hours and cost."""
    (a, t, arrives), (trips, amount) = drive, what
    arcs, fleet, tanks = situation.arcs, situation.fleet, situation.tanks
    c, store = arcs.group[a], arcs.store[a]
    day.result.inflow[arrives, arcs.place[a]] += amount
    day.result.outflow[t, store] += amount
    open_ = (tanks.place == store) & (tanks.days[:, t] > 0)
    for k in np.flatnonzero(amount > 0):
        rest = amount[k]
        for r in np.flatnonzero(open_ & (tanks.good == k)):
            part = min(rest, day.left[r])
            day.left[r] -= part
            rest -= part
    day.result.hours[c, t] += trips * min(arcs.hours[a, t], fleet.hours_per_day[c])
    days = arcs.hours[a, t] / fleet.hours_per_day[c]
    day.cost += float(trips * (arcs.km[a, t] * fleet.cost_per_km[c] + days * fleet.cost_per_day[c]))
