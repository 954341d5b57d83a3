"""conflicts.csv: intensity by place and day, by its documented meaning or as Flee's code reads it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from safepassage.adapters.flee.daily import DailyTable, Table, read_daily
from safepassage.adapters.flee.findings import Cell, Findings
from safepassage.adapters.flee.geography import Location
from safepassage.core.displacement import CONFLICT_ZONE
from safepassage.core.hazards import RoleChange

CONFLICTS = "input_csv/conflicts.csv"
NONE_BELOW = 1e-6
Conflict = tuple[NDArray[np.float64], NDArray[np.int32]]


def read_conflict(
    findings: Findings,
    path: Path,
    locations: tuple[Location, ...],
    intensity: NDArray[np.float64],
    *,
    days: int,
    compat: bool,
) -> tuple[Conflict, NDArray[np.int64]]:
    """Read which conflict is in force where on each day, and since when.

    Parameters
    ----------
    findings : Findings
    path : Path         of conflicts.csv.
    locations : tuple of Location
    intensity : (n,) float64    of places in conflict that the file does not name.
    days : int
    compat : bool

    Returns
    -------
    conflict, since : (days, n) float64, int32      see `Displacement`.
    named : (c,) int64                              places that the file has a column for.
    """
    table = read_daily(findings, Table(path, CONFLICTS, 1e6), tuple(one.name for one in locations), days=days)
    if not len(table.places) and not any(one.role == CONFLICT_ZONE for one in locations):
        findings.fault(
            Cell(CONFLICTS), "no conflict zone", "at least one", "name one, so that people can leave"
        )
    found = (_as_in_code if compat else _as_documented)(locations, intensity, table, days)
    _report(findings, found[0], table, compat=compat)
    return found, table.places


def conflict_without_file(
    locations: tuple[Location, ...], intensity: NDArray[np.float64], *, days: int
) -> Conflict:
    """Give the conflict of a folder that is driven by floods: that of locations.csv alone."""
    nothing = DailyTable(np.zeros(0, dtype=np.int64), np.zeros((days, 0)), 0)
    return _as_documented(locations, intensity, nothing, days)


def with_changes(
    conflict: Conflict,
    changes: tuple[RoleChange, ...],
    named: NDArray[np.int64],
    intensity: NDArray[np.float64],
) -> Conflict:
    """Let places become conflict zones, or cease to be, on a day; conflicts.csv may start one on top of that.

    Parameters
    ----------
    conflict : (days, n) arrays as of `read_conflict`
    changes : tuple of RoleChange
    named : (c,) int64          places that conflicts.csv rules over.
    intensity : (n,) float64    intensity of a place that becomes a conflict zone.
    """
    table, since = conflict
    for change in sorted(changes, key=lambda one: one.day):
        day, place = max(0, change.day), change.place
        if day >= len(table):
            continue
        if change.role == CONFLICT_ZONE:
            quiet = table[day:, place] <= 0.0
            table[day:, place][quiet] = intensity[place]
            since[day:, place][quiet] = day
        elif place not in named:
            table[day:, place] = 0.0
    return table, since


def _report(findings: Findings, conflict: NDArray[np.float64], table: DailyTable, *, compat: bool) -> None:
    days = len(conflict)
    idle = int((conflict <= 0).all(axis=1).sum())
    if idle:
        found, mend = f"{idle} of {days} days without any conflict", "those due to leave then leave later"
        findings.notice(Cell(CONFLICTS), found, "a conflict zone on every day", mend)
    if table.rows < days and len(table.places):
        found = f"{table.rows} rows for {days} days"
        mend = "the last row was taken to hold from then on; add the missing days"
        findings.notice(Cell(CONFLICTS), found, "one row per day", mend)
    if not compat:
        return
    values = table.values
    both = (values[1:] > NONE_BELOW) & (values[:-1] > NONE_BELOW)
    ignored = int((both & (values[1:] != values[:-1])).sum())
    if ignored:
        found = f"{ignored} changes of an intensity that goes on"
        mend = "Flee's code ignores them, and so here"
        findings.notice(Cell(CONFLICTS), found, "only beginnings and ends", mend)


def _as_documented(
    locations: tuple[Location, ...], intensity: NDArray[np.float64], table: DailyTable, days: int
) -> Conflict:
    """Take the intensity of the day; a place that the file does not name follows its conflict_date."""
    conflict = np.zeros((days, len(locations)))
    conflict[:, table.places] = table.values
    named = set(table.places.tolist())
    for place, location in enumerate(locations):
        if place not in named and location.role == CONFLICT_ZONE:
            conflict[location.conflict_day :, place] = intensity[place]
    conflict[conflict <= NONE_BELOW] = 0.0
    since = np.zeros((days, len(locations)), dtype=np.int32)
    for day in range(1, days):
        begins = (conflict[day] > 0) & (conflict[day - 1] == 0)
        since[day] = np.where(begins, day, since[day - 1])
    return conflict, since


def _as_in_code(
    locations: tuple[Location, ...], intensity: NDArray[np.float64], table: DailyTable, days: int
) -> Conflict:
    """Take only beginnings and ends; an intensity that changes in between stays what it was at first."""
    active, began = np.zeros(len(locations)), np.full(len(locations), -1, dtype=np.int32)
    for place, location in enumerate(locations):
        if location.role == CONFLICT_ZONE and location.conflict_day == 0:
            active[place] = intensity[place]
    conflict = np.zeros((days, len(locations)))
    since = np.full((days, len(locations)), -1, dtype=np.int32)
    before = np.zeros(len(table.places))
    for day in range(days):
        values = table.values[day]
        begins = (values > NONE_BELOW) & (before < NONE_BELOW)
        ends = (values < NONE_BELOW) & (before >= NONE_BELOW)
        active[table.places[begins]] = values[begins]
        began[table.places[begins]] = day
        active[table.places[ends]] = 0.0
        conflict[day], since[day], before = active, began, values
    return conflict, since
