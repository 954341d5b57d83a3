"""`safepassage verify --rolling`: forecasts from many as-of dates beside the hardest naive one."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


NOTHING = (
    "nothing to score: no outcome lies that far ahead; give more --origins or other --horizons / "
    "nada que medir: nada se informó a esos plazos; pruebe más --origins u otros --horizons"
)


ABLATION_FOOT = (
    "larger: worse without it / mayor: peor sin ello; earns its place / se gana su lugar; not shown / no "
    "demostrado; better without / mejor sin ello; harmed / perjudicado; --out: all scores / todas las medidas"
)


@dataclass(frozen=True)
class Printing:
    """What is done with the scores.

    Parameters
    ----------
    cases : tuple of str        as the user wrote them.
    folder : Path or None       where to write; None: nowhere.
    as_json : bool
    ablations : bool
    hasten : int or None        people per agent, as asked for.
    compat : bool
    """

    cases: tuple[str, ...]
    folder: Path | None
    as_json: bool
    ablations: bool
    hasten: int | None = None
    compat: bool = False


def verify_rolling_cases(scenarios: Sequence[Scenario], plan: RollingPlan, how: Printing) -> None:
    """Run, score, print, and write if a folder was given."""
    from safepassage.cli.screen import err, progress_bar
    from safepassage.workflows import rolling, rolling_files
    from safepassage.workflows.ablations import ABLATIONS
    from safepassage.workflows.rolling_page import Asked

    if how.folder is not None:
        rolling.check_out(how.folder)
    chosen = ABLATIONS if how.ablations else ()
    with progress_bar() as progress:
        verified = rolling.verify_whole(scenarios, plan, ablations=chosen, progress=progress)
    rows, ablated = verified.rows, verified.ablation_rows
    if how.as_json:
        every = [*rows, *(row for found in ablated.values() for row in found)]
        typer.echo(json.dumps([rolling_files.plain(row) for row in every], ensure_ascii=False))
    else:
        print_rolling(rows)
        if ablated:
            print_ablations(ablated)
    if how.folder is not None:
        asked = Asked(scenarios, plan, command_again(plan, how))
        paths = rolling_files.write_scores(how.folder, verified, asked)
        err.print(f"{how.folder}: {', '.join(sorted(paths))}", markup=False)


def command_again(plan: RollingPlan, how: Printing) -> str:
    """Write the line that does the same again; cases by the name of their folder, without its way there."""
    from safepassage.workflows.rolling import HORIZONS, ORIGINS

    given = {
        "--horizons": ",".join(map(str, plan.horizons)) if tuple(plan.horizons) != HORIZONS else None,
        "--origins": plan.origins if plan.origins != ORIGINS else None,
        "--members": plan.members,
        "--hasten": how.hasten,
        "--until": plan.until,
        "--seed": plan.seed,
        "--learned": plan.learned and Path(plan.learned).name,
    }
    words = [word for flag, value in given.items() if value is not None for word in (flag, str(value))]
    names = [Path(case).name or case for case in how.cases]
    return shlex.join(
        [
            *("safepassage", "verify", *names, "--rolling", *words),
            *(*["--compat"] * how.compat, *["--ablations"] * how.ablations, "--out", "scores"),
        ]
    )


def print_ablations(ablated: Mapping[str, Sequence[RollingRow]]) -> None:
    """Print what every ablation changes: by the scores that matter most, of all cases of a kind together."""
    from rich.table import Table

    from safepassage.cli.screen import out
    from safepassage.workflows.rolling_tables import change_text, compact, verdict_words

    for one in compact(ablated):
        table = Table(title=f"{one.case}: ablations / sin cada parte", box=None)
        for column in ("ablation", "metric"):
            table.add_column(column, no_wrap=True)
        for column in ("days", "larger by (90 %)"):
            table.add_column(column, justify="right", no_wrap=True)
        table.add_column("told by it", no_wrap=True)
        for name, changes in one.rows:
            rows = {(row.metric, row.horizon_days): row for row in ablated[name] if row.case == one.case}
            for (metric, days), change in zip(one.columns, changes, strict=True):
                if change is not None:
                    told = verdict_words(name, rows[metric, days])
                    table.add_row(name, metric, str(days), change_text(change).replace("*", ""), told)
        out.print(table)
    out.print(ABLATION_FOOT)


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
    out.print(FOOT if rows else NOTHING)
