"""Which of the two languages a sentence is in, by its small words."""

from __future__ import annotations

import re

_SPANISH = frozenset(
    "el la los las un una unos unas de del al en que y se su sus por para con no lo es son fue fueron ha han "
    "este esta estos más mas sobre tras según desde hasta entre como pero ya hacia cerca ayer hoy mil".split()
)
_ENGLISH = frozenset(
    "the of and to in a an is are was were on at by for with from that who they their it its has have had as "
    "this said about some more than will not been after into but yesterday today before which "
    "thousand".split()
)
_WORD = re.compile(r"[a-záéíóúñü]+")


def language_of(text: str, default: str = "") -> str:
    """Give "es", "en", or `default` where small words do not tell."""
    words = _WORD.findall(text.casefold())
    spanish = sum(w in _SPANISH for w in words) + 2 * len(re.findall(r"[ñ¿¡]|ción\b|ó\b", text))
    english = sum(w in _ENGLISH for w in words)
    if spanish == english:
        return default
    return "es" if spanish > english else "en"


def is_read(text: str) -> bool:
    """Tell whether a whole text is in one of the languages that are read here.

    Italian, Portuguese and French share some of the small words; a text in them has fewer.
    """
    words = _WORD.findall(text[:20_000].casefold())
    if len(words) < 8:
        return True
    known = max(sum(w in _SPANISH for w in words), sum(w in _ENGLISH for w in words))
    return known >= 0.2 * len(words)
