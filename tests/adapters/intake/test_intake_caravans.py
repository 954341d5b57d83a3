"""The compiled tables of the caravans come in as they lie, and become the reports that the package has."""

import csv
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from places_at_hand import AROUND, IDS

from safepassage.adapters import folder
from safepassage.adapters.intake import Intake, read_file
from safepassage.core.report import Report

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data" / "caravans"
sys.path.insert(0, str(ROOT / "tools"))


def read(*parts: str) -> Intake:
    path = DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip("the compiled tables of the caravans are not here")
    return read_file(path, replace(AROUND, today=date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("caravan", "rows", "flagged"),
    [("honduras-2018-10", 102, 19), ("el-salvador-2018-10-31", 8, 0), ("tapachula-2021-10", 14, 0)],
)
def test_every_row_of_the_positions_is_read(caravan: str, rows: int, flagged: int) -> None:
    intake = read(caravan, "positions.csv")
    assert (intake.rows, intake.rows_refused) == (rows, 0)
    assert len(intake.proposals) == rows
    assert sum(bool(p.flags) for p in intake.proposals) == flagged


def test_places_days_and_figures_are_those_of_the_package() -> None:
    def said(report: Report) -> tuple[object, ...]:
        few = (report.high or 99) < 25  # the package does not tell figures of so few
        figure = (None, None) if few else (report.low, report.high)
        return (report.observed, report.published, IDS[report.place], report.segment, *figure)

    packed = folder.open_builtin("honduras-2018-10").reports
    found = [p.report for p in read("honduras-2018-10", "positions.csv").proposals]
    assert Counter(map(said, found)) == Counter(said(report) for report in packed if report.place >= 0)


def test_exits_are_read_by_their_category_as_the_package_has_them() -> None:
    from mesoamerica_caravans import EXITS

    intake = read("honduras-2018-10", "exits_asylum_returns.csv")
    with (DATA / "honduras-2018-10" / "exits_asylum_returns.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = {int(p.origin.rsplit(" ", 1)[1]): p.report for p in intake.proposals}
    for number, row in enumerate(rows, start=2):
        expected = EXITS.get(row["category"], ("", ""))[0]
        assert (kinds[number].kind if number in kinds else "") == expected, row["category"]
        if number in kinds:
            assert (kinds[number].segment == "cumulative") == (row["cumulative"] == "True")
            assert kinds[number].low == float(row["value_low"])
    assert (intake.rows, intake.rows_refused) == (39, 6)
    assert all("category" in (fault.column or "") or fault.row == 34 for fault in intake.refused)
