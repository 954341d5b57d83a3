"""Whether two programs give the same numbers up to a margin: two one-sided tests (TOST), for many at once.

Schuirmann 1987, doi:10.1007/BF01068419, with Welch's standard error. A difference that is not significant
proves nothing; here the burden is on whoever claims that two are alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats


@dataclass(frozen=True)
class Equivalence:
    """Result for k quantities.

    Parameters
    ----------
    difference : (k,) float64   mean of ours minus mean of theirs.
    margin : (k,) float64       largest difference that counts as alike.
    p : (k,) float64            larger of the two one-sided p-values.
    alike : (k,) bool           p at most alpha / k (Bonferroni).
    """

    difference: NDArray[np.float64]
    margin: NDArray[np.float64]
    p: NDArray[np.float64]
    alike: NDArray[np.bool_]


def half_width(runs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the 95 % half-width of the mean of runs (run, …) by Student's t; infinite for a single run."""
    count = len(runs)
    if count < 2:
        return np.full(runs.shape[1:], np.inf)
    quantile = float(stats.t.ppf(0.975, count - 1))
    return np.asarray(quantile * runs.std(axis=0, ddof=1) / np.sqrt(count))


def equivalence(
    ours: NDArray[np.float64], theirs: NDArray[np.float64], *, margin: float, alpha: float = 0.05
) -> Equivalence:
    """Test whether the means of two sets of runs are alike.

    Parameters
    ----------
    ours : (m, k) float64       one row per run, m >= 2.
    theirs : (n, k) float64     n >= 2.
    margin : float              lowest margin; where the pooled 95 % half-width is larger, that is taken.
    alpha : float               chance of calling two alike that differ by the margin, over all k together.

    Returns
    -------
    Equivalence
    """
    variance = ours.var(axis=0, ddof=1) / len(ours), theirs.var(axis=0, ddof=1) / len(theirs)
    error = np.sqrt(variance[0] + variance[1])
    spread = variance[0] ** 2 / (len(ours) - 1) + variance[1] ** 2 / (len(theirs) - 1)
    freedom = np.divide(error**4, spread, out=np.full(error.shape, 1e6), where=spread > 0)
    difference = ours.mean(axis=0) - theirs.mean(axis=0)
    margins = np.maximum(margin, stats.t.ppf(0.975, freedom) * error)
    room = margins - np.abs(difference)
    statistic = np.divide(room, error, out=np.where(room > 0, np.inf, -np.inf), where=error > 0)
    p = np.asarray(stats.t.sf(statistic, freedom))
    return Equivalence(difference, np.asarray(margins), p, p <= alpha / difference.shape[-1])
