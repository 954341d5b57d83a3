"""The forecast as one tidy frame: a row for every day, place or group, quantity and quantile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from safepassage.adapters.atomic import replacing
from safepassage.adapters.outlook_belief import told_parts, told_whole
from safepassage.core.forecast import MODES, QUANTILE_LEVELS, Fan, Forecast, GroupForecast
from safepassage.core.outcomes import told

DAY, PLACE_ID, PLACE, GROUP = "day", "place_id", "place", "group"
QUANTITY, STAT, VALUE, UNIT = "quantity", "quantile_or_stat", "value", "unit"
COLUMNS = (DAY, PLACE_ID, PLACE, GROUP, QUANTITY, STAT, VALUE, UNIT)
LEVEL_NAMES = tuple(f"p{round(100 * level):02d}" for level in QUANTILE_LEVELS)
COME = "overnight_if_they_come"
_TEXT = (PLACE_ID, PLACE, GROUP, QUANTITY, STAT, UNIT)


def to_polars(forecast: Forecast) -> pl.DataFrame:
    """Give the forecast as a tidy frame.

    Returns
    -------
    DataFrame           columns `COLUMNS`. `place` is null for quantities of a group or of the whole,
        `group` for quantities of a place or of the whole. Places that nobody reaches on any day in any
        member are left out; so is `overnight_if_they_come` where no member has enough people, and a fan
        once no member's group is together any more. The statistic "members" of `overnight_if_they_come`
        counts the members behind its quantiles: below `outlook.range_members` they are the luck of a few.
        `advance_…` and `rear_…` speak of parts of a caravan that go apart, among the members that have such
        a part, on days with enough of them; `whole_size` of the caravan with its parts.
        `outcome_…` are totals of the whole movement since the start; small counts of them are left out.
    """
    frames = [
        *_place_frames(forecast),
        *_group_frames(forecast),
        _fan(forecast, "on_road", forecast.on_road, None),
        *_outcome_frames(forecast),
    ]
    table = pl.concat(frames).filter(pl.col(VALUE).is_not_nan())
    return table.with_columns(pl.col(_TEXT).cast(pl.Categorical)).select(COLUMNS)


def write_parquet(forecast: Forecast, path: Path) -> None:
    """Write the tidy frame as Parquet, whole or not at all."""
    with replacing(path) as draft:
        to_polars(forecast).write_parquet(draft, compression="zstd")


def _place_frames(forecast: Forecast) -> Iterator[pl.DataFrame]:
    reached = np.flatnonzero(
        (forecast.overnight.max(axis=(0, 1)) > 0) | (forecast.chance_any.max(axis=0) > 0)
    )
    share = (("chance_threshold", forecast.chance_threshold), ("chance_any", forecast.chance_any))
    for quantity, table in share:
        yield _places(forecast, reached, quantity, "chance", table, "share")
    for level, name in enumerate(LEVEL_NAMES):
        yield _places(forecast, reached, "overnight", name, forecast.overnight[level], "people")
        yield _places(forecast, reached, COME, name, forecast.if_they_come[level], "people")
    counted = np.round(forecast.chance_threshold.astype(np.float64) * forecast.members)
    yield _places(forecast, reached, COME, "members", counted, "members").filter(pl.col(VALUE) > 0)


def _places(
    forecast: Forecast,
    reached: NDArray[np.int64],
    quantity: str,
    stat: str,
    table: NDArray[np.floating],
    unit: str,
) -> pl.DataFrame:
    places, values = forecast.network.places, table[:, reached]
    # What is not said is left out at once: on a large network the whole table would be gigabytes.
    day, column = np.nonzero(~np.isnan(values))
    return _frame(
        _dates(forecast)[day],
        pl.Series([places.ids[p] for p in reached], dtype=pl.String).gather(column),
        pl.Series([places.names[p] for p in reached], dtype=pl.String).gather(column),
        None,
        (quantity, stat, unit),
        values[day, column],
    )


def _dates(forecast: Forecast) -> NDArray[np.datetime64]:
    return np.array(forecast.dates, dtype="datetime64[D]")


def _frame(
    days: NDArray[np.datetime64],
    ids: pl.Series | None,
    names: pl.Series | None,
    group: str | None,
    said: tuple[str, str, str],
    values: NDArray[np.floating],
) -> pl.DataFrame:
    quantity, stat, unit = said
    frame = pl.DataFrame({DAY: pl.Series(days, dtype=pl.Date), VALUE: pl.Series(values.astype(np.float64))})
    texts = {PLACE_ID: ids, PLACE: names, GROUP: group, QUANTITY: quantity, STAT: stat, UNIT: unit}
    return frame.with_columns(
        text.alias(name) if isinstance(text, pl.Series) else pl.lit(text, dtype=pl.String).alias(name)
        for name, text in texts.items()
    ).select(COLUMNS)


def _fan(forecast: Forecast, quantity: str, fan: Fan, group: str | None) -> pl.DataFrame:
    rows = [
        _frame(_dates(forecast), None, None, group, (quantity, name, fan.unit), fan.values[level])
        for level, name in enumerate(LEVEL_NAMES)
    ]
    return pl.concat(rows)


def _group_frames(forecast: Forecast) -> Iterator[pl.DataFrame]:
    for group in forecast.groups:
        fans = {
            "head_km": group.head_km,
            "tail_km": group.tail_km,
            "size": group.size,
            "joined": group.joined,
            "left": group.left,
            "baseline_walker_km": group.walker_km,
            "baseline_last_size": group.last_size,
        }
        for quantity, fan in (fans | _part_fans(forecast, group)).items():
            yield _fan(forecast, quantity, fan, group.id)
        for part in group.parts:
            said = (f"{part.segment}_chance", "chance", "share")
            yield _frame(_dates(forecast), None, None, group.id, said, part.chance)
        for k, mode in enumerate(MODES):
            said = (f"mode_{mode}", "share", "share")
            yield _frame(_dates(forecast), None, None, group.id, said, group.mode_share[:, k])


def _part_fans(forecast: Forecast, group: GroupForecast) -> dict[str, Fan]:
    fans: dict[str, Fan] = {}
    for part in told_parts(forecast, group):
        fans |= {f"{part.segment}_head_km": part.head_km, f"{part.segment}_size": part.size}
    whole = told_whole(group)
    return fans if whole is None else fans | {"whole_size": whole}


def _outcome_frames(forecast: Forecast) -> Iterator[pl.DataFrame]:
    for name, fan in forecast.outcomes.items():
        yield _fan(forecast, f"outcome_{name}", Fan(fan.unit, told(fan.values)), None)
