"""Learn how caravans move and what reports of them say, across caravans, each caravan also without itself.

Every caravan is lived once more with all that was reported of it, by the particle filter that forecasts use;
its truth is not looked at. What members believe in the later half of the evenings, less what they believed
before the first report, is what the caravan says of each number (`workflows.population`). Errors of reports
belong to nobody: they are tried one by one, and how likely each makes the reports is what the caravan says.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from safepassage.adapters.learned import write_lessons
from safepassage.assimilation.caravans import CaravanEvidence
from safepassage.assimilation.observations import NEXT_STOP, PLACE_ERROR, SIZE_ERROR, WRONG_CHANCE
from safepassage.assimilation.particle import Evening, tracked
from safepassage.assimilation.voices import ANNOUNCED_KEPT, KEPT
from safepassage.core.caravan_outcomes import with_default_outcomes
from safepassage.core.caravan_priors import DEFAULT_PRIORS, PRIOR_LIMITS
from safepassage.core.draws import Draws
from safepassage.core.engine import Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.learned import LearnedCase, LeftOut, Lesson, Taught, event_key
from safepassage.core.scenario import Prior, Scenario
from safepassage.engines.goal_travel import GoalEngine
from safepassage.engines.luck import prior_score
from safepassage.workflows import rolling_caravan
from safepassage.workflows.learning import told_by
from safepassage.workflows.population import Z95, Said, learned_prior, said_by

FEWEST_CASES = 2  # one to learn from, one to leave out
MEMBERS, RUNS = 400, 3
ORIGINS, HORIZONS_DAYS = 12, (1, 3, 7)
WHAT = "a caravan lived once more / una caravana vivida de nuevo"
# Factors of errors that are tried, and what is believed of them beforehand: 0.51 to 1.95 in nine of ten.
FACTORS = (0.5, 0.71, 1.0, 1.41, 2.0)
FACTOR_LOG_SD = 0.405
# How a caravan travels is learned. How people join, leave and part is not: learned from reports, it made
# sizes of cases left out be foreseen worse on the average over cases.
TRAVEL = (
    "walk_km_per_day",
    "ride_chance",
    "ride_km_per_day",
    "ride_spell_days",
    "rest_chance",
    "border_hold_chance",
    "border_hold_days",
    "closure_hold_days",
    "bus_chance",
    "bus_km_per_day",
    "length_km",
)
ANYTHING = (-1e6, 1e6)
UNSAID = "judged: none of the other caravans says anything of it"

Estimates = dict[str, Said]


@dataclass(frozen=True)
class _Taught:
    """What one case says, by name of the number."""

    case: LearnedCase
    said: Estimates


def learn_caravans(cases: Sequence[Scenario], seed: int, progress: Progress) -> Taught:
    """Learn what is believed of a caravan before its first report.

    Parameters
    ----------
    cases : sequence of Scenario    with groups and reports; a truth only where scores are to be had.
    seed : int
    progress : Progress

    Raises
    ------
    InputError      if fewer than two of them have reports that speak.
    """
    method = (
        f"particle filter of {MEMBERS} members, {RUNS} runs, over all reports of each caravan; later half of "
        f"the evenings; random effects over caravans; seed {seed}"
    )

    def prior(judged: Prior, said: Sequence[Said], words: tuple[str, str]) -> Prior:
        limit = PRIOR_LIMITS[judged.name]
        return learned_prior(judged, said, limits=(limit.low, limit.high), words=words)

    of_travel = tuple(judged for judged in DEFAULT_PRIORS if judged.name in TRAVEL)
    study = _Study("caravans", method, of_travel, prior)
    return _learned(study, cases, seed, progress, _beliefs)


def learn_observations(cases: Sequence[Scenario], seed: int, progress: Progress) -> Taught:
    """Learn errors and doubts of reports, and how far announcements are kept; called as `learn_caravans`."""
    method = (
        f"particle filter of {MEMBERS} members over all reports of each caravan: announcements "
        f"from beliefs ({RUNS} runs), factors of errors from how likely the reports are under each of "
        f"{FACTORS}; random effects over caravans; seed {seed}"
    )

    def prior(judged: Prior, said: Sequence[Said], words: tuple[str, str]) -> Prior:
        return learned_prior(judged, said, limits=ANYTHING, words=words)

    study = _Study("observations", method, judged_of_reports(), prior)
    return _learned(study, cases, seed, progress, _tellers)


def judged_of_reports() -> tuple[Prior, ...]:
    """Give what is believed of those who report before any case was learned from."""

    def normal(name: str, mean: float, sd: float) -> Prior:
        return Prior(name, "normal", mean - Z95 * sd, mean + Z95 * sd, "judged", "")

    far = float(np.exp(Z95 * FACTOR_LOG_SD))
    return (
        normal(ANNOUNCED_KEPT, float(logit(KEPT[0])), KEPT[1]),
        *(
            Prior(name, "lognormal", 1.0 / far, far, "judged", "")
            for name in (PLACE_ERROR, SIZE_ERROR, WRONG_CHANCE)
        ),
    )


@dataclass(frozen=True)
class _Study:
    """What is learned: the numbers as judged, and how the next case's are told."""

    family: str
    method: str
    judged: tuple[Prior, ...]
    prior: Callable[[Prior, Sequence[Said], tuple[str, str]], Prior]


