"""The agent kernel: exact choices, one meaning in every form, kinds, conservation, the same bits."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from safepassage.core.displacement import Closure
from safepassage.core.draws import Draws
from safepassage.core.local_law import LocalLaw
from safepassage.engines import agents_kernel, agents_tables
from safepassage.engines.agents import Agents, AgentsState
from safepassage.engines.agents_cost import predicted_seconds
from safepassage.engines.agents_joining import counts_by_kind
from safepassage.engines.agents_kernel import People
from safepassage.engines.agents_rules import bits_of, choose
from safepassage.engines.agents_tables import legs_of_paths, morning_of, plan_of
from safepassage.engines.compiled import luck_of
from safepassage.engines.local_rules import capacity_factor, path_weight
from safepassage.engines.timetable import Timetable, timetable_of

from .displaced import evenings, world

TOWN, ZONE, CAMP, IDP, HUB, MARKER = range(6)
PLACES = [("A", ZONE, 1000), ("B", TOWN, 10), ("C", TOWN, 5), ("D", CAMP, 0), ("E", HUB, 0), ("F", CAMP, 0)]
ROADS = [
    (0, 1, 30.0),
    (1, 2, 40.0),
    (0, 2, 90.0),
    (2, 3, 55.0),
    (1, 3, 120.0),
    (2, 4, 20.0),
    (4, 3, 35.0),
    (4, 5, 15.0),
]


def agents(scenario, **options) -> Agents:
    return Agents(timetable_of(scenario), "test", **options)


def with_rooms(rooms: dict[str, int]) -> list[tuple[str, int, int]]:
    return [(name, role, rooms.get(name, people)) for name, role, people in PLACES]


def counted(engine: Agents, state: AgentsState) -> np.ndarray:
    """Count who is at each place from the agents themselves: (member, n)."""
    legs = engine._plan.legs
    shape = (1, state.here.shape[1])
    people = People(state.where, state.km, state.home, state.kind[:0], state.recent, state.marks)
    parts = [state.first[k : k + 2] for k in range(len(state.slots))]
    return np.concatenate([counts_by_kind(people, bounds, legs, shape) for bounds in parts])


@pytest.mark.parametrize("power", [1.0, 2.5])
@pytest.mark.parametrize(("tables", "prune"), [(True, 1.0), (False, 1.0), (True, 12.0)])
def test_camps_that_fill_are_chosen_by_the_weights_of_the_moment(
    monkeypatch: pytest.MonkeyPatch, power: float, tables: bool, prune: float
):
    if not tables:
        monkeypatch.setattr(agents_tables, "MOST_SLOTS", 0)
    law = LocalLaw(awareness_level=3, camp_weight=2.0, weight_power=power, pruning_threshold=prune)
    timetable = timetable_of(world(with_rooms({"D": 100, "F": 40}), ROADS, law=law))
    plan = plan_of(timetable)
    score = timetable.scores(0)
    today = morning_of(plan, timetable, day=0, score=score, old=None).today
    here = np.array([0, 0, 0, 97, 0, 40], dtype=np.int64)
    dest, begin, end = timetable.paths.dest, *timetable.paths.ptr[0, :2]
    room = [
        capacity_factor(float(here[d]), {3: 100.0, 5: 40.0}.get(int(d), -1.0), 0.9) for d in dest[begin:end]
    ]
    weight = np.array(
        [
            path_weight(score[0, dest[k]], timetable.inverse[k], room[k - begin], law.weight_softening, power)
            for k in range(begin, end)
        ]
    )
    if prune > 1.0:
        weight[weight < weight.max() / prune] = 0.0
    draws = 8000
    found = np.zeros(end - begin)
    position = {int(leg): k for k, leg in enumerate(plan.paths["leg"][begin:end])}
    luck = luck_of(5, 0, 0)
    for agent in range(draws):
        who = (luck, agent, 0, 0)
        found[position[choose(who, 0, 0, np.uint64(bits_of(luck, agent, 77)), (here, today))]] += 1
    possible = weight > 0
    assert found[~possible].sum() == 0
    assert (~possible).any()
    expected = draws * weight[possible] / weight.sum()
    assert stats.chisquare(found[possible], expected).pvalue > 1e-4


def test_where_every_camp_is_full_each_path_is_as_likely_and_nobody_gets_in():
    places = [("A", ZONE, 10), ("B", CAMP, 10), ("C", CAMP, 10)]
    timetable = timetable_of(world(places, [(0, 1, 10.0), (0, 2, 90.0)]))
    plan = plan_of(timetable)
    today = morning_of(plan, timetable, day=0, score=timetable.scores(0), old=None).today
    here, luck = np.array([0, 10, 10], dtype=np.int64), luck_of(1, 0, 0)
    legs = [choose((luck, k, 0, 0), 0, 0, np.uint64(bits_of(luck, k, 1)), (here, today)) for k in range(2000)]
    share = (np.array(legs) == legs[0]).mean()
    assert share == pytest.approx(0.5, abs=0.05)
    initial = np.array([0, 10, 10], dtype=np.int64)
    scenario = world(places, [(0, 1, 10.0), (0, 2, 90.0)], leaving=[30], initial_idps=initial)
    engine = agents(replace(scenario, law=LocalLaw(camp_movechance=0.0)))
    assert evenings(engine, days=4, members=1)[0][0, 3].tolist() == [30, 10, 10]


@pytest.mark.parametrize("law", [LocalLaw(awareness_level=2), LocalLaw(avoid_short_stints=True)])
def test_limits_that_are_never_met_change_no_bit(law: LocalLaw):
    # With a limit, all decide before anybody travels, and draws are thinned; without, neither is done.
    few, huge = ({"D": room, "F": room} for room in (0, 10**9))
    runs = [
        evenings(agents(world(with_rooms(rooms), ROADS, law=law, leaving=[1500] * 4)), days=8, members=2)
        for rooms in (few, huge)
    ]
    assert (runs[0][0] == runs[1][0]).all()
    assert (runs[0][1] == runs[1][1]).all()


def test_rows_of_slots_and_adding_up_weights_agree_in_distribution(monkeypatch: pytest.MonkeyPatch):
    law = LocalLaw(awareness_level=3, stay_close_to_home=True, weight_power=1.5, camp_weight=3.0)
    scenario = world(with_rooms({"D": 300, "F": 50}), ROADS, law=law, leaving=[200] * 3)
    members = 300
    tables, _ = evenings(agents(scenario), days=6, members=members)
    monkeypatch.setattr(agents_tables, "MOST_SLOTS", 0)
    sums, _ = evenings(agents(scenario), days=6, members=members, seed=2)
    error = np.sqrt((tables.var(axis=0) + sums.var(axis=0)) / members)
    z = (tables.mean(axis=0) - sums.mean(axis=0)) / np.maximum(error, 0.02)
    assert np.abs(z).max() < 4.5
    assert np.sqrt((z**2).mean()) < 1.5


LAWS = st.builds(
    LocalLaw,
    max_move_speed_km_per_day=st.sampled_from([7.0, 95.0, 400.0]),
    awareness_level=st.sampled_from([-1, 0, 1, 3]),
    weight_power=st.sampled_from([1.0, 2.0]),
    pruning_threshold=st.sampled_from([1.0, 3.0]),
    avoid_short_stints=st.booleans(),
    start_on_foot=st.booleans(),
    stay_close_to_home=st.booleans(),
    camp_movechance=st.sampled_from([0.0, 0.3]),
    compat=st.booleans(),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    law=LAWS,
    leaving=st.lists(st.integers(0, 1400), min_size=1, max_size=3),
    rooms=st.dictionaries(st.sampled_from("DF"), st.sampled_from([0, 20, 500])),
    closed=st.tuples(st.sampled_from([1, 2, 4]), st.integers(0, 4)),
    speed=st.sampled_from([np.nan, 30.0]),
    walk=st.sampled_from([0.0, 0.4]),
    forced=st.booleans(),
    seed=st.integers(0, 2**63),
)
def test_people_are_conserved_under_every_mix_of_rules(
    law, leaving, rooms, closed, speed, walk, forced, seed
):
    closures = (
        Closure("location", (closed[0],), None, closed[1], closed[1] + 2),
        Closure("camp", (3,), None, closed[1] + 1, None),
    )
    scenario = world(
        with_rooms(rooms),
        ROADS,
        law=law,
        leaving=leaving,
        closures=closures,
        link_speed_km_per_day=np.array([speed, *[np.nan] * 7]),
        link_walk_chance=np.array([0.0, walk, *[0.0] * 6]),
        forced=np.array([0, 0, 0, int(forced), 0, 0, 0, 0], dtype=np.int8),
    )
    engine, draws = agents(scenario), Draws(seed)
    state = engine.init(slots=np.array([4, 1]), draws=draws)
    left = np.cumsum([*leaving, *[0] * (7 - len(leaving))])
    for day in range(7):
        state = engine.step(state, day=day, draws=draws)
        view = engine.observe(state)
        assert (view.stock >= 0).all()
        assert (view.stock.sum(axis=1) + view.on_road == left[day]).all()
        assert (counted(engine, state) == state.here).all()
        lying = (state.where >= 6) & (state.where < 6 + len(engine._plan.legs))
        assert (view.on_road == [lying[a:b].sum() for a, b in pairwise(state.first)]).all()


ALL_RULES = [
    LocalLaw(awareness_level=3),
    LocalLaw(avoid_short_stints=True, start_on_foot=True, stay_close_to_home=True),
    LocalLaw(compat=True, awareness_level=2, avoid_short_stints=True, start_on_foot=True),
]


def stepped(engine: Agents, slots: list[int], days: range, state: AgentsState | None = None) -> AgentsState:
    draws = Draws(11)
    state = engine.init(slots=np.array(slots), draws=draws) if state is None else state
    for day in days:
        state = engine.step(state, day=day, draws=draws)
    return state


def member_of(state: AgentsState, slot: int) -> list[np.ndarray]:
    place = int(np.flatnonzero(state.slots == slot)[0])
    begin, end = state.first[place], state.first[place + 1]
    own = [getattr(state, name) for name in ("where", "km", "home", "kind", "recent", "marks")]
    return [state.here[place], state.population[place], *(values[begin:end] for values in own)]


@pytest.mark.parametrize("law", ALL_RULES, ids=["plain", "memory", "compat"])
def test_the_same_bits_for_any_members_in_any_order_and_on_resume(law: LocalLaw):
    closures = (Closure("location", (2,), None, 2, 4),)
    scenario = world(
        with_rooms({"D": 400}),
        ROADS,
        law=law,
        leaving=[700, 0, 900],
        closures=closures,
        departure_mode="observed",
    )
    engine = agents(scenario)
    whole = stepped(engine, [0, 1, 2, 3], range(7))
    other = stepped(agents(scenario), [3, 1], range(7))
    half = pickle.loads(pickle.dumps(stepped(engine, [2, 0], range(3))))
    resumed = stepped(pickle.loads(pickle.dumps(engine)), [], range(3, 7), half)
    for slot, state in ((3, other), (1, other), (2, resumed), (0, resumed)):
        for mine, theirs in zip(member_of(whole, slot), member_of(state, slot), strict=True):
            assert mine.dtype == theirs.dtype
            assert (mine == theirs).all()
    assert (whole.here[0] != whole.here[1]).any()


@pytest.mark.slow
@pytest.mark.parametrize("law", ALL_RULES, ids=["plain", "memory", "compat"])
def test_wide_types_give_the_same_bits(law: LocalLaw):
    scenario = world(with_rooms({"D": 400}), ROADS, law=law, leaving=[700, 0, 900])
    narrow, wide = (agents(scenario, narrow=narrow) for narrow in (True, False))
    states = [stepped(engine, [0, 1], range(7)) for engine in (narrow, wide)]
    assert states[0].where.dtype == np.uint16
    assert (states[1].where.dtype, states[1].km.dtype) == (np.uint32, np.float64)
    assert (states[0].km.dtype == np.uint16) == (not law.compat and not law.start_on_foot)
    for slot in (0, 1):
        for mine, theirs in zip(member_of(states[0], slot), member_of(states[1], slot), strict=True):
            assert (mine == theirs).all()


def test_lengths_that_do_not_fit_choose_wider_numbers_and_still_arrive():
    scenario = world([("A", ZONE, 10), ("B", CAMP, 0)], [(0, 1, 70_000.0)], days=3, leaving=[5])
    engine = agents(replace(scenario, law=LocalLaw(max_move_speed_km_per_day=30_000.0)))
    assert engine._plan.km == np.float64
    assert evenings(engine, days=3, members=1)[1][0].tolist() == [5, 5, 0]


def test_who_ends_the_day_on_the_way_of_a_plan_goes_on_next_morning_whatever_the_chance():
    # Two links of a full day each; nobody would leave the town between of free will.
    places = [("A", ZONE, 10), ("B", TOWN, 0), ("C", CAMP, 0)]
    law = LocalLaw(
        max_move_speed_km_per_day=100,
        awareness_level=2,
        default_movechance=0.0,
        camp_weight=1e9,
        camp_movechance=0.0,
    )
    scenario = world(places, [(0, 1, 100.0), (1, 2, 100.0)], law=law, leaving=[40])
    stock, road = evenings(agents(scenario), days=2, members=1)
    assert stock[0].tolist() == [[0, 40, 0], [0, 0, 40]]
    assert road[0].tolist() == [0, 0]
    closed = (Closure("link", (1, 2), None, 1, 5),)
    blocked = evenings(
        agents(replace(scenario, displacement=replace(scenario.displacement, closures=closed))),
        days=7,
        members=1,
    )
    assert (blocked[0][0, 1:, 1] == 40).all()  # the plan is dropped, and the chance of the town is 0


@pytest.mark.parametrize("compat", [False, True])
def test_who_is_turned_back_on_the_first_road_of_a_plan_is_where_she_set_out(compat: bool):
    places = [("A", ZONE, 10), ("B", TOWN, 0), ("C", CAMP, 0)]
    law = LocalLaw(max_move_speed_km_per_day=60, awareness_level=2, camp_weight=1e9, compat=compat)
    country = Closure("country", (), ("A", "B"), 1, 3)
    scenario = world(places, [(0, 1, 100.0), (1, 2, 100.0)], law=law, leaving=[40], closures=(country,))
    stock, road = evenings(agents(scenario), days=5, members=1)
    assert road[0, 0] == 40
    assert stock[0, 1].tolist() == [40, 0, 0]
    assert stock[0, 2].tolist() == [40, 0, 0]
    assert road[0, 3] == 40


def test_in_flee_a_plan_cut_off_behind_its_people_costs_them_a_day():
    # Turned back at 60 + 60 > 100 km; the plan for C goes on from B, so next morning it is only dropped.
    places = [("A", ZONE, 10), ("B", TOWN, 0), ("C", CAMP, 0), ("D", TOWN, 0)]
    law = LocalLaw(max_move_speed_km_per_day=60, awareness_level=2, camp_weight=1e9)
    roads = [(0, 1, 100.0), (1, 2, 100.0), (0, 3, 500.0)]
    closed = Closure("link", (0, 1), None, 1, 9)
    scenario = world(places, roads, law=law, leaving=[40], closures=(closed,))
    for compat, gone_on_day in ((False, 2), (True, 3)):
        road = evenings(agents(replace(scenario, law=replace(law, compat=compat))), days=4, members=1)[1]
        assert road[0].tolist() == [40, 0, 40 * (gone_on_day == 2), 40]


@pytest.mark.parametrize(("awareness", "room"), [(1, 0), (3, 0), (3, 400)])
def test_days_without_special_rules_are_the_same_with_all_rules_compiled_in(
    monkeypatch: pytest.MonkeyPatch, awareness: int, room: int
):
    law = LocalLaw(max_move_speed_km_per_day=95, awareness_level=awareness, weight_power=1.5)
    closures = (Closure("location", (2,), None, 2, 4),)
    scenario = world(with_rooms({"D": room}), ROADS, law=law, leaving=[3000, 200], closures=closures)
    quick = stepped(agents(scenario), [0, 1], range(6))
    monkeypatch.setattr(agents_kernel, "is_plain", lambda _: False)
    full = stepped(agents(scenario), [0, 1], range(6))
    assert (quick.where == full.where).all()
    assert (quick.km == full.km).all()
    assert (quick.here == full.here).all()


def test_threads_may_share_an_engine():
    scenario = world(with_rooms({"D": 700}), ROADS, law=LocalLaw(awareness_level=3), leaving=[500] * 3)
    engine = agents(scenario)
    alone = [stepped(agents(scenario), [slot], range(6)) for slot in range(6)]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda slot: stepped(engine, [slot], range(6)), range(6)))
    for one, other in zip(alone, together, strict=True):
        assert (one.where == other.where).all()
        assert (one.here == other.here).all()


def test_cost_is_foretold_from_people_members_days_and_rules():
    law = LocalLaw(awareness_level=2)
    plain = timetable_of(world(PLACES, ROADS, law=law, leaving=[100]))
    memory = timetable_of(world(PLACES, ROADS, law=replace(law, avoid_short_stints=True), leaving=[100]))
    base = predicted_seconds(plain, 100, 10, 1e6)
    assert 0.0 < predicted_seconds(plain, 100, 1, 1e5) < base
    assert predicted_seconds(plain, 100, 10, 1e7) == pytest.approx(10 * base, rel=0.5)
    assert predicted_seconds(plain, 200, 10, 1e6) > base
    assert predicted_seconds(memory, 100, 10, 1e6) > base
    nobody = timetable_of(world(PLACES[:2], [(0, 1, 5.0)], leaving=[]))
    assert predicted_seconds(nobody, 1, 1, 0.0) > 0.0


def test_many_paths_share_their_last_legs():
    paths = timetable_of(world(PLACES, ROADS, law=LocalLaw(awareness_level=3))).paths
    arc, after, last, first = legs_of_paths(paths)
    for path in range(len(paths.dest)):
        leg, taken = first[path], []
        while leg >= 0:
            assert last[leg] == paths.arcs[path, paths.length[path] - 1]
            taken.append(arc[leg])
            assert after[leg] < leg
            leg = after[leg]
        assert taken == paths.arcs[path, : paths.length[path]].tolist()
    assert len(set(zip(arc.tolist(), after.tolist(), strict=True))) == len(arc)


class ThreeKinds(Timetable):
    """Kind 0 heads for camp D, kind 1 for camp F, kind 2 stays at home until day 3."""

    asked: list[np.ndarray] = []  # noqa: RUF012

    kinds = 3
    needs_counts = True

    @property
    def kind_sums(self) -> np.ndarray:
        return np.tile([0.5, 0.8, 1.0], (len(self.population), 1))

    def scores(self, day, counts=None):
        self.asked.append(counts)
        score = np.zeros((3, len(self.population)))
        score[0, 3], score[1, 5] = 1.0, 1.0
        score[2] = 1.0
        return score

    def still(self, day):
        return np.array([False, False, day < 3])


def test_each_kind_goes_by_its_own_scores_and_some_do_not_move():
    law = LocalLaw(awareness_level=3, camp_movechance=0.0, max_move_speed_km_per_day=1000)
    plain = timetable_of(world(PLACES, ROADS, law=law, leaving=[2000, 500]))
    timetable = ThreeKinds(**{field.name: getattr(plain, field.name) for field in fields(plain)})
    ThreeKinds.asked.clear()
    engine = Agents(timetable, "test")
    state = stepped(engine, [0, 1], range(3))
    kinds = np.bincount(state.kind, minlength=3)
    assert stats.chisquare(kinds, 5000 * np.array([0.5, 0.3, 0.2])).pvalue > 1e-4
    assert set(state.where[state.kind == 0].tolist()) == {3}
    assert set(state.where[state.kind == 1].tolist()) == {5}
    assert set(state.where[state.kind == 2].tolist()) == {0}
    asked = ThreeKinds.asked
    assert len(asked) == 6  # every member, every day
    assert asked[0].sum() == 2000  # newcomers are there in the morning
    assert asked[2].sum(axis=1).tolist() == asked[2][:, [0, 3, 5]].sum(axis=1).tolist()
    assert asked[4][:, 3].tolist() == [
        int(((state.kind == 0) & (state.where == 3))[: state.first[1]].sum()),
        0,
        0,
    ]
    moved = stepped(engine, [], range(3, 5), state)
    assert len(set(moved.where[moved.kind == 2].tolist())) > 1
    again = stepped(Agents(timetable, "test"), [1], range(3))
    assert (again.where == state.where[state.first[1] :]).all()
    assert (again.kind == state.kind[state.first[1] :]).all()


def test_camps_that_are_sinks_hold_people_for_good():
    places = [("A", ZONE, 10), ("B", CAMP, 0)]
    law = LocalLaw(camp_movechance=1.0, camps_are_sinks=True)
    # A full day's way: who is not held on the first evening is back in A on the second.
    scenario = world(places, [(0, 1, 360.0)], law=law, leaving=[4000], sinks=np.array([0.0, 0.25]))
    engine = agents(scenario)
    state = stepped(engine, [0], range(2))
    held = (state.where >= 2 + 2 * len(engine._plan.legs)).sum()
    assert held == pytest.approx(1000, abs=4 * np.sqrt(750))
    assert state.here[0].tolist() == [4000 - held, held]
    later = stepped(engine, [], range(2, 8), state)
    assert later.here[0, 1] == pytest.approx(4000 * (1 - 0.75**4), abs=4 * np.sqrt(4000 * 0.22))
    assert (counted(engine, later) == later.here).all()


def test_homes_weigh_where_people_stay_close_to_home():
    # Two zones far apart send people through one hub, next to two camps; each is near one of the zones.
    places = [("A", ZONE, 500), ("H", HUB, 0), ("X", CAMP, 0), ("Y", CAMP, 0), ("B", ZONE, 500)]
    roads = [(0, 1, 100.0), (4, 1, 100.0), (1, 2, 200.0), (1, 3, 200.0)]
    law = LocalLaw(stay_close_to_home=True, home_distance_power=2.0, camp_movechance=0.0, conflict_weight=0.0)
    conflict = np.zeros((4, 5))
    conflict[:, [0, 4]] = 1.0
    forced = np.array([1, 1, 0, 0], dtype=np.int8)
    scenario = world(places, roads, law=law, leaving=[4000], conflict=conflict, forced=forced, days=4)
    timetable = timetable_of(scenario)
    state = stepped(Agents(timetable, "test"), [0], range(4))
    for home in (0, 4):
        own = state.where[state.home == home]
        weight = timetable.home_factor[home, [2, 3]] * timetable.scores(0)[0, [2, 3]]
        found = np.array([(own == 2).sum(), (own == 3).sum()])
        assert found.sum() == len(own)
        assert stats.chisquare(found, found.sum() * weight / weight.sum()).pvalue > 1e-4
