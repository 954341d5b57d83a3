"""One event told by several outlets is one; independent counts stay apart."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.assimilation.duplicates import clusters, repeats
from safepassage.core.report import QUALITIES, QUANTIFIERS, SOURCE_KINDS, Report

DAY = date(2018, 10, 24)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "caravans"


def told(low: float | None = 3630.0, high: float | None = -1.0, **changed: Any) -> Report:
    values: dict[str, Any] = {
        "observed": DAY,
        "published": DAY,
        "published_basis": "made up",
        "place": 1,
        "kind": "position",
        "low": low,
        "high": low if high == -1.0 else high,
        "segment": "main",
        "quality": "exact",
        "source": "made up",
    }
    return Report(**(values | changed))


def later(days: int, report: Report, **changed: Any) -> Report:
    source = f"another paper, {days} days on"
    return replace(report, published=report.published + timedelta(days=days), source=source, **changed)


def are_one(*reports: Report) -> bool:
    return len(set(clusters(reports).tolist())) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (told(), later(1, told())),
        (told(source_kind="official"), later(2, told(), source_kind="press")),
        (told(7233.0), later(1, told(7200.0))),
        (told(7000.0, quantifier="about"), later(1, told(7200.0, quantifier="about"))),
        (told(4000.0, 6000.0), later(0, told(4500.0, 6000.0))),
        (told(1000.0, None, quantifier="more_than"), later(1, told(1000.0, None, quantifier="at_least"))),
        (told(None, None), later(1, told(None, None))),
        (told(None, None, kind="closure", place=2), later(3, told(None, None, kind="closure", place=2))),
        (
            told(quality="approx_date"),
            later(1, told(), observed=DAY + timedelta(days=1)),
        ),
        (
            told(4000.0, excerpt="unas 4.000 personas descansan hoy en la plaza del pueblo"),
            later(20, told(4000.0), excerpt="Unas 4.000 personas descansan hoy en la plaza del pueblo."),
        ),
    ],
)  # fmt: skip
def test_one_event_told_twice_is_one(first: Report, second: Report) -> None:
    assert are_one(first, second)
    assert repeats([first, second]) == {1: 0}
    assert repeats([second, first]) == {0: 1}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (told(source_kind="official"), told(10_000.0, source_kind="organiser")),
        (told(source_kind="official"), later(1, told(source_kind="agency"))),
        (told(), later(1, told(10_000.0))),
        (told(3630.0, 10_000.0, quality="conflict"), later(0, told())),
        (told(6062.0), told(6067.0)),
        (told(4347.0), told(4000.0)),
        (told(), later(1, told(), place=2)),
        (told(), later(1, told(), segment="rear")),
        (told(), later(1, told(), kind="stock")),
        (told(), later(1, told(), observed=DAY + timedelta(days=1))),
        (told(), later(8, told())),
        (told(group="one"), later(1, told(), group="two")),
        (told(1000.0, None, quantifier="more_than"), later(1, told(1000.0, quantifier="up_to"), low=0.0)),
        (told(None, None), later(1, told())),
        (told(None, None, place=-1, kind="claims"), later(1, told(None, None, place=-1, kind="claims"))),
        (
            told(excerpt="officials spoke of 3,630 and organisers of 10,000 people on the road"),
            told(10_000.0, excerpt="officials spoke of 3,630 and organisers of 10,000 people on the road"),
        ),
    ],
)  # fmt: skip
def test_what_is_not_the_same_event_stays_apart(first: Report, second: Report) -> None:
    assert not are_one(first, second)


def test_counts_by_two_kinds_stay_apart_though_a_paper_passes_both_on() -> None:
    paper = told(source="a paper")
    official = later(1, told(), source_kind="official")
    agency = later(2, told(), source_kind="agency")
    assert clusters([paper, official, agency]).tolist() == [0, 0, 1]


def test_a_row_of_small_steps_does_not_join_what_is_far_apart() -> None:
    steps = [told(1000.0 * 1.08**k, quantifier="about", source=str(k)) for k in range(12)]
    groups = clusters(steps)
    for group in set(groups.tolist()):
        figures = [one.low for one, own in zip(steps, groups, strict=True) if own == group and one.low]
        assert max(figures) / min(figures) < 1.4
    assert len(set(groups.tolist())) > 2


def test_what_says_that_it_was_copied_is_believed() -> None:
    first, second, third = told(), told(9000.0, place=2), told(5000.0)
    keys = ["a" * 16, "b" * 16, "c" * 16]
    second = replace(second, copied_from=keys[0])
    third = replace(third, copied_from=keys[1])
    assert repeats([first, second, third], keys) == {1: 0, 2: 0}
    assert repeats([first, second, third]) == {}


def test_a_ring_of_copies_has_one_that_stands_for_it() -> None:
    keys = ["a" * 16, "b" * 16]
    ring = [told(copied_from=keys[1]), told(9000.0, copied_from=keys[0])]
    assert repeats(ring, keys) == {1: 0}
    assert clusters(ring, keys).tolist() == [0, 0]


DRAWN = st.builds(
    told,
    low=st.sampled_from([None, 1000.0, 1049.0, 1100.0, 4000.0, 7233.0, 7200.0]),
    place=st.integers(-1, 1),
    kind=st.sampled_from(["position", "stock", "closure"]),
    quantifier=st.sampled_from(QUANTIFIERS),
    quality=st.sampled_from(QUALITIES),
    source_kind=st.sampled_from(SOURCE_KINDS),
    source=st.sampled_from("abc"),
    observed=st.integers(0, 3).map(lambda n: DAY - timedelta(days=n)),
    published=st.integers(0, 9).map(lambda n: DAY + timedelta(days=n)),
)


@settings(deadline=None)
@given(st.lists(DRAWN, max_size=12).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_the_reports_does_not_matter(both: tuple[list[Report], list[Report]]) -> None:
    rows, shuffled = both
    first = sorted((str(row), int(number)) for row, number in zip(rows, clusters(rows), strict=True))
    second = sorted((str(row), int(number)) for row, number in zip(shuffled, clusters(shuffled), strict=True))
    assert first == second


@settings(deadline=None)
@given(st.lists(DRAWN, max_size=12))
def test_nothing_repeats_what_was_published_later_or_what_repeats_itself(rows: list[Report]) -> None:
    of = repeats(rows)
    for number, first in of.items():
        assert rows[first].published <= rows[number].published
        assert first not in of
        assert rows[first].place == rows[number].place
    numbers = clusters(rows)
    assert numbers.dtype == np.int64
    assert len(set(numbers.tolist())) == len(rows) - len(of)


@settings(deadline=None)
@given(st.lists(DRAWN, min_size=1, max_size=10), st.integers(0, 9))
def test_what_is_published_later_changes_nothing_that_came_before(rows: list[Report], days: int) -> None:
    as_of = DAY + timedelta(days=days)
    known = [i for i, row in enumerate(rows) if row.published <= as_of]
    of_all = {i: first for i, first in repeats(rows).items() if rows[i].published <= as_of}
    of_known = repeats([rows[i] for i in known])
    assert {known[i]: known[first] for i, first in of_known.items()} == of_all


def compiled() -> list[Report]:
    with (SHARED / "honduras-2018-10" / "positions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = sorted({row["place"] for row in rows})
    return [
        Report(
            date.fromisoformat(row["date"]),
            date.fromisoformat(row["published"]),
            row["published_basis"],
            names.index(row["place"]),
            "position",
            float(row["reported_size_low"]) if row["reported_size_low"] else None,
            float(row["reported_size_high"]) if row["reported_size_high"] else None,
            row["segment"],
            row["quality"],
            row["source"],
            row["note"],
        )
        for row in rows
    ]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the compiled tables are not beside this checkout")
def test_the_compiled_positions_of_a_caravan_are_told_again_by_another_outlet_and_found() -> None:
    rows = compiled()
    assert len(rows) > 80
    own = len(set(clusters(rows).tolist()))
    # The compilers kept one row for each count: only the same place and day without a size may be one.
    assert own >= len(rows) - 2
    copies = [later(1, row, note="") for row in rows]
    assert len(set(clusters([*rows, *copies]).tolist())) == own
    of = repeats([*rows, *copies])
    assert sum(number in of for number in range(len(rows), 2 * len(rows))) == len(rows)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the compiled tables are not beside this checkout")
def test_the_compiled_counts_of_officials_and_organisers_stay_apart() -> None:
    apart = [
        [row for row in compiled() if row.observed == date(2018, 10, 24)],
        [row for row in compiled() if row.observed == date(2018, 11, 5)],
        [row for row in compiled() if row.observed == date(2018, 11, 28)],
    ]
    for rows in apart:
        assert len(set(clusters(rows).tolist())) == len(rows)


def test_ten_thousand_reports_of_one_camp_are_gone_through_quickly() -> None:
    import time

    rows = [told(float(1000 + n % 97), observed=DAY + timedelta(days=n), published=DAY + timedelta(days=n))
            for n in range(10_000)]  # fmt: skip
    few, many = rows[:1000], rows
    began = time.process_time()
    clusters(few)
    one = time.process_time() - began
    clusters(many)
    ten = time.process_time() - began - one
    assert ten < 40 * one
