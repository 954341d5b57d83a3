"""Small problems of deliveries whose best plan can be found by hand, and drawn ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from safepassage.core.logistics import Carrier, Item, Logistics, Supply
from safepassage.core.network import Links, Network, Places
from safepassage.core.plan import PlanProblem, PlanRules

START = date(2018, 10, 24)
WATER = Item("water", "agua", "water", "L", 1.0, 1.0)
MEALS = Item("meals", "comidas", "meals", "meal", 0.5, 1.0, shelf_life_days=1.0, weight=2.0)
TENTS = Item("tents", "carpas", "tents", "place", 5.0, 20.0, stays=True)
CARE = Item("care", "consultas", "consultations", "consultation", 0.0, 0.0)
# No times for loading and handing out, so that hours can be reckoned in the head.
PLAIN = PlanRules(
    fairness=0.0, load_hours=0.0, hand_out_hours=0.0, first_share=0.5, rest_factor=1.0, whole_trips=False,
    cost_tolerance=0.0, gap=1e-6, scenarios=50, longest_trip_days=3,
)  # fmt: skip


def line_of(km, *, countries=None, modes=None) -> Network:
    """Give towns in a row, so many km from one to the next."""
    n = len(km) + 1
    names = tuple(f"town-{i}" for i in range(n))
    blank = ("",) * n
    places = Places(
        names, names, countries or ("MX",) * n, blank, np.zeros(n), np.arange(n, dtype=float), ("town",) * n,
        np.full(n, -1), np.full(n, -1), blank, blank,
    )  # fmt: skip
    m = len(km)
    links = Links(
        np.arange(m), np.arange(1, m + 1), np.array(km, dtype=float), modes or ("road",) * m,
        np.ones(m, dtype=bool), np.zeros(m, dtype=bool), ("",) * m,
    )  # fmt: skip
    return Network(places, links)


def supply(place, item, quantity, **more) -> Supply:
    """Give a supply that is there all the time."""
    name = more.pop("id", f"s-{place}-{item}-{len(more)}")
    values = {"since": START, "until": None, "announced": START} | more
    return Supply(name, f"town hall of town-{place}", place, item, float(quantity), **values)


def carrier(place, **more) -> Carrier:
    """Give one vehicle of 1,000 kg and 10,000 L that drives 50 km/h for 10 hours a day, for 1 per km."""
    values = {
        "id": f"c-{place}", "holder": f"parish of town-{place}", "place": place,
        "vehicle": "pickup", "vehicles": 1,
        "capacity_kg": 1000.0, "capacity_litres": 10_000.0, "seats": 0.0, "speed_km_per_h": 50.0,
        "hours_per_day": 10.0, "range_km": 0.0, "cost_per_km": 1.0, "since": START, "until": None,
        "announced": START, "first_hour": 6.0, "last_hour": 20.0,
    }  # fmt: skip
    return Carrier(**(values | more))


def problem(network, need, supplies, carriers, *, items=(WATER,), rules=PLAIN, **more) -> PlanProblem:
    """Give a problem; need is (member, day, place, item), or without the last axis for one item."""
    need = np.asarray(need, dtype=np.float32)
    need = need[..., None] if need.ndim == 3 else need
    logistics = Logistics(tuple(supplies), tuple(carriers), tuple(more.pop("requests", ())), "MXN")
    return PlanProblem(network, START, tuple(items), need, need.sum(axis=3), logistics, rules=rules, **more)


def drawn_problem(seed, *, members=3, days=5, places=5, rules=PLAIN) -> PlanProblem:
    """Draw a problem with several items, shelf lives, stores and vehicles."""
    luck = np.random.default_rng(seed)
    items = (WATER, replace(MEALS, shelf_life_days=float(luck.integers(1, 4))), TENTS)
    network = line_of(luck.uniform(20, 160, places - 1))
    need = luck.gamma(0.7, 400.0, (members, days, places, 3)) * (
        luck.random((members, days, places, 1)) < 0.6
    )
    supplies = [
        supply(int(luck.integers(places)), item.id, luck.uniform(100, 4000), id=f"s{n}-{item.id}",
               per_day=bool(luck.random() < 0.4), local=bool(luck.random() < 0.2),
               shelf_life_days=2.0 if item.id == "meals" and luck.random() < 0.3 else None)
        for n in range(3) for item in items
    ]  # fmt: skip
    carriers = [
        carrier(int(luck.integers(places)), id=f"c{n}", vehicles=int(luck.integers(1, 3)),
                capacity_kg=luck.uniform(300, 2000), capacity_litres=luck.uniform(500, 4000),
                cost_per_km=luck.uniform(0.5, 2.0))
        for n in range(3)
    ]  # fmt: skip
    return problem(network, np.round(need), supplies, carriers, items=items, rules=rules)
