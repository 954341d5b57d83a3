"""A Flee folder as a scenario: by its documented meaning, or (`compat`) as Flee's code takes it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.adapters.flee.circumstances import (
    read_changes,
    read_floods,
    read_hunger,
    read_major_routes,
)
from safepassage.adapters.flee.closures import read_closures
from safepassage.adapters.flee.conflict import (
    CONFLICTS,
    Conflict,
    conflict_without_file,
    read_conflict,
    with_changes,
)
from safepassage.adapters.flee.demographics import read_people
from safepassage.adapters.flee.findings import Cell, Findings, day_date, shown, whole
from safepassage.adapters.flee.flood_settings import UNTOLD
from safepassage.adapters.flee.geography import (
    LOCATIONS,
    Location,
    Roads,
    attributes,
    places_of,
    read_locations,
    read_roads,
    report_attributes,
    report_unreachable,
)
from safepassage.adapters.flee.notes import notes_of
from safepassage.adapters.flee.registrations import read_corrections, read_registrations
from safepassage.adapters.flee.rows import read_rows
from safepassage.adapters.flee.setting_reader import FILE as SETTINGS_FILE
from safepassage.adapters.flee.setting_reader import Settings
from safepassage.adapters.flee.settings import read_settings
from safepassage.core.displacement import Displacement
from safepassage.core.errors import Fault, InputError
from safepassage.core.hazards import RoleChange
from safepassage.core.local_law import LocalLaw
from safepassage.core.network import Network
from safepassage.core.scenario import Scenario

PERIOD = "input_csv/sim_period.csv"
MOST_DAYS = 36_500


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
    """
    path = Path(path)
    findings = Findings()
    settings = read_settings(findings, path / SETTINGS_FILE, compat=compat)
    start, days = _period(findings, path)
    locations = read_locations(findings, path)
    if not locations or start is None or days is None:
        raise _unusable(findings, path)
    if settings.days is not None:
        where, found = Cell(SETTINGS_FILE, column="number_of_steps"), f"{settings.days} days"
        findings.notice(where, found, f"{days} days, as in sim_period.csv", "this many days were taken")
        days = settings.days
    settings = replace(settings, law=_with_forecast_end(settings, days))
    places = places_of(locations)
    roads = read_roads(findings, path, places, compat=compat)
    if hasten is not None:
        settings = replace(settings, people_per_agent=hasten)
    displacement = _displacement(findings, path, (locations, roads, settings), (start, days))
    if findings.faults:
        raise _unusable(findings, path)
    network = Network(places, roads.links)
    report_unreachable(findings, network, displacement.roles, _origins(displacement))
    return _scenario(path, (network, settings, displacement), start, days), tuple(findings.notices)


def _with_forecast_end(settings: Settings, days: int) -> LocalLaw:
    """Fill in the documented default of flood_forecaster_end_time."""
    law = settings.law
    if law.flood_forecast_days and law.flood_forecast_end_day == UNTOLD:
        return replace(law, flood_forecast_end_day=max(0, days - law.flood_forecast_days))
    return law


def _origins(displacement: Displacement) -> NDArray[np.int64]:
    """Give the places that people leave: in conflict, or under water, on some day."""
    found = np.asarray((displacement.conflict > 0).any(axis=0))
    floods = displacement.floods
    if displacement.driven_by == "flood" and floods is not None:
        found[floods.places[(floods.level > 0).any(axis=0)]] = True
    return np.flatnonzero(found)


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


def _unusable(findings: Findings, path: Path) -> InputError:
    return InputError(findings.faults, f"The Flee folder '{path.name}' cannot be used.")


