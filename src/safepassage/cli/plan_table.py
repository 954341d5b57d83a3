"""What `safepassage plan` prints: the answer, tomorrow's drives, the board, what stays unmet and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from safepassage.adapters.tables.plan_board import BoardLine, fullest_days, lines_on
from safepassage.adapters.tables.plan_findings import POLICY_WORDS, findings, policies
from safepassage.adapters.tables.plan_rows import (
    STATUS_WORDS,
    DriveRow,
    brought,
    drive_rows,
    useful,
)
from safepassage.cli.plan_words import answer, load_words, none_words
from safepassage.cli.screen import out

if TYPE_CHECKING:
    from safepassage.core.plan import Finding
    from safepassage.core.plan_story import PlanStory

STAMP = "NOT FOR PUBLICATION · NO PUBLICAR"
DRIVES_SHOWN, DRIVES_A_TOWN = 16, 3
LEAST_TOLD = 10  # units; a line for less is of no use on the screen
BOARD_TOWNS, UNMET_SHOWN, VEHICLES_SHOWN, GOODS_SHOWN = 4, 8, 2, 4
# What the board of the screen tells; all items are in the files.
MAIN = ("water", "food", "shelter", "blanket", "hygiene_kit", "medical")


def print_plan(story: PlanStory, folder: Path) -> None:
    """Print who drives tomorrow, what towns have and lack, and what would help."""
    needs = story.needs
    out.print(f"{needs.title_en} / {needs.title_es}", style="bold")
    out.print(
        f"as of / al {needs.as_of} · profile / perfil {needs.profile.name} · "
        f"{needs.members} members · {STAMP}"
    )
    rows = tuple(row for row in drive_rows(story) if row.one.leave == story.plan.start)
    for line in answer(story, rows):
        out.print(line)
    _print_kept(story)
    if not story.plan.dispatches:
        for line in none_words(story):
            out.print(line)
    _print_drives(story, rows, folder)
    _print_board(story, folder)
    _print_unmet(story, folder)
    _print_more(story)
    _print_worth(story)
    for line in needs.illustrative:
        out.print(f"Illustrative / Ilustrativo: {line}")


def _print_kept(story: PlanStory) -> None:
    for one in findings(story, "kept"):
        out.print(f"! {one.en}", style="bold")
        out.print(f"  {one.es}")


def _print_drives(story: PlanStory, rows: tuple[DriveRow, ...], folder: Path) -> None:
    if not rows:
        return
    out.print("")
    out.print(
        f"who goes where on / quién va a dónde el {story.plan.start:%a} {story.plan.start}", style="bold"
    )
    shown = 0
    for town in _towns(rows):
        if shown >= DRIVES_SHOWN:
            break
        here = [row for row in rows if row.one.place == town]
        listed = here[:DRIVES_A_TOWN]
        _print_town(here, listed)
        shown += len(listed)
    rest = len(rows) - shown
    later = len(story.plan.dispatches) - len(rows)
    where = folder / "plan.xlsx"
    out.print(
        f"{rest} more drives tomorrow and {later} on later days / {rest} viajes más mañana y {later} en días "
        f"siguientes: {where}"
    )
    out.print("sure / seguro: share of futures in which all of the load is needed there")


def _towns(rows: tuple[DriveRow, ...]) -> list[int]:
    """List the towns of delivery, where most people are expected first; those of kept drives before them."""
    kept = {row.one.place for row in rows if row.one.status != "proposed"}
    expected = {row.one.place: (row.people or 0) * max(row.chance, 0.0) for row in rows}
    return sorted(expected, key=lambda place: (place not in kept, -expected[place]))


def _print_town(here: list[DriveRow], listed: list[DriveRow]) -> None:
    first = here[0]
    out.print("")
    out.print(
        f"→ {first.place} ({first.country}): {_for_whom(first)}",
        style="bold",
    )
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=True)
    table.add_column("leaves, id\nsale, id", no_wrap=True)
    table.add_column("who, vehicle\nquién, vehículo", max_width=30)
    table.add_column("loads at\ncarga en", max_width=18)
    table.add_column("arrives\nllega", no_wrap=True)
    table.add_column("what / qué")
    table.add_column("sure\nseguro", justify="right")
    table.add_column("status\nestado")
    for row in listed:
        table.add_row(
            f"{row.leaves}\n{row.one.id}",
            f"{row.who}, {row.one.vehicles} × {row.vehicle}",
            row.store,
            _arrives(row),
            "\n".join(load_words(load) for load in row.loads),
            "" if row.sure is None else f"{row.sure:.0%}",
            "\n".join(reversed(STATUS_WORDS.get(row.one.status, (row.one.status,)))),
        )
    out.print(table)
    rest = here[len(listed) :]
    if rest:
        said = ", ".join(load_words(load) for load in brought(tuple(rest))[:3])
        out.print(f"  + {len(rest)} more / más: {said}")


def _for_whom(row: DriveRow) -> str:
    if row.people is None:
        return "nobody is foreseen there / no se prevé a nadie ahí"
    return (
        f"if they come, for about {row.people:,} people; chance {row.chance:.0%} / si llegan, para unas "
        f"{row.people:,} personas"
    )


def _arrives(row: DriveRow) -> str:
    days = (row.one.arrive - row.one.leave).days
    return row.arrives + (f" +{days} d" if days else "")


def _print_board(story: PlanStory, folder: Path) -> None:
    if not story.board.rows:
        return
    out.print("")
    out.print(
        "what towns need if they come, have and lack / qué necesitan las localidades si llegan, qué hay y "
        "qué falta",
        style="bold",
    )
    for day, place in fullest_days(story, BOARD_TOWNS):
        lines = [line for line in lines_on(story, day, place) if line.item.id in MAIN and _tells(line)]
        if lines:
            _print_board_of(story, lines)
    out.print(f"all towns, nights and items / todo: {folder / 'plan.xlsx'}")


def _tells(line: BoardLine) -> bool:
    row = line.row
    needed = line.expected.middle
    return needed is None or max(needed, row.accepted, row.offered, row.surplus) >= LEAST_TOLD


def _print_board_of(story: PlanStory, lines: list[BoardLine]) -> None:
    first = lines[0]
    many = story.needs.threshold_people
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(
        f"{first.date:%a} {first.date} {first.name} ({first.country})\n"
        f"{first.row.chance:.0%} {many:,} or more / o más",
        min_width=42,
    )
    for heading in (
        "needed\nnecesitan",
        "accepted\naceptado",
        "offered\nofrecido",
        "foreseen\nprevisto",
        "missing\nfalta",
        "bring no more\nsobra",
    ):
        table.add_column(heading, justify="right")
    for line in lines:
        row = line.row
        table.add_row(
            f"{line.item.name_en} / {line.item.name_es} ({line.item.unit})",
            _one(line.expected.middle),
            _one(row.accepted),
            _one(row.offered),
            _one(row.foreseen),
            _one(line.lacking.middle),
            _one(row.surplus) if row.surplus >= 1 else "",
        )
    out.print("")
    out.print(table)


def _one(value: float | None) -> str:
    """Say one number; dots where it may not be told or does not apply."""
    return "…" if value is None else f"{useful(value):,.0f}"


def _print_unmet(story: PlanStory, folder: Path) -> None:
    unmet = findings(story, "unmet")
    if not unmet:
        return
    out.print("")
    out.print("what stays unmet, and why / qué queda sin cubrir y por qué", style="bold")
    _print_findings(unmet[:UNMET_SHOWN])
    if len(unmet) > UNMET_SHOWN:
        rest = len(unmet) - UNMET_SHOWN
        out.print(f"· {rest} more / más: {folder / 'plan.xlsx'}")


def _print_more(story: PlanStory) -> None:
    marginal = findings(story, "marginal")
    vehicles = [one for one in marginal if not one.item][:VEHICLES_SHOWN]
    goods = sorted((one for one in marginal if one.item), key=lambda one: (one.item != "water", -one.value))
    limits = tuple(one for one in findings(story, "limit") if one.reason != "not carried")
    if marginal:
        out.print("")
        out.print("what would change it / qué lo cambiaría", style="bold")
        _print_findings((*vehicles, *goods[:GOODS_SHOWN]))
    _print_findings(limits)
    idle = findings(story, "idle")
    if idle:
        carriers = sum(one.reason == "carrier" for one in idle)
        out.print(
            f"· idle / sin uso: {carriers} vehicles and {len(idle) - carriers} supplies, too far or of no "
            f"use there / {carriers} vehículos y {len(idle) - carriers} existencias, lejos o sin uso ahí"
        )


def _print_findings(found: tuple[Finding, ...]) -> None:
    for one in found:
        out.print(f"· {one.en}")
        out.print(f"  {one.es}")


def _print_worth(story: PlanStory) -> None:
    judgement = story.judgement
    if judgement is None:
        return
    mine = max(judgement.worth["stochastic"].expected_unmet, 1e-9)
    named = "; ".join(
        f"{100 * worth.expected_unmet / mine:,.0f} {POLICY_WORDS[name][1]} / {POLICY_WORDS[name][0]}"
        for name, worth in policies(story)
    )
    out.print("")
    out.print(
        f"what stays unmet over {judgement.members} futures, this plan = 100, urgent things count more / "
        f"lo que queda sin cubrir en {judgement.members} futuros, este plan = 100, lo urgente cuenta más",
        style="bold",
    )
    out.print(named)
