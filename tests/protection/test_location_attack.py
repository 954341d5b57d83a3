"""Nobody finds a caravan by what is shared: the attack gains at most one point in a hundred.

The larger runs that these were cut down from, and what weaker rules give away, are in docs/protection.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from attacker import Playbook, Publish, Target, attack
from caravan_worlds import HORIZON_DAYS, Road, forecast_from, make_road, walk

from safepassage.core.errors import InputError
from safepassage.core.forecast import Forecast
from safepassage.core.shared import BANDS, ShareRules
from safepassage.protection import share

GAIN_MAX = 0.01
NEWS_AGE_DAYS = 3
PLAYBOOK_DAY = 26  # days known: a Friday, as every forecast that is shared
ROADS = 2
RULES = ShareRules()


def shared(road: Road, rules: ShareRules) -> Publish:
    """Publish what the program shares: the band of every area, as numbers."""
    places = road.network.places
    rows = {name: row for row, name in enumerate(dict.fromkeys((*places.admin1, *places.countries)))}

    def publish(forecast: Forecast) -> np.ndarray:
        result = np.zeros(len(rows), dtype=np.int64)
        for cell in share(forecast, today=rules.week_of(forecast.as_of), rules=rules).cells:
            result[rows[cell.admin1 or cell.country]] = BANDS.index(cell.chance)
        return result

    return publish


def unprotected(road: Road, rules: ShareRules) -> Publish:
    """Publish what the operational report shows: how many towns are likely behind them in three days."""

    def publish(forecast: Forecast) -> np.ndarray:
        day = (forecast.as_of - forecast.start).days + NEWS_AGE_DAYS
        come = (forecast.arrival_day >= 0) & (forecast.arrival_day <= day)
        return np.array([np.median((come * np.arange(1, len(road.town_km) + 1)).max(axis=1))])

    return publish


def targets(kind: Callable[[Road, ShareRules], Publish], rules: ShareRules) -> list[tuple[Road, Target]]:
    rng = np.random.default_rng(2018)
    age = rules.delay_days + rules.hold_days
    result = []
    for _ in range(ROADS):
        road = make_road(rng)
        publish = kind(road, rules)
        playbook = Playbook.write(road, publish, day=PLAYBOOK_DAY, rng=rng)
        result.append((road, Target(publish, playbook, age_days=age, period_days=7)))
    return result


@pytest.mark.slow
@pytest.mark.parametrize(("told", "error_km"), [(0.9, 10.0), (0.4, 10.0)], ids=["daily news", "few news"])
def test_the_default_rules_do_not_help_to_find_a_caravan(told: float, error_km: float) -> None:
    found = attack(targets(shared, RULES), worlds=600, told=told, error_km=error_km, seed=11)
    surely = {guess: found.surely_gained(guess) for guess in found.without}
    assert {guess: gain for guess, gain in surely.items() if gain > GAIN_MAX} == {}


def test_the_attacker_is_able_an_unprotected_forecast_tells_him_much() -> None:
    rules = ShareRules(hold_days=0)
    target = targets(unprotected, rules)
    found = attack(target, worlds=200, told=0.4, error_km=20.0, silent_days=4, seed=12)
    assert found.surely_gained("near") > 5 * GAIN_MAX


def test_the_file_is_the_same_on_every_day_of_a_week() -> None:
    rng = np.random.default_rng(5)
    road = make_road(rng)
    path, pace = walk(rng, HORIZON_DAYS)
    made = forecast_from(road, path[:26], pace, people=3000, rng=rng)
    monday = RULES.week_of(made.as_of)
    assert monday.weekday() == 0
    for day in range(7):
        assert RULES.as_of_for(monday + timedelta(days=day)) == made.as_of
    files = {share(made, today=monday + timedelta(days=day)) for day in range(7)}
    assert len(files) == 1


@pytest.mark.parametrize("known_days", [20, 21, 22, 23, 24, 25])
def test_a_forecast_between_two_grid_days_may_not_leave(known_days: int) -> None:
    rng = np.random.default_rng(5)
    road = make_road(rng)
    path, pace = walk(rng, HORIZON_DAYS)
    made = forecast_from(road, path[:known_days], pace, people=3000, rng=rng)
    with pytest.raises(InputError, match="may not be shared"):
        share(made, today=made.as_of + timedelta(days=3650))


def test_a_forecast_that_knows_too_much_may_not_leave_and_the_message_says_which_may() -> None:
    rng = np.random.default_rng(5)
    road = make_road(rng)
    path, pace = walk(rng, HORIZON_DAYS)
    made = forecast_from(road, path[:26], pace, people=3000, rng=rng)
    day_before = RULES.week_of(made.as_of) - timedelta(days=1)
    with pytest.raises(InputError) as caught:
        share(made, today=day_before)
    assert RULES.as_of_for(day_before).isoformat() in str(caught.value)


def test_where_in_its_area_the_caravan_was_leaves_no_trace_once_it_is_behind_the_frontier() -> None:
    rng = np.random.default_rng(8)
    road = make_road(rng)
    path, pace = walk(rng, HORIZON_DAYS)
    made = forecast_from(road, path[:26], pace, people=3000, rng=rng)
    early = replace(made, arrival_day=np.where(made.arrival_day >= 0, 0, -1).astype(np.int16))
    assert (
        share(made, today=RULES.week_of(made.as_of)).cells[0]
        == (share(early, today=RULES.week_of(made.as_of)).cells[0])
    )
