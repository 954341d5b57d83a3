"""A line to words: folded, slips of the pen mended where one known word only is near."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field

from safepassage.core.gazetteer import fold

_TOKEN = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}:\d{2}"
    r"|\d{1,3}(?:[.,'\u00a0\u202f]\d{3})+(?![\d])|\d{1,3}\s000(?!\d)|\d+[.,]\d+|\d+"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)?|\S"
)
SHORTEST_MENDED = 5  # shorter words are near to too many others
_LONG = 8  # from here on two letters may be wrong
# Behind these stands a name.
_BEFORE_NAMES = frozenset("san santa santo saint st virgen senor senora nuestra sagrado".split())


@dataclass(frozen=True)
class Token:
    """A word of the line.

    Parameters
    ----------
    word : str          folded, a slip of the pen mended.
    text : str          as it stands there, or mended.
    start, end : int    where.
    at : int            where it stands in `Words.plain`.
    """

    word: str
    text: str
    start: int
    end: int
    at: int


@dataclass
class Words:
    """The words of a line, and which of them have been understood.

    Parameters
    ----------
    line : str
    tokens : tuple of Token
    plain : str             the folded words with one space between, for patterns.
    used : set of int       positions of the tokens that have been understood.
    mended : list of (str, str)     what was written, and what was read instead.
    """

    line: str
    tokens: tuple[Token, ...]
    plain: str
    mended: tuple[tuple[str, str], ...] = ()
    used: set[int] = field(default_factory=set)

    def covered(self, start: int, end: int) -> range:
        """Give the tokens of a stretch of `plain`."""
        inside = [k for k, token in enumerate(self.tokens) if start <= token.at < end]
        return range(inside[0], inside[-1] + 1) if inside else range(0)

    def take(self, tokens: range) -> None:
        """Mark tokens as understood."""
        self.used.update(tokens)

    def is_free(self, tokens: range) -> bool:
        """Tell whether none of the tokens has been understood as something else."""
        return self.used.isdisjoint(tokens)

    def text(self, tokens: range) -> str:
        """Give the words as they stand in the line, slips mended."""
        pieces = []
        for k in tokens:
            before = self.line[self.tokens[k - 1].end : self.tokens[k].start] if k > tokens.start else ""
            pieces.append(before + self.tokens[k].text)
        return "".join(pieces)


def split(line: str, known: Collection[str], names: Collection[str], heading: Collection[str]) -> Words:
    """Split a line into words.

    Parameters
    ----------
    line : str
    known : collection of str       folded words that the rules know: slips are mended to them.
    names : collection of str       folded words of towns: never mended.
    heading : collection of str     of the known words, those to which a word is mended before the first
                                    figure, where who offers is named.
    """
    line = unicodedata.normalize("NFC", line)
    tokens: list[Token] = []
    mended: list[tuple[str, str]] = []
    at = 0
    for match in _TOKEN.finditer(line):
        text = match[0]
        word = _folded(text)
        if word.isalpha() and word not in known and word not in names:
            before = tokens[-1].word if tokens else ""
            near = known if any(token.word[0].isdigit() for token in tokens) else heading
            better = "" if before in _BEFORE_NAMES or _is_name(text, tokens) else _mended(word, near)
            if better:
                mended.append((text, better))
                word = text = better
        tokens.append(Token(word, text, match.start(), match.end(), at))
        at += len(word) + 1
    return Words(line, tuple(tokens), " ".join(t.word for t in tokens), tuple(mended))


def _folded(text: str) -> str:
    if text[0].isdigit():
        return re.sub(r"\s", "", text)
    if text[0].isalpha():
        return fold(text).replace(" ", "")
    return {"–": "-", "—": "-", "−": "-"}.get(text, text)


def _is_name(text: str, before: list[Token]) -> bool:
    """Tell a capitalised word inside a sentence, which is a name and no slip of the pen."""
    return text[0].isupper() and bool(before) and before[-1].word not in (".", ":", ";", "!")


def _mended(word: str, known: Collection[str]) -> str:
    """Give the one known word that is one letter away, two for long words; '' for none or several."""
    if len(word) < SHORTEST_MENDED:
        return ""
    for most in (1, 2) if len(word) >= _LONG else (1,):
        near = {other for other in known if abs(len(other) - len(word)) <= most and _near(word, other, most)}
        if word.rstrip("s") in near:  # a plural that is not in the list, and no slip
            return ""
        singular = {other for other in near if other + "s" not in near} or near
        if len(near) == 1 or (near and len(singular) == 1):
            return min(singular)
        if near:
            return ""
    return ""


def _near(word: str, other: str, most: int) -> bool:
    """Tell whether at most some letters are missing, too many, wrong or exchanged with the next.

    Optimal string alignment (Damerau-Levenshtein without repeated edits).
    """
    if len(other) < SHORTEST_MENDED or word[0] != other[0]:
        return False
    two_ago: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(word, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and word[i - 2] == b:
                cost = min(cost, two_ago[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
        two_ago, last = last, row
    return last[-1] <= most
