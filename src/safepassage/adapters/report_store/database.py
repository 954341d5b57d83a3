"""The SQLite file of the store: its tables and version, transactions, and what can be wrong with a file.

Every change is one transaction that begins with the write lock, so that an interrupted or failing change
leaves what was there, and two programs that write at once wait for each other. What is deleted is
overwritten.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safepassage.core.errors import Fault, InputError

APPLICATION_ID = 0x53507270  # "SPrp": this file is ours and no other program's
SCHEMA_VERSION = 1
WAIT_S = 10.0  # for another program that is writing
_SCHEMA = (
    """CREATE TABLE batches (
        batch INTEGER PRIMARY KEY, entered TEXT NOT NULL, origin TEXT NOT NULL,
        proposals INTEGER NOT NULL, added INTEGER NOT NULL)""",
    """CREATE TABLE reports (
        key TEXT PRIMARY KEY, status TEXT NOT NULL CHECK (status IN ('proposed', 'accepted', 'rejected')),
        reason TEXT NOT NULL DEFAULT '', entered TEXT NOT NULL, batch INTEGER NOT NULL,
        confidence REAL NOT NULL, flags TEXT NOT NULL, origin TEXT NOT NULL,
        span_first INTEGER, span_last INTEGER,
        observed TEXT NOT NULL, published TEXT NOT NULL, published_basis TEXT NOT NULL,
        place TEXT NOT NULL, kind TEXT NOT NULL, low REAL, high REAL, segment TEXT NOT NULL,
        quality TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL, extra TEXT NOT NULL,
        "group" TEXT NOT NULL, to_place TEXT NOT NULL, quantifier TEXT NOT NULL, unit TEXT NOT NULL,
        unit_people REAL, source_kind TEXT NOT NULL, reliability TEXT NOT NULL, since TEXT NOT NULL,
        hour INTEGER, copied_from TEXT NOT NULL, excerpt TEXT NOT NULL, linked TEXT NOT NULL DEFAULT '')""",
    """CREATE TABLE agreed (
        key TEXT PRIMARY KEY, entered TEXT NOT NULL, day TEXT NOT NULL, place TEXT NOT NULL,
        people REAL NOT NULL, reason TEXT NOT NULL, role TEXT NOT NULL, agreed TEXT NOT NULL,
        "group" TEXT NOT NULL)""",
)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection | None]:
    """Give a connection that cannot change anything; None where there is no store yet, or an empty one.

    Raises
    ------
    InputError      where the file is no store of ours, or cannot be read.
    """
    with _said(path, "read"):
        if not path.exists():
            yield None
            return
        # Not "ro": after a program was killed in mid-write, whoever comes next has to undo its half.
        connection = _connected(path, "rw")
        try:
            connection.execute("PRAGMA query_only = ON")
            yield connection if _version(connection, path) else None
        finally:
            connection.close()


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection inside one transaction: kept whole if the block ends well, undone otherwise.

    Raises
    ------
    InputError      where the file is no store of ours, or cannot be written to.
    """
    with _said(path, "written to"):
        connection = _connected(path, "rwc")
        try:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("BEGIN IMMEDIATE")
            if not _version(connection, path):
                for statement in _SCHEMA:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            yield connection
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.close()


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, timeout=WAIT_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA trusted_schema = OFF")  # the file may come from anywhere
    return connection


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """Give the version of the store's tables, 0 for a new file; refuse the files of others."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if version == owner == tables == 0:
        return 0
    if owner != APPLICATION_ID:
        mend = "move it away: the store makes its own file"
        raise InputError(Fault(path.name, "a database of another program", "the store of this one", mend))
    if version > SCHEMA_VERSION:
        found = f"a store of version {version}, made by a newer version of the program"
        mend = "use that version; nothing was changed"
        raise InputError(Fault(path.name, found, f"version {SCHEMA_VERSION} or older", mend))
    return version


@contextmanager
def _said(path: Path, done: str) -> Iterator[None]:
    """Tell what SQLite found as one fault of the file."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        found, mend = f"a file that cannot be {done} ({error})", "check the file, its folder and permissions"
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            found, mend = "a store that another program keeps locked", "wait for it to end, then try again"
        elif name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            found = "a file that is no SQLite database, or a damaged one"
            mend = f"put a sound copy of {path.name} in its place, or move it away to begin anew"
        elif name.startswith("SQLITE_FULL"):
            found, mend = "a full disk", "make room; nothing was changed"
        elif name.startswith("SQLITE_READONLY"):
            found, mend = "a store that may only be read", "allow writing to the file and its folder"
        fault = Fault(path.name, found, f"a store of reports that can be {done}", mend)
        raise InputError(fault) from error
    except OSError as error:
        found = f"a path that cannot be {done} ({error.strerror or error})"
        mend = "check the folder and its permissions"
        raise InputError(Fault(path.name, found, "a store of reports", mend)) from error
