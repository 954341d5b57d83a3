"""One evening's folder: the forecast in numbers that any road can be laid beside later, and the sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from safepassage.adapters.atomic import write_bytes, write_text
from safepassage.adapters.message import message
from safepassage.adapters.replay_chain import canonical
from safepassage.adapters.sheets.names import file_stems
from safepassage.adapters.sheets.town import town_html
from safepassage.core.engine import Progress
from safepassage.core.forecast import Forecast
from safepassage.core.scenario import Scenario
from safepassage.engines.trails import START, Trails
from safepassage.workflows.forecast import ForecastRun, watched_forecast
from safepassage.workflows.group_fans import reports_of_main_body
from safepassage.workflows.replay_feed import Evening

NIGHTS, MOST_TOWNS = 7, 12
PERCENTILES = tuple(n / 100 for n in range(1, 100))


def made(
    evening: Evening, *, members: int | None, seed: int, progress: Progress | None = None
) -> tuple[ForecastRun, Trails]:
    """Make the product's forecast from what is open this evening."""
    known = evening.known
    first = (evening.day - known.start).days
    trails = Trails(0, first=first + 1, days=first + 1 + NIGHTS)
    run = watched_forecast(
        known, [trails], progress=progress, as_of=evening.day, days=NIGHTS, members=members, seed=seed
    )
    return run, trails


def write_evening(folder: Path, evening: Evening, run: ForecastRun, said: dict[str, Any]) -> None:
    """Write the forecast, what was read, and a sheet for every town of tomorrow night."""
    write_bytes(folder / "forecast.json", canonical(said) + b"\n")
    write_bytes(folder / "read.json", canonical(_read(evening)) + b"\n")
    write_text(folder / "message.txt", message(run.forecast))
    stems = file_stems(run.forecast.network.places.ids)
    for night in run.nights(run.first_night, limit=MOST_TOWNS):
        write_text(folder / "towns" / f"{stems[night.place]}.html", town_html(run.forecast, night.place))


def caravan_said(evening: Evening, run: ForecastRun, trails: Trails) -> dict[str, Any]:
    """Give what is said of a caravan: night by night where its main body stands, how many, which towns.

    A position is the last place on a member's own way and the km walked since (`main_body`: number in
    `ways`, km, members); no road is laid down, since none is known.
    """
    known, forecast = evening.known, run.forecast
    ids = known.network.places.ids
    used = _ways_used(trails)
    number = {way: n for n, way in enumerate(used)}
    number[START] = START
    return {
        "not_for_publication": True,
        "kind": "caravan",
        "case": known.name,
        "evening": evening.day.isoformat(),
        "members": forecast.members,
        "seed": forecast.seed,
        "threshold_people": forecast.threshold_people,
        "ways": [
            [number[parent], ids[place], km] for parent, place, km in (trails.ways[way] for way in used)
        ],
        "nights": [
            {
                "night": forecast.date_of(day).isoformat(),
                "main_body": [[number[way], km, count] for way, km, count in standing.spots],
                "gone": standing.gone,
                "size_percentiles": [round(v, 1) for v in np.quantile(standing.size, PERCENTILES).tolist()],
                "towns": towns_said(run, day),
            }
            for day, standing in sorted(trails.kept.items())
        ],
        "told": _told(known),
    }


def towns_said(run: ForecastRun, day: int) -> list[dict[str, Any]]:
    """List the towns of one night with the chance, and how many if they come."""
    forecast: Forecast = run.forecast
    stems, ids = file_stems(forecast.network.places.ids), forecast.network.places.ids
    return [
        {
            "place": ids[night.place],
            "name": night.name,
            "country": night.country,
            "sheet": f"towns/{stems[night.place]}.html" if day == run.first_night else None,
            "chance": round(night.chance, 4),
            "chance_any": round(night.chance_any, 4),
            "if_they_come": (
                [round(v) for v in (night.people.low, night.people.middle, night.people.high)]
                if night.conditional and night.enough
                else None
            ),
        }
        for night in run.nights(day, limit=MOST_TOWNS)
    ]


def _ways_used(trails: Trails) -> list[int]:
    """Give the numbers of the ways that the kept evenings stand on, each after the one before it."""
    used: set[int] = set()
    for standing in trails.kept.values():
        for way, _, _ in standing.spots:
            while way != START and way not in used:
                used.add(way)
                way = trails.ways[way][0]
    return sorted(used)


def _told(known: Scenario) -> dict[str, Any]:
    """Give what simple rules go by: where the main body was told to be, how many, what was announced."""
    ids, group = known.network.places.ids, known.groups[0]
    main, only = reports_of_main_body(known, group), len(known.groups) == 1
    stops = [
        r
        for r in known.reports
        if r.kind == "next_stop" and r.place >= 0 and r.group in ((group.id, "") if only else (group.id,))
    ]
    low, high = max(group.size_low, 1.0), max(group.size_high, 1.0)
    return {
        "departs": group.departs.isoformat(),
        "from": ids[group.route[0]],
        "people": float(np.sqrt(low * high)),
        "positions": sorted([r.observed.isoformat(), ids[r.place]] for r in main if r.place >= 0),
        "sizes": sorted(
            [r.observed.isoformat(), float(np.sqrt(r.low * (r.high or r.low)))] for r in main if r.low
        ),
        "next_stops": sorted([r.observed.isoformat(), r.published.isoformat(), ids[r.place]] for r in stops),
    }


def _read(evening: Evening) -> dict[str, Any]:
    """Tell what was read this evening for the first time; of articles no word and no name."""
    told: dict[str, Any] = {
        "not_for_publication": True,
        "reports": [[key, published.isoformat()] for key, published in evening.new_reports],
    }
    if evening.gleaned is not None:
        told["articles"] = list(evening.gleaned.articles)
    return told
