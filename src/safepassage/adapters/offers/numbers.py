"""Numbers in digits and words: "1,200", "2 mil", "ochocientas", "two dozen", "media"."""

from __future__ import annotations

import re

from safepassage.adapters.news.numbers import digits_value, number_word
from safepassage.adapters.offers.tokens import Words

_SCALES = {"mil": 1000.0, "thousand": 1000.0, "k": 1000.0, "hundred": 100.0, "millon": 1e6, "million": 1e6}
_DOZENS = frozenset("docena docenas dozen dozens".split())
_HALVES = frozenset("media medio half".split())
_PAIRS = frozenset("par couple".split())
_SOME = frozenset("unos unas".split())  # "unos 600": about
ARTICLES = frozenset("un una a an".split())
_DIGITS = re.compile(r"\d[\d.,'\u00a0\u202f]*")
NUMBER_WORDS = frozenset(
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis veinte "
    "veinticinco treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento doscientos "
    "doscientas "
    "trescientos trescientas cuatrocientos cuatrocientas quinientos quinientas seiscientos seiscientas "
    "setecientos setecientas ochocientos ochocientas novecientos novecientas one two three four five six "
    "seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty "
    "thirty forty fifty sixty seventy eighty ninety hundred thousand mil docena docenas dozen media".split()
)


def number_at(words: Words, start: int) -> tuple[float, int] | None:
    """Read the number that begins at a token.

    Returns
    -------
    (float, int) or None    the number, and the token behind it; None where none begins there. An article is
                            a 1 ("una camioneta"): whether it counts is up to the noun.
    """
    if start >= len(words.tokens) or start in words.used:
        return None
    value, end = (1.0, start) if words.tokens[start].word in _SCALES else _one(words, start)
    if end == start and words.tokens[start].word not in ("mil", "hundred", "thousand"):
        return None
    end = _past(words, end, ("de", "of")) if words.tokens[start].word in _PAIRS else end
    while end < len(words.tokens) and end not in words.used:
        word = words.tokens[end].word
        if word in _SCALES:
            value, end = value * _SCALES[word], end + 1
            more, behind = _one(words, end)
            if behind > end and words.tokens[end].word not in ARTICLES and more < _SCALES[word]:
                value, end = value + more, behind  # "3 mil 630"
        elif word in _DOZENS:
            value, end = value * 12.0, end + 1
        elif word in _PAIRS and words.tokens[start].word in ARTICLES:
            value, end = 2.0, _past(words, end + 1, ("de", "of"))
        elif word in _HALVES and words.tokens[start].word in ARTICLES:
            value, end = 0.5, end + 1
        else:
            break
    return value, end


def _one(words: Words, start: int) -> tuple[float, int]:
    """Read digits, or number words that add up ("ciento veinte"); the start again where there is none."""
    if start >= len(words.tokens) or start in words.used:
        return 0.0, start
    word = words.tokens[start].word
    if word[0].isdigit():
        return (digits_value(word, ""), start + 1) if _DIGITS.fullmatch(word) else (0.0, start)
    if word in _DOZENS or word in _PAIRS:
        return (12.0 if word in _DOZENS else 2.0), start + 1
    if word in _HALVES:
        return 0.5, _past(words, start + 1, ("a", "an"))
    return _added(words, start)


def _added(words: Words, start: int) -> tuple[float, int]:
    total, end = 0.0, start
    while end < len(words.tokens) and end not in words.used:
        word = words.tokens[end].word
        if end > start and word in ("y", "and") and end + 1 < len(words.tokens):
            following = _small(words.tokens[end + 1].word)
            if following is None or following >= 100 or total < 20 or words.tokens[end + 1].word in ARTICLES:
                break
            end += 1
            continue
        value = _small(word)
        if value is None or (end > start and (word in ARTICLES or total in (1.0,) or value >= total > 0)):
            break
        total, end = total + value, end + 1
    return total, end


def _small(word: str) -> float | None:
    if not word.isalpha():
        return None
    value = number_word(word)
    if value is None and word not in _SOME:
        value = number_word(re.sub("[oa]s$", "", word))
    return value


def _past(words: Words, k: int, fillers: tuple[str, ...]) -> int:
    return k + 1 if k < len(words.tokens) and words.tokens[k].word in fillers else k
