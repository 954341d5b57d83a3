"""What the three tables have in common: items, days, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from safepassage.adapters.folder.cells import NOTHING_DAY, Cells, Range
from safepassage.adapters.folder.columns import PROFILE_FILE
from safepassage.adapters.folder.findings import Findings, printable
from safepassage.adapters.logistics.vocabulary import Catalogue
from safepassage.core.gazetteer import Gazetteer, fold
from safepassage.core.logistics import STATUSES, Item

HOUR = Range(0, 24)
ALL_DAY = (0.0, 24.0)
FREE = ("holder", "vehicle", "note", "source", "id")
NO_ITEM = Item("", "", "", "", 0.0, 0.0)  # stands where a fault was found


@dataclass(frozen=True)
class Around:
    """What the tables are read against."""

    findings: Findings
    gazetteer: Gazetteer
    known: Catalogue


def item_of(row: Cells, around: Around) -> Item:
    """Give the item of a row, by its id or a word for it; the nearest ones where there is none."""
    text = row.needed("item")
    item = around.known.item(text)
    if item is not None:
        if text.strip() != item.id:
            row.note("item", f"the item '{item.id}'")
        return item
    if text:
        row.fault("item", _known_items(around.known), printable(nearest_items(text, around.known)))
    return NO_ITEM


def _known_items(known: Catalogue) -> str:
    return f"an item: {', '.join(item.id for item in known.items)}"


@lru_cache(maxsize=1000)  # a slip is often copied down a column, and looking is slow
def nearest_items(text: str, known: Catalogue) -> str:
    """Say which items are nearest to a word, as an instruction."""
    words = {**{item.id: item.id for item in known.items}, **known.item_words}
    close = get_close_matches(fold(text)[:60], list(words), n=3, cutoff=0.7)
    ids = dict.fromkeys(words[word] for word in close)
    mend = f"did you mean {' or '.join(ids)}? Else" if ids else "write one of these words, or"
    return f"{mend} tell an item of your own in {PROFILE_FILE} (docs/needs.md)"


def span_of(row: Cells) -> tuple[date, date | None, date]:
    """Give the first day, the last and the day it became known; each stands in for another that is not told.

    Nothing is known later than on its first day, so that a row without `announced` can be used from then on
    and no day earlier.
    """
    since, until, announced = row.day("from"), row.day("until"), row.day("announced")
    if since is None and announced is None:
        row.fault("from", "the first day, or the day it was announced", "fill in one of the two")
        return NOTHING_DAY, None, NOTHING_DAY
    known = day_known(row, since, announced)
    first = since if since is not None else known
    if until is not None and NOTHING_DAY not in (first, until) and until < first:
        row.fault("until", f"a day from `from` on ({first})", "exchange or correct the two dates")
    return first, until, known


def day_known(row: Cells, since: date | None, announced: date | None) -> date:
    """Give the day a row became known: its first day where that is not told."""
    if announced is not None:
        return announced
    row.note("announced", "the day it became known; its first day is assumed", "fill it in where it is known")
    return since or NOTHING_DAY


def hours_of(row: Cells, first_hour: float, last_hour: float) -> tuple[float, float]:
    """Give the hours of the day of a row, or those given where it tells none."""
    told_first, told_last = row.number("first_hour", HOUR), row.number("last_hour", HOUR)
    first = first_hour if told_first is None else told_first
    last = last_hour if told_last is None else told_last
    if last <= first:
        found = f"first_hour {first:g} and last_hour {last:g}"
        mend = "exchange or correct them; whoever works over midnight has two rows, one until 24, one from 0"
        row.fault("last_hour", "an hour after first_hour", mend, found=found)
        return first_hour, last_hour
    return first, last


def status_of(row: Cells, announced: date) -> tuple[str, date | None]:
    """Give what was decided, and when."""
    status = row.choice("status", STATUSES, "accepted")
    decided = row.day("decided")
    if decided is not None and NOTHING_DAY not in (decided, announced) and decided < announced:
        expected = f"a day from `announced` on ({announced})"
        row.fault("decided", expected, "correct it: nothing is decided before it is known")
    return status, decided
