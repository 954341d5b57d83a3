"""Workbooks: plain cells are read, formulas never, and what is meant to hurt is refused."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from places_at_hand import place_of, read_text

from safepassage.adapters.intake import Intake
from safepassage.core.errors import InputError

HEAD = ["Fecha", "Lugar", "Personas", "Nota"]


def book(*rows: list[object], title: str = "reports", hidden: str = "") -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    if hidden:
        other = made.create_sheet(hidden, 0)
        other.append(HEAD)
        other.append([date(2018, 10, 1), "Arriaga", 1, "secret"])
        other.sheet_state = "hidden"
    return made


def bytes_of(made: openpyxl.Workbook) -> bytes:
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def shared(note: str) -> bytes:
    """Give a workbook that keeps its texts in a part of their own, as most programs write it."""
    data = io.BytesIO()
    made = xlsxwriter.Workbook(data, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = made.add_worksheet()
    for number, row in enumerate(
        [HEAD, ["2018-10-23", "Huixtla", 4, note], ["2018-10-23", "Arriaga", 5, "x"]]
    ):
        sheet.write_row(number, 0, row)
    made.close()
    return data.getvalue()


def read(tmp_path: Path, data: bytes, name: str = "book.xlsx") -> Intake:
    return read_text(tmp_path, data, name)


def repacked(data: bytes, part: str, change) -> bytes:
    """Give the workbook with one of its parts changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item.filename, change(content) if item.filename == part else content)
    return made.getvalue()


def test_dates_and_numbers_of_a_workbook_are_read(tmp_path: Path) -> None:
    rows = [datetime(2018, 10, 23), "Huixtla", 4500, "x"], [date(2018, 10, 24), "Mapastepec", 1500.0, None]
    intake = read(tmp_path, bytes_of(book(HEAD, *rows)))
    assert [(str(p.report.observed), p.report.low) for p in intake.proposals] == [
        ("2018-10-23", 4500),
        ("2018-10-24", 1500),
    ]
    assert intake.notices[0].file == "book.xlsx"


def test_a_workbook_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    data = bytes_of(book(HEAD, [date(2018, 10, 23), "Huixtla", 5, "x"]))
    assert place_of(read(tmp_path, data, "named.csv")) == "huixtla"


@pytest.mark.parametrize("column", range(4))
def test_a_formula_is_never_evaluated_and_its_row_is_told(tmp_path: Path, column: int) -> None:
    good = [date(2018, 10, 23), "Huixtla", 4500, "x"]
    bad = [("=1+1" if k == column else cell) for k, cell in enumerate(good)]
    intake = read(tmp_path, bytes_of(book(HEAD, good, bad)))
    assert len(intake.proposals) == 1
    assert (intake.refused[0].row, intake.refused[0].column) == (3, HEAD[column])
    assert "formula" in str(intake.refused[0])


def test_the_cached_value_of_a_formula_is_not_trusted(tmp_path: Path) -> None:
    data = bytes_of(book(HEAD, [date(2018, 10, 23), "Huixtla", "=2+2", "x"]))
    cached = repacked(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: (
            xml.replace(b"<v></v>", b"<v>4321</v>")
            .replace(b"<v/>", b"<v>4321</v>")
            .replace(b"<v />", b"<v>4321</v>")
        ),
    )
    assert b"4321" in zipfile.ZipFile(io.BytesIO(cached)).read("xl/worksheets/sheet1.xml")
    intake = read(tmp_path, cached)
    assert not intake.proposals
    assert "4321" not in repr(intake)


def test_a_formula_in_a_column_that_is_not_read_does_no_harm(tmp_path: Path) -> None:
    intake = read(tmp_path, bytes_of(book([*HEAD, "Xyzzy"], [date(2018, 10, 23), "Huixtla", 5, "x", "=1+1"])))
    assert len(intake.proposals) == 1


