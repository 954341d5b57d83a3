"""Which column is read as what: told by tags, by names, by cells, or by the reader with --map."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from safepassage.adapters.fieldform.questions import EN, ES, FormPlaces, survey
from safepassage.adapters.folder.columns import required_names
from safepassage.adapters.folder.dates import day_order
from safepassage.adapters.folder.findings import Findings, shown
from safepassage.adapters.folder.privacy import EXPECTED, is_personal_column, personal_in
from safepassage.adapters.intake.days import read_day
from safepassage.adapters.intake.figures import read_figure
from safepassage.adapters.intake.hxl import parse_tag, tag_field, tag_row
from safepassage.adapters.intake.sheet import HEAD_ROWS, Row, Sheet
from safepassage.adapters.intake.whereabouts import Towns
from safepassage.adapters.intake.words import DATE, FIELDS, FREE, HEADERS, NUMBER, PASSED_OVER, PLACE, WORDS
from safepassage.core.errors import Fault
from safepassage.core.gazetteer import fold

OWN, TAGGED, GUESSED, ANSWERS = "reports.csv", "HXL", "guessed", "answers of a form"
REPORTS = "reports.csv"
TOLD, PERSONAL, NO_USE = "told by --map", "about persons or spots: never stored", "not used"
_CELLS_LOOKED_AT = 200
# Exports of the form may bear its questions as they are asked, in either language.
_ASKED = {
    fold(row[label]): row["name"]
    for row in survey(FormPlaces())
    for label in (f"label::{ES}", f"label::{EN}")
    if row.get("name") in FIELDS
}
_LOWEST = frozenset("min minimo minima minimum low lowest bajo baja inferior".split())
_HIGHEST = frozenset("max maximo maxima maximum high highest alto alta superior".split())
# Where a header holds words of several fields, the first of these is meant.
_SPECIFIC = (
    "families people_per_family next_stop_day next_stop published since hour source_kind transport_to "
    "to_place country "
    "people count observed place source note"
).split()


@dataclass(frozen=True)
class ColumnUse:
    """One column of a file and what it is read as.

    Parameters
    ----------
    column : int        from 0.
    name : str          as the file calls it.
    field : str         a key of `words.FIELDS`; '' where it is not read.
    why : str           how that was found, in words.
    sample : str        its first cells; '' where it is not read.
    kind : str          kind of report that its name tells ("Llegadas"), '' for none; there may be several.
    """

    column: int
    name: str
    field: str
    why: str
    sample: str = ""
    kind: str = ""


@dataclass(frozen=True)
class ColumnMapping:
    """What the columns of a file are read as.

    Parameters
    ----------
    layout : str                    OWN, TAGGED, GUESSED or ANSWERS.
    uses : tuple of ColumnUse       every column that has a name or cells.
    first : int                     index of the first row of data.
    """

    layout: str
    uses: tuple[ColumnUse, ...]
    first: int

    def column_of(self, field: str) -> int:
        """Give the column of a field, -1 where there is none."""
        return next((use.column for use in self.uses if use.field == field), -1)


def map_columns(
    sheet: Sheet, towns: Towns, told: Mapping[str, str], findings: Findings
) -> ColumnMapping | None:
    """Find out which column is what; None, and faults, where `told` names what is not there.

    Parameters
    ----------
    told : mapping of column to field       of --map; '' leaves the column out.
    """
    tags = tag_row(sheet.rows)
    head = tags - 1 if tags > 0 else tags if tags == 0 else _head_row(sheet.rows)
    names = _names(sheet, head if tags != 0 else -1)
    first = max(head, tags) + 1
    cells = _Cells(sheet.rows[first:], towns)
    columns = [fold(name).replace(" ", "_") for name in names]
    if set(required_names(REPORTS)) <= set(columns):
        mapping = ColumnMapping(OWN, _own(names, columns), first)
    elif tags >= 0:
        mapping = ColumnMapping(TAGGED, _tagged(names, sheet.rows[tags]), first)
    else:
        mapping = _guessed(names, cells, first)
    uses = _as_told(list(mapping.uses), told, sheet.file, findings)
    if uses is None:
        return None
    return replace(mapping, uses=tuple(replace(use, sample=cells.sample(use)) for use in uses))


class _Cells:
    """The cells of each column, as far as they are looked at for a guess."""

    def __init__(self, rows: Sequence[Row], towns: Towns) -> None:
        self._rows = rows[:_CELLS_LOOKED_AT]
        self._towns = towns

    def of(self, column: int) -> list[str]:
        return [cell for row in self._rows if (cell := row.cell(column))]

    def share(self, column: int, test: Callable[[str], bool]) -> float:
        """Give the share of the filled cells that pass, 0 where none is filled."""
        cells = self.of(column)
        return sum(map(test, cells)) / len(cells) if cells else 0.0

    def dates(self, column: int) -> float:
        order = day_order(self.of(column)) or "day/month"
        return self.share(column, lambda cell: read_day(cell, order)[0] is not None)

    def numbers(self, column: int) -> float:
        return self.share(column, _is_figure)

    def towns(self, column: int) -> float:
        return self.share(column, self._towns.is_known)

    def words(self, column: int, field: str) -> float:
        return self.share(column, lambda cell: fold(cell) in WORDS[field])

    def holds(self, column: int, field: str) -> bool:
        """Tell whether the cells may be what the name says; nothing speaks against an empty column."""
        if not self.of(column):
            return True
        holds = FIELDS[field]
        if holds == DATE:
            return self.dates(column) >= 0.3 or self._all_odd(column)
        if holds == NUMBER and field != "hour":
            return self.numbers(column) >= 0.3 or self._all_odd(column)
        return True

    def _all_odd(self, column: int) -> bool:
        """Tell cells that look like attempts: digits in most of them."""
        return self.share(column, lambda cell: bool(re.search(r"[0-9]", cell))) >= 0.5

    def sample(self, use: ColumnUse) -> str:
        if not use.field:
            return ""
        cells = list(dict.fromkeys(self.of(use.column)))[:2]
        return ", ".join(shown("…" if personal_in(cell[:300]) else cell[:24])[1:-1] for cell in cells)


def _is_figure(cell: str) -> bool:
    figure = read_figure(cell)
    return not figure.problem and figure.low is not None


def _head_row(rows: Sequence[Row]) -> int:
    """Give the index of the row that names the columns, -1 where the first row is data already."""
    scores = []
    for row in rows[:HEAD_ROWS]:
        known = sum(1 for cell in row.cells if _header_field(cell)[0])
        data = sum(1 for cell in row.cells if _is_figure(cell) or read_day(cell, "day/month")[0])
        scores.append(known - 2 * data)
    if not scores:
        return -1
    best = max(range(len(scores)), key=lambda k: (scores[k], -k))
    if scores[best] >= 1:
        return best
    return -1 if scores[0] < 0 else 0


def _names(sheet: Sheet, head: int) -> list[str]:
    """Give every column a name of its own."""
    width = max((len(row.cells) for row in sheet.rows), default=0)
    names: list[str] = []
    for column in range(width):
        name = (sheet.rows[head].cell(column) if head >= 0 else "") or f"column {column + 1}"
        names.append(f"{name} ({column + 1})" if name in names else name)
    return names


def _own(names: Sequence[str], columns: Sequence[str]) -> tuple[ColumnUse, ...]:
    """Read a table of ours by its own names only."""
    uses = []
    for k, (name, column) in enumerate(zip(names, columns, strict=True)):
        field = column if column in FIELDS and column not in columns[:k] else ""
        uses.append(ColumnUse(k, name, field, "column of reports.csv" if field else NO_USE))
    return tuple(uses)


def _tagged(names: Sequence[str], tags: Row) -> tuple[ColumnUse, ...]:
    found: dict[str, tuple[int, int]] = {}
    for k in range(len(names)):
        field, rank = tag_field(*parse_tag(tags.cell(k))) if tags.cell(k) else ("", 0)
        if field and (field not in found or rank < found[field][0]):
            found[field] = (rank, k)
    fields = {k: field for field, (_, k) in found.items()}
    return tuple(
        ColumnUse(k, name, fields.get(k, ""), tags.cell(k) or "no tag") for k, name in enumerate(names)
    )


# Guesses --------------------------------------------------------------------------------------------------


def _guessed(names: Sequence[str], cells: _Cells, first: int) -> ColumnMapping:
    found: dict[int, tuple[str, str]] = {}
    kinds: dict[int, str] = {}
    scores = []
    for column, name in enumerate(names):
        field, score, told_kind = _header_field(name)
        if is_personal_column(name, REPORTS) and not (field == PLACE and score == 3):
            if cells.towns(column) < 0.8:
                found[column] = ("", PERSONAL)
            continue
        if field and cells.holds(column, field):
            scores.append((-score, column, field, told_kind))
    taken: set[str] = set()
    for _, column, field, told_kind in sorted(scores):
        if told_kind in kinds.values() or (field in taken and not (told_kind and kinds)):
            found[column] = ("", f"another column is read as {field}")
            continue
        taken.add(field)
        if told_kind:
            kinds[column] = told_kind
        found[column] = (field, f"name of the column{f': {told_kind}' if told_kind else ''}")
    _by_cells(names, cells, found, taken)
    uses = (
        ColumnUse(k, name, *found.get(k, ("", NO_USE)), kind=kinds.get(k, ""))
        for k, name in enumerate(names)
        if k in found or cells.of(k)
    )
    return ColumnMapping(GUESSED, tuple(uses), first)


def _header_field(name: str) -> tuple[str, int, str]:
    """Give the field that a header names, how surely (1 to 3), and the kind of report it tells."""
    said = fold(name)
    words = said.split()
    if said in PASSED_OVER or not words or len(words) > 8:
        return "", 0, ""
    if said in HEADERS:
        return HEADERS[said], 3, ""
    if said in _ASKED:
        return _ASKED[said], 3, ""
    bare = [word for word in words if word not in _LOWEST and word not in _HIGHEST]
    told = WORDS["kind"].get(" ".join(bare)) or next((k for w in bare if (k := WORDS["kind"].get(w))), "")
    fields = {
        HEADERS[phrase]
        for size in (3, 2, 1)
        for start in range(len(bare) - size + 1)
        if (phrase := " ".join(bare[start : start + size])) in HEADERS
    }
    field = next((f for f in _SPECIFIC if f in fields), "")
    if told and field in ("", "people", "count") and told != "next_stop":
        return "count", 2, told
    if field in ("people", "count") and len(bare) < len(words):
        side = "low" if not _LOWEST.isdisjoint(words) else "high"
        return f"{field}_{side}", 2, ""
    return field, 1 if field else 0, ""


def _by_cells(
    names: Sequence[str], cells: _Cells, found: dict[int, tuple[str, str]], taken: set[str]
) -> None:
    """Look at the cells for the day, the town and the number, where no name told them."""
    free = [k for k in range(len(names)) if k not in found and fold(names[k]) not in PASSED_OVER]
    for field, share in (("observed", cells.dates), ("place", cells.towns)):
        shares = [(share(k), -k) for k in free]
        if field not in taken and shares and max(shares)[0] >= 0.6:
            column = -max(shares)[1]
            found[column] = (field, "its cells are dates" if field == "observed" else "its cells are towns")
            taken.add(field)
            free.remove(column)
    for field in ("source_kind", "kind", "segment", "unit"):
        shares = [(cells.words(k, field), -k) for k in free if k not in found]
        if field not in taken and shares and max(shares)[0] >= 0.8:
            found[-max(shares)[1]] = (field, "its cells are such words")
            taken.add(field)
    figures = {"people", "people_low", "people_high", "families", "count", "count_low", "count_high"}
    numbers = [
        k
        for k in free
        if k not in found and cells.numbers(k) >= 0.8 and not is_personal_column(names[k], REPORTS)
    ]
    if taken.isdisjoint(figures) and len(numbers) == 1:
        found[numbers[0]] = ("count", "its cells are numbers")


# What the reader told ---------------------------------------------------------------------------------------


def _as_told(
    uses: list[ColumnUse], told: Mapping[str, str], file: str, findings: Findings
) -> list[ColumnUse] | None:
    """Put in place of the guesses what --map says."""
    faults_before = len(findings.faults)
    for name, field in told.items():
        column = _column_named(uses, name)
        if column < 0:
            close = get_close_matches(name[:100], [use.name[:100] for use in uses], n=2, cutoff=0.4)
            mend = f"did you mean {' or '.join(map(shown, close))}?" if close else "look at the header"
            findings.faults.append(Fault(file, f"--map {shown(name)}", "a column of the file", mend))
        elif field and field not in FIELDS:
            close = get_close_matches(field[:100], list(FIELDS), n=2, cutoff=0.4)
            mend = f"did you mean {' or '.join(close)}?" if close else f"one of {', '.join(FIELDS)}"
            findings.faults.append(Fault(file, f"--map …={shown(field)}", "a field of a report", mend))
        elif field and _would_keep_persons(uses[column].name, field):
            found = f"--map {shown(name)}={field}"
            mend = f"leave it out: --map '{name[:40]}='"
            findings.faults.append(Fault(file, found, EXPECTED, mend, column=uses[column].name[:60]))
        else:
            uses = [_without(use, field) if k != column else use for k, use in enumerate(uses)]
            uses[column] = replace(uses[column], field=field, why=TOLD, kind="")
    return uses if len(findings.faults) == faults_before else None


def _would_keep_persons(name: str, field: str) -> bool:
    """Tell a column about persons that was to be kept in free words; a town or a number is none."""
    return FIELDS[field] == FREE and is_personal_column(name, REPORTS)


def _without(use: ColumnUse, field: str) -> ColumnUse:
    clears = use.field == field and bool(field)
    return replace(use, field="", kind="", why=f"another column is read as {field}") if clears else use


def _column_named(uses: Sequence[ColumnUse], name: str) -> int:
    for same in (lambda use: use.name == name, lambda use: fold(use.name) == fold(name)):
        for k, use in enumerate(uses):
            if same(use):
                return k
    return next((k for k, use in enumerate(uses) if use.why.replace(" ", "") == name.replace(" ", "")), -1)
