"""From uniform luck to the laws that engines draw from; every map is monotone in the uniform.

Monotone inverses let two policies share one uniform and stay coupled, which rejection samplers cannot.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrik, betainc, ndtri

from safepassage.core.scenario import Prior

# 95 % quantile of the standard normal: priors state their 5 % and 95 % quantiles.
Z95 = 1.6448536269514722


def prior_quantile(prior: Prior, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the quantile of a prior at each uniform, in the prior's unit; same shape as `u`."""
    if prior.shape == "fixed" or prior.low == prior.high:
        return np.full_like(u, prior.low)
    if prior.shape == "uniform":
        return prior.low + u * (prior.high - prior.low)
    low, high = (prior.low, prior.high) if prior.shape == "normal" else np.log([prior.low, prior.high])
    middle, spread = (low + high) / 2, (high - low) / (2 * Z95)
    value = np.asarray(middle + spread * ndtri(u), dtype=np.float64)
    return value if prior.shape == "normal" else np.exp(value)


def lognormal_factor(u: NDArray[np.float64], log_sd: float) -> NDArray[np.float64]:
    """Give a factor with median one and the given standard deviation of its logarithm."""
    return np.exp(log_sd * np.asarray(ndtri(u), dtype=np.float64))


def binomial_quantile(
    u: NDArray[np.float64], n: NDArray[np.int64], p: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Give the smallest k with P(Binomial(n, p) <= k) >= u; shapes equal, p in [0, 1]."""
    inside = (n > 0) & (p > 0) & (p < 1)
    count = np.where(p >= 1, n, 0).astype(np.int64)
    if inside.any():
        uu, nn, pp = u[inside], n[inside].astype(np.float64), p[inside]
        k = np.clip(np.ceil(np.nan_to_num(bdtrik(uu, nn, pp), nan=0.0)), 0, nn)
        # The inverse is solved in floating point: one below may already reach u.
        lower = np.maximum(k - 1, 0)
        k = np.where(betainc(nn - lower, lower + 1, 1 - pp) >= uu, lower, k)
        count[inside] = k.astype(np.int64)
    return count
