"""`safepassage new`: a ready scenario folder for a new caravan."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer


def new(
    name: Annotated[str, typer.Argument(help="Name of the folder to be made here.")],
    size: Annotated[str, typer.Option(help="People, LOW-HIGH.", metavar="LOW-HIGH")] = "",
    departs: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day on the road; with --at, the day it is there."),
    ] = None,
    origin: Annotated[str, typer.Option("--from", help="Town it leaves.", metavar="PLACE")] = "",
    at: Annotated[str, typer.Option(help="Town it is in already.", metavar="PLACE")] = "",
    to: Annotated[
        list[str] | None,
        typer.Option(help="Town it may head for; may be given again. None: the usual ones.", metavar="PLACE"),
    ] = None,
    network: Annotated[
        str, typer.Option(help="A built-in network, or a folder with places.csv and links.csv.")
    ] = "mesoamerica",
    copy: Annotated[
        str, typer.Option(help="Make it a copy of a built-in scenario instead.", metavar="SCENARIO")
    ] = "",
) -> None:
    """Make a scenario folder for a new caravan, ready to check, edit and run."""
    from safepassage.cli.screen import out
    from safepassage.workflows.new import NewCaravan, copy_builtin
    from safepassage.workflows.new import new as workflow

    if copy:
        if size or departs or origin or at or to:
            message = "--copy takes everything from the built-in scenario: leave the other options out."
            raise typer.BadParameter(message)
        made = copy_builtin(name, copy)
        out.print(f"./{made}: safepassage check {made} · safepassage forecast {made}", markup=False)
        return
    if not size:
        message = "--size LOW-HIGH is needed."
        raise typer.BadParameter(message)
    if departs is None and not at:
        message = "--departs is needed, unless --at tells where the caravan is today."
        raise typer.BadParameter(message)
    day = (departs or datetime.now().astimezone()).date()
    path = workflow(NewCaravan(name, day, size, network, origin, at, tuple(to or ())))
    out.print(f"./{path}: safepassage check {path} · safepassage forecast {path}", markup=False)
