"""The reports of a scenario: taken in, listed, reviewed, agreed upon, deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from safepassage.adapters import builtin, flee, folder
from safepassage.adapters.folder.columns import BESIDE_FILES, TABLE_FILES
from safepassage.adapters.report_store import Added, Believed, Entry, ReportStore
from safepassage.adapters.report_store.export import write_reports
from safepassage.assimilation.duplicates import repeats
from safepassage.core.errors import Fault, InputError
from safepassage.core.report import AgreedFigure, Proposal, Report, report_key
from safepassage.core.scenario import Scenario
from safepassage.workflows.places import place_number

LEAST_KEY_LETTERS = 4
# What is told of one caravan, not of the country or of the road.
OF_A_CARAVAN = frozenset(("position", "next_stop"))


@dataclass(frozen=True)
class Desk:
    """A scenario folder opened to work on its reports.

    Parameters
    ----------
    path : Path
    scenario : Scenario     as its tables tell it, without the store.
    store : ReportStore
    """

    path: Path
    scenario: Scenario
    store: ReportStore

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the network's places."""
        return self.scenario.network.places.ids

    @property
    def groups(self) -> tuple[str, ...]:
        """The ids of the scenario's caravans."""
        return tuple(group.id for group in self.scenario.groups)


@dataclass(frozen=True)
class Listed:
    """One report as a list shows it.

    Parameters
    ----------
    entry : Entry
    place, to_place : str   names of the places, '' where it speaks of none.
    repeats : str           key of the report that it repeats; '' where it stands for itself.
    repeated_by : tuple of str      keys of those that repeat it.
    """

    entry: Entry
    place: str
    to_place: str
    repeats: str = ""
    repeated_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """What became of proposals that were taken in.

    Parameters
    ----------
    added : Added               what the store says.
    in_table : tuple of str     keys of those that reports.csv has already: nothing was added for them.
    repeats : dict of str to str    of the new ones, those that seem to repeat another report: its key.
    which : tuple of str        the caravans to choose from, where there are several and some of the new
        reports say of none which they speak of: such are shown and not learned from.
    """

    added: Added
    in_table: tuple[str, ...]
    repeats: dict[str, str]
    which: tuple[str, ...] = ()


def scenario_folder(scenario: str | Path | None = None) -> Path:
    """Give the folder whose reports are meant.

    Parameters
    ----------
    scenario : str, Path or None    a scenario folder; None: the working directory.

    Raises
    ------
    InputError      if it is no scenario folder of the user's own, with what to do instead.
    """
    if scenario is None or str(scenario) == "":
        if folder.is_scenario_folder(Path()):
            return Path()
        found = "no --scenario, and the working directory is no scenario folder"
        mend = "name the folder with --scenario DIR; `safepassage new` makes one"
        raise InputError(Fault("--scenario", found, "a scenario folder", mend))
    if str(scenario) in builtin.scenario_names():
        mend = f"make a folder of it: safepassage new my-case --copy {scenario}; then --scenario my-case"
        found = f"the built-in scenario '{scenario}', which cannot be changed"
        raise InputError(Fault("--scenario", found, "a scenario folder of your own", mend))
    path = Path(scenario).expanduser()
    if _is_flee(path):
        found = f"'{str(scenario)[:80]}', a folder made for Flee, which keeps no reports of its own"
        mend = "Flee folders learn from the counts in their source_data: add a row there; `track` uses them"
        raise InputError(Fault("--scenario", found, "a scenario folder of your own", mend))
    if not _is_folder(path):
        mend = "name a folder with a scenario.toml; `safepassage new` makes one"
        found = f"'{str(scenario)[:80]}'"
        raise InputError(Fault("--scenario", found, "a scenario folder of your own", mend))
    return path


def _is_folder(path: Path) -> bool:
    try:
        return folder.is_scenario_folder(path)
    except (OSError, ValueError):
        return False


def _is_flee(path: Path) -> bool:
    try:
        return path.is_dir() and not folder.is_scenario_folder(path) and flee.is_flee_folder(path)
    except (OSError, ValueError):
        return False


def open_desk(scenario: str | Path | None = None) -> Desk:
    """Open the reports of a scenario folder; see `scenario_folder`.

    Raises
    ------
    InputError      with every fault of the folder.
    """
    path = scenario_folder(scenario)
    told, _ = folder.read(path)
    return Desk(path, told, ReportStore(path, told.network.places.ids))


