"""What was learned from reports, and what each of them did to the forecast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from safepassage.core.report import AgreedFigure, Report

# Why a report did not speak for itself.
UNUSED = (
    "",
    "names no place and no size",
    "of a kind that is only shown",
    "before the departure",
    "of another caravan, or of nobody knows which",
)


@dataclass(frozen=True)
class ReportEffect:
    """What one report did.

    Parameters
    ----------
    report : Report
    key : str               its key; '' where it has none.
    why_unused : str        one of `UNUSED`; '' where it was used.
    weight : float          0 to 1: how much it counted, of one report that nobody doubts. Reports that share
        one error share one weight, and a doubted one has less.
    doubt : float           0 to 1: chance that it is wrong, all that is known considered.
    off_km : float          how far it is from what the rest says, km (median); NaN: it tells no position.
    off_factor : float      its size over the size that the rest says (median); NaN: it tells none.
    shift_km, shift_people : float      by how much it moved the median of position (plus: further on) and of
        size (plus: more people) that evening; NaN where that cannot be told.
    shares_with : tuple of str      keys of the reports that share its error.
    """

    report: Report
    key: str
    why_unused: str = ""
    weight: float = 0.0
    doubt: float = 0.0
    off_km: float = float("nan")
    off_factor: float = float("nan")
    shift_km: float = float("nan")
    shift_people: float = float("nan")
    shares_with: tuple[str, ...] = ()

    @property
    def contradicted(self) -> bool:
        """Whether it is more likely wrong than right."""
        return self.doubt > 0.5


@dataclass(frozen=True)
class Update:
    """What the reports of one day did to the ensemble.

    Parameters
    ----------
    day : date
    reports : int               reports used.
    effective_members : float   1 / sum of squared weights: how many members the reports left standing.
    surprise : float            0 to 1: share of belief in a move that the model does not foresee.
    respread : bool             so few members fitted that the ensemble was spread anew.
    """

    day: date
    reports: int
    effective_members: float
    surprise: float
    respread: bool


@dataclass(frozen=True)
class SourceBias:
    """By what factor one kind of source tells sizes, against what is believed to be true.

    `source_kind` is one of `core.report.SOURCE_KINDS`, or "claims", "returns" or "detentions" for the counts
    of offices. `low`, `middle`, `high` are the 10 %, 50 % and 90 % quantile; `reports` how many it was
    learned from.
    """

    source_kind: str
    reports: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class TownLookBack:
    """One town, one night: what we said the evening before, beside what happened and the simple rule.

    Parameters
    ----------
    place : int             position in `Places`.
    said_chance : float     that `threshold_people` or more would stay.
    said_low, said_middle, said_high : float    how many if they came, people; NaN where not told.
    rule_said : bool        whether the simple rule (the last known position, walked on at 15-60 km a day)
        put them here.
    happened : str          "there", "not there" (reported elsewhere) or "not reported".
    reported_low, reported_high : float     people told of here; NaN where none were.
    """

    place: int
    said_chance: float
    said_low: float
    said_middle: float
    said_high: float
    rule_said: bool
    happened: str
    reported_low: float
    reported_high: float


@dataclass(frozen=True)
class LookBack:
    """What the forecast of the evening before said of one night.

    Parameters
    ----------
    night : date            the night spoken of.
    made : date             as-of date of the forecast that spoke.
    threshold_people : int
    towns : tuple of TownLookBack       every town that was said, reported, or named by the rule.
    said_km : (float, float, float)     head of the main body, km along the ruler, 10, 50 and 90 %; NaN: none.
    happened_km, rule_km : float        reported, and as the rule says it (median); NaN where not known.
    said_people : (float, float, float)     size of the main body.
    happened_people, rule_people : float
    """

    night: date
    made: date
    threshold_people: int
    towns: tuple[TownLookBack, ...]
    said_km: tuple[float, float, float]
    happened_km: float
    rule_km: float
    said_people: tuple[float, float, float]
    happened_people: float
    rule_people: float

    def of(self, place: int) -> TownLookBack | None:
        """Give the row of one town; None where nothing was said or reported of it."""
        return next((town for town in self.towns if town.place == place), None)


@dataclass(frozen=True)
class Belief:
    """What was learned from all reports published by the as-of date.

    Parameters
    ----------
    effects : tuple of ReportEffect     newest observation last.
    updates : tuple of Update           one per day with reports.
    biases : tuple of SourceBias
    announced_reliability : (float, float, float)   chance that an announced next stop is kept, 10, 50, 90 %.
    announced : int                     announcements that were held against what came.
    look_back : LookBack or None        None before the second day.
    agreed : tuple of AgreedFigure      planning figures that people agreed on.
    """

    effects: tuple[ReportEffect, ...]
    updates: tuple[Update, ...]
    biases: tuple[SourceBias, ...] = ()
    announced_reliability: tuple[float, float, float] = (float("nan"),) * 3
    announced: int = 0
    look_back: LookBack | None = None
    agreed: tuple[AgreedFigure, ...] = ()
