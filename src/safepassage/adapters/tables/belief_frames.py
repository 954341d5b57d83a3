"""What the reports did, as frames: one row for each report, one for each thing that was said yesterday."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from safepassage.adapters.atomic import replacing
from safepassage.adapters.belief_values import look_back_values, report_values
from safepassage.adapters.outlook_belief import report_rows
from safepassage.core.forecast import Forecast

_DATES = ("observed", "published", "night", "made")
_FLAGS = ("fewer_than_20", "used", "within_p10_p90", "rule_here")
_TEXT = (
    "place_id town to_town kind segment source_kind reliability verdict source note key what happened".split()
)


def reports_used(forecast: Forecast) -> pl.DataFrame:
    """Give each report and what it did, newest first; no rows where no report was weighed.

    Returns
    -------
    DataFrame       columns as `belief_values.report_values` has them; null where a value is not known, or is
        of so few people that it is not told.
    """
    return _frame([report_values(row) for row in report_rows(forecast)])


def look_back_frame(forecast: Forecast) -> pl.DataFrame:
    """Give what was said yesterday beside what happened and the simple rule; no rows where nothing was.

    Returns
    -------
    DataFrame       columns as `belief_values.look_back_values` has them; `what` is "head_km", "people" or
        "town".
    """
    return _frame(look_back_values(forecast))


def write_reports_used(forecast: Forecast, path: Path) -> None:
    """Write the reports and what they did as Parquet, whole or not at all."""
    with replacing(path) as draft:
        reports_used(forecast).write_parquet(draft, compression="zstd")


def write_look_back(forecast: Forecast, path: Path) -> None:
    """Write the look back as Parquet, whole or not at all."""
    with replacing(path) as draft:
        look_back_frame(forecast).write_parquet(draft, compression="zstd")


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Build a frame whose types do not hang on which rows there are."""
    names = list(rows[0]) if rows else []
    return pl.DataFrame({name: pl.Series([row[name] for row in rows], dtype=_type(name)) for name in names})


def _type(name: str) -> type[pl.DataType]:
    if name in _DATES:
        return pl.Date
    if name in _FLAGS:
        return pl.Boolean
    return pl.String if name in _TEXT else pl.Float64
