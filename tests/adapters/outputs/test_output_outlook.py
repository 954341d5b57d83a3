from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from safepassage.adapters import outlook


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
