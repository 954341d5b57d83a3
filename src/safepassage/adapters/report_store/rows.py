"""Rows of the store: reports and agreed figures with places by id, as SQLite keeps them, and back."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from safepassage.core.report import AgreedFigure, Proposal, Report

STATUSES = ("proposed", "accepted", "rejected")
_DAYS = ("observed", "published", "since")
_PLACES = ("place", "to_place")
_TEXTS = tuple(field.name for field in fields(Report) if field.type == "str")
REPORT_FIELDS = tuple(field.name for field in fields(Report))
AGREED_FIELDS = tuple(field.name for field in fields(AgreedFigure))


@dataclass(frozen=True)
class Entry:
    """One report of the store, with everything that is kept about it.

    Parameters
    ----------
    key : str               `core.report.report_key` of the report.
    report : Report         with positions of this network; -1 where its place is not there any more.
    status : str            one of `STATUSES`.
    confidence : float      as in `Proposal`, and so are `flags`, `origin` and `span`.
    entered : date          day it was entered; nothing finer is kept, nor by whom.
    batch : int             number of the import that brought it.
    reason : str            why it was rejected or accepted, where somebody said so.
    missing : tuple of str  ids of places that the network has no more; such a report takes no part.
    """

    key: str
    report: Report
    status: str
    confidence: float
    flags: tuple[str, ...]
    origin: str
    span: tuple[int, int] | None
    entered: date
    batch: int
    reason: str = ""
    missing: tuple[str, ...] = ()

    @property
    def proposal(self) -> Proposal:
        """The proposal that it was entered as."""
        return Proposal(self.report, self.origin, self.confidence, self.flags, self.span)


def report_row(report: Report, ids: Sequence[str]) -> dict[str, Any]:
    """Give the columns of a report, places by id."""
    row: dict[str, Any] = {name: getattr(report, name) for name in REPORT_FIELDS}
    row |= {name: ids[row[name]] if row[name] >= 0 else "" for name in _PLACES}
    row |= {name: _iso(row[name]) for name in _DAYS}
    return row | {"extra": json.dumps(report.extra, ensure_ascii=False)}


def proposal_row(proposal: Proposal) -> dict[str, Any]:
    """Give the columns of what a proposal says of its report."""
    first, last = proposal.span or (None, None)
    return {
        "confidence": float(proposal.confidence),
        "flags": json.dumps(proposal.flags, ensure_ascii=False),
        "origin": proposal.origin,
        "span_first": first,
        "span_last": last,
    }


def entry_of(row: sqlite3.Row, index: Mapping[str, int], *, linked: bool = True) -> Entry:
    """Build an entry from its row; ValueError or TypeError where the row is none of ours."""
    first, last = row["span_first"], row["span_last"]
    return Entry(
        key=row["key"],
        report=_report_of(row, index, linked=linked),
        status=row["status"],
        confidence=float(row["confidence"]),
        flags=tuple(str(flag) for flag in json.loads(row["flags"])),
        origin=row["origin"],
        span=None if first is None or last is None else (int(first), int(last)),
        entered=date.fromisoformat(row["entered"]),
        batch=int(row["batch"]),
        reason=row["reason"],
        missing=tuple(row[name] for name in _PLACES if row[name] and row[name] not in index),
    )


def _report_of(row: sqlite3.Row, index: Mapping[str, int], *, linked: bool) -> Report:
    values: dict[str, Any] = {name: row[name] for name in REPORT_FIELDS}
    values |= {name: index.get(row[name], -1) for name in _PLACES}
    values |= {name: date.fromisoformat(row[name]) for name in ("observed", "published")}
    values["since"] = date.fromisoformat(row["since"]) if row["since"] else None
    values["copied_from"] = row["copied_from"] or (row["linked"] if linked else "")
    values["extra"] = tuple((str(name), str(cell)) for name, cell in json.loads(row["extra"]))
    for name in _TEXTS:
        if not isinstance(values[name], str):
            message = f"{name} is no text"
            raise TypeError(message)
    return Report(**values)


def agreed_row(figure: AgreedFigure, ids: Sequence[str]) -> dict[str, Any]:
    """Give the columns of an agreed figure, its place by id, and its key."""
    row: dict[str, Any] = {name: getattr(figure, name) for name in AGREED_FIELDS}
    row |= {"day": _iso(figure.day), "agreed": _iso(figure.agreed)}
    row["place"] = ids[figure.place] if figure.place >= 0 else ""
    text = "\x1f".join(["agreed", *(str(row[name]) for name in AGREED_FIELDS)])
    return {"key": hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]} | row


def agreed_of(row: sqlite3.Row, index: Mapping[str, int]) -> AgreedFigure | None:
    """Build an agreed figure from its row; None where the network does not have its place any more."""
    if row["place"] and row["place"] not in index:
        return None
    values: dict[str, Any] = {name: row[name] for name in AGREED_FIELDS}
    values |= {name: date.fromisoformat(row[name]) for name in ("day", "agreed")}
    values |= {"place": index.get(row["place"], -1), "people": float(row["people"])}
    return AgreedFigure(**values)


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
