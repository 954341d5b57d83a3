"""Cohorts have the very distribution of agents, and of probabilities enumerated rule by rule."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from safepassage.core.displacement import Closure
from safepassage.core.local_law import LocalLaw
from safepassage.engines.choice import engine_for

from .displaced import evenings, world
from .enumerated import CAMP, HUB, MARKER, ROAD, TOWN, ZONE, Tiny

CHANCE = {TOWN: 0.4, ZONE: 0.9, CAMP: 0.2, HUB: 1.0, MARKER: 1.0}
SCORE = {TOWN: 1.0, ZONE: 0.5, CAMP: 3.0, HUB: 1.0, MARKER: 1.0}


def closed_between(pairs: list[tuple[int, int]], start: int, end: int):
    both = {pair for a, b in pairs for pair in ((a, b), (b, a))}
    return lambda day, a, b: not (start <= day < end and (a, b) in both)


TINY = {
    # 30 + 30 is just a day; so is 60; 30 + 20 leaves 10.
    "exact budgets and several hops a day": Tiny(
        [ZONE, TOWN, CAMP, TOWN], [(0, 1, 30), (1, 2, 30), (0, 2, 60), (1, 3, 20)], 60, CHANCE, SCORE
    ),
    "roads of several days that close under way": Tiny(
        [ZONE, CAMP, TOWN],
        [(0, 1, 100), (0, 2, 50), (2, 1, 45)],
        40,
        CHANCE,
        SCORE,
        is_open=closed_between([(0, 1), (1, 2)], 2, 3),
    ),
    "two links ahead, rests on the way": Tiny(
        [ZONE, TOWN, CAMP, TOWN], [(0, 1, 50), (1, 2, 30), (2, 3, 20), (1, 3, 70)], 50, CHANCE, SCORE, 2
    ),
    "rests and a closed road ahead": Tiny(
        [ZONE, TOWN, CAMP],
        [(0, 1, 50), (1, 2, 30)],
        50,
        CHANCE,
        SCORE,
        2,
        is_open=closed_between([(1, 2)], 1, 3),
    ),
    "a rest on the evening of the only day on which the road ahead is closed": Tiny(
        [ZONE, TOWN, CAMP],
        [(0, 1, 100), (1, 2, 30)],
        50,
        CHANCE,
        SCORE,
        2,
        is_open=closed_between([(1, 2)], 1, 2),
    ),
    "markers cost no step, hubs hold nobody, a dead end": Tiny(
        [ZONE, MARKER, CAMP, HUB, TOWN],
        [(0, 1, 25), (1, 2, 40), (0, 3, 15), (3, 4, 35)],
        65,
        CHANCE,
        SCORE,
        is_open=closed_between([(1, 2)], 1, 2),
    ),
}
CLOSED = {
    "roads of several days that close under way": (
        Closure("link", (0, 1), None, 2, 3),
        Closure("link", (1, 2), None, 2, 3),
    ),
    "rests and a closed road ahead": (Closure("link", (1, 2), None, 1, 3),),
    "a rest on the evening of the only day on which the road ahead is closed": (
        Closure("link", (1, 2), None, 1, 2),
    ),
    "markers cost no step, hubs hold nobody, a dead end": (Closure("link", (1, 2), None, 1, 2),),
}


def scenario_of(name: str, people: int, days: int):
    tiny = TINY[name]
    law = LocalLaw(
        max_move_speed_km_per_day=tiny.km_a_day,
        awareness_level=tiny.awareness,
        default_movechance=CHANCE[TOWN],
        conflict_movechance=CHANCE[ZONE],
        camp_movechance=CHANCE[CAMP],
        camp_weight=SCORE[CAMP],
        conflict_weight=SCORE[ZONE],
    )
    names = [("ABCDE"[k], role, 10 if role in (TOWN, ZONE) else 0) for k, role in enumerate(tiny.roles)]
    roads = [(a, b, float(km)) for a, b, km in tiny.roads]
    return world(names, roads, law=law, days=days, leaving=[people], closures=CLOSED.get(name, ()))


def outcome_chances(chances: dict[int, float], people: int) -> dict[tuple[int, ...], float]:
    """Give the chance of each sorted tuple of whereabouts of one or two independent people."""
    if people == 1:
        return {(where,): chance for where, chance in chances.items()}
    pairs: dict[tuple[int, ...], float] = {}
    for one, p in chances.items():
        for other, q in chances.items():
            key = tuple(sorted((one, other)))
            pairs[key] = pairs.get(key, 0.0) + p * q
    return pairs


@pytest.mark.parametrize("people", [1, 2])
@pytest.mark.parametrize("kernel", ["agents", "cohorts"])
@pytest.mark.parametrize("name", list(TINY))
def test_tiny_networks_have_the_enumerated_probabilities(name: str, kernel: str, people: int):
    days, members = 4, 6000
    engine = engine_for(scenario_of(name, people, days), force=kernel)
    stock, road = evenings(engine, days=days, members=members, seed=11)
    where = np.concatenate([stock, road[:, :, None]], axis=2)
    expected = TINY[name].evenings(0, days)
    for day in range(days):
        chances = outcome_chances(expected[day], people)
        rows, counts = np.unique(where[:, day], axis=0, return_counts=True)
        found = {}
        for row, count in zip(rows, counts, strict=True):
            places = np.repeat([*range(len(row) - 1), ROAD], row)
            found[tuple(sorted(places.tolist()))] = count
        assert not {key for key in found if chances.get(key, 0.0) == 0.0}, (day, found)
        compare(found, {key: members * chance for key, chance in chances.items() if chance > 0.0})


def compare(found: dict, expected: dict) -> None:
    """Chi-square with rare outcomes together; the chance of a false alarm is 1e-5 per call."""
    common = [key for key, number in expected.items() if number >= 8]
    seen = np.array([found.get(key, 0) for key in common] + [0.0])
    wanted = np.array([expected[key] for key in common] + [0.0])
    seen[-1] = sum(found.values()) - seen.sum()
    wanted[-1] = sum(expected.values()) - wanted.sum()
    if wanted[-1] < 1e-9:
        seen, wanted = seen[:-1], wanted[:-1]
    if len(wanted) > 1:
        assert stats.chisquare(seen, wanted * seen.sum() / wanted.sum()).pvalue > 1e-5


PLACES = [
    ("A", ZONE, 1000),
    ("B", TOWN, 10),
    ("C", TOWN, 5),
    ("D", CAMP, 0),
    ("E", HUB, 0),
    ("F", MARKER, 0),
    ("G", TOWN, 3),
]
ROADS = [
    (0, 1, 30.0),
    (1, 2, 40.0),
    (0, 2, 90.0),
    (2, 3, 55.0),
    (1, 3, 120.0),
    (2, 4, 20.0),
    (4, 3, 35.0),
    (1, 5, 12.0),
    (5, 6, 18.0),
    (3, 6, 333.0),
]
CASES = {
    "many hops a day": (LocalLaw(max_move_speed_km_per_day=360, default_movechance=0.7), ()),
    "roads of many days": (LocalLaw(max_move_speed_km_per_day=25, default_movechance=0.5), ()),
    "two links ahead, closures": (
        LocalLaw(max_move_speed_km_per_day=70, default_movechance=0.5, awareness_level=2, camp_weight=2),
        (Closure("link", (2, 3), None, 2, 5), Closure("location", (1,), None, 4, 6)),
    ),
    "chances that depend on powers, pruned": (
        LocalLaw(
            max_move_speed_km_per_day=110,
            default_movechance=0.4,
            awareness_level=3,
            weight_power=1.5,
            pruning_threshold=5.0,
            camp_movechance=0.3,
        ),
        (),
    ),
}


@pytest.mark.parametrize("people", [4, 60, 500])
@pytest.mark.parametrize("name", list(CASES))
def test_cohorts_have_the_distribution_of_agents(name: str, people: int):
    law, closures = CASES[name]
    days, members = 8, 400
    scenario = world(PLACES, ROADS, law=law, leaving=[people] * 3, closures=closures)
    both = []
    for kernel, seed in (("agents", 5), ("cohorts", 6)):
        stock, road = evenings(engine_for(scenario, force=kernel), days=days, members=members, seed=seed)
        both.append(np.concatenate([stock, road[:, :, None]], axis=2).reshape(members, -1))
    agents, cohorts = both
    error = np.sqrt((agents.var(axis=0) + cohorts.var(axis=0)) / members)
    z = (agents.mean(axis=0) - cohorts.mean(axis=0)) / np.maximum(error, 0.02)
    assert np.abs(z).max() < 4.5
    assert np.sqrt((z**2).mean()) < 1.5
    busy = np.flatnonzero(agents.std(axis=0) > 1)
    ratio = np.log(agents[:, busy].std(axis=0) / cohorts[:, busy].std(axis=0))
    # Spreads of counts of which few are not zero have heavy tails, so only the usual ones are held to theirs.
    assert np.abs(np.median(ratio)) < 0.06
    p = np.array([same_law(agents[:, k], cohorts[:, k]) for k in busy])
    assert p.min() > 1e-4 / len(p)
    assert (p < 0.05).mean() < 0.2
    together = np.corrcoef(agents[:, busy].T) - np.corrcoef(cohorts[:, busy].T)
    assert np.abs(together).max() < 6.0 * np.sqrt(2.0 / members)


def same_law(one: np.ndarray, other: np.ndarray) -> float:
    """Give the p-value of a chi-square test in about ten classes of both samples together."""
    edges = np.unique(np.quantile(np.concatenate([one, other]), np.linspace(0, 1, 11)[1:-1]))
    classes = np.stack(
        [np.bincount(np.searchsorted(edges, x), minlength=len(edges) + 1) for x in (one, other)]
    )
    classes = classes[:, classes.sum(axis=0) > 0]
    if classes.shape[1] < 2:
        return 1.0
    return float(stats.chi2_contingency(classes, correction=False).pvalue)
