"""The program in arrays against its readable twin, and against another solver."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_array, vstack

from safepassage.core.plan import PlanRules
from safepassage.planning.formulation import formulate
from safepassage.planning.judge import question_of
from safepassage.planning.optimum import floored
from safepassage.planning.scenarios import reduce_members, weighted_need
from safepassage.planning.situation import situation_of
from safepassage.planning.solve import Effort, Solver, dual_objective

from .readable_twin import twin_of
from .small_problems import PLAIN, drawn_problem

RULES = replace(PLAIN, load_hours=0.5, hand_out_hours=1.0, rest_factor=2.0, daily_days=3, group_days=(2,))


def formulated(seed, rules=RULES):
    problem = drawn_problem(seed, rules=rules)
    situation = situation_of(problem)
    scenarios = reduce_members(weighted_need(problem.need, situation.weights), rules.scenarios)
    return situation, formulate(situation, question_of(situation, scenarios))


def solved(program):
    return Solver(program, program.unmet, Effort()).linear()


@pytest.mark.parametrize("seed", range(4))
def test_the_twin_finds_the_same_least_unmet_need(seed) -> None:
    situation, form = formulated(seed)
    floor = 0.1 if seed % 2 else 0.0
    answer = solved(floored(form, floor) if floor else form.program)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # linopy's own
        model, lost = twin_of(situation, form, floor=floor)
        model.solve(solver_name="highs", output_flag=False, io_api="direct")
    assert answer.optimal
    assert answer.objective == pytest.approx(model.objective.value, rel=1e-6, abs=1e-4)
    assert lost >= 0


@pytest.mark.parametrize("seed", range(6))
def test_another_solver_finds_the_same_least_unmet_need(seed) -> None:
    clarabel = pytest.importorskip("clarabel", reason="clarabel is a development dependency")
    _, form = formulated(seed)
    program = form.program
    answer = solved(program)
    assert other_solver(clarabel, program) == pytest.approx(answer.objective, rel=1e-5, abs=1e-2)


def other_solver(clarabel, program):
    """Give the optimum by the interior point of Clarabel: rows and bounds as cones."""
    n = program.matrix.shape[1]
    matrix, one = program.matrix.tocsr(), csc_array(np.eye(n)).tocsr()
    equal = program.row_lower == program.row_upper
    high = np.isfinite(program.row_upper) & ~equal
    low = np.isfinite(program.row_lower) & ~equal
    top = np.isfinite(program.upper)
    rows = vstack([matrix[equal], matrix[high], -matrix[low], one[top], -one]).tocsc()
    right = np.concatenate(
        [program.row_upper[equal], program.row_upper[high], -program.row_lower[low], program.upper[top],
         -program.lower]
    )  # fmt: skip
    cones = [clarabel.ZeroConeT(int(equal.sum())), clarabel.NonnegativeConeT(len(right) - int(equal.sum()))]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    from scipy.sparse import csc_matrix

    nothing = csc_matrix((n, n))
    solver = clarabel.DefaultSolver(nothing, program.unmet, csc_matrix(rows), right, cones, settings)
    return solver.solve().obj_val


@pytest.mark.parametrize("seed", range(6))
def test_the_dual_leaves_no_gap(seed) -> None:
    _, form = formulated(seed)
    answer = solved(form.program)
    assert dual_objective(form.program, answer) == pytest.approx(answer.objective, rel=1e-7, abs=1e-5)


def test_a_plan_of_default_rules_can_be_formulated() -> None:
    _, form = formulated(1, PlanRules())
    assert form.program.whole.any()
