"""One table of the user's, changed in one place: all else stays as it was written, to the letter.

The separator, the order of columns, unknown columns, dates as they were typed and rows without an end stay.
The text is written in UTF-8, since the old encoding may not have the letters of the new row.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safepassage.adapters.atomic import write_bytes
from safepassage.adapters.folder.columns import column_names
from safepassage.adapters.folder.findings import Findings
from safepassage.adapters.folder.tables import decode, read_bytes, read_table, split_records
from safepassage.core.errors import Fault, InputError


@dataclass
class Sheet:
    """A table of a scenario folder, opened to be changed.

    Parameters
    ----------
    path : Path
    before : bytes or None      what stands there; None: no such file yet.
    separator : str
    columns : list of str       as `read_table` names them.
    header : list of str        as they are written.
    rows : dict of int to list of str       cells by line.
    """

    path: Path
    before: bytes | None
    separator: str
    columns: list[str]
    header: list[str]
    rows: dict[int, list[str]]

    def change(self, line: int, cells: Mapping[str, str]) -> None:
        """Write some cells of the row on a line of the file."""
        row = self.rows[line]
        for column, cell in cells.items():
            k = self._column(column)
            row += [""] * (k + 1 - len(row))
            row[k] = cell

    def append(self, cells: Mapping[str, str]) -> None:
        """Add a row."""
        line = max(self.rows, default=1) + 1
        self.rows[line] = [""] * len(self.columns)
        self.change(line, {column: cell for column, cell in cells.items() if cell})

    def _column(self, column: str) -> int:
        if column not in self.columns:
            self.columns.append(column)
            self.header.append(column)
        return self.columns.index(column)

    def text(self) -> str:
        """Give the text of the file to be."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self.separator, lineterminator="\n")
        writer.writerow(self.header)
        for _, row in sorted(self.rows.items()):
            writer.writerow([*row, *[""] * (len(self.header) - len(row))])
        return text.getvalue()

    def save(self) -> None:
        """Write the file, whole or not at all.

        Raises
        ------
        InputError      if somebody else has written it since it was opened.
        """
        now = self.path.read_bytes() if self.path.exists() else None
        if now != self.before:
            mend = "run the command again: it then sees what was written"
            found = "other text than a moment ago"
            raise InputError(Fault(self.path.name, found, "a file that nobody else is writing", mend))
        data = self.text().encode("utf-8")
        write_bytes(self.path, data)
        self.before = data


def open_sheet(path: Path) -> Sheet:
    """Open a table to change it; a file that is not there begins with the columns we know.

    Raises
    ------
    InputError      if it cannot be read.
    """
    if not path.exists():
        names = list(column_names(path.name))
        return Sheet(path, None, ",", names, list(names), {})
    findings = Findings()
    data, table = read_bytes(path, findings), read_table(path, findings)
    findings.raise_if_any(f"{path.name} cannot be changed.")
    assert data is not None  # a None came with a fault
    assert table is not None
    text = re.sub(r"^sep=.\r?\n", "\n", (decode(data, path.name, Findings()) or "").lstrip("\r\n"))
    records = split_records(text, table.separator, path.name, findings)
    header = records[0][1]
    names = _names(header, table.columns)
    return Sheet(path, data, table.separator, names, list(header), dict(records[1:]))


def _names(header: list[str], columns: tuple[str, ...]) -> list[str]:
    """Give every column the name it was read by; '' for one that has none."""
    named = iter(columns)
    return [next(named) if cell.strip() else "" for cell in header]
