"""From bytes or pasted text to plain text, with the way back: where each character stood.

Tags, entities, zero-width characters and odd spaces are taken out; a proposal's span still points into the
text that the user gave. Nothing is guessed about content: what is no text is refused.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from safepassage.core.errors import Fault, InputError

# A long newspaper article has 20,000 characters, a day's bulletin of an agency 100,000.
MOST_CHARACTERS = 200_000
# A page saved from the web has more tags than words.
MOST_WITH_TAGS = 4_000_000
# What cannot be shown is a sign of a picture, a PDF or a spreadsheet saved under the name of a text.
MOST_UNSHOWN = 0.02
_TAGGED = re.compile(
    r"<(?:!doctype|html|body|p|div|br|span|a|article|h[1-6]|li|td|script)\b[^<>]{0,2000}>", re.I
)
_PIECES = re.compile(
    r"(?P<tag></?[a-zA-Z!][^<>]{0,2000}>)"
    r"|(?P<entity>&(?:[a-zA-Z]{2,10}|\#\d{2,6}|\#x[0-9a-fA-F]{2,5});)",
    re.DOTALL,
)
_HIDDEN = re.compile(r"<(script|style|noscript|svg|head)\b", re.I)
_BLOCKS = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|table|section|article|blockquote)\b", re.I)
# Zero-width, direction and soft-hyphen characters, and the byte order mark.
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u180e]+")
_ODD = re.compile(r"[\t\r\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000\x00-\x08\x0e-\x1f]|\w[\u0300-\u036f]+")
_WRAPPED_AT = 100


@dataclass(frozen=True)
class Plain:
    """Plain text and where it stood.

    Parameters
    ----------
    text : str
    starts, sources : tuple of int      from character `starts[i]` of `text` on, characters stood in the given
        text from `sources[i]` on, one by one.
    """

    text: str
    starts: tuple[int, ...] = (0,)
    sources: tuple[int, ...] = (0,)

    def source_of(self, position: int) -> int:
        """Give where a character of `text` stood in the text that was given."""
        i = max(bisect_right(self.starts, position) - 1, 0)
        return self.sources[i] + position - self.starts[i]


def decode(raw: bytes, *, name: str) -> str:
    """Turn bytes into text: UTF-8, UTF-16 with its mark, else cp1252.

    Raises
    ------
    InputError      where it is empty, too long or no text.
    """
    if len(raw) > MOST_WITH_TAGS:
        raise InputError(_fault(name, f"{len(raw):,} bytes"))
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", errors="replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
    return checked(text, name=name)


def checked(text: str, *, name: str) -> str:
    """Give the text back where it can be an article.

    Raises
    ------
    InputError      where it is empty, too long or no text.
    """
    if len(text) > MOST_WITH_TAGS:
        raise InputError(_fault(name, f"{len(text):,} characters"))
    if not text.strip():
        raise InputError(Fault(name, "no text", "an article in Spanish or English", "paste its words"))
    odd = sum(c == "\ufffd" or (ord(c) < 32 and c not in "\t\n\r\f\v") for c in text)
    if odd > MOST_UNSHOWN * len(text):
        raise InputError(
            Fault(
                name,
                "characters that no text has",
                "plain text or HTML",
                "open the document and paste its words; save as text in UTF-8",
            )
        )
    return text


def _fault(name: str, found: str) -> Fault:
    expected = f"an article of at most {MOST_WITH_TAGS:,} characters"
    return Fault(name, found, expected, "paste one article at a time")


def plain(text: str) -> Plain:
    """Take tags, entities and unseen characters out; lines that were wrapped at a margin become one."""
    pieces = [(text, 0)]
    if _TAGGED.search(text):
        pieces = _untagged(text)
    pieces = [cut for piece, source in pieces for cut in _seen(piece, source)]
    joined = _unwrapped("".join(piece for piece, _ in pieces))
    starts, sources, at = [], [], 0
    for piece, source in pieces:
        starts.append(at)
        sources.append(source)
        at += len(piece)
    return Plain(joined, tuple(starts) or (0,), tuple(sources) or (0,))


def _untagged(text: str) -> list[tuple[str, int]]:
    pieces, at = [], 0
    unclosed: set[str] = set()
    for found in _PIECES.finditer(text):
        if found.start() < at:
            continue
        pieces.append((text[at : found.start()], at))
        if found["entity"]:
            pieces.append((html.unescape(found[0])[:1], found.start()))
        elif found["tag"]:
            pieces.append(("\n" if _BLOCKS.match(found[0]) else "", found.start()))
        at = found.end()
        if (hidden := _HIDDEN.match(found[0])) and hidden[1].lower() not in unclosed:
            at = _end_of(hidden[1].lower(), text, at, unclosed)
    return [*pieces, (text[at:], at)]


def _end_of(name: str, text: str, at: int, unclosed: set[str]) -> int:
    """Give where the content of an element that nobody sees ends; `at` where it is never closed."""
    end = re.compile(rf"</{name}\s*>", re.I).search(text, at)
    if end is None:
        unclosed.add(name)
    return end.end() if end else at


def _seen(piece: str, source: int) -> list[tuple[str, int]]:
    """Drop unseen characters, compose accents, make every odd space a space."""
    pieces, at = [], 0
    for found in re.finditer(f"{_UNSEEN.pattern}|{_ODD.pattern}", piece):
        pieces.append((piece[at : found.start()], source + at))
        if _UNSEEN.fullmatch(found[0]):
            kept = ""
        elif len(found[0]) > 1:
            kept = unicodedata.normalize("NFC", found[0])
        else:
            kept = " "
        pieces.append((kept, source + found.start()))
        at = found.end()
    return [*pieces, (piece[at:], source + at)]


def _unwrapped(text: str) -> str:
    """Turn line ends inside a paragraph into spaces, character by character, where lines were wrapped."""
    text = re.sub(r"(?<=[^\s.!?:”\"»])\n(?=[a-záéíóúñ])", " ", text)  # a small letter begins no paragraph
    lines = text.split("\n")
    full = [line for line in lines if len(line.strip()) > 40]
    if len(full) < 3 or max(map(len, lines)) > _WRAPPED_AT:
        return text
    return re.sub(r"(?<=[^\s.!?:”\"»])\n(?=[^\S\n]*[^\s\-•*])", " ", text)
