"""Forecasts of a caravan from rolling origins, held against where it was and how many it had.

The forecast is the product's own, made of what was published by its as-of date. The truth and the road that
was taken are read here and nowhere else: the road is handed to an observer, which no engine ever sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.core.engine import Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.scenario import Group, Scenario
from safepassage.engines.member_observers import MainBodies
from safepassage.engines.roads import axis_km
from safepassage.scoring.naive_caravan import SIZE_LOG_SD_PER_SQRT_DAY
from safepassage.scoring.naive_position import NEXT, Walked, naive_positions
from safepassage.scoring.naive_series import Past, naive_forecasts
from safepassage.scoring.rolling import Scored, near_days, sample_scores, spread_origins
from safepassage.settings.forecast import ForecastOptions
from safepassage.workflows.forecast import watched_forecast
from safepassage.workflows.group_fans import reports_of_main_body

KIND = "caravans"
# Arrivals are scored in towns that were reached so many days after the origin, and as many at most.
ARRIVAL_FROM_DAYS, ARRIVAL_TO_DAYS = 7, 30
_UNITS = {"position_error_km": "km", "crps": "km", "interval_score_90": "km"}


@dataclass(frozen=True)
class CaravanTruth:
    """What happened to a scenario's first group.

    Parameters
    ----------
    axis : (place,) float64     km along the road that was taken; NaN off it.
    days, km : (r,)             reporting days, and the furthest place of the main body on each.
    size_days, size : (s,)      reporting days with a size, and the middle of its range on the log.
    """

    axis: NDArray[np.float64]
    days: NDArray[np.int64]
    km: NDArray[np.float64]
    size_days: NDArray[np.int64]
    size: NDArray[np.float64]

    @property
    def last_day(self) -> int:
        """Give the last reporting day."""
        return int(max([*self.days, *self.size_days]))


@dataclass(frozen=True)
class CaravanMembers:
    """What was foreseen from one origin: (day from the origin on, member); `head_km` NaN: nobody left.

    `about`: the manifest of the run.
    """

    origin_day: int
    head_km: NDArray[np.float64]
    reached_km: NDArray[np.float64]
    size: NDArray[np.float64]
    about: dict[str, Any] = field(default_factory=dict)


def truth_of(scenario: Scenario, *, until: date | None = None) -> CaravanTruth:
    """Read what happened to a scenario's first group from its departure to a day.

    Raises
    ------
    InputError      if there is no group, no road that it took, or no position after its departure.
    """
    group = scenario.groups[0] if scenario.groups else None
    axis = (
        axis_km(scenario.network, group.route)
        if group is not None and len(group.route) > 1
        else np.full(len(scenario.network.places), np.nan)
    )
    positions: dict[int, float] = {}
    sizes: dict[int, float] = {}
    for row in scenario.truth:
        day = (row.day - scenario.start).days
        if group is None or row.day <= _first_day(group) or (until is not None and row.day > until):
            continue
        if row.quantity == "position" and row.place >= 0 and np.isfinite(axis[row.place]):
            positions[day] = max(positions.get(day, 0.0), float(axis[row.place]))
        elif row.quantity == "size" and row.low:
            sizes[day] = float(np.sqrt(row.low * (row.high or row.low)))
    if not positions:
        found = "no group with a road, or no truth of its position after its departure" + (
            f" up to {until}" if until else ""
        )
        fault = Fault(
            scenario.name,
            found,
            "groups.csv, routes.csv, and truth.csv with rows of quantity 'position'",
            "add them, give a scenario that has them, or a later --until",
        )
        raise InputError(fault, "This scenario cannot be verified.")
    days, size_days = np.array(sorted(positions)), np.array(sorted(sizes), dtype=np.int64)
    return CaravanTruth(
        axis,
        days,
        np.array([positions[day] for day in days.tolist()]),
        size_days,
        np.array([sizes[day] for day in size_days.tolist()]),
    )


def caravan_origins(scenario: Scenario, truth: CaravanTruth, count: int) -> list[int]:
    """Spread origins from the departure, or when it became known, to the day before the last position."""
    first = (_first_day(scenario.groups[0]) - scenario.start).days
    return spread_origins(max(first, 0), int(truth.days[-1]) - 1, count)


def foreseen(
    scenario: Scenario,
    axis: NDArray[np.float64],
    when: tuple[int, int],
    *,
    luck: tuple[int | None, int | None] = (None, None),
    progress: Progress | None = None,
    more: ForecastOptions | None = None,
) -> CaravanMembers:
    """Make the product's forecast as of one day, and read it along the road that was taken.

    Parameters
    ----------
    axis : (place,) float64     only the observer is shown it.
    when : (int, int)           the day of the as-of date, and evenings foreseen after it.
    luck : (members, seed)      None: as a user would get.
    more : dict or None         further options of a forecast.
    """
    origin_day, days = when
    members, seed = luck
    as_of = scenario.start + timedelta(days=origin_day)
    others = sum(group.announced <= as_of for group in scenario.groups) - 1
    seen = MainBodies(
        0,  # no origin lies before its first group became known
        [axis, *[np.full_like(axis, np.nan)] * others],
        first=origin_day,
        days=origin_day + days + 1,
    )
    asked: ForecastOptions = {**(more or {}), "as_of": as_of, "days": days, "members": members, "seed": seed}
    run = watched_forecast(scenario, [seen], progress=progress, **asked)
    return CaravanMembers(origin_day, seen.head_km, seen.reached_km, seen.size, run.manifest)


def score_caravan(
    scenario: Scenario, truth: CaravanTruth, made: CaravanMembers, horizons: Sequence[int]
) -> list[Scored]:
    """Score one origin on the reporting days near each horizon, beside every naive forecast."""
    origin = made.origin_day
    known = scenario.known_by(scenario.start + timedelta(days=origin))
    scored: list[Scored] = []
    for horizon in horizons:
        near = near_days(truth.days, origin, horizon)
        if near is not None and truth.days[near] - origin < len(made.head_km):
            day = int(truth.days[near])
            heads = made.head_km[day - origin]
            ours = heads[np.isfinite(heads)]
            naive = naive_positions(_walked(known, truth.axis, day), day)
            if len(ours):
                scored += _positions(scenario.name, (horizon, origin), ours, naive, float(truth.km[near]))
        scored += _size(known, truth, made, horizon)
    return scored + _arrivals(known, truth, made)


def _positions(
    case: str,
    when: tuple[int, int],
    ours: NDArray[np.float64],
    naive: dict[str, NDArray[np.float64]],
    happened: float,
) -> list[Scored]:
    mine = sample_scores(ours, happened)
    others = {name: sample_scores(sample, happened) for name, sample in naive.items()}
    rows = []
    for metric, value in mine.items():
        name = "position_error_km" if metric == "error" else metric
        baselines = {rule: scores[metric] for rule, scores in others.items()}
        rows.append(Scored(case, KIND, *when, name, _UNITS.get(name, "1"), value, baselines))
    return rows


def _size(known: Scenario, truth: CaravanTruth, made: CaravanMembers, horizon: int) -> list[Scored]:
    origin = made.origin_day
    near = near_days(truth.size_days, origin, horizon)
    if near is None or truth.size_days[near] - origin >= len(made.size):
        return []
    day, happened = int(truth.size_days[near]), float(np.log1p(truth.size[near]))
    naive = naive_forecasts(_sizes(known), day, prior_variance=SIZE_LOG_SD_PER_SQRT_DAY**2)

    def score(sample: NDArray[np.float64]) -> float:
        return sample_scores(np.log1p(sample), happened)["crps"]

    baselines = {rule: score(sample) for rule, sample in naive.items()}
    value = score(made.size[day - origin])
    return [Scored(known.name, KIND, horizon, origin, "size_log_crps", "1", value, baselines)]


def _arrivals(known: Scenario, truth: CaravanTruth, made: CaravanMembers) -> list[Scored]:
    """Score the day of first reaching each place of the truth that lies a week or more ahead.

    Members, and rules, that do not get there within what was foreseen count as arriving the day after it.
    """
    origin, last = made.origin_day, len(made.head_km) - 1
    errors: list[float] = []
    others: dict[str, list[float]] = {}
    for day, km in places_ahead(truth, origin, (ARRIVAL_FROM_DAYS, min(ARRIVAL_TO_DAYS, last))):
        errors.append(abs(float(np.median(first_evenings(made, km))) - (day - origin)))
        for rule, ahead in _rule_arrivals(_walked(known, truth.axis, day), km, origin, last).items():
            others.setdefault(rule, []).append(abs(ahead - (day - origin)))
    if not errors:
        return []
    baselines = {rule: float(np.mean(off)) for rule, off in others.items() if len(off) == len(errors)}
    value = float(np.mean(errors))
    return [
        Scored(known.name, KIND, ARRIVAL_FROM_DAYS, origin, "arrival_day_error", "days", value, baselines)
    ]


def places_ahead(truth: CaravanTruth, origin: int, between: tuple[int, int]) -> Iterator[tuple[int, float]]:
    """Give day and km of every place that was reached for the first time so many days after the origin."""
    furthest = max((km for day, km in zip(truth.days, truth.km, strict=True) if day <= origin), default=0.0)
    for day, km in zip(truth.days.tolist(), truth.km.tolist(), strict=True):
        new, furthest = km > furthest, max(furthest, km)
        if new and between[0] <= day - origin <= between[1]:
            yield day, km


def first_evenings(made: CaravanMembers, km: float) -> NDArray[np.int64]:
    """Give the first evening, from the origin on, on which each member has come so far, (member,).

    The one after the last that was foreseen for members that do not.
    """
    there = made.reached_km >= km
    return np.where(there.any(axis=0), there.argmax(axis=0), len(made.head_km))


def _rule_arrivals(walked: Walked, km: float, origin: int, last: int) -> dict[str, float]:
    """Give the day, from the origin on, on which the median of each rule has gone so far."""
    found: dict[str, float] = {}
    paths = [
        {rule: float(np.median(sample)) for rule, sample in naive_positions(walked, origin + ahead).items()}
        for ahead in range(last + 1)
    ]
    for rule in paths[0].keys() - {NEXT}:  # one stop says nothing of the days after it
        there = [ahead for ahead, path in enumerate(paths) if path[rule] >= km]
        found[rule] = float(there[0] if there else last + 1)
    return found


def furthest_known(scenario: Scenario, axis: NDArray[np.float64], origin: int) -> float:
    """Give how far, km along the road that was taken, the main body was told to have come by an origin."""
    return float(_walked(scenario.known_by(scenario.start + timedelta(days=origin)), axis, origin).km[-1])


def _walked(known: Scenario, axis: NDArray[np.float64], day: int) -> Walked:
    """Read where the main body was told to be, along the road that it took; the furthest place of a day."""
    group = known.groups[0]
    departs = (group.departs - known.start).days
    seen: dict[int, float] = {}
    for report in reports_of_main_body(known, group):
        if report.place >= 0 and np.isfinite(axis[report.place]):
            when = (report.observed - known.start).days
            seen[when] = max(seen.get(when, 0.0), float(axis[report.place]))
    if departs not in seen:
        seen[departs - 1] = 0.0  # the evening before the first day on the road
    days = sorted(seen)
    km = np.maximum.accumulate([seen[each] for each in days])
    return Walked(np.array(days), km, _next_stop(known, group, axis, last=days[-1], day=day))


def _next_stop(known: Scenario, group: Group, axis: NDArray[np.float64], *, last: int, day: int) -> float:
    """Give the place that was announced for the latest day after the last report, up to `day`."""
    told = [
        ((report.observed - known.start).days, report.published, float(axis[report.place]))
        for report in known.reports
        if report.kind == "next_stop"
        and report.place >= 0
        and np.isfinite(axis[report.place])
        and (report.group == group.id or (not report.group and len(known.groups) == 1))
    ]
    ahead = [each for each in told if last < each[0] <= day]
    return max(ahead)[2] if ahead else float("nan")


def _sizes(known: Scenario) -> Past:
    """Read the sizes told by the origin: at the departure, and of each day the middle of all on the log."""
    group = known.groups[0]
    departs = (group.departs - known.start).days
    told: dict[int, list[float]] = {}
    for report in reports_of_main_body(known, group):
        if report.low:
            middle = float(np.sqrt(report.low * (report.high or report.low)))
            told.setdefault((report.observed - known.start).days, []).append(np.log(middle))
    at_departure = float(np.log(np.sqrt(max(group.size_low, 1.0) * max(group.size_high, 1.0))))
    told.setdefault(departs, [at_departure])
    days = sorted(told)
    return Past(np.array(days), np.exp([float(np.mean(told[day])) for day in days]))


def _first_day(group: Group) -> date:
    return max(group.departs, group.announced)
