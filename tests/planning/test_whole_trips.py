"""Whole trips: the gap is one of the unmet need alone, whatever vehicles cost, with a floor and without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safepassage.planning.planner import plan_deliveries

from .small_problems import PLAIN, drawn_problem

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
