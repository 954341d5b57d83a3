"""`needs.xlsx`: a sheet that explains, needs by night and town, totals, and where every figure is from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from safepassage.adapters.atomic import replacing
from safepassage.adapters.needs_rows import NeedRow, TownNeeds, listed_nights, totals_on, towns_on
from safepassage.adapters.page.figures import LANGUAGES, day, whole
from safepassage.adapters.page.markup import spaced
from safepassage.adapters.page.words import dictionary, in_its_language, say
from safepassage.adapters.tables.columns import Column
from safepassage.adapters.tables.workbook import Book
from safepassage.core.aid_items import unit_word
from safepassage.core.logistics import Item
from safepassage.core.needs import Needs, Told
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE
from safepassage.core.units_of_aid import in_local_units

MOST_ROWS = 200_000


def write_needs_workbook(needs: Needs, path: Path) -> None:
    """Write the workbook, whole or not at all."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(path) as draft, xlsxwriter.Workbook(str(draft), options) as book:
        pages = Book(book)
        pages.explain(lambda lang: _explained(needs, lang))
        pages.table("necesidades_needs", NEED_COLUMNS, _need_rows(needs))
        pages.table("totales_totals", TOTAL_COLUMNS, _total_rows(needs))
        pages.table("perfil_profile", FIGURE_COLUMNS, _figure_rows(needs))
        pages.table("personas_people", SHARE_COLUMNS, _share_rows(needs))


def _explained(needs: Needs, lang: str) -> list[tuple[str, str]]:
    numbers = {"threshold": whole(needs.threshold_people), "fewest": FEWEST_TOLD_PEOPLE}
    keys = ("needs_xlsx_needs", "needs_xlsx_totals", "needs_xlsx_profile", "needs_xlsx_shares")
    profile = {"profile": needs.profile.name, "phase": needs.phase, "weather": needs.weather}
    lines = [
        (say(lang, "stamp"), "warning"),
        (needs.title_en if lang == "en" else needs.title_es, "title"),
        (say(lang, "as_of", day=day(needs.as_of)) + ". " + say(lang, "as_of_why"), "long"),
        (say(lang, "needs_xlsx_profile_line", **profile), "long"),
        (say(lang, "needs_lead", profile=needs.profile.name, members=whole(needs.members)), "long"),
        (say(lang, f"needs_weather_{needs.weather}"), "long"),
        *((say(lang, key, **numbers), "long") for key in keys),
        (say(lang, "needs_xlsx_few", **numbers), "long"),
        (say(lang, "purpose"), "long"),
        (say(lang, "illustrative_title") + ":", "long"),
        *((in_its_language(text, lang), "long") for text in needs.illustrative),
    ]
    if not needs.illustrative:
        lines.append((say(lang, "illustrative_none"), "long"))
    return lines


_LEVELS = (("5 %", "5%"), ("mediana", "median"), ("95 %", "95%"))
NEED_COLUMNS = (
    Column("Noche", "Night", "date", 12),
    Column("Localidad", "Town", "text", 26),
    Column("País", "Country", "text", 8),
    Column("Probabilidad de alguien", "Chance of anybody", "share", 13),
    Column("Qué", "What", "text", 34),
    Column("Unidad", "Unit", "text", 14),
    *(Column(f"Se necesita: {es}", f"Needed: {en}", "people", 12) for es, en in _LEVELS),
    *(Column(f"Si llegan muchas: {es}", f"If many come: {en}", "people", 12) for es, en in _LEVELS),
    Column("En unidades locales", "In local units", "text", 34),
    Column("Ya hay", "Already there", "people", 11),
    Column("Ofrecido, sin respuesta", "Offered, not answered", "people", 11),
    Column("Pedido por la localidad", "Asked for by the town", "people", 11),
    *(Column(f"Falta: {es}", f"Missing: {en}", "people", 12) for es, en in _LEVELS),
    Column("Probabilidad de que falte", "Chance that some is missing", "share", 13),
    Column("Probabilidad de que falte mucho", "Chance that much is missing", "share", 13),
    Column("Servicio que debe estar listo", "Service to be ready", "text", 14),
)


