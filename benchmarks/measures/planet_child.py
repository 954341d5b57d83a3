"""One member of cohorts on a large world, in a process of its own, so that its memory can be told.

    python -m benchmarks.measures.planet_child WORLD PEOPLE DAYS CELL_KM SECONDS

Runs until the seconds are over or all days are done, and prints one line of JSON.
"""

from __future__ import annotations

import inspect
import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.worlds import Journey, world
from safepassage.core.draws import Draws
from safepassage.engines.cohorts import Cohorts
from safepassage.engines.run import days_of
from safepassage.engines.timetable import Timetable, timetable_of


def peak_bytes() -> int:
    """Give the most memory that this process has held.

    The system's record of the process itself is read where there is one: what `getrusage` says of a child
    begins with the memory of the parent that it was forked from.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def engine_of(timetable: Timetable, cell_km: float) -> tuple[Any, float]:
    """Make cohorts with cells of this length, or of 1 km where that is all they have."""
    if "cell_km" in inspect.signature(Cohorts.__init__).parameters:
        return Cohorts(timetable, "benchmark", cell_km=cell_km), cell_km
    return Cohorts(timetable, "benchmark"), 1.0


def main() -> None:
    """Run, and print what it took."""
    name, people, days, cell_km, seconds = sys.argv[1], *(float(word) for word in sys.argv[2:6])
    began = time.process_time()
    scenario = world(name, Journey(people=int(people), days=int(days)))
    made = time.process_time()
    engine, cell_km = engine_of(timetable_of(scenario), cell_km)
    laid_out = time.process_time()
    draws, day_s, counted = Draws(1), [], 0
    clock = time.process_time()
    for _, _, view in days_of(engine, days=int(days), members=1, draws=draws):
        now = time.process_time()
        day_s.append(now - clock)
        clock = now
        counted = int(view.stock.sum() + view.on_road.sum())
        if now - laid_out > seconds:
            break
    result = {
        "cell_km": cell_km,
        "world_s": made - began,
        "timetable_s": laid_out - made,
        "day_s": day_s,
        "peak_bytes": peak_bytes(),
        "counted": counted,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
