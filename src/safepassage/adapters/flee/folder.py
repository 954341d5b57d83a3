"""A Flee folder as a scenario: by its documented meaning, or (`compat`) as Flee's code takes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from safepassage.adapters.flee.closures import read_closures
from safepassage.adapters.flee.conflict import read_conflict
from safepassage.adapters.flee.findings import Cell, Findings, day_date, whole
from safepassage.adapters.flee.geography import (
    Location,
    Roads,
    attribute,
    places_of,
    read_locations,
    read_roads,
    report_attributes,
    report_unreachable,
)
from safepassage.adapters.flee.registrations import read_corrections, read_registrations
from safepassage.adapters.flee.rows import read_rows
from safepassage.adapters.flee.settings import FILE as SETTINGS_FILE
from safepassage.adapters.flee.settings import Settings, read_settings
from safepassage.core.displacement import Displacement
from safepassage.core.errors import Fault, InputError, UnsupportedInput
from safepassage.core.network import Network
from safepassage.core.scenario import Scenario

PERIOD = "input_csv/sim_period.csv"
MOST_DAYS = 36_500
UNREAD = {
    "flood_level.csv": "there are no floods here",
    "major_routes.csv": "there are no fixed routes here",
    "agents.csv": "people are counted, not listed, here",
}


def is_flee_folder(path: Path) -> bool:
    """Tell whether a folder looks like one of Flee's: it has input_csv with places or a period in it."""
    inside = path / "input_csv"
    return inside.is_dir() and any((inside / name).is_file() for name in ("locations.csv", "sim_period.csv"))


def read(
    path: Path, *, compat: bool = False, hasten: int | None = None
) -> tuple[Scenario, tuple[Fault, ...]]:
    """Read a Flee folder.

    Parameters
    ----------
    path : Path             the folder with input_csv, source_data and simsetting.yml.
    compat : bool           reproduce what Flee's code does where its documentation says otherwise.
    hasten : int or None    people per agent; None: what the folder says.

    Returns
    -------
    Scenario
        places by name with latitude gps_x and longitude gps_y; the law and a `Displacement`.
    tuple of Fault
        notices: what is odd in the folder and how it was read.

    Raises
    ------
    InputError          every fault found, in one error.
    UnsupportedInput    every rule asked for that this version does not have, in one error.
    """
    path = Path(path)
    findings = Findings()
    settings = read_settings(findings, path / SETTINGS_FILE, compat=compat)
    start, days = _period(findings, path)
    locations = read_locations(findings, path)
    _report_unread(findings, path, compat=compat)
    _raise(findings, path, settle=False)
    if not locations or start is None or days is None:
        raise _unusable(findings, path)
    places = places_of(locations)
    roads = read_roads(findings, path, places, compat=compat)
    if hasten is not None:
        settings = replace(settings, people_per_agent=hasten)
    displacement = _displacement(findings, path, (locations, roads, settings), (start, days))
    _raise(findings, path, settle=True)
    network = Network(places, roads.links)
    report_unreachable(findings, network, displacement.roles, displacement.conflict)
    return _scenario(path, (network, settings, displacement), start, days), tuple(findings.notices)


def _period(findings: Findings, path: Path) -> tuple[date | None, int | None]:
    rows = read_rows(findings, path / PERIOD, PERIOD)
    if not rows.lines:
        return None, None
    values = {fields[0].lower(): (line, fields[1]) for line, fields in rows.lines if len(fields) > 1}
    for key in ("startdate", "length"):
        if key not in values:
            findings.fault(Cell(PERIOD), f"no row '{key}'", "rows StartDate and Length", "add it")
    if "startdate" not in values or "length" not in values:
        return None, None
    start = day_date(findings, Cell(PERIOD, values["startdate"][0], "StartDate"), values["startdate"][1])
    line, text = values["length"]
    return start, whole(findings, Cell(PERIOD, line, "Length"), text, low=1, high=MOST_DAYS)


