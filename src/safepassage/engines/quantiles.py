"""Inverse distribution functions: one uniform in, one count out, rising with the uniform and with the chance.

Rejection samplers would lose the luck that two policies share; these keep it, and are no slower. Counts
with a small mean are inverted by adding up the probabilities (Kachitvichyanukul & Schmeiser 1988,
doi:10.1145/42372.42381, algorithm BINV). From a mean of `SMALL_MEAN` on, the Cornish-Fisher expansion for
counts, to third order, takes over (Giles 2016, doi:10.1145/2699466, has it for Poisson counts; the terms
below are those of the binomial's cumulants). Up to `SURE_MEAN` an expansion that ends near the border of
two counts is dropped for the sum, so that the inverse is exact there; beyond, chances of counts are right
to 2e-6.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.compiled import borrowing, compiled, inlined

SMALL_MEAN = 10.0
SURE_MEAN = 60.0
MOST_TERMS = 250  # nobody is so far from a mean below `SURE_MEAN`
# Below `SURE_MEAN` the expansion errs by less than this over the mean, save in tails as far out as the next.
DOUBT = 0.5
DOUBT_TAIL = 1e-4


@inlined
def normal_quantile(chance: float) -> float:
    """Give the standard normal quantile of a chance in (0, 1) to seven digits, enough for counts.

    Source: Wichura 1988, algorithm AS 241 (PPND7), doi:10.2307/2347330.
    """
    q = chance - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
        return q * top / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0)
    r = math.sqrt(-math.log(min(chance, 1.0 - chance)))
    if r <= 5.0:
        r -= 1.6
        top = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777
        value = top / ((0.12021132975 * r + 0.73700164250) * r + 1.0)
    else:
        r -= 5.0
        top = ((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150
        value = top / ((0.012258202635 * r + 0.24197894225) * r + 1.0)
    return -value if q < 0.0 else value


@inlined
def _expansion(chance: float, mean: float, p: float) -> float:
    """Expand the quantile of counts with this mean and chance of each (0: Poisson); its floor is it."""
    share, lean = p * (1.0 - p), 1.0 - 2.0 * p
    deviation = math.sqrt(mean * (1.0 - p))
    z, inverse = normal_quantile(chance), 1.0 / deviation
    square = z * z
    first = lean / 6.0 * (square - 1.0) + 0.5
    second = z * ((7.0 * share - 1.0) / 36.0 - (1.0 + 2.0 * share) / 72.0 * square)
    third = lean * (1.0 + 0.5 * share) / 810.0 * ((3.0 * square + 7.0) * square - 16.0)
    return mean + deviation * z + (first + (second + third * inverse) * inverse)


@inlined
def _doubtful(chance: float, value: float, mean: float) -> bool:
    """Tell whether an expansion may end on the wrong side of the border between two counts."""
    over, reach = value - math.floor(value), DOUBT / mean
    return over < reach or over > 1.0 - reach or chance < DOUBT_TAIL or chance > 1.0 - DOUBT_TAIL


@inlined
def _summed(chance: float, count: int, p: float, log_other: float) -> int:
    """Count how many of the probabilities, added up from that of none, stay below the chance.

    Four at a time: a processor that guesses when to stop guesses wrong too often to do it one by one.
    """
    last, odds = math.exp(count * log_other), p / (1.0 - p)
    # The probability of k is that of k - 1 times (this over k, less the odds).
    top = (count + 1.0) * odds
    summed, below, k = last, 0, 0
    while True:
        one = last * max(top / (k + 1.0) - odds, 0.0)
        two = one * max(top / (k + 2.0) - odds, 0.0)
        three = two * max(top / (k + 3.0) - odds, 0.0)
        last = three * max(top / (k + 4.0) - odds, 0.0)
        upto_one = summed + one
        upto_two = upto_one + two
        upto_three = upto_two + three
        below += (summed < chance) + (upto_one < chance) + (upto_two < chance) + (upto_three < chance)
        summed = upto_three + last
        k += 4
        if summed >= chance or k > MOST_TERMS:
            return min(below, count)


@inlined
def _lower_quantile(chance: float, count: int, p: float, log_other: float) -> int:
    """Give the quantile for a chance of at most one half."""
    mean = count * p
    if mean >= SMALL_MEAN:
        value = _expansion(chance, mean, p)
        if mean >= SURE_MEAN or not _doubtful(chance, value, mean):
            return int(min(max(math.floor(value), 0.0), float(count)))
    return _summed(chance, count, p, log_other)


@borrowing
def binomial_split(chance: float, count: int, p: float, log_larger: float) -> int:
    """Give the quantile of a binomial count for whoever keeps logarithms.

    Parameters
    ----------
    chance : float          uniform in (0, 1).
    count : int             trials, >= 0.
    p : float               chance of each.
    log_larger : float      of p by `log_of_larger`.

    Returns
    -------
    int                 0 … count.
    """
    if count <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return count
    if count == 1:
        return 1 if chance > 1.0 - p else 0
    upper = p > 0.5
    taken = _lower_quantile(1.0 - chance if upper else chance, count, 1.0 - p if upper else p, log_larger)
    return count - taken if upper else taken


@inlined
def log_of_larger(p: float) -> float:
    """Give the logarithm of max(p, 1 - p) for 0 < p < 1, else 0."""
    if p > 0.5:
        return math.log(p) if p < 1.0 else 0.0
    return math.log1p(-p) if p > 0.0 else 0.0


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
    return binomial_split(chance, count, p, log_of_larger(p))


@compiled
def _poisson(chance: float, mean: float) -> float:
    if mean <= 0.0:
        return 0.0
    if mean >= SMALL_MEAN:
        value = _expansion(chance, mean, 0.0)
        if mean >= SURE_MEAN or not _doubtful(chance, value, mean):
            return max(0.0, math.floor(value))
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
