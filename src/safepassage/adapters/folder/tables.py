"""CSV tables as spreadsheets save them, to rows with their line numbers: encodings, separators, headers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from safepassage.adapters.folder.columns import column_names, required_names
from safepassage.adapters.folder.findings import Findings, shown
from safepassage.adapters.folder.privacy import EXPECTED, is_personal_column
from safepassage.core.errors import Fault

MAX_BYTES = 200_000_000
MAX_CELL = 10_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True)
class Line:
    """One row: its line in the file (the header being line 1) and its cells, stripped, by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A table as it was read.

    Parameters
    ----------
    file : str
    columns : tuple of str      of the header, known and unknown.
    lines : tuple of Line
    separator : str             one of ``, ; tab |``.
    complete : bool             False where rows could not be read: what they told seems to be missing.
    """

    file: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    separator: str
    complete: bool = True

    @property
    def unknown(self) -> tuple[str, ...]:
        """Columns that this version does not know; they are kept for the write-back."""
        known = column_names(self.file)
        return tuple(column for column in self.columns if column not in known)


def decode(data: bytes, file: str, findings: Findings) -> str | None:
    """Turn bytes into text: UTF-8, UTF-16 or, as Excel saves it, cp1252; None, and a fault, if it is none."""
    encoding, text = "", None
    for mark, name in _BOMS:
        if data.startswith(mark):
            encoding, text = name, _decoded(data[len(mark) :], name)
            findings.note(_said(file, f"a byte order mark ({name})", "UTF-8 without one"))
            break
    else:
        for encoding in _guesses(data):
            text = _decoded(data, encoding)
            if text is not None:
                break
        if text is not None and encoding != "utf-8":
            findings.note(_said(file, f"text in {encoding}", "UTF-8"))
    if text is None or _is_binary(text):
        found = "bytes that are no text" if data else "an empty file"
        kind = "CSV" if file.lower().endswith(".csv") else "plain text (TOML)"
        findings.faults.append(Fault(file, found, "a text file in UTF-8", f"save {file} as {kind} in UTF-8"))
        return None
    return text


def _guesses(data: bytes) -> tuple[str, ...]:
    head = data[:4000]
    if b"\x00" in head:  # UTF-16 without a mark: every second byte of Latin text is zero
        odd, even = head[1::2].count(0), head[0::2].count(0)
        if max(odd, even) > 0.3 * len(head) / 2:
            return ("utf-16-le",) if odd > even else ("utf-16-be",)
    return ("utf-8", "cp1252")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_binary(text: str) -> bool:
    return bool(re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text))


def _said(file: str, found: str, expected: str) -> Fault:
    return Fault(file, found, expected, "nothing to do: it was understood")


def read_bytes(path: Path, findings: Findings) -> bytes | None:
    """Read a file, or say why not."""
    problem, mend = "", "check the file and its permissions"
    try:
        if path.is_dir():
            problem, mend = "a folder", f"put a file named {path.name} in its place"
        elif not path.is_file():
            problem, mend = "something that is no plain file", f"put a file named {path.name} in its place"
        elif path.stat().st_size > MAX_BYTES:
            problem, mend = f"{path.stat().st_size} bytes", f"split it: at most {MAX_BYTES} bytes"
        else:
            return path.read_bytes()
    except OSError as error:
        problem = f"a file that cannot be read ({error.strerror})"
    findings.faults.append(Fault(path.name, problem, "a file that can be read", mend))
    return None


def is_broken(tables: Mapping[str, Table | None], file: str) -> bool:
    """Tell whether a file is there but could not be read whole: nothing can be said of what it lacks."""
    table = tables.get(file)
    return file in tables and (table is None or not table.complete)


def read_table(path: Path, findings: Findings) -> Table | None:
    """Read one table of a folder; None where a fault makes its rows unusable."""
    file = path.name
    data = read_bytes(path, findings)
    if data is None:
        return None
    text = decode(data, file, findings)
    if text is None:
        return None
    if not text.strip():
        mend = f"add the header line {','.join(required_names(file))} and the rows, or take the file out"
        findings.faults.append(Fault(file, "an empty file", "a header and rows", mend))
        return None
    faults_before = len(findings.faults)
    separator, text = _separator(text, file, findings)
    records = split_records(text, separator, file, findings)
    if not records:
        return None
    header = _header(records[0][1], file, findings)
    if header is None:
        return None
    lines = _lines(header, records[1:], file, findings)
    complete = len(findings.faults) == faults_before
    return Table(file, tuple(name for name in header if name), lines, separator, complete)


def _separator(text: str, file: str, findings: Findings) -> tuple[str, str]:
    """Find the separator in the header, and take away the `sep=;` line that Excel may put before it."""
    text = text.lstrip("\r\n")
    if told := re.match(r"sep=(.)\r?\n", text):
        text = "\n" + text[told.end() :]  # the empty line keeps the line numbers of the file
        separator = told[1] if told[1] in _SEPARATORS else ","
    else:
        header = re.sub(r'"[^"]*"', "", text.splitlines()[0])
        separator = max(_SEPARATORS, key=lambda s: (header.count(s), s == ","))
    if separator != ",":
        findings.note(
            _said(file, f"columns separated by {_SEPARATORS[separator]}", "columns separated by comma")
        )
    return separator, text


def split_records(text: str, separator: str, file: str, findings: Findings) -> list[tuple[int, list[str]]]:
    """Split text into records with the line each begins on; empty lines are passed over.

    Parameters
    ----------
    text : str          of the whole file.
    separator : str     one character.
    file : str          as faults name it.
    findings : Findings     takes the fault of a line that cannot be split.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records: list[tuple[int, list[str]]] = []
    start = 1
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return records
        except csv.Error as error:
            mend = "look for a quotation mark that is not closed, or a very long cell"
            findings.faults.append(Fault(file, f"a broken line ({error})", "CSV", mend, row=start))
            return records if len(records) > 1 else []
        if any(cell.strip() for cell in record):
            records.append((start, record))
        start = reader.line_num + 1


