"""Vehicles of one kind at one home together, and the drives they can make on each period's roads.

A drive goes from home to a store, loads, goes to a place, hands out, and comes home. One that takes longer
than
the hours of a day takes several days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.logistics import Carrier
from safepassage.core.plan import PlanProblem, PlanRules
from safepassage.planning.periods import Periods
from safepassage.planning.roads import legs_of, road_days

# Road hours are compared with working hours up to this.
HAIR = 1e-9
UNUSED = ("refused", "delivered", "withdrawn")


@dataclass(frozen=True)
class Fleet:
    """c groups of equal vehicles.

    Parameters
    ----------
    carriers : tuple of tuple of int    positions in `Logistics.carriers` that make up each group.
    home : (c,) int64                   position among the places that matter.
    kg, litres, seats : (c,) float64    of one vehicle.
    speed_km_per_h, hours_per_day, range_km, cost_per_km, cost_per_day : (c,) float64
    may : (c, k) bool                   which goods it may and can carry.
    vehicles : (c, day) float64
    """

    carriers: tuple[tuple[int, ...], ...]
    home: NDArray[np.int64]
    kg: NDArray[np.float64]
    litres: NDArray[np.float64]
    seats: NDArray[np.float64]
    speed_km_per_h: NDArray[np.float64]
    hours_per_day: NDArray[np.float64]
    range_km: NDArray[np.float64]
    cost_per_km: NDArray[np.float64]
    cost_per_day: NDArray[np.float64]
    may: NDArray[np.bool_]
    vehicles: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.home)


@dataclass(frozen=True)
class Arcs:
    """a drives that can be made in some period: who, from which store, to which place.

    Parameters
    ----------
    group, store, place : (a,) int64    `store` and `place` among the places that matter.
    hours, km : (a, t) float64          of the whole round; inf in periods in which it cannot be made.
    out_hours : (a, t) float64          from leaving home to arriving at the place.
    lag_days, span_days : (a, t) int64  days until arrival (0: the same), and days taken (at least 1).
    """

    group: NDArray[np.int64]
    store: NDArray[np.int64]
    place: NDArray[np.int64]
    hours: NDArray[np.float64]
    km: NDArray[np.float64]
    out_hours: NDArray[np.float64]
    lag_days: NDArray[np.int64]
    span_days: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.group)


@dataclass(frozen=True)
class Roads:
    """Hours and km between the p places that matter, by period and group: the fastest way at its speed.

    Parameters
    ----------
    kind : (c, t) int64             row of the tables for a group in a period.
    hours, km : (kind, p, p) float64
    """

    kind: NDArray[np.int64]
    hours: NDArray[np.float64]
    km: NDArray[np.float64]


def hours_of(carrier: Carrier) -> float:
    """Give the hours of a day in which a carrier's vehicles work."""
    return min(carrier.hours_per_day, carrier.last_hour - carrier.first_hour)


def usable_carriers(problem: PlanProblem) -> list[int]:
    """Give the positions of carriers that are there on some day of the plan and were not refused."""
    last = problem.date_of(problem.days - 1)
    return [
        number
        for number, one in enumerate(problem.logistics.carriers)
        if one.status not in UNUSED
        and one.since <= last
        and (one.until is None or one.until >= problem.start)
    ]


def fleet_of(problem: PlanProblem, local: dict[int, int], loads: NDArray[np.float64]) -> Fleet:
    """Put equal vehicles at one home together; carriers who refused something stay apart.

    Parameters
    ----------
    local : dict        position in `Places` to position among the places that matter.
    loads : (k, 4) float64      kg, litres, seats of one unit of each good, and the number of its item.
    """
    carriers = problem.logistics.carriers
    apart = {one.carrier for one in problem.answered if one.status == "refused"}
    groups: dict[tuple[object, ...], list[int]] = {}
    for number in usable_carriers(problem):
        one = carriers[number]
        groups.setdefault((_kind(one), one.id if one.id in apart else ""), []).append(number)
    rows = [carriers[members[0]] for members in groups.values()]
    numbers = np.array(
        [
            (
                *(r.capacity_kg, r.capacity_litres, r.seats, r.speed_km_per_h, hours_of(r)),
                *(r.range_km, r.cost_per_km, r.cost_per_day),
            )
            for r in rows
        ],
        dtype=np.float64,
    )
    kg, litres, seats, speed, work, reach, per_km, per_day = numbers.reshape(len(rows), 8).T
    vehicles = np.array(
        [
            sum((_there(problem, carriers[n]) for n in members), np.zeros(problem.days))
            for members in groups.values()
        ]
    ).reshape(len(rows), problem.days)
    return Fleet(
        tuple(tuple(members) for members in groups.values()),
        np.array([local[r.place] for r in rows], dtype=np.int64),
        kg,
        litres,
        seats,
        speed,
        work,
        reach,
        per_km,
        per_day,
        _may(problem, rows, np.column_stack([kg, litres, seats]), loads),
        vehicles,
    )


