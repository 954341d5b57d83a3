"""`safepassage report review`, `adopt` and `delete`: what people decide about reports."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.report_options import DAY, SCENARIO

if TYPE_CHECKING:
    from safepassage.workflows.reports import Desk, Listed

ASKED = "[a]ccept / aceptar · [r]eject / rechazar · [s]kip / saltar · [q]uit / salir"


def review(
    accept: Annotated[
        list[str] | None, typer.Option(help="Key to accept; may be given again.", metavar="KEY")
    ] = None,
    reject: Annotated[
        list[str] | None, typer.Option(help="Key to reject; may be given again.", metavar="KEY")
    ] = None,
    accept_all: Annotated[
        bool, typer.Option("--accept-all", help="Accept all that wait and are not rejected here.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why, kept beside the decision.")] = "",
    scenario: Annotated[str | None, SCENARIO] = None,
) -> None:
    """Look over what waits, one after another; or decide by key. Only what is accepted is believed."""
    from safepassage.cli.screen import out
    from safepassage.workflows.reports import listing, open_desk
    from safepassage.workflows.reports import review as workflow

    desk = open_desk(scenario)
    waiting = listing(desk, status="proposed")
    if not (accept or reject or accept_all):
        _ask(desk, waiting, reason)
        return
    yes, no = list(accept or ()), list(reject or ())
    if accept_all:
        refused = tuple(key.strip().lower() for key in no)
        yes += [row.entry.key for row in waiting if not row.entry.key.startswith(refused or ("-",))]
    workflow(desk, accept=yes, reject=no, reason=reason)
    out.print(f"{len(set(yes))} accepted / aceptados, {len(set(no))} rejected / rechazados")


def _ask(desk: Desk, waiting: tuple[Listed, ...], reason: str) -> None:
    """Show each proposal and ask; every answer is kept at once, so that stopping loses none."""
    from safepassage.cli.report_list import lines_of
    from safepassage.cli.screen import out
    from safepassage.workflows.reports import review as workflow

    out.print(f"{len(waiting)} waiting for review / en espera de revisión")
    for number, row in enumerate(waiting, start=1):
        out.print(f"\n{number}/{len(waiting)} · {row.entry.origin} · {row.entry.confidence:.0%}")
        for line in lines_of(row):
            out.print(line)
        if row.entry.report.excerpt:
            out.print(f"    “{row.entry.report.excerpt}”")
        answer = _answer()
        if answer == "q":
            break
        if answer == "a":
            workflow(desk, accept=[row.entry.key], reason=reason)
        elif answer == "r":
            workflow(desk, reject=[row.entry.key], reason=reason)


def _answer() -> str:
    """Ask until there is an answer; the end of the input is `q`."""
    while True:
        try:
            answer = str(typer.prompt(ASKED, default="s", show_default=False)).strip().lower()[:1]
        except typer.Abort:
            return "q"
        if answer in ("a", "r", "s", "q"):
            return answer


def adopt(
    people: Annotated[float, typer.Option(help="People to plan for.")],
    reason: Annotated[str, typer.Option(help="Why this figure.")],
    role: Annotated[str, typer.Option(help="Who agreed, by role: 'shelter cluster'; never a name.")],
    place: Annotated[str, typer.Option(help="Town, by name or id; none: the whole caravan.")] = "",
    day: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Day it speaks of.  [default: that of --agreed]")
    ] = None,
    agreed: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Day on which it was agreed.  [default: today]")
    ] = None,
    group: Annotated[str, typer.Option(help="Which caravan, by its id.")] = "",
    scenario: Annotated[str | None, SCENARIO] = None,
) -> None:
    """Keep an agreed planning figure; it stands beside the range and never replaces it."""
    from safepassage.cli.screen import out
    from safepassage.workflows.reports import Agreement
    from safepassage.workflows.reports import adopt as workflow

    days = [when.date() if when else None for when in (day, agreed)]
    wanted = Agreement(people, reason, role, place, days[0], group, days[1])
    key = workflow(scenario, wanted)
    out.print(f"{key}  agreed / acordado: {people:,.0f}", markup=False)


def delete(
    key: Annotated[str, typer.Argument(help="Key of a report or of an agreed figure, or its beginning.")],
    scenario: Annotated[str | None, SCENARIO] = None,
) -> None:
    """Take a report or an agreed figure out for good; a forecast is then as if it had never been there."""
    from safepassage.cli.screen import out
    from safepassage.workflows.reports import delete as workflow

    out.print(f"{workflow(scenario, key)}  deleted / borrado", markup=False)
