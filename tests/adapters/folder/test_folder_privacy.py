"""What no scenario folder may hold, in free words and as columns; and what must not be taken for it."""

from pathlib import Path

import pytest
from small_folder import FILES, replaced, small_folder

from safepassage.adapters import builtin, folder
from safepassage.adapters.folder.privacy import (
    ADDRESS,
    CONTACT,
    PERSON,
    SPOT,
    is_personal_column,
    personal_in,
)
from safepassage.core.errors import InputError

REFUSED = [
    ("the lead; 15.123456 -92.123456 casa azul calle 5", SPOT),
    ("15.123, -92.456", SPOT),
    ("seen near 15.1234", SPOT),
    ("lat 15.13 lon 92.46", SPOT),
    ("15.13N 92.46W", SPOT),
    ("15.13° norte", SPOT),
    ("15°07'24\"N 92°07'24\"W", SPOT),
    ("15° 7.4' N", SPOT),
    ("15.13, -92.46", SPOT),
    ("-92.461", SPOT),
    ("15,123456 y 92,123456", SPOT),
    ("at 76F8WV2P+XC", SPOT),
    ("at WV2P+XC", SPOT),
    ("https://www.google.com/maps/@15.123456,-92.123456,17z", SPOT),
    ("https://maps.google.com/?q=15.1234,-92.1234", SPOT),
    ("https://www.openstreetmap.org/#map=17/15.12345/-92.12345", SPOT),
    ("https://maps.app.goo.gl/abcd", SPOT),
    ("geo:15.1,-92.1", SPOT),
    ("calle 5 #12", ADDRESS),
    ("Av. Juárez 120", ADDRESS),
    ("av. juarez 120", ADDRESS),
    ("Avenida Benito Juárez, 120, centro", ADDRESS),
    ("Boulevard Díaz Ordaz No. 12649", ADDRESS),
    ("casa azul calle 5", ADDRESS),
    ("120 Main Street", ADDRESS),
    ("Sra. Xxxx Yyyy", PERSON),
    ("Lic. Xxxx de la Yyyy", PERSON),
    ("un joven llamado Xxxx Yyyy", PERSON),
    ("a man named Xxxx Yyyy", PERSON),
    ("write to somebody@example.org", CONTACT),
    ("tel. 961 123 4567", CONTACT),
    ("https://chat.whatsapp.com/abc", CONTACT),
]

ALLOWED = [
    "https://example.org/2018/10/22/caravana-15.123456-personas-calle-5-12",
    "https://example.org/a?id=14.987654; doi:10.1371/journal.pone.0123456",
    "www.example.org/avenida/120.1234",
    "unas 7.233 personas; 1.200, 1.500 y 2.000 según otros",
    "6.062 (con 516 niñas)",
    "from 4,000 to 6,000; 12.5 km; 3.14 days; 5 % to 100 %",
    "Oct 12,2018; 13.10.2018; 2018-10-13",
    "en la calle unas 300 personas durante 3 días",
    "people sleep in the street, 300 of them",
    "Avenida Reforma 2018",
    "a shelter named Casa del Migrante; Dr. Coss; the Sra. said",
    "Instituto Nacional de Migración; Guardia Nacional; Grupo Beta",
    "carretera 200, km 225; highway 15 north; 20 N of them",
    "Sunday 28th, 10:30; pp. 12-14; no. 3, vol. 12",
]


@pytest.mark.parametrize(("text", "what"), REFUSED)
def test_persons_contacts_spots_and_addresses_are_recognised(text: str, what: str) -> None:
    assert personal_in(text) == what


@pytest.mark.parametrize("text", ALLOWED)
def test_sources_numbers_and_institutions_are_no_personal_data(text: str) -> None:
    assert personal_in(text) == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "column"),
    [
        ("reports.csv", '"at least, they say"', "casa azul; 15.123456 -92.123456", "note"),
        ("joiners.csv", "a guess", "Av. Juárez 120", "reason"),
        ("events.csv", "the whole north", "15.13N 92.46W", "scope"),
        ("places.csv", "Casa del Río", "Casa del Río calle 5 #12", "shelter"),
    ],
)
def test_a_cell_with_an_exact_spot_is_one_fault_and_is_not_said_again(
    file: str, old: str, new: str, column: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        folder.read(small_folder(tmp_path, **replaced(file, old, new)))
    (fault,) = caught.value.faults
    assert (fault.file, fault.column) == (file, column)
    assert new not in str(fault)
    assert fault.mend


def test_the_words_of_the_settings_are_checked_too(tmp_path: Path) -> None:
    changed = replaced("scenario.toml", '"Small"', '"Sra. Xxxx Yyyy"')
    with pytest.raises(InputError) as caught:
        folder.read(small_folder(tmp_path, **changed))
    assert [fault.column for fault in caught.value.faults] == ["title_en"]


PERSONAL_COLUMNS = (
    "nombre", "Nombres", "apellido", "apellidos", "lider", "Líder", "contacto", "direccion", "dirección",
    "domicilio", "cedula", "curp", "pasaporte", "telefono", "telefono_contacto", "coordenadas", "gps",
    "gps_x", "lat", "lon", "whatsapp", "correo", "name", "person", "contact", "address", "passport",
    "id_number", "home address", "leader",
)  # fmt: skip


@pytest.mark.parametrize("column", PERSONAL_COLUMNS)
def test_columns_for_persons_and_spots_are_recognised(column: str) -> None:
    assert is_personal_column(column, "reports.csv")


@pytest.mark.parametrize("column", ["personas", "region", "date_read", "group_name", "mobile_clinics", "km"])
def test_other_columns_are_kept(column: str, tmp_path: Path) -> None:
    wider = "\n".join(
        line + "," + (column if n == 0 else "x") for n, line in enumerate(FILES["truth.csv"].splitlines())
    )
    scenario, _ = folder.read(small_folder(tmp_path, truth=wider))
    assert scenario.truth[0].extra == ((column, "x"),)


@pytest.mark.parametrize("name", builtin.scenario_names())
def test_no_built_in_scenario_is_refused(name: str) -> None:
    folder.read(builtin.scenario_path(name))


def test_a_place_needs_its_country(tmp_path: Path) -> None:
    empty = replaced("places.csv", "Santa Ana (Sur),SV", "Santa Ana (Sur),")
    with pytest.raises(InputError) as caught:
        folder.read(small_folder(tmp_path, **empty))
    (fault,) = caught.value.faults
    assert (fault.column, fault.mend) == ("country", "write the two letters")


def test_binary_settings_are_to_be_saved_as_text(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        folder.read(small_folder(tmp_path, scenario=bytes(range(256)) * 20))
    (fault,) = caught.value.faults
    assert "CSV" not in fault.mend
    assert "TOML" in fault.mend
