from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.corridors import START, caravan, corridor, event
from engines.possible_nights import Stages
from safepassage.core.draws import Draws
from safepassage.core.errors import InputError
from safepassage.core.network import Links, Network
from safepassage.core.scenario import Departures, Destination, GoalLaw, Scenario
from safepassage.engines.goal import link_chances
from safepassage.engines.goal_travel import GoalEngine
from safepassage.engines.run import days_of

LEGS = (20.0, 25.0, 130.0, 30.0)


def leaving(*rows: tuple[int, int], law: GoalLaw | None = None) -> Scenario:
    base = caravan(corridor(LEGS))
    departures = tuple(
        Departures(place, START, people, START, "test", destination=4) for place, people in rows
    )
    return replace(base, groups=(), departures=departures, law=law or GoalLaw(move_chance=1.0))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), people=st.integers(0, 10**9), chance=st.floats(0.05, 1.0))
def test_nobody_who_sets_out_alone_is_lost(seed: int, people: int, chance: float) -> None:
    scenario = leaving((0, people), (1, 77), law=GoalLaw(move_chance=chance))
    engine = GoalEngine(scenario, days=8)
    for _, _, view in days_of(engine, days=8, members=5, draws=Draws(seed)):
        assert (view.stock.sum(axis=1) + view.on_road == people + 77).all()
        assert (view.stock >= 0).all()


def test_people_alone_reach_where_they_are_heading_in_the_days_the_road_takes() -> None:
    engine = GoalEngine(leaving((0, 1000)), days=6)
    views = [view for _, _, view in days_of(engine, days=6, members=3, draws=Draws(1))]
    # 60 km a day: 45 km to town 2 on day 0, then 130 km in three days to town 3, 30 km to town 4 on day 4.
    assert (views[0].stock[:, 2] == 1000).all()
    assert (views[1].on_road == 1000).all()
    assert (views[3].stock[:, 3] == 1000).all()
    assert (views[4].stock[:, 4] == 1000).all()
    assert (views[5].stock[:, 4] == 1000).all()


def test_stages_sum_to_one_and_respect_the_day() -> None:
    network = corridor(LEGS)
    origin, target, km, _ = network.arcs
    chances = link_chances(network, GoalLaw(), 4)
    stages = Stages((origin, target, km), chances, 4, speed_km_per_day=60.0)
    table = [stages.of_place(place) for place in range(5)]
    assert [(s.place, s.days, int(target[s.arc])) for s in table[0]] == [(2, 1, 3)]
    assert [(s.place, s.days, s.arc) for s in table[2]] == [(3, 3, -1)]
    assert table[4] == []
    assert all(np.isclose(sum(s.chance for s in row), 1.0) for row in table[:4])


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), depth=st.integers(1, 5), speed=st.sampled_from([30.0, 60.0, 200.0]))
def test_every_way_keeps_the_chance_the_law_gives_it_whatever_fits_into_a_day(
    seed: int, depth: int, speed: float
) -> None:
    # A tree, so that every leaf is one way, whose chance is the product of its links' chances.
    luck = np.random.default_rng(seed)
    origin, target, km, chances = [], [], [], []
    leaves, layer, number = {}, {0: 1.0}, 1
    for level in range(depth):
        below: dict[int, float] = {}
        for place, reached in layer.items():
            shares = luck.dirichlet(np.ones(luck.integers(1, 4)))
            for share in shares:
                origin.append(place)
                target.append(number)
                km.append(float(luck.integers(1, 90)))
                chances.append(float(share))
                below[number] = reached * float(share)
                number += 1
        layer = below if level < depth - 1 else {}
        leaves = below
    order = np.argsort(origin, kind="stable")
    arcs = tuple(np.array(column)[order] for column in (origin, target, km))
    stages = Stages(arcs, np.array(chances)[order], number, speed_km_per_day=speed)  # type: ignore[arg-type]
    found = dict.fromkeys(leaves, 0.0)
    under_way = [(0, -1, 1.0)]
    while under_way:
        place, arc, chance = under_way.pop()
        nights = stages.of_arc(arc) if arc >= 0 else stages.of_place(place)
        if not nights:
            found[place] += chance
            continue
        assert sum(night.chance for night in nights) == pytest.approx(1.0)
        under_way += [(night.place, night.arc, chance * night.chance) for night in nights]
    assert found == pytest.approx(leaves, abs=1e-9)


