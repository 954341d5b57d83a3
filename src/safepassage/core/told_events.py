"""Reports of the way, told as events for the engines: closures, reopenings, transport, shelters, incidents.

Everything here follows from the reports alone and carries the day it was published, so that
`Scenario.known_by` stays the only gate of time: cutting the events that all reports tell gives the same as
telling the events of the reports known by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from safepassage.core.network import Network
from safepassage.core.report import Report, report_key
from safepassage.core.scenario import Event

# Kind of report to kind of event. What is announced of tomorrow's night changes nothing on the way.
EVENT_OF_REPORT = {
    "transport_offered": "bus_offer",
    "transport_withdrawn": "bus_withdrawn",
    "shelter_opened": "shelter_opened",
    "shelter_closed": "shelter_closed",
    "closure": "closure",
    "incident": "note",
}


def events_told(reports: Iterable[Report], network: Network) -> tuple[Event, ...]:
    """Give the events that reports tell, by day and day of publication.

    A closure between two neighbouring towns closes the road between them, one at a town closes the town; one
    between towns that no link joins keeps its words as scope and closes nothing. It is open-ended until a
    reopening is told of the same spot: its last day is the one before, known from the reopening's publication
    on; of several reopenings the one that was published first counts. A reopening is told as a note too,
    since it may end a closure that no report told (`ended_by_reports`). A report that repeats one given here
    tells nothing more.

    Parameters
    ----------
    reports : iterable of Report    those of other kinds are passed over.
    network : Network

    Returns
    -------
    tuple of Event      `announced` is the report's `published`; seats and places are its lowest figure.
    """
    told = _own(tuple(reports), network)
    reopenings = [report for report in told if report.kind == "reopening"]
    events = [_event(report, network) for report in told if report.kind in EVENT_OF_REPORT]
    ended = [_ended(event, reopenings) for event in events]
    notes = [_event(report, network) for report in reopenings]
    return tuple(sorted([*ended, *notes], key=_order))


def ended_by_reports(events: Iterable[Event], reports: Iterable[Report]) -> tuple[Event, ...]:
    """Give the same events, open-ended closures ended by the reopenings that reports tell."""
    reopenings = [report for report in reports if report.kind == "reopening"]
    return tuple(_ended(event, reopenings) for event in events)


def _order(event: Event) -> tuple[date, date, str, int, int, str]:
    return event.day, event.announced, event.kind, event.place, event.to_place, event.source


def _own(reports: tuple[Report, ...], network: Network) -> list[Report]:
    """Leave out what repeats a report that was published by then, and everything about people."""
    of_the_way = [r for r in reports if r.kind in EVENT_OF_REPORT or r.kind == "reopening"]
    published = {report_key(report, network.places.ids): report.published for report in of_the_way}
    return [
        report
        for report in of_the_way
        if report.copied_from not in published or published[report.copied_from] > report.published
    ]


def _event(report: Report, network: Network) -> Event:
    kind = EVENT_OF_REPORT.get(report.kind, "note")
    place, link, scope = report.place, None, ""
    if kind == "closure" and min(report.place, report.to_place) >= 0 and report.place != report.to_place:
        ends = (report.place, report.to_place)
        names = " – ".join(network.places.names[end] for end in ends)
        place, link, scope = -1, ends if _joined(network, ends) else None, names
    rides = kind in ("bus_offer", "bus_withdrawn")
    return Event(
        day=report.observed,
        until=None,
        hours=None,
        announced=report.published,
        announced_basis=report.published_basis,
        kind=kind,
        place=place,
        link=link,
        countries=None,
        scope="" if link else scope,
        value=report.low if kind in ("bus_offer", "shelter_opened", "shelter_closed") else None,
        source=report.source,
        note="; ".join(filter(None, ["reopened" if report.kind == "reopening" else "", report.note])),
        to_place=report.to_place if rides else -1,
    )


def _joined(network: Network, ends: tuple[int, int]) -> bool:
    links = network.links
    there = (links.origin == ends[0]) & (links.target == ends[1])
    back = (links.origin == ends[1]) & (links.target == ends[0])
    return bool((there | back).any())


def _ends(reopening: Report, event: Event) -> bool:
    """Tell whether a reopening is of an open-ended closure: the same road or town, or a town at its end."""
    if event.kind != "closure" or event.until is not None or event.hours is not None:
        return False
    if reopening.observed < event.day or reopening.place < 0:
        return False
    spot = set(event.link) if event.link else {event.place}
    if reopening.to_place >= 0 and reopening.to_place != reopening.place:
        return spot == {reopening.place, reopening.to_place}
    return reopening.place in spot


def _ended(event: Event, reopenings: list[Report]) -> Event:
    found = [report for report in reopenings if _ends(report, event)]
    if not found:
        return event
    first = min(found, key=lambda report: (report.published, report.observed))
    last_day = max(event.day, first.observed - timedelta(days=1))
    return replace(event, until=last_day, until_announced=max(first.published, event.announced))
