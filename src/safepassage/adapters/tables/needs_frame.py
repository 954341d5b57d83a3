"""Needs as one frame: a row for every night, town and item, and one for the whole movement."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from safepassage.adapters.atomic import replacing
from safepassage.adapters.needs_rows import NeedRow, TownNeeds, listed_nights, totals_on, towns_on
from safepassage.core.needs import Needs, Told

TEXT, NUMBER = pl.String, pl.Float64
SCHEMA: dict[str, Any] = {
    "day": pl.Date,
    "place_id": TEXT,
    "place": TEXT,
    "country": TEXT,
    "chance_anybody": NUMBER,
    "item": TEXT,
    "item_es": TEXT,
    "item_en": TEXT,
    "unit": TEXT,
    **dict.fromkeys(("need_p05", "need_p50", "need_p95"), NUMBER),
    **dict.fromkeys(("if_many_p05", "if_many_p50", "if_many_p95"), NUMBER),
    "there": NUMBER,
    "offered": NUMBER,
    "requested": NUMBER,
    **dict.fromkeys(("gap_p05", "gap_p50", "gap_p95"), NUMBER),
    "chance_gap": NUMBER,
    "chance_gap_large": NUMBER,
    "be_ready": pl.Boolean,
}


def to_polars(needs: Needs) -> pl.DataFrame:
    """Give the needs as a frame.

    Returns
    -------
    DataFrame           columns `SCHEMA`; `place` is null for the whole movement. `if_many_…` is among futures
        in which as many come as a town is warned of. Null is what is not known or may not be told of few
        people; `be_ready` marks services to be ready for, which have no number.
    """
    return pl.DataFrame(list(_records(needs)), schema=SCHEMA, orient="row")


def write_parquet(needs: Needs, path: Path) -> None:
    """Write the frame as Parquet, whole or not at all."""
    with replacing(path) as draft:
        to_polars(needs).write_parquet(draft, compression="zstd")


def _records(needs: Needs) -> Iterator[dict[str, Any]]:
    for day in listed_nights(needs):
        for town in towns_on(needs, day):
            where = _where(needs, town)
            for row in town.rows:
                yield where | _record(row)
            for item in town.ready:
                named = {"item": item.id, "item_es": item.name_es, "item_en": item.name_en}
                yield where | named | {"unit": item.unit, "be_ready": True}
        for total in totals_on(needs, day):
            item = total.need.item
            yield {
                "day": total.date,
                "item": item.id,
                "item_es": item.name_es,
                "item_en": item.name_en,
                "unit": item.unit,
                **three("need", total.told),
            }


def _where(needs: Needs, town: TownNeeds) -> dict[str, Any]:
    return {
        "day": town.date,
        "place_id": needs.network.places.ids[town.place],
        "place": town.name,
        "country": town.country,
        "chance_anybody": town.chance_any,
    }


def _record(row: NeedRow) -> dict[str, Any]:
    return {
        "item": row.item.id,
        "item_es": row.item.name_es,
        "item_en": row.item.name_en,
        "unit": row.item.unit,
        **three("need", row.told),
        **three("if_many", row.if_many),
        "there": row.there,
        "offered": row.offered,
        "requested": row.requested,
        **three("gap", row.gap),
        "chance_gap": row.chance_gap,
        "chance_gap_large": row.chance_large,
        "be_ready": False,
    }


def three(name: str, told: Told) -> dict[str, float | None]:
    """Give three quantiles under their names."""
    return {f"{name}_p05": told.low, f"{name}_p50": told.middle, f"{name}_p95": told.high}
