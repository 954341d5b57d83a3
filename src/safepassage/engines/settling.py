"""Where people come to rest: the local law where the time between counts is long beside that on the road.

Whoever leaves takes one road after the other, by the weights of the local law, until a camp is reached. Only
the order of the roads matters for that, not the days they take, so a stretch of days costs a few sweeps over
the roads (an absorbing Markov chain; Kemeny & Snell 1960, chapter 3). Camps let people go again by their
chance to leave.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.core.errors import ModelError
from safepassage.core.local_law import LocalLaw
from safepassage.core.scenario import Scenario
from safepassage.engines.choice import with_people_per_agent
from safepassage.engines.compiled import compiled
from safepassage.engines.flow import Flow
from safepassage.engines.flow_facts import facts_of, law_values
from safepassage.engines.flow_weights import PARAMETERS, Chances, Facts, refresh
from safepassage.engines.timetable import Timetable, timetable_of

STRETCH_DAYS = 10  # camps let people go at least this often
MOST_SWEEPS, NOBODY = 400, 1e-2  # until less than this share is still on the way; they go on next time


class Stretches(NamedTuple):
    """Days over which no chance changes.

    Parameters
    ----------
    morning : (s,) int64    see `flow_weights.Facts`.
    days : (s,) float64     how many.
    due : (s,) float64      people who leave.
    """

    morning: NDArray[np.int64]
    days: NDArray[np.float64]
    due: NDArray[np.float64]


class Places(NamedTuple):
    """Who is where before day 0: to leave, and in camps; and whether who leaves is taken from the former."""

    population: NDArray[np.float64]
    initial: NDArray[np.float64]
    take: bool


class Room(NamedTuple):
    """Arrays to work in: chances, share of each path among those of its place, people on the way."""

    chances: Chances
    share: NDArray[np.float64]
    going: NDArray[np.float64]


class Settling:
    """Expected people in places where people choose by the local law.

    Parameters
    ----------
    scenario : Scenario     a displacement crisis with departures by its series. Limits of camps, speeds and
        what people remember are not looked at.
    initial : (n,) float64 or None      people in each place before day 0; None: those of the folder.

    Raises
    ------
    ModelError      if it cannot follow a rule.
    """

    def __init__(self, scenario: Scenario, *, initial: NDArray[np.float64] | None = None) -> None:
        law = scenario.law
        if not isinstance(law, LocalLaw) or scenario.displacement is None:
            message = "there is no displacement with a local law"
            raise ModelError(message)
        if scenario.displacement.departure_mode != "observed":
            message = "departures are not those of a series"
            raise ModelError(message)
        plain = replace(law, avoid_short_stints=False, start_on_foot=False, stay_close_to_home=False)
        timetable = timetable_of(with_people_per_agent(replace(scenario, law=plain), 1))
        flow = Flow(timetable, cell_km=max(1.0, law.max_move_speed_km_per_day))
        self.days = scenario.days
        self.timetable = timetable
        self._places, self._ways = flow.layout.places, flow.layout.ways
        self._facts, morning = facts_of(timetable, flow.layout, days=timetable.days)
        self._end, self._stretches = _stretches(timetable, morning, scenario.days)
        self._initial = timetable.initial.astype(np.float64) if initial is None else initial

    def run(
        self, numbers: dict[str, float], days: NDArray[np.int64], places: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Compute expected people on the evening of some days.

        Parameters
        ----------
        numbers : dict of str to float  some of `flow_weights.PARAMETERS`; the rest are the law's.
        days : (t,) int64
        places : (k,) int64

        Returns
        -------
        (t, k) float64      linear between the ends of stretches.

        Raises
        ------
        ModelError      if a number is not known, not finite or negative.
        """
        values = law_values(self.timetable, PARAMETERS)
        for name, value in numbers.items():
            if name not in PARAMETERS or not 0.0 <= value < np.inf:
                message = f"{name} = {value} is no number of the local law"
                raise ModelError(message)
            values[PARAMETERS.index(name)] = value
        here = self._places
        most, count = self._ways.most_paths(), len(here)
        room = Room(
            Chances(np.zeros((most + count, 1)), np.zeros((most, 1)), np.zeros((count, 1))),
            np.zeros(most),
            np.zeros(count),
        )
        people = Places(
            self.timetable.population[here].copy(),
            self._initial[here].copy(),
            self.timetable.law.take_from_population,
        )
        stock = np.zeros((1 + len(self._end), count))
        ways = (self._ways.ptr, self._ways.dest)
        _settle(self._facts, ways, self._stretches, people, (values, room), stock)
        return self._between(stock, days, places)

    def _between(
        self, stock: NDArray[np.float64], days: NDArray[np.int64], places: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Read evenings between the ends of stretches."""
        ends = np.append(-1, self._end - 1)
        found = np.zeros((len(days), len(places)))
        for k, place in enumerate(places):
            row = np.searchsorted(self._places, place)
            if row < len(self._places) and self._places[row] == place:
                found[:, k] = np.interp(days, ends, stock[:, row])
        return found


def _stretches(
    timetable: Timetable, morning: NDArray[np.int64], days: int
) -> tuple[NDArray[np.int64], Stretches]:
    """Cut days where a new morning begins, and every `STRETCH_DAYS`; give the first day after each."""
    begins = [0]
    for day in range(1, days):
        if morning[day] != morning[day - 1] or day - begins[-1] >= STRETCH_DAYS:
            begins.append(day)
    first, end = np.array(begins), np.array([*begins[1:], days])
    leaving = np.concatenate([[0.0], np.cumsum(timetable.expected_departures(days))])
    return end, Stretches(morning[first], (end - first).astype(np.float64), leaving[end] - leaving[first])


@compiled
def _leave(weights: NDArray[np.float64], due: float, people: Places, going: NDArray[np.float64]) -> float:
    """Send those off who leave; give those who must wait for any conflict."""
    total = 0.0
    for place in range(len(weights)):
        total += weights[place] * people.population[place]
    if not total > 0.0:
        return due
    for place in range(len(weights)):
        leaving = due * weights[place] * people.population[place] / total
        going[place] += leaving
        if people.take:
            people.population[place] = max(0.0, people.population[place] - leaving)
    return 0.0


@compiled
def _share(ptr: NDArray[np.int64], room: Room) -> None:
    """Work out the share of each path; all zero where none leads anywhere."""
    for place in range(len(ptr) - 1):
        total = 0.0
        for path in range(ptr[place], ptr[place + 1]):
            room.share[path] = room.chances.moves[path, 0]
            total += room.share[path]
        for path in range(ptr[place], ptr[place + 1]):
            room.share[path] = room.share[path] / total if total > 0.0 else 0.0


@compiled
def _leads_on(ptr: NDArray[np.int64], place: int, room: Room) -> bool:
    for path in range(ptr[place], ptr[place + 1]):
        if room.share[path] > 0.0:
            return True
    return False


@compiled
def _sweep(
    camp: NDArray[np.bool_],
    roads: tuple[NDArray[np.int64], NDArray[np.int32]],
    room: Room,
    stock: NDArray[np.float64],
) -> None:
    """Let everybody on the way go on until nearly all are in camps; the rest stay where they are."""
    ptr, dest = roads
    going, some = room.going, room.going.sum() * NOBODY
    for _ in range(MOST_SWEEPS):
        left = 0.0
        for place in range(len(camp)):
            amount = going[place]
            if amount > 0.0 and _leads_on(ptr, place, room):
                going[place] = 0.0
                for path in range(ptr[place], ptr[place + 1]):
                    to = dest[path]
                    if camp[to]:
                        stock[to] += amount * room.share[path]
                    else:
                        going[to] += amount * room.share[path]
        for place in range(len(camp)):
            left += going[place]
        if left <= some:
            break
    for place in range(len(camp)):
        stock[place] += going[place]
        going[place] = 0.0


@compiled
def _settle(
    facts: Facts,
    ways: tuple[NDArray[np.int64], NDArray[np.int32]],
    stretches: Stretches,
    people: Places,
    given: tuple[NDArray[np.float64], Room],
    result: NDArray[np.float64],
) -> None:
    """Let all stretches pass by the numbers given; ``result[0]`` is the evening before day 0."""
    (every, dest), (values, room) = ways, given
    count, before, waiting = len(people.initial), -1, 0.0
    stock = people.initial.copy()
    result[0] = stock
    law = (values.copy().reshape(-1, 1), np.full(len(values), -1, dtype=np.int64), False)
    stays = len(room.chances.moves) - count
    for s in range(len(stretches.days)):
        morning = stretches.morning[s]
        first = every[facts.roads[morning], 0]
        ptr, last = every[facts.roads[morning]] - first, every[facts.roads[morning], -1]
        there = dest[first:last]
        if morning != before:
            refresh(facts, (before, morning), (ptr, there, facts.km[first:last]), law, room.chances)
        before = morning
        camp = facts.camp[morning]
        _share(ptr, room)
        for place in range(count):
            if not camp[place]:
                room.going[place] += stock[place]
                stock[place] = 0.0
        for place in range(count):
            stays_all_days = room.chances.moves[stays + place, 0] ** stretches.days[s]
            if camp[place] and stays_all_days < 1.0 and _leads_on(ptr, place, room):
                leaving = stock[place] * (1.0 - stays_all_days)
                stock[place] -= leaving
                for path in range(ptr[place], ptr[place + 1]):
                    room.going[there[path]] += leaving * room.share[path]
        for place in range(count):
            if camp[place]:
                stock[place] += room.going[place]
                room.going[place] = 0.0
        waiting = _leave(facts.intensity[morning], stretches.due[s] + waiting, people, room.going)
        _sweep(camp, (ptr, there), room, stock)
        result[1 + s] = stock
