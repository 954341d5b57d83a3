"""What calibrate refuses before it works for minutes, and which lessons a run uses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import safepassage as sp
from safepassage.adapters.learned import write_lessons
from safepassage.core.errors import InputError
from safepassage.core.learned import FAMILIES, LearnedCase, Lesson, event_key
from safepassage.core.scenario import Prior
from safepassage.workflows.calibrate import calibrate, families_of
from safepassage.workflows.lessons import lessons_for


def pace(km: float) -> tuple[Prior, ...]:
    return (Prior("walk_km_per_day", "fixed", km, km, "", ""),)


def test_an_event_given_twice_under_two_names_is_refused() -> None:
    scenario = sp.load("tapachula-2021-10")
    with pytest.raises(InputError, match="the same event as tapachula-2021-10"):
        calibrate([scenario, replace(scenario, name="copy")])


def test_one_case_of_a_kind_is_too_few() -> None:
    with pytest.raises(InputError, match="1 caravans"):
        calibrate([sp.load("tapachula-2021-10")])


def test_unknown_families_are_named() -> None:
    assert families_of("law, stocks") == ("law", "stocks")
    with pytest.raises(InputError, match="weather"):
        families_of("law,weather")


def test_a_forecast_uses_the_lessons_of_a_folder_and_says_so(tmp_path: Path) -> None:
    scenario = sp.load("tapachula-2021-10")
    key = event_key(scenario)
    lesson = Lesson(
        family="caravans",
        method="by hand",
        cases=(LearnedCase(key, scenario.name, 1), LearnedCase("0" * 16, "another", 1)),
        priors=pace(60.0),
        without={key: pace(20.0), "0" * 16: pace(60.0)},
    )
    write_lessons(tmp_path, [lesson])
    options = {"members": 20, "days": 3, "use_reports": False, "learned": str(tmp_path)}
    made = sp.forecast(scenario, **options)
    assert made.scenario.priors["walk_km_per_day"].high == 20.0
    assert made.manifest["learned_from"] == {"caravans": ["another"]}
    assert made.manifest["settings"]["learned"] == tmp_path.name
    write_lessons(tmp_path, [replace(lesson, without={**lesson.without, key: pace(21.0)})])
    assert lessons_for(scenario, str(tmp_path)).sha256 != made.manifest["learned_sha256"]


def test_what_a_scenario_says_itself_comes_first(tmp_path: Path) -> None:
    scenario = sp.load("tapachula-2021-10")
    (own,) = pace(30.0)
    write_lessons(tmp_path, [Lesson("caravans", "by hand", (), pace(60.0))])
    made = sp.forecast(
        replace(scenario, priors=scenario.priors | {own.name: own}),
        members=20,
        days=3,
        use_reports=False,
        learned=str(tmp_path),
    )
    assert made.scenario.priors[own.name].high == 30.0


def test_a_manifest_names_only_lessons_that_the_run_uses() -> None:
    made = sp.forecast(sp.load("tapachula-2021-10"), members=20, days=3, use_reports=False)
    assert set(made.manifest["learned_from"]) == {"caravans"}
    learning = sp.forecast(sp.load("tapachula-2021-10"), members=20, days=3)
    assert set(learning.manifest["learned_from"]) == {"caravans", "observations"}


def test_none_is_none() -> None:
    scenario = sp.load("tapachula-2021-10")
    assert lessons_for(scenario, "none").told(FAMILIES) == {}
    assert lessons_for(scenario, "none").priors("caravans") == {}


def test_a_folder_without_lessons_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no lessons"):
        sp.forecast(sp.load("tapachula-2021-10"), members=20, learned=str(tmp_path / "nowhere"))
