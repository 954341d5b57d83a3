"""Inverse distribution functions: one uniform in, one count out, rising with the uniform and with the chance.

Rejection samplers would lose the luck that two policies share; these keep it. Counts with a small mean are
inverted by adding up the probabilities; large ones by the Cornish-Fisher expansion to second order
(Abramowitz & Stegun 26.2.49), whose error is far below one count there.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.compiled import compiled

SMALL_MEAN = 60.0

# Wichura 1988, algorithm AS 241 (PPND16), doi:10.2307/2347330: relative error about 1e-16.
_MIDDLE_TOP = np.array(
    [
        2509.0809287301226727,
        33430.575583588128105,
        67265.770927008700853,
        45921.953931549871457,
        13731.693765509461125,
        1971.5909503065514427,
        133.14166789178437745,
        3.387132872796366608,
    ]
)
_MIDDLE_LOW = np.array(
    [
        5226.495278852545925,
        28729.085735721942674,
        39307.89580009271061,
        21213.794301586595867,
        5394.1960214247511077,
        687.1870074920579083,
        42.313330701600911252,
        1.0,
    ]
)
_NEAR_TOP = np.array(
    [
        7.7454501427834140764e-4,
        0.0227238449892691845833,
        0.24178072517745061177,
        1.27045825245236838258,
        3.64784832476320460504,
        5.7694972214606914055,
        4.6303378461565452959,
        1.42343711074968357734,
    ]
)
_NEAR_LOW = np.array(
    [
        1.05075007164441684324e-9,
        5.475938084995344946e-4,
        0.0151986665636164571966,
        0.14810397642748007459,
        0.68976733498510000455,
        1.6763848301838038494,
        2.05319162663775882187,
        1.0,
    ]
)
_FAR_TOP = np.array(
    [
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        0.0012426609473880784386,
        0.026532189526576123093,
        0.29656057182850489123,
        1.7848265399172913358,
        5.4637849111641143699,
        6.6579046435011037772,
    ]
)
_FAR_LOW = np.array(
    [
        2.04426310338993978564e-15,
        1.4215117583164458887e-7,
        1.8463183175100546818e-5,
        7.868691311456132591e-4,
        0.0148753612908506148525,
        0.13692988092273580531,
        0.59983220655588793769,
        1.0,
    ]
)


@compiled
def _ratio(top: NDArray[np.float64], low: NDArray[np.float64], x: float) -> float:
    above, below = 0.0, 0.0
    for k in range(len(top)):
        above = above * x + top[k]
        below = below * x + low[k]
    return above / below


@compiled
def normal_quantile(chance: float) -> float:
    """Give the standard normal quantile of a chance in (0, 1)."""
    q = chance - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(_MIDDLE_TOP, _MIDDLE_LOW, 0.180625 - q * q)
    tail = math.sqrt(-math.log(min(chance, 1.0 - chance)))
    if tail <= 5.0:
        value = _ratio(_NEAR_TOP, _NEAR_LOW, tail - 1.6)
    else:
        value = _ratio(_FAR_TOP, _FAR_LOW, tail - 5.0)
    return -value if q < 0.0 else value


@compiled
def _expansion(chance: float, mean: float, variance: float, skew: float, excess: float) -> float:
    z = normal_quantile(chance)
    w = z + (z * z - 1.0) * skew / 6.0
    w += (z * z * z - 3.0 * z) * excess / 24.0 - (2.0 * z * z * z - 5.0 * z) * skew * skew / 36.0
    return math.ceil(mean + math.sqrt(variance) * w - 0.5)


@compiled
def binomial_quantile(chance: float, count: int, p: float) -> int:
    """Give the quantile of a binomial count.

    Parameters
    ----------
    chance : float      uniform in (0, 1).
    count : int         trials, >= 0.
    p : float           chance of each.

    Returns
    -------
    int                 0 … count.
    """
    if count <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return count
    if p > 0.5:
        return count - binomial_quantile(1.0 - chance, count, 1.0 - p)
    mean = count * p
    if mean >= SMALL_MEAN:
        variance = mean * (1.0 - p)
        skew = (1.0 - 2.0 * p) / math.sqrt(variance)
        guess = _expansion(chance, mean, variance, skew, (1.0 - 6.0 * p * (1.0 - p)) / variance)
        return int(min(max(guess, 0.0), float(count)))
    term = math.exp(count * math.log1p(-p))
    summed, k = term, 0
    while summed < chance and k < count and (term > 0.0 or k < mean):
        term *= (count - k) / (k + 1.0) * (p / (1.0 - p))
        summed += term
        k += 1
    return k


@compiled
def _poisson(chance: float, mean: float) -> float:
    if mean <= 0.0:
        return 0.0
    if mean >= SMALL_MEAN:
        return max(0.0, _expansion(chance, mean, mean, 1.0 / math.sqrt(mean), 1.0 / mean))
    term = math.exp(-mean)
    summed, k = term, 0
    while summed < chance and k < 1000:
        k += 1
        term *= mean / k
        summed += term
    return float(k)


@compiled
def poisson_quantile(chance: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the quantiles of Poisson counts.

    Parameters
    ----------
    chance, mean : (m,) float64

    Returns
    -------
    (m,) float64        whole numbers.
    """
    counts = np.empty(len(chance))
    for k in range(len(chance)):
        counts[k] = _poisson(chance[k], mean[k])
    return counts
