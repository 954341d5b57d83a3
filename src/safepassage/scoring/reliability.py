"""Whether what was told with some confidence came true as often: of intervals, and of chances."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.scoring.pit import chance_band, share_below

# Central intervals of 5 to 95 %.
INTERVAL_LEVELS = tuple(round(0.05 * k, 2) for k in range(1, 20))
BINS = 10


@dataclass(frozen=True)
class ReliabilityPoint:
    """How often something came true that was told with one confidence.

    Parameters
    ----------
    told, came : float          the mean chance told, and the share that came true.
    outcomes, origins : int     how many, and from how many origins.
    alone : (float, float)      90 % of shares lie in here if what was told is right and every outcome tells
        by itself,
    together : (float, float)   or if all outcomes of one origin tell the same.
    """

    told: float
    came: float
    outcomes: int
    origins: int
    alone: tuple[float, float]
    together: tuple[float, float]


def interval_reliability(
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    *,
    origins: int,
    levels: Sequence[float] = INTERVAL_LEVELS,
) -> list[ReliabilityPoint]:
    """Give the share of outcomes inside the central interval of every level, from their PITs.

    Outcomes that equal an end of the interval count in part, as their PIT is shared out.

    Parameters
    ----------
    low, high : (n,) float64    the ends of each PIT; see `scoring.pit`.
    origins : int               from how many origins the outcomes are.
    levels : sequence of float  in (0, 1).
    """
    wanted = np.asarray(levels)
    inside = share_below(low, high, (1 + wanted) / 2) - share_below(low, high, (1 - wanted) / 2)
    return [
        ReliabilityPoint(
            level, float(share), len(low), origins, chance_band(len(low), level), chance_band(origins, level)
        )
        for level, share in zip(levels, inside, strict=True)
    ]


def chance_reliability(
    chances: Sequence[float], happened: Sequence[bool], origins: Sequence[Hashable], *, bins: int = BINS
) -> list[ReliabilityPoint]:
    """Sort chances that were told into bins of equal width; bins without any are left out.

    Parameters
    ----------
    chances, happened, origins : sequences of one length      what was told, whether it came true, and from
        which origin it was told.
    """
    told, came = np.asarray(chances, dtype=np.float64), np.asarray(happened, dtype=np.float64)
    which = np.minimum((told * bins).astype(np.int64), bins - 1)
    points = []
    for number in np.unique(which).tolist():
        here = np.flatnonzero(which == number)
        mean, many = float(told[here].mean()), len({origins[k] for k in here.tolist()})
        points.append(
            ReliabilityPoint(
                mean,
                float(came[here].mean()),
                len(here),
                many,
                chance_band(len(here), mean),
                chance_band(many, mean),
            )
        )
    return points
