"""The one door through which a forecast leaves for everybody."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from safepassage.core.errors import Fault, InputError
from safepassage.core.forecast import Forecast
from safepassage.core.shared import BANDS, SharedCell, SharedForecast, ShareRules
from safepassage.protection.areas import Area, areas_of, country_areas
from safepassage.protection.rounding import rounded_range
from safepassage.protection.words import without_towns

DEFAULT_RULES = ShareRules()
_WEEK = 7
_LOW, _HIGH = 0.1, 0.9


def share(forecast: Forecast, *, today: date, rules: ShareRules = DEFAULT_RULES) -> SharedForecast:
    """Coarsen a forecast to the form that may be shared with everybody.

    Nothing about a day up to the end of the week of publication is told apart from any other such day, no
    place is told apart from the other towns of its area, and members in which fewer than `count_min` people
    come to a town count as members in which nobody comes. The result depends on the forecast alone; `today`
    only decides whether it may leave at all.

    Parameters
    ----------
    forecast : Forecast     must rest on `rules.as_of_for(day)` for `today` or an earlier day.
    today : date            the day on which it is published.
    rules : ShareRules

    Returns
    -------
    SharedForecast

    Raises
    ------
    InputError              if the forecast knows more than may be published, or its day is off the weekly
        grid, so that its difference from a neighbouring file would tell of single days.
    """
    monday = _publication_week(forecast.as_of, today=today, rules=rules)
    deadlines = _deadlines(forecast, monday, rules.windows_max)
    places = forecast.network.places
    cells = _cells(forecast, deadlines, areas_of(places, towns_min=rules.towns_min), rules)
    named = {cell.country for cell in cells}
    cells += [
        cell
        for cell in _cells(forecast, deadlines, country_areas(places), rules)
        if cell.country not in named
    ]
    return SharedForecast(
        title_es=without_towns(forecast.title_es, places),
        title_en=without_towns(forecast.title_en, places),
        week=monday,
        known_until=forecast.as_of,
        deadlines=deadlines,
        cells=tuple(sorted(cells, key=lambda cell: (cell.country, cell.scope, cell.admin1))),
        rules=rules,
        illustrative=tuple(without_towns(text, places) for text in forecast.illustrative),
        sources=tuple(dict.fromkeys(without_towns(text, places) for text in forecast.sources)),
        licence=without_towns(forecast.licence, places),
    )


def _publication_week(as_of: date, *, today: date, rules: ShareRules) -> date:
    """Give the Monday from which a forecast of this day may be published, or refuse it."""
    monday = as_of + timedelta(days=rules.delay_days)
    latest = rules.as_of_for(today)
    if as_of > latest or monday.weekday() != 0:
        right = min(latest, rules.as_of_for(monday))
        raise InputError(
            Fault(
                "forecast",
                f"one that knows everything up to {as_of:%A} {as_of.isoformat()}",
                f"one of a {latest:%A} not later than {latest.isoformat()}: what is shared is at least "
                f"{rules.delay_days} days old and changes once a week",
                f"make it as of {right.isoformat()}",
            ),
            headline="This forecast may not be shared.",
        )
    return monday


def _deadlines(forecast: Forecast, monday: date, windows_max: int) -> tuple[date, ...]:
    first = monday + timedelta(days=2 * _WEEK - 1)
    sundays = (first + timedelta(days=_WEEK * number) for number in range(windows_max))
    return tuple(day for day in sundays if 0 <= (day - forecast.start).days < forecast.days)


def _cells(
    forecast: Forecast, deadlines: tuple[date, ...], areas: tuple[Area, ...], rules: ShareRules
) -> list[SharedCell]:
    """Sum the members up per area; areas of which nothing may be said are left out."""
    if not deadlines or forecast.arrival_day.shape[0] == 0:
        return []
    last_days = [(day - forecast.start).days for day in deadlines]
    people = np.where(forecast.arrival_day >= 0, forecast.peak_people, 0)
    cells = []
    for area in areas:
        rows = list(area.places)
        enough = people[:, rows] >= rules.count_min
        first_day = np.where(enough, forecast.arrival_day[:, rows], np.iinfo(np.int16).max).min(axis=1)
        by = tuple(_band(first_day <= day, rules) for day in last_days)
        if by[-1] == BANDS[0]:
            continue
        come = first_day <= last_days[-1]
        low, high = _range(people[come][:, rows].max(axis=1), rules)
        cells.append(SharedCell(area.country, area.admin1, area.scope, by, low, high))
    return cells


def _band(reached: NDArray[np.bool_], rules: ShareRules) -> str:
    chance = float(reached.mean())
    return BANDS[(chance >= rules.possible) + (chance >= rules.likely)]


def _range(people: NDArray[np.int32], rules: ShareRules) -> tuple[int, int]:
    low, high = np.quantile(people, (_LOW, _HIGH), method="inverted_cdf")
    return rounded_range(float(low), float(high), count_min=rules.count_min)
