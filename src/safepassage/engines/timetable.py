"""What is settled about a displacement crisis before anybody moves: roads, roles, conflict, numbers.

Closures become states of the road network, each enumerated once; series become numbers of departures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import (
    CAMP,
    IDP_CAMP,
    RECENT_DAYS,
    TOWN,
    Closure,
    Displacement,
    camp_counts,
)
from safepassage.core.local_law import LocalLaw
from safepassage.core.network import Network, sphere_km
from safepassage.core.scenario import Scenario
from safepassage.engines import local_rules
from safepassage.engines.local_routes import Arcs, Paths, enumerate_paths

LEAST_KM = 1e-6  # where softening and road are 0 km, which only `compat` leaves so


@dataclass(frozen=True)
class Timetable:
    """What holds on each of `days` days; the last day holds from then on.

    Parameters
    ----------
    law : LocalLaw
    arcs : Arcs
    paths : Paths
    inverse : (c,) float64          distance factor of each path.
    role : (days, n) int8           roles with closed camps as towns.
    conflict, decay : (days, n) float64
    state : (days,) int64           state of the roads.
    arc_open : (p, a) bool          by state.
    arc_speed, arc_walk : (a,) float64      km per day; chance of having to walk.
    population, foreign : (n,)      people there, counted in agents; outside the home country.
    capacity : (n,) float64         agents, scaled; below 1: no limit.
    capacity_per_day : (n,) float64
    initial : (n,) int64            agents there on the evening before day 0.
    departures : (days,) int64      agents who leave each day by the series.
    recent : (r,) float64           people (not agents) per day to draw from after `known_until_day`.
    home_factor : (n, n) float64    factor of `stay_close_to_home`; (1, 1) where that is off.
    """

    law: LocalLaw
    displacement: Displacement
    arcs: Arcs
    paths: Paths
    inverse: NDArray[np.float64]
    role: NDArray[np.int8]
    conflict: NDArray[np.float64]
    decay: NDArray[np.float64]
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
        return 1

    @property
    def kind_share(self) -> NDArray[np.float64]:
        """Give the chance of each kind among those who leave each place: (n, kinds) float64."""
        return np.ones((len(self.population), 1))

    @property
    def needs_counts(self) -> bool:
        """Tell whether scores depend on who is where this morning."""
        return False

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
        row = self.row(day)
        if self.law.awareness_level < 1 and not self.law.compat:
            return np.ones((1, len(self.population)))
        score = local_rules.place_scores(
            self.law,
            role=self.role[row],
            foreign=self.displacement.foreign,
            population=self.population,
            conflict=self.conflict[row],
            decay=self.decay[row],
        )
        return score[None, :]

    def chances(self, day: int) -> NDArray[np.float64]:
        """Chance to leave every place on `day` for every kind of people: (kinds, n) float64."""
        if self.law.awareness_level == 0 and self.law.compat:
            return np.zeros((1, len(self.population)))
        row = self.row(day)
        chance = local_rules.move_chances(
            self.law,
            role=self.role[row],
            conflict=self.conflict[row],
            population=self.population,
            capacity=self.capacity,
        )
        return chance[None, :]

    def still(self, day: int) -> NDArray[np.bool_]:
        """Tell which kinds of people do not move at all on `day` (harvest): (kinds,) bool."""
        return np.zeros(1, dtype=bool)


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
    ModelError      if there are too many paths (see `enumerate_paths`).
    """
    law, displacement = scenario.law, scenario.displacement
    if not isinstance(law, LocalLaw) or displacement is None:
        message = "the local law needs a scenario with a LocalLaw and a displacement"
        raise TypeError(message)
    network = scenario.network
    days = max(
        scenario.days if days is None else days, len(displacement.conflict), _last_event(displacement) + 1
    )
    arcs = _arcs_of(network, law)
    role, arc_open, forced = _calendar(network, displacement, arcs, law, days)
    first_day, state = _distinct(arc_open, forced)
    open_states, forced_states = arc_open[first_day], forced[first_day]
    paths = enumerate_paths(arcs, law, role=role[0], arc_open=open_states, forced=forced_states)
    conflict, decay = _conflict(displacement, law, days)
    capacity, initial = _stocks(network, displacement, law)
    power = law.distance_power if law.awareness_level >= 0 or law.compat else 0.0
    people = np.maximum(network.places.population, 0) // displacement.people_per_agent
    return Timetable(
        law=law,
        displacement=displacement,
        arcs=arcs,
        paths=paths,
        inverse=np.maximum(law.softening_km + paths.km, LEAST_KM) ** -power,
        role=role,
        conflict=conflict,
        decay=decay,
        state=state,
        arc_open=open_states,
        arc_speed=_speeds(displacement, law)[arcs.link],
        arc_walk=displacement.link_walk_chance[arcs.link],
        population=np.where(local_rules.is_camp(displacement.roles), 0, people).astype(np.float64),
        capacity=capacity,
        capacity_per_day=_daily_room(displacement, law),
        initial=initial,
        departures=_departures(displacement, law, days),
        recent=_recent(displacement, law),
        home_factor=_home_factor(network, law),
    )