def _report_unread(findings: Findings, path: Path, *, compat: bool) -> None:
    folder = path / "input_csv"
    for name, reason in UNREAD.items():
        if (folder / name).is_file():
            findings.notice(Cell(f"input_csv/{name}"), "a file that is not read", "none", reason)
    for file in sorted(folder.glob("demographics_*.csv")) + sorted(folder.glob("region_attributes_*.csv")):
        reason = "no rule of this folder asks who people are or what they eat"
        findings.notice(Cell(f"input_csv/{file.name}"), "a file that is not read", "none", reason)
    changes = folder / "location_changes.csv"
    if changes.is_file():
        where = Cell("input_csv/location_changes.csv")
        if compat:
            findings.notice(
                where, "a file that is not read", "none", "Flee's code does not read it from here either"
            )
        else:
            findings.refuse(where, "places that change their type (location_changes.csv)", "remove the file")


def _raise(findings: Findings, path: Path, *, settle: bool) -> None:
    """Stop with everything that was found so far, if it is time to."""
    if findings.unsupported:
        rules = sorted({fault.found for fault in findings.unsupported})
        headline = f"The Flee folder '{path.name}' needs rules that this version does not have: "
        raise UnsupportedInput(findings.unsupported, headline + ", ".join(rules) + ".")
    if findings.faults and settle:
        raise _unusable(findings, path)


def _unusable(findings: Findings, path: Path) -> InputError:
    return InputError(findings.faults, f"The Flee folder '{path.name}' cannot be used.")


def _displacement(
    findings: Findings,
    path: Path,
    parts: tuple[tuple[Location, ...], Roads, Settings],
    period: tuple[date, int],
) -> Displacement:
    locations, roads, settings = parts
    start, days = period
    compat = settings.law.compat
    places = places_of(locations)
    conflict, since = read_conflict(findings, path, locations, days=days, compat=compat)
    observed = settings.departure_mode == "observed"
    registrations = read_registrations(
        findings, path, locations, start=start, required=observed, compat=compat
    )
    if observed and not settings.sum_from_camps and registrations.total is None:
        findings.fault(Cell("source_data/data_layout.csv"), "no total", "a row total,file.csv", "add it")
    report_attributes(findings, locations)
    home = locations[0].country
    return Displacement(
        roles=np.array([one.role for one in locations], dtype=np.int8),
        foreign=np.array([one.country != home for one in locations], dtype=bool),
        initial_idps=_attributes(findings, locations, "initial_idps"),
        capacity_per_day=_attributes(findings, locations, "capacity_per_day"),
        forced=roads.forced,
        link_speed_km_per_day=roads.speed_km_per_day,
        link_walk_chance=roads.walk_chance,
        conflict=conflict,
        conflict_since=since,
        closures=read_closures(findings, path, places, compat=compat),
        camps=np.array(registrations.camps, dtype=np.int64),
        series=registrations.series,
        corrections=read_corrections(findings, path, registrations, places=places.index, start=start),
        total=registrations.total,
        elsewhere=registrations.elsewhere,
        departure_mode=settings.departure_mode,
        sum_from_camps=settings.sum_from_camps,
        insert_day0=settings.insert_day0,
        empty_camps_on_day0=settings.empty_camps_on_day0,
        people_per_conflict_day=settings.people_per_conflict_day,
        people_per_agent=settings.people_per_agent,
    )


def _attributes(findings: Findings, locations: tuple[Location, ...], key: str) -> np.ndarray:
    """Read a count per camp; other places have none."""
    values = [attribute(findings, one, key, default=0, high=2e9) if one.is_camp else 0 for one in locations]
    return np.array(values, dtype=np.int64)


def _scenario(path: Path, parts: tuple[Network, Settings, Displacement], start: date, days: int) -> Scenario:
    network, settings, displacement = parts
    name = path.resolve().name
    return Scenario(
        name=name,
        title_es=f"Desplazamiento: {name}",
        title_en=f"Displacement: {name}",
        start=start,
        as_of=None,
        days=days,
        seed=1,
        network=network,
        law=settings.law,
        displacement=displacement,
        sources=(f"Flee folder {name}: camp counts, conflict and roads as given there",),
        licence="as the folder's providers state",
    )
