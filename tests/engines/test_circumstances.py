"""Floods, hunger, economic pull, sinks and places that change: their part in the timetable, by hand."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from safepassage.core.displacement import (
    CAMP,
    CONFLICT_ZONE,
    FLOOD_ZONE,
    IDP_CAMP,
    TOWN,
    displacement_known_by,
)
from safepassage.core.draws import Draws
from safepassage.core.hazards import Floods, Hunger, RoleChange
from safepassage.core.local_law import LocalLaw
from safepassage.core.people import Attribute
from safepassage.engines.choice import engine_for
from safepassage.engines.departing import counts_leaving_today, leaving_today
from safepassage.engines.timetable import Timetable, timetable_of

from .displaced import evenings, world

PLACES = [("A", FLOOD_ZONE, 1000), ("B", TOWN, 500), ("C", CAMP, 0)]
ROADS = [(0, 1, 30.0), (1, 2, 40.0)]
CHANCES, WEIGHTS = (0.3, 0.4, 0.7, 1.0), (1.0, 0.5, 0.2, 0.0)


def water(*levels: int, place: int = 0) -> Floods:
    return Floods(np.array([place]), np.array([levels], dtype=np.int16).T, np.array([True, False, False]))


def flooded(law: LocalLaw | None = None, **changes: object) -> Timetable:
    values: dict[str, object] = {
        "conflict": np.zeros((1, 3)),
        "conflict_since": np.zeros((1, 3), dtype=np.int32),
        "departure_mode": "pop_ratio",
        "driven_by": "flood",
        "people_per_flood_day": (0.0, 0.1, 0.2, 0.5),
    }
    rules = law or LocalLaw(flood_movechances=CHANCES, flood_loc_weights=WEIGHTS, take_from_population=True)
    return timetable_of(world(PLACES, ROADS, law=rules, **{**values, **changes}))


def test_each_level_of_a_list_can_be_used_and_what_lies_beyond_is_its_last():
    timetable = flooded(floods=water(0, 1, 2, 3, 9))
    chances = [timetable.chances(day)[0, 0] for day in range(5)]
    assert chances == [0.3, 0.4, 0.7, 1.0, 1.0]
    assert [timetable.scores(day)[0, 0] for day in range(5)] == [1.0, 0.5, 0.2, 0.0, 0.0]
    assert [timetable.leaving_rate(day)[0] for day in range(5)] == [0.0, 0.1, 0.2, 0.5, 0.5]
    assert timetable.chances(0)[0].tolist() == [0.3, 0.3, 0.001]


def test_the_last_level_goes_on_after_the_end_of_the_table():
    timetable = flooded(floods=water(3, 1))
    assert timetable.chances(50)[0, 0] == 0.4


def test_flee_weighs_flood_zones_only_and_documented_is_every_flooded_place():
    law = LocalLaw(flood_loc_weights=WEIGHTS)
    assert flooded(law, floods=water(2, place=1)).scores(0)[0].tolist() == [1.0, 0.2, 1.0]
    compat = LocalLaw(flood_loc_weights=WEIGHTS, compat=True)
    assert flooded(compat, floods=water(2, place=1)).scores(0)[0].tolist() == [1.0, 1.0, 1.0]


def levels_of_awareness() -> Attribute:
    return Attribute("floodawareness", ("0", "1"), np.array([[0.5, 0.5]]), np.zeros(3, dtype=np.int64))


def forecasting(**changes: object) -> LocalLaw:
    values: dict[str, object] = {
        "flood_movechances": CHANCES,
        "flood_loc_weights": WEIGHTS,
        "flood_forecast_days": 2,
        "flood_forecast_end_day": 9,
        "flood_forecast_weights": (1.0, 0.8, 0.6),
        "flood_awareness_weights": (0.0, 1.0),
    }
    return LocalLaw(**{**values, **changes})  # type: ignore[arg-type]


def test_who_knows_the_forecast_leaves_before_the_flood_and_who_does_not_waits():
    people = (levels_of_awareness(),)
    timetable = flooded(forecasting(), floods=water(0, 1, 3, 0, 0, 0), attributes=people)
    unaware, aware = timetable.chances(0)[:, 0]
    ahead = (0.8 * 0.4 + 0.6 * 1.0) / 2  # days 1 and 2, by their weights
    assert unaware == pytest.approx(0.3)
    assert aware == pytest.approx(1 - 0.7 * (1 - ahead))
    weights = timetable.scores(0)[:, 0]
    assert weights == pytest.approx([1.0, 1 - (0.8 * 0.5 + 0.6 * 1.0) / 2])
    assert timetable.chances(4)[:, 0] == pytest.approx([0.3, 0.3])  # nothing lies ahead any more


def test_nobody_knows_more_than_the_forecast_tells():
    law = forecasting(flood_forecast_end_day=1)
    timetable = flooded(law, floods=water(0, 0, 3, 3), attributes=(levels_of_awareness(),))
    assert timetable.chances(0)[1, 0] == pytest.approx(0.3)
    assert timetable.chances(1)[1, 0] == pytest.approx(0.3)


def test_compat_multiplies_by_the_mean_weight_of_the_days_to_come_as_flee_does():
    law = forecasting(compat=True)
    timetable = flooded(law, floods=water(1, 1, 2, 0, 0), attributes=(levels_of_awareness(),))
    mean = (0.8 * 0.5 + 0.6 * 0.2) / 2
    assert timetable.chances(0)[:, 0] == pytest.approx([0.0, 0.4 * mean])
    end = forecasting(compat=True, flood_forecast_end_day=1)
    timetable = flooded(end, floods=water(1, 1, 2, 0), attributes=(levels_of_awareness(),))
    assert timetable.chances(0)[1, 0] == pytest.approx(0.4 * 0.8 * 0.5 / 2)  # day 1 is the last


@pytest.mark.parametrize("mode", ["pop_ratio", "constant", "poisson"])
def test_floods_drive_who_leaves_and_nobody_leaves_an_empty_place(mode: str):
    people = (0.0, 0.1, 0.2, 0.5) if mode == "pop_ratio" else (0.0, 50.0, 100.0, 400.0)
    changes = {"floods": water(0, 2, 3, 3, 3), "departure_mode": mode, "people_per_flood_day": people}
    timetable = flooded(**changes)
    scenario = world(
        PLACES,
        ROADS,
        law=timetable.law,
        conflict=np.zeros((1, 3)),
        conflict_since=np.zeros((1, 3), dtype=np.int32),
        driven_by="flood",
        **changes,
    )
    engine = engine_for(scenario)
    stock, road = evenings(engine, days=5, members=6)
    total = stock.sum(axis=2) + road
    assert (total[:, 0] == 0).all()
    expected = {"pop_ratio": [200, 600, 800], "constant": [100, 500, 900], "poisson": [100, 500, 900]}[mode]
    assert total[:, 1:4].mean(axis=0) == pytest.approx(expected, rel=0.15 if mode == "poisson" else 0.0)
    assert (total <= 1000).all()
    assert timetable.expected_departures(5)[:3] == pytest.approx([0, expected[0], expected[1] - expected[0]])


def test_hunger_raises_the_chance_to_leave_and_the_weight_of_origins_and_lowers_scores():
    hunger = Hunger(np.array([0, 10]), np.array([[0.0, 0.2], [0.5, 0.2]]), np.array([0, 1, -1]))
    law = LocalLaw(
        flee_when_starving=True, avoid_food_deprived_locations=True, starvation_driven_spawning=True
    )
    places = [("A", CONFLICT_ZONE, 1000), ("B", TOWN, 500), ("C", CAMP, 0)]
    timetable = timetable_of(
        world(places, ROADS, law=law, hunger=hunger, foreign=np.array([False, False, True]))
    )
    assert timetable.chances(4)[0] == pytest.approx([1.0, 0.2 + 0.8 * 0.3, 0.001])
    danger = law.conflict_weight
    assert timetable.scores(4)[0] == pytest.approx([danger * (1 - 0.2**2), 1 - 0.2**2, 1.0])
    assert timetable.scores(20)[0, 0] == pytest.approx(danger * (1 - 0.5**2))  # the last row goes on
    weights = timetable.origin_weights(4, timetable.population)
    assert weights.tolist() == [1000.0, 0.0, 0.0]  # all may leave already; towns only if told so
    anywhere = timetable_of(
        world(
            places,
            ROADS,
            law=LocalLaw(starvation_driven_spawning=True, conflict_zone_spawning_only=False),
            hunger=hunger,
            conflict=np.full((1, 3), [0.3, 0.0, 0.0]),
            conflict_since=np.zeros((1, 3), np.int32),
        )
    )
    assert anywhere.origin_weights(4, anywhere.population) == pytest.approx([1000 * (0.3 + 0.2), 100.0, 0.0])


def test_a_day_before_the_reports_begin_has_the_first_of_them():
    hunger = Hunger(np.array([5, 6]), np.array([[0.4], [0.8]]), np.array([0, 0]))
    assert hunger.on(0).tolist() == [0.4, 0.4]
    assert hunger.until(5).on(30).tolist() == [0.4, 0.4]


def test_economies_abroad_pull():
    law = LocalLaw(use_economic_pull=True, foreign_weight=2.0)
    places = [("A", CONFLICT_ZONE, 10), ("B", TOWN, 5), ("C", TOWN, 0)]
    foreign = np.array([False, False, True])
    timetable = timetable_of(world(places, ROADS, law=law, pull=np.array([9.0, 9.0, 0.5]), foreign=foreign))
    assert timetable.scores(0)[0, 1:].tolist() == [1.0, 3.0]


def test_places_change_their_type_on_the_day():
    places = [("A", CONFLICT_ZONE, 10), ("B", TOWN, 5), ("C", CAMP, 0)]
    changes = (RoleChange(1, IDP_CAMP, 3), RoleChange(2, TOWN, 6))
    timetable = timetable_of(world(places, ROADS, role_changes=changes))
    assert [int(timetable.role[day][1]) for day in (2, 3, 9)] == [TOWN, IDP_CAMP, IDP_CAMP]
    assert timetable.chances(3)[0].tolist() == [1.0, 0.1, 0.001]
    assert timetable.chances(6)[0].tolist() == [1.0, 0.1, 0.3]


def test_nobody_leaves_a_perfect_sink_again():
    places = [("A", CONFLICT_ZONE, 1000), ("B", TOWN, 5), ("C", CAMP, 0)]
    law = LocalLaw(camps_are_sinks=True, camp_movechance=0.5)
    changes = {"sinks": np.array([0.0, 0.0, 1.0]), "leaving": [40]}
    stock, _ = evenings(engine_for(world(places, ROADS, law=law, days=30, **changes)), days=30, members=2)
    assert (np.diff(stock[:, :, 2], axis=1) >= 0).all()
    assert (stock[:, -1, 2] == 40).all()


def test_what_comes_after_the_date_is_not_known():
    hunger = Hunger(np.array([0, 8]), np.array([[0.1], [0.9]]), np.array([0, 0, 0]))
    scenario = world(
        PLACES, ROADS, floods=water(1, 2, 3, 3), hunger=hunger, role_changes=(RoleChange(1, CAMP, 5),)
    )
    known = displacement_known_by(
        scenario.displacement,
        scenario.start + datetime.timedelta(1),
        scenario.start,  # type: ignore[arg-type]
    )
    assert known.floods.on(3)[0] == 2  # type: ignore[union-attr]
    assert known.hunger.on(8)[0] == pytest.approx(0.1)  # type: ignore[union-attr]
    assert known.role_changes == ()
    assert any("Floods after" in note for note in known.notes)
    assert any("Hunger after" in note for note in known.notes)


def test_origins_by_flood_are_the_same_for_any_part_of_the_members():
    timetable = flooded(floods=water(2), departure_mode="poisson", people_per_flood_day=(0, 10, 20, 30))

    class Origins:
        def __init__(self, slots: range) -> None:
            self.slots = np.array(slots)
            self.population = np.tile(timetable.population, (len(slots), 1))
            self.waiting = np.zeros(len(slots), dtype=np.int64)

    whole = counts_leaving_today(timetable, Origins(range(6)), day=0, draws=Draws(3))[0]
    part = counts_leaving_today(timetable, Origins(range(4, 6)), day=0, draws=Draws(3))[0]
    assert (whole[4:] == part).all()
    single = leaving_today(timetable, Origins(range(6)), day=0, draws=Draws(3)).where
    assert [len(one) for one in single] == whole.sum(axis=1).tolist()


def test_those_in_a_sink_settle_at_the_rate_that_is_given():
    """Everybody is in the camp at the start; who has not settled leaves at once and cannot come back."""
    places = [("A", CONFLICT_ZONE, 1000), ("B", TOWN, 5), ("C", CAMP, 0)]
    law = LocalLaw(
        camps_are_sinks=True, camp_movechance=0.25, default_movechance=0.0, conflict_movechance=0.0
    )
    changes = {
        "sinks": np.array([0.0, 0.0, 0.2]),
        "initial_idps": np.array([0, 0, 20_000]),
        "leaving": [0],
    }
    engine = engine_for(world(places, ROADS, law=law, days=40, **changes))
    assert "settle" in engine.reason
    stock, _ = evenings(engine, days=40, members=1)
    # day by day 0.25 leave of those who may; 0.2 of those who are left settle in the evening
    free, settled, expected = 20_000.0, 0.0, []
    for _ in range(40):
        free *= 0.75
        settled, free = settled + 0.2 * free, 0.8 * free
        expected.append(free + settled)
    assert stock[0, :, 2] == pytest.approx(expected, abs=5 * np.sqrt(20_000 * 0.25))
    assert stock[0, -1, 2] == stock[0, -2, 2]  # in the end nobody moves any more
