"""CSV as spreadsheets save it, to a `Sheet`: any encoding, any separator, a heading above the table."""

from __future__ import annotations

import re

from safepassage.adapters.folder.findings import Findings
from safepassage.adapters.folder.tables import decode, split_records
from safepassage.adapters.intake.sheet import HEAD_ROWS, MAX_COLUMNS, MAX_ROWS, Sheet, make_row
from safepassage.core.errors import Fault

_SEPARATORS = ",;\t|"
_SAID = re.compile(r"sep=(.)\r?\n")


def read_csv(data: bytes, file: str, findings: Findings) -> Sheet | None:
    """Read the bytes of a CSV file; None, and a fault, where it is none."""
    text = decode(data, file, findings)
    if text is None:
        return None
    separator, text = _separator(text)
    lines = split_records(text, separator, file, findings)
    widest = max((len(cells) for _, cells in lines), default=0)
    for count, most, what in ((len(lines), MAX_ROWS, "rows"), (widest, MAX_COLUMNS, "columns")):
        if count > most:
            mend = f"split it, or keep only the {what} that tell of reports"
            findings.faults.append(Fault(file, f"{count} {what}", f"at most {most} {what}", mend))
            return None
    rows = (make_row(number, cells) for number, cells in lines)
    return Sheet(file, tuple(row for row in rows if row is not None))


def _separator(text: str) -> tuple[str, str]:
    """Find the separator: the one that gives the most columns in the first lines, titles or not."""
    if told := _SAID.match(text):
        return told[1] if told[1] in _SEPARATORS else ",", "\n" + text[told.end() :]
    head = re.sub(r'"[^"]*"', "", text[:200_000]).splitlines()[: HEAD_ROWS + 1]
    most = {mark: max((line.count(mark) for line in head), default=0) for mark in _SEPARATORS}
    total = {mark: sum(line.count(mark) for line in head) for mark in _SEPARATORS}
    return max(_SEPARATORS, key=lambda mark: (min(most[mark], 3), total[mark], mark == ",")), text
