"""`safepassage offer list`: what is offered, by whom, and what was decided."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from safepassage.cli.report_options import DAY, STAMP


class OfferStatus(StrEnum):
    """What became of an offer."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SENT = "sent"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


def list_offers(
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="A scenario folder or a built-in's name.")
    ] = ".",
    place: Annotated[str, typer.Option(help="Only those of this town, by name or id.")] = "",
    status: Annotated[OfferStatus | None, typer.Option(help="Only those of this status.")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=DAY, help="As it was known on the evening of that day.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a list.")] = False,
) -> None:
    """List supplies, vehicles and requests: id, who, where, what, when, and what was decided."""
    from safepassage.cli.offer_words import offer_line, offer_values
    from safepassage.cli.screen import out
    from safepassage.workflows.load import load
    from safepassage.workflows.load_logistics import known_in, load_logistics
    from safepassage.workflows.places import place_number

    network = load(scenario).network
    found = load_logistics(scenario, network, as_of=as_of.date() if as_of else None)
    town = place_number(network.places, place, file="--place") if place else -1
    rows = [row for row in found.offers if status is None or row.status == status.value]
    rows = [row for row in rows if town in (-1, row.place)]
    names, ids = network.places.names, network.places.ids
    if as_json:
        told = [offer_values(row, ids) for row in rows]
        asked = [
            {"id": r.id, "place": ids[r.place], "item": r.item, "quantity": r.quantity}
            for r in found.requests
        ]
        values = {"not_for_publication": True, "offers": told, "requests": asked, "currency": found.currency}
        typer.echo(json.dumps(values, ensure_ascii=False))
        return
    known, _ = known_in(Path(scenario).expanduser())
    out.print(f"{STAMP}", style="bold")
    for row in rows:
        out.print(offer_line(row, names[row.place], known))
    asked_for = len(found.requests)
    out.print(f"{len(rows)} filas, {asked_for} pedidos / {len(rows)} rows, {asked_for} requests")
    if found.illustrative:
        out.print(f"! {found.illustrative_words}")
