"""demographics.csv: who the people of a movement are, as shares of all of them, never by place."""

from __future__ import annotations

from safepassage.adapters.folder.cells import NOTHING_DAY, PEOPLE, Cells, Range, rows_of
from safepassage.adapters.folder.findings import Findings
from safepassage.adapters.folder.tables import Table
from safepassage.core.demographics import GROUP_KINDS, OTHER_NAMES, GroupCount
from safepassage.core.gazetteer import fold

PERSONS, PERCENT = "persons", "%"
SHARE = Range(0, 100)
UNITS = {
    "": PERSONS,
    "persons": PERSONS,
    "people": PERSONS,
    "personas": PERSONS,
    "%": PERCENT,
    "percent": PERCENT,
}


def read_demographics(table: Table | None, findings: Findings) -> tuple[GroupCount, ...]:
    """Read demographics.csv; rows of groups that no need rests on are passed over with a notice."""
    rows = rows_of(table, findings)
    if table is not None and "place" in table.columns and rows:
        rows[0].note("place", "no place: counts are taken as shares of the whole movement")
    return tuple(count for row in rows if (count := _count(row)) is not None)


def _count(row: Cells) -> GroupCount | None:
    day = row.needed_day("date")
    group = _group(row)
    if not group:
        row.note("group", f"one of {', '.join(GROUP_KINDS)}", "nothing to do: the row is not used")
        return None
    unit = UNITS.get(row.raw("unit").casefold(), "")
    if not unit:
        row.fault("unit", "persons or %", "write persons, or give a share in %")
    value = row.needed_number("value", SHARE if unit == PERCENT else PEOPLE)
    base = row.number("n_base", PEOPLE)
    if unit == PERSONS and not base:
        row.note("n_base", "all the persons counted", "fill it in: without it the row is not used")
        return None
    if unit == PERSONS and base is not None and value > base:
        row.fault("value", f"at most the {base:g} persons of n_base", "correct one of the two")
    published, basis = row.known_from("published", day or NOTHING_DAY)
    return GroupCount(
        day=day,
        group=group,
        value=value,
        unit=unit or PERSONS,
        n_base=base,
        published=published,
        published_basis=basis,
        source=row.raw("source"),
        note=row.raw("note"),
        extra=row.extra,
    )


def _group(row: Cells) -> str:
    """Give the group of a row; '' where it is none that a need rests on."""
    word = fold(row.needed("group")).replace(" ", "_")
    word = OTHER_NAMES.get(word, word)
    return word if word in GROUP_KINDS else ""
