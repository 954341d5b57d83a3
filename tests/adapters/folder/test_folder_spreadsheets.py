import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from small_folder import FILES, small_folder
from test_folder_roundtrip import same

from safepassage.adapters import folder
from safepassage.core.errors import InputError

ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")


def semicolons(text: str) -> str:
    rows = csv.reader(io.StringIO(text))
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)
    return out.getvalue()


def decimal_commas(text: str) -> str:
    return re.sub(r"(?<=\d)\.(?=\d)", ",", semicolons(text))


SAVED_AS: dict[str, Callable[[str], bytes]] = {
    "BOM": lambda text: text.encode("utf-8-sig"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "semicolons": lambda text: semicolons(text).encode(),
    "tabs": lambda text: semicolons(text).replace(";", "\t").encode(),
    "decimal commas": lambda text: decimal_commas(text).encode(),
    "sep= line": lambda text: b"sep=;\r\n" + semicolons(text).replace("\n", "\r\n").encode(),
    "cp1252": lambda text: text.encode("cp1252"),
    "Excel in Spanish": lambda text: decimal_commas(text).replace("\n", "\r\n").encode("cp1252"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 LE": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: text.encode("utf-16-be"),
    "UTF-16 with tabs": lambda text: semicolons(text).replace(";", "\t").encode("utf-16"),
    "dd/mm/yyyy": lambda text: ISO.sub(r"\3/\2/\1", text).encode(),
    "mm/dd/yyyy": lambda text: ISO.sub(r"\2/\3/\1", text).encode(),
    "d.m.yyyy": lambda text: ISO.sub(lambda m: f"{int(m[3])}.{int(m[2])}.{m[1]}", text).encode(),
    "yyyy/mm/dd": lambda text: ISO.sub(r"\1/\2/\3", text).encode(),
    "date and time": lambda text: ISO.sub(r"\g<0> 00:00:00", text).encode(),
    "capitals and spaces": lambda text: re.sub(
        r"^.*", lambda m: m[0].upper().replace("_", " "), text
    ).encode(),
    "padded": lambda text: text.replace(",", " , ").replace('" , ', '",').encode(),
    "empty lines": lambda text: ("\n" + text.replace("\n", "\n\n")).encode(),
    "empty columns": lambda text: text.replace("\n", ",,\n").encode(),
}
QUIET = {"CRLF", "empty lines", "empty columns", "padded"}


@pytest.mark.parametrize("kind", SAVED_AS)
def test_every_table_loads_as_a_spreadsheet_saved_it(kind: str, tmp_path: Path) -> None:
    saved = {
        file.partition(".")[0]: SAVED_AS[kind](text)
        for file, text in FILES.items()
        if file.endswith(".csv") and not (kind == "padded" and '"' in text)
    }
    (tmp_path / "plain").mkdir()
    plain, _ = folder.read(small_folder(tmp_path / "plain"))
    scenario, notices = folder.read(small_folder(tmp_path, **saved))
    assert same(scenario, plain)
    if kind not in QUIET:
        files = {notice.file for notice in notices}
        # cp1252 and decimal commas only show where a table has such letters and numbers
        assert "places.csv" in files or "reports.csv" in files


def test_a_notice_is_told_once_with_the_number_of_its_rows(tmp_path: Path) -> None:
    reports = SAVED_AS["dd/mm/yyyy"](FILES["reports.csv"])
    _, notices = folder.read(small_folder(tmp_path, reports=reports))
    (observed, published) = notices
    assert observed.column == "observed"
    assert "day/month" in observed.expected
    assert "and 2 more rows" in observed.found
    assert published.column == "published"


def test_dates_that_may_be_read_both_ways_are_refused(tmp_path: Path) -> None:
    text = FILES["truth.csv"].replace("2020-05-22", "03/04/2020")
    with pytest.raises(InputError, match="told apart") as caught:
        folder.read(small_folder(tmp_path, truth=text))
    assert {(f.file, f.column) for f in caught.value.faults} == {("truth.csv", "date")}


def test_one_plain_row_tells_how_the_others_are_meant(tmp_path: Path) -> None:
    text = FILES["truth.csv"].replace("2020-05-22,dos,position", "03/04/2020,dos,position")
    text = text.replace("2020-05-22,dos,size", "25/04/2020,dos,size")
    scenario, _ = folder.read(small_folder(tmp_path, truth=text))
    assert scenario.truth[0].day.isoformat() == "2020-04-03"


def test_rows_that_contradict_one_another_are_refused(tmp_path: Path) -> None:
    text = FILES["truth.csv"].replace("2020-05-22,dos,position", "04/25/2020,dos,position")
    text = text.replace("2020-05-22,dos,size", "25/04/2020,dos,size")
    with pytest.raises(InputError) as caught:
        folder.read(small_folder(tmp_path, truth=text))
    assert len(caught.value.faults) == 2


def test_a_day_that_is_month_and_day_alike_is_no_riddle(tmp_path: Path) -> None:
    text = FILES["truth.csv"].replace("2020-05-22", "05/05/2020")
    scenario, _ = folder.read(small_folder(tmp_path, truth=text))
    assert scenario.truth[0].day.isoformat() == "2020-05-05"


@pytest.mark.parametrize("number", ["1.500", "1,500", "1 500", "1\u00a0500", "12.500.000"])
def test_grouped_thousands_of_people_are_refused(number: str, tmp_path: Path) -> None:
    text = semicolons(FILES["groups.csv"]).replace(";1500;", f";{number};")
    with pytest.raises(InputError, match="without separators"):
        folder.read(small_folder(tmp_path, groups=text))


def test_a_toml_with_a_byte_order_mark_loads(tmp_path: Path) -> None:
    folder.read(small_folder(tmp_path, scenario=FILES["scenario.toml"].encode("utf-8-sig")))


def test_a_toml_in_cp1252_loads_with_a_notice(tmp_path: Path) -> None:
    scenario, notices = folder.read(small_folder(tmp_path, scenario=FILES["scenario.toml"].encode("cp1252")))
    assert scenario.title_es == "Pequeña"
    assert notices[0].file == "scenario.toml"


def test_names_match_without_accents_and_case(tmp_path: Path) -> None:
    text = FILES["truth.csv"].replace("dos,position", "rio  DOS,position").replace("dos,size", "Río Dos,size")
    scenario, notices = folder.read(small_folder(tmp_path, truth=text))
    assert [row.place for row in scenario.truth] == [1, 1]
    assert notices == ()


def test_files_that_are_not_read_are_told(tmp_path: Path) -> None:
    path = small_folder(tmp_path)
    (path / "report.csv").write_text("x\n")
    (path / "attributes.csv").write_text("x\n")
    (path / "README.md").write_text("x\n")
    _, notices = folder.read(path)
    assert [(n.file, "reports.csv" in n.mend) for n in notices] == [
        ("attributes.csv", False),
        ("report.csv", True),
    ]


def test_a_road_shorter_than_the_straight_line_is_told(tmp_path: Path) -> None:
    text = FILES["links.csv"].replace("180.5", "18.05")
    _, notices = folder.read(small_folder(tmp_path, links=text))
    assert notices[0].column == "distance_km"
    assert "straight line" in notices[0].expected
