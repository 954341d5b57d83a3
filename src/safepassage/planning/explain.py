"""Why something stays unmet, and what one more vehicle or more goods would change, in plain words, es and en.

Values come from the duals of the linear program: what the expected unmet need would change by, at the margin.
They are told for round amounts, and hold as long as nothing else becomes short.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from safepassage.core.logistics import Item
from safepassage.core.plan import Finding, PlanProblem
from safepassage.core.units_of_aid import quantity_words, rounded_up
from safepassage.planning.fleet import Fleet, Roads, arcs_between, roads_between
from safepassage.planning.judge import short_of
from safepassage.planning.optimum import Optimum
from safepassage.planning.routes import routes_of
from safepassage.planning.situation import Situation, is_carried

# Places and items told at most; a share of a need below this is not worth a sentence.
MOST_TOLD = 12
LEAST_SHARE = 0.01
# By so much of its need a place may miss the floor before it is told.
FLOOR_SLACK = 0.005
ROUND_UNITS, FEW_UNITS = 1_000, 100
COUNTED_BY_THOUSANDS = ("L", "meal")

REASONS = {
    "no supply": ("nadie tiene ni ofrece este artículo", "nobody has or offers this item"),
    "no vehicle": ("ningún vehículo puede llevar este artículo", "no vehicle can carry this item"),
    "closed road": (
        "con los caminos cerrados o retenidos no llega ningún vehículo",
        "with the roads that are closed or held no vehicle gets there",
    ),
    "range": (
        "ningún vehículo tiene autonomía para llegar y volver",
        "no vehicle has the range to get there and back",
    ),
    "border": (
        "de este lado de la frontera no hay quien lo lleve",
        "on this side of the border there is nobody who can bring it",
    ),
    "too far": (
        "queda más lejos de lo que un viaje puede durar",
        "it is further away than a trip may last",
    ),
    "no road": ("ningún camino llega hasta ahí", "no road leads there"),
    "too late": ("lo que puede llegar llega tarde", "what can come comes too late"),
    "too unlikely": (
        "hoy es demasiado improbable que haga falta para mandar un viaje; se ve de nuevo mañana",
        "today it is too unlikely to be needed for a drive to be sent; look again tomorrow",
    ),
    "supply used up": ("las existencias al alcance se agotan", "the supplies within reach are used up"),
    "hours used up": (
        "los vehículos al alcance no tienen más horas",
        "the vehicles within reach have no hours left",
    ),
    "not known before": (
        "cuando se sabe que hace falta ya no alcanza el tiempo",
        "by the time it is known to be needed there is no time left",
    ),
}


@dataclass(frozen=True)
class _Prices:
    """Worth of one more unit, all scenarios together, in weighted unmet need (>= 0).

    Parameters
    ----------
    goods : (t, p, k)       of a good that is at a place.
    hours : (c, t)          of an hour of a vehicle.
    vehicle : (c,)          of one more vehicle, all days.
    tank : (r,)             of a unit more in a supply that is taken once; of each day's quantity, for daily
        ones.
    """

    goods: NDArray[np.float64]
    hours: NDArray[np.float64]
    vehicle: NDArray[np.float64]
    tank: NDArray[np.float64]


def prices_of(situation: Situation, optimum: Optimum) -> _Prices:
    """Read the duals of the linear program of least unmet need."""
    form, least = optimum.formulation, optimum.least
    dual = np.append(least.dual, 0.0)

    def worth(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        # Rows that do not exist are number -1, the zero at the end.
        return np.asarray(np.maximum(-dual[rows], 0.0))

    shared = form.question.shared
    hours = worth(form.hours)
    hours[1:, :, :shared] = 0.0
    by_hour = hours.sum(axis=0)
    fleet, periods = situation.fleet, situation.periods
    there = periods.sums((fleet.vehicles > 0).astype(np.float64), axis=1)
    vehicle = (by_hour * there).sum(axis=1) * fleet.hours_per_day
    for most, rows in enumerate(form.packed, start=1):
        vehicle += most * (worth(rows) * (fleet.vehicles[:, :shared] > 0)).sum(axis=1)
    reduced = np.append(least.reduced, 0.0)
    tanks = situation.tanks
    daily = np.maximum(-reduced[form.take], 0.0).sum(axis=0) * tanks.days.T
    tank = np.where(tanks.per_day, daily.sum(axis=0), worth(form.tank).sum(axis=0))
    return _Prices(worth(form.balance).sum(axis=0), by_hour, vehicle, tank)


def explain_plan(situation: Situation, optimum: Optimum, needed: NDArray[np.float64]) -> tuple[Finding, ...]:
    """Tell what stays unmet and why, what more would help most, who is idle, and what the search left
    open.

    Parameters
    ----------
    needed : (day, place, item)     expected over the scenarios, as `Plan.needed`.
    """
    prices = prices_of(situation, optimum)
    return (
        *_kept(situation),
        *_unmet(situation, optimum, prices, needed),
        *_vehicles(situation, optimum, prices),
        *_more_goods(situation, optimum, prices),
        *_idle(situation),
        *_limits(situation, optimum),
        *_floor(situation, optimum),
    )


def _helps(situation: Situation, item: Item, value: float, lang: str) -> str:
    """Say a weighted need as so much of an item where all of it is missing: points nobody can count."""
    return quantity_words(item, rounded_up(value / _most_worth(situation)[_index(situation, item)]), lang)


def _index(situation: Situation, item: Item) -> int:
    return [one.id for one in situation.problem.items].index(item.id)


def _most_worth(situation: Situation) -> NDArray[np.float64]:
    """Give what a unit is worth where all is missing for sure, (i,); of what stays, on all the days."""
    days = np.where(situation.stays, situation.periods.length.sum(), 1)
    return np.asarray(days * situation.weights * situation.problem.rules.rest_factor)


def _measure(situation: Situation) -> Item | None:
    """Give the item that the worth of a vehicle is told in: meals, else the first that counts."""
    counts = [item for item in situation.problem.items if item.weight > 0]
    return next((item for item in counts if item.id == "food"), counts[0] if counts else None)


def _kept(situation: Situation) -> list[Finding]:
    """Tell which accepted drives have lost their road since: they are kept, and people must decide."""
    problem = situation.problem
    kept = tuple(
        one for one in problem.answered if one.status in ("accepted", "sent") and one.arrive >= problem.start
    )
    routes, names = routes_of(problem, kept), problem.network.places.names
    return [
        Finding(
            "kept", "closed road",
            (f"El viaje {one.id} de {names[one.store]} a {names[one.place]} ya estaba decidido, pero el "
            f"{one.leave} no hay camino abierto: avise, y cámbielo o retírelo."),
            (f"Drive {one.id} from {names[one.store]} to {names[one.place]} was decided, but on "
            f"{one.leave} no road is open: tell them, and change or withdraw it."),
            one.place,
        )
        for one in kept
        if not routes[one.id]
    ]  # fmt: skip


def _unmet(
    situation: Situation, optimum: Optimum, prices: _Prices, needed: NDArray[np.float64]
) -> list[Finding]:
    form, periods = optimum.formulation, situation.periods
    need = form.question.need
    chances = form.question.chances[:, None, None, None]
    units = situation.unit_days[:, None, :]
    short = (short_of(form, optimum.x, need) * chances).sum(axis=0) * units
    # With what beds and staff of the place itself serve, which the program knows nothing of.
    total, whole = short.sum(axis=0), needed[:, situation.places].sum(axis=0)
    weighty = np.where(total > LEAST_SHARE * whole, total * situation.weights, 0.0)
    reached = form.reach.possible(situation)
    barriers = _Barriers(situation)
    order = np.argsort(-weighty, axis=None, kind="stable")[:MOST_TOLD]
    found = []
    for p, i in zip(*np.unravel_index(order, weighty.shape), strict=True):
        if weighty[p, i] <= 0:
            break
        reason = _why(situation, (int(p), int(i)), (reached, short), prices, barriers)
        item, name = situation.problem.items[i], situation.problem.network.places.names[situation.places[p]]
        much, share = rounded_up(float(total[p, i])), f"{total[p, i] / whole[p, i]:.0%}"
        es, en = REASONS[reason]
        days = int(periods.length.sum())
        dias, days_ = (f"{days} {word if days > 1 else word[:-1]}" for word in ("días", "days"))
        found.append(
            Finding(
                "unmet", reason,
                (f"{name}: en {dias} faltan unas {quantity_words(item, much, 'es')}, {share} de lo "
                f"necesario: {es}."),
                (f"{name}: over {days_} about {quantity_words(item, much, 'en')} stay unmet, {share} of "
                f"the need: {en}."),
                int(situation.places[p]), item.id, float(total[p, i]),
            )
        )  # fmt: skip
    return found


def _why(
    situation: Situation,
    cell: tuple[int, int],
    found: tuple[NDArray[np.bool_], NDArray[np.float64]],
    prices: _Prices,
    barriers: _Barriers,
) -> str:
    """Give the key of the reason why most of an item stays unmet at a place."""
    (p, i), (reached, short) = cell, found
    goods = situation.goods.item == i
    tanks, arcs, fleet = situation.tanks, situation.arcs, situation.fleet
    offered = goods[tanks.good] & (tanks.quantity > 0) & (tanks.days.sum(axis=1) > 0)
    if reached[:, p, i].any():
        late = short[:, p, i][~reached[:, p, i]].sum()
        if late > 0.5 * short[:, p, i].sum():
            return "too late"
        sure = situation.periods.sure
        vain = short[:sure, p, i][~situation.likely()[:sure, p]].sum()
        if vain > 0.5 * short[:, p, i].sum():
            return "too unlikely"
        mine = (arcs.place == p) & fleet.may[arcs.group][:, goods].any(axis=1)
        from_tanks = offered & (np.isin(tanks.place, arcs.store[mine]) | (tanks.place == p))
        afar = (offered & (tanks.place != p)).any() and fleet.may[:, goods].any()
        if not mine.any() and afar and barriers.shut_off(p, goods):
            return barriers.reason(p, goods)
        hours = prices.vehicle[np.unique(arcs.group[mine])].sum() if mine.any() else 0.0
        scarce = prices.tank[from_tanks].max(initial=0.0)
        if scarce > 1e-9 or not from_tanks.any():
            return "supply used up"
        return "hours used up" if hours > 1e-9 else "not known before"
    if not offered.any():
        return "supply used up" if situation.local_daily[:, p, i].any() else "no supply"
    if not fleet.may[:, goods].any():
        return "no vehicle"
    return barriers.reason(p, goods)


class _Barriers:
    """What keeps goods from a place, found by opening one barrier after another; roads are searched once."""

    def __init__(self, situation: Situation) -> None:
        self._at = situation
        problem, fleet = situation.problem, situation.fleet
        rules, endless = problem.rules, replace(fleet, range_km=np.zeros(len(fleet)))
        self._worlds: dict[str, tuple[PlanProblem, Fleet]] = {
            "": (problem, fleet),
            "closed road": (replace(problem, events=()), fleet),
            "range": (problem, endless),
            "border": (replace(problem, rules=replace(rules, cross_borders=True)), fleet),
            "too far": (replace(problem, rules=replace(rules, longest_trip_days=60)), endless),
        }
        self._roads: dict[str, Roads] = {}

    def reason(self, p: int, goods: NDArray[np.bool_]) -> str:
        """Give the first barrier that keeps goods of other places from a place, or "no road"."""
        barriers = (reason for reason in self._worlds if reason)
        return next((reason for reason in barriers if self._reaches(reason, p, goods)), "no road")

    def shut_off(self, p: int, goods: NDArray[np.bool_]) -> bool:
        """Tell whether no vehicle can bring goods of any other place."""
        return not self._reaches("", p, goods)

    def _reaches(self, reason: str, p: int, goods: NDArray[np.bool_]) -> bool:
        problem, fleet = self._worlds[reason]
        if reason not in self._roads:
            self._roads[reason] = roads_between(problem, fleet, self._at.places, self._at.periods)
        tanks = self._at.tanks
        stores = np.zeros(self._at.shape[1:], dtype=bool)
        stores[tanks.place, tanks.good] = True
        loads = (fleet.may & goods).astype(np.int64) @ stores.T.astype(np.int64) > 0
        loads[:, p] = False
        group, store = np.nonzero(loads)
        return (
            len(arcs_between(problem, fleet, self._roads[reason], (group, store, np.full_like(group, p)))) > 0
        )


def _vehicles(situation: Situation, optimum: Optimum, prices: _Prices) -> list[Finding]:
    """Tell where one more vehicle would help most."""
    found: list[Finding] = []
    measure = _measure(situation)
    if measure is None:
        return found
    for c in np.argsort(-prices.vehicle, kind="stable")[:3]:
        value = float(prices.vehicle[c])
        if value < 1.0 or value > optimum.unmet:
            continue
        carrier = situation.problem.logistics.carriers[situation.fleet.carriers[c][0]]
        name = situation.problem.network.places.names[carrier.place]
        found.append(
            Finding(
                "marginal", "one more vehicle",
                (f"Un vehículo más como «{carrier.vehicle}» en {name} ayudaría tanto como unas "
                f"{_helps(situation, measure, value, 'es')} donde con seguridad llega gente y no hay."),
                (f"One more vehicle like '{carrier.vehicle}' at {name} would help as much as about "
                f"{_helps(situation, measure, value, 'en')} where people surely come and have none."),
                carrier.place, "", value,
            )
        )  # fmt: skip
    return found


def _more_goods(situation: Situation, optimum: Optimum, prices: _Prices) -> list[Finding]:
    """Tell where more goods, there on the first morning, would help most; per item the best place."""
    value = _value_of_goods(situation, optimum, prices)
    found = []
    for i, item in enumerate(situation.problem.items):
        p = int(np.argmax(value[:, i]))
        units = ROUND_UNITS if item.unit in COUNTED_BY_THOUSANDS else FEW_UNITS
        points = float(value[p, i] * units)
        if points < 1.0 or item.weight <= 0:
            continue
        name = situation.problem.network.places.names[situation.places[p]]
        found.append(
            Finding(
                "marginal", "more goods",
                (f"{quantity_words(item, units, 'es')} más en {name} desde la primera mañana ayudarían "
                f"tanto como {_helps(situation, item, points, 'es')} donde con seguridad llega gente y "
                f"no hay."),
                (f"{quantity_words(item, units, 'en')} more at {name} on the first morning would help "
                f"as much as {_helps(situation, item, points, 'en')} where people surely come and have "
                f"none."),
                int(situation.places[p]), item.id, points,
            )
        )  # fmt: skip
    return found


def _value_of_goods(situation: Situation, optimum: Optimum, prices: _Prices) -> NDArray[np.float64]:
    """Give the worth of a unit at each place on the first morning, (p, i).

    Where the program has no stock of it, nothing comes: a unit serves the need of the first period itself.
    """
    form = optimum.formulation
    need, chances = form.question.need[:, 0], form.question.chances
    weight = situation.unit_days[0] * situation.weights * situation.problem.rules.rest_factor
    value = ((need > 0) * chances[:, None, None]).sum(axis=0) * weight
    known = np.zeros(value.shape, dtype=bool)
    for k, i in enumerate(situation.goods.item):
        node = form.balance[0, 0, :, k] >= 0
        value[:, i] = np.where(node, np.where(known[:, i], value[:, i], prices.goods[0, :, k]), value[:, i])
        known[:, i] |= node
    # No unit is worth more than itself: beyond that a dual is the price of a drive that must be kept.
    return np.where(value <= _most_worth(situation) * (1 + 1e-6), value, 0.0)


def _idle(situation: Situation) -> list[Finding]:
    """Tell which carriers can do nothing, and which supplies nobody can carry."""
    problem, arcs = situation.problem, situation.arcs
    names, found = problem.network.places.names, []
    for c in range(len(situation.fleet)):
        if (arcs.group == c).any():
            continue
        for n in situation.fleet.carriers[c]:
            one = problem.logistics.carriers[n]
            found.append(
                Finding(
                    "idle", "carrier",
                    (f"{one.holder} ({one.vehicle}, {names[one.place]}): nada que pueda llevar hace "
                    f"falta a su alcance."),
                    (f"{one.holder} ({one.vehicle}, {names[one.place]}): nothing it can carry is "
                    f"needed within its reach."),
                    one.place,
                )
            )  # fmt: skip
    needed = np.asarray(situation.problem.need.any(axis=(0, 1)))
    for r in range(len(situation.tanks)):
        p, k = situation.tanks.place[r], situation.tanks.good[r]
        own = needed[situation.places[p], situation.goods.item[k]]
        if own or ((arcs.store == p) & situation.fleet.may[arcs.group, k]).any():
            continue
        for n in situation.tanks.supplies[r]:
            one_ = problem.logistics.supplies[n]
            found.append(
                Finding(
                    "idle", "supply",
                    f"{one_.holder} ({names[one_.place]}): ningún vehículo puede recoger su {one_.item}.",
                    f"{one_.holder} ({names[one_.place]}): no vehicle can fetch its {one_.item}.",
                    one_.place, one_.item, one_.quantity,
                )
            )  # fmt: skip
    return found


def _limits(situation: Situation, optimum: Optimum) -> list[Finding]:
    found = []
    if not optimum.complete:
        gap = f"{optimum.gap:.1%}"
        found.append(
            Finding(
                "limit", "time",
                (f"El tiempo se acabó antes de probar que no hay plan mejor; podría haber uno hasta "
                f"{gap} mejor."),
                (f"Time ran out before it was proved that there is no better plan; one could be up "
                f"to {gap} better."),
                value=optimum.gap,
            )
        )  # fmt: skip
    found += _past_requests(situation.problem)
    items = {item.id: item for item in situation.problem.items}
    for one in situation.problem.logistics.supplies:
        if not one.local and not is_carried(items[one.item]):
            found.append(
                Finding(
                    "limit", "not carried",
                    (f"{one.holder}: {items[one.item].name_es} no tiene peso ni volumen y se usa "
                    f"solo donde está."),
                    (f"{one.holder}: {items[one.item].name_en} has no weight or volume and is used "
                    f"only where it is."),
                    one.place, one.item,
                )
            )  # fmt: skip
    return found


def _past_requests(problem: PlanProblem) -> list[Finding]:
    """Tell of requests whose last day was the evening before: who asks at night may mean tomorrow."""
    names, items = problem.network.places.names, {item.id: item for item in problem.items}
    evening = problem.start - timedelta(days=1)
    return [
        Finding(
            "limit", "request over",
            (f"{names[one.place]} pidió {quantity_words(items[one.item], one.quantity, 'es')} hasta el "
            f"{evening}: el plan empieza un día después; si sigue haciendo falta, escriba `until` en "
            f"requests.csv."),
            (f"{names[one.place]} asked for {quantity_words(items[one.item], one.quantity, 'en')} until "
            f"{evening}: the plan begins a day later; if it is still needed, fill in `until` in "
            f"requests.csv."),
            one.place, one.item, one.quantity,
        )
        for one in problem.logistics.requests
        if one.until == evening
    ]  # fmt: skip


def _floor(situation: Situation, optimum: Optimum) -> list[Finding]:
    """Tell where the floor gave way: trips in whole numbers do not always reach it."""
    form = optimum.formulation
    there = np.flatnonzero(form.sure_need > 0)
    if optimum.floor <= 0 or not len(there):
        return []
    x = optimum.x.copy()
    x[form.fair] = 0.0
    gets = 1.0 - (form.program.matrix @ x)[form.floor[there]]
    worst = int(np.argmin(gets))
    if gets[worst] >= optimum.floor - FLOOR_SLACK:
        return []
    place, share = int(situation.places[there[worst]]), max(0.0, float(gets[worst]))
    name = situation.problem.network.places.names[place]
    return [
        Finding(
            "limit", "floor",
            (f"{name} recibe solo {share:.0%} de lo que se le puede llevar, menos que el mínimo de "
             f"{optimum.floor:.0%}: los viajes enteros no alcanzan para más."),
            (f"{name} gets only {share:.0%} of what can be brought to it, less than the floor of "
             f"{optimum.floor:.0%}: whole trips do not reach it."),
            place, value=share,
        )
    ]  # fmt: skip
