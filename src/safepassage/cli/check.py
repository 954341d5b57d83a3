"""`safepassage check`: read a scenario and say what is wrong, or what is in it."""

from __future__ import annotations

from typing import Annotated

import typer

LABELS = {
    "places": "places / lugares",
    "links": "links / caminos",
    "groups": "caravans / caravanas",
    "departures": "departures / salidas",
    "events": "events / eventos",
    "reports": "reports / reportes",
    "priors": "priors / supuestos previos",
    "truth": "truth / lo ocurrido",
    "supplies": "supplies / existencias",
    "carriers": "carriers / transportes",
    "requests": "requests / pedidos",
    "dispatches": "drives answered / viajes con respuesta",
    "outcomes": "chances of outcomes / probabilidades de salida",
}


def check(
    scenario: Annotated[
        str, typer.Argument(metavar="PATH", help="A scenario folder, a Flee folder or a built-in's name.")
    ],
    compat: Annotated[bool, typer.Option(help="Flee folders: do what Flee's code does.")] = False,
) -> None:
    """Check a scenario: every fault at once, with file, row, column and how to mend it."""
    from safepassage.cli.screen import out, tell_notices
    from safepassage.workflows.check import check as workflow

    checked = workflow(scenario, compat=compat)
    tell_notices(checked.notices)
    counts = "; ".join(f"{n} {LABELS[what]}" for what, n in checked.counts.items() if n)
    out.print(f"{checked.scenario.name}: OK. {counts}.", markup=False)
