"""What the reports did to a forecast, as rows: which counted, what was learned, what we said yesterday.

Every output (page, sheets, tables, message, screen) takes its rows from here, so that they cannot disagree.
No row tells fewer than `FEWEST_TOLD_PEOPLE` people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import isfinite

import numpy as np

from safepassage.adapters.outlook import Range, night, range_members
from safepassage.core.belief import Belief, LookBack, ReportEffect, SourceBias, TownLookBack, Update
from safepassage.core.forecast import Fan, Forecast, GroupForecast, PartForecast
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE, told
from safepassage.core.report import AgreedFigure, Report

DOUBTED = 0.2  # from this chance of being wrong on a report is called doubted; above one half, contradicted
SURPRISED = 0.5  # from this share of belief in a move that the model does not foresee, a day was a surprise
RECENT_DAYS = 3  # a contradicted report is news for so many days
_VERDICTS = {
    "names no place and no size": "says_nothing",
    "of a kind that is only shown": "only_shown",
    "before the departure": "before",
    "of another caravan, or of nobody knows which": "other_caravan",
}
VERDICTS = ("fits", "doubted", "contradicted", *_VERDICTS.values(), "not_used")


@dataclass(frozen=True)
class Counted:
    """How many people a report told of, as it may be told.

    Parameters
    ----------
    low, high : float or None   people; None on a side that is open or too small to be told.
    few : bool                  all of it is below `FEWEST_TOLD_PEOPLE`.
    about : bool                the source said "about" or "nearly".
    """

    low: float | None = None
    high: float | None = None
    few: bool = False
    about: bool = False

    @property
    def told(self) -> bool:
        """Whether any number was told."""
        return self.few or self.low is not None or self.high is not None


@dataclass(frozen=True)
class ReportRow:
    """One report and what it did.

    Parameters
    ----------
    report : Report
    effect : ReportEffect
    place_id, name, country : str       of the town; '' where it speaks of none.
    to_name : str           the town ahead, of a position between two; '' where not told.
    people : Counted
    verdict : str           one of `VERDICTS`.
    shift_people : float    as the effect has it; NaN where not known or not 0 and below the fewest told.
    small_shift : bool      it moved the size by fewer people than are told.
    """

    report: Report
    effect: ReportEffect
    place_id: str
    name: str
    country: str
    to_name: str
    people: Counted
    verdict: str
    shift_people: float
    small_shift: bool

    @property
    def used(self) -> bool:
        """Whether it spoke for itself."""
        return not self.effect.why_unused

    @property
    def disagrees(self) -> bool:
        """Whether it is known how far it is from what the others say."""
        return isfinite(self.effect.off_km) or isfinite(self.effect.off_factor)


@dataclass(frozen=True)
class TownSaid:
    """One town of a look back: what we said the evening before, what happened, what the simple rule said."""

    place_id: str
    name: str
    country: str
    said_chance: float
    said: Range | None
    said_few: bool
    rule_said: bool
    happened: str
    reported: Counted


@dataclass(frozen=True)
class Measure:
    """One number of a look back.

    Parameters
    ----------
    what : str              "head_km" or "people".
    said : Range or None    None where nothing was said.
    happened, rule : float  NaN where not known, or too small to be told.
    """

    what: str
    said: Range | None
    happened: float
    rule: float

    @property
    def inside(self) -> bool | None:
        """Whether what happened lies in the range of 8 in 10 that was said; None where not known."""
        if self.said is None or not isfinite(self.happened):
            return None
        return self.said.low <= self.happened <= self.said.high


@dataclass(frozen=True)
class Agreed:
    """A planning figure that people agreed on, beside the range of the forecast.

    Parameters
    ----------
    figure : AgreedFigure
    name : str              the town; '' for the whole caravan.
    people : float          NaN where too few to be told.
    beside : Range or None  what the forecast says of that day; None where it says no range.
    """

    figure: AgreedFigure
    name: str
    people: float
    beside: Range | None


def counted(report: Report) -> Counted:
    """Say how many people a report told of, without small counts."""
    return _counted(report.low, report.high, about=report.quantifier in ("about", "nearly"))


def _counted(low: float | None, high: float | None, *, about: bool = False) -> Counted:
    given = [n for n in (low, high) if n is not None and isfinite(n)]
    if not given:
        return Counted()
    if max(given) < FEWEST_TOLD_PEOPLE:  # "at least 12" says neither few nor many
        return Counted(few=high is not None)
    least, most = (n if n is not None and n >= FEWEST_TOLD_PEOPLE else None for n in (low, high))
    return Counted(least, most, about=about)


def report_rows(forecast: Forecast) -> list[ReportRow]:
    """List every report and what it did, newest first; none where no report was weighed."""
    if forecast.belief is None:
        return []
    rows = [_row(forecast, effect) for effect in forecast.belief.effects]
    return sorted(rows, key=lambda row: (row.report.observed, row.report.published), reverse=True)


def _row(forecast: Forecast, effect: ReportEffect) -> ReportRow:
    places, report = forecast.network.places, effect.report
    known, ahead = report.place >= 0, report.to_place >= 0
    small = isfinite(effect.shift_people) and abs(effect.shift_people) < FEWEST_TOLD_PEOPLE
    return ReportRow(
        report=report,
        effect=effect,
        place_id=places.ids[report.place] if known else "",
        name=places.names[report.place] if known else "",
        country=places.countries[report.place] if known else "",
        to_name=places.names[report.to_place] if ahead else "",
        people=counted(report),
        verdict=_verdict(effect),
        shift_people=float("nan") if small else effect.shift_people,
        small_shift=small,
    )


def _verdict(effect: ReportEffect) -> str:
    if effect.why_unused:
        return _VERDICTS.get(effect.why_unused, "not_used")
    if effect.contradicted:
        return "contradicted"
    return "doubted" if effect.doubt >= DOUBTED else "fits"


def used_count(belief: Belief) -> int:
    """Count the reports that spoke for themselves."""
    return sum(not effect.why_unused for effect in belief.effects)


def contradicted(forecast: Forecast, *, recent: bool = False) -> list[ReportRow]:
    """List the reports that the others contradict: those whose disagreement is known first, newest first.

    Parameters
    ----------
    recent : bool       only what is news: published in the last `RECENT_DAYS` days before the time of the
        data, and with a disagreement that is known.
    """
    rows = [row for row in report_rows(forecast) if row.verdict == "contradicted"]
    if not recent:
        return sorted(rows, key=lambda row: not row.disagrees)
    since = forecast.as_of - timedelta(days=RECENT_DAYS - 1)
    return [row for row in rows if row.disagrees and row.report.published >= since]


def contradicted_reports(forecast: Forecast) -> frozenset[Report]:
    """Give the reports that the others contradict, to be drawn hollow."""
    return frozenset(row.report for row in contradicted(forecast))


def hard_days(forecast: Forecast) -> list[Update]:
    """List the days on which the reports surprised the ensemble or it was spread anew, newest first."""
    updates = forecast.belief.updates if forecast.belief is not None else ()
    found = [update for update in updates if update.respread or update.surprise >= SURPRISED]
    return sorted(found, key=lambda update: update.day, reverse=True)


def biases(forecast: Forecast) -> list[SourceBias]:
    """List by what factor each kind of source tells sizes, the one with most reports first."""
    found = forecast.belief.biases if forecast.belief is not None else ()
    known = [bias for bias in found if bias.reports > 0 and isfinite(bias.middle)]
    return sorted(known, key=lambda bias: (-bias.reports, bias.source_kind))


def reliability(forecast: Forecast) -> Range | None:
    """Give the chance that an announced next stop is kept; None before one was held against what came."""
    belief = forecast.belief
    if belief is None or belief.announced < 1 or not all(map(isfinite, belief.announced_reliability)):
        return None
    return Range(*belief.announced_reliability)


def look_back(forecast: Forecast) -> LookBack | None:
    """Give what the forecast of the evening before said of one night; None where there is none."""
    return forecast.belief.look_back if forecast.belief is not None else None


def measures(forecast: Forecast) -> list[Measure]:
    """Hold the head of the main body and its size against what happened and the simple rule."""
    back = look_back(forecast)
    if back is None:
        return []
    rows = [
        Measure("head_km", _range(back.said_km), back.happened_km, back.rule_km),
        Measure("people", *_people_measure(back)),
    ]
    return [row for row in rows if row.said is not None or isfinite(row.happened) or isfinite(row.rule)]


def _people_measure(back: LookBack) -> tuple[Range | None, float, float]:
    said = _range(back.said_people)
    few = said is not None and said.high < FEWEST_TOLD_PEOPLE
    happened, rule = (
        value if value >= FEWEST_TOLD_PEOPLE else float("nan")
        for value in (back.happened_people, back.rule_people)
    )
    return (None if few else said), happened, rule


def _range(values: tuple[float, float, float]) -> Range | None:
    return Range(*values) if all(map(isfinite, values)) else None


def town_said(forecast: Forecast, row: TownLookBack) -> TownSaid:
    """Put a town's look back in words that may be told."""
    places = forecast.network.places
    said = _range((row.said_low, row.said_middle, row.said_high))
    few = said is not None and said.high < FEWEST_TOLD_PEOPLE
    low, high = (value if isfinite(value) else None for value in (row.reported_low, row.reported_high))
    return TownSaid(
        place_id=places.ids[row.place],
        name=places.names[row.place],
        country=places.countries[row.place],
        said_chance=row.said_chance,
        said=None if few else said,
        said_few=few,
        rule_said=row.rule_said,
        happened=row.happened,
        reported=_counted(low, high),
    )


