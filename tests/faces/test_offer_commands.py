"""`safepassage offer`: from a line to the tables of a folder, and what people decide, in-process."""

import csv
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from safepassage.cli.main import status
from safepassage.workflows.new import NewCaravan, new

ENGLISH = "parish of Huixtla, 800 meals and 2,000 L water, one pickup, tomorrow 6 to 14 h"
SPANISH = "parroquia de Huixtla, 800 comidas, 20 garrafones, una camioneta, mañana de 6 a 14"
AS_OF = ["--as-of", "2018-10-23"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario folder, made once and copied for every test."""
    parent = tmp_path_factory.mktemp("made")
    wanted = NewCaravan("mine", date(2018, 10, 13), "1000-2000", origin="San Pedro Sula", to=("Tijuana",))
    return new(wanted, parent=parent)


@pytest.fixture(autouse=True)
def _beside_a_scenario_folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(made, tmp_path / "mine")
    monkeypatch.chdir(tmp_path)


def rows(file: str) -> list[dict[str, str]]:
    with Path("mine", file).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def listed(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, dict[str, Any]]:
    capsys.readouterr()
    assert status(["offer", "list", "mine", "--json", *more]) == 0
    return {row["id"]: row for row in json.loads(capsys.readouterr().out)["offers"]}


def added(capsys: pytest.CaptureFixture[str], line: str = ENGLISH, *more: str) -> list[str]:
    capsys.readouterr()
    assert status(["offer", "add", "mine", line, *AS_OF, "--yes", "--json", *more]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["not_for_publication"] is True
    return list(told["new"])


def test_an_offer_is_shown_in_both_languages_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["offer", "add", "mine", SPANISH, *AS_OF, "--yes"]) == 0
    told = capsys.readouterr().out
    for words in ("Comidas listas: 800", "meals: 800 meals", "20 garrafones", "6:00–14:00", "2018-10-24"):
        assert words in told
    food, water = rows("supplies.csv")
    assert (food["item"], food["quantity"], food["status"], food["from"]) == (
        "food",
        "800",
        "accepted",
        "2018-10-24",
    )
    assert (water["quantity"], water["announced"]) == ("400", "2018-10-23")
    assert rows("carriers.csv")[0]["vehicle"] == "camioneta"
    assert status(["check", "mine"]) == 0
    assert "2 supplies / existencias; 1 carriers / transportes" in capsys.readouterr().out


def test_the_hours_of_an_offer_are_those_of_its_goods(capsys: pytest.CaptureFixture[str]) -> None:
    food, _, pickup = added(capsys)
    now = listed(capsys)
    assert [(now[key]["first_hour"], now[key]["last_hour"]) for key in (food, pickup)] == [(6.0, 14.0)] * 2
    assert "14 h" not in now[food]["note"]
    change = ["offer", "change", food, "first_hour=7", "last_hour=12.5", "--scenario", "mine", *AS_OF]
    assert status(change) == 0
    now = listed(capsys)
    assert (now[food]["first_hour"], now[food]["last_hour"]) == (7.0, 12.5)
    assert status([*change[:3], "last_hour=3", *change[5:]]) == 2
    assert "an hour after first_hour" in capsys.readouterr().err
    (all_day,) = added(capsys, "DIF de Arriaga, 100 cobijas")
    assert (listed(capsys)[all_day]["first_hour"], listed(capsys)[all_day]["last_hour"]) == (0.0, 24.0)


def test_items_of_ones_own_are_known_where_the_folder_has_a_profile(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = "DIF de Arriaga, 300 bloqueadores solares, mañana"
    assert status(["offer", "add", "mine", line, *AS_OF, "--yes"]) == 2
    assert status(["needs", "--copy", "mine/profile.csv"]) == 0
    with Path("mine/profile.csv").open("a", encoding="utf-8") as profile:
        profile.write(
            "sunscreen,1,bottle,10,person,once,,,,,assumption,,,,Bloqueadores solares,Sunscreen,0.2\n"
        )
    (row,) = added(capsys, line)
    assert listed(capsys)[row]["item"] == "sunscreen"
    assert status(["offer", "list", "mine"]) == 0
    assert "300 (Bloqueadores solares / Sunscreen, bottle)" in capsys.readouterr().out
    assert status(["check", "mine"]) == 0
    capsys.readouterr()
    Path("mine/profile.csv").unlink()
    assert status(["check", "mine"]) == 2
    assert "profile.csv" in capsys.readouterr().err


def test_without_an_answer_nothing_is_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert status(["offer", "add", "mine", SPANISH, *AS_OF]) == 0
    assert "Not kept" in capsys.readouterr().out
    assert not Path("mine/supplies.csv").exists()


def test_an_answer_of_yes_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("s\n"))
    assert status(["offer", "add", "mine", SPANISH, *AS_OF]) == 0
    assert len(rows("supplies.csv")) == 2


def test_the_working_directory_may_be_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("mine")
    assert status(["offer", "add", ENGLISH, *AS_OF, "--yes"]) == 0
    assert status(["offer", "list"]) == 0


def test_the_same_offer_is_told_and_not_added_again(capsys: pytest.CaptureFixture[str]) -> None:
    first = added(capsys)
    assert added(capsys) == []
    assert status(["offer", "add", "mine", ENGLISH.replace("800", "900"), *AS_OF, "--yes"]) == 0
    told = capsys.readouterr().out
    assert f"known already, not added: {first[1]}" in told
    assert f"much like {first[0]}" in told
    assert len(rows("supplies.csv")) == 3


def test_a_users_own_table_keeps_every_cell(capsys: pytest.CaptureFixture[str]) -> None:
    own = 'Holder;Place;item;quantity;from;color\n"DIF; Huixtla";HUIXTLA;agua;5,0;24/10/2018;azul\n'
    Path("mine/supplies.csv").write_bytes(own.encode("cp1252"))
    added(capsys)
    lines = Path("mine/supplies.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("Holder;Place;item;quantity;from;color;id")
    assert lines[1].startswith('"DIF; Huixtla";HUIXTLA;agua;5,0;24/10/2018;azul')
    assert len(lines) == 4


def test_a_table_with_faults_is_not_touched(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine/carriers.csv").write_text("holder,place,vehicle\nDIF,Huixla,pickup\n")
    before = Path("mine/carriers.csv").read_bytes()
    assert status(["offer", "add", "mine", ENGLISH, *AS_OF, "--yes"]) == 2
    assert "did you mean huixtla" in capsys.readouterr().err
    assert Path("mine/carriers.csv").read_bytes() == before
    assert not Path("mine/supplies.csv").exists()


def test_an_offer_is_accepted_refused_and_withdrawn(capsys: pytest.CaptureFixture[str]) -> None:
    food, water, pickup = added(capsys, ENGLISH, "--propose")
    assert {row["status"] for row in listed(capsys).values()} == {"proposed"}
    whole = food.rpartition("-")[0]
    day = ["--scenario", "mine", "--as-of"]
    assert status(["offer", "accept", whole, *day, "2018-10-24"]) == 0
    assert status(["offer", "refuse", water, "--reason", "hay bastante", *day, "2018-10-25", "--json"]) == 0
    assert status(["offer", "withdraw", pickup, *day, "2018-10-26"]) == 0
    now = {key: row["status"] for key, row in listed(capsys).items()}
    assert now == {food: "accepted", water: "refused", pickup: "withdrawn"}
    assert "hay bastante" in listed(capsys)[water]["note"]
    assert {row["status"] for row in listed(capsys, *AS_OF).values()} == {"proposed"}
    assert [row["id"] for row in listed(capsys, "--status", "refused").values()] == [water]


def test_a_change_of_the_same_day_is_made_where_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    food, *_ = added(capsys)
    assert (
        status(["offer", "change", food, "quantity=600", "until=2018-10-26", "--scenario", "mine", *AS_OF])
        == 0
    )
    now = listed(capsys)
    assert (now[food]["quantity"], now[food]["until"]) == (600.0, "2018-10-26")
    assert len(now) == 3


def test_a_later_change_leaves_what_was_known_before(capsys: pytest.CaptureFixture[str]) -> None:
    food, *_ = added(capsys, ENGLISH.replace("tomorrow", "every day until Sunday"))
    change = ["offer", "change", food, "quantity=600", "--scenario", "mine", "--as-of"]
    assert status([*change, "2018-10-25"]) == 0
    then, now = listed(capsys, *AS_OF), listed(capsys, "--as-of", "2018-10-25")
    assert then[food]["quantity"] == 800.0
    assert now[food]["status"] == "withdrawn"
    assert (now[f"{food}_2"]["quantity"], now[f"{food}_2"]["since"]) == (600.0, "2018-10-25")
    assert now[f"{food}_2"]["per_day"] is True
    assert status([*change, "2018-10-26"]) == 2  # the first row no longer holds
    whole = ["offer", "accept", food.rpartition("-")[0], "--scenario", "mine", "--as-of", "2018-10-26"]
    assert status(whole) == 0
    assert listed(capsys)[food]["status"] == "withdrawn"  # and is not counted beside what replaced it


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["offer", "add", "honduras-2018-10", ENGLISH, "--yes"], "--copy honduras-2018-10"),
        (["offer", "add", "nowhere", ENGLISH, "--yes"], "scenario.toml"),
        (["offer", "add", "mine", "padre Juan de Huixtla, 20 comidas", "--yes"], "a person's name"),
        (["offer", "add", "mine", "DIF de Huixtla, 20 comidas, tel 9625550143", "--yes"], "reach a person"),
        (["offer", "add", "mine", "parroquia de Huixtla", "--yes"], "nothing with a quantity"),
        (["offer", "add", "mine", "parroquia de Villa Nada, 20 comidas", "--yes"], "no town that is known"),
        (
            ["offer", "add", "mine", "parroquia de Escuintla, 20 comidas", "--yes"],
            "escuintla-gt or escuintla-chiapas",
        ),
        (["offer", "add", "mine", "20 comidas en Huixtla", "--yes"], "nobody who offers"),
        (["offer", "add", "mine", "DIF de Huixtla, 20 comidas, 20/10", *AS_OF, "--yes"], "until 2018-10-20"),
        (["offer", "add", "mine", "DIF de Huixtla, 30000 pickups", *AS_OF, "--yes"], "Nothing was written"),
        (["offer", "add", "mine", ENGLISH, "--json"], "--yes"),
        (["offer", "add", "a", "b", "c"], "quotation marks"),
        (["offer", "accept", "nothing", "--scenario", "mine"], "offer list"),
        (["offer", "change", "x", "quantity", "--scenario", "mine"], "NAME=VALUE"),
        (["offer", "list", "mine", "--status", "lost"], "lost"),
        (["offer", "list", "nowhere"], "nowhere"),
    ],
)
def test_a_users_mistake_is_status_2_with_a_message_and_no_traceback(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(arguments) == 2
    told = capsys.readouterr()
    assert words in " ".join(told.err.replace("│", " ").split())
    assert "Traceback" not in told.err
    assert not Path("mine/supplies.csv").exists()


def test_what_cannot_be_decided_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    food, water, pickup = added(capsys)
    mine = ["--scenario", "mine"]
    for arguments, words in (
        (["offer", "accept", food, *mine, "--as-of", "2018-10-01"], "before"),
        (["offer", "change", food.rpartition("-")[0], "quantity=5", *mine], "3 rows"),
        (["offer", "change", food, "colour=5", *mine, *AS_OF], "one of quantity"),
        (["offer", "change", food, "quantity=-5", *mine, *AS_OF], "Nothing was written"),
        (["offer", "change", food, "until=2018-10-01", *mine, *AS_OF], "Nothing was written"),
        (["offer", "change", pickup, "capacity_kg=0", "seats=0", *mine, *AS_OF], "carries something"),
        (["offer", "refuse", water, "--reason", "Sra. Rosa Perez", *mine, *AS_OF], "a person's name"),
    ):
        assert status(arguments) == 2
        assert words in " ".join(capsys.readouterr().err.split())
    assert listed(capsys)[food]["quantity"] == 800.0


def test_a_list_of_one_town(capsys: pytest.CaptureFixture[str]) -> None:
    added(capsys)
    added(capsys, SPANISH.replace("Huixtla", "Mapastepec"))
    assert {row["place"] for row in listed(capsys, "--place", "MAPASTEPEC").values()} == {"mapastepec"}
    assert status(["offer", "list", "mine", "--place", "Mapastepek"]) == 2
    assert "did you mean mapastepec" in capsys.readouterr().err


def test_what_is_on_the_road_is_not_withdrawn(capsys: pytest.CaptureFixture[str]) -> None:
    food, *_ = added(capsys)
    path = Path("mine/supplies.csv")
    path.write_text(path.read_text().replace("accepted", "sent", 1))
    assert status(["offer", "withdraw", food, "--scenario", "mine", *AS_OF]) == 2
    assert "which is sent" in capsys.readouterr().err


def test_a_built_in_and_its_copy_say_what_is_made_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["new", "october", "--copy", "honduras-2018-10"]) == 0
    for name in ("honduras-2018-10", "october"):
        capsys.readouterr()
        assert status(["offer", "list", name, *AS_OF]) == 0
        assert "illustrative (made up by a rule)" in capsys.readouterr().out
