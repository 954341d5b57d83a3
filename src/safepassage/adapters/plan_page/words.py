"""What the pages of a plan say, in Spanish and in English: one dictionary per language, same keys."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from safepassage.adapters.page.figures import LANGUAGES, Spoken
from safepassage.adapters.page.markup import esc
from safepassage.adapters.page.words import in_language, pair


@cache
def dictionary(lang: str) -> dict[str, str]:
    """Give every sentence of one language ("es" or "en") by its key."""
    text = files("safepassage.adapters.plan_page").joinpath(f"{lang}.toml").read_text(encoding="utf-8")
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


def on_paper(value: Any) -> str:
    """Write one value in both languages behind each other, for paper that cannot be toggled."""
    es, en = (esc(in_language(value, lang)) for lang in LANGUAGES)
    return f"<p>{es}</p>" if es == en else f'<p>{es} <i lang="en">{en}</i></p>'


def listed(parts: list[Spoken], between: str | Spoken = ", ") -> Spoken:
    """Put several spoken values behind one another."""
    return lambda lang: in_language(between, lang).join(part(lang) for part in parts)
