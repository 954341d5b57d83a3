"""What is settled about a displacement crisis before anybody moves: roads, roles, conflict, numbers.

Closures become states of the road network, each enumerated once; series become numbers of departures; traits
become kinds of people. Nothing here has a row per day and road, nor per day and place where days repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import Displacement
from safepassage.core.errors import ModelError
from safepassage.core.local_law import LocalLaw
from safepassage.core.network import Network, sphere_km
from safepassage.core.scenario import Scenario
from safepassage.engines import floods, local_rules, numbers
from safepassage.engines.calendar import Calendar, Daily, calendar_of, last_event
from safepassage.engines.kinds import (
    NEUTRAL_GROUP_SHARE,
    Kinds,
    kinds_of,
    match_factor,
    scores_by_kind,
)
from safepassage.engines.local_routes import Arcs, Paths, arcs_of, enumerate_paths, whole_km

LEAST_KM = 1e-6  # where softening and road are 0 km, which only `compat` leaves so
MOST_HOME_PLACES = 10_000  # `stay_close_to_home` needs a number for every pair of places: 800 MB
GENERAL_MIX_PEOPLE = 100.0  # people with the general mix who count in a place without residents


@dataclass(frozen=True)
class Decay:
    """Decay of conflict by place, worked out for the day that is asked for: ``decay[day]``."""

    law: LocalLaw
    since: Daily[np.int32]

    def __getitem__(self, day: int | NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the decay of one day (n,), or of several (t, n)."""
        began = self.since[day].astype(np.int64)
        return local_rules.decay_factor(self.law, np.asarray(day)[..., None] - began)


