"""Offers of a scenario: read from a line, kept, listed, accepted, refused, changed, withdrawn."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from safepassage.adapters import folder, logistics
from safepassage.adapters.folder.columns import CARRIERS_FILE, LOGISTICS_FILES, SUPPLIES_FILE
from safepassage.adapters.logistics.sheet import Sheet, open_sheet
from safepassage.adapters.logistics.writing import carrier_cells, supply_cells
from safepassage.adapters.offers import Understood, read_line
from safepassage.core.errors import Fault, InputError
from safepassage.core.gazetteer import fold
from safepassage.core.logistics import Carrier, Logistics, Supply
from safepassage.core.network import Network
from safepassage.workflows.load_logistics import known_in
from safepassage.workflows.offer_rows import Offer, offered_carriers, offered_supplies
from safepassage.workflows.reports import scenario_folder

SHORTEST_KEY = 3
CLOSED = ("refused", "withdrawn")
UNDER_WAY = ("sent", "delivered")
# What may be changed of an offer, by file.
CHANGEABLE = {
    SUPPLIES_FILE: (
        "quantity", "unit", "from", "until", "first_hour", "last_hour", "per_day", "shelf_life_days", "note",
    ),
    CARRIERS_FILE: (
        "vehicles", "capacity_kg", "capacity_litres", "seats", "speed_km_per_h", "hours_per_day",
        "first_hour", "last_hour", "range_km", "cost_per_km", "cost_per_day", "items", "from", "until",
        "note",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class OfferDesk:
    """A scenario folder opened to work on its offers."""

    path: Path
    network: Network
    known: logistics.Catalogue

    def ledger(self) -> logistics.Ledger:
        """Read the three files as they are now."""
        return logistics.read_ledger(self.path, self.network, known=self.known)


@dataclass(frozen=True)
class Kept:
    """What became of an offer that was taken in.

    Parameters
    ----------
    supplies, carriers : tuples     the new rows.
    known : tuple of str            ids of rows that say the same already: nothing was added for them.
    alike : tuple of str            ids of earlier rows of the same holder, town and item, with other figures.
    """

    supplies: tuple[Supply, ...]
    carriers: tuple[Carrier, ...]
    known: tuple[str, ...]
    alike: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the new rows."""
        return (*(row.id for row in self.supplies), *(row.id for row in self.carriers))


def open_offers(scenario: str | Path | None = None) -> OfferDesk:
    """Open a scenario folder to work on its offers.

    Raises
    ------
    InputError      if it is none of the user's own: a built-in is read-only; the message says how to copy it.
    """
    path = scenario_folder(scenario)
    found, _ = folder.read(path)
    return OfferDesk(path, found.network, known_in(path)[0])


def understand(desk: OfferDesk, line: str, as_of: date) -> Understood:
    """Read a line and see that it can be kept.

    Raises
    ------
    InputError      if it names a person, or who offers, where, or what is missing, with what to do.
    """
    understood = read_line(line, desk.network.places, as_of, known=desk.known)
    faults = []
    if not understood.holder:
        mend = "begin with the organisation: parish of …, parroquia de …, Cruz Roja …"
        faults.append(Fault("offer", "nobody who offers", "an organisation or a town hall", mend))
    if understood.place < 0:
        several = " or ".join(understood.several)
        mend = (
            f"say which one, by its id: {several}"
            if several
            else "name a town of the network: parish of Huixtla"
        )
        found = "a name that several places have" if several else "no town that is known"
        faults.append(Fault("offer", found, "the town where it is", mend))
    if not (understood.goods or understood.vehicles):
        asked = "; ".join((*understood.remarks, *understood.unknown))
        found = f"nothing with a quantity{f' ({asked})' if asked else ''}"
        mend = "say how much of what: 800 comidas, 20 garrafones, una camioneta"
        faults.append(Fault("offer", found, "goods or vehicles with their number", mend))
    if understood.until is not None and understood.until < as_of:
        mend = "correct the day, or say with --as-of on which day the offer was made"
        faults.append(Fault("offer", f"until {understood.until}", f"a day from {as_of} on", mend))
    if faults:
        raise InputError(faults, "The offer was not kept. / La oferta no se guardó.")
    return understood


