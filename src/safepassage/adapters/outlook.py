"""What readers ask of a forecast, as rows: who comes where on which night, who arrives when.

Every output (page, sheets, tables, message) takes its figures from here, so that they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from safepassage.core.forecast import QUANTILE_LEVELS, Forecast

_TOLD = (0.10, 0.50, 0.90)
LISTED_CHANCE = 0.05  # a town is listed for a night from this chance on
SHEET_CHANCE = 0.05  # a town gets a sheet from this chance on some night of the next `SHEET_NIGHTS` …
SHEET_NIGHTS = 14
SHEET_LEAST = 12  # … and so do the most likely ones, up to this many
SHEETS_MOST = 400  # nobody prints more, and thousands of files take longer than the forecast

# A range is told from so many members on; of an ensemble below 100, from this share of it on.
RANGE_MEMBERS, RANGE_SHARE = 20, 0.2


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
    told : float                the chance to tell: `chance`, or `chance_any` where no member has so many
        people here, and on a night on which no place reaches `LISTED_CHANCE` by `chance`.
    people : Range              how many if they come: among members with `threshold_people` or more;
        where no member has so many, among all members, and then not to be told as "if they come".
    reaching : int              members with `threshold_people` or more.
    enough : bool               whether they are enough to tell a range (see `range_members`).
    threshold_people : int
    """

    day: int
    place: int
    date: date
    name: str
    country: str
    chance: float
    chance_any: float
    told: float
    people: Range
    reaching: int
    enough: bool
    threshold_people: int

    @property
    def conditional(self) -> bool:
        """Whether `people` is among members with `threshold_people` or more."""
        return self.reaching > 0

    @property
    def tells_anybody(self) -> bool:
        """Whether `told` is the chance that anybody stays, and not that so many do."""
        return not self.conditional or self.told != self.chance


@dataclass(frozen=True)
class Arrival:
    """When there are people in one place from now on, and how many on its fullest night.

    The same as `core.forecast.Arrivals`, in rows; see there for `new` and `still`.

    Parameters
    ----------
    place : int
    name, country : str
    new, still, chance : float
    first : tuple of date       10 %, 50 % and 90 % quantile of the first night from now on with people.
    people : Range              most people on one night, among members of the kind `new`.
    enough_days, enough_people : bool   whether the members behind `first` and `people` are enough to tell
        a range (see `range_members`).
    """

    place: int
    name: str
    country: str
    new: float
    still: float
    chance: float
    first: tuple[date, date, date]
    people: Range
    enough_days: bool
    enough_people: bool


def range_members(members: int) -> int:
    """Give how many members a range needs: `RANGE_MEMBERS`, or `RANGE_SHARE` of an ensemble below 100.

    With 20 members the 10 % and 90 % quantiles still leave two on each side; with fewer, a range is the luck
    of one or two of them.
    """
    return min(RANGE_MEMBERS, max(1, int(np.ceil(RANGE_SHARE * members))))


def first_night(forecast: Forecast) -> int:
    """Give the first night after the time of the data; the last one if all lie before it; 0 in a replay."""
    return forecast.first_night


def reaching(forecast: Forecast, day: int, place: int) -> int:
    """Count the members with `threshold_people` or more at one place on one night."""
    return round(float(forecast.chance_threshold[day, place]) * forecast.members)


def night(forecast: Forecast, day: int, place: int) -> Night:
    """Sum up one place on one night."""
    places = forecast.network.places
    count = reaching(forecast, day, place)
    source = forecast.if_they_come if count else forecast.overnight
    low, middle, high = (float(source[QUANTILE_LEVELS.index(q), day, place]) for q in _TOLD)
    chance, chance_any = (
        float(table[day, place]) for table in (forecast.chance_threshold, forecast.chance_any)
    )
    by_threshold = count > 0 and bool((forecast.chance_threshold[day] >= LISTED_CHANCE).any())
    return Night(
        day=day,
        place=place,
        date=forecast.date_of(day),
        name=places.names[place],
        country=places.countries[place],
        chance=chance,
        chance_any=chance_any,
        told=chance if by_threshold else chance_any,
        people=Range(low, middle, high),
        reaching=count,
        enough=count >= range_members(forecast.members),
        threshold_people=forecast.threshold_people,
    )


