"""Members weighed, copied and moved: nobody is lost, and copies go on by the law they stand under."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.corridors import START, caravan, corridor, fixed
from safepassage.core.draws import Draws
from safepassage.core.network import Links, Network
from safepassage.core.outcomes import OutcomeChance
from safepassage.core.scenario import Destination, GoalLaw, Prior, Scenario
from safepassage.engines.goal_travel import GoalEngine, GoalState
from safepassage.engines.group_state import RESTING, WAITING, GroupState
from safepassage.engines.luck import prior_quantile, prior_score, prior_value

DRAWS = Draws(3)
WIDE = {
    "walk_km_per_day": Prior("walk_km_per_day", "lognormal", 15.0, 40.0, "test", "test"),
    "rest_chance": Prior("rest_chance", "uniform", 0.1, 0.6, "test", "test"),
    "length_km": Prior("length_km", "normal", 2.0, 9.0, "test", "test"),
}
CLAIM = OutcomeChance("claimed", "", "", None, None, 0.0, 0.05, START, "test")
# 0 - 1 - 2, and from 2 on by 3 or by 4 to 5; 6 lies off the road behind 1, and 7 on an island.
TOWNS = ((0, 1), (1, 2), (2, 3), (2, 4), (3, 5), (4, 5), (1, 6))


def forked() -> Network:
    base = corridor([30.0] * 7)
    first, second = np.array(TOWNS).T
    m = len(TOWNS)
    links = Links(
        first, second, np.full(m, 30.0), ("road",) * m, np.ones(m, bool), np.zeros(m, bool), ("test",) * m
    )
    return Network(base.places, links)


def world(*, ends: tuple[tuple[int, float], ...] = ((5, 1.0),), **changes: object) -> Scenario:
    scenario = caravan(forked_or(changes), priors=WIDE, pools=[(0, 400.0)])
    declared = tuple(Destination(place, weight, START, "test") for place, weight in ends)
    group = replace(scenario.groups[0], route=(0,), destinations=declared)
    return replace(scenario, groups=(group,), outcomes=(CLAIM,), law=GoalLaw(per_bare_night=0.0))


def forked_or(changes: dict[str, object]) -> Network:
    network = changes.get("network")
    return network if isinstance(network, Network) else forked()


def after(scenario: Scenario, days: int, *, members: int = 60) -> tuple[GoalEngine, GoalState]:
    engine = GoalEngine(scenario, days=40)
    state = engine.init(slots=np.arange(members), draws=DRAWS)
    for day in range(days):
        state = engine.step(state, day=day, draws=DRAWS)
    return engine, state


def groups_of(state: GoalState) -> GroupState:
    assert state.groups is not None
    return state.groups


def roads_of(state: GoalState, column: int = 0) -> list[tuple[int, ...]]:
    groups = groups_of(state)
    return [groups.routes[row] for row in groups.route[:, column].tolist()]


def same(first: GoalState, second: GoalState, members: np.ndarray) -> bool:
    pairs = [
        (getattr(groups_of(first), f.name), getattr(groups_of(second), f.name)) for f in fields(GroupState)
    ]
    arrays = [(a, b) for a, b in pairs if isinstance(a, np.ndarray)]
    return all((a[members] == b[members]).all() for a, b in arrays if a is not groups_of(first).route)


def test_a_member_that_is_its_own_ancestor_stays_to_the_bit() -> None:
    engine, state = after(world(), 3)
    ancestors = np.arange(60)
    ancestors[10:20] = 5
    copied = engine.taken(state, ancestors, draws=DRAWS)
    stayed = np.flatnonzero(ancestors == np.arange(60))
    assert engine.taken(state, np.arange(60), draws=DRAWS) is state
    assert same(state, copied, stayed)
    assert [roads_of(state)[k] for k in stayed] == [roads_of(copied)[k] for k in stayed]
    assert (copied.parent[10:20] == 5).all()
    assert (copied.slot == np.arange(60)).all()
    walked = [
        road[: stop + 1] for road, stop in zip(roads_of(copied), groups_of(copied).stop[:, 0], strict=True)
    ]
    source = roads_of(state)[5][: groups_of(state).stop[5, 0] + 1]
    assert all(walked[k] == source for k in range(10, 20))
    assert (groups_of(copied).km[10:20] == groups_of(state).km[5]).all()
    assert (groups_of(copied).size[10:20] == groups_of(state).size[5]).all()


def test_copies_of_one_member_spread_over_the_roads_ahead_as_the_law_says() -> None:
    engine, state = after(world(), 1, members=2000)
    before_fork = int(np.flatnonzero(groups_of(state).stop[:, 0] <= 1)[0])
    ancestors = np.where(np.arange(2000) < 1000, np.arange(2000), before_fork)
    ahead = Counter(road[3] for road in roads_of(engine.taken(state, ancestors, draws=DRAWS))[1000:])
    first = Counter(road[3] for road in roads_of(state))
    # The two arms are equally long, so each has half of them; four standard deviations are 0.063.
    assert abs(ahead[3] / 1000 - 0.5) < 0.063
    assert abs(first[3] / 2000 - 0.5) < 0.045


def test_where_a_copy_is_heading_follows_from_the_road_it_has_walked() -> None:
    # Who went to 6 can only be heading for 6; who is at 2 cannot.
    engine, state = after(world(ends=((5, 1.0), (6, 1.0), (2, 2.0))), 4, members=400)
    groups = groups_of(state)
    roads = roads_of(state)
    at = np.array([road[stop] for road, stop in zip(roads, groups.stop[:, 0], strict=True)])
    for place, possible in ((2, {5, 2}), (3, {5}), (4, {5})):
        who = np.flatnonzero((at == place) & (groups.mode[:, 0] != 6))
        if who.size == 0:
            continue
        ancestors = np.full(400, who[0])
        ends = {road[-1] for k, road in enumerate(roads_of(engine.taken(state, ancestors, draws=DRAWS)))}
        assert ends <= possible
        if groups.km[who[0], 0] <= 60.0:
            assert ends == possible


def test_a_copy_that_waits_at_a_barrier_waits_as_long_and_has_luck_of_its_own_after_it() -> None:
    network = corridor([30.0] * 6, border_after=1)
    priors = fixed(border_hold_chance=1.0, border_hold_days=3.0)
    engine = GoalEngine(caravan(network, priors=priors), days=30)
    state = engine.init(slots=np.arange(40), draws=DRAWS)
    day = 0
    while not (groups_of(state).waited_days[:, 0] > 0).any():
        state = engine.step(state, day=day, draws=DRAWS)
        day += 1
    waiting = int(np.flatnonzero(groups_of(state).waited_days[:, 0] > 0)[0])
    state = engine.taken(state, np.full(40, waiting), draws=DRAWS)
    assert (groups_of(state).luck_slot[:, 0] == waiting).all()
    held = []
    for later in range(day, day + 12):
        state = engine.step(state, day=later, draws=DRAWS)
        held.append(groups_of(state).waited_days[:, 0] > 0)
    # The hold is one that all of them share, so they are let through on the same day.
    assert all(evening.all() or not evening.any() for evening in held)
    assert not held[-1].any()
    assert (groups_of(state).luck_slot[:, 0] == np.arange(40)).all()


def test_unused_roads_are_dropped_and_all_people_alone_are_copied() -> None:
    engine, state = after(world(), 2, members=200)
    last = engine.taken(state, np.zeros(200, dtype=np.int64), draws=DRAWS)
    used = set(roads_of(last))
    assert set(groups_of(last).routes) == used
    ragged = replace(
        state,
        first=np.arange(201) * 2,
        cell=np.arange(400),
        people=np.arange(400) * 10,
    )
    ancestors = np.arange(200)
    ancestors[3], ancestors[7] = 9, 0
    copied = engine.taken(ragged, ancestors, draws=DRAWS)
    for member, ancestor in enumerate(ancestors.tolist()):
        mine, theirs = (slice(*s.first[[k, k + 1]]) for s, k in ((copied, member), (ragged, ancestor)))
        assert (copied.cell[mine] == ragged.cell[theirs]).all()
        assert (copied.people[mine] == ragged.people[theirs]).all()


@pytest.mark.parametrize("shape", ["uniform", "normal", "lognormal"])
def test_scores_are_the_inverse_of_the_prior(shape: str) -> None:
    prior = Prior("number", shape, 2.0, 9.0, "test", "test")
    u = np.linspace(0.0005, 0.9995, 999)
    values = prior_quantile(prior, u)
    score = prior_score(prior, values)
    np.testing.assert_allclose(prior_value(prior, score), values, rtol=1e-12)
    assert abs(score[499]) < 1e-12
    assert (np.diff(score) > 0).all()
    assert np.abs(prior_score(prior, np.array([1e-300, 1e300]))).max() <= 6.0


def test_beliefs_come_back_from_their_scores_and_certain_ones_have_none() -> None:
    engine, state = after(world(), 2)
    scores = engine.scores(state)
    # Three wide priors, those of the defaults that `STEADY` leaves open, and one outcome chance.
    assert np.isfinite(scores).all()
    again = engine.believing(state, scores)
    for name, table in groups_of(state).beliefs.items():
        np.testing.assert_allclose(groups_of(again).beliefs[name], table, rtol=1e-12)
    np.testing.assert_allclose(again.chances, state.chances, rtol=1e-9)
    np.testing.assert_allclose(groups_of(again).chances, again.chances)
    other = np.random.default_rng(1).normal(size=scores.shape)
    np.testing.assert_allclose(engine.scores(engine.believing(state, other)), other, atol=1e-9)
    certain = [name for name, table in groups_of(state).beliefs.items() if np.ptp(table) == 0]
    assert scores.shape[1] == len(groups_of(state).beliefs) - len(certain) + 1


def test_rows_of_one_outcome_with_other_dates_are_one_belief() -> None:
    later = replace(CLAIM, low=0.0, high=0.2, first=START.replace(day=20))
    scenario = replace(world(), outcomes=(replace(CLAIM, last=START.replace(day=19)), later))
    engine, state = after(scenario, 1)
    one, _ = after(world(), 1)
    assert engine.scores(state).shape[1] == one.scores(after(world(), 1)[1]).shape[1]
    changed = engine.believing(state, np.zeros_like(engine.scores(state)))
    np.testing.assert_allclose(changed.chances, np.tile([0.025, 0.1], (60, 1)))


def test_a_group_put_somewhere_is_there_and_goes_on_from_there() -> None:
    engine, state = after(world(), 3)
    for place in (6, 1, 4):
        put = engine.relocated(state, np.full(60, place), column=0, draws=DRAWS)
        view = engine.observe(put).groups
        assert view is not None
        assert (view.place[:, 0] == place).all()
        assert (view.beyond_km[:, 0] == 0).all()
        assert all(road[-1] == 5 for road in roads_of(put))
        links = {*TOWNS, *((b, a) for a, b in TOWNS)}
        assert all(pair in links for road in roads_of(put) for pair in itertools.pairwise(road))
        assert (groups_of(put).size == groups_of(state).size).all()
        end = put
        for day in range(3, 40):
            end = engine.step(end, day=day, draws=DRAWS)
        assert (engine.observe(end).groups.place[:, 0] == 5).all()  # type: ignore[union-attr]


def test_who_is_not_moved_and_who_cannot_be_stays_to_the_bit() -> None:
    engine, state = after(world(), 3)
    places = np.full(60, -1)
    places[:10] = 7  # no road leads to the island
    assert same(engine.relocated(state, places, column=0, draws=DRAWS), state, np.arange(60))
    places[:10] = 6
    put = engine.relocated(state, places, column=0, draws=DRAWS)
    assert same(put, state, np.arange(10, 60))
    assert roads_of(put)[10:] == roads_of(state)[10:]


def test_a_group_that_waits_to_set_out_is_on_its_way_once_it_was_seen_elsewhere() -> None:
    engine = GoalEngine(world(), days=9)
    state = engine.init(slots=np.arange(8), draws=DRAWS)
    assert (groups_of(state).mode[:, 0] == WAITING).all()
    put = engine.relocated(state, np.full(8, 2), column=0, draws=DRAWS)
    assert (groups_of(put).mode[:, 0] == RESTING).all()


def test_a_declared_way_is_kept_where_the_group_is_put_on_it() -> None:
    network = corridor([30.0] * 6)
    engine = GoalEngine(caravan(network), days=9)
    state = engine.init(slots=np.arange(4), draws=DRAWS)
    put = engine.relocated(state, np.full(4, 3), column=0, draws=DRAWS)
    assert set(roads_of(put)) == {tuple(range(7))}
    assert (groups_of(put).km[:, 0] == 90.0).all()
    back = engine.relocated(put, np.full(4, 1), column=0, draws=DRAWS)
    assert set(roads_of(back)) == {tuple(range(7))}
    assert (groups_of(back).km[:, 0] == 30.0).all()
    assert roads_of(engine.taken(back, np.zeros(4, dtype=np.int64), draws=DRAWS)) == roads_of(back)


def test_barriers_passed_do_not_act_again_after_a_move_and_those_ahead_do() -> None:
    network = corridor([30.0] * 6, border_after=2)
    priors = fixed(border_hold_chance=1.0, border_hold_days=5.0, walk_km_per_day=60.0)
    engine = GoalEngine(caravan(network, priors=priors), days=9)
    state = engine.init(slots=np.arange(20), draws=DRAWS)
    beyond = engine.step(engine.relocated(state, np.full(20, 3), column=0, draws=DRAWS), day=0, draws=DRAWS)
    before = engine.step(engine.relocated(state, np.full(20, 2), column=0, draws=DRAWS), day=0, draws=DRAWS)
    assert (groups_of(beyond).km[:, 0] > 90.0).all()
    assert (groups_of(before).km[:, 0] == 60.0).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3000), min_size=6, max_size=6))
def test_a_group_that_is_resized_has_neither_lost_nor_found_anybody(people: list[int]) -> None:
    engine, state = after(world(), 3, members=6)
    groups = groups_of(state)
    sized = groups_of(engine.resized(state, np.array(people), column=0))
    assert sized.size[:, 0].tolist() == people
    assert (sized.left == groups.left).all()
    assert (sized.joined == groups.joined).all()
    assert (sized.pools == groups.pools).all()


def test_a_place_on_the_road_is_where_the_road_passes_it_and_others_are_off_it() -> None:
    engine, state = after(world(), 2)
    roads = roads_of(state)
    at_two = engine.along(state, 2, column=0)
    assert (at_two.km == 60.0).all()
    assert (at_two.off_km == 0.0).all()
    off = engine.along(state, 6, column=0)
    assert (off.km == 30.0).all()
    assert (off.off_km == 30.0).all()
    arm = engine.along(state, 3, column=0)
    assert arm.off_km.tolist() == [0.0 if 3 in road else 30.0 for road in roads]
    island = engine.along(state, 7, column=0)
    assert np.isinf(island.off_km).all()
    assert np.isfinite(island.km).all()


def test_a_road_that_passes_a_place_twice_is_taken_where_the_people_are() -> None:
    engine, state = after(world(), 3)
    there = engine.relocated(state, np.full(60, 6), column=0, draws=DRAWS)
    groups = groups_of(there)
    at = engine.along(there, 6, column=0)
    assert (at.km == groups.km[:, 0]).all()
    twice = np.array([road.count(2) > 1 for road in roads_of(there)])
    assert twice.any()
    two = engine.along(there, 2, column=0)
    assert (np.abs(two.km - groups.km[:, 0])[twice] == 60.0).all()
