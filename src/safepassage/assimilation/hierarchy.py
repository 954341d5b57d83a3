"""Learn, from several cases, where the numbers of a new case lie and how far apart those of cases are.

Each case has its own numbers, drawn from a normal distribution over cases (on a log scale where they must be
above zero); its centre and its spread are learned, from documented values on (Gelman et al. 2013, Bayesian
Data Analysis, chapters 5 and 13). One table of draws serves: every case is run once with each of them, and
weights stand for all the rest, so leaving a case out costs nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from safepassage.core.draws import Draws

ROUNDS = 60
SPREAD_WEIGHT = 3.0  # cases that the spread believed beforehand counts as
WITHIN_90 = 1.6448536269514722


@dataclass(frozen=True)
class Number:
    """What is believed about a number before any case.

    Parameters
    ----------
    name : str
    centre : float      documented value.
    doubt : float       standard deviation of the belief about the centre over cases; logarithmic, if `log`.
    spread : float      standard deviation believed between cases, likewise.
    log : bool          above zero, and normal on the log scale.
    """

    name: str
    centre: float
    doubt: float
    spread: float
    log: bool = True

    @property
    def middle(self) -> float:
        """Give the centre on the scale of learning."""
        return float(np.log(self.centre)) if self.log else self.centre


@dataclass(frozen=True)
class Learned:
    """Numbers over cases, on the scale of learning, (k,) float64 each.

    Parameters
    ----------
    centre, spread : standard deviation is that between cases.
    doubt : standard deviation of the centre.
    effective : float       draws that count, in the case with fewest.
    """

    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    doubt: NDArray[np.float64]
    effective: float

    def quantiles(self, numbers: Sequence[Number]) -> list[tuple[float, float]]:
        """Give the 5 % and 95 % quantiles of each number in a new case."""
        wide = WITHIN_90 * np.hypot(self.spread, self.doubt)
        low, high = self.centre - wide, self.centre + wide
        return [
            (float(np.exp(a)), float(np.exp(b))) if one.log else (float(a), float(b))
            for one, a, b in zip(numbers, low, high, strict=True)
        ]


def drawn_numbers(numbers: Sequence[Number], count: int, seed: int) -> NDArray[np.float64]:
    """Draw sets of numbers from what is believed beforehand: (count, k), on the scale of learning."""
    slots = np.arange(count)
    columns = []
    for k, one in enumerate(numbers):
        u = np.clip(Draws(seed).uniform("hierarchy", day=k, slots=slots), 1e-9, 1.0 - 1e-9)
        columns.append(one.middle + np.hypot(one.doubt, one.spread) * special.ndtri(u))
    return np.stack(columns, axis=1)


def plain_numbers(numbers: Sequence[Number], row: NDArray[np.float64]) -> dict[str, float]:
    """Give one set of numbers by name, off the scale of learning."""
    return {
        one.name: float(np.exp(value)) if one.log else float(value)
        for one, value in zip(numbers, row, strict=True)
    }


def learn_numbers(
    numbers: Sequence[Number], drawn: NDArray[np.float64], losses: Sequence[NDArray[np.float64]]
) -> Learned:
    """Learn centre and spread by expectation and maximisation, with expectations over the weighted draws.

    Parameters
    ----------
    numbers : sequence of k Number
    drawn : (m, k) float64      from `drawn_numbers`.
    losses : sequence of (m,) float64   minus the log likelihood of each case with each set.

    Returns
    -------
    Learned
    """
    middle = np.array([one.middle for one in numbers])
    doubt2 = np.array([one.doubt for one in numbers]) ** 2
    believed2 = np.array([one.spread for one in numbers]) ** 2
    proposed = _log_normal(drawn, middle, doubt2 + believed2)
    centre, spread2, center2 = middle.copy(), believed2.copy(), doubt2.copy()
    effective = float(len(drawn))
    for _ in range(ROUNDS if losses else 0):
        means, within, effective = [], [], float(len(drawn))
        for loss in losses:
            logs = _log_normal(drawn, centre, spread2) - proposed - loss
            weights = np.exp(logs - logs.max())
            weights /= weights.sum()
            means.append(weights @ drawn)
            within.append(weights @ (drawn - means[-1]) ** 2)
            effective = min(effective, float(1.0 / (weights**2).sum()))
        precision = len(losses) / spread2 + 1.0 / doubt2
        centre = (np.sum(means, axis=0) / spread2 + middle / doubt2) / precision
        center2 = 1.0 / precision
        apart = ((np.array(means) - centre) ** 2 + np.array(within) + center2).sum(axis=0)
        spread2 = (SPREAD_WEIGHT * believed2 + apart) / (SPREAD_WEIGHT + len(losses))
    return Learned(centre, np.sqrt(spread2), np.sqrt(center2), effective)


def _log_normal(
    x: NDArray[np.float64], middle: NDArray[np.float64], variance: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.asarray(-0.5 * ((x - middle) ** 2 / variance + np.log(variance)).sum(axis=1))
