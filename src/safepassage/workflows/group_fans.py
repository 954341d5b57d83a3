"""Fans of one caravan, and the naive forecasts beside them, along a ruler that everybody can follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.core.forecast import QUANTILE_LEVELS, Fan, GroupForecast
from safepassage.core.report import Report
from safepassage.core.scenario import GoalLaw, Group, Scenario
from safepassage.engines.goal import likely_route
from safepassage.engines.observers import GroupObserver
from safepassage.engines.roads import axis_km
from safepassage.scoring.naive_caravan import last_size, walker_km


def group_forecast(
    known: Scenario, seen: GroupObserver, number: int, *, route: tuple[int, ...], days: int
) -> GroupForecast:
    """Sum up what is foreseen of one caravan, along `route` (positions in `Places`), with its rivals."""
    group = known.groups[number]
    km = axis_km(known.network, route)
    return GroupForecast(
        id=group.id,
        name_es=group.name_es,
        name_en=group.name_en,
        route=np.array(route, dtype=np.int64),
        route_km=km[list(route)],
        head_km=seen.fan("head_km", number),
        tail_km=seen.fan("tail_km", number),
        size=seen.fan("size", number),
        walker_km=_walker(known, group, km, days),
        last_size=_last_size(known, group, days),
        mode_share=seen.mode_share[:, number],
        joined=seen.fan("joined", number),
        left=seen.fan("left", number),
        route_declared=len(group.route) > 1,
        parts=seen.parts(number),
        whole_size=seen.whole_size(number),
    )


def _walker(known: Scenario, group: Group, ruler: NDArray[np.float64], days: int) -> Fan:
    """Let the constant-speed walker set out from the departure, and again from the last known position."""
    leaves = (group.departs - known.start).days
    values = walker_km(np.maximum(0.0, np.arange(days) - leaves + 1.0), QUANTILE_LEVELS)
    seen = [r for r in reports_of_main_body(known, group) if r.place >= 0 and np.isfinite(ruler[r.place])]
    if seen:
        last = max(seen, key=lambda report: (report.observed, ruler[report.place]))
        day = (last.observed - known.start).days
        since = np.maximum(0.0, np.arange(days) - day)
        restarted = walker_km(since, QUANTILE_LEVELS, start_km=float(ruler[last.place]))
        values = np.where(np.arange(days) >= day, restarted, values)
    return Fan("km", values)


def _last_size(known: Scenario, group: Group, days: int) -> Fan:
    """Keep the size at departure, and from then on the last one published, each with its random walk."""
    low, high = max(group.size_low, 1.0), max(group.size_high, 1.0)
    since = np.maximum(0.0, np.arange(days) - (group.departs - known.start).days)
    values = last_size(since, QUANTILE_LEVELS, low=low, high=high)
    sizes = [report for report in reports_of_main_body(known, group) if report.low]
    if sizes:
        day = max(report.observed for report in sizes)
        figures = [report for report in sizes if report.observed == day]
        low = max(1.0, min(report.low or 1.0 for report in figures))
        high = max(low, *(report.high or report.low or 1.0 for report in figures))
        number = (day - known.start).days
        since = np.maximum(0.0, np.arange(days) - number)
        restarted = last_size(since, QUANTILE_LEVELS, low=low, high=high)
        values = np.where(np.arange(days) >= number, restarted, values)
    return Fan("people", values)


def reports_of_main_body(known: Scenario, group: Group) -> list[Report]:
    """List the positions told of one caravan's main body since its departure, as far as it is sure whose."""
    only = len(known.groups) == 1
    return [
        r
        for r in known.reports
        if r.kind == "position"
        and r.segment in ("main", "whole")
        and r.observed >= group.departs
        and (r.group == group.id or (only and not r.group))
    ]


def ruler(known: Scenario, group: Group) -> tuple[int, ...]:
    """Give the road along which positions are told: the declared one once announced, or the likeliest.

    Returns
    -------
    tuple of int        positions in `Places`.
    """
    if len(group.route) > 1 or not isinstance(known.law, GoalLaw) or not group.destinations:
        return group.route
    likeliest = max(group.destinations, key=lambda d: d.weight)
    return likely_route(known.network, known.law, group.route[0], likeliest.place)
