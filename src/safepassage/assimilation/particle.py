"""The particle filter: the loop over days, and after each day with evidence the members are weighed anew.

Bootstrap filter with a defensive share of informed proposals (Gordon, Salmond & Smith 1993,
doi:10.1049/ip-f-2.1993.0015; Hesterberg 1995, doi:10.1080/00401706.1995.10484303), systematic resampling, and
kernel rejuvenation of what members believe that keeps its mean and covariance (Liu & West 2001,
doi:10.1007/978-1-4757-3437-9_10). The result is a function of the set of evidence: neither the order in which
it came in nor what has been deleted since leaves a trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from safepassage.assimilation.weights import ancestors, effective_members, normalised, tempered
from safepassage.core.draws import Draws
from safepassage.core.engine import DayView, Tracked

# Below this share of effective members (and this number) the ensemble is spread anew.
FEWEST_SHARE, FEWEST_MEMBERS = 0.02, 12.0
# Variance of the rejuvenating kernel, as a share of that of the ensemble, when all members but one are lost.
KERNEL_SHARE = 0.08
# Members whose deviations make up one step of the kernel.
MIXED = 8
# Largest share of the beliefs that comes back from the prior on a day; of an ensemble that has collapsed.
MOST_DRIFT, RESPREAD_SHARE = 0.1, 0.5
# What choosing ancestors loses comes back so many times over. By benchmarks/twins.py, on 80 twins: with once,
# intervals of 80 % held sizes in 70 % of evenings, with three times in 74 %; positions in 81 and 80 %.
DRIFT_TIMES = 3.0


class Evidence(Protocol):
    """What is known from outside, and what every member makes of it. It keeps a memory of each member."""

    def on(self, day: int) -> bool:
        """Tell whether anything speaks of this day."""
        ...

    def see(self, day: int, view: DayView) -> None:
        """Take in an evening as every member lived it, before anything is weighed."""
        ...

    def propose(
        self, engine: Tracked[Any], state: Any, *, day: int, draws: Draws
    ) -> tuple[Any, NDArray[np.float64]]:
        """Move some members to where the evidence points.

        Returns
        -------
        (state, (member,) float64)      log of prior over proposal for every member: what makes it fair.
        """
        ...

    def weigh(self, engine: Tracked[Any], state: Any, *, day: int, log_prior: NDArray[np.float64]) -> Weighed:
        """Give the log-likelihood of the day's evidence for every member."""
        ...

    def taken(self, chosen: NDArray[np.int64]) -> None:
        """Let every member remember what its ancestor remembers."""
        ...

    def scores(self, engine: Tracked[Any], state: Any) -> NDArray[np.float64]:
        """Give what members believe, and may be rejuvenated, as numbers on the real line, (member, k)."""
        ...

    def believing(self, engine: Tracked[Any], state: Any, scores: NDArray[np.float64]) -> Any:
        """Give the state with other beliefs; the inverse of `scores`."""
        ...

    def drifted(
        self, scores: NDArray[np.float64], noise: NDArray[np.float64], share: float
    ) -> NDArray[np.float64]:
        """Let beliefs drift towards what was believed before any evidence; share 1: all the way.

        Parameters
        ----------
        scores, noise : (member, k) float64     from `scores`; independent standard normal numbers.
        """
        ...


@runtime_checkable
class Guide(Protocol):
    """Evidence that chooses, of several ways to live a day, one that fits."""

    def guided(
        self, engine: Tracked[Any], state: Any, *, day: int, draws: Draws
    ) -> tuple[Any, NDArray[np.float64]]:
        """Choose the luck of the day that is to be lived.

        Returns
        -------
        (state, (member,) float64)      log of prior over proposal for every member: what makes it fair.
        """
        ...


@dataclass(frozen=True)
class Weighed:
    """What one day's evidence says.

    `log_likelihood` is (member,); `pieces` how many pieces of evidence spoke; `surprise` is (member,), 1 for
    members that moved in a way the model does not foresee.
    """

    log_likelihood: NDArray[np.float64]
    pieces: int
    surprise: NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """What the evidence of one day did: see `core.belief.Update`; `chosen` are the ancestors, (member,).

    `log_evidence` estimates the log of how likely the ensemble made it, whatever stands for the truth.
    """

    pieces: int
    effective_members: float
    surprise: float
    respread: bool
    chosen: NDArray[np.int64]
    log_evidence: float = 0.0


@dataclass(frozen=True)
class Evening:
    """One evening of the ensemble: after the day's evidence, if there was any."""

    day: int
    state: Any
    view: DayView
    step: Step | None


