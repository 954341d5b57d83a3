from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from safepassage.scoring.bootstrap import block_length, paired_interval
from safepassage.scoring.crps import crps_ensemble, twcrps_ensemble
from safepassage.scoring.naive_position import (
    FITTED,
    MEAN,
    NEXT,
    RANGE,
    RECENT,
    STAYS,
    Walked,
    naive_positions,
)
from safepassage.scoring.naive_series import (
    DAMPED,
    DRIFT,
    LAST,
    LEAST_PEOPLE,
    SMOOTHED,
    WALK,
    Past,
    naive_forecasts,
    pooled_variance,
)
from safepassage.scoring.rolling import (
    Scored,
    hardest,
    near_days,
    sample_scores,
    spread_origins,
    summed_up,
)


def test_scores_of_a_sample_by_hand() -> None:
    found = sample_scores(np.array([0.0, 4.0]), 1.0)
    # E|X - y| = (1 + 3) / 2; half of E|X - X'| = 4 * 2 / 4 / 2.
    assert found["crps"] == pytest.approx(2.0 - 1.0)
    assert found["error"] == pytest.approx(1.0)
    # The central 90 % interval of the two is 0.2 to 3.8, the central half of them 1 to 3.
    assert found["interval_score_90"] == pytest.approx(3.6)
    assert (found["coverage_50"], found["coverage_80"], found["coverage_90"]) == (1.0, 1.0, 1.0)
    assert sample_scores(np.array([0.0, 4.0]), 3.9)["interval_score_90"] == pytest.approx(3.6 + 20 * 0.1)


def test_a_single_number_is_scored_by_its_error_and_has_no_coverage() -> None:
    found = sample_scores(np.array([7.0]), 4.0)
    assert found["crps"] == pytest.approx(3.0)
    assert found["interval_score_90"] == pytest.approx(60.0)
    assert math.isnan(found["coverage_80"])


members = st.lists(st.floats(-100, 100), min_size=1, max_size=12)


@given(members, st.floats(-100, 100), st.floats(-100, 100))
def test_the_threshold_weighted_score_is_the_integral_above_the_threshold(
    values: list[float], outcome: float, threshold: float
) -> None:
    sample = np.array(values)
    edges = np.unique(np.clip([*values, outcome, threshold, 100.0], threshold, None))
    middles = (edges[1:] + edges[:-1]) / 2
    steps = ((sample[:, None] <= middles).mean(axis=0) - (outcome <= middles)) ** 2
    expected = float((steps * np.diff(edges)).sum())
    given_back = twcrps_ensemble(sample[:, None], np.array([outcome]), np.array([threshold]))[0]
    assert given_back == pytest.approx(expected, abs=1e-9)


@given(members, st.floats(-100, 100), st.floats(0.1, 50))
def test_a_forecast_moved_away_from_the_outcome_scores_worse(
    values: list[float], outcome: float, shift: float
) -> None:
    sample = np.maximum(np.array(values), outcome)
    near, far = (sample_scores(each, outcome) for each in (sample, sample + shift))
    for name in ("crps", "error", "interval_score_90"):
        assert far[name] > near[name] - 1e-9
    assert far["crps"] >= near["crps"] + 1e-9 or len(set(values)) > 1


def test_the_sample_of_a_normal_walk_has_the_score_of_the_normal_distribution() -> None:
    past = Past(np.array([0]), np.array([1000.0]))
    sample = naive_forecasts(past, 9, prior_variance=0.01)[WALK]
    scores = float(crps_ensemble(np.log(sample + LEAST_PEOPLE)[:, None], np.array([np.log(1010.0)]))[0])
    # CRPS of N(0, s) at its middle: s (sqrt 2 - 1) / sqrt pi; here s = 0.1 * sqrt 9.
    assert scores == pytest.approx(0.3 * (math.sqrt(2) - 1) / math.sqrt(math.pi), rel=0.01)