def towns_said(forecast: Forecast) -> list[TownSaid]:
    """List the towns of the look back: those where they were first, then the likeliest."""
    back = look_back(forecast)
    rows = [town_said(forecast, row) for row in back.towns] if back is not None else []
    return sorted(rows, key=lambda row: (row.happened != "there", -row.said_chance, not row.rule_said))


def town_of(forecast: Forecast, place: int) -> TownSaid | None:
    """Give the look back of one town; None where nothing was said or reported of it."""
    back = look_back(forecast)
    row = back.of(place) if back is not None else None
    return town_said(forecast, row) if row is not None else None


def near(forecast: Forecast, km: float) -> str:
    """Name the town of the ruler that is nearest to a position; '' where there is not one ruler only."""
    if len(forecast.groups) != 1 or not isfinite(km) or not len(forecast.groups[0].route):
        return ""
    group = forecast.groups[0]
    return forecast.network.places.names[int(group.route[int(np.argmin(np.abs(group.route_km - km)))])]


def agreed_rows(forecast: Forecast, *, place: int | None = None) -> list[Agreed]:
    """List the agreed planning figures beside the range of the forecast, in order of their day.

    Parameters
    ----------
    place : int or None     only those of one town.
    """
    figures = forecast.belief.agreed if forecast.belief is not None else ()
    chosen = [figure for figure in figures if place is None or figure.place == place]
    ordered = sorted(chosen, key=lambda figure: (figure.day, figure.place, figure.agreed))
    return [_agreed(forecast, figure) for figure in ordered]