def _displacement(
    findings: Findings,
    path: Path,
    parts: tuple[tuple[Location, ...], Roads, Settings],
    period: tuple[date, int],
) -> Displacement:
    locations, roads, settings = parts
    (start, days), law = period, settings.law
    compat, places = law.compat, places_of(locations)
    changes = read_changes(findings, path, places, compat=compat)
    conflict, since = _conflict(findings, path, (locations, settings), changes, days)
    observed = settings.departure_mode == "observed"
    registrations = read_registrations(
        findings, path, locations, start=start, required=observed, compat=compat
    )
    if observed and not settings.sum_from_camps and registrations.total is None:
        findings.fault(Cell("source_data/data_layout.csv"), "no total", "a row total,file.csv", "add it")
    report_attributes(findings, locations, law)
    people, listed = read_people(findings, path, places, law, listed=settings.read_agents)
    if not settings.read_agents and (path / "input_csv/agents.csv").is_file():
        reason = "it needs read_from_agents_csv_file"
        findings.notice(Cell("input_csv/agents.csv"), "a file that is not read", "none", reason)
    flood_file = _given(findings, path, settings.flood_file, "flood_level_input_file", "flood_level.csv")
    home = locations[0].country
    found = Displacement(
        roles=np.array([one.role for one in locations], dtype=np.int8),
        foreign=np.array([one.country != home for one in locations], dtype=bool),
        initial_idps=_camps_only(findings, locations, "initial_idps"),
        capacity_per_day=_camps_only(findings, locations, "capacity_per_day"),
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
        driven_by=settings.driven_by,
        sum_from_camps=settings.sum_from_camps,
        insert_day0=settings.insert_day0,
        empty_camps_on_day0=settings.empty_camps_on_day0,
        people_per_conflict_day=settings.people_per_conflict_day,
        people_per_flood_day=settings.people_per_flood_day,
        people_per_agent=settings.people_per_agent,
        floods=read_floods(findings, flood_file, locations, settings, days=days),
        hunger=read_hunger(findings, path, locations, settings, days=days),
        attributes=people,
        listed=listed,
        major_routes=read_major_routes(findings, path, places, roads.links, is_asked=law.fixed_routes),
        role_changes=changes,
        **_by_attributes(findings, locations, law),
    )
    return replace(found, notes=notes_of(law, found))


def _conflict(
    findings: Findings,
    path: Path,
    parts: tuple[tuple[Location, ...], Settings],
    changes: tuple[RoleChange, ...],
    days: int,
) -> Conflict:
    locations, settings = parts
    intensity = attributes(
        findings,
        locations,
        "conflict_intensity",
        high=1e6,
        default=settings.default_conflict_intensity,
    )
    if settings.driven_by == "flood":
        if (path / CONFLICTS).is_file():
            reason = "where floods make people leave, Flee takes conflict from locations.csv only"
            findings.notice(Cell(CONFLICTS), "a file that is not read", "none", reason)
        conflict = conflict_without_file(locations, intensity, days=days)
        return with_changes(conflict, changes, np.zeros(0, dtype=np.int64), intensity)
    file = _given(findings, path, settings.conflict_file, "conflict_input_file", "conflicts.csv")
    conflict, named = read_conflict(
        findings, file, locations, intensity, days=days, compat=settings.law.compat
    )
    return with_changes(conflict, changes, named, intensity)


def _given(findings: Findings, folder: Path, name: str, key: str, usual: str) -> Path:
    """Find a file that the settings name, in the folder or its input_csv and nowhere else."""
    if not name:
        return folder / "input_csv" / usual
    for path in (folder / "input_csv" / name, folder / name):
        with suppress(OSError, ValueError):  # a name that no file system knows
            if path.resolve().is_relative_to(folder.resolve()) and path.is_file():
                return path
    expected, mend = "a file in this folder", "put the file into input_csv"
    findings.fault(Cell(SETTINGS_FILE, column=key), shown(name), expected, mend)
    return folder / "input_csv" / usual


def _by_attributes(findings: Findings, locations: tuple[Location, ...], law: LocalLaw) -> dict[str, Any]:
    """Read the further columns of locations.csv that rules ask for."""
    found: dict[str, Any] = {}
    if law.use_economic_pull:
        hdi = attributes(findings, locations, "hdi", high=1e3)
        found["pull"] = attributes(findings, locations, "trade_volume", high=1e9) + hdi**2
        lacking = sum(
            "trade_volume" not in one.attributes and "hdi" not in one.attributes for one in locations
        )
        if lacking:
            expected, mend = "trade_volume and hdi, for use_economic_pull", "they count as 0 there"
            findings.notice(Cell(LOCATIONS), f"{lacking} places without either", expected, mend)
    if law.harvest_months and any("farmer_fraction" in one.attributes for one in locations):
        found["farmers"] = attributes(findings, locations, "farmer_fraction", high=1.0)
    if law.camps_are_sinks:
        sinks = attributes(findings, locations, "deactivation_probability", high=1.0)
        found["sinks"] = np.where([one.is_camp for one in locations], sinks, 0.0)
    return found


def _camps_only(findings: Findings, locations: tuple[Location, ...], key: str) -> NDArray[np.int64]:
    """Read a count per camp; other places have none."""
    values = attributes(findings, locations, key, high=2e9)
    return np.where([one.is_camp for one in locations], values, 0.0).astype(np.int64)


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
