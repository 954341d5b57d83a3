"""`plan.xlsx`: a sheet that explains, drives, loads, the board, who does what where, what is unmet, worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from safepassage.adapters.atomic import replacing
from safepassage.adapters.page.figures import day, whole
from safepassage.adapters.page.markup import spaced
from safepassage.adapters.page.words import in_its_language, say
from safepassage.adapters.tables.columns import Column
from safepassage.adapters.tables.plan_board import board_lines
from safepassage.adapters.tables.plan_findings import KIND_WORDS, POLICY_WORDS, policies, unmet_items
from safepassage.adapters.tables.plan_rows import DriveRow, drive_rows, named, useful
from safepassage.adapters.tables.plan_three_w import status_words, three_w
from safepassage.adapters.tables.plan_words import EXPLAINED
from safepassage.adapters.tables.workbook import Book
from safepassage.core.aid_items import unit_word
from safepassage.core.logistics import Item
from safepassage.core.needs import Told
from safepassage.core.plan_story import PlanStory
from safepassage.core.units_of_aid import in_local_units, quantity_words

MOST_ROWS = 200_000


def write_plan_workbook(story: PlanStory, path: Path) -> None:
    """Write the workbook, whole or not at all."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    rows = drive_rows(story)
    with replacing(path) as draft, xlsxwriter.Workbook(str(draft), options) as book:
        pages = Book(book)
        pages.explain(lambda lang: _explained(story, lang))
        pages.table("viajes_drives", DRIVE_COLUMNS, map(_drive, rows))
        pages.table("cargas_loads", LOAD_COLUMNS, _loads(rows))
        pages.table("tablero_board", BOARD_COLUMNS, _board(story))
        pages.table("3W", THREE_W_COLUMNS, _three_w(story))
        pages.table("falta_unmet", UNMET_COLUMNS, _findings(story))
        pages.table("articulos_items", ITEM_COLUMNS, _items(story))
        pages.table("valor_worth", WORTH_COLUMNS, _worth(story))


def _explained(story: PlanStory, lang: str) -> list[tuple[str, str]]:
    needs, rules = story.needs, story.rules
    values = {
        "first_share": f"{rules.first_share:.0%}",
        "rest_factor": f"{rules.rest_factor:g}",
        "fairness": f"{rules.fairness:.0%}",
        "scenarios": len(story.plan.scenarios.members),
        "sure_days": rules.sure_days,
        "threshold": f"{needs.threshold_people:,}",
        "load_hours": f"{rules.load_hours:g}",
        "hand_out_hours": f"{rules.hand_out_hours:g}",
        "currency": story.logistics.currency or "–",
        "weights": "; ".join(f"{_name(item, lang)} {item.weight:g}" for item in story.items),
    }
    profile = {"profile": needs.profile.name, "phase": needs.phase, "weather": needs.weather}
    lines = [
        (say(lang, "stamp"), "warning"),
        (needs.title_en if lang == "en" else needs.title_es, "title"),
        (say(lang, "as_of", day=day(needs.as_of)) + ". " + say(lang, "as_of_why"), "long"),
        (say(lang, "needs_xlsx_profile_line", **profile), "long"),
        (say(lang, "needs_lead", profile=needs.profile.name, members=whole(needs.members)), "long"),
        *((text.format(**values), "long") for text in EXPLAINED[lang]),
        (say(lang, "purpose"), "long"),
        (say(lang, "illustrative_title") + ":", "long"),
        *((in_its_language(text, lang), "long") for text in needs.illustrative),
    ]
    if not needs.illustrative:
        lines.append((say(lang, "illustrative_none"), "long"))
    return lines


def _name(item: Item, lang: str) -> str:
    return item.name_es if lang == "es" else item.name_en


def _unit(item: Item) -> str:
    spanish, english = unit_word(item.unit, 2, "es"), unit_word(item.unit, 2, "en")
    return spanish if spanish == english else f"{spanish} · {english}"


def _yes(value: bool) -> str | None:
    return "sí · yes" if value else None


