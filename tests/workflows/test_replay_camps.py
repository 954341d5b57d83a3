"""A crisis replayed: each evening knows the counts made by then, and is held against the next ones."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from safepassage.core.displacement import CAMP, CONFLICT_ZONE, TOWN, Series
from safepassage.core.errors import InputError
from safepassage.core.scenario import Scenario
from safepassage.scoring.naive_series import LAST
from safepassage.workflows import rolling_camps
from safepassage.workflows.replay import ReplayPlan, check, replay
from tests.engines.displaced import world

PLAN = ReplayPlan(members=6, every=True)


def _crisis() -> Scenario:
    """Two camps that were counted every sixth day."""
    days = np.arange(0, 37, 6, dtype=np.int64)
    series = tuple(Series(days, np.linspace(0, top, len(days))) for top in (2000.0, 8000.0))
    places = [("home", CONFLICT_ZONE, 100_000), ("town", TOWN, 5000), ("near", CAMP, 0), ("far", CAMP, 0)]
    roads = [(0, 1, 30.0), (1, 2, 60.0), (1, 3, 60.0)]
    return world(places, roads, days=37, series=series, insert_day0=True)


@pytest.fixture(scope="module")
def crisis() -> Scenario:
    return _crisis()


def test_every_count_is_foreseen_from_those_before_it(crisis: Scenario, tmp_path: Path) -> None:
    found = replay(crisis, tmp_path / "out", PLAN)
    days = [(one.evening - crisis.start).days for one in found.evenings]
    assert days == [6, 12, 18, 24, 30]
    for day, evening in zip(days, found.evenings, strict=True):
        folder = tmp_path / "out" / "evenings" / evening.evening.isoformat()
        said = json.loads((folder / "forecast.json").read_bytes())
        assert {max(when for when, _ in told) for told in said["told"].values()} == {
            evening.evening.isoformat()
        }
        made = rolling_camps.foreseen(crisis, day, 60, luck=(6, crisis.seed)).people
        assert [one.ahead_days for one in evening.sayings] == [6, 6]
        for camp, one in enumerate(evening.sayings):
            low, middle, high = np.quantile(made[6, :, camp], (0.1, 0.5, 0.9))
            assert (one.low, one.middle, one.high) == pytest.approx((low, middle, high), abs=0.1)
            assert one.happened == pytest.approx((2000.0, 8000.0)[camp] * (day + 6) / 36, abs=0.1)
            assert one.rules[LAST] == pytest.approx((2000.0, 8000.0)[camp] * day / 36)
    assert found.evenings[0].reports == 4  # of day 0 and of day 6, at two camps
    assert found.evenings[1].reports == 2
    assert check(tmp_path / "out")[2] is True
    assert "campamento" in (tmp_path / "out" / "replay.html").read_text("utf-8")


def test_a_crisis_that_was_hardly_counted_is_refused(crisis: Scenario, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="three days or more"):
        replay(crisis, tmp_path / "a", replace(PLAN, until=crisis.start + timedelta(days=6)))
    with pytest.raises(InputError, match="without a caravan"):
        replay(crisis, tmp_path / "b", replace(PLAN, articles=tmp_path))
    with pytest.raises(InputError, match="cannot be replayed"):
        replay(replace(crisis, displacement=None), tmp_path / "c", PLAN)
