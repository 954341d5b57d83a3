"""Learn how counts of camps go on after the last one, across crises, each crisis also without itself.

Every crisis is forecast from many past days, knowing what was known then, and the numbers are sought (CMA-ES)
under which the forecasts score best against the counts that came: the logarithm of the CRPS over that of the
last value carried on, in people and on the log, averaged over horizons and crises, so that a large crisis
counts no more than a small one. Each number is held near what was judged beforehand. Then each crisis may go
its own way from what was found for all, held by what is common; by how far they go, and by how little one
more crisis tells, the numbers get their width.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

from safepassage.assimilation.stock_growth import (
    LEAST_PEOPLE,
    Counted,
    Growth,
    Luck,
    counted_at,
    foreseen,
    growth_of,
    side_by_side,
    standing_of,
)
from safepassage.assimilation.stock_reports import from_series, pasts_of
from safepassage.core.draws import Draws
from safepassage.core.engine import Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.learned import LearnedCase, LeftOut, Lesson, Taught, event_key
from safepassage.core.scenario import Prior, Scenario
from safepassage.scoring.crps import crps_ensemble
from safepassage.scoring.rolling import near_days
from safepassage.workflows.rolling_camps import camp_origins, counted

FAMILY = "stocks"
WHAT = "growth of counts / crecimiento de los conteos"
MOMENTS, MEMBERS = 40, 64
HORIZONS_DAYS = (7, 14, 30, 60, 90)
LEAST_SCORE = 0.003  # of all people, or on the log: a last value within it is as good as exact
ROUNDS, OWN_ROUNDS, FIRST_SD, TRIED = 90, 30, 0.7, 12
# How far crises differ is told by few: as if one more had differed by this share of the doubt judged.
MORE_CASES, MORE_SHARE = 1.0, 0.5
# The share of the distance to where it may go that a crisis' own search begins with.
OWN_SD = 0.4
# How strongly a number is held near what was judged, per standard deviation squared, in units of the loss.
HOLD = 0.003
Z95 = 1.6448536269514722


@dataclass(frozen=True)
class Judged:
    """What was judged of one number beforehand: its middle, and the standard deviation of its doubt.

    `shape` is how it varies: "lognormal" (`sd` on the log) or "normal"; `drawn`: members draw it.
    """

    name: str
    middle: float
    sd: float
    drawn: bool
    shape: str
    reason: str


JUDGED = (
    Judged("rise_memory_days", 30.0, 0.5, False, "lognormal", "half-life by which past rises count"),
    Judged("rise_doubt_days", 10.0, 0.5, False, "lognormal", "days without rise that complete a short past"),
    Judged("rise_kept", 1.0, 0.5, True, "lognormal", "share of a camp's own rise that goes on"),
    Judged("rise_shared", 0.2, 0.7, True, "lognormal", "share of the rise of all camps that goes on by size"),
    Judged("rise_half_life_days", 60.0, 0.5, True, "lognormal", "half-life of the rise that goes on"),
    Judged("rise_sd_log", 1.0, 0.4, True, "lognormal", "doubt about the rise, on the log"),
    Judged("fall_kept", 0.4, 0.7, True, "lognormal", "share of a camp's own fall that goes on"),
    Judged("step_sd_log", 0.06, 0.7, True, "lognormal", "steps of 30 days of a camp like others, on the log"),
    Judged("step_power", 0.5, 0.2, False, "lognormal", "steps grow with this power of the days"),
    Judged("step_own", 0.3, 0.5, False, "lognormal", "how far a camp's own past rules its steps"),
    Judged(
        "step_doubt_days", 30.0, 0.5, False, "lognormal", "days that all camps count for in a camp's steps"
    ),
    Judged(
        "floor_share", 0.002, 0.7, False, "lognormal", "share of all people that any camp is told on top of"
    ),
    Judged("moves_per_year", 0.6, 0.7, True, "lognormal", "large changes of a camp that nobody foresees"),
    Judged("move_log", -0.2, 0.3, True, "normal", "their middle on the log: more are falls"),
    Judged("move_sd_log", 0.5, 0.4, True, "lognormal", "their spread on the log"),
    Judged("openings_per_year", 2.0, 0.7, True, "lognormal", "how often a camp that was always empty opens"),
    Judged("opening_share", 0.03, 0.6, True, "lognormal", "people there then, as a share of all"),
    Judged("opening_sd_log", 1.0, 0.3, True, "lognormal", "spread of it, on the log"),
)
_LOG = np.array([one.shape == "lognormal" for one in JUDGED])
_MIDDLE = np.array([np.log(one.middle) if one.shape == "lognormal" else one.middle for one in JUDGED])
_SD = np.array([one.sd for one in JUDGED])
_DRAWN = np.array([one.drawn for one in JUDGED])


@dataclass(frozen=True)
class Past:
    """One crisis as it was known on many days, and what was counted later.

    Parameters
    ----------
    counted : Counted                   every moment side by side.
    camp : (t,) int64                   of each later count, in `counted`.
    ahead_days, outcome, whole : (t,)   days after the camp's last count; people; people in all camps then.
    group : (t,) int64                  moment and horizon of each, numbered through.
    horizon : (g,) int64                of each group, a position in `HORIZONS_DAYS`.
    last, last_log : (h,) float64       scores of the last value carried on; NaN where nothing was counted.
    """

    counted: Counted
    camp: NDArray[np.int64]
    ahead_days: NDArray[np.float64]
    outcome: NDArray[np.float64]
    whole: NDArray[np.float64]
    group: NDArray[np.int64]
    horizon: NDArray[np.int64]
    last: NDArray[np.float64]
    last_log: NDArray[np.float64]


def past_of(scenario: Scenario) -> Past:
    """Read a crisis as it was known on each of up to `MOMENTS` days.

    Raises
    ------
    InputError      if its camps were not counted for long enough.
    """
    displacement = scenario.displacement
    assert displacement is not None
    truth = {
        place: past
        for place, past in zip(
            displacement.camps.tolist(), counted(displacement, corrected=False), strict=True
        )
        if past
    }
    moments: list[Counted] = []
    rows: list[tuple[int, float, float, float, int]] = []
    horizons: list[int] = []
    first = 0
    for origin in camp_origins(scenario, MOMENTS):
        known = scenario.known_by(scenario.start + timedelta(days=origin)).displacement
        assert known is not None
        pasts = pasts_of(from_series(known, until_day=origin))
        if not pasts:
            continue
        moment = counted_at(list(pasts.values()))
        moments.append(moment)
        for number, horizon in enumerate(HORIZONS_DAYS):
            for k, place in enumerate(pasts):
                days = truth[place].days
                near = near_days(days, origin, horizon)
                if near is not None:
                    ahead = float(days[near] - moment.last_day[k])
                    outcome = float(truth[place].people[near])
                    rows.append((first + k, ahead, outcome, float(moment.whole[k]), len(horizons)))
            horizons.append(number)
        first += len(pasts)
    if not rows:
        fault = Fault(
            scenario.name, "no camp that is counted again", "counts from which to learn", "leave it"
        )
        raise InputError(fault)
    camps, aheads, outcomes, wholes, groups = zip(*rows, strict=True)
    kept, group = np.unique(groups, return_inverse=True)
    blank = np.full(len(HORIZONS_DAYS), np.nan)
    past = Past(
        counted=side_by_side(moments),
        camp=np.array(camps, dtype=np.int64),
        ahead_days=np.array(aheads),
        outcome=np.array(outcomes),
        whole=np.array(wholes),
        group=group,
        horizon=np.array(horizons)[kept],
        last=blank,
        last_log=blank,
    )
    people, log = _scores(past, past.counted.people[None, past.camp])
    return replace(past, last=people, last_log=log)


def _scores(past: Past, people: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the mean CRPS of each horizon: in shares of all people, summed over camps; of the log, mean."""
    least = LEAST_PEOPLE + 0.002 * past.whole
    groups = len(past.horizon)
    share = np.bincount(past.group, crps_ensemble(people, past.outcome) / past.whole, groups)
    logs = crps_ensemble(np.log(people + least), np.log(past.outcome + least))
    log = np.bincount(past.group, logs, groups) / np.bincount(past.group, minlength=groups)
    count = np.bincount(past.horizon, minlength=len(HORIZONS_DAYS))
    with np.errstate(invalid="ignore"):
        found = [np.bincount(past.horizon, each, len(HORIZONS_DAYS)) / count for each in (share, log)]
    return found[0], found[1]


