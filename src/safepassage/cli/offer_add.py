"""`safepassage offer add`: an offer in one line."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.report_options import DAY, SCENARIO

if TYPE_CHECKING:
    from datetime import date

    from safepassage.workflows.offers import Kept, OfferDesk

ASKED = "¿Guardar? / Keep it? [s/y/N]"


def add(
    folder_and_line: Annotated[
        list[str],
        typer.Argument(
            metavar="[SCENARIO-FOLDER] LINE",
            help="The offer in quotation marks, after the folder unless it is the working directory.",
        ),
    ],
    as_of: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Day on which it was offered.  [default: today]")
    ] = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="Keep it as proposed, to be accepted later.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Keep it without asking.")] = False,
    scenario: Annotated[str | None, SCENARIO] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; needs --yes.")] = False,
) -> None:
    """Take in an offer: say what was understood, ask, and add it to supplies.csv and carriers.csv."""
    from safepassage.cli.offer_words import today_or, understood_lines, understood_values
    from safepassage.cli.screen import out
    from safepassage.workflows.offers import keep, open_offers, understand

    folder, line = _folder_and_line(folder_and_line, scenario)
    if as_json and not yes:
        message = "--json asks nothing: add --yes."
        raise typer.BadParameter(message)
    day = today_or(as_of)
    desk = open_offers(folder)
    understood = understand(desk, line, day)
    if not as_json:
        town = desk.network.places.names[understood.place]
        for told in understood_lines(understood, town, day, desk.known):
            out.print(told)
    if not yes and not _agreed():
        out.print("No se guardó. / Not kept.  (--yes: sin preguntar / without asking)")
        return
    kept = keep(desk, understood, status="proposed" if propose else "accepted", as_of=day)
    if as_json:
        told_values = understood_values(understood, desk.network.places.ids)
        ids = {"new": list(kept.ids), "known": list(kept.known), "alike": list(kept.alike)}
        typer.echo(json.dumps({"not_for_publication": True, **told_values, **ids}, ensure_ascii=False))
        return
    _tell(desk, kept, day)


def _folder_and_line(words: list[str], scenario: str | None) -> tuple[str | None, str]:
    if len(words) == 1:
        return scenario, words[0]
    if len(words) == 2 and scenario is None:
        return words[0], words[1]
    message = "give the folder once, and the offer in one pair of quotation marks."
    raise typer.BadParameter(message)


def _agreed() -> bool:
    """Ask; the end of the input is a no."""
    try:
        answer = str(typer.prompt(ASKED, default="n", show_default=False, prompt_suffix=" "))
    except typer.Abort:
        return False
    return answer.strip().lower()[:1] in ("s", "y")


def _tell(desk: OfferDesk, kept: Kept, day: date) -> None:
    from safepassage.cli.screen import out

    if kept.ids:
        out.print(f"{', '.join(kept.ids)}: guardado / kept ({desk.path}, {day})")
    for key in kept.known:
        out.print(f"! ya estaba, no se añadió / known already, not added: {key}")
    for key in kept.alike:
        out.print(
            f"! se parece a / much like {key}: si la reemplaza / if it replaces it, "
            f"safepassage offer withdraw {key}"
        )
