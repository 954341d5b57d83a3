"""Who leaves home today, and from where: by the series, by what is given, or driven by conflict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws, draw_number
from safepassage.engines import local_rules
from safepassage.engines.compiled import compiled, luck_of, uniform
from safepassage.engines.quantiles import poisson_quantile
from safepassage.engines.timetable import Timetable

ORIGIN = draw_number("local law: origin")


@dataclass(frozen=True)
class Leaving:
    """Those who leave today.

    Parameters
    ----------
    where : tuple of (count,) int32     origin of each agent who leaves, one array per member.
    waiting : (member,) int64           agents who could not leave, for want of any conflict zone with people.
    """

    where: tuple[NDArray[np.int32], ...]
    waiting: NDArray[np.int64]


class Origins(Protocol):
    """What the states of both kernels say of those who have not left.

    `slots` (member,) int64; `population` (member, n) float64, agents still there; `waiting` (member,) int64,
    agents left over from earlier days.
    """

    @property
    def slots(self) -> NDArray[np.int64]:
        """Give the slot of each member."""
        ...

    @property
    def population(self) -> NDArray[np.float64]:
        """Give the agents still at home."""
        ...

    @property
    def waiting(self) -> NDArray[np.int64]:
        """Give the agents left over from earlier days."""
        ...


def leaving_today(timetable: Timetable, origins: Origins, *, day: int, draws: Draws) -> Leaving:
    """Draw who leaves on one day, member by member."""
    displacement = timetable.displacement
    slots, population = origins.slots, origins.population
    known = displacement.known_until_day
    by_place = displacement.departure_mode in ("constant", "pop_ratio", "poisson") or (
        displacement.departure_mode == "given" and (known is None or day <= known)
    )
    if by_place:
        counts = _counts_by_place(timetable, day=day, draws=draws, slots=slots, population=population)
        places = np.arange(counts.shape[1], dtype=np.int32)
        return Leaving(tuple(np.repeat(places, row) for row in counts), origins.waiting)
    numbers = origins.waiting + _numbers(timetable, day=day, draws=draws, slots=slots)
    return _by_weight(timetable, (numbers, population, slots), day=day, draws=draws)


def _by_weight(
    timetable: Timetable,
    members: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]],
    *,
    day: int,
    draws: Draws,
) -> Leaving:
    row = timetable.row(day)
    left = np.zeros(len(members[0]), dtype=np.int64)
    where = []
    for member, (number, population, slot) in enumerate(zip(*members, strict=True)):
        weights = local_rules.spawn_weights(population, timetable.conflict[row], timetable.decay[row])
        summed = np.cumsum(weights)
        if not summed[-1] > 0.0:
            left[member], number = number, np.int64(0)
        luck = luck_of(draws.seed, int(slot), day)
        where.append(_draw_origins(summed, int(number), luck))
    return Leaving(tuple(where), left)


@compiled
def _draw_origins(summed: NDArray[np.float64], number: int, luck: np.uint64) -> NDArray[np.int32]:
    where = np.empty(number, dtype=np.int32)
    for k in range(number):
        aim = uniform(luck, k, ORIGIN) * summed[-1]
        where[k] = min(np.searchsorted(summed, aim, side="right"), len(summed) - 1)
    return where


def _numbers(timetable: Timetable, *, day: int, draws: Draws, slots: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count who leaves altogether: by the series, or a random recent day once the series is not known."""
    known = timetable.displacement.known_until_day
    if known is None or day <= known:
        count = timetable.departures[day] if day < len(timetable.departures) else 0
        return np.full(len(slots), count, dtype=np.int64)
    if not len(timetable.recent):
        return np.zeros(len(slots), dtype=np.int64)
    pick = draws.uniform("local law: a recent day", day=day, slots=slots) * len(timetable.recent)
    people = timetable.recent[np.minimum(pick.astype(np.int64), len(timetable.recent) - 1)]
    return _agents(timetable, people, draws.uniform("local law: part of an agent", day=day, slots=slots))


def _agents(
    timetable: Timetable, people: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Turn people into whole agents, rounding at random so that the mean is kept."""
    agents = people / timetable.displacement.people_per_agent
    if timetable.displacement.people_per_agent > 1:
        agents = agents + share
    return np.asarray(np.floor(agents).astype(np.int64))


def _counts_by_place(
    timetable: Timetable,
    *,
    day: int,
    draws: Draws,
    slots: NDArray[np.int64],
    population: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Count who leaves each place: (member, n) int64 agents."""
    displacement = timetable.displacement
    members, places = population.shape
    grid_slots, grid_places = np.repeat(slots, places), np.tile(np.arange(places), members)
    share = draws.uniform("local law: part of an agent", day=day, slots=grid_slots, entity=grid_places)
    if displacement.departure_mode == "given" and displacement.given is not None:
        given = displacement.given
        people = np.tile(given[day] if day < len(given) else np.zeros(places), members).astype(np.float64)
        return _agents(timetable, people, share).reshape(members, places)
    row = timetable.row(day)
    rate = displacement.people_per_conflict_day * np.maximum(timetable.conflict[row], 0.0)
    if displacement.departure_mode == "pop_ratio":
        agents = np.floor(rate * population)
        if timetable.law.take_from_population:
            agents = np.minimum(agents, population)
        return np.asarray(agents.astype(np.int64))
    people = np.tile(rate, members)
    if displacement.departure_mode == "poisson":
        chance = draws.uniform("local law: departures", day=day, slots=grid_slots, entity=grid_places)
        people = poisson_quantile(chance, people)
    if timetable.law.compat:  # Flee does not divide these by hasten
        return np.floor(people).astype(np.int64).reshape(members, places)
    return _agents(timetable, np.floor(people), share).reshape(members, places)
