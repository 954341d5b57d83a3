"""The backtest of deliveries: what is held against what, on one quick evening."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import safepassage as sp
from benchmarks.backtest_deliveries import POLICIES, parsed, rows, told, truth_of, varied
from safepassage.workflows.load_logistics import load_logistics

SCENARIO, EVENING = "honduras-2018-10", date(2018, 10, 23)


@pytest.fixture(scope="module")
def found() -> list[dict[str, object]]:
    asked = parsed([
        SCENARIO, "--evenings", "2018-10-23", "--times", "0", "1", "--draws", "0",
        "--members", "60", "--scenarios", "3",
    ])  # fmt: skip
    return list(rows(SCENARIO, asked))


def test_without_supplies_everything_stays_unmet_but_what_is_there(found: list[dict[str, object]]) -> None:
    nothing, usual = found
    assert (nothing["times"], usual["times"]) == (0.0, 1.0)
    for policy in POLICIES:
        assert nothing[policy] == pytest.approx(nothing["knowing"])
        assert 0.0 <= float(str(usual[policy])) < float(str(nothing[policy])) + 1e-9


def test_nobody_does_better_than_who_knew(found: list[dict[str, object]]) -> None:
    for row in found:
        for policy in POLICIES:
            assert float(str(row[policy])) >= float(str(row["knowing"])) - 1e-6


def test_the_table_has_a_row_for_every_evening_and_level(found: list[dict[str, object]]) -> None:
    table = told(found)
    assert "| 2018-10-23 |" in table
    assert "| supplies × 0 |" in table
    assert "Against nearest:" in table


def test_truth_is_the_place_and_the_middle_of_the_range() -> None:
    case = sp.load(SCENARIO)
    truth = truth_of(case)
    assert case.network.places.ids[truth.places[date(2018, 10, 24)]] == "mapastepec"
    assert truth.people[date(2018, 10, 24)] == pytest.approx(np.sqrt(3630 * 10_000))


def test_supplies_are_varied_within_the_range_told() -> None:
    there = load_logistics(SCENARIO, sp.load(SCENARIO).network, as_of=EVENING)
    there = replace(there, supplies=tuple(one for one in there.supplies if one.quantity > 0))
    other = varied(there, 2.0, 3.0, 1)
    ratio = np.array([
        new.quantity / old.quantity for new, old in zip(other.supplies, there.supplies, strict=True)
    ])  # fmt: skip
    assert ratio.min() >= 2.0 / 3.0 - 1e-9
    assert ratio.max() <= 6.0 + 1e-9
    assert ratio.std() > 0.5
    assert varied(there, 1.0, 3.0, 0).supplies == there.supplies
