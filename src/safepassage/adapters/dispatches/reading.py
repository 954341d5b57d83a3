"""dispatches.csv to drives and what became of each, day by day: every fault gathered and raised once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from safepassage.adapters.dispatches.loads import EXPECTED as LOADS
from safepassage.adapters.dispatches.loads import read_loads
from safepassage.adapters.folder.cells import NOTHING_DAY, Cells, Range, rows_of
from safepassage.adapters.folder.columns import DISPATCHES_FILE
from safepassage.adapters.folder.findings import Findings, printable
from safepassage.adapters.folder.tables import Line, read_table
from safepassage.adapters.logistics import Catalogue, catalogue
from safepassage.core.errors import Fault, InputError
from safepassage.core.gazetteer import Gazetteer
from safepassage.core.logistics import STATUSES, Carrier, Logistics, Supply
from safepassage.core.network import Network
from safepassage.core.plan import Dispatch, Load

HOUR = Range(0, 24)
HOURS = Range(0, 24 * 60)
KM = Range(0, 100_000)
PEOPLE = Range(0, 1e9, people=True)
SHARE = Range(0, 1)
VEHICLES = Range(1, 10_000, whole=True)
FIRST_HOUR = 6.0
# Of a drive in these states nothing is reckoned with: what it names may be gone from the other files.
GONE = ("refused", "withdrawn")
OWN_WORDS = ("decided", "reason", "note")
_FORMULA = re.compile(r"^\s*(?:[=@\t]|[+-]\s*[^\s\d.,])")
_KEY = re.compile(r"[^\W_][\w.-]{0,79}")


@dataclass(frozen=True)
class Entry:
    """The state of one drive from a day on.

    Parameters
    ----------
    dispatch : Dispatch
    decided : date
    reason, note : str
    row : int               line of the file, the header being line 1.
    """

    dispatch: Dispatch
    decided: date
    reason: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True)
class Log:
    """All that was answered, in the order of the file.

    Parameters
    ----------
    entries : tuple of Entry
    notices : tuple of Fault        what was understood though written otherwise, and drives to look at.
    """

    entries: tuple[Entry, ...] = ()
    notices: tuple[Fault, ...] = ()

    def known_by(self, as_of: date | None) -> dict[str, Entry]:
        """Give the state that holds of each drive on the evening of a day, by id; None: the last of all."""
        held: dict[str, Entry] = {}
        for entry in self.entries:
            before = held.get(entry.dispatch.id)
            if (as_of is None or entry.decided <= as_of) and (
                before is None or entry.decided >= before.decided
            ):
                held[entry.dispatch.id] = entry
        return held


@dataclass(frozen=True)
class _Around:
    """What a drive is read against: the places, and who and what there is, by id."""

    gazetteer: Gazetteer
    carriers: dict[str, Carrier]
    supplies: dict[str, Supply]
    others: tuple[str, ...]
    strict: bool
    known: Catalogue


def read(
    path: Path,
    network: Network,
    logistics: Logistics,
    *,
    strict: bool = True,
    known: Catalogue | None = None,
) -> Log:
    """Read a file of drives; one that is not there is an empty log.

    Parameters
    ----------
    path : Path             the file: of a scenario folder, or of the folder of a plan.
    network : Network       whose places it names.
    logistics : Logistics   all of the folder, whose carriers and supplies it names.
    strict : bool           False: what a drive names may be gone (a place is then -1), so that the drive can
        be ended.
    known : Catalogue       items and units; None: those of this package.

    Raises
    ------
    InputError              with every fault: cells that cannot be read, drives in force whose carrier,
        supply or town is gone or was not known when they were decided, one id for two drives.
    """
    findings = Findings()
    table = read_table(path, findings) if path.exists() else None
    rows = rows_of(table, findings)
    around = _Around(
        Gazetteer(network.places),
        {one.id: one for one in logistics.carriers},
        {one.id: one for one in logistics.supplies},
        tuple(table.unknown) if table else (),
        strict,
        known or catalogue(),
    )
    entries = _entries(rows, around)
    findings.raise_if_any(f"{DISPATCHES_FILE}: what was answered to proposed drives cannot be used.")
    return Log(entries, findings.notices)


def _entries(rows: list[Cells], around: _Around) -> tuple[Entry, ...]:
    last = {row.raw("id"): row.line.number for row in rows}
    before: dict[str, dict[str, str]] = {}
    states: dict[str, list[Entry]] = {}
    found = []
    for row in rows:
        key = row.raw("id")
        filled = _filled(row, before.get(key, {}))
        before[key] = filled.line.cells
        entry = _entry(filled, around, held=last[key] == row.line.number)
        _check_order(row, states.setdefault(key, []), entry)
        states[key].append(entry)
        found.append(entry)
    return tuple(found)


def _check_order(row: Cells, before: list[Entry], entry: Entry) -> None:
    """See that rows of one id tell one drive, day after day."""
    if not before:
        return
    if not same_drive(before[0].dispatch, entry.dispatch):
        expected = f"the carrier, from and to of row {before[0].row}, the same drive"
        row.fault("id", expected, "give another drive an id of its own")
    if NOTHING_DAY not in (before[-1].decided, entry.decided) and entry.decided < before[-1].decided:
        expected = f"a day from that of row {before[-1].row} on ({before[-1].decided})"
        row.fault("decided", expected, "keep the rows of a drive in the order of their days")


def _filled(row: Cells, before: dict[str, str]) -> Cells:
    """Fill empty cells with what the row before of the same drive says, but for what is that row's own."""
    told = {name: cell for name, cell in before.items() if name not in OWN_WORDS}
    cells = told | {name: cell for name, cell in row.line.cells.items() if cell or name not in told}
    return Cells(row.table, Line(row.line.number, cells), row.findings, row.order)


