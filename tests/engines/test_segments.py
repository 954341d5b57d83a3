"""Caravans that come apart and meet again: everybody is counted, and parts have days of their own."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.corridors import START, caravan, corridor, fixed
from safepassage.core.caravan_priors import SMALLEST_GROUP_PEOPLE
from safepassage.core.draws import Draws
from safepassage.core.engine import DayView
from safepassage.core.forecast import MODES
from safepassage.core.outcomes import OutcomeChance
from safepassage.core.scenario import Destination, Prior, Scenario
from safepassage.engines.group_state import GroupState
from safepassage.engines.groups import GroupEngine
from safepassage.engines.observers import GroupObserver
from safepassage.engines.run import days_of, run

LEGS = (20.0, 25.0, 15.0, 30.0, 22.0, 28.0, 18.0, 35.0, 20.0, 30.0, 25.0, 30.0, 20.0, 25.0)
WAYS = fixed(split_chance_per_day=0.5, advance_share=0.3, rear_share=0.2, regroup_chance=0.0, rest_chance=0.2)
Evening = tuple[int, GroupState, DayView]


def evenings(scenario: Scenario, *, days: int = 12, members: int = 64, seed: int = 1) -> list[Evening]:
    engine = GroupEngine(scenario, days=days)
    return list(days_of(engine, days=days, members=members, draws=Draws(seed)))


def two_caravans(scenario: Scenario) -> Scenario:
    other = replace(scenario.groups[0], id="h", size_low=700.0, size_high=700.0)
    return replace(scenario, groups=(scenario.groups[0], other))


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    split=st.floats(0.0, 1.0),
    shares=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
    regroup=st.floats(0.0, 1.0),
    leave=st.floats(0.0, 0.6),
    people=st.floats(1.0, 5000.0),
)
def test_people_are_conserved_however_a_caravan_comes_apart(
    seed: int, split: float, shares: tuple[float, float], regroup: float, leave: float, people: float
) -> None:
    priors = fixed(
        split_chance_per_day=split,
        advance_share=shares[0],
        rear_share=shares[1],
        regroup_chance=regroup,
        leave_rate_per_day=leave,
        join_rate_per_day=0.5,
        rest_chance=0.3,
        ride_chance=0.3,
        border_hold_chance=0.5,
        length_km=20.0,
    )
    network = corridor(LEGS, border_after=4)
    scenario = two_caravans(caravan(network, priors=priors, pools=[(0, 300.0), (4, 90.0)], people=people))
    claim = OutcomeChance("claimed", "", "", None, None, 0.0, 0.2, START, "test")
    engine = GroupEngine(replace(scenario, outcomes=(claim,)), days=12)
    draws = Draws(seed)
    expected = engine.init(slots=np.arange(9), draws=draws).people()
    before = None
    for _, state, view in days_of(engine, days=12, members=9, draws=draws):
        assert (state.people() == expected).all()
        assert (view.stock.sum(axis=1) + view.on_road == state.size.sum(axis=1)).all()
        assert (view.on_road >= 0).all()
        assert (view.stock >= 0).all()
        assert (state.size[state.alive] >= SMALLEST_GROUP_PEOPLE).all()
        assert (state.size[~state.alive] == 0).all()
        parts = state.identity[:, 2:]
        assert ((parts != 0) == state.alive[:, 2:]).all()
        assert before is None or (state.out >= before).all()
        before = state.out


def test_without_a_chance_to_part_nobody_parts_and_nothing_changes() -> None:
    whole = evenings(caravan(corridor(LEGS), priors={**WAYS, **fixed(split_chance_per_day=0.0)}))
    apart = evenings(caravan(corridor(LEGS), priors=WAYS))
    assert all((state.size[:, 1:] == 0).all() for _, state, _ in whole)
    # The main body has the same days whoever parts from it.
    assert all((a.km[:, 0] == b.km[:, 0]).all() for (_, a, _), (_, b, _) in zip(whole, apart, strict=True))


def test_as_many_part_as_the_chance_says_and_as_many_people_as_the_share_says() -> None:
    scenario = caravan(corridor(LEGS), priors=WAYS)
    _, first, _ = evenings(scenario, days=1, members=4000)[0]
    _, second, _ = evenings(scenario, days=2, members=4000)[1]
    assert not first.alive[:, 1:].any()  # on the day of the departure all set out together
    parted = second.alive[:, 1:]
    # Four standard deviations of a share of one half among 4,000 are 0.032.
    assert abs(parted.any(axis=1).mean() - 0.5) < 0.032
    assert not parted.all(axis=1).any()
    assert (second.size[parted[:, 0], 1] == 300).all()
    # An advance party that got less far than the main body after all is behind it.
    assert set(second.size[parted[:, 1], 2].tolist()) == {200, 300}
    assert (
        second.size[parted.any(axis=1), 0] == 1000 - second.size[parted.any(axis=1), 1:].sum(axis=1)
    ).all()


def test_a_rear_stays_a_night_and_an_advance_party_gets_ahead() -> None:
    days = evenings(caravan(corridor(LEGS), priors=WAYS), days=8, members=400)
    fell_behind = rode_ahead = 0
    for (_, before, _), (_, after, _) in itertools.pairwise(days):
        new = after.alive & ~before.alive
        rear, advance = new[:, 2], new[:, 1]
        # An advance party that was overtaken, on its first day even, is behind but did not stay.
        rear &= ~before.alive[:, 1] & (after.size[:, 2] <= 0.2 * before.size[:, 0] + 1)
        assert (after.km[rear, 2] == before.km[rear, 0]).all()
        assert (after.mode[rear, 2] == MODES.index("resting")).all()
        fell_behind += int(rear.sum())
        rode_ahead += int((after.km[advance, 1] >= after.km[advance, 0]).sum())
    assert fell_behind > 100
    assert rode_ahead > 100


def test_an_advance_party_is_never_behind_its_main_body_on_one_road_while_the_rear_is_free() -> None:
    for _, state, _ in evenings(caravan(corridor(LEGS), priors=WAYS), days=12, members=400):
        ahead, free = state.alive[:, 1], ~state.alive[:, 2]
        assert (state.km[ahead & free, 1] >= state.km[ahead & free, 0]).all()
        both = state.alive[:, 1] & state.alive[:, 2]
        crossed = (state.km[:, 1] < state.km[:, 0]) & (state.km[:, 2] > state.km[:, 0])
        assert not (both & crossed).any()


def test_who_finds_no_free_column_stays_and_is_told() -> None:
    often = {**WAYS, **fixed(split_chance_per_day=1.0)}
    last = evenings(caravan(corridor(LEGS), priors=often), days=8, members=50)[-1][1]
    assert (last.overflow > 0).all()
    once = evenings(caravan(corridor(LEGS), priors=often), days=2, members=50)[-1][1]
    assert (once.overflow == 0).all()
    assert (once.size.sum(axis=1) == 1000).all()


@pytest.mark.parametrize(("chance", "met"), [(0.0, False), (1.0, True)])
def test_parts_in_one_town_become_one_with_a_chance(chance: float, met: bool) -> None:
    # The border holds the main body and whoever comes after it for days: all of them sleep before it.
    network = corridor([30.0] * 10, border_after=2)
    priors = {**WAYS, **fixed(regroup_chance=chance, rest_chance=0.0, border_hold_chance=1.0)}
    priors |= fixed(border_hold_days=8.0)
    days = evenings(caravan(network, priors=priors), days=9, members=200)
    # Towns are 30 km apart, so who has walked 15 km from one is in none.
    together = [
        state.alive[:, 2] & (state.stop[:, 2] == state.stop[:, 0]) & (beyond.max(axis=1) <= 15.0)
        for _, state, view in days
        if view.groups is not None and (beyond := view.groups.beyond_km[:, ::2]) is not None
    ]
    assert np.any(together) != met
    assert any(state.alive[:, 2].any() for _, state, _ in days)
    if met:
        for (_, before, _), (_, after, _) in itertools.pairwise(days):
            merged = before.alive[:, 2] & ~after.alive[:, 2] & (after.alive[:, 1] == before.alive[:, 1])
            assert (after.size.sum(axis=1)[merged] == 1000).all()


def test_all_who_arrive_are_one_caravan_again() -> None:
    _, last, _ = evenings(caravan(corridor(LEGS), priors=WAYS), days=60, members=100)[-1]
    assert (last.mode[:, 0] == MODES.index("arrived")).all()
    assert (last.size[:, 0] == 1000).all()
    assert not last.alive[:, 1:].any()


def test_where_the_main_body_dissolves_its_part_is_the_main_body() -> None:
    engine = GroupEngine(caravan(corridor(LEGS), priors={**WAYS, **fixed(split_chance_per_day=0.0)}), days=9)
    state = engine.init(slots=np.arange(4), draws=Draws(1))
    for day in range(3):
        state = engine.step(state, day=day, draws=Draws(1))
    state = engine.relocated(state, np.full(4, 6), column=1, draws=Draws(1))
    state = engine.resized(state, np.full(4, 400), column=1)
    state = engine.resized(state, np.full(4, 5), column=0)
    everybody = state.people()
    after = engine.step(state, day=3, draws=Draws(1))
    assert (after.size[:, 0] == 400).all()
    assert after.alive[:, 0].all()
    assert not after.alive[:, 1].any()
    assert (after.km[:, 0] >= sum(LEGS[:6])).all()
    assert (after.people() == everybody).all()


def test_a_part_that_nobody_is_in_any_more_leaves_nothing_behind() -> None:
    losing = {**WAYS, **fixed(leave_rate_per_day=0.3)}
    for _, state, _ in evenings(caravan(corridor(LEGS), priors=losing), days=25, members=200):
        gone = ~state.alive[:, 1:]
        assert (state.km[:, 1:][gone] == 0).all()
        assert (state.size[:, 1:][gone] == 0).all()
        assert (state.mode[:, 1:][gone] == MODES.index("dissolved")).all()


def test_a_report_can_place_a_part_that_no_member_had() -> None:
    engine = GroupEngine(caravan(corridor(LEGS), priors={**WAYS, **fixed(split_chance_per_day=0.0)}), days=9)
    state = engine.init(slots=np.arange(6), draws=Draws(1))
    for day in range(4):
        state = engine.step(state, day=day, draws=Draws(1))
    places = np.array([9, 9, 9, -1, -1, -1])
    here = engine.relocated(state, places, column=1, draws=Draws(1))
    assert not here.alive[:, 1].any()  # nobody yet
    there = engine.resized(here, np.array([120, 120, 0, 0, 0, 0]), column=1)
    other = engine.relocated(
        engine.resized(state, np.array([120, 120, 0, 0, 0, 0]), column=1), places, column=1, draws=Draws(1)
    )
    for made in (there, other):
        assert made.alive[:, 1].tolist() == [True, True] + [False] * 4
        assert (made.km[:2, 1] == sum(LEGS[:9])).all()
        assert (made.size[:2, 1] == 120).all()
        view = engine.observe(made)
        assert (view.stock.sum(axis=1) + view.on_road == made.size.sum(axis=1)).all()
        after = engine.step(made, day=4, draws=Draws(1))
        assert after.alive[:2, 1].all()
        assert not after.alive[2:, 1].any()
        assert (after.identity[2:, 1] == 0).all()


def test_parts_of_a_copy_go_on_along_the_road_of_their_main_body() -> None:
    ends = (Destination(14, 1.0, START, "test"), Destination(10, 1.0, START, "test"))
    scenario = caravan(corridor(LEGS), priors=WAYS)
    group = replace(scenario.groups[0], destinations=ends, route=(0,))
    engine = GroupEngine(replace(scenario, groups=(group,)), days=20)
    draws = Draws(4)
    state = engine.init(slots=np.arange(300), draws=draws)
    for day in range(6):
        state = engine.step(state, day=day, draws=draws)
    parted = np.flatnonzero(state.alive[:, 1:].any(axis=1))
    copied = engine.taken(state, np.resize(parted, 300), draws=draws)
    assert (copied.route == copied.route[:, :1]).all()
    walked = np.where(copied.alive, copied.km, 0.0).max(axis=1)
    ahead = np.array([copied.routes[k][-1] for k in copied.route[:, 0].tolist()])
    # Who has a part beyond town 10 can only be heading for 14; of the others some head for each.
    assert (ahead[walked > sum(LEGS[:10])] == 14).all()
    early = ahead[walked < sum(LEGS[:9])]
    assert set(early.tolist()) == {10, 14}
    assert (copied.people() == state.people()[np.resize(parted, 300)]).all()


def test_the_same_bits_however_the_members_are_cut_up() -> None:
    scenario = two_caravans(caravan(corridor(LEGS, border_after=5), priors=WAYS, pools=[(3, 200.0)]))
    engine, draws = GroupEngine(scenario, days=10), Draws(5)
    whole = [state for _, state, _ in days_of(engine, days=10, members=40, draws=draws)][-1]
    slots = np.array_split(np.arange(40), [7, 19, 20])
    parts = []
    for some in slots:
        state = engine.init(slots=some, draws=draws)
        for day in range(10):
            state = engine.step(state, day=day, draws=draws)
        parts.append(state)
    for field in fields(GroupState):
        value = getattr(whole, field.name)
        if isinstance(value, np.ndarray) and field.name != "route":
            assert (np.concatenate([getattr(state, field.name) for state in parts]) == value).all(), (
                field.name
            )


def test_a_step_leaves_the_state_it_was_given_as_it_was() -> None:
    engine, draws = GroupEngine(caravan(corridor(LEGS), priors=WAYS), days=9), Draws(1)
    state = engine.init(slots=np.arange(30), draws=draws)
    for day in range(9):
        kept = {f.name: np.copy(getattr(state, f.name)) for f in fields(GroupState) if f.name != "beliefs"}
        after = engine.step(state, day=day, draws=draws)
        for name, value in kept.items():
            assert name == "routes" or (getattr(state, name) == value).all()
        state = after


def test_parts_have_fans_of_their_own_and_the_whole_has_one() -> None:
    priors = {**WAYS, "walk_km_per_day": Prior("walk_km_per_day", "lognormal", 20.0, 40.0, "test", "test")}
    scenario = caravan(corridor(LEGS), priors=priors)
    km = np.concatenate([[0.0], np.cumsum(LEGS)])
    seen = GroupObserver(days=8, axes=[km])
    engine = GroupEngine(scenario, days=8)
    run(engine, days=8, members=200, draws=Draws(1), observers=[seen])
    days = evenings(scenario, days=8, members=200)
    advance, rear = seen.parts(0)
    assert (advance.segment, rear.segment) == ("advance", "rear")
    for day, state, _ in days:
        for column, told in ((1, advance), (2, rear)):
            there = state.alive[:, column]
            assert told.chance[day] == there.mean()
            if not there.any():
                assert np.isnan(told.head_km.values[:, day]).all()
                continue
            np.testing.assert_allclose(told.head_km.at(0.5)[day], np.median(state.km[there, column]))
            np.testing.assert_allclose(told.size.at(0.5)[day], np.median(state.size[there, column]))
        np.testing.assert_allclose(seen.fan("size", 0).at(0.5)[day], np.median(state.size[:, 0]))
        np.testing.assert_allclose(seen.whole_size(0).at(0.5)[day], 1000.0)
        np.testing.assert_allclose(seen.fan("head_km", 0).at(0.9)[day], np.quantile(state.km[:, 0], 0.9))
        np.testing.assert_allclose(seen.mode_share[day].sum(), 1.0)
