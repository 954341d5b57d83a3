"""`safepassage verify`: hold the model against what was counted, beside splits that need no model."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from safepassage.workflows.verify import SplitScore


class Capacities(StrEnum):
    """What to do with the capacities of the folder."""

    AS_IS = "as-is"
    REMOVED = "removed"


def verify(
    folders: Annotated[list[Path], typer.Argument(metavar="FLEE_FOLDER...", help="Flee folders.")],
    capacities: Annotated[
        Capacities, typer.Option(help="Use the folder's capacities, or take every limit away.")
    ] = Capacities.AS_IS,
    compat: Annotated[bool, typer.Option(help="Do what Flee's code does, not its documentation.")] = False,
    hasten: Annotated[
        int | None, typer.Option(min=1, help="People per agent; default: the folder's.")
    ] = None,
    members: Annotated[int, typer.Option(min=1, help="Runs to average over.")] = 4,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all luck.")] = 1,
    engine: Annotated[str | None, typer.Option(help="Force a kernel: agents or cohorts.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print an array of rows, one per baseline.")
    ] = False,
) -> None:
    """Score the split of people over camps (rescaled ARD: 0 best, 2 worst), the daily total given."""
    from safepassage.cli.screen import err, progress_bar, tell_notices
    from safepassage.workflows.verify import read_all, verify_split

    scenarios, notices = read_all(folders, compat=compat, hasten=hasten)
    tell_notices(notices)
    scores = []
    for scenario in scenarios:
        with progress_bar() as progress:
            scores.append(
                verify_split(
                    scenario,
                    capacities=capacities.value,
                    members=members,
                    seed=seed,
                    engine=engine,
                    progress=progress,
                )
            )
        err.print(f"{scores[-1].case}: {scores[-1].reason}", markup=False)
    if as_json:
        rows = [asdict(row) for score in scores for row in score.rows()]
        typer.echo(json.dumps([{k: _finite(v) for k, v in row.items()} for row in rows], ensure_ascii=False))
        return
    _print_table(scores)


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _print_table(scores: list[SplitScore]) -> None:
    from rich.table import Table

    from safepassage.cli.screen import out

    short = {"split by capacity": "capacity", "shares of day 30 kept": "day 30", "equal split": "equal"}
    names = list(scores[0].baselines) if scores else []
    table = Table(title="ARD, rescaled / reescalada (0 best / mejor, 2 worst / peor)")
    table.add_column("case / caso", no_wrap=True)
    for column in ("days", "ARD", "± sd", *(short.get(name, name) for name in names)):
        table.add_column(column, justify="right", no_wrap=True)
    for score in scores:
        spread = float(score.ard.std(ddof=1)) if len(score.ard) > 1 else math.nan
        values = [float(score.ard.mean()), spread, *score.baselines.values()]
        shown = ["–" if math.isnan(value) else f"{value:.3f}" for value in values]
        table.add_row(score.case, str(score.days), *shown)
    if scores:
        table.caption = f"{scores[0].protocol}; beside it / al lado: {'; '.join(names)}"
    out.print(table)
