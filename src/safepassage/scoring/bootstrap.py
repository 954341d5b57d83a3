"""Intervals of mean differences between two forecasts that were scored on the same origins of some cases.

Scores of neighbouring origins are alike, since their horizons overlap: blocks of consecutive origins are
drawn, not single ones (circular block bootstrap, Politis & Romano 1992). Over several cases the cases are
drawn first, then the blocks in each.

Resampling k blocks (or cases) tells too little spread, by a factor that is known for independent ones:
sqrt((k - 1) / k), and quantiles of the normal distribution for those of Student's t. The interval is widened
by it around the mean (Hesterberg 2015, doi:10.1080/00031305.2015.1089789, section 4).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from safepassage.core.draws import Draws

RESAMPLES = 2000
LEVEL = 0.9
FEWEST_ORIGINS = 6  # of a case: fewer tell no interval
SEED = 1


@dataclass(frozen=True)
class Interval:
    """A mean difference and its central interval, in the unit of the score."""

    mean: float
    low: float
    high: float


def block_length(horizon: float, spacing: float, origins: int) -> int:
    """Give how many consecutive origins overlap at a horizon: at most a third of them, at least one.

    Parameters
    ----------
    horizon, spacing : float    days ahead, and days between two origins.
    origins : int
    """
    return max(1, min(math.ceil(horizon / max(spacing, 1e-9)), origins // 3))


def paired_interval(
    cases: Sequence[NDArray[np.float64]],
    blocks: Sequence[int],
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
) -> Interval | None:
    """Give the mean over cases of each case's mean difference, with its interval.

    Parameters
    ----------
    cases : sequence of (origin,) float64   differences in order of time, one array per case.
    blocks : sequence of int                block length of each, in origins; >= 1.
    level : float                           coverage of the interval.
    resamples : int

    Returns
    -------
    Interval or None        None: no case has `FEWEST_ORIGINS` origins, so there is no interval to tell.
    """
    if not cases or max(len(case) for case in cases) < FEWEST_ORIGINS:
        return None
    means = np.stack(
        [
            _means(case, block, resamples, k)
            for k, (case, block) in enumerate(zip(cases, blocks, strict=True))
        ],
        axis=1,
    )
    if len(cases) > 1:
        drawn = _numbers("case", len(cases), means.shape)
        means = np.take_along_axis(means, drawn, axis=1)
    low, high = np.quantile(means.mean(axis=1), ((1 - level) / 2, (1 + level) / 2))
    mean = float(np.mean([case.mean() for case in cases]))
    drawn_from = len(cases) if len(cases) > 1 else max(2, len(cases[0]) // blocks[0])
    wider = _widening(drawn_from, level)
    return Interval(mean, mean - wider * (mean - float(low)), mean + wider * (float(high) - mean))


def _widening(count: int, level: float) -> float:
    """Give the factor by which resampling `count` independent pieces tells too little."""
    quantile = stats.t.ppf((1 + level) / 2, count - 1) / stats.norm.ppf((1 + level) / 2)
    return float(quantile * np.sqrt(count / (count - 1)))


def _means(case: NDArray[np.float64], block: int, resamples: int, number: int) -> NDArray[np.float64]:
    """Draw means of one case from blocks of it, put end to end and cut to its length, (resample,)."""
    count = len(case)
    starts = _numbers("block", count, (resamples, math.ceil(count / block)), entity=number)
    picked = (starts[:, :, None] + np.arange(block)) % count
    return np.asarray(case[picked.reshape(resamples, -1)[:, :count]].mean(axis=1))


def _numbers(name: str, below: int, shape: tuple[int, ...], *, entity: int = 0) -> NDArray[np.int64]:
    """Draw whole numbers from 0 up to, not including, `below`, in an array of two axes."""
    rows = np.arange(shape[0])
    luck = [Draws(SEED).uniform(name, day=k, slots=rows, entity=entity) for k in range(shape[1])]
    return np.floor(np.stack(luck, axis=1) * below).astype(np.int64)
