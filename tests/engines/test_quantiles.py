"""Inverse distribution functions against theory, over all their branches; no luck is involved."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from safepassage.engines.quantiles import (
    SMALL_MEAN,
    SURE_MEAN,
    binomial_quantile,
    binomial_split,
    log_of_larger,
    poisson_quantile,
)

BILLIONS = 8_000_000_000


def reach(quantile, k: int, guess: float) -> float:
    """Give the highest chance at which a quantile is at most k, by bisection near a guess."""
    low, high = max(guess - 1e-3, 1e-17), min(guess + 1e-3, 1 - 2**-53)
    if quantile(low) > k or quantile(high) <= k:
        low, high = 1e-17, 1 - 2**-53
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if quantile(middle) <= k else (low, middle)
    return high


def counts_to_check(n: int, p: float) -> np.ndarray:
    around = stats.binom.ppf([1e-6, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1 - 1e-4, 1 - 1e-6], n, p)
    every = np.arange(around[0], around[-1] + 1) if around[-1] - around[0] < 60 else around
    return np.unique(np.clip(every, 0, n - 1)).astype(np.int64)


@pytest.mark.parametrize("mean", [0.02, 0.9, 4.0, 9.9, 10.1, 17.0, 35.0, 59.9, 60.1, 150.0, 4000.0])
@pytest.mark.parametrize("p", [1e-7, 0.013, 0.2, 0.5, 0.5000001, 0.83, 0.999])
def test_chances_of_binomial_counts_are_those_of_theory(p: float, mean: float):
    smaller = min(p, 1 - p)
    n = max(1, round(mean / smaller))
    within = 2e-8 if n * smaller < SURE_MEAN else 2e-6  # scipy itself is off by 5e-9 at p = 1e-7
    for k in counts_to_check(n, p):
        exact = stats.binom.cdf(k, n, p)
        found = reach(lambda u: binomial_quantile(u, n, p), int(k), exact)
        assert found == pytest.approx(exact, abs=within), (n, p, k)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 30])
@pytest.mark.parametrize("p", [1e-12, 0.3, 0.5, 0.77, 1 - 1e-12])
def test_few_trials_are_exact_to_the_last_count(n: int, p: float):
    for k in range(n):
        exact = stats.binom.cdf(k, n, p)
        found = reach(lambda u: binomial_quantile(u, n, p), k, exact)
        assert found == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize("p", [1e-12, 1e-9, 5e-9, 1e-6, 0.3, 0.5, 1 - 1e-9])
def test_billions_of_people_are_split_as_theory_says(p: float):
    for k in counts_to_check(BILLIONS, p):
        exact = stats.binom.cdf(k, BILLIONS, p)
        found = reach(lambda u: binomial_quantile(u, BILLIONS, p), int(k), exact)
        assert found == pytest.approx(exact, abs=2e-6), (p, k)


@pytest.mark.parametrize("mean", [0.5, SMALL_MEAN * 1.01, 45.0, SURE_MEAN * 1.01, 900.0, 1e9])
def test_chances_of_poisson_counts_are_those_of_theory(mean: float):
    for k in stats.poisson.ppf([1e-4, 0.05, 0.3, 0.5, 0.8, 0.99, 1 - 1e-4], mean):
        exact = stats.poisson.cdf(k, mean)
        found = reach(lambda u: poisson_quantile(np.array([u]), np.array([mean]))[0], int(k), exact)
        assert found == pytest.approx(exact, abs=2e-6)


@pytest.mark.parametrize(("n", "p"), [(40, 0.3), (300, 0.04), (300, 0.15), (5000, 0.02), (10**6, 0.4)])
def test_mean_and_variance_are_not_biased(n: int, p: float):
    # Every 200,000th part of the chances once: what is left is the error of the inverse, not luck.
    uniforms = (np.arange(200_000) + 0.5) / 200_000
    counts = np.array([binomial_quantile(u, n, p) for u in uniforms], dtype=np.float64)
    deviation = math.sqrt(n * p * (1 - p))
    assert abs(counts.mean() - n * p) < 2e-4 * deviation
    assert counts.var() == pytest.approx(deviation**2, rel=3e-4)


@given(
    n=st.integers(0, BILLIONS),
    p=st.floats(0.0, 1.0),
    step=st.floats(0.0, 1.0),
    u=st.floats(1e-15, 1 - 1e-15),
)
def test_counts_rise_with_the_chance_and_with_p(n: int, p: float, step: float, u: float):
    count = binomial_quantile(u, n, p)
    assert 0 <= count <= n
    assert count <= binomial_quantile(u + (1 - 1e-15 - u) * step, n, p)
    # Beyond `SURE_MEAN` the inverse may be off where u is within 2e-6 of a border: then by one.
    assert count <= binomial_quantile(u, n, p + (1.0 - p) * step) + (n > SURE_MEAN)


def test_whoever_keeps_logarithms_gets_the_same_counts():
    for n, p, u in [(5, 0.2, 0.7), (1000, 0.002, 0.4), (10**6, 0.6, 0.1), (3, 0.0, 0.5), (3, 1.0, 0.5)]:
        assert binomial_split(u, n, p, log_of_larger(p)) == binomial_quantile(u, n, p)
