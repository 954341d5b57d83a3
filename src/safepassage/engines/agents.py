"""The agent kernel of the local law: one agent at a time, in order, with memory, camps filling by the hour.

Order of a day: people set out (by the series, by conflict) → everybody who is in a place decides →
everybody on a road travels, deciding again wherever the day is not over → memories of the way are updated.
In documented meaning a day holds one day's distance; with `compat` every further road of the day gets the
full distance again, as in Flee's code. Each draw is a hash of (seed, member slot, day, agent, draw), so
threads change nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.core.engine import DayView
from safepassage.engines import local_rules
from safepassage.engines.agents_kernel import Law, People, Today, World, live_a_day
from safepassage.engines.compiled import luck_of
from safepassage.engines.departing import Leaving, leaving_today
from safepassage.engines.timetable import Timetable


@dataclass(frozen=True)
class AgentsState:
    """All members after one day.

    Parameters
    ----------
    people : tuple of People        one entry per member; arrays over its agents, in order of their coming.
    here : (member, n) int64        agents at each place.
    population : (member, n) float64    agents who have not left yet, at each place.
    waiting : (member,) int64       agents due to leave on a day when there was no conflict to leave from.
    slots, parent : (member,) int64     stable slot of each member, and the slot it descends from.
    day : int                       last day stepped; -1 before day 0.
    """

    people: tuple[People, ...]
    here: NDArray[np.int64]
    population: NDArray[np.float64]
    waiting: NDArray[np.int64]
    slots: NDArray[np.int64]
    parent: NDArray[np.int64]
    day: int


class Agents:
    """Engine of single agents under the local law.

    Parameters
    ----------
    timetable : Timetable
    reason : str        why this kernel runs.
    """

    name = "agents"

    def __init__(self, timetable: Timetable, reason: str) -> None:
        self.timetable = timetable
        self.reason = reason
        self._law = _law_of(timetable)
        self._world = _world_of(timetable)
        self._threads = max(1, os.cpu_count() or 1)

    def init(self, *, members: int, draws: Draws) -> AgentsState:
        """Put those registered on day 0 into their camps; all members start alike."""
        places = np.repeat(np.arange(len(self.timetable.initial)), self.timetable.initial).astype(np.int32)
        return AgentsState(
            people=tuple(_newcomers(places) for _ in range(members)),
            here=np.tile(self.timetable.initial, (members, 1)),
            population=np.tile(self.timetable.population, (members, 1)),
            waiting=np.zeros(members, dtype=np.int64),
            slots=np.arange(members, dtype=np.int64),
            parent=np.arange(members, dtype=np.int64),
            day=-1,
        )

    def step(self, state: AgentsState, *, day: int, draws: Draws) -> AgentsState:
        """Let one day pass for every member, members in parallel."""
        leaving = leaving_today(
            self.timetable,
            day=day,
            draws=draws,
            slots=state.slots,
            population=state.population,
            waiting=state.waiting,
        )
        here = state.here.copy()
        today = _today(self.timetable, day)

        def live(member: int) -> People:
            luck = luck_of(draws.seed, int(state.slots[member]), day)
            people = _joined(state.people[member], leaving.where[member])
            came = len(people.place) - len(state.people[member].place)
            live_a_day(people, came, here[member], today, (self._world, self._law), luck)
            return people

        people = _each(live, len(state.people), self._threads)
        return AgentsState(
            people=tuple(people),
            here=here,
            population=_population_after(self.timetable, state, leaving),
            waiting=leaving.waiting,
            slots=state.slots,
            parent=state.parent,
            day=day,
        )

    def observe(self, state: AgentsState) -> DayView:
        """Count people in places and on roads, in people (agents times what each stands for)."""
        people_per_agent = self.timetable.displacement.people_per_agent
        everybody = np.array([len(people.place) for people in state.people], dtype=np.int64)
        return DayView(
            stock=state.here * people_per_agent,
            on_road=(everybody - state.here.sum(axis=1)) * people_per_agent,
        )


def _each(live: Callable[[int], People], members: int, threads: int) -> list[People]:
    if threads == 1 or members == 1:
        return [live(member) for member in range(members)]
    with ThreadPoolExecutor(min(threads, members)) as pool:
        return list(pool.map(live, range(members)))


def _population_after(timetable: Timetable, state: AgentsState, leaving: Leaving) -> NDArray[np.float64]:
    if not timetable.law.take_from_population:
        return state.population
    left = np.stack([np.bincount(where, minlength=state.here.shape[1]) for where in leaving.where])
    return np.maximum(0.0, state.population - left)


def _newcomers(places: NDArray[np.int32]) -> People:
    count = len(places)
    return People(
        place=places.copy(),
        home=places.copy(),
        arc=np.full(count, -1, dtype=np.int32),
        path=np.full(count, -1, dtype=np.int32),
        taken=np.zeros(count, dtype=np.uint8),
        km=np.zeros(count, dtype=np.float64),
        recent=np.zeros(count, dtype=np.float32),
        started=np.zeros(count, dtype=np.bool_),
        turned=np.zeros(count, dtype=np.bool_),
    )


def _joined(people: People, places: NDArray[np.int32]) -> People:
    new = _newcomers(places)
    return People(
        place=np.concatenate([people.place, new.place]),
        home=np.concatenate([people.home, new.home]),
        arc=np.concatenate([people.arc, new.arc]),
        path=np.concatenate([people.path, new.path]),
        taken=np.concatenate([people.taken, new.taken]),
        km=np.concatenate([people.km, new.km]),
        recent=np.concatenate([people.recent, new.recent]),
        started=np.concatenate([people.started, new.started]),
        turned=np.concatenate([people.turned, new.turned]),
    )


def _law_of(timetable: Timetable) -> Law:
    law = timetable.law
    return Law(
        speed=law.max_move_speed_km_per_day if law.compat else float(np.rint(law.max_move_speed_km_per_day)),
        walk_speed=law.max_walk_speed_km_per_day,
        softening=law.weight_softening,
        power=law.weight_power,
        buffer=law.capacity_buffer if law.awareness_level > 0 or law.compat else np.inf,
        pruning=law.pruning_threshold if law.pruning_threshold >= 1.001 else 0.0,
        avoid_short_stints=law.avoid_short_stints,
        start_on_foot=law.start_on_foot,
        close_to_home=law.stay_close_to_home,
        compat=law.compat,
    )


def _world_of(timetable: Timetable) -> World:
    return World(
        dest=timetable.paths.dest,
        inverse=timetable.inverse,
        path_arcs=timetable.paths.arcs,
        path_length=timetable.paths.length,
        arc_origin=timetable.arcs.origin,
        arc_target=timetable.arcs.target,
        arc_km=timetable.arcs.km,
        arc_speed=timetable.arc_speed,
        arc_walk=timetable.arc_walk,
        home_factor=timetable.home_factor,
    )


def _today(timetable: Timetable, day: int) -> Today:
    row, before = timetable.row(day), timetable.row(max(0, day - 1))
    is_open = timetable.arc_open[timetable.state[row]]
    role = timetable.role[row]
    return Today(
        ptr=timetable.paths.ptr[timetable.state[row]],
        arc_open=is_open,
        arc_closing=timetable.arc_open[timetable.state[before]] & ~is_open,
        chance=timetable.chances(day),
        town=local_rules.is_town(role, timetable.conflict[row]),
        camp=local_rules.is_camp(role),
        score=timetable.scores(day),
        capacity=timetable.room(day),
    )
