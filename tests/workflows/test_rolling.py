"""Rolling origins: nothing from after an origin reaches the forecast, and only reporting days are scored."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.cli.main import status
from safepassage.cli.verify_rolling import Printing, command_again
from safepassage.core.displacement import CAMP, CONFLICT_ZONE, TOWN, Closure, Series
from safepassage.core.errors import InputError
from safepassage.core.report import Report
from safepassage.core.scenario import Destination, Scenario, TruthRow
from safepassage.scoring.naive_position import MEAN, NEXT, STAYS
from safepassage.scoring.naive_series import LAST
from safepassage.workflows import rolling_camps, rolling_caravan
from safepassage.workflows.forecast import forecast, watched_forecast
from safepassage.workflows.rolling import RollingPlan, horizons_of, rolling_plan, rows_of, verify_rolling
from safepassage.workflows.rolling_camps import counted, score_camps
from safepassage.workflows.rolling_caravan import CaravanMembers, score_caravan, truth_of
from tests.engines.corridors import START, caravan, corridor, event
from tests.engines.displaced import world

LEG_KM, PACE_KM = 30.0, 30.0
TOWNS = 15


def _day(number: int) -> date:
    return START + timedelta(days=number)


def _report(day: int, place: int, people: float | None = 1000.0, **more: object) -> Report:
    published = more.pop("published", _day(day))
    facts = {"source": "press", "source_kind": "press", "segment": "main", "quality": "exact", **more}
    kind = facts.pop("kind", "position")
    return Report(_day(day), published, "", place, kind, people, people, **facts)  # type: ignore[arg-type]


def _truth(day: int, place: int, quantity: str = "position", people: float | None = None) -> TruthRow:
    return TruthRow(_day(day), place, quantity, people, people, "made up")


def _walk(**changes: object) -> Scenario:
    """A caravan that walks a leg a day, reported every day; its road becomes known when all is over."""
    scenario = caravan(corridor([LEG_KM] * (TOWNS - 1)), priors={})
    group = replace(
        scenario.groups[0],
        route_announced=_day(60),
        destinations=(Destination(TOWNS - 1, 1.0, START, "made up"),),
    )
    rows = [_truth(day, min(day + 1, TOWNS - 1)) for day in range(12)]
    rows += [_truth(day, min(day + 1, TOWNS - 1), "size", 1000.0) for day in range(0, 12, 2)]
    told = tuple(_report(day, day + 1) for day in range(12))
    return replace(scenario, groups=(group,), truth=tuple(rows), reports=told, **changes)


def _members(scenario: Scenario, origin: int, days: int = 4) -> CaravanMembers:
    axis = truth_of(_walk()).axis
    return rolling_caravan.foreseen(scenario, axis, (origin, days), luck=(30, 1))


@pytest.fixture(scope="module")
def plain() -> dict[int, CaravanMembers]:
    return {origin: _members(_walk(), origin) for origin in (0, 3, 6)}


def _same(one: CaravanMembers, other: CaravanMembers) -> bool:
    names = ("head_km", "reached_km", "size")
    return all(np.array_equal(getattr(one, n), getattr(other, n), equal_nan=True) for n in names)


def test_the_truth_is_the_furthest_main_place_of_the_day_after_the_departure() -> None:
    scenario = _walk()
    behind = replace(scenario, truth=(*scenario.truth, _truth(3, 1), _truth(4, 2)))
    for given_truth in (truth_of(scenario), truth_of(behind)):
        assert given_truth.days.tolist() == list(range(1, 12))
        assert given_truth.km.tolist() == [LEG_KM * (day + 1) for day in range(1, 12)]
    assert truth_of(scenario, until=_day(5)).last_day == 5


def test_the_members_are_those_of_the_products_own_forecast() -> None:
    scenario, seen = _walk(), _members(_walk(), 3)
    made = forecast(scenario, as_of=_day(3), days=4, members=30, seed=1).forecast
    assert np.median(seen.size, axis=1) == pytest.approx(made.groups[0].size.at(0.5)[3:])
    assert np.nanmedian(seen.head_km, axis=1) == pytest.approx(made.groups[0].head_km.at(0.5)[3:])
    watched = watched_forecast(scenario, [], as_of=_day(3), days=4, members=30, seed=1).forecast
    np.testing.assert_array_equal(watched.overnight, made.overnight)


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_nothing_from_after_the_origin_changes_the_forecast(
    plain: dict[int, CaravanMembers], data: st.DataObject
) -> None:
    scenario, origin = _walk(), data.draw(st.sampled_from(sorted(plain)))
    later = st.integers(origin + 1, 19)
    more = []
    for _ in range(data.draw(st.integers(1, 4))):
        # Of a day before or after the origin, but told only after it.
        told = data.draw(later)
        place, people = data.draw(st.integers(0, TOWNS - 1)), data.draw(st.floats(1, 1e5))
        more.append(_report(data.draw(st.integers(0, told)), place, people, published=_day(told)))
    kept = tuple(r for r in scenario.reports if r.published <= _day(origin) or data.draw(st.booleans()))
    barred = event("closure", day=data.draw(later), place=data.draw(st.integers(1, 9)))
    altered = replace(
        scenario,
        reports=(*kept, *more),
        events=(replace(barred, announced=_day(data.draw(later))),),
        truth=tuple(_truth(day, data.draw(st.integers(0, TOWNS - 1))) for day in range(20)),
        groups=(replace(scenario.groups[0], route_announced=_day(data.draw(later))),),
        default_as_of=_day(data.draw(later)),
    )
    assert _same(_members(altered, origin), plain[origin])


def test_the_forecast_does_depend_on_what_was_published_before(plain: dict[int, CaravanMembers]) -> None:
    scenario = _walk()
    silent = replace(scenario, reports=tuple(r for r in scenario.reports if r.observed < _day(2)))
    moved = (*silent.reports, _report(2, 8, 300.0), _report(3, 8, 300.0))
    assert not _same(_members(replace(scenario, reports=moved), 3), plain[3])


def _certain(origin: int, *, off_km: float = 0.0, days: int = 9) -> CaravanMembers:
    """A forecast of two members that are as far from the truth on either side, and beyond by `off_km`."""
    km = LEG_KM * (origin + 1.0 + np.arange(days)) + off_km
    heads = np.stack([km - 5.0, km + 5.0], axis=1)
    return CaravanMembers(origin, heads, np.maximum.accumulate(heads), np.full((days, 2), 1000.0))


def test_known_scores_of_a_caravan() -> None:
    scenario, origin = _walk(), 2
    scored = score_caravan(scenario, truth_of(scenario), _certain(origin), [1, 7])
    found = {(one.metric, one.horizon_days): one for one in scored}
    assert found["position_error_km", 1].value == pytest.approx(0.0)
    assert found["crps", 1].value == pytest.approx(5.0 - 2.5)
    assert found["position_error_km", 7].baselines[STAYS] == pytest.approx(7 * LEG_KM)
    # From km 30 on day 0 to km 90 on day 2: the very pace at which it goes on.
    assert found["position_error_km", 7].baselines[MEAN] == pytest.approx(0.0)
    assert found["size_log_crps", 7].value == pytest.approx(0.0)
    assert found["size_log_crps", 7].baselines[LAST] == pytest.approx(0.0)
    assert ("size_log_crps", 1) not in found  # sizes are told every other day
    arrival = found["arrival_day_error", 7]
    # The median of the two members is at the town on the day itself or the day after it.
    assert arrival.value <= 1.0
    assert arrival.baselines[STAYS] > arrival.value
    assert NEXT not in arrival.baselines


def test_a_worse_forecast_scores_worse_beside_the_same_baselines() -> None:
    scenario, truth = _walk(), truth_of(_walk())
    near, far = (score_caravan(scenario, truth, _certain(2, off_km=off), [1, 3, 7]) for off in (0.0, 90.0))
    for one, other in zip(near, far, strict=True):
        assert repr(one.baselines) == repr(other.baselines)  # they may be NaN
        if one.metric in ("position_error_km", "crps", "interval_score_90", "arrival_day_error"):
            assert other.value > one.value


def test_the_walker_sets_out_on_the_evening_before_the_departure_until_its_day_is_reported() -> None:
    scenario = replace(_walk(), reports=(_report(1, 2),))
    scored = score_caravan(scenario, truth_of(scenario), _certain(1), [3])
    error = next(one for one in scored if one.metric == "position_error_km")
    assert error.baselines[MEAN] == pytest.approx(0.0)


def test_an_announced_next_stop_is_a_baseline_where_it_was_known() -> None:
    scenario, truth = _walk(), truth_of(_walk())
    stop = _report(3, 4, None, kind="next_stop", published=_day(2))
    told = replace(scenario, reports=(*scenario.reports, stop))
    late = replace(scenario, reports=(*scenario.reports, replace(stop, published=_day(3))))
    errors = [
        one.baselines.get(NEXT)
        for each in (told, late)
        for one in score_caravan(each, truth, _certain(2), [1])
        if one.metric == "position_error_km"
    ]
    assert errors == [pytest.approx(0.0), None]


def _crisis(**changes: object) -> Scenario:
    """Two camps that were counted every sixth day."""
    days = np.arange(0, 61, 6, dtype=np.int64)
    series = tuple(Series(days, np.linspace(0, top, len(days))) for top in (2000.0, 8000.0))
    places = [("home", CONFLICT_ZONE, 100_000), ("town", TOWN, 5000), ("near", CAMP, 0), ("far", CAMP, 0)]
    roads = [(0, 1, 30.0), (1, 2, 60.0), (1, 3, 60.0)]
    return world(places, roads, days=61, **{"series": series, "insert_day0": True, **changes})


def test_nothing_from_after_the_origin_changes_the_forecast_of_camps() -> None:
    scenario, origin = _crisis(), 30
    displacement = scenario.displacement
    assert displacement is not None
    changed = tuple(
        Series(one.days, np.where(one.days > origin, 9.0 * one.people + 5.0, one.people))
        for one in displacement.series
    )
    other = _crisis(
        series=changed,
        corrections=((2, 42), (3, 60)),
        closures=(Closure("location", (1,), None, 40, None),),
    )
    made = [rolling_camps.foreseen(each, origin, 12, luck=(8, 1)).people for each in (scenario, other)]
    np.testing.assert_array_equal(*made)
    # The rules beside it see no more: scored against one truth they say the same.
    mine, theirs = (score_camps(scenario, rolling_camps.CampMembers(origin, people), [6]) for people in made)
    assert repr(mine) == repr(theirs)  # some are NaN


def test_known_scores_of_camps() -> None:
    scenario, origin = _crisis(), 30
    # Counts grow by 200 and 800 from report to report; on day 36 they are 1200 and 4800.
    people = np.tile(np.array([1200.0, 4000.0]), (9, 2, 1))
    scored = score_camps(scenario, rolling_camps.CampMembers(origin, people), [6])
    found = {one.metric: one for one in scored}
    assert found["ard"].value == pytest.approx(800 / 6000)
    assert found["crps"].value == pytest.approx(100 * 800 / 5000)
    assert found["ard"].baselines[LAST] == pytest.approx(1000 / 6000)
    assert found["mase"].value == pytest.approx((0 / 200 + 800 / 800) / 2)
    assert found["mase"].baselines[LAST] == pytest.approx(1.0)
    assert found["coverage_80"].value == pytest.approx(0.5)
    assert found["log_crps"].value == pytest.approx(np.log(4801 / 4001) / 2)
    # The 0.9 quantiles of the past are 900 and 3600: below them nothing counts.
    assert found["twcrps"].value == pytest.approx(100 * 800 / 5000)
    low = score_camps(scenario, rolling_camps.CampMembers(origin, 0 * people), [6])
    tail = next(one.value for one in low if one.metric == "twcrps")
    assert tail == pytest.approx(100 * (300 + 1200) / 5000)
    assert score_camps(scenario, rolling_camps.CampMembers(origin, people), [3]) == []


def test_counts_are_read_in_order_and_known_corrections_reach_the_rules() -> None:
    displacement = _crisis(corrections=((3, 30),)).displacement
    assert displacement is not None
    backwards = replace(
        displacement, series=tuple(Series(s.days[::-1], s.people[::-1]) for s in displacement.series)
    )
    for one, other in zip(
        counted(displacement, corrected=False), counted(backwards, corrected=False), strict=True
    ):
        assert one is not None
        assert other is not None
        np.testing.assert_array_equal(one.people, other.people)
    corrected = counted(displacement, corrected=True)[1]
    assert corrected is not None
    assert corrected.people[4] == pytest.approx(3200 * 4000 / 3200)


def test_cases_of_both_kinds_run_through_and_are_summed_up() -> None:
    plan = RollingPlan(horizons=(1, 6), origins=7, members=20)
    rows = rows_of(verify_rolling([_walk(), _crisis()], plan))
    assert {row.case for row in rows} == {_walk().name, _crisis().name}
    assert {"position_error_km", "size_log_crps", "ard", "mase", "coverage_80"} <= {r.metric for r in rows}
    assert all(np.isfinite([row.value, row.baseline_value]).all() for row in rows)
    assert any(row.difference is not None for row in rows)


@pytest.mark.parametrize("text", ["", "0", "7,x", "-1", "1.5", "366", "1,,3"])
def test_other_horizons_than_whole_days_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        horizons_of(text)


def test_what_cannot_be_verified_is_refused_before_anything_runs() -> None:
    scenario = _walk()
    for bad in (
        [replace(scenario, truth=())],
        [scenario, scenario],
        [_crisis(series=(), camps=np.zeros(0, int))],
    ):
        with pytest.raises(InputError):
            verify_rolling(bad)


def test_the_command_writes_every_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "verify",
        "tapachula-2021-10",
        "--rolling",
        "--horizons",
        "7,1",
        "--origins",
        "2",
        "--members",
        "20",
    ]
    assert status([*words, "--out", str(tmp_path / "scores"), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["horizon_days"] for row in rows} <= {1, 7}
    assert {row["protocol"] for row in rows} == {"rolling-origin"}
    assert rows == json.loads((tmp_path / "scores" / "scores.json").read_text(encoding="utf-8"))
    lines = (tmp_path / "scores" / "origins.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "case,origin,horizon_days,metric,unit,forecast,value"
    assert any(",safepassage," in line for line in lines[1:])
    assert (
        (tmp_path / "scores" / "tables.md").read_text(encoding="utf-8").startswith("### tapachula-2021-10\n")
    )


def test_where_nothing_can_be_scored_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["verify", "honduras-2018-10", "--rolling", "--until", "2018-10-16"]
    assert status([*command, "--origins", "1", "--horizons", "90", "--members", "2"]) == 0
    told = capsys.readouterr().out
    assert "nothing to score" in told
    assert "nada que medir" in told


def test_options_without_effect_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["verify", "tapachula-2021-10", "--members", "20", "--horizons", "7"]) == 0
    assert "no effect without --rolling: --horizons" in capsys.readouterr().err


def test_the_line_that_makes_the_page_again_has_every_option() -> None:
    how = Printing(("folder/mali2012",), None, as_json=False, ablations=True, hasten=50, compat=True)
    line = command_again(rolling_plan(horizons="7,30", members=4), how)
    assert line == (
        "safepassage verify mali2012 --rolling --horizons 7,30 --members 4 --hasten 50 --compat --ablations "
        "--out scores"
    )
