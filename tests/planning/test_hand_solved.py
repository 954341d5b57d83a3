"""Plans whose best values can be found with pencil and paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from safepassage.core.plan import Dispatch, Load
from safepassage.core.scenario import Event
from safepassage.planning.planner import plan_deliveries

from .small_problems import CARE, MEALS, PLAIN, START, TENTS, WATER, carrier, line_of, problem, supply

WHOLE = replace(PLAIN, whole_trips=True)


def need_of(days, places, cells, members=1):
    need = np.zeros((members, days, places))
    for (day, place), much in cells.items():
        need[:, day, place] = much
    return need


def test_one_truck_brings_what_its_hours_allow() -> None:
    # 100 km away at 50 km/h: 4 hours there and back, two trips of 1,000 kg in a day of 10 hours.
    need = need_of(1, 2, {(0, 1): 4000})
    made = plan_deliveries(problem(line_of([100]), need, [supply(0, "water", 9000)], [carrier(0)]))
    assert made.plan.expected_unmet == pytest.approx(2000)
    assert made.plan.cost == pytest.approx(2 * 200)
    assert made.plan.worst_place_unmet == pytest.approx(2000 / 4000)


def test_later_days_reckon_with_shares_of_a_vehicle() -> None:
    # The same on a day that is not decided now: 2.5 trips, some of them shared with another day or place.
    need = need_of(3, 2, {(2, 1): 4000})
    late = carrier(0, since=START + timedelta(days=2))
    made = plan_deliveries(problem(line_of([100]), need, [supply(0, "water", 9000)], [late]))
    assert made.plan.expected_unmet == pytest.approx(1500)


def test_whole_trips_are_two() -> None:
    need = need_of(1, 2, {(0, 1): 4000})
    made = plan_deliveries(
        problem(line_of([100]), need, [supply(0, "water", 9000)], [carrier(0)], rules=WHOLE)
    )
    assert made.plan.expected_unmet == pytest.approx(2000)
    assert made.plan.gap <= 1e-6
    assert [(one.vehicles, one.loads) for one in made.plan.dispatches] == [
        (1, (Load("water", 1000.0, "s-0-water-0"),)),
        (1, (Load("water", 1000.0, "s-0-water-0"),)),
    ]
    assert [one.leave_hour for one in made.plan.dispatches] == [6.0, 10.0]
    assert [one.arrive_hour for one in made.plan.dispatches] == [8.0, 12.0]


def test_two_trips_of_six_hours_do_not_fit_into_a_day_of_ten() -> None:
    # 150 km: 6 hours there and back; two vehicles make two trips, not three.
    need = need_of(1, 2, {(0, 1): 4000})
    two = carrier(0, vehicles=2)
    made = plan_deliveries(problem(line_of([150]), need, [supply(0, "water", 9000)], [two], rules=WHOLE))
    assert made.plan.expected_unmet == pytest.approx(2000)


def test_items_share_kg_and_litres() -> None:
    # One trip: 1,000 kg. A meal weighs 0.5 kg and counts double, so 1,600 meals go first, then 200 L of
    # water.
    need = np.zeros((1, 1, 2, 2))
    need[0, 0, 1] = (1000, 1600)
    made = plan_deliveries(
        problem(
            line_of([250]), need, [supply(0, "water", 9000), supply(0, "meals", 1600)], [carrier(0)],
            items=(WATER, MEALS),
        )
    )  # fmt: skip
    assert made.optimum.unmet == pytest.approx(800)


def test_meals_spoil_and_water_keeps() -> None:
    # The only vehicle works on day 0; people come on day 1.
    need = np.zeros((1, 2, 2, 2))
    need[0, 1, 1] = (300, 300)
    once = carrier(0, until=START)
    stores = [supply(0, "water", 300), supply(0, "meals", 300)]
    one_day = problem(line_of([50]), need, stores, [once], items=(WATER, MEALS))
    assert plan_deliveries(one_day).optimum.unmet == pytest.approx(600, abs=1e-3)
    two_days = problem(
        line_of([50]), need, stores, [once], items=(WATER, replace(MEALS, shelf_life_days=2.0))
    )
    assert plan_deliveries(two_days).optimum.unmet == pytest.approx(0, abs=1e-3)


def test_fresh_meals_do_not_keep_old_ones_fresh() -> None:
    # The large van drives today only; what it brings is good tomorrow, and the day after only twice 10 are.
    need = need_of(3, 2, {(day, 1): 100 for day in range(3)})
    meals = replace(MEALS, shelf_life_days=2.0)
    large = carrier(0, until=START, hours_per_day=2.0)
    small = carrier(0, id="c-1", since=START + timedelta(1), capacity_kg=5.0, hours_per_day=2.0)
    problem_ = problem(line_of([50]), need, [supply(0, "meals", 900)], [large, small], items=(meals,))
    assert plan_deliveries(problem_).plan.expected_unmet == pytest.approx(80 * meals.weight)


def test_what_stays_serves_again() -> None:
    need = np.full((1, 4, 2, 1), 0.0)
    need[0, :, 1, 0] = 20
    made = plan_deliveries(
        problem(line_of([50]), need, [supply(0, "tents", 20)], [carrier(0)], items=(TENTS,))
    )
    assert made.optimum.unmet == pytest.approx(0, abs=1e-3)


def test_a_long_way_takes_two_days() -> None:
    # 400 km: 16 hours there and back; arrives after 8 hours, on the day it leaves.
    near = problem(line_of([400]), need_of(2, 2, {(0, 1): 500}), [supply(0, "water", 500)], [carrier(0)])
    assert plan_deliveries(near).optimum.unmet == pytest.approx(0, abs=1e-3)
    # 600 km: arrives after 12 hours, on the second day.
    far = problem(line_of([600]), need_of(2, 2, {(0, 1): 500}), [supply(0, "water", 500)], [carrier(0)])
    made = plan_deliveries(far)
    assert made.optimum.unmet == pytest.approx(500)
    assert made.plan.possible[0, 1, 0] == 0.0
    later = problem(line_of([600]), need_of(2, 2, {(1, 1): 500}), [supply(0, "water", 500)], [carrier(0)])
    arrives = plan_deliveries(later)
    assert arrives.optimum.unmet == pytest.approx(0, abs=1e-3)
    assert {one.arrive for one in arrives.plan.dispatches} == {START + timedelta(days=1)}


def test_stock_is_sent_before_it_is_known_where_people_will_be() -> None:
    # Two members: people come to town 1 or to town 2 on day 2, when no vehicle works any more.
    need = np.zeros((2, 3, 3))
    need[0, 2, 0], need[1, 2, 2] = 600, 600
    stores, early = [supply(1, "water", 600)], carrier(1, until=START + timedelta(days=1))
    made = plan_deliveries(problem(line_of([50, 50]), need, stores, [early]))
    # 600 L for two towns, each with a chance of a half: 600 are brought somewhere, half of it in vain.
    assert made.optimum.unmet == pytest.approx(300)
    # With a vehicle on day 2 all waits until it is known.
    late = plan_deliveries(problem(line_of([50, 50]), need, stores, [carrier(1)]))
    assert late.optimum.unmet == pytest.approx(0, abs=1e-3)


def test_half_a_ration_for_two_is_better_than_none_for_one() -> None:
    need = need_of(1, 3, {(0, 0): 1000, (0, 2): 1000})
    stores = [supply(1, "water", 1000)]
    shared = replace(PLAIN, rest_factor=2.0)
    made = plan_deliveries(problem(line_of([50, 50]), need, stores, [carrier(1)], rules=shared))
    assert made.plan.unmet[0, :, 0] == pytest.approx([500, 0, 500])
    assert made.optimum.unmet == pytest.approx(1000)


def test_the_worst_off_place_gets_its_share_of_what_is_possible() -> None:
    # Town 2 is far: one trip there costs as much as two to town 0. At best both get the same share.
    need = need_of(1, 3, {(0, 0): 1000, (0, 2): 1000})
    rules = replace(PLAIN, first_share=1.0)
    little = carrier(1, hours_per_day=4.0, capacity_kg=1000.0)
    stores = [supply(1, "water", 5000)]
    greedy = plan_deliveries(problem(line_of([50, 100]), need, stores, [little], rules=rules))
    # 4 hours: 2 for town 0, and 2 of the 4 for town 2.
    assert greedy.plan.unmet[0, :, 0] == pytest.approx([0, 0, 500])
    fair = plan_deliveries(
        problem(line_of([50, 100]), need, stores, [little], rules=replace(rules, fairness=1.0))
    )
    # x for both: 2x + 4x = 4 hours.
    assert fair.plan.fair_share == pytest.approx(2 / 3)
    assert fair.plan.unmet[0, :, 0] == pytest.approx([1000 / 3, 0, 1000 / 3], rel=1e-3)


def test_a_closed_road_and_a_short_range_are_told_as_reasons() -> None:
    need = need_of(1, 2, {(0, 1): 500})
    closed = Event(START, None, None, START, "", "closure", -1, (0, 1), None, "", None, "")
    stores = [supply(0, "water", 500)]
    plans = {
        "closed road": problem(line_of([50]), need, stores, [carrier(0)], events=(closed,)),
        "range": problem(line_of([50]), need, stores, [carrier(0, range_km=60.0)]),
        "border": problem(line_of([50], countries=("MX", "GT")), need, stores, [carrier(0)]),
        "too far": problem(line_of([2000]), need, stores, [carrier(0)]),
        "no road": problem(line_of([50], modes=("jungle_trail",)), need, stores, [carrier(0)]),
        "no supply": problem(line_of([50]), need, [], [carrier(0)]),
        "no vehicle": problem(line_of([50]), need, stores, [carrier(0, capacity_kg=0.0)]),
        "hours used up": problem(line_of([250]), need * 4, [supply(0, "water", 9000)], [carrier(0)]),
        "supply used up": problem(line_of([50]), need * 2, stores, [carrier(0)]),
        "too late": problem(
            line_of([600]), np.repeat(need, 2, axis=1), [supply(0, "water", 800)], [carrier(0)]
        ),
    }
    for reason, asked in plans.items():
        told = [one for one in plan_deliveries(asked).plan.findings if one.kind == "unmet"]
        assert [one.reason for one in told] == [reason], reason
        assert told[0].place == 1
        assert told[0].es != told[0].en


def test_what_more_would_change_is_what_it_changes() -> None:
    need = need_of(1, 2, {(0, 1): 4000})
    stores = [supply(0, "water", 9000)]
    made = plan_deliveries(problem(line_of([100]), need, stores, [carrier(0)]))
    told = {one.reason: one.value for one in made.plan.findings if one.kind == "marginal"}
    # One more vehicle: two trips of 1,000 L more; 1,000 L there: 1,000 L less unmet.
    assert told == {"one more vehicle": pytest.approx(2000), "more goods": pytest.approx(1000)}
    more = plan_deliveries(problem(line_of([100]), need, [*stores, supply(1, "water", 1000)], [carrier(0)]))
    assert made.optimum.unmet - more.optimum.unmet == pytest.approx(1000)


def test_what_is_on_the_road_is_kept_and_what_was_refused_is_not_proposed_again() -> None:
    need = need_of(1, 2, {(0, 1): 2000})
    asked = problem(line_of([100]), need, [supply(0, "water", 9000)], [carrier(0)], rules=WHOLE)
    first = plan_deliveries(asked).plan.dispatches
    sent = replace(first[0], status="sent")
    again = plan_deliveries(replace(asked, answered=(sent,))).plan
    assert again.dispatches[0] == sent
    assert again.expected_unmet == pytest.approx(0, abs=1e-3)
    assert [one.loads[0].quantity for one in again.dispatches] == [1000.0, 1000.0]
    refused = tuple(replace(one, status="refused") for one in first)
    assert plan_deliveries(replace(asked, answered=refused)).plan.dispatches == ()


def test_services_on_the_spot_serve_every_day_and_are_not_driven_about() -> None:
    need = np.zeros((1, 2, 2, 1))
    need[..., 0] = 30
    clinic = supply(0, "care", 20, per_day=True)
    made = plan_deliveries(problem(line_of([50]), need, [clinic], [carrier(0)], items=(CARE,)))
    assert made.plan.unmet[:, :, 0] == pytest.approx(np.array([[10, 30], [10, 30]]))
    assert "not carried" in {one.reason for one in made.plan.findings}


def test_an_accepted_dispatch_from_an_empty_store_breaks_nothing() -> None:
    need = need_of(1, 2, {(0, 1): 500})
    promised = Dispatch(
        "x",
        "c-0",
        1,
        0,
        1,
        START,
        6.0,
        START,
        8.0,
        4.0,
        200.0,
        (Load("water", 500.0, "gone"),),
        status="accepted",
    )
    made = plan_deliveries(problem(line_of([100]), need, [], [carrier(0)], answered=(promised,)))
    assert made.plan.dispatches == (promised,)


def test_loads_are_handy_and_never_more_than_there_is() -> None:
    # 1,337 L are needed and there: five garrafones at a time are loaded, and the rest stays at its store.
    need = need_of(1, 2, {(0, 1): 1337})
    rules = replace(WHOLE, load_hours=0.0)
    two = [supply(0, "water", 1000, id="a"), supply(0, "water", 337, id="b")]
    made = plan_deliveries(problem(line_of([10]), need, two, [carrier(0, capacity_kg=5000.0)], rules=rules))
    assert [one.loads for one in made.plan.dispatches] == [
        (Load("water", 1000.0, "a"), Load("water", 320.0, "b"))
    ]
    assert made.plan.expected_unmet == pytest.approx(0)


def test_nobody_drives_for_a_jug() -> None:
    # 2,000 L are needed, and 1,970 are there.
    need = need_of(1, 2, {(0, 1): 2000})
    there = [supply(0, "water", 30), supply(1, "water", 1970, local=True)]
    made = plan_deliveries(problem(line_of([10]), need, there, [carrier(0)], rules=WHOLE))
    assert made.plan.dispatches == ()


def test_a_few_people_are_worth_a_tanker() -> None:
    need = need_of(1, 2, {(0, 1): 240})
    tanker = carrier(0, capacity_kg=10_000.0)
    made = plan_deliveries(problem(line_of([10]), need, [supply(0, "water", 240)], [tanker], rules=WHOLE))
    assert [load.quantity for one in made.plan.dispatches for load in one.loads] == [240.0]


def test_an_accepted_drive_whose_road_is_closed_is_told() -> None:
    closed = Event(START, None, None, START, "", "closure", -1, (0, 1), None, "", None, "")
    kept = Dispatch(
        "1024-aaaa", "c-0", 1, 0, 1, START, 6.0, START, 8.0, 4.0, 200.0,
        (Load("water", 500.0, "s-0-water-0"),), status="accepted",
    )  # fmt: skip
    asked = problem(
        line_of([100]), need_of(1, 2, {(0, 1): 4000}), [supply(0, "water", 9000)], [carrier(0)],
        answered=(kept,),
    )  # fmt: skip
    told = [one for one in plan_deliveries(asked).plan.findings if one.kind == "kept"]
    assert told == []
    made = plan_deliveries(replace(asked, events=(closed,)))
    told = [one for one in made.plan.findings if one.kind == "kept"]
    assert [(one.reason, one.place) for one in told] == [("closed road", 1)]
    assert "1024-aaaa" in told[0].es
    assert "1024-aaaa" in told[0].en
    # What a kept drive costs is no price of goods: a unit is worth a unit at most.
    more = [one for one in made.plan.findings if one.kind == "marginal" and one.item]
    assert all(one.value <= 1000 * 7 for one in more)
