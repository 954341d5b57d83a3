"""A drive on another day: roads that are closed on it, as far as that is known, are looked at again."""

from datetime import date
from pathlib import Path

import pytest

from safepassage.adapters import dispatches
from safepassage.cli.main import status
from safepassage.core.plan import Dispatch, Load
from safepassage.workflows.load import load
from safepassage.workflows.load_logistics import load_logistics
from safepassage.workflows.new import NewCaravan, new

DAY, TOMORROW = date(2018, 10, 23), date(2018, 10, 24)
LINE = "parroquia de Huixtla, 800 comidas, dos camionetas"
HEADER = "date,until,announced,announced_basis,kind,link_from,link_to,source\n"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder whose plan proposes a drive from Huixtla to Tapachula."""
    path = new(NewCaravan("mine", DAY, "1000-2000", at="Tapachula", to=("Tijuana",)), parent=tmp_path)
    assert status(["offer", "add", str(path), LINE, "--as-of", DAY.isoformat(), "--yes"]) == 0
    network = load(path).network
    offered = load_logistics(path, network, as_of=None)
    (food,), (carrier,) = offered.supplies, offered.carriers
    store, place = (network.places.ids.index(key) for key in ("huixtla", "tapachula"))
    drive = Dispatch(
        "1024-1", carrier.id, 1, store, place, TOMORROW, 6.0, TOMORROW, 7.5, 3.0, 80.0,
        (Load("food", 300.0, food.id),), 1200.0, 0.9,
    )  # fmt: skip
    dispatches.write(path / "plan" / "dispatches.csv", [drive], network.places.ids, as_of=DAY)
    return path


def close_huixtla(path: Path, announced: str) -> None:
    """Close every link that leads to Huixtla on the 25th."""
    network = load(path).network
    ids, here = network.places.ids, network.places.ids.index("huixtla")
    ends = zip(network.links.origin, network.links.target, strict=True)
    rows = [
        f"2018-10-25,2018-10-25,{announced},source address,closure,{ids[a]},{ids[b]},the road office\n"
        for a, b in ends
        if here in (a, b)
    ]
    assert rows
    (path / "events.csv").write_text(HEADER + "".join(rows), encoding="utf-8")


def changed(path: Path, leave: str) -> int:
    argv = ["dispatch", "change", "1024-1", f"leave={leave}", "--scenario", str(path)]
    return status([*argv, "--plan", str(path / "plan"), "--as-of", DAY.isoformat()])


def test_a_day_on_which_no_road_is_open_is_refused(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    close_huixtla(mine, "2018-10-22")
    assert changed(mine, "2018-10-25") == 2
    told = capsys.readouterr().err
    assert "no open road leads from Huixtla to Tapachula" in told
    assert "choose another day" in told
    assert not (mine / "dispatches.csv").exists()
    assert changed(mine, "2018-10-26") == 0


def test_what_is_closed_later_than_it_is_decided_is_not_known(mine: Path) -> None:
    close_huixtla(mine, "2018-10-24")
    assert changed(mine, "2018-10-25") == 0
