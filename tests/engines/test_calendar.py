"""States of roads and roles, worked out only on days of events, are those of every day worked out."""

from __future__ import annotations

import time

import numpy as np
import pytest

from safepassage.core.displacement import CAMP, CONFLICT_ZONE, MARKER, TOWN, Closure, Series
from safepassage.core.errors import ModelError
from safepassage.core.local_law import LocalLaw
from safepassage.engines import local_rules
from safepassage.engines.local_routes import arcs_of
from safepassage.engines.timetable import timetable_of

from .displaced import world

PLACES = [("A", CONFLICT_ZONE, 100), ("B", TOWN, 50), ("C", CAMP, 40), ("D", TOWN, 10)]
ROADS = [(0, 1, 30.0), (1, 2, 40.0), (2, 3, 55.0), (0, 3, 20.0)]


def closures() -> tuple[Closure, ...]:
    return (
        Closure("link", (0, 1), None, 2, 5),
        Closure("location", (1,), None, 3, 8),
        Closure("country", (), ("A", "B"), 4, 6),
        Closure("camp", (2,), None, 1, 7),
        Closure("forced_redirection", (2, 3), None, 4, None),
        Closure("link", (0, 1), None, 5, 6),
    )


def day_by_day(scenario, arcs, days: int, *, compat: bool):
    """Close and open on every single day, as the rules are written."""
    countries = np.array(scenario.network.places.countries)
    role = local_rules.calm(scenario.displacement.roles).copy()
    is_open = np.ones(len(arcs.km), dtype=bool)
    now: list[Closure] = []
    for day in range(days):
        for closure in scenario.displacement.closures:
            for when, closing in ((closure.start_day, True), (closure.end_day, False)):
                if when == day:
                    now = [*now, closure] if closing else [one for one in now if one is not closure]
                    shut(closure, (arcs, countries, role, is_open), closing=closing)
        if not compat:
            for closure in now:
                shut(closure, (arcs, countries, role, is_open), closing=True)
        yield role.copy(), is_open.copy()


def shut(closure: Closure, where, *, closing: bool) -> None:
    arcs, countries, role, is_open = where
    for arc, (a, b) in enumerate(zip(arcs.origin, arcs.target, strict=True)):
        hit = {
            "link": {a, b} == set(closure.places),
            "location": closure.places[:1] in ((a,), (b,)),
            "country": set(closure.countries or ()) == {countries[a], countries[b]},
        }
        if hit.get(closure.kind, False):
            is_open[arc] = not closing
    if closure.kind == "camp":
        role[closure.places[0]] = TOWN if closing else CAMP


@pytest.mark.parametrize("compat", [False, True])
def test_states_of_the_roads_are_those_of_every_single_day(compat: bool):
    scenario = world(PLACES, ROADS, law=LocalLaw(compat=compat), closures=closures(), days=12)
    timetable = timetable_of(scenario)
    expected = day_by_day(scenario, timetable.arcs, 12, compat=compat)
    for day, (role, is_open) in enumerate(expected):
        assert timetable.role[day].tolist() == role.tolist(), day
        assert timetable.arc_open[timetable.state[day]].tolist() == is_open.tolist(), day
    assert len(timetable.arc_open) == len(np.unique(timetable.arc_open, axis=0))  # each state once


def test_arcs_lie_in_pairs_and_know_the_first_with_their_ends():
    scenario = world(PLACES, [(0, 1, 30.2), (1, 0, 7.0), (2, 3, 0.1)])
    arcs = arcs_of(scenario.network, LocalLaw())
    assert arcs.origin.tolist() == [0, 1, 1, 0, 2, 3]
    assert arcs.target.tolist() == [1, 0, 0, 1, 3, 2]
    assert arcs.km.tolist() == [30, 30, 7, 7, 1, 1]
    assert arcs.link.tolist() == [0, 0, 1, 1, 2, 2]
    assert arcs.first.tolist() == [0, 1, 1, 0, 4, 5]


def ways_from(timetable, place: int) -> dict[tuple[int, ...], float]:
    """Give the paths of one place as places on the way, with their km."""
    paths, arcs = timetable.paths, timetable.arcs
    found = {}
    for row in range(paths.ptr[0, place], paths.ptr[0, place + 1]):
        way = tuple(int(arcs.target[arc]) for arc in paths.arcs[row] if arc >= 0)
        assert way[-1] == paths.dest[row]
        found[way] = float(paths.km[row])
    return found


def test_fixed_routes_keep_the_shortest_path_to_each_destination():
    law = LocalLaw(awareness_level=3, fixed_routes=True)
    timetable = timetable_of(world(PLACES, ROADS, law=law))
    assert ways_from(timetable, 0) == {(1,): 30.0, (1, 2): 70.0, (3,): 20.0}