def take_in(
    scenario: str | Path | Desk | None, proposals: Iterable[Proposal], *, accept: Believed = False
) -> Taken:
    """Keep proposals in the store of a scenario folder, all of them or none.

    Parameters
    ----------
    scenario : str, Path, Desk or None      as in `scenario_folder`, or a desk that is open already.
    proposals : iterable of Proposal        with positions in the network of that scenario.
    accept : bool or callable               believe them at once, without review: all, or those of which it
        tells so, such as ``lambda proposal: proposal.confidence > 0.9``.

    Raises
    ------
    InputError      with every fault of every proposal; nothing was stored then.
    """
    desk = scenario if isinstance(scenario, Desk) else open_desk(scenario)
    table = set(_table_keys(desk))
    in_table, others = [], []
    for proposal in proposals:
        key = report_key(proposal.report, desk.ids)
        if key in table:
            in_table.append(key)
        else:
            others.append(proposal)
    added = desk.store.add(others, accept=accept)
    if accept is not False and (added.new or added.accepted):
        _link(desk)
    fresh = set(added.new)
    if not fresh:
        return Taken(added, tuple(dict.fromkeys(in_table)), {})
    seem = {row.entry.key: row.repeats for row in listing(desk) if row.repeats and row.entry.key in fresh}
    told = (p.report for p in others if not p.report.group and p.report.kind in OF_A_CARAVAN)
    which = desk.groups if len(desk.groups) > 1 and _any_of(told, fresh, desk.ids) else ()
    return Taken(added, tuple(dict.fromkeys(in_table)), seem, which)


def _any_of(reports: Iterable[Report], keys: set[str], ids: tuple[str, ...]) -> bool:
    return any(report_key(report, ids) in keys for report in reports)


def listing(
    scenario: str | Path | Desk | None = None, *, status: str | None = None, as_of: date | None = None
) -> tuple[Listed, ...]:
    """List the reports of the store, and what repeats what, those of reports.csv considered.

    Parameters
    ----------
    status : str or None    "proposed", "accepted" or "rejected"; None: all.
    as_of : date or None    only those published by that day.
    """
    desk = scenario if isinstance(scenario, Desk) else open_desk(scenario)
    entries = desk.store.entries(linked=False)
    if as_of is not None:
        entries = tuple(entry for entry in entries if entry.report.published <= as_of)
    of = _repeats(desk, [entry for entry in entries if entry.status != "rejected"])
    by: dict[str, list[str]] = {}
    for key, first in of.items():
        by.setdefault(first, []).append(key)
    return tuple(
        Listed(
            entry=entry,
            place=_name(desk, entry.report.place),
            to_place=_name(desk, entry.report.to_place),
            repeats=of.get(entry.key, ""),
            repeated_by=tuple(by.get(entry.key, ())),
        )
        for entry in entries
        if status in (None, entry.status)
    )


def review(
    scenario: str | Path | Desk | None,
    *,
    accept: Sequence[str] = (),
    reject: Sequence[str] = (),
    reason: str = "",
) -> None:
    """Accept and reject reports by key, or by the beginning of one that is the only one of its kind.

    What is accepted and repeats an accepted report is linked to it: they share one error.

    Raises
    ------
    InputError      where a key is not known, begins several, or is both accepted and rejected.
    """
    desk = scenario if isinstance(scenario, Desk) else open_desk(scenario)
    known = [entry.key for entry in desk.store.entries()]
    yes, no = (_whole_keys(keys, known) for keys in (accept, reject))
    if both := sorted(set(yes) & set(no)):
        found = f"{', '.join(both)} both accepted and rejected"
        raise InputError(Fault("review", found, "one decision for each", "name each key once"))
    if yes:
        desk.store.set_status(yes, "accepted", reason)
    if no:
        desk.store.set_status(no, "rejected", reason)
    _link(desk)


@dataclass(frozen=True)
class Agreement:
    """A planning figure that people agreed on, as they say it.

    Parameters
    ----------
    people : float
    reason, role : str      why this figure, and who agreed, by role and never by name.
    place : str             a town; '' for the whole caravan.
    day : date or None      of which it speaks; None: the day it was agreed.
    group : str             id of the caravan; '' where there is only one.
    agreed : date or None   when; None: today. A forecast as of an earlier day does not show it.
    """

    people: float
    reason: str
    role: str
    place: str = ""
    day: date | None = None
    group: str = ""
    agreed: date | None = None


def adopt(scenario: str | Path | Desk | None, agreement: Agreement) -> str:
    """Keep an agreed planning figure beside what is reported, and give its key.

    Raises
    ------
    InputError      with every fault of the figure.
    """
    desk = scenario if isinstance(scenario, Desk) else open_desk(scenario)
    places = desk.scenario.network.places
    place = place_number(places, agreement.place, file="--place") if agreement.place else -1
    group = known_group(desk.groups, agreement.group)
    today = datetime.now().astimezone().date()
    agreed = agreement.agreed or today
    if agreed > today:
        found = f"agreed {agreed}, which is yet to come"
        raise InputError(Fault("--agreed", found, f"a day up to today ({today})", "correct the date"))
    day = agreement.day or agreed
    figure = AgreedFigure(day, place, agreement.people, agreement.reason, agreement.role, agreed, group)
    return desk.store.adopt(figure)


