"""What was reported, as marks on fans: positions along the way, sizes of a group, stocks of a place."""

from __future__ import annotations

from datetime import date

from safepassage.adapters.outlook_belief import Counted, contradicted_reports, counted
from safepassage.adapters.page.fans import Mark
from safepassage.core.forecast import Forecast, GroupForecast
from safepassage.core.report import Report

MARK_SEGMENTS = ("main", "size_only")
_PLACED = ("position", "stock", "arrivals", "departures")
_COUNTED = ("position", "stock")


def positions(
    forecast: Forecast, group: GroupForecast, segments: tuple[str, ...] | None = None
) -> tuple[Mark, ...]:
    """Give the reported positions of a group; one between two towns is a bar between them.

    Parameters
    ----------
    segments : tuple of str or None     parts of the caravan; None: the main body, and what goes ahead of it
        where the forecast knows no parts.
    """
    if segments is None:
        segments = ("main",) if group.parts else ("main", "advance")
    km = {int(place): float(at) for place, at in zip(group.route, group.route_km, strict=True)}
    hollow = contradicted_reports(forecast)
    found: dict[tuple[date, float, float], bool] = {}
    for report in forecast.reports:
        if report.place not in km or not _speaks(forecast, group, report, segments, _PLACED):
            continue
        at, ahead = km[report.place], km.get(report.to_place, km[report.place])
        key = (report.observed, min(at, ahead), max(at, ahead))
        found[key] = found.get(key, True) and report in hollow  # one that is believed fills the mark
    return tuple(
        Mark(when, low, high, hollow=doubted) for (when, low, high), doubted in sorted(found.items())
    )


def sizes(forecast: Forecast, group: GroupForecast, segments: tuple[str, ...]) -> tuple[Mark, ...]:
    """Give the reported sizes of a group or of a part of it."""
    return _sized(forecast, [r for r in forecast.reports if _speaks(forecast, group, r, segments, _COUNTED)])


def stocks(forecast: Forecast, place: int) -> tuple[Mark, ...]:
    """Give the reported people in one place."""
    return _sized(forecast, [r for r in forecast.reports if r.place == place and r.kind == "stock"])


def _speaks(
    forecast: Forecast,
    group: GroupForecast,
    report: Report,
    segments: tuple[str, ...],
    kinds: tuple[str, ...],
) -> bool:
    """Tell whether a report speaks of this group; one that names none does if there is only one group."""
    named = report.group == group.id if report.group else len(forecast.groups) == 1
    return named and report.kind in kinds and report.segment in segments


def _sized(forecast: Forecast, reports: list[Report]) -> tuple[Mark, ...]:
    hollow = contradicted_reports(forecast)
    marks = []
    for report in reports:
        row = counted(report)
        low = _lowest(row)
        if low is not None:
            above = report.high is None
            marks.append(Mark(report.observed, low, max(low, row.high or low), above, report in hollow))
    return tuple(marks)


def _lowest(row: Counted) -> float | None:
    return row.low if row.low is not None else row.high
