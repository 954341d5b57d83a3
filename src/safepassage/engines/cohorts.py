"""The cohort kernel of the local law: integer counts in place of single people, the same in distribution.

People who share a place and the km left of the day, or a path and the km still to go on it, are one count; it
splits by binomial draws at every choice. That is exact where people carry no memory and where nobody's choice
changes anybody else's within the day, so camps must have no limit. The cost grows with the counts that are
not zero, of which there are no more than cells and places × km of a day, however many people there are.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.core.engine import DayView
from safepassage.engines.cohorts_kernel import Morning, Roads, conditional_chances, live_a_day
from safepassage.engines.compiled import luck_of
from safepassage.engines.departing import counts_leaving_today
from safepassage.engines.local_routes import Paths
from safepassage.engines.timetable import Timetable


@dataclass(frozen=True)
class CohortsState:
    """All members after one day.

    Parameters
    ----------
    here : (member, n) int64        people at each place who are free to decide.
    cells, counts : tuple of (k,) int64     per member: occupied cells of paths, and people in each.
    population : (member, n) float64    people who have not left yet.
    waiting : (member,) int64       people due to leave on a day without any conflict to leave from.
    slots, parent : (member,) int64
    day : int
    """

    here: NDArray[np.int64]
    cells: tuple[NDArray[np.int64], ...]
    counts: tuple[NDArray[np.int64], ...]
    population: NDArray[np.float64]
    waiting: NDArray[np.int64]
    slots: NDArray[np.int64]
    parent: NDArray[np.int64]
    day: int


HIGHEST_WEIGHT = 1e280


def cells_needed(paths: Paths, arc_km: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the first cell of each arc of each path, and last the number of cells: (c * longest + 1,)."""
    km = np.where(paths.arcs >= 0, arc_km[paths.arcs].astype(np.int64) + 1, 0).reshape(-1)
    return np.concatenate([[0], np.cumsum(km)]).astype(np.int64)


class Cohorts:
    """Engine of counts under the local law.

    Parameters
    ----------
    timetable : Timetable       of a law without personal memory, without limits in camps, not `compat`.
    reason : str
    """

    name = "cohorts"
    smallest_part = 1

    def __init__(self, timetable: Timetable, reason: str) -> None:
        self.timetable = timetable
        self.reason = reason
        self._threads = max(1, os.cpu_count() or 1)
        arcs, paths = timetable.arcs, timetable.paths
        self._roads = Roads(
            speed_km=int(np.rint(timetable.law.max_move_speed_km_per_day)),
            path_arcs=paths.arcs,
            path_length=paths.length,
            arc_origin=arcs.origin,
            arc_target=arcs.target,
            arc_km=arcs.km.astype(np.int64),
            offset=cells_needed(paths, arcs.km),
        )

    def init(self, *, slots: NDArray[np.int64], draws: Draws) -> CohortsState:
        """Put those registered on day 0 into their camps; all members start alike."""
        members = len(slots)
        nobody = np.zeros(0, dtype=np.int64)
        return CohortsState(
            here=np.tile(self.timetable.initial, (members, 1)),
            cells=(nobody,) * members,
            counts=(nobody,) * members,
            population=np.tile(self.timetable.population, (members, 1)),
            waiting=np.zeros(members, dtype=np.int64),
            slots=slots,
            parent=slots,
            day=-1,
        )

    def step(self, state: CohortsState, *, day: int, draws: Draws) -> CohortsState:
        """Let one day pass for every member."""
        came, waiting = counts_leaving_today(self.timetable, state, day=day, draws=draws)
        here, morning = state.here + came, self._morning(day)

        def live(member: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
            luck = luck_of(draws.seed, int(state.slots[member]), day)
            cells, counts = state.cells[member], state.counts[member]
            return live_a_day(here[member], cells, counts, morning, self._roads, luck)

        with ThreadPoolExecutor(self._threads) as pool:
            lived = list(pool.map(live, range(len(here))))
        take = self.timetable.law.take_from_population
        return CohortsState(
            here=np.stack([one[0] for one in lived]),
            cells=tuple(one[1] for one in lived),
            counts=tuple(one[2] for one in lived),
            population=np.maximum(0.0, state.population - came) if take else state.population,
            waiting=waiting,
            slots=state.slots,
            parent=state.parent,
            day=day,
        )

    def observe(self, state: CohortsState) -> DayView:
        """Count people in places (also those who rest there on the way) and on roads."""
        stock, on_road = state.here.copy(), np.zeros(len(state.here), dtype=np.int64)
        roads = self._roads
        longest = roads.path_arcs.shape[1]
        for member, (cells, counts) in enumerate(zip(state.cells, state.counts, strict=True)):
            leg = np.searchsorted(roads.offset, cells, side="right") - 1
            arc = roads.path_arcs[leg // longest, leg % longest]
            resting = cells - roads.offset[leg] == roads.arc_km[arc]
            np.add.at(stock[member], roads.arc_origin[arc[resting]], counts[resting])
            on_road[member] = counts[~resting].sum()
        people_per_agent = self.timetable.displacement.people_per_agent
        return DayView(stock=stock * people_per_agent, on_road=on_road * people_per_agent)

    def _morning(self, day: int) -> Morning:
        timetable, law = self.timetable, self.timetable.law
        state = timetable.state[timetable.row(day)]
        ptr, paths = timetable.paths.ptr[state], timetable.paths
        score = timetable.scores(day)[0][paths.dest]
        with np.errstate(over="ignore"):
            weights = ((law.weight_softening + score) * timetable.inverse) ** law.weight_power
        weights = np.minimum(weights, HIGHEST_WEIGHT)
        if law.pruning_threshold >= 1.001:
            for begin, end in pairwise(ptr):
                own = weights[begin:end]
                own[own < own.max(initial=0.0) / law.pruning_threshold] = 0.0
        return Morning(
            ptr=ptr,
            arc_open=timetable.arc_open[state],
            chance=timetable.chances(day)[0],
            given_rest=conditional_chances(ptr, weights),
        )
