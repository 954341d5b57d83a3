"""What large programs need: the interior point, whole trips under a floor, and a plan when time is up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from safepassage.core.plan import PlanRules
from safepassage.planning import planner, solve
from safepassage.planning.formulation import formulate
from safepassage.planning.judge import question_of
from safepassage.planning.optimum import committed_by
from safepassage.planning.planner import plan_deliveries
from safepassage.planning.scenarios import reduce_members, weighted_need
from safepassage.planning.situation import situation_of
from safepassage.planning.solve import Effort, Solver, dual_objective

from .small_problems import PLAIN, carrier, drawn_problem, line_of, problem, supply

RULES = replace(PLAIN, load_hours=0.5, hand_out_hours=1.0, rest_factor=2.0, daily_days=3, group_days=(2,))


def formulated(asked):
    situation = situation_of(asked)
    scenarios = reduce_members(weighted_need(asked.need, situation.weights), asked.rules.scenarios)
    return formulate(situation, question_of(situation, scenarios))


@pytest.mark.parametrize("seed", range(3))
def test_the_interior_point_ends_in_the_same_optimum(seed, monkeypatch) -> None:
    program = formulated(drawn_problem(seed, rules=RULES)).program
    simplex = Solver(program, program.unmet, Effort()).linear()
    monkeypatch.setattr(solve, "INTERIOR_COLUMNS", 0)
    monkeypatch.setattr(solve, "INTERIOR_PER_ROW", 0.0)
    solver = Solver(program, program.unmet, Effort())
    interior = solver.linear()
    assert interior.optimal
    assert interior.objective == pytest.approx(simplex.objective, rel=1e-7, abs=1e-4)
    assert dual_objective(program, interior) == pytest.approx(interior.objective, rel=1e-7, abs=1e-4)
    # From its corner the simplex goes on.
    held = program.with_row(program.unmet, upper=interior.objective * (1 + 1e-6) + 1e-6)
    cheap = solver.again(program.money, held)
    assert cheap.optimal
    assert program.unmet @ cheap.x == pytest.approx(simplex.objective, rel=1e-5, abs=1e-2)


def test_whole_trips_that_cannot_reach_the_floor_still_give_a_plan() -> None:
    # One trip of 6 hours in a day of 10, to one town or the other: shares of a trip reach both.
    need = np.zeros((1, 1, 3))
    need[0, 0, 0] = need[0, 0, 2] = 1000
    rules = replace(PLAIN, whole_trips=True, fairness=1.0)
    asked = problem(line_of([150, 150]), need, [supply(1, "water", 5000)], [carrier(1)], rules=rules)
    made = plan_deliveries(asked)
    assert made.plan.fair_share > 0.3
    assert made.plan.unmet[0, :, 0].sum() == pytest.approx(1000)
    assert len(made.plan.dispatches) == 1


def test_fewer_scenarios_are_planned_for_when_time_is_up(monkeypatch) -> None:
    asked = drawn_problem(3, members=6, rules=replace(RULES, scenarios=6))
    tried = []

    def slow(situation, form, limit):
        tried.append((len(form.question.chances), limit))
        found = real(situation, form, limit)
        late = len(form.question.chances) > 2
        return replace(found, least=replace(found.least, optimal=False)) if late else found

    real = planner.solve_plan
    monkeypatch.setattr(planner, "solve_plan", slow)
    plan = plan_deliveries(asked).plan
    assert [count for count, _ in tried] == [6, 2]
    assert sum(limit for _, limit in tried) <= asked.rules.time_limit_s
    assert len(plan.scenarios.members) == 2
    assert plan.scenarios.weights.sum() == pytest.approx(1.0)


def test_no_time_at_all_still_gives_a_plan_that_says_so() -> None:
    rules = replace(PlanRules(), time_limit_s=1e-3, scenarios=1)
    made = plan_deliveries(drawn_problem(2, members=3, rules=rules))
    assert np.isfinite(made.plan.expected_unmet)
    assert made.plan.gap >= 0
    sent = committed_by(made.situation, made.optimum)
    assert np.isfinite(sent.inflow).all()


def test_later_drives_are_those_that_need_the_least_hours() -> None:
    # Three vehicles at as many homes in a row: the last town's later drives come from the nearest one only.
    need = np.zeros((1, 4, 4))
    need[0, 3, 3] = 5000
    stores = [supply(n, "water", 9000) for n in range(3)]
    cars = [carrier(n) for n in range(3)]
    wide = formulated(problem(line_of([50, 50, 50]), need, stores, cars)).hauls
    few = replace(PLAIN, later_carriers_per_place=1)
    narrow = formulated(problem(line_of([50, 50, 50]), need, stores, cars, rules=few)).hauls
    assert len(narrow.arc) < len(wide.arc)
    assert (narrow.scenario < 0).sum() == (wide.scenario < 0).sum()
