"""`forecast.xlsx`: a sheet that explains, then one flat table for each question.

Text from outside is always written as text: a name that begins like a formula (= + - @) stays a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from safepassage.adapters.atomic import replacing
from safepassage.adapters.outlook import Arrival, Night, arrivals, first_night, night, range_members
from safepassage.adapters.outlook_belief import counted
from safepassage.adapters.page.figures import LANGUAGES, day, whole
from safepassage.adapters.page.markup import clean, spaced
from safepassage.adapters.page.outcomes import WORDS
from safepassage.adapters.page.words import dictionary, in_its_language, say
from safepassage.adapters.tables.belief_sheets import belief_tables, parts_table
from safepassage.adapters.tables.columns import Column
from safepassage.core.forecast import QUANTILE_LEVELS, Forecast
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE, told
from safepassage.core.report import Report

LEAST_CHANCE = 0.01
EVERY_NIGHT = 60  # nights listed one by one; later ones are listed one in seven
MOST_TEXT = 2_000  # letters in a cell


class Book:
    """A workbook being written; keeps the formats and writes text as text."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.looks: dict[str, Format] = {
            "text": book.add_format({"valign": "top"}),
            "guarded": book.add_format({"valign": "top", "quote_prefix": True}),
            "long": book.add_format({"valign": "top", "text_wrap": True}),
            "number": book.add_format({"valign": "top", "num_format": "0.00"}),
            "date": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"}),
            "share": book.add_format({"valign": "top", "num_format": "0%"}),
            "people": book.add_format({"valign": "top", "num_format": "#,##0"}),
            "km": book.add_format({"valign": "top", "num_format": "#,##0"}),
            "head": book.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bg_color": "#EEF1F3"}
            ),
            "title": book.add_format({"bold": True, "font_size": 15}),
            "warning": book.add_format(
                {"bold": True, "font_size": 12, "bg_color": "#1D2329", "font_color": "#FFFFFF"}
            ),
        }

    def put(self, sheet: Worksheet, row: int, column: int, value: object, look: str) -> None:
        """Write one cell by the kind of its value; text from outside stays text."""
        if value is None or (isinstance(value, float) and not np.isfinite(value)):
            sheet.write_blank(row, column, None, self.looks[look if look in self.looks else "text"])
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.looks["date"])
        elif isinstance(value, int | float | np.number):
            sheet.write_number(row, column, float(value), self.looks[look])
        else:
            text = clean(value)[:MOST_TEXT]
            guarded = text[:1] in ("=", "+", "-", "@")
            sheet.write_string(row, column, text, self.looks["guarded" if guarded else look])

    def explain(self, lines: Callable[[str], list[tuple[str, str]]]) -> None:
        """Write the first sheet, README: lines with their look, in one language after the other."""
        sheet = self.book.add_worksheet("README")
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 110)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        row = 0
        for lang in LANGUAGES:
            for text, look in lines(lang):
                self.put(sheet, row, 0, text, look)
                row += 1
            row += 1

    def table(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
        """Write a sheet with a heading row, ready to be filtered and printed."""
        sheet = self.book.add_worksheet(name)
        sheet.set_row(0, 46)
        for k, column in enumerate(columns):
            sheet.write_string(0, k, column.heading, self.looks["head"])
            sheet.set_column(k, k, column.width)
        last = 0
        for last, values in enumerate(rows, start=1):
            for k, (column, value) in enumerate(zip(columns, values, strict=True)):
                self.put(sheet, last, k, value, column.look)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&LNO PUBLICAR · NOT FOR PUBLICATION&R&A  &P/&N")


def write_workbook(forecast: Forecast, path: Path) -> None:
    """Write the workbook, whole or not at all."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(path) as draft, xlsxwriter.Workbook(str(draft), options) as book:
        pages = Book(book)
        pages.explain(lambda lang: _explained(forecast, lang))
        pages.table("noches_nights", NIGHT_COLUMNS, _night_rows(forecast))
        pages.table("llegadas_arrivals", ARRIVAL_COLUMNS, _arrival_rows(forecast))
        if forecast.groups:
            pages.table("caravana_caravan", GROUP_COLUMNS, _group_rows(forecast))
        for name, columns, rows in parts_table(forecast):
            pages.table(name, columns, rows)
        if forecast.outcomes:
            pages.table("salidas_outcomes", OUTCOME_COLUMNS, _outcome_rows(forecast))
        pages.table("informes_reports", REPORT_COLUMNS, _report_rows(forecast))
        for name, columns, rows in belief_tables(forecast):
            pages.table(name, columns, rows)


def _explained(forecast: Forecast, lang: str) -> list[tuple[str, str]]:
    first, last = forecast.dates[first_night(forecast)], forecast.dates[-1]
    groups = ["xlsx_caravan"] if forecast.groups else []
    groups += ["xlsx_outcomes"] if forecast.outcomes else []
    groups += ["xlsx_parts"] if any(group.parts for group in forecast.groups) else []
    reports = ["xlsx_reports", *(["xlsx_used"] if forecast.belief is not None else [])]
    keys = ["xlsx_nights", "xlsx_arrivals", *groups, *reports, "xlsx_chance", "xlsx_range"]
    keys += ["xlsx_few", "xlsx_more"]
    numbers = {
        "threshold": whole(forecast.threshold_people),
        "members": whole(forecast.members),
        "every": EVERY_NIGHT,
        "least": range_members(forecast.members),
        "fewest": FEWEST_TOLD_PEOPLE,
    }
    lines = [
        (say(lang, "stamp"), "warning"),
        (forecast.title_en if lang == "en" else forecast.title_es, "title"),
        (say(lang, "as_of", day=day(forecast.as_of)) + ". " + say(lang, "as_of_why"), "long"),
        (say(lang, "horizon", first=day(first), last=day(last)), "long"),
        (say(lang, "purpose"), "long"),
        *((say(lang, key, **numbers), "long") for key in keys),
        (say(lang, "reading_1", members=whole(forecast.members)), "long"),
        (say(lang, "illustrative_title") + ":", "long"),
    ]
    lines += [(in_its_language(text, lang), "long") for text in forecast.illustrative]
    if not forecast.illustrative:
        lines.append((say(lang, "illustrative_none"), "long"))
    lines.append((say(lang, "sources_title") + ": " + "; ".join(forecast.sources), "long"))
    if forecast.licence:
        lines.append((say(lang, "licence") + ": " + forecast.licence, "long"))
    return lines


NIGHT_COLUMNS = (
    Column("Noche", "Night", "date", 12),
    Column("Localidad", "Town", "text", 30),
    Column("País", "Country", "text", 9),
    Column("Estado o departamento", "Admin 1", "text", 22),
    Column("Probabilidad del umbral o más", "Chance of the threshold or more", "share", 16),
    Column("Probabilidad de alguien", "Chance of anybody", "share", 14),
    Column("Futuros con el umbral o más", "Futures with the threshold or more", "people", 14),
    Column("Si vienen: 10 %", "If they come: 10%", "people", 13),
    Column("Si vienen: mediana", "If they come: median", "people", 13),
    Column("Si vienen: 90 %", "If they come: 90%", "people", 13),
    Column("Todos los futuros: 10 %", "All futures: 10%", "people", 13),
    Column("Todos los futuros: mediana", "All futures: median", "people", 13),
    Column("Todos los futuros: 90 %", "All futures: 90%", "people", 13),
)


def _night_rows(forecast: Forecast) -> Iterable[Sequence[object]]:
    since = first_night(forecast)
    admin1 = forecast.network.places.admin1
    for number in range(since, forecast.days):
        if number >= since + EVERY_NIGHT and (number - since) % 7:
            continue
        chance = forecast.chance_any[number]
        chosen = np.flatnonzero(chance >= LEAST_CHANCE)
        order = chosen[np.lexsort((-chance[chosen], -forecast.chance_threshold[number, chosen]))]
        for place in order.tolist():
            row = night(forecast, number, place)
            everybody = [round(float(forecast.overnight[k, number, place])) for k in _LOW_MIDDLE_HIGH]
            yield (
                row.date,
                spaced(row.name),
                spaced(row.country),
                spaced(admin1[place]),
                row.chance,
                row.chance_any,
                row.reaching,
                *_come(row),
                *everybody,
            )


_LOW_MIDDLE_HIGH = tuple(QUANTILE_LEVELS.index(level) for level in (0.10, 0.50, 0.90))


def _come(row: Night) -> tuple[object, object, object]:
    if not row.enough:
        return None, None, None
    return round(row.people.low), round(row.people.middle), round(row.people.high)


ARRIVAL_COLUMNS = (
    Column("Localidad", "Town", "text", 30),
    Column("País", "Country", "text", 9),
    Column("Probabilidad de que llegue alguien", "Chance that anybody arrives", "share", 18),
    Column("Primera noche: 10 %", "First night: 10%", "date", 14),
    Column("Primera noche: mediana", "First night: median", "date", 14),
    Column("Primera noche: 90 %", "First night: 90%", "date", 14),
    Column("Noche de más gente: 10 %", "Fullest night: 10%", "people", 14),
    Column("Noche de más gente: mediana", "Fullest night: median", "people", 14),
    Column("Noche de más gente: 90 %", "Fullest night: 90%", "people", 14),
)


def _arrival_rows(forecast: Forecast) -> Iterable[Sequence[object]]:
    for row in arrivals(forecast, least=LEAST_CHANCE):
        yield (spaced(row.name), spaced(row.country), row.chance, *_first(row), *_most(row))


def _first(row: Arrival) -> tuple[object, object, object]:
    return row.first if row.enough_days else (None, row.first[1], None)


def _most(row: Arrival) -> tuple[object, object, object]:
    if not row.enough_people:
        return None, None, None
    return round(row.people.low), round(row.people.middle), round(row.people.high)


GROUP_COLUMNS = (
    Column("Noche", "Night", "date", 12),
    Column("Grupo", "Group", "text", 30),
    *(Column(f"Cabeza, km: {p} %", f"Head, km: {p}%", "km", 12) for p in (5, 50, 95)),
    *(Column(f"Personas: {p} %", f"People: {p}%", "people", 12) for p in (5, 50, 95)),
    *(Column(f"Ingenuo, caminante, km: {p} %", f"Naive walker, km: {p}%", "km", 14) for p in (5, 50, 95)),
    *(Column(f"Ingenuo, último tamaño: {p} %", f"Naive, last size: {p}%", "people", 14) for p in (5, 50, 95)),
)


def _group_rows(forecast: Forecast) -> Iterable[Sequence[object]]:
    levels = (0.05, 0.50, 0.95)
    for group in forecast.groups:
        name = group.name_es if group.name_es == group.name_en else f"{group.name_es} · {group.name_en}"
        fans = (group.head_km, group.size, group.walker_km, group.last_size)
        rows = [fan.at(level) for fan in fans for level in levels]
        for number, when in enumerate(forecast.dates):
            yield (when, name, *(float(row[number]) for row in rows))


OUTCOME_COLUMNS = (
    Column("Noche", "Night", "date", 12),
    Column("Salida", "Way out", "text", 60),
    *(Column(f"Personas: {p} %", f"People: {p}%", "people", 14) for p in (5, 50, 95)),
)


def _outcome_rows(forecast: Forecast) -> Iterable[Sequence[object]]:
    for name, fan in forecast.outcomes.items():
        said = f"{dictionary('es')[WORDS[name]]} · {dictionary('en')[WORDS[name]]}"
        rows = [told(fan.at(level)) for level in (0.05, 0.50, 0.95)]
        for number, when in enumerate(forecast.dates):
            yield (when, said, *(float(row[number]) for row in rows))


REPORT_COLUMNS = (
    Column("Día", "Day", "date", 12),
    Column("Publicado", "Published", "date", 12),
    Column("De dónde se sabe cuándo", "Basis of that date", "text", 20),
    Column("Localidad", "Town", "text", 28),
    Column("Tipo", "Kind", "text", 22),
    Column("Personas: al menos", "People: at least", "people", 12),
    Column("Personas: hasta", "People: up to", "people", 12),
    Column("Parte", "Segment", "text", 12),
    Column("Calidad", "Quality", "text", 12),
    Column("Fuente", "Source", "text", 60),
    Column("Nota", "Note", "text", 60),
)


def _report_rows(forecast: Forecast) -> Iterable[Sequence[object]]:
    names = forecast.network.places.names
    for report in sorted(forecast.reports, key=lambda r: (r.observed, r.published)):
        where = spaced(names[report.place]) if report.place >= 0 else ""
        yield (
            report.observed,
            report.published,
            report.published_basis,
            where,
            _kind(report),
            *_told(report),
            report.segment,
            report.quality,
            report.source,
            report.note,
        )


def _told(report: Report) -> tuple[object, object]:
    row = counted(report)
    return row.low, row.high


def _kind(report: Report) -> str:
    key = f"kind_{report.kind}"
    if key not in dictionary("es"):
        return report.kind
    return f"{dictionary('es')[key]} · {dictionary('en')[key]}"
