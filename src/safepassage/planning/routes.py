"""The towns that each drive of a plan passes through, from home to the store and on to where it hands out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.core.network import Network
from safepassage.core.plan import Dispatch, PlanProblem
from safepassage.planning.roads import LEAST_KM, RoadDay, legs_of, road_days

NEAR_HOURS = 1e-9


def routes_of(problem: PlanProblem, dispatches: tuple[Dispatch, ...]) -> dict[str, tuple[int, ...]]:
    """Find the way of every drive on the roads of the day on which it leaves.

    Returns
    -------
    dict of id to tuple of int      positions in `Places`, home first, the town where goods are handed out
        last; empty where the carrier is not known any more, or no road leads there by what is known now.
    """
    carriers = {one.id: one for one in problem.logistics.carriers}
    roads = road_days(
        problem.network, problem.events, start=problem.start, days=problem.days,
        cross_borders=problem.rules.cross_borders,
    )  # fmt: skip
    found: dict[str, tuple[int, ...]] = {}
    for one in dispatches:
        day = min(max((one.leave - problem.start).days, 0), problem.days - 1)
        carrier = carriers.get(one.carrier)
        if carrier is None:
            found[one.id] = ()
            continue
        first = _way(problem.network, roads[day], (carrier.place, one.store), carrier.speed_km_per_h)
        second = _way(problem.network, roads[day], (one.store, one.place), carrier.speed_km_per_h)
        found[one.id] = (*first, *second[1:]) if first and second else ()
    return found


def _way(network: Network, roads: RoadDay, ends: tuple[int, int], speed: float) -> tuple[int, ...]:
    """Walk the fastest way back from its end: every step costs just what the search says."""
    source, at = ends
    hours = legs_of(network, roads, np.array([source], dtype=np.int64), speed).hours[0]
    if not np.isfinite(hours[at]):
        return ()
    origin, target, km, _ = network.arcs
    cost: NDArray[np.float64] = np.maximum(km, LEAST_KM) / speed + roads.delay_hours
    way = [at]
    while at != source:
        into = np.flatnonzero((target == at) & roads.open)
        short = np.abs(hours[origin[into]] + cost[into] - hours[at]) < NEAR_HOURS * (1.0 + hours[at])
        at = int(origin[into[short][0]])
        way.append(at)
    return tuple(reversed(way))
