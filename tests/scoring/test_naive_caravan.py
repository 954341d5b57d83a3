from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.scoring.intervals import coverage, interval_score
from safepassage.scoring.naive_caravan import last_size, walker_km

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


@given(low=number, width=st.floats(0, 1e6), outcome=number)
def test_an_interval_score_is_at_least_the_width_and_equal_to_it_inside(
    low: float, width: float, outcome: float
) -> None:
    bounds = np.array([low]), np.array([low + width])
    score = float(interval_score(*bounds, np.array([outcome]), level=0.9)[0])
    inside = coverage(*bounds, np.array([outcome])) == 1.0
    assert score >= (low + width - low) - 1e-6
    assert inside == (score == pytest.approx(bounds[1][0] - bounds[0][0], abs=1e-9)) or not inside


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
