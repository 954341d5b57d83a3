"""What the page's script needs to draw any night: numbers only, as small as they can be."""

from __future__ import annotations

from typing import Any

import numpy as np

from safepassage.adapters.outlook import night
from safepassage.adapters.page.cartography import SHOWN_CHANCE, Chart
from safepassage.adapters.page.figures import LANGUAGES, MONTHS, WEEKDAYS, two_digits, whole
from safepassage.adapters.page.markup import clean, spaced
from safepassage.adapters.page.words import dictionary, say
from safepassage.core.forecast import Forecast

MOST_CELLS = 36_000  # place-nights; beyond this the slider skips nights
SPOKEN = ("night_of", "play", "pause", "before_data", "none_that_night", "too_few")


def payload(forecast: Forecast, chart: Chart) -> dict[str, Any]:
    """Collect nights, places, reports and the words of the script.

    Returns
    -------
    dict        JSON values; `nights[k]` holds rows (place, chance in permille, p10, p50, p90). The chance is
        the one to tell (see `outlook.Night`), negative where it is that of anybody. The numbers of people are
        those if they come; 0 where no member reaches the threshold, -1 where too few do to tell a range.
    """
    since = forecast.first_night
    days = shown_days(forecast)
    shown = np.flatnonzero(chart.shown)
    number = {int(place): k for k, place in enumerate(shown)}
    places = forecast.network.places
    return {
        "dates": [forecast.date_of(day).isoformat() for day in days],
        "days": days,
        "first": min(range(len(days)), key=lambda k: abs(days[k] - since)),
        "since": since,
        "close": bool(forecast.groups),  # a group is a point on a long road: begin near it
        "size": [round(chart.frame.width), round(chart.frame.height)],
        "most": round(chart.most_people),
        "places": [
            [
                clean(spaced(places.names[p])),
                clean(spaced(places.countries[p])),
                _tenth(chart.x[p]),
                _tenth(chart.y[p]),
            ]
            for p in shown
        ],
        "nights": [_cells(forecast, day, number) for day in days],
        "reports": [
            [(r.observed - forecast.start).days, _tenth(chart.x[r.place]), _tenth(chart.y[r.place])]
            for r in sorted(forecast.reports, key=lambda r: r.observed)
            if r.place >= 0
        ],
        "words": {lang: _words(forecast, lang) for lang in LANGUAGES},
    }


def _words(forecast: Forecast, lang: str) -> dict[str, Any]:
    return {
        **{key: dictionary(lang)[key] for key in SPOKEN},
        "fewer_than": say(lang, "fewer_than", threshold=whole(forecast.threshold_people)),
        "months": MONTHS[lang],
        "weekdays": WEEKDAYS[lang],
    }


def shown_days(forecast: Forecast) -> list[int]:
    """Choose the nights of the slider: every one, unless that would make the file heavy."""
    cells = int((forecast.chance_any >= SHOWN_CHANCE).sum())
    stride = max(1, -(-cells // MOST_CELLS))
    return list(range(0, forecast.days, stride))


def _cells(forecast: Forecast, day: int, number: dict[int, int]) -> list[list[int]]:
    rows = []
    for place in np.flatnonzero(forecast.chance_any[day] >= SHOWN_CHANCE).tolist():
        row = night(forecast, day, place)
        told = max(1, round(1000 * row.told))
        if row.tells_anybody:
            told = -told
        people = [row.people.low, row.people.middle, row.people.high] if row.enough else []
        shown = [two_digits(v) for v in people] or [-1 if row.conditional else 0] * 3
        rows.append([number[place], told, *shown])
    return sorted(rows, key=lambda row: (-row[1] if row[1] > 0 else row[1] / 1e4, -row[3]))  # threshold first


def _tenth(value: float) -> float:
    return round(float(value), 1)