def _agreed(forecast: Forecast, figure: AgreedFigure) -> Agreed:
    names = forecast.network.places.names
    return Agreed(
        figure=figure,
        name=names[figure.place] if figure.place >= 0 else "",
        people=figure.people if figure.people >= FEWEST_TOLD_PEOPLE else float("nan"),
        beside=_beside(forecast, figure),
    )


def _beside(forecast: Forecast, figure: AgreedFigure) -> Range | None:
    day = (figure.day - forecast.start).days
    if not 0 <= day < forecast.days:
        return None
    if figure.place >= 0:
        row = night(forecast, day, figure.place)
        found: Range | None = row.people if row.enough else None
    else:
        groups = [g for g in forecast.groups if figure.group in ("", g.id)]
        if len(groups) != 1:
            return None
        fan = groups[0].whole_size or groups[0].size
        found = _range((float(fan.at(0.1)[day]), float(fan.at(0.5)[day]), float(fan.at(0.9)[day])))
    return found if found is not None and found.high >= FEWEST_TOLD_PEOPLE else None


def told_parts(forecast: Forecast, group: GroupForecast) -> list[PartForecast]:
    """Give the parts of a caravan as they may be told.

    Position and size are NaN on days on which too few members have the part to tell a range (see
    `outlook.range_members`); sizes below `FEWEST_TOLD_PEOPLE` are NaN.
    """
    least = range_members(forecast.members)
    found = []
    for part in group.parts:
        enough = np.round(part.chance * forecast.members) >= least
        head = np.where(enough, part.head_km.values, np.nan)
        size = told(np.where(enough, part.size.values, np.nan))
        found.append(replace(part, head_km=Fan("km", head), size=Fan("people", size)))
    return found


def told_whole(group: GroupForecast) -> Fan | None:
    """Give the people of a caravan with its parts as they may be told; None where it has none."""
    return None if group.whole_size is None else Fan("people", told(group.whole_size.values))
