"""What is found while a folder is read: faults that forbid its use, and notices of what is odd."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date

from safepassage.core.errors import Fault

MOST_PEOPLE = 2_000_000_000
THOUSANDS = re.compile(r"^[+-]?\d{1,3}([,' ]\d{3})+$")


@dataclass
class Findings:
    """Faults and notices, gathered over all files."""

    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    # Places whose own row has a fault: that other files name them is none.
    faulty_places: set[str] = field(default_factory=set)

    def fault(self, where: Cell, found: str, expected: str, mend: str) -> None:
        """Note something that forbids the use of the folder."""
        self.faults.append(where.of(found, expected, mend))

    def notice(self, where: Cell, found: str, expected: str, mend: str) -> None:
        """Note something odd that was read all the same."""
        self.notices.append(where.of(found, expected, mend))


@dataclass(frozen=True)
class Cell:
    """A place in a file: name, line, column."""

    file: str
    row: int | None = None
    column: str | None = None

    def of(self, found: str, expected: str, mend: str) -> Fault:
        """Make a fault at this place."""
        return Fault(self.file, found, expected, mend, self.row, self.column)


def shown(text: str) -> str:
    """Quote what stands in a cell, shortened."""
    return f"'{text}'" if len(text) <= 40 else f"'{text[:37]}…'"


def number(findings: Findings, where: Cell, text: str, *, low: float, high: float) -> float | None:
    """Read a number between two bounds; None and a fault where there is none.

    Figures with separators between thousands ("22,849") are read with a notice.
    """
    clean = text.strip()
    if THOUSANDS.match(clean):
        plain = re.sub(r"[,' ]", "", clean)
        findings.notice(where, shown(text), "a number without separators", f"write {plain}")
        clean = plain
    try:
        value = float(clean)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or not low <= value <= high:
        findings.fault(where, shown(text), f"a number from {low:g} to {high:g}", "correct this cell")
        return None
    return value


def whole(findings: Findings, where: Cell, text: str, *, low: int = 0, high: int = MOST_PEOPLE) -> int | None:
    """Read a whole number between two bounds; a fraction is cut off with a notice."""
    value = number(findings, where, text, low=low, high=high)
    if value is None:
        return None
    if value != int(value):
        findings.notice(where, shown(text), "a whole number", f"write {int(value)}, which is what was read")
    return int(value)


def day_date(findings: Findings, where: Cell, text: str) -> date | None:
    """Read a date YYYY-MM-DD of 1900 to 2199; None and a fault where there is none."""
    parts = re.match(r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$", text)
    if parts and 1900 <= int(parts[1]) < 2200:
        try:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
        except ValueError:
            pass
    findings.fault(where, shown(text), "a date like 2016-03-31", "write year, month and day in this order")
    return None
