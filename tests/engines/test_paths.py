"""Paths that people weigh: the compiled search lists what the definition says, in its order."""

from __future__ import annotations

import time

import numpy as np
import pytest

from safepassage.core.displacement import MARKER
from safepassage.core.errors import ModelError
from safepassage.core.local_law import LocalLaw
from safepassage.engines import local_routes
from safepassage.engines.local_routes import Arcs, enumerate_paths


def by_definition(arcs: Arcs, law: LocalLaw, role, is_open, forced) -> list[tuple[int, float, list[int]]]:
    """List the paths of all places by plain recursion."""
    found = []

    def follow(place: int, taken: list[int], seen: list[int], km: float) -> None:
        steps = 1 + len(taken) - sum(int(role[p] == MARKER) for p in seen[1:])
        for arc in np.flatnonzero(is_open & (arcs.origin == place)):
            end = int(arcs.target[arc])
            if end in seen:
                continue
            if role[end] != MARKER:
                found.append((end, km + arcs.km[arc], [*taken, int(arc)]))
            if max(1, law.awareness_level) > steps - int(role[end] == MARKER):
                follow(end, [*taken, int(arc)], [*seen, end], km + arcs.km[arc])

    for place in range(len(role)):
        redirected = np.flatnonzero(is_open & forced & (arcs.origin == place))
        if len(redirected):
            found.extend((int(arcs.target[arc]), float(arcs.km[arc]), [int(arc)]) for arc in redirected)
        else:
            follow(place, [], [place], 0.0)
    return found


def random_arcs(luck: np.random.Generator, places: int, count: int) -> Arcs:
    origin, target = luck.integers(0, places, (2, count)).astype(np.int32)
    pairs = list(zip(origin.tolist(), target.tolist(), strict=True))
    first = np.array([pairs.index(pair) for pair in pairs], dtype=np.int32)
    return Arcs(origin, target, luck.uniform(1, 50, count).round(), np.arange(count), first)


@pytest.mark.parametrize("seed", range(40))
def test_paths_are_those_of_the_definition_in_its_order(seed: int):
    luck = np.random.default_rng(seed)
    places = int(luck.integers(1, 8))
    arcs = random_arcs(luck, places, int(luck.integers(0, 20)))
    role = luck.choice([0, 0, MARKER], places).astype(np.int8)
    arc_open = luck.random((2, len(arcs.km))) < 0.8
    forced = luck.random((2, len(arcs.km))) < 0.1
    law = LocalLaw(awareness_level=int(luck.integers(-1, 5)), compat=bool(luck.integers(2)))
    paths = enumerate_paths(arcs, law, role=role, arc_open=arc_open, forced=forced)
    for state in range(2):
        expected = by_definition(arcs, law, role, arc_open[state], forced[state])
        begin, end = paths.ptr[state, 0], paths.ptr[state, -1]
        assert end - begin == len(expected)
        for path, (dest, km, taken) in zip(range(begin, end), expected, strict=True):
            assert (paths.dest[path], paths.km[path], paths.length[path]) == (dest, km, len(taken))
            own = arcs.first[taken].tolist() if law.compat else taken
            assert paths.arcs[path, : len(taken)].tolist() == own
            assert (paths.arcs[path, len(taken) :] == -1).all()


def test_a_planet_of_roads_takes_well_under_a_second():
    luck = np.random.default_rng(1)
    count = 400_000
    origin, target = luck.integers(0, 50_000, (2, count)).astype(np.int32)
    arcs = Arcs(origin, target, np.full(count, 30.0), np.arange(count), np.arange(count, dtype=np.int32))
    role, yes = np.zeros(50_000, dtype=np.int8), np.ones((1, count), dtype=bool)
    enumerate_paths(arcs, LocalLaw(), role=role[:10], arc_open=yes[:, :0], forced=yes[:, :0])  # compiles
    began = time.process_time()
    paths = enumerate_paths(arcs, LocalLaw(), role=role, arc_open=yes, forced=~yes)
    assert time.process_time() - began < 1.0
    assert len(paths.dest) == (origin != target).sum()


@pytest.mark.parametrize("marker", [False, True], ids=["towns", "markers, in which no path ends"])
def test_too_many_paths_are_noticed_before_they_are_listed(marker: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(local_routes, "MOST_PATHS", 10_000)
    origin, target = (x.reshape(-1).astype(np.int32) for x in np.meshgrid(np.arange(30), np.arange(30)))
    arcs = Arcs(origin, target, np.ones(900), np.arange(900), np.arange(900, dtype=np.int32))
    role = np.where(np.arange(30) > 1, MARKER if marker else 0, 0).astype(np.int8)
    yes = np.ones((1, 900), dtype=bool)
    with pytest.raises(ModelError, match="awareness_level"):
        enumerate_paths(arcs, LocalLaw(awareness_level=20), role=role, arc_open=yes, forced=~yes)
