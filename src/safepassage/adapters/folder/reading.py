"""A scenario folder to a `Scenario`: every fault gathered and raised once, notices given back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path

from safepassage.adapters import builtin
from safepassage.adapters.folder.columns import (
    BESIDE_FILES,
    NETWORK_FILES,
    PROFILE_FILE,
    SCENARIO_FILE,
    TABLE_FILES,
)
from safepassage.adapters.folder.demographics import read_demographics
from safepassage.adapters.folder.findings import Findings, shown
from safepassage.adapters.folder.groups import Around, read_groups
from safepassage.adapters.folder.known import (
    read_departures,
    read_events,
    read_priors,
    read_reports,
    read_truth,
)
from safepassage.adapters.folder.network_folder import own_network, read_network
from safepassage.adapters.folder.outcomes import read_outcomes
from safepassage.adapters.folder.settings import Settings, parse_settings
from safepassage.adapters.folder.tables import Table, decode, read_bytes, read_table
from safepassage.core.demographics import GroupCount
from safepassage.core.errors import Fault, InputError
from safepassage.core.gazetteer import Gazetteer
from safepassage.core.network import Network
from safepassage.core.outcomes import OutcomeChance
from safepassage.core.report import Report
from safepassage.core.scenario import (
    Departures,
    Event,
    Group,
    Prior,
    Scenario,
    TruthRow,
)

# Files of the design that this version has no use for yet; they may lie in the folder.
LATER_FILES = ("conflict.csv", "attributes.csv")


def is_scenario_folder(path: Path) -> bool:
    """Tell whether a path is a folder with a scenario.toml."""
    return (path / SCENARIO_FILE).is_file()


def read(path: Path) -> tuple[Scenario, tuple[Fault, ...]]:
    """Read a scenario folder.

    Parameters
    ----------
    path : Path     a folder with scenario.toml and the tables it needs; those not there are empty.

    Returns
    -------
    Scenario            `as_of` is None: nothing is hidden yet.
    tuple of Fault      notices: what was understood though it was written otherwise, what is unlikely.

    Raises
    ------
    InputError          with every fault of the folder.
    """
    _check_folder(path)
    findings = Findings()
    settings = _settings(path, findings)
    tables = _tables(path, settings, findings)
    network, gazetteer = _network(path, settings, tables, findings)
    around = Around(settings, network, gazetteer, findings, has_groups="groups.csv" in tables)
    told = _told(tables, around)
    if not (told.groups or told.departures or findings.faults):
        mend = "describe a caravan in groups.csv and routes.csv, or people in departures.csv"
        findings.faults.append(Fault(str(path.name), "nobody who leaves", "a group or departures", mend))
    if settings is not None and not findings.faults:
        _check_calendar(settings, told.groups, told.departures, findings)
    findings.raise_if_any(f"{path.name}: this scenario cannot be used.")
    assert settings is not None  # a None came with a fault
    assert network is not None
    return _scenario(settings, network, told), findings.notices


@dataclass(frozen=True)
class _Told:
    """What the tables tell beside the network."""

    groups: tuple[Group, ...]
    priors: dict[str, Prior]
    departures: tuple[Departures, ...]
    events: tuple[Event, ...]
    reports: tuple[Report, ...]
    truth: tuple[TruthRow, ...]
    outcomes: tuple[OutcomeChance, ...]
    demographics: tuple[GroupCount, ...]


def _told(tables: dict[str, Table | None], around: Around) -> _Told:
    return _Told(
        groups=read_groups(tables, around),
        priors=read_priors(tables.get("priors.csv"), around),
        departures=read_departures(tables.get("departures.csv"), around),
        events=read_events(tables.get("events.csv"), around),
        reports=read_reports(tables.get("reports.csv"), around),
        truth=read_truth(tables.get("truth.csv"), around),
        outcomes=read_outcomes(tables.get("outcomes.csv"), around),
        demographics=read_demographics(tables.get("demographics.csv"), around.findings),
    )


def _scenario(settings: Settings, network: Network, told: _Told) -> Scenario:
    return Scenario(
        name=settings.name,
        title_es=settings.title_es or settings.name,
        title_en=settings.title_en or settings.title_es or settings.name,
        start=settings.start,
        as_of=None,
        days=settings.days,
        seed=settings.seed,
        network=network,
        law=settings.law,
        priors=told.priors,
        groups=told.groups,
        departures=told.departures,
        events=told.events,
        reports=told.reports,
        truth=told.truth,
        outcomes=told.outcomes,
        demographics=told.demographics,
        illustrative=settings.illustrative,
        sources=settings.sources,
        licence=settings.licence,
        default_as_of=settings.as_of,
        threshold_people=settings.threshold_people,
    )


def _check_calendar(
    settings: Settings, groups: tuple[Group, ...], departures: tuple[Departures, ...], findings: Findings
) -> None:
    """Hold the dates of scenario.toml against those of the tables."""
    first = min([g.announced for g in groups] + [d.announced for d in departures])
    if settings.as_of is not None and settings.as_of < first:
        expected = f"a day on which a group or a departure is known (the first is announced on {first})"
        mend = "choose a later `as_of`, or correct `announced` in groups.csv or departures.csv"
        fault = Fault(SCENARIO_FILE, settings.as_of.isoformat(), expected, mend, column="as_of")
        findings.faults.append(fault)
    elif settings.as_of is None and settings.start < first:
        expected = f"a group or departure known at the start ({settings.start})"
        mend = f"write `as_of = {first}` in scenario.toml, or fill in `announced`"
        findings.note(Fault(SCENARIO_FILE, "no `as_of`", expected, mend, column="as_of"))
    last = settings.start + timedelta(days=settings.days)
    for group in groups:
        if group.departs >= last:
            found = f"group {group.id} departs on {group.departs}"
            mend = "raise `days` in scenario.toml, or correct the date"
            findings.note(Fault("groups.csv", found, f"a day before {last}", mend, column="departs"))


def _check_folder(path: Path) -> None:
    name = path.name or str(path)
    try:
        there, is_folder = path.exists(), path.is_dir()
        has_settings = is_folder and SCENARIO_FILE in [p.name for p in path.iterdir()]
    except OSError as error:
        found = f"a path that cannot be read ({error.strerror})"
        raise InputError(Fault(name, found, "a folder that can be read", "check its permissions")) from error
    if not there:
        fault = Fault(name, "nothing of that name", "a scenario folder", "check the path")
    elif not is_folder:
        fault = Fault(name, "a file", "a folder with a scenario.toml", "give the folder that holds it")
    elif not has_settings:
        mend = "add one (docs/scenario-folder.md), or make a folder with `safepassage new`"
        fault = Fault(SCENARIO_FILE, f"none in {name}", "a scenario.toml in the folder", mend)
    else:
        return
    raise InputError(fault)


def _settings(path: Path, findings: Findings) -> Settings | None:
    data = read_bytes(path / SCENARIO_FILE, findings)
    if data is None:
        return None
    try:
        text: str | None = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = decode(data, SCENARIO_FILE, findings)
    if text is None:
        return None
    settings, faults = parse_settings(text)
    findings.faults += faults
    return settings


def _tables(path: Path, settings: Settings | None, findings: Findings) -> dict[str, Table | None]:
    own_network = settings is None or not settings.network
    wanted = [file for file in TABLE_FILES if own_network or file not in NETWORK_FILES]
    for other in sorted(
        p.name for p in path.iterdir() if p.suffix.lower() in (".csv", ".tsv", ".xlsx", ".xls", ".ods")
    ):
        if other in (*wanted, *BESIDE_FILES, PROFILE_FILE):
            continue  # read by adapters.logistics, dispatches and profiles: no forecast depends on them
        if other in NETWORK_FILES:
            mend = "take out `network` in scenario.toml, or this file"
            findings.faults.append(
                Fault(other, "places of its own beside a built-in network", "one network", mend)
            )
            continue
        close = get_close_matches(other, (*TABLE_FILES, *BESIDE_FILES), n=1, cutoff=0.75)
        mend = f"rename it to {close[0]} if that is meant" if close else "nothing to do: it is left alone"
        what = "not used by this version" if other in LATER_FILES else f"the tables {', '.join(TABLE_FILES)}"
        findings.note(Fault(other, "a file that is not read", what, mend))
    return {file: read_table(path / file, findings) for file in wanted if (path / file).exists()}


def _network(
    path: Path, settings: Settings | None, tables: dict[str, Table | None], findings: Findings
) -> tuple[Network | None, Gazetteer | None]:
    name = settings.network if settings else ""
    if name:
        if name in builtin.network_names():
            network = read_network(builtin.network_path(name))
            return network, Gazetteer(network.places)
        mend = f"use one of {', '.join(builtin.network_names())}, or give places.csv and links.csv"
        findings.faults.append(
            Fault(SCENARIO_FILE, shown(name), "a built-in network", mend, column="network")
        )
        return None, None
    if settings is None and not (path / "places.csv").exists():
        return None, None  # the network may stand in the scenario.toml that could not be read
    for file in NETWORK_FILES:
        if not (path / file).exists():
            mend = f'add {file}, or write network = "mesoamerica" in scenario.toml'
            findings.faults.append(
                Fault(file, "no such file", "places and links, or a built-in network", mend)
            )
    return own_network(tables, findings)


def open_builtin(name: str) -> Scenario:
    """Read a built-in scenario; KeyError where there is none of that name."""
    scenario, _ = read(builtin.scenario_path(name))
    return scenario
