"""Whether a drive can be made as it is told: room, hours, vehicles, what supplies have left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from safepassage.core.errors import Fault
from safepassage.core.logistics import Carrier, Item, Logistics, Supply
from safepassage.core.network import Network
from safepassage.core.plan import KEPT, Dispatch
from safepassage.core.scenario import Event
from safepassage.planning.fleet import hours_of
from safepassage.planning.roads import legs_of, road_days

# Files tell hours to a hundredth, and quantities are whole units.
HAIR_HOURS, HAIR = 0.05, 1e-6
CLOSED = ("refused", "withdrawn")


@dataclass(frozen=True)
class Yard:
    """What there is to drive with and to load, and the drives that hold.

    Parameters
    ----------
    carriers, supplies, items : mapping by id
    kept : tuple of Dispatch        accepted, sent and delivered ones.
    """

    carriers: Mapping[str, Carrier]
    supplies: Mapping[str, Supply]
    items: Mapping[str, Item]
    kept: tuple[Dispatch, ...]

    def left(self, supply: Supply, leave: date, *, beside: str = "") -> float:
        """Give what drives but `beside` have left of a supply, of a daily one on that day."""
        taken = sum(
            load.quantity
            for one in self.kept
            if one.id != beside and (not supply.per_day or one.leave == leave)
            for load in one.loads
            if load.supply == supply.id
        )
        return max(0.0, supply.quantity - taken)


def yard_of(logistics: Logistics, items: Mapping[str, Item], drives: Iterable[Dispatch]) -> Yard:
    """Give a yard; of the drives those that hold are kept."""
    return Yard(
        {one.id: one for one in logistics.carriers},
        {one.id: one for one in logistics.supplies},
        items,
        tuple(one for one in drives if one.status in KEPT),
    )


def faults_of(one: Dispatch, yard: Yard) -> list[Fault]:
    """Give all that keeps a drive from being made, in the user's words; carrier and supplies are known."""
    carrier = yard.carriers[one.carrier]
    return [
        *_vehicle_faults(one, carrier),
        *_hour_faults(one, carrier),
        *_busy_faults(one, carrier, yard),
        *_room_faults(one, carrier, yard.items),
        *_supply_faults(one, yard),
    ]


def _fault(one: Dispatch, column: str, found: str, expected: str, mend: str) -> Fault:
    return Fault(one.id, found, expected, mend, column=column)


def _vehicle_faults(one: Dispatch, carrier: Carrier) -> Iterator[Fault]:
    if carrier.status in CLOSED:
        mend = f"refuse it: safepassage dispatch refuse {one.id}"
        found = f"'{carrier.id}', which is {carrier.status}"
        yield _fault(one, "carrier", found, "vehicles that are offered", mend)
    if one.vehicles > carrier.vehicles:
        found, mend = f"{one.vehicles} vehicles", f"vehicles={carrier.vehicles}, or fewer"
        yield _fault(one, "vehicles", found, f"1 to {carrier.vehicles} of {carrier.holder}", mend)
    if one.leave < carrier.since or (carrier.until is not None and one.leave > carrier.until):
        days = f"a day from {carrier.since} to {carrier.until or '…'}: then they are offered"
        yield _fault(one, "leave", str(one.leave), days, "choose another day")


def _hour_faults(one: Dispatch, carrier: Carrier) -> Iterator[Fault]:
    first, last = carrier.first_hour, carrier.last_hour
    fits_a_day = one.hours <= hours_of(carrier) + HAIR_HOURS
    latest = last - one.hours if fits_a_day else last
    if not first - HAIR_HOURS <= one.leave_hour <= latest + HAIR_HOURS:
        expected = f"{clock(first)} to {clock(max(first, latest))}"
        if fits_a_day:
            expected += f", to be back by {clock(last)}"
        yield _fault(one, "leave_hour", clock(one.leave_hour), expected, "choose an hour in between")