def _learned(
    study: _Study,
    cases: Sequence[Scenario],
    seed: int,
    progress: Progress,
    estimate: Callable[[Scenario, int], Estimates],
) -> Taught:
    taught = []
    for done, case in enumerate(cases):
        progress.say(done, len(cases), WHAT)
        known = _whole(case)
        many = len(told_by(known).observations)
        if many:
            taught.append(_Taught(LearnedCase(event_key(case), case.name, many), estimate(known, seed)))
    if len(taught) < FEWEST_CASES:
        found = f"{len(taught)} caravans with reports that speak of them"
        expected = f"{FEWEST_CASES} at least: one to learn from, one to leave out"
        raise InputError(Fault("calibrate", found, expected, "give more cases"))
    keys = [one.case.key for one in taught]
    names = {name for one in taught for name, said in one.said.items() if said.precision > 0}
    lesson = Lesson(
        family=study.family,
        method=study.method,
        cases=tuple(one.case for one in taught),
        priors=_told(study, taught, names),
        without={key: _told(study, [one for one in taught if one.case.key != key], names) for key in keys},
    )
    return Taught(lesson, tuple(_left_out(lesson, [c for c in cases if event_key(c) in keys], seed)))


def _told(study: _Study, taught: Sequence[_Taught], names: set[str]) -> tuple[Prior, ...]:
    """Give these numbers, by what the cases say of them; of what none says anything, as judged."""
    cases = ", ".join(one.case.name for one in taught)
    found = []
    for judged in study.judged:
        said = [one.said[judged.name] for one in taught if judged.name in one.said]
        telling = sum(one.precision > 0 for one in said)
        if judged.name in names and telling:
            reason = f"what {telling} of {len(taught)} caravans say of the next; judged {_range(judged)}"
            found.append(study.prior(judged, said, (reason, f"reports of {cases}")))
        elif judged.name in names:
            found.append(replace(judged, reason=UNSAID))
    return tuple(found)


def _range(prior: Prior) -> str:
    return f"{prior.low:.3g} to {prior.high:.3g}"


def _whole(case: Scenario) -> Scenario:
    """Give a case with all that was ever reported of it, and no number of its own but what is judged."""
    last = max((report.published for report in case.reports), default=case.start)
    return replace(case.known_by(max(last, case.start + timedelta(days=1))), priors={})


def _evenings(known: Scenario, seed: int, lessons: Mapping[str, Prior]) -> Iterator[tuple[Evening, object]]:
    """Live a case with its reports; give every evening, and the evidence as it stands then."""
    told = told_by(known, lessons)
    days = 1 + max(said.day for said in told.observations)
    engine = GoalEngine(with_default_outcomes(known), days=days)
    draws = Draws(seed)
    evidence = CaravanEvidence(
        told.observations,
        known.network,
        counts=(len(known.groups), len(told.reports), MEMBERS),
        draws=draws,
        lessons=lessons,
    )
    for evening in tracked(engine, evidence, days=days, members=MEMBERS, draws=draws):
        if evening.step is not None:
            yield evening, evidence


