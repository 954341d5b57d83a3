"""Made-up caravans on a made-up road, for attacks: what happened, what was public, what the forecaster knew.

Everything is drawn from one law that the attacker knows too (Kerckhoffs): only the luck is hidden from him.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from safepassage.core.forecast import QUANTILE_LEVELS, Fan, Forecast
from safepassage.core.network import Links, Network, Places

START = date(2026, 1, 5)  # a Monday
ROAD_KM = 3600.0
HORIZON_DAYS = 75
PACE_KM_PER_DAY = (18.0, 50.0)
REST_CHANCE = 0.2
BUS_CHANCE = 0.03
MEMBERS = 150


@dataclass(frozen=True)
class Road:
    """One road with towns along it; `area` numbers the admin 1 of each town."""

    town_km: np.ndarray
    area: np.ndarray
    network: Network


def make_road(rng: np.random.Generator) -> Road:
    """Lay out towns every 15–60 km, areas of 80–500 km and countries of several areas."""
    town_km = np.concatenate([[0.0], np.cumsum(rng.uniform(15.0, 60.0, size=120))])
    town_km = town_km[town_km < ROAD_KM]
    ends = np.cumsum(rng.uniform(80.0, 500.0, size=60))
    area = np.searchsorted(ends, town_km, side="right")
    country = area // 5
    n = len(town_km)
    places = Places(
        ids=tuple(f"t{i}" for i in range(n)),
        names=tuple(f"Town {i}" for i in range(n)),
        countries=tuple(f"C{c}" for c in country),
        admin1=tuple(f"A{a}" for a in area),
        lat=np.linspace(14.0, 32.0, n),
        lon=np.linspace(-88.0, -117.0, n),
        kinds=("town",) * n,
        population=np.full(n, -1, dtype=np.int64),
        capacity_people=np.full(n, -1, dtype=np.int64),
        shelters=("",) * n,
        sources=("made up",) * n,
    )
    links = Links(
        origin=np.arange(n - 1),
        target=np.arange(1, n),
        distance_km=np.diff(town_km),
        modes=("road",) * (n - 1),
        two_way=np.ones(n - 1, dtype=np.bool_),
        estimated=np.zeros(n - 1, dtype=np.bool_),
        sources=("made up",) * (n - 1),
    )
    return Road(town_km, area, Network(places, links))


def draw_pace(rng: np.random.Generator, size: int) -> np.ndarray:
    """Draw the pace of caravans, km on a day of walking."""
    return rng.uniform(*PACE_KM_PER_DAY, size=size)


def advance(rng: np.random.Generator, km: np.ndarray, pace: np.ndarray) -> np.ndarray:
    """Let one day pass: rest, walk, or once in a while a bus."""
    luck = rng.random(km.shape)
    walk = pace * rng.lognormal(0.0, 0.3, size=km.shape)
    bus = rng.uniform(120.0, 300.0, size=km.shape)
    step = np.where(luck < REST_CHANCE, 0.0, np.where(luck > 1.0 - BUS_CHANCE, bus, walk))
    return np.minimum(km + step, ROAD_KM)


def walk(rng: np.random.Generator, days: int) -> tuple[np.ndarray, float]:
    """Let one caravan go for some days; gives its km each evening and its pace."""
    pace = draw_pace(rng, 1)
    km = np.zeros(1)
    path = []
    for _ in range(days):
        km = advance(rng, km, pace)
        path.append(km[0])
    return np.array(path), float(pace[0])


def pace_seen(path: np.ndarray) -> float:
    """Estimate a caravan's pace from the days it walked, as a forecaster with exact data would."""
    steps = np.diff(path, prepend=0.0)
    walked = steps[(steps > 5.0) & (steps < 110.0)]
    return float(np.mean(walked)) if len(walked) else float(np.mean(PACE_KM_PER_DAY))


def town_of(road: Road, km: np.ndarray) -> np.ndarray:
    """Give the last town reached at each km."""
    return np.clip(np.searchsorted(road.town_km, km, side="right") - 1, 0, len(road.town_km) - 1)


def forecast_from(
    road: Road,
    known_km: np.ndarray,
    pace: float,
    *,
    people: int,
    rng: np.random.Generator,
    small_at: tuple[int, int] | None = None,
) -> Forecast:
    """Forecast as one who knows the caravan's km on every day so far would, members all agreeing on the past.

    `small_at` puts a second group of so many people at one town in every member.
    """
    ahead = HORIZON_DAYS - len(known_km)
    km = np.full(MEMBERS, known_km[-1])
    paces = np.clip(pace * rng.lognormal(0.0, 0.08, size=MEMBERS), *PACE_KM_PER_DAY)
    evenings = [np.full(MEMBERS, past) for past in known_km]
    for _ in range(ahead):
        km = advance(rng, km, paces)
        evenings.append(km)
    towns = town_of(road, np.array(evenings).T)
    n = len(road.town_km)
    first = np.full((MEMBERS, n), -1, dtype=np.int16)
    for day in range(towns.shape[1] - 1, -1, -1):
        first[np.arange(MEMBERS), towns[:, day]] = day
    size = (people * rng.lognormal(0.0, 0.1, size=(MEMBERS, 1))).astype(np.int32)
    peak = np.where(first >= 0, size, 0).astype(np.int32)
    if small_at is not None:
        town, few = small_at
        peak[:, town] = np.maximum(peak[:, town], few)
        first[:, town] = np.where(first[:, town] < 0, len(known_km), first[:, town])
    return forecast_of(road.network, first, peak, as_of=START + timedelta(days=len(known_km) - 1))


def forecast_of(
    network: Network, arrival_day: np.ndarray, peak_people: np.ndarray, *, as_of: date
) -> Forecast:
    """Wrap members' arrivals in a `Forecast`; what `share` does not read is left empty."""
    n = len(network.places)
    levels = len(QUANTILE_LEVELS)
    return Forecast(
        scenario="made-up",
        title_es="Caravana inventada desde Town 0",
        title_en="A made-up caravan from Town 0",
        network=network,
        start=START,
        as_of=as_of,
        members=arrival_day.shape[0],
        seed=1,
        engine="made up",
        engine_reason="made up",
        threshold_people=500,
        overnight=np.zeros((levels, HORIZON_DAYS, n), dtype=np.float32),
        chance_threshold=np.zeros((HORIZON_DAYS, n), dtype=np.float32),
        chance_any=np.zeros((HORIZON_DAYS, n), dtype=np.float32),
        if_they_come=np.full((levels, HORIZON_DAYS, n), np.nan, dtype=np.float32),
        on_road=Fan("people", np.zeros((levels, HORIZON_DAYS))),
        arrival_day=arrival_day,
        peak_people=peak_people,
        groups=(),
        reports=(),
        events=(),
        illustrative=("made up",),
        sources=("made up",),
        licence="none",
    )
