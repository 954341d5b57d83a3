"""Small roads for tests: a straight corridor of towns with a border, and scenarios on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from safepassage.core.network import Links, Network, Places
from safepassage.core.scenario import Event, GoalLaw, Group, JoinerPool, Prior, Scenario

START = date(2030, 1, 1)


def corridor(
    legs_km: Sequence[float], *, border_after: int | None = None, population: int = 20_000
) -> Network:
    """Towns 0..n in a line along a meridian, `legs_km` apart; a border after town `border_after`."""
    n = len(legs_km) + 1
    km = np.concatenate([[0.0], np.cumsum(legs_km)])
    countries = tuple("AA" if border_after is None or i <= border_after else "BB" for i in range(n))
    places = Places(
        ids=tuple(f"town-{i}" for i in range(n)),
        names=tuple(f"Town {i}" for i in range(n)),
        countries=countries,
        admin1=countries,
        lat=10.0 + km / 111.2 / 1.2,
        lon=np.full(n, -90.0),
        kinds=("town",) * n,
        population=np.full(n, population, dtype=np.int64),
        capacity_people=np.full(n, -1, dtype=np.int64),
        shelters=("",) * n,
        sources=("test",) * n,
    )
    m = n - 1
    links = Links(
        origin=np.arange(m),
        target=np.arange(1, n),
        distance_km=np.asarray(legs_km, dtype=float),
        modes=("road",) * m,
        two_way=np.ones(m, dtype=bool),
        estimated=np.zeros(m, dtype=bool),
        sources=("test",) * m,
    )
    return Network(places, links)


def fixed(**values: float) -> dict[str, Prior]:
    """Priors that are certain of these values."""
    return {name: Prior(name, "fixed", value, value, "test", "test") for name, value in values.items()}


# Everybody walks, nobody rests, joins, leaves or parts, borders cost nothing: each test changes one thing.
STEADY = fixed(
    walk_km_per_day=30.0,
    ride_chance=0.0,
    rest_chance=0.0,
    border_hold_chance=0.0,
    border_hold_days=1.0,
    closure_hold_days=3.0,
    bus_chance=1.0,
    bus_km_per_day=300.0,
    length_km=1.0,
    leave_rate_per_day=0.0,
    held_leave_factor=1.0,
    join_rate_per_day=0.0,
    split_chance_per_day=0.0,
)


def caravan(
    network: Network,
    *,
    priors: dict[str, Prior] | None = None,
    events: Sequence[Event] = (),
    pools: Sequence[tuple[int, float]] = (),
    people: float = 1000.0,
) -> Scenario:
    """One group of exactly `people` that walks the whole corridor, leaving on day 0."""
    group = Group(
        id="g",
        name_es="Grupo",
        name_en="Group",
        route=tuple(range(len(network.places))),
        departs=START,
        announced=START,
        size_low=people,
        size_high=people,
        joiners=tuple(JoinerPool(place, n, n, START, "test", "test") for place, n in pools),
    )
    return Scenario(
        name="corridor",
        title_es="Corredor",
        title_en="Corridor",
        start=START,
        as_of=START,
        days=20,
        seed=1,
        network=network,
        law=GoalLaw(),
        priors=STEADY | (priors or {}),
        groups=(group,),
        events=tuple(events),
    )


def event(kind: str, *, day: int = 0, until: int | None = None, **changes: object) -> Event:
    """An event known from the start."""
    plain = Event(
        day=START + timedelta(days=day),
        until=None if until is None else START + timedelta(days=until),
        hours=None,
        announced=START,
        announced_basis="test",
        kind=kind,
        place=-1,
        link=None,
        countries=None,
        scope="",
        value=None,
        source="test",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
