"""File names for places: readable where the id allows, and safe on every file system."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
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

    A name that two ids would share, that is empty, or that some system keeps for itself, gets a short
    checksum of the id, so that nobody can be handed the sheet of another place.
    """
    slugs = [_slug(key) for key in ids]
    often = Counter(slugs)
    return [
        slug if often[slug] == 1 and slug not in _RESERVED else f"{slug}-{_mark(key)}"
        for key, slug in zip(ids, slugs, strict=True)
    ]


def _slug(key: str) -> str:
    letters = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:50].strip("-") or "place"


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:10]
