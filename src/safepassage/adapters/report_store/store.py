"""The store of a scenario's reports: add, look at, decide, delete; the same content is kept once."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from safepassage.adapters.report_store import database, gate
from safepassage.adapters.report_store.masking import masked, visible
from safepassage.adapters.report_store.rows import (
    REPORT_FIELDS,
    STATUSES,
    Entry,
    agreed_of,
    agreed_row,
    entry_of,
    proposal_row,
    report_row,
)
from safepassage.core.errors import Fault, InputError
from safepassage.core.report import AgreedFigure, Proposal, report_key

STORE_FILE = "reports.sqlite"
MOST_ORIGIN_LETTERS = 200
_COLUMNS = (
    "key", "status", "entered", "batch", "confidence", "flags", "origin", "span_first", "span_last",
    *REPORT_FIELDS,
)  # fmt: skip


@dataclass(frozen=True)
class Added:
    """What became of the proposals that were added.

    Parameters
    ----------
    new : tuple of str          keys of reports that the store did not have.
    known : tuple of str        keys of those it had, or that came twice: nothing was added for them.
    accepted : tuple of str     of the known ones, those that had waited and are accepted now.
    rejected : tuple of str     of the known ones, those that were rejected before, and stay so.
    """

    new: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


Believed = bool | Callable[[Proposal], bool]


class ReportStore:
    """The reports of one scenario folder.

    Parameters
    ----------
    folder : Path                   the scenario folder; the file is made with the first report.
    place_ids : sequence of str     ids of the network's places, in its order: reports are handed over with
        positions and kept with ids, so that a network may grow.
    """

    def __init__(self, folder: Path, place_ids: Sequence[str]) -> None:
        self.path = Path(folder) / STORE_FILE
        self._ids = tuple(place_ids)
        self._index = {place: i for i, place in enumerate(self._ids)}

    def add(
        self, proposals: Iterable[Proposal], *, accept: Believed = False, entered: date | None = None
    ) -> Added:
        """Keep proposals, all of them or none; what is there already is not added again.

        Parameters
        ----------
        accept : bool or callable   accept them at once, all or those of which it tells so. A known one that
            waits is accepted too; a rejected one stays so.
        entered : date or None      day of entry; None: today.

        Raises
        ------
        InputError          with every fault of every proposal, or where the store cannot be written to.
        """
        kept = self._screened(tuple(proposals))
        if not kept:
            return Added()
        first = {report_key(proposal.report, self._ids): proposal for proposal in reversed(kept)}
        given = [report_key(proposal.report, self._ids) for proposal in kept]
        believed = {key for key, one in zip(given, kept, strict=True) if _is_believed(one, accept)}
        day = (entered or datetime.now().astimezone().date()).isoformat()
        with database.writing(self.path) as connection:
            had = _statuses(connection)
            new = tuple(key for key in dict.fromkeys(given) if key not in had)
            known = tuple(key for key, times in Counter(given).items() if key in had or times > 1)
            if new:
                batch = _batch(connection, day, kept, len(new))
                common = {"entered": day, "batch": batch}
                status = {key: "accepted" if key in believed else "proposed" for key in new}
                rows = [self._row(key, first[key]) | common | {"status": status[key]} for key in new]
                _insert(connection, rows)
            waited = tuple(key for key in known if key in believed and had.get(key) == "proposed")
            connection.executemany(
                "UPDATE reports SET status = 'accepted' WHERE key = ?", [(k,) for k in waited]
            )
        return Added(new, known, waited, tuple(key for key in known if had.get(key) == "rejected"))

    def entries(self, status: str | None = None, *, linked: bool = True) -> tuple[Entry, ...]:
        """Give the reports, of one status or all, by day observed, day published and key.

        The order does not tell in which order they came: a report that was deleted leaves no trace in it.

        Parameters
        ----------
        linked : bool       tell in `copied_from` also what was found to repeat another, not only what says so
            itself.

        Raises
        ------
        InputError      where the file cannot be read, or holds a row that is none of ours.
        """
        if status is not None and status not in STATUSES:
            raise ValueError(status)
        with database.reading(self.path) as connection:
            if connection is None:
                return ()
            chosen = "SELECT * FROM reports WHERE ? IS NULL OR status = ? ORDER BY observed, published, key"
            rows = connection.execute(chosen, (status, status)).fetchall()
        return tuple(self._entry(row, linked=linked) for row in rows)

    def keys(self) -> tuple[str, ...]:
        """Give the keys of all reports and agreed figures, also of rows that cannot be read."""
        with database.reading(self.path) as connection:
            if connection is None:
                return ()
            found = connection.execute(
                "SELECT key FROM reports UNION ALL SELECT key FROM agreed ORDER BY key"
            )
            return tuple(str(row[0]) for row in found)

    def set_status(self, keys: Iterable[str], status: str, reason: str = "") -> None:
        """Accept or reject reports, or let them wait again, all of them or none.

        Raises
        ------
        InputError      where there is no report of a key, or the reason holds what no file of ours may.
        """
        if status not in STATUSES:
            raise ValueError(status)
        wanted, words = tuple(dict.fromkeys(keys)), visible(reason[: 2 * gate.MOST_LETTERS])
        gate.refuse_words({"reason": words}, "review")
        with database.writing(self.path) as connection:
            _check_known(wanted, _statuses(connection))
            change = "UPDATE reports SET status = ?, reason = ? WHERE key = ?"
            connection.executemany(change, [(status, words, key) for key in wanted])

    def link(self, copies: Mapping[str, str]) -> None:
        """Say which reports repeat which, by keys; what was said before is forgotten.

        What a report itself says it was copied from stands above this.
        """
        with database.writing(self.path) as connection:
            connection.execute("UPDATE reports SET linked = '' WHERE linked <> ''")
            change = "UPDATE reports SET linked = ? WHERE key = ?"
            connection.executemany(change, [(of, key) for key, of in copies.items()])

    def adopt(self, figure: AgreedFigure, *, entered: date | None = None) -> str:
        """Keep an agreed planning figure and give its key; the same one twice is kept once.

        Raises
        ------
        InputError      with every fault of the figure.
        """
        figure = gate.plain_agreed(figure)
        if wrong := gate.wrong_agreed(figure, len(self._ids)):
            raise InputError(found.fault("agreed figure") for found in wrong)
        row = agreed_row(figure, self._ids)
        row["entered"] = (entered or datetime.now().astimezone().date()).isoformat()
        with database.writing(self.path) as connection:
            columns = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join(f":{name}" for name in row)
            connection.execute(f"INSERT OR IGNORE INTO agreed ({columns}) VALUES ({marks})", row)
        return str(row["key"])

    def agreed(self) -> tuple[AgreedFigure, ...]:
        """Give the agreed figures of places that the network has, by day, place and key."""
        return tuple(figure for _, figure in self.agreed_by_key())

    def agreed_by_key(self) -> tuple[tuple[str, AgreedFigure], ...]:
        """Give the agreed figures with their keys."""
        with database.reading(self.path) as connection:
            if connection is None:
                return ()
            rows = connection.execute("SELECT * FROM agreed ORDER BY day, place, agreed, key").fetchall()
        try:
            found = [(str(row["key"]), agreed_of(row, self._index)) for row in rows]
        except (ValueError, TypeError, IndexError) as error:
            raise InputError(_strange(self.path.name, "agreed figure", str(error))) from error
        return tuple((key, figure) for key, figure in found if figure is not None)

    def delete(self, key: str) -> None:
        """Take a report or an agreed figure out for good: its bytes are overwritten.

        Raises
        ------
        InputError      where there is nothing of that key.
        """
        with database.writing(self.path) as connection:
            gone = connection.execute("DELETE FROM reports WHERE key = ?", (key,)).rowcount
            gone += connection.execute("DELETE FROM agreed WHERE key = ?", (key,)).rowcount
            if not gone:
                raise InputError(_unknown(key))
            connection.execute("DELETE FROM batches WHERE batch NOT IN (SELECT batch FROM reports)")

    def _screened(self, proposals: tuple[Proposal, ...]) -> list[Proposal]:
        kept, faults = [], []
        for proposal in proposals:
            report, wrong = gate.screened(proposal.report, len(self._ids))
            origin = masked(visible(proposal.origin[:MOST_ORIGIN_LETTERS])) or "a report"
            if not 0 <= proposal.confidence <= 1 or math.isnan(proposal.confidence):
                wrong.append(gate.Found("confidence", str(proposal.confidence), "0 to 1", "correct it"))
            faults += [found.fault(origin) for found in wrong]
            if not wrong:
                kept.append(replace(proposal, report=report, origin=origin, flags=gate.flags_of(proposal)))
        if faults:
            raise InputError(faults, "Nothing was stored.")
        return kept

    def _row(self, key: str, proposal: Proposal) -> dict[str, object]:
        return {"key": key} | report_row(proposal.report, self._ids) | proposal_row(proposal)

    def _entry(self, row: sqlite3.Row, *, linked: bool) -> Entry:
        try:
            entry = entry_of(row, self._index, linked=linked)
            wrong = list(gate.wrong_shape(entry.report, len(self._ids)))
        except (ValueError, TypeError, AttributeError, IndexError) as error:
            raise InputError(_strange(self.path.name, str(row["key"])[:40], str(error))) from error
        if not isinstance(entry.key, str):
            raise InputError(_strange(self.path.name, str(row["key"])[:40], "a key that is no text"))
        if wrong and not entry.missing:
            raise InputError(_strange(self.path.name, entry.key, f"{wrong[0].field} {wrong[0].found}"))
        return entry


def _is_believed(proposal: Proposal, accept: Believed) -> bool:
    return accept if isinstance(accept, bool) else bool(accept(proposal))


def _statuses(connection: sqlite3.Connection) -> dict[str, str]:
    return {str(key): str(status) for key, status in connection.execute("SELECT key, status FROM reports")}


def _batch(connection: sqlite3.Connection, day: str, proposals: list[Proposal], added: int) -> int:
    """Enter one import: the day, the files it came from, how many proposals and how many of them new."""
    files = dict.fromkeys(proposal.origin.partition(",")[0] for proposal in proposals)
    values = (day, "; ".join(files)[:MOST_ORIGIN_LETTERS], len(proposals), added)
    entry = "INSERT INTO batches (entered, origin, proposals, added) VALUES (?, ?, ?, ?)"
    return int(connection.execute(entry, values).lastrowid or 0)


def _insert(connection: sqlite3.Connection, rows: list[dict[str, object]]) -> None:
    columns = ", ".join(f'"{name}"' for name in _COLUMNS)
    marks = ", ".join(f":{name}" for name in _COLUMNS)
    connection.executemany(f"INSERT INTO reports ({columns}) VALUES ({marks})", rows)


def _check_known(keys: Sequence[str], had: dict[str, str]) -> None:
    if faults := [_unknown(key) for key in keys if key not in had]:
        raise InputError(faults)


def _unknown(key: str) -> Fault:
    mend = "`safepassage report list` shows the keys"
    return Fault(STORE_FILE, f"no report of key '{visible(key[:40])}'", "a key of the store", mend)


def _strange(file: str, key: str, what: str) -> Fault:
    mend = f"`safepassage report delete {key}` takes it out; the others are left as they are"
    return Fault(file, f"report {key}: {what}", "a row that this program wrote", mend)
