from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.corridors import START, caravan, corridor, event, fixed
from safepassage.core.caravan_priors import SMALLEST_GROUP_PEOPLE
from safepassage.core.draws import Draws
from safepassage.core.errors import ModelError
from safepassage.core.forecast import MODES
from safepassage.core.network import Links
from safepassage.core.scenario import Destination, Scenario
from safepassage.engines.group_state import GroupState
from safepassage.engines.groups import GroupEngine
from safepassage.engines.run import days_of

LEGS = (20.0, 25.0, 15.0, 30.0, 22.0, 28.0, 18.0, 35.0, 20.0, 30.0)


def evenings(scenario: Scenario, *, days: int = 12, members: int = 64, seed: int = 1) -> list[GroupState]:
    engine = GroupEngine(scenario, days=days)
    return [state for _, state, _ in days_of(engine, days=days, members=members, draws=Draws(seed))]


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    leave=st.floats(0.0, 0.9),
    join=st.floats(0.0, 5.0),
    pool=st.floats(0.0, 50_000.0),
    people=st.floats(1.0, 20_000.0),
    length_km=st.floats(0.5, 80.0),
)
def test_people_are_conserved_every_day_and_everybody_is_somewhere(
    seed: int, leave: float, join: float, pool: float, people: float, length_km: float
) -> None:
    priors = fixed(leave_rate_per_day=leave, join_rate_per_day=join, length_km=length_km)
    scenario = caravan(corridor(LEGS), priors=priors, pools=[(0, pool), (4, pool / 2)], people=people)
    engine = GroupEngine(scenario, days=10)
    draws = Draws(seed)
    expected = engine.init(slots=np.arange(7), draws=draws).people()
    for _, state, view in days_of(engine, days=10, members=7, draws=draws):
        assert (state.people() == expected).all()
        assert (view.stock.sum(axis=1) + view.on_road == state.size.sum(axis=1)).all()
        assert (view.stock >= 0).all()
        assert (view.on_road >= 0).all()
        assert (state.size >= 0).all()
        assert (state.pools >= 0).all()


def test_a_group_never_goes_back_and_stops_at_the_end_of_its_road() -> None:
    states = evenings(caravan(corridor(LEGS)), days=30)
    km = np.stack([state.km[:, 0] for state in states])
    assert (np.diff(km, axis=0) >= 0).all()
    assert (km[-1] == sum(LEGS)).all()
    assert (states[-1].mode[:, 0] == MODES.index("arrived")).all()


def test_walkers_keep_their_pace_on_the_whole() -> None:
    states = evenings(caravan(corridor([10.0] * 60)), days=15, members=200)
    km_per_day = states[-1].km[:, 0].mean() / 15
    assert 26 < km_per_day < 34


def test_a_closed_road_holds_the_group_until_its_patience_ends() -> None:
    closed = event("closure", place=3)
    states = evenings(caravan(corridor(LEGS), events=[closed]), days=14)
    there = np.stack([state.km[:, 0] for state in states]) == sum(LEGS[:3])
    first_there, nights = there.argmax(axis=0), there.sum(axis=0)
    # closure_hold_days is 3: the night of arrival, three days of waiting, and it goes on.
    assert (nights == 4).all()
    held = states[int(first_there[0]) + 1].mode[0, 0]
    assert held == MODES.index("held")


def test_a_closure_that_ends_lets_the_group_go_on_at_once() -> None:
    patience = fixed(closure_hold_days=30.0)
    states = evenings(caravan(corridor(LEGS), priors=patience, events=[event("closure", until=5, place=2)]))
    stops = np.stack([state.stop[:, 0] for state in states])
    assert (stops[:6] <= 2).all()
    assert (stops[6] > 2).all()


@pytest.mark.parametrize("scope", [{"link": (3, 4)}, {"link": (4, 3)}, {"countries": ("AA", "BB")}])
def test_closed_links_and_borders_bar_the_way_as_closed_places_do(scope: dict[str, object]) -> None:
    network = corridor(LEGS, border_after=3)
    shut = event("closure", **scope)
    states = evenings(caravan(network, priors=fixed(closure_hold_days=50.0), events=[shut]))
    assert (states[-1].stop[:, 0] == 3).all()


def test_an_event_that_is_announced_later_changes_nothing_before() -> None:
    late = replace(event("closure", place=2), announced=START + timedelta(days=3))
    scenario = caravan(corridor(LEGS), events=[late])
    with_it = evenings(scenario.known_by(START))
    without = evenings(caravan(corridor(LEGS)))
    assert all((a.km[:, 0] == b.km[:, 0]).all() for a, b in zip(with_it, without, strict=True))


