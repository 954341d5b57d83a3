from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import safepassage as sp
from safepassage.core.displacement import CAMP, CONFLICT_ZONE, TOWN, Series
from safepassage.core.draws import Draws
from safepassage.core.report import Report
from safepassage.core.scenario import Departures, GoalLaw, Scenario
from safepassage.engines.agents import Agents
from safepassage.engines.cohorts import Cohorts
from safepassage.engines.flow import Flow
from safepassage.engines.run import run
from safepassage.engines.timetable import timetable_of
from safepassage.workflows.forecast import ForecastRun, forecast
from safepassage.workflows.stocks import stock_corrected
from tests.assimilation.towns import Kept
from tests.engines.displaced import world

CRISES = Path(__file__).parents[3] / "shared" / "data" / "displacement"
DAYS = np.arange(0, 61, 6, dtype=np.int64)
AS_OF = date(2020, 1, 1) + timedelta(days=40)


def _series(*people: float) -> Series:
    return Series(DAYS, np.linspace(*people, len(DAYS)))


def _crisis(**changes: object) -> Scenario:
    """Two camps as far from home: the law splits evenly, the counts say one to four."""
    places = [("home", CONFLICT_ZONE, 100_000), ("town", TOWN, 5000), ("near", CAMP, 0), ("far", CAMP, 0)]
    roads = [(0, 1, 30.0), (1, 2, 60.0), (1, 3, 60.0)]
    series = {"series": (_series(0, 2000), _series(0, 8000)), "insert_day0": True}
    return world(places, roads, days=61, **{**series, **changes})


@pytest.fixture(scope="module")
def made() -> ForecastRun:
    return forecast(_crisis(), as_of=AS_OF, members=40, days=20)


def _middle(run: ForecastRun, day: int) -> np.ndarray:
    return run.forecast.overnight[3, day]


@pytest.mark.parametrize("kernel", [Agents, Cohorts, Flow])
def test_a_flee_folder_goes_on_from_the_last_counts_with_every_engine(kernel: type) -> None:
    known, kept = _crisis().known_by(AS_OF), Kept()
    timetable = timetable_of(known, days=50)
    engine = kernel(timetable) if kernel is Flow else kernel(timetable, "asked for")
    correction = stock_corrected(known, as_of=AS_OF, lived=(20, Draws(1)), watching=[kept])
    assert correction is not None
    run(engine, days=50, members=20, draws=Draws(1), observers=[correction])
    people = np.median(kept.stock[36], axis=0)
    assert people[2] == pytest.approx(1200, rel=0.15)
    assert people[3] == pytest.approx(4800, rel=0.15)


def test_without_reports_the_law_splits_as_it_does() -> None:
    made = forecast(_crisis(), as_of=AS_OF, members=20, days=5, use_reports=False)
    near, far = _middle(made, 36)[2:]
    assert near == pytest.approx(far, rel=0.2)
    assert made.forecast.belief is None


def test_what_lies_after_the_as_of_date_changes_no_bit(made: ForecastRun) -> None:
    later = tuple(
        Series(one.days, np.where(one.days > 40, 7.0 * one.people, one.people))
        for one in (_series(0, 2000), _series(0, 8000))
    )
    corrections = ((2, 54), (3, 60))
    other = forecast(_crisis(series=later, corrections=corrections), as_of=AS_OF, members=40, days=20)
    np.testing.assert_array_equal(other.forecast.overnight, made.forecast.overnight)
    np.testing.assert_array_equal(other.forecast.on_road.values, made.forecast.on_road.values)
    # By their words: what is not a number is not equal to itself.
    assert repr(other.forecast.belief) == repr(made.forecast.belief)


def test_a_correction_of_the_registration_that_was_known_counts() -> None:
    # Half of the camp turned out not to be there on day 36: the counts before it are halved.
    halved = Series(DAYS, np.where(DAYS >= 36, 0.5, 1.0) * _series(0, 8000).people)
    made = forecast(
        _crisis(series=(_series(0, 2000), halved), corrections=((3, 36),)), as_of=AS_OF, members=40, days=3
    )
    assert _middle(made, 36)[3] == pytest.approx(2400, rel=0.15)