def _entry(row: Cells, around: _Around, *, held: bool) -> Entry:
    _check_words(row, around)
    status = row.choice("status", STATUSES)
    decided = row.needed_day("decided")
    used = around.strict and held and status not in GONE
    store, place = (_place(row, column, around, used=used) for column in ("from", "to"))
    vehicles = row.number("vehicles", VEHICLES)
    leave = row.needed_day("leave")
    arrive = row.day("arrive") or leave
    leave_hour = _number(row, "leave_hour", HOUR, FIRST_HOUR)
    dispatch = Dispatch(
        id=row.needed("id"),
        carrier=row.needed("carrier"),
        vehicles=int(vehicles) if vehicles is not None else 1,
        store=store,
        place=place,
        leave=leave,
        leave_hour=leave_hour,
        arrive=arrive,
        arrive_hour=_number(row, "arrive_hour", HOUR, leave_hour),
        hours=_number(row, "hours", HOURS, 0.0),
        km=_number(row, "km", KM, 0.0),
        loads=_loads(row, status, around.known),
        people=_number(row, "people", PEOPLE, 0.0),
        sure=_number(row, "sure", SHARE, float("nan")),
        status=status,
    )
    _check_times(row, dispatch)
    entry = Entry(dispatch, decided, row.raw("reason"), row.raw("note"), row.line.number)
    if used and dispatch.carrier:
        row.findings.faults += _vanished(entry, around.carriers, around.supplies)
    if held:
        _tell_gone(row, entry, around)
    return entry


def _number(row: Cells, column: str, within: Range, default: float) -> float:
    value = row.number(column, within)
    return default if value is None else value


def _check_words(row: Cells, around: _Around) -> None:
    for column in (*OWN_WORDS, "id", "carrier", "loads", *around.others):
        if _FORMULA.match(row.raw(column)):
            row.fault(column, "words; this would run as a formula", "take the sign before the words out")
    if row.raw("id") and not _KEY.fullmatch(row.raw("id")):
        row.fault("id", "letters, digits, hyphens and points, at most 80", "give the drive another key")


def _place(row: Cells, column: str, around: _Around, *, used: bool) -> int:
    """Give a place; one that is gone is only told where nothing depends on it."""
    if used or not row.raw(column):
        return row.place(column, around.gazetteer)
    place = around.gazetteer.find(row.raw(column)).place
    if place < 0:
        row.note(column, "a place of the network; the drive is passed over")
    return place


