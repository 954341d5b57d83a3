"""The coverage board as rows and as one frame: a row for every day, town and item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from safepassage.adapters.atomic import replacing
from safepassage.adapters.outlook import range_members
from safepassage.adapters.tables.needs_frame import three
from safepassage.core.coverage import CoverRow
from safepassage.core.logistics import Item
from safepassage.core.needs import THERE, Told
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE
from safepassage.core.plan_story import PlanStory

TEXT, NUMBER = pl.String, pl.Float64
LEAST_CHANCE = 0.01
NOTHING = Told(None, None, None)
SCHEMA: dict[str, Any] = {
    "day": pl.Date,
    "place_id": TEXT,
    "place": TEXT,
    "country": TEXT,
    "chance_many": NUMBER,
    "item": TEXT,
    "item_es": TEXT,
    "item_en": TEXT,
    "unit": TEXT,
    **dict.fromkeys(("need_p05", "need_p50", "need_p95"), NUMBER),
    **dict.fromkeys(("if_many_p05", "if_many_p50", "if_many_p95"), NUMBER),
    **dict.fromkeys(("there", "arriving", "accepted", "offered_there", "proposed", "offered"), NUMBER),
    **dict.fromkeys(("missing_p05", "missing_p50", "missing_p95"), NUMBER),
    **dict.fromkeys(("missing_if_many_p05", "missing_if_many_p50", "missing_if_many_p95"), NUMBER),
    **dict.fromkeys(("missing_if_refused_p05", "missing_if_refused_p50", "missing_if_refused_p95"), NUMBER),
    "chance_missing": NUMBER,
    "surplus": NUMBER,
    "foreseen": NUMBER,
    "missing_foreseen": NUMBER,
}


@dataclass(frozen=True)
class BoardLine:
    """One item in one town on one day, as it may be told.

    Parameters
    ----------
    row : CoverRow              what rests on too few people or on too few futures is left out.
    date : date                 the evening of the night.
    name, country : str
    item : Item
    """

    row: CoverRow
    date: date
    name: str
    country: str
    item: Item

    @property
    def expected(self) -> Told:
        """What to reckon with: if many come, where enough futures tell of that; else over all futures.

        Nothing where so few come that the middle of all futures is nobody.
        """
        if self.row.if_they_come.middle is not None:
            return self.row.if_they_come
        return self.row.needed if self.row.needed.middle else NOTHING

    @property
    def likely(self) -> bool:
        """Tell whether many people may come, or anything is driven there: the rest is in the frame only."""
        row = self.row
        return row.chance >= LEAST_CHANCE or bool(self.expected.middle) or row.arriving + row.proposed > 0

    @property
    def lacking(self) -> Told:
        """What is missing of it."""
        if self.row.if_they_come.middle is not None:
            return self.row.missing_if_they_come
        return self.row.missing if self.row.needed.middle else NOTHING


def board_lines(story: PlanStory) -> tuple[BoardLine, ...]:
    """List the whole board, by day, then the towns with most people first."""
    return tuple(_line(story, row) for row in story.board.rows)


def lines_on(story: PlanStory, day: int, place: int) -> tuple[BoardLine, ...]:
    """List the board of one town on one day."""
    return tuple(_line(story, row) for row in story.board.on(day, place))


def fullest_days(story: PlanStory, most: int) -> list[tuple[int, int]]:
    """Give (day, place) for the towns with most people, each on its night with most expected people."""
    there = story.needs.people[THERE]
    found = []
    for place in story.board.places[:most]:
        days = [row.day for row in story.board.rows if row.place == place]
        expected = {day: float(there.chance_many[day, place]) for day in days}
        found.append((max(expected, key=lambda day: (expected[day], -day)), place))
    return sorted(found, key=lambda one: one[0])


def _line(story: PlanStory, row: CoverRow) -> BoardLine:
    places = story.needs.network.places
    return BoardLine(
        row=_as_may_be_told(story, row),
        date=story.needs.dates[row.day],
        name=places.names[row.place],
        country=places.countries[row.place],
        item=story.item(row.item),
    )


def _as_may_be_told(story: PlanStory, row: CoverRow) -> CoverRow:
    """Leave out ranges with too few futures behind them, and what too few people of a kind lack."""
    needs = story.needs
    if round(row.chance * needs.members) < range_members(needs.members):
        row = replace(row, if_they_come=NOTHING, missing_if_they_come=NOTHING, missing_if_refused=NOTHING)
    asked = needs.by_id.get(row.item)
    if asked is None or asked.share >= 1.0 or asked.per_person <= 0:
        return row
    few = FEWEST_TOLD_PEOPLE * asked.per_person / asked.share
    # What is there and what is left of it would tell together what a few people use.
    spare = min(row.surplus, max(0.0, row.accepted + row.offered - few))
    return replace(
        row,
        surplus=spare,
        missing=_large(row.missing, few),
        missing_if_they_come=_large(row.missing_if_they_come, few),
        missing_if_refused=_large(row.missing_if_refused, few),
        foreseen=row.foreseen if row.foreseen is None or row.foreseen >= few else None,
        missing_foreseen=(
            row.missing_foreseen if row.missing_foreseen is None or row.missing_foreseen >= few else None
        ),
    )


def _large(told: Told, few: float) -> Told:
    low, middle, high = (
        value if value is not None and value >= few else None for value in (told.low, told.middle, told.high)
    )
    return Told(low, middle, high)


def to_polars(story: PlanStory) -> pl.DataFrame:
    """Give the board as a frame.

    Returns
    -------
    DataFrame           columns `SCHEMA`. `if_many` is among futures in which as many come as a town is warned
        of. Null is what is not known, may not be told of few people, or does not apply.
    """
    return pl.DataFrame(list(_records(story)), schema=SCHEMA, orient="row")


def write_board(story: PlanStory, path: Path) -> None:
    """Write the board as Parquet, whole or not at all."""
    with replacing(path) as draft:
        to_polars(story).write_parquet(draft, compression="zstd")


def _records(story: PlanStory) -> Iterator[dict[str, Any]]:
    ids = story.needs.network.places.ids
    for line in board_lines(story):
        yield {
            "day": line.date,
            "place_id": ids[line.row.place],
            "place": line.name,
            "country": line.country,
            "item": line.item.id,
            "item_es": line.item.name_es,
            "item_en": line.item.name_en,
            "unit": line.item.unit,
            **cover_values(line.row),
        }


def cover_values(row: CoverRow) -> dict[str, float | None]:
    """Give the figures of a row under their names in the frame."""
    return {
        "chance_many": row.chance,
        **three("need", row.needed),
        **three("if_many", row.if_they_come),
        "there": row.there,
        "arriving": row.arriving,
        "accepted": row.accepted,
        "offered_there": row.offered_there,
        "proposed": row.proposed,
        "offered": row.offered,
        **three("missing", row.missing),
        **three("missing_if_many", row.missing_if_they_come),
        **three("missing_if_refused", row.missing_if_refused),
        "chance_missing": row.chance_missing,
        "surplus": row.surplus,
        "foreseen": row.foreseen,
        "missing_foreseen": row.missing_foreseen,
    }
