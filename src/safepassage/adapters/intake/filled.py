"""One row of a file or one answer of a form, its texts by field: what every reader of a format hands on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from safepassage.adapters.intake.mapping import OWN, ColumnMapping
from safepassage.adapters.intake.sheet import Sheet
from safepassage.adapters.intake.workbook import FORMULA

OTHER = "other"
# How the day an answer became known is known; servers tell it in their own time zone.
SUBMITTED = "day of submission"
# What a spreadsheet program would compute: =1+1, +SUM(…), @cmd(…).
_FORMULA = re.compile(r"^=|^[+\-@][A-Za-z][\w.]*\(")


@dataclass(frozen=True)
class Filled:
    """One row, by field.

    Parameters
    ----------
    number : int        of the row in the file, or of the answer.
    texts : dict        field -> text; fields that are empty may be missing.
    names : dict        field -> what the file calls it.
    bad : dict          field -> what stands there and is never read.
    hidden : bool       invisible characters were taken out.
    """

    number: int
    texts: dict[str, str]
    names: dict[str, str] = field(default_factory=dict)
    bad: dict[str, str] = field(default_factory=dict)
    hidden: bool = False


def filled_rows(sheet: Sheet, mapping: ColumnMapping) -> tuple[Filled, ...]:
    """Give the rows of data of a sheet, read by a mapping."""
    columns = {use.field: use.column for use in mapping.uses if use.field}
    names = {use.field: use.name for use in mapping.uses if use.field}
    rows = []
    for row in sheet.rows[mapping.first :]:
        texts = {name: row.cell(column) for name, column in columns.items()}
        bad = {name: row.bad[column] for name, column in columns.items() if column in row.bad}
        if any(texts.values()) or bad:
            if mapping.layout != OWN:  # words in a table of ours are words, whatever they begin with
                bad |= formulas(texts)
            rows.append(Filled(row.number, settled(texts), names, bad, row.hidden))
    return tuple(rows)


def settled(texts: dict[str, str]) -> dict[str, str]:
    """Put the town that was written in words in the place of "other", as our form offers it."""
    for question in ("place", "next_stop"):
        words = texts.pop(f"{question}_other", "")
        if words and texts.get(question, "") in ("", OTHER):
            texts[question] = words
    for question in ("next_stop", "transport_to"):
        if texts.get(question) == OTHER:  # a town that nobody named
            del texts[question]
    return texts


def formulas(texts: dict[str, str]) -> dict[str, str]:
    """Give the fields whose text a spreadsheet program would compute."""
    return {name: FORMULA for name, text in texts.items() if _FORMULA.match(text)}
