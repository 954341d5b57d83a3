"""How far a group gets in a day, and where it stops for the night.

A day is a rest, a walk, a ride or a bus relay; the stop is a town near the day's reach, large ones likelier;
barriers on the way (borders, closed roads) end the day at the last stop before them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.engines.group_state import (
    ARRIVED,
    BUS,
    DISSOLVED,
    HELD,
    RESTING,
    RIDING,
    WAITING,
    WALKING,
    Body,
)
from safepassage.engines.luck import lognormal_factor
from safepassage.engines.roads import RoadTable, Today

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
    town_people : (r, s) float64    inhabitants of each stop, 0 where unknown.
    start_day : (group,) int64      first day on the road; the past for groups already on their way.
    """

    roads: RoadTable
    town_people: NDArray[np.float64]
    start_day: NDArray[np.int64]


@dataclass(frozen=True)
class Moved:
    """Where one body of people spends the night; every array is (k,)."""

    stop: NDArray[np.int64]
    km: NDArray[np.float64]
    cleared: NDArray[np.int64]
    waited_days: NDArray[np.float64]
    luck_slot: NDArray[np.int64]
    riding: NDArray[np.bool_]
    mode: NDArray[np.int8]


def travel(body: Body, ground: Ground, *, today: Today, day: int, draws: Draws) -> Moved:
    """Let one day of travel pass for one body of people."""
    luck = _Luck(draws, day, (body.slot, body.luck_slot), body.column)
    roads, belief = ground.roads, body.beliefs
    where = route, stop, km = body.route, body.stop, body.km
    at_stop = km <= roads.km[route, stop]
    arrived = stop >= roads.stops[route] - 1
    started = body.alive & (day >= ground.start_day[body.caravan])

    riding = _spell(body.riding, belief, luck)
    limit, cleared, share_left = _barrier_ahead(body, ground, today=today, luck=luck)
    held = at_stop & (stop >= limit) & ~arrived
    bus = at_stop & _bus_comes(today, roads.place[route, stop], body.size, belief, luck)
    ride = _rides(ground, where, today, riding, belief, luck=luck)
    rest = at_stop & (luck("rest") < belief["rest_chance"]) & ~bus & ~held
    reach = share_left * _reach(belief, bus, ride, luck)
    reach = _slowed(ground, where, today, reach)
    farthest = np.where(bus, np.minimum(limit, _ride_end(ground, where, today)), limit)
    new_stop, new_km = _night_stop(ground, where, reach, farthest, luck=luck)

    goes = started & ~arrived & ~held & ~rest & (reach > 0)
    mode = np.where(bus, BUS, np.where(ride, RIDING, WALKING))
    mode = np.where(rest, RESTING, np.where(held | (reach <= 0), HELD, mode))
    mode = np.where(started, np.where(arrived, ARRIVED, mode), np.where(body.alive, WAITING, DISSOLVED))
    waited_days = np.where(started & held, body.waited_days + 1.0, 0.0)
    return Moved(
        stop=np.where(goes, new_stop, stop),
        km=np.where(goes, new_km, km),
        cleared=np.where(started, cleared, body.cleared),
        waited_days=waited_days,
        # The barrier it waits at stays the same one; for the next its luck is its own.
        luck_slot=np.where(waited_days > 0, body.luck_slot, body.slot),
        riding=np.where(started, riding, body.riding),
        mode=mode.astype(np.int8),
    )


Where = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


def _rides(
    ground: Ground,
    where: Where,
    today: Today,
    riding: NDArray[np.bool_],
    belief: dict[str, NDArray[np.float64]],
    *,
    luck: _Luck,
) -> NDArray[np.bool_]:
    """Tell who rides today: whose spell it is, or whose next town is too far to walk to."""
    route, stop, km = where
    ahead = np.minimum(stop + 1, ground.roads.stops[route] - 1)
    gap_days = (ground.roads.km[route, ahead] - km) / np.maximum(belief["walk_km_per_day"], 1e-6)
    bare = np.clip(gap_days - BARE_DAYS, 0.0, 100.0)
    lift = luck("lift") < -np.expm1(-BARE_RIDE_RATE * bare)
    return np.asarray(~today.no_rides[ground.roads.pair[route, ahead]] & (riding | lift))


def _reach(
    belief: dict[str, NDArray[np.float64]], bus: NDArray[np.bool_], ride: NDArray[np.bool_], luck: _Luck
) -> NDArray[np.float64]:
    """Give how far the day would bring each member, in km, were nothing in the way."""
    walk = belief["walk_km_per_day"] * lognormal_factor(luck("walk_km"), WALK_LOG_SD)
    lift = belief["ride_km_per_day"] * lognormal_factor(luck("ride_km"), RIDE_LOG_SD)
    relay = belief["bus_km_per_day"] * lognormal_factor(luck("bus_km"), WALK_LOG_SD)
    return np.where(bus, relay, np.where(ride, lift, walk))


def _ride_end(ground: Ground, where: Where, today: Today) -> NDArray[np.int64]:
    """Give the stop where the buses offered here end; the last one where that was not told."""
    route, stop, _ = where
    end = today.ride_to[ground.roads.place[route, stop]]
    stops = np.arange(ground.roads.km.shape[1])
    on_way = (ground.roads.place[route] == end[:, None]) & (stops > stop[:, None])
    return np.where(on_way.any(axis=1), on_way.argmax(axis=1), ground.roads.stops[route] - 1)


