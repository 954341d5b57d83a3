"""Which kind of source a sentence names for what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from safepassage.adapters.news.lexicon import SOURCES

_NAMED = tuple((kind, re.compile(rf"(?<!\w)(?:{words})(?!\w)")) for kind, words in SOURCES)
_SAYS = (
    r"(?:sa(?:id|ys?)|told|estimat\w+|count\w+|report\w+|put\b|puts\b|spoke|speaks?|claim\w+|announc\w+|"
    r"added|confirm\w+|"
    r"calculat\w+|register\w+|record\w+|acknowledg\w+|dij(?:o|eron)|inform\w+|indic\w+|asegur\w+|calcul\w+|"
    r"estim\w+|"
    r"contabiliz\w+|cont(?:ó|aron)|cifr\w+|habl(?:a|an|ó|aron)|precis\w+|report\w+|registr\w+|anunci\w+|"
    r"señal\w+|"
    r"sostien\w+|sostuv\w+|reconoc\w+|confirm\w+|detall\w+|afirm\w+|document\w+|manej\w+|sit[úu]an?|"
    r"according|observed|observ(?:ó|aron)|verif\w+|helped|assisted|ayud\w+|"
    r"tall(?:y|ied)|monitored|track\w+)"
)
_SAYS_BEFORE = re.compile(
    rf"(?:\b(?:seg[úu]n|de acuerdo con|de acuerdo a|a juicio de|according to|per|by|por|fuentes de|datos de|"
    rf"cifras de|"
    rf"figures from|data from|estimate (?:by|from|of)|informaci[oó]n de|{_SAYS})\b[^,;.]{{0,45}})$",
    re.I,
)
_SAYS_AFTER = re.compile(
    rf"^(?:,[^.;,]{{0,70}},)?[^,;.]{{0,55}}?\b{_SAYS}\b|^\s*(?:estimates?|figures?|count|data)\b|"
    rf"^[^.;]{{0,25}}?,?\s+(?:de|of|a)\s+(?=\d)",
    re.I,
)
_WHO_WAS_THERE = re.compile(r"^\s*(?:que|who|bloque\w+|block\w+|deten\w+|detain\w+|escort\w+)", re.I)


@dataclass(frozen=True)
class Source:
    """A source named in a sentence: where, and of which kind."""

    start: int
    end: int
    kind: str


def sources_in(text: str) -> list[Source]:
    """Give the sources that a sentence makes speak, in the order of the text.

    Institutions that are only mentioned ("the police blocked a bridge") are none.
    """
    found: list[Source] = []
    for kind, match in _mentions(text):
        start, end = match.span()
        if any(start < s.end and s.start < end for s in found) or not _speaks(text, start, end):
            continue
        found.append(Source(start, end, kind))
    return sorted(found, key=lambda s: s.start)


def _mentions(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Give every institution named; the first word of a sentence is tried without its capital, too."""
    small = text[:1].lower() + text[1:]
    for kind, pattern in _NAMED:
        yield from ((kind, match) for match in pattern.finditer(text))
        if (match := pattern.match(small)) and small != text:
            yield kind, match


def actors_in(text: str) -> list[Source]:
    """Give every institution that is mentioned; what a government offers or shuts, it says itself."""
    return sorted({Source(*match.span(), kind) for kind, match in _mentions(text)}, key=lambda s: s.start)


def _speaks(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 70) : start], text[end : end + 90]
    if _SAYS_BEFORE.search(before):
        return True
    return bool(_SAYS_AFTER.match(after)) and not _WHO_WAS_THERE.match(after)
