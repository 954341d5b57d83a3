"""One call from a problem to a plan."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safepassage.core.engine import Progress
from safepassage.core.plan import Judgement, Plan, PlanProblem, Scenarios
from safepassage.planning.checks import check_problem
from safepassage.planning.dispatching import dispatches_of
from safepassage.planning.explain import explain_plan
from safepassage.planning.formulation import formulate
from safepassage.planning.judge import judge_plan, question_of, short_of, worst_of
from safepassage.planning.optimum import Optimum, solve_plan
from safepassage.planning.scenarios import reduce_members, weighted_need
from safepassage.planning.situation import Situation, situation_of

# Shares of the time limit for the first search and, if it finds nothing, for those with fewer scenarios.
SHARES_OF_TIME = (0.6, 0.25, 0.15)


@dataclass(frozen=True)
class Planned:
    """A plan, and what it was read from: enough to judge it."""

    plan: Plan
    situation: Situation
    optimum: Optimum

    def judged(self, members: int | None = None, progress: Progress | None = None) -> Judgement:
        """Hold the plan against members: all, or so many evenly spaced ones."""
        every = len(self.situation.problem.need)
        count = every if members is None else min(members, every)
        chosen = np.unique(np.linspace(0, every - 1, count).round().astype(np.int64))
        return judge_plan(self.situation, self.optimum, chosen.tolist(), progress)


def plan_deliveries(problem: PlanProblem) -> Planned:
    """Make a plan.

    Raises
    ------
    InputError      what is wrong with supplies, carriers, requests, items or rules; see `checks`.
    """
    began = time.perf_counter()
    check_problem(problem)
    situation = situation_of(problem)
    scenarios, optimum = _solved(situation)
    needed, unmet, possible = _needs(situation, optimum, scenarios)
    worst, share = worst_of(unmet.sum(axis=0), needed.sum(axis=0), situation.weights)
    dispatches, homeless = dispatches_of(situation, optimum)
    findings = (*explain_plan(situation, optimum, needed), *homeless)
    plan = Plan(
        problem.start, dispatches, needed, needed - unmet, unmet,
        _spare(situation, optimum), possible, scenarios, optimum.unmet, worst, share, optimum.fair_share,
        optimum.money, optimum.bound, optimum.gap, 0.0, findings, optimum.complete,
    )  # fmt: skip
    return Planned(replace(plan, seconds=time.perf_counter() - began), situation, optimum)


def _solved(situation: Situation) -> tuple[Scenarios, Optimum]:
    """Solve; if time is up before there is a plan at all, with fewer scenarios: a rougher plan beats none."""
    rules, problem = situation.problem.rules, situation.problem
    needs, count = weighted_need(problem.need, situation.weights), rules.scenarios
    for share in SHARES_OF_TIME:
        scenarios = reduce_members(needs, count)
        form = formulate(situation, question_of(situation, scenarios))
        optimum = solve_plan(situation, form, share * rules.time_limit_s)
        if optimum.least.optimal or count == 1:
            break
        count = max(1, count // 3)
    return scenarios, optimum


def _needs(
    situation: Situation, optimum: Optimum, scenarios: Scenarios
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Give expected need, unmet need and reachable need, (day, place, item) over all places of the
    network.
    """
    form, problem = optimum.formulation, situation.problem
    shape = (problem.days, len(problem.network.places), len(problem.items))
    needed, unmet, possible = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    short = short_of(form, optimum.x, form.question.need)
    reached = form.reach.possible(situation)[situation.periods.of_day]
    for s, chance in enumerate(form.question.chances):
        daily = situation.daily_need(int(scenarios.members[s]))
        beyond = np.maximum(daily - situation.local_daily, 0.0)
        whole = form.question.need[s]
        share = np.where(whole > 0, short[s] / np.where(whole > 0, whole, 1.0), 0.0)
        needed[:, situation.places] += chance * daily
        unmet[:, situation.places] += chance * beyond * share[situation.periods.of_day]
        possible[:, situation.places] += chance * np.where(reached, daily, daily - beyond)
    return needed, unmet, possible


def _spare(situation: Situation, optimum: Optimum) -> NDArray[np.float64]:
    """Give what lies at places in the evening beyond what is needed there, expected, (day, place, item)."""
    form, problem = optimum.formulation, situation.problem
    lies = np.where(form.stock >= 0, optimum.x[form.stock], 0.0)
    chances = form.question.chances
    result = np.zeros((problem.days, len(problem.network.places), len(problem.items)))
    for k, i in enumerate(situation.goods.item):
        own = lies[..., k]
        if situation.goods.stays[k]:
            own = np.maximum(own - form.question.need[..., i], 0.0)
        expected = np.tensordot(chances, own, axes=1)
        result[:, situation.places, i] += expected[situation.periods.of_day]
    return result
