"""One row of a file or one answer of a form, its texts by field: what every reader of a format hands on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from safepassage.adapters.intake.mapping import OWN, ColumnMapping, ColumnUse
from safepassage.adapters.intake.sheet import Row, Sheet
from safepassage.adapters.intake.workbook import FORMULA

FIGURES = frozenset("people people_low people_high families count count_low count_high".split())
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
    uses = [use for use in mapping.uses if use.field]
    counting = [use for use in uses if use.kind]
    # One figure of no told kind makes a report of its own beside those of the columns that tell their kind.
    plain = [use for use in uses if not use.kind]
    parts = [[*(use for use in plain if use.field not in FIGURES), column] for column in counting]
    if not counting or any(use.field in FIGURES for use in plain):
        parts.insert(0, plain)
    rows = []
    for row in sheet.rows[mapping.first :]:
        made = [filled for part in parts if (filled := _filled(row, part, mapping.layout)) is not None]
        told = [filled for filled in made if filled.bad or any(filled.texts.get(name) for name in FIGURES)]
        rows += (told or made[:1]) if counting else made
    return tuple(rows)


def _filled(row: Row, uses: Sequence[ColumnUse], layout: str) -> Filled | None:
    """Give what some columns of a row tell, None where they are empty."""
    texts = {use.field: row.cell(use.column) for use in uses}
    names = {use.field: use.name for use in uses}
    bad = {use.field: row.bad[use.column] for use in uses if use.column in row.bad}
    if not any(texts.values()) and not bad:
        return None
    if layout != OWN:  # words in a table of ours are words, whatever they begin with
        bad |= formulas(texts)
    if kind := next((use.kind for use in uses if use.kind), ""):
        texts["kind"] = texts.get("kind") or kind
    return Filled(row.number, settled(texts), names, bad, row.hidden)


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
