"""Builders of forecasts for the tests: seeded walkers on a small made-up network."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from safepassage.core.belief import Belief, LookBack, ReportEffect, SourceBias, TownLookBack, Update
from safepassage.core.forecast import MODES, QUANTILE_LEVELS, Fan, Forecast, GroupForecast, PartForecast
from safepassage.core.network import Links, Network, Places
from safepassage.core.report import AgreedFigure, Report

START = date(2018, 10, 13)
TOWNS = (  # id, name, country, lat, lon, kind
    ("alta", "Alta Verapaz del Río", "HN", 15.50, -88.03, "city"),
    ("brena", "La Breña", "HN", 14.77, -88.78, "town"),
    ("cima", "Cima Nueva", "GT", 14.57, -89.35, "border_town"),
    ("dorada", "Ciudad Dorada", "GT", 14.63, -90.51, "city"),
    ("esmeralda", "Esmeralda", "GT", 14.68, -92.14, "border_town"),
    ("faro", "El Faro", "MX", 14.90, -92.26, "city"),
    ("gruta", "Gruta Azul", "MX", 15.14, -92.46, "town"),
    ("hondo", "Río Hondo", "MX", 16.09, -93.75, "town"),
    ("isleta", "La Isleta", "MX", 17.99, -92.93, "city"),
)


def network_of(towns: tuple[tuple[str, str, str, float, float, str], ...]) -> Network:
    n = len(towns)
    ids, names, countries, lat, lon, kinds = zip(*towns, strict=True)
    places = Places(
        ids=ids,
        names=names,
        countries=countries,
        admin1=("",) * n,
        lat=np.array(lat),
        lon=np.array(lon),
        kinds=kinds,
        population=np.full(n, 50_000),
        capacity_people=np.full(n, -1),
        shelters=("",) * n,
        sources=("made up",) * n,
    )
    empty = Links(
        origin=np.arange(n - 1),
        target=np.arange(1, n),
        distance_km=np.ones(n - 1),
        modes=("road",) * (n - 1),
        two_way=np.ones(n - 1, dtype=bool),
        estimated=np.zeros(n - 1, dtype=bool),
        sources=("",) * (n - 1),
    )
    network = Network(places, empty)
    km = np.array([1.2 * network.great_circle_km(k, k + 1) for k in range(n - 1)])
    return Network(places, replace(empty, distance_km=km))


def fan_of(unit: str, cube: np.ndarray) -> Fan:
    """(member, day) numbers to quantiles."""
    return Fan(unit, np.quantile(cube, QUANTILE_LEVELS, axis=0))


def walkers(network: Network, route: np.ndarray, *, days: int, members: int, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    links = network.links
    step = {
        (int(a), int(b)): float(d)
        for a, b, d in zip(links.origin, links.target, links.distance_km, strict=True)
    }
    route_km = np.concatenate([[0.0], np.cumsum([step[a, b] for a, b in pairwise(route)])])
    pace = rng.lognormal(np.log(42), 0.3, (members, 1)) * rng.lognormal(0, 0.5, (members, days))
    pace[rng.random((members, days)) < 0.18] = 0.0
    pace[:, 0] = 0.0
    head = np.minimum(np.cumsum(pace, axis=1), route_km[-1])
    size = rng.lognormal(np.log(1600), 0.25, (members, 1)) * np.exp(
        np.cumsum(rng.normal(0.03, 0.07, (members, days)), 1)
    )
    stop = np.searchsorted(route_km, head + 1e-6, side="right") - 1
    stock = np.zeros((members, days, len(network.places)))
    stock[np.arange(members)[:, None], np.arange(days), route[stop]] = np.round(size)
    return {"head": head, "size": size, "stock": stock, "route_km": route_km}


def forecast_from(stock: np.ndarray, network: Network, *, threshold: int = 500, **more: Any) -> Forecast:
    members, days, _ = stock.shape
    present = stock > 0
    large = stock >= threshold
    with np.errstate(invalid="ignore"):
        masked = np.where(large, stock, np.nan)
        some = large.any(axis=0)
        come = np.full((len(QUANTILE_LEVELS), days, stock.shape[2]), np.nan)
        come[:, some] = np.nanquantile(masked[:, some], QUANTILE_LEVELS, axis=0)
    first = np.where(present.any(axis=1), present.argmax(axis=1), -1)
    filled: dict[str, Any] = {
        "scenario": "made-up",
        "title_es": "Caravana de prueba, octubre de 2018",
        "title_en": "Test caravan, October 2018",
        "network": network,
        "start": START,
        "as_of": START,
        "members": members,
        "seed": 1,
        "engine": "cohorts",
        "engine_reason": "rules fixed within the day",
        "threshold_people": threshold,
        "overnight": np.quantile(stock, QUANTILE_LEVELS, axis=0).astype(np.float32),
        "chance_threshold": large.mean(axis=0).astype(np.float32),
        "chance_any": present.mean(axis=0).astype(np.float32),
        "if_they_come": come.astype(np.float32),
        "on_road": fan_of("people", np.zeros((members, days))),
        "arrival_day": first.astype(np.int16),
        "peak_people": stock.max(axis=1).astype(np.int32),
        "groups": (),
        "reports": (),
        "events": (),
        "illustrative": ("Los pesos son juicios. / The weights are judgements.",),
        "sources": ("https://example.org/a?b=1&c=2", "GeoNames (CC BY 4.0)"),
        "licence": "CC BY 4.0",
    }
    return Forecast(**{**filled, **more})


def report(day: int, place: int, low: float | None, high: float | None, **more: Any) -> Report:
    when = START + timedelta(days=day)
    told: dict[str, Any] = {
        "observed": when,
        "published": when + timedelta(days=1),
        "published_basis": "assumed: next day",
        "place": place,
        "kind": "position",
        "low": low,
        "high": high,
        "segment": "main",
        "quality": "exact",
        "source": "https://example.org/report",
    }
    return Report(**{**told, **more})


def caravan(
    network: Network, route: np.ndarray, *, days: int = 30, members: int = 200, seed: int = 1, **more: Any
) -> Forecast:
    run = walkers(network, route, days=days, members=members, seed=seed)
    rng = np.random.default_rng(seed + 1)
    pace = rng.uniform(15, 60, (members, 1))
    flat = np.exp(
        rng.normal(np.log(1600), 0.25, (members, 1)) + np.cumsum(rng.normal(0, 0.1, (members, days)), 1)
    )
    zero = np.zeros((members, days))
    group = GroupForecast(
        id="caravana",
        name_es="Caravana de prueba",
        name_en="Test caravan",
        route=route,
        route_km=run["route_km"],
        head_km=fan_of("km", run["head"]),
        tail_km=fan_of("km", run["head"] * 0.98),
        size=fan_of("people", run["size"]),
        walker_km=fan_of("km", np.minimum(pace * np.arange(days), run["route_km"][-1])),
        last_size=fan_of("people", flat),
        mode_share=np.full((days, len(MODES)), 1 / len(MODES)),
        joined=fan_of("people", zero + 300),
        left=fan_of("people", zero + 100),
    )
    return forecast_from(run["stock"], network, **{"groups": (group,), **more})


NAN = float("nan")


def learned(forecast: Forecast) -> Forecast:
    """A caravan whose reports were weighed: one contradicted, one doubted, one repeated, one too early."""
    told = (
        report(-1, 0, 160, None, source_kind="organiser"),
        report(0, 0, 1000, 1500, source_kind="official"),
        report(1, 1, 1800, 2000, source_kind="press", quantifier="about"),
        report(1, 1, 1800, 2000, source_kind="press", source="https://example.org/again"),
        report(2, 3, 7, 12, source_kind="shelter", kind="stock"),
        report(2, 5, 5000, 6000, source_kind="official", source="<b>bold</b> & 'quoted'"),
        report(3, 2, 1500, 1900, source_kind="field", to_place=3),
        report(3, 2, None, None, source_kind="organiser", kind="next_stop"),
        report(3, 1, 300, 400, source_kind="press", segment="rear"),
    )
    unused = {0: "before the departure", 3: "names no place and no size", 8: "of a kind that is only shown"}
    doubts = {5: 0.87, 6: 0.31}
    effects = tuple(
        ReportEffect(
            report=one,
            key=f"{k:016x}",
            why_unused=unused.get(k, ""),
            weight=0.0 if k in unused else 0.5 if k in (1, 2) else 0.13 if k == 5 else 1.0,
            doubt=doubts.get(k, 0.04),
            off_km=NAN if k == 4 else 11.0 * k,
            off_factor=NAN if one.low is None else 0.8 + 0.1 * k,
            shift_km=NAN if k in unused else 3.5 * (k - 4),
            shift_people=NAN if k in unused else 140.0 * (k - 4),
            shares_with=("0" * 16,) if k in (1, 2) else (),
        )
        for k, one in enumerate(told)
    )
    back = LookBack(
        night=START + timedelta(days=3),
        made=START + timedelta(days=2),
        threshold_people=500,
        towns=(
            TownLookBack(2, 0.62, 1100, 1600, 2300, True, "there", 1500, 1900),
            TownLookBack(3, 0.24, NAN, NAN, NAN, False, "not there", NAN, NAN),
            TownLookBack(4, 0.03, 5, 8, 12, False, "not reported", NAN, NAN),
        ),
        said_km=(101.0, 148.0, 190.0),
        happened_km=163.0,
        rule_km=118.0,
        said_people=(1100.0, 1600.0, 2300.0),
        happened_people=1700.0,
        rule_people=1250.0,
    )
    agreed = (
        AgreedFigure(
            START + timedelta(days=4), 2, 1800, "Médico y cocina / <i>two</i> kitchens", "clúster", START
        ),
        AgreedFigure(
            START + timedelta(days=5), -1, 2000, "half of the officials' figure", "aid table", START
        ),
    )
    belief = Belief(
        effects=effects,
        updates=(
            Update(START, 1, 150.0, 0.02, False),
            Update(START + timedelta(days=1), 1, 60.0, 0.61, False),
            Update(START + timedelta(days=2), 2, 2.4, 0.9, True),
        ),
        biases=(
            SourceBias("official", 7, 0.61, 0.8, 1.0),
            SourceBias("organiser", 1, 1.1, 1.4, 1.9),
            SourceBias("press", 0, NAN, NAN, NAN),
        ),
        announced_reliability=(0.4, 0.62, 0.8),
        announced=5,
        look_back=back,
        agreed=agreed,
    )
    return replace(forecast, reports=told, belief=belief, as_of=START + timedelta(days=3))


def in_parts(forecast: Forecast) -> Forecast:
    """The same caravan with an advance part, a rear part in few members, and its whole size."""
    group = forecast.groups[0]
    days, levels = forecast.days, len(QUANTILE_LEVELS)
    likely = np.where(np.arange(days) < 2, 0.0, 0.4)
    ahead = PartForecast(
        "advance", likely, Fan("km", group.head_km.values + 90.0), Fan("people", group.size.values * 0.1)
    )
    few = Fan("people", np.full((levels, days), 33.3))
    rear = PartForecast("rear", np.full(days, 0.03), Fan("km", group.head_km.values * 0.7), few)
    whole = Fan("people", group.size.values * 1.15)
    return replace(forecast, groups=(replace(group, parts=(ahead, rear), whole_size=whole),))