def known_group(groups: Iterable[str], group: str) -> str:
    """Give the id of a group back if it is among those of the scenario; '' stays ''.

    Raises
    ------
    InputError
    """
    groups = sorted(groups)
    if group and group not in groups:
        mend = f"use one of: {', '.join(groups)}" if groups else "leave it out: this scenario has no caravan"
        raise InputError(Fault("--group", f"'{group[:60]}'", "a group of groups.csv", mend))
    return group


def delete(scenario: str | Path | Desk | None, key: str) -> str:
    """Take a report or an agreed figure out for good, and give its whole key.

    Raises
    ------
    InputError      where there is nothing of that key.
    """
    desk = scenario if isinstance(scenario, Desk) else open_desk(scenario)
    whole = _whole_keys([key], desk.store.keys())[0]
    desk.store.delete(whole)
    _link(desk)
    return whole


def agreed_figures(scenario: str | Path | Desk | None = None) -> tuple[tuple[str, str, AgreedFigure], ...]:
    """Give the agreed figures as (key, name of the place, figure)."""
    desk = scenario if isinstance(scenario, Desk) else open_desk(scenario)
    return tuple((key, _name(desk, figure.place), figure) for key, figure in desk.store.agreed_by_key())


def _name(desk: Desk, place: int) -> str:
    return desk.scenario.network.places.names[place] if place >= 0 else ""


def _table_keys(desk: Desk) -> list[str]:
    return [report_key(report, desk.ids) for report in desk.scenario.reports]


def _repeats(desk: Desk, entries: Sequence[Entry]) -> dict[str, str]:
    """Give the keys of the store's reports that repeat another one, of the store or of reports.csv."""
    own = [entry for entry in entries if not entry.missing]
    had = {entry.key for entry in own}
    table = [(k, r) for k, r in zip(_table_keys(desk), desk.scenario.reports, strict=True) if k not in had]
    keys = [entry.key for entry in own] + [key for key, _ in table]
    reports: list[Report] = [entry.report for entry in own] + [report for _, report in table]
    return {keys[i]: keys[first] for i, first in repeats(reports, keys).items() if keys[i] in had}


def _link(desk: Desk) -> None:
    """Link every accepted report that repeats an accepted one: it follows from what is accepted alone."""
    entries = desk.store.entries("accepted", linked=False)
    told = {entry.key for entry in entries if entry.report.copied_from}
    links = {key: first for key, first in _repeats(desk, entries).items() if key not in told}
    desk.store.link(links)


def _whole_keys(keys: Sequence[str], known: Sequence[str]) -> list[str]:
    """Complete the beginnings of keys."""
    whole, faults = [], []
    for key in dict.fromkeys(key.strip().lower() for key in keys):
        found = [k for k in known if k.startswith(key)] if len(key) >= LEAST_KEY_LETTERS else []
        if len(found) == 1:
            whole.append(found[0])
            continue
        several = f"begins {len(found)} keys" if found else "no report of that key"
        expected = f"{LEAST_KEY_LETTERS} or more letters that begin one key"
        mend = "`safepassage report list` shows the keys"
        faults.append(Fault("KEY", f"'{key[:40]}': {several}", expected, mend))
    if faults:
        raise InputError(faults)
    return whole


def export(
    scenario: str | Path | Desk | None, path: Path, *, status: str | None = None, hxl: bool = False
) -> int:
    """Write the reports of the store to a file whose ending says the format, and give their number.

    Parameters
    ----------
    path : Path             .csv, .xlsx, .parquet or .geojson; an existing file is replaced.
    status : str or None    as in `listing`.
    hxl : bool              with HXL tags.

    Raises
    ------
    InputError      for another ending, or the name of one of the scenario's own tables in its folder.
    OSError         if the file cannot be written.
    """
    desk = scenario if isinstance(scenario, Desk) else open_desk(scenario)
    target = path.resolve()  # through links and '..' too
    if target.name in (*TABLE_FILES, *BESIDE_FILES) and target.parent == desk.path.resolve():
        mend = "choose another name or folder: the scenario's own tables are not overwritten"
        raise InputError(Fault(path.name, "a table of the scenario", "a new file", mend))
    entries = desk.store.entries(status)
    write_reports(entries, desk.scenario.network.places, path, hxl=hxl)
    return len(entries)
