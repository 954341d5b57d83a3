"""The only loop: init, then step and observe day by day, shown to whoever watches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from safepassage.core.draws import Draws
from safepassage.core.engine import DayView, Engine, NoProgress, Observer, Progress, State


def days_of(
    engine: Engine[State],
    *,
    days: int,
    members: int,
    draws: Draws,
    checkpoint: tuple[int, State] | None = None,
) -> Iterator[tuple[int, State, DayView]]:
    """Run an engine and yield (day, state, view) evening by evening; stop early by not asking for more.

    Parameters
    ----------
    engine : Engine
    days, members : int     both >= 1.
    draws : Draws
    checkpoint : (int, State) or None   a day and its evening, from an earlier run with the same engine,
        members and draws: goes on with the day after it, to the same bits.
    """
    state, first = engine.init(slots=np.arange(members), draws=draws), 0
    if checkpoint is not None:
        first, state = checkpoint[0] + 1, checkpoint[1]
    for day in range(first, days):
        state = engine.step(state, day=day, draws=draws)
        yield day, state, engine.observe(state)


def run(
    engine: Engine[State],
    *,
    days: int,
    members: int,
    draws: Draws,
    observers: Sequence[Observer],
    progress: Progress | None = None,
) -> State:
    """Run an engine over all days, showing each evening to every observer.

    Returns
    -------
    State       of the last evening.

    Raises
    ------
    ValueError  if there is no day to run.
    """
    watcher = progress or NoProgress()
    last: State | None = None
    for day, state, view in days_of(engine, days=days, members=members, draws=draws):
        for observer in observers:
            observer.see(day, view)
        watcher.say(day + 1, days, "days")
        last = state
    if last is None:
        message = "a run needs at least one day"
        raise ValueError(message)
    return last
