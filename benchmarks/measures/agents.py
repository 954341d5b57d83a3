"""The agent kernel beside the same rules in Mesa, numpy and C, and beside the memory of this machine."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.c_model import CModel
from benchmarks.peers.environment import peer_json
from benchmarks.peers.numpy_model import NumpyModel
from benchmarks.peers.triad import triad_bytes_per_s
from benchmarks.plain import Plain, plain_of
from benchmarks.rows import AT_LEAST, Benchmark, Row, Wanted, at_least, told
from benchmarks.timing import least, live, run_of
from benchmarks.worlds import Journey, world
from safepassage.core.draws import Draws
from safepassage.engines.agents import Agents
from safepassage.engines.run import days_of
from safepassage.engines.timetable import timetable_of

PEOPLE, DAYS = 100_000, 60


@dataclass(frozen=True)
class Case:
    """The standard world without limits: our kernel, and the tables for the others."""

    agents: Agents
    plain: Plain
    days: int

    @property
    def agent_days(self) -> int:
        """Days that agents live: each from the day she leaves."""
        return int(np.cumsum(self.plain.leaving).sum())


def case(people: int, days: int) -> Case:
    """Let so many people leave the standard world on day 1, and follow them."""
    timetable = timetable_of(world("standard", Journey(people=people, days=days, leave_days=1)))
    return Case(Agents(timetable, "benchmark"), plain_of(timetable, days=days), days)


def _said(rate: float) -> str:
    return f"{rate / 1e6:.3g} million agent-days/s"


def against_mesa(quick: bool) -> list[Row]:
    """Measure the ratio to Mesa."""
    one = case(10_000 if quick else PEOPLE, DAYS)
    with tempfile.TemporaryDirectory() as folder:
        tables = Path(folder) / "tables.npz"
        one.plain.save(tables)
        live(one.agents, days=2)
        before = least({"ours": run_of(one.agents, days=one.days)})["ours"]
        runs = ("--runs", "1" if quick else "2")
        mesa = peer_json("mesa_model.py", str(tables), *runs)
        lean = peer_json("mesa_model.py", str(tables), *runs, "--lean")
        after = least({"ours": run_of(one.agents, days=one.days)})["ours"]
    ours = one.agent_days / min(before, after)
    theirs, leanest = (found["agent_days"] / found["cpu_s"] for found in (mesa, lean))
    note = (
        f"{int(one.plain.leaving.sum()):,} people, {one.days} days, 50 places, 1 thread: ours {_said(ours)},"
        f" Mesa {mesa['version']} {_said(theirs)}"
    )
    without = f"the same without shuffling people, roads chosen by bisection: Mesa {_said(leanest)}"
    return [
        at_least("agents_against_mesa", ours / theirs, 150, note),
        told("agents_against_a_lean_mesa", ours / leanest, without),
    ]


def against_numpy(quick: bool) -> list[Row]:
    """Measure the ratio to vectorised numpy."""
    one = case(20_000 if quick else PEOPLE, DAYS)
    live(one.agents, days=2)
    works = {"ours": run_of(one.agents, days=one.days), "numpy": lambda: NumpyModel(one.plain, seed=1).run()}
    cpu = least(works, repeats=2 if quick else 5)
    ours, theirs = one.agent_days / cpu["ours"], one.agent_days / cpu["numpy"]
    note = (
        f"{int(one.plain.leaving.sum()):,} people, {one.days} days: ours {_said(ours)}, numpy {_said(theirs)}"
    )
    return [at_least("agents_against_numpy", ours / theirs, 8, note)]


def against_c(quick: bool) -> list[Row]:
    """Measure the ratio to scalar C with the same luck, and tell that with a stream generator."""
    one = case(20_000 if quick else PEOPLE, DAYS)
    live(one.agents, days=2)
    works = {
        "ours": run_of(one.agents, days=one.days),
        "c": lambda: CModel(one.plain, seed=1, counter=True).run(),
        "stream": lambda: CModel(one.plain, seed=1, counter=False).run(),
    }
    works["c"](), works["stream"]()
    cpu = least(works, repeats=2 if quick else 5)
    rate = {name: one.agent_days / seconds for name, seconds in cpu.items()}
    note = (
        f"scalar C (-O3 -march=native, 4 bytes per person) with the same counter-based luck:"
        f" ours {_said(rate['ours'])}, C {_said(rate['c'])}"
    )
    stream = (
        f"the same C drawing from a stream (xoshiro256+), which nobody can resume: {_said(rate['stream'])}"
    )
    return [
        at_least("agents_against_c", rate["ours"] / rate["c"], 0.8, note),
        told("agents_against_c_with_a_stream", rate["ours"] / rate["stream"], stream),
    ]


def arrays_of(value: Any) -> Iterator[np.ndarray]:
    """Find every array in a state: in its fields, in tuples, in dicts."""
    if isinstance(value, np.ndarray):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from arrays_of(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from arrays_of(one)
    elif isinstance(value, dict):
        yield from arrays_of(list(value.values()))


def bytes_per_agent(state: Any, agents: int) -> int:
    """Add up what the state of one member holds for each of so many agents, by the sizes of its arrays."""
    return sum(array.nbytes // agents for array in arrays_of(state) if array.ndim and agents in array.shape)


def bandwidth_share(quick: bool) -> list[Row]:
    """Measure the bytes that agents' state moves per second against the triad."""
    people, days = (1_000_000, 6) if quick else (10_000_000, 12)
    one = case(people, days)
    live(one.agents, days=2)
    evenings = days_of(one.agents, days=days, members=1, draws=Draws(1))
    next(evenings), next(evenings)  # people leave on day 1, which is not what is measured
    began = time.process_time()
    for _, state, _ in evenings:
        each = bytes_per_agent(state, people)
    rate = people * (days - 2) / (time.process_time() - began)
    triad, size = triad_bytes_per_s(repeats=3 if quick else 5)
    moved = 2.0 * each * rate
    note = (
        f"{people:,} agents of {each} bytes, each read and written once a day: {moved / 1e9:.2f} GB/s;"
        f" triad {triad / 1e9:.1f} GB/s on one core (arrays of {size / 2**20:.0f} MiB);"
        f" {_said(rate)}"
    )
    return [at_least("agents_bandwidth_share", moved / triad, 0.10, note)]


BENCHMARKS = (
    Benchmark(
        (Wanted("agents_against_mesa", 150, AT_LEAST), Wanted("agents_against_a_lean_mesa")), against_mesa
    ),
    Benchmark((Wanted("agents_against_numpy", 8, AT_LEAST),), against_numpy),
    Benchmark(
        (Wanted("agents_against_c", 0.8, AT_LEAST), Wanted("agents_against_c_with_a_stream")), against_c
    ),
    Benchmark((Wanted("agents_bandwidth_share", 0.10, AT_LEAST),), bandwidth_share),
)
