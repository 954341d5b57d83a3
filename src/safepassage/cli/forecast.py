"""`safepassage forecast`: the main job."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_SCENARIO = "honduras-2018-10"
# What may be shared never lands beside what must not.
DEFAULT_OUT, DEFAULT_SHARED_OUT = Path("forecast"), Path("forecast-to-share")


def forecast(
    scenario: Annotated[
        str, typer.Argument(help="A built-in's name, a scenario folder or a Flee folder.")
    ] = DEFAULT_SCENARIO,
    days: Annotated[int | None, typer.Option(help="Nights foreseen after that of the as-of date.")] = None,
    members: Annotated[
        int | None, typer.Option(help="Members of the ensemble.  [default: 1,000; 500 without reports]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all luck.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Nothing published or announced later is used."),
    ] = None,
    engine: Annotated[
        str | None, typer.Option(help="Force a kernel: groups, agents, cohorts or flow.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Threads to use.  [default: all cores]")] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Run members on a Dask cluster: tcp://host:port (extra `dist`).")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was killed.")] = False,
    no_reports: Annotated[
        bool, typer.Option("--no-reports", help="Do not learn from reports: the model alone.")
    ] = False,
    learned: Annotated[
        str | None, typer.Option(help="What past cases taught: shipped, none, or a folder of `calibrate`.")
    ] = None,
    compat: Annotated[bool, typer.Option(help="Flee folders: do what Flee's code does.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the report, maps and tables.",
            show_default=f"{DEFAULT_OUT}; with --share {DEFAULT_SHARED_OUT}",
        ),
    ] = None,
    share: Annotated[
        bool, typer.Option(help="Write only the form that may be shared: delayed, by area, in bands.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of a table.")
    ] = False,
) -> None:
    """Forecast where people on the move will be, night by night."""
    from safepassage.cli.forecast_table import print_forecast, print_shared, summary
    from safepassage.cli.screen import err, progress_bar, tell_notices, tell_paths
    from safepassage.settings.forecast import ForecastOptions
    from safepassage.workflows import forecast as workflow
    from safepassage.workflows import publish
    from safepassage.workflows.load import load_with_notices

    folder = out or (DEFAULT_SHARED_OUT if share else DEFAULT_OUT)
    loaded, notices = load_with_notices(scenario, compat=compat)
    tell_notices(notices)
    publish.check_folder(folder)
    options = ForecastOptions(
        days=days,
        members=members,
        seed=seed,
        as_of=as_of.date() if as_of else None,
        engine=engine,
        workers=workers,
        scheduler=scheduler,
        resume=resume or None,
        use_reports=False if no_reports else None,
        learned=learned,
    )
    if share and days is not None:
        err.print("--days has no effect with --share: its deadline is fixed")
    if compat and loaded.displacement is None:
        err.print("--compat has no effect here: this is no Flee folder")
    if share:
        with progress_bar() as progress:
            shared = publish.shared_forecast(loaded, progress=progress, **options)
            paths = publish.write_shared(shared, folder)
        if not as_json:
            print_shared(shared)
        tell_paths(publish.shared_summary(shared), folder, paths, as_json=as_json)
    else:
        with progress_bar() as progress:
            made = workflow.forecast(loaded, progress=progress, **options)
        if not as_json:  # the answer first: the pages take longer than it does
            print_forecast(made)
        with progress_bar() as progress:
            paths = made.write(folder, progress=progress)
        tell_paths(summary(made), folder, paths, as_json=as_json)
