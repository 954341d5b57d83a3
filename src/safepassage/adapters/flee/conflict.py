"""conflicts.csv: intensity by place and day, by its documented meaning or as Flee's code reads it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from safepassage.adapters.flee.findings import Cell, Findings, number, shown, whole
from safepassage.adapters.flee.geography import Location, attribute
from safepassage.adapters.flee.rows import Rows, read_rows
from safepassage.core.displacement import CONFLICT_ZONE

CONFLICTS = "input_csv/conflicts.csv"
NONE_BELOW = 1e-6
Intensities = dict[int, NDArray[np.float64]]


def read_conflict(
    findings: Findings, folder: Path, locations: tuple[Location, ...], *, days: int, compat: bool
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Read which conflict is in force where on each day, and since when.

    Returns
    -------
    conflict, since : (days, n) float64, int32      see `Displacement`.
    """
    columns, first_rows = _columns(findings, folder, locations, days)
    if not columns and not any(one.role == CONFLICT_ZONE for one in locations):
        findings.fault(
            Cell(CONFLICTS), "no conflict zone", "at least one", "name one, so that people can leave"
        )
    conflict, since = (_as_in_code if compat else _as_documented)(findings, locations, columns, days)
    idle = int((conflict <= 0).all(axis=1).sum())
    if idle:
        found, mend = f"{idle} of {days} days without any conflict", "those due to leave then leave later"
        findings.notice(Cell(CONFLICTS), found, "a conflict zone on every day", mend)
    if first_rows < days and columns:
        found = f"{first_rows} rows for {days} days"
        mend = "the last row was taken to hold from then on; add the missing days"
        findings.notice(Cell(CONFLICTS), found, "one row per day", mend)
    if compat and columns:
        _report_ignored(findings, columns)
    return conflict, since


def _columns(
    findings: Findings, folder: Path, locations: tuple[Location, ...], days: int
) -> tuple[Intensities, int]:
    """Read the file's columns by place, each `days` long, and how many rows there were."""
    rows = read_rows(findings, folder / CONFLICTS, CONFLICTS)
    if not rows.header and rows.lines:
        findings.fault(Cell(CONFLICTS, 1), "no header", "#Day and names of places", "add the header line")
        return {}, 0
    index = {one.name: k for k, one in enumerate(locations)}
    names = [name.lstrip("﻿#") if name.startswith("﻿") else name for name in rows.header]
    unknown = sorted({name for name in names[1:] if name and name not in index} - findings.faulty_places)
    if unknown:
        some = ", ".join(shown(name) for name in unknown[:5])
        mend = "correct the names; these columns were left out"
        findings.notice(
            Cell(CONFLICTS, 1), f"{len(unknown)} unknown places ({some})", "names of locations.csv", mend
        )
    table = _table(findings, rows, [index.get(name, -1) for name in names], days)
    repeated = {name for name in names[1:] if name in index and names[1:].count(name) > 1}
    for name in sorted(repeated):
        findings.fault(Cell(CONFLICTS, 1, name), "two columns", "each place once", "remove one")
    return table, _covered(rows)


def _covered(rows: Rows) -> int:
    return len(rows.lines)


def _table(findings: Findings, rows: Rows, places: list[int], days: int) -> Intensities:
    table = {place: np.zeros(days) for place in places[1:] if place >= 0}
    expected_day, short = 0, 0
    named = 1 + max((k for k, name in enumerate(rows.header) if name), default=0)
    for line, fields in rows.lines:
        day = whole(findings, Cell(CONFLICTS, line, "#Day"), fields[0], high=100_000)
        if day is None:
            return table
        if day != expected_day:
            mend = "number the rows 0, 1, 2 … without gaps"
            findings.fault(Cell(CONFLICTS, line, "#Day"), f"day {day}", f"day {expected_day}", mend)
            return table
        expected_day += 1
        short += len(fields) < named
        if day < days:
            _fill(findings, (line, fields), places, (table, day))
    last = min(expected_day, days) - 1
    for column in table.values():
        column[last + 1 :] = column[last] if last >= 0 else 0.0
    if short:
        found, mend = f"{short} rows with fewer columns than the header", "missing cells were read as 0"
        findings.notice(Cell(CONFLICTS), found, "a value for every place", mend)
    return table


def _fill(
    findings: Findings,
    record: tuple[int, tuple[str, ...]],
    places: list[int],
    into: tuple[Intensities, int],
) -> None:
    (line, fields), (table, day) = record, into
    for place, text in zip(places[1:], fields[1:], strict=False):
        if place < 0 or text in ("", "0"):
            continue
        value = 1.0 if text == "1" else number(findings, Cell(CONFLICTS, line), text, low=0, high=1e6)
        table[place][day] = value or 0.0


def _as_documented(
    findings: Findings, locations: tuple[Location, ...], columns: Intensities, days: int
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Take the intensity of the day; a place that the file does not name follows its conflict_date."""
    conflict = np.zeros((days, len(locations)))
    for place, location in enumerate(locations):
        if place in columns:
            conflict[:, place] = columns[place]
        elif location.role == CONFLICT_ZONE:
            conflict[location.conflict_day :, place] = attribute(
                findings, location, "conflict_intensity", default=1.0, high=1e6
            )
    conflict[conflict <= NONE_BELOW] = 0.0
    since = np.zeros((days, len(locations)), dtype=np.int32)
    for day in range(1, days):
        begins = (conflict[day] > 0) & (conflict[day - 1] == 0)
        since[day] = np.where(begins, day, since[day - 1])
    return conflict, since


def _as_in_code(
    findings: Findings, locations: tuple[Location, ...], columns: Intensities, days: int
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Take only beginnings and ends; an intensity that changes in between stays what it was at first."""
    conflict = np.zeros((days, len(locations)))
    since = np.full((days, len(locations)), -1, dtype=np.int32)
    for place, location in enumerate(locations):
        active, began = 0.0, -1
        if location.role == CONFLICT_ZONE and location.conflict_day == 0:
            active = attribute(findings, location, "conflict_intensity", default=1.0, high=1e6)
        values = columns.get(place)
        for day in range(days):
            if values is not None:
                before = values[day - 1] if day else 0.0
                if values[day] > NONE_BELOW and before < NONE_BELOW:
                    active, began = float(values[day]), day
                elif values[day] < NONE_BELOW <= before:
                    active = 0.0
            conflict[day, place], since[day, place] = active, began
    return conflict, since


def _report_ignored(findings: Findings, columns: Intensities) -> None:
    table = np.stack(list(columns.values()), axis=1)
    both = (table[1:] > NONE_BELOW) & (table[:-1] > NONE_BELOW)
    ignored = int((both & (table[1:] != table[:-1])).sum())
    if ignored:
        found = f"{ignored} changes of an intensity that goes on"
        findings.notice(
            Cell(CONFLICTS), found, "only beginnings and ends", "Flee's code ignores them, and so here"
        )
