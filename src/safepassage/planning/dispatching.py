"""From columns to drives that a driver can read: whose vehicle, when, with what, out of which supply."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from safepassage.core.logistics import Carrier
from safepassage.core.plan import KEPT, Dispatch, Finding, Load
from safepassage.core.units_of_aid import handy, quantity_words
from safepassage.planning.fleet import hours_of
from safepassage.planning.optimum import Optimum
from safepassage.planning.situation import Situation
from safepassage.planning.yard import Yard, yard_of

# Less than one unit of anything is never a load.
LEAST_UNITS = 1.0
# No drive fills less of its vehicles than this, and is worth less than this in weighted units and less than
# this share of what is needed there if anything is: a jug more in a full town is worth no tanker; to thirty
# people on the road it may be all they drink.
LEAST_FILL, LEAST_WORTH, LEAST_OF_NEED = 0.05, 500.0, 0.1
# A trip of a plan without whole trips is a drive from this share of one on.
LEAST_TRIP = 0.05


def dispatches_of(situation: Situation, optimum: Optimum) -> tuple[tuple[Dispatch, ...], tuple[Finding, ...]]:
    """Give the drives of the sure days: kept ones first, then proposed ones by time of leaving.

    Quantities are rounded down to what is easily counted out, so that no store gives more than it has;
    what is not worth a line is left where it is (`core.units_of_aid.handy`).

    Returns
    -------
    tuple of Dispatch
    tuple of Finding        drives that the figures of the plan count on and no vehicle's day has room for.
    """
    form, x = optimum.formulation, optimum.x
    hauls, arcs = form.hauls, situation.arcs
    yard = yard_of(situation.problem)
    found: list[Dispatch] = []
    homeless: list[Finding] = []
    shared = np.flatnonzero(hauls.scenario < 0)
    order = np.lexsort((-arcs.hours[hauls.arc[shared], hauls.period[shared]], hauls.period[shared]))
    for h in shared[order]:
        trips = float(x[hauls.trips[h]])
        if trips < LEAST_TRIP:
            continue
        amount = np.where(hauls.loads[h] >= 0, x[hauls.loads[h]], 0.0)
        whole = _whole_trips(situation, (int(hauls.arc[h]), int(hauls.arrives[h])), trips, amount)
        if whole == 0:
            continue
        drives = _drives(situation, yard, int(h), (whole, amount, optimum))
        found += drives
        made = sum(one.vehicles for one in drives)
        if made < whole:
            homeless += _homeless(situation, optimum, int(h), (whole - made, amount * (1 - made / whole)))
    kept = tuple(one for one in situation.problem.answered if one.status in KEPT)
    found.sort(key=lambda one: (one.leave, one.leave_hour, one.id))
    taken, named = {one.id for one in situation.problem.answered}, []
    for one in found:
        named.append(replace(one, id=_name(situation, one, taken)))
        taken.add(named[-1].id)
    return (*kept, *named), tuple(homeless)


def _homeless(
    situation: Situation, optimum: Optimum, h: int, what: tuple[int, NDArray[np.float64]]
) -> list[Finding]:
    """Tell of drives that find no vehicle: the hours of all together would do, those of none alone."""
    trips, amount = what
    hauls, arcs, problem = optimum.formulation.hauls, situation.arcs, situation.problem
    a, names = int(hauls.arc[h]), problem.network.places.names
    carrier = problem.logistics.carriers[situation.fleet.carriers[int(arcs.group[a])][0]]
    store, place = (int(situation.places[p[a]]) for p in (arcs.store, arcs.place))
    items = [problem.items[i] for i in situation.goods.item]
    goods = [(item, q) for item, q in zip(items, amount, strict=True) if handy(item.id, float(q))]
    if not goods:
        return []
    day = problem.date_of(int(hauls.period[h]))
    es, en = (", ".join(quantity_words(item, float(q), lang) for item, q in goods) for lang in ("es", "en"))
    return [
        Finding(
            "limit", "no vehicle free",
            (f"{trips} × {carrier.vehicle}, {names[store]} → {names[place]}, {day}: ningún vehículo tiene "
            f"libres las horas seguidas; no se propone, y las cifras del plan aún cuentan con {es}."),
            (f"{trips} × {carrier.vehicle}, {names[store]} → {names[place]}, {day}: no vehicle has the hours "
            f"free in one piece; it is not proposed, and the figures of the plan still count on {en}."),
            place, "", float(trips),
        )
    ]  # fmt: skip


def _name(situation: Situation, one: Dispatch, taken: set[str]) -> str:
    """Give an id of the day of planning and of all that the drive is.

    A number in the list would come again in a second plan of the same night for another drive: who answers
    from an old printout would then accept what was never read.
    """
    way = f"{one.carrier}|{one.vehicles}|{one.store}|{one.place}"
    told = f"{way}|{one.leave}|{one.leave_hour:.2f}|{one.loads}"
    for again in range(len(taken) + 1):
        name = f"{situation.problem.start:%m%d}-{zlib.crc32(f'{told}|{again}'.encode()) & 0xFFFF:04x}"
        if name not in taken:
            return name
    return f"{situation.problem.start:%m%d}-{zlib.crc32(told.encode()):08x}"


def _drives(
    situation: Situation, yard: Yard, h: int, what: tuple[int, NDArray[np.float64], Optimum]
) -> list[Dispatch]:
    """Hand trips of one arc out to the group's carriers: the least busy vehicle first; one line per
    carrier.
    """
    trips, amount, optimum = what
    hauls, arcs = optimum.formulation.hauls, situation.arcs
    a, day = int(hauls.arc[h]), int(hauls.period[h])
    hours = float(arcs.hours[a, day])
    starts: dict[tuple[int, float], int] = {}
    for _ in range(trips):
        found = _free(situation, yard, int(arcs.group[a]), day, hours)
        if found is None:  # the hours of all vehicles would do, but no single one has them in a piece
            continue
        carrier, vehicle, start = found
        starts[carrier, start] = starts.get((carrier, start), 0) + 1
        one = situation.problem.logistics.carriers[carrier]
        yard.drive(one, (carrier, vehicle, day), (start, hours))
    result = []
    for (carrier, busy), vehicles in starts.items():
        loads = _loads(situation, yard, (int(arcs.store[a]), day), amount * vehicles / trips)
        if loads:
            one = situation.problem.logistics.carriers[carrier]
            result.append(_line(situation, one, (a, day, busy), (vehicles, loads)))
    return result


def _whole_trips(
    situation: Situation, where: tuple[int, int], trips: float, amount: NDArray[np.float64]
) -> int:
    """Give how many trips are made on an arc, arriving in a period; 0 where the load is not worth one.

    Within its tolerance the program may spread a load over more trips than it fills.
    """
    a, arrives = where
    fill = _fill(situation, int(situation.arcs.group[a]), amount)
    worth = float(amount @ situation.weights[situation.goods.item])
    if fill < LEAST_FILL and worth < min(LEAST_WORTH, LEAST_OF_NEED * _needed_there(situation, a, arrives)):
        return 0
    return min(max(1, round(trips)), max(1, int(np.ceil(fill - 1e-3))))


def _needed_there(situation: Situation, a: int, arrives: int) -> float:
    """Give the weighted need where an arc ends, that day and the next, over members that need anything."""
    day = int(situation.periods.first[min(arrives, len(situation.periods) - 1)])
    need = situation.problem.need[:, day : day + 2, situation.places[situation.arcs.place[a]]]
    each = need.sum(axis=1) @ situation.weights
    return float(each[each > 0].mean()) if (each > 0).any() else 0.0


def _fill(situation: Situation, group: int, amount: NDArray[np.float64]) -> float:
    """Give how many vehicles of a group a load fills, by kg, litres or seats, whichever is most."""
    fleet = situation.fleet
    capacity = np.array([fleet.kg[group], fleet.litres[group], fleet.seats[group]])
    load = amount @ situation.goods.loads[:, :3]
    return float(np.max(np.where(load > 0, load / np.where(capacity > 0, capacity, 1.0), 0.0)))


def _free(
    situation: Situation, yard: Yard, group: int, day: int, hours: float
) -> tuple[int, int, float] | None:
    """Give carrier, vehicle and hour of leaving (from its first one on): of those that have time the
    fullest.
    """
    best: tuple[float, int, int, float] | None = None
    date = situation.problem.date_of(day)
    for carrier in situation.fleet.carriers[group]:
        one = situation.problem.logistics.carriers[carrier]
        if one.since > date or (one.until is not None and one.until < date):
            continue
        for vehicle in range(one.vehicles):
            start = yard.start(one, (carrier, vehicle, day), hours)
            if start is not None:
                key = (-yard.hours((carrier, vehicle, day)), carrier, vehicle, start)
                best = key if best is None or key < best else best
    return None if best is None else best[1:]


def _loads(
    situation: Situation, yard: Yard, where: tuple[int, int], amount: NDArray[np.float64]
) -> tuple[Load, ...]:
    """Say out of which supplies goods are taken; what was brought to the store before has none."""
    store, day = where
    tanks, goods = situation.tanks, situation.goods
    supplies = situation.problem.logistics.supplies
    result: list[Load] = []
    for k in np.flatnonzero(amount >= LEAST_UNITS - 1e-6):
        item, rest = situation.problem.items[goods.item[k]].id, float(amount[k])
        mine = (tanks.place == store) & (tanks.good == k) & (tanks.days[:, day] > 0)
        for r in np.flatnonzero(mine):
            # One holder after the other; what the program takes together they give in the order of the file.
            for n in tanks.supplies[r]:
                key = (supplies[n].id, day if tanks.per_day[r] else -1)
                left = supplies[n].quantity - yard.taken.get(key, 0.0)
                if min(rest, left) < LEAST_UNITS - 1e-6:
                    continue
                part = handy(item, min(rest, left))
                # What rounding leaves behind is nobody else's to bring.
                rest -= min(rest, left)
                if part > 0:
                    result.append(Load(item, part, supplies[n].id))
                    yard.taken[key] = yard.taken.get(key, 0.0) + part
        if rest >= LEAST_UNITS and (part := handy(item, rest)) > 0:
            result.append(Load(item, part))
    return tuple(result)


def _line(
    situation: Situation,
    one: Carrier,
    drive: tuple[int, int, float],
    what: tuple[int, tuple[Load, ...]],
) -> Dispatch:
    a, day, busy = drive
    arcs, problem = situation.arcs, situation.problem
    lag, work = int(arcs.lag_days[a, day]), hours_of(one)
    place = int(situation.places[arcs.place[a]])
    arrive = problem.date_of(day) + timedelta(days=lag)
    out = float(arcs.out_hours[a, day]) - lag * work
    people, sure = _for_whom(situation, place, day + lag, what[1])
    return Dispatch(
        "", one.id, what[0], int(situation.places[arcs.store[a]]), place,
        problem.date_of(day), one.first_hour + busy, arrive, one.first_hour + (0.0 if lag else busy) + out,
        float(arcs.hours[a, day]), float(arcs.km[a, day]), what[1], people, sure,
    )  # fmt: skip


def _for_whom(situation: Situation, place: int, day: int, loads: tuple[Load, ...]) -> tuple[float, float]:
    """Give the people expected on the day of arrival, and the share of members in which all is needed."""
    problem = situation.problem
    if day >= problem.days:
        return 0.0, float("nan")
    here = problem.people[:, day, place]
    people = float(here[here > 0].mean()) if (here > 0).any() else 0.0
    items = [item.id for item in problem.items]
    total: dict[str, float] = {}
    for load in loads:
        total[load.item] = total.get(load.item, 0.0) + load.quantity
    needed = np.ones(len(problem.need), dtype=bool)
    for item, quantity in total.items():
        i = items.index(item)
        life = problem.items[i].shelf_life_days
        last = day + (problem.days if life is None else max(1, int(life)))
        own = problem.need[:, day:last, place, i].astype(np.float64)
        needed &= (own.max(axis=1) if problem.items[i].stays else own.sum(axis=1)) >= quantity * (1 - 1e-6)
    return people, float(needed.mean())
