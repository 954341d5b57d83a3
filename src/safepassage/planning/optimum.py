"""From a program to decisions: what is possible for the worst-off place, least unmet need, then least cost.

Three programs after one another: the best share that every place can have at once; the least expected unmet
need with a chosen part of that share as a floor; the least cost that keeps the unmet need. Whole trips come
last.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safepassage.planning.formulation import Formulation
from safepassage.planning.program import Program
from safepassage.planning.situation import Committed, Situation
from safepassage.planning.solve import Answer, Effort, Solver

# A floor that is only just possible is lowered by this, so that rounding does not forbid it.
FLOOR_HAIR = 1e-6
# All cost together is worth such a share of the whole need where it only breaks ties; that makes the search
# for
# the least unmet need several times faster, and a second search then drops it.
TIE_SHARE = 1e-4
# Up to so many entries whole trips are searched with all later days; beyond, with these held back.
WHOLE_SEARCH_ENTRIES = 30_000
# With whole trips a floor may be out of reach: all of it is worth so many times the whole need.
FLOOR_WORTH = 10.0
# The search for whole trips leaves this share of the time to the linear program that follows.
LAST_SHARE = 0.3


@dataclass(frozen=True)
class Optimum:
    """Decisions, and how good they are.

    Parameters
    ----------
    formulation : Formulation
    x : (n,) float64            all columns.
    unmet, money : float        both objectives, constants included.
    bound : float               no plan with this floor has less unmet need.
    fair_share : float          what `fairest` found; NaN where no floor was asked for.
    floor : float               share of its reachable need that every place gets at least.
    least : Answer              of the linear program of least unmet need: its duals are the prices.
    complete : bool
    seconds : float
    """

    formulation: Formulation
    x: NDArray[np.float64]
    unmet: float
    money: float
    bound: float
    fair_share: float
    floor: float
    least: Answer
    complete: bool
    seconds: float

    @property
    def gap(self) -> float:
        """Share of the unmet need by which a better plan cannot be excluded."""
        return max(0.0, self.unmet - self.bound) / max(self.unmet, 1e-9)


# A share is at most 1, and tolerances are absolute: told larger, it is found sooner and more exactly.
SHARE_SCALE = 2.0**15


def floored(form: Formulation, share: float) -> Program:
    """Close the floor: every place gets at least this share of the need that something can reach there."""
    program = form.program
    upper, low, high = program.row_upper.copy(), program.lower.copy(), program.upper.copy()
    upper[form.floor[form.sure_need > 0]] = 1.0
    low[form.fair] = high[form.fair] = share
    return replace(program, row_upper=upper, lower=low, upper=high)


def fairest_share(form: Formulation, effort: Effort) -> float:
    """Give the best share of its reachable need that every place can have at once (max-min)."""
    if not (form.sure_need > 0).any():
        return 1.0
    program = floored(form, 0.0)
    upper = program.upper.copy()
    upper[form.fair] = 1.0
    cost = np.zeros(len(upper))
    cost[form.fair] = -SHARE_SCALE
    # Commitments are kept here as well.
    cost += np.where(program.unmet > _heaviest(form), SHARE_SCALE, 0.0)
    answer = Solver(replace(program, upper=upper), cost, effort).linear()
    return float(np.clip(answer.x[form.fair], 0.0, 1.0)) if answer.optimal else 0.0


def _heaviest(form: Formulation) -> float:
    """Give the largest weight of a unit that is short."""
    columns = form.short[form.short >= 0]
    return float(form.program.unmet[columns].max(initial=0.0))


def solve_plan(situation: Situation, form: Formulation, time_limit_s: float | None = None) -> Optimum:
    """Solve all stages within the time limit (None: the rules'); later ones are left out when time is up."""
    rules = situation.problem.rules
    limit = rules.time_limit_s if time_limit_s is None else time_limit_s
    began = time.perf_counter()

    def effort() -> Effort:
        left = limit - (time.perf_counter() - began)
        return Effort(max(0.5, left), rules.threads, rules.gap)

    asked = rules.fairness > 0
    possible = fairest_share(form, effort()) if asked else float("nan")
    floor = max(0.0, rules.fairness * possible - FLOOR_HAIR) if asked else 0.0
    program = floored(form, floor) if floor > 0 else form.program
    solver = Solver(program, _tied(situation, form, program), effort())
    least = solver.linear()
    least = solver.again(program.unmet) if least.optimal else least
    x, complete = (least.x, True) if least.optimal else (_nothing(form), False)
    bound = least.objective if least.optimal else 0.0
    if complete:
        allowed = least.objective + rules.cost_tolerance * abs(least.objective) + 1e-9 * _total(form)
        held = program.with_row(program.unmet, upper=allowed)
        cheap = solver.again(program.money, held)
        x = cheap.x if np.isfinite(cheap.x).all() and _fits(held, cheap.x) else x
    if complete and rules.whole_trips and program.whole.any():
        x, bound, complete = _whole((program, form, solver), x, bound, effort())
    unmet = form.unmet(x)
    # What kept drives lack is no need of people, and no plan can change it.
    lacking = float(program.unmet @ x) + form.lost - unmet
    return Optimum(
        form, x, unmet, float(program.money @ x), bound + form.lost - lacking, possible, floor,
        least, complete, time.perf_counter() - began,
    )  # fmt: skip


def _tied(situation: Situation, form: Formulation, program: Program) -> NDArray[np.float64]:
    """Give the first objective with a trace of cost in it."""
    fleet, arcs = situation.fleet, situation.arcs
    if not len(arcs):
        return program.unmet
    there = np.isfinite(arcs.km)  # a drive may be refused, or its road closed, in some periods
    per_hour = np.divide(arcs.km, arcs.hours, out=np.zeros_like(arcs.km), where=there).max(axis=1)
    dear = per_hour * fleet.cost_per_km[arcs.group] + (fleet.cost_per_day / fleet.hours_per_day)[arcs.group]
    most = float((fleet.vehicles.sum(axis=1) * fleet.hours_per_day).sum() * dear.max(initial=0.0))
    return program.unmet + (TIE_SHARE * _total(form) / most * program.money if most > 0 else 0.0)


def _total(form: Formulation) -> float:
    return float(form.sure_need.sum()) + form.lost


def _nothing(form: Formulation) -> NDArray[np.float64]:
    """Give the plan in which nobody drives and everything stays unmet: always possible without
    commitments.
    """
    x = np.zeros(form.program.matrix.shape[1])
    columns = form.short[form.short >= 0]
    x[columns] = form.program.upper[columns]
    return x


def _fits(program: Program, x: NDArray[np.float64]) -> bool:
    rows = program.matrix @ x
    slack = 1e-5 * np.maximum(1.0, np.abs(np.where(np.isfinite(program.row_upper), program.row_upper, 0.0)))
    return bool((rows <= program.row_upper + slack).all())


def _whole(
    what: tuple[Program, Formulation, Solver], x: NDArray[np.float64], bound: float, effort: Effort
) -> tuple[NDArray[np.float64], float, bool]:
    """Make the trips of the sure days whole numbers.

    Small programs are searched as they are, to the gap. In large ones later drives bring no more than was
    found
    without whole trips, and are planned again afterwards; the bound stays that of the linear program, so that
    the gap told is true.
    """
    program, form, solver = what
    floor = float(program.lower[form.fair])
    price = _blend(program, x)
    money = price - program.unmet
    # Without a floor its column is free: a price on it would swell the objective, and the gap allowed.
    program, price[form.fair] = eased(program, form), -FLOOR_WORTH * _total(form) if floor > 0 else 0.0
    large = program.matrix.nnz > WHOLE_SEARCH_ENTRIES
    searched = held_back(program, form, x) if large else program
    shorter = replace(effort, time_limit_s=(1.0 - LAST_SHARE) * effort.time_limit_s)
    began = time.perf_counter()
    answer = Solver(searched, price, shorter).whole(price, -float(price[form.fair]) * floor)
    if not np.isfinite(answer.x).all():
        return x, bound, False
    found = np.where(program.whole, np.round(answer.x), answer.x)
    fixed = replace(
        program,
        lower=np.where(program.whole, found, program.lower),
        upper=np.where(program.whole, found, program.upper),
    )
    left = replace(effort, time_limit_s=max(0.5, effort.time_limit_s - (time.perf_counter() - began)))
    # Without its sure trips a narrow program is so much smaller that a fresh start is the shorter way.
    last = (
        solver.settled(price, fixed, left.time_limit_s)
        if solver.wide
        else Solver(fixed, price, left).linear()
    )
    best = last.x if last.optimal else answer.x
    if not large and np.isfinite(answer.bound):
        # Cost in the blended objective is worth less than the tolerance: subtract all of it.
        bound = max(bound, answer.bound - float(money @ best) - float(price[form.fair]) * floor)
    unmet = float(program.unmet @ best) + form.lost
    return best, bound, answer.optimal or unmet - bound - form.lost <= effort.gap * unmet


def eased(program: Program, form: Formulation) -> Program:
    """Let the floor give way, which is priced: trips in whole numbers may not reach a floor that shares of
    trips reach.
    """
    lower = program.lower.copy()
    lower[form.fair] = 0.0
    return replace(program, lower=lower)


def _blend(program: Program, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add cost to unmet need at a rate at which all of it is worth a ten-thousandth of the unmet need."""
    unmet, money = float(program.unmet @ x), float(program.money @ x)
    if money <= 0:
        return program.unmet.copy()
    scale = max(unmet, 1e-3 * float(program.unmet @ np.where(np.isfinite(program.upper), program.upper, 0.0)))
    return program.unmet + 1e-4 * scale / money * program.money


def held_back(program: Program, form: Formulation, x: NDArray[np.float64]) -> Program:
    """Let later drives bring no more than they do now, and leave unmade the sure trips that are not made at
    all.
    """
    hauls = form.hauls
    later = hauls.loads[hauls.scenario >= 0]
    later = later[later >= 0]
    upper = program.upper.copy()
    upper[later] = np.maximum(x[later], 0.0)
    upper[program.whole & (x < 1e-6)] = 0.0
    return replace(program, upper=upper)


def committed_by(situation: Situation, optimum: Optimum) -> Committed:
    """Give what the sure days of a plan commit: goods that leave and arrive, and hours of vehicles."""
    form, x = optimum.formulation, optimum.x
    hauls, arcs, periods = form.hauls, situation.arcs, situation.periods
    shared = np.flatnonzero(hauls.scenario < 0)
    t, p, k = situation.shape
    inflow, outflow = np.zeros((t, p, k)), np.zeros((t, p, k))
    hours = np.zeros((len(situation.fleet), t))
    amount = np.where(hauls.loads[shared] >= 0, x[hauls.loads[shared]], 0.0)
    amount = np.maximum(amount, 0.0)
    arc, period = hauls.arc[shared], hauls.period[shared]
    for good in range(k):
        np.add.at(inflow[:, :, good], (hauls.arrives[shared], arcs.place[arc]), amount[:, good])
        np.add.at(outflow[:, :, good], (period, arcs.store[arc]), amount[:, good])
    work = situation.fleet.hours_per_day[arcs.group[arc]]
    trips = np.maximum(x[hauls.trips[shared]], 0.0)
    for day in range(int(arcs.span_days.max(initial=1))):
        part = np.clip(arcs.hours[arc, period] - day * work, 0.0, work) * trips
        at = periods.at(periods.first[period] + day)
        real = at < t
        np.add.at(hours, (arcs.group[arc][real], at[real]), part[real])
    return Committed(inflow, outflow, hours)
