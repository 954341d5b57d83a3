"""Kinds of people: how many of each, and how each sees places; by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from safepassage.core.displacement import CAMP, CONFLICT_ZONE, TOWN
from safepassage.core.draws import Draws
from safepassage.core.errors import ModelError
from safepassage.core.hazards import Floods
from safepassage.core.local_law import LocalLaw
from safepassage.core.people import Attribute, Listed
from safepassage.engines.choice import engine_for
from safepassage.engines.departing import kinds_at_start, leaving_today
from safepassage.engines.kinds import AS_IT_IS, NOT_AT_ALL, SQUARED, kinds_of
from safepassage.engines.timetable import Timetable, timetable_of

from .displaced import evenings, world

PLACES = [("A", CONFLICT_ZONE, 600), ("B", TOWN, 900), ("C", CAMP, 0)]
ROADS = [(0, 1, 30.0), (1, 2, 40.0)]


def attribute(name: str, *columns: dict[str, float], places: tuple[int, ...] = (0, 0, 0)) -> Attribute:
    """Make an attribute of columns {value: share}; `places` names the column of each place."""
    values = tuple(columns[0])
    shares = np.array([[column[value] for value in values] for column in columns])
    return Attribute(name, values, shares, np.array(places, dtype=np.int64))


def laid_out(law: LocalLaw, **changes: object) -> Timetable:
    return timetable_of(world(PLACES, ROADS, law=law, leaving=[50] * 5, **changes))


AGES = attribute(
    "age", {"4": 0.2, "16": 0.1, "40": 0.6, "70": 0.1}, {"4": 0, "16": 0, "40": 1, "70": 0}, places=(0, 1, 0)
)
GENDERS = attribute("gender", {"male": 0.5, "female": 0.5})


def test_traits_that_no_rule_reads_make_no_kinds():
    timetable = laid_out(LocalLaw(), attributes=(AGES, GENDERS))
    assert timetable.kinds == 1
    assert timetable.kind_share.tolist() == [[1.0]] * 3
    assert not timetable.needs_counts


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"children_avoid_hazards": True}, {AS_IT_IS: 0.7, SQUARED: 0.3}),
        ({"elderly_avoid_hazards": True}, {AS_IT_IS: 0.9, SQUARED: 0.1}),
        ({"women_avoid_hazards": True}, {AS_IT_IS: 0.5, SQUARED: 0.5}),
        ({"children_avoid_hazards": True, "women_avoid_hazards": True}, {AS_IT_IS: 0.35, SQUARED: 0.65}),
        ({"boys_take_risk": True}, {AS_IT_IS: 0.95, NOT_AT_ALL: 0.05}),
        ({"boys_take_risk": True, "compat": True}, {AS_IT_IS: 0.6, NOT_AT_ALL: 0.4}),
        (
            {"children_avoid_hazards": True, "boys_take_risk": True},
            {AS_IT_IS: 0.7, SQUARED: 0.25, NOT_AT_ALL: 0.05},
        ),
    ],
)
def test_age_and_gender_give_up_to_three_ways_to_see_danger(rules: dict, expected: dict):
    timetable = laid_out(LocalLaw(**rules), attributes=(AGES, GENDERS))
    found = dict(zip(timetable.people.danger.tolist(), timetable.kind_share[0].tolist(), strict=True))
    assert found == pytest.approx(expected)
    assert timetable.kind_share.sum(axis=1) == pytest.approx(1.0)


def test_each_place_has_the_shares_of_its_own_column():
    timetable = laid_out(LocalLaw(children_avoid_hazards=True), attributes=(AGES,))
    careful = timetable.people.danger.tolist().index(SQUARED)
    assert timetable.kind_share[:, careful] == pytest.approx([0.3, 0.0, 0.3])


def test_those_who_avoid_hazards_square_scores_and_boys_see_none():
    law = LocalLaw(children_avoid_hazards=True, boys_take_risk=True, camp_weight=3.0, conflict_weight=0.25)
    timetable = laid_out(law, attributes=(AGES, GENDERS))
    score = {
        int(danger): row for danger, row in zip(timetable.people.danger, timetable.scores(1), strict=True)
    }
    assert score[AS_IT_IS].tolist() == [0.25, 1.0, 3.0]
    assert score[SQUARED].tolist() == [0.0625, 1.0, 9.0]
    assert score[NOT_AT_ALL].tolist() == [1.0, 1.0, 1.0]


def test_traits_are_independent_of_each_other():
    groups = attribute("ethnicity", {"P": 0.75, "Q": 0.25})
    law = LocalLaw(children_avoid_hazards=True, match_town_ethnicity=True)
    timetable = laid_out(law, attributes=(AGES, groups))
    people = timetable.people
    assert people.ethnicity is not None
    for danger, group in itertools.product((AS_IT_IS, SQUARED), (0, 1)):
        kind = np.flatnonzero((people.danger == danger) & (people.ethnicity.of == group))
        assert timetable.kind_share[0, kind] == pytest.approx({0: 0.7, 1: 0.3}[danger] * (0.75, 0.25)[group])


def test_people_favour_places_where_their_group_is_and_an_empty_camp_has_the_general_mix():
    groups = attribute("ethnicity", {"P": 0.8, "Q": 0.2})
    law = LocalLaw(match_camp_ethnicity=True)
    timetable = laid_out(law, attributes=(groups,))
    assert timetable.needs_counts
    assert timetable.scores(0)[:, 2] == pytest.approx([8.0, 2.0])
    counts = np.array([[0, 0, 0], [0, 7, 100]])  # a hundred of group Q are in the camp
    scores = timetable.scores(0, counts)
    assert scores[:, 2] == pytest.approx([10 * 80 / 200, 10 * (20 + 100) / 200])
    assert scores[:, 1].tolist() == [1.0, 1.0]  # no town is matched


def test_matches_of_towns_conflict_zones_and_religion_touch_only_their_places():
    groups = attribute("ethnicity", {"P": 0.5, "Q": 0.5})
    faith = attribute("religion", {"R": 0.5, "S": 0.5})
    counts = np.zeros((2, 3), dtype=np.int64)
    law = LocalLaw(match_town_ethnicity=True)
    assert laid_out(law, attributes=(groups,)).scores(0, counts)[0].tolist()[1:] == pytest.approx([5.0, 1.0])
    law = LocalLaw(match_conflict_ethnicity=True, conflict_weight=1.0)
    assert laid_out(law, attributes=(groups,)).scores(0, counts)[0].tolist() == pytest.approx([5.0, 1.0, 1.0])
    law = LocalLaw(match_camp_religion=True, avg_religion_fraction=0.25)
    assert laid_out(law, attributes=(faith,)).scores(0, counts)[0].tolist()[1:] == pytest.approx([1.0, 2.0])


def test_compat_matches_the_group_per_resident_as_flee_does():
    groups = attribute("ethnicity", {"P": 0.5, "Q": 0.5})
    law = LocalLaw(match_town_ethnicity=True, match_camp_ethnicity=True, compat=True)
    timetable = laid_out(law, attributes=(groups,))
    scores = timetable.scores(0, np.array([[0, 9, 50], [0, 0, 0]]))
    assert scores[:, 1] == pytest.approx([10 * 9 / 900, 0.0])
    assert scores[:, 2] == pytest.approx([10 * 50 / 1e8, 0.0])


def test_levels_of_flood_awareness_with_the_same_weight_are_one_kind():
    levels = attribute("floodawareness", {"0": 0.1, "1": 0.2, "2": 0.3, "3": 0.4})
    water = Floods(np.array([0]), np.array([[1]], dtype=np.int16), np.array([True, False, False]))
    law = LocalLaw(
        flood_forecast_days=2, flood_awareness_weights=(0.0, 0.5, 1.0), flood_movechances=(0.3, 0.4)
    )
    timetable = laid_out(law, attributes=(levels,), floods=water)
    assert timetable.people.awareness.tolist() == [0.0, 0.5, 1.0]
    assert timetable.kind_share[0] == pytest.approx([0.1, 0.2, 0.7])  # a level beyond the list is its last


def test_farmers_stay_where_they_are_in_harvest_months_else_everybody():
    law = LocalLaw(harvest_months=(1,))
    farmers = laid_out(law, farmers=np.array([0.25, 0.5, 0.0]))
    assert farmers.kinds == 2
    assert farmers.kind_share[:, farmers.people.farmer].reshape(-1) == pytest.approx([0.25, 0.5, 0.0])
    assert farmers.still(0).tolist() == farmers.people.farmer.tolist()  # day 0 is 1 January
    assert not farmers.still(31).any()
    assert farmers.chances(0)[farmers.people.farmer].max() == 0.0
    assert laid_out(law).still(5).tolist() == [True]
    assert laid_out(LocalLaw(harvest_months=(1,), compat=True), farmers=np.full(3, 0.5)).still(5).all()


def test_too_many_kinds_are_one_clear_error():
    many = attribute("ethnicity", {str(k): 1 / 200 for k in range(200)})
    law = LocalLaw(match_camp_ethnicity=True, children_avoid_hazards=True)
    with pytest.raises(ModelError, match="400 kinds of people"):
        laid_out(law, attributes=(AGES, many))


def test_newcomers_are_of_the_kinds_of_their_origin():
    conflict = np.tile([1.0, 1.0, 0.0], (10, 1))
    law = LocalLaw(children_avoid_hazards=True)
    changes = {"attributes": (AGES,), "conflict": conflict}
    timetable = timetable_of(world(PLACES, ROADS, law=law, leaving=[4000] * 5, **changes))
    origins = Origins(timetable, 3)
    leaving = leaving_today(timetable, origins, day=0, draws=Draws(7))
    careful = timetable.people.danger.tolist().index(SQUARED)
    for where, kind in zip(leaving.where, leaving.kind, strict=True):
        assert kind.dtype == np.uint8
        assert (kind[where == 0] == careful).mean() == pytest.approx(0.3, abs=0.05)
        assert not (kind[where == 1] == careful).any()
    again = leaving_today(timetable, Origins(timetable, 3, first=1), day=0, draws=Draws(7))
    assert (again.kind[0] == leaving.kind[1]).all()  # by slot, whatever part of the members is run


def test_those_of_a_list_have_the_traits_it_tells_and_come_first():
    listed = Listed(np.array([1, 1]), np.array([[0], [-1]]), np.array([5, 400]))
    law = LocalLaw(children_avoid_hazards=True)
    ages = attribute("age", {"4": 0.2, "40": 0.8})
    timetable = laid_out(law, attributes=(ages,), listed=listed, initial_idps=np.array([0, 0, 3]))
    assert timetable.initial.tolist() == [0, 405, 3]
    careful = timetable.people.danger.tolist().index(SQUARED)
    (kinds,) = kinds_at_start(timetable, slots=np.array([0]), draws=Draws(1))
    assert len(kinds) == 408
    assert (kinds[:5] == careful).all()  # aged 4
    assert (kinds[5:405] == careful).mean() == pytest.approx(0.2, abs=0.07)  # nothing told: as everybody


def test_a_list_in_coarse_agents_keeps_whole_places():
    listed = Listed(np.array([1, 1, 1]), np.array([[0], [1], [-1]]), np.array([7, 7, 7]))
    ages = attribute("age", {"4": 0.2, "40": 0.8})
    law = LocalLaw(children_avoid_hazards=True)
    scenario = world(PLACES, ROADS, law=law, attributes=(ages,), listed=listed, people_per_agent=5)
    assert timetable_of(scenario).listed[0].tolist() == [2, 1, 1]  # 21 people are 4 agents


def test_a_value_only_the_list_knows_is_a_kind_of_its_own():
    groups = Attribute("ethnicity", ("P", "Q"), np.array([[1.0, 0.0]]), np.zeros(3, dtype=np.int64))
    listed = Listed(np.array([1]), np.array([[1]]), np.array([9]))
    kinds, share = kinds_of(
        LocalLaw(match_camp_ethnicity=True),
        world(PLACES, ROADS, attributes=(groups,), listed=listed).displacement,  # type: ignore[arg-type]
    )
    assert kinds.ethnicity is not None
    assert kinds.ethnicity.of.tolist() == [0, 1]
    assert share.tolist() == [[0.0, 1.0]]


class Origins:
    """Members who have not left yet."""

    def __init__(self, timetable: Timetable, members: int, first: int = 0) -> None:
        self.slots = np.arange(first, members)
        self.population = np.tile(timetable.population, (members - first, 1))
        self.waiting = np.zeros(members - first, dtype=np.int64)


def test_in_a_run_each_kind_goes_where_its_own_scores_lead():
    """From A as far to a town as to a camp that weighs 3: careful people go to the camp with 9 in 10."""
    law = LocalLaw(children_avoid_hazards=True, camp_weight=3.0, default_movechance=0.0, camp_movechance=0.0)
    places = [("A", CONFLICT_ZONE, 60_000), ("B", TOWN, 900), ("C", CAMP, 0)]
    scenario = world(places, [(0, 1, 30.0), (0, 2, 30.0)], law=law, leaving=[30_000], attributes=(AGES,))
    stock, road = evenings(engine_for(scenario), days=2, members=2)
    assert not road[:, -1].any()
    expected = 0.7 * 3 / 4 + 0.3 * 9 / 10
    assert stock[:, -1, 2] / 30_000 == pytest.approx(expected, abs=5 * np.sqrt(0.2 / 30_000))


def test_in_a_run_farmers_stay_home_until_the_harvest_is_over():
    law = LocalLaw(harvest_months=(1,))
    scenario = world(
        PLACES, ROADS, law=law, days=40, leaving=[500] + [0] * 39, farmers=np.array([0.4, 0.0, 0.0])
    )
    stock, _ = evenings(engine_for(scenario), days=36, members=8)
    assert stock[:, 25, 0].mean() >= 0.3 * 500  # back and forth goes who is no farmer; farmers are all there
    at_home = stock[:, :31, 0].min(axis=1)
    assert at_home.mean() == pytest.approx(200, abs=40)
    assert stock[:, 35, 0].mean() < 200  # in February they leave as everybody


@pytest.mark.parametrize(("kernel", "compat"), [("agents", False), ("agents", True), ("cohorts", False)])
def test_where_it_is_not_known_who_farms_a_harvest_stops_everybody_on_roads_too(kernel: str, compat: bool):
    law = LocalLaw(max_move_speed_km_per_day=20, awareness_level=2, harvest_months=(2,), compat=compat)
    scenario = replace(world(PLACES, ROADS, law=law, leaving=[600], days=12), start=date(2021, 1, 30))
    stock, road = evenings(engine_for(scenario, force=kernel), days=12, members=3)
    assert road[:, 1].min() > 50
    for day in range(2, 12):  # the first of February and after
        assert (stock[:, day] == stock[:, 1]).all()
        assert (road[:, day] == road[:, 1]).all()


def test_in_a_run_who_heeds_no_forecast_acts_as_if_there_were_none():
    levels = attribute("floodawareness", {"0": 1.0})
    water = Floods(
        np.array([0]), np.array([[1], [3], [3], [0]], dtype=np.int16), np.array([True, False, False])
    )
    plain = {"flood_movechances": (0.3, 0.4, 0.7, 1.0), "take_from_population": True}
    changes: dict = {
        "floods": water,
        "departure_mode": "pop_ratio",
        "driven_by": "flood",
        "people_per_flood_day": (0.0, 0.2, 0.4, 0.6),
    }
    law = LocalLaw(
        **plain, flood_forecast_days=2, flood_forecast_end_day=9, flood_awareness_weights=(0.0, 1.0)
    )
    unaware = world(PLACES, ROADS, law=law, attributes=(levels,), **changes)
    without = world(PLACES, ROADS, law=LocalLaw(**plain), **changes)
    one, other = (evenings(engine_for(s, force="agents"), days=6, members=3)[0] for s in (unaware, without))
    assert (one == other).all()  # the same luck and the same chances
    aware = world(PLACES, ROADS, law=law, attributes=(attribute("floodawareness", {"1": 1.0}),), **changes)
    early = evenings(engine_for(aware, force="agents"), days=6, members=3)[0]
    assert early[:, 0, 0].mean() < one[:, 0, 0].mean()
