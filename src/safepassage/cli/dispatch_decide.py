"""`safepassage dispatch accept`, `refuse`, `change`, `sent`, `delivered` and `withdraw`."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.report_options import DAY, SCENARIO

if TYPE_CHECKING:
    from datetime import date

    from safepassage.workflows.dispatches import Answered, DispatchDesk

IDS = typer.Argument(metavar="ID…", help="Ids of drives, as `safepassage dispatch list` shows them.")
PLAN = typer.Option(
    "--plan", metavar="DIR", help="Folder of the plan that proposes them; none: ./plan, or the scenario's."
)
AS_OF = typer.Option(
    "--as-of",
    formats=DAY,
    help="Day of the answer.  [default: today; for a case of the past, a day of that time]",
)
JSON = typer.Option("--json", help="Print one JSON object.")
REASON = typer.Option("--reason", help="Why, kept beside the drive; never a person's name.")


def accept(
    ids: Annotated[list[str], IDS],
    scenario: Annotated[str | None, SCENARIO] = None,
    plan: Annotated[str | None, PLAN] = None,
    as_of: Annotated[datetime | None, AS_OF] = None,
    reason: Annotated[str, REASON] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Accept drives: plans keep them, with their vehicles and goods."""
    _decide(ids, "accepted", (scenario, plan), as_of, reason, as_json=as_json)


def refuse(
    ids: Annotated[list[str], IDS],
    scenario: Annotated[str | None, SCENARIO] = None,
    plan: Annotated[str | None, PLAN] = None,
    as_of: Annotated[datetime | None, AS_OF] = None,
    reason: Annotated[str, REASON] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Refuse drives: they are not proposed to that carrier again for that place and day."""
    _decide(ids, "refused", (scenario, plan), as_of, reason, as_json=as_json)


def sent(
    ids: Annotated[list[str], IDS],
    scenario: Annotated[str | None, SCENARIO] = None,
    plan: Annotated[str | None, PLAN] = None,
    as_of: Annotated[datetime | None, AS_OF] = None,
    reason: Annotated[str, REASON] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Say that accepted drives have left: nothing of them can be changed any more."""
    _decide(ids, "sent", (scenario, plan), as_of, reason, as_json=as_json)


def withdraw(
    ids: Annotated[list[str], IDS],
    scenario: Annotated[str | None, SCENARIO] = None,
    plan: Annotated[str | None, PLAN] = None,
    as_of: Annotated[datetime | None, AS_OF] = None,
    reason: Annotated[str, REASON] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Withdraw drives that have not left: their vehicles and goods are free, and may be proposed again."""
    _decide(ids, "withdrawn", (scenario, plan), as_of, reason, as_json=as_json)


def change(
    key: Annotated[str, typer.Argument(metavar="ID", help="Id of a drive that has not left.")],
    changes: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME=VALUE…",
            help="water=1500, food=0, vehicles=1, leave_hour=7:30, leave=2018-10-25 …",
        ),
    ],
    scenario: Annotated[str | None, SCENARIO] = None,
    plan: Annotated[str | None, PLAN] = None,
    as_of: Annotated[datetime | None, AS_OF] = None,
    reason: Annotated[str, REASON] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Accept a drive with other figures, held against its vehicles, their hours and what supplies have."""
    from safepassage.workflows.dispatches import change as workflow
    from safepassage.workflows.dispatches import open_dispatches

    desk = open_dispatches(scenario, plan)
    found = workflow(desk, key, _told(changes), day=_day(as_of), reason=reason)
    _tell(desk, found, scenario, as_json=as_json)


def delivered(
    ids_and_changes: Annotated[
        list[str],
        typer.Argument(
            metavar="ID… [ITEM=QUANTITY…]", help="Ids of drives; of one drive, what was less: water=1800."
        ),
    ],
    scenario: Annotated[str | None, SCENARIO] = None,
    plan: Annotated[str | None, PLAN] = None,
    as_of: Annotated[datetime | None, AS_OF] = None,
    reason: Annotated[str, REASON] = "",
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Say that drives arrived, and what was handed out where it was less than was sent."""
    from safepassage.workflows.dispatches import deliver, open_dispatches

    ids = [word for word in ids_and_changes if "=" not in word]
    if not ids:
        message = "name the drive before what was delivered."
        raise typer.BadParameter(message)
    desk = open_dispatches(scenario, plan)
    told = _told([word for word in ids_and_changes if "=" in word])
    _tell(desk, deliver(desk, ids, told, day=_day(as_of), reason=reason), scenario, as_json=as_json)


def _told(changes: list[str]) -> dict[str, str]:
    told: dict[str, str] = {}
    for one in changes:
        name, equals, value = one.partition("=")
        if not equals or name.strip() in told:
            message = f"'{one[:40]}': write each NAME=VALUE once, such as water=1500."
            raise typer.BadParameter(message)
        told[name.strip()] = value.strip()
    return told


def _day(as_of: datetime | None) -> date | None:
    return as_of.date() if as_of else None


def _decide(
    ids: list[str],
    status: str,
    where: tuple[str | None, str | None],
    as_of: datetime | None,
    reason: str,
    *,
    as_json: bool,
) -> None:
    from safepassage.workflows.dispatches import decide, open_dispatches

    desk = open_dispatches(*where)
    found = decide(desk, ids, status, day=_day(as_of), reason=reason)
    _tell(desk, found, where[0], as_json=as_json)


def _tell(desk: DispatchDesk, found: Answered, scenario: str | None, *, as_json: bool) -> None:
    from safepassage.cli.dispatch_words import dispatch_line, dispatch_values
    from safepassage.cli.screen import out

    if as_json:
        told = {
            "not_for_publication": True,
            "dispatches": [dispatch_values(entry, desk) for entry in found.entries],
            "unchanged": list(found.unchanged),
            "offers_to_accept": list(found.unanswered),
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for entry in found.entries:
        same = "  (ya estaba así / it was so already)" if entry.dispatch.id in found.unchanged else ""
        out.print(f"{dispatch_line(entry, desk)}{same}")
    option = f" --scenario {scenario}" if scenario else ""
    for key in found.unanswered:
        day = found.entries[0].decided
        out.print(
            f"! cuenta con una oferta sin respuesta / counts on an offer that nobody has answered: "
            f"safepassage offer accept {key}{option} --as-of {day}"
        )
