"""Everything that a plan is written to, in one folder, each file whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safepassage.adapters import dispatches
from safepassage.adapters.atomic import write_text
from safepassage.adapters.plan_page.driver import drivers_html
from safepassage.adapters.plan_page.page import plan_html
from safepassage.adapters.plan_page.town import town_page
from safepassage.adapters.sheets.folder import write_sheets
from safepassage.adapters.sheets.needs import needs_pages
from safepassage.adapters.steps import Step, write_steps
from safepassage.adapters.tables.plan_board import write_board
from safepassage.adapters.tables.plan_places import write_plan_places
from safepassage.adapters.tables.plan_three_w import write_three_w
from safepassage.adapters.tables.plan_workbook import write_plan_workbook
from safepassage.core.engine import Progress
from safepassage.core.forecast import Forecast
from safepassage.core.plan_story import PlanStory


def write_plan(
    story: PlanStory,
    forecast: Forecast,
    out_dir: Path,
    *,
    manifest: dict[str, Any],
    progress: Progress | None = None,
) -> dict[str, Path]:
    """Write every output of a plan.

    Parameters
    ----------
    story : PlanStory
    forecast : Forecast         the one that the needs were reckoned from: the sheets of towns tell all three.
    out_dir : Path              made if it is missing; files of an earlier run are replaced.
    manifest : dict             JSON values, written last; `version` in it is shown on the pages.
    progress : Progress or None

    Returns
    -------
    dict                        path by file name; the sheets of towns as "towns" (their index page).

    Raises
    ------
    OSError                     if the folder cannot be written to.
    """
    out = Path(out_dir)
    version = str(manifest.get("version", ""))
    steps: list[Step] = [
        ("plan.html", lambda path: write_text(path, plan_html(story, version=version))),
        ("drivers.html", lambda path: write_text(path, drivers_html(story, version=version))),
        ("plan.xlsx", lambda path: write_plan_workbook(story, path)),
        ("board.parquet", lambda path: write_board(story, path)),
        (
            "dispatches.csv",
            lambda path: dispatches.write(
                path, story.plan.dispatches, story.needs.network.places.ids, as_of=story.as_of
            ),
        ),
        ("3w.csv", lambda path: write_three_w(story, path)),
        ("plan.geojson", lambda path: write_plan_places(story, path)),
        (
            "towns/index.html",
            lambda path: write_sheets(
                forecast,
                path.parent,
                added=lambda place: needs_pages(story.needs, place) + town_page(story, place),
            ),
        ),
    ]
    return write_steps(out, steps, manifest, progress)
