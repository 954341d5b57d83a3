"""How far the law is off at a place, how fast that changes, and how far its changes can be trusted.

The log of people at a place over what the law foresees there is ``always + now``: a part that stays, and one
that reverts to zero and walks at random. Three numbers rule it: the standard deviation of a day's step, the
half-life, and how much of the law's own changes is believed (1: all; 0: the place stays as it was counted).
A bank of exact Kalman filters, one per triple and place, learns from the innovations which triples foresaw
the counts best. Places borrow from each other: with few counts of its own a place is believed to be like all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

STEPS_LOG = (0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128)  # standard deviation of a day's step
HALF_LIVES_DAYS = (60.0, np.inf)
TRUST = (0.0, 0.5, 1.0)  # ordered first: the luck of a member picks along this
_GRID = np.array([(t, h, s) for t, h, s in product(TRUST, HALF_LIVES_DAYS, STEPS_LOG)])
TRUSTED, STEP_LOG = _GRID[:, 0], _GRID[:, 2]
KEPT = np.exp2(-1.0 / _GRID[:, 1])  # share of `now` that is left after a day
# Before any count (judged): the law may be off at a place by a factor of some tens for good, and by some half
# for a while.
ALWAYS_SD, NOW_SD = 2.0, 0.5
# A count may also come after a move that neither part foresees (a camp opens): chance per count, and how far.
JUMP_CHANCE, JUMP_SD = 0.05, 1.5
BORROWED_COUNTS = 4.0  # counts of its own that weigh as much as what all places tell


@dataclass(frozen=True)
class Bank:
    """The filters of all triples and places; arrays (triple, place), `counts` (place,).

    `always`, `now` are means, `always_var`, `both_cov`, `now_var` their covariance; `fit` is the log of how
    likely the counts were.
    """

    always: NDArray[np.float64]
    now: NDArray[np.float64]
    always_var: NDArray[np.float64]
    both_cov: NDArray[np.float64]
    now_var: NDArray[np.float64]
    fit: NDArray[np.float64]
    counts: NDArray[np.int64]


def bank_of(places: int) -> Bank:
    """Give the bank before any count."""
    shape = (len(_GRID), places)
    return Bank(
        always=np.zeros(shape),
        now=np.zeros(shape),
        always_var=np.full(shape, ALWAYS_SD**2),
        both_cov=np.zeros(shape),
        now_var=np.full(shape, NOW_SD**2),
        fit=np.zeros(shape),
        counts=np.zeros(places, dtype=np.int64),
    )


def passed(bank: Bank, change: NDArray[np.float64]) -> Bank:
    """Let a day pass at the places that were counted before.

    Parameters
    ----------
    change : (place,) float64       by how much the log of what the law foresees has changed.
    """
    counted, kept = bank.counts > 0, KEPT[:, None]
    now = kept * bank.now - (1.0 - TRUSTED)[:, None] * change
    return replace(
        bank,
        now=np.where(counted, now, bank.now),
        both_cov=np.where(counted, kept * bank.both_cov, bank.both_cov),
        now_var=np.where(counted, kept**2 * bank.now_var + STEP_LOG[:, None] ** 2, bank.now_var),
    )


def learned(
    bank: Bank, places: NDArray[np.int64], off: NDArray[np.float64], variance: NDArray[np.float64]
) -> Bank:
    """Take in one count at each of some places.

    Parameters
    ----------
    places : (k,) int64         each once.
    off : (k,) float64          log of what was counted over what the law foresees.
    variance : (k,) float64     of its error.
    """
    always, now = bank.always[:, places], bank.now[:, places]
    always_var, both, now_var = (x[:, places] for x in (bank.always_var, bank.both_cov, bank.now_var))
    innovation = off - always - now
    spread = always_var + 2.0 * both + now_var + variance
    jump, fit = jumped(innovation, spread)
    now_var = now_var + jump * JUMP_SD**2
    spread = spread + jump * JUMP_SD**2
    gain_always, gain_now = (always_var + both) / spread, (both + now_var) / spread
    counts = bank.counts.copy()
    counts[places] += 1
    return Bank(
        always=_put(bank.always, places, always + gain_always * innovation),
        now=_put(bank.now, places, now + gain_now * innovation),
        always_var=_put(bank.always_var, places, always_var - gain_always**2 * spread),
        both_cov=_put(bank.both_cov, places, both - gain_always * gain_now * spread),
        now_var=_put(bank.now_var, places, now_var - gain_now**2 * spread),
        fit=_put(bank.fit, places, bank.fit[:, places] + fit),
        counts=counts,
    )


def jumped(
    innovation: NDArray[np.float64], variance: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the chance that an innovation comes of a jump, and the log-likelihood with and without one."""
    calm = np.log1p(-JUMP_CHANCE) + log_normal(innovation, variance)
    moved = np.log(JUMP_CHANCE) + log_normal(innovation, variance + JUMP_SD**2)
    fit = np.logaddexp(calm, moved)
    return np.exp(moved - fit), fit


def log_normal(innovation: NDArray[np.float64], variance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the log density of a centred normal distribution."""
    return np.asarray(-0.5 * (np.log(2 * np.pi * variance) + innovation**2 / variance))


def chances(bank: Bank) -> NDArray[np.float64]:
    """Give how likely each triple is at each place, (triple, place); columns sum to one."""
    told = bank.counts.sum()
    pooled = bank.fit.sum(axis=1, keepdims=True) / max(1, told) * min(BORROWED_COUNTS, float(told))
    fit = bank.fit + pooled
    return np.asarray(np.exp(fit - logsumexp(fit, axis=0)))


def picked(chance: NDArray[np.float64], luck: NDArray[np.float64]) -> NDArray[np.int64]:
    """Let every member pick a triple for every place.

    Parameters
    ----------
    chance : (triple, place)    from `chances`.
    luck : (member, place)      uniform.

    Returns
    -------
    (member, place) int64
    """
    summed = np.cumsum(chance, axis=0)
    found = (luck[None] > summed[:, None, :]).sum(axis=0)
    return np.asarray(np.minimum(found, len(chance) - 1))


def _put(
    whole: NDArray[np.float64], places: NDArray[np.int64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    changed = whole.copy()
    changed[:, places] = values
    return changed
