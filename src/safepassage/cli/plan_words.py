"""The sentences of `safepassage plan`, English and Spanish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safepassage.adapters.tables.plan_findings import unmet_items
from safepassage.adapters.tables.plan_rows import DriveRow, LoadRow, brought, useful
from safepassage.core.units_of_aid import in_local_units, quantity_words

if TYPE_CHECKING:
    from safepassage.core.plan_story import PlanStory

ITEMS_SAID = 3
# What the answer tells of; all items are in the files.
MAIN = ("water", "food", "shelter")
# Offers that are over.
CLOSED = ("refused", "withdrawn")


def answer(story: PlanStory, rows: tuple[DriveRow, ...]) -> list[str]:
    """Give the answer in a sentence, English and Spanish."""
    day, nights = story.plan.start, story.needs.days
    towns, who = len({row.one.place for row in rows}), len({row.who for row in rows})
    loads = brought(rows)[:ITEMS_SAID]
    en_nights, es_nights = _counted(nights, "night", "nights"), _counted(nights, "noche", "noches")
    english = (
        f"On {day:%a} {day} {_counted(len(rows), 'drive', 'drives')} of "
        f"{_counted(who, 'organisation', 'organisations')} bring "
        f"{_list(loads, 'en')} to {_counted(towns, 'town', 'towns')}"
        if rows
        else f"On {day:%a} {day} nobody drives"
    )
    spanish = (
        f"El {day} {_counted(len(rows), 'viaje', 'viajes')} de "
        f"{_counted(who, 'organización', 'organizaciones')} llevan "
        f"{_list(loads, 'es')} a {_counted(towns, 'localidad', 'localidades')}"
        if rows
        else f"El {day} no sale nadie"
    )
    unmet = [row for row in unmet_items(story) if row.item.id in MAIN]
    if not unmet:
        return [f"{english}. Nothing is needed.", f"{spanish}. No se necesita nada."]
    lacks = ", ".join(f"{row.share:.0%} of {row.item.name_en.lower()}" for row in unmet)
    falta = ", ".join(f"{row.share:.0%} de {row.item.name_es.lower()}" for row in unmet)
    return [
        f"{english}; over {en_nights}, expected to stay unmet: {lacks}.",
        f"{spanish}; en {es_nights} se espera que falte: {falta}.",
    ]


def _counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _list(loads: tuple[LoadRow, ...], lang: str) -> str:
    said = (f"{quantity_words(load.item, useful(load.quantity), lang)}" for load in loads)
    return ", ".join(said) or ("nothing" if lang == "en" else "nada")


def load_words(load: LoadRow) -> str:
    """Say a load in one line for a driver: "2,493 L water / agua (125 garrafones)"."""
    item, quantity = load.item, round(load.quantity)
    english, spanish = item.name_en.lower(), item.name_es.lower()
    unit = f"{item.unit} " if item.unit in ("L", "kg", "m2") else ""
    local = in_local_units(item.id, load.quantity, "es", sizes=False)
    return f"{quantity:,} {unit}{english} / {spanish}" + (f" ({local})" if local else "")


def none_words(story: PlanStory) -> list[str]:
    """Say why there is no drive at all, and what to do."""
    known, told = story.logistics, []
    if all(one.status in CLOSED for one in known.carriers):
        told += [
            "No vehicles are known by this day: add them with `safepassage offer add` or in carriers.csv.",
            "No se conoce ningún vehículo a esta fecha: agréguelos con `safepassage offer add` o en "
            "carriers.csv.",
        ]
    if all(one.status in CLOSED for one in known.supplies):
        told += [
            "No supplies are known by this day: add them with `safepassage offer add` or in supplies.csv.",
            "No se conocen existencias a esta fecha: agréguelas con `safepassage offer add` o en "
            "supplies.csv.",
        ]
    return told or [
        "No drive would lessen what is missing; the reasons are below.",
        "Ningún viaje reduciría lo que falta; abajo están las razones.",
    ]
