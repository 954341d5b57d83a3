"""The tables of the report, as HTML: nights, arrivals, what was known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from urllib.parse import urlsplit

from safepassage.adapters.outlook import Arrival, Night, arrivals, first_night, nights
from safepassage.adapters.outlook_belief import counted
from safepassage.adapters.page.belief_words import told
from safepassage.adapters.page.figures import Spoken, day, day_short, day_within, people, share
from safepassage.adapters.page.markup import clean, esc, short, spaced, tag
from safepassage.adapters.page.reckoning import arrival_people_cell, night_people_cell
from safepassage.adapters.page.words import both, dictionary, pair
from safepassage.core.forecast import Forecast
from safepassage.core.report import Report
from safepassage.core.scenario import Event

TOWNS_A_NIGHT = 8
LISTED_CHANCE = 0.05
MOST_ROWS = 200
ON_PAPER = 7
ROWS_ON_PAPER = 24
LONGEST_SOURCE, MOST_SOURCE = 300, 2_000  # letters in a table, in a list; some sources hold whole articles


def table(head: Sequence[str], bodies: Iterable[str], *, css: str, caption: str = "") -> str:
    """Write a table; `head` and `bodies` are markup, the first column being the name of the row."""
    cells = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    above = f"<caption>{caption}</caption>" if caption else ""
    inside = f"{above}<thead><tr>{cells}</tr></thead>{''.join(bodies)}"
    return f'<div class="scroll" tabindex="0">{tag("table", inside, {"class": css})}</div>'


def chance_cell(chance: float) -> str:
    """Say a chance in figures, with a drawn bar beside it that paper keeps and screen readers skip."""
    bar = f'<rect width="{100 * min(max(chance, 0.0), 1.0):.1f}" height="10"/>'
    drawn = f'<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{bar}</svg>'
    return f'<td class="chance"><span class="figure">{pair(share(chance))}</span>{drawn}</td>'


def town(name: str, country: str) -> str:
    """Write the name of a town with the letters of its country."""
    mark = f' <abbr class="country">{esc(spaced(country))}</abbr>' if country else ""
    return f'<th scope="row" class="town-name">{esc(spaced(name))}{mark}</th>'


def listed_days(forecast: Forecast) -> list[int]:
    """Choose the nights that the page lists: the next 14, then one in seven."""
    since = first_night(forecast)
    return [d for d in range(since, forecast.days) if d < since + 14 or (d - since) % 7 == 0]


def nights_table(forecast: Forecast) -> str:
    """List the likeliest towns of each night."""
    since = first_night(forecast)
    head = [
        both("night"),
        both("place"),
        both("chance_of", threshold=people(forecast.threshold_people)),
        f"{both('how_many')} <small>{both('middle')}, {both('range_10_90')}</small>",
    ]
    bodies, said = [], day_within(forecast.days, named=True)
    for number in listed_days(forecast):
        rows = nights(forecast, number, least=LISTED_CHANCE, limit=TOWNS_A_NIGHT)
        when = (
            f'<th scope="rowgroup" class="when" rowspan="{max(len(rows), 1)}'
            f'">{pair(said(forecast.date_of(number)))}</th>'
        )
        lines = [_night_cells(row) for row in rows] or [
            f'<td colspan="3" class="none">{both("none_that_night")}</td>'
        ]
        inside = "".join(f"<tr>{when if i == 0 else ''}{line}</tr>" for i, line in enumerate(lines))
        later = "" if number < since + ON_PAPER else ' class="screen-only"'
        bodies.append(f'<tbody data-day="{number}"{later}>{inside}</tbody>')
    return table(head, bodies, css="nights")


def _night_cells(row: Night) -> str:
    return town(row.name, row.country) + chance_cell(row.chance) + night_people_cell(row)


def arrivals_table(forecast: Forecast) -> str:
    """List when each town is reached and how full it gets."""
    head = [both("place"), both("chance_any"), both("early"), both("central"), both("late"), both("peak")]
    found = arrivals(forecast)
    if not found:
        return f'<p class="none">{both("arrivals_none")}</p>'
    said = day_within(forecast.days)
    rows = [
        f"<tr{_screen_only(number)}>{_arrival_cells(row, said)}</tr>"
        for number, row in enumerate(found[:MOST_ROWS])
    ]
    return table(head, ["<tbody>", *rows, "</tbody>"], css="arrivals") + _more(len(found))


def _arrival_cells(row: Arrival, said: Callable[[date], Spoken]) -> str:
    early, central, late = (pair(said(when)) for when in row.first)
    if not row.enough_days:
        early = late = "–"
    return (
        f"{town(row.name, row.country)}{chance_cell(row.chance)}"
        f'<td>{early}</td><td class="central">{central}</td><td>{late}</td>{arrival_people_cell(row)}'
    )


def _screen_only(number: int) -> str:
    return ' class="screen-only"' if number >= ROWS_ON_PAPER else ""


def source_link(text: str, *, whole: bool = False) -> str:
    """Write a source as a link where it is a web address, else as text. Nothing is loaded from it.

    Parameters
    ----------
    whole : bool        show the whole address, not only the name of the site.
    """
    text = clean(text[:MOST_SOURCE]).strip()
    if len(text) > LONGEST_SOURCE and not whole:  # an address that was cut leads nowhere
        return esc(short(text, LONGEST_SOURCE))
    try:
        parts = urlsplit(text)
    except ValueError:
        return esc(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in text:
        return esc(text)
    shown = text if whole else parts.netloc.removeprefix("www.")
    return f'<a href="{esc(text)}" rel="noopener noreferrer">{esc(shown)}</a>'


def reported_people(report: Report) -> str:
    """Say how many people a report counted, as markup; without small counts."""
    return pair(told(counted(report)))


def reports_table(forecast: Forecast) -> str:
    """List the reports that were known, newest first."""
    reports = sorted(forecast.reports, key=lambda r: (r.observed, r.published), reverse=True)
    if not reports:
        return f'<p class="none">{both("no_reports")}</p>'
    names = forecast.network.places.names
    head = [
        both("observed"),
        both("place"),
        both("kind"),
        both("reported_people"),
        both("published"),
        both("source"),
    ]
    rows: list[str] = []
    for report in reports[:MOST_ROWS]:
        where = esc(spaced(names[report.place])) if report.place >= 0 else "–"
        rows.append(
            f"<tr{_screen_only(len(rows))}><td>{pair(day_short(report.observed))}</td>"
            f'<th scope="row" class="town-name">{where}</th><td>{_word("kind_", report.kind)}</td>'
            f"<td>{reported_people(report)}</td><td>{pair(day_short(report.published))}</td>"
            f"<td>{source_link(report.source)}</td></tr>"
        )
    return table(head, ["<tbody>", *rows, "</tbody>"], css="known") + _more(len(reports))


def events_table(forecast: Forecast) -> str:
    """List the announced measures and offers, newest first."""
    events = sorted(forecast.events, key=lambda e: (e.day, e.announced), reverse=True)
    if not events:
        return f'<p class="none">{both("nothing_known")}</p>'
    head = [both("observed"), both("place"), both("what"), both("source")]
    rows = [
        f'<tr><td>{_event_days(event)}</td><th scope="row" '
        f'class="town-name">{esc(spaced(_where(event, forecast)))}</th>'
        f"<td>{_word('event_', event.kind)}</td><td>{source_link(event.source)}</td></tr>"
        for event in events[:MOST_ROWS]
    ]
    return table(head, ["<tbody>", *rows, "</tbody>"], css="known") + _more(len(events))


def _word(prefix: str, kind: str) -> str:
    return both(prefix + kind) if prefix + kind in dictionary("es") else esc(kind)


def _more(count: int) -> str:
    parts = []
    if count > MOST_ROWS:
        parts.append(f'<p class="note">{both("more_rows", count=count - MOST_ROWS)}</p>')
    if count > ROWS_ON_PAPER:
        parts.append(f'<p class="note print-only">{both("paper_rows", count=ROWS_ON_PAPER)}</p>')
    return "".join(parts)


def _event_days(event: Event) -> str:
    if event.until is None or event.until == event.day:
        return pair(day(event.day))
    return f"{pair(day_short(event.day))} {both('until')} {pair(day(event.until))}"


def _where(event: Event, forecast: Forecast) -> str:
    names = forecast.network.places.names
    if event.place >= 0:
        return names[event.place]
    if event.link is not None:
        return " – ".join(names[place] for place in event.link)
    return event.scope or " – ".join(event.countries or ())
