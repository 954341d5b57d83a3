"""How far a group gets in a day, and where it stops for the night.

A day is a rest, a walk, a ride or a bus relay; the stop is a town near the day's reach, large ones likelier;
barriers on the way (borders, closed roads) end the day at the last stop before them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.engines.group_state import ARRIVED, BUS, HELD, RESTING, RIDING, WAITING, WALKING, GroupState
from safepassage.engines.luck import lognormal_factor
from safepassage.engines.roads import Barriers, RoadTable

# Days differ: terrain, heat, start hour. Standard deviations of the log of a day's distance (assumption).
WALK_LOG_SD = 0.25
RIDE_LOG_SD = 0.45
# A town is a likely stop within about a third of the day's reach of it, a larger town more so (assumption).
REACH_SPREAD = 0.3
TOWN_PULL = 0.25
SMALL_TOWN_PEOPLE = 300.0
FARTHEST_REACH = 1.6
# Where the next town is more than this many days' walk away, groups wait for rides rather than set out.
BARE_DAYS = 2.0
BARE_RIDE_RATE = 0.5


@dataclass(frozen=True)
class Ground:
    """What does not change while groups travel.

    Parameters
    ----------
    roads : RoadTable
    barriers : Barriers
    town_people : (r, s) float64    inhabitants of each stop, 0 where unknown.
    start_day : (group,) int64      first day on the road; the past for groups already on their way.
    """

    roads: RoadTable
    barriers: Barriers
    town_people: NDArray[np.float64]
    start_day: NDArray[np.int64]


@dataclass(frozen=True)
class Moved:
    """Where one group of every member spends the night; every array is (member,)."""

    stop: NDArray[np.int64]
    km: NDArray[np.float64]
    cleared: NDArray[np.int64]
    waited_days: NDArray[np.float64]
    riding: NDArray[np.bool_]
    mode: NDArray[np.int8]


def travel(state: GroupState, ground: Ground, group: int, *, day: int, draws: Draws) -> Moved:
    """Let one day of travel pass for one group slot of every member."""
    luck = _Luck(draws, day, state.slot, group)
    roads, g = ground.roads, group
    route, stop, km = state.route[:, g], state.stop[:, g], state.km[:, g]
    belief = {name: value[:, g] for name, value in state.beliefs.items()}
    at_stop = km <= roads.km[route, stop]
    last = roads.stops[route] - 1
    arrived = stop >= last
    started = state.alive[:, g] & (day >= ground.start_day[g])

    riding = _spell(state.riding[:, g], belief, luck)
    limit, served, share_left = _barrier_ahead(state, ground, g, day=day, luck=luck)
    held_here = at_stop & (stop >= limit) & ~arrived
    place = roads.place[route, stop]
    share_left = share_left * (1.0 - ground.barriers.held_share[day, route, np.minimum(stop + 1, last)])

    bus = _bus_comes(ground, place, state.size[:, g], belief, luck, day=day)
    gap_km = roads.km[route, np.minimum(stop + 1, last)] - km
    bare = np.maximum(0.0, gap_km / belief["walk_km_per_day"] - BARE_DAYS)
    rides_ok = ~ground.barriers.no_rides[day, place]
    ride = rides_ok & (riding | (luck("lift") < -np.expm1(-BARE_RIDE_RATE * bare)))
    rest = at_stop & (luck("rest") < belief["rest_chance"]) & ~bus

    reach = np.where(
        bus,
        belief["bus_km_per_day"] * lognormal_factor(luck("bus_km"), WALK_LOG_SD),
        np.where(
            ride,
            belief["ride_km_per_day"] * lognormal_factor(luck("ride_km"), RIDE_LOG_SD),
            belief["walk_km_per_day"] * lognormal_factor(luck("walk_km"), WALK_LOG_SD),
        ),
    )
    goes = started & ~arrived & ~held_here & ~rest & (share_left > 0)
    new_stop, new_km = _night_stop(ground, (route, stop, km), reach * share_left, limit, luck=luck)

    mode = np.where(bus, BUS, np.where(ride, RIDING, WALKING))
    mode = np.where(rest, RESTING, mode)
    mode = np.where(held_here | (~rest & (share_left <= 0)), HELD, mode)
    mode = np.where(started, np.where(arrived, ARRIVED, mode), WAITING)
    return Moved(
        stop=np.where(goes, new_stop, stop),
        km=np.where(goes, new_km, km),
        cleared=np.where(started, served, state.cleared[:, g]),
        waited_days=np.where(started & held_here, state.waited_days[:, g] + 1.0, 0.0),
        riding=np.where(started, riding, state.riding[:, g]),
        mode=mode.astype(np.int8),
    )


class _Luck:
    """Uniform luck of one day and group, by the name of the draw."""

    def __init__(self, draws: Draws, day: int, slots: NDArray[np.int64], group: int) -> None:
        self._draws, self._day, self._slots, self._group = draws, day, slots, group

    def __call__(self, name: str) -> NDArray[np.float64]:
        return self._draws.uniform(name, day=self._day, slots=self._slots, entity=self._group)

    def table(self, name: str, columns: int, *, daily: bool = True) -> NDArray[np.float64]:
        """Give (member, columns) uniforms; the same on every day if not `daily`."""
        slots = np.repeat(self._slots, columns)
        entity = np.tile(np.arange(columns) + 4096 * (self._group + 1), len(self._slots))
        flat = self._draws.uniform(name, day=self._day if daily else 0, slots=slots, entity=entity)
        return flat.reshape(len(self._slots), columns)


def _spell(
    riding: NDArray[np.bool_], belief: dict[str, NDArray[np.float64]], luck: _Luck
) -> NDArray[np.bool_]:
    # Two-state Markov chain whose long-run share of riding days is ride_chance.
    share, spell = belief["ride_chance"], belief["ride_spell_days"]
    odds = share / np.maximum(1.0 - share, 1e-6)
    begin = np.minimum(1.0, np.minimum(1.0, 1.0 / spell) * odds)
    end = np.where(odds > 0, begin / np.maximum(odds, 1e-12), 1.0)
    u = luck("spell")
    return np.where(riding, u >= end, u < begin)


def _barrier_ahead(
    state: GroupState, ground: Ground, g: int, *, day: int, luck: _Luck
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Find the last stop that can be reached today, the stretch cleared, and the share of the day left."""
    roads = ground.roads
    route, stop = state.route[:, g], state.stop[:, g]
    stops = np.arange(roads.km.shape[1])
    belief = {name: value[:, g][:, None] for name, value in state.beliefs.items()}
    hold = np.where(
        luck.table("border", len(stops), daily=False) < belief["border_hold_chance"],
        belief["border_hold_days"] * lognormal_factor(luck.table("hold", len(stops), daily=False), 0.5),
        0.0,
    )
    barred = ground.barriers.barred[day][route]
    need = np.where(barred, belief["closure_hold_days"], np.where(roads.border[route], hold, 0.0))
    # Who sleeps on a stretch has passed its barrier, whatever is closed behind.
    inside = state.km[:, g] > roads.km[route, stop]
    passed = np.maximum(state.cleared[:, g], stop + inside)
    ahead = (stops > passed[:, None]) & (need > 0)
    first = np.where(ahead.any(axis=1), ahead.argmax(axis=1), len(stops))
    standing = first == stop + 1
    owed = np.where(standing, need[np.arange(len(stop)), np.minimum(first, len(stops) - 1)], 0.0)
    owed = owed - state.waited_days[:, g]
    through = standing & (owed < 1.0)
    cleared = np.where(through, first, passed)
    # A barrier passed today costs its share of the day; the next one ahead still ends it.
    beyond = ahead & (stops > cleared[:, None])
    following = np.where(beyond.any(axis=1), beyond.argmax(axis=1), len(stops))
    limit = np.minimum(np.where(through, following, first), roads.stops[route]) - 1
    share = np.where(through, 1.0 - np.clip(owed, 0.0, 1.0), 1.0)
    return limit, cleared, share


