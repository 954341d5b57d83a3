"""supplies.csv, carriers.csv and requests.csv: read as spreadsheets write them, every fault told once."""

from datetime import date
from pathlib import Path

import pytest

from safepassage.adapters import builtin, folder, logistics
from safepassage.adapters.logistics.sheet import open_sheet
from safepassage.adapters.logistics.vocabulary import catalogue
from safepassage.core.errors import Fault, InputError
from safepassage.core.logistics import Logistics
from safepassage.core.network import Network

SUPPLIES = "holder,place,item,quantity,unit,from,until\n"


@pytest.fixture(scope="module")
def network() -> Network:
    return folder.read_network(builtin.network_path("mesoamerica"))


def faults_of(path: Path, network: Network) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        logistics.read(path, network)
    assert all(fault.mend and fault.expected for fault in caught.value.faults)
    return caught.value.faults


def supplies(path: Path, *rows: str, header: str = SUPPLIES) -> Path:
    (path / "supplies.csv").write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def carriers(path: Path, *rows: str, header: str) -> Path:
    (path / "carriers.csv").write_text(header + "\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_a_folder_without_the_files_has_nothing(tmp_path: Path, network: Network) -> None:
    assert logistics.read(tmp_path, network) == (Logistics(), ())
    assert not logistics.has_files(tmp_path)


def test_a_spreadsheet_of_excel_is_read_as_it_is(tmp_path: Path, network: Network) -> None:
    text = (
        "\ufeffHolder;Place;Item;Quantity;Unit;From;Until;dato\r\n"
        "Parroquia de Huixtla;HUIXTLA;agua;20;garrafón;24/10/2018;26/10/2018;x\r\n"
        "DIF;Juchitan de Zaragoza;cobijas;100,5;;13/10/2018;;\r\n"
    )
    (tmp_path / "supplies.csv").write_bytes(text.encode("utf-8"))
    found, notices = logistics.read(tmp_path, network)
    water, blankets = found.supplies
    assert (water.item, water.quantity, water.since, water.until) == (
        "water", 400.0, date(2018, 10, 24), date(2018, 10, 26),
    )  # fmt: skip
    assert network.places.ids[blankets.place] == "juchitan-de-zaragoza"
    assert (blankets.item, blankets.quantity) == ("blanket", 100.5)
    assert water.extra == (("dato", "x"),)
    assert {notice.column for notice in notices} >= {"dato", "unit", "item", "announced", None}


def test_the_same_file_in_cp1252_is_read_too(tmp_path: Path, network: Network) -> None:
    (tmp_path / "supplies.csv").write_bytes(
        "holder,place,item,quantity,from\nAyuntamiento,Tonalá,pañales,5,2018-10-24\n".encode("cp1252")
    )
    found, _ = logistics.read(tmp_path, network)
    assert found.supplies[0].item == "diaper"


def test_every_fault_of_the_three_files_is_told_at_once(tmp_path: Path, network: Network) -> None:
    supplies(
        tmp_path,
        "Sra. Rosa Perez,huixla,agau,-5,,2018-10-24,2018-10-20",
        '=cmd(),Huixtla,water,"1,500",cajitas,2018-10-24,',
        "DIF,Huixtla,water,1e30,,,",
        "DIF,Huixtla,water,0,,2018-10-24,",
        ",Huixtla,water,,,2018-10-24,",
    )
    carriers(
        tmp_path,
        "A,Tapachula,carreta,,,2018-10-24,,",
        "B,Tapachula,pickup,0,0,2018-10-24,,",
        "C,Tapachula,pickup,,,2018-10-24,14,6",
        header="holder,place,vehicle,capacity_kg,seats,from,first_hour,last_hour",
    )
    (tmp_path / "requests.csv").write_text("place,item,quantity\nHuixtla,stars,3\n", encoding="utf-8")
    faults = faults_of(tmp_path, network)
    found = {(fault.file, fault.row, fault.column) for fault in faults}
    s, c, r = "supplies.csv", "carriers.csv", "requests.csv"
    assert found >= {
        (s, 2, "holder"), (s, 2, "place"), (s, 2, "item"), (s, 2, "quantity"), (s, 2, "until"),
        (s, 3, "holder"), (s, 3, "quantity"), (s, 3, "unit"), (s, 4, "quantity"), (s, 4, "from"),
        (s, 5, "quantity"), (s, 6, "holder"), (s, 6, "quantity"),
        (c, 2, "vehicle"), (c, 3, "capacity_kg"), (c, 4, "last_hour"), (r, 2, "item"), (r, 2, "from"),
    }  # fmt: skip
    mends = {(fault.file, fault.row, fault.column): fault.mend for fault in faults}
    assert "water" in mends[s, 2, "item"]
    assert "huixtla" in mends[s, 2, "place"]


def test_a_personal_column_and_a_personal_note_are_refused(tmp_path: Path, network: Network) -> None:
    supplies(
        tmp_path, "DIF,Huixtla,water,5,2018-10-24,962", header="holder,place,item,quantity,from,telefono\n"
    )
    assert faults_of(tmp_path, network)[0].column == "telefono"
    supplies(
        tmp_path,
        "DIF,Huixtla,water,5,2018-10-24,962 555 0143",
        header="holder,place,item,quantity,from,note\n",
    )
    assert faults_of(tmp_path, network)[0].column == "note"


@pytest.mark.parametrize("note", ["preguntar por Juan", "coordina María", "padre Miguel", "llamar 96255501"])
def test_whom_to_ask_for_is_no_note(note: str, tmp_path: Path, network: Network) -> None:
    header = "holder,place,item,quantity,from,note\n"
    supplies(tmp_path, f"DIF,Huixtla,water,5,2018-10-24,{note}", header=header)
    (fault,) = faults_of(tmp_path, network)
    assert (fault.row, fault.column) == (2, "note")
    assert note not in str(fault)
    supplies(tmp_path, "DIF,Huixtla,water,5,2018-10-24,pregunten por Huixtla", header=header)
    assert logistics.read(tmp_path, network)[0].supplies[0].note == "pregunten por Huixtla"


def test_a_slip_is_told_with_its_mend(tmp_path: Path, network: Network) -> None:
    supplies(
        tmp_path,
        "DIF,Huixtla,water,-10,L,2018-10-24,",
        "DIF,Huixtla,water,20 garrafones,,2018-10-24,",
        "DIF,Huixtla,water,5,cajitas,2018-10-24,",
        "DIF,Huixtla,stars,5,,2018-10-24,",
    )
    mends = {fault.row: fault.mend for fault in faults_of(tmp_path, network)}
    assert len(mends) == 4
    for row, word in ((2, "what there is"), (3, "`unit`"), (4, "caja"), (5, "profile.csv")):
        assert word in mends[row]


def test_an_empty_file_is_a_fault_and_a_header_alone_is_none(tmp_path: Path, network: Network) -> None:
    (tmp_path / "supplies.csv").write_text("")
    assert faults_of(tmp_path, network)[0].found == "an empty file"
    supplies(tmp_path)
    assert logistics.read(tmp_path, network)[0] == Logistics()


def test_many_rows_are_read_and_their_faults_counted(tmp_path: Path, network: Network) -> None:
    supplies(tmp_path, *(f"DIF {n},Huixtla,water,{n},,2018-10-24," for n in range(1, 2_001)))
    found, _ = logistics.read(tmp_path, network)
    assert len(found.supplies) == len({one.id for one in found.supplies}) == 2_000
    supplies(tmp_path, *(f"DIF {n},Huixtla,watre{n % 50},{n},,2018-10-24," for n in range(1, 2_001)))
    assert len(faults_of(tmp_path, network)) == 21


def test_rows_that_say_the_same_are_told(tmp_path: Path, network: Network) -> None:
    supplies(tmp_path, *["DIF,Huixtla,water,5,,2018-10-24,"] * 2)
    found, notices = logistics.read(tmp_path, network)
    assert len({one.id for one in found.supplies}) == 2
    assert any("says the same" in notice.expected for notice in notices)


def test_keys_told_twice_are_a_fault(tmp_path: Path, network: Network) -> None:
    header = "id,holder,place,item,quantity,from\n"
    supplies(tmp_path, "a,DIF,Huixtla,water,5,2018-10-24", "a,DIF,Huixtla,food,5,2018-10-24", header=header)
    assert faults_of(tmp_path, network)[0].column == "id"


def test_a_vehicle_takes_what_such_vehicles_usually_have_and_says_so(
    tmp_path: Path, network: Network
) -> None:
    carriers(
        tmp_path,
        "A,Tapachula,una camioneta de redilas roja,2018-10-24,3000",
        "B,Tapachula,pipa,2018-10-24,",
        "C,Tapachula,carreta,2018-10-24,150",
        header="holder,place,vehicle,from,capacity_kg",
    )
    found, notices = logistics.read(tmp_path, network)
    stake, tanker, cart = found.carriers
    assert (stake.capacity_kg, stake.capacity_litres, stake.hours_per_day) == (3000.0, 12000.0, 10.0)
    assert "capacity_kg" not in stake.assumed
    assert "capacity_litres" in stake.assumed
    assert tanker.items == ("water",)
    assert (cart.capacity_kg, cart.seats, cart.assumed) == (150.0, 0.0, ())
    assert [notice.row for notice in notices if notice.column == "vehicle"] == [2, 3]
    assert found.currency == "MXN"


def test_hours_in_which_a_supply_can_be_fetched_are_read_and_written_back(
    tmp_path: Path, network: Network
) -> None:
    header = "holder,place,item,quantity,from,first_hour,last_hour\n"
    supplies(
        tmp_path, "DIF,Huixtla,food,5,2018-10-24,6,14.5", "DIF,Huixtla,ors,5,2018-10-24,,", header=header
    )
    found, _ = logistics.read(tmp_path, network)
    assert [(one.first_hour, one.last_hour) for one in found.supplies] == [(6.0, 14.5), (0.0, 24.0)]
    texts = logistics.logistics_texts(found, network.places.ids)
    (tmp_path / "supplies.csv").write_text(texts["supplies.csv"], encoding="utf-8")
    assert logistics.read(tmp_path, network)[0] == found
    supplies(
        tmp_path, "DIF,Huixtla,food,5,2018-10-24,14,6", "DIF,Huixtla,ors,5,2018-10-24,-1,25", header=header
    )
    told = {(fault.row, fault.column) for fault in faults_of(tmp_path, network)}
    assert told == {(2, "last_hour"), (3, "first_hour"), (3, "last_hour")}


def test_two_currencies_are_a_fault(tmp_path: Path, network: Network) -> None:
    header = "holder,place,vehicle,from,currency"
    carriers(tmp_path, "A,Tapachula,van,2018-10-24,MXN", "B,Tapachula,van,2018-10-24,GTQ", header=header)
    assert faults_of(tmp_path, network)[0].column == "currency"


@pytest.mark.parametrize("name", builtin.scenario_names())
def test_what_is_written_is_read_back_the_same(name: str, tmp_path: Path, network: Network) -> None:
    found, _ = logistics.read(builtin.scenario_path(name), network)
    texts = logistics.logistics_texts(found, network.places.ids)
    for file, text in texts.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    assert logistics.read(tmp_path, network) == (found, ())
    assert logistics.logistics_texts(found, network.places.ids) == texts


def test_unknown_columns_and_requests_are_written_back(tmp_path: Path, network: Network) -> None:
    supplies(
        tmp_path, "DIF,Huixtla,cobijas,7,2018-10-24,azul", header="holder,place,item,quantity,from,color\n"
    )
    (tmp_path / "requests.csv").write_text(
        "place,item,quantity,unit,from,note\nHuixtla,agua,2,pipas,2018-10-24,para el parque\n",
        encoding="utf-8",
    )
    found, _ = logistics.read(tmp_path, network)
    assert (found.requests[0].quantity, found.requests[0].until) == (20_000.0, date(2018, 10, 24))
    again = tmp_path / "again"
    again.mkdir()
    for file, text in logistics.logistics_texts(found, network.places.ids).items():
        (again / file).write_text(text, encoding="utf-8")
    assert logistics.read(again, network)[0] == found


def test_a_sheet_is_changed_in_one_place_only(tmp_path: Path) -> None:
    text = (
        'sep=;\nHolder;Place;item;quantity;from;mía\n\n"DIF; Huixtla";huixtla;agua;5,0;24/10/2018;"a ""b"""\n'
    )
    path = tmp_path / "supplies.csv"
    path.write_bytes(text.encode("cp1252"))
    sheet = open_sheet(path)
    sheet.change(4, {"status": "refused"})
    sheet.append({"holder": "x", "quantity": "1"})
    sheet.save()
    assert path.read_text(encoding="utf-8").splitlines() == [
        "Holder;Place;item;quantity;from;mía;status",
        '"DIF; Huixtla";huixtla;agua;5,0;24/10/2018;"a ""b""";refused',
        "x;;;1;;;",
    ]


def test_a_sheet_that_somebody_else_wrote_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = supplies(tmp_path, "DIF,Huixtla,water,5,,2018-10-24,") / "supplies.csv"
    sheet = open_sheet(path)
    sheet.append({"holder": "x"})
    path.write_text(SUPPLIES)
    with pytest.raises(InputError):
        sheet.save()
    assert path.read_text() == SUPPLIES


def test_every_figure_of_the_tables_says_what_it_rests_on() -> None:
    known = catalogue()
    for unit in known.units:
        assert unit.factor > 0
        assert "assumption" in unit.basis or "definition" in unit.basis or unit.factor in (1, 1000)
        assert unit.item in ("", *known.by_id)
    for vehicle in known.vehicles:
        assert "planning assumption" in vehicle.basis
        assert set(vehicle.items) <= set(known.by_id)
        assert vehicle.capacity_kg > 0
    assert set(known.item_words.values()) <= set(known.by_id)


@pytest.mark.parametrize(
    ("unit", "item", "factor"),
    [
        ("garrafones", "water", 20),
        ("PIPA", "water", 10_000),
        ("L", "water", 1),
        ("", "food", 1),
        ("toneladas", "dry_food", 1000),
        ("kg", "food_parcel", 0.1),
        ("cajas", "infant_formula", 12),
        ("litros", "blanket", None),
        ("cobijas", "water", None),
    ],
)
def test_local_units_become_those_of_the_item(unit: str, item: str, factor: float | None) -> None:
    known = catalogue()
    assert known.per_unit(unit, known.by_id[item]) == factor
