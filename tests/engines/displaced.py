"""Small displacement scenarios for tests of the local law."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from safepassage.core.displacement import Displacement, Series
from safepassage.core.draws import Draws
from safepassage.core.local_law import LocalLaw
from safepassage.core.network import Links, Network, Places
from safepassage.core.scenario import Scenario


def world(
    places: list[tuple[str, int, int]],
    roads: list[tuple[int, int, float]],
    *,
    law: LocalLaw | None = None,
    days: int = 10,
    leaving: Sequence[int] = (100,),
    **changes: object,
) -> Scenario:
    """Make a scenario of (name, role, population or capacity), and roads (from, to, km).

    The first place is in conflict all the time, and `leaving` people leave it on the first days, by the total
    of the series; `changes` go to the displacement.
    """
    count = len(places)
    camp = np.array([role in (2, 3) for _, role, _ in places])
    people = np.array([number for _, _, number in places], dtype=np.int64)
    network = Network(
        Places(
            ids=tuple(name for name, _, _ in places),
            names=tuple(name for name, _, _ in places),
            countries=tuple("A" if k == 0 else "B" for k in range(count)),
            admin1=("",) * count,
            lat=np.linspace(0, 1, count),
            lon=np.linspace(10, 12, count),
            kinds=("town",) * count,
            population=np.where(camp, -1, people),
            capacity_people=np.where(camp & (people > 0), people, -1),
            shelters=("",) * count,
            sources=("",) * count,
        ),
        Links(
            origin=np.array([a for a, _, _ in roads], dtype=np.int64),
            target=np.array([b for _, b, _ in roads], dtype=np.int64),
            distance_km=np.array([km for _, _, km in roads], dtype=np.float64),
            modes=("road",) * len(roads),
            two_way=np.ones(len(roads), dtype=bool),
            estimated=np.zeros(len(roads), dtype=bool),
            sources=("",) * len(roads),
        ),
    )
    conflict = np.zeros((days, count))
    conflict[:, 0] = 1.0
    values: dict[str, object] = {
        "roles": np.array([role for _, role, _ in places], dtype=np.int8),
        "foreign": np.arange(count) > 0,
        "initial_idps": np.zeros(count, dtype=np.int64),
        "capacity_per_day": np.zeros(count, dtype=np.int64),
        "forced": np.zeros(len(roads), dtype=np.int8),
        "link_speed_km_per_day": np.full(len(roads), np.nan),
        "link_walk_chance": np.zeros(len(roads)),
        "conflict": conflict,
        "conflict_since": np.zeros((days, count), dtype=np.int32),
        "camps": np.flatnonzero(camp).astype(np.int64),
        "series": tuple(Series(np.zeros(0, dtype=np.int64), np.zeros(0)) for _ in range(int(camp.sum()))),
    }
    if "series" not in changes:
        total = Series(np.arange(len(leaving)), np.cumsum(leaving).astype(np.float64))
        values |= {"total": total, "sum_from_camps": False, "insert_day0": False}
    return Scenario(
        name="small",
        title_es="",
        title_en="",
        start=date(2020, 1, 1),
        as_of=None,
        days=days,
        seed=1,
        network=network,
        law=law or LocalLaw(),
        displacement=Displacement(**{**values, **changes}),  # type: ignore[arg-type]
    )


def evenings(engine, *, days: int, members: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Run an engine: stock (member, day, place) and people on the road (member, day)."""
    draws = Draws(seed)
    state = engine.init(slots=np.arange(members), draws=draws)
    stock, road = [], []
    for day in range(days):
        state = engine.step(state, day=day, draws=draws)
        view = engine.observe(state)
        stock.append(view.stock)
        road.append(view.on_road)
    return np.stack(stock, axis=1), np.stack(road, axis=1)
