"""What somebody counted, somewhere, and when that became known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

REPORT_KINDS = ("position", "stock", "arrivals", "departures", "claims", "returns", "crossings", "detentions")
SEGMENTS = ("main", "advance", "rear", "branch", "cumulative", "size_only")
QUALITIES = ("exact", "conflict", "inferred", "approx", "approx_date")


@dataclass(frozen=True)
class Report:
    """One published figure about a place and a day. Never about a person.

    Parameters
    ----------
    observed : date         the day it speaks of.
    published : date        the day it became known; what counts for a forecast.
    published_basis : str   "source address" where read there, "assumed: next day" where assumed.
    place : int             position in `Places`; -1 where it speaks of no single place.
    kind : str              one of `REPORT_KINDS`.
    low, high : float or None   people; both None: only the position was told; high None: "at least low".
    segment : str           one of `SEGMENTS`: which part of a caravan.
    quality : str           one of `QUALITIES`.
    source, note : str
    extra : tuple of (column, cell)     columns we do not know, kept for the write-back.
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