class Fit:
    """Foresees every past under any numbers, always with the same luck.

    Parameters
    ----------
    pasts : sequence of Past
    """

    def __init__(self, pasts: Sequence[Past]) -> None:
        self.pasts = tuple(pasts)
        spread = qmc.Sobol(4 + len(JUDGED), scramble=True, seed=1).random(MEMBERS)
        normal = np.asarray(ndtri(np.clip(spread, 1e-9, 1.0 - 1e-9)))
        self._luck = Luck(*(normal[:, k, None] for k in range(4)))
        self._own = normal[:, 4:]

    def growth(self, found: NDArray[np.float64], width: NDArray[np.float64] | None = None) -> Growth:
        """Give the numbers of all members, every one around what was found, or exactly that."""
        values = found[None] if width is None else found + np.where(_DRAWN, width, 0.0) * self._own
        values = np.where(_LOG, np.exp(np.where(_LOG, values, 0.0)), values)
        return growth_of({one.name: values[:, k, None] for k, one in enumerate(JUDGED)})

    def people(
        self, past: Past, found: NDArray[np.float64], width: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Give what members foresee for every later count, (member, t)."""
        growth = self.growth(found, width)
        standing = standing_of(past.counted, growth).at(past.camp)
        return foreseen(standing, growth, past.ahead_days, self._luck)

    def loss(
        self,
        found: NDArray[np.float64],
        *,
        held_by: tuple[NDArray[np.float64], NDArray[np.float64]] = (_MIDDLE, _SD),
        width: NDArray[np.float64] | None = None,
    ) -> float:
        """Give the mean log of scores over those of the last value, and how far numbers are from what holds.

        Parameters
        ----------
        found : (k,) float64    on the scale of `JUDGED`.
        held_by : (middle, sd)  what numbers are held near.
        width : (k,) float64 or None
        """
        told = [_skill(past, self.people(past, found, width)) for past in self.pasts]
        off = (found - held_by[0]) / held_by[1]
        return float(np.mean(told) + HOLD * (off**2).sum())


def _skill(past: Past, people: NDArray[np.float64]) -> float:
    """Give the mean, over horizons, of the log of scores over those of the last value; below 0 is better."""
    logs = [
        np.log((ours + LEAST_SCORE) / (last + LEAST_SCORE))
        for ours, last in zip(_scores(past, people), (past.last, past.last_log), strict=True)
    ]
    return float(np.nanmean(logs))


def searched(
    loss: Callable[[NDArray[np.float64]], float],
    start: NDArray[np.float64],
    sd: NDArray[np.float64],
    *,
    rounds: int,
    seed: int,
) -> NDArray[np.float64]:
    """Seek the least loss from a start on by CMA-ES (Hansen 2016, arXiv:1604.00772), by counted luck."""
    with warnings.catch_warnings():  # it misses a plotting library that is not needed
        warnings.simplefilter("ignore")
        import cma
    draws, asked = Draws(seed), iter(range(10**9))

    def normal(*shape: int) -> NDArray[np.float64]:
        slots = np.arange(int(np.prod(shape)))
        return np.asarray(ndtri(draws.uniform("calibrate: stocks", day=next(asked), slots=slots))).reshape(
            shape
        )

    options = {
        "verbose": -9,
        "verb_log": 0,
        "maxiter": rounds,
        "popsize": TRIED,
        "randn": normal,
        "seed": np.nan,
    }
    search = cma.CMAEvolutionStrategy(np.zeros(len(start)), FIRST_SD, options)
    search.optimize(lambda z: loss(start + np.asarray(z) * sd))
    return np.asarray(start + np.asarray(search.result.xbest) * sd)


@dataclass(frozen=True)
class Found:
    """What several crises taught: the middle of every number and the width that a new crisis needs."""

    middle: NDArray[np.float64]
    width: NDArray[np.float64]


def found_in(pasts: Sequence[Past], seed: int) -> Found:
    """Learn the numbers from several crises.

    The width of a number is the standard deviation between crises, told by how far each goes its own way from
    the middle, times ``sqrt(1 + 1 / crises)``: the middle itself is known from so many only.
    """
    middle = searched(Fit(pasts).loss, _MIDDLE, _SD, rounds=ROUNDS, seed=seed)
    squares = MORE_CASES * (MORE_SHARE * _SD) ** 2
    for past in pasts:
        held = partial(Fit([past]).loss, held_by=(middle, _SD))
        squares = squares + (searched(held, middle, OWN_SD * _SD, rounds=OWN_ROUNDS, seed=seed) - middle) ** 2
    count = len(pasts)
    width = np.sqrt(squares / (count + MORE_CASES) * (1.0 + 1.0 / count))
    return Found(middle, np.where(_DRAWN, width, 0.0))


def priors_of(found: Found, source: str) -> tuple[Prior, ...]:
    """Write what was found as priors: those that members draw with their width, the others fixed."""
    priors = []
    for one, middle, width in zip(JUDGED, found.middle.tolist(), found.width.tolist(), strict=True):
        ends = np.array([middle - Z95 * width, middle + Z95 * width])
        low, high = (np.exp(ends) if one.shape == "lognormal" else ends).tolist()
        shape = one.shape if one.drawn else "fixed"
        priors.append(Prior(one.name, shape, low, high, one.reason, source))
    return tuple(priors)


def learn(cases: Sequence[Scenario], seed: int, progress: Progress) -> Taught:
    """Learn how counts go on, from all crises and from all but each.

    Parameters
    ----------
    cases : sequence of Scenario    crises with counts in camps, two at least.
    seed : int
    progress : Progress

    Returns
    -------
    Taught      with the CRPS of each crisis left out, in per cent of all, at `HORIZONS_DAYS`.

    Raises
    ------
    InputError      if a crisis is too short to learn from.
    """
    pasts = [past_of(scenario) for scenario in cases]
    keys = [event_key(scenario) for scenario in cases]
    names = [scenario.name for scenario in cases]
    without: dict[str, tuple[Prior, ...]] = {}
    rows: list[LeftOut] = []
    for k, (key, name) in enumerate(zip(keys, names, strict=True)):
        progress.say(k, len(cases) + 1, WHAT)
        found = found_in([*pasts[:k], *pasts[k + 1 :]], seed)
        without[key] = priors_of(found, _source([*names[:k], *names[k + 1 :]]))
        rows += _left_out(name, pasts[k], found)
    progress.say(len(cases), len(cases) + 1, WHAT)
    leads = ", ".join(map(str, HORIZONS_DAYS))
    lesson = Lesson(
        family=FAMILY,
        method=(
            f"up to {MOMENTS} past days of each crisis; CRPS over that of the last value, in people and on"
            f" the log, at {leads} days; CMA-ES, {ROUNDS} rounds of {TRIED}; width between crises from"
            f" {OWN_ROUNDS} rounds each; seed {seed}"
        ),
        cases=tuple(
            LearnedCase(key, name, len(past.outcome))
            for key, name, past in zip(keys, names, pasts, strict=True)
        ),
        priors=priors_of(found_in(pasts, seed), _source(names)),
        without=without,
    )
    return Taught(lesson, tuple(rows))


def _source(names: Sequence[str]) -> str:
    return f"learned from {', '.join(names)}"


def _left_out(name: str, past: Past, found: Found) -> list[LeftOut]:
    fit, before = Fit([past]), Found(_MIDDLE, _SD)
    learned, judged = (_scores(past, fit.people(past, one.middle, one.width))[0] for one in (found, before))
    return [
        LeftOut(FAMILY, name, f"crps_{days}_days", "% of all", 100.0 * ours, 100.0 * theirs)
        for days, ours, theirs in zip(HORIZONS_DAYS, learned.tolist(), judged.tolist(), strict=True)
        if np.isfinite(ours)
    ]
