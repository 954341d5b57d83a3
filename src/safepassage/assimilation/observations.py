"""From reports to observations: what of a report speaks for itself, with what error, and with which others.

Scales of errors and chances of being wrong are judged; they are told here and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt

from safepassage.assimilation.likelihood import told_bounds
from safepassage.core.outcomes import OUTCOMES
from safepassage.core.report import Report
from safepassage.core.scenario import Prior

POSITION, SIZE, STOCK, OUTCOME, NEXT_STOP = "position", "size", "stock", "outcome", "next_stop"
# By quality: standard deviation of a place (km) and of a size (on the log), and the chance to be wrong.
ERROR_KM = {"exact": 8.0, "conflict": 12.0, "inferred": 20.0, "approx": 20.0, "approx_date": 45.0}
ERROR_LOG = {"exact": 0.10, "conflict": 0.15, "inferred": 0.25, "approx": 0.20, "approx_date": 0.20}
WRONG = {"exact": 0.04, "conflict": 0.10, "inferred": 0.15, "approx": 0.10, "approx_date": 0.20}
WRONG_TIMES = {"": 1.0, "high": 0.5, "medium": 1.0, "low": 3.0}
MOST_WRONG = 0.6
STOP_ERROR_KM = 10.0  # of an announced next stop
STOCK_ERROR_LOG = 0.25  # people in a town are counted worse than those in a column
OUTCOME_ERROR_LOG = 0.8  # offices count others too, late, and the same people again tomorrow
# The ways out of a group that a count speaks of (`core.outcomes`).
WAYS_OUT = {"claims": ("claimed",), "returns": ("returned", "assisted_return"), "detentions": ("detained",)}
# Segments whose figure is no count of the people that it names.
NO_COUNT = ("cumulative", "branch")
# Segments that say where a caravan, or a part of it, is.
SEEN = ("main", "advance", "rear", "whole")


@dataclass(frozen=True)
class Observation:
    """One thing a report says, as a likelihood needs it.

    Parameters
    ----------
    report : int            position in the reports.
    day : int               of which it speaks, since the start of the scenario.
    what : str              POSITION, SIZE, STOCK, OUTCOME or NEXT_STOP.
    group : int             caravan.
    segment : str           "main", "advance", "rear" or "whole".
    place, ahead : int      positions in `Places`; `ahead`: the next town, where they were on the road.
    bounds : (low, high)    people; (0, 0): none told.
    error : float           km for places, on the log for numbers of people.
    wrong : float           chance to be wrong.
    voice : str             whose bias it has: a kind of source, or a kind of count.
    ways : tuple of str     outcomes that are counted together.
    since : int             day before which nothing is counted; -1: cumulative.
    by_day : bool           they were there by day, and not for the night.
    share : tuple           observations of one share have one error …
    event : int             … and so have those that tell one event; -1: nobody else tells it.
    """

    report: int
    day: int
    what: str
    group: int
    segment: str
    place: int
    ahead: int
    bounds: tuple[float, float]
    error: float
    wrong: float
    voice: str
    ways: tuple[str, ...] = ()
    since: int = -1
    by_day: bool = False
    share: tuple[object, ...] = ()
    event: int = -1


# Numbers of errors that past cases may teach, by name: factors of what is judged above.
PLACE_ERROR, SIZE_ERROR, WRONG_CHANCE = "place_error_factor", "size_error_factor", "wrong_chance_factor"
# Beyond these no factor means anything; a folder of lessons may have been written by hand.
FACTOR_LIMITS = (0.1, 10.0)


@dataclass(frozen=True)
class Scales:
    """Factors of the errors and chances to be wrong that are judged in this module; 1: as judged."""

    place_error: float = 1.0
    size_error: float = 1.0
    wrong_chance: float = 1.0


AS_JUDGED = Scales()


def scales_of(lessons: Mapping[str, Prior]) -> Scales:
    """Give the factors that past cases taught: the middle of each, on the log; 1 where they tell none."""
    middles = [
        _within_limits(sqrt(max(lessons[name].low, 0.0) * max(lessons[name].high, 0.0)))
        if name in lessons
        else 1.0
        for name in (PLACE_ERROR, SIZE_ERROR, WRONG_CHANCE)
    ]
    return Scales(*middles)


def _within_limits(factor: float) -> float:
    return min(max(factor, FACTOR_LIMITS[0]), FACTOR_LIMITS[1])


@dataclass(frozen=True)
class Caravan:
    """What the observation model knows of a group: its id, and the day it departs."""

    id: str
    departs: int


def observations(
    reports: Sequence[Report],
    caravans: Sequence[Caravan],
    *,
    start: date,
    copies: Sequence[int] = (),
    counted: frozenset[str] = frozenset(OUTCOMES),
    scales: Scales = AS_JUDGED,
) -> tuple[tuple[Observation, ...], tuple[str, ...]]:
    """Take from every report what speaks of a caravan.

    Parameters
    ----------
    reports : sequence of Report        in canonical order.
    caravans : sequence of Caravan
    start : date                        day 0.
    copies : sequence of int            number of the event that each tells; reports of one event share one
        error. () : every report stands for itself.
    counted : set of str                the ways out that members count; a report of others is only shown.
    scales : Scales                     what past cases taught of errors.

    Returns
    -------
    (observations, why)         why: for every report why it did not speak, '' where it did (`belief.UNUSED`).
    """
    found: list[Observation] = []
    why = []
    tellers = Counter(copies)
    days = _days(reports, copies, start)
    for number, report in enumerate(reports):
        group = _group(report, caravans)
        day = days[number]
        event = copies[number] if copies and tellers[copies[number]] > 1 else -1
        if group < 0:
            why.append("of another caravan, or of nobody knows which")
        elif day < max(0, caravans[group].departs):
            why.append("before the departure")
        else:
            told = _told(report, _About(number, day, group, event, start, counted, scales))
            found += told
            why.append("" if told else _silence(report))
    return tuple(found), tuple(why)


def _days(reports: Sequence[Report], copies: Sequence[int], start: date) -> list[int]:
    """Give the day of which each report speaks; a rough date is that of whoever tells the event surely."""
    sure: dict[int, int] = {}
    days = [(report.observed - start).days for report in reports]
    for report, event, day in zip(reports, copies, days, strict=False):
        if report.quality != "approx_date":
            sure.setdefault(event, day)
    for number, event in enumerate(copies):
        if reports[number].quality == "approx_date":
            days[number] = sure.setdefault(event, days[number])
    return days


def _group(report: Report, caravans: Sequence[Caravan]) -> int:
    if not report.group:
        return 0 if len(caravans) == 1 else -1
    return next((g for g, caravan in enumerate(caravans) if caravan.id == report.group), -1)


def _silence(report: Report) -> str:
    placed = report.kind in ("position", "arrivals", "departures", "stock", "crossings", "next_stop")
    return "names no place and no size" if placed and report.place < 0 else "of a kind that is only shown"


@dataclass(frozen=True)
class _About:
    """Of what a report speaks: number, day and caravan, its event, day 0, what is counted, errors."""

    number: int
    day: int
    group: int
    event: int
    start: date
    counted: frozenset[str]
    scales: Scales


def _told(report: Report, about: _About) -> list[Observation]:
    segment = report.segment if report.segment in ("main", "advance", "rear") else "whole"
    bounds = (0.0, 0.0)
    if report.low is not None:
        bounds = told_bounds(report.low, report.high, report.quantifier)
    plain = Observation(
        report=about.number,
        day=about.day,
        what=POSITION,
        group=about.group,
        segment=segment,
        place=report.place,
        ahead=report.to_place,
        bounds=bounds,
        error=ERROR_KM[report.quality] * about.scales.place_error,
        wrong=min(
            MOST_WRONG,
            WRONG[report.quality] * WRONG_TIMES[report.reliability] * about.scales.wrong_chance,
        ),
        voice=report.source_kind or "press",
        event=about.event,
    )
    kind, placed, counted = report.kind, report.place >= 0, bounds[1] > 0
    found = []
    if kind in ("position", "arrivals", "departures") and placed and report.segment in SEEN:
        # Who set out from a town that day has passed it; whether they got far is not told.
        part = "main" if segment == "whole" else segment
        found.append(replace(plain, segment=part, by_day=kind == "departures"))
    if kind == "position" and counted and report.segment not in NO_COUNT:
        found.append(replace(plain, what=SIZE, error=ERROR_LOG[report.quality] * about.scales.size_error))
    if kind == "stock" and placed and counted:
        # One shelter of several holds a part of those who are in town.
        holds = (bounds[0], 2.5 * bounds[1]) if report.segment in NO_COUNT else bounds
        found.append(replace(plain, what=STOCK, error=STOCK_ERROR_LOG, bounds=holds))
    if kind in WAYS_OUT and counted and about.counted.intersection(WAYS_OUT[kind]):
        since = -1 if report.segment == "cumulative" else about.day
        if report.since is not None:
            since = (report.since - about.start).days
        found.append(
            replace(
                plain,
                what=OUTCOME,
                error=OUTCOME_ERROR_LOG,
                ways=WAYS_OUT[kind],
                since=since,
                voice=kind,
                segment="whole",
            )
        )
    if kind == "next_stop" and placed:
        found.append(replace(plain, what=NEXT_STOP, error=STOP_ERROR_KM, segment="main"))
    return [replace(said, share=_share(said)) for said in found]


def _share(said: Observation) -> tuple[object, ...]:
    """Name the error that an observation shares: that of one voice on one day.

    Whoever tells a size on a day repeats whom he asked: two figures of officials are one count, and two
    papers that name a town have the same story.
    """
    if said.what == NEXT_STOP:  # a caravan has one plan for a night
        return (said.what, said.day, said.group)
    if said.what in (SIZE, OUTCOME):
        return (said.what, said.day, said.group, said.segment, said.voice, said.since)
    return (said.what, said.day, said.group, said.segment, said.place, said.voice, said.by_day)


def shared(told: Sequence[Observation]) -> list[list[int]]:
    """Put observations together that have one error: positions in `told`, in order."""
    heads = list(range(len(told)))

    def head(k: int) -> int:
        while heads[k] != k:
            k = heads[k]
        return k

    first: dict[tuple[object, ...], int] = {}
    for k, said in enumerate(told):
        keys: list[tuple[object, ...]] = [said.share]
        if said.event >= 0:
            keys.append((said.what, said.segment, said.event))
        for key in keys:
            other = head(first.setdefault(key, k))
            heads[max(head(k), other)] = min(head(k), other)
    together: dict[int, list[int]] = {}
    for k in range(len(told)):
        together.setdefault(head(k), []).append(k)
    return list(together.values())
