"""A scenario with the accepted reports of its own store beside those of its table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from safepassage.adapters.report_store import STORE_FILE, Entry, ReportStore
from safepassage.core.errors import Fault
from safepassage.core.report import Report, report_key
from safepassage.core.scenario import Event, Scenario
from safepassage.core.told_events import ended_by_reports, events_told

LONGEST_CASE_DAYS = 366


def with_store(scenario: Scenario, path: Path) -> tuple[Scenario, tuple[Fault, ...]]:
    """Add the accepted reports, the agreed figures, and the events that all reports tell.

    A report that reports.csv has too is taken once. Events and reports carry the day they became known, so
    that `Scenario.known_by` cuts them as it cuts the tables.

    Parameters
    ----------
    path : Path     the scenario folder.

    Returns
    -------
    Scenario
    tuple of Fault      notices: reports of places that the network does not have any more.
    """
    store = ReportStore(path, scenario.network.places.ids)
    entries = store.entries("accepted")
    lost = tuple(_lost(entry) for entry in entries if entry.missing)
    reports = _beside(scenario, entries)
    # A case that goes on is looked at from the day of its last report; those of another year are not of it.
    end = scenario.start + timedelta(days=LONGEST_CASE_DAYS)
    told_then = [entry.report for entry in entries if not entry.missing and entry.report.observed <= end]
    entered = [report.published for report in told_then if report.observed >= scenario.start]
    as_of = max([scenario.default_as_of or scenario.start, *entered])
    return told(replace(scenario, reports=reports, agreed=store.agreed(), default_as_of=as_of)), lost


def told(scenario: Scenario) -> Scenario:
    """Give the scenario with the events that its reports tell, each once, however often this is asked for.

    What earlier reports told of it is told anew, since a further report may end a closure sooner.
    """
    events = events_told(scenario.reports, scenario.network)
    had = {_open(event) for event in events}
    others = [_open(event) if event.until_announced else event for event in scenario.events]
    ended = ended_by_reports((event for event in others if event not in had), scenario.reports)
    return replace(scenario, events=(*ended, *events))


def _open(event: Event) -> Event:
    return replace(event, until=None, until_announced=None)


def _beside(scenario: Scenario, entries: tuple[Entry, ...]) -> tuple[Report, ...]:
    ids = scenario.network.places.ids
    had = {report_key(report, ids) for report in scenario.reports}
    more = (entry.report for entry in entries if not entry.missing and entry.key not in had)
    return (*scenario.reports, *more)


def _lost(entry: Entry) -> Fault:
    found = f"report {entry.key} of {' and '.join(entry.missing)}"
    mend = f"give the place back its id, or take the report out: safepassage report delete {entry.key}"
    return Fault(STORE_FILE, found, "a place of the network; it is left out", mend)
