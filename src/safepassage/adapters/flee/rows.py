"""Rows of one CSV file of a Flee folder, whatever a spreadsheet program made of it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from safepassage.adapters.flee.findings import Cell, Findings

LARGEST_BYTES = 200_000_000


@dataclass(frozen=True)
class Rows:
    """Lines of a file.

    Parameters
    ----------
    file : str                                  name as the user knows it.
    header : tuple of str                       the last line before the data that begins with '#', if any.
    lines : tuple of (line number, fields)      data lines, fields stripped.
    """

    file: str
    header: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]


def read_rows(findings: Findings, path: Path, name: str, *, required: bool = True) -> Rows:
    """Read a file; where it is missing, unreadable or (if required) empty, note a fault and give no rows.

    Parameters
    ----------
    findings : Findings
    path : Path
    name : str          as the user knows it.
    required : bool     a missing file is a fault.
    """
    nothing = Rows(name, (), ())
    text = _text(findings, path, name, required=required)
    if text is None:
        return nothing
    delimiter = ";" if ";" in text and "," not in text.partition("\n")[0] else ","
    if delimiter == ";":
        findings.notice(Cell(name), "columns split by ';'", "columns split by ','", "save it as plain CSV")
    header: tuple[str, ...] = ()
    lines: list[tuple[int, tuple[str, ...]]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for fields in reader:
            row = tuple(one.strip() for one in fields)
            if not any(row):
                continue
            if row[0].startswith("#"):
                header = row if not lines else header
                continue
            lines.append((reader.line_num, row))
    except csv.Error as error:
        findings.fault(Cell(name), f"no readable table ({error})", "a CSV file", "save it again as CSV")
        return nothing
    if required and not lines:
        findings.fault(Cell(name), "no rows", "at least one row", "fill the file or take it from a backup")
    return Rows(name, header, tuple(lines))


def _text(findings: Findings, path: Path, name: str, *, required: bool) -> str | None:
    if not path.is_file():
        if required:
            findings.fault(Cell(name), "no such file", "a file of this name", "add it to the folder")
        return None
    if path.stat().st_size > LARGEST_BYTES:
        findings.fault(Cell(name), "a file above 200 MB", "a table of places or days", "shorten it")
        return None
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        findings.notice(Cell(name), "UTF-16 text", "UTF-8 text", "save it as UTF-8")
        return raw.decode("utf-16", errors="replace")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        findings.notice(Cell(name), "text that is not UTF-8, read as cp1252", "UTF-8", "save it as UTF-8")
        text = raw.decode("cp1252", errors="replace")
    if "\x00" in text:
        findings.fault(Cell(name), "binary data", "a CSV file", "save it again as CSV")
        return None
    return text
