"""What is wrong with a problem, said before anything is solved: every fault at once, in the user's words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches

import numpy as np

from safepassage.core.errors import Fault, InputError
from safepassage.core.logistics import STATUSES, Carrier, Item, Request, Supply
from safepassage.core.plan import PlanProblem, PlanRules

SUPPLIES, CARRIERS, REQUESTS, ITEMS = "supplies.csv", "carriers.csv", "requests.csv", "items"
RULES, NEED = "rules of the plan", "need"


def check_problem(problem: PlanProblem) -> None:
    """Raise all faults of a problem.

    Raises
    ------
    InputError      unknown items or places, negative or missing quantities, vehicles that can carry nothing,
        do not drive or have no hours, days that end before they begin, repeated ids, rules out of range.
    """
    faults = [*_rules(problem.rules), *_need(problem), *_items(problem.items)]
    items, places = [item.id for item in problem.items], len(problem.network.places)
    for supply in problem.logistics.supplies:
        faults += _about(SUPPLIES, f"supply '{supply.id}'", supply, items, places)
    for request in problem.logistics.requests:
        faults += _about(REQUESTS, f"request '{request.id}'", request, items, places)
    for carrier in problem.logistics.carriers:
        faults += _carrier(carrier, items, places)
    faults += _repeated(SUPPLIES, [one.id for one in problem.logistics.supplies])
    faults += _repeated(CARRIERS, [one.id for one in problem.logistics.carriers])
    if faults:
        raise InputError(faults, "These have to be mended before a plan can be made:")


def _fault(file: str, what: str, found: object, expected: str, mend: str) -> Fault:
    column, _, who = what.partition(" of ")
    return Fault(file, f"{found} ({who})" if who else str(found), expected, mend, column=column)


def _bad(value: float, *, least: float = 0.0, strict: bool = False) -> bool:
    return not math.isfinite(value) or value < least or (strict and value <= least)


def _rules(rules: PlanRules) -> Iterator[Fault]:
    shares = {
        "least_chance": rules.least_chance, "fairness": rules.fairness, "first_share": rules.first_share,
        "cost_tolerance": rules.cost_tolerance, "gap": rules.gap,
    }  # fmt: skip
    for name, value in shares.items():
        if not 0.0 <= value <= 1.0:
            yield _fault(RULES, name, value, "a share from 0 to 1", "choose a share in that range")
    counts = {
        "scenarios": rules.scenarios, "longest_trip_days": rules.longest_trip_days,
        "stores_per_item": rules.stores_per_item, "places_per_carrier": rules.places_per_carrier,
        "later_carriers_per_place": rules.later_carriers_per_place, "daily_days": rules.daily_days,
        "threads": rules.threads,
    }  # fmt: skip
    for name, value in counts.items():
        if value < 1:
            yield _fault(RULES, name, value, "1 or more", "choose a larger number")
    if not 0 <= rules.sure_days <= rules.daily_days:
        expected = "0 to daily_days: what is decided now is planned day by day"
        yield _fault(RULES, "sure_days", rules.sure_days, expected, "choose a number in that range")
    if not rules.group_days or min(rules.group_days) < 1:
        yield _fault(
            RULES, "group_days", rules.group_days, "lengths of 1 or more", "name at least one length"
        )
    yield from _measures(rules)


def _measures(rules: PlanRules) -> Iterator[Fault]:
    hours = {"load_hours": rules.load_hours, "hand_out_hours": rules.hand_out_hours}
    for name, value in hours.items():
        if _bad(value):
            yield _fault(RULES, name, value, "hours, 0 or more", "choose 0 or more")
    if _bad(rules.rest_factor, least=1.0):
        expected = "1 or more: the first units of a need are never worth less than the last"
        yield _fault(RULES, "rest_factor", rules.rest_factor, expected, "choose 1 or more")
    if _bad(rules.time_limit_s, strict=True):
        yield _fault(RULES, "time_limit_s", rules.time_limit_s, "seconds, more than 0", "choose more than 0")


def _need(problem: PlanProblem) -> Iterator[Fault]:
    wanted = (len(problem.network.places), len(problem.items))
    need, people = problem.need, problem.people
    if need.ndim != 4 or need.shape[2:] != wanted or min(need.shape[:2]) < 1:
        expected = f"(member, day, {wanted[0]} places, {wanted[1]} items)"
        yield _fault(NEED, "shape", need.shape, expected, "give one number per member, day, place and item")
    elif not np.isfinite(need).all() or (need < 0).any():
        yield _fault(
            NEED, "values", "negative or missing numbers", "0 or more", "set what is not needed to 0"
        )
    elif people.shape != need.shape[:3]:
        expected = "(member, day, place) like the need"
        yield _fault(NEED, "people", people.shape, expected, "give zeros where people are not known")


def _items(items: tuple[Item, ...]) -> Iterator[Fault]:
    yield from _repeated(ITEMS, [item.id for item in items])
    for item in items:
        loads = {"kg_per_unit": item.kg_per_unit, "litres_per_unit": item.litres_per_unit}
        loads |= {"seats_per_unit": item.seats_per_unit, "weight": item.weight}
        for name, value in loads.items():
            if _bad(value):
                yield _fault(ITEMS, f"{name} of item '{item.id}'", value, "0 or more", "give 0 or more")
        if item.shelf_life_days is not None and _bad(item.shelf_life_days, strict=True):
            what = f"shelf_life_days of item '{item.id}'"
            yield _fault(ITEMS, what, item.shelf_life_days, "days, more than 0", "leave it empty if it keeps")


def _about(file: str, who: str, one: Supply | Request, items: list[str], places: int) -> Iterator[Fault]:
    if one.item not in items:
        near = get_close_matches(one.item, items, 1)
        mend = f"write '{near[0]}'" if near else "name one of these, or add the item to the profile"
        yield _fault(file, f"item of {who}", f"'{one.item}'", f"one of {', '.join(items)}", mend)
    yield from _place(file, who, one.place, places)
    if _bad(one.quantity):
        expected = "a quantity, 0 or more"
        yield _fault(file, f"quantity of {who}", one.quantity, expected, "give what there is; 0 for none")
    yield from _days(file, who, one.since, one.until)
    if isinstance(one, Supply):
        if one.shelf_life_days is not None and _bad(one.shelf_life_days, strict=True):
            expected = "days, more than 0"
            mend = "leave it empty if it keeps"
            yield _fault(file, f"shelf_life_days of {who}", one.shelf_life_days, expected, mend)
        yield from _status(file, who, one.status)


def _carrier(one: Carrier, items: list[str], places: int) -> Iterator[Fault]:
    file, who = CARRIERS, f"carrier '{one.id}'"
    yield from _place(file, who, one.place, places)
    yield from _days(file, who, one.since, one.until)
    yield from _status(file, who, one.status)
    room = (one.capacity_kg, one.capacity_litres, one.seats)
    if any(_bad(value) for value in room):
        yield _fault(file, f"capacity of {who}", room, "kg, litres and seats, 0 or more", "give 0 or more")
    elif max(room) <= 0:
        expected = "room for something: kg, litres or seats above 0"
        yield _fault(
            file, f"capacity of {who}", "a vehicle without capacity", expected, "say what it can carry"
        )
    yield from _work(one, file, who)
    for item in one.items:
        if item not in items:
            mend = "name items of the profile, or leave it empty for all"
            yield _fault(file, f"items of {who}", f"'{item}'", f"one of {', '.join(items)}", mend)


def _work(one: Carrier, file: str, who: str) -> Iterator[Fault]:
    if one.vehicles < 0:
        yield _fault(file, f"vehicles of {who}", one.vehicles, "0 or more", "give how many there are")
    if _bad(one.speed_km_per_h, strict=True):
        expected = "km per hour, more than 0"
        yield _fault(file, f"speed_km_per_h of {who}", one.speed_km_per_h, expected, "give its usual speed")
    if not 0 < one.hours_per_day <= 24:
        expected = "hours a day, above 0 up to 24"
        yield _fault(file, f"hours_per_day of {who}", one.hours_per_day, expected, "say how long it may work")
    if not 0 <= one.first_hour < one.last_hour <= 24:
        found, mend = f"{one.first_hour} to {one.last_hour}", "give first_hour before last_hour"
        yield _fault(file, f"first_hour of {who}", found, "hours of one day, 0 to 24", mend)
    costs = {"range_km": one.range_km, "cost_per_km": one.cost_per_km, "cost_per_day": one.cost_per_day}
    for name, value in costs.items():
        if _bad(value):
            yield _fault(file, f"{name} of {who}", value, "0 or more", "give 0 or more")


def _place(file: str, who: str, place: int, places: int) -> Iterator[Fault]:
    if not 0 <= place < places:
        yield _fault(file, f"place of {who}", place, "a place of the network", "name a place of places.csv")


def _days(file: str, who: str, since: date, until: date | None) -> Iterator[Fault]:
    if until is not None and until < since:
        yield _fault(file, f"until of {who}", until, f"a day from {since} on", "exchange the two days")


def _status(file: str, who: str, status: str) -> Iterator[Fault]:
    if status not in STATUSES:
        yield _fault(
            file, f"status of {who}", f"'{status}'", f"one of {', '.join(STATUSES)}", "name one of them"
        )


def _repeated(file: str, ids: list[str]) -> Iterator[Fault]:
    for one in sorted({one for one in ids if ids.count(one) > 1}):
        yield _fault(file, "id", f"'{one}' more than once", "an id of its own for each", "rename one of them")
