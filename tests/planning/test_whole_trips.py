"""Whole trips: the gap is one of the unmet need alone, whatever vehicles cost, with a floor and without."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from safepassage.planning.planner import plan_deliveries

from .small_problems import PLAIN, carrier, drawn_problem, line_of, problem, supply

RULES = replace(
    PLAIN, load_hours=0.5, hand_out_hours=1.0, rest_factor=2.0, whole_trips=True, gap=0.01, daily_days=3,
    group_days=(2,), time_limit_s=20.0,
)  # fmt: skip


@pytest.mark.parametrize("fairness", [0.0, 0.5])
@pytest.mark.parametrize("cost_per_km", [0.0, 1.0])
def test_the_gap_asked_for_is_reached(fairness, cost_per_km) -> None:
    problem = drawn_problem(2, rules=replace(RULES, fairness=fairness))
    vehicles = tuple(replace(one, cost_per_km=cost_per_km) for one in problem.logistics.carriers)
    made = plan_deliveries(replace(problem, logistics=replace(problem.logistics, carriers=vehicles)))
    shares = plan_deliveries(replace(problem, rules=replace(problem.rules, whole_trips=False)))
    assert made.plan.complete
    assert made.plan.gap <= RULES.gap
    assert made.plan.bound >= shares.plan.expected_unmet * (1 - 1e-6)
    assert made.plan.bound <= made.plan.expected_unmet * (1 + 1e-6)
    # The needs weigh as before: no column but unmet need has a price in the program.
    program, fair = made.optimum.formulation.program, made.optimum.formulation.fair
    assert program.unmet[fair] == 0.0
    assert program.unmet.min() >= 0.0


def test_a_floor_that_whole_trips_miss_is_told() -> None:
    # Town-1 is an hour away, town-2 two; the vehicle has the hours of one way to either, not to both.
    need = np.zeros((1, 1, 3))
    need[0, 0, 1:] = 1000.0
    rules = replace(RULES, fairness=1.0, load_hours=0.0, hand_out_hours=0.0)
    vehicle = carrier(0, hours_per_day=4.0)
    given = problem(line_of([50, 50]), need, [supply(0, "water", 5000)], [vehicle], rules=rules)
    plan = plan_deliveries(given).plan
    (missed,) = [one for one in plan.findings if (one.kind, one.reason) == ("limit", "floor")]
    assert plan.fair_share > 0.5
    assert missed.value == pytest.approx(0.0)
    assert "whole trips" in missed.en
    shares = plan_deliveries(replace(given, rules=replace(rules, whole_trips=False))).plan
    assert not [one for one in shares.findings if one.reason == "floor"]
    assert plan.gap >= 0.0
