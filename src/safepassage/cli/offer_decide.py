"""`safepassage offer accept`, `refuse`, `change` and `withdraw`: what people decide about an offer."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

import typer

from safepassage.cli.report_options import DAY, SCENARIO

ID = typer.Argument(metavar="ID", help="Id of an offer or of one of its rows, or its beginning.")
AS_OF = typer.Option(formats=DAY, help="Day of the decision.  [default: today]")
JSON = typer.Option("--json", help="Print one JSON object.")
REASON = typer.Option(help="Why, kept beside the offer; never a person's name.")


def accept(
    key: Annotated[str, ID],
    reason: Annotated[str, REASON] = "",
    as_of: Annotated[datetime | None, AS_OF] = None,
    scenario: Annotated[str | None, SCENARIO] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Accept an offer: a plan may count on it."""
    _decide(key, "accepted", reason, as_of, scenario, as_json=as_json)


def refuse(
    key: Annotated[str, ID],
    reason: Annotated[str, REASON] = "",
    as_of: Annotated[datetime | None, AS_OF] = None,
    scenario: Annotated[str | None, SCENARIO] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Refuse an offer; it stays in the list, with the reason."""
    _decide(key, "refused", reason, as_of, scenario, as_json=as_json)


def withdraw(
    key: Annotated[str, ID],
    reason: Annotated[str, REASON] = "",
    as_of: Annotated[datetime | None, AS_OF] = None,
    scenario: Annotated[str | None, SCENARIO] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Withdraw an offer: who made it takes it back."""
    _decide(key, "withdrawn", reason, as_of, scenario, as_json=as_json)


def _decide(
    key: str, status: str, reason: str, as_of: datetime | None, scenario: str | None, *, as_json: bool
) -> None:
    from safepassage.cli.offer_words import STATUS_ES, today_or
    from safepassage.cli.screen import out
    from safepassage.workflows.offers import decide, open_offers

    ids = decide(open_offers(scenario), key, status, day=today_or(as_of), reason=reason)
    if as_json:
        typer.echo(json.dumps({"ids": list(ids), "status": status}))
        return
    out.print(f"{', '.join(ids)}: {status} / {STATUS_ES[status]}")


def change(
    key: Annotated[str, ID],
    changes: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE…", help="quantity=600, until=2018-10-26, vehicles=2 …")
    ],
    as_of: Annotated[datetime | None, AS_OF] = None,
    scenario: Annotated[str | None, SCENARIO] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Change figures of one row; what was offered on an earlier day stays as it was known then."""
    from safepassage.cli.offer_words import today_or
    from safepassage.cli.screen import out
    from safepassage.workflows.offers import change as workflow
    from safepassage.workflows.offers import open_offers

    told = {}
    for one in changes:
        name, equals, value = one.partition("=")
        if not equals:
            message = f"'{one[:40]}': write NAME=VALUE, such as quantity=600."
            raise typer.BadParameter(message)
        told[name.strip()] = value.strip()
    holds = workflow(open_offers(scenario), key, told, day=today_or(as_of))
    if as_json:
        typer.echo(json.dumps({"id": holds, "changed": told}))
        return
    out.print(f"{holds}: {', '.join(f'{name} = {value}' for name, value in told.items())}")
