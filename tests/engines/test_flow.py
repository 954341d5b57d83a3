"""The flow kernel against a plain recursion party by party, against the cohort kernel, against itself."""

from __future__ import annotations

import pickle
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from safepassage.core.displacement import Closure, Series
from safepassage.core.draws import Draws
from safepassage.core.errors import ModelError
from safepassage.core.local_law import LocalLaw
from safepassage.core.scenario import Scenario
from safepassage.engines.cohorts import Cohorts
from safepassage.engines.flow import Flow
from safepassage.engines.flow_facts import law_values, why_not_flow
from safepassage.engines.flow_weights import PARAMETERS
from safepassage.engines.run import days_of
from safepassage.engines.timetable import Timetable, timetable_of

from .displaced import evenings, world

TOWN, ZONE, CAMP, IDP, HUB, MARKER = range(6)
PLACES = [("A", ZONE, 1000), ("B", TOWN, 10), ("C", TOWN, 5), ("D", CAMP, 0), ("E", HUB, 0), ("F", IDP, 0)]
ROADS = [
    (0, 1, 30.0),
    (1, 2, 40.0),
    (0, 2, 90.0),
    (2, 3, 55.0),
    (1, 3, 120.0),
    (2, 4, 20.0),
    (4, 3, 35.0),
    (1, 5, 70.0),
]
TWO_ZONES = np.zeros((9, 6))
TWO_ZONES[:, 0], TWO_ZONES[4:, 1], TWO_ZONES[:2, 4] = 1.0, 2.0, 0.5
SINCE = np.zeros((9, 6), dtype=np.int32)
SINCE[4:, 1] = 4
SHUT = (Closure("link", (2, 3), None, 3, 6), Closure("location", (5,), None, 2, 4))


def networks() -> dict[str, Scenario]:
    """Make one scenario per thing that can go wrong."""
    quick = LocalLaw(max_move_speed_km_per_day=100, default_movechance=0.4, camp_movechance=0.05)
    far = replace(quick, awareness_level=3, camp_weight=2.0, weight_power=1.5, pruning_threshold=6.0)
    conflict = {"conflict": TWO_ZONES, "conflict_since": SINCE}
    marked = [*PLACES[:4], ("M", MARKER, 0), ("F", IDP, 0)]
    old = replace(
        quick, conflict_spawn_decay=(1.0, 0.5, 0.2), conflict_spawn_decay_interval_days=2, conflict_weight=0.3
    )
    crowd = replace(
        far,
        use_pop_for_loc_weight=True,
        movechance_pop_scale_factor=0.1,
        foreign_weight=1.7,
        weight_softening=0.2,
    )
    slow = replace(quick, max_move_speed_km_per_day=17)
    chain = [("A", ZONE, 10), ("B", TOWN, 1), ("C", TOWN, 1), ("D", CAMP, 0)]
    exact = [(0, 1, 40.0), (1, 2, 60.0), (2, 3, 100.0), (0, 2, 50.0)]
    made = {
        "several links a day": world(PLACES, ROADS, law=quick, leaving=[150] * 3, closures=SHUT),
        "three links ahead, pruned": world(
            PLACES, ROADS, law=far, leaving=[150] * 3, closures=SHUT, **conflict
        ),
        "days used up exactly": world(chain, exact, law=replace(quick, awareness_level=2), leaving=[200] * 2),
        "longer than a day, closed on the way": world(
            PLACES, ROADS, law=slow, leaving=[100] * 5, closures=SHUT, days=9
        ),
        "longer than a day, two links ahead": world(
            PLACES, ROADS, law=replace(slow, awareness_level=2), leaving=[100] * 5, closures=SHUT, days=9
        ),
        "dead ends": world(chain, [(0, 1, 30.0), (1, 3, 200.0)], law=quick, leaving=[100, 0, 50]),
        "nowhere to go": world(chain, [(1, 2, 10.0)], law=quick, leaving=[100]),
        "markers": world(marked, ROADS, law=far, leaving=[150] * 3, **conflict),
        "forced": world(
            PLACES,
            ROADS,
            law=quick,
            leaving=[150] * 3,
            forced=np.array([0, 1, 0, 0, 2, 0, 0, 0], dtype=np.int8),
            closures=(Closure("forced_redirection", (1, 2), None, 4, None),),
        ),
        "old conflicts": world(PLACES, ROADS, law=old, leaving=[150] * 6, **conflict),
        "weights of size": world(PLACES, ROADS, law=crowd, leaving=[150] * 3, **conflict),
        "a camp that closes": world(
            PLACES, ROADS, law=far, leaving=[150] * 3, closures=(Closure("camp", (3,), None, 2, 5),)
        ),
        "length does not matter": world(PLACES, ROADS, law=replace(quick, awareness_level=-1), leaving=[90]),
    }
    places = len(PLACES)
    some = np.arange(places) * 7
    made["some are there before"] = replace(
        made["several links a day"],
        displacement=replace(made["several links a day"].displacement, initial_idps=some),
    )
    return made


