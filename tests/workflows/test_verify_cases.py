from __future__ import annotations

import json
import math

import pytest

from safepassage.cli.main import status
from safepassage.workflows.verify import sort_cases


def test_built_in_scenarios_are_told_from_flee_folders() -> None:
    assert sort_cases(["honduras-2018-10", "some/folder"]) == (["some/folder"], ["honduras-2018-10"])


def test_a_caravan_is_verified_beside_its_naive_forecasts(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["verify", "honduras-2018-10", "--members", "40", "--until", "2018-11-12", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {
        "case",
        "protocol",
        "horizon_days",
        "metric",
        "value",
        "unit",
        "baseline",
        "baseline_value",
    } == set(rows[0])
    assert {row["protocol"] for row in rows} == {"caravan-open-loop"}
    assert {"position_interval_score_90", "size_interval_score_90", "position_width_90"} <= {
        row["metric"] for row in rows
    }
    assert all(math.isfinite(row["value"]) and math.isfinite(row["baseline_value"]) for row in rows)


def test_what_is_no_case_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["verify", "no-such-case"]) == 2
    assert "a built-in's name" in capsys.readouterr().err
