"""Of several ways to live a day one that fits is chosen, and that is fair."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from safepassage.assimilation.caravans import CaravanEvidence
from safepassage.assimilation.observations import Caravan, observations
from safepassage.core.draws import Draws
from safepassage.engines.goal_travel import GoalEngine, GoalState
from tests.assimilation.twins import caravan, report

DAY, MEMBERS = 3, 4000
SCENARIO = caravan(8)


def made() -> tuple[GoalEngine, GoalState, CaravanEvidence, Draws]:
    place = SCENARIO.network.places.ids.index("mapastepec")
    rough = replace(report(SCENARIO, DAY, place, None), quality="approx_date", reliability="low")
    said, _ = observations([rough], [Caravan(SCENARIO.groups[0].id, 0)], start=SCENARIO.start)
    engine, draws = GoalEngine(SCENARIO, days=8), Draws(5)
    evidence = CaravanEvidence(said, SCENARIO.network, counts=(1, 1, MEMBERS), draws=draws)
    state = engine.init(slots=np.arange(MEMBERS), draws=draws)
    for day in range(DAY):
        state = engine.step(state, day=day, draws=draws)
        evidence.see(day, engine.observe(state))
    return engine, state, evidence, draws


def test_members_that_were_guided_count_so_that_the_model_stays_what_it_was() -> None:
    engine, state, evidence, draws = made()
    guided, log_ratio = evidence.guided(engine, state, day=DAY, draws=draws)
    own = engine.bodies(engine.step(state, day=DAY, draws=draws)).head_km[:, 0]
    led = engine.bodies(engine.step(guided, day=DAY, draws=draws)).head_km[:, 0]
    weight = np.exp(log_ratio)
    assert abs(weight.mean() - 1.0) < 0.1
    assert np.mean(led == own) < 0.9
    for level in (60.0, 100.0, 150.0):
        assert abs(np.mean(weight * (led > level)) - np.mean(own > level)) < 0.05


def test_the_luck_that_was_chosen_is_that_of_the_next_day_only() -> None:
    engine, state, evidence, draws = made()
    guided, _ = evidence.guided(engine, state, day=DAY, draws=draws)
    assert guided.groups.attempt.any()
    assert not engine.step(guided, day=DAY, draws=draws).groups.attempt.any()
    first = engine.step(engine.meant(state, np.zeros((MEMBERS, 1), dtype=np.int64)), day=DAY, draws=draws)
    plain = engine.step(state, day=DAY, draws=draws)
    assert np.array_equal(first.groups.km, plain.groups.km)


def test_on_a_day_of_announcements_alone_nobody_is_guided() -> None:
    place = SCENARIO.network.places.ids.index("mapastepec")
    plan = replace(report(SCENARIO, DAY, place, None), kind="next_stop")
    plan = replace(plan, published=SCENARIO.start + timedelta(days=1))
    said, _ = observations([plan], [Caravan(SCENARIO.groups[0].id, 0)], start=SCENARIO.start)
    engine, state, _, draws = made()
    evidence = CaravanEvidence(said, SCENARIO.network, counts=(1, 1, MEMBERS), draws=draws)
    same, log_ratio = evidence.guided(engine, state, day=DAY, draws=draws)
    assert same is state
    assert not log_ratio.any()
