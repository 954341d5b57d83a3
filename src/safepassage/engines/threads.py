"""The default executor: threads of this process; compiled kernels and numpy let them run side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class Threads:
    """`core.executor.Executor` on this machine's cores.

    A function may wait for handles of work that was submitted before it, never after it: work starts in the
    order of submission, so nobody waits for ever.

    Parameters
    ----------
    workers : int or None   None: as many as there are cores for this process.
    """

    block_s = 0.3

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or cores()
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="members")

    def send(self, value: Any) -> Any:
        """Give the value itself: threads share memory."""
        return value

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Start a function; arguments may be futures of earlier calls."""
        return self._pool.submit(_called, function, arguments)

    def items(self, handle: Any, count: int) -> tuple[Any, ...]:
        """Give what stands for each item of a tuple to come."""
        return tuple(_Item(handle, k) for k in range(count))

    def fetch(self, handles: Sequence[Any]) -> list[Any]:
        """Wait for the values."""
        return [_value(handle) for handle in handles]

    def close(self) -> None:
        """Drop what has not begun, and wait for what has."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class _Item:
    def __init__(self, future: Future[Any], number: int) -> None:
        self.future, self.number = future, number


def cores() -> int:
    """Count the cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def _value(handle: Any) -> Any:
    if isinstance(handle, _Item):
        return handle.future.result()[handle.number]
    return handle.result() if isinstance(handle, Future) else handle


def _called(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return function(*(_value(argument) for argument in arguments))
