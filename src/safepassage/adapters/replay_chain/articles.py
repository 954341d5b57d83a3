"""Articles as files with a date: listed at once, opened only when their day has come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from safepassage.core.errors import Fault, InputError

SUFFIXES = (".txt", ".md")
_HEAD_BYTES = 2000
_NAMED = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?!\d)")
_SAID = re.compile(
    r"^\s*(?:published|publicado|date|fecha)\s*:\s*[\"']?(\d{4})-(\d{2})-(\d{2})(?!\d)", re.IGNORECASE
)
_DATED = "a date such as 2018-10-22 at the beginning of its name, or a first line 'published: 2018-10-22'"
_TWO = "the date in the name and that in the text differ: the later one is taken"


@dataclass(frozen=True, order=True)
class Article:
    """A file with a text, and when that was published."""

    published: date
    path: Path


def articles_in(folder: Path) -> tuple[tuple[Article, ...], tuple[Fault, ...]]:
    """List the articles of a folder by date of publication, and what is to be noticed.

    The date stands at the beginning of the file's name (2018-10-22-huixtla.txt), or in a line
    ``published: 2018-10-22`` (or ``fecha:``) among the first of the text. Of an article no more than these
    first lines are read here.

    Raises
    ------
    InputError      if there is no such folder or no article in it, or with every article that has no date.
    """
    if not folder.is_dir():
        fault = Fault("--articles", f"'{str(folder)[:80]}'", "a folder of articles", "check the name")
        raise InputError(fault)
    found, notices, faults = [], [], []
    for path in sorted(path for path in folder.iterdir() if not path.name.startswith(".")):
        if not path.is_file() or path.suffix.lower() not in SUFFIXES:
            expected = f"articles that end in {' or '.join(SUFFIXES)}"
            notices.append(Fault(path.name[:80], "no article", expected, "it is passed over"))
            continue
        named, said = _day(_NAMED.match(path.name)), _said(path)
        if named is None and said is None:
            faults.append(Fault(path.name[:80], "no date of publication", _DATED, "add the date"))
            continue
        days = [day for day in (named, said) if day is not None]
        if len(set(days)) > 1:
            told = f"{min(days)} and {max(days)}"
            notices.append(Fault(path.name[:80], told, "one date of publication", _TWO))
        found.append(Article(max(days), path))
    if faults:
        raise InputError(faults, "An article without a date cannot be read on its evening.")
    if not found:
        expected = f"articles that end in {' or '.join(SUFFIXES)}"
        raise InputError(Fault("--articles", f"no article in {str(folder)[:80]}", expected, "add some"))
    return tuple(sorted(found)), tuple(notices)


def without_head(text: str) -> str:
    """Give the text of an article without the line that tells its date."""
    lines = text.split("\n")
    kept = [line for n, line in enumerate(lines) if n >= 5 or not _SAID.match(line)]
    return "\n".join(kept)


def _said(path: Path) -> date | None:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError as error:
        fault = Fault(path.name[:80], error.strerror or "unreadable", "a file to read", "check its rights")
        raise InputError(fault) from None
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")
    return next((day for line in text.split("\n")[:5] if (day := _day(_SAID.match(line)))), None)


def _day(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