def test_a_hold_of_some_hours_costs_that_share_of_the_day() -> None:
    network = corridor([500.0])  # no town within reach: the distance walked is seen whole
    no_rides = event("transport_restriction", place=0)
    free = evenings(caravan(network, events=[no_rides]), days=1)[0].km[:, 0]
    held = evenings(caravan(network, events=[no_rides, event("hold", place=0, hours=6.0)]), days=1)[0].km[
        :, 0
    ]
    assert np.allclose(held, 0.75 * free)


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        ("roadblock", {"link": (0, 1)}),
        ("hold", {"link": (1, 0)}),
        ("hold", {"countries": ("AA", "BB")}),
        ("closure", {"place": 0}),
        ("closure", {"link": (0, 1)}),
    ],
)
def test_some_hours_on_a_road_or_at_a_border_cost_that_share_of_the_day_and_no_more(
    kind: str, scope: dict[str, object]
) -> None:
    network = corridor([500.0], border_after=0)
    no_rides = event("transport_restriction", place=0)
    free = evenings(caravan(network, events=[no_rides]), days=1)
    short = event(kind, hours=6.0, **scope)
    held = evenings(caravan(network, events=[no_rides, short]), days=2)
    assert np.allclose(held[0].km[:, 0], 0.75 * free[0].km[:, 0])
    assert (held[1].km[:, 0] > held[0].km[:, 0]).all()


def test_a_hold_longer_than_a_day_goes_on_the_next_day() -> None:
    network = corridor([500.0])
    states = evenings(caravan(network, events=[event("roadblock", place=0, hours=36.0)]), days=2)
    assert (states[0].km[:, 0] == 0).all()
    assert (states[0].mode[:, 0] == MODES.index("held")).all()
    assert (states[1].km[:, 0] > 0).all()


def test_buses_carry_the_group_only_if_most_of_it_finds_a_seat() -> None:
    network = corridor([40.0] * 12)
    enough = evenings(caravan(network, events=[event("bus_offer", place=0, value=600.0)]), days=1)[0]
    few = evenings(caravan(network, events=[event("bus_offer", place=0, value=400.0)]), days=1)[0]
    taken_back = [event("bus_offer", place=0, value=600.0), event("bus_withdrawn", place=0)]
    withdrawn = evenings(caravan(network, events=taken_back), days=1)[0]
    assert (enough.mode[:, 0] == MODES.index("bus")).all()
    assert enough.km[:, 0].min() > few.km[:, 0].max()
    assert (few.mode[:, 0] == MODES.index("walking")).all()
    assert (withdrawn.km[:, 0] == few.km[:, 0]).all()


def test_forbidden_rides_make_the_group_walk() -> None:
    network = corridor([30.0] * 20)
    riders = fixed(ride_chance=1.0)
    free = evenings(caravan(network, priors=riders), days=1)[0]
    barred = event("transport_restriction", place=0)
    walking = evenings(caravan(network, priors=riders, events=[barred]), days=1)[0]
    assert (free.mode[:, 0] == MODES.index("riding")).all()
    assert (walking.mode[:, 0] == MODES.index("walking")).all()


def test_borders_cost_the_time_they_are_believed_to_cost() -> None:
    network = corridor(LEGS, border_after=3)
    slow = fixed(border_hold_chance=1.0, border_hold_days=2.0)
    there = np.stack([s.stop[:, 0] for s in evenings(caravan(network, priors=slow), members=400)])
    nights = (there == 3).sum(axis=0)
    # The hold varies by a factor (log sd 0.5) around 2 days and the first night is that of arrival.
    assert 1.5 < nights.mean() < 3.5
    assert (nights >= 1).all()


def test_people_join_while_the_news_is_fresh_and_near() -> None:
    priors = fixed(join_rate_per_day=0.5, news_days=5.0, join_reach_km=50.0, rest_chance=1.0)
    near = evenings(caravan(corridor(LEGS), priors=priors, pools=[(0, 5000.0)]))[-1]
    far = evenings(caravan(corridor([*LEGS, 900.0]), priors=priors, pools=[(11, 5000.0)]))[-1]
    assert near.joined.mean() > 1000
    assert far.joined.mean() < 0.01 * near.joined.mean()


