"""dispatches.csv: read to the letter, faults all at once, nothing known early, read back as written."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from safepassage.adapters import dispatches
from safepassage.adapters.dispatches import Log, load_text
from safepassage.adapters.dispatches.loads import read_loads
from safepassage.core.errors import InputError
from safepassage.core.logistics import Carrier, Logistics, Supply
from safepassage.core.network import Links, Network, Places
from safepassage.core.plan import Dispatch, Load

DAY = date(2018, 10, 23)
HEADER = (
    "id,status,decided,carrier,vehicles,from,to,leave,leave_hour,arrive,arrive_hour,hours,km,loads,people,"
    "sure,reason,note\n"
)
DRIVE = (
    "d1,accepted,2018-10-23,truck,2,a,b,2018-10-24,6,2018-10-24,7.5,3,80,"
    "water 2000 L @wells; food 300 meal @cooks,900,0.8,,\n"
)


def towns() -> Network:
    names = ("Aguas", "Barrio Nuevo", "Cerro")
    blank = ("",) * 3
    places = Places(
        ("a", "b", "c"), names, ("MX",) * 3, blank, np.zeros(3), np.arange(3.0), ("town",) * 3,
        np.full(3, -1), np.full(3, -1), blank, blank,
    )  # fmt: skip
    links = Links(
        np.array([0, 1]), np.array([1, 2]), np.array([40.0, 60.0]), ("road",) * 2, np.ones(2, dtype=bool),
        np.zeros(2, dtype=bool), ("",) * 2,
    )  # fmt: skip
    return Network(places, links)


def offered() -> Logistics:
    supplies = (
        Supply("wells", "town hall", 0, "water", 9000.0, DAY, None, DAY),
        Supply("cooks", "parish", 0, "food", 500.0, DAY, None, DAY, per_day=True),
    )
    carrier = Carrier(
        "truck", "parish", 0, "pickup", 2, 1500.0, 3000.0, 2.0, 50.0, 10.0, 0.0, 5.0, DAY, None, DAY
    )
    return Logistics(supplies, (carrier,))


def read(tmp_path: Path, text: str, logistics: Logistics | None = None, *, strict: bool = True) -> Log:
    path = tmp_path / "dispatches.csv"
    path.write_text(text, encoding="utf-8")
    return dispatches.read(path, towns(), logistics or offered(), strict=strict)


def faults(tmp_path: Path, text: str, logistics: Logistics | None = None) -> dict[tuple[int, str], str]:
    with pytest.raises(InputError) as raised:
        read(tmp_path, text, logistics)
    assert all(fault.file == "dispatches.csv" and fault.mend for fault in raised.value.faults)
    return {(fault.row or 0, fault.column or ""): fault.found for fault in raised.value.faults}


def test_a_row_is_read_as_it_stands(tmp_path: Path) -> None:
    log = read(tmp_path, HEADER + DRIVE)
    assert log.notices == ()
    assert log.entries[0].dispatch == Dispatch(
        "d1", "truck", 2, 0, 1, date(2018, 10, 24), 6.0, date(2018, 10, 24), 7.5, 3.0, 80.0,
        (Load("water", 2000.0, "wells"), Load("food", 300.0, "cooks")), 900.0, 0.8, "accepted",
    )  # fmt: skip


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    network = towns()
    first = read(tmp_path, HEADER + DRIVE).entries[0].dispatch
    path = tmp_path / "plan" / "dispatches.csv"
    dispatches.write(path, [first], network.places.ids, as_of=DAY)
    assert path.read_text(encoding="utf-8") == HEADER + DRIVE
    assert dispatches.read(path, network, offered()).entries[0].dispatch == first


def test_few_people_are_not_written(tmp_path: Path) -> None:
    few = HEADER + DRIVE.replace(",900,", ",19,")
    one = read(tmp_path, few).entries[0].dispatch
    dispatches.write(tmp_path / "out.csv", [one], towns().places.ids, as_of=DAY)
    assert ",,0.8," in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_of_each_drive_the_last_row_known_by_a_day_holds(tmp_path: Path) -> None:
    log = read(tmp_path, HEADER + DRIVE + "d1,sent,2018-10-24" + "," * 15 + "\n")
    assert log.known_by(date(2018, 10, 22)) == {}
    assert log.known_by(DAY)["d1"].dispatch.status == "accepted"
    later = log.known_by(date(2018, 10, 24))["d1"].dispatch
    # What is left empty is as in the row before.
    assert (later.status, later.vehicles, later.loads[0].quantity) == ("sent", 2, 2000.0)


def test_empty_days_and_reasons_are_not_taken_over(tmp_path: Path) -> None:
    said = DRIVE.replace(",0.8,,", ",0.8,bridge,")
    found = faults(tmp_path, HEADER + said + "d1,sent" + "," * 16 + "\n")
    assert found == {(3, "decided"): "an empty cell"}
    log = read(tmp_path, HEADER + said + "d1,sent,2018-10-24" + "," * 15 + "\n")
    assert [entry.reason for entry in log.entries] == ["bridge", ""]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    rows = [
        "d1,agreed,2018-10-23,truck,0,a,b,2018-10-24,25,2018-10-24,7,3,80,water 2000 L @wells,,,,",
        "d2,accepted,,truck,1,a,nowhere,2018-10-24,6,2018-10-23,7,3,80,water -5 L @wells,,,,",
        "d3,accepted,2018-10-23,van,1,a,b,2018-10-24,6,2018-10-24,7,3,80,gold 5; food 10 L @cooks,,2,,",
        "d4,accepted,2018-10-23,truck,1,a,b,2018-10-24,6,,,3,80,food 10 meal @wells; water 1 L @gone,,,,",
        "d5,sent,2018-10-23,truck,1,a,b,2018-10-24,6,,,3,80,nothing,,,,",
    ]
    found = faults(tmp_path, HEADER + "\n".join(rows) + "\n")
    assert set(found) == {
        (2, "status"), (2, "vehicles"), (2, "leave_hour"),
        (3, "decided"), (3, "to"), (3, "arrive"), (3, "loads"),
        (4, "carrier"), (4, "loads"), (4, "sure"), (5, "loads"), (6, "loads"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("reason", "=HYPERLINK(1)"),
        ("reason", "ask for +52 961 123 4567"),
        ("note", "contacto: Juan Pérez"),
        ("reason", "@SUM(1)"),
        ("note", "calle 5 número 12"),
    ],
)
def test_formulas_persons_and_telephones_are_refused(tmp_path: Path, column: str, cell: str) -> None:
    text = DRIVE.rstrip("\n").removesuffix(",,") + (f",{cell},\n" if column == "reason" else f",,{cell}\n")
    assert (2, column) in faults(tmp_path, HEADER + text)


@pytest.mark.parametrize("key", ["=1+1", "a b", "x" * 81, "../up", "-d", "@d"])
def test_keys_are_plain(tmp_path: Path, key: str) -> None:
    assert (2, "id") in faults(tmp_path, HEADER + DRIVE.replace("d1", key))


def test_one_key_is_one_drive_day_after_day(tmp_path: Path) -> None:
    other = DRIVE.replace(",b,", ",c,")
    earlier = DRIVE.replace("accepted,2018-10-23", "sent,2018-10-22")
    found = faults(tmp_path, HEADER + DRIVE + other)
    assert set(found) == {(3, "id")}
    assert (3, "decided") in faults(tmp_path, HEADER + DRIVE + earlier)


def test_nothing_is_decided_on_what_was_not_known(tmp_path: Path) -> None:
    early = DRIVE.replace("accepted,2018-10-23", "accepted,2018-10-20")
    assert set(faults(tmp_path, HEADER + early)) == {(2, "carrier"), (2, "loads")}


def test_what_is_gone_is_told_of_drives_in_force_only(tmp_path: Path) -> None:
    text = HEADER + DRIVE
    assert set(faults(tmp_path, text, Logistics())) == {(2, "carrier"), (2, "loads")}
    over = text + "d1,withdrawn,2018-10-24" + "," * 15 + "\n"
    assert len(read(tmp_path, over, Logistics()).entries) == 2
    gone = read(tmp_path, HEADER + DRIVE.replace(",b,", ",nowhere,"), strict=False)
    assert gone.entries[0].dispatch.place == -1


@pytest.mark.parametrize(
    ("text", "loads"),
    [
        ("water 2000 L @s1", (("water", 2000.0, "s1"),)),
        ("agua 2.5 L", (("water", 2.5, ""),)),
        ("20 garrafones @s1; 800 comidas", (("water", 400.0, "s1"), ("food", 800.0, ""))),
        ("water 2 pipas", (("water", 20_000.0, ""),)),
        ("baby_food 3 portion", (("baby_food", 3.0, ""),)),
        ("nada", ()),
    ],
)
def test_goods_are_read_in_units_as_people_count_them(
    text: str, loads: tuple[tuple[str, float, str], ...]
) -> None:
    assert tuple((x.item, x.quantity, x.supply) for x in read_loads(text)) == loads


@pytest.mark.parametrize("key", ["a", "a b", "a;b", "50%3B", "ñandú @home", ""])
def test_keys_of_supplies_come_back(key: str) -> None:
    loads = (Load("water", 1.5, key), Load("food", 800.0, ""))
    assert read_loads(load_text(loads)) == loads


@pytest.mark.parametrize(
    "text", ["", ";", "water", "gold 3", "water 0 L", "water -1 L", "food 3 L", "water nan L"]
)
def test_goods_that_are_not_understood_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_loads(text)


@pytest.mark.parametrize("data", [b"\x00\xff\x01", b"", b'id,"', b"x\n1\n", "id;status\n".encode("utf-16")])
def test_files_that_are_none_are_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "dispatches.csv").write_bytes(data)
    with pytest.raises(InputError):
        dispatches.read(tmp_path / "dispatches.csv", towns(), offered())


def test_no_file_is_an_empty_log(tmp_path: Path) -> None:
    assert dispatches.read(tmp_path / "dispatches.csv", towns(), Logistics()) == Log()


def test_a_spreadsheets_semicolons_and_days_are_understood(tmp_path: Path) -> None:
    text = (HEADER + DRIVE).replace(";", "|").replace(",", ";").replace("|", ",")
    # Cells with the mark that now separates goods stand in quotation marks.
    text = text.replace(
        "water 2000 L @wells, food 300 meal @cooks", '"water 2000 L @wells; food 300 meal @cooks"'
    )
    text = text.replace("2018-10-24", "24/10/2018").replace("7.5", "7,5")
    one = read(tmp_path, text).entries[0].dispatch
    assert (one.leave, one.arrive_hour, len(one.loads)) == (date(2018, 10, 24), 7.5, 2)