def _slowed(ground: Ground, where: Where, today: Today, reach: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take the hours of the next hold on the way off what is left of the day when it is met."""
    route, stop, km = where
    held = today.held_share[ground.roads.pair[route]]
    stops = np.arange(held.shape[1])
    entered = stop + (km > ground.roads.km[route, stop])
    ahead = (held > 0) & (held < 1) & (stops > entered[:, None])
    first = ahead.argmax(axis=1)
    until_km = ground.roads.km[route, np.maximum(first - 1, 0)] - km
    met = ahead.any(axis=1) & (reach > until_km)
    share = held[np.arange(len(stop)), first]
    return np.where(met, until_km + (reach - until_km) * (1.0 - share), reach)


class _Luck:
    """Uniform luck of one day and group, by the name of the draw; `slots` that of the day and the lasting."""

    def __init__(
        self, draws: Draws, day: int, slots: tuple[NDArray[np.int64], NDArray[np.int64]], group: int
    ) -> None:
        self._draws, self._day, self._group = draws, day, group
        self._slots, self._lasting = slots

    def __call__(self, name: str) -> NDArray[np.float64]:
        return self._draws.uniform(name, day=self._day, slots=self._slots, entity=self._group)

    def at(
        self, name: str, entries: tuple[NDArray[np.int64], NDArray[np.int64]], *, daily: bool = True
    ) -> NDArray[np.float64]:
        """Give one uniform for each (member, stop); the same on every day if not `daily`."""
        member, stop = entries
        slots = (self._slots if daily else self._lasting)[member]
        entity = stop + 4096 * (self._group + 1)
        return self._draws.uniform(name, day=self._day if daily else 0, slots=slots, entity=entity)


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
    body: Body, ground: Ground, *, today: Today, luck: _Luck
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Find the last stop that can be reached today, the stretch cleared, and the share of the day left."""
    roads = ground.roads
    route, stop = body.route, body.stop
    stops = np.arange(roads.km.shape[1])
    need = _need_days(body, ground, today, luck)
    # Who sleeps on a stretch has passed its barrier, whatever is closed behind.
    inside = body.km > roads.km[route, stop]
    passed = np.maximum(body.cleared, stop + inside)
    ahead = (stops > passed[:, None]) & (need > 0)
    first = np.where(ahead.any(axis=1), ahead.argmax(axis=1), len(stops))
    standing = first == stop + 1
    owed = np.where(standing, need[np.arange(len(stop)), np.minimum(first, len(stops) - 1)], 0.0)
    owed = owed - body.waited_days
    through = standing & (owed < 1.0)
    cleared = np.where(through, first, passed)
    # A barrier passed today costs its share of the day; the next one ahead still ends it.
    beyond = ahead & (stops > cleared[:, None])
    following = np.where(beyond.any(axis=1), beyond.argmax(axis=1), len(stops))
    # A hold for the whole day cannot be outwaited today; it binds who has not entered its stretch.
    whole = (today.held_share[roads.pair[route]] >= 1.0) & (stops > (stop + inside)[:, None])
    held_at = np.where(whole.any(axis=1), whole.argmax(axis=1), len(stops))
    nearest = np.minimum(np.where(through, following, first), held_at)
    limit = np.minimum(nearest, roads.stops[route]) - 1
    share = np.where(through, 1.0 - np.clip(owed, 0.0, 1.0), 1.0)
    return limit, cleared, share


def _need_days(body: Body, ground: Ground, today: Today, luck: _Luck) -> NDArray[np.float64]:
    """Give the days that the barrier before each stop costs, (k, stop); 0 where there is none."""
    roads, belief = ground.roads, body.beliefs
    barred = today.barred[roads.pair[body.route]]
    need = np.where(barred, belief["closure_hold_days"][:, None], 0.0)
    row, stop = borders = _entries(roads.border[body.route] & ~barred)
    hold = belief["border_hold_days"][row] * lognormal_factor(luck.at("hold", borders, daily=False), 0.5)
    costs = luck.at("border", borders, daily=False) < belief["border_hold_chance"][row]
    need[row, stop] = np.where(costs, hold, 0.0)
    return need


def _entries(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    row, column = np.nonzero(mask)
    return row.astype(np.int64), column.astype(np.int64)


def _bus_comes(
    today: Today,
    place: NDArray[np.int64],
    size: NDArray[np.int64],
    belief: dict[str, NDArray[np.float64]],
    luck: _Luck,
) -> NDArray[np.bool_]:
    # The group goes as one body only if most of it finds a seat.
    seats = today.seats[place]
    return np.asarray((seats > 0) & (seats >= 0.5 * size) & (luck("bus") < belief["bus_chance"]))


def _night_stop(
    ground: Ground,
    where: Where,
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
    reach = np.maximum(reach_km, 1e-6)
    open_stop = (ahead_km > 0) & (stops <= limit[:, None]) & (ahead_km <= FARTHEST_REACH * reach[:, None])
    row, at = towns = _entries(open_stop)
    score = np.full(open_stop.shape, -np.inf)
    score[towns] = (
        -0.5 * ((ahead_km[towns] - reach[row]) / (REACH_SPREAD * reach[row])) ** 2
        + TOWN_PULL * np.log(ground.town_people[route[row], at] + SMALL_TOWN_PEOPLE)
        - np.log(-np.log(luck.at("stop", towns)))
    )
    town = open_stop.any(axis=1)
    chosen = np.where(town, score.argmax(axis=1), stop)
    # No town within reach: the group camps on the road, at most at the last stop before a barrier.
    camp_km = np.minimum(km + reach_km, roads.km[route, np.maximum(limit, stop)])
    camp_stop = np.maximum(stop, (roads.km[route] <= camp_km[:, None]).sum(axis=1) - 1)
    chosen = np.where(town, chosen, camp_stop)
    return chosen, np.where(town, roads.km[route, chosen], camp_km)