def _loads(row: Cells, status: str, known: Catalogue) -> tuple[Load, ...]:
    text = row.raw("loads")
    if not text:
        row.fault("loads", LOADS, "write what it carries")
        return ()
    try:
        loads = read_loads(text, known)
    except InputError as error:
        for fault in error.faults:
            row.fault("loads", fault.expected, printable(fault.mend), found=fault.found)
        return ()
    if not loads and status != "delivered":
        row.fault("loads", LOADS, "write what it carries; only a delivery may have brought nothing")
    return loads


def _check_times(row: Cells, one: Dispatch) -> None:
    if NOTHING_DAY in (one.leave, one.arrive):
        return
    if (one.arrive, one.arrive_hour) < (one.leave, one.leave_hour):
        found = f"{one.arrive} {one.arrive_hour:g} h, leaving {one.leave} {one.leave_hour:g} h"
        row.fault("arrive", "an hour after that of leaving", "exchange or correct them", found=found)


def vanished(entry: Entry, logistics: Logistics) -> tuple[Fault, ...]:
    """Give what is wrong with carrier and supplies of a drive: gone, or not known when it was decided.

    Parameters
    ----------
    entry : Entry
    logistics : Logistics       all of the folder, or what was known by a day.
    """
    carriers = {one.id: one for one in logistics.carriers}
    supplies = {one.id: one for one in logistics.supplies}
    return tuple(_vanished(entry, carriers, supplies))


def _vanished(entry: Entry, carriers: dict[str, Carrier], supplies: dict[str, Supply]) -> Iterator[Fault]:
    one = entry.dispatch
    mend = (
        f"put the row back (with status withdrawn if it no longer holds), or end the drive: "
        f"safepassage dispatch withdraw {one.id}"
    )
    if one.carrier not in carriers:
        yield _fault(entry, "carrier", f"'{one.carrier}'", "the id of a row of carriers.csv", mend)
    else:
        yield from _known_later(entry, "carrier", carriers[one.carrier])
    for load in one.loads:
        supply = supplies.get(load.supply)
        if supply is None:
            if load.supply:
                expected = "behind @ the id of a row of supplies.csv"
                yield _fault(entry, "loads", f"'{load.supply}'", expected, mend)
            continue
        yield from _known_later(entry, "loads", supply)
        if supply.item != load.item:
            found = f"{load.item} out of '{supply.id}', which holds {supply.item}"
            yield _fault(entry, "loads", found, "goods out of a supply of them", "correct the item or the id")


def _known_later(entry: Entry, column: str, offered: Carrier | Supply) -> Iterator[Fault]:
    if NOTHING_DAY not in (offered.announced, entry.decided) and entry.decided < offered.announced:
        found = f"'{offered.id}', announced {offered.announced}, in a drive decided {entry.decided}"
        mend = "correct one of the two days: nothing is decided on what is not known"
        yield _fault(entry, column, found, f"what was known on {entry.decided}", mend)


def _fault(entry: Entry, column: str, found: str, expected: str, mend: str) -> Fault:
    return Fault(
        DISPATCHES_FILE, printable(found[:200]), expected, printable(mend), row=entry.row, column=column
    )


def _tell_gone(row: Cells, entry: Entry, around: _Around) -> None:
    """Tell of an accepted drive that counts on an offer which no longer holds."""
    one = entry.dispatch
    offered = [around.carriers.get(one.carrier), *(around.supplies.get(load.supply) for load in one.loads)]
    for offer in offered:
        if one.status == "accepted" and offer is not None and offer.status in GONE:
            column = "carrier" if isinstance(offer, Carrier) else "loads"
            mend = f"see whether the drive still holds; else safepassage dispatch withdraw {one.id}"
            row.note(column, f"offers that hold; '{offer.id}' is {offer.status}", mend)


def same_drive(one: Dispatch, other: Dispatch) -> bool:
    """Tell whether two states are of one drive: the same carrier from the same store to the same place."""
    return (one.carrier, one.store, one.place) == (other.carrier, other.store, other.place)
