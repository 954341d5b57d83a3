"""A plan made anew around drives that are kept: goods sent ahead are neither lost nor used twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from safepassage.core.plan import Dispatch, Load
from safepassage.planning.board import board_of
from safepassage.planning.judge import judge_plan
from safepassage.planning.nearest import nearest_rule
from safepassage.planning.planner import plan_deliveries
from safepassage.planning.situation import situation_of

from .small_problems import START, TENTS, carrier, line_of, problem, supply
from .test_board import Needed


def drive(store, place, load, *, leave, status="accepted", who="c-1") -> Dispatch:
    day = START + timedelta(days=leave)
    ride = (6.0, day, 7.0, 2.0, 50.0)
    return Dispatch(f"d{store}{place}{leave}", who, 1, store, place, day, *ride, (load,), status=status)


def need_of(amount, *, days=2, item=1):
    need = np.zeros((1, days, 3, item))
    need[:, :, 2] = amount
    return need


def test_goods_that_wait_for_a_kept_drive_are_there_for_it_alone() -> None:
    # 300 L came to town-1 yesterday and are driven on to town-2 today, where 500 L are needed each day.
    answered = (
        drive(0, 1, Load("water", 300.0, "s"), leave=-1, status="delivered", who="c-0"),
        drive(1, 2, Load("water", 300.0), leave=0),
    )
    supplies = [supply(0, "water", 300, id="s"), supply(1, "water", 100, id="t")]
    given = problem(line_of([50, 50]), need_of(500.0), supplies, [carrier(0), carrier(1)], answered=answered)
    made = plan_deliveries(given)
    assert made.plan.expected_unmet == pytest.approx(600.0)
    assert made.plan.gap == pytest.approx(0.0, abs=1e-6)
    worth = made.judged().worth
    assert worth["stochastic"].expected_unmet == pytest.approx(600.0)
    assert worth["nearest"].expected_unmet == pytest.approx(600.0)
    assert made.plan.dispatches[:2] == answered
    new = [load for one in made.plan.dispatches[2:] for load in one.loads]
    assert sum(load.quantity for load in new) <= 100.0
    assert {load.supply for load in new} <= {"t"}


def test_what_a_kept_drive_lacks_is_no_need_of_people() -> None:
    answered = (drive(0, 2, Load("water", 900.0, "s"), leave=0),)
    given = problem(
        line_of([50, 50]), need_of(500.0), [supply(0, "water", 100, id="s")], [carrier(1)], answered=answered
    )
    made = plan_deliveries(given)
    assert made.plan.expected_unmet == pytest.approx(100.0)  # 900 L of 1,000 L are promised, and kept
    assert made.plan.bound == pytest.approx(100.0)
    assert made.judged().worth["perfect"].expected_unmet == pytest.approx(100.0)


def test_a_tent_that_was_set_up_before_serves_every_night() -> None:
    answered = (drive(0, 2, Load("tents", 30.0, "s"), leave=-1, status="delivered"),)
    given = problem(
        line_of([50, 50]), need_of(40.0), [supply(0, "tents", 30, id="s")], [carrier(1)], items=(TENTS,),
        answered=answered,
    )  # fmt: skip
    made = plan_deliveries(given)
    assert made.plan.expected_unmet == pytest.approx(20.0)
    rows = [row for row in board_of(Needed(given), given, made.plan).rows if row.place == 2]
    assert [(row.there, row.missing.high) for row in rows] == [(30.0, 10.0), (30.0, 10.0)]


def test_the_nearest_rule_leaves_alone_what_is_promised_for_later() -> None:
    answered = (drive(0, 2, Load("water", 600.0, "s1"), leave=1),)
    supplies = [
        supply(0, "water", 300, id="s1"),
        supply(0, "water", 400, id="s2", until=START + timedelta(9)),
    ]
    given = problem(
        line_of([50, 50]), need_of(1000.0, days=3), supplies, [carrier(0)],
        answered=(replace(answered[0], carrier="c-0"),),
    )  # fmt: skip
    situation = situation_of(given)
    committed, _ = nearest_rule(situation, situation.need([0])[0])
    assert committed.outflow.sum() == pytest.approx(700.0)
    made = plan_deliveries(given)
    worth = judge_plan(made.situation, made.optimum, [0]).worth
    assert worth["nearest"].expected_unmet == pytest.approx(2300.0)