def _need_rows(needs: Needs) -> Iterable[Sequence[object]]:
    written = 0
    for number in listed_nights(needs):
        for town in towns_on(needs, number):
            for values in _town_rows(town):
                if written == MOST_ROWS:
                    return
                written += 1
                yield values


def _town_rows(town: TownNeeds) -> Iterable[Sequence[object]]:
    where = (town.date, spaced(town.name), spaced(town.country), town.chance_any)
    for row in town.rows:
        yield (
            *where,
            _named(row.item),
            _unit(row.item),
            *_three(row.told),
            *_three(row.if_many),
            _local(row),
            row.there,
            row.offered,
            row.requested,
            *_three(row.gap),
            row.chance_gap,
            row.chance_large,
            None,
        )
    blank = (None,) * 15
    for item in town.ready:
        yield (*where, _named(item), _unit(item), *blank, "sí · yes")


def _local(row: NeedRow) -> str | None:
    middle = row.expected.middle or 0.0
    words = dict.fromkeys(in_local_units(row.item.id, middle, lang) for lang in LANGUAGES)
    return " · ".join(words) or None


def _named(item: Item) -> str:
    return item.name_es if item.name_es == item.name_en else f"{item.name_es} · {item.name_en}"


def _unit(item: Item) -> str:
    spanish, english = unit_word(item.unit, 2, "es"), unit_word(item.unit, 2, "en")
    return spanish if spanish == english else f"{spanish} · {english}"


def _three(told: Told) -> tuple[object, object, object]:
    return told.low, told.middle, told.high


TOTAL_COLUMNS = (
    Column("Noche", "Night", "date", 12),
    Column("Qué", "What", "text", 40),
    Column("Unidad", "Unit", "text", 16),
    *(Column(f"Se necesita: {es}", f"Needed: {en}", "people", 14) for es, en in _LEVELS),
)


def _total_rows(needs: Needs) -> Iterable[Sequence[object]]:
    for number in listed_nights(needs):
        for row in totals_on(needs, number):
            yield row.date, _named(row.need.item), _unit(row.need.item), *_three(row.told)


FIGURE_COLUMNS = (
    Column("Qué", "What", "text", 34),
    Column("Valor", "Value", "number", 9),
    Column("Menor", "Low", "number", 9),
    Column("Mayor", "High", "number", 9),
    Column("Unidad", "Unit", "text", 16),
    Column("Por cuántas", "Per how many", "people", 9),
    Column("Por quién", "Per whom", "text", 18),
    Column("Por cuánto tiempo", "Per what time", "text", 12),
    Column("Etapa", "Phase", "text", 8),
    Column("Tiempo", "Weather", "text", 9),
    Column("Cómo se sabe", "How it is known", "text", 26),
    Column("Fuente", "Source", "text", 60),
    Column("Página", "Page", "text", 10),
    Column("Nota", "Note", "text", 60),
)


def _figure_rows(needs: Needs) -> Iterable[Sequence[object]]:
    for need in needs.items:
        for figure in need.figures:
            yield (
                _named(need.item),
                figure.value,
                figure.low,
                figure.high,
                _unit(need.item),
                figure.per_count,
                figure.per_whom,
                figure.per_time,
                figure.phase,
                figure.weather,
                _basis(figure.basis),
                figure.source,
                figure.page,
                figure.note,
            )


def _basis(basis: str) -> str:
    key = f"needs_basis_{basis}"
    return f"{dictionary('es')[key]} · {dictionary('en')[key]}"


SHARE_COLUMNS = (
    Column("Quién", "Who", "text", 24),
    Column("Parte, o personas por hogar", "Part, or persons per household", "number", 14),
    Column("Menor", "Low", "number", 9),
    Column("Mayor", "High", "number", 9),
    Column("Cómo se sabe", "How it is known", "text", 26),
    Column("Fuente", "Source", "text", 60),
    Column("Nota", "Note", "text", 60),
)


def _share_rows(needs: Needs) -> Iterable[Sequence[object]]:
    for share in needs.shares:
        yield (share.kind, share.value, share.low, share.high, _basis(share.basis), share.source, share.note)