def _kind(one: Carrier) -> tuple[object, ...]:
    capacity = (one.capacity_kg, one.capacity_litres, one.seats)
    work = (one.speed_km_per_h, one.hours_per_day, one.first_hour, one.last_hour, one.range_km)
    return (one.place, *capacity, *work, one.cost_per_km, one.cost_per_day, one.items)


def _there(problem: PlanProblem, one: Carrier) -> NDArray[np.float64]:
    days = [problem.date_of(day) for day in range(problem.days)]
    here = [one.since <= day and (one.until is None or day <= one.until) for day in days]
    return one.vehicles * np.array(here, dtype=np.float64)


def _may(
    problem: PlanProblem, rows: Sequence[Carrier], room: NDArray[np.float64], loads: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Tell which goods fit: allowed, with some load, and no load of a kind for which there is no room."""
    ids = [item.id for item in problem.items]
    told = np.array([[not r.items or i in r.items for i in ids] for r in rows], dtype=bool)
    allowed = told.reshape(len(rows), len(ids))[:, loads[:, 3].astype(np.int64)]
    weighs = loads[:, :3] > 0
    fits = (~weighs[None] | (room > 0)[:, None]).all(axis=2)
    return np.asarray(allowed & fits & np.asarray(weighs.any(axis=1))[None])


def roads_between(problem: PlanProblem, fleet: Fleet, places: NDArray[np.int64], periods: Periods) -> Roads:
    """Search the ways between the places that matter, once per kind of road day and speed."""
    rules = problem.rules
    days = road_days(
        problem.network,
        problem.events,
        start=problem.start,
        days=problem.days,
        cross_borders=rules.cross_borders,
    )
    known: dict[tuple[bytes, float], int] = {}
    hours, km = [], []
    kind = np.zeros((len(fleet), len(periods)), dtype=np.int64)
    for t, day in enumerate(periods.first):
        roads = days[int(day)]
        for c, speed in enumerate(fleet.speed_km_per_h):
            key = (roads.key, float(speed))
            if key not in known:
                known[key] = len(known)
                legs = legs_of(problem.network, roads, places, float(speed))
                hours.append(legs.hours[:, places])
                km.append(legs.km[:, places])
            kind[c, t] = known[key]
    n = len(places)
    return Roads(kind, np.array(hours).reshape(-1, n, n), np.array(km).reshape(-1, n, n))


@dataclass(frozen=True)
class Wanted:
    """What decides where drives may go.

    Parameters
    ----------
    needs : (p, k) bool     a good is needed at a place in some member.
    stores : (p, k) bool    a good can be loaded at a place, from a supply.
    """

    needs: NDArray[np.bool_]
    stores: NDArray[np.bool_]


def arcs_of(problem: PlanProblem, fleet: Fleet, roads: Roads, wanted: Wanted) -> Arcs:
    """Give the drives that can be made: near stores, near places, within hours and range; refused ones
    not.
    """
    rules = problem.rules
    pairs = [
        (c, int(store))
        for c in range(len(fleet))
        for store in _stores_for(
            c, fleet, roads.hours[roads.kind[c]].min(axis=0), wanted, rules.stores_per_item
        )
    ]
    group, store = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    n = len(wanted.needs)
    every = (np.repeat(group, n), np.repeat(store, n), np.tile(np.arange(n), len(group)))
    hubs = np.asarray(wanted.stores.any(axis=1))
    hubs[fleet.home] = True
    carries = fleet.may[group] & (wanted.stores[store] | (store == fleet.home[group])[:, None])
    serves = carries.astype(np.int64) @ wanted.needs.T.astype(np.int64) > 0
    drawn = (serves | hubs) & (store[:, None] != np.arange(n))
    arcs = arcs_between(problem, fleet, roads, tuple(part[drawn.ravel()] for part in every))
    return _near(arcs, carries[_row_of(arcs, group, store)], rules)


def _row_of(arcs: Arcs, group: NDArray[np.int64], store: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give for each arc the number of its pair of group and store."""
    many = int(store.max(initial=0)) + 1
    keys = group * many + store
    order = np.argsort(keys)
    return np.asarray(order[np.searchsorted(keys[order], arcs.group * many + arcs.store)])


def _near(arcs: Arcs, carries: NDArray[np.bool_], rules: PlanRules) -> Arcs:
    """Keep what is near: for each group and store some places, for each place and good some groups and
    stores.
    """
    hours = arcs.hours.min(axis=1)
    many = int(max(arcs.store.max(initial=0), arcs.group.max(initial=0))) + 1
    kept = rank_within(arcs.group * many + arcs.store, hours) < rules.places_per_carrier
    for k in range(carries.shape[1]):
        key = np.where(carries[:, k], arcs.place, -1)
        kept |= (rank_within(key, hours) < rules.carriers_per_place) & carries[:, k]
    return Arcs(*(getattr(arcs, name)[kept] for name in Arcs.__dataclass_fields__))


def rank_within(key: NDArray[np.int64], hours: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the rank of each row by hours among the rows with its key, from 0."""
    order = np.lexsort((hours, key))
    sorted_key = key[order]
    starts = np.r_[True, sorted_key[1:] != sorted_key[:-1]][: len(key)]
    begin = np.maximum.accumulate(np.where(starts, np.arange(len(key)), 0))
    rank = np.empty(len(key), dtype=np.int64)
    rank[order] = np.arange(len(key)) - begin
    return rank


def _stores_for(
    c: int, fleet: Fleet, nearest: NDArray[np.float64], wanted: Wanted, most: int
) -> NDArray[np.int64]:
    """Give where a group may load: at home, and at the nearest stores of each good it may carry."""
    home = int(fleet.home[c])
    stores = {home}
    for k in np.flatnonzero(fleet.may[c]):
        far = np.where(wanted.stores[:, k], nearest[home], np.inf)
        best = np.argsort(far, kind="stable")[:most]
        stores.update(int(o) for o in best if np.isfinite(far[o]))
    return np.array(sorted(stores), dtype=np.int64)


def arcs_between(
    problem: PlanProblem,
    fleet: Fleet,
    roads: Roads,
    ends: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
) -> Arcs:
    """Reckon hours and km of drives period by period, and leave out those that can never be made.

    Parameters
    ----------
    ends : group, store and place of each drive, (a,) each.
    """
    rules = problem.rules
    group, store, place = ends
    home, kind = fleet.home[group], roads.kind[group]

    def leg(table: NDArray[np.float64], a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
        return table[kind, a[:, None], b[:, None]]

    out = rules.load_hours + leg(roads.hours, home, store) + leg(roads.hours, store, place)
    hours = out + rules.hand_out_hours + leg(roads.hours, place, home)
    km = leg(roads.km, home, store) + leg(roads.km, store, place) + leg(roads.km, place, home)
    work, reach = fleet.hours_per_day[group][:, None], fleet.range_km[group][:, None]
    sane = np.isfinite(hours)
    lag = np.maximum(np.ceil(np.where(sane, out, 0.0) / work - HAIR), 1).astype(np.int64) - 1
    span = np.maximum(np.ceil(np.where(sane, hours, 0.0) / work - HAIR), 1).astype(np.int64)
    fine = sane & (span <= rules.longest_trip_days) & ((reach <= 0) | (km <= reach + HAIR))
    fine &= ~_refused(problem, fleet, ends, kind.shape[1])
    kept = fine.any(axis=1)
    hours, km = np.where(fine, hours, np.inf)[kept], np.where(fine, km, np.inf)[kept]
    return Arcs(group[kept], store[kept], place[kept], hours, km, out[kept], lag[kept], span[kept])


def _refused(
    problem: PlanProblem,
    fleet: Fleet,
    ends: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    periods: int,
) -> NDArray[np.bool_]:
    """Tell which drives somebody refused for which period; only sure days, which are periods, are
    proposed.
    """
    refused = np.zeros((len(ends[0]), periods), dtype=bool)
    ids = [{problem.logistics.carriers[n].id for n in members} for members in fleet.carriers]
    places = places_that_matter(problem)
    for one in problem.answered:
        day = (one.leave - problem.start).days
        if one.status == "refused" and 0 <= day < min(problem.rules.sure_days, periods):
            own = np.array([one.carrier in members for members in ids], dtype=bool)
            refused[:, day] |= own[ends[0]] & (places[ends[2]] == one.place)
    return refused


def places_that_matter(problem: PlanProblem) -> NDArray[np.int64]:
    """Give the places with need, request, supply, carrier or a kept dispatch, ascending positions in
    `Places`.
    """
    there = np.asarray(problem.need.any(axis=(0, 1, 3)))
    told = [
        *(one.place for one in problem.logistics.supplies),
        *(one.place for one in problem.logistics.carriers),
        *(one.place for one in problem.logistics.requests),
        *(one.place for one in problem.answered),
        *(one.store for one in problem.answered),
    ]
    there[told] = True
    return np.flatnonzero(there).astype(np.int64)
