"""Faults of a problem, roads, and the reduction of members."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from safepassage.core.errors import InputError
from safepassage.core.logistics import Request
from safepassage.core.plan import PlanRules
from safepassage.core.scenario import Event
from safepassage.planning.checks import check_problem
from safepassage.planning.periods import periods_of
from safepassage.planning.roads import legs_of, road_days
from safepassage.planning.scenarios import median_member, reduce_members
from safepassage.planning.situation import situation_of

from .small_problems import START, carrier, line_of, problem, supply


def event(kind, *, place=-1, link=None, hours=None, until=None):
    return Event(START, until, hours, START, "", kind, place, link, None, "", None, "")


def test_every_fault_is_told_at_once_in_the_users_words() -> None:
    faulty = problem(
        line_of([50]),
        np.ones((1, 2, 2)),
        [supply(0, "watr", 5), supply(0, "water", -5, id="b"), supply(7, "water", 5, id="c")],
        [
            carrier(0, capacity_kg=0.0, capacity_litres=0.0),
            carrier(0, id="slow", speed_km_per_h=0.0, until=START - timedelta(days=1)),
            carrier(0, id="idle", hours_per_day=0.0, items=("sand",)),
        ],
        rules=PlanRules(fairness=2.0),
    )
    with pytest.raises(InputError) as told:
        check_problem(faulty)
    text = str(told.value)
    words_told = (
        *("supply 's-0-watr-0'", "write 'water'", "a vehicle without capacity", "carrier 'slow'", "-5"),
        *("fairness", "hours a day", "'sand'", "a place of the network", "exchange the two days"),
    )
    for words in words_told:
        assert words in text
    assert len(told.value.faults) == 9


def test_a_sound_problem_passes() -> None:
    check_problem(problem(line_of([50]), np.ones((1, 1, 2)), [supply(0, "water", 5)], [carrier(0)]))


def legs(network, events, day=0, *, sources=(0,), borders=False):
    days = road_days(network, events, start=START, days=3, cross_borders=borders)
    return legs_of(network, days[day], np.array(sources), 50.0)


def test_hours_follow_the_road_and_not_the_bird() -> None:
    found = legs(line_of([100, 50]), [])
    assert found.hours[0] == pytest.approx([0, 2, 3])
    assert found.km[0] == pytest.approx([0, 100, 150])


def test_a_closed_link_is_not_driven_and_a_hold_costs_its_hours() -> None:
    network = line_of([100, 50])
    closed = event("closure", link=(1, 2), until=START)
    assert legs(network, [closed]).hours[0] == pytest.approx([0, 2, np.inf])
    assert legs(network, [closed], day=1).hours[0] == pytest.approx([0, 2, 3])
    held = legs(network, [event("hold", link=(0, 1), hours=3.0)])
    assert held.hours[0] == pytest.approx([0, 5, 6])
    assert held.km[0] == pytest.approx([0, 100, 150])
    assert legs(network, [event("closure", link=(0, 1), hours=3.0)]).hours[0, 1] == pytest.approx(5)


def test_a_closed_place_can_be_driven_to_but_not_through() -> None:
    found = legs(line_of([100, 50]), [event("closure", place=1)], sources=(0, 1))
    assert found.hours[0] == pytest.approx([0, 2, np.inf])
    assert found.hours[1] == pytest.approx([2, 0, 1])


def test_trails_and_borders_are_not_driven() -> None:
    assert np.isinf(legs(line_of([10], modes=("jungle_trail",)), []).hours[0, 1])
    abroad = line_of([10], countries=("MX", "GT"))
    assert np.isinf(legs(abroad, []).hours[0, 1])
    assert legs(abroad, [], borders=True).hours[0, 1] == pytest.approx(0.2)


def test_members_that_are_alike_become_one_scenario() -> None:
    one, other = np.full((2, 3), 5.0), np.zeros((2, 3))
    found = reduce_members(np.array([one, other, one, one]), 8)
    assert found.weights.tolist() == [0.75, 0.25]
    assert found.stands_for.tolist() == [0, 1, 0, 0]
    assert found.distance == 0.0
    assert median_member(np.array([one, other, one])) in (0, 2)


def test_scenarios_are_the_best_pair_of_a_small_ensemble() -> None:
    needs = np.array([0.0, 1.0, 2.0, 10.0, 11.0]).reshape(5, 1, 1)
    found = reduce_members(needs, 2)
    assert set(found.members.tolist()) in ({1, 3}, {1, 4})
    assert found.weights.sum() == pytest.approx(1.0)


def test_days_are_grouped_beyond_the_first_week() -> None:
    assert periods_of(30, PlanRules()).length.tolist() == [1] * 7 + [3, 4, 8, 8]
    assert periods_of(2, PlanRules()).length.tolist() == [1, 1]
    assert periods_of(9, PlanRules()).of_day.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 7]


def test_a_request_is_the_least_a_place_needs() -> None:
    asked = Request("r", 1, "water", 50.0, START, START + timedelta(days=1), START)
    made = problem(
        line_of([50]), np.zeros((1, 3, 2)), [supply(0, "water", 5)], [carrier(0)], requests=(asked,)
    )
    assert situation_of(made).daily_need(0)[:, 1, 0].tolist() == [50.0, 50.0, 0.0]
    more = replace(made, need=np.full((1, 3, 2, 1), 70, dtype=np.float32))
    assert situation_of(more).daily_need(0)[:, 1, 0].tolist() == [70.0, 70.0, 70.0]