NETWORKS = networks()
DAYS = 9


Party = tuple[int | None, int, int, int, float]  # path, arcs done (or place), km to go, km left, people


def choices(timetable: Timetable, day: int, place: int, left: int, people: float) -> list[Party]:
    """Let people in a place stay (km left 0) or choose a path."""
    law, arcs, paths = timetable.law, timetable.arcs, timetable.paths
    state = timetable.state[timetable.row(day)]
    begin, end = paths.ptr[state, place : place + 2]
    if begin == end or left == 0:
        return [(None, place, 0, 0, people)]
    weights = (law.weight_softening + timetable.scores(day)[0][paths.dest[begin:end]]) * timetable.inverse[
        begin:end
    ]
    weights = weights**law.weight_power
    if law.pruning_threshold >= 1.001:
        weights[weights < weights.max() / law.pruning_threshold] = 0.0
    chance = timetable.chances(day)[0][place]
    shares = people * chance * weights / weights.sum()
    first = arcs.km[paths.arcs[begin:end, 0]].astype(int)
    go: list[Party] = [(begin + k, 0, int(first[k]), left, share) for k, share in enumerate(shares)]
    return [*go, (None, place, 0, 0, people * (1.0 - chance))]


def live_a_day(timetable: Timetable, day: int, todo: list[Party]) -> tuple[np.ndarray, dict]:
    """Let every party go on until the evening: people in places (n,), and those on the way."""
    arcs, paths = timetable.arcs, timetable.paths
    is_open = timetable.arc_open[timetable.state[timetable.row(day)]]
    night, evening = np.zeros(len(timetable.population)), defaultdict(float)
    while todo:
        path, taken, to_go, left, people = todo.pop()
        if path is None:
            if left == 0:
                night[taken] += people
            elif people > 0.0:
                todo += choices(timetable, day, taken, left, people)
            continue
        arc = paths.arcs[path, taken]
        if not is_open[arc] and (to_go == arcs.km[arc] or to_go <= left):
            night[arcs.origin[arc]] += people
        elif to_go > left:
            evening[path, taken, to_go - left] += people
        elif taken + 1 == paths.length[path]:
            todo.append((None, arcs.target[arc], 0, left - to_go, people))
        else:
            todo.append((path, taken + 1, int(arcs.km[paths.arcs[path, taken + 1]]), left - to_go, people))
    return night, dict(evening)


