"""Tables with a row per day and a column per place: conflicts.csv, flood_level.csv."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from safepassage.adapters.flee.findings import Cell, Findings, number, shown, whole
from safepassage.adapters.flee.rows import Rows, read_rows


@dataclass(frozen=True)
class DailyTable:
    """What a table says of c places on its days.

    Parameters
    ----------
    places : (c,) int64         positions in the locations.
    values : (days, c) float64  the last row of the file holds on the days it does not reach.
    rows : int                  rows that the file had.
    """

    places: NDArray[np.int64]
    values: NDArray[np.float64]
    rows: int


@dataclass(frozen=True)
class Table:
    """Which file to read as a daily table, and between which bounds its numbers lie."""

    path: Path
    name: str
    high: float


def read_daily(
    findings: Findings, table: Table, names: tuple[str, ...], *, days: int, required: bool = True
) -> DailyTable:
    """Read a table of days and places; columns of unknown places are left out with a notice."""
    nothing = DailyTable(np.zeros(0, dtype=np.int64), np.zeros((days, 0)), 0)
    rows = read_rows(findings, table.path, table.name, required=required)
    if not rows.header and rows.lines:
        mend = "add the header line"
        findings.fault(Cell(table.name, 1), "no header", "#Day and names of places", mend)
        return nothing
    index = {name: k for k, name in enumerate(names)}
    header = [name.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}#") for name in rows.header]
    unknown = sorted({name for name in header[1:] if name and name not in index} - findings.faulty_places)
    if unknown:
        some = ", ".join(shown(name) for name in unknown[:5])
        mend = "correct the names; these columns were left out"
        expected = "names of locations.csv"
        findings.notice(Cell(table.name, 1), f"{len(unknown)} unknown places ({some})", expected, mend)
    known = [k for k in range(1, len(header)) if header[k] in index]
    met: set[str] = set()
    for name in (header[k] for k in known):
        if name in met:
            findings.fault(Cell(table.name, 1, name), "two columns", "each place once", "remove one")
        met.add(name)
    values, count = _values(findings, table, rows, known, days)
    return DailyTable(np.array([index[header[k]] for k in known], dtype=np.int64), values, count)


def _values(
    findings: Findings, table: Table, rows: Rows, known: list[int], days: int
) -> tuple[NDArray[np.float64], int]:
    values = np.zeros((days, len(known)))
    named = 1 + max((k for k, name in enumerate(rows.header) if name), default=0)
    names, expected_day, short = [rows.header[k] for k in known], 0, 0
    for line, fields in rows.lines:
        day = whole(findings, Cell(table.name, line, "#Day"), fields[0], high=100_000)
        if day is None:
            return values, expected_day
        if day != expected_day:
            mend = "number the rows 0, 1, 2 … without gaps"
            findings.fault(Cell(table.name, line, "#Day"), f"day {day}", f"day {expected_day}", mend)
            return values, expected_day
        expected_day += 1
        short += len(fields) < named
        if day < days:
            cells = [fields[k] or "0" if k < len(fields) else "0" for k in known]
            values[day] = numbers(findings, (table.name, line), (cells, names), high=table.high)
    last = min(expected_day, days) - 1
    if last >= 0:
        values[last + 1 :] = values[last]
    if short:
        found, mend = f"{short} rows with fewer columns than the header", "missing cells were read as 0"
        findings.notice(Cell(table.name), found, "a value for every place", mend)
    return values, expected_day


def numbers(
    findings: Findings, where: tuple[str, int], row: tuple[list[str], list[str]], *, high: float
) -> NDArray[np.float64]:
    """Read the cells of one row: all at once where they are plain numbers, else one by one.

    Parameters
    ----------
    findings : Findings
    where : (file, line)
    row : (cells, names of their columns)
    high : float        highest number that is allowed; the lowest is 0.
    """
    cells, names = row
    try:
        values = np.array(cells, dtype=np.float64) if cells else np.zeros(0)
    except ValueError:
        values = np.full(len(cells), np.nan)
    if (values >= 0).all() and (values <= high).all():
        return values
    for k, text in enumerate(cells):
        values[k] = number(findings, Cell(*where, names[k]), text, low=0, high=high) or 0.0
    return values
