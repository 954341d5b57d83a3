"""`safepassage verify --rolling`: forecasts from many as-of dates beside the hardest naive one."""

from __future__ import annotations

import json
from collections import defaultdict
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
    from safepassage.scoring.rolling import hardest

    cases: dict[str, dict[tuple[str, int], list[RollingRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        cases[row.case][row.metric, row.horizon_days].append(row)
    for case, groups in cases.items():
        table = Table(title=f"{case}: rolling origins / fechas sucesivas", box=None)
        table.add_column("metric", no_wrap=True)
        for column in ("days", "n", "ours", "naive", "difference (90 %)"):
            table.add_column(column, justify="right", no_wrap=True)
        table.add_column("unit", no_wrap=True)
        table.add_column("hardest naive", no_wrap=True)
        for (metric, horizon), found in groups.items():
            row = hardest(found)
            ours, naive = (f"{value:,.2f}" for value in (row.value, row.baseline_value))
            words = (metric, str(horizon), str(row.origins), ours, naive, difference(row))
            table.add_row(*words, row.unit, row.baseline)
        out.print(table)
    out.print(FOOT)


def difference(row: RollingRow) -> str:
    """Write a difference with its interval; a dash where there is none."""
    if row.difference is None or row.difference_low is None or row.difference_high is None:
        return "–"
    return f"{row.difference:+,.2f} ({row.difference_low:+,.2f} to {row.difference_high:+,.2f})"
