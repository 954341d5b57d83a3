"""Generated problems of deliveries: people in every town, groups that pass through, stores and vehicles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from benchmarks.towns import Shape
from benchmarks.worlds import Journey, world_of
from safepassage.core.logistics import Carrier, Item, Logistics, Supply
from safepassage.core.network import Network
from safepassage.core.plan import PlanProblem, PlanRules

START = date(2025, 1, 1)
ITEMS = (
    Item("water", "agua", "water", "L", 1.0, 1.05, weight=1.0),
    Item("meals", "comidas", "meals", "meal", 0.6, 1.2, shelf_life_days=1.0, weight=2.0),
    Item("blankets", "cobijas", "blankets", "piece", 1.2, 8.0, weight=1.5),
    Item("hygiene", "higiene", "hygiene kits", "kit", 0.8, 2.0, weight=0.7),
    Item("shelter", "albergue", "shelter places", "place", 6.0, 25.0, stays=True, weight=1.0),
)
PER_PERSON = np.array([3.0, 3.0, 0.15, 0.1, 1.0])
GROUPS = 5
VEHICLES = (
    ("pickup", 800.0, 2_000.0, 4.0, 60.0, 6.0),
    ("truck", 3_500.0, 18_000.0, 2.0, 50.0, 11.0),
)


@dataclass(frozen=True)
class Size:
    """How large a problem is; `waiting` is the share of the people who wait in towns, spread over all of
    them.
    """

    places: int = 100
    days: int = 30
    members: int = 40
    stores: int = 15
    people: float = 20_000.0
    waiting: float = 0.0


def delivery_problem(size: Size, rules: PlanRules, *, seed: int = 1) -> PlanProblem:
    """Make a problem; the same seed gives the same one."""
    shape = Shape(
        places=size.places, links=2 * size.places, people=50_000 * size.places, countries=1,
        spacing_km=90.0, long_share=0.0,
    )  # fmt: skip
    network = world_of(shape, Journey(), name="deliveries", seed=seed).network
    luck = np.random.default_rng(seed)
    people = _people(size, network, luck)
    need = (people[..., None] * PER_PERSON).astype(np.float32)
    stores = luck.choice(size.places, size.stores, replace=False)
    return PlanProblem(
        network, START, ITEMS, need, people.astype(np.float32), _logistics(size, stores, luck), rules=rules
    )


def _people(size: Size, network: Network, luck: np.random.Generator) -> NDArray[np.float64]:
    """Let some people wait in every town, and groups of a few towns' length pass through, sooner or later."""
    share = luck.dirichlet(np.ones(size.places))
    noise = luck.lognormal(0.0, 0.3, (size.members, size.days, size.places))
    people = size.waiting * size.people * share * noise
    order = np.argsort(network.places.lon)
    for group in range(GROUPS):
        start, pace = luck.uniform(-5, 5), luck.uniform(0.5, 2.5)
        at = start + pace * luck.lognormal(0.0, 0.25, (size.members, 1)) * np.arange(size.days)
        at += luck.normal(0.0, 0.5, at.shape).cumsum(axis=1) + size.places / GROUPS * group
        much = (1 - size.waiting) * size.people / GROUPS * luck.lognormal(0.0, 0.2, (size.members, 1))
        member, day = np.indices(at.shape)
        for behind, part in enumerate((0.5, 0.3, 0.15, 0.05)):
            where = order[np.clip(at - behind, 0, size.places - 1).astype(np.int64)]
            np.add.at(people, (member, day, where), part * much)
    return people


def _logistics(size: Size, stores: NDArray[np.int64], luck: np.random.Generator) -> Logistics:
    """Give every store some of three items, and one of each kind of vehicle; in all half of what is
    needed.
    """
    supplies, carriers = [], []
    daily = size.people * PER_PERSON
    for number, place in enumerate(stores):
        for i in luck.choice(len(ITEMS), 3, replace=False):
            item = ITEMS[i]
            per_day = item.id in ("water", "meals")
            much = (
                0.8 * daily[i] / (0.6 * size.stores) * (1 if per_day else size.days if not item.stays else 1)
            )
            supplies.append(
                Supply(f"s{number}-{item.id}", f"store {number}", int(place), item.id, float(round(much)),
                       START, None, START, per_day=per_day, illustrative=True)
            )  # fmt: skip
        for name, kg, litres, seats, speed, cost in VEHICLES:
            carriers.append(
                Carrier(f"c{number}-{name}", f"store {number}", int(place), name, 2, kg, litres, seats, speed,
                        9.0, 0.0, cost, START, None, START, illustrative=True)
            )  # fmt: skip
    return Logistics(tuple(supplies), tuple(carriers), (), "MXN")
