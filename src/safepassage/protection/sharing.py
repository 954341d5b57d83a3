"""The one door through which a forecast leaves for everybody."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from safepassage.core.errors import Fault, InputError
from safepassage.core.forecast import Forecast
from safepassage.core.shared import BANDS, SharedCell, SharedForecast, ShareRules
from safepassage.protection.areas import Area, areas_of, country_areas
from safepassage.protection.size_classes import size_class
from safepassage.protection.words import data_sets, title

DEFAULT_RULES = ShareRules()
_LOW, _HIGH = 0.1, 0.9


def share(forecast: Forecast, *, today: date, rules: ShareRules = DEFAULT_RULES) -> SharedForecast:
    """Coarsen a forecast to the form that may be shared with everybody.

    No day up to the deadline is told apart from any other and no place from the other towns of its area. Of
    the words of the scenario only the names of countries and areas are passed on. Members in which fewer than
    `count_min` people come to a town count as members in which nobody comes. The result depends on the
    forecast alone; `today` only decides whether it may leave at all.

    Parameters
    ----------
    forecast : Forecast     must rest on `rules.as_of_for(day)` for `today` or an earlier day, and reach
        `rules.deadline_of` that day.
    today : date            the day on which it is published.
    rules : ShareRules

    Returns
    -------
    SharedForecast

    Raises
    ------
    InputError              if the forecast knows more than may be published, if its day is off the weekly
        grid, so that its difference from a neighbouring file would tell of single days, or if it ends early.
    """
    _refuse_what_may_not_leave(forecast, today, rules)
    network, towns_min = forecast.network, rules.towns_min
    cells = _cells(forecast, areas_of(network, towns_min=towns_min), rules)
    told = {cell.country for cell in cells}
    whole = tuple(area for area in country_areas(network, towns_min=towns_min) if area.country not in told)
    cells += _cells(forecast, whole, rules)
    countries = [cell.country for cell in cells]
    return SharedForecast(
        title_es=title(forecast, countries, "es"),
        title_en=title(forecast, countries, "en"),
        week=rules.week_of(forecast.as_of),
        known_until=forecast.as_of,
        deadline=rules.deadline_of(forecast.as_of),
        cells=tuple(sorted(cells, key=lambda cell: (cell.country, cell.scope, cell.admin1))),
        rules=rules,
        illustrative=bool(forecast.illustrative),
        data_sets=data_sets(forecast),
    )


def _refuse_what_may_not_leave(forecast: Forecast, today: date, rules: ShareRules) -> None:
    as_of, latest = forecast.as_of, rules.as_of_for(today)
    faults = []
    if as_of > latest or rules.week_of(as_of).weekday() != 0:
        right = min(latest, rules.as_of_for(rules.week_of(as_of)))
        faults.append(
            Fault(
                "forecast",
                f"one that knows everything up to {as_of:%A} {as_of.isoformat()}",
                f"one of a {latest:%A} not later than {latest.isoformat()}: what is shared is at least "
                f"{rules.delay_days + rules.hold_days} days old and changes once a week",
                f"make it as of {right.isoformat()}",
            )
        )
    deadline = rules.deadline_of(as_of)
    if forecast.date_of(forecast.days - 1) < deadline:
        faults.append(
            Fault(
                "forecast",
                f"one that ends on {forecast.date_of(forecast.days - 1).isoformat()}",
                f"one that reaches {deadline.isoformat()}, the only day it may speak of",
                f"let it run for {(deadline - forecast.start).days + 1} days",
            )
        )
    weighed = forecast.belief.effects if forecast.belief is not None else ()
    known = {*forecast.reports, *(effect.report for effect in weighed)}
    later = [report for report in known if report.published > as_of]
    later_events = [event for event in forecast.events if event.announced > as_of]
    if later or later_events:
        faults.append(
            Fault(
                "forecast",
                f"{len(later)} reports and {len(later_events)} events that became known later than its day",
                "none",
                "make it from the scenario as it was known on that day",
            )
        )
    if faults:
        raise InputError(faults, headline="This forecast may not be shared.")


def _cells(forecast: Forecast, areas: tuple[Area, ...], rules: ShareRules) -> list[SharedCell]:
    """Sum the members up per area; areas of which nothing may be said are left out."""
    if forecast.arrival_day.shape[0] == 0:
        return []
    last_day = (rules.deadline_of(forecast.as_of) - forecast.start).days
    seen = (forecast.arrival_day >= 0) & (forecast.arrival_day <= last_day)
    people = np.where(seen & (forecast.peak_people >= rules.count_min), forecast.peak_people, 0)
    cells = []
    for area in areas:
        most = people[:, list(area.places)].max(axis=1)
        come = most > 0
        chance = float(come.mean())
        if chance >= rules.possible:
            band = BANDS[1 + (chance >= rules.likely)]
            low, high = _range(most[come], rules)
            cells.append(SharedCell(area.country, area.admin1, area.scope, band, low, high))
    return cells


def _range(people: NDArray[np.int64], rules: ShareRules) -> tuple[int, int]:
    low, high = np.quantile(people, (_LOW, _HIGH), method="inverted_cdf")
    return size_class(float(low), float(high), count_min=rules.count_min)
