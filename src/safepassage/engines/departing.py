"""Who leaves home today, from where, and of what kind: by the series, or driven by conflict or floods.

Single origins are found by halving a running sum of the places' weights. Counts are split down a tree that
halves the places: the same in distribution, and a few people cost a few draws on a network of any size. Every
draw is a binomial by its inverse, so counts rise with their uniforms. While nobody is taken from the
population, all members share one sum and one tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws, draw_number
from safepassage.engines.compiled import compiled, luck_of, uniform
from safepassage.engines.quantiles import binomial_quantile, poisson_quantile
from safepassage.engines.timetable import Timetable

ORIGIN, SHARE = draw_number("local law: origin"), draw_number("local law, cohorts: origin")
KIND, KIND_AT_START = draw_number("local law: kind"), draw_number("local law: kind at the start")


@dataclass(frozen=True)
class Leaving:
    """Those who leave today, one by one.

    Parameters
    ----------
    where : tuple of (count,) int32     origin of each agent who leaves, one array per member.
    waiting : (member,) int64           agents who could not leave, for want of any conflict zone with people.
    kind : tuple of (count,) uint8      kind of each agent who leaves, one array per member.
    """

    where: tuple[NDArray[np.int32], ...]
    waiting: NDArray[np.int64]
    kind: tuple[NDArray[np.uint8], ...]


class Origins(Protocol):
    """What the states of both kernels say of those who have not left.

    `slots` (member,) int64; `population` (member, n) float64, agents still there, which is read only where
    the law takes people from it; `waiting` (member,) int64, agents left over from earlier days.
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
    """Draw origin and kind of each agent who leaves on one day, member by member."""
    lucks = [luck_of(draws.seed, int(slot), day) for slot in origins.slots]
    if timetable.displacement.departure_mode != "observed":
        active, counts = _driven(timetable, origins, day=day, draws=draws)
        places = active.astype(np.int32)
        where = tuple(np.repeat(places, row) for row in counts)
        return Leaving(where, origins.waiting, _kinds(timetable, where, lucks))
    weights, numbers, waiting = _to_be_split(timetable, origins, day=day, draws=draws)
    sums = [np.cumsum(row) for row in weights]
    drawn = tuple(
        _draw_origins(sums[min(member, len(sums) - 1)], number, luck)
        for member, (number, luck) in enumerate(zip(numbers.tolist(), lucks, strict=True))
    )
    return Leaving(drawn, waiting, _kinds(timetable, drawn, lucks))


def kinds_at_start(
    timetable: Timetable, *, slots: NDArray[np.int64], draws: Draws
) -> tuple[NDArray[np.uint8], ...]:
    """Draw the kinds of the agents who are there at the start, member by member.

    Returns
    -------
    tuple of (count,) uint8     in order of the places, as ``np.repeat(np.arange(n), timetable.initial)``;
        within a place those of the list come first.
    """
    count = int(timetable.initial.sum())
    if timetable.kinds == 1:
        return tuple(np.zeros(count, dtype=np.uint8) for _ in slots)
    agents, shares = timetable.listed
    listed = timetable.displacement.listed
    place = listed.place if listed is not None else np.zeros(0, dtype=np.int64)
    rest = timetable.initial.copy()
    np.subtract.at(rest, place, agents)
    order = np.argsort(np.concatenate([place, np.arange(len(rest))]), kind="stable")
    row = np.repeat(order, np.concatenate([agents, rest])[order])
    chances = np.concatenate([shares, timetable.kind_share]) if len(place) else timetable.kind_share
    summed = np.cumsum(chances, axis=1)
    lucks = [luck_of(draws.seed, int(slot), 0) for slot in slots]
    return tuple(_draw_kinds(summed, row, luck, KIND_AT_START) for luck in lucks)