def _later_half(
    known: Scenario, seed: int, scores: Callable[[Evening, object], NDArray[np.float64]]
) -> list[Said]:
    """Give what a case says of each column of scores, over the later half of the evenings of all runs."""
    means, variances = [], []
    for run in range(RUNS):
        seen = [scores(*each) for each in _evenings(known, seed + run, {})]
        for column in seen[len(seen) // 2 :]:
            means.append(column.mean(axis=0))
            variances.append(column.var(axis=0))
    # Evenings of one caravan are one case: their means are averaged, not counted as so many cases.
    mean, variance = np.mean(means, axis=0), np.mean(variances, axis=0) + np.var(means, axis=0)
    return [said_by(*each) for each in zip(mean.tolist(), variance.tolist(), strict=True)]


def _beliefs(known: Scenario, seed: int) -> Estimates:
    """Give what the first caravan of a case says of its own numbers."""

    def scores(evening: Evening, _: object) -> NDArray[np.float64]:
        beliefs = evening.state.groups.beliefs
        return np.stack([prior_score(prior, beliefs[prior.name][:, 0]) for prior in DEFAULT_PRIORS], axis=1)

    said = _later_half(known, seed, scores)
    return {prior.name: one for prior, one in zip(DEFAULT_PRIORS, said, strict=True)}


def _tellers(known: Scenario, seed: int) -> Estimates:
    """Give what the reports of a case say of announcements, and of their errors.

    How much each kind of source tells too many or too few is not asked: reports alone show only by how much
    kinds differ from each other, since nobody knows how many there were.
    """

    def scores(_: Evening, evidence: object) -> NDArray[np.float64]:
        assert isinstance(evidence, CaravanEvidence)
        return evidence.voices.scores[:, -1:]

    found: Estimates = {}
    if any(one.what == NEXT_STOP for one in told_by(known).observations):
        (found[ANNOUNCED_KEPT],) = _later_half(known, seed, scores)
    for name in (PLACE_ERROR, SIZE_ERROR, WRONG_CHANCE):
        found[name] = _factor(known, seed, name)
    return found


def _factor(known: Scenario, seed: int, name: str) -> Said:
    """Give what a case says of the factor of an error, from how likely its reports are under each."""
    log_likelihood = []
    for factor in FACTORS:
        lessons = {name: Prior(name, "fixed", factor, factor, "tried", "")}
        log_likelihood.append(
            sum(evening.step.log_evidence for evening, _ in _evenings(known, seed, lessons) if evening.step)
        )
    score = np.log(FACTORS) / FACTOR_LOG_SD
    log_prior = -0.5 * score**2
    before, after = _moments(score, log_prior), _moments(score, log_prior + np.array(log_likelihood))
    return said_by(*after, prior_mean=before[0], prior_variance=before[1])


def _moments(score: NDArray[np.float64], log_weight: NDArray[np.float64]) -> tuple[float, float]:
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    mean = float((weight * score).sum())
    # Between two factors that were tried nothing is known.
    grain = float(np.diff(score).mean()) ** 2 / 12.0
    return mean, float((weight * (score - mean) ** 2).sum()) + grain


def _left_out(lesson: Lesson, cases: Sequence[Scenario], seed: int) -> Iterator[LeftOut]:
    """Foresee each case by what the others taught, and by what is judged; without a truth it is skipped."""
    with tempfile.TemporaryDirectory() as folder:
        write_lessons(Path(folder), [lesson])
        for case in cases:
            try:
                truth = rolling_caravan.truth_of(case)
            except InputError:
                continue
            both = [_scores(case, truth, seed, learned) for learned in (folder, "none")]
            for metric, unit in (("crps", "km"), ("size_log_crps", "1")):
                if all(metric in one for one in both):
                    yield LeftOut(lesson.family, case.name, metric, unit, both[0][metric], both[1][metric])


def _scores(case: Scenario, truth: rolling_caravan.CaravanTruth, seed: int, learned: str) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for origin in rolling_caravan.caravan_origins(case, truth, ORIGINS):
        ahead = min(max(HORIZONS_DAYS) + 3, truth.last_day - origin)
        made = rolling_caravan.foreseen(
            case, truth.axis, (origin, ahead), luck=(MEMBERS, seed), more={"learned": learned}
        )
        for row in rolling_caravan.score_caravan(case, truth, made, HORIZONS_DAYS):
            found.setdefault(row.metric, []).append(row.value)
    return {metric: float(np.mean(values)) for metric, values in found.items()}