def test_major_routes_are_known_both_ways_from_where_they_begin_and_one_look_before():
    line = [("A", CONFLICT_ZONE, 9), *((name, TOWN, 9) for name in "BCDE"), ("F", CAMP, 0)]
    roads = [(k, k + 1, 10.0) for k in range(5)]
    law = LocalLaw(fixed_routes=True)
    timetable = timetable_of(world(line, roads, law=law, major_routes=((1, 2, 3, 4, 5),)))
    assert ways_from(timetable, 1) == {(0,): 10.0, (2,): 10.0, (2, 3, 4, 5): 40.0}
    assert ways_from(timetable, 0) == {(1,): 10.0, (1, 2, 3, 4, 5): 50.0}
    assert ways_from(timetable, 5) == {(4,): 10.0, (4, 3, 2, 1): 40.0}
    assert ways_from(timetable, 3) == {(2,): 10.0, (4,): 10.0}
    compat = LocalLaw(fixed_routes=True, compat=True)
    timetable = timetable_of(world(line, roads, law=compat, major_routes=((1, 2, 3, 4, 5),)))
    assert ways_from(timetable, 1)[2, 3, 4, 5] == 10.0  # a quarter, in Flee's code


def test_markers_cost_no_look_and_no_place_is_met_twice():
    places = [("A", CONFLICT_ZONE, 9), ("M", MARKER, 0), ("N", MARKER, 0), ("D", TOWN, 9)]
    roads = [(0, 1, 10.0), (1, 2, 10.0), (2, 3, 10.0), (2, 0, 5.0)]
    timetable = timetable_of(world(places, roads))
    assert ways_from(timetable, 0) == {(1, 2, 3): 30.0, (2, 3): 15.0}


def test_fixed_routes_of_flee_weigh_the_score_once_more():
    law = LocalLaw(fixed_routes=True, compat=True, camp_weight=3.0, weight_softening=0.5, weight_power=2.0)
    timetable = timetable_of(world(PLACES, ROADS, law=law))
    score = timetable.scores(0)[0, 2]
    assert ((0.5 + score) * 0.1) ** 2 == pytest.approx(((0.5 + 3.0) * 0.1) ** 2 * 3.0)


def test_too_many_paths_are_an_error_before_memory_runs_out():
    count = 60
    everywhere = [(a, b, 1.0) for a in range(count) for b in range(a)]
    places = [("A", CONFLICT_ZONE, 9), *((f"t{k}", TOWN, 9) for k in range(count - 1))]
    with pytest.raises(ModelError, match="lower awareness_level"):
        timetable_of(world(places, everywhere, law=LocalLaw(awareness_level=8)))


def test_a_series_reads_the_same_for_many_days_as_for_each():
    rng = np.random.default_rng(5)
    for _ in range(20):
        days = np.sort(rng.integers(-20, 60, 9))
        series = Series(days, rng.integers(0, 900, 9).astype(np.float64))
        asked = np.arange(-25, 70)
        one_by_one = [float(series.at(np.array([day]))[0]) for day in asked]
        assert series.at(asked).tolist() == one_by_one
        slow = Series(days, series.people)
        expected = [_flat_or_between(slow, int(day)) for day in asked]
        assert series.at(asked).tolist() == expected


def _flat_or_between(series: Series, day: int) -> float:
    if day <= series.days[0]:
        return float(series.people[0])
    for left in range(len(series.days) - 1):
        if series.days[left + 1] > day:
            share = float(day - series.days[left]) / float(series.days[left + 1] - series.days[left])
            return float(series.people[left] + share * (series.people[left + 1] - series.people[left]))
    return float(series.people[-1])


def test_laying_out_a_large_network_costs_no_more_for_many_days_than_for_few():
    rng = np.random.default_rng(1)
    count, roads = 4000, 12000
    a = rng.integers(0, count, roads)
    b = (a + rng.integers(1, 50, roads)) % count
    places = [("A", CONFLICT_ZONE, 9), *((f"t{k}", TOWN, 9) for k in range(count - 1))]
    links = list(zip(a.tolist(), b.tolist(), [9.0] * roads, strict=True))
    quiet = {"conflict": np.full((1, count), 1.0), "conflict_since": np.zeros((1, count), np.int32)}
    scenario = world(places, links, days=10, **quiet)

    def cost(days: int) -> float:
        begin = time.process_time()
        timetable_of(scenario, days=days)
        return time.process_time() - begin

    few = min(cost(10) for _ in range(3))
    assert min(cost(2000) for _ in range(3)) < 3 * few
