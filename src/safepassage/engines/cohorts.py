"""The cohort kernel of the local law: integer counts in place of single people, the same in distribution.

People who reach a place with the same way left of the day are one count, which splits at every choice: the
many by binomial draws, the few one by one. Those on a road are entries of a calendar: so many arrive there,
so far into such a day, since closures to come are known; nothing else about them matters. That is exact where
people carry no memory and where nobody's choice changes anybody else's within the day, so camps must have no
limit. A day costs as much as there are counts that are not zero: no more than people, and no more than places
× cells of a day's way × paths, however many people there are.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import MASK64, Draws
from safepassage.core.engine import DayView
from safepassage.engines.cohorts_desk import Desk, new_desk
from safepassage.engines.cohorts_kernel import live_a_day
from safepassage.engines.cohorts_morning import Mornings, Roads, roads_of
from safepassage.engines.cohorts_window import Calendar, Window
from safepassage.engines.departing import counts_leaving_today
from safepassage.engines.timetable import Timetable

_LOW32 = 0xFFFFFFFF


@dataclass(frozen=True)
class CohortsState:
    """All members after one day.

    Parameters
    ----------
    here : (member, n) int64        people at each place who are free to decide.
    begin : (member + 1,) int64     where the entries of each member begin in the next two.
    keys : (k,) int64               cells of way from the next morning to the arrival × 2**32 + place.
    counts : (k,) int64             people who arrive there then.
    rest_begin, rest_keys, rest_counts      the same for rests in places on the way, with evenings for cells:
        0 is the evening of `day`. Whoever rests is among the arrivals too.
    on_road : (member,) int64
    population : (member, n) float64    people who have not left yet.
    waiting : (member,) int64       people due to leave on a day without any conflict to leave from.
    slots, parent : (member,) int64
    day : int
    """

    here: NDArray[np.int64]
    begin: NDArray[np.int64]
    keys: NDArray[np.int64]
    counts: NDArray[np.int64]
    rest_begin: NDArray[np.int64]
    rest_keys: NDArray[np.int64]
    rest_counts: NDArray[np.int64]
    on_road: NDArray[np.int64]
    population: NDArray[np.float64]
    waiting: NDArray[np.int64]
    slots: NDArray[np.int64]
    parent: NDArray[np.int64]
    day: int


class Cohorts:
    """Engine of counts under the local law.

    Parameters
    ----------
    timetable : Timetable       of a law without personal memory, without limits in camps, not `compat`.
    reason : str
    cell_km : float             distance is counted in cells of about so many km: a day's way over a whole
        number. At 1 km nothing is rounded beyond the timetable's own whole km.
    """

    name = "cohorts"
    smallest_part = 1

    def __init__(self, timetable: Timetable, reason: str, *, cell_km: float = 1.0) -> None:
        self.timetable = timetable
        self.reason = reason
        self.cell_km = cell_km
        self._roads = roads_of(timetable, cell_km)
        self._mornings = Mornings(timetable, self._roads)

    def init(self, *, slots: NDArray[np.int64], draws: Draws) -> CohortsState:
        """Put those registered on day 0 into their camps; all members start alike."""
        members = len(slots)
        nobody, nowhere = np.zeros(0, dtype=np.int64), np.zeros(members + 1, dtype=np.int64)
        return CohortsState(
            here=np.tile(self.timetable.initial, (members, 1)),
            begin=nowhere,
            keys=nobody,
            counts=nobody,
            rest_begin=nowhere,
            rest_keys=nobody,
            rest_counts=nobody,
            on_road=np.zeros(members, dtype=np.int64),
            population=np.tile(self.timetable.population, (members, 1)),
            waiting=np.zeros(members, dtype=np.int64),
            slots=slots,
            parent=slots,
            day=-1,
        )

    def step(self, state: CohortsState, *, day: int, draws: Draws) -> CohortsState:
        """Let one day pass for every member."""
        came, waiting = counts_leaving_today(self.timetable, state, day=day, draws=draws)
        here = state.here + came
        expected = Calendar(state.begin, state.keys, state.counts)
        rests = Calendar(state.rest_begin, state.rest_keys, state.rest_counts)
        on_road = state.on_road
        if not self.timetable.still(day)[0]:
            who = (np.uint64(draws.seed & MASK64), day, state.slots)
            tables = (self._roads, self._mornings.of(day))
            space = _borrowed(self._roads)
            expected, rests, on_road = live_a_day(who, here, (expected, rests), tables, space)
            _give_back(self._roads, space)
        take = self.timetable.law.take_from_population
        return CohortsState(
            here=here,
            begin=expected.begin,
            keys=_exactly(expected.keys, expected.begin[-1]),
            counts=_exactly(expected.counts, expected.begin[-1]),
            rest_begin=rests.begin,
            rest_keys=_exactly(rests.keys, rests.begin[-1]),
            rest_counts=_exactly(rests.counts, rests.begin[-1]),
            on_road=on_road,
            population=np.maximum(0.0, state.population - came) if take else state.population,
            waiting=waiting,
            slots=state.slots,
            parent=state.parent,
            day=day,
        )

    def observe(self, state: CohortsState) -> DayView:
        """Count people in places (also those who rest there on the way) and on roads."""
        stock = state.here
        if len(state.rest_keys):
            stock = stock.copy()
            member = np.repeat(np.arange(len(stock)), np.diff(state.rest_begin))
            tonight = state.rest_keys <= _LOW32
            np.add.at(stock, (member[tonight], state.rest_keys[tonight]), state.rest_counts[tonight])
        people_per_agent = self.timetable.displacement.people_per_agent
        return DayView(stock=stock * people_per_agent, on_road=state.on_road * people_per_agent)


def _exactly(entries: NDArray[np.int64], count: np.int64) -> NDArray[np.int64]:
    """Give the first entries, without holding on to much more."""
    return entries[:count] if 2 * count > len(entries) else entries[:count].copy()


# Every thread keeps its working space, empty between steps: to clear it anew would cost more than a day.
_KEPT = threading.local()


def _borrowed(roads: Roads) -> tuple[Window, Desk]:
    shape = (roads.day, roads.back, roads.places, roads.most_nights, roads.path_arcs.shape[1])
    kept = getattr(_KEPT, "space", None)
    _KEPT.space = None  # whatever happens to a step, nobody gets its working space half cleared
    if kept is not None and kept[0] == shape:
        space: tuple[Window, Desk] = kept[1]
        return space
    rows, nights = roads.rows, roads.most_nights if roads.path_arcs.shape[1] > 1 else 0
    window = Window(
        counts=np.zeros(rows * roads.places, dtype=np.int64),
        touched=np.empty(rows * (roads.places + 1), dtype=np.int32),
        used=np.zeros(rows, dtype=np.int64),
        nights=np.zeros(nights * roads.places, dtype=np.int64),
        rested=np.empty(nights * roads.places + 1, dtype=np.int64),
        resting=np.zeros(1, dtype=np.int64),
    )
    return window, new_desk()


def _give_back(roads: Roads, space: tuple[Window, Desk]) -> None:
    shape = (roads.day, roads.back, roads.places, roads.most_nights, roads.path_arcs.shape[1])
    _KEPT.space = (shape, space)
