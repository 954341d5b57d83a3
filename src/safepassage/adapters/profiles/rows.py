"""The rows of a profile's file, with the columns that every profile has."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from safepassage.adapters.folder.cells import Cells
from safepassage.adapters.folder.findings import Findings, shown
from safepassage.adapters.folder.privacy import EXPECTED, MENDS, personal_in
from safepassage.adapters.folder.tables import Line, Table, decode, read_bytes, split_records
from safepassage.core.errors import Fault

COLUMNS: dict[str, str] = {
    "item": "what is needed: an id of the list below, or a new one with names of its own",
    "value": "how much",
    "unit": "the item's unit, or a local one of the list below",
    "per_count": "for how many: '1 toilet per 50 persons' has 50",
    "per_whom": "person, household, or a kind of person whose share is known",
    "per_time": "day, month, stay (once in every town) or once (in the whole movement)",
    "low": "least that is thought right",
    "high": "most that is thought right",
    "phase": "any, first (the first weeks) or later",
    "weather": "any, mild, heat or cold",
    "basis": "sourced (read there), derived (from what was read there), assumption, unverified (from memory)",
    "source": "where it was read",
    "page": "page of the source; 'not noted' where nobody wrote it down",
    "note": "free words",
    "name_es": "of a new item: its name in Spanish",
    "name_en": "of a new item: its name in English",
    "kg_per_unit": "of a new item: what one unit weighs",
    "litres_per_unit": "of a new item: the loading space of one unit",
    "stays": "of a new item: true where it serves again the next day",
    "local": "of a new item: true where it is of use in its own town only",
    "shelf_life_days": "of a new item: days it keeps once handed out; empty: it keeps",
}
NEEDED = ("item", "value", "unit", "per_whom", "per_time", "basis")
SHARE_COLUMNS = ("kind", "value", "low", "high", "basis", "source", "page", "note")
_SEPARATORS = (",", ";", "\t", "|")
_FREE = ("source", "note", "name_es", "name_en")


def read_rows(
    path: Path, findings: Findings, *, columns: Sequence[str] = tuple(COLUMNS), needed: Sequence[str] = NEEDED
) -> list[Cells]:
    """Read the rows of a file; faults of the file as a whole go to the findings.

    Parameters
    ----------
    path : Path
    findings : Findings
    columns, needed : sequence of str   those that are known, and those that must be there.
    """
    data = read_bytes(path, findings)
    text = None if data is None else decode(data, path.name, findings)
    if text is None:
        return []
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=lambda s: (first.count(s), s == ","))
    records = split_records(text, separator, path.name, findings)
    if not records:
        mend = f"begin with the line {','.join(columns)}"
        findings.faults.append(Fault(path.name, "no rows", "a header and rows", mend))
        return []
    header = [cell.strip().casefold().replace(" ", "_") for cell in records[0][1]]
    if not _header_is_sound(header, path.name, findings, columns=columns, needed=needed):
        return []
    lines = []
    for number, record in records[1:]:
        cells = [cell.strip() for cell in record]
        if any(cells[len(header) :]):
            mend = "add or take out separators; put text with a comma in quotation marks"
            fault = Fault(path.name, f"{len(cells)} cells", f"{len(header)} cells", mend, row=number)
            findings.faults.append(fault)
            continue
        # A row ends where its last cell does: spreadsheets and people leave empty ones out.
        cells += [""] * (len(header) - len(cells))
        lines.append(Line(number, dict(zip(header, cells, strict=False))))
    table = Table(path.name, tuple(header), tuple(lines), separator)
    rows = [Cells(table, line, findings, "") for line in lines]
    _refuse_persons(rows)
    return rows


def _header_is_sound(
    header: list[str], file: str, findings: Findings, *, columns: Sequence[str], needed: Sequence[str]
) -> bool:
    faults = []
    for name in needed:
        if name not in header:
            close = get_close_matches(name, [h for h in header if h not in columns], n=1)
            mend = f"rename {shown(close[0])} to '{name}'" if close else f"add a column '{name}'"
            expected = f"columns {', '.join(needed)}"
            faults.append(
                Fault(file, f"no column '{name}' in the header", expected, mend, row=1, column=name)
            )
    for name in sorted({h for h in header if h and header.count(h) > 1}):
        faults.append(Fault(file, "the column twice", "each column once", "take one out", row=1, column=name))
    for name in (h for h in header if h and h not in columns):
        findings.note(
            Fault(file, f"an unknown column {shown(name)}", "known columns", "nothing to do: it is not used")
        )
    findings.faults += faults
    return not faults


def _refuse_persons(rows: list[Cells]) -> None:
    for row in rows:
        for column in _FREE:
            if problem := personal_in(row.raw(column)):
                row.fault(column, EXPECTED, MENDS[problem], found=problem)
