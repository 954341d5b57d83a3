"""Where sentences begin and end, in Spanish and English, with abbreviations left whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

# No sentence is longer than this: a text without full stops is cut at a comma or a space.
LONGEST = 900
_END = re.compile(r"(?P<stop>[.!?…]+)(?P<close>[\"'”’»)\]]*)(?=\s+[\"'“‘«(\[¿¡—–-]*\s*[A-ZÁÉÍÓÚÑÜ0-9])|\n+")
_SHORT = re.compile(
    r"(?:^|[\s(«“\"'])(?:Sr|Sra|Srta|Dr|Dra|Lic|Ing|Gral|Cap|Col|Arq|Prof|Mr|Mrs|Ms|Gov|Gen|Rep|Sen|Rev|Lt|"
    r"Sgt|Capt|"
    r"St|Ste|Sta|Sto|Av|Avda|Blvd|No|Núm|Num|núm|vs|etc|aprox|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|"
    r"Dec|"
    r"ene|feb|mar|abr|jun|jul|ago|sep|sept|oct|nov|dic|EE|UU|EE\.UU|EE\. UU|U\.S|U\.N|D\.C|a\.m|p\.m|a\. m|"
    r"p\. m|Ph\.D|Mt|Ft|Jr|approx|"
    r"[A-ZÁÉÍÓÚÑ])$"
)
# An abbreviation that may well end a sentence: it does where a new one plainly begins.
_ENDING = re.compile(r"(?:a\. ?m|p\. ?m|etc|Jr)$")
_BEGINS = re.compile(
    r"\s+(?:The|A|An|In|On|At|By|But|It|They|He|She|We|El|La|Los|Las|En|Un|Una|Según|Los|Por|Se)\b"
)


# "TAPACHULA, Mexico (AP) —": where and by whom it was written, not what happened there.
_DATELINE = re.compile(
    r"(?:[A-ZÁÉÍÓÚÑ][^.!?\n—–]{1,70}?(?:\b[A-Za-z]{3,4}\.?[^.!?\n—–]{0,25}?)?)(?:\([^()]{2,50}\)|"
    r"/[^/\n]{2,30}/|"
    r"[A-Z]{3,})?\s*"
    r"(?:\.\s?[-–—]{1,2}|\s[-–—]{1,2}|[–—])\s*(?=[\w\"“«¿¡])"
)


def dateline_end(text: str) -> int:
    """Give where the dateline of a paragraph ends; 0 where it has none.

    It begins with a town in capitals or holds an agency in parentheses, and ends with a dash.
    """
    found = _DATELINE.match(text)
    if not found:
        return 0
    words = found[0]
    shouted = re.match(r"[A-ZÁÉÍÓÚÑ]{3,}", words)
    return found.end() if shouted or "(" in words or re.search(r"\.\s?[-–—]+\s*$", words) else 0


# What is told only of a part of a crowd, or to compare with: "…, including 102 children, …", "half of
# those who".
_OF_A_PART = re.compile(
    r",\s+(?:including|among them|many of them|most of them|mostly|mainly|most from|many from|incluid[oa]s?|"
    r"incluyendo|entre (?:ellos|ellas)|muchos de ellos|la mayor[ií]a|en su mayor[ií]a|sobre todo)\b"
    r"[^.;,]{0,80},(?=\s)",
    re.I,
)
_OF_THOSE = re.compile(
    r"\b(?:(?:la )?mitad|(?:una? )?(?:tercera? parte|tercio|cuarta parte|parte)|(?:menos|"
    r"m[aá]s)) de l[oa]s que\b"
    r"[^.;,]{0,90}|\b(?:(?:about |less than |more than |only )?(?:half|a third|a quarter|a fraction)|"
    r"fewer|more)"
    r" (?:of |than )?(?:those|the [\w,.]+(?: [\w]+)?|as many) (?:who|that|which|as)\b[^.;,]{0,90}",
    re.I,
)


def without_asides(text: str) -> str:
    """Blank what a sentence tells only of a part of a crowd, or to compare with; same length."""
    for pattern in (_OF_A_PART, _OF_THOSE):
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


@dataclass(frozen=True)
class Sentence:
    """One sentence: its words and where they stand.

    Parameters
    ----------
    text : str
    start : int         first character in the whole text.
    paragraph : int     0 for the first.
    """

    text: str
    start: int
    paragraph: int

    @property
    def end(self) -> int:
        """Last character + 1 in the whole text."""
        return self.start + len(self.text)


def split(text: str) -> list[Sentence]:
    """Cut a text into sentences; every character of a sentence is one of the text."""
    found: list[Sentence] = []
    begin = paragraph = 0
    for end in _END.finditer(text):
        newline = end["stop"] is None
        if not newline and _is_short(text, begin, end):
            continue
        found += _trimmed(text, begin, end.start() if newline else end.end(), paragraph)
        begin = end.end()
        paragraph += newline
    return found + _trimmed(text, begin, len(text), paragraph)


def _is_short(text: str, begin: int, end: re.Match[str]) -> bool:
    if end["stop"] != "." or end["close"]:
        return False
    before = text[max(begin, end.start() - 12) : end.start()]
    if not _SHORT.search(before):
        return False
    return not (_ENDING.search(before) and _BEGINS.match(text, end.end()))


def _trimmed(text: str, begin: int, end: int, paragraph: int) -> list[Sentence]:
    pieces = []
    while end - begin > LONGEST:
        cut = max(text.rfind(", ", begin + LONGEST // 2, begin + LONGEST) + 1, 0)
        cut = cut or text.rfind(" ", begin + LONGEST // 2, begin + LONGEST) + 1 or begin + LONGEST
        pieces.append((begin, cut))
        begin = cut
    pieces.append((begin, end))
    found = []
    for first, last in pieces:
        words = text[first:last]
        kept = words.strip()
        if kept:
            found.append(Sentence(kept, first + len(words) - len(words.lstrip()), paragraph))
    return found
