"""The hours of an offer: 6 to 14 h, de 6 a 14, 7:00-15:00, by noon, por la tarde."""

from __future__ import annotations

import re

from safepassage.adapters.offers.tokens import Words

MORNING, AFTERNOON, NOON, EVENING = (6.0, 12.0), (12.0, 19.0), (12.0, 14.0), (18.0, 21.0)
EARLIEST, LATEST = 6.0, 20.0  # where only one end is told
_HALF = (
    r"(?:a \. ?m \.?|p \. ?m \.?|am|pm|a m|p m|de la manana|de la tarde|de la noche|in the morning|"
    r"in the afternoon)"
)
_H = r"(?:horas|hora|hours|hrs|hr|hs|h|o'clock)(?: \.)?"


def _clock(mark: str) -> str:
    return rf"(?P<t{mark}>\d{{1,2}}(?:[:.]\d{{2}})?)(?: (?P<h{mark}>{_H}))?(?: (?P<p{mark}>{_HALF}))?"


_END = r"(?= [,.;)+]| (?:y|and|con|with|tenemos|we|una|un|one)\b|$)"
_SPAN = re.compile(
    rf"\b(?P<lead>(?:de|desde|from|entre|between|desde las|de las|horario|horario de|"
    rf"a partir de las) )?(?:las )?{_clock('1')} "
    rf"(?:a|to|-|(?P<and>y|and)|hasta|until|till|a las|hasta las)(?: las)? {_clock('2')}(?![\w:/])"
)
_BY = re.compile(
    rf"\b(?:antes de las|antes de|before|by|hasta las|until|till|no later than) {_clock('1')}(?![\w:/])"
)
_BY_NOON = re.compile(
    r"\b(?:antes del mediodia|antes de mediodia|antes de medio dia|by noon|before noon|by midday|"
    r"before midday|until noon|hasta mediodia|hasta el mediodia)\b"
)
_AT = re.compile(
    rf"\b(?:desde las|a partir de las|despues de las|a las|las|salen a las|salida a las|from|at|after|"
    rf"starting at|leaving at|since) {_clock('1')}(?![\w:/])"
)
_AT_LEAD = re.compile(r"\b(?:from|after|since|starting at)\b")
_PARTS = (
    (
        re.compile(
            r"\b(?:al mediodia|a mediodia|al medio dia|a medio dia|at noon|at midday|midday|mediodia)\b"
        ),
        NOON,
    ),
    (
        re.compile(
            r"\b(?:por la tarde|en la tarde|esta tarde|in the afternoon|this afternoon|afternoon|tarde)\b"
        ),
        AFTERNOON,
    ),
    (
        re.compile(
            r"\b(?:por la noche|en la noche|esta noche|in the evening|this evening|evening|tonight)\b"
        ),
        EVENING,
    ),
    (
        re.compile(
            r"\b(?:por la manana|en la manana|de manana temprano|temprano|muy temprano|in the morning|"
            r"this morning|"
            r"morning|early|esta manana)\b"
        ),
        MORNING,
    ),
)
HOUR_WORDS = frozenset(
    "horas hours mediodia noon morning afternoon evening temprano tarde noche antes before".split()
)


def hours_in(words: Words) -> tuple[float, float] | None:
    """Read the first and last hour of a line, and mark their words as understood; None: not told."""
    clock = _span(words) or _one_end(words)
    part = _part_of_day(words)  # also where a clock is told: its words are then understood
    return clock or part


def _span(words: Words) -> tuple[float, float] | None:
    for found in _SPAN.finditer(words.plain):
        if not _is_free(words, found) or not _is_span(words.plain, found):
            continue
        first, last = _hour(found, "1"), _hour(found, "2")
        if found["p2"] and not found["p1"] and first < last - 12 and _half(found["p2"]) == "p":
            first += 0 if first >= 5 else 12  # "2 to 6 pm", but "8 to 6 pm" begins in the morning
        last = last + 12 if last <= first and last + 12 <= 24 else last
        if 0 <= first < last <= 24:
            _take(words, found)
            return first, last
    return None


def _one_end(words: Words) -> tuple[float, float] | None:
    if (noon := _BY_NOON.search(words.plain)) and _is_free(words, noon):
        _take(words, noon)
        return EARLIEST, 12.0
    if (by := _BY.search(words.plain)) and _is_free(words, by) and _is_clock(words.plain, by):
        hour = _hour(by, "1")
        if EARLIEST < hour <= 24:
            _take(words, by)
            return EARLIEST, hour
    for at in _AT.finditer(words.plain):
        if _is_free(words, at) and _is_clock(words.plain, at) and _hour(at, "1") < LATEST:
            _take(words, at)
            return _hour(at, "1"), LATEST
    return None


def _part_of_day(words: Words) -> tuple[float, float] | None:
    """Read "por la tarde"; the words of "esta tarde" are left for the day that they tell as well."""
    for pattern, hours in _PARTS:
        if (found := pattern.search(words.plain)) and _is_free(words, found):
            tokens = words.covered(found.start(), found.end())
            before = words.plain[: found.start()].split()
            if before and before[-1].isdigit() and found[0] in ("morning", "tarde"):
                continue
            if not found[0].startswith(("esta ", "this ", "tonight")):  # these tell the day as well
                words.take(tokens)
            return hours
    return None


def _is_span(plain: str, found: re.Match[str]) -> bool:
    """Tell "6 to 14" as hours from "6 to 14 volunteers": a mark of hours, or nothing counted behind."""
    first, last = found["t1"], found["t2"]
    if any(int(re.split("[:.]", t)[0]) > 24 for t in (first, last)):
        return False
    if found["h1"] or found["h2"] or found["p1"] or found["p2"] or re.search("[:.]", first + last):
        return True
    if found["and"] and not found["lead"]:
        return False  # "12 and 13"
    return re.match(_END, plain[found.end() :]) is not None


def _is_clock(plain: str, found: re.Match[str]) -> bool:
    if int(re.split("[:.]", found["t1"])[0]) > 24:
        return False
    if found["h1"] or found["p1"] or re.search("[:.]", found["t1"]) or re.search(r"\blas\b|\bat\b", found[0]):
        return True
    return re.match(_END, plain[found.end() :]) is not None


def _hour(found: re.Match[str], mark: str) -> float:
    hour, _, minutes = found[f"t{mark}"].replace(".", ":").partition(":")
    value = int(hour) + int(minutes or 0) / 60
    half = _half(found[f"p{mark}"])
    if half == "p" and value < 12:
        value += 12
    return 0.0 if half == "a" and value >= 12 else value


def _half(words: str | None) -> str:
    if not words:
        return ""
    return "p" if words[0] == "p" or "tarde" in words or "noche" in words or "afternoon" in words else "a"


def _is_free(words: Words, found: re.Match[str]) -> bool:
    return words.is_free(words.covered(found.start(), found.end()))


def _take(words: Words, found: re.Match[str]) -> None:
    words.take(words.covered(found.start(), found.end()))
