"""What the commands on reports have in common: where the scenario is, and how a day is written."""

from __future__ import annotations

import typer

SCENARIO = typer.Option(
    "--scenario", metavar="DIR", help="Scenario folder; none: the working directory, if it is one."
)
DAY = ["%Y-%m-%d"]
STAMP = "NOT FOR PUBLICATION · NO PUBLICAR"
