"""What the outputs say, in Spanish and in English: one dictionary per language, with the same keys.

A value may be a plain object, or a function of the language (see `figures`), so that dates and numbers
follow the language of the sentence they stand in.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from safepassage.adapters.page.figures import LANGUAGES
from safepassage.adapters.page.markup import esc

# Files of a language: the report's words, and those of what is added to it.
PARTS = ("", "needs_")


@cache
def dictionary(lang: str) -> dict[str, str]:
    """Give every sentence of one language ("es" or "en") by its key."""
    said: dict[str, str] = {}
    for part in PARTS:
        text = files("safepassage.adapters.page").joinpath(f"{part}{lang}.toml").read_text(encoding="utf-8")
        said |= {str(key): str(value) for key, value in tomllib.loads(text).items()}
    return said


def in_language(value: Any, lang: str) -> str:
    """Say one value in one language."""
    return str(value(lang)) if callable(value) else str(value)


def in_its_language(text: str, lang: str) -> str:
    """Take the half of a sentence that is given as "español / English"; the whole where it is given once."""
    halves = text.split(" / ")
    return halves[LANGUAGES.index(lang)] if len(halves) == 2 else text


def say(lang: str, key: str, **values: Any) -> str:
    """Say one sentence in one language as plain text; not escaped.

    Raises
    ------
    KeyError            if the language has no such sentence.
    """
    sentence = dictionary(lang)[key]
    return sentence.format(**{name: in_language(value, lang) for name, value in values.items()})


def both(key: str, **values: Any) -> str:
    """Say one sentence as HTML in both languages; the page shows the one that was chosen."""
    return pair(lambda lang: say(lang, key, **values))


def pair(value: Any, element: str = "span") -> str:
    """Write one value as escaped markup in both languages; once only where they agree."""
    spoken = {lang: esc(in_language(value, lang)) for lang in LANGUAGES}
    if len(set(spoken.values())) == 1:
        return spoken["es"]
    return "".join(f'<{element} lang="{lang}">{spoken[lang]}</{element}>' for lang in LANGUAGES)


def both_svg(key: str, **values: Any) -> str:
    """Say one sentence inside an SVG text element in both languages."""
    return pair(lambda lang: say(lang, key, **values), "tspan")
