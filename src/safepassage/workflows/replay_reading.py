"""What a replay reads of an evening's articles: proposals adopted by one stated rule, by nobody's hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from safepassage.adapters import news
from safepassage.adapters.replay_chain import Article, digest
from safepassage.adapters.replay_chain.articles import without_head
from safepassage.core.errors import Fault, InputError
from safepassage.core.report import COUNTED_KINDS, MOST_PEOPLE, Proposal, Report
from safepassage.core.scenario import Event, Scenario
from safepassage.core.told_events import events_told
from safepassage.workflows.read_news import LAST_SEEN, read_file

# 0.9 is what a sentence has in which nothing had to be assumed, two thirds of it what it has in an article.
LEAST_CONFIDENCE = 0.6
RULE = (
    "adopted: confidence 0.60 or more, and nothing flagged by the reader; "
    "refused: every other proposal, and what nobody can have counted yet"
)
BASIS = "date of the article's file"


@dataclass(frozen=True)
class Gleaned:
    """What one evening's articles gave.

    Parameters
    ----------
    adopted : tuple of Report
    articles : tuple of dict    of every article: date, checksum, what became of its proposals.
    notices : tuple of Fault
    """

    adopted: tuple[Report, ...] = ()
    articles: tuple[dict[str, Any], ...] = ()
    notices: tuple[Fault, ...] = ()

    @property
    def refused(self) -> int:
        """Proposals that were not adopted."""
        return sum(not row["adopted"] for article in self.articles for row in article["proposals"])


def why_refused(proposal: Proposal) -> str:
    """Give why the rule refuses a proposal; '' where it adopts it."""
    report = proposal.report
    if (report.high or report.low or 0.0) > MOST_PEOPLE:
        return f"more than {MOST_PEOPLE:,} people"
    if report.kind in COUNTED_KINDS and report.observed > report.published:
        return "speaks of a day to come"
    if proposal.flags:
        return "flagged: " + "; ".join(flag.split(" / ")[0] for flag in proposal.flags)
    if proposal.confidence < LEAST_CONFIDENCE:
        return f"confidence {proposal.confidence:.2f}"
    return ""


def gleaned(articles: tuple[Article, ...], known: Scenario) -> Gleaned:
    """Read articles for a scenario as it is known, reports adopted on earlier evenings among it.

    One that cannot be read is told as a notice and passed over.
    """
    adopted: list[Report] = []
    told, notices = [], []
    groups = [group.id for group in known.groups]
    for article in articles:
        seen = _last_seen(known, [*known.reports, *adopted], article.published)
        raw, lost = _bytes(article)
        notices += lost
        row: dict[str, Any] = {"published": article.published.isoformat(), "sha256": digest(raw)}
        around = news.Circumstances(
            published=article.published,
            published_basis=BASIS,
            source=f"article {row['sha256'][:16]}",
            name=row["sha256"][:16],
            group=groups[0] if len(groups) == 1 else "",
            last_seen=seen,
        )
        proposals: tuple[Proposal, ...] = ()
        try:
            if not lost:
                text = without_head(news.decode(raw, name=article.path.name))
                proposals = news.read_article(text, known.network.places, around).proposals
        except InputError as error:
            lost = _passed_over(error)
            notices += lost
        if lost:
            row["unreadable"] = True
        reasons = [why_refused(proposal) for proposal in proposals]
        adopted += [p.report for p, reason in zip(proposals, reasons, strict=True) if not reason]
        ids = known.network.places.ids
        rows = [_row(p, reason, ids) for p, reason in zip(proposals, reasons, strict=True)]
        told.append(row | {"proposals": rows})
    return Gleaned(tuple(adopted), tuple(told), tuple(notices))


def _bytes(article: Article) -> tuple[bytes, list[Fault]]:
    try:
        return read_file(article.path), []
    except InputError as error:
        return b"", _passed_over(error)


def _passed_over(error: InputError) -> list[Fault]:
    return [replace(fault, mend=f"{fault.mend}; it was passed over") for fault in error.faults]


def without_reports(case: Scenario) -> Scenario:
    """Give a case with its own facts alone: no report, and no event that only its reports told."""
    told = {_open(event) for event in events_told(case.reports, case.network)}
    events = (_open(event) if event.until_announced else event for event in case.events)
    return replace(case, reports=(), events=tuple(event for event in events if event not in told))


def _open(event: Event) -> Event:
    return replace(event, until=None, until_announced=None)


def _last_seen(known: Scenario, reports: list[Report], day: date) -> tuple[tuple[float, float], ...]:
    places = known.network.places
    seen = [r for r in reports if r.place >= 0 and r.published <= day and r.kind in ("position", "stock")]
    seen.sort(key=lambda r: r.observed, reverse=True)
    spots = dict.fromkeys((float(places.lat[r.place]), float(places.lon[r.place])) for r in seen)
    first = [(float(places.lat[g.route[0]]), float(places.lon[g.route[0]])) for g in known.groups[:1]]
    return tuple(spots)[:LAST_SEEN] or tuple(first)


def _row(proposal: Proposal, reason: str, ids: tuple[str, ...]) -> dict[str, Any]:
    """Tell a proposal without a word of the article: kind, place, day and figure."""
    report = proposal.report
    return {
        "kind": report.kind,
        "place": ids[report.place] if report.place >= 0 else None,
        "observed": report.observed.isoformat(),
        "people_low": report.low,
        "people_high": report.high,
        "confidence": proposal.confidence,
        "adopted": not reason,
        "why_refused": reason,
    }
