"""Files that are either whole or absent: written beside their place, then renamed into it.

A run that is interrupted leaves the old file or none, never half of one. The temporary file lies in the
same folder, because a rename is atomic only within one file system.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to, and put it in the place of `path` if all went well.

    Parameters
    ----------
    path : Path         the file to be; its folder is made if it is missing.

    Yields
    ------
    Path                a new path in the same folder, with the same suffix (some writers look at it).

    Raises
    ------
    OSError             if the folder cannot be written to.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem[:80]}.{secrets.token_hex(6)}.part{path.suffix}")
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def check_folder(folder: Path) -> None:
    """See that a folder can be written to, or made, before hours of work are lost; nothing is made yet.

    Raises
    ------
    OSError             if it cannot.
    """
    there = Path(folder).absolute()
    while not os.path.lexists(there) and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file of bytes, whole or not at all."""
    with replacing(path) as draft:
        draft.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write a file of text in UTF-8 with plain newlines, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))
