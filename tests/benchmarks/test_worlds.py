"""Generated worlds look like the world: sizes, roads, connectedness; and are the same for the same seed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.flee_folder import hastened_copy, write_flee_folder
from benchmarks.worlds import SHAPES, Journey, with_journey, world
from safepassage.adapters.flee import read
from safepassage.core.displacement import CAMP, CONFLICT_ZONE, Closure
from safepassage.core.local_law import LocalLaw
from safepassage.core.network import sphere_km
from safepassage.core.scenario import Scenario
from safepassage.engines.timetable import timetable_of

ALL = pytest.mark.parametrize("name", ["standard", "dense", "far", "region", "netherlands"])
PLANET = pytest.param("planet", marks=pytest.mark.slow)


@cache
def made(name: str) -> Scenario:
    return world(name)


def ends(scenario: Scenario) -> np.ndarray:
    links = scenario.network.links
    return np.bincount(np.concatenate([links.origin, links.target]), minlength=len(scenario.network.places))


@pytest.mark.parametrize("name", ["standard", "dense", "far", "region", "netherlands", PLANET])
def test_a_world_holds_together_and_has_the_roads_asked_for(name):
    network, shape = made(name).network, SHAPES[name]
    links, count = network.links, len(network.places)
    assert count == shape.places
    assert len(links) == pytest.approx(shape.links, rel=0.01)
    pairs = {frozenset(pair) for pair in zip(links.origin.tolist(), links.target.tolist(), strict=True)}
    assert len(pairs) == len(links)
    assert all(len(pair) == 2 for pair in pairs)
    graph = coo_array((np.ones(len(links)), (links.origin, links.target)), shape=(count, count))
    assert connected_components(graph, directed=False)[0] == 1
    assert ends(made(name)).min() >= 2
    assert ends(made(name)).max() <= 24
    assert ends(made(name)).mean() == pytest.approx(2 * shape.links / shape.places, rel=0.01)


@pytest.mark.parametrize("name", ["region", "netherlands", PLANET])
def test_most_places_of_large_worlds_have_two_to_eight_roads_or_about_eight(name):
    degrees = ends(made(name))
    most = 8 if name != "planet" else 12
    assert ((degrees >= 2) & (degrees <= most)).mean() > 0.9
    assert degrees.std() > 0.8  # not a lattice


@pytest.mark.parametrize("name", ["standard", "region", PLANET])
def test_roads_are_longer_than_the_line_with_a_tail_and_some_take_more_than_a_day(name):
    network = made(name).network
    links, places = network.links, network.places
    line = sphere_km(
        (places.lat[links.origin], places.lon[links.origin]),
        (places.lat[links.target], places.lon[links.target]),
    )
    road = np.array([mode == "road" for mode in links.modes])
    detour = links.distance_km[road & (line > 20.0)] / line[road & (line > 20.0)]
    assert (detour > 1.0 - 0.01).all()
    assert np.median(detour) == pytest.approx(1.25, abs=0.1)
    assert np.quantile(detour, 0.95) > 1.45
    long = links.distance_km > 360.0
    assert 0.003 < long.mean() < 0.1
    assert "ferry" in links.modes


def test_people_add_up_and_sizes_follow_the_rank():
    for name in ("standard", "region"):
        shape, places = SHAPES[name], made(name).network.places
        roles = made(name).displacement.roles  # type: ignore[union-attr]
        assert (places.population[roles == CAMP] == -1).all()
        people = np.sort(places.population[places.population > 0])[::-1]
        assert people.sum() <= shape.people
        assert people.sum() > 0.5 * shape.people
    assert people[0] / people[9] > 4.0  # rank 1 and 10: ten times in Zipf's rule, camps left out
    assert people[9] / people[999] > 50.0


def test_conflict_is_in_few_countries_and_camps_lie_beyond_their_borders():
    scenario = made("region")
    roles = scenario.displacement.roles  # type: ignore[union-attr]
    country = np.array(scenario.network.places.countries)
    torn = set(country[roles == CONFLICT_ZONE])
    assert len(torn) < len(set(country)) / 4
    assert not torn & set(country[roles == CAMP])
    assert roles[0] == CONFLICT_ZONE
    assert not scenario.displacement.foreign[0]  # type: ignore[union-attr]


@ALL
def test_the_same_seed_makes_the_same_world_and_another_one_another(name):
    one, again, other = made(name), world(name), world(name, seed=2)
    for key in ("lat", "lon", "population"):
        assert (getattr(one.network.places, key) == getattr(again.network.places, key)).all()
    assert (one.network.links.distance_km == again.network.links.distance_km).all()
    assert (one.displacement.roles == again.displacement.roles).all()  # type: ignore[union-attr]
    assert (one.network.places.lat != other.network.places.lat).any()


def test_everybody_leaves_over_the_first_days():
    scenario = with_journey(made("standard"), Journey(people=1_000, days=30, leave_days=7))
    departures = timetable_of(scenario).departures
    assert departures.sum() == 1_000
    assert departures[0] == 0
    assert (departures[1:8] > 100).all()
    assert departures[8:].sum() == 0


def test_camps_have_limits_only_where_asked_for():
    free = with_journey(made("standard"), Journey(limits=False))
    full = with_journey(
        made("standard"), Journey(people=600, limits=True, law=LocalLaw(avoid_short_stints=True))
    )
    assert (timetable_of(free).capacity == 0).all()
    capacity = timetable_of(full).capacity
    camps = full.displacement.camps  # type: ignore[union-attr]
    assert (capacity[camps] >= 1).all()
    assert capacity.sum() == pytest.approx(720, rel=0.1)


@pytest.mark.parametrize("name", ["standard", pytest.param("netherlands", marks=pytest.mark.slow)])
def test_a_world_as_a_flee_folder_is_read_back_as_it_was(name, tmp_path: Path):
    law = LocalLaw(avoid_short_stints=True, softening_km=20.0)
    first = with_journey(made(name), Journey(people=5_000, days=20, leave_days=9, law=law, limits=True))
    write_flee_folder(first, tmp_path / "world")
    second, notices = read(tmp_path / "world")
    assert notices == ()
    assert second.law == first.law
    assert second.days == first.days
    one, other = first.displacement, second.displacement
    assert one is not None
    assert other is not None
    for key in ("roles", "foreign", "camps"):
        assert (getattr(one, key) == getattr(other, key)).all()
    ours, theirs = timetable_of(first), timetable_of(second)
    assert (ours.departures == theirs.departures).all()
    assert (ours.capacity == theirs.capacity).all()
    for day in (0, 10, 19):
        assert (ours.conflict[day] == theirs.conflict[day]).all()
    assert (ours.arcs.km == theirs.arcs.km).all()
    assert (ours.paths.dest == theirs.paths.dest).all()


def test_what_a_flee_folder_would_lose_is_refused(tmp_path: Path):
    scenario = made("standard")
    assert scenario.displacement is not None
    closed = replace(scenario.displacement, closures=(Closure("location", (1,), None, 1, 2),))
    with pytest.raises(ValueError, match="closures"):
        write_flee_folder(replace(scenario, displacement=closed), tmp_path)
    with pytest.raises(ValueError, match="total"):
        write_flee_folder(replace(scenario, displacement=None), tmp_path)


def test_a_hastened_copy_differs_in_nothing_else(tmp_path: Path):
    journey = Journey(people=5_000, days=20, leave_days=9)
    write_flee_folder(with_journey(made("standard"), journey), tmp_path / "one")
    hastened_copy(tmp_path / "one", tmp_path / "two", 50)
    one, two = read(tmp_path / "one")[0], read(tmp_path / "two")[0]
    assert one.displacement is not None
    assert two.displacement is not None
    assert two.displacement.people_per_agent == 50
    assert one.law == two.law
    assert (one.network.links.distance_km == two.network.links.distance_km).all()
