"""The cells of one row, to numbers, dates, choices and places; faults are gathered with row and column."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from safepassage.adapters.folder.columns import DISPATCHES_FILE, LOGISTICS_FILES
from safepassage.adapters.folder.dates import day_order, parse_day
from safepassage.adapters.folder.findings import Findings, printable, shown
from safepassage.adapters.folder.privacy import EXPECTED, MENDS, personal_in
from safepassage.adapters.folder.tables import Line, Table
from safepassage.core.errors import Fault
from safepassage.core.gazetteer import Gazetteer, fold
from safepassage.core.scenario import Extra

MAX_PEOPLE = 1e10  # more than there are
LAST_WHOLE = 2**53  # beyond it floats skip whole numbers
ASSUMED = "assumed: next day"
ASSUMED_WITH_GROUP = "assumed: with the group"
DATE_COLUMNS = ("date", "until", "observed", "published", "since", "announced", "departs", "decided")
DATED_FROM = ("outcomes.csv", *LOGISTICS_FILES)
DATED_DRIVES = ("leave", "arrive")
FREE_WORDS = (
    "note", "source", "reason", "scope", "actor", "announced_basis", "published_basis", "shelter", "name_es",
    "name_en", "excerpt", "group", "holder", "vehicle",
)  # fmt: skip
PROPER_NAMES = ("name", "admin1")
NOTHING_DAY = date(1, 1, 1)  # stands where a fault was found; a scenario with faults is never built

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_COMMA_NUMBER = re.compile(r"[+-]?[0-9]+,[0-9]+([eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([., '\u00a0\u202f][0-9]{3})+")
_TRUE = frozenset("true t yes y 1 si verdadero".split())
_FALSE = frozenset("false f no n 0 falso".split())


def number_text(value: float | None) -> str:
    """Write a number so that it is read back exactly: whole numbers without a point, None as ''."""
    if value is None:
        return ""
    number = float(value)
    if number.is_integer() and abs(number) < LAST_WHOLE:
        return str(int(number))
    return repr(number)


def slug(text: str) -> str:
    """Make an ASCII key out of a name.

    >>> slug("Santa Rosa de Copán")
    'santa-rosa-de-copan'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


@dataclass(frozen=True)
class Range:
    """The numbers a cell may hold: from `low` to `high`; for people, grouped digits are refused."""

    low: float
    high: float
    whole: bool = False
    people: bool = False

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:,.11g} to {self.high:,.11g}"


PEOPLE = Range(0, MAX_PEOPLE, people=True)
WHOLE_PEOPLE = Range(0, MAX_PEOPLE, whole=True, people=True)


