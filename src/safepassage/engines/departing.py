"""Who leaves home today, and from where: by the series, or driven by conflict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws, draw_number
from safepassage.engines import local_rules
from safepassage.engines.compiled import compiled, luck_of, uniform
from safepassage.engines.quantiles import binomial_quantile, poisson_quantile
from safepassage.engines.timetable import Timetable

ORIGIN, SHARE = draw_number("local law: origin"), draw_number("local law, cohorts: origin")


@dataclass(frozen=True)
class Leaving:
    """Those who leave today, one by one.

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
    """Draw the origin of each agent who leaves on one day, member by member."""
    if timetable.displacement.departure_mode != "observed":
        counts = _counts_by_place(timetable, origins, day=day, draws=draws)
        places = np.arange(counts.shape[1], dtype=np.int32)
        return Leaving(tuple(np.repeat(places, row) for row in counts), origins.waiting)
    weights, numbers, waiting = _to_be_split(timetable, origins, day=day, draws=draws)
    lucks = [luck_of(draws.seed, int(slot), day) for slot in origins.slots]
    rows = zip(weights, numbers.tolist(), lucks, strict=True)
    return Leaving(tuple(_draw_origins(np.cumsum(row), number, luck) for row, number, luck in rows), waiting)


def counts_leaving_today(
    timetable: Timetable, origins: Origins, *, day: int, draws: Draws
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw how many leave each place on one day; costs the same for any number of people.

    Returns
    -------
    (member, n) int64       in distribution the origins of `leaving_today`, counted.
    (member,) int64         who waits, as in `Leaving`.
    """
    if timetable.displacement.departure_mode != "observed":
        return _counts_by_place(timetable, origins, day=day, draws=draws), origins.waiting
    weights, numbers, waiting = _to_be_split(timetable, origins, day=day, draws=draws)
    lucks = [luck_of(draws.seed, int(slot), day) for slot in origins.slots]
    rows = zip(weights, numbers.tolist(), lucks, strict=True)
    return np.stack([_split_over_origins(row, number, luck) for row, number, luck in rows]), waiting


def _to_be_split(
    timetable: Timetable, origins: Origins, *, day: int, draws: Draws
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Give the weights of origins (member, n), who leaves altogether, and who must wait for any conflict."""
    row = timetable.row(day)
    due = origins.waiting + _numbers(timetable, day=day, draws=draws, slots=origins.slots)
    weights = local_rules.spawn_weights(origins.population, timetable.conflict[row], timetable.decay[row])
    somewhere = weights.sum(axis=1) > 0.0
    return weights, np.where(somewhere, due, 0), np.where(somewhere, 0, due)


@compiled
def _draw_origins(summed: NDArray[np.float64], number: int, luck: np.uint64) -> NDArray[np.int32]:
    where = np.empty(number, dtype=np.int32)
    for k in range(number):
        aim = uniform(luck, k, ORIGIN) * summed[-1]
        where[k] = min(np.searchsorted(summed, aim, side="right"), len(summed) - 1)
    return where


@compiled
def _split_over_origins(weights: NDArray[np.float64], number: int, luck: np.uint64) -> NDArray[np.int64]:
    counts = np.zeros(len(weights), dtype=np.int64)
    # Summed from the end, so that the last origin with any weight has a share of exactly one.
    rest = np.cumsum(weights[::-1])[::-1]
    for place in range(len(weights)):
        if number == 0:
            break
        if weights[place] > 0.0:
            chance = uniform(luck, place, SHARE)
            counts[place] = binomial_quantile(chance, number, weights[place] / rest[place])
            number -= counts[place]
    return counts


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


def _counts_by_place(timetable: Timetable, origins: Origins, *, day: int, draws: Draws) -> NDArray[np.int64]:
    """Count who leaves each place where conflict drives departures: (member, n) int64 agents."""
    displacement, population = timetable.displacement, origins.population
    members, places = population.shape
    slots, grid_places = np.repeat(origins.slots, places), np.tile(np.arange(places), members)
    row = timetable.row(day)
    rate = displacement.people_per_conflict_day * np.maximum(timetable.conflict[row], 0.0)
    if displacement.departure_mode == "pop_ratio":
        agents = np.floor(rate * population)
        if timetable.law.take_from_population:
            agents = np.minimum(agents, population)
        return np.asarray(agents.astype(np.int64))
    people = np.tile(rate, members)
    if displacement.departure_mode == "poisson":
        chance = draws.uniform("local law: departures", day=day, slots=slots, entity=grid_places)
        people = poisson_quantile(chance, people)
    if timetable.law.compat:  # Flee does not divide these by hasten
        return np.asarray(np.floor(people).astype(np.int64).reshape(members, places))
    share = draws.uniform("local law: part of an agent", day=day, slots=slots, entity=grid_places)
    return _agents(timetable, np.floor(people), share).reshape(members, places)
