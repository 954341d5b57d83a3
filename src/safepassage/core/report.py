"""What somebody counted, somewhere, and when that became known."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# What can be counted or told of people on the move …
COUNTED_KINDS = (
    "position",
    "stock",
    "arrivals",
    "departures",
    "claims",
    "returns",
    "crossings",
    "detentions",
)
# … and what can be told of the way before them. `next_stop`: where they say they will sleep on the day
# `observed`, which may lie after `published`; an incident is told as an aggregate, never of one person.
TOLD_KINDS = (
    "next_stop",
    "transport_offered",
    "transport_withdrawn",
    "shelter_opened",
    "shelter_closed",
    "closure",
    "reopening",
    "incident",
)
REPORT_KINDS = (*COUNTED_KINDS, *TOLD_KINDS)
# Of these something may be published before the day of which it speaks.
ANNOUNCED_KINDS = frozenset(TOLD_KINDS) - {"incident"}
# Reports of these kinds name the place of which they speak.
PLACED_KINDS = frozenset(
    ("position", "stock", "arrivals", "departures", "next_stop", "shelter_opened", "shelter_closed")
)
SEGMENTS = ("main", "advance", "rear", "whole", "branch", "cumulative", "size_only")
QUALITIES = ("exact", "conflict", "inferred", "approx", "approx_date")
QUANTIFIERS = ("", "about", "more_than", "at_least", "nearly", "up_to", "fewer_than")
UNITS = ("people", "families")
# Who counted: their errors are learned by kind. `agency`: United Nations, Red Cross, non-governmental;
# `shelter`: churches, shelters and kitchens that count whom they serve; `field`: the reader's own team.
SOURCE_KINDS = ("", "official", "agency", "organiser", "shelter", "press", "field")
RELIABILITIES = ("", "high", "medium", "low")
# More than ever fled at once; what is greater is no count of people (a telephone number in a wrong column).
MOST_PEOPLE = 20_000_000


@dataclass(frozen=True)
class Report:
    """One published figure, or one piece of news, about a place and a day. Never about a person.

    Parameters
    ----------
    observed : date         the day it speaks of.
    published : date        the day it became known; what counts for a forecast.
    published_basis : str   "source address" where read there, "assumed: next day" where assumed.
    place : int             position in `Places`; -1 where it speaks of no single place.
    kind : str              one of `REPORT_KINDS`.
    low, high : float or None   people; both None: no figure was told; high None: "at least low". A figure in
        families is told here in people, families times `unit_people`.
    segment : str           one of `SEGMENTS`: which part of a caravan.
    quality : str           one of `QUALITIES`.
    source, note : str
    extra : tuple of (column, cell)     columns we do not know, kept for the write-back.
    group : str             id of the caravan it speaks of; '' where not told.
    to_place : int          a position between two towns: the one ahead; transport: where to; -1: not told.
    quantifier : str        one of `QUANTIFIERS`.
    unit : str              one of `UNITS`: what was counted.
    unit_people : float or None     people to a family, where families were counted.
    source_kind : str       one of `SOURCE_KINDS`.
    reliability : str       one of `RELIABILITIES`.
    since : date or None    first day of what a flow or a cumulative figure counts.
    hour : int or None      announced hour of departure, 0 to 23.
    copied_from : str       key of the report that it repeats; '' where it stands for itself.
    excerpt : str           the words it was read from, persons masked.
    """

    observed: date
    published: date
    published_basis: str
    place: int
    kind: str
    low: float | None
    high: float | None
    segment: str
    quality: str
    source: str
    note: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    group: str = ""
    to_place: int = -1
    quantifier: str = ""
    unit: str = "people"
    unit_people: float | None = None
    source_kind: str = ""
    reliability: str = ""
    since: date | None = None
    hour: int | None = None
    copied_from: str = ""
    excerpt: str = ""


@dataclass(frozen=True)
class Proposal:
    """A report that a file or a text proposes; nothing is believed before somebody has accepted it.

    Parameters
    ----------
    report : Report
    origin : str            where it was read, for people: "news.txt, 120-184" or "sheet.xlsx, row 7".
    confidence : float      0 to 1: how surely it was read as it was meant.
    flags : tuple of str    what a reviewer should look at, in words.
    span : (int, int) or None   first and last+1 character in the text it was read from.
    """

    report: Report
    origin: str
    confidence: float = 1.0
    flags: tuple[str, ...] = ()
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class AgreedFigure:
    """A planning figure that people agreed on: it stands beside the range and never replaces it.

    Parameters
    ----------
    day : date              of which it speaks.
    place : int             position in `Places`; -1: the whole caravan.
    people : float
    reason : str            why this one.
    role : str              who agreed, by role ("shelter cluster"), never by name.
    agreed : date           when.
    group : str             id of the caravan; '' where not told.
    """

    day: date
    place: int
    people: float
    reason: str
    role: str
    agreed: date
    group: str = ""


def report_key(report: Report, place_ids: Sequence[str]) -> str:
    """Give the key of a report: a hash of what it says, so that the same news twice is one report.

    Parameters
    ----------
    place_ids : sequence of str     ids of the network's places.

    Returns
    -------
    str     16 hexadecimal digits.
    """
    place, to_place = (place_ids[p] if p >= 0 else "" for p in (report.place, report.to_place))
    said = (
        report.observed,
        report.published,
        report.kind,
        place,
        to_place,
        report.low,
        report.high,
        report.segment,
        report.quality,
        report.group,
        report.quantifier,
        report.unit,
        report.since,
        report.hour,
        report.source,
        report.note,
    )
    text = "\x1f".join("" if part is None else str(part) for part in said)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
