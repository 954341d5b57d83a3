"""The local law for one person on a tiny network, every possibility followed, apart from the kernels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Road = tuple[int, int, int]  # from, to, km; two-way
Person = tuple[object, ...]  # ("in", place), ("rest", path, next arc), ("on", path, arc, km done)
TOWN, ZONE, CAMP, IDP, HUB, MARKER = range(6)
ROAD = -1


@dataclass
class Tiny:
    """A tiny world; `is_open(day, a, b)` tells of the roads."""

    roles: list[int]
    roads: list[Road]
    km_a_day: int
    chance: dict[int, float]
    score: dict[int, float]
    awareness: int = 1
    softening: float = 10.0
    is_open: Callable[[int, int, int], bool] = field(default=lambda day, a, b: True)

    def arcs(self) -> list[Road]:
        return [arc for a, b, km in self.roads for arc in ((a, b, km), (b, a, km))]

    def paths(self, day: int, place: int) -> list[tuple[float, tuple[Road, ...]]]:
        """Give the paths from a place with their chances, given that somebody leaves."""
        found: list[tuple[Road, ...]] = []

        def follow(path: tuple[Road, ...], at: int, seen: tuple[int, ...], steps: int) -> None:
            for arc in self.arcs():
                if arc[0] != at or arc[1] in seen or not self.is_open(day, arc[0], arc[1]):
                    continue
                marker = self.roles[arc[1]] == MARKER
                taken = steps if marker else steps + 1
                if not marker:
                    found.append((*path, arc))
                if taken < self.awareness:
                    follow((*path, arc), arc[1], (*seen, arc[1]), taken)

        follow((), place, (place,), 0)
        weights = [
            self.score[self.roles[path[-1][1]]] / (self.softening + sum(arc[2] for arc in path))
            for path in found
        ]
        return [(weight / sum(weights), path) for weight, path in zip(weights, found, strict=True)]

    def decide(self, day: int, place: int, left: int) -> Iterator[tuple[float, Person]]:
        paths, chance = self.paths(day, place), self.chance[self.roles[place]]
        if not paths:
            yield 1.0, ("in", place)
            return
        yield 1.0 - chance, ("in", place)
        for share, path in paths:
            for p, person in self.travel(day, (path, 0, 0), left):
                yield chance * share * p, person

    def travel(
        self, day: int, on: tuple[tuple[Road, ...], int, int], left: int
    ) -> Iterator[tuple[float, Person]]:
        path, number, done = on
        start, end, km = path[number]
        if km - done > left:
            yield 1.0, ("on", path, number, done + left)
            return
        left -= km - done
        if not self.is_open(day, start, end):
            yield 1.0, ("in", start)
        elif number + 1 == len(path):
            yield from self.decide(day, end, left) if left else [(1.0, ("in", end))]
        elif left == 0:
            yield 1.0, ("rest", path, number + 1)
        elif self.is_open(day, path[number + 1][0], path[number + 1][1]):
            yield from self.travel(day, (path, number + 1, 0), left)
        else:
            yield 1.0, ("in", end)

    def next_day(self, day: int, person: Person) -> Iterator[tuple[float, Person]]:
        kind = person[0]
        if kind == "in":
            yield from self.decide(day, person[1], self.km_a_day)  # type: ignore[arg-type]
        elif kind == "on":
            yield from self.travel(day, person[1:], self.km_a_day)  # type: ignore[arg-type]
        else:
            path, number = person[1:]  # type: ignore[misc]
            arc = path[number]  # type: ignore[index]
            if self.is_open(day, arc[0], arc[1]):
                yield from self.travel(day, (path, number, 0), self.km_a_day)  # type: ignore[arg-type]
            else:
                yield 1.0, ("in", arc[0])

    def evenings(self, start: int, days: int) -> list[dict[int, float]]:
        """Give the chance to be counted at each place (or on a road) on each evening, starting in a place."""
        chances: dict[Person, float] = {("in", start): 1.0}
        result = []
        for day in range(days):
            after: dict[Person, float] = defaultdict(float)
            for person, chance in chances.items():
                for p, moved in self.next_day(day, person):
                    after[moved] += chance * p
            chances = after
            counted: dict[int, float] = defaultdict(float)
            for person, chance in chances.items():
                counted[_where(person)] += chance
            result.append(dict(counted))
        return result


def _where(person: Person) -> int:
    if person[0] == "in":
        return int(person[1])  # type: ignore[call-overload]
    return int(person[1][person[2]][0]) if person[0] == "rest" else ROAD  # type: ignore[index]
