"""Both kernels of the local law: conservation, exactness, memory, camps that fill, closures, choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safepassage.core.displacement import Closure, Series
from safepassage.core.draws import Draws
from safepassage.core.errors import ModelError
from safepassage.core.local_law import LocalLaw
from safepassage.engines.choice import engine_for, with_people_per_agent
from safepassage.engines.timetable import timetable_of

from .displaced import evenings, world

# The kernels that draw; flow, which computes what they draw on average, has tests of its own.
KERNELS = ("agents", "cohorts")

TOWN, ZONE, CAMP, IDP, HUB, MARKER = range(6)
PLACES = [("A", ZONE, 1000), ("B", TOWN, 10), ("C", TOWN, 5), ("D", CAMP, 0), ("E", HUB, 0)]
ROADS = [(0, 1, 30.0), (1, 2, 40.0), (0, 2, 90.0), (2, 3, 55.0), (1, 3, 120.0), (2, 4, 20.0), (4, 3, 35.0)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    people=st.lists(st.integers(0, 300), min_size=1, max_size=4),
    speed=st.sampled_from([7.0, 100.0, 400.0]),
    awareness=st.sampled_from([1, 3]),
    kernel=st.sampled_from(KERNELS),
    compat=st.booleans(),
    closed=st.integers(0, 5),
    seed=st.integers(0, 2**63),
)
def test_people_are_conserved_on_every_day(people, speed, awareness, kernel, compat, closed, seed):
    law = LocalLaw(max_move_speed_km_per_day=speed, awareness_level=awareness, compat=compat)
    closures = (Closure("location", (2,), None, closed, closed + 2), Closure("camp", (3,), None, 1, None))
    scenario = world(PLACES, ROADS, law=law, leaving=people, closures=closures)
    engine = engine_for(scenario, force="agents" if compat else kernel)
    stock, road = evenings(engine, days=8, members=2, seed=seed)
    left = np.cumsum([*people, *[0] * (8 - len(people))])
    assert (stock >= 0).all()
    assert (stock.sum(axis=2) + road == left).all()


@pytest.mark.parametrize(
    "law",
    [
        LocalLaw(max_move_speed_km_per_day=100, default_movechance=0.4),
        LocalLaw(
            max_move_speed_km_per_day=60,
            awareness_level=3,
            default_movechance=0.4,
            camp_weight=2,
            weight_power=1.5,
            pruning_threshold=6.0,
        ),
    ],
    ids=["one link ahead", "three links ahead, pruned"],
)
def test_cohorts_equal_agents_in_distribution_with_several_links_a_day(law: LocalLaw):
    members, days = 500, 8
    closures = (Closure("link", (2, 3), None, 3, 6),)
    scenario = world(PLACES, ROADS, law=law, leaving=[150] * 3, closures=closures)
    agents, _ = evenings(engine_for(scenario, force="agents"), days=days, members=members)
    cohorts, _ = evenings(engine_for(scenario, force="cohorts"), days=days, members=members, seed=2)
    error = np.sqrt((agents.var(axis=0) + cohorts.var(axis=0)) / members)
    z = (agents.mean(axis=0) - cohorts.mean(axis=0)) / np.maximum(error, 0.02)
    assert np.abs(z).max() < 4.5
    assert np.sqrt((z**2).mean()) < 1.4
    spread = agents.std(axis=0), cohorts.std(axis=0)
    busy = spread[0] > 2
    assert np.abs(np.log(spread[0][busy] / spread[1][busy])).max() < 0.25


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_tiny_network_gives_the_enumerated_probabilities(kernel: str):
    # A – B 40 km, A – C 100 km, one link ahead, 100 km a day. Who takes B has 60 km left, stays with 0.5,
    # else goes back to A (40 km), where 20 km are left: again B (on the road), or C (on the road).
    law = LocalLaw(
        max_move_speed_km_per_day=100, default_movechance=0.5, softening_km=0.0, conflict_weight=1.0
    )
    places = [("A", ZONE, 10), ("B", TOWN, 1), ("C", CAMP, 0)]
    scenario = world(places, [(0, 1, 40.0), (0, 2, 100.0)], law=law, leaving=[1000])
    stock, road = evenings(engine_for(scenario, force=kernel), days=1, members=400)
    to_b = (1 / 40) / (1 / 40 + 1 / 100)
    expected = {"B": to_b * 0.5, "C": 1 - to_b, "road": to_b * 0.5}
    found = {"B": stock[:, 0, 1], "C": stock[:, 0, 2], "road": road[:, 0]}
    for name, share in expected.items():
        error = np.sqrt(1000 * share * (1 - share) / 400)
        assert found[name].mean() == pytest.approx(1000 * share, abs=4 * error), name


def test_a_day_holds_one_day_of_distance_except_in_flee():
    # A chain of hubs 90 km apart at 200 km a day: two links a day; Flee's code goes on until 200 km are past.
    places = [("A", ZONE, 10), *[(f"H{k}", HUB, 0) for k in range(6)], ("Z", CAMP, 0)]
    roads = [(k, k + 1, 90.0) for k in range(7)]
    law = LocalLaw(max_move_speed_km_per_day=200, distance_power=0.0, conflict_weight=0.0, weight_power=50.0)
    forward = np.ones(7, dtype=np.int8)
    scenario = world(places, roads, law=law, leaving=[50], forced=forward)
    stock, road = evenings(engine_for(scenario, force="agents"), days=1, members=1)
    assert stock[0, 0].sum() == 0
    assert road[0, 0] == 50  # 180 km on, 20 km into the third link
    reached = evenings(engine_for(scenario, force="agents"), days=4, members=1)[0]
    assert reached[0, 3, 7] == 50  # 630 km take four days
    flee = replace(scenario, law=replace(law, compat=True))
    there = evenings(engine_for(flee, force="agents"), days=1, members=1)[0]
    assert there[0, 0, 3] == 50  # the third link is done as well: 270 km


def test_nobody_breaks_the_journey_in_a_town_where_short_stints_are_avoided():
    places = [("A", ZONE, 10), ("B", TOWN, 1), ("C", CAMP, 0)]
    law = LocalLaw(max_move_speed_km_per_day=300, default_movechance=0.0, avoid_short_stints=True)
    forced = np.array([1, 1], dtype=np.int8)
    scenario = world(places, [(0, 1, 50.0), (1, 2, 60.0)], law=law, leaving=[20], forced=forced)
    engine = engine_for(scenario)
    assert engine.name == "agents"
    assert "avoid_short_stints" in engine.reason
    assert evenings(engine, days=1, members=1)[0][0, 0].tolist() == [0, 0, 20]
    calm = replace(scenario, law=replace(law, avoid_short_stints=False))
    assert evenings(engine_for(calm, force="agents"), days=1, members=1)[0][0, 0].tolist() == [0, 20, 0]


def test_the_first_link_is_walked_where_people_start_on_foot():
    places = [("A", ZONE, 10), ("B", CAMP, 0)]
    law = LocalLaw(max_move_speed_km_per_day=300, max_walk_speed_km_per_day=35, start_on_foot=True)
    scenario = world(places, [(0, 1, 100.0)], law=law, leaving=[20])
    stock, _ = evenings(engine_for(scenario), days=3, members=1)
    assert stock[0, :, 1].tolist() == [0, 0, 20]


def test_a_camp_fills_within_the_day_and_then_takes_nobody():
    places = [("A", ZONE, 10), ("B", CAMP, 100)]
    law = LocalLaw(camp_movechance=0.0)
    scenario = world(places, [(0, 1, 50.0)], law=law, leaving=[500])
    engine = engine_for(scenario)
    assert engine.name == "agents"
    assert "camps fill up" in engine.reason
    stock, _ = evenings(engine, days=6, members=3)
    assert (stock[:, 0, 1] == 500).all()  # all set out in the morning, when it still had room
    daily = world(places, [(0, 1, 50.0)], law=law, leaving=[60] * 6)
    later = evenings(engine_for(daily), days=6, members=3)[0]
    assert later[:, :, 1].tolist() == [[60, 120, 120, 120, 120, 120]] * 3


@pytest.mark.parametrize("kernel", KERNELS)
def test_who_meets_a_closed_road_turns_back(kernel: str):
    places = [("A", ZONE, 10), ("B", CAMP, 0)]
    law = LocalLaw(max_move_speed_km_per_day=60, conflict_movechance=1.0)
    closures = (Closure("country", (), ("A", "B"), 1, 3),)
    scenario = world(places, [(0, 1, 100.0)], law=law, leaving=[20], closures=closures)
    stock, road = evenings(engine_for(scenario, force=kernel), days=5, members=1)
    assert road[0].tolist() == [20, 0, 0, 20, 0]
    assert stock[0, 1].tolist() == [20, 0]
    assert stock[0, 4].tolist() == [0, 20]


def test_two_closures_of_one_road_both_hold_except_in_flee():
    places = [("A", ZONE, 10), ("B", CAMP, 0)]
    closures = (Closure("location", (1,), None, 0, 5), Closure("country", (), ("A", "B"), 0, 2))
    scenario = world(places, [(0, 1, 10.0)], closures=closures)
    timetable = timetable_of(scenario)
    assert [bool(timetable.arc_open[timetable.state[d], 0]) for d in (1, 3, 5)] == [False, False, True]
    flee = timetable_of(replace(scenario, law=LocalLaw(compat=True)))
    assert [bool(flee.arc_open[flee.state[d], 0]) for d in (1, 3, 5)] == [False, True, True]


def test_the_same_seed_gives_the_same_bits_for_any_number_of_members():
    scenario = world(PLACES, ROADS, leaving=[50] * 4)
    for kernel in KERNELS:
        engine = engine_for(scenario, force=kernel)
        few, many = (evenings(engine, days=6, members=m, seed=9)[0] for m in (2, 5))
        assert (few == many[:2]).all()
        assert (many[0] != many[1]).any()


def test_a_step_leaves_the_state_before_it_untouched():
    scenario = world(PLACES, ROADS, leaving=[50] * 4)
    for kernel in KERNELS:
        engine = engine_for(scenario, force=kernel)
        state = engine.step(engine.init(slots=np.arange(2), draws=Draws(1)), day=0, draws=Draws(1))
        before = engine.observe(state).stock.copy()
        engine.step(state, day=1, draws=Draws(1))
        assert (engine.observe(state).stock == before).all()


def test_departures_follow_the_rises_of_the_series_and_falls_put_later_ones_off():
    series = (Series(np.array([0, 2, 4, 6]), np.array([10.0, 30.0, 10.0, 50.0])),)
    places = [("A", ZONE, 10), ("B", CAMP, 0)]
    scenario = world(places, [(0, 1, 10.0)], series=series, days=8)
    timetable = timetable_of(scenario)
    assert timetable.initial.tolist() == [0, 10]
    assert timetable.departures.tolist() == [0, 10, 10, 0, 0, 0, 20, 0]


def test_people_who_cannot_leave_for_want_of_conflict_wait():
    places = [("A", ZONE, 10), ("B", CAMP, 0)]
    conflict = np.zeros((8, 2))
    conflict[3:, 0] = 1.0
    series = (Series(np.array([0, 4]), np.array([0.0, 40.0])),)
    scenario = world(places, [(0, 1, 10.0)], series=series, conflict=conflict, days=8)
    stock, road = evenings(engine_for(scenario), days=6, members=1)
    assert (stock.sum(axis=2) + road)[0].tolist() == [0, 0, 0, 30, 40, 40]


@pytest.mark.parametrize("mode", ["constant", "pop_ratio", "poisson"])
def test_conflict_can_drive_departures(mode: str):
    places = [("A", ZONE, 1000), ("B", CAMP, 0)]
    rate = 0.1 if mode == "pop_ratio" else 100.0
    scenario = world(places, [(0, 1, 10.0)], departure_mode=mode, people_per_conflict_day=rate)
    stock, road = evenings(engine_for(scenario), days=5, members=30)
    total = (stock.sum(axis=2) + road)[:, -1]
    assert total.mean() == pytest.approx(500, abs=20)
    assert (total.std() > 0) == (mode == "poisson")


def test_as_of_a_date_nothing_later_matters_and_recent_days_go_on():
    places = [("A", ZONE, 1000), ("B", CAMP, 50)]

    def scenario(last: float):
        series = (Series(np.array([0, 20, 40]), np.array([0.0, 200.0, last])),)
        conflict = np.zeros((60, 2))
        conflict[:, 0] = np.where(np.arange(60) < 21, 1.0, last / 100)
        closures = (Closure("location", (1,), None, 30 if last > 500 else 35, 50),)
        base = world(
            places,
            [(0, 1, 10.0)],
            series=series,
            conflict=conflict,
            closures=closures,
            corrections=((1, 40),),
            days=60,
        )
        return base.known_by(date(2020, 1, 21))

    one, other = scenario(900.0), scenario(250.0)
    assert one.displacement is not None
    assert one.displacement.known_until_day == 20
    assert any("30 days" in note for note in one.displacement.notes)
    runs = [evenings(engine_for(known), days=60, members=20)[0] for known in (one, other)]
    assert (runs[0] == runs[1]).all()
    total = runs[0].sum(axis=2)
    assert total[:, 20].tolist() == [200] * 20
    assert total[:, 59].mean() == pytest.approx(200 + 39 * 10, rel=0.1)
    assert runs[0][:, -1, 1].mean() > 50  # the undated capacity is not used


def test_one_agent_can_stand_for_many_people():
    scenario = world(PLACES, ROADS, leaving=[500])
    engine = engine_for(with_people_per_agent(scenario, 10), force="agents")
    stock, road = evenings(engine, days=3, members=1)
    assert (stock % 10 == 0).all()
    assert (stock.sum(axis=2) + road == 500).all()
    coarse = engine_for(scenario, force="agents", members=10, agent_days=10_000)
    assert "one agent stands for" in coarse.reason


def test_cohorts_cannot_be_forced_on_rules_they_cannot_follow():
    with pytest.raises(ModelError, match="avoid_short_stints"):
        engine_for(world(PLACES, ROADS, law=LocalLaw(avoid_short_stints=True)), force="cohorts")
    with pytest.raises(ModelError, match="no engine"):
        engine_for(world(PLACES, ROADS), force="tide")


def test_roads_of_no_length_end_the_day_some_time_in_flee():
    places = [("A", ZONE, 10), ("B", TOWN, 1)]
    law = LocalLaw(compat=True, default_movechance=1.0, softening_km=0.0)
    scenario = world(places, [(0, 1, 0.0)], law=law, leaving=[5])
    stock, _ = evenings(engine_for(scenario), days=2, members=1)
    assert stock[0, 1].sum() == 5


@pytest.mark.parametrize("kernel", KERNELS)
def test_extreme_but_legal_settings_run(kernel: str):
    law = LocalLaw(conflict_weight=1e6, weight_power=50.0, camp_weight=1e6, softening_km=0.0)
    conflict = np.zeros((3, 5))
    conflict[:, 0], conflict[:, 1] = 1.0, 1e6
    scenario = world(PLACES, ROADS, law=law, conflict=conflict, leaving=[50])
    stock, road = evenings(engine_for(scenario, force=kernel), days=3, members=1)
    assert (stock.sum(axis=2) + road == 50).all()


def test_more_agents_than_fit_are_refused_with_a_way_out():
    scenario = world(PLACES, ROADS, leaving=[2_000_000_000])
    with pytest.raises(ModelError, match="hasten"):
        engine_for(scenario, force="agents")
