"""A perfect-model twin: one member is the truth, and others are to find it out from what is reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from safepassage.assimilation.caravans import CaravanEvidence
from safepassage.assimilation.likelihood import NIGHT_SHARE, TOWN_KM, WRONG_KM, WRONG_LOG
from safepassage.assimilation.observations import ERROR_KM, ERROR_LOG, WRONG, Caravan, observations
from safepassage.assimilation.particle import Evening, tracked
from safepassage.assimilation.unforeseen import MOVE_CHANCE, MOVE_KM, RESIZE_CHANCE, RESIZE_LOG
from safepassage.core.draws import Draws
from safepassage.core.engine import DayView
from safepassage.core.network import sphere_km
from safepassage.core.report import Report
from safepassage.core.scenario import Scenario
from safepassage.engines.goal_travel import GoalEngine, GoalState
from safepassage.engines.roads import axis_km
from safepassage.workflows.new import NewCaravan, new_scenario

START = date(2026, 3, 1)
# Far from the slots of any ensemble: its luck is its own.
TRUE_SLOT = 5_000_000


@cache
def caravan(days: int) -> Scenario:
    """A caravan whose one road is declared, so that positions of all members are on one ruler."""
    made = new_scenario(NewCaravan("twin", START, "2000-4000", origin="tapachula", to=("tijuana",)))
    group = replace(made.groups[0], destinations=(), route_announced=None)
    return replace(made, groups=(group,), days=days, as_of=START + timedelta(days=days))


@dataclass(frozen=True)
class Truth:
    """What came to pass, evening by evening: (day,) each."""

    km: NDArray[np.float64]
    tail: NDArray[np.float64]
    size: NDArray[np.float64]
    alive: NDArray[np.bool_]
    views: list[DayView]


def live(scenario: Scenario, *, days: int, seed: int, slot: int = TRUE_SLOT) -> Truth:
    engine = GoalEngine(scenario, days=days)
    draws = Draws(seed)
    state = engine.init(slots=np.array([slot + seed]), draws=draws)
    views = []
    rng = np.random.default_rng(seed + 77)
    for day in range(days):
        state = _unforeseen(engine, engine.step(state, day=day, draws=draws), scenario, rng, draws)
        views.append(engine.observe(state))
    groups = [view.groups for view in views]
    return Truth(
        km=np.array([g.head_km[0, 0] for g in groups]),
        tail=np.array([g.tail_km[0, 0] for g in groups]),
        size=np.array([float(g.size[0, 0]) for g in groups]),
        alive=np.array([bool(g.alive[0, 0]) for g in groups]),
        views=views,
    )


def _unforeseen(
    engine: GoalEngine, state: GoalState, scenario: Scenario, rng: np.random.Generator, draws: Draws
) -> GoalState:
    """Let happen what the filter reckons with beyond the model: a move, a size that nobody foresaw."""
    view = engine.observe(state).groups
    places = scenario.network.places
    if rng.uniform() < MOVE_CHANCE:
        here = int(view.place[0, 0])
        near = np.exp(-sphere_km((places.lat[here], places.lon[here]), (places.lat, places.lon)) / MOVE_KM)
        place = int(rng.choice(len(places), p=near / near.sum()))
        # Off the road that is the ruler, its own km would name other towns than those where it is.
        if place in scenario.groups[0].route:
            state = engine.relocated(state, np.array([place]), column=0, draws=draws)
    if rng.uniform() < RESIZE_CHANCE and view.size[0, 0] > 0:
        people = np.rint(view.size[:, 0] * np.exp(RESIZE_LOG * rng.standard_normal())).astype(np.int64)
        state = engine.resized(state, np.maximum(people, 30), column=0)
    return state


def report(scenario: Scenario, day: int, place: int, people: float | None, **more: object) -> Report:
    observed = scenario.start + timedelta(days=day)
    plain = Report(observed, observed, "field", place, "position", people, people, "main", "exact", "made up")
    return replace(plain, **{"source_kind": "field", **more})


def told(scenario: Scenario, truth: Truth, *, days: int, seed: int, wrong: bool = True) -> list[Report]:
    """Report every evening as the observation model believes it is done, errors and all."""
    rng = np.random.default_rng(seed)
    bias = rng.normal(0.0, 0.1)
    axis = axis_km(scenario.network, scenario.groups[0].route)
    towns = np.flatnonzero(np.isfinite(axis))
    found = []
    for day in range(1, days):
        if not truth.alive[day]:
            continue
        first = truth.tail[day] if rng.uniform() < NIGHT_SHARE else min(truth.km[day - 1], truth.tail[day])
        at_km = rng.uniform(first, truth.km[day]) + ERROR_KM["exact"] * rng.standard_normal()
        wrongly = wrong and rng.uniform() < WRONG["exact"]
        if wrongly:
            at_km = truth.km[day] + rng.laplace(0.0, WRONG_KM)
        place = int(towns[np.argmin(np.abs(axis[towns] - at_km))])
        if abs(axis[place] - at_km) > TOWN_KM:
            continue  # on the road: nobody has seen them
        error = rng.standard_t(4) * ERROR_LOG["exact"]
        if wrong and rng.uniform() < WRONG["exact"]:
            error = rng.standard_cauchy() * WRONG_LOG
        people = float(np.clip(np.rint(truth.size[day] * np.exp(bias + np.clip(error, -4, 4))), 1, 1e6))
        found.append(report(scenario, day, place, people))
    return found


def track(
    scenario: Scenario, reports: list[Report], *, days: int, members: int, seed: int
) -> Iterator[tuple[Evening, CaravanEvidence]]:
    engine = GoalEngine(scenario, days=days)
    draws = Draws(seed)
    caravans = [Caravan(g.id, (g.departs - scenario.start).days) for g in scenario.groups]
    said, _ = observations(reports, caravans, start=scenario.start)
    evidence = CaravanEvidence(
        said, scenario.network, counts=(len(caravans), len(reports), members), draws=draws
    )
    for evening in tracked(engine, evidence, days=days, members=members, draws=draws):
        yield evening, evidence


def rank(truth: float, members: NDArray[np.float64], rng: np.random.Generator) -> float:
    """Give the rank of the truth among members, ties broken at random, as a number from 0 to 1."""
    below, equal = float((members < truth).sum()), float((members == truth).sum())
    return (below + rng.uniform() * (equal + 1.0)) / (len(members) + 1.0)
