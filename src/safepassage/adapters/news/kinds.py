"""What a sentence tells: clauses, the cue that decides the kind of each, and whether it is told as a fact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from safepassage.adapters.news.cues import (
    HOUR,
    KINDS,
    NEGATED,
    SEGMENTS,
    SUPPOSED,
    SUPPOSED_AFTER,
    TAKEN_BACK,
)
from safepassage.adapters.news.numbers import BARE, FAMILIES, PEOPLE, Figure, number_word

# Kinds of news that stand beside a count in the same sentence rather than explaining it.
BREAKING = frozenset(
    "transport_withdrawn transport_offered reopening shelter_opened shelter_closed closure claims returns "
    "detentions "
    "next_stop".split()
)
_TOLD = BREAKING - {"claims", "returns", "detentions"}
_BOUNDARY = re.compile(
    r";|:(?=\s)|,\s+(?:(?:y|and|pero|but|mientras|while|donde|where|aunque|although)\s+)?|\s+(?:y|e|and|pero|"
    r"but|mientras(?: que)?|while|"
    r"donde|where)\s+|\s+[—–-]\s+|[()]"
)
_ASIDE = re.compile(
    r"\b(?:who|which|that|que|quienes)\s+(?:had|have|has|hab[ií]an?|han?)?\s*(?:descansado de d[ií]a)?\s*$",
    re.I,
)


@dataclass(frozen=True)
class Cue:
    """A word that tells what happened.

    Parameters
    ----------
    start, end : int
    kind : str          of `cues.KINDS`.
    as_fact : bool      neither denied nor supposed.
    aside : bool        told in passing ("who had crossed the river").
    """

    start: int
    end: int
    kind: str
    as_fact: bool
    aside: bool


@dataclass(frozen=True)
class Clause:
    """A part of a sentence that tells one thing.

    Parameters
    ----------
    start, end : int            in the sentence.
    cues : tuple of Cue
    figures : tuple of Figure   those that may be a size: people, families, or nothing named.
    after_semicolon : bool      it stands by itself: what was said before does not vouch for it.
    """

    start: int
    end: int
    cues: tuple[Cue, ...]
    figures: tuple[Figure, ...]
    after_semicolon: bool = False


def cues_in(text: str) -> list[Cue]:
    """Find what a sentence tells; of overlapping cues the plainer kind is kept."""
    found: list[Cue] = []
    for kind, pattern in KINDS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < c.end and c.start < end and not _both(kind, c.kind, match[0]) for c in found):
                continue
            before = text[max(0, start - 70) : start]
            aside = bool(_ASIDE.search(before))
            found.append(Cue(start, end, kind, _is_fact(text, start, end, kind), aside))
    return sorted(found, key=lambda c: (c.start, c.end))


# "withdrew its offer", "lifted the closure": the noun names what is ended, and tells of no second act.
_ENDED = re.compile(r"\b(?:offers?|ofertas?|ofrecimientos?|promises?|promesas?)\b", re.I)
_SHUT = re.compile(
    r"\b(?:cerr(?:ó|aron)|bloque(?:ó|aron)|(?:was|were|been) (?:shut|closed|blocked)|blocked)\b", re.I
)


def _both(kind: str, other: str, words: str) -> bool:
    """Tell whether two cues that share words are two acts: offered, then withdrawn; shut, then reopened."""
    pair = {kind, other}
    if pair == {"transport_offered", "transport_withdrawn"}:
        return not _ENDED.search(words)
    return pair == {"closure", "reopening"} and bool(_SHUT.search(words))


# Within the words of a closure or an offer: "the bridge was not closed", "when it would reopen".
_UNDONE = re.compile(
    r"\b(?:not|never|nunca|no(?!\.? ?\d)|would|could|may|might|podr[ií]an?|cuando se|whether|si)\b|n['’]t\b",
    re.I,
)


# What somebody only asks for, or thinks about: "asked the government to open shelters".
_ASKED_FOR = re.compile(
    r"\b(?:pid(?:e|en|ió|ieron)|exig\w+|exhort\w+|solicit\w+|urgi\w+|propus\w+|propon\w+|eval[uú]a\w*|"
    r"analiza\w*|"
    r"considera\w*|ask(?:s|ed|ing)?|urg(?:es?|ed|ing)|call(?:s|ed|ing) (?:on|for)|demand\w*|request\w*|"
    r"consider(?:s|ed|ing)?|propos\w+|weigh(?:s|ed|ing)|wants?|wanted)\b[^.;:,]{0,45}?"
    r"\b(?:abrir|cerrar|reabrir|habilitar|instalar|ofrecer|to (?:\w+ )?(?:open|close|shut|reopen|set up|"
    r"offer|"
    r"provide)|(?:que|to be)\s+\w+|opening|closing|reopening|buses|autobuses|camiones)\b",
    re.I,
)


def _is_fact(text: str, start: int, end: int, kind: str) -> bool:
    before = text[max(0, start - 70) : start]
    before = re.split(r"[.;:]\s", before)[-1]
    if TAKEN_BACK.search(text[:start]) or NEGATED.search(before):
        return False
    if kind in _TOLD - {"next_stop"} and (
        _UNDONE.search(text[start:end]) or _ASKED_FOR.search(text[max(0, start - 70) : end])
    ):
        return False
    if kind in _TOLD:
        return not re.search(
            r"\b(?:could|may|might|podr[ií]an?|would|if|si)\b[^.;]{0,30}$", before + text[start:end][:8], re.I
        )
    last = re.split(r",\s", before)[-1]
    if SUPPOSED.search(last):
        return False
    return not re.match(r"(?:\s*\w+){0,2}\s*(?:expected|likely)\b", text[end : end + 30])


def is_supposed(text: str, figure: Figure) -> bool:
    """Tell whether a number is only expected, feared or denied."""
    before = re.split(r"[.;:]\s|,\s", text[max(0, figure.start - 70) : figure.start])[-1]
    if TAKEN_BACK.search(text[: figure.start]):
        return True
    if re.search(
        r"\b(?:could|may|might|podr[ií]an?|will|ser[aá]n|expected?|se esperan?|espera(?:n|"
        r"ba)?)\b[^.;,]{0,25}$",
        before,
        re.I,
    ):
        return True
    return bool(SUPPOSED_AFTER.match(text[figure.noun_end :]))


def clauses_of(text: str, cues: list[Cue], figures: list[Figure]) -> list[Clause]:
    """Cut a sentence where a second number, or another kind of news, begins."""
    sizes = [f for f in figures if f.counts in (PEOPLE, FAMILIES, BARE)]
    cuts = [0]
    for boundary in _BOUNDARY.finditer(text):
        inside = any(f.start < boundary.end() and boundary.start() < f.noun_end for f in figures)
        if not inside and boundary.end() < len(text):
            cuts.append(boundary.end())
    cuts.append(len(text))
    clauses: list[Clause] = []
    for begin, end in pairwise(cuts):
        piece = _clause(text, begin, end, cues, sizes)
        if clauses and not _begins_anew(text, clauses[-1], piece):
            clauses[-1] = _clause(text, clauses[-1].start, end, cues, sizes)
        else:
            clauses.append(piece)
    return clauses


def _clause(text: str, begin: int, end: int, cues: list[Cue], sizes: list[Figure]) -> Clause:
    return Clause(
        begin,
        end,
        tuple(c for c in cues if begin <= c.start < end),
        tuple(f for f in sizes if begin <= f.start < end),
        text[max(0, begin - 2) : begin].strip().endswith(";") or text[:begin].rstrip().endswith(";"),
    )


def _begins_anew(text: str, before: Clause, piece: Clause) -> bool:
    if piece.figures and before.figures:
        return True
    news = {c.kind for c in piece.cues} & BREAKING
    known = {c.kind for c in before.cues}
    return bool(news - known) and bool(known or before.figures)


# Those whom others wait for are not those who are there.
_WAITED_FOR = re.compile(
    r"\b(?:wait\w* (?:up )?for|esper\w+ a|a la espera de|aguard\w+ a)\s+(?:the |l[oa]s |sus |their )?\w+",
    re.I,
)


def segment_of(words: str) -> str:
    """Give the part of a caravan that is spoken of; '' where nothing tells."""
    words = _WAITED_FOR.sub(" ", words)
    return next((segment for segment, pattern in SEGMENTS if pattern.search(words)), "")


_HOURS_NAMED = (
    (
        5,
        re.compile(
            r"\b(?:at|from|around) (?:dawn|daybreak|first light|sunrise)\b|\bal (?:amanecer|alba)\b", re.I
        ),
    ),
    (12, re.compile(r"\bat (?:noon|midday)\b|\b(?:al|a) mediod[ií]a\b", re.I)),
    (0, re.compile(r"\bat midnight\b|\ba (?:la )?medianoche\b", re.I)),
)


def hour_named(words: str) -> int | None:
    """Give the hour that a word stands for: dawn 5 (judged, for the tropics), noon 12, midnight 0."""
    return next((hour for hour, pattern in _HOURS_NAMED if pattern.search(words)), None)


def hour_in(words: str) -> int | None:
    """Give the hour of departure that is told, 0 to 23; None where none is."""
    match = HOUR.search(words)
    if not match:
        return None
    number = number_word(match["es"] or match["en"])
    part = (match["part"] or match["half"] or "").casefold()
    if number is None or not 0 <= number <= 24:
        return None
    hour = int(number) % 24
    if hour < 12 and re.search(r"tarde|noche|p\.?\s?m|afternoon|evening", part):
        return hour + 12
    return 0 if hour == 12 and re.search(r"a\.?\s?m|noche|madrugada", part) else hour
