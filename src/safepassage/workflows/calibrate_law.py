"""Learn the numbers of the local law across crises, each crisis also without itself.

The daily total of each crisis is given, its limits of camps are not; the numbers are judged by the shares of
the camps on the days that somebody reported. A crisis counts as one look at its shares, since those of one
month are nearly those of the next. With a precision of its own, not known beforehand, minus the log
likelihood is (camps - 1) / 2 times the logarithm of the mean Kullback-Leibler divergence from the counted
shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.assimilation.hierarchy import (
    Learned,
    Number,
    drawn_numbers,
    learn_numbers,
    plain_numbers,
)
from safepassage.core.displacement import camp_counts
from safepassage.core.engine import Progress
from safepassage.core.errors import Fault, InputError, ModelError
from safepassage.core.learned import LearnedCase, LeftOut, Lesson, Taught, event_key
from safepassage.core.scenario import Prior, Scenario
from safepassage.engines.choice import with_people_per_agent
from safepassage.engines.settling import Settling
from safepassage.scoring.ard import ard
from safepassage.workflows.split_law import camps_of, learned_split, settling_of

FAMILY = "law"
SETS = 2048
FEWEST_CASES = 2
ROUNDED_SHARE = 0.005  # what a count may be off by: no share counts as nothing
LEAST_DIVERGENCE = 0.005  # counts themselves are no better: who fits better is not told apart
LAPS = 32
WHAT = "the local law / la ley local"
# Flee's documented values; beforehand they may be off by a factor of exp(0.6), and crises may differ by one
# of exp(0.35).
NUMBERS = (
    Number("distance_power", 1.0, 0.6, 0.35),
    Number("camp_weight", 1.0, 0.6, 0.35),
    Number("conflict_weight", 0.1**0.5, 0.6, 0.35),
)
METHOD = (
    f"Hierarchical model over crises, {SETS} sets of numbers run on each with its daily totals given and no"
    " limits of camps (safepassage.workflows.calibrate_law); again: safepassage calibrate CASE... --only law"
)


@dataclass(frozen=True)
class _Case:
    """A crisis to learn from: its model, the days with reports, and the shares counted on them (t, k)."""

    scenario: Scenario
    settling: Settling
    days: NDArray[np.int64]
    shares: NDArray[np.float64]


def learn(cases: Sequence[Scenario], seed: int, progress: Progress) -> Taught:
    """Learn from all cases, and for each from the others.

    Parameters
    ----------
    cases : sequence of Scenario    crises with counts in camps.
    seed : int
    progress : Progress

    Returns
    -------
    Taught      scores left out are ARD with the numbers learned, and with the folder's in the same kernel.

    Raises
    ------
    InputError      if fewer than two of the cases can be learned from.
    """
    usable = [case for case in map(_case, cases) if case is not None]
    if len(usable) < FEWEST_CASES:
        found = f"{len(usable)} of {len(cases)}"
        expected = "two crises at least with reports of two camps, departures by a series and plain rules"
        raise InputError(
            Fault("calibrate", found, expected, "give more cases, or leave the law out (--only)")
        )
    drawn = drawn_numbers(NUMBERS, SETS, seed)
    losses = []
    for done, case in enumerate(usable):
        losses.append(_losses(case, drawn, progress, (done * LAPS, len(usable) * LAPS)))
    keys = [event_key(case.scenario) for case in usable]
    names = [case.scenario.name for case in usable]
    without, left_out = {}, []
    for k, case in enumerate(usable):
        others = [loss for j, loss in enumerate(losses) if j != k]
        told = [name for j, name in enumerate(names) if j != k]
        without[keys[k]] = _priors(learn_numbers(NUMBERS, drawn, others), told)
        left_out.append(_left_out(case, without[keys[k]], seed))
    lesson = Lesson(
        family=FAMILY,
        method=METHOD,
        cases=tuple(
            LearnedCase(key, name, int(case.shares.size))
            for key, name, case in zip(keys, names, usable, strict=True)
        ),
        priors=_priors(learn_numbers(NUMBERS, drawn, losses), names),
        without=without,
    )
    return Taught(lesson, tuple(left_out))


def _case(scenario: Scenario) -> _Case | None:
    """Lay a crisis out; None: it has nothing to teach, or rules that cannot be followed."""
    displacement = scenario.displacement
    if displacement is None or len(displacement.camps) < 2:
        return None
    try:
        settling = settling_of(scenario)
    except ModelError:
        return None
    people = with_people_per_agent(scenario, 1).displacement
    days = np.unique(np.concatenate([series.days for series in displacement.series]))
    days = days[(days > 0) & (days < scenario.days)].astype(np.int64)
    if people is None or not len(days):
        return None
    counted = camp_counts(people, days).astype(np.float64)
    there = counted.sum(axis=1) > 0
    return _Case(scenario, settling, days[there], _shares(counted[there])) if there.any() else None


def _shares(people: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give shares of the people of each day, none of which is nothing: (…, k)."""
    total, count = people.sum(axis=-1, keepdims=True), people.shape[-1]
    plain = np.divide(people, total, out=np.full(people.shape, 1.0 / count), where=total > 0)
    return np.asarray((np.maximum(plain, 0.0) + ROUNDED_SHARE) / (1.0 + count * ROUNDED_SHARE))


def _losses(
    case: _Case, drawn: NDArray[np.float64], progress: Progress, done: tuple[int, int]
) -> NDArray[np.float64]:
    """Give minus the log likelihood of a case with each set of numbers."""
    camps, counted = camps_of(case.scenario), case.shares
    found = np.empty(len(drawn))
    for lap, rows in enumerate(np.array_split(np.arange(len(drawn)), LAPS)):
        progress.say(done[0] + lap, done[1], f"{WHAT}: {case.scenario.name}")
        for row in rows:
            split = _shares(case.settling.run(plain_numbers(NUMBERS, drawn[row]), case.days, camps))
            found[row] = (counted * np.log(counted / split)).sum(axis=1).mean()
    return np.asarray(0.5 * (counted.shape[1] - 1) * np.log(found + LEAST_DIVERGENCE))


def _priors(learned: Learned, names: Sequence[str]) -> tuple[Prior, ...]:
    source = "safepassage calibrate: " + ", ".join(names)
    return tuple(
        Prior(
            one.name,
            "lognormal" if one.log else "normal",
            low,
            high,
            f"learned from {len(names)} crises, from {one.centre:.3g} on",
            source,
        )
        for one, (low, high) in zip(NUMBERS, learned.quantiles(NUMBERS), strict=True)
    )


def _left_out(case: _Case, priors: Sequence[Prior], seed: int) -> LeftOut:
    """Score a case by what the others taught: averaged over all days, as Flee does."""
    people = with_people_per_agent(case.scenario, 1)
    days, camps = np.arange(case.scenario.days), camps_of(case.scenario)
    counted = (
        np.zeros((len(days), 0))
        if people.displacement is None
        else camp_counts(people.displacement, days).astype(np.float64)
    )
    members = learned_split(case.scenario, {prior.name: prior for prior in priors}, seed=seed)
    shares = (members / members.sum(axis=-1, keepdims=True)).mean(axis=0)
    own = case.settling.run({}, days, camps)
    return LeftOut(
        FAMILY, case.scenario.name, "ard", "1", float(ard(shares, counted)), float(ard(own, counted))
    )
