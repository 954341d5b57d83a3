"""A table as it lies in a file: rows of text with their line numbers, and what is wrong with single cells."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

# More than any list of reports has; what is larger is a mistake or meant to hurt.
MAX_FILE_BYTES = 20_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 10_000
# Rows among which the names of the columns, or HXL tags, are looked for: as the HXL standard has it.
HEAD_ROWS = 25


@dataclass(frozen=True)
class Row:
    """One row of a file.

    Parameters
    ----------
    number : int            line of the file, the first being 1; of answers of a form: which one.
    cells : tuple of str    without hidden characters, stripped.
    bad : dict              column (from 0) -> what stands there that is never read: a formula, an error.
    hidden : bool           invisible characters were taken out.
    """

    number: int
    cells: tuple[str, ...]
    bad: dict[int, str] = field(default_factory=dict)
    hidden: bool = False

    def cell(self, column: int) -> str:
        """Give a cell, '' where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True)
class Sheet:
    """The rows of one table.

    Parameters
    ----------
    file : str              as people know it: "reports.csv", "book.xlsx".
    rows : tuple of Row     not one is empty.
    """

    file: str
    rows: tuple[Row, ...]


def plain(text: str) -> tuple[str, bool]:
    r"""Take out what is not seen: zero width, direction marks, controls; tell whether there was any.

    Runs of blanks and ends of lines become one blank each.

    >>> plain("Tapa\u200bchula ")
    ('Tapachula', True)
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split()), False
    spaced = "".join(" " if c.isspace() else c for c in text)
    kept = "".join(c for c in spaced if unicodedata.category(c) not in ("Cf", "Cc", "Cs", "Co", "Cn"))
    return " ".join(unicodedata.normalize("NFC", kept).split()), len(kept) != len(spaced)


def make_row(number: int, cells: list[str], bad: dict[int, str] | None = None) -> Row | None:
    """Make a row of raw cells; None where nothing stands in it."""
    bad = dict(bad or {})
    kept, hidden = [], False
    for column, cell in enumerate(cells):
        if len(cell) > MAX_CELL:
            bad[column] = f"a cell of {len(cell)} characters"
            kept.append("")
            continue
        text, taken = plain(cell)
        hidden = hidden or taken
        kept.append(text)
    if not any(kept) and not bad:
        return None
    return Row(number, tuple(kept), bad, hidden)