def test_naive_series_by_hand() -> None:
    past = Past(np.array([0, 10]), np.array([1000.0, 1200.0]))
    told = naive_forecasts(past, 15, prior_variance=0.0)
    assert told[LAST] == pytest.approx([1200.0])
    assert told[DRIFT] == pytest.approx([1300.0])
    assert np.median(told[WALK]) == pytest.approx(1200.0, rel=0.01)
    step = np.log(1210 / 1010) / np.sqrt(10)
    assert pooled_variance([past]) == pytest.approx(step**2)
    # One step of its own and four that are zero.
    spread = np.log(told[WALK] + LEAST_PEOPLE).std()
    assert spread == pytest.approx(np.sqrt(step**2 / 5 * 5), rel=0.02)
    # Two reports are too few to be smoothed.
    assert told[SMOOTHED] is told[WALK]
    assert told[DAMPED] is told[WALK]


def test_a_place_that_was_empty_does_not_make_smoothing_absurd() -> None:
    days = np.arange(0, 80, 10)
    people = np.array([0.0, 0.0, 5000.0, 5200.0, 5100.0, 5300.0, 5250.0, 5350.0])
    for name in (SMOOTHED, DAMPED):
        sample = naive_forecasts(Past(days, people), 100, prior_variance=0.0001)[name]
        assert 3500 < sample.min() < np.median(sample) < sample.max() < 8000
        assert 5000 < np.median(sample) < 5800


def test_smoothing_follows_a_level_and_the_damped_trend_a_trend() -> None:
    days = np.arange(0, 200, 10)
    noisy = 1000.0 * np.exp(0.3 * np.array([(-1) ** k for k in range(len(days))]))
    level = np.median(naive_forecasts(Past(days, noisy), 200, prior_variance=0.0)[SMOOTHED])
    assert 900 < level < 1100
    rising = Past(days, 1000.0 * np.exp(0.01 * days))
    trend = naive_forecasts(rising, 200, prior_variance=0.0)[DAMPED]
    flat = naive_forecasts(rising, 200, prior_variance=0.0)[SMOOTHED]
    truth = 1000.0 * np.exp(2.0)
    assert abs(np.median(trend) - truth) < 0.5 * abs(np.median(flat) - truth)


def test_the_spread_of_smoothing_is_that_of_the_model() -> None:
    # With alpha = 1 the level is a random walk: the variance grows with the reports ahead.
    rng = np.random.default_rng(5)
    days = np.arange(0, 3000, 10)
    past = Past(days, np.exp(np.cumsum(rng.normal(0, 0.1, len(days)))) * 1e5)
    near, far = (
        np.log(naive_forecasts(past, int(days[-1]) + ahead, prior_variance=0.0)[SMOOTHED]).std()
        for ahead in (10, 90)
    )
    assert near == pytest.approx(0.1, rel=0.15)
    assert far / near == pytest.approx(3.0, rel=0.15)


def test_naive_positions_by_hand() -> None:
    walked = Walked(np.array([0, 2, 10]), np.array([0.0, 100.0, 200.0]), next_km=321.0)
    told = naive_positions(walked, 12)
    assert told[STAYS] == pytest.approx([200.0])
    assert told[MEAN] == pytest.approx([240.0])
    # The last report at least three days before the last one is that of day 2.
    assert told[RECENT] == pytest.approx([225.0])
    assert told[NEXT] == pytest.approx([321.0])
    assert (told[RANGE].min(), told[RANGE].max()) == pytest.approx((230.0, 320.0), abs=0.5)
    assert np.median(told[FITTED]) == pytest.approx(240.0)


def test_at_the_departure_only_the_rules_without_a_past_say_anything() -> None:
    assert set(naive_positions(Walked(np.array([3]), np.array([0.0])), 5)) == {STAYS, RANGE}


def test_only_reporting_days_near_the_horizon_are_scored() -> None:
    days = np.array([1, 5, 9, 40])
    assert near_days(days, 4, 1) == 1
    assert near_days(days, 5, 1) is None
    assert near_days(days, 2, 7) == 2
    assert near_days(days, 4, 30) is None
    assert near_days(days, 6, 30) == 3
    assert near_days(days, 40, 7) is None


def test_origins_are_spread_evenly_each_once() -> None:
    assert spread_origins(0, 22, 12) == list(range(0, 23, 2))
    assert spread_origins(3, 6, 12) == [3, 4, 5, 6]
    assert spread_origins(5, 4, 12) == []


