"""`safepassage needs`: what will be needed where and when, and how sure that is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_SCENARIO = "honduras-2018-10"
DEFAULT_OUT = Path("needs")


def needs(
    scenario: Annotated[
        str, typer.Argument(help="A built-in's name, a scenario folder or a Flee folder.")
    ] = DEFAULT_SCENARIO,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Nothing published or announced later is used."),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            help="A profile that ships, or your own file (docs/needs.md).",
            show_default="profile.csv of the folder; on-the-move; sphere-camp for a displacement crisis",
        ),
    ] = None,
    horizon: Annotated[int, typer.Option(help="Nights to come.")] = 7,
    weather: Annotated[
        str, typer.Option(help="mild, heat or cold: in heat walkers drink twice as much.")
    ] = "heat",
    phase: Annotated[str, typer.Option(help="first (the first weeks) or later.")] = "first",
    members: Annotated[
        int | None, typer.Option(help="Members of the ensemble.  [default: 1,000; 500 without reports]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all luck.")] = None,
    copy: Annotated[
        Path | None, typer.Option(help="Write the profile to this file, to be edited, and stop.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the report, map and tables.")] = DEFAULT_OUT,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of a table.")
    ] = False,
) -> None:
    """Say what will be needed in each town on the nights to come, what is there and what is missing."""
    from safepassage.cli.needs_table import print_needs, summary
    from safepassage.cli.screen import err, progress_bar, tell_notices, tell_paths
    from safepassage.settings.forecast import ForecastOptions
    from safepassage.workflows import needs as workflow
    from safepassage.workflows import publish
    from safepassage.workflows.load import load_with_notices

    if copy is not None:
        workflow.copy_profile(profile, copy)
        err.print(f"{copy}: edit it, then / edítelo, luego: safepassage needs --profile {copy}")
        return
    loaded, notices = load_with_notices(scenario)
    chosen, there, more = workflow.opened(scenario, loaded.network, profile)
    tell_notices((*notices, *more))
    publish.check_folder(out)
    ask = workflow.NeedsAsk(profile=chosen, horizon=horizon, phase=phase, weather=weather, logistics=there)
    options = ForecastOptions(members=members, seed=seed, as_of=as_of.date() if as_of else None)
    with progress_bar() as progress:
        made = workflow.needs(loaded, ask, progress=progress, **options)
    tell_notices(made.notices)
    if not as_json:
        print_needs(made.needs)
    with progress_bar() as progress:
        paths = made.write(out, progress=progress)
    tell_paths(summary(made.needs), out, paths, as_json=as_json)
