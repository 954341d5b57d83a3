"""A measured figure beside its target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

AT_LEAST, AT_MOST = "at_least", "at_most"


class Skipped(Exception):
    """Something that this machine lacks; the message says what."""


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Parameters
    ----------
    name : str
    value : float or None       as measured in this run; None: could not be measured, the note says why.
    target : float or None      None: only told, nothing to reach.
    direction : str             "at_least", "at_most", or "" without a target.
    note : str                  what exactly was measured.
    """

    name: str
    value: float | None
    target: float | None
    direction: str
    note: str

    @property
    def met(self) -> bool | None:
        """Tell whether the target was reached; None where there is no target or no value."""
        if self.value is None or self.target is None:
            return None
        return self.value >= self.target if self.direction == AT_LEAST else self.value <= self.target

    def as_json(self) -> dict[str, Any]:
        """Give the row as `--json` prints it."""
        row = asdict(self)
        return {**{key: row[key] for key in ("name", "value", "target", "direction")}, "met": self.met} | {
            "note": self.note
        }


def at_least(name: str, value: float, target: float, note: str) -> Row:
    """Make a row whose value should be high."""
    return Row(name, float(value), target, AT_LEAST, note)


def at_most(name: str, value: float, target: float, note: str) -> Row:
    """Make a row whose value should be low."""
    return Row(name, float(value), target, AT_MOST, note)


def told(name: str, value: float, note: str) -> Row:
    """Make a row without a target."""
    return Row(name, float(value), None, "", note)


@dataclass(frozen=True)
class Wanted:
    """A row that is to be measured: its target stands also where the measurement is skipped."""

    name: str
    target: float | None = None
    direction: str = ""

    def without(self, reason: str) -> Row:
        """Give the row of a measurement that could not be made."""
        return Row(self.name, None, self.target, self.direction, f"skipped: {reason}")


@dataclass(frozen=True)
class Benchmark:
    """One measurement: the rows it promises, and how to take it (the argument is `quick`)."""

    rows: tuple[Wanted, ...]
    take: Callable[[bool], list[Row]]

    def run(self, *, quick: bool) -> list[Row]:
        """Measure; what this machine lacks becomes a row that says so."""
        try:
            return self.take(quick)
        except Skipped as reason:
            return [row.without(str(reason)) for row in self.rows]
