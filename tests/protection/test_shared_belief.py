"""What reports did to a forecast never leaves with its shareable form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from caravan_worlds import forecast_from, make_road, pace_seen, walk

from safepassage.adapters.shared_page import write_shared
from safepassage.core.belief import Belief, LookBack, ReportEffect, SourceBias, TownLookBack, Update
from safepassage.core.errors import InputError
from safepassage.core.forecast import Forecast
from safepassage.core.report import AgreedFigure, Report
from safepassage.protection.sharing import share
from safepassage.settings.forecast import ForecastOptions
from safepassage.workflows.load import load
from safepassage.workflows.publish import shared_forecast

DAYS = 26  # as of a day of the weekly grid
SECRET = "Zacatlán kitchen, 4711 told by the shelter"


@pytest.fixture(scope="module")
def blind() -> Forecast:
    rng = np.random.default_rng(5)
    road = make_road(rng)
    path, _ = walk(rng, DAYS)
    return forecast_from(road, path, pace_seen(path), people=3000, rng=rng)


def told(forecast: Forecast, *, late: int = 0) -> Report:
    day = forecast.as_of + timedelta(days=late)
    return Report(day, day, "assumed", 3, "position", 4711.0, 4711.0, "main", "exact", SECRET, note=SECRET)


def weighed(forecast: Forecast, *, late: int = 0) -> Forecast:
    effect = ReportEffect(told(forecast, late=late), "f" * 16, "", 0.123, 0.87, 47.11, 1.471, 47.1, -4711.0)
    back = LookBack(
        night=forecast.as_of,
        made=forecast.as_of - timedelta(days=1),
        threshold_people=500,
        towns=(TownLookBack(3, 0.471, 4711.0, 4712.0, 4713.0, True, "there", 4711.0, 4711.0),),
        said_km=(471.1, 471.2, 471.3),
        happened_km=471.1,
        rule_km=471.9,
        said_people=(4711.0, 4712.0, 4713.0),
        happened_people=4711.0,
        rule_people=4719.0,
    )
    belief = Belief(
        effects=(effect,),
        updates=(Update(forecast.as_of, 1, 47.11, 0.471, True),),
        biases=(SourceBias("shelter", 47, 0.471, 0.472, 0.473),),
        announced_reliability=(0.471, 0.472, 0.473),
        announced=47,
        look_back=back,
        agreed=(AgreedFigure(forecast.as_of, 3, 4711.0, SECRET, SECRET, forecast.as_of),),
    )
    return replace(forecast, belief=belief)


def test_the_shared_files_with_and_without_belief_are_the_same_bytes(blind: Forecast, tmp_path: Path) -> None:
    today = blind.as_of + timedelta(days=3650)
    plain = write_shared(share(blind, today=today), tmp_path / "plain")
    learned = write_shared(share(weighed(blind), today=today), tmp_path / "learned")
    for kind, path in plain.items():
        text = learned[kind].read_bytes()
        assert text == path.read_bytes()
        for piece in (SECRET, "4711", "Town 3", "shelter", "Yesterday we said", "belief"):
            assert piece.encode() not in text, piece


def test_belief_in_reports_of_later_days_does_not_pass_the_door(blind: Forecast) -> None:
    today = blind.as_of + timedelta(days=3650)
    assert share(weighed(blind), today=today).known_until == blind.as_of
    with pytest.raises(InputError, match="became known later"):
        share(weighed(blind, late=1), today=today)


def test_the_shared_form_is_the_same_whether_anything_was_reported_or_not() -> None:
    scenario = load("tapachula-2021-10")
    silent = replace(scenario, reports=())
    assert scenario.reports
    asked = ForecastOptions(as_of=date(2021, 11, 15), members=20)
    assert shared_forecast(scenario, **asked) == shared_forecast(silent, **asked)
