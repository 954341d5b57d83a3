"""The gate of time: nothing published or announced after the as-of date survives, and no truth ever does."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from safepassage.core.network import Links, Network, Places
from safepassage.core.report import Report
from safepassage.core.scenario import (
    EVENT_KINDS,
    Departures,
    Destination,
    Event,
    GoalLaw,
    Group,
    JoinerPool,
    Scenario,
    TruthRow,
)

START = date(2026, 3, 1)
DAY = st.integers(-10, 60).map(lambda n: START + timedelta(days=n))


def line_of_three() -> Network:
    places = Places(
        ids=("a", "b", "c"),
        names=("A", "B", "C"),
        countries=("XX",) * 3,
        admin1=("P", "P", "Q"),
        lat=np.zeros(3),
        lon=np.arange(3, dtype=np.float64),
        kinds=("town",) * 3,
        population=np.full(3, -1, dtype=np.int64),
        capacity_people=np.full(3, -1, dtype=np.int64),
        shelters=("",) * 3,
        sources=("",) * 3,
    )
    links = Links(
        origin=np.array([0, 1]),
        target=np.array([1, 2]),
        distance_km=np.array([111.0, 111.0]),
        modes=("road", "road"),
        two_way=np.ones(2, dtype=np.bool_),
        estimated=np.zeros(2, dtype=np.bool_),
        sources=("", ""),
    )
    return Network(places, links)


NETWORK = line_of_three()


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    pools = st.builds(
        JoinerPool,
        place=st.integers(0, 2),
        low=st.just(1.0),
        high=st.just(9.0),
        announced=DAY,
        reason=st.just("made up"),
        source=st.just("made up"),
    )
    ends = st.builds(
        Destination, place=st.just(2), weight=st.just(1.0), announced=DAY, source=st.just("made up")
    )
    groups = st.builds(
        Group,
        id=st.just("g"),
        name_es=st.just("G"),
        name_en=st.just("G"),
        route=st.just((0, 1, 2)),
        departs=DAY,
        announced=DAY,
        size_low=st.just(10.0),
        size_high=st.just(20.0),
        destinations=st.lists(ends, max_size=3).map(tuple),
        joiners=st.lists(pools, max_size=3).map(tuple),
    )
    events = st.builds(
        Event,
        day=DAY,
        until=st.none() | DAY,
        hours=st.none() | st.floats(1, 200),
        announced=DAY,
        announced_basis=st.just("made up"),
        kind=st.sampled_from(EVENT_KINDS),
        place=st.integers(-1, 2),
        link=st.none(),
        countries=st.none(),
        scope=st.just(""),
        value=st.none() | st.just(100.0),
        source=st.just("made up"),
    )
    reports = st.builds(
        Report,
        observed=DAY,
        published=DAY,
        published_basis=st.just("made up"),
        place=st.integers(-1, 2),
        kind=st.just("position"),
        low=st.just(10.0),
        high=st.just(20.0),
        segment=st.just("main"),
        quality=st.just("approx"),
        source=st.just("made up"),
    )
    leaving = st.builds(
        Departures,
        place=st.just(0),
        day=DAY,
        people=st.just(5),
        announced=DAY,
        source=st.just("made up"),
    )
    truth = st.builds(
        TruthRow,
        day=DAY,
        place=st.just(1),
        quantity=st.just("stock"),
        low=st.just(1.0),
        high=st.just(2.0),
        source=st.just("made up"),
    )
    return Scenario(
        name="made-up",
        title_es="",
        title_en="",
        start=START,
        as_of=None,
        days=40,
        seed=1,
        network=NETWORK,
        law=GoalLaw(),
        groups=tuple(draw(st.lists(groups, max_size=3))),
        departures=tuple(draw(st.lists(leaving, max_size=3))),
        events=tuple(draw(st.lists(events, max_size=4))),
        reports=tuple(draw(st.lists(reports, max_size=4))),
        truth=tuple(draw(st.lists(truth, max_size=3))),
    )


def rows_of(value: Any) -> Iterator[Any]:
    """Walk every dataclass inside a value, rows of rows too."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in dataclasses.fields(value):
            yield from rows_of(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from rows_of(item)


def days_it_became_known(value: Any) -> list[date]:
    """Give every `published` and `announced` anywhere inside."""
    rows = list(rows_of(value))
    return [getattr(row, name) for row in rows for name in ("published", "announced") if hasattr(row, name)]


@given(scenarios(), DAY)
def test_nothing_that_became_known_later_survives(scenario: Scenario, as_of: date) -> None:
    known = scenario.known_by(as_of)
    assert [day for day in days_it_became_known(known) if day > as_of] == []
    assert known.truth == ()
    assert known.as_of == as_of


@given(scenarios(), DAY)
def test_everything_that_was_known_stays(scenario: Scenario, as_of: date) -> None:
    known = scenario.known_by(as_of)
    assert known.reports == tuple(r for r in scenario.reports if r.published <= as_of)
    assert len(known.events) == sum(e.announced <= as_of for e in scenario.events)
    assert [g.id for g in known.groups] == [g.id for g in scenario.groups if g.announced <= as_of]
    assert known.network is scenario.network


@given(scenarios(), DAY)
def test_the_end_of_what_was_not_planned_is_not_known_before_it_ends(scenario: Scenario, as_of: date) -> None:
    for event in scenario.known_by(as_of).events:
        if event.announced >= event.day and event.until is not None:
            assert event.until <= as_of


@given(scenarios(), DAY, DAY)
def test_the_gate_shuts_for_good(scenario: Scenario, one: date, other: date) -> None:
    early = min(one, other)
    twice = scenario.known_by(max(one, other)).known_by(early)
    assert days_it_became_known(twice) == days_it_became_known(scenario.known_by(early))
    assert twice.reports == scenario.known_by(early).reports


@given(scenarios(), DAY)
def test_what_happens_later_changes_nothing_now(scenario: Scenario, as_of: date) -> None:
    later = Report(
        as_of + timedelta(days=1),
        as_of + timedelta(days=1),
        "made up",
        1,
        "position",
        5.0,
        6.0,
        "main",
        "approx",
        "made up",
    )
    more = dataclasses.replace(scenario, reports=(*scenario.reports, later))
    assert more.known_by(as_of) == scenario.known_by(as_of)