def test_a_group_that_has_shrunk_dissolves_and_its_people_are_counted_as_gone() -> None:
    states = evenings(caravan(corridor(LEGS), priors=fixed(leave_rate_per_day=1.0)), days=12)
    assert not states[-1].alive.any()
    assert (states[-1].size == 0).all()
    assert (states[-1].left[:, 0] == 1000).all()
    sizes = np.stack([state.size for state in states])
    assert ((sizes == 0) | (sizes >= SMALLEST_GROUP_PEOPLE)).all()


def test_a_long_column_sleeps_in_more_than_one_town() -> None:
    scenario = caravan(corridor([10.0] * 30), priors=fixed(length_km=40.0))
    engine = GroupEngine(scenario, days=6)
    views = [view for _, _, view in days_of(engine, days=6, members=16, draws=Draws(3))]
    assert ((views[-1].stock > 0).sum(axis=1) >= 3).all()


def test_the_same_seed_gives_the_same_bits_whatever_the_number_of_members() -> None:
    scenario = caravan(corridor(LEGS), priors=fixed(join_rate_per_day=0.2), pools=[(0, 800.0)])
    many, few = evenings(scenario, members=50)[-1], evenings(scenario, members=9)[-1]
    assert (many.km[:9] == few.km).all()
    assert (many.size[:9] == few.size).all()
    assert (evenings(scenario, members=50, seed=2)[-1].size != many.size).any()


def test_a_run_that_was_put_aside_goes_on_to_the_same_bits() -> None:
    network = corridor(LEGS, border_after=3)
    priors = fixed(join_rate_per_day=0.2, rest_chance=0.3, ride_chance=0.4, border_hold_chance=0.5)
    scenario = caravan(network, priors=priors, pools=[(0, 800.0)])
    whole = evenings(scenario, days=12)
    stored = pickle.loads(pickle.dumps(whole[4]))
    engine = GroupEngine(scenario, days=12)
    rest = list(days_of(engine, days=12, members=64, draws=Draws(1), checkpoint=(4, stored)))
    assert [day for day, _, _ in rest] == list(range(5, 12))
    assert (rest[-1][1].km == whole[-1].km).all()
    assert (rest[-1][1].size == whole[-1].size).all()
    assert (rest[-1][1].waited_days == whole[-1].waited_days).all()


def test_members_follow_the_destinations_by_their_weight() -> None:
    network = corridor(LEGS)
    scenario = caravan(network)
    ends = (Destination(10, 3.0, START, "test"), Destination(5, 1.0, START, "test"))
    group = replace(scenario.groups[0], destinations=ends)
    engine = GroupEngine(replace(scenario, groups=(group,)), days=40)
    last = [state for _, state, _ in days_of(engine, days=40, members=1000, draws=Draws(1))][-1]
    share = (last.km[:, 0] == sum(LEGS)).mean()
    assert 0.71 < share < 0.79


def test_a_hold_further_on_stops_the_group_before_it() -> None:
    riders = fixed(ride_chance=1.0, ride_km_per_day=120.0)
    blocked = event("roadblock", link=(3, 4), until=8)
    states = evenings(caravan(corridor(LEGS), priors=riders, events=[blocked]), days=12)
    stops = np.stack([state.stop[:, 0] for state in states])
    assert (stops[:9] <= 3).all()
    assert (stops[8] == 3).all()
    assert (stops[-1] > 3).all()


def test_hours_lost_further_on_are_taken_off_the_rest_of_the_day() -> None:
    network = corridor([10.0] * 12)
    free = evenings(caravan(network), days=1, members=400)[0].km[:, 0]
    half = evenings(caravan(network, events=[event("hold", place=1, hours=12.0)]), days=1, members=400)[0].km[
        :, 0
    ]
    # A day of some 30 km: 10 km to the hold, and half of the 20 km beyond are lost.
    assert 5.0 < free.mean() - half.mean() < 15.0
    assert (half >= 10.0).all()


def test_a_hold_or_a_bus_at_a_place_means_nothing_to_who_has_left_it() -> None:
    network = corridor([300.0, 20.0])
    no_rides = event("transport_restriction", link=(0, 1), until=20)
    late = [event("hold", place=0, day=2, until=4), event("bus_offer", place=0, day=2, until=4)]
    plain = evenings(caravan(network, events=[no_rides]), days=6)
    with_them = evenings(caravan(network, events=[no_rides, *late]), days=6)
    assert all((a.km[:, 0] == b.km[:, 0]).all() for a, b in zip(plain, with_them, strict=True))


def test_a_closure_of_thirty_hours_ends_after_thirty_hours() -> None:
    patience = fixed(closure_hold_days=50.0)
    shut = event("closure", place=0, hours=30.0)
    states = evenings(caravan(corridor(LEGS), priors=patience, events=[shut]), days=3)
    assert (states[0].km[:, 0] == 0).all()
    assert (states[2].km[:, 0] > 0).all()


