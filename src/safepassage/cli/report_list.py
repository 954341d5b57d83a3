"""`safepassage report list`, and the lines that show a report on a screen."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safepassage.cli.report_options import DAY, SCENARIO, STAMP

if TYPE_CHECKING:
    from safepassage.core.report import AgreedFigure, Report
    from safepassage.workflows.reports import Listed, Taken

KINDS_ES = {
    "position": "posición",
    "stock": "presentes",
    "arrivals": "llegadas",
    "departures": "salidas",
    "claims": "solicitudes de asilo",
    "returns": "retornos",
    "crossings": "cruces",
    "detentions": "detenciones",
    "next_stop": "próxima parada anunciada",
    "transport_offered": "transporte ofrecido",
    "transport_withdrawn": "transporte retirado",
    "shelter_opened": "albergue abierto",
    "shelter_closed": "albergue cerrado",
    "closure": "cierre",
    "reopening": "reapertura",
    "incident": "incidente",
}
STATUS_ES = {"proposed": "propuesto", "accepted": "aceptado", "rejected": "rechazado"}
QUANTIFIERS = {
    "about": "about / unos ",
    "more_than": "more than / más de ",
    "at_least": "at least / al menos ",
    "nearly": "nearly / casi ",
    "up_to": "up to / hasta ",
    "fewer_than": "fewer than / menos de ",
}


class Status(StrEnum):
    """What was decided about a report."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


def list_reports(
    status: Annotated[Status | None, typer.Option(help="Only those of this status.")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Only those published by that day.")
    ] = None,
    scenario: Annotated[str | None, SCENARIO] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a list.")] = False,
) -> None:
    """List the reports of a scenario, newest observation last, and what repeats what."""
    from safepassage.cli.screen import out
    from safepassage.workflows.reports import agreed_figures, listing, open_desk

    desk = open_desk(scenario)
    day = as_of.date() if as_of else None
    rows = listing(desk, status=status.value if status else None, as_of=day)
    figures = [row for row in agreed_figures(desk) if day is None or row[2].agreed <= day]
    if as_json:
        told = {"not_for_publication": True, "reports": [as_values(row, desk.ids) for row in rows]}
        told["agreed"] = [_agreed_values(*row) for row in figures]
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    out.print(f"{desk.scenario.title_en} / {desk.scenario.title_es} · {STAMP}", style="bold")
    for row in rows:
        for line in lines_of(row):
            out.print(line)
    for row_agreed in figures:
        out.print(agreed_line(*row_agreed))
    in_table = sum(day is None or report.published <= day for report in desk.scenario.reports)
    out.print(
        f"{len(rows)} reports here, {in_table} more in reports.csv / "
        f"{len(rows)} informes aquí, {in_table} más en reports.csv"
    )


def lines_of(row: Listed) -> list[str]:
    """Say a report in two to four lines, English and Spanish, letters that could hide left out."""
    entry, report = row.entry, row.entry.report
    kind = f"{report.kind} / {KINDS_ES[report.kind]}"
    where = f"{row.place or '–'}{f' → {row.to_place}' if row.to_place else ''}"
    status = f"{entry.status} / {STATUS_ES[entry.status]}"
    lines = [f"{entry.key}  {report.observed}  {where}: {kind}, {figure_of(report)}  [{status}]"]
    who = f" ({report.source_kind})" if report.source_kind else ""
    lines.append(f"    published / publicado {report.published} · {report.source or '?'}{who}")
    if report.hour is not None:
        lines.append(f"    departure at / salida a las {report.hour}:00")
    if report.note:
        lines.append(f"    {report.note}")
    if row.repeats:
        lines.append(f"    repeats / repite {row.repeats}")
    if row.repeated_by:
        lines.append(f"    repeated by / repetido por {', '.join(row.repeated_by)}")
    lines += [f"    ! {flag}" for flag in entry.flags]
    return lines


def figure_of(report: Report) -> str:
    """Say a report's figure in words."""
    if report.low is None:
        return "no figure / sin cifra"
    many = QUANTIFIERS.get(report.quantifier, "")
    if report.high is None:
        return f"{many or QUANTIFIERS['at_least']}{report.low:,.0f}"
    if report.low == report.high:
        return f"{many}{report.low:,.0f}"
    return f"{many}{report.low:,.0f}–{report.high:,.0f}"


def agreed_line(key: str, place: str, figure: AgreedFigure) -> str:
    """Say an agreed figure in one line; who agreed is a role."""
    where = place or "whole caravan / toda la caravana"
    return (
        f"{key}  {figure.day}  {where}: agreed / acordado {figure.people:,.0f}, "
        f"{figure.role}, {figure.agreed}: {figure.reason}"
    )


def tell_taken(taken: Taken) -> None:
    """Say what became of what was taken in: what is new, known, rejected before, and what repeats what."""
    from safepassage.cli.screen import out

    added = taken.added
    known = len(set(added.known) | set(taken.in_table))
    out.print(f"{len(added.new)} new / nuevos, {known} known already / ya conocidos")
    for key in added.new if len(added.new) <= 10 else ():
        repeated = taken.repeats.get(key)
        out.print(f"  {key}{f'  repeats / repite {repeated}' if repeated else ''}")
    if added.accepted:
        out.print(f"  accepted now / ahora aceptados: {', '.join(added.accepted)}")
    for key in added.rejected:
        out.print(f"  {key}: rejected before, and stays so / rechazado antes, y así queda")
    if taken.which:
        ids = ", ".join(taken.which)
        out.print(
            f"! of which caravan? Not learned from before --group says so: {ids}\n"
            f"! ¿de cuál caravana? No se aprende de ello sin --group: {ids}"
        )


def as_values(row: Listed, ids: tuple[str, ...]) -> dict[str, Any]:
    """Give a report as plain values for `--json`."""
    entry, report = row.entry, row.entry.report
    return {
        "key": entry.key,
        "status": entry.status,
        "observed": report.observed.isoformat(),
        "published": report.published.isoformat(),
        "place": ids[report.place] if report.place >= 0 else None,
        "to_place": ids[report.to_place] if report.to_place >= 0 else None,
        "kind": report.kind,
        "people_low": report.low,
        "people_high": report.high,
        "quantifier": report.quantifier,
        "segment": report.segment,
        "quality": report.quality,
        "group": report.group,
        "hour": report.hour,
        "source": report.source,
        "source_kind": report.source_kind,
        "note": report.note,
        "excerpt": report.excerpt,
        "confidence": entry.confidence,
        "flags": list(entry.flags),
        "origin": entry.origin,
        "entered": entry.entered.isoformat(),
        "repeats": row.repeats or None,
        "repeated_by": list(row.repeated_by),
    }


def _agreed_values(key: str, place: str, figure: AgreedFigure) -> dict[str, Any]:
    return {
        "key": key,
        "day": figure.day.isoformat(),
        "place": place or None,
        "people": figure.people,
        "reason": figure.reason,
        "role": figure.role,
        "agreed": figure.agreed.isoformat(),
        "group": figure.group,
    }
