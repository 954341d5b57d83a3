"""Which ways groups take: a destination by weight, then link by link by the goal law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from safepassage.core.draws import Draws
from safepassage.core.errors import ModelError
from safepassage.core.scenario import GoalLaw, Group, Scenario
from safepassage.engines.goal import link_chances, next_hops, sample_routes
from safepassage.engines.roads import Pairs, closed_without_end, pairs_of

PLACES_KEPT = 128  # of which it is remembered how to get there

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True)
class _Ladders:
    """Chances of the next place for every destination of one group, laid out to be drawn from at once.

    Parameters
    ----------
    weight : (d,) float64           of the destinations.
    begin : (d * places + 1,) int64     first entry of each destination and place.
    target : (n,) int64             the next place.
    upto : (n + 1,) float64         sums of the chances of all entries before.
    log_chance : (d, pair + 1) float64      of each pair of places; the last entry, of no pair, is 0.
    """

    weight: NDArray[np.float64]
    begin: NDArray[np.int64]
    target: NDArray[np.int64]
    upto: NDArray[np.float64]
    log_chance: NDArray[np.float64]


class Ways:
    """The ways of the groups of a scenario.

    Parameters
    ----------
    scenario : Scenario     as known at its as-of date; its law must be a `GoalLaw`.
    law : GoalLaw

    Attributes
    ----------
    groups : int        how many caravans there are.
    pairs : Pairs       of the network.
    """

    def __init__(self, scenario: Scenario, law: GoalLaw) -> None:
        self._scenario, self._law = scenario, law
        self._network, self._groups = scenario.network, scenario.groups
        self.groups = len(scenario.groups)
        self.pairs: Pairs = pairs_of(scenario.network)
        # What follows from the scenario alone is no state of the run.
        self._ladders: dict[int, _Ladders] = {}
        self._distances: dict[int, NDArray[np.float64]] = {}
        self._hops: dict[tuple[int, int], NDArray[np.int64]] = {}

    def first(self, number: int, *, slots: NDArray[np.int64], draws: Draws) -> list[tuple[int, ...]]:
        """Draw each member's route of one group from its origin.

        Raises
        ------
        ModelError      if it was not known where the group was heading.
        """
        group = self._groups[number]
        ends = [d for d in group.destinations if d.weight > 0]
        if not ends and len(group.route) < 2:
            message = (
                f"it was not known where group '{group.id}' was heading: its way and its destinations were "
                "announced later. Choose a later --as-of, or announce a destination earlier"
            )
            raise ModelError(message)
        if not ends:
            return [group.route] * len(slots)
        ladder = np.cumsum([d.weight for d in ends])
        luck = draws.uniform("destination", day=0, slots=slots, entity=number)
        choice = np.searchsorted(ladder, luck * ladder[-1], side="right")
        routes: list[tuple[int, ...]] = [group.route] * len(slots)
        for k, end in enumerate(ends):
            who = np.flatnonzero(choice == k)
            if who.size == 0 or end.place == group.route[0]:
                continue
            between = (group.route[0], end.place)
            chances = self._link_chances(group, end.place)
            drawn = sample_routes(
                self._network, chances, between, draws=draws, slots=slots[who], group=number
            )
            for member, route in zip(who.tolist(), drawn, strict=True):
                routes[member] = route
        return routes

    def destinations(self, number: int) -> tuple[int, ...]:
        """Give the places one group may be heading for; where its way is all that is known, where it ends."""
        group = self._groups[number]
        return tuple(d.place for d in group.destinations if d.weight > 0) or (group.route[-1],)

    def open_ended(self, number: int) -> bool:
        """Tell whether the way of a group is drawn at all, and not declared without a destination."""
        return any(d.weight > 0 for d in self._groups[number].destinations)

    def heading(
        self, number: int, walked: NDArray[np.int64], ends: NDArray[np.int64], *, luck: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Draw where members are heading, given the road they have walked: exact, since the law is Markov.

        Parameters
        ----------
        number : int                    of the group.
        walked : (member, stretch) int64    numbers in `pairs`; one more than the last where there is none.
        ends : (member,) int64          where they were heading: kept where the law knows no such road.
        luck : (member,) float64

        Returns
        -------
        (member,) int64     positions in `Places`.
        """
        ladders, places = self._of(number), np.array(self.destinations(number))
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(ladders.weight) + ladders.log_chance[:, walked].sum(axis=2).T
            best = log.max(axis=1, keepdims=True)
            weight = np.where(np.isfinite(best), np.exp(log - best), 0.0)
        rising = np.cumsum(weight, axis=1)
        choice = (rising <= (luck * rising[:, -1])[:, None]).sum(axis=1)
        return np.where(rising[:, -1] > 0, places[np.minimum(choice, len(places) - 1)], ends)

    def onward(
        self,
        number: int,
        here: NDArray[np.int64],
        ends: NDArray[np.int64],
        *,
        luck: Callable[[int], NDArray[np.float64]],
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Draw roads on from where members are.

        Parameters
        ----------
        here, ends : (member,) int64    positions in `Places`; `ends` among `destinations(number)`.
        luck : callable     gives (member,) uniforms by the number of the step.

        Returns
        -------
        (member, step) int64    places after `here`, the end repeated.
        (member,) bool          whether a road was found.
        """
        ladders, places = self._of(number), self.destinations(number)
        which = np.searchsorted(np.sort(places), ends)
        which = np.argsort(places, kind="stable")[np.minimum(which, len(places) - 1)]
        known = np.array(places)[which] == ends
        offset = which * len(self._network.places)
        rows, at = [], here
        for step in range(len(self._network.places)):
            moving = known & (at != ends)
            if not moving.any():
                break
            begin, end = ladders.begin[offset + at], ladders.begin[offset + at + 1]
            known = known & ((end > begin) | ~moving)
            low, high = ladders.upto[begin], ladders.upto[end]
            found = np.searchsorted(ladders.upto, low + luck(step) * (high - low), side="right") - 1
            found = np.clip(found, begin, np.maximum(end - 1, begin))
            target = ladders.target[np.minimum(found, len(ladders.target) - 1)]
            at = np.where(moving & known, target, at)
            rows.append(at)
        return np.stack(rows, axis=1) if rows else np.zeros((len(here), 0), dtype=np.int64), known

    def likely(self, number: int, origin: int, place: int) -> tuple[int, ...]:
        """Give the places after `origin` on the likeliest road of one group to `place`.

        () where no road leads there, and where `origin` is the place.
        """
        hops = self._hops.get((number, place))
        if hops is None:
            reference = self._groups[number].route
            hops = next_hops(self._network, self._law, place, reference=reference)
            self._hops = {**_last(self._hops), (number, place): hops}
        road, at = [], int(hops[origin])
        while at >= 0:
            road.append(at)
            at = int(hops[at])
        return tuple(road)

    def km_to(self, place: int) -> NDArray[np.float64]:
        """Give the road distance from every place to one, (place,) km; inf where no road leads there."""
        known = self._distances.get(place)
        if known is None:
            pairs, n = self.pairs, len(self._network.places)
            graph = sparse.csr_matrix((np.maximum(pairs.km, 1e-9), (pairs.second, pairs.first)), shape=(n, n))
            known = np.asarray(dijkstra(graph, indices=place), dtype=np.float64)
            self._distances = {**_last(self._distances), place: known}
        return known

    def _of(self, number: int) -> _Ladders:
        known = self._ladders.get(number)
        if known is None:
            known = self._ladders[number] = self._laid_out(number)
        return known

    def _laid_out(self, number: int) -> _Ladders:
        group, places = self._groups[number], len(self._network.places)
        ends = self.destinations(number)
        origin, target, _, _ = self._network.arcs
        pair = self.pairs.number(origin, target)
        chances = np.stack([self._link_chances(group, end) for end in ends])
        of_pair = np.zeros((len(ends), len(self.pairs.key)))
        for row, chance in zip(of_pair, chances, strict=True):
            np.add.at(row, pair, chance)
        with np.errstate(divide="ignore"):
            log = np.log(of_pair)
        end, arc = np.nonzero(chances)
        first = np.searchsorted(end * places + origin[arc], np.arange(len(ends) * places + 1))
        weights = [d.weight for d in group.destinations if d.weight > 0] or [1.0]
        return _Ladders(
            weight=np.array(weights),
            begin=first,
            target=target[arc],
            upto=np.concatenate([[0.0], np.cumsum(chances[end, arc])]),
            log_chance=np.concatenate([log, np.zeros((len(ends), 1))], axis=1),
        )

    def _link_chances(self, group: Group, end: int) -> NDArray[np.float64]:
        """Give link chances that avoid roads closed without end at departure, if there is another way."""
        network = self._network
        closed = closed_without_end(network, self._scenario.events, day=group.departs)
        chances = link_chances(network, self._law, end, reference=group.route, closed=closed)
        if chances[network.arcs[0] == group.route[0]].sum() > 0:
            return chances
        return link_chances(network, self._law, end, reference=group.route)


def _last(known: dict[Key, Value]) -> dict[Key, Value]:
    """Give what was remembered last, with room for one more."""
    return dict(list(known.items())[1 - PLACES_KEPT :])
