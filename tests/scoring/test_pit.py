"""PIT and reliability: uniform for who knows, U-shaped for who is too sure, ties shared out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from safepassage.core.draws import Draws
from safepassage.scoring.pit import chance_band, pit_bounds, pit_histogram, share_below
from safepassage.scoring.reliability import chance_reliability, interval_reliability

OUTCOMES = 3000


def _normal(name: str, shape: tuple[int, int]) -> np.ndarray:
    rows = np.arange(shape[0])
    return np.stack([ndtri(Draws(5).uniform(name, day=k, slots=rows)) for k in range(shape[1])], axis=1)


def _pits(spread: float, members: int = 19, bias: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Foresee a standard normal number, known up to nothing, by members of another spread."""
    came = _normal("came", (OUTCOMES, 1))[:, 0]
    said = bias + spread * _normal("said", (OUTCOMES, members))
    bounds = np.array([pit_bounds(said[k], came[k]) for k in range(OUTCOMES)])
    return bounds[:, 0], bounds[:, 1]


def test_the_pit_of_a_calibrated_ensemble_is_uniform_even_of_few_members() -> None:
    for members in (3, 19):
        found = pit_histogram(*_pits(1.0, members), origins=OUTCOMES)
        assert len(found.shares) == 10
        squares = OUTCOMES * ((found.shares - 0.1) ** 2 / 0.1).sum()
        assert squares < 27.9  # the 0.999 quantile of chi square with 9 degrees of freedom
        assert found.shares.sum() == pytest.approx(1.0)


def test_the_pit_of_an_overconfident_ensemble_is_u_shaped_and_of_a_wide_one_a_hill() -> None:
    narrow = pit_histogram(*_pits(0.5), origins=OUTCOMES).shares
    wide = pit_histogram(*_pits(2.0), origins=OUTCOMES).shares
    assert min(narrow[0], narrow[-1]) > 2 * narrow[4:6].max()
    assert max(wide[0], wide[-1]) < 0.5 * wide[4:6].min()
    low, high = pit_histogram(*_pits(1.0, bias=1.0), origins=OUTCOMES).shares[[0, -1]]
    assert low > 4 * high


def test_outcomes_equal_to_members_are_shared_out_over_the_gaps_beside_them() -> None:
    assert pit_bounds(np.array([1.0, 2.0, 2.0, 5.0]), 2.0) == (0.2, 0.8)
    assert pit_bounds(np.array([2.0]), 3.0) == (0.5, 1.0)
    same = pit_histogram(*(np.array([end] * 8) for end in pit_bounds(np.full(50, 7.0), 7.0)), origins=8)
    assert same.shares == pytest.approx(np.full(5, 0.2))  # nothing is told by what never varies


def test_the_pit_of_a_calibrated_count_is_uniform() -> None:
    coins = (_normal("coins", (OUTCOMES, 40)) > 1.0).astype(float)  # counts of 0 and 1 only
    bounds = np.array([pit_bounds(row[1:], row[0]) for row in coins])
    shares = pit_histogram(bounds[:, 0], bounds[:, 1], origins=OUTCOMES).shares
    assert np.abs(shares - 0.1).max() < 0.02


@given(st.lists(st.tuples(st.floats(0, 0.98), st.floats(0.01, 0.5)), min_size=1, max_size=30))
def test_shares_grow_with_the_level_from_none_to_all(pairs: list[tuple[float, float]]) -> None:
    low = np.array([a for a, _ in pairs])
    high = np.minimum(low + np.array([b for _, b in pairs]), 1.0)
    found = share_below(low, high, np.linspace(0, 1, 21))
    assert (np.diff(found) >= -1e-12).all()
    assert found[0] == pytest.approx(0.0)
    assert found[-1] == pytest.approx(1.0)


def test_intervals_of_a_calibrated_ensemble_hold_what_they_should_and_narrow_ones_less() -> None:
    right = interval_reliability(*_pits(1.0), origins=OUTCOMES)
    assert [point.told for point in right] == pytest.approx(np.arange(0.05, 0.96, 0.05))
    assert all(abs(point.came - point.told) < 0.03 for point in right)
    narrow = interval_reliability(*_pits(0.5), origins=OUTCOMES)
    assert all(point.came < point.alone[0] for point in narrow)
    # By chance alone all outcomes of one origin may go one way: few origins tell less than many outcomes.
    few = interval_reliability(*_pits(1.0), origins=12)[9]
    assert few.together[0] < few.alone[0] < few.alone[1] < few.together[1]


def test_the_reliability_of_chances_of_a_known_forecaster() -> None:
    chances = Draws(3).uniform("chance", day=0, slots=np.arange(OUTCOMES))
    luck = Draws(3).uniform("luck", day=0, slots=np.arange(OUTCOMES))
    origins = list(range(OUTCOMES))
    right = chance_reliability(chances.tolist(), (luck < chances).tolist(), origins)
    assert len(right) == 10
    assert sum(point.outcomes for point in right) == OUTCOMES
    assert all(abs(point.came - point.told) < 0.08 for point in right)
    # One who exaggerates tells more than comes where chances are large, and less where they are small.
    bold = chance_reliability((chances**0.5).tolist(), (luck < chances).tolist(), origins)
    assert all(point.came < point.told for point in bold[2:9])


def test_chances_of_nothing_and_of_certainty_have_their_bins() -> None:
    found = chance_reliability([0.0, 0.0, 1.0], [False, True, True], ["a", "a", "b"])
    assert [(p.told, p.came, p.outcomes, p.origins) for p in found] == [(0.0, 0.5, 2, 1), (1.0, 1.0, 1, 1)]
    assert found[0].alone == (0.0, 0.0)
    assert chance_reliability([], [], []) == []


def test_chance_bands() -> None:
    assert chance_band(0, 0.5) == (0.0, 1.0)
    low, high = chance_band(100, 0.5)
    assert low == pytest.approx(0.42)
    assert high == pytest.approx(0.58)
