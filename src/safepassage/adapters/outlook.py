"""What readers ask of a forecast, as rows: who comes where on which night, who arrives when.

Every output (page, sheets, tables, message) takes its figures from here, so that they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from safepassage.core.forecast import QUANTILE_LEVELS, Forecast

_TOLD = (0.10, 0.50, 0.90)
SHEET_CHANCE = 0.05  # a town gets a sheet from this chance on some night of the next `SHEET_NIGHTS` …
SHEET_NIGHTS = 14
SHEET_LEAST = 12  # … and so do the most likely ones, up to this many


@dataclass(frozen=True)
class Range:
    """The 10 %, 50 % and 90 % quantile of a number of people."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Night:
    """One place on one night.

    Parameters
    ----------
    day, place : int            positions in the forecast and in `Places`.
    date : date                 the evening of the night.
    name, country : str
    chance : float              that `threshold_people` or more stay.
    chance_any : float          that anybody stays.
    people : Range or None      how many if they come: among members with `threshold_people` or more;
        where no member has so many, among all members.
    conditional : bool          whether `people` is among members with `threshold_people` or more.
    """

    day: int
    place: int
    date: date
    name: str
    country: str
    chance: float
    chance_any: float
    people: Range
    conditional: bool


@dataclass(frozen=True)
class Arrival:
    """When there are people in one place from now on, and how many on its fullest night.

    Two kinds of member count: those in which the first people are still to arrive (`new`), and those in
    which people are there already and stay the next night too (`still`). Where people were and went on
    there is nothing to announce any more.

    Parameters
    ----------
    place : int
    name, country : str
    new, still : float
    first : tuple of date       10 %, 50 % and 90 % quantile of the first night from now on with people.
    people : Range              most people on one night, among members of the kind `new`.
    """

    place: int
    name: str
    country: str
    new: float
    still: float
    first: tuple[date, date, date]
    people: Range

    @property
    def chance(self) -> float:
        """Chance that there are people on some night from now on."""
        return min(1.0, self.new + self.still)


def first_night(forecast: Forecast) -> int:
    """Give the first night after the time of the data; the last one if all lie before it; 0 in a replay."""
    if forecast.replay:
        return 0
    return min(max((forecast.as_of - forecast.start).days + 1, 0), forecast.days - 1)


def people_quantiles(forecast: Forecast) -> NDArray[np.float32]:
    """Give (level, day, place) people: if they come where that is defined, else over all members."""
    return np.where(np.isnan(forecast.if_they_come), forecast.overnight, forecast.if_they_come)


def night(forecast: Forecast, day: int, place: int) -> Night:
    """Sum up one place on one night."""
    places = forecast.network.places
    conditional = not bool(np.isnan(forecast.if_they_come[0, day, place]))
    source = forecast.if_they_come if conditional else forecast.overnight
    low, middle, high = (float(source[QUANTILE_LEVELS.index(q), day, place]) for q in _TOLD)
    return Night(
        day=day,
        place=place,
        date=forecast.date_of(day),
        name=places.names[place],
        country=places.countries[place],
        chance=float(forecast.chance_threshold[day, place]),
        chance_any=float(forecast.chance_any[day, place]),
        people=Range(low, middle, high),
        conditional=conditional,
    )


def nights(forecast: Forecast, day: int, *, least: float = 0.05, limit: int | None = None) -> list[Night]:
    """List the places of one night, likeliest first.

    Parameters
    ----------
    least : float           smallest chance of `threshold_people` or more that is listed; where no place
        reaches it, the chance that anybody stays counts instead.
    limit : int or None     at most so many.
    """
    chance = forecast.chance_threshold[day]
    if not bool((chance >= least).any()):
        chance = forecast.chance_any[day]
    middle = people_quantiles(forecast)[QUANTILE_LEVELS.index(0.5), day]
    order = np.lexsort((-middle, -np.round(chance, 2)))
    listed = [int(place) for place in order if chance[place] >= least]
    return [night(forecast, day, place) for place in listed[:limit]]


def arrival(forecast: Forecast, place: int) -> Arrival | None:
    """Sum up the arrivals still to come at one place; None where no member has any."""
    since = first_night(forecast)
    first = forecast.arrival_day[:, place]
    come = first >= since
    if not come.any():
        return None
    new = float(come.mean())
    still = max(0.0, float(forecast.chance_any[since, place]) - float((first == since).mean()))
    days = _mixed_days(first[come], since, still / (new + still))
    low, middle, high = (float(np.quantile(forecast.peak_people[come, place], level)) for level in _TOLD)
    places = forecast.network.places
    return Arrival(
        place=place,
        name=places.names[place],
        country=places.countries[place],
        new=new,
        still=still,
        first=(forecast.date_of(days[0]), forecast.date_of(days[1]), forecast.date_of(days[2])),
        people=Range(low, middle, high),
    )


def _mixed_days(first: NDArray[np.int16], since: int, share_now: float) -> list[int]:
    """Give quantiles of a day that is `since` with a chance of `share_now`, and else one of `first`."""
    days = []
    for level in _TOLD:
        rest = (level - share_now) / (1 - share_now) if share_now < 1 else 0.0
        days.append(since if rest <= 0 else int(np.quantile(first, rest, method="inverted_cdf")))
    return days


def arrivals(forecast: Forecast, *, least: float = 0.05) -> list[Arrival]:
    """List the places that the first people may still reach, with at least this chance, earliest first."""
    new = (forecast.arrival_day >= first_night(forecast)).mean(axis=0)
    found = [arrival(forecast, int(place)) for place in np.flatnonzero(new >= least)]
    rows = [row for row in found if row is not None]
    return sorted(rows, key=lambda row: (row.first[1], row.first[0], -row.chance, row.name))


def relevant_places(forecast: Forecast) -> list[int]:
    """Choose the places that get a sheet, likeliest first.

    A place gets one if the chance that anybody stays is at least `SHEET_CHANCE` on some of the next
    `SHEET_NIGHTS` nights; and the `SHEET_LEAST` likeliest over all days do, if they have any chance.
    """
    since = first_night(forecast)
    soon = forecast.chance_any[since : since + SHEET_NIGHTS].max(axis=0)
    ever = forecast.chance_any[since:].max(axis=0)
    ranked = np.lexsort((-ever, -soon))
    chosen = [int(p) for p in ranked if soon[p] >= SHEET_CHANCE]
    likely = [int(p) for p in np.argsort(-ever, kind="stable")[:SHEET_LEAST] if ever[p] > 0]
    return chosen + [place for place in likely if place not in chosen]


def mean_nights(forecast: Forecast, place: int) -> float | None:
    """Give the mean number of nights with `threshold_people` or more, among members where that happens.

    Counted within the days foreseen, so it is too low where people would stay beyond them. None where no
    member has so many people on any night, and where some had them before the time of the data: a forecast
    keeps no count of nights by member, from which those to come could be told apart.
    """
    if bool((forecast.chance_threshold[: first_night(forecast), place] > 0).any()):
        return None
    ever = float((forecast.peak_people[:, place] >= forecast.threshold_people).mean())
    total = float(forecast.chance_threshold[:, place].sum())
    return max(1.0, total / ever) if ever > 0 and total > 0 else None
