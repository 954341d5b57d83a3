"""`safepassage verify --rolling`: forecasts from many as-of dates beside the hardest naive one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from safepassage.core.scenario import Scenario
    from safepassage.scoring.rolling import RollingRow
    from safepassage.workflows.rolling import RollingPlan


FOOT = (
    "ours / nuestro; naive / ingenuo: the hardest of all rules to beat / la regla más difícil de superar; "
    "n: origins / fechas; – : too few for an interval / muy pocas"
)


def verify_rolling_cases(
    scenarios: Sequence[Scenario], plan: RollingPlan, *, folder: Path | None, as_json: bool
) -> None:
    """Run, score, print, and write if a folder was given."""
    from safepassage.cli.screen import err, progress_bar
    from safepassage.workflows import rolling

    if folder is not None:
        rolling.check_out(folder)
    with progress_bar() as progress:
        scored = rolling.verify_rolling(scenarios, plan, progress=progress)
    rows = rolling.rows_of(scored)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
    else:
        print_rolling(rows)
    if folder is not None:
        starts = {scenario.name: scenario.start for scenario in scenarios}
        paths = rolling.write_scores(folder, rows, scored, starts)
        err.print(f"{folder}: {', '.join(sorted(paths))}", markup=False)


def print_rolling(rows: Sequence[RollingRow]) -> None:
    """Print one line per case, metric and horizon: the naive forecast beside it is the hardest to beat."""
    from rich.table import Table

    from safepassage.cli.screen import out
    from safepassage.workflows.rolling_tables import beside_the_hardest, words

    for case, chosen in beside_the_hardest(rows).items():
        table = Table(title=f"{case}: rolling origins / fechas sucesivas", box=None)
        table.add_column("metric", no_wrap=True)
        for column in ("days", "n", "ours", "naive", "difference (90 %)"):
            table.add_column(column, justify="right", no_wrap=True)
        for column in ("unit", "hardest naive"):
            table.add_column(column, no_wrap=True)
        for row in chosen:
            table.add_row(*words(row))
        out.print(table)
    out.print(FOOT)
