"""Learning from reports: all reports of the built-in caravan, and one new report of a case that goes on."""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path

import safepassage as sp
from benchmarks.measures.scale import command
from benchmarks.rows import AT_MOST, Benchmark, Row, Wanted, at_most

CASE, MEMBERS = "honduras-2018-10", 1000
EVENING = "2018-10-24"


def all_reports(quick: bool) -> list[Row]:
    """Tell the time of tracking the built-in caravan from its departure through its last report."""
    scenario = sp.load(CASE)
    last = max(report.published for report in scenario.reports)
    sp.track(scenario, as_of=date.fromisoformat(EVENING), horizon=1, members=50)  # imports everything
    walls, cpus = [], []
    for _ in range(1 if quick else 3):
        wall, cpu = time.perf_counter(), time.process_time()
        made = sp.track(scenario, as_of=last, members=MEMBERS)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    belief = made.forecast.belief
    count = len(belief.effects) if belief else 0
    note = (
        f"{MEMBERS} members of {CASE} tracked through {count} reports to {last}, 14 nights beyond, and the "
        f"forecast of the evening before; by the clock ({min(cpus):.2g} CPU s)"
    )
    return [at_most("track_all_reports_s", min(walls), 60.0, note)]


def new_report(quick: bool) -> list[Row]:
    """Tell the time from typing a report of a running case to the forecast that it has changed."""
    lasts = []
    with tempfile.TemporaryDirectory() as folder:
        case = str(Path(folder) / "case")
        command(["new", "case", "--copy", CASE], folder=folder)
        for number in range(1 if quick else 3):
            typed = [
                "report",
                "add",
                "--scenario",
                case,
                "--place",
                "Mapastepec",
                "--people",
                str(4000 + number),
            ]
            typed += ["--observed", EVENING, "--published", EVENING, "--source", "made up"]
            words = ["forecast", case, "--as-of", EVENING, "--members", str(MEMBERS), "--days", "14"]
            _, added, _ = command(typed, folder=folder)
            first, _, _ = command([*words, "--out", str(Path(folder) / "out")], folder=folder)
            lasts.append(added + first)
    note = (
        f"safepassage report add, then safepassage forecast to its first line, {MEMBERS} members, {CASE} as "
        f"of {EVENING}; by the clock"
    )
    return [at_most("track_new_report_s", min(lasts), 10.0, note)]


BENCHMARKS = (
    Benchmark((Wanted("track_all_reports_s", 60.0, AT_MOST),), all_reports),
    Benchmark((Wanted("track_new_report_s", 10.0, AT_MOST),), new_report),
)