def counts_leaving_today(
    timetable: Timetable, origins: Origins, *, day: int, draws: Draws
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw how many leave each place on one day; costs no more for more people.

    Returns
    -------
    (member, n) int64       in distribution the origins of `leaving_today`, counted.
    (member,) int64         who waits, as in `Leaving`.
    """
    counts = np.zeros((len(origins.slots), len(timetable.population)), dtype=np.int64)
    if timetable.displacement.departure_mode != "observed":
        active, driven = _driven(timetable, origins, day=day, draws=draws)
        counts[:, active] = driven
        return counts, origins.waiting
    weights, numbers, waiting = _to_be_split(timetable, origins, day=day, draws=draws)
    lucks = [luck_of(draws.seed, int(slot), day) for slot in origins.slots]
    trees = [_tree_of(row) for row in weights]
    for member, (number, luck) in enumerate(zip(numbers.tolist(), lucks, strict=True)):
        if number > 0:
            _split_down(trees[min(member, len(trees) - 1)], number, luck, counts[member])
    return counts, waiting


def _to_be_split(
    timetable: Timetable, origins: Origins, *, day: int, draws: Draws
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Give the weights of origins, who leaves altogether, and who must wait for any conflict.

    Returns
    -------
    (1 or member, n) float64    one row where all members share it.
    (member,) int64
    (member,) int64
    """
    due = origins.waiting + _numbers(timetable, day=day, draws=draws, slots=origins.slots)
    taken = timetable.law.take_from_population
    people = origins.population if taken else timetable.population[None, :]
    weights = timetable.origin_weights(day, people)
    somewhere = np.broadcast_to(weights.sum(axis=1) > 0.0, due.shape)
    return weights, np.where(somewhere, due, 0), np.where(somewhere, 0, due)


@compiled
def _draw_origins(summed: NDArray[np.float64], number: int, luck: np.uint64) -> NDArray[np.int32]:
    where = np.empty(number, dtype=np.int32)
    for k in range(number):
        aim = uniform(luck, k, ORIGIN) * summed[-1]
        where[k] = min(np.searchsorted(summed, aim, side="right"), len(summed) - 1)
    return where


@compiled
def _draw_kinds(
    summed: NDArray[np.float64], row: NDArray[np.int64], luck: np.uint64, draw: int
) -> NDArray[np.uint8]:
    """Draw a kind for each agent by the running sum of the chances in its row; the last one gets the rest."""
    kinds = np.empty(len(row), dtype=np.uint8)
    last = summed.shape[1] - 1
    for k in range(len(row)):
        aim, kind = uniform(luck, k, draw) * summed[row[k], last], 0
        while kind < last and summed[row[k], kind] <= aim:
            kind += 1
        kinds[k] = kind
    return kinds


def _kinds(
    timetable: Timetable, where: tuple[NDArray[np.int32], ...], lucks: list[np.uint64]
) -> tuple[NDArray[np.uint8], ...]:
    if timetable.kinds == 1:
        return tuple(np.zeros(len(places), dtype=np.uint8) for places in where)
    summed = timetable.kind_sums
    return tuple(
        _draw_kinds(summed, places.astype(np.int64), luck, KIND)
        for places, luck in zip(where, lucks, strict=True)
    )


@compiled
def _tree_of(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add weights up in halves: node 1 has the sum of all, node k that of its halves 2 k and 2 k + 1."""
    leaves = 1
    while leaves < len(weights):
        leaves *= 2
    tree = np.zeros(2 * leaves)
    tree[leaves : leaves + len(weights)] = weights
    for node in range(leaves - 1, 0, -1):
        tree[node] = tree[2 * node] + tree[2 * node + 1]
    return tree


@compiled
def _split_down(tree: NDArray[np.float64], number: int, luck: np.uint64, counts: NDArray[np.int64]) -> None:
    """Split a number of people over the leaves of a tree of weights, into `counts`."""
    leaves = len(tree) // 2
    # On the way down at most one half per level waits for its turn.
    nodes, numbers = np.empty(64, dtype=np.int64), np.empty(64, dtype=np.int64)
    nodes[0], numbers[0], waiting = 1, number, 1
    while waiting > 0:
        waiting -= 1
        node, people = nodes[waiting], numbers[waiting]
        if node >= leaves:
            counts[node - leaves] = people
            continue
        left, right = tree[2 * node], tree[2 * node + 1]
        if right <= 0.0:
            first = people
        elif left <= 0.0:
            first = 0
        else:
            first = binomial_quantile(uniform(luck, node, SHARE), people, left / (left + right))
        if people > first:
            nodes[waiting], numbers[waiting] = 2 * node + 1, people - first
            waiting += 1
        if first > 0:
            nodes[waiting], numbers[waiting] = 2 * node, first
            waiting += 1


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


def _driven(
    timetable: Timetable, origins: Origins, *, day: int, draws: Draws
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count who leaves each place where conflict or floods drive departures.

    Returns
    -------
    (p,) int64              places that people leave today.
    (member, p) int64       agents who leave each of them.
    """
    law, displacement = timetable.law, timetable.displacement
    rate = timetable.leaving_rate(day)
    active = np.flatnonzero(rate > 0.0)
    members, rate = len(origins.slots), rate[active]
    taken = law.take_from_population
    home = origins.population[:, active] if taken else timetable.population[None, active]
    home = np.broadcast_to(home, (members, len(active)))
    if displacement.departure_mode == "pop_ratio":
        agents = np.floor(rate * home)
        return active, (np.minimum(agents, home) if taken else agents).astype(np.int64)
    slots, places = np.repeat(origins.slots, len(active)), np.tile(active, members)
    people = np.tile(rate, members)
    if displacement.departure_mode == "poisson":
        chance = draws.uniform("local law: departures", day=day, slots=slots, entity=places)
        people = poisson_quantile(chance, people)
    if law.compat:  # Flee does not divide these by hasten
        return active, np.floor(people).astype(np.int64).reshape(members, len(active))
    share = draws.uniform("local law: part of an agent", day=day, slots=slots, entity=places)
    leaving = _agents(timetable, np.floor(people), share).reshape(members, len(active))
    return active, np.minimum(leaving, np.floor(home).astype(np.int64)) if taken else leaving
