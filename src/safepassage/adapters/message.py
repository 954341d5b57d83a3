"""`resumen.txt`: the next three nights in words, short enough for a chat message, in both languages."""

from __future__ import annotations

from safepassage.adapters.outlook import Night, first_night, likeliest, nights, sleeps_on_road
from safepassage.adapters.outlook_belief import contradicted, look_back, measures
from safepassage.adapters.page.belief_words import contradiction, look_phrases
from safepassage.adapters.page.cartography import CERTAIN
from safepassage.adapters.page.figures import day, day_named, day_short, likelihood, people, share, span
from safepassage.adapters.page.markup import short, spaced
from safepassage.adapters.page.words import say
from safepassage.core.forecast import Forecast

MOST_LETTERS = 1000
NIGHTS, TOWNS = 3, 3


def message(forecast: Forecast) -> str:
    """Write the message, Spanish first; each language in at most `MOST_LETTERS` letters."""
    return "\n\n".join(message_in(forecast, lang) for lang in ("es", "en")) + "\n"


def message_in(forecast: Forecast, lang: str) -> str:
    """Write the message in one language, with as many towns a night as fit."""
    for towns in range(TOWNS, 0, -1):
        text = _compose(forecast, lang, towns)
        if len(text) <= MOST_LETTERS:
            return text
    return text[: MOST_LETTERS - 1] + "…"


def _compose(forecast: Forecast, lang: str, towns: int) -> str:
    title = short(forecast.title_en if lang == "en" else forecast.title_es, 80)
    lines = [
        say(lang, "message_head"),
        title,
        say(lang, "as_of", day=day(forecast.as_of)),
    ]
    lines += _learned(forecast, lang)
    first = first_night(forecast)
    for number in range(first, min(first + NIGHTS, forecast.days)):
        lines.append("")
        lines.append(say(lang, "message_night", day=day_named(forecast.date_of(number))))
        lines += _night(forecast, number, lang, towns)
    lines += [
        "",
        say(lang, "message_what", threshold=people(forecast.threshold_people)),
        say(lang, "message_sure"),
    ]
    if forecast.illustrative:
        lines.append(say(lang, "message_illustrative"))
    return "\n".join(lines).replace("\u202f", "\u00a0")


def _learned(forecast: Forecast, lang: str) -> list[str]:
    """Say what we said yesterday beside what happened, and that a report of these days is contradicted."""
    lines = []
    back, phrases = look_back(forecast), look_phrases(forecast, measures(forecast), brief=True)
    if back is not None and phrases is not None:
        lines.append(say(lang, "message_look", night=day_short(back.night), **phrases))
    doubted = contradicted(forecast, recent=True)
    if doubted:
        said = contradiction(doubted[0]) | {"count": len(doubted) - 1}
        lines.append(
            say(lang, "message_contradicted_more" if len(doubted) > 1 else "message_contradicted", **said)
        )
    return ["", *lines] if lines else []


def _night(forecast: Forecast, number: int, lang: str, towns: int) -> list[str]:
    rows, lines = nights(forecast, number, limit=towns), []
    if not rows:
        rows = likeliest(forecast, number, limit=towns)
        lines = [say(lang, "message_open" if rows else "message_nobody")]
    lines += [_row(row, lang) for row in rows]
    if sleeps_on_road(forecast, number):
        lines.append(say(lang, "message_road", threshold=people(forecast.threshold_people)))
    return lines


def _row(row: Night, lang: str) -> str:
    said = {
        "place": short(spaced(row.name), 40),
        "chance": share(row.told),
        "word": say(lang, likelihood(row.told)),
        "range": span(row.people.low, row.people.high),
        "threshold": people(row.threshold_people),
    }
    return say(lang, _sentence(row), **said)


def _sentence(row: Night) -> str:
    if not row.conditional:
        return "message_row_small"
    if row.tells_anybody:
        return "message_row_any"
    if not row.enough:
        return "message_row_few"
    return "message_row_sure" if row.chance >= CERTAIN else "message_row"
