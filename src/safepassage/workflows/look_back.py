"""What we said the evening before, beside what happened and what the simple rule said."""

from __future__ import annotations

from datetime import date

import numpy as np

from safepassage.core.belief import LookBack, TownLookBack
from safepassage.core.forecast import QUANTILE_LEVELS, Fan, Forecast
from safepassage.core.report import Report
from safepassage.core.scenario import Scenario
from safepassage.engines.roads import axis_km
from safepassage.workflows.group_fans import reports_of_main_body

_TOLD = (0.10, 0.50, 0.90)
NAN3 = (float("nan"),) * 3
# A town is listed from this chance on.
LEAST_CHANCE = 0.05
# The simple rule names the towns within this of the road it allows.
RULE_LEVELS = (0.05, 0.95)


def last_reported_night(known: Scenario) -> date | None:
    """Give the last night, by the as-of date, of which it was told where the first caravan was."""
    if not known.groups or known.as_of is None:
        return None
    seen = [
        r.observed
        for r in reports_of_main_body(known, known.groups[0])
        if r.place >= 0 and r.observed <= known.as_of
    ]
    return max(seen, default=None)


def look_back(then: Forecast, known: Scenario, night: date) -> LookBack:
    """Hold a forecast of the evening before against the reports of one night.

    Parameters
    ----------
    then : Forecast     made before `night`, reaching over it.
    known : Scenario    as known today.
    night : date
    """
    day = (night - then.start).days
    group = next(group for group in then.groups if group.id == known.groups[0].id)
    axis = axis_km(then.network, tuple(group.route.tolist()))
    reports = [
        r for r in reports_of_main_body(known, known.groups[0]) if r.observed == night and r.place >= 0
    ]
    told = {r.place for r in reports}
    # Several towns in one day are the way of that day: the night is spent in the last of them.
    at_km = [float(axis[r.place]) for r in reports if np.isfinite(axis[r.place])]
    low, high = (
        float(np.interp(level, QUANTILE_LEVELS, group.walker_km.values[:, day])) for level in RULE_LEVELS
    )
    by_rule = {p for p in group.route.tolist() if low <= axis[p] <= high}
    said = set(np.flatnonzero(then.chance_threshold[day] >= LEAST_CHANCE).tolist())
    order = sorted(said | told, key=lambda p: (-float(then.chance_threshold[day, p]), p))
    sizes = [r for r in reports if r.low]
    return LookBack(
        night=night,
        made=then.as_of,
        threshold_people=then.threshold_people,
        towns=tuple(_town(then, day, p, _people(sizes, p), told=told, by_rule=by_rule) for p in order),
        said_km=_three(group.head_km, day),
        happened_km=max(at_km, default=float("nan")),
        rule_km=float(group.walker_km.at(0.5)[day]),
        said_people=_three(group.whole_size or group.size, day),
        happened_people=_middle(sizes),
        rule_people=float(group.last_size.at(0.5)[day]),
    )


def _town(
    then: Forecast, day: int, place: int, reported: tuple[float, float], *, told: set[int], by_rule: set[int]
) -> TownLookBack:
    rows = [QUANTILE_LEVELS.index(level) for level in _TOLD]
    come = then.if_they_come[rows, day, place].astype(np.float64)
    return TownLookBack(
        place=place,
        said_chance=float(then.chance_threshold[day, place]),
        said_low=float(come[0]),
        said_middle=float(come[1]),
        said_high=float(come[2]),
        rule_said=place in by_rule,
        happened="there" if place in told else "not there",
        reported_low=reported[0],
        reported_high=reported[1],
    )


def _people(sizes: list[Report], place: int) -> tuple[float, float]:
    here = [r for r in sizes if r.place == place and r.low is not None]
    if not here:
        return float("nan"), float("nan")
    return min(r.low or 0.0 for r in here), max(r.high or r.low or 0.0 for r in here)


def _middle(sizes: list[Report]) -> float:
    logs = [np.log(np.sqrt((r.low or 1.0) * (r.high or r.low or 1.0))) for r in sizes]
    return float(np.exp(np.median(logs))) if logs else float("nan")


def _three(fan: Fan, day: int) -> tuple[float, float, float]:
    low, middle, high = (float(fan.at(level)[day]) for level in _TOLD)
    return low, middle, high
