"""Proposals of what the model does not foresee are fair: where reports say nothing, they change nothing."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from safepassage.assimilation.observations import Caravan, Observation, observations
from safepassage.assimilation.unforeseen import (
    MOVE_CHANCE,
    PART_CHANCE,
    PART_LOG,
    PART_SHARE,
    PROPOSED_SHARE,
    RESIZE_CHANCE,
    RESIZE_LOG,
    USUAL_SHARE,
    Unforeseen,
)
from safepassage.assimilation.voices import Voices
from safepassage.core.draws import Draws
from safepassage.engines.goal_travel import GoalEngine, GoalState
from safepassage.engines.roads import axis_km
from tests.assimilation.twins import caravan, report

DAY, MEMBERS, DRAWS = 4, 6000, Draws(5)
SCENARIO = caravan(8)
AXIS = axis_km(SCENARIO.network, SCENARIO.groups[0].route)
TOWNS = np.flatnonzero(np.isfinite(AXIS))


def town_at(km: float) -> int:
    return int(TOWNS[np.argmin(np.abs(AXIS[TOWNS] - km))])


REPORTS = [
    report(SCENARIO, DAY, town_at(120.0), 2500.0),
    report(SCENARIO, DAY, town_at(160.0), 6000.0, source_kind="official", segment="whole"),
    report(SCENARIO, DAY, town_at(160.0), 300.0, segment="advance"),
    report(SCENARIO, DAY, town_at(160.0), 700.0, segment="advance", source_kind="press"),
    report(SCENARIO, DAY, town_at(220.0), None, segment="advance", source_kind="press"),
]


@dataclass(frozen=True)
class Evening:
    engine: GoalEngine
    state: GoalState
    told: tuple[Observation, ...]
    voices: Voices

    @property
    def size(self) -> NDArray[np.int64]:
        return self.engine.observe(self.state).groups.size


@cache
def evening(some_dissolved: bool = False) -> Evening:
    engine = GoalEngine(SCENARIO, days=8)
    state = engine.init(slots=np.arange(MEMBERS), draws=DRAWS)
    for day in range(DAY + 1):
        if some_dissolved and day == DAY:
            people = engine.observe(state).groups.size[:, 0]
            state = engine.resized(state, np.where(np.arange(MEMBERS) < 600, 3, people), column=0)
        state = engine.step(state, day=day, draws=DRAWS)
    told, _ = observations(REPORTS, [Caravan(SCENARIO.groups[0].id, 0)], start=SCENARIO.start)
    names = sorted({said.voice for said in told})
    return Evening(engine, state, told, Voices(names, members=MEMBERS, draws=DRAWS))


def proposed(now: Evening, what: str) -> tuple[GoalState, NDArray[np.float64], NDArray[np.bool_]]:
    """Give the state after proposals, what each member is worth, and which of them changed."""
    unforeseen = Unforeseen(SCENARIO.network, 1)
    if what == "moved":
        state, ratio, moved = unforeseen.moved(now.engine, now.state, now.told, day=DAY, draws=DRAWS)
        return state, np.exp(ratio), moved
    change = getattr(unforeseen, what)
    state, ratio = change(now.engine, now.state, now.told, now.voices, day=DAY, draws=DRAWS)
    column = 0 if what == "resized" else 1
    after = now.engine.observe(state).groups.size[:, column]
    return state, np.exp(ratio), after != now.size[:, column]


@pytest.mark.parametrize("what", ["moved", "resized", "parted"])
@pytest.mark.parametrize("some_dissolved", [False, True])
def test_proposals_are_worth_one_on_the_whole(what: str, some_dissolved: bool) -> None:
    now = evening(some_dissolved)
    _, worth, _ = proposed(now, what)
    # Five standard errors of the mean.
    assert worth.mean() == pytest.approx(1.0, abs=5 * worth.std() / np.sqrt(MEMBERS))
    nobody = ~now.engine.observe(now.state).groups.alive[:, 0]
    assert nobody.any() == some_dissolved
    assert np.all(worth[nobody] == 1.0)


def test_as_many_change_as_the_model_has_it_however_many_are_proposed() -> None:
    now = evening()
    _, worth, changed = proposed(now, "resized")
    assert changed.mean() == pytest.approx(PROPOSED_SHARE, abs=0.03)
    assert (worth * changed).mean() == pytest.approx(RESIZE_CHANCE, abs=0.01)
    for what, chance in (("moved", MOVE_CHANCE), ("parted", PART_CHANCE)):
        _, worth, changed = proposed(now, what)
        assert changed.mean() > 0.1
        # Of all that might happen only what reports speak of is looked at.
        assert 0 < (worth * changed).mean() < 0.5 * chance


def test_sizes_change_as_the_model_has_it_where_reports_say_nothing() -> None:
    now = evening()
    state, worth, changed = proposed(now, "resized")
    factor = np.log(now.engine.observe(state).groups.size[:, 0] / now.size[:, 0])[changed]
    weight = worth[changed] / worth[changed].sum()
    assert (weight * factor).sum() == pytest.approx(0.0, abs=0.12)
    assert np.sqrt((weight * factor**2).sum()) == pytest.approx(RESIZE_LOG, rel=0.12)


def test_no_proposed_size_is_worth_more_than_its_share() -> None:
    _, worth, changed = proposed(evening(), "resized")
    assert worth[changed].max() <= RESIZE_CHANCE / (PROPOSED_SHARE * USUAL_SHARE) * (1 + 1e-9)


def test_a_place_that_two_report_is_no_likelier_for_a_part() -> None:
    once, twice = evening(), evening()
    sizeless = [
        report(SCENARIO, DAY, town_at(160.0), None, segment="advance", source_kind=kind)
        for kind in ("press", "official")
    ]
    chances = []
    for now, reports in ((once, sizeless[:1]), (twice, sizeless)):
        told, _ = observations(reports, [Caravan(SCENARIO.groups[0].id, 0)], start=SCENARIO.start)
        _, worth, changed = proposed(Evening(now.engine, now.state, told, now.voices), "parted")
        chances.append((worth * changed).mean())
    assert chances[1] == pytest.approx(chances[0], rel=0.15)


def test_parts_are_as_large_as_the_model_has_them_where_reports_say_nothing() -> None:
    now = evening()
    state, worth, changed = proposed(now, "parted")
    main = now.size[:, 0]
    part = now.engine.observe(state).groups.size[:, 1]
    large = changed & (main > 1500)
    share = np.log(part[large] / main[large])
    weight = worth[large] / worth[large].sum()
    middle = (weight * share).sum()
    # A half of the main body stays, so that the upper tail is cut.
    assert middle == pytest.approx(np.log(PART_SHARE), abs=0.3)
    assert np.sqrt((weight * (share - middle) ** 2).sum()) > 0.75 * PART_LOG


def test_sizes_are_proposed_as_large_as_their_source_would_count_them() -> None:
    now = evening()
    said = report(SCENARIO, DAY, town_at(120.0), 2500.0, source_kind="organiser")
    told, _ = observations([said], [Caravan(SCENARIO.groups[0].id, 0)], start=SCENARIO.start)
    voices = Voices(["organiser"], members=MEMBERS, draws=DRAWS)
    state, _, changed = proposed(Evening(now.engine, now.state, told, voices), "resized")
    heard = np.log(now.engine.observe(state).groups.size[changed, 0]) + voices.bias("organiser")[changed]
    assert np.median(np.abs(heard - np.log(2500.0))) < 0.3
    assert abs(np.corrcoef(heard, voices.bias("organiser")[changed])[0, 1]) < 0.25
