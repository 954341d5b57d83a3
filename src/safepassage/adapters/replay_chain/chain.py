"""Lines that are bound to each other: what was written cannot be changed afterwards without it being seen.

Every line of `replay.jsonl` is canonical JSON and holds, as `previous`, the SHA-256 of the line before it,
its newline included. The line of an evening holds the SHA-256 of that evening's `SHA256SUMS`, and this the
SHA-256 of every file of the evening. A line is on the disk before its seal is given.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safepassage.adapters.atomic import write_bytes
from safepassage.core.errors import Fault, InputError, InternalError

CHAIN_FILE, SUMS_FILE, EVENINGS = "replay.jsonl", "SHA256SUMS", "evenings"
FIRST = "0" * 64  # what the first line holds as `previous`


@dataclass(frozen=True)
class Seal:
    """A line that stands on the disk.

    Parameters
    ----------
    line : int          the first being 1.
    of : str            what it seals: "head", an evening such as "2018-10-25", "outcome".
    sha256 : str        of the line with its newline.
    """

    line: int
    of: str
    sha256: str


def canonical(value: Any) -> bytes:
    """Write JSON in the one form that is hashed: keys sorted, no spaces, UTF-8, no NaN."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def digest(data: bytes) -> str:
    """Give the SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


class Chain:
    """The chain of one folder, to be added to.

    Parameters
    ----------
    folder : Path       of the replay.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / CHAIN_FILE

    def lines(self) -> list[bytes]:
        """Give the lines with their newlines; [] where there is no chain yet.

        Raises
        ------
        InputError      if it cannot be read.
        """
        try:
            return self.path.read_bytes().splitlines(keepends=True) if self.path.exists() else []
        except OSError as error:
            found = error.strerror or "unreadable"
            raise InputError(Fault(str(self.path), found, "a chain to read", "check the folder")) from None

    def seals(self) -> list[Seal]:
        """Give the seal of every line; the chain must have been checked."""
        lines = self.lines()
        return [Seal(n, str(json.loads(line)["of"]), digest(line)) for n, line in enumerate(lines, start=1)]

    def holds(self, seal: Seal) -> bool:
        """Tell whether a seal is that of the last line on the disk."""
        lines = self.lines()
        return len(lines) == seal.line and digest(lines[-1]) == seal.sha256

    def append(self, of: str, record: dict[str, Any]) -> Seal:
        """Write one line, bound to the one before it, and give its seal when it is on the disk.

        Raises
        ------
        OSError         if it cannot be written.
        """
        lines = self.lines()
        told = record | {"of": of, "line": len(lines) + 1, "previous": digest(lines[-1]) if lines else FIRST}
        line = canonical(told) + b"\n"
        with self.path.open("ab") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        _sync_folder(self.folder)
        seal = Seal(len(lines) + 1, of, digest(line))
        if not self.holds(seal):
            message = f"{CHAIN_FILE} does not hold the line that was just written"
            raise InternalError(message)
        return seal

    def drop_torn_line(self) -> None:
        """Take off a last line without its newline: the program was killed while it wrote it."""
        lines = self.lines()
        if lines and not lines[-1].endswith(b"\n"):
            write_bytes(self.path, b"".join(lines[:-1]))


def seal_files(folder: Path) -> str:
    """Write `SHA256SUMS` of every file below a folder, all of it on the disk, and give its own SHA-256."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS_FILE)
    text = "".join(f"{digest(path.read_bytes())}  {path.relative_to(folder).as_posix()}\n" for path in paths)
    write_bytes(folder / SUMS_FILE, text.encode("utf-8"))
    _sync_folder(folder)
    return digest(text.encode("utf-8"))


def _sync_folder(folder: Path) -> None:
    """Let the names of new files reach the disk too, where the system can do that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
