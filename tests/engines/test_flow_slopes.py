"""Derivatives of the flow kernel against central differences, for every number of the law."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from safepassage.core.local_law import LocalLaw
from safepassage.core.scenario import Scenario
from safepassage.engines.flow import Flow
from safepassage.engines.flow_facts import law_values
from safepassage.engines.flow_weights import PARAMETERS
from safepassage.engines.timetable import timetable_of

from .displaced import world
from .test_flow import NETWORKS, PLACES, ROADS, SHUT, SINCE, TWO_ZONES

DAYS = 9
INSIDE = LocalLaw(
    max_move_speed_km_per_day=70,
    default_movechance=0.35,
    conflict_movechance=0.8,
    camp_movechance=0.08,
    idpcamp_movechance=0.15,
    movechance_pop_base=900.0,
    foreign_weight=1.3,
    camp_weight=1.9,
    conflict_weight=0.4,
    softening_km=8.0,
    weight_softening=0.15,
    distance_power=1.1,
    weight_power=1.4,
    use_pop_for_loc_weight=True,
    pop_power_for_loc_weight=0.12,
)
BY_SIZE = replace(INSIDE, movechance_pop_scale_factor=0.05)
SIZE_NUMBERS = ("movechance_pop_base", "movechance_pop_scale_factor")
CAMP_CHANCES = ("camp_movechance", "idpcamp_movechance")
TOWN_OF_MANY = 0


def cases() -> dict[str, Scenario]:
    """Give networks on which every number matters, inside of all edges."""
    conflict = {"conflict": TWO_ZONES, "conflict_since": SINCE, "closures": SHUT}
    people = [*PLACES[:4], ("E", TOWN_OF_MANY, 700), ("F", 3, 0)]
    roads = {"leaving": [150] * 4, "days": DAYS}
    return {
        "chances by size": world(people, ROADS, law=BY_SIZE, **roads, **conflict),
        "one link ahead": world(PLACES, ROADS, law=INSIDE, **roads, **conflict),
        "three links ahead": world(
            people, ROADS, law=replace(INSIDE, awareness_level=3, pruning_threshold=8.0), **roads, **conflict
        ),
        "longer than a day": world(
            people,
            ROADS,
            law=replace(INSIDE, max_move_speed_km_per_day=19, awareness_level=2),
            **roads,
            **conflict,
        ),
        "taken from the population": world(
            people, ROADS, law=replace(INSIDE, take_from_population=True), **roads, **conflict
        ),
        "by conflict": world(
            people, ROADS, law=INSIDE, departure_mode="constant", people_per_conflict_day=30.0, **conflict
        ),
        "a share of the people": world(
            people,
            ROADS,
            law=replace(INSIDE, take_from_population=True),
            departure_mode="pop_ratio",
            people_per_conflict_day=0.02,
            **conflict,
        ),
    }


CASES = cases()


def differences(flow: Flow, middle: np.ndarray, days: int) -> np.ndarray:
    """Differentiate numerically, each parameter by a step of its own: (days, n, parameter)."""
    step = 2e-5 * np.maximum(np.abs(middle), 1e-2)
    shifted = np.concatenate([middle + np.diag(step), middle - np.diag(step)])
    stock = flow.run(days, shifted).stock
    return (stock[:, :, : len(middle)] - stock[:, :, len(middle) :]) / (2 * step)


@pytest.mark.parametrize("name", CASES)
def test_derivatives_are_those_of_central_differences(name: str):
    timetable = timetable_of(CASES[name])
    flow = Flow(timetable, cell_km=2, parameters=PARAMETERS)
    middle = law_values(timetable, PARAMETERS)
    result, slopes = flow.gradient(DAYS)
    expected = differences(flow, middle, DAYS)
    for k, parameter in enumerate(PARAMETERS):
        largest = np.abs(expected[:, :, k]).max()
        if name == "a share of the people" and parameter == "departures":
            continue  # whole agents leave there: a staircase, whose slope between the steps is given
        if parameter in SIZE_NUMBERS and name != "chances by size":
            continue  # a place of no size has a jump at a factor of zero; elsewhere the base does not matter
        # Camps have no size here, so where chances go by size nobody leaves them.
        assert (largest > 0.0) != (parameter in CAMP_CHANCES and name == "chances by size"), parameter
        assert np.abs(slopes[:, :, k] - expected[:, :, k]).max() <= 1e-5 * largest, parameter
    assert (result.stock == flow.run(DAYS).stock).all()


def test_values_other_than_the_laws_have_their_derivatives_too():
    timetable = timetable_of(CASES["three links ahead"])
    names = ("camp_weight", "default_movechance", "distance_power")
    flow = Flow(timetable, parameters=names)
    middle = np.array([3.0, 0.6, 0.7])
    result, slopes = flow.gradient(DAYS, middle)
    expected = differences(flow, middle, DAYS)
    assert slopes.shape == (DAYS, len(PLACES), 3)
    assert np.abs(slopes - expected).max() < 1e-5 * np.abs(expected).max()
    assert (result.stock == flow.run(DAYS, middle[None, :]).stock).all()


@pytest.mark.parametrize("name", NETWORKS)
def test_nobody_appears_or_disappears_by_a_number_of_the_law(name: str):
    timetable = timetable_of(NETWORKS[name])
    flow = Flow(timetable, parameters=PARAMETERS)
    _, slopes = flow.gradient(60)
    assert np.isfinite(slopes).all()
    # Long after the last departure and closure everybody is in a place or on the road: the stocks may trade
    # people with the road, but none by more than all there are.
    people = flow.run(60).stock[-1].sum() + flow.run(60).on_road[-1].sum()
    departures = slopes[:, :, PARAMETERS.index("departures")]
    before = timetable.initial.sum()
    assert departures[-1].sum() <= people - before + 1e-9 * people


def test_on_the_edges_derivatives_are_those_from_inside():
    # Flee's own numbers: everybody leaves a conflict zone (chance 1), weights to the power of one.
    law = LocalLaw(max_move_speed_km_per_day=50, conflict_weight=0.0)
    timetable = timetable_of(world(PLACES, ROADS, law=law, leaving=[100] * 3, conflict=TWO_ZONES))
    names = ("conflict_movechance", "weight_softening", "conflict_weight", "movechance_pop_scale_factor")
    flow = Flow(timetable, parameters=names)
    _, slopes = flow.gradient(6)
    step = 1e-6
    middle = law_values(timetable, names)
    below, above = middle.copy(), middle.copy()
    below[0] -= step
    above[1] += step
    stock = flow.run(6, np.stack([middle, below, above])).stock
    largest = np.abs(slopes).max()
    assert np.abs(slopes[:, :, 0] - (stock[:, :, 0] - stock[:, :, 1]) / step).max() < 1e-4 * largest
    assert np.abs(slopes[:, :, 1] - (stock[:, :, 2] - stock[:, :, 0]) / step).max() < 1e-3 * largest
    assert np.isfinite(slopes).all()


def test_extreme_numbers_stay_numbers():
    law = LocalLaw(conflict_weight=1e6, weight_power=50.0, camp_weight=1e6, softening_km=0.0)
    conflict = np.zeros((3, len(PLACES)))
    conflict[:, 0], conflict[:, 1] = 1.0, 1e6
    timetable = timetable_of(world(PLACES, ROADS, law=law, conflict=conflict, leaving=[50]))
    flow = Flow(timetable, parameters=PARAMETERS)
    result, slopes = flow.gradient(3)
    assert np.isfinite(slopes).all()
    assert result.stock[-1].sum() + result.on_road[-1, 0] == pytest.approx(50)
