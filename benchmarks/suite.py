"""All measurements, in the order of the table, and the running of those that are asked for."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from benchmarks.measures import agents, cohorts, delivery, flee, flow, growth, scale, threads, track
from benchmarks.rows import Benchmark, Row

BENCHMARKS: tuple[Benchmark, ...] = (
    *agents.BENCHMARKS,
    *cohorts.BENCHMARKS,
    *flow.BENCHMARKS,
    *threads.BENCHMARKS,
    *scale.BENCHMARKS,
    *track.BENCHMARKS,
    *flee.BENCHMARKS,
    *delivery.BENCHMARKS,
    *growth.BENCHMARKS,
)


def names() -> list[str]:
    """Give the names of all rows that are promised."""
    return [row.name for benchmark in BENCHMARKS for row in benchmark.rows]


def measure(only: str | None, *, quick: bool) -> Iterator[Row]:
    """Take the measurements whose row names contain `only` (None: all), telling on standard error which."""
    for benchmark in BENCHMARKS:
        wanted = [row.name for row in benchmark.rows if only is None or only in row.name]
        if not wanted:
            continue
        print(f"measuring {wanted[0]} …", end=" ", file=sys.stderr, flush=True)
        began = time.perf_counter()
        rows = benchmark.run(quick=quick)
        print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        yield from (row for row in rows if only is None or only in row.name)