def test_an_offer_made_anew_after_it_was_taken_back_counts() -> None:
    network = corridor([40.0] * 12)
    first = event("bus_offer", place=0, value=900.0)
    back = replace(event("bus_withdrawn", place=0), announced=START + timedelta(days=1))
    again = replace(event("bus_offer", place=0, value=900.0), announced=START + timedelta(days=2))
    renewed = evenings(caravan(network, events=[first, back, again]), days=1)[0].mode[:, 0]
    withdrawn = evenings(caravan(network, events=[first, back]), days=1)[0].mode[:, 0]
    assert (renewed == MODES.index("bus")).all()
    assert (withdrawn != MODES.index("bus")).all()


def test_buses_go_no_further_than_they_were_said_to_go() -> None:
    network = corridor([40.0] * 12)
    offer = event("bus_offer", place=0, value=900.0, to_place=2)
    states = evenings(caravan(network, events=[offer]), days=1)
    assert (states[0].km[:, 0] <= 80.0).all()


@pytest.mark.parametrize("scope", [{"link": (0, 1)}, {"countries": ("AA", "BB")}])
def test_rides_are_forbidden_on_roads_and_borders_too(scope: dict[str, object]) -> None:
    network = corridor([30.0] * 20, border_after=0)
    riders = fixed(ride_chance=1.0)
    no_rides = event("transport_restriction", **scope)
    walking = evenings(caravan(network, priors=riders, events=[no_rides]), days=1)
    assert (walking[0].mode[:, 0] == MODES.index("walking")).all()


def test_a_group_that_waits_at_home_is_no_guest_until_the_eve_and_does_not_dissolve() -> None:
    scenario = caravan(corridor(LEGS), people=12.0)
    later = replace(scenario.groups[0], departs=START + timedelta(days=3))
    engine = GroupEngine(replace(scenario, groups=(later,)), days=6)
    views = [view for _, _, view in days_of(engine, days=6, members=8, draws=Draws(1))]
    assert [int(view.stock.sum()) for view in views[:3]] == [0, 0, 8 * 12]
    assert all(view.reservoir is not None and (view.reservoir == 12).all() for view in views[:2])
    assert views[3].groups is not None
    assert not views[3].groups.alive.any()


def test_a_dissolved_group_has_a_mode_of_its_own() -> None:
    states = evenings(caravan(corridor(LEGS), priors=fixed(leave_rate_per_day=1.0)), days=12)
    assert (states[-1].mode[:, 0] == MODES.index("dissolved")).all()


def test_a_group_without_way_and_destination_is_refused() -> None:
    scenario = caravan(corridor(LEGS))
    unknown = replace(scenario.groups[0], route=(0,), destinations=(Destination(5, 0.0, START, "test"),))
    with pytest.raises(ModelError, match="where group 'g' was heading"):
        GroupEngine(replace(scenario, groups=(unknown,)), days=3).init(slots=np.arange(2), draws=Draws(1))


def test_members_avoid_a_road_that_is_closed_without_end() -> None:
    # Two equal ways from 0 to 3: by 1 or by 2.
    base = corridor([50.0, 50.0, 50.0])
    links = Links(
        np.array([0, 1, 0, 2]), np.array([1, 3, 2, 3]), np.full(4, 50.0), ("road",) * 4, np.ones(4, bool),
        np.zeros(4, bool), ("test",) * 4,
    )  # fmt: skip
    scenario = caravan(base)
    group = replace(scenario.groups[0], route=(0,), destinations=(Destination(3, 1.0, START, "test"),))
    shut = event("closure", link=(1, 3))
    network = replace(base, links=links)
    for events, expected in (((), {1, 2}), ((shut,), {2})):
        engine = GroupEngine(replace(scenario, network=network, groups=(group,), events=events), days=3)
        routes = engine.init(slots=np.arange(40), draws=Draws(1)).routes
        assert {route[1] for route in routes} == expected


def test_a_state_can_be_stepped_by_another_engine_of_the_same_scenario() -> None:
    scenario = caravan(corridor(LEGS))
    state = evenings(scenario, days=3)[-1]
    ours, other = GroupEngine(scenario, days=9), GroupEngine(scenario, days=9)
    ours.init(slots=np.arange(5), draws=Draws(99))
    assert (ours.step(state, day=3, draws=Draws(1)).km == other.step(state, day=3, draws=Draws(1)).km).all()
