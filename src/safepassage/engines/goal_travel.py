"""The kernel of the goal law: groups, and people alone in cohorts of those with one destination.

People alone are exchangeable, so only counts are kept: by place and destination, by the link chosen for the
morning, and a calendar of who arrives where in how many days. They set out, choose and arrive by conditional
binomials, monotone in luck. Closures, and holds of whole days, close links to them; holds and roadblocks of
some hours do not slow people alone, and rides, buses and rests are for groups only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.core.engine import DayView
from safepassage.core.errors import Fault, InputError, InternalError
from safepassage.core.scenario import Departures, GoalLaw, Group, Scenario
from safepassage.engines.goal import link_chances
from safepassage.engines.group_state import GroupState
from safepassage.engines.groups import GroupEngine
from safepassage.engines.luck import binomial_quantile
from safepassage.engines.roads import closed_arcs
from safepassage.engines.stages import NO_ARC, Stage, Stages

# Stages of one start have luck of their own: more than there are places and links together.
MOST_STAGES = 1 << 24


@dataclass(frozen=True)
class GoalState:
    """Groups and people alone.

    Parameters
    ----------
    groups : GroupState or None
    day : int                           last day stepped; -1 before day 0.
    slot, parent : (member,) int64      draw slot of each member, and the slot it was copied from.
    here : (member, place, destination) int64       people alone in a town tonight, free to choose.
    bound : (member, arc, destination) int64        in the town where that link begins, to take it next.
    coming : (days, member, place, destination) int64   who arrives in 1, 2, … days.
    """

    groups: GroupState | None
    day: int
    slot: NDArray[np.int64]
    parent: NDArray[np.int64]
    here: NDArray[np.int64]
    bound: NDArray[np.int64]
    coming: NDArray[np.int64]


@dataclass(frozen=True)
class _Morning:
    """People with one destination: (member, place) free to choose, (member, arc) who chose; its number."""

    here: NDArray[np.int64]
    bound: NDArray[np.int64]
    end: int


@dataclass(frozen=True)
class _Evening:
    """Where the day ends for all destinations; shapes as in `GoalState`."""

    bound: NDArray[np.int64]
    coming: NDArray[np.int64]


class GoalEngine:
    """Groups and people alone under the goal law; see `core.engine.Engine`.

    Parameters
    ----------
    scenario : Scenario     as known at its as-of date; its law must be a `GoalLaw`.
    days : int              horizon.
    """

    smallest_part = GroupEngine.smallest_part

    def __init__(self, scenario: Scenario, *, days: int) -> None:
        if not isinstance(scenario.law, GoalLaw):
            message = "people with a destination need the goal law"
            raise InternalError(message)
        self._scenario, self._law = scenario, scenario.law
        self._groups = GroupEngine(scenario, days=days) if scenario.groups else None
        self._closed = closed_arcs(scenario.network, scenario.events, start=scenario.start, days=days)
        self._ends = self._destinations()
        self._stages: dict[tuple[int, bytes], Stages] = {}
        kinds = ["groups"] * bool(scenario.groups) + ["cohorts of people alone"] * bool(scenario.departures)
        self.name = "groups"
        self.reason = (
            f"goal law with {' and '.join(kinds) or 'nobody'}: people with one destination are exchangeable"
        )

    def init(self, *, slots: NDArray[np.int64], draws: Draws) -> GoalState:
        """Draw what could be true on the evening before day 0."""
        groups = self._groups.init(slots=slots, draws=draws) if self._groups else None
        network, members = self._scenario.network, len(slots)
        ends = len(self._ends)
        longest = float(network.arcs[2].max(initial=0.0))
        ahead = max(1, int(np.ceil(longest / self._law.speed_km_per_day))) + 1 if ends else 1
        return GoalState(
            groups=groups,
            day=-1,
            slot=slots,
            parent=slots,
            here=np.zeros((members, len(network.places), ends), dtype=np.int64),
            bound=np.zeros((members, len(network.arcs[0]), ends), dtype=np.int64),
            coming=np.zeros((ahead, members, len(network.places), ends), dtype=np.int64),
        )

    def step(self, state: GoalState, *, day: int, draws: Draws) -> GoalState:
        """Let one day pass: groups → departures → decide → travel → arrive."""
        groups = state.groups
        if self._groups and groups is not None:
            groups = self._groups.step(groups, day=day, draws=draws)
        if not self._ends:
            return replace(state, groups=groups, day=day)
        here = state.here + self._departing(state, day=day, draws=draws)
        evening = _Evening(np.zeros_like(state.bound), state.coming.copy())
        for number, end in enumerate(self._ends):
            morning = _Morning(here[:, :, number], state.bound[:, :, number].copy(), number)
            self._travel(morning, evening, self._day_stages(end, day), (state.slot, day, draws))
            evening.bound[:, :, number] += morning.bound
        coming = evening.coming
        return replace(
            state,
            groups=groups,
            day=day,
            here=here + coming[0],
            bound=evening.bound,
            coming=np.concatenate([coming[1:], np.zeros_like(coming[:1])]),
        )

    def observe(self, state: GoalState) -> DayView:
        """Count people in groups and alone by the town where they sleep; the rest is on the road."""
        alone, under_way = state.here.sum(axis=2), state.coming.sum(axis=(0, 2, 3))
        np.add.at(alone.T, self._scenario.network.arcs[0], state.bound.sum(axis=2).T)
        if self._groups is None or state.groups is None:
            return DayView(stock=alone, on_road=under_way)
        view = self._groups.observe(state.groups)
        return replace(view, stock=view.stock + alone, on_road=view.on_road + under_way)

    def _destinations(self) -> tuple[int, ...]:
        declared = {d.place for group in self._scenario.groups for d in group.destinations if d.weight > 0}
        declared |= {group.route[-1] for group in self._scenario.groups if _only_route(group)}
        ends: set[int] = set()
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

    def _departing(self, state: GoalState, *, day: int, draws: Draws) -> NDArray[np.int64]:
        leaving = np.zeros_like(state.here)
        for number, row in enumerate(self._scenario.departures):
            if (row.day - self._scenario.start).days != day:
                continue
            if row.destination >= 0:
                leaving[:, row.place, self._ends.index(row.destination)] += row.people
                continue
            chances = self._weights()
            left = np.full(len(state.slot), row.people, dtype=np.int64)
            for k, share in enumerate(_conditional(chances)):
                u = draws.uniform("heading", day=day, slots=state.slot, entity=number * len(chances) + k)
                part = binomial_quantile(u, left, np.full(len(left), share))
                leaving[:, row.place, k] += part
                left = left - part
        return leaving

    def _day_stages(self, end: int, day: int) -> Stages:
        closed = self._closed[day]
        key = (end, closed.tobytes())
        if key not in self._stages:
            network = self._scenario.network
            origin, target, km, _ = network.arcs
            chances = link_chances(network, self._law, end, closed=closed)
            speed = self._law.speed_km_per_day
            self._stages[key] = Stages((origin, target, km), chances, end, speed_km_per_day=speed)
        return self._stages[key]

    def _travel(
        self,
        morning: _Morning,
        evening: _Evening,
        stages: Stages,
        luck: tuple[NDArray[np.int64], int, Draws],
    ) -> None:
        """Take people with one destination through the day; who stays is left in `morning`."""
        origin = self._scenario.network.arcs[0]
        places = morning.here.shape[1]
        for arc in np.flatnonzero(morning.bound.any(axis=0)).tolist():
            if not stages.of_arc(arc):  # closed overnight, or leading nowhere now: they choose anew
                morning.here[:, origin[arc]] += morning.bound[:, arc]
                morning.bound[:, arc] = 0
                continue
            self._set_out(morning.bound[:, arc], stages.of_arc(arc), places + arc, (morning, evening), luck)
        for place in np.flatnonzero(morning.here.any(axis=0)).tolist():
            if stages.of_place(place):
                self._set_out(morning.here[:, place], stages.of_place(place), place, (morning, evening), luck)

    def _set_out(
        self,
        staying: NDArray[np.int64],
        stages: list[Stage],
        cell: int,
        frame: tuple[_Morning, _Evening],
        luck: tuple[NDArray[np.int64], int, Draws],
    ) -> None:
        """Move some of those `staying` in one cell, a view of a column of the morning, to their nights."""
        slots, day, draws = luck
        end, evening = frame[0].end, frame[1]
        entity = (cell * len(self._ends) + end) * MOST_STAGES
        u = draws.uniform("set out", day=day, slots=slots, entity=entity)
        left = binomial_quantile(u, staying, np.full(len(staying), self._law.move_chance))
        staying -= left
        shares = _conditional(np.array([stage.chance for stage in stages]))
        for k, (stage, share) in enumerate(zip(stages, shares, strict=True)):
            u = draws.uniform("stage", day=day, slots=slots, entity=entity + k)
            part = binomial_quantile(u, left, np.full(len(left), share))
            if stage.arc == NO_ARC:
                evening.coming[stage.days - 1, :, stage.place, end] += part
            else:
                evening.bound[:, stage.arc, end] += part
            left = left - part


def _only_route(group: Group) -> bool:
    """Tell whether a group's route is all that tells its destination; not known yet, it is its origin."""
    return not group.destinations and len(group.route) > 1


def _conditional(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn chances into those of each given that none before it came; the last is one, so nobody is lost."""
    rest = np.cumsum(chances[::-1])[::-1]
    share = np.divide(chances, rest, out=np.zeros_like(chances), where=rest > 0)
    share[-1] = 1.0
    return share
