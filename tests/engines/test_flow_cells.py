"""How far coarser cells move the mean people in camps, on a made network and on real crises."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from safepassage.core.local_law import LocalLaw
from safepassage.core.scenario import Scenario
from safepassage.engines.choice import why_not_cohorts
from safepassage.engines.flow import Flow, predicted_seconds
from safepassage.engines.timetable import timetable_of
from safepassage.workflows.verify import read_all, without_capacities

from .displaced import world

SHARED = Path(__file__).parents[3] / "shared" / "data" / "displacement"
CRISES = ("burundi2015", "car2013", "mali2012", "nigeria2016", "ssudan2013")
# Largest mean share of all people in camps who stand in another one than with cells of 1 km.
MOST_MOVED = {2: 0.001, 5: 0.001, 10: 0.0015, 20: 0.006}


def made(places: int = 60, days: int = 200) -> Scenario:
    """Make a country: towns with roads to their neighbours, every eighth place a camp, spreading conflict."""
    rng = np.random.default_rng(7)
    xy = rng.random((places, 2)) * 700
    gap_km = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    near = {(min(a, b), max(a, b)) for a in range(places) for b in np.argsort(gap_km[a])[1:4].tolist()}
    near |= {(k, k + 1) for k in range(0, places - 1, 9)}
    roads = [(a, b, float(1 + 1.25 * gap_km[a, b])) for a, b in sorted(near)]
    roles = [1 if k == 0 else 2 if k % 8 == 7 else 0 for k in range(places)]
    conflict = np.zeros((days, places))
    conflict[:, 0] = 1.0
    for day in range(15, days, 15):
        conflict[day:, rng.integers(places)] = 1.0
    rows = [
        (f"P{k}", role, 0 if role == 2 else int(rng.integers(1000, 9000))) for k, role in enumerate(roles)
    ]
    law = LocalLaw(max_move_speed_km_per_day=200)
    return world(rows, roads, law=law, days=days, leaving=[500] * days, conflict=conflict)


def real(name: str) -> Scenario:
    """Read a crisis, without memory and without capacities."""
    if not (SHARED / name).is_dir():
        pytest.skip("the crises for development are not here")
    scenario = without_capacities(read_all([SHARED / name])[0][0])
    law, displacement = scenario.law, scenario.displacement
    assert isinstance(law, LocalLaw)
    assert displacement is not None
    law = replace(law, avoid_short_stints=False, start_on_foot=False)
    return replace(scenario, law=law, displacement=replace(displacement, people_per_agent=1))


def moved_share(scenario: Scenario, cell_km: int) -> float:
    """Give the mean share of the people in camps who stand in another one than with cells of 1 km."""
    timetable = timetable_of(scenario)
    camps = timetable.displacement.camps
    exact, coarse = (
        Flow(timetable, cell_km=cell).run(scenario.days, places=camps).stock[:, :, 0] for cell in (1, cell_km)
    )
    assert exact.sum() > 0.0
    return float(np.abs(coarse - exact).sum() / exact.sum())


@pytest.mark.parametrize("cell_km", MOST_MOVED)
@pytest.mark.parametrize("name", ["made", *CRISES])
def test_coarser_cells_move_few_people(name: str, cell_km: int):
    scenario = made() if name == "made" else real(name)
    assert why_not_cohorts(timetable_of(scenario)) == ()
    assert moved_share(scenario, cell_km) <= MOST_MOVED[cell_km]


def test_a_day_is_a_whole_number_of_cells():
    # 35 km a day in cells of about 10 km: four of 8.75 km, so that a day goes as far as the law says.
    scenario = made()
    slow = replace(scenario, law=LocalLaw(max_move_speed_km_per_day=35))
    layout = Flow(timetable_of(slow)).layout
    assert (layout.states.day_cells, layout.cell_km) == (4, 8.75)


def test_the_predicted_time_grows_with_days_members_and_finer_cells():
    timetable = timetable_of(made())
    once = predicted_seconds(timetable, 100, 32)
    assert 1e-4 < once < 1.0
    assert predicted_seconds(timetable, 200, 32) == pytest.approx(2 * once)
    assert predicted_seconds(timetable, 100, 320) == pytest.approx(10 * once)
    assert predicted_seconds(timetable, 100, 32, cell_km=1) > 5 * once
    assert predicted_seconds(timetable, 100, 1) < once
