"""What a report must be before it is kept: possible figures and dates, known words, nothing of a person."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from safepassage.adapters.folder.cells import NOTHING_DAY
from safepassage.adapters.folder.dates import FIRST_YEAR, LAST_YEAR
from safepassage.adapters.folder.findings import shown
from safepassage.adapters.folder.privacy import EXPECTED, MENDS, is_personal_column, personal_in
from safepassage.adapters.report_store.masking import hides, masked, visible
from safepassage.core.errors import Fault, InputError
from safepassage.core.report import (
    ANNOUNCED_KINDS,
    MOST_PEOPLE,
    PLACED_KINDS,
    QUALITIES,
    QUANTIFIERS,
    RELIABILITIES,
    REPORT_KINDS,
    SEGMENTS,
    SOURCE_KINDS,
    UNITS,
    AgreedFigure,
    Proposal,
    Report,
)

MOST_LETTERS = 2_000  # of a note or a source; an article is not a note
MOST_EXCERPT_LETTERS = 1_000
MOST_FAMILY_PEOPLE = 50.0
_WORDS = {
    "kind": REPORT_KINDS,
    "segment": SEGMENTS,
    "quality": QUALITIES,
    "quantifier": QUANTIFIERS,
    "unit": UNITS,
    "source_kind": SOURCE_KINDS,
    "reliability": RELIABILITIES,
}
_TEXTS = ("source", "note", "published_basis", "group", "copied_from")
_KEY = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Found:
    """One thing wrong with a report: in which of its fields, what, what would be right, how to mend it."""

    field: str
    found: str
    expected: str
    mend: str

    def fault(self, origin: str) -> Fault:
        """Tell it as a fault of what was read."""
        return Fault(origin, self.found, self.expected, self.mend, column=self.field)


def screened(report: Report, places: int) -> tuple[Report, list[Found]]:
    """Give a report as it would be kept, and everything that keeps it from being stored.

    Parameters
    ----------
    places : int        number of places of the network.
    """
    texts = {name: getattr(report, name) for name in _TEXTS} | dict(report.extra)
    long = [
        Found(name[:60], f"{len(text):,} letters", f"at most {MOST_LETTERS:,}", "shorten it")
        for name, text in texts.items()
        if len(text) > 10 * MOST_LETTERS
    ]
    if long:  # not looked at any further: it may be of any size
        return report, long
    kept = _plain(report)
    return kept, [*wrong_shape(kept, places), *_personal(kept)]


def _plain(report: Report) -> Report:
    """Give days without hours, figures as floats, words without unseen letters, the excerpt masked."""
    extra = tuple((visible(name), visible(cell)) for name, cell in report.extra)
    return replace(
        report,
        observed=_day(report.observed),
        published=_day(report.published),
        since=_day(report.since) if report.since is not None else None,
        low=_number(report.low),
        high=_number(report.high),
        unit_people=_number(report.unit_people),
        excerpt=_short(masked(visible(report.excerpt[: 20 * MOST_EXCERPT_LETTERS]))),
        extra=tuple((name, cell) for name, cell in extra if cell),
        source=visible(report.source),
        note=visible(report.note),
        published_basis=visible(report.published_basis),
        group=visible(report.group),
        copied_from=visible(report.copied_from),
    )


def flags_of(proposal: Proposal) -> tuple[str, ...]:
    """Give the proposal's flags, and one where letters that cannot be seen were taken out of its words."""
    report = proposal.report
    unseen = [name for name in ("source", "note", "excerpt") if hides(getattr(report, name)[:MOST_LETTERS])]
    told = [f"letters that cannot be seen were taken out of {name}" for name in unseen]
    said = (masked(visible(flag[:500])) for flag in proposal.flags)
    return tuple(dict.fromkeys([*filter(None, said), *told]))


def wrong_shape(report: Report, places: int) -> Iterator[Found]:
    """Give what is impossible in a report's dates, figures, words and places."""
    for name, among in _WORDS.items():
        if (word := getattr(report, name)) not in among:
            yield Found(name, shown(str(word)), f"one of {', '.join(filter(None, among))}", "choose one")
    for name in _TEXTS:
        if len(text := getattr(report, name)) > MOST_LETTERS:
            yield Found(name, f"{len(text):,} letters", f"at most {MOST_LETTERS:,}", "shorten it")
    if report.copied_from and not _KEY.fullmatch(report.copied_from):
        yield Found("copied_from", shown(report.copied_from), "the key of a report", "leave it empty")
    yield from _wrong_days(report)
    yield from _wrong_figures(report)
    yield from _wrong_places(report, places)


