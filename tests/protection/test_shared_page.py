"""The files of the shareable form: escaped, self-contained, and holding nothing that the form does not."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from safepassage.adapters.shared_page import COLUMNS, shared_csv, shared_html, shared_json, write_shared
from safepassage.core.shared import SharedCell, SharedForecast, ShareRules

FORM = SharedForecast(
    title_es="Caravana de octubre",
    title_en="Caravan of October",
    week=date(2018, 10, 29),
    known_until=date(2018, 10, 19),
    deadline=date(2018, 11, 25),
    cells=(
        SharedCell("MX", "Chiapas", "admin1", "likely", 1000, 10_000),
        SharedCell("MX", "", "rest_of_country", "possible", 20, 5000),
        SharedCell("GT", "", "country", "possible", 500, 5000),
        SharedCell("", "", "country", "possible", 500, 5000),
    ),
    rules=ShareRules(),
    illustrative=True,
    data_sets=("GeoNames",),
)
HOSTILE = "</script><script>alert(1)</script>\"'&\u202e\x07"


def test_the_page_is_stamped_and_says_its_dates_in_both_languages() -> None:
    page = shared_html(FORM)
    assert "Se puede compartir · May be shared" in page
    assert "May be shared · Se puede compartir" in page
    assert page.count("25 nov 2018") == 1
    assert page.count("25 Nov 2018") == 1
    assert "Chiapas, México" in page
    assert "Rest of Mexico" in page
    assert "no es cero" in page
    assert "is not zero" in page
    assert "Contiene datos ilustrativos" in page
    assert "Contains illustrative data" in page
    assert "illustrative data" not in shared_html(replace(FORM, illustrative=False))
    assert "public data of: GeoNames" in page
    assert "ask the publisher" in page


def test_countries_are_called_by_name_and_areas_without_underscores() -> None:
    cells = (
        SharedCell("TR", "", "rest_of_country", "likely", 1000, 10_000),
        SharedCell("MK", "", "country", "likely", 1000, 10_000),
        SharedCell("South_Sudan", "Central_Equatoria", "admin1", "likely", 1000, 10_000),
        SharedCell("Far_Away", "", "country", "likely", 1000, 10_000),
    )
    page = shared_html(replace(FORM, cells=cells))
    for said in ("Resto de Turquía", "Rest of Türkiye", "Macedonia del Norte", "North Macedonia"):
        assert said in page
    for said in ("Central Equatoria, Sudán del Sur", "Central Equatoria, South Sudan", "Far Away"):
        assert said in page
    assert "_" not in "".join(re.findall(r"<th scope=.row.>(.*?)</th>", page))


def test_the_page_asks_nobody_for_anything() -> None:
    page = shared_html(FORM)
    assert re.findall(r"(?:src|href|action)\s*=|<script|<img|<link|url\(|@import|https?:", page) == []


def test_a_page_with_nothing_to_say_says_so() -> None:
    page = shared_html(replace(FORM, cells=()))
    assert "no se puede decir nada" in page
    assert "nothing can be said" in page
    assert "<table" not in page


def test_hostile_words_stay_words() -> None:
    cells = (SharedCell(HOSTILE, HOSTILE, "admin1", "likely", 20, 500),)
    form = replace(FORM, title_es=HOSTILE, title_en=HOSTILE, cells=cells, data_sets=(HOSTILE,))
    page = shared_html(form)
    assert "<script" not in page
    assert "\x07" not in page
    assert "\u202e" not in page
    assert json.loads(shared_json(form))["areas"][0]["country"] == HOSTILE.replace("\u202e\x07", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "|"])
def test_no_cell_of_the_table_is_a_formula(start: str) -> None:
    cells = (SharedCell("MX", f"{start}HYPERLINK(0)", "admin1", "likely", 20, 500),)
    rows = list(csv.DictReader(io.StringIO(shared_csv(replace(FORM, cells=cells)).removeprefix("\ufeff"))))
    assert rows[0]["admin1"].strip()[0] not in "=+-@|"


def test_the_table_has_one_row_per_area_and_reads_back() -> None:
    rows = list(csv.DictReader(io.StringIO(shared_csv(FORM).removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["country"], row["admin1"], row["people_high"]) for row in rows[:2]] == [
        ("MX", "Chiapas", "10000"),
        ("MX", "", "5000"),
    ]


def test_the_json_holds_no_run_settings() -> None:
    form = json.loads(shared_json(FORM))
    assert set(form) == {
        "what",
        "stamp",
        "title",
        "week",
        "known_until",
        "deadline",
        "areas",
        "not_said",
        "rules",
        "purpose",
        "illustrative",
        "sources",
        "data_sets",
    }


def test_the_files_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    first = {kind: path.read_bytes() for kind, path in write_shared(FORM, tmp_path / "a").items()}
    second = {kind: path.read_bytes() for kind, path in write_shared(FORM, tmp_path / "b").items()}
    assert first == second
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "share.csv",
        "share.html",
        "share.json",
    ]
