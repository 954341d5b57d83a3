"""Folders of other people, whatever they are like: they run, or one clear error names their true fault."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from safepassage.adapters.flee import read
from safepassage.core.draws import Draws
from safepassage.core.errors import InputError
from safepassage.engines.choice import engine_for, with_people_per_agent
from safepassage.engines.run import days_of

FOLDERS = Path(__file__).parents[3] / ".." / "shared" / "data" / "displacement-robustness"
TWICE = {"nigeria2019": "Plateau", "Ethiopia_dflee": "Mustahil"}
SOUND = (
    "Mozambique_dflee",
    "dflee_example",
    "dflee_weather_example",
    "ethiopia",
    "mali2022_2024",
    "moo_ssudan_H10_5obj",
    "nigeria2016_adm1",
)


def folder(name: str) -> Path:
    path = FOLDERS / name
    if not path.is_dir():
        pytest.skip("the shared folders are not here")
    return path


@pytest.mark.parametrize("compat", [False, True])
@pytest.mark.parametrize("name", TWICE)
def test_two_places_of_one_name_are_a_true_fault_and_the_only_one(name: str, compat: bool):
    with pytest.raises(InputError) as raised:
        read(folder(name), compat=compat)
    (fault,) = raised.value.faults
    assert TWICE[name] in fault.found


@pytest.mark.parametrize("compat", [False, True])
@pytest.mark.parametrize("name", SOUND)
def test_sound_folders_run_people_leave_and_camps_fill(name: str, compat: bool):
    scenario, _ = read(folder(name), compat=compat)
    displacement = scenario.displacement
    assert displacement is not None
    people = {"dflee_example": 1, "dflee_weather_example": 1, "mali2022_2024": 100}.get(name, 2000)
    engine = engine_for(with_people_per_agent(scenario, people), members=2)
    days = min(scenario.days, 60)
    camps = displacement.camps
    in_camps, everybody = [], []
    for _, _, view in days_of(engine, days=days, members=2, draws=Draws(1)):
        in_camps.append(view.stock[:, camps].sum(axis=1))
        everybody.append(view.stock.sum(axis=1) + view.on_road)
    assert (np.diff(everybody, axis=0) >= 0).all()  # nobody vanishes
    assert (everybody[-1] > everybody[0]).all()
    # In Mali nearly all are in camps from the first day; in Flee's code a forecast holds nearly all back.
    if name != "mali2022_2024" and not (compat and name == "dflee_weather_example"):
        assert (in_camps[-1] > in_camps[0]).all()


def test_the_floods_of_the_example_take_the_share_of_the_people_that_the_level_says():
    scenario, _ = read(folder("dflee_example"))
    engine = engine_for(scenario, members=1)
    _, _, view = next(iter(days_of(engine, days=1, members=1, draws=Draws(1))))
    # day 0: levels 1, 2, 3 take 0.1 of 1000, 0.2 of 2000 and 0.5 of 500; 30 were in the camps
    assert int(view.stock.sum() + view.on_road.sum()) == 100 + 400 + 250 + 30
