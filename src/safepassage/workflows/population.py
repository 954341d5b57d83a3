"""From what single cases say of a number to what is believed of it in a case that nobody has seen yet.

Random effects (DerSimonian & Laird 1986; Bayesian, as in Gelman et al. 2013, section 5.4): each case has its
own value, the values of cases scatter around a common one, and neither the scatter nor the common value is
known. Everything is told in normal scores under what was judged beforehand, of which one half is taken as
doubt about the common value and one half as scatter between cases: where nothing was learned, what was
judged comes out again, and few cases cannot make anybody sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from safepassage.core.scenario import Prior

Z95 = 1.6448536269514722
# Of the variance judged, the share that is doubt about what is common; the rest is scatter between cases.
COMMON_SHARE = 0.5
# A posterior as wide as its prior says nothing; one that is wider only by luck says nothing either.
LEAST_PRECISION = 1e-3
_SCATTER = np.linspace(0.02, 3.0, 150)
_LEVELS = (np.arange(400) + 0.5) / 400


@dataclass(frozen=True)
class Said:
    """What one case says of a number: its value in normal scores, and how surely (one over the variance)."""

    value: float
    precision: float


def said_by(mean: float, variance: float, *, prior_mean: float = 0.0, prior_variance: float = 1.0) -> Said:
    """Take what was believed beforehand out of a posterior: what is left is what the case itself says."""
    precision = 1.0 / max(variance, 1e-6) - 1.0 / prior_variance
    if precision < LEAST_PRECISION:
        return Said(0.0, 0.0)
    value = (mean / max(variance, 1e-6) - prior_mean / prior_variance) / precision
    # A value far outside what was judged possible is more likely an accident of few members.
    return Said(float(np.clip(value, -4.0, 4.0)), precision)


def next_case(said: Sequence[Said]) -> tuple[float, float]:
    """Give mean and standard deviation of the number in a case of which nothing is known yet.

    Parameters
    ----------
    said : sequence of Said     one for each case that says anything; the others may be left out.

    Returns
    -------
    (float, float)      normal scores; (0, 1), what was judged, where no case says anything.
    """
    telling = [one for one in said if one.precision > 0]
    value = np.array([one.value for one in telling])
    noise = np.array([1.0 / one.precision for one in telling])
    mean, variance, log_weight = np.zeros((3, len(_SCATTER)))
    for k, scatter in enumerate(_SCATTER.tolist()):
        each = scatter**2 + noise
        precision = 1.0 / COMMON_SHARE + (1.0 / each).sum()
        mean[k] = (value / each).sum() / precision
        variance[k] = scatter**2 + 1.0 / precision
        # Marginal likelihood of the values, the common one integrated out; half-normal scatter beforehand.
        fit = (value**2 / each).sum() - precision * mean[k] ** 2
        log_weight[k] = -0.5 * (fit + np.log(each).sum() + np.log(precision))
        log_weight[k] -= 0.5 * scatter**2 / (1.0 - COMMON_SHARE)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    middle = float((weight * mean).sum())
    return middle, float(np.sqrt((weight * (variance + (mean - middle) ** 2)).sum()))


def learned_prior(
    judged: Prior, said: Sequence[Said], *, limits: tuple[float, float], words: tuple[str, str]
) -> Prior:
    """Give what is believed of a number in the next case, in the shape in which it was judged.

    Parameters
    ----------
    judged : Prior
    said : sequence of Said     scores under `judged`.
    limits : (low, high)        that the number can have at all.
    words : (reason, source)
    """
    mean, sd = next_case(said)
    if judged.shape == "uniform":
        share = np.asarray(ndtr(mean + sd * np.asarray(ndtri(_LEVELS))))
        value = judged.low + (judged.high - judged.low) * share
        # The uniform distribution with this mean and this standard deviation.
        half = float(np.sqrt(3.0) * value.std())
        low, high = float(value.mean()) - half, float(value.mean()) + half
    else:
        lognormal = judged.shape == "lognormal"
        ends = np.log([judged.low, judged.high]) if lognormal else np.array([judged.low, judged.high])
        middle, spread = ends.mean(), (ends[1] - ends[0]) / (2 * Z95)
        new = middle + spread * (mean + Z95 * sd * np.array([-1.0, 1.0]))
        low, high = (np.exp(new) if lognormal else new).tolist()
    low, high = (float(np.clip(end, *limits)) for end in (low, high))
    return Prior(judged.name, judged.shape, low, high, *words)
