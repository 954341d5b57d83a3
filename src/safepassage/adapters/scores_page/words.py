"""What the page on scores says, in Spanish and in English: one dictionary per language, same keys."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from safepassage.adapters.page.figures import Spoken
from safepassage.adapters.page.words import in_language, pair

NO_NUMBER = "–"
LARGE = 1e6


@cache
def dictionary(lang: str) -> dict[str, str]:
    """Give every sentence of one language ("es" or "en") by its key."""
    text = files("safepassage.adapters.scores_page").joinpath(f"{lang}.toml").read_text(encoding="utf-8")
    return {str(key): str(value) for key, value in tomllib.loads(text).items()}


def say(lang: str, key: str, **values: Any) -> str:
    """Say one sentence in one language as plain text; not escaped.

    Raises
    ------
    KeyError            if the language has no such sentence.
    """
    return dictionary(lang)[key].format(**{name: in_language(value, lang) for name, value in values.items()})


def spoken(key: str, **values: Any) -> Spoken:
    """Give a sentence as a function of the language."""
    return lambda lang: say(lang, key, **values)


def both(key: str, **values: Any) -> str:
    """Say one sentence as HTML in both languages; the page shows the one that was chosen."""
    return pair(spoken(key, **values))


def both_svg(key: str, **values: Any) -> str:
    """Say one sentence inside an SVG text element in both languages."""
    return pair(spoken(key, **values), "tspan")


def name_of(group: str, name: str) -> Spoken:
    """Say a name of the program (a metric, a rule, a unit) in words, where the dictionary has them."""
    key = f"{group}_{''.join(letter if letter.isalnum() else '_' for letter in name)}"

    def named(lang: str) -> str:
        return dictionary(lang).get(key, name)

    return named


def joined(parts: list[Spoken], between: str) -> Spoken:
    """Put several spoken values behind one another."""
    return lambda lang: between.join(part(lang) for part in parts)


def number(value: float | None, *, digits: int = 2, sign: bool = False) -> str:
    """Write a number; a dash for what is none, and powers of ten for what nobody reads out."""
    if value is None or not math.isfinite(value):
        return NO_NUMBER
    if abs(value) >= LARGE:
        return f"{value:{'+' if sign else ''}.1e}"
    rounded = round(value, digits) + 0.0  # no minus before a nought
    return f"{rounded:{'+' if sign and rounded else ''},.{digits}f}"
