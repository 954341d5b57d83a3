from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import safepassage as sp
from safepassage.adapters import folder
from safepassage.core.errors import InputError
from safepassage.core.forecast import QUANTILE_LEVELS
from safepassage.core.scenario import Departures, Scenario
from safepassage.workflows.check import check
from safepassage.workflows.forecast import ForecastRun
from safepassage.workflows.manifest import scenario_checksum
from safepassage.workflows.publish import shared_forecast, write_shared
from safepassage.workflows.verify_caravan import verify_caravan


@pytest.fixture(scope="module")
def october() -> Scenario:
    logging.disable(logging.WARNING)
    try:
        return sp.load("honduras-2018-10")
    finally:
        logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def made(october: Scenario) -> ForecastRun:
    return sp.forecast(october, members=80, days=20)


def test_quantiles_are_ordered_and_chances_are_chances(made: ForecastRun) -> None:
    fc = made.forecast
    assert (np.diff(fc.overnight, axis=0) >= 0).all()
    assert ((fc.chance_any >= 0) & (fc.chance_any <= 1)).all()
    assert (fc.chance_threshold <= fc.chance_any).all()
    come = ~np.isnan(fc.if_they_come)
    assert (fc.if_they_come[come] >= fc.threshold_people).all()
    assert (come.all(axis=0) == (fc.chance_threshold > 0)).all()
    for group in fc.groups:
        for fan in (group.head_km, group.size, group.walker_km, group.last_size):
            assert fan.values.shape == (len(QUANTILE_LEVELS), fc.days)
            assert (np.diff(fan.values, axis=0) >= 0).all()


def test_the_same_call_gives_the_same_bits_and_another_seed_does_not(
    october: Scenario, made: ForecastRun
) -> None:
    again = sp.forecast(october, members=80, days=20)
    assert (again.forecast.overnight == made.forecast.overnight).all()
    assert again.manifest == made.manifest
    other = sp.forecast(october, members=80, days=20, seed=2)
    assert (other.forecast.overnight != made.forecast.overnight).any()


def test_nothing_after_the_as_of_date_changes_a_bit(october: Scenario) -> None:
    as_of = date(2018, 10, 20)
    bare = replace(
        october,
        reports=tuple(r for r in october.reports if r.published <= as_of),
        events=tuple(e for e in october.events if e.announced <= as_of),
        truth=(),
    )
    full_run = sp.forecast(october, members=40, days=10, as_of=as_of)
    bare_run = sp.forecast(bare, members=40, days=10, as_of=as_of)
    assert (full_run.forecast.overnight == bare_run.forecast.overnight).all()
    assert full_run.forecast.reports == bare_run.forecast.reports
    assert full_run.manifest["scenario_sha256"] == bare_run.manifest["scenario_sha256"]


def test_the_road_that_was_taken_moves_nobody_before_it_was_known(october: Scenario) -> None:
    group = october.groups[0]
    assert group.route_announced is not None
    detour = replace(group, route=group.route[:1] + group.route[1:][:3], route_extra=())
    other = sp.forecast(replace(october, groups=(detour,)), members=40, days=10)
    this = sp.forecast(october, members=40, days=10)
    assert (other.forecast.overnight == this.forecast.overnight).all()


def test_a_forecast_before_anything_was_known_is_refused(october: Scenario) -> None:
    with pytest.raises(InputError, match="nothing to forecast yet"):
        sp.forecast(october, as_of=date(2018, 10, 1))


def test_arrivals_are_asked_for_by_any_spelling(made: ForecastRun) -> None:
    assert made.arrivals("tapachula") == made.arrivals("TAPACHULA")
    assert made.arrivals("ciudad de mexico").place == "Ciudad de México"
    with pytest.raises(InputError, match="did you mean"):
        made.arrivals("Tapachulla")


def test_the_table_has_one_value_per_row(made: ForecastRun) -> None:
    table = made.to_polars()
    assert {"day", "place", "quantity", "value", "unit"} <= set(table.columns)
    assert table.height > 1000


def test_small_groups_have_a_small_threshold(october: Scenario) -> None:
    small = replace(october.groups[0], size_low=100.0, size_high=200.0)
    few = sp.forecast(replace(october, groups=(small,)), members=20, days=3).forecast
    assert few.threshold_people == 50
    assert sp.forecast(october, members=20, days=3).forecast.threshold_people == 500


def test_people_who_leave_on_their_own_are_forecast_too(october: Scenario) -> None:
    places = october.network.places.index
    origin, end = places["tegucigalpa"], places["guatemala-city"]
    leaving = Departures(origin, october.start, 3000, october.start, "test", destination=end)
    alone = replace(october, groups=(), departures=(leaving,))
    fc = sp.forecast(alone, members=20, days=40).forecast
    assert fc.overnight[3, -1, end] > 2900


def test_another_scenario_has_another_checksum(october: Scenario) -> None:
    assert scenario_checksum(october) == scenario_checksum(replace(october))
    assert scenario_checksum(october) != scenario_checksum(replace(october, seed=2))
    links = october.network.links
    longer = replace(links, distance_km=links.distance_km + 1e-9)
    network = replace(october.network, links=longer)
    assert scenario_checksum(october) != scenario_checksum(replace(october, network=network))


