import re
from dataclasses import replace

import numpy as np
import openpyxl
import polars as pl
import pytest

from safepassage.adapters.message import message
from safepassage.adapters.page.outcomes import WORDS, told_days, told_people
from safepassage.adapters.page.report import report_html
from safepassage.adapters.page.words import dictionary
from safepassage.adapters.tables.frame import to_polars
from safepassage.adapters.tables.places import places_geojson
from safepassage.adapters.tables.workbook import write_workbook
from safepassage.core.forecast import QUANTILE_LEVELS, Fan
from safepassage.core.outcomes import ALL_OUTCOMES, FEWEST_TOLD_PEOPLE

LEVELS = len(QUANTILE_LEVELS)


@pytest.fixture(scope="module")
def with_outcomes(one_group):
    """Claims that grow, few detained, nobody died."""
    days = np.arange(one_group.days)
    grow = np.linspace(0.5, 1.5, LEVELS)[:, None] * (10.0 * days)
    few = np.linspace(0.0, 1.0, LEVELS)[:, None] * (7.77 + 0 * days)
    outcomes = {
        "left": Fan("people", grow * 11.117),
        "claimed": Fan("people", grow),
        "detained": Fan("people", few),
        "died": Fan("people", 0 * few),
    }
    return replace(one_group, outcomes=outcomes)


def section(page: str) -> str:
    begin = page.index('<section aria-labelledby="outcomes"')
    return page[begin : page.index("</section>", begin)]


def test_every_outcome_has_words_in_both_languages():
    assert tuple(WORDS) == ALL_OUTCOMES
    for lang in ("es", "en"):
        assert all(dictionary(lang)[key] for key in WORDS.values())


def test_the_report_tells_totals_and_no_small_counts(with_outcomes, one_group):
    text = section(report_html(with_outcomes, version="1"))
    assert "Pidieron asilo" in text
    assert "Asked for asylum" in text
    assert "menos de 20" in text
    assert "fewer than 20" in text
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", text)
    assert len(rows) == 4
    for row in rows[2:]:  # detained, died
        assert not re.search(r"\d", re.sub(r"menos de 20|fewer than 20|<[^>]*>", "", row))
    assert not any(name in text for name in one_group.network.places.names)
    assert 'id="outcomes"' not in report_html(one_group, version="1")


def test_a_range_that_begins_among_the_untold_only_says_up_to(with_outcomes):
    fan = with_outcomes.outcomes["claimed"]
    assert told_people(fan, 1)("en") == "fewer than 20"
    assert told_people(fan, 2)("en") == f"up to {round(float(fan.at(0.9)[2]))} people"
    assert told_people(fan, 20)("en").startswith("130–270 people")
    days = told_days(with_outcomes)
    assert days == sorted(set(days))
    assert days[-1] == with_outcomes.days - 1
    assert days[0] >= with_outcomes.first_night


def test_the_tables_have_totals_without_place_or_group_and_without_small_counts(with_outcomes, tmp_path):
    frame = to_polars(with_outcomes).with_columns(pl.col("quantity").cast(pl.String))
    told = frame.filter(pl.col("quantity").str.starts_with("outcome_"))
    assert set(told["quantity"]) == {"outcome_left", "outcome_claimed"}
    assert (
        told["place"].null_count() == told["group"].null_count() == told["place_id"].null_count() == len(told)
    )
    assert told["value"].min() >= FEWEST_TOLD_PEOPLE
    write_workbook(with_outcomes, tmp_path / "forecast.xlsx")
    book = openpyxl.load_workbook(tmp_path / "forecast.xlsx")
    rows = list(book["salidas_outcomes"].values)
    assert len(rows) == 1 + 4 * with_outcomes.days
    assert rows[0][0].startswith("Noche")
    numbers = [value for row in rows[1:] for value in row[2:] if value is not None]
    assert numbers
    assert min(numbers) >= FEWEST_TOLD_PEOPLE
    assert any("salidas_outcomes" in str(cell.value) for cell in book["README"]["A"])


def test_no_other_output_speaks_of_outcomes(with_outcomes, one_group):
    assert message(with_outcomes) == message(one_group)
    assert places_geojson(with_outcomes) == places_geojson(one_group)
