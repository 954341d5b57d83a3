"""`safepassage plan`: who could bring what to which town tomorrow, what stays unmet, and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_SCENARIO = "honduras-2018-10"
DEFAULT_OUT = Path("plan")


def plan(
    scenario: Annotated[
        str, typer.Argument(help="A built-in's name, a scenario folder or a Flee folder.")
    ] = DEFAULT_SCENARIO,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Nothing published, offered or answered later is used."),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            help="A profile of needs that ships, or your own file (docs/needs.md).",
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
    scenarios: Annotated[int, typer.Option(min=1, help="To how many scenarios the members are reduced.")] = 8,
    fairness: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Share of what is possible for the worst-off town that it gets at least."
        ),
    ] = 0.5,
    judge: Annotated[
        int, typer.Option(min=0, help="Members that the plan is held against afterwards; 0: none.")
    ] = 20,
    cross_borders: Annotated[
        bool, typer.Option("--cross-borders", help="Vehicles go to other countries.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder for the pages, tables and map layer.")] = DEFAULT_OUT,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
) -> None:
    """Propose who brings what to which town on the days to come; people accept, change or refuse."""
    from safepassage.cli.plan_table import print_plan
    from safepassage.cli.plan_values import summary
    from safepassage.cli.screen import progress_bar, tell_notices, tell_paths
    from safepassage.core.plan import PlanRules
    from safepassage.settings.forecast import ForecastOptions
    from safepassage.workflows import plan as workflow
    from safepassage.workflows import publish
    from safepassage.workflows.load import load_with_notices
    from safepassage.workflows.load_dispatches import load_dispatches
    from safepassage.workflows.needs import NeedsAsk, opened

    loaded, notices = load_with_notices(scenario)
    chosen, there, more = opened(scenario, loaded.network, profile)
    tell_notices((*notices, *more))
    publish.check_folder(out)
    options = ForecastOptions(members=members, seed=seed, as_of=as_of.date() if as_of else None)
    answered = load_dispatches(
        scenario,
        loaded.network,
        as_of=workflow.as_of_day(loaded, **options),
        items=chosen.items if chosen else (),
    )
    ask = workflow.PlanAsk(
        needs=NeedsAsk(profile=chosen, horizon=horizon, phase=phase, weather=weather, logistics=there),
        answered=answered,
        rules=PlanRules(scenarios=scenarios, fairness=fairness, cross_borders=cross_borders),
        judged=judge,
    )
    with progress_bar() as progress:
        made = workflow.plan(loaded, ask, progress=progress, **options)
    tell_notices(made.needs_run.notices)
    if not as_json:  # the answer first: the pages take longer than it does
        print_plan(made.story, out)
    with progress_bar() as progress:
        paths = made.write(out, progress=progress)
    tell_paths(summary(made.story), out, paths, as_json=as_json)
