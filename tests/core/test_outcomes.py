from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.core.outcomes import (
    FEWEST_TOLD_PEOPLE,
    STATUSES,
    TOLERANCE,
    OutcomeChance,
    excesses,
    told,
)

DAY = date(2030, 1, 1)


def row(
    high: float, *, status: str = "", country: str = "", first: int | None = None, last: int | None = None
) -> OutcomeChance:
    days = [None if n is None else DAY + timedelta(days=n) for n in (first, last)]
    return OutcomeChance("claimed", status, country, days[0], days[1], 0.0, high, DAY, "test")


ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from([0.1, 0.25, 0.5, 1.0]),
        status=st.sampled_from(["", *STATUSES]),
        country=st.sampled_from(["", "AA", "BB"]),
        first=st.none() | st.integers(0, 5),
        last=st.none() | st.integers(5, 9),
    ),
    max_size=6,
)


def in_force(row: OutcomeChance, day: date) -> bool:
    return (row.first is None or row.first <= day) and (row.last is None or day <= row.last)


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_chances_that_pass_one_are_found_for_whoever_they_act_on_and_only_then(
    rows: list[OutcomeChance],
) -> None:
    found = excesses(rows)
    passed = False
    for day in range(-2, 12):
        when = DAY + timedelta(days=day)
        for status in STATUSES:
            for country in ("AA", "BB", "CC"):
                acting = [r.high for r in rows if in_force(r, when) and r.acts_on(status, country)]
                passed |= sum(acting) > 1.0 + TOLERANCE
    assert bool(found) == passed
    for excess in found:
        acting = tuple(
            k
            for k, r in enumerate(rows)
            if in_force(r, excess.day) and r.acts_on(excess.status, excess.country)
        )
        assert acting == excess.rows
        assert excess.total == pytest.approx(sum(rows[k].high for k in acting))
        assert excess.total > 1.0


def test_tenths_that_sum_to_one_are_no_excess() -> None:
    assert excesses([row(0.1)] * 10) == ()
    assert len(excesses([row(0.1)] * 11)) == 1


def test_rows_without_end_and_rows_that_follow_each_other_do_not_meet() -> None:
    assert excesses([row(0.7, last=3), row(0.7, first=4)]) == ()
    (excess,) = excesses([row(0.7, last=4), row(0.7, first=4)])
    assert excess.day == DAY + timedelta(days=4)


def test_small_counts_are_not_told_and_none_is_small() -> None:
    assert np.isnan(told(np.array([0.0, 1.0, FEWEST_TOLD_PEOPLE - 1.0]))).all()
    assert told(np.array([FEWEST_TOLD_PEOPLE, 1e6])).tolist() == [FEWEST_TOLD_PEOPLE, 1e6]
