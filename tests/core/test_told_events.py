"""Reports of the way become events that are known no earlier and no later than the reports themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.core.network import Links, Network, Places
from safepassage.core.report import REPORT_KINDS, Report, report_key
from safepassage.core.scenario import Event, GoalLaw, Scenario
from safepassage.core.told_events import ended_by_reports, events_told

DAY = date(2026, 3, 1)


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def line_of_four() -> Network:
    """a – b – c – d."""
    count = 4
    places = Places(
        ids=("a", "b", "c", "d"),
        names=("A", "B", "C", "D"),
        countries=("XX",) * count,
        admin1=("P",) * count,
        lat=np.zeros(count),
        lon=np.arange(count, dtype=np.float64),
        kinds=("town",) * count,
        population=np.full(count, -1, dtype=np.int64),
        capacity_people=np.full(count, -1, dtype=np.int64),
        shelters=("",) * count,
        sources=("",) * count,
    )
    links = Links(
        origin=np.arange(3),
        target=np.arange(1, 4),
        distance_km=np.full(3, 111.0),
        modes=("road",) * 3,
        two_way=np.ones(3, dtype=np.bool_),
        estimated=np.zeros(3, dtype=np.bool_),
        sources=("",) * 3,
    )
    return Network(places, links)


NETWORK = line_of_four()


def told(kind: str, observed: int, published: int | None = None, **changed: Any) -> Report:
    values: dict[str, Any] = {
        "observed": day(observed),
        "published": day(observed if published is None else published),
        "published_basis": "made up",
        "place": 1,
        "kind": kind,
        "low": None,
        "high": None,
        "segment": "main",
        "quality": "exact",
        "source": "made up",
    }
    return Report(**(values | changed))


def test_a_closure_lasts_until_the_day_before_it_is_reopened() -> None:
    closed, note = events_told([told("reopening", 5, 6), told("closure", 2, 3)], NETWORK)
    assert (closed.kind, closed.place, closed.day, closed.announced) == ("closure", 1, day(2), day(3))
    assert (closed.until, closed.until_announced) == (day(4), day(6))
    assert (note.kind, note.announced) == ("note", day(6))


def test_a_closure_between_neighbours_closes_their_road() -> None:
    (closed,) = events_told([told("closure", 2, to_place=2)], NETWORK)
    assert (closed.place, closed.link, closed.until) == (-1, (1, 2), None)
    back = told("reopening", 4, place=2, to_place=1)
    assert events_told([told("closure", 2, to_place=2), back], NETWORK)[0].until == day(3)


def test_a_closure_between_towns_without_a_road_closes_nothing_and_is_shown() -> None:
    (closed,) = events_told([told("closure", 2, to_place=3)], NETWORK)
    assert (closed.place, closed.link, closed.scope) == (-1, None, "B – D")


def test_a_reopening_elsewhere_or_before_ends_nothing() -> None:
    others = [told("reopening", 5, place=3), told("reopening", 1), told("reopening", 5, place=-1)]
    events = events_told([told("closure", 2), *others], NETWORK)
    assert [event.until for event in events if event.kind == "closure"] == [None]


def test_transport_shelters_and_incidents_are_told_with_their_figures() -> None:
    reports = [
        told("transport_offered", 1, to_place=3, low=300.0, high=400.0),
        told("transport_withdrawn", 2, to_place=3),
        told("shelter_opened", 3, low=500.0, high=500.0),
        told("shelter_closed", 4),
        told("incident", 5, low=3.0, high=3.0, note="a road accident"),
        told("next_stop", 6),
        told("position", 6, low=100.0, high=100.0),
    ]
    events = events_told(reports, NETWORK)
    assert [(e.kind, e.value, e.to_place) for e in events] == [
        ("bus_offer", 300.0, 3),
        ("bus_withdrawn", None, 3),
        ("shelter_opened", 500.0, -1),
        ("shelter_closed", None, -1),
        ("note", None, -1),
    ]


def test_what_repeats_a_report_offers_no_second_bus() -> None:
    first = told("transport_offered", 1, low=300.0, high=300.0)
    again = told("transport_offered", 1, 2, low=300.0, high=300.0, source="another paper")
    copy = replace(again, copied_from=report_key(first, NETWORK.places.ids))
    assert len(events_told([first, again], NETWORK)) == 2
    assert len(events_told([first, copy], NETWORK)) == 1
    assert len(events_told([copy], NETWORK)) == 1


def test_a_closure_of_the_table_is_ended_by_a_report() -> None:
    event = Event(day(1), None, None, day(1), "made up", "closure", 1, None, None, "", None, "made up")
    (ended,) = ended_by_reports([event], [told("reopening", 4, 5)])
    assert (ended.until, ended.until_announced) == (day(3), day(5))
    planned = replace(event, until=day(9))
    short = replace(event, hours=4.0)
    assert ended_by_reports([planned, short], [told("reopening", 4, 5)]) == (planned, short)


def scenario_of(reports: list[Report], events: tuple[Event, ...] = ()) -> Scenario:
    law = GoalLaw()
    return Scenario("s", "", "", DAY, None, 9, 1, NETWORK, law, reports=tuple(reports), events=events)


REPORTS = st.lists(
    st.builds(
        told,
        kind=st.sampled_from([*REPORT_KINDS, *["closure", "reopening"] * 6]),
        observed=st.integers(0, 9),
        published=st.integers(0, 12),
        place=st.integers(-1, 3),
        to_place=st.sampled_from([-1, -1, -1, 0, 2]),
        source=st.sampled_from("ab"),
    ),
    max_size=10,
)


@settings(deadline=None)
@given(REPORTS, st.integers(0, 12))
def test_the_gate_of_time_cuts_told_events_as_it_cuts_the_reports(reports: list[Report], as_of: int) -> None:
    of_all = scenario_of(reports, events_told(reports, NETWORK)).known_by(day(as_of)).events
    of_known = events_told(scenario_of(reports).known_by(day(as_of)).reports, NETWORK)
    assert of_all == of_known


@settings(deadline=None)
@given(REPORTS, st.integers(0, 12))
def test_nothing_of_an_event_is_known_before_a_report_of_it(reports: list[Report], as_of: int) -> None:
    known = scenario_of(reports, events_told(reports, NETWORK)).known_by(day(as_of))
    published = {report.published for report in known.reports}
    for event in known.events:
        assert event.announced in published
        assert event.until_announced is None or event.until_announced in published
