"""`safepassage track`: where they are now, and where next."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_SCENARIO = "honduras-2018-10"
DEFAULT_OUT = Path("track")


def track(
    scenario: Annotated[
        str, typer.Argument(help="A built-in's name, a scenario folder or a Flee folder.")
    ] = DEFAULT_SCENARIO,
    reports: Annotated[
        Path | None,
        typer.Option(help="A file of reports to use beside the scenario's own; it is not stored."),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Use nothing published later.  [default: the last report]"),
    ] = None,
    horizon: Annotated[int, typer.Option(help="Nights foreseen after that of the as-of date.")] = 14,
    members: Annotated[
        int | None, typer.Option(help="Members of the ensemble.  [default: 1,000; 500 without reports]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all luck.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the report, maps and tables.")] = DEFAULT_OUT,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of a table.")
    ] = False,
) -> None:
    """Correct the forecast with every report published by a date, and say what each of them changed."""
    from safepassage.cli.belief_table import print_belief
    from safepassage.cli.forecast_table import print_forecast, summary
    from safepassage.cli.screen import progress_bar, tell_notices, tell_paths
    from safepassage.settings.forecast import ForecastOptions
    from safepassage.workflows import publish
    from safepassage.workflows.load import load_with_notices
    from safepassage.workflows.track import track as workflow

    loaded, notices = load_with_notices(scenario)
    tell_notices(notices)
    publish.check_folder(out)
    options = ForecastOptions(members=members, seed=seed, as_of=as_of.date() if as_of else None)
    with progress_bar() as progress:
        made = workflow(loaded, reports=reports, horizon=horizon, progress=progress, **options)
    if not as_json:
        print_forecast(made)
        print_belief(made)
    with progress_bar() as progress:
        paths = made.write(out, progress=progress)
    tell_paths(summary(made), out, paths, as_json=as_json)