DRIVE_COLUMNS = (
    Column("Viaje", "Drive", "text", 12),
    Column("Estado", "Status", "text", 22),
    Column("Sale", "Leaves", "date", 12),
    Column("A las", "At", "text", 8),
    Column("Quién", "Who", "text", 34),
    Column("Vehículo", "Vehicle", "text", 22),
    Column("Cuántos", "How many", "people", 8),
    Column("Base", "Home", "text", 22),
    Column("Carga en", "Loads at", "text", 22),
    Column("Entrega en", "Hands out at", "text", 22),
    Column("País", "Country", "text", 8),
    Column("Llega", "Arrives", "date", 12),
    Column("A las", "At", "text", 8),
    Column("Qué", "What", "text", 46),
    Column("What (English)", "What (English)", "text", 46),
    Column("Personas, si llegan", "People, if they come", "people", 11),
    Column("Probabilidad de alguien", "Chance of anybody", "share", 12),
    Column("Seguro: se necesita todo", "Sure: all of it is needed", "share", 12),
    Column("Horas de ida y vuelta", "Hours there and back", "number", 10),
    Column("km de ida y vuelta", "km there and back", "km", 10),
    Column("Por", "By way of", "text", 60),
    Column("Ilustrativo", "Illustrative", "text", 11),
)


def _drive(row: DriveRow) -> Sequence[object]:
    one = row.one
    return (
        one.id, status_words(one.status), one.leave, row.leaves, spaced(row.who), spaced(row.vehicle),
        one.vehicles, spaced(row.home), spaced(row.store), spaced(row.place), spaced(row.country), one.arrive,
        row.arrives, _what(row, "es"), _what(row, "en"), row.people, row.chance, row.sure, one.hours, one.km,
        spaced(" – ".join(row.via)), _yes(row.illustrative),
    )  # fmt: skip


def _what(row: DriveRow, lang: str) -> str:
    return ", ".join(quantity_words(load.item, load.quantity, lang) for load in row.loads)


LOAD_COLUMNS = (
    Column("Viaje", "Drive", "text", 12),
    Column("Sale", "Leaves", "date", 12),
    Column("Carga en", "Loads at", "text", 24),
    Column("Entrega en", "Hands out at", "text", 24),
    Column("Qué", "What", "text", 34),
    Column("Cantidad", "Quantity", "people", 12),
    Column("Unidad", "Unit", "text", 16),
    Column("En unidades locales", "In local units", "text", 20),
    Column("Quién lo da", "Who gives it", "text", 40),
    Column("Quién lo lleva", "Who carries it", "text", 34),
    Column("Peso, kg", "Weight, kg", "people", 10),
    Column("Volumen, L", "Volume, L", "people", 10),
    Column("Estado", "Status", "text", 22),
    Column("Ilustrativo", "Illustrative", "text", 11),
)


def _loads(rows: Iterable[DriveRow]) -> Iterable[Sequence[object]]:
    for row in rows:
        for load in row.loads:
            yield (
                row.one.id, row.one.leave, spaced(row.store), spaced(row.place), named(load.item),
                load.quantity, _unit(load.item), in_local_units(load.item.id, load.quantity, "es") or None,
                spaced("; ".join(load.holders)), spaced(row.who), load.quantity * load.item.kg_per_unit,
                load.quantity * load.item.litres_per_unit, status_words(row.one.status),
                _yes(load.illustrative),
            )  # fmt: skip


_LEVELS = (("5 %", "5%"), ("mediana", "median"), ("95 %", "95%"))
BOARD_COLUMNS = (
    Column("Noche", "Night", "date", 12),
    Column("Localidad", "Town", "text", 26),
    Column("País", "Country", "text", 8),
    Column("Probabilidad de que lleguen muchas", "Chance that many come", "share", 12),
    Column("Qué", "What", "text", 34),
    Column("Unidad", "Unit", "text", 16),
    *(Column(f"Se necesita si llegan: {es}", f"Needed if they come: {en}", "people", 12)
      for es, en in _LEVELS),
    Column("Ya hay, aceptado", "There, accepted", "people", 11),
    Column("En camino, aceptado", "On its way, accepted", "people", 11),
    Column("Ya hay, ofrecido", "There, offered", "people", 11),
    Column("Viajes propuestos", "Proposed drives", "people", 11),
    *(Column(f"Falta si llegan: {es}", f"Missing if they come: {en}", "people", 12) for es, en in _LEVELS),
    Column("Falta si se rechaza: mediana", "Missing if refused: median", "people", 12),
    Column("Probabilidad de que falte", "Chance that some is missing", "share", 12),
    Column("Sobra: no llevar más", "Surplus: bring no more", "people", 12),
    Column("Previsto, por decidir", "Foreseen, to be decided", "people", 12),
)  # fmt: skip


def _board(story: PlanStory) -> Iterable[Sequence[object]]:
    for line in [line for line in board_lines(story) if line.likely][:MOST_ROWS]:
        row = line.row
        yield (
            line.date, spaced(line.name), spaced(line.country), row.chance, named(line.item),
            _unit(line.item), *_three(row.if_they_come), useful(row.there), useful(row.arriving),
            useful(row.offered_there), useful(row.proposed), *_three(row.missing_if_they_come),
            _one(row.missing_if_refused.middle),
            row.chance_missing, _one(row.surplus), _one(row.foreseen),
        )  # fmt: skip


