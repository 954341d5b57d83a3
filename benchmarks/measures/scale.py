"""Absolute orientation: large worlds, many members, start-up."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.flee_folder import write_flee_folder
from benchmarks.measures.cohorts import pair
from benchmarks.rows import AT_MOST, Benchmark, Row, Skipped, Wanted, at_most, told
from benchmarks.timing import least, live, run_of
from benchmarks.worlds import Journey, world

ROOT = Path(__file__).resolve().parents[2]
DAYS = 300
FULL = "SAFEPASSAGE_BENCHMARK_FULL"  # set by --full, for the children
LONGEST_S = 560


def _child(name: str, people: float, *, cell_km: float, seconds: float) -> dict[str, Any]:
    """Run a large world in a process of its own, as far as it gets in so many seconds."""
    if os.environ.get(FULL):
        seconds = 1e6
    words = [sys.executable, "-m", "benchmarks.measures.planet_child", name]
    words += [str(number) for number in (people, DAYS, cell_km, seconds)]
    limit = None if os.environ.get(FULL) else LONGEST_S
    try:
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        message = f"not one day within {LONGEST_S} s"
        raise Skipped(message) from None
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        message = "the run failed"
        raise Skipped(message)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def _all_days(result: dict[str, Any]) -> tuple[float, str]:
    """Give the seconds of all days, projected where not all were run."""
    day_s = result["day_s"]
    if len(day_s) >= DAYS:
        return sum(day_s), f"all {DAYS} days run"
    last = day_s[-max(1, len(day_s) // 4) :]
    rest = (DAYS - len(day_s)) * sum(last) / len(last)
    said = (
        f"projected from {len(day_s)} days, at {sum(last) / len(last):.3g} s for each of the last {len(last)}"
    )
    return sum(day_s) + rest, said


def five_thousand(quick: bool) -> list[Row]:
    """Tell the time of 10^9 people on 5,000 places."""
    result = _child("region", 1e9, cell_km=1.0, seconds=3.0 if quick else 25.0)
    seconds, said = _all_days(result)
    note = (
        f"orientation, CPU seconds on one core: 10^9 people, {DAYS} days, one member; {said};"
        f" layout {result['timetable_s']:.2g} s besides"
    )
    return [at_most("orientation_1e9_people_5000_places_s", seconds, 20.0, note)]


def planet(quick: bool) -> list[Row]:
    """Tell time and memory of everybody on Earth on 50,000 places."""
    result = _child("planet", 8e9, cell_km=10.0, seconds=5.0 if quick else 60.0)
    seconds, said = _all_days(result)
    note = (
        f"orientation, CPU seconds on one core: 8x10^9 people, 200,000 links, {DAYS} days,"
        f" {result['cell_km']:g} km cells, one member; {said}; world {result['world_s']:.2g} s and layout"
        f" {result['timetable_s']:.2g} s besides"
    )
    memory = (
        f"most memory of the process that made and ran it, in GB (10^9 bytes), {len(result['day_s'])} days"
    )
    return [
        at_most("orientation_8e9_people_50000_places_s", seconds, 600.0, note),
        at_most("orientation_8e9_people_50000_places_gb", result["peak_bytes"] / 1e9, 1.0, memory),
    ]


def thousand(quick: bool) -> list[Row]:
    """Tell the time of a thousand members in cohorts."""
    both = pair("standard", 10**6)
    members = 4 if quick else 32
    live(both.cohorts, days=2)
    work = run_of(both.cohorts, days=DAYS, members=members)
    cpu = least({"cohorts": work}, repeats=1 if quick else 2)["cohorts"]
    note = (
        f"orientation, CPU seconds on one core: 1,000 members x {DAYS} days, 10^6 people, 50 places;"
        f" {members} members measured, members cost alike"
    )
    return [at_most("orientation_1000_members_cohorts_s", cpu * 1000 / members, 25.0, note)]


def command(words: list[str], *, repeats: int = 1, folder: str | None = None) -> tuple[float, float, float]:
    """Run the command line; give the least wall seconds to the first line, to the end, and CPU seconds."""
    program = Path(sys.executable).with_name("safepassage")
    if not program.exists():
        message = "the command safepassage is not installed beside this Python"
        raise Skipped(message)
    firsts, lasts, cpus = [], [], []
    for _ in range(repeats):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        # A second run finds its modules compiled, unless the surroundings forbid Python to keep them.
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        with subprocess.Popen(
            [str(program), *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=kept, cwd=folder
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            firsts.append(time.perf_counter() - began)
            process.stdout.read()
        lasts.append(time.perf_counter() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        if process.returncode:
            message = f"safepassage {words[0]} failed"
            raise Skipped(message)
    return min(firsts), min(lasts), min(cpus)


def start_up(quick: bool) -> list[Row]:
    """Tell how long the command takes to say what it can do, and to forecast the built-in case."""
    command(["--help"], repeats=1)  # compiles
    _, wall, cpu = command(["--help"], repeats=3 if quick else 7)
    with tempfile.TemporaryDirectory() as folder:
        words = ["forecast", "--out", str(Path(folder) / "out")]
        command(words, repeats=1)  # compiles
        first, last, first_cpu = command(words, repeats=1 if quick else 3)
    said = f"to the end, report and maps written, {last:.2g} s; {first_cpu:.2g} CPU s"
    return [
        at_most("startup_help_s", wall, 0.5, f"safepassage --help by the clock ({cpu:.2g} CPU s)"),
        at_most(
            "startup_builtin_forecast_s",
            first,
            3.0,
            f"safepassage forecast, built-in case, compiled before, to its first line by the clock; {said}",
        ),
    ]


def large_folder(quick: bool) -> list[Row]:
    """Tell the time of a forecast from a folder of 20,000 places, from the command to the last file."""
    if not os.environ.get(FULL):
        message = "only with --full"
        raise Skipped(message)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        journey = Journey(people=1_000_000, days=60, leave_days=30)
        write_flee_folder(world("netherlands", journey), source)
        words = ["forecast", str(source), "--as-of", "2025-02-01", "--days", "14", "--members", "4"]
        _, wall, cpu = command([*words, "--out", str(Path(folder) / "out")], repeats=1)
    note = (
        f"safepassage forecast on a Flee folder of 20,000 places and 60,000 roads, 46 days, 4 members, with"
        f" reading and all reports; {wall:.3g} s by the clock"
    )
    return [told("forecast_of_a_folder_of_20000_places_cpu_s", cpu, note)]


BENCHMARKS = (
    Benchmark((Wanted("orientation_1e9_people_5000_places_s", 20.0, AT_MOST),), five_thousand),
    Benchmark(
        (
            Wanted("orientation_8e9_people_50000_places_s", 600.0, AT_MOST),
            Wanted("orientation_8e9_people_50000_places_gb", 1.0, AT_MOST),
        ),
        planet,
    ),
    Benchmark((Wanted("orientation_1000_members_cohorts_s", 25.0, AT_MOST),), thousand),
    Benchmark((Wanted("forecast_of_a_folder_of_20000_places_cpu_s"),), large_folder),
    Benchmark(
        (Wanted("startup_help_s", 0.5, AT_MOST), Wanted("startup_builtin_forecast_s", 3.0, AT_MOST)),
        start_up,
    ),
)
