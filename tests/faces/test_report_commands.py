"""`safepassage report …` run in-process: what it keeps, what it shows, what it refuses and how it ends."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from safepassage.cli.main import status
from safepassage.workflows.load import load

NEW = ["new", "mine", "--from", "San Pedro Sula", "--departs", "2018-10-13", "--size", "1000-2000"]
HERE = ["--scenario", "mine"]
DAYS = ["--observed", "2018-10-15", "--published", "2018-10-16"]
ADD = ["report", "add", *HERE, *DAYS, "--place", "esquipulas", "--people", "1600-2000", "--source", "a paper"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert status(NEW) == 0
    capsys.readouterr()


def listed(capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert status(["report", "list", *HERE, "--json", *more]) == 0
    rows = json.loads(capsys.readouterr().out)["reports"]
    assert isinstance(rows, list)
    return rows


def test_a_typed_report_is_believed_and_shown_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert status([*ADD, "--quantifier", "about", "--source-kind", "press", "--note", "at the shrine"]) == 0
    assert "1 new / nuevos" in capsys.readouterr().out
    assert len(load("mine").reports) == 1
    assert status(["report", "list", *HERE]) == 0
    told = capsys.readouterr().out
    for words in ("position / posición", "accepted / aceptado", "about / unos 1,600–2,000", "a paper (press)",
                  "at the shrine", "NOT FOR PUBLICATION", "NO PUBLICAR"):  # fmt: skip
        assert words in told


def test_the_same_twice_adds_nothing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(ADD) == status(ADD) == 0
    assert "0 new / nuevos, 1 known already / ya conocidos" in capsys.readouterr().out
    assert len(listed(capsys)) == 1


def test_what_repeats_another_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    status(ADD)
    status([*ADD[:-1], "another paper"])
    assert "repeats / repite" in capsys.readouterr().out
    first, second = listed(capsys)
    repeated = {row["key"]: row["repeats"] for row in (first, second)}
    assert sorted(map(str, repeated.values())) == sorted(
        [str(next(k for k in repeated if repeated[k] is None)), "None"]
    )


def test_lists_may_be_cut_by_status_and_by_day(capsys: pytest.CaptureFixture[str]) -> None:
    status(ADD)
    assert len(listed(capsys, "--status", "accepted")) == 1
    assert listed(capsys, "--status", "proposed") == []
    assert listed(capsys, "--as-of", "2018-10-15") == []


def propose(*people: int) -> list[str]:
    from safepassage.core.report import Proposal
    from safepassage.workflows.report_words import TypedReport, typed
    from safepassage.workflows.reports import open_desk, take_in

    desk = open_desk("mine")
    reports = [typed(desk, TypedReport("position", "esquipulas", people=str(n))).report for n in people]
    flags = ("two figures in one sentence",)
    return list(take_in(desk, [Proposal(r, "news.txt, 1-9", 0.6, flags, (1, 9)) for r in reports]).added.new)


def test_a_review_shows_each_proposal_and_keeps_every_answer_at_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = propose(1000, 2000, 3000, 4000)
    monkeypatch.setattr("sys.stdin", io.StringIO("a\nwhat\nr\ns\nq\n"))
    assert status(["report", "review", *HERE]) == 0
    told = capsys.readouterr().out
    assert "! two figures in one sentence" in told
    assert "news.txt, 1-9 · 60%" in told
    found = sorted(str(row["status"]) for row in listed(capsys))
    assert found == ["accepted", "proposed", "proposed", "rejected"]
    assert len(keys) == 4


def test_the_end_of_the_input_ends_a_review(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(1000, 2000)
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n"))
    assert status(["report", "review", *HERE]) == 0
    assert sorted(str(row["status"]) for row in listed(capsys)) == ["accepted", "proposed"]


def test_a_review_without_questions(capsys: pytest.CaptureFixture[str]) -> None:
    one, two, three = propose(1000, 2000, 3000)
    assert (
        status(["report", "review", *HERE, "--accept", one[:6], "--reject", two, "--reason", "seen twice"])
        == 0
    )
    assert status(["report", "review", *HERE, "--accept-all"]) == 0
    assert {row["key"]: row["status"] for row in listed(capsys)} == {
        one: "accepted",
        two: "rejected",
        three: "accepted",
    }
    propose(5000, 6000)
    waiting = [str(row["key"]) for row in listed(capsys, "--status", "proposed")]
    assert status(["report", "review", *HERE, "--accept-all", "--reject", waiting[0]]) == 0
    assert listed(capsys, "--status", "proposed") == []
    assert len(listed(capsys, "--status", "rejected")) == 2


def test_an_agreed_figure_is_listed_and_deleted(capsys: pytest.CaptureFixture[str]) -> None:
    agreed = [
        "--people",
        "2500",
        "--reason",
        "between both",
        "--role",
        "shelter cluster",
        "--place",
        "Esquipulas",
    ]
    assert status(["report", "adopt", *HERE, *agreed, "--agreed", "2018-10-16"]) == 0
    key = capsys.readouterr().out.split()[0]
    assert status(["report", "list", *HERE]) == 0
    assert "agreed / acordado 2,500, shelter cluster, 2018-10-16: between both" in capsys.readouterr().out
    assert status(["report", "delete", key, *HERE]) == 0
    assert load("mine").agreed == ()
    assert status(["report", "delete", key, *HERE]) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        [*ADD, "--people", "many"],
        [*ADD, "--people", "-5"],
        [*ADD, "--place", "Nowhere"],
        [*ADD, "--place", "Hui\u200bxtla\u202e"],
        [*ADD, "--observed", "0001-01-01"],
        [*ADD, "--observed", "9999-12-31"],
        [*ADD, "--published", "2018-10-14"],
        [*ADD, "--hour", "25"],
        [*ADD, "--kind", "gossip"],
        [*ADD, "--group", "nobody"],
        [*ADD, "--families", "20", "--family-size", "nan", "--people", ""],
        [*ADD, "--note", "Sra. Juana Pérez"],
        [*ADD, "--note", "n" * 10_000_000],
        [*ADD, "--source", "call +502 5555 1234"],
        [*ADD, "--scenario", "honduras-2018-10"],
        [*ADD, "--scenario", "nowhere"],
        ["report", "add", "--place", "esquipulas"],
        ["report", "review", *HERE, "--accept", "0123456789abcdef"],
        ["report", "delete", "", *HERE],
        ["report", "export", "out.txt", *HERE],
        ["report", "export", "out.parquet", "--hxl", *HERE],
        ["report", "export", "mine/reports.csv", *HERE],
        ["report", "adopt", *HERE, "--people", "nan", "--reason", "a", "--role", "b"],
        ["report", "adopt", *HERE, "--people", "5", "--reason", "a", "--role", "Sra. Juana Pérez"],
        ["report", "list", *HERE, "--status", "gossip"],
        ["report", "nothing"],
    ],
    ids=lambda words: " ".join(words)[-60:],
)
def test_a_users_mistake_is_status_2_in_a_few_lines_and_nothing_is_stored(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(arguments) == 2
    told = capsys.readouterr()
    assert 0 < len(told.err) < 3_000
    assert "Traceback" not in told.err
    assert not Path("mine/reports.sqlite").exists() or not listed(capsys)


FORMULA = "=cmd|' /C calc'!A0"


def test_an_export_keeps_formulas_as_words_and_says_that_it_is_not_for_publication() -> None:
    assert status([*ADD, "--note", FORMULA]) == 0
    for name in ("out.csv", "out.xlsx", "out.parquet", "out.geojson"):
        assert status(["report", "export", name, *HERE]) == 0
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["note"] == f"'{FORMULA}"
    assert (row["people_low"], row["people_high"]) == ("1600", "2000")
    sheet = openpyxl.load_workbook("out.xlsx")["reports"]
    cells = {sheet.cell(1, k).value: sheet.cell(2, k) for k in range(1, sheet.max_column + 1)}
    assert (cells["note"].value, cells["note"].data_type) == (FORMULA, "s")
    with zipfile.ZipFile("out.xlsx") as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert pl.read_parquet("out.parquet")["note"].to_list() == [FORMULA]
    (feature,) = json.loads(Path("out.geojson").read_text(encoding="utf-8"))["features"]
    assert feature["properties"]["note"] == FORMULA
    for notice in (row["notice"], cells["notice"].value, feature["properties"]["notice"]):
        assert notice == "NO PUBLICAR · NOT FOR PUBLICATION"


def test_the_points_of_an_export_are_those_of_towns() -> None:
    status(ADD)
    status(["report", "add", *HERE, *DAYS, "--kind", "claims", "--people", "50"])
    status(["report", "export", "out.geojson", *HERE])
    collection = json.loads(Path("out.geojson").read_text(encoding="utf-8"))
    places = load("mine").network.places
    esquipulas = places.ids.index("esquipulas")
    point = [round(float(places.lon[esquipulas]), 3), round(float(places.lat[esquipulas]), 3)]
    found = {f["properties"]["kind"]: f["geometry"] for f in collection["features"]}
    assert found == {"position": {"type": "Point", "coordinates": point}, "claims": None}


def test_hxl_tags_stand_below_the_header_and_are_well_formed() -> None:
    import re

    status(ADD)
    for name in ("out.csv", "out.xlsx"):
        assert status(["report", "export", name, "--hxl", *HERE]) == 0
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        header, tags, row = csv.reader(file)
    of = dict(zip(header, tags, strict=True))
    assert all(re.fullmatch(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*", tag) for tag in tags)
    assert len(set(tags)) == len(tags)
    assert of["observed"] == "#date+occurred"
    assert (of["place_name"], of["admin1"]) == ("#loc+name", "#adm1+name")
    assert (of["people_low"], of["people_high"]) == ("#affected+ind+min", "#affected+ind+max")
    sheet = openpyxl.load_workbook("out.xlsx")["reports"]
    assert [cell.value for cell in sheet[2]] == tags
    assert row[header.index("place")] == "esquipulas"


def test_an_export_may_hold_one_status_only() -> None:
    status(ADD)
    propose(700)
    status(["report", "export", "out.parquet", "--status", "proposed", *HERE])
    assert pl.read_parquet("out.parquet")["status"].to_list() == ["proposed"]
    status(["report", "review", "--accept-all", *HERE])
    status(["report", "export", "out.parquet", "--status", "proposed", *HERE])
    assert pl.read_parquet("out.parquet").height == 0


def test_a_store_that_is_no_database_is_told_and_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine/reports.sqlite").write_text("no database " * 200, encoding="utf-8")
    for words in (ADD, ["report", "list", *HERE], ["check", "mine"], ["report", "review", *HERE]):
        assert status(words) == 2
        assert "reports.sqlite: found a file that is no SQLite database" in capsys.readouterr().err
    assert Path("mine/reports.sqlite").read_text(encoding="utf-8") == "no database " * 200


def test_letters_that_turn_or_hide_never_reach_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    assert status([*ADD, "--note", "ab\u202ecd\u200b \x1b[31mred"]) == 0
    assert status(["report", "list", *HERE]) == 0
    told = capsys.readouterr().out
    assert not {"\u202e", "\u200b", "\x1b"} & set(told)


def test_new_makes_a_copy_of_a_built_in_that_takes_reports(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["new", "october", "--copy", "honduras-2018-10"]) == 0
    assert status(["check", "october"]) == 0
    before = len(load("october").reports)
    assert status([*ADD, "--scenario", "october"]) == 0
    assert len(load("october").reports) == before + 1
    capsys.readouterr()
    for words in (["--copy", "nothing"], ["--copy", "honduras-2018-10", "--size", "500"], []):
        assert status(["new", "another", *words]) == 2
        assert capsys.readouterr().err
        assert not Path("another").exists()
