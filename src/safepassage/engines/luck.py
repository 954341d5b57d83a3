"""From uniform luck to the laws that engines draw from; every map is monotone in the uniform.

Monotone inverses let two policies share one uniform and stay coupled, which rejection samplers cannot.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, ndtr, ndtri

from safepassage.core.scenario import Prior

# 95 % quantile of the standard normal: priors state their 5 % and 95 % quantiles.
Z95 = 1.6448536269514722
SURE_VARIANCE = 10_000.0
FARTHEST_SCORE = 6.0  # of a billion members, one would lie beyond


def prior_quantile(prior: Prior, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the quantile of a prior at each uniform, in the prior's unit; same shape as `u`."""
    if prior.shape == "fixed" or prior.low == prior.high:
        return np.full_like(u, prior.low)
    if prior.shape == "uniform":
        return prior.low + u * (prior.high - prior.low)
    middle, spread = _normal(prior)
    value = np.asarray(middle + spread * ndtri(u), dtype=np.float64)
    return value if prior.shape == "normal" else np.exp(value)


def prior_score(prior: Prior, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the normal score of each value under a prior, within `FARTHEST_SCORE`; 0 if the prior is fixed.

    Parameters
    ----------
    prior : Prior
    values : (…) float64    in the prior's unit.
    """
    if prior.shape == "fixed" or prior.low == prior.high:
        return np.zeros_like(values)
    if prior.shape == "uniform":
        share = (values - prior.low) / (prior.high - prior.low)
        score = np.asarray(ndtri(np.clip(share, 0.0, 1.0)))
    else:
        middle, spread = _normal(prior)
        with np.errstate(divide="ignore"):
            score = ((values if prior.shape == "normal" else np.log(values)) - middle) / spread
    return np.asarray(np.clip(score, -FARTHEST_SCORE, FARTHEST_SCORE), dtype=np.float64)


def prior_value(prior: Prior, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the value at each normal score, the inverse of `prior_score`; same shape."""
    scores = np.clip(scores, -FARTHEST_SCORE, FARTHEST_SCORE)
    if prior.shape == "fixed" or prior.low == prior.high:
        return np.full_like(scores, prior.low)
    if prior.shape == "uniform":
        share = np.asarray(ndtr(scores), dtype=np.float64)
        return prior.low + share * (prior.high - prior.low)
    middle, spread = _normal(prior)
    value = middle + spread * scores
    return value if prior.shape == "normal" else np.exp(value)


def _normal(prior: Prior) -> tuple[float, float]:
    """Give mean and standard deviation of a normal prior, of the logarithm of a lognormal one."""
    low, high = (prior.low, prior.high) if prior.shape == "normal" else np.log([prior.low, prior.high])
    return float(low + high) / 2, float(high - low) / (2 * Z95)


def lognormal_factor(u: NDArray[np.float64], log_sd: float) -> NDArray[np.float64]:
    """Give a factor with median one and the given standard deviation of its logarithm."""
    return np.exp(log_sd * np.asarray(ndtri(u), dtype=np.float64))


def binomial_quantile(
    u: NDArray[np.float64], n: NDArray[np.int64], p: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Give the smallest k with P(Binomial(n, p) <= k) >= u; shapes equal, p in [0, 1].

    The Cornish-Fisher expansion (Abramowitz & Stegun 26.2.49) guesses, the incomplete beta function corrects.
    Above `SURE_VARIANCE` the guess stands: it is off by one in some draws of ten thousand, to either side.
    """
    inside = (n > 0) & (p > 0) & (p < 1)
    count = np.where(p >= 1, n, 0).astype(np.int64)
    if inside.any():
        count[inside] = _inside(u[inside], n[inside].astype(np.float64), p[inside]).astype(np.int64)
    return count


def _inside(u: NDArray[np.float64], n: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    mean, variance = n * p, n * p * (1 - p)
    wide = np.maximum(variance, 1.0)  # below, the expansion is no guess: the mean itself is one
    z, skew = np.asarray(ndtri(u)), (1 - 2 * p) / np.sqrt(wide)
    shift = (z * z - 1) * skew / 6 - (2 * z**3 - 5 * z) * skew**2 / 36
    shift += (z**3 - 3 * z) * (1 - 6 * p * (1 - p)) / wide / 24
    guess = np.where(variance < 1.0, mean, np.ceil(mean + np.sqrt(wide) * (z + shift) - 0.5))
    k: NDArray[np.float64] = np.clip(np.rint(guess), 0, n)
    check = np.flatnonzero(variance < SURE_VARIANCE)
    rising = check
    while rising.size:
        rising = rising[(k[rising] < n[rising]) & (_at_most(k[rising], n[rising], p[rising]) < u[rising])]
        k[rising] += 1
    falling = check
    while falling.size:
        lower = k[falling] - 1
        falling = falling[(lower >= 0) & (_at_most(lower, n[falling], p[falling]) >= u[falling])]
        k[falling] -= 1
    return k


def _at_most(k: NDArray[np.float64], n: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give P(Binomial(n, p) <= k), exact enough that rounding decides only between equals; 0 for k < 0."""
    return np.where(k < 0, 0.0, np.asarray(betainc(n - k, np.maximum(k, 0) + 1, 1 - p)))
