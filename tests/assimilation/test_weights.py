import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.assimilation.weights import (
    ancestors,
    effective_members,
    median,
    normalised,
    quantile,
    tempered,
)


def test_equal_log_weights_are_equal_weights() -> None:
    assert normalised(np.full(4, -1000.0)) == pytest.approx([0.25] * 4)


def test_where_nothing_fits_all_are_equal() -> None:
    assert normalised(np.full(3, -np.inf)) == pytest.approx([1 / 3] * 3)


def test_effective_members_counts_equal_ones() -> None:
    assert effective_members(np.array([0.5, 0.5, 0.0, 0.0])) == pytest.approx(2.0)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60), st.floats(0.001, 0.999))
def test_offspring_differ_from_their_share_by_less_than_one(raw: list[float], luck: float) -> None:
    weight = np.array(raw) + 1e-9
    weight /= weight.sum()
    chosen = ancestors(weight, luck)
    offspring = np.bincount(chosen, minlength=len(weight))
    assert offspring.sum() == len(weight)
    assert np.all(np.abs(offspring - len(weight) * weight) < 1.0 + 1e-6)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60), st.floats(0.001, 0.999))
def test_whoever_has_offspring_stays_where_it_is(raw: list[float], luck: float) -> None:
    weight = np.array(raw) + 1e-9
    weight /= weight.sum()
    chosen = ancestors(weight, luck)
    parents = np.unique(chosen)
    assert np.array_equal(chosen[parents], parents)


def test_equal_weights_change_nobody() -> None:
    assert np.array_equal(ancestors(np.full(100, 0.01), 0.3), np.arange(100))


def test_systematic_resampling_has_the_right_mean() -> None:
    rng = np.random.default_rng(1)
    weight = rng.dirichlet(np.ones(7))
    counts = np.mean(
        [np.bincount(ancestors(weight, u), minlength=7) for u in (np.arange(2000) + 0.5) / 2000], axis=0
    )
    assert counts == pytest.approx(7 * weight, abs=2e-3)


def test_tempering_leaves_so_many_members_and_no_more() -> None:
    log_weight = -0.5 * (np.arange(200) * 0.7) ** 2
    exponent = tempered(log_weight, fewest=40)
    assert exponent < 1
    assert effective_members(normalised(exponent * log_weight)) == pytest.approx(40, rel=1e-3)
    assert tempered(np.zeros(200), fewest=40) == 1.0


def test_weighted_quantiles_leave_out_what_is_not_known() -> None:
    values = np.array([3.0, np.nan, 1.0, 2.0])
    weight = np.array([0.2, 0.4, 0.2, 0.2])
    assert median(values, weight) == 2.0
    assert quantile(values, weight, (0.0, 1.0)).tolist() == [1.0, 3.0]
    assert np.isnan(median(np.array([np.nan]), np.ones(1)))
