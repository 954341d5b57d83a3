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
    driven = [one for one in dispatches if one.carrier in carriers]
    days = {one.id: min(max((one.leave - problem.start).days, 0), problem.days - 1) for one in driven}
    # One search for all drives of one speed on days with equal roads.
    alike: dict[tuple[bytes, float], list[Dispatch]] = {}
    for one in driven:
        key = roads[days[one.id]].key, carriers[one.carrier].speed_km_per_h
        alike.setdefault(key, []).append(one)
    found: dict[str, tuple[int, ...]] = {one.id: () for one in dispatches}
    for (_, speed), drives in alike.items():
        ways = _Ways(problem.network, roads[days[drives[0].id]], speed)
        homes = [carriers[one.carrier].place for one in drives]
        ways.search([*homes, *(one.store for one in drives)])
        for one, home in zip(drives, homes, strict=True):
            first, second = ways.way(home, one.store), ways.way(one.store, one.place)
            found[one.id] = (*first, *second[1:]) if first and second else ()
    return found


class _Ways:
    """The fastest ways on the roads of one day at one speed."""

    def __init__(self, network: Network, roads: RoadDay, speed_km_per_h: float) -> None:
        self._network, self._roads, self._speed = network, roads, speed_km_per_h
        self._hours: dict[int, NDArray[np.float64]] = {}

    def search(self, sources: list[int]) -> None:
        """Find the hours from every source to all places."""
        each = np.unique(np.array(sources, dtype=np.int64))
        legs = legs_of(self._network, self._roads, each, self._speed)
        self._hours = dict(zip(each.tolist(), legs.hours, strict=True))

    def way(self, source: int, at: int) -> tuple[int, ...]:
        """Walk the fastest way back from its end: every step costs just what the search says."""
        hours, roads = self._hours[source], self._roads
        if not np.isfinite(hours[at]):
            return ()
        origin, target, km, _ = self._network.arcs
        cost = np.maximum(km, LEAST_KM) / self._speed + roads.delay_hours
        way = [at]
        while at != source:
            into = np.flatnonzero((target == at) & roads.open)
            short = np.abs(hours[origin[into]] + cost[into] - hours[at]) < NEAR_HOURS * (1.0 + hours[at])
            at = int(origin[into[short][0]])
            way.append(at)
        return tuple(reversed(way))
