"""`safepassage verify`: hold the model against what was counted, beside splits that need no model."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from safepassage.workflows.verify import SplitScore
    from safepassage.workflows.verify_caravan import Row


class Capacities(StrEnum):
    """What to do with the capacities of the folder."""

    AS_IS = "as-is"
    REMOVED = "removed"


class Law(StrEnum):
    """Whose numbers the local law has."""

    LEARNED = "learned"
    FOLDER = "folder"


def verify(
    cases: Annotated[
        list[str],
        typer.Argument(
            metavar="CASE...", help="Flee folders, built-in scenarios or folders with a truth.csv."
        ),
    ],
    capacities: Annotated[
        Capacities, typer.Option(help="Flee folders: use their capacities, or take every limit away.")
    ] = Capacities.AS_IS,
    law: Annotated[
        Law | None,
        typer.Option(
            help="Flee folders: the law as learned from other crises, or as the folder sets it."
            "  [default: learned where capacities are removed]"
        ),
    ] = None,
    compat: Annotated[bool, typer.Option(help="Flee folders: do what Flee's code does.")] = False,
    hasten: Annotated[
        int | None, typer.Option(min=1, help="Flee folders: people per agent; default: the folder's.")
    ] = None,
    members: Annotated[
        int | None, typer.Option(min=1, help="Flee folders: runs to average over. Caravans: members.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all luck.")] = None,
    engine: Annotated[str | None, typer.Option(help="Flee folders: force agents or cohorts.")] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Caravans, and all cases with --rolling: last day scored."),
    ] = None,
    rolling: Annotated[
        bool,
        typer.Option("--rolling", help="Score forecasts from many as-of dates, nothing later known."),
    ] = False,
    horizons: Annotated[
        str | None, typer.Option(help="--rolling: days ahead.  [default: 1,3,7,14,30,90]")
    ] = None,
    origins: Annotated[
        int | None, typer.Option(min=1, help="--rolling: as-of dates per case.  [default: 12]")
    ] = None,
    learned: Annotated[
        str | None,
        typer.Option(help="What past cases taught: shipped, none, or a folder of `calibrate`."),
    ] = None,
    ablations: Annotated[
        bool,
        typer.Option("--ablations", help="--rolling: again with parts taken away, and with false reports."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="--rolling: folder for the page, every row and every origin.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print an array of rows, one per baseline.")
    ] = False,
) -> None:
    """Hold the model against what happened, beside naive forecasts: the split over camps, or a caravan."""
    from safepassage.cli.screen import err, progress_bar, tell_notices
    from safepassage.cli.verify_rolling import Printing, verify_rolling_cases
    from safepassage.workflows.load import load_with_notices
    from safepassage.workflows.rolling import rolling_plan
    from safepassage.workflows.verify import read_all, sort_cases, verify_split
    from safepassage.workflows.verify_caravan import verify_caravan
    from safepassage.workflows.verify_law import verify_learned

    flee_folders, ours = sort_cases(cases)
    crises, notices = read_all(flee_folders, compat=compat, hasten=hasten)
    tell_notices(notices)
    caravans = [load_with_notices(case)[0] for case in ours]
    last = until.date() if until else None
    _tell_unused(
        {
            "--engine": rolling and engine,
            "--capacities": rolling and capacities is Capacities.REMOVED,
            "--horizons": not rolling and horizons,
            "--origins": not rolling and origins,
            "--law": rolling and law,
            "--ablations": not rolling and ablations,
            "--out": not rolling and out,
        },
        "with --rolling" if rolling else "without --rolling",
    )
    if rolling:
        plan = rolling_plan(
            horizons=horizons, origins=origins, members=members, until=last, seed=seed, learned=learned
        )
        how = Printing(tuple(cases), out, as_json, ablations, hasten=hasten, compat=compat)
        verify_rolling_cases([*crises, *caravans], plan, how)
        return
    _tell_unused({"--compat": compat, "--hasten": hasten, "--engine": engine}, "on caravans", bool(caravans))
    by_others = _is_learned(law, removed=capacities is Capacities.REMOVED, forced=bool(compat or engine))
    _tell_unused(
        {"--until": until, "--learned, with the folder's law": None if by_others else learned},
        "on Flee folders",
        bool(crises),
    )
    score_of = (
        partial(verify_learned, learned=learned)
        if by_others
        else partial(verify_split, capacities=capacities.value, engine=engine)
    )
    scores: list[SplitScore] = []
    rows: list[Row] = []
    with progress_bar() as progress:
        for crisis in crises:
            scores.append(
                score_of(crisis, members=members, seed=1 if seed is None else seed, progress=progress)
            )
            err.print(f"{scores[-1].case}: {scores[-1].reason}", markup=False)
        for scenario in caravans:
            rows += verify_caravan(scenario, members=members, seed=seed, until=last, progress=progress)
    _tell(scores, rows, as_json=as_json)


def _tell(scores: list[SplitScore], rows: list[Row], *, as_json: bool) -> None:
    if as_json:
        every = [row for score in scores for row in score.rows()] + rows
        plain = [{key: _finite(value) for key, value in asdict(row).items()} for row in every]
        typer.echo(json.dumps(plain, ensure_ascii=False))
        return
    _print(scores, rows)


def _print(scores: list[SplitScore], rows: list[Row]) -> None:
    if scores:
        _print_table(scores)
    if rows:
        _print_rows(rows)


def _is_learned(law: Law | None, *, removed: bool, forced: bool) -> bool:
    """Tell whether to score the learned law, which has no limits of camps, no compat and its own engine."""
    from safepassage.core.errors import Fault, InputError

    if law is Law.LEARNED and (forced or not removed):
        found = "--compat or --engine" if removed else "capacities as they are"
        expected = "--capacities removed, and neither --compat nor --engine"
        raise InputError(Fault("--law learned", found, expected, "leave that out, or take --law folder"))
    return law is not Law.FOLDER and removed and not forced


def _tell_unused(given: dict[str, object], where: str, there: bool = True) -> None:
    from safepassage.cli.screen import err

    names = [name for name, value in given.items() if value]
    if names and there:
        err.print(f"no effect {where}: {', '.join(names)}", markup=False)


def _print_rows(rows: list[Row]) -> None:
    from rich.table import Table

    from safepassage.cli.screen import out

    table = Table(
        title="90 % intervals from the departure on / intervalos del 90 % desde la salida", box=None
    )
    table.add_column("case / caso", no_wrap=True)
    table.add_column("metric / medida", no_wrap=True)
    for column in ("day", "ours / nuestro", "naive / ingenuo"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("unit")
    table.add_column("naive forecast")
    for row in rows:
        ours, naive = (f"{value:,.2f}" for value in (row.value, row.baseline_value))
        table.add_row(row.case, row.metric, str(row.horizon_days), ours, naive, row.unit, row.baseline)
    out.print(table)


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _print_table(scores: list[SplitScore]) -> None:
    from rich.table import Table

    from safepassage.cli.screen import out
    from safepassage.workflows.verify_law import FOLDER_LAW, paired_differences

    short = {
        FOLDER_LAW: "folder's law",
        "split by capacity": "capacity",
        "shares of day 30 kept": "day 30",
        "equal split": "equal",
    }
    names = list(dict.fromkeys(name for score in scores for name in score.baselines))
    table = Table(title="ARD, rescaled / reescalada (0 best / mejor, 2 worst / peor)")
    table.add_column("case / caso", no_wrap=True)
    for column in ("days", "ARD", "± sd", *(short.get(name, name) for name in names)):
        table.add_column(column, justify="right", no_wrap=True)
    for score in scores:
        spread = float(score.ard.std(ddof=1)) if len(score.ard) > 1 else math.nan
        values = [score.value, spread, *(score.baselines.get(name, math.nan) for name in names)]
        shown = ["–" if math.isnan(value) else f"{value:.3f}" for value in values]
        table.add_row(score.case, str(score.days), *shown)
    if scores:
        protocols = ", ".join(dict.fromkeys(score.protocol for score in scores))
        table.caption = f"{protocols}; beside it / al lado: {'; '.join(names)}"
    out.print(table)
    differences = paired_differences(scores)
    if differences:
        out.print("ours less the other, 90 % interval / lo nuestro menos lo otro, intervalo del 90 %:")
    for name, one in differences.items():
        out.print(f"  {name}: {one.mean:+.3f} ({one.low:+.3f} … {one.high:+.3f})", highlight=False)
