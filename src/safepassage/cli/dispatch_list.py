"""`safepassage dispatch list`: what a plan proposes, and what was answered."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

import typer

from safepassage.cli.dispatch_decide import PLAN
from safepassage.cli.offer_list import OfferStatus
from safepassage.cli.report_options import DAY, SCENARIO, STAMP


def list_dispatches(
    scenario: Annotated[str | None, SCENARIO] = None,
    plan: Annotated[str | None, PLAN] = None,
    place: Annotated[str, typer.Option(help="Only those to this town, by name or id.")] = "",
    status: Annotated[OfferStatus | None, typer.Option(help="Only those of this status.")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=DAY, help="As it was known on the evening of that day.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a list.")] = False,
) -> None:
    """List drives: id, who, from where to where, when, what, and what was answered."""
    from safepassage.cli.dispatch_words import dispatch_line, dispatch_values
    from safepassage.cli.screen import out, tell_notices
    from safepassage.workflows.dispatches import look_at_dispatches
    from safepassage.workflows.places import place_number

    desk = look_at_dispatches(scenario, plan)
    town = place_number(desk.network.places, place, file="--place") if place else -1
    rows = [
        entry
        for entry in desk.states(as_of.date() if as_of else None).values()
        if town in (-1, entry.dispatch.place) and (status is None or entry.dispatch.status == status.value)
    ]
    rows.sort(key=lambda entry: (entry.dispatch.leave, entry.dispatch.leave_hour))
    if as_json:
        told = {"not_for_publication": True, "dispatches": [dispatch_values(entry, desk) for entry in rows]}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    tell_notices(desk.log.notices)
    out.print(STAMP, style="bold")
    for entry in rows:
        out.print(dispatch_line(entry, desk))
    out.print(f"{len(rows)} viajes / drives")
    if desk.logistics.illustrative:
        out.print(f"! {desk.logistics.illustrative_words}")
