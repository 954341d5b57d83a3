"""What caravans teach: a population is found again, nobody learns from itself, and forecasts use it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import safepassage as sp
from safepassage.adapters.learned import write_lessons
from safepassage.assimilation.observations import AS_JUDGED, Caravan, Scales, observations, scales_of
from safepassage.assimilation.voices import Voices
from safepassage.core.caravan_priors import DEFAULT_PRIORS
from safepassage.core.draws import Draws
from safepassage.core.engine import NoProgress
from safepassage.core.errors import InputError
from safepassage.core.learned import LearnedCase, Lesson, event_key
from safepassage.core.scenario import Prior, Scenario
from safepassage.workflows import calibrate_caravans
from safepassage.workflows.calibrate import calibrate
from safepassage.workflows.calibrate_caravans import judged_of_reports, learn_caravans
from safepassage.workflows.population import Said, learned_prior, next_case, said_by
from tests.assimilation.twins import caravan, live, told

DAYS = 14


def fixed(name: str, value: float) -> Prior:
    return Prior(name, "fixed", value, value, "", "")


def twin(seed: int, *, walk: float, rides: float, days_later: int = 0) -> Scenario:
    """Give a caravan of walkers, or of riders, with the reports that were made of it."""
    scenario = caravan(DAYS)
    true = {"walk_km_per_day": walk, "ride_chance": rides, "rest_chance": 0.2}
    moved = replace(scenario, priors={name: fixed(name, value) for name, value in true.items()})
    reports = told(scenario, live(moved, days=DAYS, seed=seed), days=DAYS, seed=seed, wrong=False)
    later = timedelta(days=days_later)
    group = replace(scenario.groups[0], departs=scenario.groups[0].departs + later)
    group = replace(group, announced=group.announced + later)
    reports = [
        replace(one, observed=one.observed + later, published=one.published + later) for one in reports
    ]
    return replace(
        scenario,
        name=f"twin {seed}",
        start=scenario.start + later,
        as_of=None,
        priors={},
        groups=(group,),
        reports=tuple(reports),
    )


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibrate_caravans, "MEMBERS", 120)
    monkeypatch.setattr(calibrate_caravans, "RUNS", 1)


def test_where_nothing_is_said_what_was_judged_comes_out() -> None:
    assert next_case([]) == pytest.approx((0.0, 1.0), abs=0.02)
    for judged in DEFAULT_PRIORS:
        again = learned_prior(judged, [], limits=(0.0, 1e4), words=("", ""))
        assert (again.low, again.high) == pytest.approx((judged.low, judged.high), rel=0.06, abs=0.02)


def test_what_a_case_says_is_its_posterior_without_the_prior() -> None:
    # A measurement of 2 with variance 1/3 under a standard normal prior: posterior mean 1.5, variance 1/4.
    said = said_by(1.5, 0.25)
    assert (said.value, said.precision) == pytest.approx((2.0, 3.0))
    assert said_by(0.3, 1.2).precision == 0.0


def test_a_population_is_found_again_and_few_cases_stay_wide() -> None:
    rng = np.random.default_rng(3)
    values = 0.8 + 0.3 * rng.standard_normal(40)
    noisy = [Said(float(value + 0.3 * rng.standard_normal()), 1 / 0.09) for value in values]
    mean, sd = next_case(noisy)
    assert mean == pytest.approx(0.8, abs=0.15)
    assert sd == pytest.approx(0.3, abs=0.12)
    few_mean, few_sd = next_case(noisy[:2])
    assert few_sd > 1.5 * sd
    assert 0.0 < few_mean < 0.8 + 0.3


def test_two_cases_that_disagree_leave_the_next_as_open_as_they_are_apart() -> None:
    _, apart = next_case([Said(-1.5, 20.0), Said(1.5, 20.0)])
    _, alike = next_case([Said(0.0, 20.0), Said(0.0, 20.0)])
    assert apart > 1.0 > alike


def test_walkers_and_riders_are_told_apart(small: None) -> None:
    slow = [twin(seed, walk=18.0, rides=0.02, days_later=seed) for seed in (1, 2, 3)]
    fast = [twin(seed, walk=35.0, rides=0.6, days_later=seed) for seed in (4, 5, 6)]
    learned = [
        {prior.name: prior for prior in learn_caravans(cases, 1, NoProgress()).lesson.priors}
        for cases in (slow, fast)
    ]
    rides = [taught["ride_chance"].low + taught["ride_chance"].high for taught in learned]
    assert rides[0] < 0.8 * rides[1]
    for taught in learned:
        for prior in taught.values():
            assert prior.low < prior.high


def test_a_case_teaches_nothing_to_itself(small: None) -> None:
    others = [twin(seed, walk=25.0, rides=0.3, days_later=seed) for seed in (1, 2)]
    one = twin(7, walk=18.0, rides=0.02, days_later=9)
    changed = replace(one, reports=one.reports[:4])
    key = event_key(one)
    both = [learn_caravans([*others, case], 1, NoProgress()).lesson for case in (one, changed)]
    assert both[0].without[key] == both[1].without[key]
    assert both[0].priors != both[1].priors
    assert both[0].taught_by(key) == ("twin 1", "twin 2")
    for prior in both[0].without[key]:
        assert one.name not in prior.source


def test_caravans_of_which_nothing_was_told_teach_nothing(small: None) -> None:
    cases = [replace(twin(seed, walk=25.0, rides=0.3, days_later=seed), reports=()) for seed in (1, 2)]
    with pytest.raises(InputError, match="0 caravans with reports"):
        calibrate(cases, families=["caravans"])


def test_lessons_of_reports_change_errors_and_biases() -> None:
    assert scales_of({}) == AS_JUDGED
    lessons = {prior.name: prior for prior in judged_of_reports()}
    assert scales_of(lessons).place_error == pytest.approx(1.0)
    scenario = twin(1, walk=25.0, rides=0.3)
    ids = [Caravan(scenario.groups[0].id, 0)]
    plain, _ = observations(scenario.reports, ids, start=scenario.start)
    wider, _ = observations(scenario.reports, ids, start=scenario.start, scales=Scales(2.0, 1.5, 3.0))
    for one, other in zip(plain, wider, strict=True):
        assert other.error == pytest.approx(one.error * (2.0 if one.what == "position" else 1.5))
        assert other.wrong == pytest.approx(min(0.6, 3.0 * one.wrong))
    taught = {"bias_of_press": Prior("bias_of_press", "normal", 0.4, 0.6, "", "")}
    judged = Voices(["press"], members=500, draws=Draws(1)).bias("press")
    heard = Voices(["press"], members=500, draws=Draws(1), lessons=taught).bias("press")
    assert abs(float(np.median(judged))) < 0.05
    assert float(np.median(heard)) == pytest.approx(0.5, abs=0.02)


def test_a_forecast_uses_lessons_of_reports_and_names_them(tmp_path: Path) -> None:
    scenario = sp.load("tapachula-2021-10")
    far = Lesson(
        "observations",
        "by hand",
        (LearnedCase("0" * 16, "another", 1),),
        (Prior("bias_of_press", "normal", 0.9, 1.1, "", ""),),
        {"0" * 16: ()},
    )
    write_lessons(tmp_path, [far])
    options = {"members": 60, "days": 3, "as_of": date(2021, 11, 5)}
    used = sp.forecast(scenario, learned=str(tmp_path), **options)
    none = sp.forecast(scenario, learned="none", **options)
    assert used.manifest["learned_from"] == {"observations": ["another"]}
    assert none.manifest["learned_from"] == {}
    assert used.forecast.groups[0].size.values[-1].mean() != none.forecast.groups[0].size.values[-1].mean()
