"""Files that are either whole or absent: written beside their place, then renamed into it.

A run that is interrupted leaves the old file or none, never half of one. The temporary file lies in the
same folder, because a rename is atomic only within one file system.
"""

from __future__ import annotations

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


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file of bytes, whole or not at all."""
    with replacing(path) as draft:
        draft.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write a file of text in UTF-8 with plain newlines, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))
