"""Who leaves, and from where: counts have the distribution of single draws, whatever their size."""

from __future__ import annotations

import time

import numpy as np
import pytest

from safepassage.core.draws import Draws
from safepassage.core.local_law import LocalLaw
from safepassage.core.scenario import Scenario
from safepassage.engines.choice import engine_for
from safepassage.engines.departing import counts_leaving_today, leaving_today
from safepassage.engines.timetable import Timetable, timetable_of

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


def lone_conflict(places: int, people: int) -> Timetable:
    """Give a timetable with conflict in every place, and few people who leave."""
    towns = [(f"t{k}", ZONE, 10 + k) for k in range(places)]
    conflict = np.ones((1, places))
    since = np.zeros((1, places), dtype=np.int32)
    return timetable_of(
        world(towns, [(0, 1, 9.0)], leaving=[people], conflict=conflict, conflict_since=since)
    )


class Members:
    """Members who have not left yet."""

    def __init__(self, timetable: Timetable, slots: range) -> None:
        self.slots = np.array(slots)
        self.population = np.tile(timetable.population, (len(slots), 1))
        self.waiting = np.zeros(len(slots), dtype=np.int64)


@pytest.mark.parametrize("places", [1, 2, 3, 7, 64])
def test_a_tree_of_any_size_splits_by_the_weights(places: int):
    timetable = lone_conflict(max(2, places), 90)
    counts = counts_leaving_today(timetable, Members(timetable, range(4000)), day=0, draws=Draws(2))[0]
    share = timetable.population / timetable.population.sum()
    assert (counts.sum(axis=1) == 90).all()
    assert np.abs(counts.mean(axis=0) - 90 * share).max() < 5 * np.sqrt(90 * share.max() / 4000)
    assert counts.var(axis=0) == pytest.approx(90 * share * (1 - share), rel=0.3)


def test_members_are_the_same_in_any_part_and_order():
    timetable = lone_conflict(40, 500)
    whole = counts_leaving_today(timetable, Members(timetable, range(6)), day=3, draws=Draws(2))
    assert not whole[0].any()  # the series ends on day 0
    whole = counts_leaving_today(timetable, Members(timetable, range(6)), day=0, draws=Draws(2))
    part = counts_leaving_today(timetable, Members(timetable, range(5, 3, -1)), day=0, draws=Draws(2))
    assert (whole[0][[5, 4]] == part[0]).all()
    drawn = leaving_today(timetable, Members(timetable, range(6)), day=0, draws=Draws(2))
    alone = leaving_today(timetable, Members(timetable, range(4, 5)), day=0, draws=Draws(2))
    assert (drawn.where[4] == alone.where[0]).all()


def test_who_was_taken_from_the_population_does_not_leave_again():
    conflict = np.ones((1, 2))
    since = np.zeros((1, 2), dtype=np.int32)
    places = [("A", ZONE, 5), ("B", ZONE, 1000)]
    law = LocalLaw(take_from_population=True)
    scenario = world(places, [(0, 1, 9.0)], leaving=[400], law=law, conflict=conflict, conflict_since=since)
    timetable = timetable_of(scenario)
    members = Members(timetable, range(2))
    members.population[1, 0] = 0.0
    counts = counts_leaving_today(timetable, members, day=0, draws=Draws(2))[0]
    where = leaving_today(timetable, members, day=0, draws=Draws(2)).where
    assert counts[1].tolist() == [0, 400]
    assert not (where[1] == 0).any()
    assert counts[0, 0] + counts[0, 1] == 400


def test_few_who_leave_cost_little_on_a_large_network():
    """A few draws down the tree, where a split over all places costs thousands."""
    few, many = lone_conflict(20_000, 5), lone_conflict(20_000, 200_000)

    def cost(timetable: Timetable) -> float:
        members = Members(timetable, range(40))
        begin = time.process_time()
        counts_leaving_today(timetable, members, day=0, draws=Draws(1))
        return time.process_time() - begin

    cost(few)
    assert min(cost(few) for _ in range(3)) < min(cost(many) for _ in range(3)) / 4
