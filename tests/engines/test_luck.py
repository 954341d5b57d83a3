from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from safepassage.core.scenario import Prior
from safepassage.engines.luck import binomial_quantile, prior_quantile


@given(
    n=st.integers(0, 10**9),
    p=st.floats(0.0, 1.0),
    u=st.floats(1e-9, 1 - 1e-9),
)
def test_binomial_quantiles_stay_between_none_and_all_and_grow_with_luck(n: int, p: float, u: float) -> None:
    pair = binomial_quantile(np.array([u, min(u * 1.01, 1 - 1e-9)]), np.array([n, n]), np.array([p, p]))
    assert 0 <= pair[0] <= pair[1] <= n


@pytest.mark.parametrize(("n", "p"), [(1, 0.5), (30, 0.1), (1000, 0.003), (5000, 0.9), (200_000, 0.4)])
def test_binomial_quantiles_are_the_inverse_of_the_distribution(n: int, p: float) -> None:
    u = np.linspace(0.001, 0.999, 301)
    ours = binomial_quantile(u, np.full(301, n), np.full(301, p))
    assert (np.abs(ours - stats.binom.ppf(u, n, p)) <= (n > 10_000)).all()


@pytest.mark.parametrize("shape", ["normal", "lognormal"])
def test_low_and_high_are_the_5_and_95_percent_quantiles(shape: str) -> None:
    prior = Prior("x", shape, 2.0, 50.0, "", "")
    assert prior_quantile(prior, np.array([0.05, 0.95])) == pytest.approx([2.0, 50.0])
