"""`safepassage report read`: proposals from the text of an article."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safepassage.cli.report_options import DAY

if TYPE_CHECKING:
    from safepassage.core.report import Proposal
    from safepassage.workflows.read_news import ReadNews

BASES = {
    "told by the reader": "as told / según se indicó",
    "date in the article": "read in the article / leída en el artículo",
    "assumed: the day it was read": "ASSUMED, tell it with --published / SUPUESTA, indíquela con --published",
}


def read(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Text or HTML; - for what is pasted.")],
    published: Annotated[
        datetime | None,
        typer.Option(formats=DAY, help="Day of publication.  [default: the date in its head, else today]"),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="Scenario whose places are meant.  [default: the working directory, if it is one]",
        ),
    ] = None,
    source: Annotated[str, typer.Option(help="Outlet or address.")] = "",
    group: Annotated[str, typer.Option(help="Which caravan it tells of, by its id.")] = "",
    store: Annotated[
        bool, typer.Option("--store/--no-store", help="Keep them in the scenario folder, for review.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a list.")] = False,
) -> None:
    """Propose reports from an article in Spanish or English; they wait for `report review`."""
    from safepassage.cli.report_list import tell_taken
    from safepassage.cli.screen import err
    from safepassage.workflows import read_news

    raw = _pasted() if file == "-" else read_news.read_file(Path(file))
    name = "text" if file == "-" else Path(file).name
    day = published.date() if published else None
    found = read_news.read_news(raw, name=name, published=day, scenario=scenario, source=source, group=group)
    if as_json:
        typer.echo(json.dumps(_as_values(found), ensure_ascii=False))
    else:
        _show(found)
    taken = read_news.store(found) if store else None
    if taken is not None and not as_json:
        tell_taken(taken)
        err.print("Look them over / Revíselos: safepassage report review")
    elif taken is None and found.reading.proposals and not as_json:
        err.print(
            "Nothing was stored; --scenario DIR keeps them. / Nada se guardó; --scenario DIR los guarda."
        )


def _pasted() -> bytes:
    from safepassage.cli.screen import err

    if sys.stdin.isatty():
        err.print("Paste the article, then Ctrl-D. / Pegue el artículo y pulse Ctrl-D.")
    return sys.stdin.buffer.read()


def _show(found: ReadNews) -> None:
    from safepassage.cli.screen import out

    basis = BASES.get(found.published_basis, found.published_basis)
    out.print(f"published / publicado {found.published} ({basis})", style="bold")
    for number, proposal in enumerate(found.reading.proposals, start=1):
        for line in _lines(number, proposal, found):
            out.print(line)
    if not found.reading.proposals:
        out.print("No report was found in it. / No se encontró ningún informe en el texto.")
    for name, nearest, km in found.reading.unknown_places:
        near = f"; nearest / más cercano: {nearest}, {km:,.0f} km" if nearest else ""
        out.print(f"· {name}: no place of this network / no es lugar de esta red{near}")
    for notice in found.reading.notices:
        out.print(f"· {notice}")


def _lines(number: int, proposal: Proposal, found: ReadNews) -> list[str]:
    from safepassage.cli.report_list import KINDS_ES, figure_of

    report = proposal.report
    place, to_place = (found.places.names[p] if p >= 0 else "" for p in (report.place, report.to_place))
    where = " → ".join(filter(None, (place, to_place))) or "–"
    hour = f", {report.hour}:00" if report.hour is not None else ""
    segment = "" if report.segment == "main" else f" [{report.segment}]"
    lines = [
        f"{number:>3}  {proposal.confidence:.2f}  {report.observed}{hour}  {where}: {report.kind} / "
        f"{KINDS_ES[report.kind]}{segment}, {figure_of(report)} ({report.source_kind})"
    ]
    if report.excerpt:
        lines.append(f"     “{report.excerpt}”")
    return [*lines, *(f"     ! {flag}" for flag in proposal.flags)]


def _as_values(found: ReadNews) -> dict[str, Any]:
    """Give what was read as plain values."""
    ids = found.places.ids
    return {
        "not_for_publication": True,
        "published": found.published.isoformat(),
        "published_basis": found.published_basis,
        "proposals": [_values(proposal, ids) for proposal in found.reading.proposals],
        "unknown_places": [
            {"name": name, "nearest": nearest or None, "km": round(km, 1) if nearest else None}
            for name, nearest, km in found.reading.unknown_places
        ],
        "notices": list(found.reading.notices),
    }


def _values(proposal: Proposal, ids: tuple[str, ...]) -> dict[str, Any]:
    report = proposal.report
    return {
        "kind": report.kind,
        "place": ids[report.place] if report.place >= 0 else None,
        "to_place": ids[report.to_place] if report.to_place >= 0 else None,
        "observed": report.observed.isoformat(),
        "people_low": report.low,
        "people_high": report.high,
        "quantifier": report.quantifier,
        "unit": report.unit,
        "people_per_family": report.unit_people,
        "segment": report.segment,
        "quality": report.quality,
        "source_kind": report.source_kind,
        "since": report.since.isoformat() if report.since else None,
        "hour": report.hour,
        "confidence": proposal.confidence,
        "flags": list(proposal.flags),
        "span": list(proposal.span) if proposal.span else None,
        "excerpt": report.excerpt,
        "origin": proposal.origin,
    }
