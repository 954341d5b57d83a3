"""supplies.csv, carriers.csv and requests.csv to `Logistics`: every fault gathered and raised once."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from safepassage.adapters.folder.cells import Cells, Range, rows_of, slug
from safepassage.adapters.folder.columns import CARRIERS_FILE, LOGISTICS_FILES, REQUESTS_FILE, SUPPLIES_FILE
from safepassage.adapters.folder.findings import Findings
from safepassage.adapters.folder.privacy import EXPECTED, MENDS, personal_in
from safepassage.adapters.folder.tables import read_table
from safepassage.adapters.logistics.names import person_in
from safepassage.adapters.logistics.vehicles import read_carrier
from safepassage.adapters.logistics.vocabulary import Catalogue, catalogue
from safepassage.adapters.logistics.words import ALL_DAY, FREE, Around, hours_of, item_of, span_of, status_of
from safepassage.core.errors import Fault
from safepassage.core.gazetteer import Gazetteer, fold
from safepassage.core.logistics import Logistics, Request, Supply
from safepassage.core.network import Network

QUANTITY = Range(0, 1e9, people=True)
SHELF_LIFE = Range(0, 36_500)
ID_LETTERS = 80
NAMING = ("holder", "vehicle", "note")  # where a person might be named
DEFAULT_CURRENCY = "MXN"
_FORMULA = re.compile(r"^\s*(?:[=@\t]|[+-]\s*[^\s\d.,])")


def has_files(path: Path) -> bool:
    """Tell whether a scenario folder says anything of who can bring what."""
    return any((path / file).exists() for file in LOGISTICS_FILES)


@dataclass(frozen=True)
class Ledger:
    """The three files as they were read.

    Parameters
    ----------
    logistics : Logistics
    notices : tuple of Fault        what was understood though written otherwise.
    lines : dict                    the file and the line of each row, by its id.
    """

    logistics: Logistics
    notices: tuple[Fault, ...]
    lines: dict[str, tuple[str, int]]


def read(
    path: Path, network: Network, *, known: Catalogue | None = None
) -> tuple[Logistics, tuple[Fault, ...]]:
    """Read who can bring what from a scenario folder; files that are not there are empty.

    Parameters
    ----------
    path : Path
    network : Network       whose places they name.
    known : Catalogue       items, units and vehicles; None: those of this package.

    Returns
    -------
    Logistics               nothing is hidden yet: `Logistics.known_by` is the gate of time.
    tuple of Fault          notices of what was understood though written otherwise.

    Raises
    ------
    InputError              with every fault of the three files.
    """
    ledger = read_ledger(path, network, known=known)
    return ledger.logistics, ledger.notices


def read_ledger(path: Path, network: Network, *, known: Catalogue | None = None) -> Ledger:
    """Read as `read` does, and tell where each row stands."""
    findings = Findings()
    around = Around(findings, Gazetteer(network.places), known or catalogue())
    rows = {file: _rows(path / file, findings) for file in LOGISTICS_FILES}
    _refuse_persons(rows, network.places.names)
    ids = _ids(rows)
    logistics = Logistics(
        supplies=tuple(_supply(row, key, around) for row, key in _keyed(rows, ids, SUPPLIES_FILE)),
        carriers=tuple(read_carrier(row, key, around) for row, key in _keyed(rows, ids, CARRIERS_FILE)),
        requests=tuple(_request(row, key, around) for row, key in _keyed(rows, ids, REQUESTS_FILE)),
        currency=_currency(rows[CARRIERS_FILE]),
    )
    _note_repeats(rows, logistics)
    findings.raise_if_any(f"{path.name}: what can be brought, and by whom, cannot be used.")
    return Ledger(logistics, findings.notices, {key: where for where, key in ids.items()})


def _keyed(
    rows: dict[str, list[Cells]], ids: dict[tuple[str, int], str], file: str
) -> list[tuple[Cells, str]]:
    return [(row, ids[file, row.line.number]) for row in rows[file]]


def _rows(path: Path, findings: Findings) -> list[Cells]:
    rows = rows_of(read_table(path, findings) if path.exists() else None, findings)
    for row in rows:
        for column in (*FREE, *row.table.unknown):
            if _FORMULA.match(row.raw(column)):
                row.fault(column, "words; this would run as a formula", "take the sign before the words out")
    return rows


def _refuse_persons(rows: dict[str, list[Cells]], towns: Sequence[str]) -> None:
    """Refuse whom to ask for, and how; titles and numbers are refused where a cell is read."""
    for row in (row for table in rows.values() for row in table):
        for column in NAMING:
            told = row.raw(column)
            problem = "" if not told or personal_in(told) else person_in(told, towns)
            if problem:
                row.fault(column, EXPECTED, MENDS[problem], found=problem)


def _ids(rows: dict[str, list[Cells]]) -> dict[tuple[str, int], str]:
    """Give every row a key: its own, or one made from its cells, which stays while they stay."""
    found: dict[tuple[str, int], str] = {}
    times: Counter[str] = Counter()
    for file in LOGISTICS_FILES:
        for row in rows[file]:
            told = row.raw("id")
            if len(told) > ID_LETTERS or not told.isprintable():
                row.fault("id", f"at most {ID_LETTERS} letters", "shorten it")
            key = told or _made_id(file, row)
            times[key] += 1
            if times[key] > 1 and told:
                row.fault("id", "each key once in the three files", "give every row a key of its own")
            found[file, row.line.number] = key if times[key] == 1 else f"{key}-{times[key]}"
    return found


def _made_id(file: str, row: Cells) -> str:
    moved = ("status", "decided", "note", "until")  # what people change afterwards
    cells = "\x1f".join(cell for column, cell in sorted(row.line.cells.items()) if column not in moved)
    start = slug(row.raw("holder"))[:24].strip("-") or file.partition(".")[0]
    return f"{start}-{zlib.crc32(cells.encode()):08x}"


def _supply(row: Cells, key: str, around: Around) -> Supply:
    item = item_of(row, around)
    since, until, announced = span_of(row)
    status, decided = status_of(row, announced)
    first_hour, last_hour = hours_of(row, *ALL_DAY)
    per_day = row.flag("per_day", default=False)
    local = row.flag("local", default=item.local)
    return Supply(
        id=key,
        holder=row.needed("holder"),
        place=row.place("place", around.gazetteer),
        item=item.id,
        quantity=_quantity(row) * _per_unit(row, around),
        since=since,
        until=until,
        announced=announced,
        per_day=per_day,
        shelf_life_days=row.number("shelf_life_days", SHELF_LIFE),
        local=local,
        status=status,
        source=row.raw("source"),
        illustrative=row.flag("illustrative", default=False),
        extra=row.extra,
        note=row.raw("note"),
        decided=decided,
        first_hour=first_hour,
        last_hour=last_hour,
    )


def _request(row: Cells, key: str, around: Around) -> Request:
    item = item_of(row, around)
    since, until, announced = span_of(row)
    return Request(
        id=key,
        place=row.place("place", around.gazetteer),
        item=item.id,
        quantity=_quantity(row) * _per_unit(row, around),
        since=since,
        until=until if until is not None else since,
        announced=announced,
        source=row.raw("source"),
        extra=row.extra,
        note=row.raw("note"),
    )


def _quantity(row: Cells) -> float:
    told = row.raw("quantity")
    if told[:1] in ("-", "\N{MINUS SIGN}"):
        mend = "write what there is; what was given away is taken off the row that it came from"
        row.fault("quantity", "more than 0", mend)
        return 0.0
    if re.search(r"[^\W\d_]{2}", told):
        row.fault("quantity", "a number", "write 20 in `quantity` and garrafones in `unit`")
        return 0.0
    value = row.needed_number("quantity", QUANTITY)
    if value == 0 and re.fullmatch(r"[+]?[0.,]+", told):
        row.fault("quantity", "more than 0", "write how much there is, or take the row out")
    return value


def _per_unit(row: Cells, around: Around) -> float:
    """Give how many of the item's own unit one of the row's unit is; told where it is not one."""
    item, unit = around.known.item(row.raw("item")), row.raw("unit")
    if item is None or not unit:
        return 1.0
    factor = around.known.per_unit(unit, item)
    if factor is None:
        words = around.known.words_for(item)
        expected = f"{item.unit}, or a word that counts {item.name_en.lower()}: {', '.join(words[:12])}"
        close = get_close_matches(fold(unit)[:60], around.known.unit_words, n=3, cutoff=0.7)
        meant = [word for word in close if around.known.per_unit(word, item) is not None]
        mend = f"did you mean {' or '.join(meant)}? Else " if meant else ""
        row.fault("unit", expected, f"{mend}write the quantity in {item.unit}")
        return 1.0
    if factor != 1.0:
        row.note("unit", f"{item.unit}: one of these is taken as {factor:g} {item.unit}")
    return factor


def _currency(rows: Sequence[Cells]) -> str:
    told = [row for row in rows if row.raw("currency")]
    for row in told:
        if not re.fullmatch("[A-Za-z]{3}", row.raw("currency")):
            row.fault("currency", "three letters such as MXN", "write the letters of ISO 4217")
        elif row.raw("currency").upper() != told[0].raw("currency").upper():
            first = told[0].raw("currency")
            row.fault("currency", f"one currency in all rows ({first})", "convert the costs")
    return told[0].raw("currency").upper() if told else DEFAULT_CURRENCY if rows else ""


def _note_repeats(rows: dict[str, list[Cells]], logistics: Logistics) -> None:
    """Tell of rows that say what an earlier row says: they count twice."""
    seen: dict[tuple[object, ...], int] = {}
    for row, told in zip(rows[SUPPLIES_FILE], logistics.supplies, strict=True):
        same = (told.holder, told.place, told.item, told.quantity, told.since, told.until, told.status)
        _note_repeat(row, seen, ("supply", *same))
    for row, one in zip(rows[CARRIERS_FILE], logistics.carriers, strict=True):
        same_one = (one.holder, one.place, one.vehicle, one.vehicles, one.since, one.until, one.status)
        _note_repeat(row, seen, ("carrier", *same_one))


def _note_repeat(row: Cells, seen: dict[tuple[object, ...], int], key: tuple[object, ...]) -> None:
    if key in seen:
        mend = f"take one out if it is the same as row {seen[key]}: both are counted"
        row.note("holder", f"each supply or carrier once; row {seen[key]} says the same", mend)
    seen.setdefault(key, row.line.number)