def fork() -> Network:
    """Town 0, 50 km to 1, then 10 km to 2 or 11 km to 3, and 60 km from either to 4."""
    places = corridor((1.0,) * 4).places
    ends = [(0, 1, 50.0), (1, 2, 10.0), (1, 3, 11.0), (2, 4, 60.0), (3, 4, 60.0)]
    one, other, km = (np.array(column) for column in zip(*ends, strict=True))
    count = len(ends)
    links = Links(
        one, other, km, ("road",) * count, np.ones(count, bool), np.zeros(count, bool), ("",) * count
    )
    return Network(places, links)


def test_people_alone_part_as_the_law_says_where_one_way_fits_into_the_day_and_another_does_not() -> None:
    base = replace(leaving((0, 100_000)), network=fork())
    origin, target, _, _ = base.network.arcs
    assert isinstance(base.law, GoalLaw)
    chances = link_chances(base.network, base.law, 4)
    to_two = float(chances[(origin == 1) & (target == 2)][0])
    assert to_two == pytest.approx(0.5, abs=0.01)
    views = [v for _, _, v in days_of(GoalEngine(base, days=4), days=4, members=40, draws=Draws(3))]
    assert (views[0].stock[:, 1] + views[0].stock[:, 2] == 100_000).all()  # in town 1 bound for town 3
    assert views[0].stock[:, 2].mean() == pytest.approx(100_000 * to_two, abs=4 * np.sqrt(25_000 / 40))
    assert (views[1].stock[:, 3] == views[0].stock[:, 1]).all()
    assert (views[2].stock[:, 4] == 100_000).all()


def test_who_chose_a_link_that_is_closed_in_the_morning_chooses_anew() -> None:
    shut = event("closure", day=1, link=(1, 3))
    base = replace(leaving((0, 1000)), network=fork(), events=(shut,))
    views = [v for _, _, v in days_of(GoalEngine(base, days=4), days=4, members=3, draws=Draws(3))]
    waiting = views[0].stock[:, 1]
    assert (waiting > 0).all()
    assert (views[1].stock[:, 2] == waiting).all()
    assert (views[3].stock[:, 4] == 1000).all()


def test_departures_without_any_known_destination_are_refused() -> None:
    base = leaving((0, 500))
    nowhere = (replace(base.departures[0], destination=-1), replace(base.departures[0], destination=4))
    with pytest.raises(InputError, match="destination"):
        GoalEngine(replace(base, departures=nowhere[:1]), days=3)
    with pytest.raises(InputError, match="500 people"):
        GoalEngine(replace(base, departures=nowhere), days=3)


def test_a_state_in_other_slots_draws_other_luck() -> None:
    engine = GoalEngine(leaving((0, 10_000), law=GoalLaw(move_chance=0.5)), days=4)
    start = engine.init(slots=np.arange(3), draws=Draws(5))
    assert (start.day, start.parent.tolist()) == (-1, [0, 1, 2])
    moved = replace(start, slot=start.slot + 1)
    one, other = (engine.step(state, day=0, draws=Draws(5)) for state in (start, moved))
    assert one.day == 0
    assert (one.here[1:, 0] == other.here[:2, 0]).all()  # slots 1 and 2 have their luck wherever they stand
    assert (one.here[:, 0] != other.here[:, 0]).any()


def test_a_known_closure_stops_people_alone() -> None:
    scenario = replace(leaving((0, 500)), events=(event("closure", place=2),))
    views = [v for _, _, v in days_of(GoalEngine(scenario, days=8), days=8, members=2, draws=Draws(1))]
    assert (views[-1].stock[:, 3:] == 0).all()
    assert (views[-1].stock.sum(axis=1) + views[-1].on_road == 500).all()


def test_people_alone_head_for_where_the_groups_are_heading() -> None:
    base = caravan(corridor(LEGS))
    scenario = replace(base, departures=(Departures(0, START, 200, START, "test"),))
    views = [v for _, _, v in days_of(GoalEngine(scenario, days=25), days=25, members=4, draws=Draws(1))]
    assert (views[-1].stock[:, 4] == 1200).all()