def tracked(
    engine: Tracked[Any], evidence: Evidence, *, days: int, members: int, draws: Draws
) -> Iterator[Evening]:
    """Run an engine and yield evening by evening, weighed by the evidence of each day.

    After a day with evidence members are equal again: nobody who watches needs weights.

    Parameters
    ----------
    engine : Tracked
    evidence : Evidence
    days, members : int     both >= 1.
    draws : Draws
    """
    state = engine.init(slots=np.arange(members), draws=draws)
    for day in range(days):
        log_guided = np.zeros(members)
        if isinstance(evidence, Guide) and evidence.on(day):
            state, log_guided = evidence.guided(engine, state, day=day, draws=draws)
        state = engine.step(state, day=day, draws=draws)
        view = engine.observe(state)
        evidence.see(day, view)
        step = None
        if evidence.on(day):
            state, step = _learned(engine, evidence, state, day=day, draws=draws, log_guided=log_guided)
            view = engine.observe(state)
        yield Evening(day, state, view, step)


def _learned(
    engine: Tracked[Any],
    evidence: Evidence,
    state: Any,
    *,
    day: int,
    draws: Draws,
    log_guided: NDArray[np.float64],
) -> tuple[Any, Step]:
    """Weigh, choose ancestors, rejuvenate; `log_guided`: what makes the day that was chosen fair."""
    state, log_prior = evidence.propose(engine, state, day=day, draws=draws)
    log_prior = log_prior + log_guided
    told = evidence.weigh(engine, state, day=day, log_prior=log_prior)
    members = len(log_prior)
    log_weight = log_prior + told.log_likelihood
    weight = normalised(log_weight)
    left = effective_members(weight)
    fewest = min(max(FEWEST_SHARE * members, FEWEST_MEMBERS), 0.5 * members)
    # What makes proposals fair is tempered, too: where reports agree against the model, so few of a small
    # ensemble are proposed where they point that these would be outvoted.
    exponent = tempered(log_weight, fewest=fewest)
    used = normalised(exponent * log_weight) if exponent < 1.0 else weight
    luck = draws.uniform("resampling", day=day, slots=np.zeros(1, dtype=np.int64))
    chosen = ancestors(used, float(luck[0]))
    surprise = float((weight * told.surprise).sum())
    state = engine.taken(state, chosen, draws=draws)
    evidence.taken(chosen)
    left_over = max(effective_members(used), 1.0)
    drift = max(min(MOST_DRIFT, DRIFT_TIMES / left_over), RESPREAD_SHARE * (1.0 - exponent))
    kernel = KERNEL_SHARE * (1.0 - min(1.0, left_over / members))
    state = _rejuvenated(engine, evidence, state, day=day, draws=draws, shares=(kernel, drift))
    top = float(log_weight.max())
    log_evidence = top + float(np.log(np.mean(np.exp(log_weight - top))))
    return state, Step(told.pieces, left, surprise, exponent < 1.0, chosen, log_evidence)


def _rejuvenated(
    engine: Tracked[Any],
    evidence: Evidence,
    state: Any,
    *,
    day: int,
    draws: Draws,
    shares: tuple[float, float],
) -> Any:
    """Draw beliefs from a kernel around each member's, shrunk so that mean and covariance stay; then drift.

    Choosing ancestors among n effective members loses 1/n of the variance of whatever the evidence does not
    speak of. `DRIFT_TIMES` as much comes back from the prior: with all their chances members stay a draw from
    it, and what nobody has news of keeps three quarters of its variance in the long run.
    """
    kernel, drift = shares
    scores = evidence.scores(engine, state)
    members, k = scores.shape
    if k == 0 or members < 2:
        return state

    slots = np.arange(members)

    def noise(name: str, columns: int) -> NDArray[np.float64]:
        drawn = [draws.uniform(name, day=day, slots=slots, entity=j) for j in range(columns)]
        return np.asarray(ndtri(np.stack(drawn, axis=1)), dtype=np.float64)

    middle = scores.mean(axis=0)
    spread = scores - middle
    # Sums of what other members deviate by have the ensemble's covariance, whatever it is, without factors of
    # a matrix whose bits would depend on the threads of a library.
    luck = draws.uniform("mixed with", day=day, slots=np.arange(MIXED))
    others = (slots[:, None] + 1 + np.floor(luck * (members - 1)).astype(np.int64)) % members
    shaken = np.einsum("mq,mqi->mi", noise("rejuvenation", MIXED), spread[others]) / np.sqrt(MIXED)
    moved = middle + np.sqrt(1.0 - kernel) * spread + np.sqrt(kernel) * shaken
    return evidence.believing(engine, state, evidence.drifted(moved, noise("drift", k), drift))