def test_blocks_cover_the_horizon_but_leave_three_of_them() -> None:
    assert block_length(7, 3, 30) == 3
    assert block_length(90, 3, 30) == 10
    assert block_length(1, 7, 4) == 1


def _series(rng: np.random.Generator, count: int, memory: float) -> np.ndarray:
    noise = rng.normal(size=count + 50)
    for k in range(1, len(noise)):
        noise[k] += memory * noise[k - 1]
    return noise[50:]


@pytest.mark.parametrize(("memory", "block"), [(0.0, 1), (0.4, 6)])
def test_the_interval_covers_the_true_mean_as_often_as_it_says(memory: float, block: int) -> None:
    rng, inside, runs = np.random.default_rng(3), 0, 300
    for _ in range(runs):
        found = paired_interval([0.7 + _series(rng, 60, memory)], [block], resamples=400)
        assert found is not None
        inside += found.low <= 0.7 <= found.high
    assert 0.80 < inside / runs < 0.96


def test_single_draws_would_be_too_sure_of_scores_that_are_alike() -> None:
    rng = np.random.default_rng(4)
    widths = []
    for block in (1, 6):
        found = [paired_interval([_series(rng, 60, 0.7)], [block], resamples=300) for _ in range(40)]
        widths.append(np.mean([each.high - each.low for each in found if each]))
    assert widths[1] > 1.4 * widths[0]


def test_over_cases_the_interval_covers_what_holds_for_further_cases() -> None:
    rng, inside, runs = np.random.default_rng(6), 0, 200
    for _ in range(runs):
        cases = [rng.normal(0.3, 1.0) + rng.normal(size=20) for _ in range(12)]
        found = paired_interval(cases, [1] * 12, resamples=400)
        assert found is not None
        inside += found.low <= 0.3 <= found.high
    assert 0.78 < inside / runs < 0.96


def test_a_few_origins_have_no_interval() -> None:
    assert paired_interval([np.ones(5)], [1]) is None
    assert paired_interval([], []) is None


def _scored(case: str, day: int, value: float, **baselines: float) -> Scored:
    return Scored(case, "camps", 30, day, "crps", "%", value, baselines)


def test_rows_are_paired_and_metrics_without_a_baseline_are_left_out() -> None:
    scored = [_scored("a", day, 1.0, last=3.0) for day in range(0, 80, 10)]
    scored += [_scored("a", 80, 50.0), _scored("a", 90, 1.0, last=float("nan"))]
    scored += [_scored("b", day, 2.0, last=2.0, rare=1.0) for day in range(0, 30, 10)]
    rows = {(row.case, row.baseline): row for row in summed_up(scored)}
    assert set(rows) == {("a", "last"), ("b", "last"), ("b", "rare"), ("all camps", "last")}
    assert (rows["a", "last"].value, rows["a", "last"].baseline_value) == (1.0, 3.0)
    assert rows["a", "last"].origins == 8
    assert rows["a", "last"].difference == pytest.approx(-2.0)
    assert rows["a", "last"].difference_high == pytest.approx(-2.0)
    assert rows["b", "last"].difference is None
    assert rows["all camps", "last"].value == pytest.approx(1.5)
    pooled = rows["all camps", "last"]
    assert pooled.difference == pytest.approx(-1.0)
    assert pooled.difference_low is not None
    # Two cases differ by 2: nobody knows what a third would show.
    assert pooled.difference_low < -2.0


def test_the_hardest_rule_is_the_best_of_those_that_are_widely_usable() -> None:
    scored = [_scored("a", day, 1.0, last=3.0, walk=2.0) for day in range(8)]
    scored.append(_scored("a", 9, 1.0, stop=0.1))
    assert hardest(summed_up(scored)).baseline == "walk"


def test_the_ensemble_score_is_the_integral_of_its_definition() -> None:
    sample, outcome = np.array([1.0, 2.0, 4.0]), 2.5

    def difference(x: float) -> float:
        return float(((sample <= x).mean() - (outcome <= x)) ** 2)

    expected = quad(difference, 0.0, 5.0, points=[1, 2, 2.5, 4])[0]
    assert crps_ensemble(sample[:, None], np.array([outcome]))[0] == pytest.approx(expected)
