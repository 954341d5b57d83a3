"""Caravans: people who move as one body along a road, member by member of the ensemble.

Every member believes in its own route, pace, patience and appeal, drawn from the priors; each evening its
groups are somewhere, with so many people. The order of a day is the list in `GroupEngine.step`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.core.caravan_priors import DEFAULT_PRIORS
from safepassage.core.draws import Draws, hash64
from safepassage.core.engine import Along, DayView, GroupView
from safepassage.core.errors import InternalError
from safepassage.core.outcomes import ALL_OUTCOMES, LEFT
from safepassage.core.scenario import GoalLaw, Group, Prior, Scenario
from safepassage.engines import group_tracking as tracking
from safepassage.engines.group_beliefs import Beliefs
from safepassage.engines.group_size import PoolTable, join, leave
from safepassage.engines.group_state import DISSOLVED, WAITING, GroupState
from safepassage.engines.group_travel import Ground, Moved, travel
from safepassage.engines.group_ways import Ways
from safepassage.engines.luck import prior_quantile
from safepassage.engines.outcomes import GOING_ON_NUMBERS, OutcomeTable
from safepassage.engines.roads import Barriers, road_table

# People of a group that sleep farther than this from a town sleep on the road.
TOWN_RADIUS_KM = 15.0
# A group that has become this small is a group no longer; its people are counted as having left it.
DISSOLVED_BELOW_PEOPLE = 20
GROUNDS_KEPT = 63


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
        members = len(slots)
        shape = (members, len(self._groups))
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
        size = np.stack([_first_size(group, draws, slots, g) for g, group in enumerate(self._groups)], axis=1)
        pools = [
            believe(prior, entity) for entity, prior in zip(self._pool_luck, self._pool_priors, strict=True)
        ]
        chance = beliefs["ride_chance"]
        spell = np.stack([draws.uniform("first spell", day=0, slots=slots, entity=g) for g in groups], axis=1)
        zero = np.zeros(shape, dtype=np.int64)
        return GroupState(
            day=-1,
            slot=slots,
            parent=slots,
            identity=np.tile(
                np.array([hash64(0, 0, 0, g, 0) for g in groups], dtype=np.uint64), (members, 1)
            ),
            overflow=np.zeros(members, dtype=np.int64),
            alive=np.ones(shape, dtype=bool),
            routes=routes,
            route=np.array([[row[route] for route in of_group] for of_group in drawn], dtype=np.int64).T,
            stop=zero,
            km=np.zeros(shape),
            cleared=zero,
            waited_days=np.zeros(shape),
            luck_slot=np.repeat(slots[:, None], shape[1], axis=1),
            riding=spell < chance,
            mode=np.full(shape, WAITING, dtype=np.int8),
            size=size,
            joined=zero,
            out=np.zeros((*shape, len(ALL_OUTCOMES)), dtype=np.int64),
            pools=np.rint(np.stack(pools, axis=1)).astype(np.int64)
            if pools
            else np.zeros((members, 0), np.int64),
            beliefs=beliefs,
            chances=self._outcomes.believed(slots=slots, draws=draws),
        )

    def step(self, state: GroupState, *, day: int, draws: Draws) -> GroupState:
        """Let one day pass: events → travel → outcomes (leave, join, dissolve)."""
        ground = self._ground(state)
        today = self._barriers.on(day)
        state = replace(state, day=day)
        for g in range(len(self._groups)):
            moved = travel(state, ground, g, today=today, day=day, draws=draws)
            state = _move(state, moved, g)
            place = ground.roads.place[state.route[:, g], state.stop[:, g]]
            places = self._network.places
            gone = leave(state, self._outcomes, g, place=place, draws=draws)
            here = places.lat[place], places.lon[place]
            days_on_road = max(0, day - int(ground.start_day[g]))
            come, pools = join(state, self._pools, g, here=here, days_on_road=days_on_road, draws=draws)
            state = _dissolve(_changed(state, g, gone=gone, come=come, pools=pools), g)
        return state

    def observe(self, state: GroupState) -> DayView:
        """Count people of groups by the town where they sleep; the rest sleep on the road.

        Before the eve of its departure a group is at home: it counts as a reservoir, not as guests of a town.
        """
        ground = self._ground(state)
        members = len(state.slot)
        stock = np.zeros((members, len(self._network.places)), dtype=np.int64)
        on_road, at_home = np.zeros(members, dtype=np.int64), np.zeros(members, dtype=np.int64)
        tails = np.zeros(state.km.shape)
        for g in range(len(self._groups)):
            if state.day + 1 < ground.start_day[g]:
                at_home += state.size[:, g]
                continue
            started = state.mode[:, g] != WAITING
            length = np.where(started, state.beliefs["length_km"][:, g], 0.0)
            tails[:, g] = np.maximum(0.0, state.km[:, g] - length)
            on_road += _spread(ground, state, g, tails[:, g], stock)
        view = GroupView(
            head_km=state.km,
            tail_km=tails,
            place=ground.roads.place[state.route, state.stop],
            beyond_km=state.km - ground.roads.km[state.route, state.stop],
            size=state.size,
            mode=state.mode,
            alive=state.alive,
            joined=state.joined,
            left=state.left,
        )
        gone, to_come = state.out.sum(axis=1), state.pools.sum(axis=1) + at_home
        told = {name: gone[:, ALL_OUTCOMES.index(name)] for name in (LEFT, *self._outcomes.names)}
        return DayView(stock=stock, on_road=on_road, outcomes=told, reservoir=to_come, groups=view)

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


def _with_column(table: NDArray[Any], column: int, values: NDArray[Any]) -> NDArray[Any]:
    changed = table.copy()
    changed[:, column] = values
    return changed


def _move(state: GroupState, moved: Moved, g: int) -> GroupState:
    return replace(
        state,
        stop=_with_column(state.stop, g, moved.stop),
        km=_with_column(state.km, g, moved.km),
        cleared=_with_column(state.cleared, g, moved.cleared),
        waited_days=_with_column(state.waited_days, g, moved.waited_days),
        # The barrier it waits at stays the same one; for the next its luck is its own.
        luck_slot=_with_column(
            state.luck_slot, g, np.where(moved.waited_days > 0, state.luck_slot[:, g], state.slot)
        ),
        riding=_with_column(state.riding, g, moved.riding),
        mode=_with_column(state.mode, g, moved.mode),
    )


def _changed(
    state: GroupState, g: int, *, gone: NDArray[np.int64], come: NDArray[np.int64], pools: NDArray[np.int64]
) -> GroupState:
    """Let people leave, (member, outcome), and join, (member,)."""
    return replace(
        state,
        size=_with_column(state.size, g, state.size[:, g] - gone.sum(axis=1) + come),
        joined=_with_column(state.joined, g, state.joined[:, g] + come),
        out=_with_column(state.out, g, state.out[:, g] + gone),
        pools=pools,
    )


def _dissolve(state: GroupState, g: int) -> GroupState:
    size, out = state.size[:, g], state.out[:, g].copy()
    over = state.alive[:, g] & (state.mode[:, g] != WAITING) & (size < DISSOLVED_BELOW_PEOPLE)
    out[:, 0] += np.where(over, size, 0)  # where to is not known
    return replace(
        state,
        alive=_with_column(state.alive, g, state.alive[:, g] & ~over),
        mode=_with_column(state.mode, g, np.where(over, DISSOLVED, state.mode[:, g])),
        size=_with_column(state.size, g, np.where(over, 0, size)),
        out=_with_column(state.out, g, out),
    )


def _spread(
    ground: Ground, state: GroupState, g: int, tail_km: NDArray[np.float64], stock: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Add one group's people to the towns where they sleep; give those who sleep on the road, (member,).

    People are spread evenly from tail to head, and sleep in the nearest town of the route if it is within
    `TOWN_RADIUS_KM`. Rounding differences of one cumulative count keep the sum exact.
    """
    km = ground.roads.km[state.route[:, g]]
    middle = np.where(np.isfinite(km[:, 1:]), (km[:, :-1] + km[:, 1:]) / 2, np.inf)
    edge = np.full((len(km), 1), np.inf)
    low = np.maximum(np.concatenate([-edge, middle], axis=1), km - TOWN_RADIUS_KM)
    high = np.minimum(np.concatenate([middle, edge], axis=1), km + TOWN_RADIUS_KM)
    head, size = state.km[:, g][:, None], state.size[:, g][:, None]
    length = np.maximum(head - tail_km[:, None], 1e-9)
    below = np.rint(size * np.clip((low - head) / length + 1.0, 0.0, 1.0))
    upto = np.rint(size * np.clip((high - head) / length + 1.0, 0.0, 1.0))
    people = np.where(np.isfinite(km), upto - below, 0.0).astype(np.int64)
    members = np.broadcast_to(np.arange(len(km))[:, None], people.shape)
    np.add.at(stock, (members, ground.roads.place[state.route[:, g]]), people)
    return np.asarray(state.size[:, g] - people.sum(axis=1))