def _header(record: list[str], file: str, findings: Findings) -> list[str] | None:
    """Give the names of the columns, '' for one without; None where the file cannot be read without them."""
    known = column_names(file)
    header = []
    for cell in record:
        name = re.sub(r"\s+", "_", cell.strip().casefold())
        header.append(name if name in known else cell.strip())
        if name in known and name != cell:
            findings.note(
                Fault(file, shown(cell), f"column names such as '{name}'", "nothing to do", column=name)
            )
    faults = []
    for name in sorted({n for n in header if n and header.count(n) > 1}):
        faults.append(
            Fault(file, "the column twice", "each column once", "take one out", row=1, column=name[:60])
        )
    missing = [name for name in required_names(file) if name not in header]
    strangers = [name for name in header if name and name not in known]
    for name in missing:
        close = get_close_matches(name, [s[:100] for s in strangers], n=1)
        mend = f"rename {shown(close[0])} to '{name}'" if close else f"add a column '{name}'"
        found = f"no column '{name}' in the header"
        if len(missing) == len(required_names(file)):
            mend += "; the first line must name the columns"
        faults.append(
            Fault(file, found, f"columns {', '.join(required_names(file))}", mend, row=1, column=name)
        )
    for name in strangers:
        _stranger(name, file, faults, findings)
    findings.faults += faults
    return None if faults else header


def _stranger(name: str, file: str, faults: list[Fault], findings: Findings) -> None:
    """Refuse a column about persons or exact spots; tell of any other that it is kept and not used."""
    if is_personal_column(name, file):
        mend = "take the column out of the file"
        faults.append(Fault(file, shown(name), EXPECTED, mend, row=1, column=name[:60]))
        return
    close = get_close_matches(name.casefold()[:100], column_names(file), n=1, cutoff=0.8)
    mend = (
        f"rename it to '{close[0]}' if that is meant" if close else "nothing to do: it is kept and not used"
    )
    findings.note(
        Fault(file, f"an unknown column {shown(name)}", "known columns", mend, row=1, column=name[:60])
    )


def _lines(
    header: list[str], records: list[tuple[int, list[str]]], file: str, findings: Findings
) -> tuple[Line, ...]:
    lines = []
    for number, record in records:
        cells = [cell.strip() for cell in record]
        while len(cells) > len(header) and not cells[-1]:
            cells.pop()
        problem = ""
        if len(cells) != len(header):
            problem = f"{len(cells)} cells"
        elif any(cell for cell, name in zip(cells, header, strict=True) if not name):
            problem = "a cell under a column without a name"
        if problem:
            expected = f"{len(header)} cells, each under a named column"
            mend = "add or take out separators; put text with a comma in quotation marks"
            findings.faults.append(Fault(file, problem, expected, mend, row=number))
            continue
        long = [name for cell, name in zip(cells, header, strict=True) if len(cell) > MAX_CELL]
        if long:
            found = f"a cell of more than {MAX_CELL} characters"
            mend = "shorten it; a quotation mark that is not closed also does this"
            findings.faults.append(Fault(file, found, "a short cell", mend, row=number, column=long[0][:60]))
            continue
        lines.append(Line(number, {name: cell for name, cell in zip(header, cells, strict=True) if name}))
    return tuple(lines)
