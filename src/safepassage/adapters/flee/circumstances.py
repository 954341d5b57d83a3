"""What goes on around people: floods, hunger, places that change, ways that everybody knows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from safepassage.adapters.flee.daily import Table, read_daily
from safepassage.adapters.flee.findings import Cell, Findings, number, shown, whole
from safepassage.adapters.flee.geography import Location, role_of
from safepassage.adapters.flee.rows import read_rows
from safepassage.adapters.flee.setting_reader import Settings
from safepassage.core.displacement import FLOOD_ZONE, MARKER
from safepassage.core.hazards import Floods, Hunger, RoleChange
from safepassage.core.network import Links, Places

FLOODS = "input_csv/flood_level.csv"
HUNGER = "input_csv/region_attributes_IPC.csv"
CHANGES = "location_changes.csv"
MAJOR = "input_csv/major_routes.csv"
HIGHEST_LEVEL = 10_000


def read_floods(
    findings: Findings, path: Path, locations: tuple[Location, ...], settings: Settings, *, days: int
) -> Floods | None:
    """Read flood_level.csv, where floods drive departures or weigh on choices; None: there are none."""
    law = settings.law
    weigh = bool(law.flood_movechances or law.flood_loc_weights or law.flood_forecast_days)
    driven = settings.driven_by == "flood"
    if not driven and not path.is_file():
        if weigh:
            found, mend = "no such file", "add it; until then flood_rules have no effect"
            findings.notice(Cell(FLOODS), found, "levels of flood by day and place", mend)
        return None
    if not driven and not weigh:
        where, reason = Cell(FLOODS), "no rule of this folder asks for floods"
        findings.notice(where, "a file that is not read", "none", reason)
        return None
    names = tuple(one.name for one in locations)
    table = read_daily(findings, Table(path, FLOODS, float(HIGHEST_LEVEL)), names, days=days)
    if table.rows < days and len(table.places):
        found = f"{table.rows} rows for {days} days"
        mend = "the last row was taken to hold from then on; add the missing days"
        findings.notice(Cell(FLOODS), found, "one row per day", mend)
    whole_levels = np.trunc(table.values)
    if (whole_levels != table.values).any():
        findings.notice(Cell(FLOODS), "levels with a fraction", "whole levels", "the fraction was cut off")
    level = _within_lists(findings, whole_levels.astype(np.int64), settings)
    if driven and not (level > 0).any():
        findings.fault(Cell(FLOODS), "no flood", "a level above 0", "name a flood, so that people can leave")
    zone = np.array([one.role == FLOOD_ZONE for one in locations], dtype=bool)
    return Floods(places=table.places, level=level.astype(np.int16), zone=zone)


def _within_lists(
    findings: Findings, level: np.ndarray[tuple[int, ...], np.dtype[np.int64]], settings: Settings
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Cut levels above max_flood_level, and tell of those that a list of the settings does not reach."""
    law, highest = settings.law, int(level.max(initial=0))
    most = settings.max_flood_level
    if most is not None and highest > most and not law.compat:
        found, expected = f"levels up to {highest}", f"levels up to max_flood_level, {most}"
        findings.notice(Cell(FLOODS), found, expected, f"higher levels were taken as {most}")
        level, highest = np.minimum(level, most), most
    lists = {
        "flood_movechances": law.flood_movechances,
        "flood_loc_weights": law.flood_loc_weights,
        "displaced_per_flood_day": settings.people_per_flood_day if settings.driven_by == "flood" else (),
    }
    for name, values in lists.items():
        # Flee's code reads a list between two of its values, and so never reaches its last.
        usable = len(values) - 2 if law.compat else len(values) - 1
        if values and highest > usable:
            found = f"levels up to {highest}, and {len(values)} values in {name}"
            mend = "levels beyond the list count as its last value"
            if law.compat:
                mend = "Flee stops there; here such levels count as the last value of the list"
            findings.notice(Cell(FLOODS), found, f"levels up to {usable}", mend)
    return level


def read_hunger(
    findings: Findings, folder: Path, locations: tuple[Location, ...], settings: Settings, *, days: int
) -> Hunger | None:
    """Read region_attributes_IPC.csv, where a rule asks for it."""
    law = settings.law
    is_asked = law.flee_when_starving or law.starvation_driven_spawning or law.avoid_food_deprived_locations
    path = folder / HUNGER
    if not is_asked:
        if path.is_file():
            reason = "no rule of this folder asks for hunger"
            findings.notice(Cell(HUNGER), "a file that is not read", "none", reason)
        return None
    rows = read_rows(findings, path, HUNGER)
    if not rows.header and rows.lines:
        findings.fault(Cell(HUNGER, 1), "no header", "#Day and names of regions", "add the header line")
    regions = [name for name in rows.header[1:] if name]
    if rows.header and not regions:
        expected, mend = "a column for every region of locations.csv", "name the regions"
        findings.fault(Cell(HUNGER, 1), "no region", expected, mend)
    for name in sorted({name for name in regions if regions.count(name) > 1}):
        findings.fault(Cell(HUNGER, 1, name), "two columns", "each region once", "remove one")
    when: list[int] = []
    shares: list[list[float]] = []
    for line, fields in rows.lines:
        day = whole(findings, Cell(HUNGER, line, "#Day"), fields[0], low=-100_000, high=100_000)
        if day is not None and when and day <= when[-1]:
            findings.fault(
                Cell(HUNGER, line, "#Day"), f"day {day}", f"a day after {when[-1]}", "put days in order"
            )
        when.append(day if day is not None else 0)
        shares.append([])
        for k, name in enumerate(rows.header[1:], start=1):
            if name:
                text = fields[k] if k < len(fields) and fields[k] else ""
                value = number(findings, Cell(HUNGER, line, name), text, low=0, high=100)
                shares[-1].append((value or 0.0) / 100.0)
    _report_hunger(findings, locations, regions, (when, days), compat=law.compat)
    index = {name: k for k, name in enumerate(regions)}
    table = np.array(shares, dtype=np.float64).reshape(len(when), len(regions))
    region = np.array([index.get(one.region, -1) for one in locations], dtype=np.int64)
    return Hunger(days=np.array(when, dtype=np.int64), share=table, region=region)


