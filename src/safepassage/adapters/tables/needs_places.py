"""`needs.geojson`: what each town needs on the nights to come, for a map program (RFC 7946)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safepassage.adapters.atomic import write_text
from safepassage.adapters.needs_rows import NeedRow, TownNeeds, listed_nights, towns_on
from safepassage.adapters.page.markup import clean
from safepassage.adapters.tables.needs_frame import three
from safepassage.adapters.tables.places import NOTICE
from safepassage.core.needs import Needs


def needs_geojson(needs: Needs) -> dict[str, Any]:
    """Give every town that may need something, with a list of nights, as a FeatureCollection.

    Coordinates to three decimals: a town, not a house. Each night has its date, the chance that anybody is
    there, and by item need, need if many come, what is there, what is missing and the chance of that.
    """
    by_place: dict[int, list[TownNeeds]] = {}
    for day in listed_nights(needs):
        for town in towns_on(needs, day):
            by_place.setdefault(town.place, []).append(town)
    return {
        "type": "FeatureCollection",
        "features": [_feature(needs, place, towns) for place, towns in by_place.items()],
        "notice": NOTICE,
        "title_es": clean(needs.title_es),
        "title_en": clean(needs.title_en),
        "as_of": needs.as_of.isoformat(),
        "profile": clean(needs.profile.name),
        "threshold_people": needs.threshold_people,
        "illustrative": [clean(line) for line in needs.illustrative],
    }


def write_needs_places(needs: Needs, path: Path) -> None:
    """Write the towns as GeoJSON, whole or not at all."""
    text = json.dumps(needs_geojson(needs), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    write_text(path, text + "\n")


def _feature(needs: Needs, place: int, towns: list[TownNeeds]) -> dict[str, Any]:
    places = needs.network.places
    lon, lat = round(float(places.lon[place]), 3), round(float(places.lat[place]), 3)
    return {
        "type": "Feature",
        "id": clean(places.ids[place]),
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {
            "name": clean(places.names[place]),
            "country": clean(places.countries[place]),
            "as_of": needs.as_of.isoformat(),
            "notice": NOTICE,
            "nights": [_night(town) for town in towns],
        },
    }


def _night(town: TownNeeds) -> dict[str, Any]:
    return {
        "date": town.date.isoformat(),
        "chance_anybody": round(town.chance_any, 3),
        "needs": {row.item.id: need_values(row) for row in town.rows},
        "be_ready": [item.id for item in town.ready],
    }


def need_values(row: NeedRow) -> dict[str, Any]:
    """Give one need as plain values, rounded; null where it is not known or may not be told."""
    values = {
        **three("need", row.told),
        **three("if_many", row.if_many),
        "there": row.there,
        "offered": row.offered,
        "requested": row.requested,
        **three("gap", row.gap),
        "chance_gap": row.chance_gap,
        "chance_gap_large": row.chance_large,
    }
    told = {name: None if value is None else round(value, 3) for name, value in values.items()}
    return {"unit": row.item.unit, **told}
