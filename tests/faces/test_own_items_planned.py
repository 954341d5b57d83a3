"""An item of one's own, from `profile.csv` through a plan to an accepted and changed drive."""

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import pytest

import safepassage as sp
from safepassage.cli.main import status
from safepassage.workflows.load_logistics import load_logistics
from safepassage.workflows.new import NewCaravan, new

AS_OF = ["--as-of", "2018-10-14"]
LINE = "parroquia de Huixtla, 900 bloqueadores solares, 3000 comidas, una camioneta de redilas"
FLEE = Path(__file__).parents[1] / "reference" / "flee_small"
OWN = "sunscreen,1,bottle,1,person,day,,,,,assumption,,,,Bloqueadores solares,Sunscreen,0.2\n"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A caravan at Huixtla, a supply of what only this folder knows, and a plan with it."""
    wanted = NewCaravan("mine", date(2018, 10, 13), "1000-2000", at="Huixtla", to=("Tijuana",))
    made = new(wanted, parent=tmp_path_factory.mktemp("own"))
    assert status(["needs", "--copy", str(made / "profile.csv")]) == 0
    with (made / "profile.csv").open("a", encoding="utf-8") as profile:
        profile.write(OWN)
    assert status(["offer", "add", str(made), LINE, *AS_OF, "--yes"]) == 0
    return made


def proposals(planned: Path) -> dict[str, dict[str, str]]:
    with (planned / "plan" / "dispatches.csv").open(encoding="utf-8", newline="") as table:
        return {row["id"]: row for row in csv.DictReader(table)}


def test_an_item_of_ones_own_is_planned_accepted_changed_and_kept(
    planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = planned / "plan"
    ask = ["plan", str(planned), *AS_OF, "--members", "20", "--horizon", "3", "--scenarios", "2"]
    ask += ["--judge", "0", "--out", str(out)]
    assert status([*ask, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    carrying = [one["id"] for one in told["dispatch"] if "sunscreen" in json.dumps(one)]
    assert carrying
    drive = proposals(planned)[carrying[0]]
    assert drive["loads"].startswith("sunscreen ") or "; sunscreen " in drive["loads"]

    where = ["--scenario", str(planned), "--plan", str(out), *AS_OF]
    assert status(["dispatch", "accept", drive["id"], *where]) == 0
    assert "Bloqueadores solares" in capsys.readouterr().out
    assert status(["dispatch", "change", drive["id"], "bloqueadores solares=12", *where]) == 0
    capsys.readouterr()
    assert status(["dispatch", "list", *where[:2], "--status", "accepted", "--json"]) == 0
    (kept,) = json.loads(capsys.readouterr().out)["dispatches"]
    assert {load["quantity"] for load in kept["loads"] if load["item"] == "sunscreen"} == {12.0}
    assert status(["check", str(planned)]) == 0
    capsys.readouterr()

    assert status([*ask, "--json"]) == 0
    again = {one["id"]: one for one in json.loads(capsys.readouterr().out)["dispatch"]}
    assert again[drive["id"]]["status"] == "accepted"


def test_a_profile_of_one_item_is_planned_though_vehicles_are_for_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = NewCaravan("mine", date(2018, 10, 13), "1000-2000", at="Huixtla", to=("Tijuana",))
    made = new(wanted, parent=tmp_path)
    assert (
        status(["offer", "add", str(made), "Ayuntamiento de Huixtla, 5000 litros, una pipa", *AS_OF, "--yes"])
        == 0
    )
    profile = tmp_path / "meals.csv"
    profile.write_text("item,value,unit,per_whom,per_time,basis\nfood,3,meal,person,day,assumption\n")
    ask = ["plan", str(made), *AS_OF, "--members", "10", "--horizon", "2", "--scenarios", "2", "--judge", "0"]
    capsys.readouterr()
    assert status([*ask, "--profile", str(profile), "--out", str(tmp_path / "out"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["dispatch"] == []


def test_offers_beside_a_flee_folder_are_read(tmp_path: Path) -> None:
    mine = tmp_path / "flee"
    shutil.copytree(FLEE, mine)
    scenario = sp.load(mine)
    town = scenario.network.places.names[0]
    row = f"holder,place,item,quantity,from\ntown hall,{town},water,500,{scenario.start}\n"
    (mine / "supplies.csv").write_text(row, encoding="utf-8")
    (found,) = load_logistics(mine, scenario.network, as_of=None).supplies
    assert (found.item, found.quantity, found.place) == ("water", 500.0, 0)
