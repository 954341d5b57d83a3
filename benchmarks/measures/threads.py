"""Two threads against one: what sharing out costs, and what it saves."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.measures.cohorts import pair
from benchmarks.rows import AT_MOST, Benchmark, Row, Skipped, Wanted, at_most
from benchmarks.timing import cpu_seconds
from safepassage.core.draws import Draws
from safepassage.core.engine import Conduct, Engine
from safepassage.engines.run import run
from safepassage.engines.threads import Threads, cores

DAYS = 60


def _both(engine: Engine[Any], members: int, workers: int) -> tuple[float, float]:
    """Give CPU and wall seconds of an ensemble."""

    def work() -> None:
        pool = Threads(workers)
        try:
            conduct = Conduct(executor=pool)
            run(engine, days=DAYS, members=members, draws=Draws(1), observers=(), conduct=conduct)
        finally:
            pool.close()

    began = time.perf_counter()
    cpu = cpu_seconds(work)
    return cpu, time.perf_counter() - began


def two_threads(quick: bool) -> list[Row]:
    """Measure both kernels; report the worse one."""
    if cores() < 2:
        message = "one core only"
        raise Skipped(message)
    both = pair("standard", 100_000, days=DAYS)
    members = {"agents": 8, "cohorts": 64}
    cpus, walls = [], []
    for engine in (both.agents, both.cohorts):
        count = members[engine.name] // (4 if quick else 1)
        _both(engine, 2, 2)
        times: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
        for _ in range(2 if quick else 6):
            for workers in times:
                times[workers].append(_both(engine, count, workers))
        (cpu1, wall1), (cpu2, wall2) = (
            (min(cpu for cpu, _ in times[w]), min(wall for _, wall in times[w])) for w in (1, 2)
        )
        said = f"{engine.name}, {count} members, 10^5 people, {DAYS} days"
        cpus.append((cpu2 / cpu1, f"{said}: {cpu2:.3g} CPU s against {cpu1:.3g}"))
        given = f"the machine gave {cpu1 / wall1:.2f} cores to one thread, {cpu2 / wall2:.2f} to two"
        walls.append((wall2 / wall1, f"{said}: {wall2:.3g} s against {wall1:.3g} by the clock; {given}"))
    (cpu, of_cpu), (wall, of_wall) = max(cpus), max(walls)
    return [
        at_most("threads_2_against_1_cpu", cpu, 1.2, f"worse of two kernels: {of_cpu}"),
        at_most(
            "threads_2_against_1_wall",
            wall,
            0.6,
            f"worse of two kernels: {of_wall}; judge it on an idle machine only",
        ),
    ]


BENCHMARKS = (
    Benchmark(
        (
            Wanted("threads_2_against_1_cpu", 1.2, AT_MOST),
            Wanted("threads_2_against_1_wall", 0.6, AT_MOST),
        ),
        two_threads,
    ),
)
