"""Other figures for a drive: how much, how many vehicles, when; and what of it was delivered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from safepassage.adapters.dispatches.loads import amount_of
from safepassage.adapters.logistics import Catalogue, catalogue
from safepassage.core.errors import Fault, InputError
from safepassage.core.logistics import Item
from safepassage.core.plan import Dispatch, Load
from safepassage.workflows.dispatch_checks import CLOSED, HAIR, Yard, arrival_of

FIGURES = ("vehicles", "leave", "leave_hour")
MOST_VEHICLES = 10_000
_AMOUNT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(.*?)\s*")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2})|(\.\d+))?")


@dataclass(frozen=True)
class Wanted:
    """Figures that are to hold, as they were understood.

    Parameters
    ----------
    loads : dict of (item, supply) to quantity      supply '': whichever has it; 0: none of it.
    vehicles : int or None
    leave : date or None
    leave_hour : float or None
    """

    loads: dict[tuple[str, str], float]
    vehicles: int | None = None
    leave: date | None = None
    leave_hour: float | None = None


def wanted_of(told: Mapping[str, str], known: Catalogue | None = None, *, only_loads: bool = False) -> Wanted:
    """Read NAME=VALUE pairs: items ("water", "agua", "water@huixtla-1"), vehicles, leave, leave_hour.

    Raises
    ------
    InputError      with every name and value that is not understood.
    """
    words = known or catalogue()
    faults: list[Fault] = []
    loads: dict[tuple[str, str], float] = {}
    figures: dict[str, int | date | float] = {}
    for name, value in told.items():
        try:
            if name in FIGURES and not only_loads:
                figures[name] = _figure(name, value)
            else:
                item, supply = _item(name, words, only_loads=only_loads)
                loads[item.id, supply] = _quantity(item, value, words)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return Wanted(loads, **figures)  # type: ignore[arg-type]


def _item(name: str, known: Catalogue, *, only_loads: bool) -> tuple[Item, str]:
    word, _, supply = name.partition("@")
    item = known.item(word)
    if item is None:
        such = "an item such as water or food"
        expected = such if only_loads else f"{', '.join(FIGURES)}, or {such}"
        raise InputError(Fault("CHANGES", f"'{name[:40]}'", expected, "write water=1500"))
    return item, supply.strip()


def _quantity(item: Item, value: str, known: Catalogue) -> float:
    found = _AMOUNT.fullmatch(value)
    if found is None:
        expected = f"a quantity in {item.unit}, 0 for none of it"
        raise InputError(Fault("CHANGES", f"{item.id}='{value[:40]}'", expected, f"write {item.id}=500"))
    if float(found[1]) == 0:
        return 0.0
    try:
        return amount_of(item, found[1], found[2], known)
    except InputError as error:
        raise InputError([replace(fault, file="CHANGES") for fault in error.faults]) from error


def _figure(name: str, value: str) -> int | date | float:
    text = value.strip()
    try:
        if name == "leave":
            return date.fromisoformat(text)
        if name == "vehicles" and text.isdecimal() and 1 <= int(text) <= MOST_VEHICLES:
            return int(text)
    except ValueError:
        pass
    clock = _CLOCK.fullmatch(text) if name == "leave_hour" else None
    if clock and int(clock[1]) + float(clock[3] or 0) < 24 and int(clock[2] or 0) < 60:
        return int(clock[1]) + int(clock[2] or 0) / 60 + float(clock[3] or 0)
    expected = {
        "vehicles": "a whole number, 1 or more",
        "leave": "a day such as 2018-10-24",
        "leave_hour": "an hour of the day such as 7, 7.5 or 7:30",
    }[name]
    raise InputError(Fault("CHANGES", f"{name}='{value[:40]}'", expected, "correct it"))


def changed(one: Dispatch, wanted: Wanted, yard: Yard) -> Dispatch:
    """Give a drive with other figures; whether it can be made so is told by `dispatch_checks.faults_of`.

    Raises
    ------
    InputError      if no supply of the store has so much of an item, or nothing would be left to bring.
    """
    loads = one.loads
    faults: list[Fault] = []
    leave = wanted.leave or one.leave
    for (item, supply), quantity in wanted.loads.items():
        try:
            loads = _reloaded(replace(one, loads=loads, leave=leave), (item, supply, quantity), yard)
        except InputError as error:
            faults += error.faults
    if not loads and not faults:
        mend = f"refuse it: safepassage dispatch refuse {one.id}"
        faults.append(Fault(one.id, "nothing to bring", "something to bring", mend, column="loads"))
    if faults:
        raise InputError(faults)
    hour = one.leave_hour if wanted.leave_hour is None else wanted.leave_hour
    arrive, arrive_hour = arrival_of(one, yard.carriers[one.carrier], leave, hour)
    return replace(
        one, loads=loads, vehicles=wanted.vehicles or one.vehicles, leave=leave, leave_hour=hour,
        arrive=arrive, arrive_hour=arrive_hour,
    )  # fmt: skip


def _reloaded(one: Dispatch, what: tuple[str, str, float], yard: Yard) -> tuple[Load, ...]:
    """Take so much of an item: first out of the supplies it was to come from, then of others at the store."""
    item, supply, quantity = what
    mine = [load for load in one.loads if load.item == item and supply in ("", load.supply)]
    parts = _shared_out(quantity, [(load.supply, load.quantity) for load in mine])
    rest = quantity - sum(parts.values())
    sources = [load.supply for load in mine if load.supply] or [supply] * bool(supply)
    if not supply:
        sources += _others_at(one, item, sources, yard)
    for source in sources if rest > HAIR else ():
        if source not in yard.supplies:
            expected = "a row of supplies.csv behind @"
            raise InputError(Fault(one.id, f"'{source[:60]}'", expected, "correct the id", column=item))
        left = yard.left(yard.supplies[source], one.leave, beside=one.id) - parts.get(source, 0.0)
        more = max(0.0, min(rest, left))
        parts[source] = parts.get(source, 0.0) + more
        rest -= more
    if rest > HAIR * max(1.0, quantity):
        expected = f"at most {quantity - rest:,.6g}, which the supplies there have left"
        raise InputError(Fault(one.id, f"{item}={quantity:g}", expected, "take less", column=item))
    loads = [
        replace(load, quantity=parts.pop(load.supply, 0.0)) if load in mine else load for load in one.loads
    ]
    loads += [Load(item, amount, source) for source, amount in parts.items()]
    return tuple(load for load in loads if load.quantity > HAIR)


def _shared_out(quantity: float, rows: list[tuple[str, float]]) -> dict[str, float]:
    """Share a quantity out over rows, each filled up to what it had before the next."""
    parts: dict[str, float] = {}
    for key, had in rows:
        part = min(quantity - sum(parts.values()), had)
        parts[key] = parts.get(key, 0.0) + max(0.0, part)
    return parts


def _others_at(one: Dispatch, item: str, beside: list[str], yard: Yard) -> list[str]:
    """Give the other supplies of an item that can be loaded at the store on that day."""
    return [
        row.id
        for row in yard.supplies.values()
        if (row.place, row.item) == (one.store, item)
        and row.id not in beside
        and not row.local
        and row.status not in (*CLOSED, "delivered")
        and row.since <= one.leave
        and (row.until is None or one.leave <= row.until)
    ]


def handed_out(one: Dispatch, wanted: Wanted) -> Dispatch:
    """Give a drive with what of its load was delivered; what came back is there again.

    Raises
    ------
    InputError      if more is told than was sent, or an item it did not carry.
    """
    faults, loads = [], one.loads
    for (item, supply), quantity in wanted.loads.items():
        mine = [load for load in loads if load.item == item and supply in ("", load.supply)]
        sent = sum(load.quantity for load in mine)
        if quantity > sent * (1 + HAIR):
            mend = "write what of it was handed out; other goods are a drive of their own"
            expected = f"at most {sent:,.6g}, which were sent" if mine else "an item that it carries"
            faults.append(Fault(one.id, f"{item}={quantity:g}", expected, mend, column=item))
            continue
        parts = _shared_out(quantity, [(load.supply, load.quantity) for load in mine])
        loads = tuple(
            replace(load, quantity=parts.pop(load.supply, 0.0)) if load in mine else load for load in loads
        )
    if faults:
        raise InputError(faults)
    return replace(one, loads=tuple(load for load in loads if load.quantity > HAIR))
