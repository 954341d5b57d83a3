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
from safepassage.engines.agents_kernel import AGENT, ARC, PATH, PLACE, Law, Today, live_a_day
from safepassage.engines.compiled import luck_of
from safepassage.engines.departing import Leaving, leaving_today
from safepassage.engines.timetable import Timetable


@dataclass(frozen=True)
class AgentsState:
    """All members after one day.

    Parameters
    ----------
    people : tuple of (count,) AGENT    per member: its agents, in order of their coming.
    here : (member, n) int64        agents at each place.
    population : (member, n) float64    agents who have not left yet, at each place.
    waiting : (member,) int64       agents due to leave on a day when there was no conflict to leave from.
    slots, parent : (member,) int64     stable slot of each member, and the slot it descends from.
    day : int                       last day stepped; -1 before day 0.
    """

    people: tuple[NDArray[np.void], ...]
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
    smallest_part = 1

    def __init__(self, timetable: Timetable, reason: str) -> None:
        self.timetable = timetable
        self.reason = reason
        self._law = _law_of(timetable)
        self._paths = _paths_of(timetable)
        self._threads = max(1, os.cpu_count() or 1)

    def init(self, *, slots: NDArray[np.int64], draws: Draws) -> AgentsState:
        """Put those registered on day 0 into their camps; all members start alike."""
        members = len(slots)
        places = np.repeat(np.arange(len(self.timetable.initial)), self.timetable.initial).astype(np.int32)
        return AgentsState(
            people=tuple(_newcomers(places) for _ in range(members)),
            here=np.tile(self.timetable.initial, (members, 1)),
            population=np.tile(self.timetable.population, (members, 1)),
            waiting=np.zeros(members, dtype=np.int64),
            slots=slots,
            parent=slots,
            day=-1,
        )

    def step(self, state: AgentsState, *, day: int, draws: Draws) -> AgentsState:
        """Let one day pass for every member, members in parallel."""
        leaving = leaving_today(self.timetable, state, day=day, draws=draws)
        here = state.here.copy()
        today = self._today(day)

        def live(member: int) -> NDArray[np.void]:
            luck = luck_of(draws.seed, int(state.slots[member]), day)
            before, where = state.people[member], leaving.where[member]
            people = np.empty(len(before) + len(where), dtype=AGENT)
            people[: len(before)] = before
            people[len(before) :] = _newcomers(where)
            live_a_day(people, len(where), here[member], today, luck)
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

    def _today(self, day: int) -> Today:
        timetable = self.timetable
        row = timetable.row(day)
        places = np.zeros(len(timetable.population), dtype=PLACE)
        places["chance"], places["score"] = timetable.chances(day)[0], timetable.scores(day)[0]
        places["capacity"] = timetable.room(day)
        places["town"] = local_rules.is_town(timetable.role[row], timetable.conflict[row])
        places["camp"] = local_rules.is_camp(timetable.role[row])
        return Today(
            ptr=timetable.paths.ptr[timetable.state[row]],
            places=places,
            paths=self._paths,
            path_arcs=timetable.paths.arcs,
            arcs=_arcs_of(timetable, day),
            home_factor=timetable.home_factor,
            law=self._law,
        )

    def observe(self, state: AgentsState) -> DayView:
        """Count people in places and on roads, in people (agents times what each stands for)."""
        people_per_agent = self.timetable.displacement.people_per_agent
        everybody = np.array([len(people) for people in state.people], dtype=np.int64)
        return DayView(
            stock=state.here * people_per_agent,
            on_road=(everybody - state.here.sum(axis=1)) * people_per_agent,
        )


def _each(live: Callable[[int], NDArray[np.void]], members: int, threads: int) -> list[NDArray[np.void]]:
    if threads == 1 or members == 1:
        return [live(member) for member in range(members)]
    with ThreadPoolExecutor(min(threads, members)) as pool:
        return list(pool.map(live, range(members)))


def _population_after(timetable: Timetable, state: AgentsState, leaving: Leaving) -> NDArray[np.float64]:
    if not timetable.law.take_from_population:
        return state.population
    left = np.stack([np.bincount(where, minlength=state.here.shape[1]) for where in leaving.where])
    return np.maximum(0.0, state.population - left)


def _newcomers(places: NDArray[np.int32]) -> NDArray[np.void]:
    new = np.zeros(len(places), dtype=AGENT)
    new["place"] = new["home"] = places
    new["arc"] = new["path"] = -1
    return new


def _law_of(timetable: Timetable) -> Law:
    law = timetable.law
    speed = law.max_move_speed_km_per_day
    # Floats all, so that the kernel is compiled once whatever numbers the law was given.
    return Law(
        speed=float(speed if law.compat else np.rint(speed)),
        walk_speed=float(law.max_walk_speed_km_per_day),
        softening=float(law.weight_softening),
        power=float(law.weight_power),
        buffer=float(law.capacity_buffer if law.awareness_level > 0 or law.compat else np.inf),
        pruning=float(law.pruning_threshold if law.pruning_threshold >= 1.001 else 0.0),
        avoid_short_stints=law.avoid_short_stints,
        start_on_foot=law.start_on_foot,
        close_to_home=law.stay_close_to_home,
        compat=law.compat,
    )


def _paths_of(timetable: Timetable) -> NDArray[np.void]:
    paths = np.zeros(len(timetable.paths.dest), dtype=PATH)
    paths["dest"], paths["length"] = timetable.paths.dest, timetable.paths.length
    paths["inverse"] = timetable.inverse
    return paths


def _arcs_of(timetable: Timetable, day: int) -> NDArray[np.void]:
    state = timetable.state[timetable.row(day)]
    before = timetable.state[timetable.row(max(0, day - 1))]
    arcs = np.zeros(len(timetable.arcs.km), dtype=ARC)
    arcs["km"], arcs["speed"], arcs["walk"] = timetable.arcs.km, timetable.arc_speed, timetable.arc_walk
    arcs["origin"], arcs["target"] = timetable.arcs.origin, timetable.arcs.target
    arcs["open"] = timetable.arc_open[state]
    arcs["closing"] = timetable.arc_open[before] & ~timetable.arc_open[state]
    return arcs
