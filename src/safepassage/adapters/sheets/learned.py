"""What a town's sheet takes from the reports: yesterday's word beside what happened, and agreed figures."""

from __future__ import annotations

from safepassage.adapters.outlook_belief import agreed_rows, look_back, town_of
from safepassage.adapters.page.belief_words import (
    agreed_people,
    agreed_text,
    plain,
    town_happened,
    town_rule,
    town_said,
)
from safepassage.adapters.page.figures import day_named, day_short
from safepassage.adapters.page.markup import esc
from safepassage.adapters.page.words import say
from safepassage.core.forecast import Forecast

MOST_FIGURES = 2  # the sheet is one page


def look_box(forecast: Forecast, place: int, lang: str) -> str:
    """Write what we said of this town yesterday, what happened and what the simple rule said."""
    back, row = look_back(forecast), town_of(forecast, place)
    if back is None or row is None:
        return ""
    cells = (
        ("look_said", town_said(row, back.threshold_people)),
        ("look_happened", town_happened(row)),
        ("look_rule", town_rule(row)),
    )
    inside = "".join(
        f"<div><dt>{esc(say(lang, key))}</dt><dd>{esc(text(lang))}</dd></div>" for key, text in cells
    )
    title = esc(say(lang, "sheet_look", night=day_named(back.night)))
    return f'<section class="look"><h2>{title}</h2><dl>{inside}</dl></section>'


def agreed_lines(forecast: Forecast, place: int, lang: str) -> str:
    """Write the planning figures that people agreed on for this town, from the time of the data on."""
    rows = [row for row in agreed_rows(forecast, place=place) if row.figure.day >= forecast.as_of]
    lines = [
        say(
            lang,
            "sheet_agreed",
            day=day_short(row.figure.day),
            people=agreed_people(row),
            role=plain(row.figure.role),
            reason=agreed_text(row.figure.reason),
        )
        for row in rows[:MOST_FIGURES]
    ]
    return "".join(f'<p class="agreed">{esc(line)}</p>' for line in lines)
