"""source_data and registration_corrections.csv: how many people each camp counted, and on which dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from safepassage.adapters.flee.findings import Cell, Findings, day_date, shown, whole
from safepassage.adapters.flee.geography import Location
from safepassage.adapters.flee.rows import read_rows
from safepassage.core.displacement import Series

LAYOUT = "source_data/data_layout.csv"
CORRECTIONS = "input_csv/registration_corrections.csv"


@dataclass(frozen=True)
class Registrations:
    """Camps (positions in the places) with their series, the total, and camps that are no place."""

    camps: tuple[int, ...]
    series: tuple[Series, ...]
    total: Series | None
    elsewhere: tuple[Series, ...] = ()


def read_registrations(
    findings: Findings,
    folder: Path,
    locations: tuple[Location, ...],
    *,
    start: date,
    required: bool,
    compat: bool,
) -> Registrations:
    """Read the series of every camp.

    Parameters
    ----------
    findings : Findings
    folder : Path
    locations : tuple of Location
    start : date            day 0.
    required : bool         departures follow the series; without any the folder cannot be used.
    compat : bool           keep reports in the order of the file, and add up files as Flee does.
    """
    rows = read_rows(findings, folder / LAYOUT, LAYOUT, required=required)
    index = {one.name: k for k, one in enumerate(locations)}
    found: dict[int, Series] = {}
    total: Series | None = None
    elsewhere: list[Series] = []
    others: list[str] = []
    for position, (line, fields) in enumerate(rows.lines):
        name, files = fields[0], [one for one in fields[1:] if one]
        series = _added_up(findings, folder, (line, files), start=start, compat=compat)
        if name.lower() == "total":
            total = series
            if position:
                findings.notice(Cell(LAYOUT, line), "the total below camps", "the total first", "move it up")
        elif name not in index or not locations[index[name]].is_camp:
            if not required:
                others.append(name)
                continue
            mend = "correct the name or the type; its people count in the total only"
            findings.notice(Cell(LAYOUT, line), shown(name), "a camp of locations.csv", mend)
            elsewhere += [series] if series is not None else []
        elif index[name] in found:
            findings.fault(
                Cell(LAYOUT, line), f"{shown(name)} again", "each camp once", "remove one of the rows"
            )
        elif series is not None:
            found[index[name]] = series
    if others:
        some = ", ".join(shown(one) for one in others[:3])
        said = f"{len(others)} rows of places that are no camps ({some} …)"
        findings.notice(Cell(LAYOUT), said, "camps of locations.csv", "they are not compared with anything")
    _report_missing(findings, locations, found, required=required)
    camps = tuple(sorted(found))
    _report_alike(findings, [(locations[place].name, found[place]) for place in camps])
    return Registrations(camps, tuple(found[place] for place in camps), total, tuple(elsewhere))


def _report_missing(
    findings: Findings, locations: tuple[Location, ...], found: dict[int, Series], *, required: bool
) -> None:
    missing = [one.name for k, one in enumerate(locations) if one.is_camp and k not in found]
    if missing and found:
        some = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        said = f"no series for {len(missing)} camps ({some})"
        findings.notice(Cell(LAYOUT), said, "a series for every camp", "they are not compared with anything")
    if required and not found:
        expected = "a series of at least one camp"
        findings.fault(Cell(LAYOUT), "no series of any camp", expected, "name the camps and their files")


def _report_alike(findings: Findings, camps: list[tuple[str, Series]]) -> None:
    """Note camps that report the very same figures, as stand-ins for missing data do."""
    same: dict[tuple[bytes, bytes], list[str]] = {}
    for name, series in camps:
        if len(series.days) > 2:
            same.setdefault((series.days.tobytes(), series.people.tobytes()), []).append(name)
    for names in same.values():
        if len(names) > 1:
            found = f"the very same figures for {', '.join(names)}"
            findings.notice(
                Cell(LAYOUT), found, "figures of their own", "are these stand-ins? They were kept"
            )


def _added_up(
    findings: Findings, folder: Path, record: tuple[int, list[str]], *, start: date, compat: bool
) -> Series | None:
    line, files = record
    if not files:
        findings.fault(Cell(LAYOUT, line), "no file", "name,file.csv", "name the file of this series")
        return None
    parts = []
    for file in files:
        if Path(file).is_absolute() or ".." in Path(file).parts:
            findings.fault(Cell(LAYOUT, line), shown(file), "a file inside source_data", "move it there")
            continue
        part = _series(
            findings, folder / "source_data" / file, f"source_data/{file}", start=start, compat=compat
        )
        if part is not None:
            parts.append(part)
    if len(parts) < len(files):
        return None
    result = parts[0]
    for part in parts[1:]:
        result = _merged_as_in_code(result, part) if compat else _merged(result, part)
    return result


def _series(findings: Findings, path: Path, name: str, *, start: date, compat: bool) -> Series | None:
    rows = read_rows(findings, path, name)
    faults = len(findings.faults)
    days: list[int] = []
    people: list[int] = []
    for position, (line, fields) in enumerate(rows.lines):
        if len(fields) < 2 or not fields[1] or (position == 0 and not fields[0][:1].isdigit()):
            continue
        day = day_date(findings, Cell(name, line, "date"), fields[0])
        count = whole(findings, Cell(name, line, "count"), fields[1])
        if day is not None and count is not None:
            days.append((day - start).days)
            people.append(count)
    if rows.lines and not days and len(findings.faults) == faults:
        findings.fault(
            Cell(name), "no reports", "rows of date,count", "fill the file or remove it from the layout"
        )
    if not days:
        return None
    return _ordered(findings, name, (days, people), compat=compat)


def _ordered(findings: Findings, name: str, reports: tuple[list[int], list[int]], *, compat: bool) -> Series:
    days, people = np.array(reports[0], dtype=np.int64), np.array(reports[1], dtype=np.float64)
    gaps = np.diff(days)
    if (gaps < 0).any():
        mend = "they were kept in this order, as in Flee" if compat else "they were put in order"
        findings.notice(Cell(name), "dates out of order", "dates in order", mend)
    if compat:
        return Series(days, people)
    latest = {day: count for day, count in zip(days.tolist(), people.tolist(), strict=True)}
    if len(latest) < len(days):
        findings.notice(
            Cell(name), "dates that repeat", "each date once", "the last figure of each was taken"
        )
    order = sorted(latest)
    return Series(np.array(order, dtype=np.int64), np.array([latest[day] for day in order], dtype=np.float64))


def _merged(one: Series, other: Series) -> Series:
    """Add two series on all their dates, each read between its own reports."""
    days = np.union1d(one.days, other.days).astype(np.int64)
    return Series(days, one.at(days) + other.at(days))


def _merged_as_in_code(one: Series, other: Series) -> Series:
    """Add two series as Flee does: the last of `other` so far plus the next of `one`, until `other` ends."""
    days: list[int] = []
    people: list[float] = []
    at, last = 0, 0.0
    for day, count in zip(other.days.tolist(), other.people.tolist(), strict=True):
        while day > one.days[at]:
            days.append(int(one.days[at]))
            people.append(last + float(one.people[at]))
            if at == len(one.days) - 1:
                break
            at += 1
        if day <= one.days[at]:
            days.append(day)
            people.append(count + float(one.people[at]))
            if day == one.days[at] and at < len(one.days) - 1:
                at += 1
            last = count
    return Series(np.array(days, dtype=np.int64), np.array(people, dtype=np.float64))


def read_corrections(
    findings: Findings,
    folder: Path,
    registrations: Registrations,
    *,
    places: dict[str, int],
    start: date,
) -> tuple[tuple[int, int], ...]:
    """Read on which day each camp's registration became reliable; what fits no report does nothing."""
    rows = read_rows(findings, folder / CORRECTIONS, CORRECTIONS, required=False)
    result: list[tuple[int, int]] = []
    for line, fields in rows.lines:
        if len(fields) < 2:
            findings.fault(Cell(CORRECTIONS, line), "1 column", "camp,date", "add the date")
            continue
        when = day_date(findings, Cell(CORRECTIONS, line, "date"), fields[1])
        place = places.get(fields[0], -1)
        if when is None:
            continue
        if place not in registrations.camps:
            mend = "correct the name; it has no effect"
            findings.notice(Cell(CORRECTIONS, line), shown(fields[0]), "a camp with a series", mend)
            continue
        day = (when - start).days
        series = registrations.series[registrations.camps.index(place)]
        at = np.flatnonzero(series.days == day)
        if day < 0 or not len(at) or at[0] == 0 or series.people[at[0] - 1] <= 0:
            expected = "a date of a report after the start, with people in the report before"
            mend = "correct the date; it has no effect"
            findings.notice(Cell(CORRECTIONS, line, "date"), f"{fields[0]} on {when}", expected, mend)
            continue
        result.append((place, day))
    return tuple(result)
