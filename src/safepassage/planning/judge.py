"""A plan held against every member, beside other ways of planning.

What is decided here and now is fixed; then each member's later days are planned as well as they can be,
knowing
that member. The same is done for a plan made for the member in the middle. "Nearest" is no plan: every day
everyone goes where people were seen nearest the evening before. With perfect knowledge, the sure days are
planned
for each member too. Birge 1982, doi:10.1007/BF01585113, for the value of the stochastic solution.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from safepassage.core.engine import NoProgress, Progress
from safepassage.core.plan import POLICIES, Judgement, Scenarios, Worth
from safepassage.planning.formulation import Formulation, Question, formulate
from safepassage.planning.nearest import nearest_rule
from safepassage.planning.optimum import Optimum, committed_by, solve_plan
from safepassage.planning.scenarios import median_member, weighted_need
from safepassage.planning.situation import Committed, Situation
from safepassage.planning.solve import Effort, Solver

ONE = np.ones(1)
JUDGING = "holding the plan against the futures / se compara el plan con los futuros"


class Judge:
    """Holds ways of planning against members.

    Parameters
    ----------
    situation : Situation
    members : sequence of int       of the problem's need, against whom is judged.
    needs : sequence of (1, t, p, i) float64, or None     needs to judge against instead, one per member, as
        `Situation.need` gives them: what really was needed.
    progress : Progress or None     shown every member judged by each of `POLICIES`.
    """

    def __init__(
        self,
        situation: Situation,
        members: Sequence[int],
        needs: Sequence[NDArray[np.float64]] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.at, self.members = situation, list(members)
        self._watch: Progress = progress if progress is not None else NoProgress()
        self._done = 0
        self._need = list(needs) if needs is not None else [situation.need([m]) for m in self.members]

    def committed(self, ahead: Committed, cost: float) -> Worth:
        """Judge decisions of the sure days; later days are planned knowing each member."""
        sure = self.at.periods.sure
        return self._worth(lambda n: self._solved(n, sure, ahead), cost)

    def perfect(self) -> Worth:
        """Judge planning with each member known from the start."""
        return self._worth(lambda n: self._solved(n, 0, self.at.kept), 0.0)

    def nearest(self) -> Worth:
        """Judge the rule that everyone goes to the nearest place."""
        never = len(self.at.periods)

        def run(n: int) -> tuple[Formulation, NDArray[np.float64], float]:
            ahead, cost = nearest_rule(self.at, self._need[n][0])
            form, x, _ = self._solved(n, never, ahead)
            return form, x, cost

        return self._worth(run, 0.0)

    def _solved(
        self, n: int, free_from: int, ahead: Committed
    ) -> tuple[Formulation, NDArray[np.float64], float]:
        shared = 0 if free_from else self.at.periods.sure
        form = formulate(self.at, Question(self._need[n], ONE, shared, free_from, ahead))
        program = form.program
        rules = self.at.problem.rules
        answer = Solver(program, program.unmet, Effort(rules.time_limit_s, rules.threads)).linear()
        return form, answer.x, float(program.money @ answer.x)

    def _worth(
        self, run: Callable[[int], tuple[Formulation, NDArray[np.float64], float]], cost: float
    ) -> Worth:
        places, items = len(self.at.places), len(self.at.problem.items)
        unmet, needed = np.zeros((places, items)), np.zeros((places, items))
        by_member, money = np.zeros(len(self.members)), 0.0
        for n in range(len(self.members)):
            self._watch.say(self._done, len(POLICIES) * len(self.members), JUDGING)
            self._done += 1
            form, x, spent = run(n)
            by_member[n] = form.unmet(x)
            units = self.at.unit_days[:, None, :]
            needed += (self._need[n][0] * units).sum(axis=0)
            unmet += (short_of(form, x, self._need[n])[0] * units).sum(axis=0)
            money += spent
        count = max(1, len(self.members))
        worst, share = worst_of(unmet, needed, self.at.weights)
        return Worth(
            float(by_member.mean()), unmet.sum(axis=0) / count,
            int(self.at.places[worst]) if worst >= 0 else -1, share, cost + money / count, by_member,
        )  # fmt: skip


def short_of(form: Formulation, x: NDArray[np.float64], need: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the unmet need, (s, t, p, i): all of it where nothing can come."""
    found = np.where(form.short >= 0, x[form.short], 0.0).sum(axis=0)
    return np.asarray(np.clip(np.where(form.short[0] >= 0, found, need), 0.0, need))


def worst_of(
    unmet: NDArray[np.float64], needed: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[int, float]:
    """Give the place with the largest weighted share unmet, and that share; (p, i) each. -1: nothing
    needed.
    """
    short, whole = unmet @ weights, needed @ weights
    if not (whole > 0).any():
        return -1, 0.0
    share = np.where(whole > 0, short / np.where(whole > 0, whole, 1.0), -1.0)
    worst = int(np.argmax(share))
    return worst, float(share[worst])


def question_of(situation: Situation, scenarios: Scenarios) -> Question:
    """Ask for the plan of a situation."""
    need = situation.need(scenarios.members)
    return Question(need, scenarios.weights, situation.periods.sure, 0, situation.kept)


def median_plan(situation: Situation) -> Optimum:
    """Plan for the member in the middle, as if it were sure."""
    needs = weighted_need(situation.problem.need, situation.weights)
    need = situation.need([median_member(needs)])
    question = Question(need, ONE, situation.periods.sure, 0, situation.kept)
    return solve_plan(situation, formulate(situation, question))


def judge_plan(
    situation: Situation, optimum: Optimum, members: Sequence[int], progress: Progress | None = None
) -> Judgement:
    """Hold a plan against members, beside the median plan, the nearest-place rule and perfect knowledge."""
    judge = Judge(situation, members, progress=progress)
    median = median_plan(situation)
    worth = {
        "stochastic": judge.committed(*decided(situation, optimum)),
        "median": judge.committed(*decided(situation, median)),
        "nearest": judge.nearest(),
        "perfect": judge.perfect(),
    }
    return Judgement(worth, len(judge.members))


def decided(situation: Situation, optimum: Optimum) -> tuple[Committed, float]:
    """Give what is decided on the sure days, with what is kept, and its cost."""
    hauls = optimum.formulation.hauls
    trips = hauls.trips[hauls.scenario < 0]
    cost = float(optimum.formulation.program.money[trips] @ optimum.x[trips])
    return situation.kept + committed_by(situation, optimum), cost
