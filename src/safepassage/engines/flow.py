"""The flow kernel of the local law: the mean of what the cohort kernel draws, with derivatives.

Nobody's choice changes anybody else's, so the expected people of the evening are a linear function of those
of the morning; members, who may differ in the numbers of the law, are the lanes of vectors. Derivatives by
the law's numbers are carried forward beside the value (forward mode; Griewank & Walther 2008,
doi:10.1137/1.9780898717761, chapter 3).

It gives means only. Where departures follow the people who are left (`take_from_population` with departures
by the series) the mean of the draws differs from this by the order of one person in all who are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.core.engine import DayView
from safepassage.core.errors import ModelError
from safepassage.engines.departing import counts_leaving_today
from safepassage.engines.flow_facts import facts_of, law_values, why_not_flow
from safepassage.engines.flow_kernel import (
    BY_RATE,
    BY_SHARE,
    BY_TOTAL,
    GIVEN,
    Blocks,
    Course,
    Roads,
    count_evening,
    kernel_of,
)
from safepassage.engines.flow_plan import Plan, layout_of, plan_of
from safepassage.engines.flow_weights import PARAMETERS, POP_BASE, POP_SCALE
from safepassage.engines.timetable import Timetable

BLOCK = 8
STRIDE_DAYS = 32
MODES = {"observed": BY_TOTAL, "constant": BY_RATE, "poisson": BY_RATE, "pop_ratio": BY_SHARE}


@dataclass(frozen=True)
class FlowResult:
    """Expected people on every evening, one lane per set of numbers.

    Parameters
    ----------
    stock : (days, n, lanes) float64    in each place; of the places asked for.
    on_road : (days, lanes) float64     on the way, in no place.
    """

    stock: NDArray[np.float64]
    on_road: NDArray[np.float64]


@dataclass(frozen=True)
class FlowState:
    """All members after one day; members are lanes in blocks, the last of which may be padded.

    Parameters
    ----------
    ring : (block, rows, lanes) float64     agents by day ahead, place and what is left of the day.
    population : (block, n, lanes) float64  agents who have not left yet.
    waiting, inside : (block, lanes) float64    due on a day without any conflict; all who have left so far.
    slots, parent : (member,) int64
    day : int
    """

    ring: NDArray[np.float64]
    population: NDArray[np.float64]
    waiting: NDArray[np.float64]
    inside: NDArray[np.float64]
    slots: NDArray[np.int64]
    parent: NDArray[np.int64]
    day: int


@dataclass(frozen=True)
class _Origins:
    """What `departing` asks of a state."""

    slots: NDArray[np.int64]
    population: NDArray[np.float64]
    waiting: NDArray[np.int64]


def _origins(timetable: Timetable) -> NDArray[np.bool_]:
    """Tell which places somebody may ever leave home from: (n,) bool."""
    people, found = np.maximum(timetable.population, 1.0), np.zeros(len(timetable.population), dtype=bool)
    for day in range(timetable.days):
        found |= timetable.origin_weights(day, people) > 0.0
        found |= timetable.leaving_rate(day) > 0.0
    return found


def lanes_for(members: int) -> int:
    """Give the lanes of a block: as many as are wanted, but few enough for the cache next to the core."""
    return 1 if members == 1 else BLOCK if members <= 2 * BLOCK else 4 * BLOCK


def predicted_seconds(timetable: Timetable, days: int, members: int, *, cell_km: float = 10.0) -> float:
    """Predict how long `Flow.run` takes on one core, without what is compiled once.

    Constants measured on a 2.6 GHz core of an AMD EPYC (Zen 5); see docs/performance.md.
    """
    layout = layout_of(timetable, cell_km, _origins(timetable))
    lanes = lanes_for(members)
    per_place = np.diff(layout.ways.ptr[timetable.state[0]])
    moves = int((1 + per_place[layout.states.place]).sum())
    rows = layout.states.rows * (1 + layout.states.days_ahead)
    each = {1: (0.6, 0.6), BLOCK: (1.1, 1.1), 4 * BLOCK: (3.1, 3.1)}[lanes]
    return -(-members // lanes) * days * (moves * each[0] + rows * each[1]) * 1e-9


def _zeros(*shape: int) -> NDArray[np.float64]:
    """Make zeros that begin with a cache line, so that no vector of eight lies across two of them."""
    line = 64
    room = np.zeros(int(np.prod(shape)) * 8 + line, dtype=np.uint8)
    first = -room.ctypes.data % line
    return room[first : first + room.size - line].view(np.float64).reshape(shape)


class Flow:
    """Engine of expected counts under the local law.

    Parameters
    ----------
    timetable : Timetable       of a law that cohorts can follow.
    cell_km : float             distance is counted in cells of about this length, > 0; 1 is exact.
    parameters : tuple of str   of `flow_weights.PARAMETERS`: what `run` may be given values of, and
        `gradient` derives by; "departures" is a factor on all who leave.
    reason : str                why this engine runs.

    Raises
    ------
    ModelError      if it cannot follow a rule, a parameter is not known, or the cells are too short.
    """

    name = "flow"
    smallest_part = 4 * BLOCK

    def __init__(
        self, timetable: Timetable, *, cell_km: float = 10.0, parameters: Sequence[str] = (), reason: str = ""
    ) -> None:
        obstacles = why_not_flow(timetable)
        if obstacles:
            message = "the flow engine cannot follow these rules: " + "; ".join(obstacles)
            raise ModelError(message)
        unknown = [name for name in parameters if name not in PARAMETERS]
        if unknown or len(set(parameters)) != len(parameters):
            message = (
                f"parameters must be different ones of {', '.join(PARAMETERS)}; found {list(parameters)}"
            )
            raise ModelError(message)
        if not 0.0 < cell_km < np.inf:
            message = f"cells must have a length in km above zero, not {cell_km}"
            raise ModelError(message)
        self.timetable = timetable
        self.cell_km = cell_km
        self.parameters = tuple(parameters)
        self.reason = reason
        self.layout = layout_of(timetable, cell_km, _origins(timetable))
        self._facts, self._morning = facts_of(timetable, self.layout, days=timetable.days)
        self._which = np.array([PARAMETERS.index(name) for name in parameters], dtype=np.int64)
        self._plans: dict[bytes, Plan] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Leave plans behind: they are made again where the engine goes."""
        return {**self.__dict__, "_plans": {}}

    def run(
        self, days: int, values: NDArray[np.float64] | None = None, *, places: NDArray[np.int64] | None = None
    ) -> FlowResult:
        """Compute every evening; departures that would be drawn are taken at their mean.

        Parameters
        ----------
        days : int
        values : (lanes, parameter) float64 or None     None: one lane with the law's own numbers.
        places : (k,) int64 or None     which places are kept; None: all of them.

        Returns
        -------
        FlowResult

        Raises
        ------
        ModelError      if values are no numbers, or negative.
        """
        table = self._table(values)
        lanes = lanes_for(len(table))
        blocks = self._blocks(table, lanes, count=-(-len(table) // lanes))
        return self._whole(days, blocks, self._kept(places), wanted=len(table))

    def evenings(
        self, days: int, values: NDArray[np.float64] | None = None, *, places: NDArray[np.int64] | None = None
    ) -> Iterator[tuple[int, NDArray[np.float64], NDArray[np.float64]]]:
        """Do `run` and give (day, stock (k, lanes), on_road (lanes,)) one by one, keeping none of them."""
        table, kept = self._table(values), self._kept(places)
        lanes = lanes_for(len(table))
        blocks = self._blocks(table, lanes, count=-(-len(table) // lanes))
        for first, last in self._stretches(days, STRIDE_DAYS):
            shape = (last - first, len(kept), len(table))
            part = FlowResult(np.zeros(shape), np.zeros((last - first, len(table))))
            self._live((first, last), blocks, kept, part)
            for t in range(last - first):
                yield first + t, part.stock[t], part.on_road[t]

    def gradient(
        self, days: int, values: NDArray[np.float64] | None = None
    ) -> tuple[FlowResult, NDArray[np.float64]]:
        """Compute one lane, and the derivative of each stock by each parameter.

        Parameters
        ----------
        days : int
        values : (parameter,) float64 or None

        Returns
        -------
        FlowResult                                  of one lane.
        (days, n, parameter) float64
        """
        table = self._table(None if values is None else np.asarray(values, dtype=np.float64)[None, :])
        wanted = len(self.parameters)
        if not wanted:
            result = self.run(days)
            return result, np.zeros((*result.stock.shape[:2], 0))
        blocks = self._blocks(table, BLOCK * (1 + wanted // BLOCK), count=1)
        for array in (blocks.ring, blocks.population, blocks.inside):
            array[..., 1:] = 0.0
        result = self._whole(days, blocks, self._kept(None), wanted=1 + wanted, tangents=True)
        return FlowResult(result.stock[:, :, :1], result.on_road[:, :1]), result.stock[:, :, 1:]

    def init(self, *, slots: NDArray[np.int64], draws: Draws) -> FlowState:
        """Put those registered on day 0 into their camps; all members start alike."""
        del draws
        members = len(slots)
        lanes = lanes_for(members)
        blocks = self._blocks(self._table(None), lanes, count=-(-members // lanes))
        return FlowState(
            blocks.ring, blocks.population, blocks.waiting, blocks.inside, slots=slots, parent=slots, day=-1
        )

    def step(self, state: FlowState, *, day: int, draws: Draws) -> FlowState:
        """Let one day pass for every member; departures that are drawn follow the luck of each."""
        count, _, lanes = state.ring.shape
        ring = _zeros(*state.ring.shape)
        ring[...] = state.ring
        blocks = self._blocks(self._table(None), lanes, count=1)._replace(
            ring=ring,
            population=state.population.copy(),
            waiting=state.waiting.copy(),
            inside=state.inside.copy(),
        )
        # All members have the numbers of the law, so one block's serve all.
        blocks = blocks._replace(values=np.repeat(blocks.values, count, axis=0))
        course = self._course(day, 1, alike=True)
        if self._is_drawn(day):
            self._let_go(blocks, state, day=day, draws=draws)
            course = course._replace(mode=GIVEN)
        nobody = np.zeros((1, 0, 0)), np.zeros((1, 0))
        roads, plan = self._roads(day, np.zeros(0, dtype=np.int64)), self._plan(day)
        kernel_of(lanes, False)(blocks, self._facts, course, roads, plan, nobody)
        return replace(
            state,
            ring=blocks.ring,
            population=blocks.population,
            waiting=blocks.waiting,
            inside=blocks.inside,
            day=day,
        )

    def observe(self, state: FlowState) -> DayView:
        """Count whole people, rounded so that nobody is lost and no place is off by one or more."""
        members = len(state.slots)
        ring, on_road = self._by_place(state)
        found = np.zeros((members, len(self.timetable.population) + 1))
        found[:, self.layout.places] = ring
        found[:, -1] = on_road
        found = np.maximum(0.0, found * self.timetable.displacement.people_per_agent)
        whole = np.floor(found)
        lacking = np.rint(found.sum(axis=1)) - whole.sum(axis=1)
        rank = np.argsort(np.argsort(whole - found, axis=1, kind="stable"), axis=1, kind="stable")
        whole = (whole + (rank < lacking[:, None])).astype(np.int64)
        return DayView(stock=np.ascontiguousarray(whole[:, :-1]), on_road=whole[:, -1].copy())

    def _by_place(self, state: FlowState) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the agents at each place that can be reached, (member, k), and on the road, (member,)."""
        states, members = self.layout.states, len(state.slots)
        blocks, _, lanes = state.ring.shape
        here = np.zeros((blocks * lanes, len(self.layout.places)))
        on_road = np.zeros(blocks * lanes)
        today = state.day % (states.days_ahead + 1) * states.rows
        count_evening(state.ring, (today, states.rows, len(states.left)), here, on_road)
        return here[:members], on_road[:members]

    def _table(self, values: NDArray[np.float64] | None) -> NDArray[np.float64]:
        """Complete values to all numbers of the law: (lanes, all parameters)."""
        law = law_values(self.timetable, PARAMETERS)
        if values is None:
            return law[None, :]
        given = np.asarray(values, dtype=np.float64)
        if given.ndim != 2 or given.shape[1] != len(self.parameters) or not len(given):
            message = f"values must be (lanes, {len(self.parameters)}); found {given.shape}"
            raise ModelError(message)
        table = np.tile(law, (len(given), 1))
        table[:, self._which] = given
        lowest = np.where(np.arange(len(PARAMETERS)) == POP_BASE, np.nextafter(0, 1), 0.0)
        lowest[POP_SCALE] = -np.inf
        right = (np.isfinite(table) & (table >= lowest)).all(axis=0)
        if not right.all():
            names = ", ".join(PARAMETERS[k] for k in np.flatnonzero(~right))
            message = f"these must be numbers that are not negative: {names}"
            raise ModelError(message)
        return table

    def _blocks(self, table: NDArray[np.float64], lanes: int, *, count: int) -> Blocks:
        """Make the state before day 0 of so many blocks; lanes that are not used repeat the last one."""
        ways, states, timetable = self.layout.ways, self.layout.states, self.timetable
        places = len(self.layout.places)
        rows = np.minimum(np.arange(count * lanes), len(table) - 1)
        paths = ways.most_paths()
        vectors = states.days_ahead + 1
        ring = _zeros(count, vectors, states.rows, lanes)
        night = len(states.left) + np.arange(places)
        initial = timetable.initial[self.layout.places].astype(np.float64)
        ring[:, -1, night] = initial[:, None]
        people = timetable.population[self.layout.places]
        return Blocks(
            ring=ring.reshape(count, -1, lanes),
            population=np.tile(people[None, :, None], (count, 1, lanes)),
            waiting=np.zeros((count, lanes)),
            inside=np.full((count, lanes), initial.sum()),
            values=np.ascontiguousarray(table[rows].reshape(count, lanes, -1).transpose(0, 2, 1)),
            moves=_zeros(count, paths + places, lanes),
            inverse=_zeros(count, paths, lanes),
            score=_zeros(count, places, lanes),
            morning=np.full(count, -1, dtype=np.int64),
        )

    def _kept(self, places: NDArray[np.int64] | None) -> NDArray[np.int64]:
        return np.arange(len(self.timetable.population)) if places is None else np.asarray(places)

    def _whole(
        self, days: int, blocks: Blocks, kept: NDArray[np.int64], *, wanted: int, tangents: bool = False
    ) -> FlowResult:
        """Compute all days of the lanes wanted."""
        result = FlowResult(np.zeros((days, len(kept), wanted)), np.zeros((days, wanted)))
        for first, last in self._stretches(days, days):
            part = FlowResult(result.stock[first:last], result.on_road[first:last])
            self._live((first, last), blocks, kept, part, tangents=tangents)
        return result

    def _live(
        self,
        days: tuple[int, int],
        blocks: Blocks,
        kept: NDArray[np.int64],
        result: FlowResult,
        *,
        tangents: bool = False,
    ) -> None:
        """Let days pass over which all roads lead to the same places."""
        first, last = days
        course = self._course(first, last - first, tangents=tangents)
        kernel = kernel_of(blocks.ring.shape[2], tangents)
        roads, plan = self._roads(first, kept), self._plan(first)
        kernel(blocks, self._facts, course, roads, plan, (result.stock, result.on_road))

    def _stretches(self, days: int, longest: int) -> Iterator[tuple[int, int]]:
        """Cut the days into stretches (first, last + 1) over which all roads lead to the same places."""
        state = self.timetable.state
        changes = np.append(np.flatnonzero(np.diff(state)) + 1, days + self.layout.states.days_ahead + 1)
        first = 0
        while first < days:
            coming = int(changes[np.searchsorted(changes, first, side="right")])
            last = max(first + 1, coming - self.layout.states.days_ahead)
            yield first, min(last, days, first + longest)
            first = min(last, days, first + longest)

    def _ahead(self, day: int) -> NDArray[np.int64]:
        """Give the state of the roads on one day and those after it that the longest way takes."""
        timetable = self.timetable
        rows = np.minimum(day + np.arange(self.layout.states.days_ahead + 1), timetable.days - 1)
        return timetable.state[rows]

    def _plan(self, day: int) -> Plan:
        key = self._ahead(day)
        found = self._plans.get(key.tobytes())
        if found is None:
            found = plan_of(self.layout, key, self.timetable.arc_open)
            if len(self._plans) >= 8:
                self._plans = {}
            self._plans[key.tobytes()] = found
        return found

    def _roads(self, day: int, kept: NDArray[np.int64]) -> Roads:
        ways, states = self.layout.ways, self.layout.states
        ptr = ways.ptr[self.timetable.state[self.timetable.row(day)]]
        column = np.full(len(self.timetable.population), -1, dtype=np.int64)
        column[kept] = np.arange(len(kept))
        return Roads(
            ptr=ptr - ptr[0],
            dest=ways.dest[ptr[0] : ptr[-1]],
            km=self._facts.km[ptr[0] : ptr[-1]],
            states=len(states.left),
            rows=states.rows,
            vectors=states.days_ahead + 1,
            column=column[self.layout.places],
        )

    def _course(self, day: int, days: int, *, tangents: bool = False, alike: bool = False) -> Course:
        timetable = self.timetable
        lane_of = np.full(len(PARAMETERS), -1, dtype=np.int64)
        if tangents:
            lane_of[self._which] = 1 + np.arange(len(self._which))
        if timetable.law.awareness_level < 0:
            lane_of[PARAMETERS.index("distance_power")] = -1
        when = np.arange(day, day + days)
        return Course(
            first_day=day,
            morning=self._morning[np.minimum(when, len(self._morning) - 1)],
            due=self._due(when),
            mode=MODES[timetable.displacement.departure_mode],
            take=timetable.law.take_from_population,
            lane_of=lane_of,
            alike=alike,
        )

    def _due(self, when: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the mean number of agents who leave on each day by the series: (t,) float64."""
        timetable = self.timetable
        known, recent = timetable.displacement.known_until_day, timetable.recent
        series = np.append(timetable.departures, 0)[np.minimum(when, len(timetable.departures))]
        if known is None:
            return series.astype(np.float64)
        later = recent.mean() / timetable.displacement.people_per_agent if len(recent) else 0.0
        return np.where(when <= known, series, later)

    def _is_drawn(self, day: int) -> bool:
        """Tell whether members differ in how many leave on one day."""
        displacement = self.timetable.displacement
        if displacement.departure_mode != "observed":
            rounded = displacement.departure_mode == "constant" and displacement.people_per_agent > 1
            return displacement.departure_mode == "poisson" or rounded
        known = displacement.known_until_day
        return known is not None and day > known and len(self.timetable.recent) > 0

    def _let_go(self, blocks: Blocks, state: FlowState, *, day: int, draws: Draws) -> None:
        """Let those leave whose number each member draws; where from is not drawn, but at its mean."""
        timetable, places = self.timetable, self.layout.places
        count, _, lanes = blocks.ring.shape
        members = len(state.slots)
        here = np.moveaxis(blocks.population, 1, 2).reshape(count * lanes, -1)[:members]
        population = np.tile(timetable.population, (members, 1))
        population[:, places] = here
        due = np.rint(blocks.waiting.reshape(-1)[:members]).astype(np.int64)
        numbers, waiting = counts_leaving_today(
            timetable, _Origins(state.slots, population, due), day=day, draws=draws
        )
        came = numbers[:, places].astype(np.float64)
        if timetable.displacement.departure_mode == "observed":
            weights = here * self._facts.intensity[self._morning[min(day, len(self._morning) - 1)]]
            total = weights.sum(axis=1, keepdims=True)
            came = numbers.sum(axis=1, keepdims=True) * weights / np.where(total > 0.0, total, 1.0)
        padded = np.zeros((count * lanes, len(places)))
        padded[:members] = came
        by_block = np.moveaxis(padded.reshape(count, lanes, -1), 2, 1)
        row = day % (self.layout.states.days_ahead + 1) * self.layout.states.rows
        blocks.ring[:, row : row + len(places)] += by_block
        blocks.inside[...] += by_block.sum(axis=1)
        blocks.waiting.reshape(-1)[:members] = waiting
        if timetable.law.take_from_population:
            blocks.population[...] = np.maximum(0.0, blocks.population - by_block)