def wrong_agreed(figure: AgreedFigure, places: int) -> list[Found]:
    """Give everything that keeps an agreed figure from being stored."""
    wrong = [found for name in ("day", "agreed") for found in _wrong_year(name, getattr(figure, name))]
    if not (math.isfinite(figure.people) and 0 <= figure.people <= MOST_PEOPLE):
        wrong.append(Found("people", str(figure.people), f"people from 0 to {MOST_PEOPLE:,}", "correct it"))
    if not -1 <= figure.place < places:
        wrong.append(Found("place", str(figure.place), "a place of the network", "name a place"))
    for name in ("reason", "role"):
        text = getattr(figure, name)
        if not text:
            wrong.append(
                Found(name, "nothing", "a few words", f"say the {name}: it stands beside the figure")
            )
        if len(text) > MOST_LETTERS:
            wrong.append(Found(name, f"{len(text):,} letters", f"at most {MOST_LETTERS:,}", "shorten it"))
    return [*wrong, *_personal_words({name: getattr(figure, name) for name in ("reason", "role", "group")})]


def plain_agreed(figure: AgreedFigure) -> AgreedFigure:
    """Give an agreed figure as it is kept."""
    return replace(
        figure,
        day=_day(figure.day),
        agreed=_day(figure.agreed),
        people=float(figure.people),
        reason=visible(figure.reason[: 2 * MOST_LETTERS]),
        role=visible(figure.role[: 2 * MOST_LETTERS]),
        group=visible(figure.group[:MOST_LETTERS]),
    )


def refuse_words(texts: dict[str, str], origin: str) -> None:
    """Raise where free words hold what no file of ours may hold, or are too long.

    Raises
    ------
    InputError
    """
    wrong = [
        Found(name, f"{len(text):,} letters", f"at most {MOST_LETTERS:,}", "shorten it")
        for name, text in texts.items()
        if len(text) > MOST_LETTERS
    ]
    if wrong := [*wrong, *_personal_words(texts)]:
        raise InputError(found.fault(origin) for found in wrong)


def _wrong_year(name: str, day: date) -> Iterator[Found]:
    if not FIRST_YEAR <= day.year <= LAST_YEAR or day == NOTHING_DAY:
        yield Found(name, day.isoformat(), f"a year from {FIRST_YEAR} to {LAST_YEAR}", "correct the date")


def _wrong_days(report: Report) -> Iterator[Found]:
    for name in ("observed", "published", "since"):
        if (day := getattr(report, name)) is not None:
            yield from _wrong_year(name, day)
    if report.published < report.observed and report.kind not in ANNOUNCED_KINDS:
        expected = f"a day from the observation on ({report.observed})"
        mend = "exchange or correct the two dates: nothing is known before it happens"
        yield Found("published", report.published.isoformat(), expected, mend)
    if report.since is not None and report.since > report.observed:
        expected = f"a day up to the observation ({report.observed})"
        yield Found("since", report.since.isoformat(), expected, "exchange or correct the two dates")
    if report.hour is not None and report.hour not in range(24):
        yield Found("hour", str(report.hour), "an hour from 0 to 23", "correct it, or leave it out")


def _wrong_figures(report: Report) -> Iterator[Found]:
    low, high = report.low, report.high
    for name, value in (("people_low", low), ("people_high", high)):
        if value is not None and not (math.isfinite(value) and 0 <= value <= MOST_PEOPLE):
            yield Found(name, str(value), f"people from 0 to {MOST_PEOPLE:,}", "correct it, or leave it out")
    if low is None and high is not None:
        yield Found("people_low", "nothing", "a number where people_high has one", "write 0 for 'up to'")
    if low is not None and high is not None and low > high:
        yield Found(
            "people_low", f"{low:g} above {high:g}", "people_low at most people_high", "exchange them"
        )
    size = report.unit_people
    if size is not None and not (math.isfinite(size) and 1 <= size <= MOST_FAMILY_PEOPLE):
        expected = f"people per family, 1 to {MOST_FAMILY_PEOPLE:.0f}"
        yield Found("people_per_family", str(size), expected, "correct it")


def _wrong_places(report: Report, places: int) -> Iterator[Found]:
    for name in ("place", "to_place"):
        if not -1 <= getattr(report, name) < places:
            yield Found(name, str(getattr(report, name)), "a place of the network", "name a place")
    if report.place == -1 and report.kind in PLACED_KINDS:
        expected = f"a place: a report of kind {report.kind} speaks of one"
        yield Found("place", "no place", expected, "name a place of the network")


def _personal(report: Report) -> Iterator[Found]:
    texts = {"note": report.note, "source": report.source, "published_basis": report.published_basis}
    yield from _personal_words(texts | {"group": report.group, "excerpt": report.excerpt})
    for name, cell in report.extra:
        if is_personal_column(name, "reports.csv"):
            yield Found(name[:60], "a column about persons or exact spots", EXPECTED, "leave the column out")
        elif len(cell) > MOST_LETTERS or len(name) > 100:
            yield Found(name[:60], f"{len(cell):,} letters", f"at most {MOST_LETTERS:,}", "shorten it")
        else:
            yield from _personal_words({name: cell})


def _personal_words(texts: dict[str, str]) -> Iterator[Found]:
    for name, text in texts.items():
        if problem := personal_in(text[:MOST_LETTERS]):
            yield Found(name, problem, EXPECTED, MENDS[problem])


def _short(text: str) -> str:
    return text if len(text) <= MOST_EXCERPT_LETTERS else text[: MOST_EXCERPT_LETTERS - 1] + "…"


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _day(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day