def _distinct(
    arc_open: NDArray[np.bool_], forced: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number the states of the roads: the first day of each (state,), and the state of each day (day,).

    Rows are compared by their bytes: sorting them, as `np.unique` does, takes minutes on large networks.
    """
    if not arc_open.strides[0]:  # one and the same row for all days
        return np.zeros(1, dtype=np.int64), np.zeros(len(arc_open), dtype=np.int64)
    number: dict[bytes, int] = {}
    rows = zip(arc_open, forced, strict=True)
    state = [
        number.setdefault(np.packbits([is_open, is_forced]).tobytes(), len(number))
        for is_open, is_forced in rows
    ]
    return np.unique(state, return_index=True)[1], np.array(state, dtype=np.int64)


def _home_factor(network: Network, law: LocalLaw) -> NDArray[np.float64]:
    """Weaken far places; Flee takes latitude for longitude, which `compat` repeats."""
    if not law.stay_close_to_home:
        return np.ones((1, 1))
    lat, lon = network.places.lat, network.places.lon
    if law.compat:
        lat, lon = lon, lat
    km = sphere_km((lat[:, None], lon[:, None]), (lat, lon))
    factor: NDArray[np.float64] = np.maximum(1.0, km) ** -law.home_distance_power
    return factor


def _whole(km: NDArray[np.float64], law: LocalLaw) -> NDArray[np.float64]:
    """Round to whole km, at least one, so that both kernels measure alike; Flee does not."""
    return km if law.compat else np.maximum(1.0, np.rint(km))


def _speeds(displacement: Displacement, law: LocalLaw) -> NDArray[np.float64]:
    """Give the km per day of each link."""
    own = displacement.link_speed_km_per_day
    return _whole(np.where(np.isnan(own), law.max_move_speed_km_per_day, own), law)


def _last_event(displacement: Displacement) -> int:
    days = [day for c in displacement.closures for day in (c.start_day, c.end_day) if day is not None]
    return max(days, default=0)


def _arcs_of(network: Network, law: LocalLaw) -> Arcs:
    links = network.links
    rows: list[tuple[int, int, int]] = []
    for k in range(len(links)):
        rows.append((int(links.origin[k]), int(links.target[k]), k))
        if links.two_way[k]:
            rows.append((int(links.target[k]), int(links.origin[k]), k))
    first: dict[tuple[int, int], int] = {}
    for arc, (origin, target, _) in enumerate(rows):
        first.setdefault((origin, target), arc)
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Arcs(
        origin=table[:, 0].astype(np.int32),
        target=table[:, 1].astype(np.int32),
        km=_whole(links.distance_km, law)[table[:, 2]],
        link=table[:, 2],
        first=np.array([first[origin, target] for origin, target, _ in rows], dtype=np.int32),
    )


def _calendar(
    network: Network, displacement: Displacement, arcs: Arcs, law: LocalLaw, days: int
) -> tuple[NDArray[np.int8], NDArray[np.bool_], NDArray[np.bool_]]:
    """Work out roles (day, n), open arcs and forced arcs (day, a)."""
    side = displacement.forced[arcs.link]
    forward = network.links.origin[arcs.link] == arcs.origin
    morning = ((side == 1) & forward) | ((side == 2) & ~forward)
    calm, all_open = local_rules.calm(displacement.roles), np.ones(len(arcs.km), dtype=bool)
    if not displacement.closures:  # one row in memory stands for all days
        return (
            np.broadcast_to(calm, (days, len(calm))),
            np.broadcast_to(all_open, (days, len(all_open))),
            np.broadcast_to(morning, (days, len(morning))),
        )
    role, is_open, forced = (np.tile(row, (days, 1)) for row in (calm, all_open, morning))
    closed_now: list[Closure] = []
    touched = {id(closure): _touched(network, arcs, closure) for closure in displacement.closures}
    for day in range(days):
        if day:
            role[day], is_open[day], forced[day] = role[day - 1], is_open[day - 1], forced[day - 1]
        for closure in displacement.closures:
            if closure.start_day == day:
                closed_now.append(closure)
                _apply(closure, touched[id(closure)], (role[day], is_open[day], forced[day]), closing=True)
            if closure.end_day == day:
                closed_now = [other for other in closed_now if other is not closure]
                _apply(closure, touched[id(closure)], (role[day], is_open[day], forced[day]), closing=False)
        if not law.compat:
            # In Flee one reopening opens what another closure still holds; here every closure stands alone.
            for closure in closed_now:
                _apply(closure, touched[id(closure)], (role[day], is_open[day], forced[day]), closing=True)
    return role, is_open, forced


def _touched(network: Network, arcs: Arcs, closure: Closure) -> NDArray[np.bool_]:
    if closure.countries is not None:
        country = np.array(network.places.countries, dtype=object)
        one, other = closure.countries
        ends = country[arcs.origin], country[arcs.target]
        return np.asarray(((ends[0] == one) & (ends[1] == other)) | ((ends[0] == other) & (ends[1] == one)))
    if closure.kind == "location":
        return np.asarray((arcs.origin == closure.places[0]) | (arcs.target == closure.places[0]))
    if closure.kind in ("link", "forced_redirection"):
        one_way = (arcs.origin == closure.places[0]) & (arcs.target == closure.places[1])
        back = (arcs.origin == closure.places[1]) & (arcs.target == closure.places[0])
        return np.asarray(one_way | back if closure.kind == "link" else one_way)
    return np.zeros(len(arcs.km), dtype=bool)


def _apply(
    closure: Closure,
    touched: NDArray[np.bool_],
    day: tuple[NDArray[np.int8], NDArray[np.bool_], NDArray[np.bool_]],
    *,
    closing: bool,
) -> None:
    role, is_open, forced = day
    if closure.kind in ("camp", "idpcamp"):
        reopened = CAMP if closure.kind == "camp" else IDP_CAMP
        role[closure.places[0]] = TOWN if closing else reopened
    elif closure.kind == "forced_redirection":
        forced[touched] = not closing
    else:
        is_open[touched] = not closing


def _conflict(
    displacement: Displacement, law: LocalLaw, days: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if len(displacement.conflict) == 1 and not law.conflict_spawn_decay:  # one row in memory for all days
        shape = (days, displacement.conflict.shape[1])
        return np.broadcast_to(displacement.conflict[0], shape), np.broadcast_to(1.0, shape)
    rows = np.minimum(np.arange(days), len(displacement.conflict) - 1)
    conflict = displacement.conflict[rows]
    since = displacement.conflict_since[rows].astype(np.int64)
    return conflict, local_rules.decay_factor(law, np.arange(days)[:, None] - since)


def _stocks(
    network: Network, displacement: Displacement, law: LocalLaw
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give room (scaled, in agents; 0: no limit) and the agents who are there at the start."""
    places, agents = network.places, displacement.people_per_agent
    initial = displacement.initial_idps // agents
    registered = np.zeros(len(places), dtype=np.int64)
    if displacement.insert_day0 and not displacement.empty_camps_on_day0 and len(displacement.camps):
        counts = camp_counts(displacement, np.zeros(1, dtype=np.int64))[0]
        registered[displacement.camps] = np.maximum(counts, 0)
    room = np.maximum(places.capacity_people, 0) // agents
    if law.compat:
        room = np.where(room > 0, room - registered, room)
    if not displacement.capacities_known:
        room = np.zeros(len(places), dtype=np.int64)
    return (room * law.capacity_scaling).astype(np.float64), initial + registered


def _daily_room(displacement: Displacement, law: LocalLaw) -> NDArray[np.float64]:
    if not displacement.capacities_known:
        return np.zeros(len(displacement.roles))
    share = 1.0 if law.compat else 1.0 / displacement.people_per_agent
    return np.asarray(displacement.capacity_per_day * law.capacity_scaling * share, dtype=np.float64)


def _daily_totals(displacement: Displacement, law: LocalLaw, days: int) -> NDArray[np.int64]:
    """Count the change of the registered total on each day, in agents; day 0 counts who was there before."""
    when = np.arange(days, dtype=np.int64)
    total = displacement.total
    if total is not None and not displacement.sum_from_camps:
        level = whole = np.trunc(total.divided(displacement.people_per_agent).at(when)).astype(np.int64)
    else:
        level = camp_counts(displacement, when).sum(axis=1)
        for series in displacement.elsewhere:
            level = level + np.trunc(series.divided(displacement.people_per_agent).at(when)).astype(np.int64)
        whole = (
            np.trunc(total.divided(displacement.people_per_agent).at(when)) if total is not None else level
        )
    change = np.diff(level, prepend=0)
    if displacement.empty_camps_on_day0 or displacement.insert_day0:
        change[0] = 0
    elif law.compat and displacement.sum_from_camps:
        change[0] += np.int64(whole[0])
    return change


def _departures(displacement: Displacement, law: LocalLaw, days: int) -> NDArray[np.int64]:
    """Count who leaves each day: rises of the total; falls only put off later departures."""
    result = np.zeros(days, dtype=np.int64)
    if displacement.departure_mode != "observed":
        return result
    known = displacement.known_until_day
    last = days if known is None else max(0, min(days, known + 1))
    if not last:
        return result
    debt = 0
    for day, change in enumerate(_daily_totals(displacement, law, last)):
        leaving = int(change) - debt
        debt = max(0, -leaving)
        result[day] = max(0, leaving)
    return result


def _recent(displacement: Displacement, law: LocalLaw) -> NDArray[np.float64]:
    """Give the daily totals, in people, from which departures after the known days are drawn."""
    known = displacement.known_until_day
    if known is None or known < 1:
        return np.zeros(0)
    first = max(1, known + 1 - RECENT_DAYS)
    totals = _daily_totals(displacement, law, known + 1)[first:] * displacement.people_per_agent
    rises: NDArray[np.float64] = np.maximum(totals, 0).astype(np.float64)
    return rises