def test_hidden_sheets_are_told_and_not_read(tmp_path: Path) -> None:
    data = bytes_of(book(HEAD, [date(2018, 10, 23), "Huixtla", 5, "x"], hidden="borrador"))
    intake = read(tmp_path, data)
    assert len(intake.proposals) == 1
    assert "borrador" in str(intake.notices[0])
    assert "secret" not in repr(intake)


def test_more_sheets_are_told(tmp_path: Path) -> None:
    made = book(HEAD, [date(2018, 10, 23), "Huixtla", 5, "x"])
    made.create_sheet("another").append(["a"])
    assert any("'another'" in str(notice) for notice in read(tmp_path, bytes_of(made)).notices)


def test_a_cell_of_ten_megabytes_is_refused_with_its_row(tmp_path: Path) -> None:
    huge = repacked(shared("@@"), "xl/sharedStrings.xml", lambda xml: xml.replace(b"@@", b"y" * 10_000_000))
    assert len(huge) < 1_000_000
    intake = read(tmp_path, huge)
    assert [p.report.low for p in intake.proposals] == [5]
    assert "10000000 characters" in str(intake.refused[0])


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = repacked(shared("@@"), "xl/sharedStrings.xml", lambda xml: xml.replace(b"@@", b"\0" * 100_000_000))
    with pytest.raises(InputError, match="100 MB when unpacked"):
        read(tmp_path, bomb)


def test_an_archive_of_many_parts_is_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for k in range(2_100):
            archive.writestr(f"{k}.xml", "")
    with pytest.raises(InputError, match="2100 parts"):
        read(tmp_path, made.getvalue())


BILLION = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e SYSTEM "file:///etc/passwd">]>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&d;&e;</t></si></sst>"""


@pytest.mark.parametrize(
    "part", [f"xl/{part}.xml" for part in ("sharedStrings", "workbook", "worksheets/sheet1", "styles")]
)
@pytest.mark.parametrize("content", [BILLION, b"", b"<", b"\xff" * 50, b"<a/>"])
def test_a_broken_or_hostile_part_is_one_error_or_no_harm(tmp_path: Path, part: str, content: bytes) -> None:
    try:
        told = repr(read(tmp_path, repacked(shared("x"), part, lambda _: content)))
    except InputError as error:
        told = str(error)
    assert "book.xlsx" in told
    assert "root:" not in told
    assert "aaaaaaaaaa" not in told


@pytest.mark.parametrize(
    "sheet",
    [
        b'<row r="999999999999"><c r="A999999999999" t="inlineStr"><is><t>x</t></is></c></row>',
        b'<row r="2"><c r="ZZZZZZZZ2"><v>1</v></c></row>',
        b'<row r="2"><c r="XFD2"><v>1</v></c></row>',
        b'<row r="-5"><c r="A-5"><v>1</v></c></row>',
        b'<row r="2"><c r="A2"><v>1e400</v></c><c r="B2" t="s"><v>99999</v></c></row>',
        b'<row r="2"><c r="A2" t="d"><v>not a date</v></c></row>',
    ],
)
def test_a_lying_sheet_is_one_error_or_refused_rows(tmp_path: Path, sheet: bytes) -> None:
    data = bytes_of(book(HEAD, [date(2018, 10, 23), "Huixtla", 5, "x"]))
    lying = repacked(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", sheet + b"</sheetData>").replace(
            b'ref="A1:D2"', b'ref="A1:XFD1048576"'
        ),
    )
    try:
        intake = read(tmp_path, lying)
    except InputError:
        return
    assert len(intake.proposals) <= 1


def test_what_is_no_workbook_in_an_archive_is_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("hello.txt", "hello")
    for data in (made.getvalue(), made.getvalue()[:40], b"PK\x03\x04" + b"\0" * 100):
        with pytest.raises(InputError, match=r"book\.xlsx"):
            read(tmp_path, data)


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    for made in (book(), book(HEAD)):
        with pytest.raises(InputError):
            read(tmp_path, bytes_of(made))