def keep(desk: OfferDesk, understood: Understood, *, status: str, as_of: date) -> Kept:
    """Add an understood offer to supplies.csv and carriers.csv; what they hold already stays as it is.

    Raises
    ------
    InputError      if one of the files has faults, with all of them; nothing is then written.
    """
    now = desk.ledger().logistics
    key = _new_key(desk, understood, as_of, now)
    offer = Offer(understood, key, status, as_of, desk.known)
    supplies = offered_supplies(offer)
    carriers = offered_carriers(offer, first=len(supplies))
    known, alike = _repeated(Logistics(supplies, carriers).offers, now)
    new_supplies = tuple(row for row in supplies if row.id not in known)
    new_carriers = tuple(row for row in carriers if row.id not in known)
    ids = desk.network.places.ids
    sheets = []
    if new_supplies:
        sheets.append(_appended(desk, SUPPLIES_FILE, (supply_cells(row, ids) for row in new_supplies)))
    if new_carriers:
        money = now.currency or "MXN"
        sheets.append(
            _appended(desk, CARRIERS_FILE, (carrier_cells(row, ids, money) for row in new_carriers))
        )
    _save(desk, sheets)
    return Kept(new_supplies, new_carriers, tuple(known.values()), alike)


def _appended(desk: OfferDesk, file: str, rows: Iterable[Mapping[str, str]]) -> Sheet:
    sheet = open_sheet(desk.path / file)
    for cells in rows:
        sheet.append(cells)
    return sheet


def _new_key(desk: OfferDesk, understood: Understood, as_of: date, now: Logistics) -> str:
    """Give a key of the town and what is offered, which no other offer has."""
    told = f"{fold(understood.holder)}|{fold(understood.line)}|{as_of}"
    taken = {row.id.rpartition("-")[0] for row in now.offers}
    town = desk.network.places.ids[understood.place]
    for more in range(len(taken) + 1):
        key = f"{town}-{zlib.crc32(f'{told}|{more}'.encode()) & 0xFFFF:04x}"
        if key not in taken:
            return key
    return f"{town}-{zlib.crc32(told.encode()):08x}"


def _repeated(rows: Iterable[Supply | Carrier], now: Logistics) -> tuple[dict[str, str], tuple[str, ...]]:
    """Give the new rows that are known already, with the row that says the same; and rows much alike."""
    known: dict[str, str] = {}
    alike: list[str] = []
    there = [row for row in now.offers if row.status not in CLOSED]
    for row in rows:
        near = [other for other in there if _subject(other) == _subject(row) and _meet(other, row)]
        same = [other for other in near if _figure(other) == _figure(row) and other.since == row.since]
        if same:
            known[row.id] = same[0].id
        else:
            alike += [other.id for other in near]
    return known, tuple(dict.fromkeys(alike))


def _subject(row: Supply | Carrier) -> tuple[str, int, str]:
    what = row.item if isinstance(row, Supply) else fold(row.vehicle)
    return fold(row.holder), row.place, what


def _figure(row: Supply | Carrier) -> tuple[object, ...]:
    if isinstance(row, Supply):
        return (row.quantity, row.per_day, row.until, row.first_hour, row.last_hour)
    return (row.vehicles, row.until)


def _meet(one: Supply | Carrier, other: Supply | Carrier) -> bool:
    return (one.until is None or one.until >= other.since) and (
        other.until is None or other.until >= one.since
    )


def find(desk: OfferDesk, key: str) -> tuple[tuple[Supply | Carrier, ...], logistics.Ledger]:
    """Find the rows of an offer by its key, or one row by its id, or by the beginning of either.

    Raises
    ------
    InputError      if there is none, or if the beginning is that of several offers.
    """
    ledger = desk.ledger()
    rows = ledger.logistics.offers
    wanted = key.strip()
    found = [row for row in rows if row.id == wanted]
    found = found or [row for row in rows if row.id.rpartition("-")[0] == wanted]
    if not found and len(wanted) >= SHORTEST_KEY:
        found = [row for row in rows if row.id.startswith(wanted)]
        offers = dict.fromkeys(row.id.rpartition("-")[0] for row in found)
        if len(offers) > 1:
            raise InputError(
                Fault("ID", f"'{wanted[:40]}'", f"one of {', '.join(list(offers)[:6])}", "write more of it")
            )
    if not found:
        mend = "`safepassage offer list` shows the ids"
        raise InputError(Fault("ID", f"'{wanted[:40]}'", "the id of an offer or of one of its rows", mend))
    return tuple(found), ledger


