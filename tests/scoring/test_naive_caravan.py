from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from safepassage.scoring.intervals import coverage, interval_score
from safepassage.scoring.naive_caravan import SIZE_LOG_SD_PER_SQRT_DAY, last_size, walker_km

number = st.floats(-1e6, 1e6)


def test_the_walker_covers_15_to_60_km_a_day() -> None:
    km = walker_km(np.array([0.0, 1.0, 10.0]), (1e-9, 0.5, 1 - 1e-9), start_km=5.0)
    assert km[:, 0] == pytest.approx([5.0, 5.0, 5.0])
    assert km[:, 2] == pytest.approx([155.0, 380.0, 605.0])


def test_the_last_size_begins_as_known_and_widens() -> None:
    people = last_size(np.array([0.0, 30.0]), (0.05, 0.5, 0.95), low=1000.0, high=2000.0)
    assert people[:, 0] == pytest.approx([1000.0, np.sqrt(2e6), 2000.0])
    assert people[0, 1] < 300
    assert people[2, 1] > 8000


def test_a_size_that_is_known_exactly_has_no_width_on_the_first_day() -> None:
    people = last_size(np.array([0.0]), (0.05, 0.95), low=700.0, high=700.0)
    assert people[:, 0] == pytest.approx([700.0, 700.0])


def test_the_spread_of_the_last_size_is_the_one_fitted_to_the_two_other_caravans() -> None:
    # (day, people): middle on the log of the published range, El Salvador 2018-10-31 and Tapachula 2021-10.
    series = [
        [(0, 1600), (1, 1700), (2, 1304), (4, 2121), (8, 2500), (16, 1000)],
        [(0, 4899), (1, 4000), (2, 4000), (17, 2449), (21, 1000), (24, 2000), (26, 800), (34, 500)],
    ]

    def surprise(log_sds: np.ndarray) -> float:
        walk, noise = np.exp(log_sds)
        total = 0.0
        for rows in series:
            day, people = np.array(rows, dtype=float).T
            step = np.diff(np.eye(len(day)), axis=0)  # differences: the level itself is not modelled
            spread = step @ (walk**2 * np.minimum.outer(day, day) + noise**2 * np.eye(len(day))) @ step.T
            change = step @ np.log(people)
            total += np.linalg.slogdet(spread)[1] + change @ np.linalg.solve(spread, change)
        return total

    fitted = np.exp(minimize(surprise, [-2.0, -1.5], method="Nelder-Mead").x)
    assert fitted == pytest.approx([SIZE_LOG_SD_PER_SQRT_DAY, 0.23], abs=0.005)


@given(low=number, width=st.floats(0, 1e6), outcome=number)
def test_an_interval_score_is_at_least_the_width_and_equal_to_it_inside(
    low: float, width: float, outcome: float
) -> None:
    bounds = np.array([low]), np.array([low + width])
    score = float(interval_score(*bounds, np.array([outcome]), level=0.9)[0])
    inside = coverage(*bounds, np.array([outcome])) == 1.0
    spread = float(bounds[1][0] - bounds[0][0])
    if inside:
        assert score == spread
    else:
        assert score > spread or min(abs(outcome - bounds[0][0]), abs(outcome - bounds[1][0])) < 1e-9


def test_a_miss_costs_twenty_times_its_distance_at_90_percent() -> None:
    score = interval_score(np.array([10.0]), np.array([20.0]), np.array([23.0]), level=0.9)
    assert score == pytest.approx([10.0 + 20.0 * 3.0])


def test_the_score_of_a_normal_interval_matches_its_expectation() -> None:
    # Expected 90 % interval score of N(0,1) with its own interval: 2 z + (4/alpha)(phi(z) - z (1 - Phi(z))).
    rng = np.random.default_rng(5)
    z, alpha = 1.6448536, 0.1
    phi = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    expected = 2 * z + 4 / alpha * (phi - z * alpha / 2)
    sample = rng.standard_normal(200_000)
    ours = interval_score(np.full(sample.shape, -z), np.full(sample.shape, z), sample, level=0.9).mean()
    assert ours == pytest.approx(expected, rel=0.01)
