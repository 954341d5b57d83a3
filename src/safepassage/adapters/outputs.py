"""Everything a forecast is written to, in one folder, each file whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safepassage.adapters.atomic import write_bytes, write_text
from safepassage.adapters.message import message
from safepassage.adapters.page.picture import map_png
from safepassage.adapters.page.report import report_html
from safepassage.adapters.sheets.folder import write_sheets
from safepassage.adapters.steps import Step, write_steps
from safepassage.adapters.tables.belief_frames import write_look_back, write_reports_used
from safepassage.adapters.tables.frame import write_parquet
from safepassage.adapters.tables.places import write_places
from safepassage.adapters.tables.workbook import write_workbook
from safepassage.core.engine import Progress
from safepassage.core.forecast import Forecast

_BELIEF_FILES = {"reports_used.parquet", "look_back.parquet"}


def write_all(
    forecast: Forecast, out_dir: Path, *, manifest: dict[str, Any], progress: Progress | None = None
) -> dict[str, Path]:
    """Write every output of a forecast.

    Parameters
    ----------
    out_dir : Path              made if it is missing; files of an earlier run are replaced.
    manifest : dict             JSON values; `version` in it is shown on the report. Written last, so that a
        folder with a manifest newer than its files is complete.
    progress : Progress or None

    Returns
    -------
    dict                        path by file name; the sheets of towns as "towns" (their index page).

    Raises
    ------
    OSError                     if the folder cannot be written to.
    """
    out = Path(out_dir)
    steps: list[Step] = [
        ("forecast.parquet", lambda path: write_parquet(forecast, path)),
        ("forecast.xlsx", lambda path: write_workbook(forecast, path)),
        *_belief_steps(forecast),
        ("places.geojson", lambda path: write_places(forecast, path)),
        ("report.html", lambda path: write_text(path, report_html(forecast, version=_version(manifest)))),
        ("towns/index.html", lambda path: write_sheets(forecast, path.parent)),
        ("resumen.txt", lambda path: write_text(path, message(forecast))),
        ("map.png", lambda path: write_bytes(path, map_png(forecast, lang="es"))),
        ("map_en.png", lambda path: write_bytes(path, map_png(forecast, lang="en"))),
    ]
    for name in _BELIEF_FILES - {name for name, _ in steps}:  # of an earlier run: they would be believed
        (out / name).unlink(missing_ok=True)
    return write_steps(out, steps, manifest, progress)


def _belief_steps(forecast: Forecast) -> list[Step]:
    if forecast.belief is None:
        return []
    steps: list[Step] = [("reports_used.parquet", lambda path: write_reports_used(forecast, path))]
    if forecast.belief.look_back is not None:
        steps.append(("look_back.parquet", lambda path: write_look_back(forecast, path)))
    return steps


def _version(manifest: dict[str, Any]) -> str:
    found = manifest.get("version", "")
    return str(found if isinstance(found, str | int | float) else "")