def _three(told: Told) -> tuple[object, object, object]:
    return _one(told.low), _one(told.middle), _one(told.high)


def _one(value: float | None) -> float | None:
    return None if value is None else useful(value)


THREE_W_COLUMNS = (
    Column("Quién", "Who", "text", 34),
    Column("Quién lo lleva", "Carried by", "text", 34),
    Column("Sector", "Sector", "text", 20),
    Column("Qué", "What", "text", 34),
    Column("Actividad", "Activity", "text", 20),
    Column("País", "Country", "text", 8),
    Column("Estado o departamento", "Admin 1", "text", 22),
    Column("Dónde", "Where", "text", 26),
    Column("Cuándo", "When", "date", 12),
    Column("Situación", "Status", "text", 22),
    Column("Cantidad", "Quantity", "people", 12),
    Column("Unidad", "Unit", "text", 16),
    Column("Ilustrativo", "Illustrative", "text", 11),
)
_ACTIVITIES = {"delivery": "entrega · delivery", "in place": "en el lugar · in place"}


def _three_w(story: PlanStory) -> Iterable[Sequence[object]]:
    places = story.needs.network.places
    for one in three_w(story)[:MOST_ROWS]:
        yield (
            spaced(one.who), spaced("; ".join(one.carried_by)), one.sector, named(one.item),
            _ACTIVITIES[one.activity], spaced(places.countries[one.place]), spaced(places.admin1[one.place]),
            spaced(places.names[one.place]), one.day, status_words(one.status), one.quantity, _unit(one.item),
            _yes(one.illustrative),
        )  # fmt: skip


UNMET_COLUMNS = (
    Column("De qué se trata", "What it is about", "text", 24),
    Column("Localidad", "Town", "text", 26),
    Column("Qué", "What", "text", 34),
    Column("Número", "Number", "people", 12),
    Column("En español", "In Spanish", "long", 80),
    Column("En inglés", "In English", "long", 80),
)


def _findings(story: PlanStory) -> Iterable[Sequence[object]]:
    names = story.needs.network.places.names
    known = {item.id: item for item in story.items}
    for one in story.plan.findings[:MOST_ROWS]:
        yield (
            " · ".join(KIND_WORDS.get(one.kind, (one.kind, one.kind))),
            spaced(names[one.place]) if one.place >= 0 else None,
            named(known[one.item]) if one.item in known else None,
            useful(one.value) or None, one.es, one.en,
        )  # fmt: skip


ITEM_COLUMNS = (
    Column("Qué", "What", "text", 34),
    Column("Unidad", "Unit", "text", 16),
    Column("Peso de una unidad", "Weight of a unit", "number", 10),
    Column("Se espera necesitar", "Expected need", "people", 14),
    Column("Se espera que falte", "Expected to stay unmet", "people", 14),
    Column("Parte", "Share", "share", 10),
)


def _items(story: PlanStory) -> Iterable[Sequence[object]]:
    for row in unmet_items(story):
        item = row.item
        yield named(item), _unit(item), item.weight, useful(row.needed), useful(row.unmet), row.share


WORTH_COLUMNS = (
    Column("Manera de planear", "Way of planning", "text", 60),
    Column("Necesidad ponderada sin cubrir", "Weighted unmet need", "people", 16),
    Column("Localidad peor servida", "Worst-off town", "text", 26),
    Column("Parte que le falta", "Share it lacks", "share", 12),
    Column("Costo", "Cost", "people", 14),
    Column("Futuros", "Futures", "people", 10),
)


def _worth(story: PlanStory) -> Iterable[Sequence[object]]:
    names, plan = story.needs.network.places.names, story.plan
    own = "el plan, según sus propios escenarios · the plan, by its own scenarios"
    yield (
        own, useful(plan.expected_unmet), _town(names, plan.worst_place), plan.worst_place_unmet,
        useful(plan.cost), len(plan.scenarios.members),
    )  # fmt: skip
    for name, worth in policies(story):
        members = story.judgement.members if story.judgement else 0
        yield (
            " · ".join(POLICY_WORDS[name]), useful(worth.expected_unmet), _town(names, worth.worst_place),
            worth.worst_place_unmet, useful(worth.cost), members,
        )  # fmt: skip


def _town(names: Sequence[str], place: int) -> str | None:
    return spaced(names[place]) if place >= 0 else None
