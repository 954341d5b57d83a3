"""Generated worlds for scale tests: made-up places, nobody's home, the same ones for the same seed.

A world is an ordinary `Scenario` with a displacement under the local law: conflict zones inside a few
countries, camps on their borders, everybody who flees leaving evenly over the first days.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from benchmarks.towns import RoadList, Shape, Towns, join, scatter
from safepassage.core.displacement import (
    CAMP,
    CONFLICT_ZONE,
    FORWARDING_HUB,
    IDP_CAMP,
    TOWN,
    Displacement,
    Series,
)
from safepassage.core.local_law import LocalLaw
from safepassage.core.network import Links, Network, Places
from safepassage.core.scenario import Scenario

START = date(2025, 1, 1)
SHAPES = {
    "standard": Shape(places=50, links=110, people=5_000_000, countries=4, spacing_km=90.0, long_share=0.04),
    "dense": Shape(places=50, links=350, people=5_000_000, countries=4, spacing_km=40.0, long_share=0.0),
    "far": Shape(places=50, links=90, people=5_000_000, countries=4, spacing_km=450.0, long_share=0.2),
    "region": Shape(places=5_000, links=15_000, people=300_000_000, countries=12, spacing_km=25.0),
    "netherlands": Shape(places=20_000, links=60_000, people=18_000_000, countries=3, spacing_km=1.5),
    "planet": Shape(places=50_000, links=200_000, people=8_000_000_000, countries=190, spacing_km=52.0),
}
ZONES, CAMPS, IDP_CAMPS, HUBS = 0.10, 0.12, 0.03, 0.04  # shares of the places


@dataclass(frozen=True)
class Journey:
    """Who leaves a generated world, and by which rules.

    Parameters
    ----------
    people : int            everybody who leaves, over the first `leave_days` days from day 1 on.
    days, leave_days : int
    law : LocalLaw
    limits : bool           camps have room for 1.2 times those who leave, together.
    """

    people: int = 100_000
    days: int = 300
    leave_days: int = 100
    law: LocalLaw = field(default_factory=LocalLaw)
    limits: bool = False


def world(name: str, journey: Journey | None = None, *, seed: int = 1) -> Scenario:
    """Make one of the worlds of `SHAPES`."""
    return world_of(SHAPES[name], journey or Journey(), name=name, seed=seed)


def world_of(shape: Shape, journey: Journey, *, name: str, seed: int = 1) -> Scenario:
    """Make a world of any shape; the same seed gives the same world, whoever leaves it."""
    luck = np.random.default_rng(seed)
    towns = scatter(shape, luck)
    roads = join(towns, shape, luck)
    roles = _roles(towns, roads, shape, luck)
    order = _home_first(roles, towns)
    towns, roads, roles = _sorted(towns, roads, roles, order)
    return Scenario(
        name=name,
        title_es="Mundo de prueba",
        title_en="Made-up world",
        start=START,
        as_of=None,
        days=journey.days,
        seed=seed,
        network=Network(_places(towns, roles, journey), _links(roads)),
        law=journey.law,
        displacement=_displacement(towns, roads, roles, journey),
    )


def with_journey(scenario: Scenario, journey: Journey) -> Scenario:
    """Give the same world left by other people, under other rules."""
    displacement = scenario.displacement
    if displacement is None:
        message = "the scenario has no displacement"
        raise TypeError(message)
    places = scenario.network.places
    capacity = _capacity(displacement.roles, journey)
    return replace(
        scenario,
        days=journey.days,
        law=journey.law,
        network=replace(scenario.network, places=replace(places, capacity_people=capacity)),
        displacement=replace(displacement, total=_total(journey)),
    )


def _roles(towns: Towns, roads: RoadList, shape: Shape, luck: np.random.Generator) -> NDArray[np.int8]:
    """Put conflict into a few countries, and camps where somebody abroad can reach them soonest."""
    roles = np.full(shape.places, TOWN, dtype=np.int8)
    size = np.bincount(towns.country, minlength=shape.countries)
    torn = np.argsort(-size, kind="stable")[: max(1, shape.countries // 8)]
    inside = np.flatnonzero(np.isin(towns.country, torn))
    zones = luck.choice(inside, min(len(inside) // 2, max(3, round(ZONES * shape.places))), replace=False)
    roles[zones] = CONFLICT_ZONE
    abroad = towns.country[roads.origin] != towns.country[roads.target]
    ends = np.unique(np.concatenate([roads.origin[abroad], roads.target[abroad]]))
    border = luck.permutation(ends[~np.isin(towns.country[ends], torn)])
    beyond = luck.permutation(np.flatnonzero(~np.isin(towns.country, torn)))
    _, first = np.unique(both := np.concatenate([border, beyond]), return_index=True)
    outside = both[np.sort(first)]
    roles[outside[: max(4, round(CAMPS * shape.places))]] = CAMP
    free = luck.permutation(np.flatnonzero(roles == TOWN))
    idp, hubs = max(1, round(IDP_CAMPS * shape.places)), round(HUBS * shape.places)
    roles[free[:hubs]] = FORWARDING_HUB
    at_home = free[hubs:][np.isin(towns.country[free[hubs:]], torn)]
    roles[at_home[:idp]] = IDP_CAMP
    return roles


def _home_first(roles: NDArray[np.int8], towns: Towns) -> NDArray[np.int64]:
    """Order the places with the largest conflict zone first: its country is the home country."""
    zone = roles == CONFLICT_ZONE
    return np.lexsort((-towns.population, ~zone))


def _sorted(
    towns: Towns, roads: RoadList, roles: NDArray[np.int8], order: NDArray[np.int64]
) -> tuple[Towns, RoadList, NDArray[np.int8]]:
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    moved = Towns(towns.lat[order], towns.lon[order], towns.country[order], towns.population[order])
    return moved, replace(roads, origin=place[roads.origin], target=place[roads.target]), roles[order]


def _is_camp(roles: NDArray[np.int8]) -> NDArray[np.bool_]:
    return np.asarray((roles == CAMP) | (roles == IDP_CAMP))


def _capacity(roles: NDArray[np.int8], journey: Journey) -> NDArray[np.int64]:
    camp = _is_camp(roles)
    room = max(1, round(1.2 * journey.people / max(1, int(camp.sum()))))
    return np.where(camp & journey.limits, room, -1).astype(np.int64)


def _places(towns: Towns, roles: NDArray[np.int8], journey: Journey) -> Places:
    count = len(roles)
    names = tuple(f"Place {k:05d}" for k in range(count))
    camp = _is_camp(roles)
    return Places(
        ids=names,
        names=names,
        countries=tuple(f"Country {k:03d}" for k in towns.country),
        admin1=("",) * count,
        lat=towns.lat,
        lon=towns.lon,
        kinds=tuple("camp" if here else "town" for here in camp),
        population=np.where(camp, -1, towns.population),
        capacity_people=_capacity(roles, journey),
        shelters=("",) * count,
        sources=("made up",) * count,
    )


def _links(roads: RoadList) -> Links:
    count = len(roads.km)
    return Links(
        origin=roads.origin,
        target=roads.target,
        distance_km=roads.km,
        modes=tuple("ferry" if over else "road" for over in roads.ferry),
        two_way=np.ones(count, dtype=bool),
        estimated=np.ones(count, dtype=bool),
        sources=("made up",) * count,
    )


def _total(journey: Journey) -> Series:
    days = np.array([0, journey.leave_days], dtype=np.int64)
    return Series(days, np.array([0.0, float(journey.people)]))


def _displacement(towns: Towns, roads: RoadList, roles: NDArray[np.int8], journey: Journey) -> Displacement:
    count, links = len(roles), len(roads.km)
    camps = np.flatnonzero(_is_camp(roles)).astype(np.int64)
    nobody = Series(np.zeros(0, dtype=np.int64), np.zeros(0))
    return Displacement(
        roles=roles,
        foreign=towns.country != towns.country[0],
        initial_idps=np.zeros(count, dtype=np.int64),
        capacity_per_day=np.zeros(count, dtype=np.int64),
        forced=np.zeros(links, dtype=np.int8),
        link_speed_km_per_day=np.full(links, np.nan),
        link_walk_chance=np.zeros(links),
        # One row holds for good.
        conflict=(roles == CONFLICT_ZONE).astype(np.float64)[None, :],
        conflict_since=np.zeros((1, count), dtype=np.int32),
        camps=camps,
        series=(nobody,) * len(camps),
        total=_total(journey),
        sum_from_camps=False,
    )
