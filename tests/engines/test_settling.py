"""Where people come to rest: by hand, beside the flow kernel, nobody lost, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from safepassage.core.displacement import Closure
from safepassage.core.errors import ModelError
from safepassage.core.local_law import LocalLaw
from safepassage.engines.flow import Flow
from safepassage.engines.settling import Settling
from safepassage.engines.timetable import timetable_of

from .displaced import world

TOWN, ZONE, CAMP, IDP, HUB, MARKER = range(6)
LAW = LocalLaw(camp_movechance=0.0, idpcamp_movechance=0.0, conflict_weight=0.5)
PLACES = [("A", ZONE, 1000), ("B", TOWN, 10), ("C", CAMP, 0), ("D", CAMP, 0)]
ROADS = [(0, 1, 30.0), (0, 2, 90.0), (1, 3, 50.0), (1, 2, 190.0)]
EVERY = np.arange(4)


def test_shares_are_those_of_the_absorbing_chain():
    scenario = world(PLACES, ROADS, law=LAW, days=12, leaving=[1000])
    found = Settling(scenario).run({}, np.array([11]), EVERY)[0]
    weight = {km: 1.0 / (LAW.softening_km + km) for km in (30.0, 50.0, 90.0, 190.0)}
    to_b = weight[30.0] / (weight[30.0] + weight[90.0])
    of_b = 0.5 * weight[30.0] + weight[50.0] + weight[190.0]
    back, on_d = 0.5 * weight[30.0] / of_b, weight[50.0] / of_b
    in_d = to_b * on_d / (1.0 - to_b * back)
    assert found[3] / (found[2] + found[3]) == pytest.approx(in_d, abs=0.005)
    assert found.sum() == pytest.approx(1000.0, rel=1e-9)


def test_numbers_given_act_as_those_of_the_law():
    days = np.arange(12)
    scenario = world(PLACES, ROADS, law=LAW, days=12, leaving=[500] * 10)
    other = LocalLaw(
        camp_movechance=0.0, idpcamp_movechance=0.0, conflict_weight=0.2, distance_power=2.0, camp_weight=0.4
    )
    given = Settling(scenario).run(
        {"conflict_weight": 0.2, "distance_power": 2.0, "camp_weight": 0.4}, days, EVERY
    )
    own = Settling(world(PLACES, ROADS, law=other, days=12, leaving=[500] * 10)).run({}, days, EVERY)
    np.testing.assert_allclose(given, own, rtol=1e-12)


def test_the_flow_kernel_comes_to_rest_alike():
    law = LocalLaw(conflict_weight=0.5, camp_movechance=0.0, default_movechance=1.0)
    scenario = world(PLACES, ROADS, law=law, days=80, leaving=[1000])
    flow = Flow(timetable_of(scenario), cell_km=10.0).run(80).stock[-1, :, 0]
    found = Settling(scenario).run({}, np.array([79]), EVERY)[0]
    assert found[2:] / found[2:].sum() == pytest.approx(flow[2:] / flow[2:].sum(), abs=0.005)


def test_camps_let_people_go_again_and_nobody_is_lost():
    law = LocalLaw(camp_movechance=0.05)
    start = np.array([0.0, 0.0, 800.0, 0.0])
    scenario = world(PLACES, ROADS, law=law, days=60, leaving=[])
    found = Settling(scenario, initial=start).run({}, np.arange(60), EVERY)
    assert found[-1, 3] > 100.0
    np.testing.assert_allclose(found.sum(axis=1), 800.0, rtol=1e-9)


def test_closed_roads_are_not_taken():
    closures = (Closure("location", (2,), None, 0, None),)
    scenario = world(PLACES, ROADS, law=LAW, days=12, leaving=[1000], closures=closures)
    found = Settling(scenario).run({}, np.array([11]), EVERY)[0]
    assert found[2] == 0.0
    assert found[3] > 980.0


def test_nobody_anywhere_is_nobody():
    scenario = world(PLACES, ROADS, law=LAW, days=5, leaving=[])
    assert Settling(scenario).run({}, np.arange(5), EVERY).sum() == 0.0


def test_a_place_nobody_can_reach_stays_empty():
    scenario = world([*PLACES, ("E", CAMP, 0)], ROADS, law=LAW, days=5, leaving=[100])
    assert Settling(scenario).run({}, np.arange(5), np.array([4])).sum() == 0.0


@pytest.mark.parametrize("numbers", [{"company": 1.0}, {"camp_weight": -1.0}, {"camp_weight": float("nan")}])
def test_odd_numbers_are_refused(numbers: dict[str, float]):
    with pytest.raises(ModelError):
        Settling(world(PLACES, ROADS, law=LAW)).run(numbers, EVERY, EVERY)


def test_departures_that_follow_no_series_are_refused():
    with pytest.raises(ModelError):
        Settling(world(PLACES, ROADS, law=LAW, departure_mode="pop_ratio"))
