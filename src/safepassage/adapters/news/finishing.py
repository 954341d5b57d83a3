"""What a find lacks once it has kind, place and day: figure, segment, source, what a reviewer sees."""

from __future__ import annotations

import re
from dataclasses import replace

from safepassage.adapters.news.anatomy import AUTHORITY_KINDS, PLACELESS, Find, Parts
from safepassage.adapters.news.cues import (
    GOES_ON,
    ONE_SHELTER,
    OTHERS,
    SO_FAR,
    STILL_THERE,
    WINDOW,
)
from safepassage.adapters.news.kinds import Clause, Cue, hour_in, segment_of
from safepassage.adapters.news.numbers import BARE, FAMILIES, Figure
from safepassage.adapters.news.sources import Source, actors_in

# "was hosting 250,000 before the attack"; "before dawn" and "before the weekend" are days of their own.
_OF_BEFORE = re.compile(
    r"[^.;,]{0,40}\b(?:(?:before|prior to) (?:the|its|that|this) (?!(?:week|sun|night|end))|"
    r"antes de(?:l| la| los| las) (?!(?:alba|amanecer|anochecer|mediod|media|fin|noche|\d))|a year (?:ago|"
    r"earlier)|"
    r"un año (?:antes|atr[aá]s))",
    re.I,
)
_OFFICE = re.compile(r"\b(?:polic|police|agents?|agentes|officers)", re.I)


def finished_find(
    sentence: Parts, clause: Clause, find: Find, figure: Figure | None, cue: Cue | None
) -> Find:
    """Give the find with its figure, segment and source, and what a reviewer should look at."""
    words = sentence.text[clause.start : clause.end]
    segment, source = (
        _segment(sentence, words, find, figure),
        _source_kind(sentence, clause, figure, cue, find),
    )
    flags, confidence = list(find.flags), find.confidence
    if segment == "main" and _is_left_behind(sentence, clause, find, figure):
        segment = "rear"
        flags.append("stayed elsewhere than the main body / se quedaron en otro lugar que el grueso")
        confidence -= 0.15
    if _is_of_others(sentence):
        of_group = (other := OTHERS.search(sentence.text)) and not re.search(r"caravan", other[0], re.I)
        segment = "branch" if of_group and segment == "main" and find.kind in _OF_A_GROUP else segment
        flags.append("speaks of another or a new caravan / habla de otra caravana o de una nueva")
        confidence -= 0.3
    if cue is None:
        confidence -= 0.1
        flags.append("no verb tells what was counted / ningún verbo dice qué se contó")
    if find.kind == "shelter_opened" and sentence.rooms:
        return _with_room(sentence, clause, replace(find, source_kind=source, flags=tuple(flags)))
    if figure is None or find.kind == "incident":
        return replace(find, segment=segment, source_kind=source, flags=tuple(flags), confidence=confidence)
    if _OF_BEFORE.match(sentence.text[figure.noun_end : figure.noun_end + 90]):
        confidence -= 0.3
        flags.append("perhaps of an earlier time / quizá de una época anterior")
    if figure.counts == BARE:
        confidence -= 0.1
        flags.append("the number names nothing: taken as people / cifra sin nombre: se toma como personas")
    if figure.vague:
        confidence -= 0.05
        flags.append(
            "a number nobody counted: taken as a wide range / nadie lo contó: se toma un rango amplio"
        )
    hour = hour_in(words) if find.kind == "departures" else find.hour
    return replace(
        find,
        low=figure.low,
        high=figure.high,
        quantifier=figure.quantifier,
        unit="families" if figure.counts == FAMILIES else "people",
        segment=segment,
        source_kind=source,
        flags=tuple(flags),
        confidence=confidence,
        vague=figure.vague,
        hour=hour,
    )


_OF_A_GROUP = frozenset(("position", "departures"))


def _is_of_others(sentence: Parts) -> bool:
    """Tell whether a sentence is of another caravan, or goes on about one."""
    return bool(OTHERS.search(sentence.text)) or (sentence.told.others and bool(GOES_ON.match(sentence.text)))


def _is_left_behind(sentence: Parts, clause: Clause, find: Find, figure: Figure | None) -> bool:
    """Tell people who are still somewhere else than where the article last placed the main body."""
    if figure is None or find.kind != "position" or find.place_at < 0 or not sentence.setting.of_caravan:
        return False
    elsewhere = sentence.told.place >= 0 and find.place != sentence.told.place
    return elsewhere and bool(STILL_THERE.search(sentence.text[clause.start : clause.end]))


def _with_room(sentence: Parts, clause: Clause, find: Find) -> Find:
    """Give an opened shelter the number of people that it has room for."""
    room = min(sentence.rooms, key=lambda f: (not clause.start <= f.start < clause.end, f.start))
    flag = "the number is room, not people present / la cifra es el cupo, no las personas presentes"
    return replace(find, low=room.low, high=room.high, quantifier=room.quantifier, flags=(*find.flags, flag))


def _segment(sentence: Parts, words: str, find: Find, figure: Figure | None) -> str:
    if find.kind in AUTHORITY_KINDS | {"incident", "next_stop"}:
        return "main"
    text = sentence.text
    if find.kind == "claims" or (
        find.kind in {"returns", "detentions"} and SO_FAR.search(text) and not WINDOW.search(text)
    ):
        return "cumulative"
    if find.kind == "arrivals" and SO_FAR.search(words) and not WINDOW.search(words):
        return "cumulative"
    if find.kind in ("departures", "crossings") and find.since and not WINDOW.search(text):
        return "cumulative"
    if find.kind in PLACELESS:
        return "main"
    if find.kind == "stock" and ONE_SHELTER.search(words):
        return "branch"
    if figure is not None and re.search(
        r"\bpasaron por\b|\bpor \w+ pasaron\b|passed through|han pasado|ha pasado", words, re.I
    ):
        return "cumulative"
    told = segment_of(words)
    return told or ("branch" if segment_of(text) == "branch" and figure is not None else "main")


def _vouches_for_a_number(sentence: Parts, source: Source) -> bool:
    """Tell who only counted ("which police put at 1,400") from who tells it all."""
    after = sentence.text[source.end : source.end + 25]
    return bool(
        re.match(r"\s+(?:estimates?|puts?|counts?|say numbers|calcula|estima|cifra)\b[^.;,]{0,14}\d", after)
    )


def _source_kind(sentence: Parts, clause: Clause, figure: Figure | None, cue: Cue | None, find: Find) -> str:
    """Give the kind of source that vouches for a find: in its clause, else for the whole sentence."""
    at = figure.start if figure else cue.start if cue else clause.start
    sources = list(sentence.sources)
    if find.kind in AUTHORITY_KINDS:
        sources += [
            a
            for a in actors_in(sentence.text)
            if a.kind == "official" and not _OFFICE.match(sentence.text[a.start : a.end])
        ]
    mine = [s for s in sources if clause.start <= s.start < clause.end]
    if mine:
        return min(mine, key=lambda s: abs(s.start - at)).kind
    if clause.after_semicolon:
        return "press"
    if find.kind == "stock" and any(a.kind == "shelter" and a.start < at for a in actors_in(sentence.text)):
        sources = sources or [a for a in actors_in(sentence.text) if a.kind == "shelter"]
    if figure is None:
        sources = [s for s in sources if not _vouches_for_a_number(sentence, s)]
    rest = [s for s in sources if ";" not in sentence.text[min(s.start, at) : max(s.start, at)]]
    return min(rest, key=lambda s: abs(s.start - at)).kind if rest else "press"
