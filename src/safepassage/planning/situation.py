"""A plan's problem laid out in arrays: goods, stocks, needs by period, what is already promised.

Only places that matter are kept (need, supply, carrier). Goods are items told apart by their shelf life, so
that
one parish's cooked meals may last a day and another's a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.logistics import Item, Request, Supply
from safepassage.core.plan import KEPT, Dispatch, PlanProblem
from safepassage.planning.fleet import (
    UNUSED,
    Arcs,
    Fleet,
    Wanted,
    arcs_of,
    fleet_of,
    hours_of,
    places_that_matter,
    roads_between,
)
from safepassage.planning.periods import Periods, periods_of


@dataclass(frozen=True)
class Goods:
    """k goods: items told apart by shelf life.

    Parameters
    ----------
    item : (k,) int64           position in `PlanProblem.items`.
    life_days : (k,) float64    days on which it can be used, the day of leaving the store included; inf:
        keeps.
    loads : (k, 4) float64      kg, litres and seats of a unit, and `item` again.
    stays : (k,) bool
    """

    item: NDArray[np.int64]
    life_days: NDArray[np.float64]
    loads: NDArray[np.float64]
    stays: NDArray[np.bool_]

    @property
    def keeps(self) -> NDArray[np.bool_]:
        """Tell which goods do not expire."""
        return np.isinf(self.life_days)


@dataclass(frozen=True)
class Tanks:
    """r stocks or daily quantities, equal ones at one place together.

    Parameters
    ----------
    place, good : (r,) int64    `good` is an item number where the tanks are local.
    quantity : (r,) float64     in all, or of one day where `per_day`.
    per_day : (r,) bool         what is not taken of a day's quantity is not there tomorrow.
    days : (r, t) int64         days of each period on which it can be taken.
    supplies : tuple of tuple of int    positions in `Logistics.supplies`.
    """

    place: NDArray[np.int64]
    good: NDArray[np.int64]
    quantity: NDArray[np.float64]
    per_day: NDArray[np.bool_]
    days: NDArray[np.int64]
    supplies: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True)
class Committed:
    """What is decided already, and no longer ours to choose.

    Parameters
    ----------
    inflow, outflow : (t, p, k) float64     what arrives at places, and what leaves stores.
    hours : (c, t) float64                  hours of vehicles.
    """

    inflow: NDArray[np.float64]
    outflow: NDArray[np.float64]
    hours: NDArray[np.float64]

    def __add__(self, other: Committed) -> Committed:
        return Committed(self.inflow + other.inflow, self.outflow + other.outflow, self.hours + other.hours)


@dataclass(frozen=True)
class Situation:
    """A problem in arrays.

    Parameters
    ----------
    problem : PlanProblem
    periods : Periods                   t periods.
    places : (p,) int64                 positions in `Places` of those that matter.
    goods : Goods                       k goods.
    tanks : Tanks                       what can be loaded, and used where it is.
    local : Tanks                       what can be used where it is only, once.
    local_daily : (day, p, i) float64   what serves every day where it is: beds, a clinic's staff.
    asked : (day, p, i) float64         least need, from requests.
    fleet : Fleet
    arcs : Arcs
    kept : Committed
    """

    problem: PlanProblem
    periods: Periods
    places: NDArray[np.int64]
    goods: Goods
    tanks: Tanks
    local: Tanks
    local_daily: NDArray[np.float64]
    asked: NDArray[np.float64]
    fleet: Fleet
    arcs: Arcs
    kept: Committed

    @property
    def shape(self) -> tuple[int, int, int]:
        """Numbers of periods, places and goods."""
        return len(self.periods), len(self.places), len(self.goods.item)

    @property
    def stays(self) -> NDArray[np.bool_]:
        """Tell which items stay, (i,)."""
        return np.array([item.stays for item in self.problem.items], dtype=bool)

    @property
    def weights(self) -> NDArray[np.float64]:
        """Weight of a unit of each item that is short on one day, (i,)."""
        return np.array([item.weight for item in self.problem.items], dtype=np.float64)

    @property
    def unit_days(self) -> NDArray[np.float64]:
        """Days that one unit short in a period stands for, (t, i): its days for what stays, else 1."""
        return np.where(self.stays[None, :], self.periods.length[:, None], 1).astype(np.float64)

    def likely(self) -> NDArray[np.bool_]:
        """Tell where enough members need anything in a period or the next for a sure drive to go, (t, p).

        Where nothing is likely, half the chance of the likeliest town is enough: a rough idea beats no help.
        """
        amount = self.problem.need[:, :, self.places].sum(axis=3) + self.asked.sum(axis=2)[None]
        chance = self.periods.sums(amount.astype(np.float64), axis=1) > 0
        chance[:, :-1] |= chance[:, 1:]
        share = chance.mean(axis=0)
        least = np.minimum(self.problem.rules.least_chance, 0.5 * share.max(axis=1, initial=0.0))
        return np.asarray(share >= least[:, None])

    def daily_need(self, member: int) -> NDArray[np.float64]:
        """Give the need of a member, requests included, (day, p, i)."""
        need = self.problem.need[member][:, self.places].astype(np.float64)
        return np.asarray(np.maximum(need, self.asked))

    def need(self, members: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float64]:
        """Give what is needed beyond what serves every day on the spot, (member, t, p, i).

        Sums over the days of a period; of an item that stays, the mean.
        """
        rows = []
        for member in members:
            daily = np.maximum(self.daily_need(int(member)) - self.local_daily, 0.0)
            rows.append(self.periods.sums(daily, axis=0) / self.unit_days[:, None, :])
        return np.array(rows).reshape(-1, len(self.periods), len(self.places), len(self.problem.items))


def life_in_days(shelf_life_days: float | None) -> float:
    """Give the days on which a good can be used: whole days, the day of leaving the store being the first."""
    return np.inf if shelf_life_days is None else float(max(1, int(shelf_life_days)))


def life_of(item: Item) -> float:
    """Give the days of an item; what stays does not spoil."""
    return np.inf if item.stays else life_in_days(item.shelf_life_days)


def situation_of(problem: PlanProblem) -> Situation:
    """Lay a problem out; it was checked before by `checks.check_problem`."""
    periods = periods_of(problem.days, problem.rules)
    places = places_that_matter(problem)
    local = {int(place): number for number, place in enumerate(places)}
    goods, good_of = _goods(problem)
    tanks, spot, daily = _stocks(problem, periods, local, good_of)
    asked = _asked(problem, local)
    fleet = fleet_of(problem, local, goods.loads)
    roads = roads_between(problem, fleet, places, periods)
    needed = (np.asarray(problem.need.any(axis=(0, 1)))[places] | asked.any(axis=0))[:, goods.item]
    stores = np.zeros((len(places), len(goods.item)), dtype=bool)
    stores[tanks.place, tanks.good] = True
    arcs = arcs_of(problem, fleet, roads, Wanted(needed, stores))
    kept = _kept(problem, periods, (local, good_of), fleet)
    return Situation(problem, periods, places, goods, tanks, spot, daily, asked, fleet, arcs, kept)


def is_carried(item: Item) -> bool:
    """Tell whether an item takes any room in a vehicle; what takes none can be used where it is only."""
    return item.kg_per_unit > 0 or item.litres_per_unit > 0 or item.seats_per_unit > 0


def usable_supplies(problem: PlanProblem) -> list[int]:
    """Give the positions of supplies that can be taken on some day of the plan and were not refused."""
    last = problem.date_of(problem.days - 1)
    return [
        number
        for number, one in enumerate(problem.logistics.supplies)
        if one.status not in UNUSED
        and one.since <= last
        and (one.until is None or one.until >= problem.start)
    ]


def _goods(problem: PlanProblem) -> tuple[Goods, dict[tuple[str, float], int]]:
    """Number the goods: one per item, and one more per other shelf life that a supply has."""
    items = {item.id: number for number, item in enumerate(problem.items)}
    good_of: dict[tuple[str, float], int] = {}
    for item in problem.items:
        good_of[item.id, life_of(item)] = len(good_of)
    for number in usable_supplies(problem):
        supply = problem.logistics.supplies[number]
        good_of.setdefault(key_of(problem, supply), len(good_of))
    item_of = np.array([items[item] for item, _ in good_of], dtype=np.int64)
    rows = [problem.items[i] for i in item_of]
    loads = np.array([(r.kg_per_unit, r.litres_per_unit, r.seats_per_unit) for r in rows]).reshape(-1, 3)
    life = np.array([life for _, life in good_of], dtype=np.float64)
    stays = np.array([r.stays for r in rows], dtype=bool)
    return Goods(item_of, life, np.column_stack([loads, item_of.astype(np.float64)]), stays), good_of


def key_of(problem: PlanProblem, supply: Supply) -> tuple[str, float]:
    """Give the good a supply holds, as item and life."""
    item = next(item for item in problem.items if item.id == supply.item)
    own = supply.shelf_life_days if supply.shelf_life_days is not None else item.shelf_life_days
    return supply.item, life_in_days(None if item.stays else own)


def _stocks(
    problem: PlanProblem,
    periods: Periods,
    local: dict[int, int],
    good_of: dict[tuple[str, float], int],
) -> tuple[Tanks, Tanks, NDArray[np.float64]]:
    """Sort supplies into those that can be loaded, those used on the spot once, and those of every day."""
    items = {item.id: number for number, item in enumerate(problem.items)}
    daily = np.zeros((problem.days, len(local), len(items)))
    open_rows: dict[tuple[object, ...], list[int]] = {}
    spot_rows: dict[tuple[object, ...], list[int]] = {}
    for number in usable_supplies(problem):
        one = problem.logistics.supplies[number]
        item = problem.items[items[one.item]]
        place = local[one.place]
        if not one.local and is_carried(item):
            good = good_of[key_of(problem, one)]
            open_rows.setdefault((place, good, one.per_day, one.since, one.until), []).append(number)
        elif one.per_day or item.stays:
            daily[_days_of(problem, one), place, items[one.item]] += one.quantity
        else:
            spot_rows.setdefault((place, items[one.item], False, one.since, one.until), []).append(number)
    return _tanks(problem, periods, open_rows), _tanks(problem, periods, spot_rows), daily


def _days_of(problem: PlanProblem, one: Supply | Request) -> NDArray[np.bool_]:
    """Tell on which days of the plan something can be taken, (day,)."""
    days = [problem.date_of(day) for day in range(problem.days)]
    return np.array(
        [one.since <= day and (one.until is None or day <= one.until) for day in days], dtype=bool
    )


def _tanks(problem: PlanProblem, periods: Periods, rows: dict[tuple[object, ...], list[int]]) -> Tanks:
    supplies = problem.logistics.supplies
    gone = _already_taken(problem)
    left = [
        sum(
            max(0.0, supplies[n].quantity - (0.0 if supplies[n].per_day else gone.get(supplies[n].id, 0.0)))
            for n in own
        )
        for own in rows.values()
    ]
    open_ = np.array([_days_of(problem, supplies[own[0]]) for own in rows.values()], dtype=np.float64)
    days = periods.sums(open_.reshape(len(rows), problem.days), axis=1).astype(np.int64)
    heads = np.array([key[:3] for key in rows], dtype=np.int64).reshape(len(rows), 3)
    return Tanks(
        heads[:, 0],
        heads[:, 1],
        np.array(left, dtype=np.float64),
        heads[:, 2].astype(bool),
        days,
        tuple(tuple(own) for own in rows.values()),
    )


def _already_taken(problem: PlanProblem) -> dict[str, float]:
    """Add up what kept dispatches took from each supply before the plan begins."""
    gone: dict[str, float] = {}
    for one in problem.answered:
        if one.status in KEPT and one.leave < problem.start:
            for load in one.loads:
                gone[load.supply] = gone.get(load.supply, 0.0) + load.quantity
    return gone


def _asked(problem: PlanProblem, local: dict[int, int]) -> NDArray[np.float64]:
    """Lay out what is asked for on each day of a request; where no end is told, on its first one."""
    items = {item.id: number for number, item in enumerate(problem.items)}
    asked = np.zeros((problem.days, len(local), len(items)))
    for one in problem.logistics.requests:
        days = _days_of(problem, one)
        if one.until is None:
            days &= np.cumsum(days) == 1
        asked[days, local[one.place], items[one.item]] += one.quantity
    return asked


def nothing_committed(periods: Periods, places: int, goods: int, groups: int) -> Committed:
    """Give the commitments of a plan from scratch."""
    flow = np.zeros((len(periods), places, goods))
    return Committed(flow, flow.copy(), np.zeros((groups, len(periods))))


def _kept(
    problem: PlanProblem,
    periods: Periods,
    numbers: tuple[dict[int, int], dict[tuple[str, float], int]],
    fleet: Fleet,
) -> Committed:
    """Lay out the dispatches that are kept: goods that arrive and leave, and the hours of their vehicles."""
    local, good_of = numbers
    result = nothing_committed(periods, len(local), len(good_of), len(fleet))
    groups = {
        problem.logistics.carriers[n].id: c for c, members in enumerate(fleet.carriers) for n in members
    }
    supplies = {one.id: one for one in problem.logistics.supplies}
    life = {item.id: life_of(item) for item in problem.items}
    for one in problem.answered:
        if one.status not in KEPT:
            continue
        for load in one.loads:
            if load.item not in life:
                continue
            supply = supplies.get(load.supply)
            key = key_of(problem, supply) if supply else (load.item, life[load.item])
            good = good_of.get(key, good_of[load.item, life[load.item]])
            _add(result.inflow, problem, periods, (one.arrive, local[one.place], good, load.quantity))
            if one.leave >= problem.start:
                _add(result.outflow, problem, periods, (one.leave, local[one.store], good, load.quantity))
        if one.carrier in groups:
            _add_hours(result.hours, problem, periods, (one, groups[one.carrier]))
    return result


def _add(
    flow: NDArray[np.float64], problem: PlanProblem, periods: Periods, what: tuple[object, int, int, float]
) -> None:
    day_, place, good, quantity = what
    day = (day_ - problem.start).days  # type: ignore[operator]
    if 0 <= day < problem.days:
        flow[periods.of_day[day], place, good] += quantity


def _add_hours(
    hours: NDArray[np.float64], problem: PlanProblem, periods: Periods, what: tuple[Dispatch, int]
) -> None:
    """Take the hours of a kept drive from its vehicles, day after day."""
    one, group = what
    carrier = next(c for c in problem.logistics.carriers if c.id == one.carrier)
    work, left, day = hours_of(carrier), one.hours, (one.leave - problem.start).days
    while left > 1e-9:
        if 0 <= day < problem.days:
            hours[group, periods.of_day[day]] += min(work, left) * one.vehicles
        left, day = left - work, day + 1
