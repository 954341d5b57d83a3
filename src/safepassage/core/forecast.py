"""What is foreseen: quantiles and chances by day and place, never the full cube of members."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from safepassage.core.belief import Belief
from safepassage.core.network import Network
from safepassage.core.report import Report
from safepassage.core.scenario import Event

QUANTILE_LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
MODES = ("waiting", "resting", "walking", "riding", "bus", "held", "arrived", "dissolved")


@dataclass(frozen=True)
class Fan:
    """Quantiles of one number day by day.

    Parameters
    ----------
    unit : str                  "km", "people".
    values : (level, day) float64   one row per level of `QUANTILE_LEVELS`.
    """

    unit: str
    values: NDArray[np.float64]

    def at(self, level: float) -> NDArray[np.float64]:
        """Give the (day,) row of one level, which must be in `QUANTILE_LEVELS`."""
        row: NDArray[np.float64] = self.values[QUANTILE_LEVELS.index(level)]
        return row


@dataclass(frozen=True)
class PartForecast:
    """A part of a caravan that goes apart from its main body: ahead of it, or behind.

    Parameters
    ----------
    segment : str               "advance" or "rear".
    chance : (day,) float64     share of members in which there is such a part that evening.
    head_km, size : Fan         among these members; NaN where there is none.
    """

    segment: str
    chance: NDArray[np.float64]
    head_km: Fan
    size: Fan


@dataclass(frozen=True)
class GroupForecast:
    """What is foreseen for one caravan, with the naive forecasts beside it.

    Parameters
    ----------
    id, name_es, name_en : str
    route : (k,) int64              the ruler of positions: the declared route, or the likeliest way.
    route_km : (k,) float64         km of each from the start of the route.
    head_km, size, tail_km : Fan    position of head and tail along the route, NaN once no member's group is
        alive; people in the group.
    walker_km : Fan                 baseline: constant-speed walker, 15–60 km a day.
    last_size : Fan                 baseline: the last known size with a random walk on the log.
    mode_share : (day, mode) float64    share of members in each of `MODES`.
    joined, left : Fan              people who joined or left since the start, cumulative.
    route_declared : bool           the route was announced; else it is the likeliest by the model.
    parts : tuple of PartForecast   what goes apart from the main body, of which `head_km`, `tail_km`, `size`
        and `mode_share` speak.
    whole_size : Fan or None        people in the main body and its parts; None: it has no parts.
    """

    id: str
    name_es: str
    name_en: str
    route: NDArray[np.int64]
    route_km: NDArray[np.float64]
    head_km: Fan
    tail_km: Fan
    size: Fan
    walker_km: Fan
    last_size: Fan
    mode_share: NDArray[np.float64]
    joined: Fan
    left: Fan
    route_declared: bool = False
    parts: tuple[PartForecast, ...] = ()
    whole_size: Fan | None = None


@dataclass(frozen=True)
class Arrivals:
    """When, how surely and how many people there are in one place from the time of the data on.

    Two kinds of member count: those in which the first people are still to arrive (`new`), and those in
    which people came before and are there on the first night to come (`still`). Where people were and went
    on there is nothing to announce any more. A replay announces everything.

    Parameters
    ----------
    place : str             display name.
    chance : float          chance that there are people on some night to come, `new` and `still` together.
    days : dict of level to date or None    first night to come with people, among members that have one.
    people : dict of level to float or None     most people on one night, among members of the kind `new`;
        None where there is no such member: for the others the nights to come are not told from those past.
    new, still : float
    """

    place: str
    chance: float
    days: dict[float, date | None]
    people: dict[float, float | None]
    new: float
    still: float


@dataclass(frozen=True)
class Forecast:
    """A forecast over an ensemble; axis order (member, day, place), levels first where members are summed up.

    Day d (0-based) is the night from `date_of(d)` to the next day.

    Parameters
    ----------
    scenario, title_es, title_en : str
    network : Network
    start : date                day 0.
    as_of : date                nothing later was known.
    members, seed : int
    engine, engine_reason : str     which kernel ran and why.
    threshold_people : int      the number of people that `chance_threshold` speaks of.
    overnight : (level, day, place) float32     people who stay the night.
    chance_threshold : (day, place) float32     chance that `threshold_people` or more stay the night.
    chance_any : (day, place) float32           chance that anybody does.
    if_they_come : (level, day, place) float32  people, among members with `threshold_people` or more;
        NaN where there is no such member.
    on_road : Fan               people who sleep on the road, in no place of the network.
    arrival_day : (member, place) int16         first day with anybody there; -1: not within the horizon.
    peak_people : (member, place) int64         most people on one night.
    groups : tuple of GroupForecast
    reports, events : what was known, to be shown beside the forecast.
    illustrative, sources : tuple of str
    licence : str
    replay : bool               the observed totals of every day were given: no forecast, and said so.
    outcomes : dict of name to Fan      people of the whole movement whom each of `core.outcomes.ALL_OUTCOMES`
        has taken since the start. Outputs tell them by `core.outcomes.told`, without small counts.
    """

    scenario: str
    title_es: str
    title_en: str
    network: Network
    start: date
    as_of: date
    members: int
    seed: int
    engine: str
    engine_reason: str
    threshold_people: int
    overnight: NDArray[np.float32]
    chance_threshold: NDArray[np.float32]
    chance_any: NDArray[np.float32]
    if_they_come: NDArray[np.float32]
    on_road: Fan
    arrival_day: NDArray[np.int16]
    peak_people: NDArray[np.int64]
    groups: tuple[GroupForecast, ...]
    reports: tuple[Report, ...]
    events: tuple[Event, ...]
    illustrative: tuple[str, ...]
    sources: tuple[str, ...]
    licence: str
    replay: bool = False
    outcomes: dict[str, Fan] = field(default_factory=dict)
    belief: Belief | None = None

    @property
    def days(self) -> int:
        """Number of days foreseen."""
        return int(self.chance_any.shape[0])

    def date_of(self, day: int) -> date:
        """Give the calendar date of day number `day`."""
        return self.start + timedelta(days=day)

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """Every date of the forecast, in order."""
        return tuple(self.date_of(day) for day in range(self.days))

    @property
    def first_night(self) -> int:
        """Number of the first night after `as_of`; the last one if all lie before it; 0 in a replay."""
        if self.replay:
            return 0
        return min(max((self.as_of - self.start).days + 1, 0), self.days - 1)

    def arrivals(self, place: int) -> Arrivals:
        """Sum up the arrivals still to come at one place (position in `Places`)."""
        since = self.first_night
        first = self.arrival_day[:, place]
        come = first >= since
        members, new = max(len(first), 1), int(come.sum())
        there = round(float(self.chance_any[since, place]) * members)
        still = max(0, there - int((first == since).sum()))
        pooled = np.concatenate([np.full(still, since), first[come]])
        days: dict[float, date | None] = dict.fromkeys(QUANTILE_LEVELS)
        people: dict[float, float | None] = dict.fromkeys(QUANTILE_LEVELS)
        # All levels in one call each: a large network asks this of thousands of places.
        if len(pooled):
            found = np.quantile(pooled, QUANTILE_LEVELS, method="inverted_cdf")
            days.update(
                (level, self.date_of(int(d))) for level, d in zip(QUANTILE_LEVELS, found, strict=True)
            )
        if new:
            found = np.quantile(self.peak_people[come, place], QUANTILE_LEVELS)
            people.update(zip(QUANTILE_LEVELS, found.tolist(), strict=True))
        name, chance = self.network.places.names[place], min(1.0, (new + still) / members)
        return Arrivals(name, chance, days, people, new / members, still / members)
