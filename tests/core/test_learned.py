"""A case never learns from itself, by whatever name its folder goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np

import safepassage as sp
from safepassage.core.learned import LearnedCase, Lesson, event_key
from safepassage.core.scenario import Prior


def prior(low: float) -> Prior:
    return Prior("walk_km_per_day", "lognormal", low, 40.0, "", "")


LESSON = Lesson(
    family="caravans",
    method="by hand",
    cases=(LearnedCase("aa", "first", 10), LearnedCase("bb", "second", 20)),
    priors=(prior(10.0),),
    without={"aa": (prior(11.0),), "bb": (prior(12.0),)},
)


def test_an_event_that_was_learned_from_gets_what_the_others_taught() -> None:
    assert LESSON.for_event("aa")["walk_km_per_day"].low == 11.0
    assert LESSON.taught_by("aa") == ("second",)


def test_a_new_event_learns_from_all() -> None:
    assert LESSON.for_event("cc")["walk_km_per_day"].low == 10.0
    assert LESSON.taught_by("cc") == ("first", "second")


def test_an_event_without_a_set_of_its_own_gets_nothing_rather_than_what_it_taught() -> None:
    assert replace(LESSON, without={}).for_event("aa") == {}


def test_an_event_keeps_its_key_under_another_name_and_without_its_truth() -> None:
    scenario = sp.load("honduras-2018-10")
    other = replace(scenario, name="my-copy", truth=(), reports=(), seed=5)
    assert event_key(other) == event_key(scenario)


def test_a_crisis_keeps_its_key_however_its_camps_are_written_and_ordered() -> None:
    def crisis(ids: tuple[str, ...], camps: list[int]) -> str:
        network = SimpleNamespace(places=SimpleNamespace(ids=ids))
        counted = SimpleNamespace(camps=np.array(camps))
        told = SimpleNamespace(network=network, groups=(), displacement=counted, start=date(2012, 2, 29))
        return event_key(told)  # type: ignore[arg-type]

    key = crisis(("fassala", "Mbéra", "Zorgho"), [0, 1, 2])
    assert crisis(("Zorgho", "elsewhere", "MBERA", "Fassala"), [0, 2, 3]) == key
    assert crisis(("fassala", "Mbéra"), [0, 1]) != key


def test_two_caravans_have_two_keys() -> None:
    names = ("honduras-2018-10", "el-salvador-2018-10-31", "tapachula-2021-10")
    assert len({event_key(sp.load(name)) for name in names}) == 3
    scenario = sp.load("honduras-2018-10")
    later = replace(scenario.groups[0], departs=scenario.groups[0].departs + timedelta(days=1))
    assert event_key(replace(scenario, groups=(later,))) != event_key(scenario)
