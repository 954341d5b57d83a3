"""The agent kernel of the local law: one agent at a time, in order, with memory, camps filling by the hour.

Order of a day: people set out (by the series, by conflict) → everybody who is in a place decides →
everybody on a road travels, deciding again wherever the day is not over → memories of the way are updated.
In documented meaning a day holds one day's distance; with `compat` every further road of the day gets the
full distance again, as in Flee's code. Each draw is a hash of (seed, member slot, day, agent, draw), so that
members can be run in any parts and any order.

The agents of all members stand in arrays one after another, four bytes each where no rule needs more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.core.engine import DayView
from safepassage.engines.agents_joining import counts_by_kind, put_in, stand_with
from safepassage.engines.agents_kernel import People, live_a_day, new_desk, settle
from safepassage.engines.agents_tables import Morning, morning_of, plan_of
from safepassage.engines.compiled import luck_of
from safepassage.engines.departing import kinds_at_start, leaving_today
from safepassage.engines.timetable import Timetable


@dataclass(frozen=True)
class AgentsState:
    """All members after one day. The agents of member m are those from ``first[m]`` up to ``first[m + 1]``.

    Parameters
    ----------
    first : (member + 1,) int64     first agent of each member, and the number of all.
    where, km, home, kind, recent, marks : arrays of `agents_kernel.People`, all members together.
    here : (member, n) int64        agents at each place.
    population : (member, n) float64    agents who have not left yet, at each place.
    waiting : (member,) int64       agents due to leave on a day when there was no conflict to leave from.
    slots, parent : (member,) int64     stable slot of each member, and the slot it descends from.
    day : int                       last day stepped; -1 before day 0.
    """

    first: NDArray[np.int64]
    where: NDArray[np.unsignedinteger]
    km: NDArray[np.number]
    home: NDArray[np.unsignedinteger]
    kind: NDArray[np.uint8]
    recent: NDArray[np.float32]
    marks: NDArray[np.uint8]
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
    narrow : bool       false: the widest types for every number, which changes no result; for tests.
    """

    name = "agents"
    smallest_part = 1

    def __init__(self, timetable: Timetable, reason: str, *, narrow: bool = True) -> None:
        self.timetable = timetable
        self.reason = reason
        self._narrow = narrow
        self._plan = plan_of(timetable, narrow=narrow)
        # Mornings that no step is using. A step takes one and gives it back, so that threads never share any.
        self._mornings: list[Morning] = []

    def __reduce__(self) -> tuple[Callable[..., Agents], tuple[Any, ...]]:
        """Be sent to other processes without what was only kept for speed."""
        return _made, (self.timetable, self.reason, self._narrow)

    def init(self, *, slots: NDArray[np.int64], draws: Draws) -> AgentsState:
        """Put those registered on day 0 into their camps; all members start alike."""
        members, initial = len(slots), self.timetable.initial
        nobody = AgentsState(
            first=np.zeros(members + 1, dtype=np.int64),
            **self._nobody()._asdict(),
            here=np.zeros((members, len(initial)), dtype=np.int64),
            population=np.tile(self.timetable.population, (members, 1)),
            waiting=np.zeros(members, dtype=np.int64),
            slots=slots,
            parent=slots,
            day=-1,
        )
        places = np.repeat(np.arange(len(initial)), initial).astype(np.int32)
        kinds = kinds_at_start(self.timetable, slots=slots, draws=draws)
        people, first, here = self._joined(nobody, (places,) * members, kinds)
        return _with(nobody, people, first=first, here=here)

    def step(self, state: AgentsState, *, day: int, draws: Draws) -> AgentsState:
        """Let one day pass for every member, one after another."""
        leaving = leaving_today(self.timetable, state, day=day, draws=draws)
        luck = self._luck(state, draws, day=day)
        people, first, here = self._joined(state, leaving.where, leaving.kind)
        self._live(people, first, here, luck=luck, day=day)
        if self.timetable.sinks.any():
            settle(people, first, luck, (self.timetable.sinks, self._plan.legs))
        population = state.population
        if self.timetable.law.take_from_population:
            left = np.stack([np.bincount(where, minlength=here.shape[1]) for where in leaving.where])
            population = np.maximum(0.0, population - left)
        changed = {"population": population, "waiting": leaving.waiting, "day": day}
        return _with(state, people, first=first, here=here, **changed)

    def _live(
        self,
        people: People,
        first: NDArray[np.int64],
        here: NDArray[np.int64],
        *,
        luck: NDArray[np.uint64],
        day: int,
    ) -> None:
        morning, desk = self._borrowed_morning(), new_desk()
        # Where scores depend on who is where, every member has mornings of its own.
        parts = range(len(luck)) if self.timetable.needs_counts else range(min(1, len(luck)))
        for member in parts:
            end = member + 1 if self.timetable.needs_counts else len(luck)
            counts = None
            if self.timetable.needs_counts:
                shape = (self.timetable.kinds, here.shape[1])
                counts = counts_by_kind(people, first[member : end + 1], self._plan.legs, shape)
            score = self.timetable.scores(day, counts)
            morning = morning_of(self._plan, self.timetable, day=day, score=score, old=morning)
            live_a_day(
                people, first[member : end + 1], here[member:end], luck[member:end], (morning.today, desk)
            )
        if morning is not None:
            self._mornings.append(morning)

    def _borrowed_morning(self) -> Morning | None:
        try:
            return self._mornings.pop()
        except IndexError:
            return None

    def _luck(self, state: AgentsState, draws: Draws, *, day: int) -> NDArray[np.uint64]:
        return np.array([luck_of(draws.seed, int(slot), day) for slot in state.slots], dtype=np.uint64)

    def _nobody(self) -> People:
        """Give arrays without agents, with the types of this timetable."""
        return People(
            where=np.zeros(0, dtype=self._plan.where),
            km=np.zeros(0, dtype=self._plan.km),
            home=np.zeros(0, dtype=self._plan.where),
            kind=np.zeros(0, dtype=np.uint8),
            recent=np.zeros(0, dtype=np.float32),
            marks=np.zeros(0, dtype=np.uint8),
        )

    def _joined(
        self, state: AgentsState, came: tuple[NDArray[np.int32], ...], kinds: tuple[NDArray[np.uint8], ...]
    ) -> tuple[People, NDArray[np.int64], NDArray[np.int64]]:
        """Copy all agents, newcomers after those of their member; give also first agents and counts."""
        law, here = self._plan.law, state.here.copy()
        added = np.concatenate([[0], np.cumsum([len(where) for where in came])]).astype(np.int64)
        where = np.concatenate([np.zeros(0, dtype=np.int32), *came]).astype(self._plan.where)
        put_in(here, where, added)
        first = (state.first, added)

        def stand(old: NDArray[Any], new: NDArray[Any] | None, *, needed: bool) -> NDArray[Any]:
            if not needed:
                return old
            return stand_with(old, np.zeros(len(where), dtype=old.dtype) if new is None else new, *first)

        people = People(
            where=stand(state.where, where, needed=True),
            km=stand(state.km, None, needed=True),
            home=stand(state.home, where, needed=law.from_home),
            kind=stand(state.kind, np.concatenate([state.kind[:0], *kinds]), needed=law.kinds),
            recent=stand(state.recent, None, needed=law.avoid_short_stints),
            marks=stand(state.marks, None, needed=law.compat or law.start_on_foot),
        )
        return people, state.first + added, here

    def observe(self, state: AgentsState) -> DayView:
        """Count people in places and on roads, in people (agents times what each stands for)."""
        people_per_agent = self.timetable.displacement.people_per_agent
        return DayView(
            stock=state.here * people_per_agent,
            on_road=(np.diff(state.first) - state.here.sum(axis=1)) * people_per_agent,
        )


def _made(timetable: Timetable, reason: str, narrow: bool) -> Agents:
    return Agents(timetable, reason, narrow=narrow)


def _with(state: AgentsState, people: People, **changed: Any) -> AgentsState:
    return AgentsState(**{**state.__dict__, **people._asdict(), **changed})
