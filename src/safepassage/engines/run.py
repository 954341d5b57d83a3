"""The only loop: init, then step and observe day by day, shown to whoever watches.

Members know nothing of each other, so the ensemble is cut into parts that run wherever an executor has room.
Parts run ahead by blocks of days and hand their evenings back, so the full cube of members is never kept, and
neither the parts nor the blocks change a bit of the result.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.core.engine import Conduct, DayView, Engine, Observer, State, joined
from safepassage.core.executor import Executor
from safepassage.engines.threads import Threads

# Evenings that wait for their observers: bytes of all members together.
MOST_WAITING_BYTES = 64_000_000
LONGEST_BLOCK_DAYS = 64


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
    engine: Engine[Any],
    *,
    days: int,
    members: int,
    draws: Draws,
    observers: Sequence[Observer],
    conduct: Conduct | None = None,
) -> None:
    """Run an engine over all days, showing each evening of all members to every observer.

    Parameters
    ----------
    engine : Engine
    days, members : int
    draws : Draws
    observers : sequence of Observer
    conduct : Conduct or None       None: threads on all cores, nobody watching, nothing kept.

    Raises
    ------
    ValueError  if there is no day or nobody to run.
    """
    if days < 1 or members < 1:
        message = "a run needs at least one day and one member"
        raise ValueError(message)
    conduct = conduct or Conduct()
    pool = conduct.executor or Threads()
    try:
        _Parts(engine, draws, pool, members=members, days=days).go(observers, conduct)
    finally:
        if conduct.executor is None:
            pool.close()


@dataclass(frozen=True)
class _Block:
    """Days on their way: the first, the one after the last, and handles of their evenings and states."""

    first: int
    end: int
    views: list[Any]
    states: list[Any]


class _Parts:
    """An ensemble cut into parts: one for every worker, fewer where they would be too small to pay."""

    def __init__(self, engine: Engine[Any], draws: Draws, pool: Executor, *, members: int, days: int) -> None:
        self._engine, self._draws, self._pool, self._days = engine, draws, pool, days
        parts = max(1, min(pool.workers, members // engine.smallest_part))
        self._slots = np.array_split(np.arange(members), parts)

    def go(self, observers: Sequence[Observer], conduct: Conduct) -> None:
        """Run to the last day. The next block is under way while the last one is looked at."""
        progress, keeper = conduct.progress, conduct.keeper
        template = self._engine.init(slots=self._slots[0][:1], draws=self._draws)
        kept = keeper.restore(template, observers) if keeper else None
        work = self._pool.send((self._engine, self._draws))
        if kept is not None:
            first, states = kept[0] + 1, [self._pool.send(state) for state in kept[1]]
            progress.say(first, self._days, "days")
        else:
            first, states = 0, [self._pool.submit(begin, work, slots) for slots in self._slots]
        began = time.perf_counter()
        block = self._start(work, states, first, 1)
        while block is not None:
            views = self._pool.fetch(block.views)
            took, began = time.perf_counter() - began, time.perf_counter()
            following = self._start(work, block.states, block.end, self._length(block, took, views))
            for number, evening in enumerate(zip(*views, strict=True)):
                for observer in observers:
                    observer.see(block.first + number, joined(evening))
                progress.say(block.first + number + 1, self._days, "days")
            if keeper is not None and keeper.due() and following is not None:
                keeper.keep(block.end - 1, self._pool.fetch(block.states), observers)
            block = following

    def _start(self, work: Any, states: list[Any], first: int, length: int) -> _Block | None:
        end = min(first + length, self._days)
        if end <= first:
            return None
        done = [self._pool.submit(advance, work, state, first, end) for state in states]
        pairs = [self._pool.items(handle, 2) for handle in done]
        return _Block(first, end, [views for _, views in pairs], [state for state, _ in pairs])

    def _length(self, block: _Block, took_s: float, views: list[list[DayView]]) -> int:
        """Choose the next block's length: long enough to be worth sending, short enough to wait in memory."""
        length = block.end - block.first
        if took_s < self._pool.block_s:
            length *= 2
        elif took_s > 3 * self._pool.block_s:
            length = max(1, length // 2)
        bytes_a_day = sum(part[0].stock.nbytes for part in views)
        return max(1, min(length, LONGEST_BLOCK_DAYS, MOST_WAITING_BYTES // max(1, bytes_a_day)))


def begin(work: tuple[Engine[Any], Draws], slots: NDArray[np.int64]) -> Any:
    """Give the evening before day 0 for the members in some slots."""
    engine, draws = work
    return engine.init(slots=slots, draws=draws)


def advance(work: tuple[Engine[Any], Draws], state: Any, first: int, end: int) -> tuple[Any, list[DayView]]:
    """Let the members of one part live the days from `first` up to, not including, `end`."""
    engine, draws = work
    views = []
    for day in range(first, end):
        state = engine.step(state, day=day, draws=draws)
        views.append(engine.observe(state))
    return state, views
