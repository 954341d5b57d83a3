"""From counts of people at places to observations: of which day and place, how many, and how sure.

All scales are judged, and told here and nowhere else. The set of observations is a pure function of the set
of reports: its order and its repetitions do not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from safepassage.assimilation.duplicates import clusters
from safepassage.assimilation.likelihood import told_bounds
from safepassage.assimilation.observations import MOST_WRONG, NO_COUNT, WRONG, WRONG_TIMES
from safepassage.core.displacement import Displacement
from safepassage.core.report import Report, report_key

# By quality: standard deviation on the log.
ERROR_LOG = {"exact": 0.10, "conflict": 0.15, "inferred": 0.25, "approx": 0.20, "approx_date": 0.25}
# Registrations are what a forecast of camps is held against: as good as what they count, seldom wrong.
REGISTERED_ERROR_LOG, REGISTERED_WRONG = 0.03, 0.01
REGISTERED = "registration"
PART_TIMES = 2.5  # one shelter of several holds a part of those who are in town


@dataclass(frozen=True)
class StockObservation:
    """How many people were at one place on one evening, as somebody told it.

    Parameters
    ----------
    day : int               since the start of the scenario.
    place : int             position in `Places`.
    low, high : float       people; anything between is as likely.
    error_log : float       standard deviation around it, on the log.
    wrong : float           chance that it is wrong altogether.
    voice : str             whose bias it has: a kind of source.
    told : int              how many observations share its error, itself included.
    key : str               of the report; '' for registrations.
    share : str             name of the error that it shares with others; '' where with none.
    """

    day: int
    place: int
    low: float
    high: float
    error_log: float
    wrong: float
    voice: str
    told: int = 1
    key: str = ""
    share: str = ""


def from_reports(
    reports: Sequence[Report],
    place_ids: Sequence[str],
    *,
    start: date,
    as_of: date,
) -> tuple[StockObservation, ...]:
    """Take the stocks from the reports that were published by a date.

    Parameters
    ----------
    reports : sequence of Report        in any order, also twice.
    place_ids : sequence of str
    start, as_of : date                 day 0; what was published later does not exist.

    Returns
    -------
    tuple of StockObservation           by day, place and key.
    """
    found: dict[str, Report] = {}
    for report in reports:
        spoken = report.kind == "stock" and report.place >= 0 and report.low is not None
        if spoken and start <= report.observed <= as_of and report.published <= as_of:
            found[report_key(report, place_ids)] = report
    keys = sorted(found)
    shares = _shares([found[key] for key in keys], keys)
    sharing = Counter(shares)
    told = [
        replace(
            _observation(found[key], key, (found[key].observed - start).days),
            told=sharing[share],
            share=share,
        )
        for key, share in zip(keys, shares, strict=True)
    ]
    return tuple(sorted(told, key=lambda one: (one.day, one.place, one.key)))


def _shares(reports: Sequence[Report], keys: Sequence[str]) -> list[str]:
    """Name the error that each report shares: of the event that several tell, or of one voice on one day."""
    events = clusters(reports, keys).tolist()
    tellers = Counter(events)
    shares = []
    for report, event in zip(reports, events, strict=True):
        voice = report.source_kind or report.source
        of_voice = f"{report.observed} {report.place} {voice} {report.segment}" if voice else f"alone {event}"
        shares.append(f"event {event}" if tellers[event] > 1 else of_voice)
    return shares


def _observation(report: Report, key: str, day: int) -> StockObservation:
    low, high = told_bounds(report.low or 0.0, report.high, report.quantifier)
    if report.segment in NO_COUNT:
        high *= PART_TIMES
    return StockObservation(
        day=day,
        place=report.place,
        low=low,
        high=high,
        error_log=ERROR_LOG[report.quality],
        wrong=min(MOST_WRONG, WRONG[report.quality] * WRONG_TIMES[report.reliability]),
        voice=report.source_kind or "press",
        key=key,
    )


def from_series(displacement: Displacement, *, until_day: int) -> tuple[StockObservation, ...]:
    """Take the counts of the camps of a displacement crisis, registration corrections applied.

    Parameters
    ----------
    displacement : Displacement     as known at the as-of date.
    until_day : int                 last day whose counts are taken.

    Returns
    -------
    tuple of StockObservation       by day and place; of two counts on one day the last one.
    """
    corrections: dict[int, list[int]] = {}
    for place, day in displacement.corrections:
        corrections.setdefault(place, []).append(day)
    found: dict[tuple[int, int], float] = {}
    for place, series in zip(displacement.camps.tolist(), displacement.series, strict=True):
        for day in corrections.get(place, ()):
            series = series.corrected(day)
        before = float(series.at(np.zeros(1, dtype=np.int64))[0]) if displacement.empty_camps_on_day0 else 0.0
        for day, people in zip(series.days.tolist(), series.people.tolist(), strict=True):
            if 0 <= day <= until_day:
                found[day, place] = max(0.0, people - before)
    return tuple(
        StockObservation(day, place, people, people, REGISTERED_ERROR_LOG, REGISTERED_WRONG, REGISTERED)
        for (day, place), people in sorted(found.items())
    )


def pasts_of(
    observations: Sequence[StockObservation],
) -> dict[int, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Give days and people of every place that is counted by registration and by nobody else.

    Parameters
    ----------
    observations : sequence of StockObservation     by day.

    Returns
    -------
    dict of place to (days, people)     in order of time.
    """
    others = {one.place for one in observations if one.voice != REGISTERED}
    found: dict[int, list[tuple[int, float]]] = {}
    for one in observations:
        if one.place not in others:
            found.setdefault(one.place, []).append((one.day, one.low))
    return {
        place: (np.array([day for day, _ in rows], dtype=np.int64), np.array([people for _, people in rows]))
        for place, rows in sorted(found.items())
    }
