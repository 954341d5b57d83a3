"""`safepassage report import` and `report form`: reports from files, and the form for field teams."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.report_options import DAY, SCENARIO
from safepassage.core.errors import InputError
from safepassage.core.report import REPORT_KINDS, SOURCE_KINDS

if TYPE_CHECKING:
    from safepassage.adapters.intake import Intake

MOST_LINES = 12
TITLES = (("column / columna", 30), ("read as / como", 18), ("why / por qué", 44), ("cells / celdas", 30))
LAYOUTS_ES = {
    "guessed": "guessed, to be corrected with --map / adivinado, se corrige con --map",
    "reports.csv": "columns of reports.csv / columnas de reports.csv",
    "answers of a form": "answers of a form / respuestas de un formulario",
}
WHY_ES = {
    "name of the column": "its name / su nombre",
    "its cells are dates": "its cells: dates / sus celdas: fechas",
    "its cells are towns": "its cells: towns / sus celdas: lugares",
    "its cells are numbers": "its cells: numbers / sus celdas: números",
    "column of reports.csv": "its name / su nombre",
    "not used": "not used / no se usa",
    "its cells are such words": "its cells / sus celdas",
    "told by --map": "--map",
    "about persons or spots: never stored": "persons or spots, dropped / personas, se omite",
    "question": "question / pregunta",
}
KINDS = ", ".join(REPORT_KINDS)
SOURCES = ", ".join(filter(None, SOURCE_KINDS))


def import_reports(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, or the JSON of KoboToolbox or ODK Central.")],
    yes: Annotated[bool, typer.Option("--yes", help="Store without asking, as accepted.")] = False,
    scenario: Annotated[str | None, SCENARIO] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", help="Read a column as a field; may be given again.", metavar="COLUMN=FIELD"),
    ] = None,
    published: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Day it became known, for rows that do not tell.")
    ] = None,
    source: Annotated[str, typer.Option(help="Who says so, for rows that do not tell.")] = "",
    source_kind: Annotated[str, typer.Option(help=f"The kind of source: {SOURCES}.")] = "",
    kind: Annotated[
        str, typer.Option(help=f"Kind of report, for rows that do not tell: {KINDS}.")
    ] = "position",
    family_size: Annotated[
        float | None, typer.Option(help="People to a family, for rows that count families and do not tell.")
    ] = None,
    group: Annotated[str, typer.Option(help="Which caravan, by its id, for rows that do not tell.")] = "",
) -> None:
    """Take in the reports of a file: shown first, stored when you say so."""
    from safepassage.cli.report_list import tell_taken
    from safepassage.cli.screen import err, out, tell_notices
    from safepassage.workflows.intake import ForAllRows, columns_told, read_reports, store

    day = published.date() if published else None
    for_all = ForAllRows(day, source, source_kind, kind, family_size, group)
    desk, intake = read_reports(scenario, file, columns_told(columns or ()), for_all)
    _show_mapping(intake)
    tell_notices(intake.notices)
    if intake.proposals:
        _tell_refused(intake)
    _tell_read(intake)
    if not intake.proposals:
        raise InputError(intake.refused, f"{file.name}: not one report was read; nothing was stored.")
    if not (yes or _asked(len(intake.proposals))):
        err.print(
            "Nothing was stored. Look at it, correct it with --map, then add --yes. / "
            "No se guardó nada. Revise, corrija con --map, y agregue --yes."
        )
        return
    stored = store(desk, intake)
    tell_taken(stored.accepted)
    waiting = len(stored.waiting.added.new)
    if waiting:
        out.print(
            f"{waiting} doubtful ones wait: safepassage report review / "
            f"{waiting} dudosos esperan revisión: safepassage report review"
        )


def form(
    out: Annotated[Path, typer.Argument(help="File to write, .xlsx.", metavar="OUT.xlsx")],
    scenario: Annotated[
        str | None,
        typer.Option(help="Scenario whose towns are offered.  [default: towns in words]", metavar="DIR"),
    ] = None,
) -> None:
    """Write the form for field teams, for KoboToolbox or ODK (XLSForm)."""
    from safepassage.cli.screen import err
    from safepassage.workflows.intake import write_form

    towns = write_form(out, scenario)
    err.print(f"{out}: {towns or 'no'} towns to choose from / {towns or 'sin'} lugares para elegir")


def _asked(number: int) -> bool:
    """Ask whether to store, where there is somebody to ask."""
    if not _somebody_is_there():
        return False
    return typer.confirm(f"Store {number} reports as accepted? / ¿Guardar {number} informes como aceptados?")


def _somebody_is_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _show_mapping(intake: Intake) -> None:
    """Show which column is read as what."""
    from rich.table import Table

    from safepassage.cli.screen import out

    layout = intake.mapping.layout
    table = Table(title=f"{LAYOUTS_ES.get(layout, layout)}", title_justify="left", box=None, pad_edge=False)
    for title, widest in TITLES:
        table.add_column(title, max_width=widest, no_wrap=True, overflow="ellipsis")
    for use in intake.mapping.uses:
        table.add_row(
            printable(use.name), use.field or "–", printable(WHY_ES.get(use.why, use.why)), use.sample
        )
    out.print(table)


def printable(text: str) -> str:
    """Leave out what could turn or hide the line."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _tell_refused(intake: Intake) -> None:
    """Tell every row that is not read, the towns off the network in one line of their own."""
    from safepassage.cli.screen import err

    for fault in intake.refused[:MOST_LINES]:
        err.print(f"✗ {fault}")
    more = len(intake.refused) - MOST_LINES
    if more > 0:
        err.print(f"✗ … {more} more / {more} más")
    if intake.off_network:
        towns = ", ".join(f"{name} ({rows})" for name, rows in intake.off_network[:40])
        err.print(f"Not on the network / No están en la red: {towns}")


def _tell_read(intake: Intake) -> None:
    """Tell how many rows were read, and what to look at."""
    from safepassage.cli.screen import out

    flags = Counter(flag for proposal in intake.proposals for flag in proposal.flags)
    for flag, times in flags.most_common(MOST_LINES):
        where = next(p.origin for p in intake.proposals if flag in p.flags)
        more = f" (+{times - 1})" if times > 1 else ""
        out.print(f"! {where}{more}: {flag}")
    read, flagged = intake.rows - intake.rows_refused, sum(bool(p.flags) for p in intake.proposals)
    out.print(
        f"{intake.rows} rows: {read} read ({len(intake.proposals)} reports, {flagged} to look at), "
        f"{intake.rows_refused} not read / {intake.rows} filas: {read} leídas "
        f"({len(intake.proposals)} informes, {flagged} por revisar), {intake.rows_refused} no leídas"
    )
