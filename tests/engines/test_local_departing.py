"""Who leaves, and from where: counts have the distribution of single draws, whatever their size."""

from __future__ import annotations

import numpy as np
import pytest

from safepassage.core.draws import Draws
from safepassage.core.scenario import Scenario
from safepassage.engines.choice import engine_for
from safepassage.engines.departing import counts_leaving_today, leaving_today

from .displaced import evenings, world

TOWN, ZONE, CAMP = 0, 1, 2
PLACES = [("A", ZONE, 600), ("B", TOWN, 10), ("C", ZONE, 300), ("D", CAMP, 0), ("E", ZONE, 100)]
ROADS = [(0, 1, 30.0), (1, 2, 40.0), (2, 3, 55.0), (3, 4, 20.0)]
SHARES = np.array([0.6, 0.0, 0.3, 0.0, 0.1])


def three_zones(people: int) -> Scenario:
    conflict = np.tile([1.0, 0.0, 1.0, 0.0, 1.0], (10, 1))
    return world(PLACES, ROADS, leaving=[people] * 4, conflict=conflict)


@pytest.mark.parametrize("people", [1, 7, 90, 2500])
def test_counted_origins_have_the_mean_and_spread_of_drawing_each_person(people: int):
    members = 3000
    engine = engine_for(three_zones(people), force="cohorts")
    state = engine.init(slots=np.arange(members), draws=Draws(1))
    counts, waiting = counts_leaving_today(engine.timetable, state, day=0, draws=Draws(1))
    assert (counts.sum(axis=1) == people).all()
    assert not waiting.any()
    mean, variance = people * SHARES, people * SHARES * (1 - SHARES)
    assert np.abs(counts.mean(axis=0) - mean).max() < 4.5 * np.sqrt(variance.max() / members)
    assert counts.var(axis=0) == pytest.approx(variance, rel=0.15)
    together = np.cov(counts[:, 0], counts[:, 2])[0, 1]
    assert together == pytest.approx(-people * 0.6 * 0.3, rel=0.2)
    single = leaving_today(engine.timetable, state, day=0, draws=Draws(1)).where
    drawn = np.stack([np.bincount(where, minlength=len(PLACES)) for where in single])
    assert np.abs(counts.mean(axis=0) - drawn.mean(axis=0)).max() < 4.5 * np.sqrt(
        2 * variance.max() / members
    )


def test_nothing_in_cohorts_grows_with_the_number_of_people():
    few, many = (engine_for(three_zones(people), force="cohorts") for people in (1000, 10**12))
    stock, road = evenings(many, days=5, members=2)
    assert (stock.sum(axis=2) + road)[:, -1].tolist() == [4 * 10**12] * 2
    for engine in (few, many):
        state = engine.init(slots=np.arange(2), draws=Draws(1))
        for day in range(5):
            state = engine.step(state, day=day, draws=Draws(1))
        most = (
            len(PLACES) * engine.timetable.arcs.km.max()
        )  # arrivals are within a road's length of the morning
        assert np.diff(state.begin).max() <= most
        assert state.here.shape == (2, 5)


def test_who_has_nowhere_to_leave_from_waits_and_leaves_later():
    conflict = np.zeros((10, 5))
    conflict[2:, 2] = 1.0
    scenario = world(PLACES, ROADS, leaving=[40, 2], conflict=conflict)
    engine = engine_for(scenario, force="cohorts")
    state = engine.init(slots=np.arange(2), draws=Draws(1))
    _, waiting = counts_leaving_today(engine.timetable, state, day=0, draws=Draws(1))
    assert waiting.tolist() == [40, 40]
    stock, road = evenings(engine, days=4, members=2)
    assert (stock.sum(axis=2) + road)[0].tolist() == [0, 0, 42, 42]
