"""Tracking: what was published by a date decides, and nothing else leaves a trace."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

import safepassage as sp
from safepassage.core.errors import InputError
from safepassage.core.forecast import Forecast
from safepassage.core.report import AgreedFigure, Report
from safepassage.core.scenario import Scenario

AS_OF = date(2018, 10, 19)
MEMBERS = 80


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return sp.load("honduras-2018-10")


def made(scenario: Scenario, as_of: date = AS_OF) -> Forecast:
    return sp.track(scenario, as_of=as_of, horizon=6, members=MEMBERS).forecast


def same(one: Forecast, other: Forecast) -> bool:
    groups = all(
        np.array_equal(a.head_km.values, b.head_km.values, equal_nan=True)
        and np.array_equal(a.size.values, b.size.values, equal_nan=True)
        for a, b in zip(one.groups, other.groups, strict=True)
    )
    return (
        groups and np.array_equal(one.overnight, other.overnight) and repr(one.belief) == repr(other.belief)
    )


def extra(observed: date, published: date) -> Report:
    return Report(
        observed,
        published,
        "source address",
        0,
        "position",
        2500.0,
        2500.0,
        "main",
        "exact",
        "made up",
        "later",
    )


def test_neither_order_nor_repetition_of_reports_makes_a_difference(scenario: Scenario) -> None:
    shuffled = tuple(reversed(scenario.reports)) + scenario.reports[:10]
    assert same(made(scenario), made(replace(scenario, reports=shuffled)))


def test_a_deleted_report_leaves_no_trace(scenario: Scenario) -> None:
    place = scenario.network.places.index["guatemala-city"]
    one = replace(extra(date(2018, 10, 18), date(2018, 10, 18)), place=place)
    with_it = replace(scenario, reports=(*scenario.reports, one))
    without = replace(with_it, reports=tuple(r for r in with_it.reports if r is not one))
    assert not same(made(with_it), made(scenario))
    assert same(made(without), made(scenario))


def test_what_is_published_after_the_as_of_date_does_not_exist(scenario: Scenario) -> None:
    place = scenario.network.places.index["guatemala-city"]
    late = replace(extra(date(2018, 10, 17), AS_OF + timedelta(days=1)), place=place)
    more = replace(scenario, reports=(*scenario.reports, late))
    assert same(made(more), made(scenario))
    in_time = replace(late, published=date(2018, 10, 18))
    late_and_known = made(more, as_of=AS_OF + timedelta(days=1))
    known_at_once = made(
        replace(scenario, reports=(*scenario.reports, in_time)), as_of=AS_OF + timedelta(days=1)
    )
    # It came late, but by then it says what it would have said in time.
    assert np.array_equal(late_and_known.overnight, known_at_once.overnight)


def test_the_forecast_learns_from_reports_unless_it_is_told_not_to(scenario: Scenario) -> None:
    with_reports = sp.forecast(scenario, as_of=AS_OF, days=6, members=MEMBERS)
    without = sp.forecast(scenario, as_of=AS_OF, days=6, members=MEMBERS, use_reports=False)
    assert same(with_reports.forecast, made(scenario))
    assert without.forecast.belief is None
    night = with_reports.first_night
    width = [
        float(np.ptp(f.groups[0].head_km.values[[0, -1], night]))
        for f in (with_reports.forecast, without.forecast)
    ]
    assert width[0] < 0.7 * width[1]


def test_every_report_known_is_accounted_for_and_the_sheet_looks_back(scenario: Scenario) -> None:
    told = made(scenario)
    belief = told.belief
    assert belief is not None
    known = [r for r in scenario.reports if r.published <= AS_OF]
    assert len(belief.effects) == len({id(r) for r in known})
    assert all(0 <= effect.weight <= 1 and 0 <= effect.doubt <= 1 for effect in belief.effects)
    assert any(effect.weight > 0.5 for effect in belief.effects)
    back = belief.look_back
    assert back is not None
    assert back.night <= AS_OF
    assert back.made == back.night - timedelta(days=1)
    assert any(town.happened == "there" for town in back.towns)


def test_yesterday_is_told_as_it_was_told_yesterday(scenario: Scenario) -> None:
    told = made(scenario)
    back = told.belief.look_back
    then = sp.forecast(scenario, as_of=back.made, days=1, members=MEMBERS).forecast
    day = (back.night - then.start).days
    for town in back.towns:
        assert town.said_chance == float(then.chance_threshold[day, town.place])
    assert back.said_people == tuple(float(then.groups[0].whole_size.at(q)[day]) for q in (0.1, 0.5, 0.9))


def test_yesterday_and_today_are_told_along_one_ruler(scenario: Scenario) -> None:
    told = made(scenario)
    back, group = told.belief.look_back, told.groups[0]
    there = [town.place for town in back.towns if town.happened == "there"]
    at_km = {int(place): float(km) for place, km in zip(group.route, group.route_km, strict=True)}
    assert back.happened_km == max(at_km[place] for place in there if place in at_km)


def test_without_a_date_the_last_report_of_its_own_time_is_the_present(scenario: Scenario) -> None:
    told = sp.track(scenario, horizon=2, members=20).forecast
    assert told.as_of == max(
        r.published for r in scenario.reports if r.published <= scenario.start + timedelta(days=scenario.days)
    )


def test_a_file_of_reports_counts_beside_those_of_the_scenario(scenario: Scenario, tmp_path) -> None:
    file = tmp_path / "evening.csv"
    file.write_text("date,place,people\n2018-10-19,Tapachula,2500\n", encoding="utf-8")
    told = sp.track(scenario, reports=file, as_of=date(2018, 10, 20), horizon=3, members=MEMBERS).forecast
    assert any("tapachula" == scenario.network.places.ids[e.report.place] for e in told.belief.effects)


def test_a_file_that_is_no_table_is_refused(scenario: Scenario, tmp_path) -> None:
    file = tmp_path / "evening.csv"
    file.write_text("date,place,people\n2018-10-19,Atlantis,2500\n", encoding="utf-8")
    with pytest.raises(InputError, match="Atlantis"):
        sp.track(scenario, reports=file, members=10)


def test_the_same_bits_for_every_run(scenario: Scenario) -> None:
    assert same(made(scenario), made(scenario))


def test_a_caravan_that_was_not_known_yesterday_has_no_yesterday(scenario: Scenario) -> None:
    group = scenario.groups[0]
    first = min(r.observed for r in scenario.reports if r.observed > group.departs and r.place >= 0)
    seen = [replace(r, published=first) for r in scenario.reports if r.observed == first]
    late = replace(scenario, groups=(replace(group, announced=first),), reports=tuple(seen))
    told = sp.track(late, as_of=first, horizon=2, members=20).forecast
    assert told.belief is not None
    assert told.belief.look_back is None
    ends = tuple(replace(end, announced=first) for end in group.destinations)
    aimless = replace(group, destinations=ends, route_announced=first)
    told = sp.track(replace(late, groups=(aimless,)), as_of=first, horizon=2, members=20).forecast
    assert told.belief.look_back is None


def test_who_told_it_is_told_apart_whatever_the_order(scenario: Scenario) -> None:
    place = scenario.network.places.index["guatemala-city"]
    one = replace(extra(date(2018, 10, 18), date(2018, 10, 18)), place=place)
    other = replace(one, source_kind="organiser", reliability="low")
    ways = [replace(scenario, reports=(*scenario.reports, *pair)) for pair in ((one, other), (other, one))]
    assert same(made(ways[0]), made(ways[1]))


def test_where_no_report_speaks_it_is_said_why_and_what_was_agreed_stands(scenario: Scenario) -> None:
    silent = replace(extra(date(2018, 10, 18), date(2018, 10, 18)), place=-1, low=None, high=None)
    figure = AgreedFigure(date(2018, 10, 20), -1, 3000.0, "made up", "shelter cluster", AS_OF)
    told = made(replace(scenario, reports=(silent,), agreed=(figure,)))
    assert told.belief is not None
    assert [effect.why_unused for effect in told.belief.effects] == ["names no place and no size"]
    assert told.belief.agreed == (figure,)
    assert told.belief.updates == ()
    assert made(replace(scenario, reports=(), agreed=())).belief is None
