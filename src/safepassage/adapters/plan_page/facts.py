"""What the pages tell of each drive and town, read from a plan: who, the way hour by hour, and how sure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from safepassage.core.logistics import Carrier, Item
from safepassage.core.needs import THERE
from safepassage.core.network import Network
from safepassage.core.plan import Dispatch, Finding
from safepassage.core.plan_story import PlanStory
from safepassage.core.scenario import Event

BARRING = ("closure", "hold", "roadblock")
LEAST_HOURS = 0.2  # of waiting worth a line
DELIVERED = "delivered"


@dataclass(frozen=True)
class Coming:
    """Who may stay in a town on a night.

    Parameters
    ----------
    chance : float          that people come in numbers; NaN: beyond the nights that were reckoned.
    low, middle, high : float or None       people if they do; None: too few futures to tell.
    """

    chance: float
    low: float | None
    middle: float | None
    high: float | None


@dataclass(frozen=True)
class Stop:
    """A town on the way of a drive: `km` and `hour` from its beginning; `day` 0 is the day it leaves."""

    place: int
    km: float
    hour: float
    day: int
    loads: bool = False


def coming(story: PlanStory, place: int, when: date) -> Coming:
    """Tell who may stay in a town on a night."""
    needs = story.needs
    number = (when - needs.first).days
    if not 0 <= number < needs.days:
        return Coming(math.nan, None, None, None)
    there = needs.people[THERE]
    many = there.if_many[:, number, place].astype(np.float64)
    chance = float(there.chance_many[number, place])
    if chance <= 0 or not np.isfinite(many).all():
        return Coming(chance, None, None, None)
    return Coming(chance, *(float(value) for value in many))


def holder_of(story: PlanStory, one: Dispatch) -> str:
    """Give the organisation that drives; '' where it is not known any more."""
    carrier = story.carrier(one)
    return carrier.holder if carrier is not None else ""


def carried(story: PlanStory, one: Dispatch) -> list[tuple[Item, float]]:
    """Add up what a drive carries, item by item, in the order of the items."""
    total: dict[str, float] = {}
    for load in one.loads:
        total[load.item] = total.get(load.item, 0.0) + load.quantity
    return [(item, total[item.id]) for item in story.items if item.id in total]


def total_carried(story: PlanStory, drives: Iterable[Dispatch]) -> list[tuple[Item, float]]:
    """Add up what several drives carry."""
    total: dict[str, float] = {}
    for one in drives:
        for item, quantity in carried(story, one):
            total[item.id] = total.get(item.id, 0.0) + quantity
    return [(item, total[item.id]) for item in story.items if item.id in total]


def leaving_days(story: PlanStory) -> list[date]:
    """List the days on which drives of the plan leave, from its first day on."""
    return sorted({one.leave for one in story.plan.dispatches if one.leave >= story.plan.start})


def under_way(story: PlanStory) -> list[Dispatch]:
    """List drives that left before the first day of the plan and have not delivered yet."""
    found = (one for one in story.plan.dispatches if one.leave < story.plan.start)
    return [one for one in found if one.status != DELIVERED]


def by_town(drives: Iterable[Dispatch], story: PlanStory) -> list[tuple[int, list[Dispatch]]]:
    """Group drives by the town where they hand out, the likeliest town first, then by hour of arrival."""
    towns: dict[int, list[Dispatch]] = {}
    for one in drives:
        towns.setdefault(one.place, []).append(one)

    def likely(place: int) -> tuple[float, str]:
        chance = coming(story, place, towns[place][0].arrive).chance
        return (-chance if math.isfinite(chance) else 0.0, story.needs.network.places.names[place])

    return [
        (place, sorted(towns[place], key=lambda one: (one.arrive, one.arrive_hour, one.id)))
        for place in sorted(towns, key=likely)
    ]


def way_of(story: PlanStory, one: Dispatch) -> tuple[Stop, ...]:
    """Reckon km and hours along the way of a drive.

    Hours are those of the road at the carrier's speed and of loading; waiting at holds is told by the hour of
    arrival only (`waits`). A drive that ends its day on the road goes on next morning at its first hour.
    """
    route, carrier = story.routes.get(one.id, ()), story.carrier(one)
    if not route or carrier is None:
        return ()
    store = route.index(one.store) if one.store in route else 0
    km, elapsed, stops = 0.0, 0.0, []
    for number, place in enumerate(route):
        if number:
            step = _step_km(story.needs.network, route[number - 1], place)
            km, elapsed = km + step, elapsed + step / carrier.speed_km_per_h
        day, hour = _at(one, carrier, elapsed)
        stops.append(Stop(place, km, hour, day, loads=number == store))
        elapsed += story.rules.load_hours if number == store else 0.0
    return tuple(stops)


def _step_km(network: Network, origin: int, target: int) -> float:
    begins, ends, km, _ = network.arcs
    return float(km[(begins == origin) & (ends == target)].min(initial=math.inf))


def _at(one: Dispatch, carrier: Carrier, elapsed: float) -> tuple[int, float]:
    """Give day and hour after so many hours of work."""
    if one.arrive == one.leave:
        return 0, one.leave_hour + elapsed
    work = min(carrier.hours_per_day, carrier.last_hour - carrier.first_hour)
    day = min(int(elapsed // work), (one.arrive - one.leave).days)
    return day, (carrier.first_hour if day else one.leave_hour) + elapsed - day * work


def waits(one: Dispatch, way: tuple[Stop, ...]) -> float:
    """Give the hours that holds cost on the way; 0 where they are not worth a line or not known."""
    if not way or one.arrive != one.leave:
        return 0.0
    late = one.arrive_hour - way[-1].hour
    return late if late >= LEAST_HOURS else 0.0


def on_the_way(story: PlanStory, one: Dispatch) -> list[Event]:
    """List closures and holds that touch the way of a drive while it is under way."""
    route = story.routes.get(one.id, ())
    steps = {step for a, b in pairwise(route) for step in ((a, b), (b, a))}
    return [
        event
        for event in story.events
        if event.kind in BARRING
        and _acts(event, one.leave, one.arrive)
        and (event.place in route or (event.link is not None and event.link in steps))
    ]


def _acts(event: Event, first: date, last: date) -> bool:
    if event.hours is not None:
        end: date | None = event.day + timedelta(days=max(0, math.ceil(event.hours / 24) - 1))
    elif event.until is not None:
        end = event.until
    else:
        end = None if event.kind == "closure" else event.day
    return event.day <= last and (end is None or end >= first)


def same_reason(findings: Iterable[Finding]) -> dict[tuple[str, str, str], list[Finding]]:
    """Group findings by kind, reason and, where something stays unmet, item."""
    found: dict[tuple[str, str, str], list[Finding]] = {}
    for one in findings:
        item = one.item if one.kind == "unmet" else ""
        found.setdefault((one.kind, one.reason, item), []).append(one)
    return found