def _bus_comes(
    ground: Ground,
    place: NDArray[np.int64],
    size: NDArray[np.int64],
    belief: dict[str, NDArray[np.float64]],
    luck: _Luck,
    *,
    day: int,
) -> NDArray[np.bool_]:
    # The group goes as one body only if most of it finds a seat.
    seats = ground.barriers.seats[day, place]
    return np.asarray((seats > 0) & (seats >= 0.5 * size) & (luck("bus") < belief["bus_chance"]))


def _night_stop(
    ground: Ground,
    where: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    reach_km: NDArray[np.float64],
    limit: NDArray[np.int64],
    *,
    luck: _Luck,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Choose the town for the night among the stops ahead, or a camp on the road where there is none."""
    roads = ground.roads
    route, stop, km = where
    stops = np.arange(roads.km.shape[1])
    ahead_km = roads.km[route] - km[:, None]
    reach = np.maximum(reach_km, 1e-6)[:, None]
    open_stop = (ahead_km > 0) & (stops <= limit[:, None]) & (ahead_km <= FARTHEST_REACH * reach)
    u = luck.table("stop", len(stops))
    with np.errstate(invalid="ignore"):
        score = (
            -0.5 * ((ahead_km - reach) / (REACH_SPREAD * reach)) ** 2
            + TOWN_PULL * np.log(ground.town_people[route] + SMALL_TOWN_PEOPLE)
            - np.log(-np.log(u))
        )
    score = np.where(open_stop, score, -np.inf)
    town = open_stop.any(axis=1)
    chosen = np.where(town, score.argmax(axis=1), stop)
    # No town within reach: the group camps on the road, at most at the last stop before a barrier.
    camp_km = np.minimum(km + reach_km, roads.km[route, np.maximum(limit, stop)])
    camp_stop = np.maximum(stop, (roads.km[route] <= camp_km[:, None]).sum(axis=1) - 1)
    chosen = np.where(town, chosen, camp_stop)
    return chosen, np.where(town, roads.km[route, chosen], camp_km)
