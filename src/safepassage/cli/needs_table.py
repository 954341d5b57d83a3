"""The table that `safepassage needs` prints, tomorrow's towns first, and the same as JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.table import Table

from safepassage.adapters.needs_rows import NeedRow, TownNeeds, listed_nights, totals_on, towns_on
from safepassage.adapters.tables.needs_frame import three
from safepassage.adapters.tables.needs_places import need_values
from safepassage.cli.screen import out
from safepassage.core.aid_items import WATER, unit_word
from safepassage.core.units_of_aid import GARRAFON_L, PIPA_L, in_local_units, quantity_text

if TYPE_CHECKING:
    from safepassage.core.logistics import Item
    from safepassage.core.needs import ItemNeed, Needs, Told

STAMP = "NOT FOR PUBLICATION · NO PUBLICAR"
TOWNS_TOMORROW, TOWNS_LATER, NIGHTS_SHOWN = 4, 3, 7
# What is told of every town on the screen; all items are in the files.
MAIN = ("water", "food", "shelter", "blanket", "toilet", "medical", "transport")
BRIEF = ("water", "food", "shelter")


def print_needs(needs: Needs) -> None:
    """Print tomorrow's towns item by item, later nights in a line each, and what the whole movement needs."""
    out.print(f"{needs.title_en} / {needs.title_es}", style="bold")
    out.print(
        f"as of / al {needs.as_of} · profile / perfil {needs.profile.name} · {needs.phase} · "
        f"{needs.weather} · {needs.members} members · {STAMP}"
    )
    towns = towns_on(needs, 0, limit=TOWNS_TOMORROW)
    if not towns:
        out.print("nobody in any future / nadie en ningún futuro")
    for town in towns:
        _print_town(needs, town)
    if needs.days > 1:
        _print_later(needs)
    _print_totals(needs)
    for line in needs.illustrative:
        out.print(f"Illustrative / Ilustrativo: {line}")


def _print_town(needs: Needs, town: TownNeeds) -> None:
    out.print("")
    out.print(
        f"{town.date:%a} {town.date.isoformat()}  {town.name} ({town.country}): "
        f"{town.chance_any:.0%} anybody / alguien, "
        f"{town.chance_many:.0%} {needs.threshold_people:,} or more / o más",
        style="bold",
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("needed / se necesita")  # may wrap; a figure is never cut
    for heading in (
        "p5 – p50 – p95",
        "if they come\nsi llegan",
        "there\nhay",
        "missing, falta\np50 – p95",
        "chance\nsome · much",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    own = {item.id for item in needs.profile.items}
    for row in (row for row in town.rows if row.item.id in MAIN or row.item.id in own):
        table.add_row(
            f"{row.item.name_en} / {row.item.name_es}{_star(row.need)}",
            _three(row.told),
            _local(row),
            "?" if row.there is None else f"{math.ceil(row.there):,}",
            _range(row.gap.middle, row.gap.high),
            " · ".join(
                f"{chance:.0%}" for chance in (row.chance_gap, row.chance_large) if chance is not None
            ),
        )
    out.print(table)
    if town.ready:
        named = ", ".join(f"{item.name_en} / {item.name_es}" for item in town.ready)
        out.print(f"be ready / tener listo: {named}")


def _local(row: NeedRow) -> str:
    middle = row.expected.middle
    if middle is None:
        return "too few futures" if row.told.high else ""
    local = in_local_units(row.item.id, middle, "es", sizes=False) if row.item.id == WATER else ""
    return quantity_text(row.item, middle, "es") + (f"\n{local}" if local else "")


def _print_later(needs: Needs) -> None:
    items = [need.item for need in needs.items if need.item.id in BRIEF]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("night / noche")
    table.add_column("town / localidad")
    table.add_column("chance", justify="right")
    for item in items:
        table.add_column(f"{item.name_en} / {item.name_es}", justify="right")
    for day in range(1, min(NIGHTS_SHOWN, needs.days)):
        for number, town in enumerate(towns_on(needs, day, limit=TOWNS_LATER)):
            when = f"{town.date:%a} {town.date.isoformat()}" if number == 0 else ""
            rows = {row.item.id: row for row in town.rows}
            cells = [_if_many(rows[item.id], item) if item.id in rows else "" for item in items]
            table.add_row(when, f"{town.name} ({town.country})", f"{town.chance_any:.0%}", *cells)
    out.print("")
    out.print("later nights, if they come (median) / noches siguientes, si llegan (mediana)", style="bold")
    out.print(table)


def _if_many(row: NeedRow, item: Item) -> str:
    middle = row.expected.middle
    return "too few futures" if middle is None else quantity_text(item, middle, "es")


def _print_totals(needs: Needs) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("the whole movement / todo el movimiento")
    table.add_column("p5 – p50 – p95", justify="right", no_wrap=True)
    table.add_column("unidad / unit")
    for row in totals_on(needs, 0):
        item = row.need.item
        name = f"{item.name_en} / {item.name_es}{_star(row.need)}"
        units = dict.fromkeys(unit_word(item.unit, 2, lang) for lang in ("es", "en"))
        table.add_row(name, _three(row.told), " / ".join(units))
    out.print("")
    out.print(table)
    out.print("* planning assumption / supuesto de planificación; ? not known / no se sabe")
    many = needs.threshold_people
    out.print(f"much: as much as {many:,} people need / mucho: tanto como necesitan {many:,} personas")
    out.print(f"pipa {PIPA_L:,.0f} L, garrafón {GARRAFON_L:g} L")
    out.print("p5 – p95: nine of ten futures lie between / nueve de cada diez futuros quedan entre los dos")


def _star(need: ItemNeed) -> str:
    return "*" if need.assumed else ""


def _three(told: Told) -> str:
    return _range(told.low, told.middle, told.high)


def _range(*values: float | None) -> str:
    """Say a range; one figure where all of them are the same."""
    told = [_one(value) for value in values]
    return told[0] if len(set(told)) == 1 and told[0] != "…" else " – ".join(told)


def _one(value: float | None) -> str:
    """Say one number, rounded up; dots where it may not be told."""
    return "…" if value is None else f"{math.ceil(value - 1e-6):,}"


def summary(needs: Needs) -> dict[str, Any]:
    """Give the needs as plain values for `--json`."""
    return {
        "scenario": needs.scenario,
        "as_of": needs.as_of.isoformat(),
        "first_night": needs.first.isoformat(),
        "nights": needs.days,
        "members": needs.members,
        "profile": needs.profile.name,
        "phase": needs.phase,
        "weather": needs.weather,
        "threshold_people": needs.threshold_people,
        "not_for_publication": True,
        "illustrative": list(needs.illustrative),
        "towns": [_town_values(needs, town) for day in listed_nights(needs) for town in towns_on(needs, day)],
        "totals": [
            {"date": row.date.isoformat(), "item": row.need.item.id, **three("need", row.told)}
            for day in listed_nights(needs)
            for row in totals_on(needs, day)
        ],
        "assumptions": [
            {"item": need.item.id, "basis": figure.basis, "value": figure.value, "source": figure.source}
            for need in needs.items
            for figure in need.figures
        ],
    }


def _town_values(needs: Needs, town: TownNeeds) -> dict[str, Any]:
    return {
        "date": town.date.isoformat(),
        "place": needs.network.places.ids[town.place],
        "name": town.name,
        "country": town.country,
        "chance_anybody": round(town.chance_any, 4),
        "needs": {row.item.id: need_values(row) for row in town.rows},
        "be_ready": [item.id for item in town.ready],
    }
