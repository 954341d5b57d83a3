"""Flee itself beside us, on the same folder and by the same rules (our `compat` reading)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.flee_folder import hastened_copy, write_flee_folder
from benchmarks.peers.environment import peer_json
from benchmarks.rows import AT_MOST, Benchmark, Row, Skipped, Wanted, at_most
from benchmarks.timing import cpu_seconds
from benchmarks.worlds import Journey, world
from safepassage.core.draws import Draws
from safepassage.core.local_law import LocalLaw
from safepassage.core.scenario import Scenario
from safepassage.engines.agents import Agents
from safepassage.engines.choice import engine_for
from safepassage.engines.run import days_of
from safepassage.workflows.verify import read_all

CRISES = Path(__file__).resolve().parents[3] / "shared" / "data" / "displacement"
GENERATED = "generated"
HASTEN = {"mali2012": 20, "car2013": 200, GENERATED: 10}
TRY_HASTEN = 50
MOST_OWN_S = (
    45.0  # where a full-scale run of ours would take longer, it is extrapolated from one at TRY_HASTEN
)


@dataclass(frozen=True)
class Pace:
    """CPU seconds per person-day."""

    seconds: float
    agent_days: int

    @property
    def each_s(self) -> float:
        """Give the CPU seconds of one agent for one day."""
        return self.seconds / max(1, self.agent_days)


def _ours(scenario: Scenario, *, days: int, repeats: int) -> Pace:
    """Run one member; agent-days are counted apart, so that counting is not timed twice."""
    engine = engine_for(scenario, force="agents")
    assert isinstance(engine, Agents)
    each = engine.timetable.displacement.people_per_agent
    total = 0

    def work() -> None:
        nonlocal total
        total = 0
        for _, _, view in days_of(engine, days=days, members=1, draws=Draws(1)):
            total += int(view.stock.sum() + view.on_road.sum()) // each

    best = min(cpu_seconds(work) for _ in range(repeats))
    return Pace(best, total)


def _read(folder: Path, hasten: int) -> Scenario:
    scenarios, _ = read_all([folder], compat=True, hasten=hasten)
    return scenarios[0]


def _full_scale(folder: Path, *, days: int) -> tuple[Pace, float, str]:
    """Give our pace, the person-days of the whole crisis, and how they were found."""
    engine = engine_for(_read(folder, TRY_HASTEN), force="agents")
    list(days_of(engine, days=2, members=1, draws=Draws(1)))
    coarse = _ours(_read(folder, TRY_HASTEN), days=days, repeats=2)
    expected_s = coarse.seconds * TRY_HASTEN
    if expected_s > MOST_OWN_S:
        said = f"ours extrapolated from one agent per {TRY_HASTEN} people"
        return coarse, float(coarse.agent_days) * TRY_HASTEN, said
    whole = _ours(_read(folder, 1), days=days, repeats=2 if expected_s < 10.0 else 1)
    return whole, float(whole.agent_days), "ours run at full scale"


def _generated(path: Path, quick: bool) -> None:
    journey = Journey(people=20_000 if quick else 100_000, days=60, leave_days=30)
    law = LocalLaw(avoid_short_stints=True)
    write_flee_folder(world("standard", Journey(journey.people, 60, 30, law, limits=True)), path)


@cache
def beside(case: str, quick: bool) -> tuple[Pace, Pace, float, str]:
    """Run Flee on a scaled copy and us on the folder: our pace, Flee's, person-days, what was done."""
    with tempfile.TemporaryDirectory() as folder:
        source = CRISES / case
        if case == GENERATED:
            source = Path(folder) / "source"
            _generated(source, quick)
        elif not source.is_dir():
            message = f"the folder of {case} is not here"
            raise Skipped(message)
        hasten = HASTEN[case] * (10 if quick and case != GENERATED else 1)
        hastened_copy(source, Path(folder) / "flee", hasten)
        theirs = peer_json("flee_run.py", str(Path(folder) / "flee"))
        ours, person_days, said = _full_scale(source, days=theirs["days"])
    flee = Pace(theirs["cpu_s"], theirs["agent_days"])
    note = (
        f"{case}: Flee {theirs['version']} {1 / flee.each_s / 1e6:.3g} million agent-days/s"
        f" (one agent per {hasten} people, {flee.agent_days:,} agent-days in {flee.seconds:.3g} s),"
        f" agents {1 / ours.each_s / 1e6:.3g} million ({said})"
    )
    return ours, flee, person_days, note


def _rows(case: str, quick: bool) -> list[Row]:
    ours, flee, person_days, note = beside(case, quick)
    thousand, one = 1000 * ours.each_s * person_days, flee.each_s * person_days
    extrapolated = (
        f"1,000 members of ours {thousand:.3g} CPU s (one measured, members cost alike), one full-scale run"
        f" of Flee {one:.3g} s, extrapolated: its time per agent-day times {person_days:,.0f} person-days"
    )
    return [
        at_most(f"flee_{case}_time_per_person_day", ours.each_s / flee.each_s, 1e-3, note),
        at_most(f"flee_{case}_1000_members_against_one_run", thousand / one, 1.0, extrapolated),
    ]


def _benchmark(case: str) -> Benchmark:
    rows = (
        Wanted(f"flee_{case}_time_per_person_day", 1e-3, AT_MOST),
        Wanted(f"flee_{case}_1000_members_against_one_run", 1.0, AT_MOST),
    )
    return Benchmark(rows, lambda quick: _rows(case, quick))


BENCHMARKS = tuple(_benchmark(case) for case in HASTEN)