def decide(desk: OfferDesk, key: str, status: str, *, day: date, reason: str = "") -> tuple[str, ...]:
    """Accept, refuse or withdraw an offer, or one row of it; what stood there before is kept.

    Returns
    -------
    tuple of str    ids of the rows that now have that status.

    Raises
    ------
    InputError      if there is no such offer, it is on the road already, or it was not known by that day.
    """
    rows, ledger = find(desk, key)
    if len(rows) > 1:  # what was taken back, or replaced, is asked for by its own id
        rows = tuple(row for row in rows if row.status != "withdrawn") or rows
    for row in rows:
        if row.status in UNDER_WAY and status in CLOSED:
            mend = "what is on the road stays; write a new offer for what is left"
            raise InputError(Fault("ID", f"{row.id}, which is {row.status}", "an offer not yet sent", mend))
        if day < row.announced:
            found = f"{day}, before {row.id} was announced ({row.announced})"
            raise InputError(Fault("--as-of", found, f"a day from {row.announced} on", "choose a later day"))
    _write(desk, ledger, {row.id: _status_cells(row, status, day, reason) for row in rows})
    return tuple(row.id for row in rows)


def _status_cells(row: Supply | Carrier, status: str, day: date, reason: str) -> dict[str, str]:
    cells = {"id": row.id, "status": status, "decided": day.isoformat()}
    if reason:
        cells["note"] = "; ".join(filter(None, [row.note, reason]))
    return cells


def change(desk: OfferDesk, key: str, told: Mapping[str, str], *, day: date) -> str:
    """Change figures of one row of an offer.

    What was offered on an earlier day stays as it was known then: that row is withdrawn on `day`, and a new
    one follows it. A row of the same day is changed where it stands.

    Returns
    -------
    str             id of the row that now holds.

    Raises
    ------
    InputError      if the id does not tell one row, or a name or a figure is not possible.
    """
    rows, ledger = find(desk, key)
    if len(rows) > 1:
        ids = ", ".join(row.id for row in rows)
        raise InputError(
            Fault("ID", f"'{key[:40]}', {len(rows)} rows", f"one row: {ids}", "name one of them")
        )
    row = rows[0]
    file, line = ledger.lines[row.id]
    _check_names(told, file)
    if row.status in (*UNDER_WAY, *CLOSED):
        mend = "write a new offer"
        raise InputError(Fault("ID", f"{row.id}, which is {row.status}", "an offer that still holds", mend))
    if day <= row.announced:
        _write(desk, ledger, {row.id: {"id": row.id, **told}})
        return row.id
    sheet = open_sheet(desk.path / file)
    follower = _following_id(row.id, ledger)
    cells = dict(zip(sheet.columns, sheet.rows[line], strict=False))
    first = max(day, row.since).isoformat()
    new = {"id": follower, "announced": day.isoformat(), "decided": "", "from": first}
    sheet.append(cells | new | dict(told))
    gone = _status_cells(row, "withdrawn", day, f"replaced by {follower}")
    sheet.change(line, gone)
    _save(desk, [sheet])
    return follower


def _check_names(told: Mapping[str, str], file: str) -> None:
    faults = []
    for name in told:
        if name not in CHANGEABLE[file]:
            mend = "choose one of them; withdraw the offer and add it again for anything else"
            faults.append(Fault("CHANGES", f"'{name[:40]}'", f"one of {', '.join(CHANGEABLE[file])}", mend))
    if faults or not told:
        raise InputError(faults or Fault("CHANGES", "nothing", "NAME=VALUE", "write quantity=600"))


def _following_id(key: str, ledger: logistics.Ledger) -> str:
    start, _, number = key.rpartition("_")
    base = start if start and number.isdigit() else key
    return next(f"{base}_{n}" for n in range(2, len(ledger.lines) + 3) if f"{base}_{n}" not in ledger.lines)


def _write(desk: OfferDesk, ledger: logistics.Ledger, cells: Mapping[str, Mapping[str, str]]) -> None:
    sheets: dict[str, Sheet] = {}
    for key, changed in cells.items():
        file, line = ledger.lines[key]
        if file not in sheets:
            sheets[file] = open_sheet(desk.path / file)
        sheets[file].change(line, changed)
    _save(desk, list(sheets.values()))


def _save(desk: OfferDesk, sheets: list[Sheet]) -> None:
    """Read what would be written as anybody would read it, and write it only if that works."""
    with tempfile.TemporaryDirectory() as draft:
        for file in LOGISTICS_FILES:
            if (desk.path / file).exists():
                (Path(draft) / file).write_bytes((desk.path / file).read_bytes())
        for sheet in sheets:
            (Path(draft) / sheet.path.name).write_text(sheet.text(), encoding="utf-8")
        try:
            logistics.read(Path(draft), desk.network, known=desk.known)
        except InputError as error:
            raise InputError(error.faults, "Nothing was written. / No se escribió nada.") from error
    for sheet in sheets:
        sheet.save()
