"""Where outcomes fall in what was foreseen of them: the probability integral transform (PIT).

Of a calibrated forecast it is uniform; heaped at both ends it was too sure of itself, in the middle too
unsure, at one end biased. An ensemble of m members is taken as m + 1 equally likely gaps: the outcome lies in
one of them, and where members are equal to it in all of the gaps between and beside them, to equal parts.
So the histogram needs no luck for ties, counts and towns included (Czado, Gneiting & Held 2009,
doi:10.1111/j.1541-0420.2009.01191.x, eq. 2), and is uniform for few members too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

LEVEL = 0.9
FEW = 100  # outcomes; fewer are counted in bins of a fifth, not of a tenth


@dataclass(frozen=True)
class Histogram:
    """The shares of outcomes by the PIT, and what chance makes of a calibrated forecast.

    Parameters
    ----------
    shares : (bin,) float64     of all outcomes, adding up to 1.
    outcomes, origins : int     how many, and from how many origins.
    alone : (float, float)      90 % of shares lie in here if every outcome tells by itself,
    together : (float, float)   or if all outcomes of one origin tell the same.
    """

    shares: NDArray[np.float64]
    outcomes: int
    origins: int
    alone: tuple[float, float]
    together: tuple[float, float]


def pit_bounds(sample: NDArray[np.float64], outcome: float) -> tuple[float, float]:
    """Give the ends of the PIT of one outcome under an ensemble, (member,); 1/(m+1) apart at least."""
    members = np.asarray(sample)
    below, equal = int((members < outcome).sum()), int((members == outcome).sum())
    return below / (len(members) + 1), (below + equal + 1) / (len(members) + 1)


def share_below(
    low: NDArray[np.float64], high: NDArray[np.float64], levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give the mean share of the PITs at or below some levels: the mean of eq. 2, (level,).

    Parameters
    ----------
    low, high : (n,) float64    the ends of each PIT, low < high.
    levels : (level,) float64   in [0, 1].
    """
    spread = (np.asarray(levels)[:, None] - low[None, :]) / (high - low)[None, :]
    return np.asarray(np.clip(spread, 0.0, 1.0).mean(axis=1))


def pit_histogram(
    low: NDArray[np.float64], high: NDArray[np.float64], *, origins: int, bins: int | None = None
) -> Histogram:
    """Count PITs, (n,) each, in bins of equal width.

    Parameters
    ----------
    origins : int           from how many origins the outcomes are.
    bins : int or None      None: ten, or five where outcomes are fewer than `FEW`.
    """
    count = bins or (10 if len(low) >= FEW else 5)
    shares = np.diff(share_below(low, high, np.linspace(0.0, 1.0, count + 1)))
    alone, together = (chance_band(trials, 1.0 / count) for trials in (len(low), origins))
    return Histogram(shares, len(low), origins, alone, together)


def chance_band(trials: int, chance: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Give the central range of the share of trials with an event of a given chance.

    The consistency bars of Bröcker & Smith 2007 (doi:10.1175/WAF993.1), here of the binomial distribution.
    """
    if trials < 1:
        return 0.0, 1.0
    ends = stats.binom.ppf(((1 - level) / 2, (1 + level) / 2), trials, min(max(chance, 0.0), 1.0))
    return float(ends[0]) / trials, float(ends[1]) / trials