class Cells:
    """One row of one table, read cell by cell.

    Parameters
    ----------
    table : Table
    line : Line
    findings : Findings     faults are added here; a method that finds one gives a stand-in value.
    order : str             of day and month in this table, from `order_of`.
    """

    def __init__(self, table: Table, line: Line, findings: Findings, order: str) -> None:
        self.table = table
        self.line = line
        self.findings = findings
        self.order = order

    def fault(self, column: str, expected: str, mend: str, *, found: str = "") -> None:
        """Add a fault of this row."""
        quoted = found or (shown(self.raw(column)) if self.raw(column) else "an empty cell")
        fault = Fault(self.table.file, quoted, expected, mend, row=self.line.number, column=column)
        self.findings.faults.append(fault)

    def note(self, column: str, expected: str, mend: str = "nothing to do: it was understood") -> None:
        """Add a notice of this row."""
        found = shown(self.raw(column)) if self.raw(column) else "an empty cell"
        self.findings.note(Fault(self.table.file, found, expected, mend, row=self.line.number, column=column))

    def raw(self, column: str) -> str:
        """Give the cell as it stands, '' where the table has no such column."""
        return self.line.cells.get(column, "")

    @property
    def extra(self) -> Extra:
        """The cells of the columns that we do not know."""
        return tuple((column, self.raw(column)) for column in self.table.unknown)

    def needed(self, column: str) -> str:
        """Give a text that must not be empty."""
        if not self.raw(column):
            self.fault(column, "a text", f"fill in `{column}`")
        return self.raw(column)

    def choice(self, column: str, among: Sequence[str], default: str = "") -> str:
        """Give one of some words."""
        word = self.raw(column) or default
        if word in among:
            return word
        lower = word.casefold().replace(" ", "_").replace("-", "_")
        if lower in among:
            return lower
        close = get_close_matches(lower[:100], among, n=1)
        mend = f"did you mean {close[0]}?" if close else "write one of these words"
        self.fault(column, f"one of {', '.join(among)}", mend)
        return among[0]

    def flag(self, column: str, default: bool) -> bool:
        """Give true or false."""
        word = fold(self.raw(column))
        if word and word not in _TRUE and word not in _FALSE:
            self.fault(column, "true or false", "write true or false")
        return word in _TRUE if word else default

    def number(self, column: str, within: Range, *, needed: bool = False) -> float | None:
        """Give a number, or None for an empty cell."""
        text = self.raw(column).replace("\u2212", "-")
        if not text:
            return None
        if within.people and self._is_grouped(text):
            self.fault(column, str(within), "write it without separators of thousands: 1500")
            return None
        if self.table.separator != "," and _COMMA_NUMBER.fullmatch(text):
            self.note(column, "a decimal point instead of a comma")
            text = text.replace(",", ".")
        value = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not math.isfinite(value) or not within.low <= value <= within.high:
            mend = f"correct `{column}`" + ("" if needed else ", or leave it empty where it is not known")
            self.fault(column, str(within), mend)
            return None
        if within.whole and not value.is_integer():
            self.fault(column, str(within), "write a whole number")
            return None
        return value

    def _is_grouped(self, text: str) -> bool:
        """Tell whether "1.500" may mean 1500: digits in threes, unless the file's decimals use that mark."""
        return bool(_GROUPED.fullmatch(text))

    def needed_number(self, column: str, within: Range) -> float:
        """Give a number that must be there."""
        value = self.number(column, within, needed=True)
        if value is None:
            if not self.raw(column):
                self.fault(column, str(within), f"fill in `{column}`")
            return max(within.low, 0.0)
        return value

    def low_high(
        self, low: str, high: str, within: Range, *, needed: bool = False
    ) -> tuple[float | None, float | None]:
        """Give two numbers of which the first must not be the greater."""
        first, second = (self.number(column, within, needed=needed) for column in (low, high))
        if first is not None and second is not None and first > second:
            found = f"{low} {number_text(first)} above {high} {number_text(second)}"
            self.fault(low, f"{low} at most {high}", "exchange or correct them", found=found)
        return first, second

    def needed_low_high(self, low: str, high: str, within: Range) -> tuple[float, float]:
        """Give two numbers that must be there, the first not the greater."""
        for column in (low, high):
            if not self.raw(column):
                self.fault(column, str(within), f"fill in `{column}`")
        first, second = self.low_high(low, high, within, needed=True)
        return first or 0.0, second or 0.0

    def day(self, column: str) -> date | None:
        """Give a date, or None for an empty cell."""
        text = self.raw(column)
        if not text:
            return None
        value, told = parse_day(text, self.order)
        if value is None:
            self.fault(column, f"a date such as 2018-10-13 ({told})", "write it as yyyy-mm-dd")
            return NOTHING_DAY
        if told:
            self.note(column, f"a date as yyyy-mm-dd; {told}")
        return value

    def needed_day(self, column: str) -> date:
        """Give a date that must be there."""
        value = self.day(column)
        if value is None:
            self.fault(column, "a date such as 2018-10-13", f"fill in `{column}`")
        return value or NOTHING_DAY

    def known_from(self, column: str, happened: date) -> tuple[date, str]:
        """Give the day something became known and its basis; where empty, the morning after it happened."""
        basis = self.raw(f"{column}_basis")
        value = self.day(column)
        if value is not None:
            return value, basis
        if happened == NOTHING_DAY:
            return NOTHING_DAY, ASSUMED
        self.note(
            column, "the day it became known; the morning after is assumed", "fill it in where it is known"
        )
        return happened + timedelta(days=1), basis or ASSUMED

    def known_with(self, column: str, group_announced: date) -> tuple[date, str]:
        """Give the day something became known and its basis; where empty, the day its group did."""
        basis = self.raw(f"{column}_basis")
        value = self.day(column)
        if value is not None:
            return value, basis
        expected = "the day it became known; the day the group was announced is assumed"
        self.note(column, expected, "fill it in where it is known")
        return group_announced, basis or ASSUMED_WITH_GROUP

    def place(self, column: str, gazetteer: Gazetteer | None, *, needed: bool = True) -> int:
        """Give the position of a place, -1 for an empty cell that need not be filled."""
        text = self.raw(column)
        if not text:
            if needed:
                self.fault(column, "a place of the network", f"fill in `{column}` with an id or a name")
            return -1
        if gazetteer is None:
            return -1
        match = gazetteer.find(text)
        if match.place < 0:
            expected = "one place only" if match.several else "a place of the network"
            self.fault(column, expected, printable(match.hint))
        return match.place


def rows_of(table: Table | None, findings: Findings) -> list[Cells]:
    """Give the rows of a table, ready to be read; none where there is no table."""
    if table is None:
        return []
    dates = (*DATE_COLUMNS, "from") if table.file in DATED_FROM else DATE_COLUMNS  # elsewhere a place
    dates = (*dates, *DATED_DRIVES) if table.file == DISPATCHES_FILE else dates
    columns = [column for column in dates if column in table.columns]
    order = day_order(line.cells[column] for line in table.lines for column in columns)
    rows = [Cells(table, line, findings, order) for line in table.lines]
    _check_words(table, rows)
    return rows


def _check_words(table: Table, rows: list[Cells]) -> None:
    """Refuse persons, ways to reach them and exact spots in the free words of every row.

    A lone number in a column of the user's own is no position where the table is that of a network.
    """
    of_network = table.file in ("places.csv", "links.csv")
    proper = [column for column in PROPER_NAMES if column in table.columns and of_network]
    for row in rows:
        for column in (*table.unknown, *FREE_WORDS, *proper):
            text = row.raw(column)
            if not text or (of_network and column in table.unknown and _NUMBER.fullmatch(text)):
                continue
            if problem := personal_in(text, proper_name=column in proper):
                row.fault(column, EXPECTED, MENDS[problem], found=problem)
