"""Where the parts of an ensemble are computed: threads here, or the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol


class Executor(Protocol):
    """Runs plain functions of plain values. A *handle* stands for a value that lies where it was computed.

    Parameters
    ----------
    workers : int       parts that can be computed at the same time.
    block_s : float     how long one piece of work should take at least, in seconds, to be worth sending.
    """

    workers: int
    block_s: float

    def send(self, value: Any) -> Any:
        """Put a value where every worker finds it; give its handle."""
        ...

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Start a pure function of a module; arguments may be handles. Give the handle of its result."""
        ...

    def items(self, handle: Any, count: int) -> tuple[Any, ...]:
        """Give a handle for each of the `count` items of a tuple that a handle stands for."""
        ...

    def fetch(self, handles: Sequence[Any]) -> list[Any]:
        """Wait for the values and bring them here.

        Raises
        ------
        Exception       whatever the function raised.
        """
        ...

    def close(self) -> None:
        """Give up what is still waiting, and let the workers go."""
        ...