def test_the_manifest_is_plain_json_without_clock_or_machine(made: ForecastRun) -> None:
    text = json.dumps(made.manifest)
    assert made.manifest["settings"]["members"] == 80
    assert "2018-10-13" in text


def test_what_is_shared_rests_on_older_knowledge(october: Scenario) -> None:
    today = date(2018, 11, 7)
    shared = shared_forecast(october, as_of=today, members=60)
    assert shared.known_until <= today - timedelta(days=3)
    with pytest.raises(InputError, match="nothing that may be shared yet"):
        shared_forecast(october, as_of=date(2018, 10, 14), members=20)


def test_what_may_be_shared_is_never_written_beside_what_must_not(october: Scenario, tmp_path: Path) -> None:
    shared = shared_forecast(october, as_of=date(2018, 11, 7), members=20)
    assert write_shared(shared, tmp_path / "public")["html"].is_file()
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(InputError, match="not for publication"):
        write_shared(shared, tmp_path)


def test_the_open_loop_of_october_2018_beats_the_naive_intervals(october: Scenario) -> None:
    rows = {row.metric: row for row in verify_caravan(october, members=200, until=date(2018, 11, 12))}
    for quantity in ("position", "size"):
        row = rows[f"{quantity}_interval_score_90"]
        assert row.value <= 0.8 * row.baseline_value


def test_a_scenario_without_truth_cannot_be_verified(october: Scenario) -> None:
    with pytest.raises(InputError, match=r"truth\.csv"):
        verify_caravan(replace(october, truth=()), members=10)


def test_a_way_that_was_not_announced_appears_nowhere(october: Scenario) -> None:
    group = october.groups[0]
    shown = sp.forecast(october, members=20, days=3).forecast.groups[0]
    assert not shown.route_declared
    assert tuple(shown.route.tolist()) != group.route
    assert group.route_announced is not None
    later = sp.forecast(october, members=20, days=3, as_of=group.route_announced).forecast.groups[0]
    assert later.route_declared
    assert tuple(later.route.tolist()) == group.route


def test_days_are_nights_after_the_as_of_date(october: Scenario) -> None:
    made = sp.forecast(october, members=20, days=1)
    assert made.forecast.days == 2
    assert made.forecast.date_of(made.first_night) == made.forecast.as_of + timedelta(days=1)


def test_the_naive_forecasts_start_from_what_was_last_published(october: Scenario) -> None:
    as_of = date(2018, 11, 5)
    group = sp.forecast(october, members=20, days=5, as_of=as_of).forecast.groups[0]
    tomorrow = (as_of - october.start).days + 1
    # On 5 November the last published figures of the main body were of about 4,000 people.
    assert 2000 < group.last_size.at(0.05)[tomorrow] < group.last_size.at(0.95)[tomorrow] < 8000
    assert group.walker_km.at(0.95)[tomorrow] - group.walker_km.at(0.05)[tomorrow] < 45 * 5


def test_very_many_people_do_not_overflow(october: Scenario) -> None:
    crowd = replace(october.groups[0], size_low=5e9, size_high=5e9)
    fc = sp.forecast(replace(october, groups=(crowd,)), members=5, days=3).forecast
    assert fc.peak_people.max() > 2**31
    assert fc.peak_people.min() >= 0


def test_the_group_that_is_verified_is_the_one_that_truth_speaks_of(october: Scenario) -> None:
    first = october.groups[0]
    other = replace(first, id="other", size_low=50.0, size_high=60.0)
    late = replace(first, announced=first.departs + timedelta(days=1))
    both = replace(october, groups=(late, other))
    rows = {row.metric: row for row in verify_caravan(both, members=40, until=date(2018, 10, 30))}
    assert rows["size_width_90"].value > 1000


def test_the_manifest_says_what_to_ask_for_to_have_the_same_bits(october: Scenario) -> None:
    made = sp.forecast(october, members=20, days=6, as_of=date(2018, 10, 25))
    asked = made.manifest["settings"]
    again = sp.forecast(
        october,
        members=asked["members"],
        days=asked["days"],
        seed=asked["seed"],
        as_of=date.fromisoformat(asked["as_of"]),
    )
    assert again.manifest == made.manifest
    assert (again.forecast.overnight == made.forecast.overnight).all()


def test_what_is_no_scenario_is_one_clear_error() -> None:
    with pytest.raises(InputError, match="load it first"):
        sp.forecast("honduras-2018-10")  # type: ignore[arg-type]


def test_check_finds_a_destination_that_no_road_leads_to(october: Scenario, tmp_path: Path) -> None:
    links = october.network.links
    end = october.network.places.index["tijuana"]
    kept = np.flatnonzero((links.origin != end) & (links.target != end))
    fewer = replace(
        links,
        origin=links.origin[kept],
        target=links.target[kept],
        distance_km=links.distance_km[kept],
        modes=tuple(links.modes[i] for i in kept),
        two_way=links.two_way[kept],
        estimated=links.estimated[kept],
        sources=tuple(links.sources[i] for i in kept),
        extra=(),
    )
    group = replace(october.groups[0], route=october.groups[0].route[:1], route_extra=())
    network = replace(october.network, links=fewer, name="")
    folder.write(
        replace(october, network=network, groups=(group,), reports=(), events=()), tmp_path / "island"
    )
    with pytest.raises(InputError, match="a road to every destination"):
        check(tmp_path / "island")
