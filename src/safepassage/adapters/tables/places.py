"""`places.geojson`: the places people may reach, for a map program (RFC 7946)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from safepassage.adapters.atomic import write_text
from safepassage.adapters.outlook import arrival, first_night, night
from safepassage.adapters.page.figures import two_digits
from safepassage.adapters.page.markup import clean
from safepassage.core.forecast import QUANTILE_LEVELS, Forecast

LEAST_CHANCE = 0.01
NOTICE = "NO PUBLICAR · NOT FOR PUBLICATION"


def places_geojson(forecast: Forecast) -> dict[str, Any]:
    """Give the places with a chance of at least `LEAST_CHANCE` on some night to come, as a FeatureCollection.

    Returns
    -------
    dict        per place: flat properties for arrival and the fullest night, and lists by night, in the
        order of the list `nights` (ISO dates), for nights to come with a chance of at least `LEAST_CHANCE`
        (a replay: all nights). Where too few members come to tell a range, it is null.
        Coordinates to three decimals: a town, not a house.
    """
    to_come = forecast.chance_any[first_night(forecast) :]
    chosen = np.flatnonzero(to_come.max(axis=0) >= LEAST_CHANCE)
    features = [_feature(forecast, int(place)) for place in chosen]
    collection: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": features,
        "notice": NOTICE,
        "title_es": clean(forecast.title_es),
        "title_en": clean(forecast.title_en),
        "as_of": forecast.as_of.isoformat(),
        "threshold_people": forecast.threshold_people,
        "illustrative": [clean(line) for line in forecast.illustrative],
        "sources": [clean(line) for line in forecast.sources],
        "licence": clean(forecast.licence),
    }
    return collection


def write_places(forecast: Forecast, path: Path) -> None:
    """Write the places as GeoJSON, whole or not at all."""
    text = json.dumps(places_geojson(forecast), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    write_text(path, text + "\n")


def _feature(forecast: Forecast, place: int) -> dict[str, Any]:
    places = forecast.network.places
    return {
        "type": "Feature",
        "id": clean(places.ids[place]),
        "geometry": {
            "type": "Point",
            "coordinates": [round(float(places.lon[place]), 3), round(float(places.lat[place]), 3)],
        },
        "properties": {
            "name": clean(places.names[place]),
            "country": clean(places.countries[place]),
            "admin1": clean(places.admin1[place]),
            "kind": clean(places.kinds[place]),
            "as_of": forecast.as_of.isoformat(),
            "notice": NOTICE,
            **_arrival(forecast, place),
            **_by_night(forecast, place),
        },
    }


def _arrival(forecast: Forecast, place: int) -> dict[str, Any]:
    since = first_night(forecast)
    largest = {"chance_threshold_max": round(float(forecast.chance_threshold[since:, place].max()), 3)}
    summary = arrival(forecast, place)
    if summary is None:
        told = forecast.arrivals(place)
        return {
            "chance_arrival": round(told.chance, 3),
            "chance_there_already": round(told.still, 3),
            **largest,
        }
    early, middle, late = (day.isoformat() for day in summary.first)
    people = summary.people
    most = (people.low, people.middle, people.high) if summary.enough_people else None
    return {
        "chance_arrival": round(summary.chance, 3),
        "chance_there_already": round(summary.still, 3),
        "first_night_p10": early if summary.enough_days else None,
        "first_night_p50": middle,
        "first_night_p90": late if summary.enough_days else None,
        **{
            f"most_people_{level}": two_digits(most[k]) if most else None
            for k, level in enumerate(("p10", "p50", "p90"))
        },
        **largest,
    }


def _by_night(forecast: Forecast, place: int) -> dict[str, Any]:
    since = first_night(forecast)
    days = since + np.flatnonzero(forecast.chance_any[since:, place] >= LEAST_CHANCE)
    enough = [night(forecast, int(d), place).enough for d in days]
    lists: dict[str, Any] = {
        "nights": [forecast.date_of(int(d)).isoformat() for d in days],
        "chance_any": [round(float(v), 3) for v in forecast.chance_any[days, place]],
        "chance_threshold": [round(float(v), 3) for v in forecast.chance_threshold[days, place]],
    }
    for name, level in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        row = QUANTILE_LEVELS.index(level)
        come = zip(forecast.if_they_come[row, days, place], enough, strict=True)
        lists[f"overnight_{name}"] = [round(float(v)) for v in forecast.overnight[row, days, place]]
        lists[f"if_they_come_{name}"] = [round(float(v)) if told else None for v, told in come]
    return lists
