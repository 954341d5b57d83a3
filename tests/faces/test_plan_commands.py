"""`safepassage plan`: what is printed and written, that all files agree, and that answers are kept."""

import csv
import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

import safepassage as sp
from safepassage.adapters.tables.plan_board import board_lines
from safepassage.adapters.tables.plan_findings import expected_unmet
from safepassage.adapters.tables.plan_rows import clock, drive_rows, useful
from safepassage.adapters.tables.plan_three_w import TAGS, three_w
from safepassage.cli.main import status
from safepassage.cli.plan_values import summary
from safepassage.core.plan_story import PlanStory
from safepassage.workflows.load_logistics import load_logistics
from safepassage.workflows.needs import NeedsAsk
from safepassage.workflows.new import NewCaravan, new
from safepassage.workflows.plan import PlanAsk, PlanRun, plan

AS_OF = date(2018, 10, 14)
OFFERS = (
    "parroquia de Huixtla, 3000 comidas, 200 garrafones, una camioneta de redilas",
    "parish of Mapastepec, 800 meals and 2,000 L water, one pickup",
)
FORMULA = "=cmd|' /C calc'!A0"
ASKED = ["--as-of", "2018-10-14", "--members", "30", "--horizon", "3", "--scenarios", "3"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A caravan at Huixtla with two offers."""
    wanted = NewCaravan("mine", date(2018, 10, 13), "1000-2000", at="Huixtla", to=("Tijuana",))
    made = new(wanted, parent=tmp_path_factory.mktemp("plans"))
    for line in OFFERS:
        assert status(["offer", "add", str(made), line, "--as-of", "2018-10-14", "--yes"]) == 0
    return made


def asked(folder: Path, **more: Any) -> PlanRun:
    scenario = sp.load(folder)
    known = load_logistics(folder, scenario.network, as_of=AS_OF)
    # Files that are read refuse such a name; who plans from Python is not asked.
    named = {"Parroquia de Huixtla": FORMULA, "parroquia de Huixtla": FORMULA}
    known = replace(
        known,
        supplies=tuple(replace(one, holder=named.get(one.holder, one.holder)) for one in known.supplies),
        carriers=tuple(replace(one, holder=named.get(one.holder, one.holder)) for one in known.carriers),
    )
    ask = PlanAsk(needs=NeedsAsk(horizon=3, logistics=known), judged=4, **more)
    return plan(scenario, ask, as_of=AS_OF, members=30)


@pytest.fixture(scope="module")
def run(folder: Path) -> PlanRun:
    return asked(folder)


@pytest.fixture(scope="module")
def written(run: PlanRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    assert set(run.write(out)) >= {"plan.xlsx", "board.parquet", "3w.csv", "plan.geojson", "dispatches.csv"}
    return out


@pytest.fixture
def story(run: PlanRun) -> PlanStory:
    return run.story


def test_drives_make_sense(story: PlanStory) -> None:
    rows = drive_rows(story)
    assert rows
    for row in rows:
        assert row.home in ("Huixtla", "Mapastepec")
        assert row.one.leave >= AS_OF + timedelta(days=1)
        assert row.via[0] == row.home
        assert row.via[-1] == row.place
        assert all(load.quantity > 0 for load in row.loads)


def test_every_output_has_the_same_drives(story: PlanStory, written: Path) -> None:
    loads = {row.one.id: {load.item.id: load.quantity for load in row.loads} for row in drive_rows(story)}
    told = summary(story)["dispatch"]
    assert {one["id"]: {load["item"]: load["quantity"] for load in one["loads"]} for one in told} == loads
    layer = json.loads((written / "plan.geojson").read_text("utf-8"))
    lines = [one for one in layer["features"] if one["properties"]["layer"] == "drive"]
    assert {one["id"] for one in lines} == set(loads)
    with (written / "dispatches.csv").open(encoding="utf-8", newline="") as table:
        assert {row["id"] for row in csv.DictReader(table)} == set(loads)
    book = openpyxl.load_workbook(written / "plan.xlsx", read_only=True)
    cells = list(book["cargas_loads"].iter_rows(min_row=2, values_only=True))
    assert sum(float(row[5]) for row in cells) == pytest.approx(
        sum(amount for own in loads.values() for amount in own.values())
    )


def test_the_table_of_who_does_what_where_conserves_what_is_delivered(
    story: PlanStory, written: Path
) -> None:
    delivered = [one for one in three_w(story) if one.activity == "delivery"]
    brought = sum(load.quantity for one in story.plan.dispatches for load in one.loads)
    assert sum(one.quantity for one in delivered) == pytest.approx(brought)
    with (written / "3w.csv").open(encoding="utf-8", newline="") as table:
        head, tags, *rows = list(csv.reader(table))
    assert head == list(TAGS)
    assert tags == list(TAGS.values())
    assert all(tag.startswith("#") for tag in tags)
    assert len(rows) == len(three_w(story))
    keys = [tuple(row[head.index(name)] for name in ("who", "item", "place_id", "date", "status", "activity"))
            for row in rows]  # fmt: skip
    assert len(set(keys)) == len(keys)


def test_what_is_driven_away_is_not_in_place_as_well(story: PlanStory) -> None:
    for supply in story.logistics.supplies:
        if supply.per_day:
            continue
        there = sum(
            one.quantity
            for one in three_w(story)
            if one.activity == "in place" and (one.place, one.item.id) == (supply.place, supply.item)
        )
        away = sum(
            load.quantity for one in story.plan.dispatches for load in one.loads if load.supply == supply.id
        )
        alike = sum(
            one.quantity
            for one in story.logistics.supplies
            if (one.place, one.item) == (supply.place, supply.item)
        )
        assert there + away <= alike + 1e-6


def test_names_that_begin_like_a_formula_stay_names(written: Path) -> None:
    with (written / "3w.csv").open(encoding="utf-8", newline="") as table:
        names = {row[0] for row in csv.reader(table)}
    assert f"'{FORMULA}" in names
    assert FORMULA not in names
    book = openpyxl.load_workbook(written / "plan.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    named = [cell for cell in cells if cell.value == FORMULA]
    assert named
    assert all(cell.data_type == "s" for cell in named)
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_the_board_is_the_same_in_the_frame_and_the_workbook(story: PlanStory, written: Path) -> None:
    frame = pl.read_parquet(written / "board.parquet")
    lines = board_lines(story)
    assert len(frame) == len(lines)
    assert frame["proposed"].to_list() == [line.row.proposed for line in lines]
    book = openpyxl.load_workbook(written / "plan.xlsx", read_only=True)
    assert book.sheetnames[0] == "README"
    rows = list(book["tablero_board"].iter_rows(min_row=2, values_only=True))
    likely = [line for line in lines if line.likely]
    assert 0 < len(rows) == len(likely) < len(lines)
    assert [float(row[12]) for row in rows] == pytest.approx([useful(line.row.proposed) for line in likely])


def test_few_futures_tell_no_range(story: PlanStory) -> None:
    rare = [line for line in board_lines(story) if 0 < line.row.chance < 0.05]
    assert rare
    assert all(not line.row.if_they_come.anything for line in rare)


def test_every_file_is_stamped(written: Path) -> None:
    for name in ("3w.csv", "plan.geojson", "plan.html", "drivers.html"):
        assert "NO PUBLICAR · NOT FOR PUBLICATION" in (written / name).read_text("utf-8")
    book = openpyxl.load_workbook(written / "plan.xlsx", read_only=True)
    readme = [str(row[0]) for row in book["README"].iter_rows(values_only=True)]
    assert any("NOT FOR PUBLICATION" in line for line in readme)
    sheets = [path.read_text("utf-8") for path in (written / "towns").glob("*.html")]
    assert len(sheets) > 1
    assert all("NO PUBLICAR" in sheet for sheet in sheets)
    manifest = json.loads((written / "manifest.json").read_text("utf-8"))
    assert manifest["plan"]["rules"]["fairness"] == 0.5
    assert len(manifest["plan"]["logistics_sha256"]) == 64


def test_figures_of_the_json_are_the_judged_ones_and_say_so(run: PlanRun) -> None:
    told = summary(run.story)
    assert {"expected_unmet", "worst_place_unmet", "cost", "vss", "gap", "seconds"} <= set(told)
    assert run.judgement is not None
    assert told["basis"] == "members judged"
    assert told["expected_unmet"] == pytest.approx(run.judgement.worth["stochastic"].expected_unmet, abs=0.1)
    assert told["vss"] == pytest.approx(run.judgement.stochastic_value, abs=0.1)
    own = summary(replace(run.story, judgement=None))
    assert own["basis"] != told["basis"]
    assert own["vss"] is None
    assert own["expected_unmet"] == pytest.approx(run.plan.expected_unmet, abs=0.1)
    assert expected_unmet(run.story) == run.judgement.worth["stochastic"].expected_unmet
    json.dumps(told, allow_nan=False)


def test_a_plan_is_printed_for_people(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert status(["plan", str(folder), *ASKED, "--judge", "2"]) == 0
    told = capsys.readouterr().out
    for words in (
        "drives of", "viajes de", "NOT FOR PUBLICATION", "proposed", "propuesto", "bring no more",
        "what stays unmet", "qué lo cambiaría", "everyone goes to the nearest place", "garrafones",
    ):  # fmt: skip
        assert words in told, words
    with (tmp_path / "plan" / "dispatches.csv").open(encoding="utf-8", newline="") as table:
        assert any(row["id"] in told for row in csv.DictReader(table))
    assert (tmp_path / "plan" / "manifest.json").exists()


def test_an_accepted_drive_is_kept_and_a_refused_one_not_proposed_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folder, tmp_path / "mine")
    monkeypatch.chdir(tmp_path)

    def dispatched() -> dict[str, dict[str, Any]]:
        capsys.readouterr()
        assert status(["plan", "mine", *ASKED, "--judge", "0", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["not_for_publication"] is True
        return {one["id"]: one for one in told["dispatch"]}

    first = dispatched()
    accepted, refused, *_ = first
    for word, key in (("accept", accepted), ("refuse", refused)):
        assert status(["dispatch", word, key, "--scenario", "mine", "--as-of", "2018-10-14"]) == 0
    again = dispatched()
    assert again[accepted] == first[accepted] | {"status": "accepted", "sure": again[accepted]["sure"]}
    away = first[refused]
    assert refused not in again
    assert not [one for one in again.values() if
                (one["who"], one["to"], one["leave"]) == (away["who"], away["to"], away["leave"])
                and one["status"] == "proposed"]  # fmt: skip


def test_without_vehicles_or_supplies_there_is_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    new(NewCaravan("bare", date(2018, 10, 13), "1000-2000", at="Huixtla", to=("Tijuana",)), parent=tmp_path)
    assert status(["plan", "bare", *ASKED, "--judge", "2"]) == 0
    told = capsys.readouterr().out
    assert "nobody drives" in told
    assert "safepassage offer add" in told
    assert (tmp_path / "plan" / "plan.xlsx").exists()


@pytest.mark.parametrize(
    "words", [["--fairness", "2"], ["--scenarios", "0"], ["--judge", "-1"], ["--horizon", "0"]]
)
def test_nonsense_is_explained(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["plan", *words]) == 2
    assert words[0] in capsys.readouterr().err


def test_times_and_figures_are_rounded_to_what_people_use() -> None:
    assert [clock(hour) for hour in (6.0, 10.58, 13.99)] == ["6:00", "10:35", "14:00"]
    assert [useful(number) for number in (3.4, 99.6, 1234, 45678, -1234)] == [3, 100, 1230, 45700, -1230]
