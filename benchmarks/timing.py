"""CPU time, the least of several runs, with the things that are compared taking turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from safepassage.core.draws import Draws
from safepassage.core.engine import Engine, State
from safepassage.engines.run import days_of

Work = Callable[[], object]


def cpu_seconds(work: Work) -> float:
    """Give the CPU seconds of one call, all threads together."""
    began = time.process_time()
    work()
    return time.process_time() - began


def least(works: Mapping[str, Work], *, repeats: int = 3) -> dict[str, float]:
    """Let works take turns, and give the least CPU seconds of each."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(repeats):
        for name, work in works.items():
            best[name] = min(best[name], cpu_seconds(work))
    return best


def live(engine: Engine[State], *, days: int, members: int = 1, seed: int = 1) -> State:
    """Run an engine for so many days, looking at every evening, and give the last state."""
    last: State | None = None
    for _, state, _ in days_of(engine, days=days, members=members, draws=Draws(seed)):
        last = state
    if last is None:
        message = "a run needs at least one day"
        raise ValueError(message)
    return last


def run_of(engine: Engine[State], *, days: int, members: int = 1) -> Work:
    """Make a work of a run."""
    return lambda: live(engine, days=days, members=members)
