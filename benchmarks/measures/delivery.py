"""Plans of deliveries: how long they take, how far they come, and how cost grows."""

from __future__ import annotations

import time
import tracemalloc

from benchmarks.deliveries import Size, delivery_problem
from benchmarks.rows import AT_MOST, Benchmark, Row, Wanted, at_most, told
from safepassage.core.plan import PlanRules
from safepassage.planning.formulation import formulate
from safepassage.planning.judge import question_of
from safepassage.planning.scenarios import reduce_members, weighted_need
from safepassage.planning.situation import situation_of
from safepassage.planning.solve import Effort, Solver

# What is asked of 100 places, 30 days and 5 items; a search is given up at four times that.
SECONDS_10, SECONDS_50, PATIENCE = 60.0, 300.0, 4.0


def least_unmet(size: Size, scenarios: int, limit_s: float) -> tuple[float, str, bool]:
    """Give the seconds to the least unmet need, from the problem in memory on, and what was solved."""
    rules = PlanRules(scenarios=scenarios)
    problem = delivery_problem(size, rules)
    began = time.perf_counter()
    situation = situation_of(problem)
    chosen = reduce_members(weighted_need(problem.need, situation.weights), scenarios)
    program = formulate(situation, question_of(situation, chosen)).program
    answer = Solver(program, program.unmet, Effort(limit_s)).linear()
    seconds = time.perf_counter() - began
    rows, columns = program.matrix.shape
    said = f"{size.places} places, {size.days} days, 5 items, {len(chosen.members)} scenarios: "
    said += f"{rows:,} rows, {columns:,} columns; one thread"
    return seconds, said if answer.optimal else f"{said}; not solved when given up", answer.optimal


def _promised(name: str, scenarios: int, target: float, quick: bool) -> list[Row]:
    size = Size(places=12, days=10, stores=4) if quick else Size(members=max(60, scenarios))
    seconds, said, _ = least_unmet(size, 3 if quick else scenarios, PATIENCE * target)
    return [at_most(name, seconds, target, said)]


def ten(quick: bool) -> list[Row]:
    """Plan for ten scenarios."""
    return _promised("delivery_10_scenarios_s", 10, SECONDS_10, quick)


def fifty(quick: bool) -> list[Row]:
    """Plan for fifty scenarios."""
    return _promised("delivery_50_scenarios_s", 50, SECONDS_50, quick)


GROWTH = ((12, 10, 2), (12, 10, 4), (24, 10, 2), (24, 10, 4), (48, 10, 2))


def growth(quick: bool) -> list[Row]:
    """Tell time and memory of writing and solving programs of several sizes."""
    rows = []
    for places, days, scenarios in GROWTH[:2] if quick else GROWTH:
        size = Size(places=places, days=days, stores=max(3, places // 6))
        name = f"delivery_growth_{places}_places_{scenarios}_scenarios_s"
        tracemalloc.start()
        seconds, said, _ = least_unmet(size, scenarios, SECONDS_10)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        rows.append(told(name, seconds, f"{said}; {peak:.0f} MB in Python, the solver's own not counted"))
    return rows


BENCHMARKS = (
    Benchmark((Wanted("delivery_10_scenarios_s", SECONDS_10, AT_MOST),), ten),
    Benchmark((Wanted("delivery_50_scenarios_s", SECONDS_50, AT_MOST),), fifty),
    Benchmark(
        tuple(Wanted(f"delivery_growth_{places}_places_{s}_scenarios_s") for places, _, s in GROWTH), growth
    ),
)