def nights(
    forecast: Forecast, day: int, *, least: float = LISTED_CHANCE, limit: int | None = None
) -> list[Night]:
    """List the places of one night, likeliest first.

    Parameters
    ----------
    least : float           smallest chance of `threshold_people` or more that is listed; where no place
        reaches `LISTED_CHANCE`, the chance that anybody stays counts instead.
    limit : int or None     at most so many.
    """
    chance = forecast.chance_threshold[day]
    if not bool((chance >= LISTED_CHANCE).any()):
        chance = forecast.chance_any[day]
    half = QUANTILE_LEVELS.index(0.5)
    come = forecast.if_they_come[half, day]
    middle = np.where(np.isnan(come), forecast.overnight[half, day], come)
    order = np.lexsort((-middle, -np.round(chance, 2)))
    listed = [int(place) for place in order if chance[place] >= least]
    return [night(forecast, day, place) for place in listed[:limit]]


def likeliest(forecast: Forecast, day: int, *, limit: int) -> list[Night]:
    """List the likeliest places of one night, however unlikely they are; none where nobody can be."""
    return nights(forecast, day, least=float(np.finfo(np.float32).tiny), limit=limit)


def sleeps_on_road(forecast: Forecast, day: int) -> bool:
    """Tell whether half of the members or more have `threshold_people` or more on the road that night."""
    return bool(forecast.on_road.at(0.5)[day] >= forecast.threshold_people)


def arrival(forecast: Forecast, place: int) -> Arrival | None:
    """Sum up the arrivals still to come at one place; None where no member has any."""
    told = forecast.arrivals(place)
    days = tuple(day for day in (told.days[level] for level in _TOLD) if day is not None)
    most = [people for people in (told.people[level] for level in _TOLD) if people is not None]
    if not most:
        return None
    places, members, least = forecast.network.places, forecast.members, range_members(forecast.members)
    return Arrival(
        place=place,
        name=places.names[place],
        country=places.countries[place],
        new=told.new,
        still=told.still,
        chance=told.chance,
        first=(days[0], days[1], days[2]),
        people=Range(*most),
        enough_days=round((told.new + told.still) * members) >= least,
        enough_people=round(told.new * members) >= least,
    )


def arrivals(forecast: Forecast, *, least: float = LISTED_CHANCE) -> list[Arrival]:
    """List the places that the first people may still reach, with at least this chance, earliest first."""
    new = (forecast.arrival_day >= first_night(forecast)).mean(axis=0)
    found = [arrival(forecast, int(place)) for place in np.flatnonzero(new >= least)]
    rows = [row for row in found if row is not None]
    return sorted(rows, key=lambda row: (row.first[1], row.first[0], -row.chance, row.name))


def relevant_places(forecast: Forecast) -> list[int]:
    """Choose the places that get a sheet, likeliest first.

    A place gets one if the chance that anybody stays is at least `SHEET_CHANCE` on some of the next
    `SHEET_NIGHTS` nights; and the `SHEET_LEAST` likeliest over all days do, if they have any chance. Of a
    large network the `SHEETS_MOST` likeliest do, among equals those where most people are expected.
    """
    since = first_night(forecast)
    soon = forecast.chance_any[since : since + SHEET_NIGHTS].max(axis=0)
    ever = forecast.chance_any[since:].max(axis=0)
    middle = forecast.overnight[QUANTILE_LEVELS.index(0.5), since : since + SHEET_NIGHTS].max(axis=0)
    ranked = np.lexsort((-ever, -middle, -soon))
    chosen = [int(p) for p in ranked if soon[p] >= SHEET_CHANCE][:SHEETS_MOST]
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