def _report_hunger(
    findings: Findings,
    locations: tuple[Location, ...],
    regions: list[str],
    covered: tuple[list[int], int],
    *,
    compat: bool,
) -> None:
    when, days = covered
    missing = sorted({one.region for one in locations} - set(regions))
    if missing and regions:
        found = f"{len(missing)} regions without a column ({', '.join(shown(one) for one in missing[:5])})"
        mend = "nobody counts as starving there" + ("; Flee stops" if compat else "")
        findings.notice(Cell(HUNGER, 1), found, "a column for every region of locations.csv", mend)
    if when and (when[0] > 0 or when[-1] < days - 1):
        mend = "the first or last row holds beyond" + ("; Flee stops" if compat else "")
        found = f"days {when[0]} to {when[-1]}"
        findings.notice(Cell(HUNGER, column="#Day"), found, f"days 0 to {days - 1}", mend)


def read_changes(findings: Findings, folder: Path, places: Places, *, compat: bool) -> tuple[RoleChange, ...]:
    """Read location_changes.csv: in input_csv, or beside it, which is where Flee's code looks."""
    inside, name = folder / "input_csv" / CHANGES, f"input_csv/{CHANGES}"
    if inside.is_file() and compat:
        mend = "Flee's code reads it beside input_csv, and so here"
        findings.notice(Cell(name), "a file that is not read", "none", mend)
    path, name = (folder / CHANGES, CHANGES) if compat or not inside.is_file() else (inside, name)
    if not path.is_file():
        return ()
    changes = []
    for line, fields in read_rows(findings, path, name, required=False).lines:
        if len(fields) < 3:
            expected, mend = "name, new type, day", "add what is missing"
            findings.fault(Cell(name, line), f"{len(fields)} columns", expected, mend)
            continue
        role = role_of(findings, Cell(name, line, "new type"), fields[1])
        day = whole(findings, Cell(name, line, "day"), fields[2], high=100_000)
        place = places.index.get(fields[0])
        if place is None:
            mend = "correct it; this change has no effect"
            findings.notice(Cell(name, line, "name"), shown(fields[0]), "a name of locations.csv", mend)
        elif role == MARKER or (role is not None and places.kinds[place] == "marker"):
            mend = "markers are set once and for all; this change has no effect"
            findings.notice(Cell(name, line, "new type"), shown(fields[1]), "another type", mend)
        elif role is not None and day is not None:
            changes.append(RoleChange(place, role, day))
    return tuple(sorted(changes, key=lambda one: one.day))


@dataclass(frozen=True)
class _Known:
    index: dict[str, int]
    roads: set[tuple[int, int]]


def read_major_routes(
    findings: Findings, folder: Path, places: Places, links: Links, *, is_asked: bool
) -> tuple[tuple[int, ...], ...]:
    """Read major_routes.csv, where `fixed_routes` is on: a way per line, place by place along roads."""
    path = folder / MAJOR
    if not path.is_file():
        return ()
    if not is_asked:
        findings.notice(Cell(MAJOR), "a file that is not read", "none", "it needs fixed_routes")
        return ()
    ends = zip(links.origin.tolist(), links.target.tolist(), strict=True)
    known = _Known(places.index, {pair for a, b in ends for pair in ((a, b), (b, a))})
    lines = read_rows(findings, path, MAJOR, required=False).lines
    ways = [_way(findings, (line, [name for name in fields if name]), known) for line, fields in lines]
    return tuple(way for way in ways if way)


def _way(findings: Findings, record: tuple[int, list[str]], known: _Known) -> tuple[int, ...]:
    line, names = record
    unknown = [name for name in names if name not in known.index]
    if unknown or len(names) < 2 or len(set(names)) < len(names):
        found = ", ".join(shown(name) for name in (unknown or names)[:5])
        expected = "at least two names of locations.csv, each once"
        findings.fault(Cell(MAJOR, line), found, expected, "correct the names or remove the line")
        return ()
    way = tuple(known.index[name] for name in names)
    for (one, other), pair in zip(pairwise(names), pairwise(way), strict=True):
        if pair not in known.roads:
            mend = "name the places between, or add the road"
            findings.fault(Cell(MAJOR, line), f"no road from {shown(one)} to {shown(other)}", "a road", mend)
            return ()
    return way
