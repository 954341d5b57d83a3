"""What the commands show on a terminal: progress, notices, tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from safepassage.cli import interruption
from safepassage.core.errors import Fault


class _Console(Console):
    """Leaves it to the program what happens when the reader of the output goes away."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


# Columns of a table that is read by no terminal (a file, a pipe).
WIDE = 110
# Results go to standard output; everything said on the way goes to standard error.
out = _Console(markup=False, highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
err = _Console(markup=False, stderr=True, highlight=False, soft_wrap=True)


class BarProgress:
    """Shows `core.engine.Progress` as one bar per kind of work."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def say(self, done: int, total: int, what: str) -> None:
        """Move the bar of `what`; work of a single step is said in a line, on any screen."""
        interruption.check()
        if total == 1 and done == 0:
            err.print(what)
            return
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what, total=total)
        self._bars.update(self._tasks[what], completed=done, total=total)


@contextmanager
def progress_bar() -> Iterator[BarProgress]:
    """Show bars on standard error while the block runs; nothing where it is no terminal."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as bars:
        yield BarProgress(bars)


def tell_notices(notices: Sequence[Fault]) -> None:
    """Print what was read differently from how it was written, on standard error."""
    for notice in notices:
        err.print(f"· {notice}")


def tell_paths(found: dict[str, Any], folder: Path, paths: dict[str, Path], *, as_json: bool) -> None:
    """Say what was written: as part of one JSON object on standard output, or in a line beside it."""
    if as_json:
        told = found | {"paths": {name: str(path) for name, path in paths.items()}}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    listed = ", ".join(sorted(str(path.relative_to(folder)) for path in paths.values()))
    err.print(f"{folder}: {listed}")
