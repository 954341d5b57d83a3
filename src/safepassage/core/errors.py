"""The one tree of errors, and the faults an input error carries.

::

    SafePassageError
    ├── InputError          your input: every fault found, each with file, row, column, found, expected, mend
    │   └── UnsupportedInput    the input is sound but asks for something this version does not do
    ├── ModelError          your model: what was asked cannot be computed; says what could be relaxed
    └── InternalError       our fault: an invariant broke
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# A screen holds about as many faults; `InputError.faults` has them all.
MOST_SHOWN = 25


@dataclass(frozen=True)
class Fault:
    """One thing wrong, or worth a notice, in what the user gave.

    Parameters
    ----------
    file : str          name of the file as the user knows it ("places.csv").
    found : str         what stands there.
    expected : str      what would be right.
    mend : str          how to mend it, as an instruction.
    row : int or None   line of the file, the header being line 1.
    column : str or None
    """

    file: str
    found: str
    expected: str
    mend: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column is not None:
            where += f", column '{self.column}'"
        return f"{where}: found {self.found}; expected {self.expected}. To mend: {self.mend}"


class SafePassageError(Exception):
    """Root of everything this package raises on purpose."""


class InputError(SafePassageError):
    """What the user gave cannot be used; carries every fault found, not the first.

    Parameters
    ----------
    faults : Fault or iterable of Fault
    headline : str      one sentence said before the list.
    """

    def __init__(self, faults: Fault | Iterable[Fault], headline: str = "") -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        self.headline = headline
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults[:MOST_SHOWN]]
        if len(lines) > 1:
            lines = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
        if len(self.faults) > MOST_SHOWN:
            lines.append(f"… and {len(self.faults) - MOST_SHOWN} more; mend these first")
        return "\n".join([self.headline, *lines] if self.headline else lines)


class UnsupportedInput(InputError):
    """The input is sound, but needs a rule that this version does not have."""


class ModelError(SafePassageError):
    """The model cannot answer this question; the message says what could be relaxed."""


class InternalError(SafePassageError):
    """An invariant of ours broke: please report it."""
