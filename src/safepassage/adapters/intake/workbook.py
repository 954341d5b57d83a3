"""XLSX workbooks to a `Sheet`: formulas are never evaluated, and a bomb is not unpacked.

The entry of every part in the directory of the archive is summed before anything is unpacked; `zipfile` never
gives more than an entry promises. With defusedxml installed openpyxl refuses entities in its parts.
"""

from __future__ import annotations

import io
import math
import warnings
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from safepassage.adapters.folder.cells import number_text
from safepassage.adapters.folder.findings import Findings, shown
from safepassage.adapters.intake.sheet import MAX_COLUMNS, MAX_ROWS, Row, Sheet, make_row
from safepassage.core.errors import Fault

MAX_UNPACKED_BYTES = 60_000_000
MAX_PARTS = 2_000
# Empty rows between two rows that are there: a row may bear any number.
MAX_ROWS_READ = 5 * MAX_ROWS
FORMULA, BROKEN = "a formula", "an error of a formula"


def read_workbook(data: bytes, file: str, findings: Findings) -> Sheet | None:
    """Read the first visible sheet that holds a table; None, and a fault, where there is none."""
    if not _unpacks(data, file, findings):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are no matter of ours
            return _first_table(data, file, findings)
    except Exception:  # whatever a hostile file makes a reader of XML and archives raise
        mend = "open it in a spreadsheet program and save it again as .xlsx or .csv"
        findings.faults.append(Fault(file, "a workbook that cannot be read", "an .xlsx workbook", mend))
        return None


def _unpacks(data: bytes, file: str, findings: Findings) -> bool:
    """Tell whether the archive is one, and of a size that a table of reports may have."""
    found = ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MAX_PARTS:
                found = f"an archive of {len(parts)} parts"
            elif unpacked > MAX_UNPACKED_BYTES:
                found = f"{unpacked // 1_000_000} MB when unpacked"
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError):
        found = "a broken archive"
    if found:
        expected = f"a workbook of at most {MAX_UNPACKED_BYTES // 1_000_000} MB"
        findings.faults.append(Fault(file, found, expected, "save the table of reports alone as .csv"))
    return not found


def _first_table(data: bytes, file: str, findings: Findings) -> Sheet | None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    if hidden:
        said = ", ".join(shown(title) for title in hidden[:5])
        mend = "show it, or save it as a file of its own, if reports stand in it"
        findings.note(Fault(file, f"hidden sheets: {said}", "visible sheets; hidden ones are not read", mend))
    for number, sheet in enumerate(sheets):
        rows = _rows(sheet, file, findings)
        if rows is None:
            return None
        if rows:
            _tell_others([other.title for other in sheets[number + 1 :]], sheet.title, file, findings)
            return Sheet(file, rows)
    findings.faults.append(Fault(file, "no cells in any visible sheet", "a table", "check the file"))
    return None


def _tell_others(others: list[str], read: str, file: str, findings: Findings) -> None:
    if others:
        said = ", ".join(shown(title) for title in others[:5])
        expected = f"one sheet; only {shown(read)} is read"
        findings.note(Fault(file, f"more sheets: {said}", expected, "save them as files of their own"))


def _rows(sheet: Any, file: str, findings: Findings) -> tuple[Row, ...] | None:
    sheet.reset_dimensions()  # what the file says of its own size may be anything
    rows: list[Row] = []
    empty: object = None  # the row that stands for every row of a gap, which may be of any length
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
        too_many = number > MAX_ROWS_READ or len(rows) > MAX_ROWS
        if too_many or (len(cells) > MAX_COLUMNS and cells[MAX_COLUMNS].value is not None):
            found = "too many rows" if too_many else "too many columns"
            expected = f"at most {MAX_ROWS} rows and {MAX_COLUMNS} columns"
            findings.faults.append(Fault(file, found, expected, "save the table of reports alone as .csv"))
            return None
        row = None if cells is empty else _row(number, cells)
        if row is None:
            empty = cells
        else:
            rows.append(row)
    return tuple(rows)


def _row(number: int, cells: Iterable[Any]) -> Row | None:
    texts, bad = [], {}
    for column, cell in enumerate(cells):
        kind = getattr(cell, "data_type", "n")
        value = cell.value
        if kind in ("f", "e") and value is not None:
            bad[column] = FORMULA if kind == "f" else BROKEN
            value = None
        texts.append(cell_text(value))
    while texts and not texts[-1] and len(texts) - 1 not in bad:
        texts.pop()
    return make_row(number, texts, bad)


def cell_text(value: object) -> str:
    """Give a cell as text: dates as yyyy-mm-dd, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        if isinstance(value, int) and value.bit_length() > 64:
            return "inf"
        return number_text(value) if math.isfinite(value) else str(value)
    return str(value)
