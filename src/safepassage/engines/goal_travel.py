"""The kernel of the goal law: groups, and people alone in cohorts of those with one destination.

People alone are exchangeable, so only counts are kept: by place and destination, by the link chosen for the
morning, and a calendar of who arrives where on which day. They set out, choose and arrive by conditional
binomials, monotone in luck, in the compiled kernel `alone_kernel`; it is loaded only where somebody is alone
or may come to be. Closures, and holds of whole days, close links to them; holds and roadblocks of some hours
do not slow people alone, and rides, buses and rests are for groups only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import MASK64, Draws
from safepassage.core.engine import Along, DayView, GroupView
from safepassage.core.errors import Fault, InputError, InternalError
from safepassage.core.outcomes import ALL_OUTCOMES, GOING_ON
from safepassage.core.scenario import Departures, GoalLaw, Group, Scenario
from safepassage.engines.goal import link_chances
from safepassage.engines.group_beliefs import ChanceScores
from safepassage.engines.group_state import GroupState
from safepassage.engines.groups import GroupEngine
from safepassage.engines.outcomes import OutcomeTable
from safepassage.engines.roads import closed_arcs

if TYPE_CHECKING:
    from safepassage.engines.alone_kernel import Cells, Hazards, Leaving
    from safepassage.engines.stages import Roads, Ways

FEWEST_ALONE_A_PART = 8

Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True)
class GoalState:
    """Groups and people alone.

    People alone are entries of `cell` and `people`, those of member m from `first[m]` to `first[m + 1]`; how
    cells are numbered is told in `alone_kernel.Cells`.

    Parameters
    ----------
    groups : GroupState or None
    day : int                           last day stepped; -1 before day 0.
    slot, parent : (member,) int64      draw slot of each member, and the slot it was copied from.
    places, arcs, ends, ring : int      sizes of the network, destinations and days of the calendar.
    first : (member + 1,) int64
    cell, people : (n,) int64
    chances : (member, row) float64     chances a day drawn from the scenario's outcomes.
    out : (member, outcome) int64       people alone counted out since the start, by `ALL_OUTCOMES`.
    """

    groups: GroupState | None
    day: int
    slot: NDArray[np.int64]
    parent: NDArray[np.int64]
    places: int
    arcs: int
    ends: int
    ring: int
    first: NDArray[np.int64]
    cell: NDArray[np.int64]
    people: NDArray[np.int64]
    chances: NDArray[np.float64]
    out: NDArray[np.int64]

    @property
    def here(self) -> NDArray[np.int64]:
        """People alone in a town tonight, free to choose, (member, place, destination)."""
        return self._counts(0, self.places)

    @property
    def bound(self) -> NDArray[np.int64]:
        """People in the town where a link begins, to take it next, (member, arc, destination)."""
        return self._counts(self.places, self.arcs)

    @property
    def coming(self) -> NDArray[np.int64]:
        """Those who arrive in 1, 2, … days, (days, member, place, destination)."""
        begin = self.places + self.arcs
        due = [(self.day + 1 + later) % self.ring for later in range(self.ring)]
        return np.stack([self._counts(begin + slot * self.places, self.places) for slot in due])

    def _counts(self, begin: int, many: int) -> NDArray[np.int64]:
        counts = np.zeros((len(self.slot), many, self.ends), dtype=np.int64)
        inside = (self.cell >= begin * self.ends) & (self.cell < (begin + many) * self.ends)
        member = np.repeat(np.arange(len(self.slot)), np.diff(self.first))[inside]
        flat = self.cell[inside] - begin * self.ends
        counts[member, flat // max(self.ends, 1), flat % max(self.ends, 1)] = self.people[inside]
        return counts


@dataclass(frozen=True)
class _Known:
    """What people alone know of the ways on days with one set of closed links."""

    roads: Roads
    ways: Ways


class GoalEngine:
    """Groups and people alone under the goal law; see `core.engine.Engine`.

    Parameters
    ----------
    scenario : Scenario     as known at its as-of date; its law must be a `GoalLaw`.
    days : int              horizon.
    """

    def __init__(self, scenario: Scenario, *, days: int) -> None:
        if not isinstance(scenario.law, GoalLaw):
            message = "people with a destination need the goal law"
            raise InternalError(message)
        self._scenario, self._law = scenario, scenario.law
        self._groups = GroupEngine(scenario, days=days) if scenario.groups else None
        self._closed = closed_arcs(scenario.network, scenario.events, start=scenario.start, days=days)
        self._outcomes = OutcomeTable(scenario)
        self._chances = ChanceScores(self._outcomes.priors)
        self._move_chance = float(scenario.law.move_chance)
        self._alone = bool(scenario.departures) or bool(scenario.groups and self._going_on())
        self._ends = self._destinations() if self._alone else ()
        self._heading = _conditional(self._weights()) if self._ends else np.zeros(0)
        self._departures = self._by_day(days)
        # What is known of the ways follows from the closures of a day; keeping it is no state of the run.
        self._known: dict[bytes, _Known] = {}
        kinds = ["groups"] * bool(scenario.groups) + ["cohorts of people alone"] * bool(scenario.departures)
        # Compiled code gains by threads from few members on, numpy does not.
        self.smallest_part = GroupEngine.smallest_part if scenario.groups else FEWEST_ALONE_A_PART
        self.name = "groups"
        self.reason = (
            f"goal law with {' and '.join(kinds) or 'nobody'}: people with one destination are exchangeable"
        )

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is known of the ways: whoever the engine is sent to finds it out again."""
        return vars(self) | {"_known": {}}

    @property
    def compiles(self) -> bool:
        """Whether a run needs compiled code: only where people are or may come to be alone."""
        return self._alone

    def init(self, *, slots: NDArray[np.int64], draws: Draws) -> GoalState:
        """Draw what could be true on the evening before day 0."""
        network, members = self._scenario.network, len(slots)
        nobody = np.zeros(0, dtype=np.int64)
        return GoalState(
            groups=self._groups.init(slots=slots, draws=draws) if self._groups else None,
            day=-1,
            slot=slots,
            parent=slots,
            places=len(network.places),
            arcs=len(network.arcs[0]),
            ends=len(self._ends),
            ring=self._ring(),
            first=np.zeros(members + 1, dtype=np.int64),
            cell=nobody,
            people=nobody,
            chances=self._outcomes.believed(slots=slots, draws=draws),
            out=np.zeros((members, len(ALL_OUTCOMES)), dtype=np.int64),
        )

    def step(self, state: GoalState, *, day: int, draws: Draws) -> GoalState:
        """Let one day pass: groups → departures → decide → travel → outcomes → arrive."""
        before = groups = state.groups
        if self._groups and groups is not None:
            groups = self._groups.step(groups, day=day, draws=draws)
        if not self._alone:
            return replace(state, groups=groups, day=day)
        from safepassage.engines.alone_kernel import Cells, Luck, Today, desk, live_a_day

        leaving = self._leaving(before, groups, state, day)
        cells = Cells(*map(_writable, (state.first, state.cell, state.people)))
        known = self._ways(day, cells, leaving)
        today = Today(leaving, known.ways, known.roads, self._hazards(state, day))
        luck = Luck(np.uint64(draws.seed & MASK64), state.slot.astype(np.uint64), day, self._move_chance)
        out = state.out.copy()
        evening = live_a_day(cells, today, luck, desk(known.roads, joins=leaving.cell.shape[1]), out)
        first, cell, people = evening
        return replace(state, groups=groups, day=day, first=first, cell=cell, people=people, out=out)

    def observe(self, state: GoalState) -> DayView:
        """Count people in groups and alone by the town where they sleep; the rest is on the road."""
        alone, under_way = self._counted(state)
        if self._groups is None or state.groups is None:
            out = {name: state.out[:, ALL_OUTCOMES.index(name)] for name in self._outcomes.names}
            return DayView(stock=alone, on_road=under_way, outcomes=out)
        view = self._groups.observe(state.groups)
        out = {name: gone + state.out[:, ALL_OUTCOMES.index(name)] for name, gone in view.outcomes.items()}
        return replace(view, stock=view.stock + alone, on_road=view.on_road + under_way, outcomes=out)

    def bodies(self, state: GoalState) -> GroupView | None:
        """Tell where every body of people is; see `core.engine.Tracked`."""
        if self._groups is None or state.groups is None:
            return None
        return self._groups.bodies(state.groups)

    def taken(self, state: GoalState, ancestors: NDArray[np.int64], *, draws: Draws) -> GoalState:
        """Let members go on as copies of others; see `core.engine.Tracked`."""
        if (ancestors == np.arange(len(ancestors))).all():
            return state
        groups = state.groups
        if self._groups and groups is not None:
            groups = self._groups.taken(groups, ancestors, draws=draws)
        many = np.diff(state.first)[ancestors]
        first = np.concatenate([[0], np.cumsum(many)]).astype(np.int64)
        entry = np.arange(first[-1]) - np.repeat(first[:-1] - state.first[ancestors], many)
        copied = ancestors != np.arange(len(ancestors))
        return replace(
            state,
            groups=groups,
            parent=np.where(copied, state.slot[ancestors], state.parent),
            first=first,
            cell=state.cell[entry],
            people=state.people[entry],
            chances=state.chances[ancestors],
            out=state.out[ancestors],
        )

    def scores(self, state: GoalState) -> NDArray[np.float64]:
        """Give beliefs as normal scores; see `core.engine.Tracked`."""
        if self._groups and state.groups is not None:
            return self._groups.scores(state.groups)
        return self._chances.scores(state.chances)

    def believing(self, state: GoalState, scores: NDArray[np.float64]) -> GoalState:
        """Give the state with other beliefs; see `core.engine.Tracked`."""
        if self._groups and state.groups is not None:
            groups = self._groups.believing(state.groups, scores)
            return replace(state, groups=groups, chances=groups.chances)
        return replace(state, chances=self._chances.chances(state.chances, scores))

    def relocated(
        self, state: GoalState, places: NDArray[np.int64], *, column: int, draws: Draws
    ) -> GoalState:
        """Put the people of one column in other places tonight; see `core.engine.Tracked`."""
        engine, groups = self._grouped(state)
        return replace(state, groups=engine.relocated(groups, places, column=column, draws=draws))

    def resized(self, state: GoalState, people: NDArray[np.int64], *, column: int) -> GoalState:
        """Change how many people one column has; see `core.engine.Tracked`."""
        engine, groups = self._grouped(state)
        return replace(state, groups=engine.resized(groups, people, column=column))

    def along(self, state: GoalState, place: int, *, column: int) -> Along:
        """Tell where a place lies on the road of one column; see `core.engine.Tracked`."""
        engine, groups = self._grouped(state)
        return engine.along(groups, place, column=column)

    def tried(self, state: GoalState, *, day: int, draws: Draws, attempt: int) -> GoalState:
        """Give the state after the main bodies' travel of one attempt; see `core.engine.Trying`."""
        engine, groups = self._grouped(state)
        return replace(state, groups=engine.tried(groups, day=day, draws=draws, attempt=attempt))

    def meant(self, state: GoalState, attempts: NDArray[np.int64]) -> GoalState:
        """Choose the luck of the next travel; see `core.engine.Trying`."""
        engine, groups = self._grouped(state)
        return replace(state, groups=engine.meant(groups, attempts))

    def _grouped(self, state: GoalState) -> tuple[GroupEngine, GroupState]:
        if self._groups is None or state.groups is None:
            message = "this scenario has no groups, so it has no columns"
            raise InternalError(message)
        return self._groups, state.groups

    def _counted(self, state: GoalState) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        members = len(state.slot)
        if not self._alone:
            return np.zeros((members, state.places), dtype=np.int64), np.zeros(members, dtype=np.int64)
        from safepassage.engines.alone_kernel import Cells, counted

        cells = Cells(*map(_writable, (state.first, state.cell, state.people)))
        return counted(cells, self._any_roads(), members)

    def _going_on(self) -> bool:
        return any(row.outcome in GOING_ON for row in self._scenario.outcomes)

    def _destinations(self) -> tuple[int, ...]:
        declared = {d.place for group in self._scenario.groups for d in group.destinations if d.weight > 0}
        declared |= {group.route[-1] for group in self._scenario.groups if _only_route(group)}
        # Whoever goes on alone out of a group heads for where its way ends.
        ways = {group.route[-1] for group in self._scenario.groups} | declared
        ends: set[int] = ways if self._going_on() else set()
        faults = []
        for departure in self._scenario.departures:
            ends |= {departure.destination} if departure.destination >= 0 else declared
            if departure.destination < 0 and not declared:
                faults.append(self._aimless(departure))
        if faults:
            raise InputError(faults, "It is not known where people who leave alone are heading.")
        return tuple(sorted(ends))

    def _aimless(self, departure: Departures) -> Fault:
        people = f"{departure.people:,} people who leave on {departure.day}"
        origin = self._scenario.network.places.ids[departure.place]
        return Fault(
            file="departures.csv",
            column="destination",
            found=f"none for {people} from {origin}, and no group whose destination was known yet",
            expected="a destination of their own, or a group whose destination was known at the as-of date",
            mend="fill in `destination`, or choose a later --as-of",
        )

    def _weights(self) -> NDArray[np.float64]:
        """Share of each destination among people whose own is not told: as the groups' were announced."""
        weight = np.zeros(len(self._ends))
        for group in self._scenario.groups:
            for d in group.destinations:
                if d.weight > 0:
                    weight[self._ends.index(d.place)] += d.weight
            if _only_route(group):
                weight[self._ends.index(group.route[-1])] += 1.0
        return weight / weight.sum() if weight.sum() > 0 else weight

    def _by_day(self, days: int) -> dict[int, list[tuple[int, int, int, int]]]:
        """Lay departures out by day: origin, people, number of the row, and destination or -1."""
        found: dict[int, list[tuple[int, int, int, int]]] = {}
        for number, row in enumerate(self._scenario.departures):
            day = (row.day - self._scenario.start).days
            if 0 <= day < days:
                end = self._ends.index(row.destination) if row.destination >= 0 else -1
                found.setdefault(day, []).append((row.place, row.people, number, end))
        return found

    def _leaving(
        self, before: GroupState | None, groups: GroupState | None, state: GoalState, day: int
    ) -> Leaving:
        from safepassage.engines.alone_kernel import Leaving

        rows = np.array(self._departures.get(day, []), dtype=np.int64).reshape(-1, 4)
        place, people, number, end = (np.ascontiguousarray(column) for column in rows.T)
        cell = joining = np.zeros((len(state.slot), 0), dtype=np.int64)
        if self._groups and before is not None and groups is not None and self._going_on():
            town, goal, joining = self._groups.going_on(before, groups)
            cell = town * len(self._ends) + np.searchsorted(self._ends, goal)
        return Leaving(place, people, number, end, _writable(self._heading), cell, joining)

    def _hazards(self, state: GoalState, day: int) -> Hazards:
        from safepassage.engines.alone_kernel import Hazards

        today = self._outcomes.on(day)
        # Nobody rides ahead of himself: these rows are for people in groups.
        alone = np.array([ALL_OUTCOMES[k] not in GOING_ON for k in today.outcome], dtype=bool)
        return Hazards(
            today.row[alone],
            today.status[alone],
            today.country[alone],
            today.outcome[alone],
            _writable(state.chances),
            _writable(self._outcomes.of_place),
            len(self._outcomes.countries),
        )

    def _ring(self) -> int:
        if not self._alone:
            return 1
        from safepassage.engines.stages import ring_days

        return ring_days(self._scenario.network.arcs[2], self._law.speed_km_per_day)

    def _any_roads(self) -> Roads:
        # A list at once: another thread may be adding to the dict.
        known = list(self._known.values())
        return known[0].roads if known else self._roads(self._closed[0])

    def _roads(self, closed: NDArray[np.bool_]) -> Roads:
        from safepassage.engines.stages import roads_of

        network, law = self._scenario.network, self._law
        origin, target, km, _ = network.arcs
        chances = np.stack([link_chances(network, law, end, closed=closed) for end in self._ends])
        ends, speed = np.array(self._ends, dtype=np.int64), law.speed_km_per_day
        return roads_of((origin, target, km), chances, ends, speed_km=speed, places=len(network.places))

    def _ways(self, day: int, cells: Cells, leaving: Leaving) -> _Known:
        """Give what is known of the ways on a day, with the nights of all who may set out."""
        from safepassage.engines.alone_kernel import starts_without_nights
        from safepassage.engines.stages import no_ways, with_nights

        key = self._closed[day].tobytes()
        known = self._known.get(key)
        if known is None:
            roads = self._roads(self._closed[day])
            known = self._known[key] = _Known(roads, no_ways(roads))
        needed = starts_without_nights(cells, leaving, known.ways, known.roads)
        if needed.size:
            # Exchanged as a whole, never changed: another thread may be using it.
            known = self._known[key] = _Known(known.roads, with_nights(known.ways, needed, known.roads))
        return known


def _writable(array: NDArray[Number]) -> NDArray[Number]:
    """Give the array, or a copy if it is locked, as it comes from other processes.

    The kernel would be compiled once more for locked arrays.
    """
    return np.require(array, requirements="W")


def _only_route(group: Group) -> bool:
    """Tell whether a group's route is all that tells its destination; not known yet, it is its origin."""
    return not group.destinations and len(group.route) > 1


def _conditional(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn chances into those of each given that none before it came; the last is one, so nobody is lost."""
    rest = np.cumsum(chances[::-1])[::-1]
    share = np.divide(chances, rest, out=np.zeros_like(chances), where=rest > 0)
    share[-1] = 1.0
    return share
