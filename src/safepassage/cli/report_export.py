"""`safepassage report export`: the reports as a file for others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from safepassage.cli.report_list import Status
from safepassage.cli.report_options import SCENARIO, STAMP


def export(
    file: Annotated[Path, typer.Argument(help="File to write: .csv, .xlsx, .parquet or .geojson.")],
    hxl: Annotated[bool, typer.Option("--hxl", help="Add the row of HXL tags.")] = False,
    status: Annotated[Status | None, typer.Option(help="Only those of this status.")] = None,
    scenario: Annotated[str | None, SCENARIO] = None,
) -> None:
    """Write the reports to a file; it is not for publication."""
    from safepassage.cli.screen import err
    from safepassage.workflows.reports import export as workflow

    number = workflow(scenario, file, status=status.value if status else None, hxl=hxl)
    err.print(f"{file}: {number} reports / informes · {STAMP}", markup=False)
