"""`safepassage dispatch`: from the proposals of a plan to the log of a folder, in-process."""

import csv
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from safepassage.adapters import dispatches
from safepassage.cli.main import status
from safepassage.core.plan import Dispatch, Load
from safepassage.workflows.load import load
from safepassage.workflows.load_logistics import load_logistics
from safepassage.workflows.new import NewCaravan, new

DAY = date(2018, 10, 23)
LINE = "parroquia de Huixtla, 800 comidas, 100 garrafones, dos camionetas, mañana de 6 a 14"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an offer nobody has answered, and a plan's proposals that use it."""
    parent = tmp_path_factory.mktemp("made")
    path = new(NewCaravan("mine", DAY, "1000-2000", at="Tapachula", to=("Tijuana",)), parent=parent)
    argv = ["offer", "add", str(path), LINE, "--as-of", DAY.isoformat(), "--yes", "--propose"]
    assert status(argv) == 0
    network = load(path).network
    offered = load_logistics(path, network, as_of=None)
    food, water = offered.supplies
    (carrier,) = offered.carriers
    store, place = (network.places.ids.index(key) for key in ("huixtla", "tapachula"))
    tomorrow = date(2018, 10, 24)
    drives = [
        Dispatch(
            f"1024-{n}", carrier.id, 1, store, place, tomorrow, hour, tomorrow, hour + 1.5, 3.0, 80.0,
            (Load("water", 500.0, water.id), Load("food", 300.0, food.id)), 1200.0, 0.9,
        )
        for n, hour in ((1, 6.0), (2, 9.0))
    ]  # fmt: skip
    dispatches.write(path / "plan" / "dispatches.csv", drives, network.places.ids, as_of=DAY)
    return path


@pytest.fixture(autouse=True)
def _beside_a_scenario_folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(made, tmp_path / "mine")
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    capsys.readouterr()
    assert status(["dispatch", *argv, "--scenario", "mine", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["not_for_publication"] is True
    return dict(told)


def rows() -> list[dict[str, str]]:
    with Path("mine/dispatches.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_a_list_tells_drives_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["dispatch", "list", "--scenario", "mine"]) == 0
    told = capsys.readouterr().out
    for words in (
        "NO PUBLICAR", "1024-1", "parroquia de Huixtla", "Huixtla → Tapachula", "2018-10-24 6:00 → 7:30",
        "500 L (Agua / Water)", "300 comidas / meals", "proposed / propuesta", "2 viajes / drives",
    ):  # fmt: skip
        assert words in told
    assert run(capsys, "list", "--as-of", "2018-10-22")["dispatches"] == []
    assert run(capsys, "list", "--place", "Huixtla")["dispatches"] == []
    assert len(run(capsys, "list", "--status", "proposed", "--place", "tapachula")["dispatches"]) == 2


def test_a_drive_goes_its_way(capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, "accept", "1024-1", "1024-2", "--as-of", "2018-10-23", "--reason", "de acuerdo")
    assert [one["status"] for one in found["dispatches"]] == ["accepted", "accepted"]
    carrier = found["dispatches"][0]["carrier"]
    assert carrier in found["offers_to_accept"]
    run(capsys, "sent", "1024-1", "--as-of", "2018-10-24")
    run(capsys, "delivered", "1024-1", "water=400", "--as-of", "2018-10-24")
    run(capsys, "withdraw", "1024-2", "--as-of", "2018-10-24")
    assert [(row["id"], row["status"], row["decided"]) for row in rows()] == [
        ("1024-1", "accepted", "2018-10-23"),
        ("1024-2", "accepted", "2018-10-23"),
        ("1024-1", "sent", "2018-10-24"),
        ("1024-1", "delivered", "2018-10-24"),
        ("1024-2", "withdrawn", "2018-10-24"),
    ]
    assert rows()[0]["reason"] == "de acuerdo"
    assert rows()[3]["loads"].startswith("water 400 L @huixtla-")
    capsys.readouterr()
    assert status(["check", "mine"]) == 0
    assert "2 drives answered / viajes con respuesta" in capsys.readouterr().out


def test_an_open_offer_is_told_with_the_command_that_accepts_it(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["dispatch", "accept", "1024-1", "--scenario", "mine", "--as-of", "2018-10-23"]
    assert status(argv) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "safepassage offer accept" in line]
    assert len(lines) == 3  # the vehicle, the water and the meals
    for line in lines:
        assert status(line.partition("safepassage ")[2].split()) == 0
    capsys.readouterr()
    assert status(argv) == 0
    told = capsys.readouterr().out
    assert "it was so already" in told
    assert "offer accept" not in told


def test_figures_are_changed(capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, "change", "1024-1", "agua=20 garrafones", "leave_hour=7:30", "--as-of", "2018-10-23")
    (one,) = found["dispatches"]
    assert one["loads"][0] | {"supply": ""} == {"item": "water", "quantity": 400.0, "supply": ""}
    assert (one["leave_hour"], one["arrive_hour"], one["status"]) == (7.5, 9.0, "accepted")


@pytest.mark.parametrize(
    "argv",
    [
        ["accept", "1024-9"],
        ["accept"],
        ["sent", "1024-1"],
        ["change", "1024-1", "water"],
        ["change", "1024-1", "water=1", "water=2"],
        ["change", "1024-1", "water=90000"],
        ["delivered", "water=5"],
        ["refuse", "1024-1", "--reason", "=cmd()"],
        ["accept", "1024-1", "--plan", "nowhere"],
        ["accept", "1024-1", "--as-of", "2018-10-01"],
        ["list", "--place", "Atlantis"],
    ],
)
def test_mistakes_are_the_users_and_nothing_is_written(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["dispatch", *argv, "--scenario", "mine"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not Path("mine/dispatches.csv").exists()


def test_the_folder_of_a_plan_is_found_where_one_works(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.move("mine/plan", "plan")
    assert len(run(capsys, "list")["dispatches"]) == 2
    shutil.move("plan", "mine/plan")
    monkeypatch.chdir("mine")
    capsys.readouterr()
    assert status(["dispatch", "refuse", "1024-1"]) == 0
    assert "refused / rechazada, 2018-10-23" in capsys.readouterr().out
    assert Path("dispatches.csv").exists()


def test_a_built_in_is_read_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["dispatch", "accept", "1024-1", "--scenario", "honduras-2018-10"]) == 2
    assert "--copy honduras-2018-10" in capsys.readouterr().err
