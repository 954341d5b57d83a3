from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.corridors import START, caravan, corridor, event
from safepassage.core.draws import Draws
from safepassage.core.scenario import Departures, GoalLaw, Scenario
from safepassage.engines.goal import link_chances
from safepassage.engines.goal_travel import GoalEngine
from safepassage.engines.run import days_of
from safepassage.engines.stages import day_stages

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
    table = day_stages((origin, target, km), chances, 4, places=5, speed_km_per_day=60.0)
    assert [(s.place, s.days) for s in table[0]] == [(2, 1)]
    assert [(s.place, s.days) for s in table[2]] == [(3, 3)]
    assert table[4] == []
    assert all(np.isclose(sum(s.chance for s in row), 1.0) for row in table[:4])


def test_a_known_closure_stops_people_alone() -> None:
    scenario = replace(leaving((0, 500)), events=(event("closure", place=2),))
    views = [v for _, _, v in days_of(GoalEngine(scenario, days=8), days=8, members=2, draws=Draws(1))]
    assert (views[-1].stock[:, 3:] == 0).all()
    assert (views[-1].stock.sum(axis=1) + views[-1].on_road == 500).all()


def test_people_alone_head_for_where_the_groups_are_heading() -> None:
    base = caravan(corridor(LEGS))
    scenario = replace(base, departures=(Departures(0, START, 200, START, "test"),))
    views = [v for _, _, v in days_of(GoalEngine(scenario, days=12), days=12, members=4, draws=Draws(1))]
    assert (views[-1].stock[:, 4] == 1200).all()