def one_by_one(timetable: Timetable, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Compute expected stocks (days, n) and people on the road (days,) by following every party by itself.

    A party is (path, arcs done, km to go); everything is done in the order in which a person would.
    """
    arcs, paths = timetable.arcs, timetable.paths
    speed, places = int(timetable.law.max_move_speed_km_per_day), len(timetable.population)
    free, on_way = timetable.initial.astype(float), {}
    stocks, road = np.zeros((days, places)), np.zeros(days)
    for day in range(days):
        conflict, decay = timetable.conflict[timetable.row(day)], timetable.decay[timetable.row(day)]
        origins = timetable.population * np.maximum(conflict, 0.0) * decay
        free = free + timetable.departures[day] * origins / origins.sum()
        todo: list[Party] = [
            (path, taken, to_go, speed, people) for (path, taken, to_go), people in on_way.items()
        ]
        todo += [(None, place, 0, speed, people) for place, people in enumerate(free)]
        free, on_way = live_a_day(timetable, day, todo)
        stocks[day] = free
        for (path, taken, to_go), people in on_way.items():
            arc = paths.arcs[path, taken]
            if to_go == arcs.km[arc]:
                stocks[day, arcs.origin[arc]] += people
            else:
                road[day] += people
    return stocks, road


@pytest.mark.parametrize("name", NETWORKS)
def test_every_evening_is_that_of_following_everybody_one_by_one(name: str):
    timetable = timetable_of(NETWORKS[name])
    stocks, road = one_by_one(timetable, DAYS)
    result = Flow(timetable, cell_km=1).run(DAYS)
    assert result.stock[:, :, 0] == pytest.approx(stocks, abs=1e-10)
    assert result.on_road[:, 0] == pytest.approx(road, abs=1e-10)


def test_the_networks_have_what_they_are_meant_to_have():
    # A comparison on networks where nothing happens would prove nothing.
    found = {name: one_by_one(timetable_of(scenario), DAYS) for name, scenario in NETWORKS.items()}
    assert found["longer than a day, closed on the way"][1].max() > 20
    still_there = found["nowhere to go"][0]
    assert (still_there[:, 0] == 100).all()
    resting = timetable_of(NETWORKS["days used up exactly"])
    assert (resting.paths.length == 2).any()
    plan = Flow(resting, cell_km=1)._plan(0)
    states = Flow(resting, cell_km=1).layout.states
    assert (plan.to % states.rows >= states.rows - 4).any()  # somebody rests in a place on the way
    assert found["several links a day"][0][3:6, 2].sum() > found["a camp that closes"][0][3:6, 2].sum()


@pytest.mark.parametrize(
    "name", ["several links a day", "days used up exactly", "longer than a day, two links ahead", "markers"]
)
def test_the_mean_of_cohorts_is_flow(name: str):
    timetable, members = timetable_of(NETWORKS[name]), 400
    stock, road = evenings(Cohorts(timetable, ""), days=DAYS, members=members, seed=3)
    flow = Flow(timetable, cell_km=1).run(DAYS)
    for drawn, mean in ((stock, flow.stock[:, :, 0]), (road, flow.on_road[:, 0])):
        error = np.sqrt(drawn.var(axis=0) / members)
        z = (drawn.mean(axis=0) - mean) / np.maximum(error, 0.03)
        assert np.abs(z).max() < 4.5
        assert np.sqrt((z**2).mean()) < 1.4


def test_a_tiny_network_gives_the_enumerated_probabilities():
    # A – B 40 km, A – C 100 km, 100 km a day. Who takes B has 60 km left, stays with 0.5, else goes back
    # to A (40 km), where 20 km are left: again B, or C (both on the road in the evening).
    law = LocalLaw(
        max_move_speed_km_per_day=100, default_movechance=0.5, softening_km=0.0, conflict_weight=1.0
    )
    places = [("A", ZONE, 10), ("B", TOWN, 1), ("C", CAMP, 0)]
    scenario = world(places, [(0, 1, 40.0), (0, 2, 100.0)], law=law, leaving=[1000])
    for cell_km in (1, 10, 20):
        result = Flow(timetable_of(scenario), cell_km=cell_km).run(2)
        to_b = (1 / 40) / (1 / 40 + 1 / 100)
        assert result.stock[0, :, 0] == pytest.approx([0, 1000 * to_b * 0.5, 1000 * (1 - to_b)], abs=1e-10)
        assert result.on_road[0, 0] == pytest.approx(1000 * to_b * 0.5)


def values_of(timetable: Timetable, lanes: int, seed: int = 1) -> np.ndarray:
    """Make numbers of a law around those of the timetable: (lanes, parameter)."""
    middle = law_values(timetable, PARAMETERS)
    spread = np.random.default_rng(seed).uniform(0.6, 1.0, (lanes, len(middle)))
    return middle * spread


def test_a_lane_has_the_same_bits_whatever_the_others_hold():
    timetable = timetable_of(NETWORKS["three links ahead, pruned"])
    flow = Flow(timetable, parameters=PARAMETERS)
    values = values_of(timetable, 41)
    together = flow.run(DAYS, values)
    for lanes in (1, 8, 17, 33):
        few = flow.run(DAYS, values[:lanes])
        assert (few.stock == together.stock[:, :, :lanes]).all()
        assert (few.on_road == together.on_road[:, :lanes]).all()
    alone = flow.run(DAYS, values[40:])
    assert (alone.stock[:, :, 0] == together.stock[:, :, 40]).all()
    assert (np.ptp(together.stock[-1], axis=1) > 1.0).sum() > 2


def test_a_lane_is_a_run_with_its_own_law():
    timetable = timetable_of(NETWORKS["weights of size"])
    names = tuple(name for name in PARAMETERS if name != "departures")
    flow = Flow(timetable, parameters=names, cell_km=1)
    values = values_of(timetable, 3)[:, :-1]
    found = flow.run(DAYS, values)
    for lane, row in enumerate(values):
        law = replace(timetable.law, **dict(zip(names, row.tolist(), strict=True)))
        other = timetable_of(replace(NETWORKS["weights of size"], law=law))
        assert found.stock[:, :, lane] == pytest.approx(one_by_one(other, DAYS)[0], abs=1e-9)


@pytest.mark.parametrize("mode", ["observed", "constant", "poisson", "pop_ratio"])
def test_departures_have_a_factor_and_nobody_is_lost(mode: str):
    law = LocalLaw(max_move_speed_km_per_day=50, take_from_population=True, awareness_level=2)
    rate = 0.1 if mode == "pop_ratio" else 30.5
    scenario = world(
        PLACES, ROADS, law=law, days=20, leaving=[40] * 20, departure_mode=mode, people_per_conflict_day=rate
    )
    flow = Flow(timetable_of(scenario), parameters=("departures",), cell_km=5)
    result = flow.run(20, np.array([[1.0], [0.5], [0.0]]))
    total = result.stock.sum(axis=1) + result.on_road
    assert total[-1, 0] > 200
    assert (total[:, 2] == 0).all()
    if mode != "pop_ratio":
        assert total[:, 1] == pytest.approx(total[:, 0] / 2, rel=1e-9)


def ring_people(flow: Flow, state: object) -> np.ndarray:
    """Add up all agents a state holds, wherever they are: (member,)."""
    here, on_road = flow._by_place(state)
    return here.sum(axis=1) + on_road


@pytest.mark.parametrize("name", NETWORKS)
def test_people_are_conserved_to_the_last_digits(name: str):
    scenario = NETWORKS[name]
    timetable = timetable_of(scenario)
    flow, draws = Flow(timetable, cell_km=5), Draws(1)
    state = flow.init(slots=np.arange(2), draws=draws)
    whole = float(timetable.initial.sum())
    result = flow.run(60)
    for day in range(60):
        state = flow.step(state, day=day, draws=draws)
        whole += timetable.departures[day] if day < len(timetable.departures) else 0
        assert ring_people(flow, state) == pytest.approx(whole, rel=1e-9)
        here, on_road = flow._by_place(state)
        assert on_road[0] == pytest.approx(result.on_road[day, 0], abs=1e-9 * whole)
        assert (here > -1e-12).all()
        view = flow.observe(state)
        assert (view.stock.sum(axis=1) + view.on_road == round(whole)).all()
        assert np.abs(view.stock[0, flow.layout.places] - here[0]).max() < 1.0


def test_steps_are_the_run_and_any_part_of_the_members_has_the_same_bits():
    scenario = NETWORKS["several links a day"]
    flow = pickle.loads(pickle.dumps(Flow(timetable_of(scenario), cell_km=5)))
    whole = flow.run(DAYS)
    slots, states = np.arange(20), {}
    for size in (1, 3, 20):
        state = flow.init(slots=slots[:size], draws=Draws(1))
        for day in range(DAYS):
            state = flow.step(state, day=day, draws=Draws(1))
        states[size] = state
        here, on_road = flow._by_place(state)
        assert (here == whole.stock[-1, flow.layout.places, 0]).all()
        assert (on_road == flow._by_place(states[1])[1][0]).all()
        assert (flow.observe(state).stock == flow.observe(states[1]).stock[0]).all()


def known_by_day_ten() -> Scenario:
    """Make a scenario whose departures are drawn from day 10 on."""
    places = [("A", ZONE, 1000), ("B", CAMP, 0)]
    total = Series(np.arange(12), np.cumsum([0, 90, 10, 300, 20, 50, 5, 60, 0, 40, 100, 0]).astype(float))
    changes = {"total": total, "sum_from_camps": False, "insert_day0": False, "known_until_day": 9}
    return world(places, [(0, 1, 30.0)], days=20, series=(Series(np.zeros(0), np.zeros(0)),), **changes)


def test_drawn_departures_follow_the_luck_of_each_member():
    timetable = timetable_of(known_by_day_ten())
    flow, cohorts = Flow(timetable), Cohorts(timetable, "")
    totals = []
    for engine in (flow, cohorts):
        stock, road = evenings(engine, days=20, members=50, seed=5)
        totals.append(stock.sum(axis=2) + road)
    assert (totals[0] == totals[1]).all()
    assert totals[0][:, -1].std() > 50
    mean = flow.run(20)
    expected = (mean.stock.sum(axis=1) + mean.on_road)[-1, 0]
    assert totals[0][:, -1].mean() == pytest.approx(expected, abs=4 * totals[0][:, -1].std() / np.sqrt(50))
    few, many = (evenings(flow, days=20, members=m, seed=5)[0] for m in (2, 9))
    assert (few == many[:2]).all()


def test_conflict_can_draw_departures_too():
    scenario = world(PLACES, ROADS, departure_mode="poisson", people_per_conflict_day=40.0, days=6)
    timetable = timetable_of(scenario)
    road = evenings(Flow(timetable), days=6, members=20)[1]
    cohorts = evenings(Cohorts(timetable, ""), days=6, members=20)
    found = evenings(Flow(timetable), days=6, members=20)[0].sum(axis=2) + road
    assert (found == cohorts[0].sum(axis=2) + cohorts[1]).all()
    assert found[:, -1].std() > 5


def test_people_wait_for_a_conflict_to_leave_from():
    conflict = np.zeros((8, 2))
    conflict[3:, 0] = 1.0
    series = (Series(np.array([0, 4]), np.array([0.0, 40.0])),)
    places = [("A", ZONE, 10), ("B", CAMP, 0)]
    scenario = world(places, [(0, 1, 10.0)], series=series, conflict=conflict, days=8)
    flow = Flow(timetable_of(scenario))
    result = flow.run(6)
    assert (result.stock.sum(axis=1) + result.on_road)[:, 0].tolist() == [0, 0, 0, 30, 40, 40]
    stock, road = evenings(flow, days=6, members=1)
    assert (stock.sum(axis=2) + road)[0].tolist() == [0, 0, 0, 30, 40, 40]


def test_a_step_leaves_the_state_before_it_untouched_and_a_run_can_be_taken_up_again():
    flow, draws = Flow(timetable_of(NETWORKS["old conflicts"])), Draws(4)
    seen = list(days_of(flow, days=6, members=3, draws=draws))
    before = pickle.dumps(seen[2][1])
    again = list(days_of(flow, days=6, members=3, draws=draws, checkpoint=(2, seen[2][1])))
    assert pickle.dumps(seen[2][1]) == before
    assert (again[-1][1].ring == seen[-1][1].ring).all()
    assert [day for day, _, _ in again] == [3, 4, 5]


def test_evenings_one_by_one_are_the_run_and_places_can_be_chosen():
    timetable = timetable_of(NETWORKS["longer than a day, closed on the way"])
    flow = Flow(timetable, parameters=("camp_movechance",), cell_km=2)
    values = np.array([[0.1], [0.4], [0.9]])
    whole, kept = flow.run(40, values), np.array([3, 1])
    some = flow.run(40, values, places=kept)
    assert (some.stock == whole.stock[:, kept]).all()
    for day, stock, on_road in flow.evenings(40, values, places=kept):
        assert (stock == whole.stock[day, kept]).all()
        assert (on_road == whole.on_road[day]).all()


def test_what_nobody_can_reach_costs_nothing():
    scenario = world([*PLACES, ("Y", TOWN, 5), ("Z", TOWN, 5)], [*ROADS, (6, 7, 10.0)])
    flow = Flow(timetable_of(scenario))
    assert flow.layout.places.tolist() == [0, 1, 2, 3, 4, 5]
    assert flow.run(3).stock[:, 6:].sum() == 0.0
    even = [(a, b, 40.0 * round(km / 40 + 1)) for a, b, km in ROADS]
    states = Flow(timetable_of(world(PLACES, even))).layout.states
    assert (states.left % 4 == 0).all()  # in cells of 10 km, what is left of 360 km is a multiple of 40 km


def test_wrong_questions_are_refused():
    timetable = timetable_of(NETWORKS["dead ends"])
    with pytest.raises(ModelError, match="no_such"):
        Flow(timetable, parameters=("no_such",))
    with pytest.raises(ModelError, match="cells"):
        Flow(timetable, cell_km=0)
    flow = Flow(timetable, parameters=("camp_weight", "departures"))
    with pytest.raises(ModelError, match="lanes, 2"):
        flow.run(3, np.ones((4, 1)))
    with pytest.raises(ModelError, match="departures"):
        flow.run(3, np.array([[1.0, -1.0]]))
    with pytest.raises(ModelError, match="camp_weight"):
        flow.gradient(3, np.array([np.nan, 1.0]))


def test_rules_that_flow_cannot_follow_are_named():
    harvest = world(PLACES, ROADS, law=LocalLaw(harvest_months=(1,)))
    with pytest.raises(ModelError, match="harvest_months"):
        Flow(timetable_of(harvest))
    assert why_not_flow(timetable_of(NETWORKS["forced"])) == ()
