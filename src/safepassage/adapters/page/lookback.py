"""What we said yesterday, what happened, and what the simple rule said: in the section and at the head."""

from __future__ import annotations

from safepassage.adapters.outlook_belief import contradicted, look_back, measures, towns_said
from safepassage.adapters.page.belief_words import (
    contradiction,
    look_phrases,
    said_of,
    town_happened,
    town_rule,
    town_said,
    value_of,
)
from safepassage.adapters.page.figures import day_named, day_short
from safepassage.adapters.page.grids import table, town
from safepassage.adapters.page.words import both, pair
from safepassage.core.forecast import Forecast

MOST_TOWNS = 12


def news(forecast: Forecast) -> str:
    """Write the lines at the head of the page: what we said yesterday, and a report that is contradicted."""
    if forecast.belief is None:
        return ""
    lines = []
    back, phrases = look_back(forecast), look_phrases(forecast, measures(forecast))
    if back is not None and phrases is not None:
        lines.append(both("lead_look", night=day_short(back.night), **phrases))
    doubted = contradicted(forecast, recent=True)
    if doubted:
        line = both("lead_contradicted", **contradiction(doubted[0]))
        lines.append(line + (f" {both('lead_more', count=len(doubted) - 1)}" if len(doubted) > 1 else ""))
    lines.append(f'<a href="#belief">{both("lead_below")}</a>')
    return f'<div class="news">{"".join(f"<p>{line}</p>" for line in lines)}</div>'


def look_section(forecast: Forecast) -> str:
    """Write what the forecast of the evening before said of one night, beside what happened."""
    back = look_back(forecast)
    if back is None:
        return f'<p class="none">{both("look_none")}</p>'
    title = both("look_title", night=day_named(back.night))
    lead = both("look_lead", made=day_short(back.made))
    return f"<h3>{title}</h3><p>{lead}</p>{_measures(forecast)}{_towns(forecast)}"


def _head(first: str) -> list[str]:
    return [both(key) for key in (first, "look_said", "look_happened", "look_rule")]


def _measures(forecast: Forecast) -> str:
    rows = []
    for row in measures(forecast):
        name = both("look_head" if row.what == "head_km" else "look_size")
        judged = ""
        if row.inside is not None:
            judged = f"<br><small>{both('look_inside' if row.inside else 'look_outside')}</small>"
        cells = (
            pair(said_of(forecast, row)),
            pair(value_of(forecast, row, row.happened)) + judged,
            pair(value_of(forecast, row, row.rule)),
        )
        rows.append(f'<tr><th scope="row">{name}</th>{_cells(cells)}</tr>')
    if not rows:
        return ""
    return table(_head("look_what"), ["<tbody>", *rows, "</tbody>"], css="look")


def _cells(cells: tuple[str, str, str]) -> str:
    names = ("look_said", "look_happened", "look_rule")
    return "".join(
        f'<td><span class="cell-name">{both(name)}</span>{cell}</td>'
        for name, cell in zip(names, cells, strict=True)
    )


def _towns(forecast: Forecast) -> str:
    back, rows = look_back(forecast), towns_said(forecast)
    if back is None or not rows:
        return ""
    lines = []
    for row in rows[:MOST_TOWNS]:
        said = (pair(town_said(row, back.threshold_people)), pair(town_happened(row)), pair(town_rule(row)))
        lines.append(f"<tr>{town(row.name, row.country)}{_cells(said)}</tr>")
    left = len(rows) - MOST_TOWNS
    more = f'<p class="note">{both("look_more", count=left)}</p>' if left > 0 else ""
    return table(_head("place"), ["<tbody>", *lines, "</tbody>"], css="look") + more
