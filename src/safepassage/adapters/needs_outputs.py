"""Everything that needs are written to, in one folder, each file whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safepassage.adapters.atomic import write_text
from safepassage.adapters.page.needsection import needs_section
from safepassage.adapters.page.report import report_html
from safepassage.adapters.sheets.folder import write_sheets
from safepassage.adapters.sheets.needs import needs_pages
from safepassage.adapters.tables.needs_frame import write_parquet
from safepassage.adapters.tables.needs_places import write_needs_places
from safepassage.adapters.tables.needs_workbook import write_needs_workbook
from safepassage.core.engine import NoProgress, Progress
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
    watch = progress if progress is not None else NoProgress()
    version = str(manifest.get("version", ""))
    text = json.dumps(manifest, ensure_ascii=False, indent=2, default=str) + "\n"
    steps: list[tuple[str, Callable[[Path], object]]] = [
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
        ("manifest.json", lambda path: write_text(path, text)),
    ]
    written: dict[str, Path] = {}
    for done, (name, write) in enumerate(steps):
        watch.say(done, len(steps), name)
        write(out / name)
        written["towns" if name.startswith("towns/") else name] = out / name
    watch.say(len(steps), len(steps), "manifest.json")
    return written
