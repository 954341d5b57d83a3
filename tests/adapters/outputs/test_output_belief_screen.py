"""What the reports changed, on the screen: some lines below a forecast, a table, and all of it as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from made_up import TOWNS, caravan, in_parts, learned, network_of

from safepassage.cli.forecast_table import print_belief, print_forecast, summary
from safepassage.core.forecast import Forecast
from safepassage.workflows.forecast import ForecastRun
from safepassage.workflows.load import load


def made(forecast: Forecast) -> ForecastRun:
    return ForecastRun(load("tapachula-2021-10"), forecast, {})


@pytest.fixture(scope="module")
def blind() -> Forecast:
    return caravan(network_of(TOWNS), np.arange(8))


def test_below_a_forecast_stand_a_few_lines_of_what_the_reports_did(
    blind: Forecast, capsys: pytest.CaptureFixture[str]
) -> None:
    print_forecast(made(blind))
    before = capsys.readouterr().out
    print_forecast(made(learned(blind)))
    after = capsys.readouterr().out
    lines = after[after.index("reports used / informes usados: 6 / 9") :].splitlines()
    assert 3 <= len([line for line in lines if not line.startswith("Illustrative")]) <= 8
    for said in ("yesterday we said La Breña", "ayer dijimos La Breña", "El Faro, 15 Oct (87% likely wrong)"):
        assert said in after
        assert said not in before
    assert "does not learn" not in after


def test_where_nothing_was_learned_the_screen_says_so(
    blind: Forecast, capsys: pytest.CaptureFixture[str]
) -> None:
    told = replace(learned(blind), belief=None)
    print_forecast(made(told))
    assert "reports known: 9, shown beside the forecast, which does not learn" in capsys.readouterr().out
    print_belief(made(told))
    assert "does not learn" in capsys.readouterr().out
    print_belief(made(blind))
    assert "no report was used / no se usó ningún informe" in capsys.readouterr().out


def test_the_table_of_reports_has_each_with_its_verdict(
    blind: Forecast, capsys: pytest.CaptureFixture[str]
) -> None:
    print_belief(made(learned(blind)))
    said = capsys.readouterr().out
    assert sum(line.startswith("10-1") for line in said.splitlines()) == 9
    for piece in (
        "contradicted",
        "names no place",
        "fewer than 20",
        "officials / autoridades: 0.8 (0.6–1.0)",
        "≈",
    ):
        assert piece in said
    assert "agreed / acordado 2018-10-17, Cima Nueva: 1,800; the forecast says" in said


def test_of_many_reports_the_newest_are_shown_and_the_rest_counted(
    blind: Forecast, capsys: pytest.CaptureFixture[str]
) -> None:
    base = learned(blind)
    assert base.belief is not None
    many = replace(base, belief=replace(base.belief, effects=base.belief.effects * 40))
    print_belief(made(many))
    said = capsys.readouterr().out
    assert "… 340 more in forecast.xlsx" in said
    assert len(said.splitlines()) < 100


def test_the_parts_of_a_caravan_are_said(blind: Forecast, capsys: pytest.CaptureFixture[str]) -> None:
    print_forecast(made(in_parts(learned(blind))))
    said = capsys.readouterr().out
    assert "advance part / avanzada, 2018-10-17: 40%, km" in said
    assert "rear part / retaguardia, 2018-10-17: 3%\n" in said
    assert "with its parts / con sus partes" in said


def test_the_json_has_everything_with_dates_in_iso(blind: Forecast) -> None:
    told = json.loads(json.dumps(summary(made(learned(blind))), allow_nan=False))["belief"]
    assert len(told["reports"]) == 9
    assert told["reports_used"] == 6
    assert told["reports"][0]["published"] == "2018-10-17"
    assert told["look_back"][0]["happened_low"] == 163.0
    assert [row["happened"] for row in told["look_back"][2:]] == ["there", "not there", "not reported"]
    assert told["biases"][0] == {
        "source_kind": "official",
        "reports": 7,
        "times_p10": 0.61,
        "times_p50": 0.8,
        "times_p90": 1.0,
    }
    assert told["agreed"][0]["people"] == 1800
    assert summary(made(blind))["belief"] is None
