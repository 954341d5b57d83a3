"""Plans of deliveries: how long they take, how far they come, and how cost grows."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date

from benchmarks.deliveries import Size, delivery_problem
from benchmarks.measures.scale import FULL
from benchmarks.rows import AT_MOST, Benchmark, Row, Skipped, Wanted, at_most, told
from safepassage.core.plan import PlanRules
from safepassage.planning.formulation import formulate
from safepassage.planning.judge import question_of
from safepassage.planning.scenarios import reduce_members, weighted_need
from safepassage.planning.situation import situation_of
from safepassage.planning.solve import Effort, Solver

# What is asked of 100 places, 30 days and 5 items; a search is given up at four times that.
SECONDS_10, SECONDS_50, PATIENCE = 60.0, 300.0, 4.0
BUILT_IN, EVENING, SECONDS_BUILT_IN = "honduras-2018-10", date(2018, 10, 23), 10.0
DAYS = 30
# Places and scenarios of the growth picture; the largest takes half a minute.
GROWTH = (
    *((25, scenarios) for scenarios in (1, 2, 4, 8)),
    *((50, scenarios) for scenarios in (1, 2, 4, 8)),
    *((100, scenarios) for scenarios in (1, 2, 4)),
)


@dataclass(frozen=True)
class Solved:
    """What one search for the least unmet need took, from the problem in memory on.

    Parameters
    ----------
    rows, columns, scenarios : int      of the program.
    seconds, cpu_s : float              by the clock, and of the processor.
    peak_mb : float                     most memory of the process, the solver's included.
    optimal : bool                      False: given up.
    """

    rows: int
    columns: int
    scenarios: int
    seconds: float
    cpu_s: float
    peak_mb: float
    optimal: bool


def least_unmet(size: Size, scenarios: int, limit_s: float) -> Solved:
    """Write and solve the program of the least unmet need."""
    problem = delivery_problem(size, PlanRules(scenarios=scenarios))
    began, cpu = time.perf_counter(), time.process_time()
    situation = situation_of(problem)
    chosen = reduce_members(weighted_need(problem.need, situation.weights), scenarios)
    program = formulate(situation, question_of(situation, chosen)).program
    answer = Solver(program, program.unmet, Effort(limit_s)).linear()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    rows, columns = program.matrix.shape
    return Solved(rows, columns, len(chosen.members), seconds, cpu, peak, answer.optimal)


def _promised(name: str, scenarios: int, target: float, quick: bool) -> list[Row]:
    size = Size(places=12, days=10, stores=4) if quick else Size(members=max(60, scenarios))
    found = least_unmet(size, 3 if quick else scenarios, PATIENCE * target)
    said = (
        f"{size.places} places, {size.days} days, 5 items, {found.scenarios} scenarios: {found.rows:,} rows, "
    )
    said += f"{found.columns:,} columns; one thread, {found.cpu_s:.1f} s of its processor"
    said += "" if found.optimal else "; not solved when given up"
    return [at_most(name, found.seconds, target, said)]


def built_in(quick: bool) -> list[Row]:
    """Plan the built-in scenario as of an evening: forecast, needs and plan, without judging and writing."""
    import safepassage as sp
    from safepassage.workflows.load_logistics import load_logistics
    from safepassage.workflows.needs import NeedsAsk
    from safepassage.workflows.plan import PlanAsk

    scenario = sp.load(BUILT_IN)
    there = load_logistics(BUILT_IN, scenario.network, as_of=EVENING)
    began = time.perf_counter()
    run = sp.plan(
        scenario, PlanAsk(needs=NeedsAsk(logistics=there), judged=0), as_of=EVENING,
        members=40 if quick else 1_000,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    said = f"{BUILT_IN} as of {EVENING}, {run.needs.members} members, {run.needs.days} nights: forecast, "
    said += f"needs and plan; the plan alone {run.plan.seconds:.1f} s, its gap {run.plan.gap:.2%}"
    return [at_most("delivery_built_in_s", seconds, SECONDS_BUILT_IN, said)]


def ten(quick: bool) -> list[Row]:
    """Plan for ten scenarios."""
    return _promised("delivery_10_scenarios_s", 10, SECONDS_10, quick)


def fifty(quick: bool) -> list[Row]:
    """Plan for fifty scenarios.

    Raises
    ------
    Skipped     without --full: it takes many minutes.
    """
    if not quick and not os.environ.get(FULL):
        message = "takes many minutes; --full takes it"
        raise Skipped(message)
    return _promised("delivery_50_scenarios_s", 50, SECONDS_50, quick)


def measured_apart(places: int, scenarios: int) -> Solved:
    """Measure one size in a process of its own, so that its peak of memory is its own."""
    line = [sys.executable, "-m", "benchmarks.measures.delivery", str(places), str(scenarios)]
    done = subprocess.run(line, check=True, capture_output=True, text=True)
    return Solved(**json.loads(done.stdout))


def size_of(places: int, *, days: int = DAYS) -> Size:
    """Give a size of the growth picture: a store for every seven places."""
    return Size(places=places, days=days, members=60, stores=max(3, places * 15 // 100))


def growth(quick: bool) -> list[Row]:
    """Tell time and memory of writing and solving programs of several sizes."""
    rows = []
    for places, scenarios in GROWTH[:1] if quick else GROWTH:
        found = measured_apart(places, scenarios)
        name = f"delivery_growth_{places}_places_{scenarios}_scenarios_s"
        said = f"CPU seconds; {DAYS} days, 5 items, {found.rows:,} rows, {found.columns:,} columns, "
        rows.append(told(name, found.cpu_s, f"{said}{found.peak_mb:.0f} MB at most"))
    return rows


BENCHMARKS = (
    Benchmark((Wanted("delivery_built_in_s", SECONDS_BUILT_IN, AT_MOST),), built_in),
    Benchmark((Wanted("delivery_10_scenarios_s", SECONDS_10, AT_MOST),), ten),
    Benchmark((Wanted("delivery_50_scenarios_s", SECONDS_50, AT_MOST),), fifty),
    Benchmark(
        tuple(Wanted(f"delivery_growth_{places}_places_{s}_scenarios_s") for places, s in GROWTH), growth
    ),
)


def main() -> None:
    """Measure the size named on the command line, and print it as JSON."""
    places, scenarios = (int(word) for word in sys.argv[1:])
    found = least_unmet(size_of(places), scenarios, PATIENCE * SECONDS_10)
    sys.stdout.write(json.dumps(found.__dict__))


if __name__ == "__main__":
    main()
