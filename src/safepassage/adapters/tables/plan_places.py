"""`plan.geojson`: towns with what they need and lack, and drives along their roads, for a map program (RFC
7946).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safepassage.adapters.atomic import write_text
from safepassage.adapters.page.markup import clean
from safepassage.adapters.tables.places import NOTICE
from safepassage.adapters.tables.plan_board import BoardLine, board_lines, cover_values
from safepassage.adapters.tables.plan_rows import DriveRow, drive_rows, useful
from safepassage.core.plan_story import PlanStory


def plan_geojson(story: PlanStory) -> dict[str, Any]:
    """Give towns as points and drives as lines, as a FeatureCollection.

    A town has `layer` "town" and a list of days on which many people may come or anything is driven there,
    each with every item's need, what is accepted, offered and missing and what is too much; a drive has
    `layer` "drive", the words of the dispatch list, and goes from town to town along its road. Coordinates
    to three decimals: a town, not a house.
    """
    by_place: dict[int, list[BoardLine]] = {}
    for line in (line for line in board_lines(story) if line.likely):
        by_place.setdefault(line.row.place, []).append(line)
    towns = [_town(story, place, by_place[place]) for place in story.board.places if place in by_place]
    drives = [_drive(story, row) for row in drive_rows(story)]
    needs = story.needs
    return {
        "type": "FeatureCollection",
        "features": [*towns, *drives],
        "notice": NOTICE,
        "title_es": clean(needs.title_es),
        "title_en": clean(needs.title_en),
        "as_of": story.as_of.isoformat(),
        "first_day": story.plan.start.isoformat(),
        "threshold_people": needs.threshold_people,
        "illustrative": [clean(line) for line in needs.illustrative],
    }


def write_plan_places(story: PlanStory, path: Path) -> None:
    """Write the map layer, whole or not at all."""
    text = json.dumps(plan_geojson(story), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    write_text(path, text + "\n")


def _point(story: PlanStory, place: int) -> list[float]:
    places = story.needs.network.places
    return [round(float(places.lon[place]), 3), round(float(places.lat[place]), 3)]


def _town(story: PlanStory, place: int, lines: list[BoardLine]) -> dict[str, Any]:
    days: dict[str, dict[str, Any]] = {}
    for line in lines:
        values = {name: _rounded(name, value) for name, value in cover_values(line.row).items()}
        chance = values.pop("chance_many")
        day = days.setdefault(line.date.isoformat(), {"chance_many": chance, "items": {}})
        day["items"][line.item.id] = {"unit": line.item.unit, **values}
    return {
        "type": "Feature",
        "id": clean(story.needs.network.places.ids[place]),
        "geometry": {"type": "Point", "coordinates": _point(story, place)},
        "properties": {
            "layer": "town",
            "name": clean(lines[0].name),
            "country": clean(lines[0].country),
            "as_of": story.as_of.isoformat(),
            "notice": NOTICE,
            "days": [{"date": day, **told} for day, told in days.items()],
        },
    }


def _rounded(name: str, value: float | None) -> float | None:
    if value is None or name.startswith("chance"):
        return value if value is None else round(value, 3)
    return useful(value)


def _drive(story: PlanStory, row: DriveRow) -> dict[str, Any]:
    route = story.routes.get(row.one.id, ())
    # Without a road that is known: from the store to the town, as the crow flies, and said so.
    ends = route or (row.one.store, row.one.place)
    geometry: dict[str, Any] | None = None
    if len(ends) > 1 and len(set(ends)) > 1:
        geometry = {"type": "LineString", "coordinates": [_point(story, place) for place in ends]}
    return {
        "type": "Feature",
        "id": clean(row.one.id),
        "geometry": geometry,
        "properties": {
            "layer": "drive",
            "along_roads": bool(route),
            **drive_values(row),
            "as_of": story.as_of.isoformat(),
            "notice": NOTICE,
        },
    }


def drive_values(row: DriveRow) -> dict[str, Any]:
    """Give one drive as plain values."""
    one = row.one
    return {
        "id": clean(one.id),
        "status": one.status,
        "who": clean(row.who),
        "vehicle": clean(row.vehicle),
        "vehicles": one.vehicles,
        "home": clean(row.home),
        "from": clean(row.store),
        "to": clean(row.place),
        "country": clean(row.country),
        "leave": one.leave.isoformat(),
        "leave_time": row.leaves,
        "arrive": one.arrive.isoformat(),
        "arrive_time": row.arrives,
        "hours": round(one.hours, 2),
        "km": round(one.km),
        "loads": [
            {
                "item": load.item.id,
                "quantity": round(load.quantity, 3),
                "unit": load.item.unit,
                "holders": [clean(holder) for holder in load.holders],
            }
            for load in row.loads
        ],
        "people_if_they_come": row.people,
        "chance_anybody": round(row.chance, 3) if row.chance == row.chance else None,
        "sure": None if row.sure is None else round(row.sure, 3),
        "illustrative": row.illustrative,
    }
