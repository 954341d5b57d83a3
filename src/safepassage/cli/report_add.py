"""`safepassage report add`: one report, typed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

import typer

from safepassage.cli.report_options import DAY as DAY
from safepassage.cli.report_options import SCENARIO as SCENARIO


def add(
    kind: Annotated[
        str,
        typer.Option(
            help="position, stock, arrivals, departures, claims, returns, crossings, detentions, next_stop, "
            "transport_offered, transport_withdrawn, shelter_opened, shelter_closed, closure, reopening, "
            "incident."
        ),
    ] = "position",
    place: Annotated[str, typer.Option(help="Town, by name or id.")] = "",
    people: Annotated[str, typer.Option(help="LOW-HIGH, N or N+ (at least).", metavar="PEOPLE")] = "",
    families: Annotated[
        str, typer.Option(help="The same in families; needs --family-size.", metavar="FAMILIES")
    ] = "",
    family_size: Annotated[float | None, typer.Option(help="People per family.")] = None,
    observed: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Day it speaks of.  [default: today]")
    ] = None,
    published: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Day it became known.  [default: today]")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=DAY, help="First day that a flow or a total counts.")
    ] = None,
    segment: Annotated[
        str, typer.Option(help="main, advance, rear, whole, branch, cumulative or size_only.")
    ] = "main",
    quality: Annotated[str, typer.Option(help="exact, conflict, inferred, approx or approx_date.")] = "exact",
    quantifier: Annotated[
        str, typer.Option(help="about, more_than, at_least, nearly, up_to or fewer_than.")
    ] = "",
    source: Annotated[
        str, typer.Option(help="Where it was read or heard; institutions, never persons.")
    ] = "",
    source_kind: Annotated[
        str, typer.Option(help="Who counted: official, agency, organiser, shelter, press or field.")
    ] = "",
    reliability: Annotated[str, typer.Option(help="high, medium or low.")] = "",
    note: Annotated[str, typer.Option(help="One sentence; never a person's name.")] = "",
    to_place: Annotated[
        str, typer.Option(help="Between two towns: the one ahead; transport: where to.")
    ] = "",
    hour: Annotated[int | None, typer.Option(help="Announced hour of departure, 0 to 23.")] = None,
    group: Annotated[str, typer.Option(help="Which caravan, by its id.")] = "",
    scenario: Annotated[str | None, SCENARIO] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Add one report; it is believed at once, since you typed it."""
    from safepassage.cli.report_list import tell_taken
    from safepassage.workflows.report_words import TypedReport, typed
    from safepassage.workflows.reports import open_desk, take_in

    days = [day.date() if day else None for day in (observed, published, since)]
    words = TypedReport(
        kind=kind,
        place=place,
        to_place=to_place,
        people=people,
        families=families,
        family_size=family_size,
        observed=days[0],
        published=days[1],
        since=days[2],
        segment=segment,
        quality=quality,
        quantifier=quantifier,
        source=source,
        source_kind=source_kind,
        reliability=reliability,
        note=note,
        hour=hour,
        group=group,
    )
    desk = open_desk(scenario)
    taken = take_in(desk, [typed(desk, words)], accept=True)
    if as_json:
        typer.echo(json.dumps({"new": taken.added.new, "known": taken.added.known, "repeats": taken.repeats}))
        return
    tell_taken(taken)
