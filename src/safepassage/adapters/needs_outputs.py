"""Everything that needs are written to, in one folder, each file whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safepassage.adapters.atomic import write_text
from safepassage.adapters.page.needsection import needs_section
from safepassage.adapters.page.report import report_html
from safepassage.adapters.sheets.folder import write_sheets
from safepassage.adapters.sheets.needs import needs_pages
from safepassage.adapters.steps import Step, write_steps
from safepassage.adapters.tables.needs_frame import write_parquet
from safepassage.adapters.tables.needs_places import write_needs_places
from safepassage.adapters.tables.needs_workbook import write_needs_workbook
from safepassage.core.engine import Progress
from safepassage.core.forecast import Forecast
from safepassage.core.needs import Needs


def write_needs(
    needs: Needs,
    forecast: Forecast,
    out_dir: Path,
    *,
    manifest: dict[str, Any],
    progress: Progress | None = None,
) -> dict[str, Path]:
    """Write every output of needs.

    Parameters
    ----------
    needs : Needs
    forecast : Forecast         the one they were reckoned from: the report tells both.
    out_dir : Path              made if it is missing; files of an earlier run are replaced.
    manifest : dict             JSON values, written last; `version` in it is shown on the report.
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
        ("needs.parquet", lambda path: write_parquet(needs, path)),
        ("needs.xlsx", lambda path: write_needs_workbook(needs, path)),
        ("needs.geojson", lambda path: write_needs_places(needs, path)),
        (
            "report.html",
            lambda path: write_text(path, report_html(forecast, version=version, added=needs_section(needs))),
        ),
        (
            "towns/index.html",
            lambda path: write_sheets(forecast, path.parent, added=lambda place: needs_pages(needs, place)),
        ),
    ]
    return write_steps(out, steps, manifest, progress)
