"""Forecasts of people in camps from rolling origins, held against what was registered there later.

Nothing from after the origin is known: no count, no registration correction, no closure, no conflict, and no
capacity, since capacities carry no date. Only days on which a camp was counted are scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import Displacement, Series
from safepassage.core.engine import Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.scenario import Scenario
from safepassage.engines.member_observers import StocksKept
from safepassage.scoring.crps import crps_ensemble, twcrps_ensemble
from safepassage.scoring.naive_series import Past, naive_forecasts, pooled_variance
from safepassage.scoring.rolling import Scored, near_days, sample_scores, spread_origins
from safepassage.settings.forecast import ForecastOptions
from safepassage.workflows.forecast import watched_forecast

KIND = "camps"
DAY_30 = 30
KEPT = "shares of day 30 kept"
# The first origin: so much of the case has passed that there is something to go by.
PASSED = 0.15
SHORTEST_DAYS = 8  # of the last origin to the end
SURGE_LEVEL = 0.9
_OF_ALL = "% of all"
_UNITS = {"crps": _OF_ALL, "interval_score_90": _OF_ALL, "twcrps": _OF_ALL}
_METRICS = (
    "ard",
    "crps",
    "log_crps",
    "interval_score_90",
    "coverage_50",
    "coverage_80",
    "coverage_90",
    "mase",
    "twcrps",
)


@dataclass(frozen=True)
class CampMembers:
    """What was foreseen from one origin: people, (day from the origin on, member, camp).

    `about`: the manifest of the run.
    """

    origin_day: int
    people: NDArray[np.float64]
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Camp:
    """One camp, one horizon: what it was known to have had, what came, and what every rule said."""

    past: Past
    outcome: float
    samples: dict[str, NDArray[np.float64]]


def counted(displacement: Displacement, *, corrected: bool) -> list[Past | None]:
    """Give every camp's reports in order of time; None for a camp without any.

    Parameters
    ----------
    corrected : bool        apply the registration corrections that it tells of.
    """
    found: list[Past | None] = []
    for place, series in zip(displacement.camps.tolist(), displacement.series, strict=True):
        if corrected:
            for day in (day for where, day in displacement.corrections if where == place):
                series = series.corrected(day)
        found.append(_past(series, displacement.empty_camps_on_day0))
    return found


def _past(series: Series, emptied: bool) -> Past | None:
    days, last = np.unique(series.days[::-1], return_index=True)
    people = series.people[::-1][last].astype(np.float64)
    if emptied and len(days):
        people = np.maximum(people - series.at(np.zeros(1, dtype=np.int64))[0], 0.0)
    kept = days >= 0
    return Past(days[kept], people[kept]) if kept.any() else None


def camp_origins(scenario: Scenario, count: int, *, until: date | None = None) -> list[int]:
    """Spread origins over a crisis, from where a part of it has passed to a week before its last count.

    Raises
    ------
    InputError      if no camp was counted, or the crisis is too short.
    """
    displacement = scenario.displacement
    pasts = [] if displacement is None else [past for past in counted(displacement, corrected=False) if past]
    last = min(max((past.last_day for past in pasts), default=0), scenario.days - 1)
    if until is not None:
        last = min(last, (until - scenario.start).days)
    origins = spread_origins(max(1, round(PASSED * last)), last - SHORTEST_DAYS + 1, count)
    if not origins:
        fault = Fault(
            scenario.name,
            f"{len(pasts)} camps with a series, the last count on day {last}",
            f"camps that were counted over more than {SHORTEST_DAYS} days",
            "add source_data, or give a longer crisis or a later --until",
        )
        raise InputError(fault, "This scenario cannot be verified from rolling origins.")
    return origins


def foreseen(
    scenario: Scenario,
    origin_day: int,
    days: int,
    *,
    luck: tuple[int | None, int | None] = (None, None),
    progress: Progress | None = None,
    more: ForecastOptions | None = None,
) -> CampMembers:
    """Make the product's forecast as of one day, and keep every member's people in the camps.

    Parameters
    ----------
    origin_day, days : int      the day of the as-of date, and evenings foreseen after it.
    luck : (members, seed)      None: as a user would get.
    more : dict or None         further options of a forecast.
    """
    displacement = scenario.displacement
    assert displacement is not None
    seen = StocksKept(displacement.camps, first=origin_day, days=origin_day + days + 1)
    asked: ForecastOptions = {
        **(more or {}),
        "as_of": scenario.start + timedelta(days=origin_day),
        "days": days,
        "members": luck[0],
        "seed": luck[1],
        "checkpoint_every_s": 86_400.0,  # an origin takes seconds
    }
    run = watched_forecast(scenario, [seen], progress=progress, **asked)
    return CampMembers(origin_day, np.stack(seen.people), run.manifest)


def camp_pasts(scenario: Scenario, origin: int) -> tuple[list[Past | None], list[Past | None]]:
    """Give of every camp all that was ever counted, as it was, and what was known of it at an origin."""
    known = scenario.known_by(scenario.start + timedelta(days=origin)).displacement
    assert scenario.displacement is not None
    assert known is not None
    return counted(scenario.displacement, corrected=False), counted(known, corrected=True)


def counts_near(
    scenario: Scenario,
    made: CampMembers,
    series: tuple[Sequence[Past | None], Sequence[Past | None]],
    horizon: int,
    *,
    until: date | None = None,
) -> list[tuple[int, int, float]]:
    """Choose the count of every camp that is nearest to a horizon: number of the camp, day and people.

    Parameters
    ----------
    series : see `camp_pasts`.
    until : date or None        last day scored.
    """
    origin = made.origin_day
    last = origin + len(made.people) - 1
    last = last if until is None else min(last, (until - scenario.start).days)
    found = []
    for k, (truth, past) in enumerate(zip(*series, strict=True)):
        near = near_days(truth.days, origin, horizon) if past and truth else None
        if truth is not None and near is not None and int(truth.days[near]) <= last:
            found.append((k, int(truth.days[near]), float(truth.people[near])))
    return found


def score_camps(
    scenario: Scenario, made: CampMembers, horizons: Sequence[int], *, until: date | None = None
) -> list[Scored]:
    """Score one origin on the counts nearest to each horizon, camp by camp, and sum up over the camps."""
    origin = made.origin_day
    truth, pasts = camp_pasts(scenario, origin)
    whole = sum(float(past.people[-1]) for past in pasts if past)
    variance = pooled_variance([past for past in pasts if past])
    scored: list[Scored] = []
    for horizon in horizons:
        camps = []
        for k, day, outcome in counts_near(scenario, made, (truth, pasts), horizon, until=until):
            past = pasts[k]
            assert past is not None
            samples = {"": made.people[day - origin, :, k]}
            samples |= naive_forecasts(past, day, prior_variance=variance)
            samples |= _kept(pasts, k, origin, whole)
            camps.append(_Camp(past, outcome, samples))
        scored += _summed(scenario.name, (horizon, origin), camps, max(whole, 1.0))
    return scored


def _kept(
    pasts: Sequence[Past | None], number: int, origin: int, whole: float
) -> dict[str, NDArray[np.float64]]:
    """Split the people counted last by the shares counted by day 30, if that day has passed."""
    if origin < DAY_30:
        return {}
    then = [float(np.interp(DAY_30, past.days, past.people)) if past else 0.0 for past in pasts]
    return {KEPT: np.array([whole * then[number] / sum(then)])} if sum(then) > 0 else {}


def _summed(case: str, when: tuple[int, int], camps: Sequence[_Camp], whole: float) -> list[Scored]:
    if not camps:
        return []
    rules = set.intersection(*(set(camp.samples) for camp in camps))
    scores = {rule: _scores([(camp, camp.samples[rule]) for camp in camps], whole) for rule in rules}
    mine = scores.pop("")
    return [
        Scored(
            case,
            KIND,
            *when,
            metric,
            _UNITS.get(metric, "1"),
            mine[metric],
            {rule: theirs[metric] for rule, theirs in sorted(scores.items())},
        )
        for metric in _METRICS
    ]


def _scores(said: Sequence[tuple[_Camp, NDArray[np.float64]]], whole: float) -> dict[str, float]:
    """Score one rule over all camps of one origin and horizon."""
    single = [sample_scores(sample, camp.outcome) for camp, sample in said]
    total = max(sum(camp.outcome for camp, _ in said), 1.0)
    logs, tails, scaled = [], [], []
    for (camp, sample), scores in zip(said, single, strict=True):
        outcome = np.array([camp.outcome])
        logs.append(float(crps_ensemble(np.log1p(sample)[:, None], np.log1p(outcome))[0]))
        surge = np.quantile(camp.past.people, [SURGE_LEVEL])
        tails.append(float(twcrps_ensemble(sample[:, None], outcome, surge)[0]))
        step = np.abs(np.diff(camp.past.people)).mean() if len(camp.past.people) > 1 else 0.0
        if step > 0:
            scaled.append(scores["error"] / float(step))
    found = {
        "ard": sum(each["error"] for each in single) / total,
        "log_crps": float(np.mean(logs)),
        "mase": float(np.mean(scaled)) if scaled else float("nan"),
        "twcrps": 100.0 * sum(tails) / whole,
    }
    for name in ("crps", "interval_score_90"):
        found[name] = 100.0 * sum(each[name] for each in single) / whole
    for name in ("coverage_50", "coverage_80", "coverage_90"):
        found[name] = float(np.mean([each[name] for each in single]))
    return found
