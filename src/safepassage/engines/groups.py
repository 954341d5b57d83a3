"""Caravans: people who move as one body along a road, member by member of the ensemble.

Every member believes in its own route, pace, patience and appeal, drawn from the priors; each evening its
groups are somewhere, with so many people. The order of a day is the list in `GroupEngine.step`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.core.caravan_priors import DEFAULT_PRIORS
from safepassage.core.draws import Draws, hash64
from safepassage.core.engine import Along, DayView, GroupView
from safepassage.core.errors import InternalError
from safepassage.core.outcomes import ALL_OUTCOMES
from safepassage.core.scenario import GoalLaw, Group, Prior, Scenario
from safepassage.engines import group_parts as parts
from safepassage.engines import group_tracking as tracking
from safepassage.engines.group_beliefs import Beliefs
from safepassage.engines.group_count import bodies, counted
from safepassage.engines.group_size import PoolTable, join, leave
from safepassage.engines.group_state import (
    DISSOLVED,
    SEGMENTS,
    WAITING,
    Body,
    GroupState,
    body_of,
    owned,
    write,
)
from safepassage.engines.group_travel import Ground, travel
from safepassage.engines.group_ways import Ways
from safepassage.engines.luck import prior_quantile
from safepassage.engines.outcomes import GOING_ON_NUMBERS, OutcomeTable
from safepassage.engines.roads import Barriers, Today, road_table

GROUNDS_KEPT = 63
# Between the slots whose luck two attempts have: more than members anybody runs.
OWN_LUCK, ATTEMPT_SLOTS = np.int64(0), np.int64(1 << 40)


NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class _Day:
    """What is the same for all bodies of people on one day."""

    ground: Ground
    events: Today
    draws: Draws


class GroupEngine:
    """The kernel for groups; see `core.engine.Engine`.

    Parameters
    ----------
    scenario : Scenario     as known at its as-of date; its law must be a `GoalLaw`.
    days : int              horizon, needed to lay known events out.
    """

    name = "groups"
    reason = "the scenario has groups that move as one body"
    # numpy on fewer members than this leaves the threads waiting for the interpreter
    smallest_part = 2000

    def __init__(self, scenario: Scenario, *, days: int) -> None:
        if not isinstance(scenario.law, GoalLaw):
            message = "groups need the goal law"
            raise InternalError(message)
        self._scenario = scenario
        self._network = scenario.network
        self._groups = scenario.groups
        self._priors = {prior.name: prior for prior in DEFAULT_PRIORS} | scenario.priors
        self._outcomes = OutcomeTable(scenario)
        self._beliefs = Beliefs(self._priors, self._outcomes.priors, groups=len(self._groups))
        pools = [(g, pool) for g, group in enumerate(self._groups) for pool in group.joiners]
        places = scenario.network.places
        where = np.array([pool.place for _, pool in pools], dtype=np.int64)
        self._pools = PoolTable(np.array([g for g, _ in pools]), places.lat[where], places.lon[where])
        self._pool_priors = [
            Prior("pool", "lognormal", max(pool.low, 1.0), max(pool.high, 1.0), pool.reason, pool.source)
            for _, pool in pools
        ]
        # Towns of one country answer a call together: their pools share one luck.
        countries = sorted(set(places.countries))
        self._pool_luck = [
            1 + countries.index(places.countries[pool.place]) + len(countries) * g for g, pool in pools
        ]
        self._ways = Ways(scenario, scenario.law)
        self._barriers = Barriers(
            self._network, self._ways.pairs, scenario.events, start=scenario.start, days=days
        )
        # The ground follows from the routes in a state; keeping the last ones is no state of the run.
        self._grounds: dict[tuple[tuple[int, ...], ...], Ground] = {}

    def init(self, *, slots: NDArray[np.int64], draws: Draws) -> GroupState:
        """Draw route, size, pools and beliefs of every member; nobody has set out."""
        members, n = len(slots), len(self._groups)
        shape = (members, SEGMENTS * n)
        drawn = [self._ways.first(g, slots=slots, draws=draws) for g in range(len(self._groups))]
        routes = tuple(dict.fromkeys(route for of_group in drawn for route in of_group))
        row = {route: number for number, route in enumerate(routes)}

        def believe(prior: Prior, entity: int) -> NDArray[np.float64]:
            return prior_quantile(prior, draws.uniform(prior.name, day=0, slots=slots, entity=entity))

        groups = range(len(self._groups))
        beliefs = {
            name: np.stack([believe(prior, g) for g in groups], axis=1)
            for name, prior in self._priors.items()
        }
        first = [_first_size(group, draws, slots, g) for g, group in enumerate(self._groups)]
        pool_people = [
            believe(prior, entity) for entity, prior in zip(self._pool_luck, self._pool_priors, strict=True)
        ]
        spell = np.stack([draws.uniform("first spell", day=0, slots=slots, entity=g) for g in groups], axis=1)
        zero = np.zeros(shape, dtype=np.int64)
        walks = np.array([[row[route] for route in of_group] for of_group in drawn], dtype=np.int64).T
        who = [hash64(0, 0, 0, g, 0) for g in groups] + [0] * (2 * n)

        def of_main(values: NDArray[Any], rest: Any) -> NDArray[Any]:
            table = np.full(shape, rest, dtype=values.dtype)
            table[:, :n] = values
            return table

        return GroupState(
            day=-1,
            slot=slots,
            parent=slots,
            identity=np.tile(np.array(who, dtype=np.uint64), (members, 1)),
            overflow=np.zeros(members, dtype=np.int64),
            alive=of_main(np.ones((members, n), dtype=bool), rest=False),
            routes=routes,
            route=np.tile(walks, (1, SEGMENTS)),
            stop=zero,
            km=np.zeros(shape),
            cleared=zero,
            waited_days=np.zeros(shape),
            luck_slot=np.repeat(slots[:, None], shape[1], axis=1),
            riding=of_main(spell < beliefs["ride_chance"], rest=False),
            mode=of_main(np.full((members, n), WAITING, dtype=np.int8), rest=DISSOLVED),
            size=of_main(np.stack(first, axis=1), rest=0),
            joined=zero,
            out=np.zeros((*shape, len(ALL_OUTCOMES)), dtype=np.int64),
            pools=np.rint(np.stack(pool_people, axis=1)).astype(np.int64)
            if pool_people
            else np.zeros((members, 0), np.int64),
            beliefs=beliefs,
            chances=self._outcomes.believed(slots=slots, draws=draws),
            attempt=np.zeros((members, n), dtype=np.int64),
        )

    def step(self, state: GroupState, *, day: int, draws: Draws) -> GroupState:
        """Let one day pass: events → travel → part → outcomes (leave, join) → regroup → dissolve."""
        ground = self._ground(state)
        today = _Day(ground, self._barriers.on(day), draws)
        state = owned(replace(state, day=day))
        n = len(self._groups)
        for g in range(n):
            before = parts.morning(state, g)
            self._travel(body_of(state, g), state, today, attempt=state.attempt[:, g])
            advance, rear = parts.part(state, g, before=before, draws=draws)
            self._leave(body_of(state, g), state, today)
            self._join(state, g, today)
            self._go_apart(state, n + g, today, sets_out=advance)
            self._go_apart(state, 2 * n + g, today, stays=rear)
            parts.regroup(state, g, roads=ground.roads, draws=draws)
            parts.dissolve(state, g)
            parts.relabel(state, g)
        state.attempt[:] = 0
        return state

    def tried(self, state: GroupState, *, day: int, draws: Draws, attempt: int) -> GroupState:
        """Give the state after the main bodies' travel of one attempt; see `core.engine.Trying`."""
        today = _Day(self._ground(state), self._barriers.on(day), draws)
        state = owned(replace(state, day=day))
        for g in range(len(self._groups)):
            self._travel(body_of(state, g), state, today, attempt=np.int64(attempt))
        return state

    def meant(self, state: GroupState, attempts: NDArray[np.int64]) -> GroupState:
        """Choose the luck of the next travel; see `core.engine.Trying`."""
        return replace(state, attempt=attempts)

    def observe(self, state: GroupState) -> DayView:
        """Count people of groups by the town where they sleep; the rest sleep on the road."""
        places, names = len(self._network.places), self._outcomes.names
        return counted(state, self._ground(state), places=places, names=names)

    def bodies(self, state: GroupState) -> GroupView:
        """Tell where every body of people is; see `core.engine.Tracked`."""
        return bodies(state, self._ground(state))

    def going_on(self, before: GroupState, after: GroupState) -> tuple[NDArray[np.int64], ...]:
        """Give who left between two evenings to go on alone: town, destination, people, (member, group)."""
        roads = self._ground(after).roads
        new = (after.out - before.out)[:, :, list(GOING_ON_NUMBERS)].sum(axis=2)
        end = roads.place[after.route, roads.stops[after.route] - 1]
        return roads.place[after.route, after.stop], end, new

    def taken(self, state: GroupState, ancestors: NDArray[np.int64], *, draws: Draws) -> GroupState:
        """Let members go on as copies of others; see `core.engine.Tracked`."""
        return tracking.taken(state, ancestors, on=self._on(state), draws=draws)

    def scores(self, state: GroupState) -> NDArray[np.float64]:
        """Give beliefs as normal scores; see `core.engine.Tracked`."""
        return self._beliefs.scores(state)

    def believing(self, state: GroupState, scores: NDArray[np.float64]) -> GroupState:
        """Give the state with other beliefs; see `core.engine.Tracked`."""
        return self._beliefs.believing(state, scores)

    def relocated(
        self, state: GroupState, places: NDArray[np.int64], *, column: int, draws: Draws
    ) -> GroupState:
        """Put the people of one column in other places tonight; see `core.engine.Tracked`."""
        return tracking.relocated(state, places, column, on=self._on(state), draws=draws)

    def resized(self, state: GroupState, people: NDArray[np.int64], *, column: int) -> GroupState:
        """Change how many people one column has; see `core.engine.Tracked`."""
        return tracking.resized(state, people, column, on=self._on(state))

    def along(self, state: GroupState, place: int, *, column: int) -> Along:
        """Tell where a place lies on the road of one column; see `core.engine.Tracked`."""
        return tracking.along(state, self._ground(state).roads, column, away_km=self._ways.km_to(place))

    def _travel(
        self,
        body: Body,
        state: GroupState,
        today: _Day,
        *,
        attempt: NDArray[np.int64] | np.int64 = OWN_LUCK,
    ) -> None:
        lucky = replace(body, slot=body.slot + ATTEMPT_SLOTS * attempt)
        moved = travel(lucky, today.ground, today=today.events, day=state.day, draws=today.draws)
        # Only the luck of this day is another one: at barriers everybody keeps its own.
        lasting = np.where(moved.waited_days > 0, body.luck_slot, body.slot)
        write(state, body.members, body.column, vars(moved) | {"luck_slot": lasting})

    def _leave(self, body: Body, state: GroupState, today: _Day) -> None:
        place = today.ground.roads.place[body.route, body.stop]
        gone = leave(body, self._outcomes, day=state.day, place=place, draws=today.draws)
        state.size[body.members, body.column] -= gone.sum(axis=1)
        state.out[body.members, body.column] += gone

    def _join(self, state: GroupState, g: int, today: _Day) -> None:
        place = today.ground.roads.place[state.route[:, g], state.stop[:, g]]
        here = self._network.places.lat[place], self._network.places.lon[place]
        days_on_road = max(0, state.day - int(today.ground.start_day[g]))
        come, left = join(state, self._pools, g, here=here, days_on_road=days_on_road, draws=today.draws)
        state.size[:, g] += come
        state.joined[:, g] += come
        state.pools[:] = left

    def _go_apart(
        self,
        state: GroupState,
        column: int,
        today: _Day,
        *,
        sets_out: NDArray[np.int64] = NOBODY,
        stays: NDArray[np.int64] = NOBODY,
    ) -> None:
        """Let the parts in one column have their day; `sets_out`, `stays`: members where it formed today."""
        who = np.flatnonzero(state.alive[:, column])
        if who.size == 0:
            return
        goes = np.setdiff1d(who, stays, assume_unique=True)
        body = body_of(state, column, goes)
        self._travel(parts.paced(body, sets_out=np.isin(goes, sets_out), draws=today.draws), state, today)
        self._leave(body_of(state, column, who), state, today)

    def _on(self, state: GroupState) -> tracking.On:
        return tracking.On(self._ways, self._ground(state).roads)

    def _ground(self, state: GroupState) -> Ground:
        known = self._grounds.get(state.routes)
        if known is not None:
            return known
        table = road_table(self._network, state.routes, pairs=self._ways.pairs)
        start = self._scenario.start
        people = np.maximum(self._network.places.population, 0).astype(float)
        ground = Ground(
            roads=table,
            town_people=people[table.place],
            start_day=np.array([(group.departs - start).days for group in self._groups]),
        )
        # Members in several parts have several sets of routes, and take turns.
        kept = dict(list(self._grounds.items())[-GROUNDS_KEPT:])
        self._grounds = {**kept, state.routes: ground}
        return ground


def _first_size(group: Group, draws: Draws, slots: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    prior = Prior("first size", "lognormal", max(group.size_low, 1.0), max(group.size_high, 1.0), "", "")
    u = draws.uniform(prior.name, day=0, slots=slots, entity=number)
    return np.rint(prior_quantile(prior, u)).astype(np.int64)
