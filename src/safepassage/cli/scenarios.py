"""`safepassage scenarios`: what comes with the program."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer


def scenarios(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a list.")] = False,
) -> None:
    """List the built-in scenarios and networks."""
    from safepassage.cli.screen import out
    from safepassage.workflows.scenarios import networks
    from safepassage.workflows.scenarios import scenarios as workflow

    listed = workflow()
    if as_json:
        rows = [asdict(row) | {"start": row.start.isoformat()} for row in listed]
        typer.echo(json.dumps({"scenarios": rows, "networks": networks()}, ensure_ascii=False))
        return
    for row in listed:
        out.print(f"{row.name:<24} {row.start}  {row.title_es} / {row.title_en}", markup=False)
    out.print(f"networks / redes: {', '.join(networks())}", markup=False)
