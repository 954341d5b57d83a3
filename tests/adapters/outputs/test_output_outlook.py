from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from made_up import fan_of, forecast_from

from safepassage.adapters import outlook
from safepassage.adapters.page.reckoning import reckoned, told_chance
from safepassage.core.forecast import Forecast


def test_the_next_night_is_the_one_after_the_time_of_the_data(one_group):
    assert outlook.first_night(one_group) == 4
    early = replace(one_group, as_of=one_group.start - timedelta(days=30))
    assert outlook.first_night(early) == 0
    late = replace(one_group, as_of=one_group.start + timedelta(days=900))
    assert outlook.first_night(late) == one_group.days - 1


def test_nights_are_listed_likeliest_first_above_the_least_chance(one_group):
    rows = outlook.nights(one_group, 6, least=0.05)
    chances = [round(row.chance, 2) for row in rows]
    assert chances == sorted(chances, reverse=True)
    assert min(chances) >= 0.05
    assert all(row.people.low <= row.people.middle <= row.people.high for row in rows)


def test_where_no_member_reaches_the_threshold_everybody_counts_and_the_row_says_so(camps):
    small = outlook.night(camps, 0, 4)  # a camp of some 150 people
    assert small.chance < 0.5
    few = replace(
        camps,
        chance_threshold=np.zeros_like(camps.chance_threshold),
        if_they_come=np.full_like(camps.if_they_come, np.nan),
    )
    row = outlook.night(few, 0, 4)
    assert not row.conditional
    assert row.tells_anybody
    assert 50 < row.people.middle < 400
    assert [r.place for r in outlook.nights(few, 0)] != []


def test_arrivals_count_only_what_is_still_to_come(one_group):
    since = outlook.first_night(one_group)
    for row in outlook.arrivals(one_group, least=0.01):
        first = one_group.arrival_day[:, row.place]
        assert row.new == pytest.approx((first >= since).mean())
        assert 0 <= row.still <= 1 - row.new + 1e-6
        assert row.first[0] >= one_group.date_of(since)
        assert list(row.first) == sorted(row.first)
        assert row.chance >= one_group.chance_any[since:, row.place].max() - 0.02


def test_a_place_people_left_is_announced_no_more(one_group):
    gone = replace(one_group, as_of=one_group.dates[-2])
    listed = {row.place for row in outlook.arrivals(gone)}
    assert 0 not in listed


def test_relevant_places_follow_their_rule(one_group, camps, nobody):
    chosen = outlook.relevant_places(one_group)
    since = outlook.first_night(one_group)
    soon = one_group.chance_any[since : since + outlook.SHEET_NIGHTS].max(axis=0)
    assert set(np.flatnonzero(soon >= outlook.SHEET_CHANCE)) <= set(chosen)
    assert len(chosen) == len(set(chosen))
    assert len(outlook.relevant_places(camps)) == 7
    assert outlook.relevant_places(nobody) == []


def test_mean_nights_are_those_of_members_with_so_many_people(small_network, one_group):
    fresh = replace(one_group, as_of=one_group.start - timedelta(days=1))
    for place in range(1, 8):
        mean = outlook.mean_nights(fresh, place)
        ever = (fresh.peak_people[:, place] >= fresh.threshold_people).mean()
        if ever:
            assert mean == pytest.approx(max(1.0, fresh.chance_threshold[:, place].sum() / ever), rel=1e-5)
    assert outlook.mean_nights(fresh, 8) is None


def test_one_night_foreseen_is_the_night_after_the_time_of_the_data(small_network):
    for since in (0, 1, 5):
        made = forecast_from(np.full((5, since + 2, 9), 600.0), small_network)
        made = replace(made, as_of=made.start + timedelta(days=since))
        assert outlook.first_night(made) == made.days - 1
        assert made.dates[outlook.first_night(made)] == made.as_of + timedelta(days=1)


@pytest.mark.parametrize(
    ("members", "needed"), [(1, 1), (10, 2), (50, 10), (99, 20), (100, 20), (500, 20), (10_000, 20)]
)
def test_a_range_needs_twenty_members_or_a_fifth_of_a_small_ensemble(members, needed):
    assert outlook.range_members(members) == needed


def test_a_range_is_not_told_from_a_handful_of_members(small_network):
    stock = np.zeros((200, 3, 9))
    stock[:19, 2, 1], stock[:20, 2, 2], stock[:150, 2, 3] = 900, 900, 300
    made = forecast_from(stock, small_network)
    few, enough, small = (outlook.night(made, 2, place) for place in (1, 2, 3))
    assert (few.reaching, few.conditional, few.enough) == (19, True, False)
    assert (enough.reaching, enough.conditional, enough.enough) == (20, True, True)
    assert (small.reaching, small.conditional, small.enough) == (0, False, False)
    assert reckoned(few)("en") == "too few futures to say how many"
    assert reckoned(few)("es") == "muy pocos futuros para decir cuántas"
    assert reckoned(enough)("en") == "900"
    assert reckoned(small)("en") == "fewer than 500"
    assert reckoned(small)("es") == "menos de 500"
    assert told_chance(small)("en") == "75%*"
    assert told_chance(enough)("en") == "10%"


def test_the_python_face_and_the_tables_announce_the_same_and_nothing_past(one_group):
    passed = replace(one_group, as_of=one_group.start + timedelta(days=12))
    since = passed.first_night
    for place in range(9):
        told, row = passed.arrivals(place), outlook.arrival(passed, place)
        assert told.chance == pytest.approx(told.new + told.still)
        assert all(when is None or when >= passed.date_of(since) for when in told.days.values())
        assert told.chance <= float((passed.chance_any[since:, place]).sum()) + 1e-6
        if row is not None:
            assert (row.chance, row.first[1]) == (told.chance, told.days[0.5])
            assert row.people.high == told.people[0.9]
    gone = passed.arrivals(0)  # everybody left the first place days ago
    assert gone.chance == 0
    assert set(gone.days.values()) == set(gone.people.values()) == {None}
    assert replace(passed, replay=True).arrivals(0).chance == 1


def test_an_arrival_that_few_members_have_comes_without_ranges(small_network):
    stock = np.zeros((200, 6, 9))
    stock[:19, 4, 1], stock[:30, 4, 2] = 900, 900
    made = forecast_from(stock, small_network)
    few, enough = outlook.arrival(made, 1), outlook.arrival(made, 2)
    assert not few.enough_days
    assert not few.enough_people
    assert enough.enough_days
    assert enough.enough_people


def test_people_sleep_on_the_road_only_where_half_of_the_members_say_so(small_network):
    made = forecast_from(np.zeros((40, 3, 9)), small_network)
    assert not outlook.sleeps_on_road(made, 1)
    for many, told in ((19, False), (21, True)):
        road = np.zeros((40, 3))
        road[:many] = 700
        assert outlook.sleeps_on_road(replace(made, on_road=fan_of("people", road)), 1) is told


def test_of_a_large_network_the_likeliest_and_then_the_fullest_towns_have_a_sheet(
    camps: Forecast, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = outlook.relevant_places(camps)
    monkeypatch.setattr(outlook, "SHEETS_MOST", 3)
    monkeypatch.setattr(outlook, "SHEET_LEAST", 0)
    assert outlook.relevant_places(camps) == everybody[:3]
    soon = camps.chance_any[outlook.first_night(camps) :][: outlook.SHEET_NIGHTS].max(axis=0)
    assert soon[everybody[:3]].min() >= max(soon[p] for p in everybody[3:])
