"""From an article to proposals: what it reports of people on the move, each with the words it was read from.

Method: sentences are cut into clauses, each with at most one number of people; a cue decides the kind;
place, day, source and segment are the nearest that fit the kind, in the clause, else in the sentence, else
(place only) in an earlier sentence. What is denied, supposed, of earlier years or counts something else is
left out. Confidence falls with everything that had to be assumed; nothing is believed before somebody has
accepted it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from safepassage.adapters.news.anatomy import Find, Setting, Told
from safepassage.adapters.news.cues import CARAVAN, DISPLACED, GOES_ON, OTHERS
from safepassage.adapters.news.dates import headline_date
from safepassage.adapters.news.finds import dateline_place, finds_in
from safepassage.adapters.news.masking import Masker
from safepassage.adapters.news.names import PlaceNames
from safepassage.adapters.news.places import surroundings
from safepassage.adapters.news.plain import MOST_CHARACTERS, plain
from safepassage.adapters.news.sentences import Sentence, dateline_end, split
from safepassage.adapters.news.tongue import is_read, language_of
from safepassage.core.network import Places
from safepassage.core.report import Proposal, Report

# People to a family where an article counts families: assumed, and flagged.
UNIT_PEOPLE = 5.0
# Smaller counts could point at persons; they are told as a presence without a number.
SMALLEST_COUNT = 25
# A text of this many sentences is an article; what is read there leans on other sentences and is right less
# often than what a sentence tells by itself (measured, docs/how-to/news.md).
ARTICLE_SENTENCES = 6
IN_ARTICLE = 2 / 3
# The network's place that is nearest to a town it lacks stands for it up to here.
STANDS_FOR_KM = 40.0

HEADLINE = "from a headline: round, and without its day / de un titular: redondeado y sin su día"
_HEAD_LINES = 3

_LONG = (
    f"only the first {MOST_CHARACTERS:,} characters were read / "
    f"solo se leyeron los primeros {MOST_CHARACTERS:,} caracteres"
)
_WHOLE = (
    "a whole article: in eight that were kept aside, two days in five and one place in six were wrong; check "
    "each against its words / artículo entero: en ocho de prueba fallaron dos de cada cinco días y uno "
    "de cada "
    "seis lugares; compare cada propuesta con sus palabras"
)
_NEITHER = (
    "the text seems to be in neither Spanish nor English / el texto no parece estar en español ni en inglés"
)


@dataclass(frozen=True)
class Circumstances:
    """What the reader knows besides the article.

    Parameters
    ----------
    published : date        day of publication.
    published_basis : str   how that is known.
    source : str            the outlet or address, as the reader gives it.
    name : str              of the file, for people.
    group : str             id of the caravan the scenario is about; '' where there are none or several.
    last_seen : tuple of (lat, lon)     where it was last reported.
    """

    published: date
    published_basis: str = "told by the reader"
    source: str = ""
    name: str = "text"
    group: str = ""
    last_seen: tuple[tuple[float, float], ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Reading:
    """What was read in one article.

    Parameters
    ----------
    proposals : tuple of Proposal       in the order of the text.
    unknown_places : tuple of (str, str, float)     towns named that the network lacks: name, id of its
        nearest place ('' where none), km to it.
    notices : tuple of str      what the reader should know of the whole.
    """

    proposals: tuple[Proposal, ...]
    unknown_places: tuple[tuple[str, str, float], ...] = ()
    notices: tuple[str, ...] = ()


def publication_in(text: str) -> date | None:
    """Give the date told in the head of an article, year included; None where there is none."""
    return headline_date(plain(text[:4000]).text)


def read_article(text: str, places: Places, circumstances: Circumstances) -> Reading:
    """Propose reports from the text of an article.

    Parameters
    ----------
    text : str              as pasted; HTML is stripped. `plain.checked` has accepted it.
    places : Places         of the network that the reports are for.
    circumstances : Circumstances

    Returns
    -------
    Reading
    """
    cleaned, notices = plain(text), []
    if len(cleaned.text) > MOST_CHARACTERS:
        cleaned = replace(cleaned, text=cleaned.text[:MOST_CHARACTERS])
        notices.append(_LONG)
    if not is_read(cleaned.text):
        notices.append(_NEITHER)
    names = PlaceNames(places)
    masker = Masker(cleaned.text, names)
    setting = Setting(
        names=names,
        around=surroundings(cleaned.text, names, circumstances.last_seen),
        published=circumstances.published,
        of_caravan=_is_of_caravan(cleaned.text, circumstances.group),
    )
    tongue = language_of(cleaned.text[:20_000], "en")
    proposals: list[Proposal] = []
    unknown: dict[str, tuple[str, str, float]] = {}
    told = Told()
    sentences = split(cleaned.text)
    for whole in sentences:
        sentence = whole
        if skipped := dateline_end(whole.text):
            sentence = replace(whole, text=whole.text[skipped:], start=whole.start + skipped)
            home = dateline_place(whole.text[:skipped], setting, told.place)
            told = Told(home, home=home)
        finds, missing = finds_in(sentence.text, setting, language_of(sentence.text, tongue), told)
        for name, nearest, km in missing:
            unknown.setdefault(name, (name, places.ids[nearest] if nearest >= 0 else "", km))
        excerpt = masker.masked(sentence.text) if finds else ""
        span = (cleaned.source_of(sentence.start), cleaned.source_of(sentence.end - 1) + 1)
        heads = [_of_headline(f) for f in finds] if _is_headline(whole) else finds
        proposals += [_proposal(find, circumstances, excerpt, span) for find in heads]
        told = _told_after(told, finds, sentence.text)
    kept = _once(proposals)
    if len(sentences) >= ARTICLE_SENTENCES and kept:
        notices.append(_WHOLE)
        kept = [replace(p, confidence=round(p.confidence * IN_ARTICLE, 2)) for p in kept]
    return Reading(tuple(kept), tuple(unknown.values()), tuple(notices))


def _is_headline(sentence: Sentence) -> bool:
    """Tell a line at the head of an article that ends without a full stop."""
    return (
        sentence.paragraph < _HEAD_LINES
        and sentence.text[-1] not in '.!?…:;"”»)'
        and len(sentence.text) < 200
    )


def _of_headline(find: Find) -> Find:
    return replace(find, flags=(*find.flags, HEADLINE), confidence=find.confidence - 0.1)


def _is_told_better(head: Report, told: Report) -> bool:
    """Tell whether the text tells what a headline says, with its day or counted."""
    if head.low is None:
        return head.quality == "approx_date" and told.kind == head.kind
    counted = told.low is not None and {head.kind, told.kind} <= {"position", "stock", "arrivals"}
    return counted and head.low <= (told.low or 0.0) <= (head.high or float("inf"))


def _told_after(told: Told, finds: Sequence[Find], text: str) -> Told:
    """Give what a sentence leaves for the next ones to go on about: where the main body was, and when."""
    others = bool(OTHERS.search(text)) or (told.others and bool(GOES_ON.match(text)))
    for find in finds:
        main = find.segment in ("main", "whole")
        there = find.kind in ("position", "stock") and main
        if find.place >= 0 and (there or (find.kind in ("closure", "incident") and find.place_at >= 0)):
            told = replace(told, place=find.place, day=None if find.day_assumed else find.day)
    return replace(told, others=others)


def _is_of_caravan(text: str, group: str) -> bool:
    """Tell whether an article is of people who move as one body, rather than of camps and displacement."""
    caravan, displaced = len(CARAVAN.findall(text)), len(DISPLACED.findall(text))
    return caravan > 0 or displaced == 0 or (bool(group) and caravan >= displaced)


def _proposal(find: Find, known: Circumstances, excerpt: str, span: tuple[int, int]) -> Proposal:
    flags = list(find.flags)
    low, high, confidence = find.low, find.high, find.confidence
    if low is not None and max(low, high or low) < SMALLEST_COUNT and find.unit == "people":
        low = high = None
        flags.append("a count under 25 is not kept / no se guarda una cuenta menor de 25")
    unit_people = None
    if find.unit == "families" and low is not None:
        unit_people = UNIT_PEOPLE
        low, high = low * UNIT_PEOPLE, None if high is None else high * UNIT_PEOPLE
        flags.append(
            "counted in families: 5 people to a family are assumed / en familias: se suponen 5 personas por "
            "familia"
        )
    if not excerpt:
        flags.append(
            "the words are not kept: they may tell of a person / no se guardan las palabras: podrían hablar "
            "de una persona"
        )
    report = Report(
        observed=find.day,
        published=known.published,
        published_basis=known.published_basis,
        place=find.place,
        kind=find.kind,
        low=low,
        high=high,
        segment=find.segment,
        quality="approx" if find.vague else "approx_date" if find.day_assumed else "exact",
        source=known.source,
        group=known.group,
        to_place=find.to_place,
        quantifier=find.quantifier,
        unit=find.unit,
        unit_people=unit_people,
        source_kind=find.source_kind,
        since=find.since,
        hour=find.hour,
        excerpt=excerpt,
    )
    origin = f"{known.name}, {span[0]}-{span[1]}"
    return Proposal(
        report, origin, round(min(max(confidence, 0.05), 0.99), 2), tuple(dict.fromkeys(flags)), span
    )


def _once(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Keep what an article says twice (headline and text) once, the surer of both; and a headline without a "
    "day,
    a number or a source not at all, where the text says the same with its day.
    """
    kept: dict[tuple[object, ...], Proposal] = {}
    for proposal in proposals:
        r = proposal.report
        key = (r.kind, r.place, r.to_place, r.observed, r.low, r.high, r.quantifier, r.segment, r.source_kind)
        if key not in kept or kept[key].confidence < proposal.confidence:
            kept[key] = proposal
    told = {(p.report.kind, p.report.place) for p in kept.values() if p.report.quality != "approx_date"}
    body = [p for p in kept.values() if HEADLINE not in p.flags]
    surer = [
        p
        for p in kept.values()
        if HEADLINE not in p.flags or not any(_is_told_better(p.report, b.report) for b in body)
    ]
    surer = [
        p
        for p in surer
        if p.report.low is not None
        or p.report.quality != "approx_date"
        or (p.report.kind, p.report.place) not in told
        or p.report.kind not in ("position", "departures")
    ]
    return sorted(surer, key=lambda p: p.span or (0, 0))
