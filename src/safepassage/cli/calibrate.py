"""`safepassage calibrate`: learn across cases, so that the next one starts from what the others taught."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from safepassage.core.learned import Taught


def calibrate(
    cases: Annotated[
        list[str],
        typer.Argument(
            metavar="CASE...", help="Flee folders, built-in scenarios or folders with a truth.csv."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder to write the lessons to.")] = Path("learned"),
    only: Annotated[
        str | None, typer.Option(help="Families, such as law,stocks.  [default: all that have cases]")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all luck.")] = 1,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print an array of the scores of cases left out.")
    ] = False,
) -> None:
    """Learn the numbers of the model across cases, and say how well each is foreseen by the others."""
    from safepassage.cli.screen import err, progress_bar, tell_notices
    from safepassage.core.learned import FAMILIES
    from safepassage.workflows.calibrate import calibrate, families_of, write_taught
    from safepassage.workflows.load import load_with_notices
    from safepassage.workflows.rolling import check_out

    families = FAMILIES if only is None else families_of(only)
    check_out(out)
    loaded = [load_with_notices(case) for case in cases]
    tell_notices([notice for _, notices in loaded for notice in notices])
    with progress_bar() as progress:
        taught = calibrate(
            [scenario for scenario, _ in loaded], families=families, seed=seed, progress=progress
        )
    paths = write_taught(out, taught)
    if as_json:
        rows = [asdict(row) for one in taught for row in one.left_out]
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        _print(taught)
    for one in taught:
        silent = _not_scored(one)
        if silent:
            err.print(
                f"{one.lesson.family}: learned from, but not scored for want of a truth / "
                f"enseña, pero no se evalúa por falta de verdad: {', '.join(silent)}",
                markup=False,
            )
    err.print(f"{out}: {', '.join(path.name for path in paths.values())}", markup=False)


def _not_scored(taught: Taught) -> list[str]:
    scored = {row.case for row in taught.left_out}
    return [case.name for case in taught.lesson.cases if case.name not in scored]


def _print(taught: Sequence[Taught]) -> None:
    from rich.table import Table

    from safepassage.cli.screen import out

    for one in taught:
        lesson = one.lesson
        title = f"{lesson.family}: each case foreseen by the others / cada caso, según los demás"
        table = Table(title=title, box=None)
        for column in ("case", "metric"):
            table.add_column(column, no_wrap=True)
        for column in ("learned / aprendido", "before / antes"):
            table.add_column(column, justify="right", no_wrap=True)
        table.add_column("unit", no_wrap=True)
        for row in one.left_out:
            table.add_row(row.case, row.metric, f"{row.learned:,.3f}", f"{row.unlearned:,.3f}", row.unit)
        out.print(table)