def nights_by_the_law(scenario: Scenario, days: int) -> list[tuple[np.ndarray, float]]:
    """Work out the chance of every town, and of the road, for one person, night by night."""
    network, law = scenario.network, scenario.law
    assert isinstance(law, GoalLaw)
    origin, target, km, _ = network.arcs
    row = scenario.departures[0]
    chances = link_chances(network, law, row.destination)
    stages = Stages((origin, target, km), chances, row.destination, speed_km_per_day=law.speed_km_per_day)
    here: dict[tuple[int, int], float] = {(row.place, -1): 1.0}
    coming: dict[tuple[int, int], float] = {}
    told = []
    for day in range(days):
        evening: dict[tuple[int, int], float] = {}
        for (place, arc), chance in here.items():
            nights = stages.of_arc(arc) if arc >= 0 else stages.of_place(place)
            stays = chance * (1.0 - law.move_chance) if nights else chance
            evening[place, arc] = evening.get((place, arc), 0.0) + stays
            for night in nights:
                share = chance * law.move_chance * night.chance
                if night.days > 1:
                    due = (day + night.days - 1, night.place)
                    coming[due] = coming.get(due, 0.0) + share
                else:
                    evening[night.place, night.arc] = evening.get((night.place, night.arc), 0.0) + share
        for (due, place), chance in list(coming.items()):
            if due == day:
                evening[place, -1] = evening.get((place, -1), 0.0) + chance
                del coming[due, place]
        here = evening
        towns = np.zeros(len(network.places))
        for (place, _), chance in here.items():
            towns[place] += chance
        told.append((towns, sum(coming.values())))
    return told


@pytest.mark.parametrize("people", [7, 1000, 10**9])
def test_counts_have_mean_and_spread_of_people_who_each_follow_the_law(people: int) -> None:
    # Town 3 is 150 km away (three days), town 2 exactly a day's 60 km, and town 4 a dead end's neighbour.
    ends = [(0, 1, 40.0), (1, 2, 20.0), (1, 3, 150.0), (2, 3, 70.0), (0, 3, 175.0), (3, 4, 15.0)]
    one, other, km = (np.array(column) for column in zip(*ends, strict=True))
    n = len(ends)
    links = Links(one, other, km, ("road",) * n, np.ones(n, bool), np.zeros(n, bool), ("",) * n)
    base = leaving((0, people), law=GoalLaw(move_chance=0.6, per_km=0.002, per_bare_night=0.1))
    scenario = replace(base, network=Network(base.network.places, links))
    members = 800
    lived = days_of(GoalEngine(scenario, days=7), days=7, members=members, draws=Draws(11))
    for (_, _, view), (towns, on_road) in zip(lived, nights_by_the_law(scenario, 7), strict=True):
        counts = np.column_stack([view.stock, view.on_road])
        chance = np.append(towns, on_road)
        assert chance.sum() == pytest.approx(1.0)
        spread = np.sqrt(people * chance * (1 - chance))
        error = np.abs(counts.mean(axis=0) - people * chance)
        assert (error <= 4.5 * spread / np.sqrt(members) + 1e-6 * people * (chance > 0)).all()
        some = people * chance * (1 - chance) > 1.0
        # The variance of a sample variance: 2 / n for a normal, more where few people make it skew.
        assert (np.abs(counts.var(axis=0)[some] / spread[some] ** 2 - 1) < 0.35).all()


def test_people_whose_destination_is_not_told_are_shared_out_as_the_groups_are() -> None:
    base = caravan(corridor(LEGS))
    ends = (Destination(4, 3.0, START, "test"), Destination(2, 1.0, START, "test"))
    group = replace(base.groups[0], destinations=ends)
    scenario = replace(base, groups=(group,), departures=(Departures(1, START, 40_000, START, "test"),))
    engine = GoalEngine(scenario, days=1)
    *_, (_, state, _) = days_of(engine, days=1, members=50, draws=Draws(1))
    alone = state.here.sum(axis=1) + state.bound.sum(axis=1) + state.coming.sum(axis=(0, 2))
    assert (alone.sum(axis=1) == 40_000).all()
    assert alone[:, 1].mean() == pytest.approx(30_000, abs=4 * np.sqrt(7500 / 50))
