"""File names for places: readable where the id allows, and safe on every file system."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    "index",
    *(f"{dev}{n}" for dev in ("com", "lpt") for n in range(1, 10)),
}


def file_stems(ids: Sequence[str]) -> list[str]:
    """Give each id a file name without suffix: lower case letters, digits and hyphens, all different.

    An id that is such a name already keeps it; any other gets a short checksum, so that no two ids, and no
    two runs, can disagree about whose sheet it is.
    """
    plain = {key for key in ids if _is_plain(key)}
    return [key if key in plain else _named(key) for key in ids]


def _is_plain(key: str) -> bool:
    return (
        re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) is not None and len(key) <= 60 and key not in _RESERVED
    )


def _named(key: str) -> str:
    letters = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode("ascii").lower()
    stem = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:50].strip("-")
    mark = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{stem}-{mark}" if stem else f"place-{mark}"
