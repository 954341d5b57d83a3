"""`safepassage replay`: evening by evening, each forecast sealed before the next evening is opened."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from safepassage.core.replayed import Replayed

DEFAULT_OUT = Path("replay")


def replay(
    case: Annotated[
        str | None,
        typer.Argument(help="A built-in's name, a scenario folder or a Flee folder; not with --check."),
    ] = None,
    articles: Annotated[
        Path | None, typer.Option(help="Folder of dated articles, read in place of the case's own reports.")
    ] = None,
    out: Annotated[Path, typer.Option(help="New or empty folder for the sealed evenings.")] = DEFAULT_OUT,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day with an outcome.")
    ] = None,
    members: Annotated[
        int | None, typer.Option(help="Members of the ensemble.  [default: as `forecast`]")
    ] = None,
    evenings: Annotated[
        str | None,
        typer.Option(help="How many, spread over the case, or every.  [default: every; camps: 12]"),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all luck.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a replay that was stopped.")] = False,
    check: Annotated[
        Path | None, typer.Option(help="Work out every checksum of a replay's folder again, and stop.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of a table.")
    ] = False,
) -> None:
    """Replay a case in the open: what we said, when, what happened, and where we lost."""
    from safepassage.cli.screen import err, progress_bar, tell_notices
    from safepassage.core.errors import Fault, InputError
    from safepassage.workflows import replay as workflow
    from safepassage.workflows.load import load_with_notices

    if check is not None:
        _check(check, as_json=as_json)
        return
    if case is None:
        mend = "name one, such as honduras-2018-10; or give --check DIR"
        raise InputError(Fault("replay", "no case", "a scenario to replay", mend))
    count, every = (None, False) if evenings is None else workflow.evenings_count(evenings)
    last = until.date() if until else None
    plan = workflow.ReplayPlan(articles, last, count, members, seed, every)
    loaded, notices = load_with_notices(case)
    tell_notices(notices)
    with progress_bar() as progress:
        found = workflow.replay(
            loaded, out, plan, resume=resume, tell=lambda fault: tell_notices([fault]), progress=progress
        )
    page = out / workflow.PAGE_FILE
    if as_json:
        told = summary(found) | {"paths": {"page": str(page), "chain": str(out / workflow.CHAIN_NAME)}}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    print_replay(found)
    err.print(f"{page}; {workflow.CHAIN_NAME}; evenings/", markup=False)


def _check(folder: Path, *, as_json: bool) -> None:
    from safepassage.cli.screen import out
    from safepassage.workflows.replay import check

    lines, head, whole = check(folder)
    if as_json:
        typer.echo(json.dumps({"lines": lines, "head_sha256": head, "whole": whole}))
        return
    state = "whole / completa" if whole else "not finished: --resume / sin terminar"
    out.print(f"{lines} lines hold / líneas se sostienen; {state}\n{head}")


def summary(found: Replayed) -> dict[str, object]:
    """Give a replay as plain values: the scores, and the evenings on which a rule was nearer."""
    lost = [
        {
            "what": score.what,
            "ahead_days": score.ahead_days,
            "rule": rule,
            "evenings": count,
            "nearer_on": [one.evening.isoformat() for one in rows],
        }
        for score in found.scores()
        for rule, (count, rows) in found.lost(score.what, score.ahead_days).items()
    ]
    scores = []
    for score in found.scores():
        rules = {
            rule: {"evenings": count, "ours": ours, "rule": theirs}
            for rule, (count, ours, theirs) in score.rules.items()
        }
        scores.append(asdict(score) | {"rules": rules})
    return {
        "not_for_publication": True,
        "case": found.case,
        "evenings": len(found.evenings),
        "head_sha256": found.head,
        "scores": scores,
        "lost": lost,
    }


def print_replay(found: Replayed) -> None:
    """Print the mean errors beside those of the rules, where a rule was nearer first."""
    from rich.table import Table

    from safepassage.cli.screen import out

    table = Table(title=f"{found.case}: {len(found.evenings)} sealed evenings / tardes selladas", box=None)
    table.add_column("what\nqué", no_wrap=True)
    for column in (
        "days\ndías",
        "n",
        "in 80 %\nen 80 %",
        "ours\nnuestro",
        "rule\nregla",
        "nearer\nmás cerca",
    ):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("unit\nunidad", no_wrap=True)
    table.add_column("simple rule\nregla simple", no_wrap=True)
    for score in found.scores():
        lost = found.lost(score.what, score.ahead_days)
        for rule, (count, ours, theirs) in score.rules.items():
            days = str(score.ahead_days) if score.ahead_days else "–"
            nearer = f"{len(lost[rule][1])} of {lost[rule][0]}"
            inside = f"{100 * score.inside / score.evenings:.0f} %"
            figures = (f"{ours:,.0f}", f"{theirs:,.0f}", nearer)
            table.add_row(score.what, days, str(count), inside, *figures, score.unit, rule)
    out.print(table)
    out.print(f"nearer: evenings on which the rule was / tardes en que lo estuvo la regla\n{found.head}")