def test_belief_has_one_row_for_the_last_count_of_each_camp(made: ForecastRun) -> None:
    belief = made.forecast.belief
    assert belief is not None
    assert [effect.report.place for effect in belief.effects] == [2, 3]
    for effect in belief.effects:
        assert effect.report.observed == date(2020, 1, 1) + timedelta(days=36)
        assert effect.report.kind == "stock"
        assert not effect.contradicted
        assert effect.weight > 0.9
        assert effect.off_factor == pytest.approx(1.0, abs=0.3)
        assert np.isnan(effect.off_km)
        assert np.isfinite(effect.shift_people)
    assert [update.day for update in belief.updates] == [
        date(2020, 1, 1) + timedelta(days=int(day)) for day in DAYS if day <= 40
    ]
    assert all(update.reports == 2 for update in belief.updates)


def test_bands_widen_after_the_last_count(made: ForecastRun) -> None:
    ratio = {
        day: made.forecast.overnight[5, day, 3] / made.forecast.overnight[1, day, 3] for day in (36, 45, 60)
    }
    assert 1.0 < ratio[36] < ratio[45] < ratio[60]


def test_a_replay_is_not_corrected() -> None:
    made = forecast(_crisis(), members=4)
    assert made.forecast.replay
    assert made.forecast.belief is None


def _alone(reports: tuple[Report, ...]) -> Scenario:
    """People alone under the goal law: 3000 leave for the far end."""
    crisis = _crisis()
    return replace(
        crisis,
        displacement=None,
        law=GoalLaw(),
        departures=(Departures(0, date(2020, 1, 2), 3000, date(2020, 1, 1), "s", destination=3),),
        reports=reports,
    )


def _stock(day: int, place: int, people: float, **more: object) -> Report:
    seen = date(2020, 1, 1) + timedelta(days=day)
    facts = {"source": "count", "source_kind": "agency", "quality": "exact", "segment": "whole", **more}
    published = facts.pop("published", seen)
    return Report(seen, published, "", place, "stock", people, people, **facts)  # type: ignore[arg-type]


def test_stock_reports_of_people_alone_correct_towns_on_the_way() -> None:
    plain = forecast(_alone(()), as_of=date(2020, 1, 6), members=60, days=4)
    told = _alone((_stock(3, 1, 2000), _stock(4, 1, 1900)))
    made = forecast(told, as_of=date(2020, 1, 6), members=60, days=4)
    assert plain.forecast.belief is None
    belief = made.forecast.belief
    assert belief is not None
    assert [effect.report.place for effect in belief.effects] == [1, 1]
    assert all(effect.key for effect in belief.effects)
    assert _middle(made, 4)[1] == pytest.approx(1900, rel=0.2)
    assert _middle(made, 4)[1] > 1.5 * _middle(plain, 4)[1]
    # Late, twice and out of order: the same bits; published later: as if it did not exist.
    again = forecast(
        replace(told, reports=told.reports[::-1] * 2), as_of=date(2020, 1, 6), members=60, days=4
    )
    np.testing.assert_array_equal(again.forecast.overnight, made.forecast.overnight)
    unknown = replace(told, reports=tuple(replace(r, published=date(2020, 2, 1)) for r in told.reports))
    nothing = forecast(unknown, as_of=date(2020, 1, 6), members=60, days=4)
    np.testing.assert_array_equal(nothing.forecast.overnight, plain.forecast.overnight)


def test_reports_that_cannot_speak_say_why() -> None:
    reports = (
        _stock(3, 1, 2000),
        replace(_stock(3, 1, 100), kind="arrivals"),
        replace(_stock(3, 1, 100), low=None, high=None),
        _stock(-3, 1, 100),
    )
    belief = forecast(_alone(reports), as_of=date(2020, 1, 6), members=20, days=4).forecast.belief
    assert belief is not None
    assert sorted(effect.why_unused for effect in belief.effects) == [
        "",
        "before the departure",
        "names no place and no size",
        "of a kind that is only shown",
    ]


@pytest.mark.skipif(not CRISES.is_dir(), reason="the shared crises are not here")
@pytest.mark.slow
def test_a_real_crisis_goes_on_from_its_last_counts() -> None:
    scenario = sp.load(CRISES / "mali2012")
    made = forecast(scenario, as_of=scenario.start + timedelta(days=200), members=20, days=5)
    known = made.scenario.displacement
    last = np.array([one.people[-1] if len(one.people) else 0.0 for one in known.series])
    said = _middle(made, 200)[known.camps]
    largest = np.argsort(last)[-3:]
    np.testing.assert_allclose(said[largest], last[largest], rtol=0.25)