def clock(hour: float) -> str:
    """Write an hour of the day as people read it.

    >>> clock(6.5)
    '6:30'
    """
    minutes = round(hour * 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def days_of(one: Dispatch, carrier: Carrier) -> list[tuple[date, float, float]]:
    """Give the days of a drive, with the hours of the day from which and until which it is under way."""
    work, left = hours_of(carrier), one.hours
    day, start = one.leave, one.leave_hour
    result: list[tuple[date, float, float]] = []
    while left > HAIR or not result:
        today = max(min(left, work, 24.0 - start), HAIR if left > HAIR else 0.0)
        result.append((day, start, start + today))
        left, day, start = left - today, day + timedelta(days=1), carrier.first_hour
    return result


def arrival_of(one: Dispatch, carrier: Carrier, leave: date, leave_hour: float) -> tuple[date, float]:
    """Give day and hour of arrival for another hour of leaving: as many hours of work later as before."""
    work = hours_of(carrier)
    lag = (one.arrive - one.leave).days
    if not lag:
        out = one.arrive_hour - one.leave_hour
    else:
        first_day = min(work, carrier.last_hour - one.leave_hour)
        out = first_day + (lag - 1) * work + one.arrive_hour - carrier.first_hour
    day, start, room = leave, leave_hour, min(work, carrier.last_hour - leave_hour)
    while out > room + HAIR_HOURS and room > 0:
        out, day, start, room = out - room, day + timedelta(days=1), carrier.first_hour, work
    return day, start + out


def road_faults(one: Dispatch, carrier: Carrier, network: Network, events: Sequence[Event]) -> list[Fault]:
    """Tell if no road leads from home to the store, on to the place and home on the day of leaving.

    Parameters
    ----------
    events : sequence of Event      closures and holds that are known.
    """
    (roads,) = road_days(network, events, start=one.leave, days=1, cross_borders=True)
    stops = np.array([carrier.place, one.store, one.place])
    hours = legs_of(network, roads, stops, carrier.speed_km_per_h).hours
    names = network.places.names
    legs = [(stops[n], stops[(n + 1) % 3]) for n in range(3) if not np.isfinite(hours[n, stops[(n + 1) % 3]])]
    if not legs:
        return []
    found = f"{one.leave}, on which no open road leads from {names[legs[0][0]]} to {names[legs[0][1]]}"
    expected = "a day on which roads lead there and back"
    return [_fault(one, "leave", found, expected, "choose another day, or refuse the drive")]


def _busy_faults(one: Dispatch, carrier: Carrier, yard: Yard) -> Iterator[Fault]:
    """See that no more vehicles are under way at one time, or for more hours a day, than there are."""
    if one.vehicles > carrier.vehicles:
        return  # told already
    others = [other for other in yard.kept if other.carrier == one.carrier and other.id != one.id]
    for day, start, end in days_of(one, carrier):
        there = [(other, part) for other in others for part in days_of(other, carrier) if part[0] == day]
        work = sum(other.vehicles * (part[2] - part[1]) for other, part in there)
        spare = carrier.vehicles * hours_of(carrier) - work
        own = one.vehicles * (end - start)
        meets = [pair for pair in there if pair[1][1] < end - HAIR_HOURS and start < pair[1][2] - HAIR_HOURS]
        if own > spare + HAIR_HOURS * (one.vehicles + len(there)):
            names = ", ".join(other.id for other, _ in there) or "none"
            expected = f"at most {max(spare, 0):.1f} hours, which other drives leave ({names})"
            mend = "fewer vehicles, another day, or withdraw one of the others"
            yield _fault(one, "hours", f"{own:.1f} hours of vehicles on {day}", expected, mend)
        elif one.vehicles + _most_at_once(meets, start) > carrier.vehicles:
            names = ", ".join(other.id for other, _ in meets)
            found = f"{one.vehicles} from {clock(start)} to {clock(end)} on {day}, beside {names}"
            mend = "another leave_hour, fewer vehicles, or withdraw one of the others"
            yield _fault(one, "vehicles", found, f"at most {carrier.vehicles} at one time", mend)


def _most_at_once(meets: Sequence[tuple[Dispatch, tuple[date, float, float]]], start: float) -> int:
    moments = [start, *(part[1] for _, part in meets if part[1] > start)]
    return max(
        sum(other.vehicles for other, part in meets if part[1] <= at + HAIR and at < part[2] - HAIR_HOURS)
        for at in moments
    )


def _room_faults(one: Dispatch, carrier: Carrier, items: Mapping[str, Item]) -> Iterator[Fault]:
    for load in one.loads:
        if carrier.items and load.item not in carrier.items:
            found, expected = f"{load.item} on '{carrier.vehicle}'", f"only {', '.join(carrier.items)}"
            yield _fault(one, load.item, found, expected, f"{load.item}=0")
    measures = (
        ("kg", "kg_per_unit", carrier.capacity_kg),
        ("litres", "litres_per_unit", carrier.capacity_litres),
        ("seats", "seats_per_unit", carrier.seats),
    )
    for name, figure, capacity in measures:
        total = sum(load.quantity * getattr(items[load.item], figure) for load in one.loads)
        room = capacity * one.vehicles
        if total > room * (1 + HAIR) + HAIR:
            found = f"{total:,.0f} {name} of goods"
            expected = f"at most {room:,.0f} {name}, {one.vehicles} × {carrier.vehicle}"
            yield _fault(one, "loads", found, expected, "less of something, or more vehicles")


def _supply_faults(one: Dispatch, yard: Yard) -> Iterator[Fault]:
    wanted: dict[str, float] = {}
    for load in one.loads:
        if load.supply:
            wanted[load.supply] = wanted.get(load.supply, 0.0) + load.quantity
    for key, quantity in wanted.items():
        supply = yard.supplies[key]
        if supply.status in CLOSED:
            mend = f"{supply.item}=0, or refuse the drive"
            yield _fault(one, supply.item, f"'{key}', which is {supply.status}", "goods that are there", mend)
        if supply.place != one.store or supply.local:
            found = (
                f"'{key}', which is of use in its own town only" if supply.local else f"'{key}', elsewhere"
            )
            yield _fault(one, supply.item, found, "a supply of the store it loads at", "name another supply")
        if one.leave < supply.since or (supply.until is not None and one.leave > supply.until):
            expected = f"a day from {supply.since} to {supply.until or '…'}: then '{key}' is there"
            yield _fault(one, "leave", str(one.leave), expected, "choose another day")
        left = yard.left(supply, one.leave, beside=one.id)
        if quantity > left * (1 + HAIR) + HAIR:
            again = f" on {one.leave}" if supply.per_day else ""
            expected = f"at most {left:,.6g}, which other drives leave of {supply.quantity:,.6g}{again}"
            yield _fault(one, supply.item, f"{quantity:,.6g} out of '{key}'", expected, "take less")
