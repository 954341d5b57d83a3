"""The kernel of the goal law: groups, and people alone in cohorts of those with one destination.

People alone are exchangeable, so only counts are kept: (member, place, destination), and a calendar of who
arrives where in how many days. They set out, choose and arrive by conditional binomials, monotone in luck.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.core.engine import DayView
from safepassage.core.errors import InternalError
from safepassage.core.scenario import GoalLaw, Scenario
from safepassage.engines.goal import link_chances
from safepassage.engines.group_state import GroupState
from safepassage.engines.groups import GroupEngine
from safepassage.engines.luck import binomial_quantile
from safepassage.engines.roads import closed_arcs
from safepassage.engines.stages import Stage, day_stages


@dataclass(frozen=True)
class GoalState:
    """Groups and people alone.

    Parameters
    ----------
    groups : GroupState or None
    slot : (member,) int64
    here : (member, place, destination) int64           people alone in a town tonight.
    coming : (days, member, place, destination) int64   who arrives in 1, 2, … days.
    """

    groups: GroupState | None
    slot: NDArray[np.int64]
    here: NDArray[np.int64]
    coming: NDArray[np.int64]


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
        self._ends = self._destinations()
        self._stages: dict[tuple[int, bytes], list[list[Stage]]] = {}
        kinds = ["groups"] * bool(scenario.groups) + ["cohorts of people alone"] * bool(scenario.departures)
        self.name = "groups"
        self.reason = (
            f"goal law with {' and '.join(kinds) or 'nobody'}: people with one destination are exchangeable"
        )

    def init(self, *, members: int, draws: Draws) -> GoalState:
        """Draw what could be true on the evening before day 0."""
        groups = self._groups.init(members=members, draws=draws) if self._groups else None
        shape = (members, len(self._scenario.network.places), len(self._ends))
        longest = float(self._scenario.network.arcs[2].max(initial=0.0))
        ahead = max(1, int(np.ceil(longest / self._law.speed_km_per_day))) + 1 if self._ends else 1
        empty = np.zeros(shape, dtype=np.int64)
        return GoalState(groups, np.arange(members), empty, np.zeros((ahead, *shape), dtype=np.int64))

    def step(self, state: GoalState, *, day: int, draws: Draws) -> GoalState:
        """Let one day pass: groups → departures → decide → travel → arrive."""
        groups = state.groups
        if self._groups and groups is not None:
            groups = self._groups.step(groups, day=day, draws=draws)
        if not self._ends:
            return replace(state, groups=groups)
        here = state.here + self._departing(state, day=day, draws=draws)
        coming = state.coming.copy()
        for number, end in enumerate(self._ends):
            stages = self._day_stages(end, day)
            for place in np.flatnonzero(here[:, :, number].any(axis=0)):
                if place != end and stages[place]:
                    self._set_out(here, coming, (int(place), number), stages[place], day=day, draws=draws)
        here += coming[0]
        coming = np.concatenate([coming[1:], np.zeros_like(coming[:1])])
        return replace(state, groups=groups, here=here, coming=coming)

    def observe(self, state: GoalState) -> DayView:
        """Count people in groups and alone by the town where they sleep; the rest is on the road."""
        alone, under_way = state.here.sum(axis=2), state.coming.sum(axis=(0, 2, 3))
        if self._groups is None or state.groups is None:
            return DayView(stock=alone, on_road=under_way)
        view = self._groups.observe(state.groups)
        return replace(view, stock=view.stock + alone, on_road=view.on_road + under_way)

    def _destinations(self) -> tuple[int, ...]:
        declared = {d.place for group in self._scenario.groups for d in group.destinations}
        declared |= {group.route[-1] for group in self._scenario.groups if not group.destinations}
        ends: set[int] = set()
        for departure in self._scenario.departures:
            ends |= {departure.destination} if departure.destination >= 0 else declared
        return tuple(sorted(ends))

    def _weights(self) -> NDArray[np.float64]:
        """Share of each destination among people whose own is not told: as the groups' were announced."""
        weight = np.zeros(len(self._ends))
        for group in self._scenario.groups:
            for d in group.destinations:
                weight[self._ends.index(d.place)] += d.weight
            if not group.destinations:
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

    def _day_stages(self, end: int, day: int) -> list[list[Stage]]:
        closed = self._closed[day]
        key = (end, closed.tobytes())
        if key not in self._stages:
            network = self._scenario.network
            origin, target, km, _ = network.arcs
            chances = link_chances(network, self._law, end, closed=closed)
            self._stages[key] = day_stages(
                (origin, target, km),
                chances,
                end,
                places=len(network.places),
                speed_km_per_day=self._law.speed_km_per_day,
            )
        return self._stages[key]

    def _set_out(
        self,
        here: NDArray[np.int64],
        coming: NDArray[np.int64],
        cell: tuple[int, int],
        stages: list[Stage],
        *,
        day: int,
        draws: Draws,
    ) -> None:
        place, end = cell
        slots, staying = np.arange(len(here)), here[:, place, end]
        entity = (place * len(self._ends) + end) * 4096
        u = draws.uniform("set out", day=day, slots=slots, entity=entity)
        left = binomial_quantile(u, staying, np.full(len(staying), self._law.move_chance))
        here[:, place, end] -= left
        for k, (stage, share) in enumerate(
            zip(stages, _conditional(np.array([stage.chance for stage in stages])), strict=True)
        ):
            u = draws.uniform("stage", day=day, slots=slots, entity=entity + k)
            part = binomial_quantile(u, left, np.full(len(left), share))
            coming[stage.days - 1, :, stage.place, end] += part
            left = left - part


def _conditional(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn chances into those of each given that none before it came; the last is one, so nobody is lost."""
    rest = np.cumsum(chances[::-1])[::-1]
    share = np.divide(chances, rest, out=np.zeros_like(chances), where=rest > 0)
    share[-1] = 1.0
    return share