@dataclass(frozen=True)
class Timetable:
    """What holds on each of `days` days; the last day holds from then on.

    Parameters
    ----------
    law : LocalLaw
    displacement : Displacement
    start : date                    day 0.
    arcs : Arcs
    paths : Paths
    inverse : (c,) float64          distance factor of each path.
    role : Daily of (n,) int8       roles with closed camps as towns: ``role[day]``.
    conflict : Daily of (n,) float64
    decay : Decay of (n,) float64
    state : (days,) int64           state of the roads.
    arc_open : (p, a) bool          by state.
    arc_speed, arc_walk : (a,) float64      km per day; chance of having to walk.
    population : (n,) float64       people there, counted in agents.
    capacity : (n,) float64         agents, scaled; below 1: no limit.
    capacity_per_day : (n,) float64
    initial : (n,) int64            agents there on the evening before day 0.
    departures : (days,) int64      agents who leave each day by the series.
    recent : (r,) float64           people (not agents) per day to draw from after `known_until_day`.
    home_factor : (n, n) float64    factor of `stay_close_to_home`; (1, 1) where that is off.
    people : Kinds                  how people differ.
    listed : (r,) int64, (r, kinds) float64     agents of each row of the list, and chances of their kinds.
    """

    law: LocalLaw
    displacement: Displacement
    start: date
    arcs: Arcs
    paths: Paths
    inverse: NDArray[np.float64]
    role: Daily[np.int8]
    conflict: Daily[np.float64]
    decay: Decay
    state: NDArray[np.int64]
    arc_open: NDArray[np.bool_]
    arc_speed: NDArray[np.float64]
    arc_walk: NDArray[np.float64]
    population: NDArray[np.float64]
    capacity: NDArray[np.float64]
    capacity_per_day: NDArray[np.float64]
    initial: NDArray[np.int64]
    departures: NDArray[np.int64]
    recent: NDArray[np.float64]
    home_factor: NDArray[np.float64]
    people: Kinds
    listed: tuple[NDArray[np.int64], NDArray[np.float64]]

    @property
    def days(self) -> int:
        """Number of days laid out."""
        return len(self.state)

    def row(self, day: int) -> int:
        """Give the row that holds on `day`."""
        return min(day, self.days - 1)

    def room(self, day: int) -> NDArray[np.float64]:
        """Give the room in every place on `day`, in agents (below 1: no limit): (n,) float64."""
        return self.capacity + self.capacity_per_day * (day + 1)

    @property
    def kinds(self) -> int:
        """Number of kinds of people who choose differently (by age, ethnicity …); 1: all are alike."""
        return len(self.people)

    @property
    def kind_share(self) -> NDArray[np.float64]:
        """Give the chance of each kind among those who leave each place: (n, kinds) float64."""
        return self.people.share

    @cached_property
    def kind_sums(self) -> NDArray[np.float64]:
        """Give the running sums of `kind_share` over the kinds, to draw from: (n, kinds) float64."""
        return np.cumsum(self.kind_share, axis=1)

    @property
    def needs_counts(self) -> bool:
        """Tell whether scores depend on who is where this morning."""
        return self.people.ethnicity is not None or self.people.religion is not None

    def scores(self, day: int, counts: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Score every place as a destination on `day` for every kind of people.

        Parameters
        ----------
        day : int
        counts : (kinds, n) int64 or None   agents of each kind at each place this morning, where
            `needs_counts`.

        Returns
        -------
        (kinds, n) float64
        """
        law, row = self.law, self.row(day)
        if law.awareness_level < 1 and not law.compat:
            return np.ones((self.kinds, len(self.population)))
        role, conflict = self.role[row], self.conflict[row]
        danger = local_rules.danger_scores(
            law,
            role=role,
            foreign=self.displacement.foreign,
            conflict=conflict,
            decay=self.decay[row],
            circumstances=self._circumstances(day),
        )
        score = scores_by_kind(self.people, danger)
        score *= local_rules.population_factor(law, role=role, population=self.population)
        if self.displacement.floods is not None and law.flood_forecast_days > 0:
            score *= floods.heeded_weight(law, self.displacement.floods, day, awareness=self.people.awareness)
        if self.needs_counts:
            score *= self._matches(role, conflict, counts)
        if law.fixed_routes and law.compat and law.weight_power > 0.0:
            # Flee multiplies the weight of a stored route by the score once more.
            score = (law.weight_softening + danger) * score ** (1.0 / law.weight_power) - law.weight_softening
        return score

    def _circumstances(self, day: int) -> local_rules.Circumstances:
        displacement, law = self.displacement, self.law
        hungry = displacement.hunger.on(day) if displacement.hunger is not None else None
        if law.compat and day == 0:
            hungry = None  # Flee's code knows of hunger from day 1 on
        water = displacement.floods
        return local_rules.Circumstances(
            pull=displacement.pull,
            hungry=hungry,
            flood_weight=floods.location_weight(law, water, day) if water is not None else None,
        )

    def _matches(
        self,
        role: NDArray[np.int8],
        conflict: NDArray[np.float64],
        counts: NDArray[np.int64] | None,
    ) -> NDArray[np.float64]:
        """Weigh places by who is there already, (kinds, n) float64."""
        law, people = self.law, self.people
        if counts is None:
            counts = np.zeros((self.kinds, len(role)), dtype=np.int64)
        residents = self.population
        if not law.compat:
            residents = np.maximum(residents, GENERAL_MIX_PEOPLE / self.displacement.people_per_agent)
        factor = np.ones((self.kinds, len(role)))
        camp = local_rules.is_camp(role)
        if people.ethnicity is not None:
            asked = np.where(
                camp,
                law.match_camp_ethnicity,
                np.where(conflict > 0.0, law.match_conflict_ethnicity, law.match_town_ethnicity),
            )
            share = match_factor(law, people.ethnicity, counts, residents)
            factor = np.where(asked, share / NEUTRAL_GROUP_SHARE, factor)
        if people.religion is not None:
            share = match_factor(law, people.religion, counts, residents)
            factor = factor * np.where(camp, share / law.avg_religion_fraction, 1.0)
        return factor

    def chances(self, day: int) -> NDArray[np.float64]:
        """Chance to leave every place on `day` for every kind of people: (kinds, n) float64."""
        law, row, water = self.law, self.row(day), self.displacement.floods
        shape = (len(self.people), len(self.population))
        if law.awareness_level == 0 and law.compat:
            return np.zeros(shape)
        role = self.role[row]
        chance = local_rules.move_chances(
            law, role=role, conflict=self.conflict[row], population=self.population, capacity=self.capacity
        )
        if law.flee_when_starving and self.displacement.hunger is not None:
            hungry = self.displacement.hunger.on(day)
            chance = hungry + (1.0 - hungry) * chance
        if water is not None:
            chance = floods.move_chance(law, water, day, chance=chance)
        if water is None or law.flood_forecast_days < 1:
            chances = np.broadcast_to(chance, shape)
        else:
            aware = self.people.awareness
            chances = floods.heeded_chance(law, water, day, chance=chance, awareness=aware)
        return np.where(self._rests(day)[:, None], 0.0, np.clip(chances, 0.0, 1.0))

    def still(self, day: int) -> NDArray[np.bool_]:
        """Tell which kinds of people do not move at all on `day` (harvest): (kinds,) bool.

        In harvest months: farmers, where it is known who farms; else everybody, as in Flee's code.
        """
        return self._rests(day)

    def _rests(self, day: int) -> NDArray[np.bool_]:
        if (self.start + timedelta(days=day)).month not in self.law.harvest_months:
            return np.zeros(len(self.people), dtype=bool)
        if self.displacement.farmers is None or self.law.compat:
            return np.ones(len(self.people), dtype=bool)
        return self.people.farmer.copy()

    @cached_property
    def sinks(self) -> NDArray[np.float64]:
        """Chance per evening that whoever is in a place stays there for good: (n,) float64."""
        if not self.law.camps_are_sinks or self.law.compat or self.displacement.sinks is None:
            return np.zeros(len(self.population))
        return self.displacement.sinks

    def origin_weights(self, day: int, population: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weigh every place as an origin of those who leave on `day` by the series.

        Parameters
        ----------
        day : int
        population : (n,) or (member, n) float64    agents who have not left yet.

        Returns
        -------
        as `population`, float64
        """
        row = self.row(day)
        conflict = self.conflict[row]
        weights = local_rules.spawn_weights(population, conflict, self.decay[row])
        hunger = self.displacement.hunger
        if not self.law.starvation_driven_spawning or hunger is None or (self.law.compat and day == 0):
            return weights
        return local_rules.weights_with_hunger(
            self.law, weights, population=population, conflict=conflict, hungry=hunger.on(day)
        )

    def leaving_rate(self, day: int) -> NDArray[np.float64]:
        """Give how many leave every place on `day` where conflict or floods drive departures, (n,) float64.

        In people; in "pop_ratio" as a share of those who are there.
        """
        displacement = self.displacement
        if displacement.driven_by == "flood":
            if displacement.floods is None:
                return np.zeros(len(self.population))
            return floods.by_level(displacement.people_per_flood_day, displacement.floods.on(day), dry=0.0)
        conflict = self.conflict[self.row(day)]
        return displacement.people_per_conflict_day * np.maximum(conflict, 0.0)

    def expected_departures(self, days: int) -> NDArray[np.float64]:
        """Estimate how many agents leave on each of so many days, (days,) float64."""
        displacement = self.displacement
        per_day = np.zeros(days)
        if displacement.departure_mode == "observed":
            per_day[: min(days, self.days)] = self.departures[:days]
            known = displacement.known_until_day
            if known is not None and len(self.recent):
                per_day[known + 1 :] = self.recent.mean() / displacement.people_per_agent
            return per_day
        left = self.population.copy()
        for day in range(days):
            leaving = self.leaving_rate(day)
            if displacement.departure_mode == "pop_ratio":
                leaving = np.minimum(leaving, 1.0) * left
            elif not self.law.compat:
                leaving = leaving / displacement.people_per_agent
            if self.law.take_from_population:
                leaving = np.minimum(leaving, left)
                left = left - leaving
            per_day[day] = leaving.sum()
        return per_day


def timetable_of(scenario: Scenario, *, days: int | None = None) -> Timetable:
    """Lay out a displacement scenario day by day.

    Parameters
    ----------
    scenario : Scenario     with a `displacement` and a `LocalLaw`.
    days : int or None      how many days to lay out; None: those of the scenario.

    Returns
    -------
    Timetable

    Raises
    ------
    ModelError      if there are too many paths (see `enumerate_paths`), or kinds of people.
    """
    law, displacement = scenario.law, scenario.displacement
    if not isinstance(law, LocalLaw) or displacement is None:
        message = "the local law needs a scenario with a LocalLaw and a displacement"
        raise TypeError(message)
    network = scenario.network
    days = max(
        scenario.days if days is None else days, len(displacement.conflict), last_event(displacement) + 1
    )
    home_factor = _home_factor(network, law)
    people, listed_shares = kinds_of(law, displacement)
    arcs = arcs_of(network, law)
    calendar = calendar_of(network, displacement, arcs, law=law, days=days)
    paths = _paths(arcs, law, displacement, calendar)
    rows = np.minimum(np.arange(days), len(displacement.conflict) - 1)
    capacity, initial, listed = numbers.stocks(network, displacement, law)
    power = law.distance_power if law.awareness_level >= 0 or law.compat else 0.0
    residents = np.maximum(network.places.population, 0) // displacement.people_per_agent
    return Timetable(
        law=law,
        displacement=displacement,
        start=scenario.start,
        arcs=arcs,
        paths=paths,
        inverse=np.maximum(law.softening_km + paths.km, LEAST_KM) ** -power,
        role=calendar.role,
        conflict=Daily(displacement.conflict, rows),
        decay=Decay(law, Daily(displacement.conflict_since, rows)),
        state=calendar.state,
        arc_open=calendar.arc_open,
        arc_speed=_speeds(displacement, law)[arcs.link],
        arc_walk=displacement.link_walk_chance[arcs.link],
        population=np.where(local_rules.is_camp(displacement.roles), 0, residents).astype(np.float64),
        capacity=capacity,
        capacity_per_day=numbers.daily_room(displacement, law),
        initial=initial,
        departures=numbers.departures(displacement, law, days),
        recent=numbers.recent(displacement, law),
        home_factor=home_factor,
        people=people,
        listed=(listed, listed_shares),
    )


def _paths(arcs: Arcs, law: LocalLaw, displacement: Displacement, calendar: Calendar) -> Paths:
    return enumerate_paths(
        arcs,
        law,
        role=local_rules.calm(displacement.roles),
        arc_open=calendar.arc_open,
        forced=calendar.forced,
        major_routes=displacement.major_routes,
    )


def _home_factor(network: Network, law: LocalLaw) -> NDArray[np.float64]:
    """Weaken far places; Flee takes latitude for longitude, which `compat` repeats."""
    if not law.stay_close_to_home:
        return np.ones((1, 1))
    if len(network.places) > MOST_HOME_PLACES:
        message = (
            f"stay_close_to_home weighs every pair of places, and {len(network.places):,} are more than the"
            f" {MOST_HOME_PLACES:,} it can hold; switch it off, or take fewer places"
        )
        raise ModelError(message)
    lat, lon = network.places.lat, network.places.lon
    if law.compat:
        lat, lon = lon, lat
    km = sphere_km((lat[:, None], lon[:, None]), (lat, lon))
    factor: NDArray[np.float64] = np.maximum(1.0, km) ** -law.home_distance_power
    return factor


def _speeds(displacement: Displacement, law: LocalLaw) -> NDArray[np.float64]:
    """Give the km per day of each link."""
    own = displacement.link_speed_km_per_day
    return whole_km(np.where(np.isnan(own), law.max_move_speed_km_per_day, own), law)
