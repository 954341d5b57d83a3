"""Dates as spreadsheets write them: ISO, or day and month in the order that the whole file shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2200
_ISO = re.compile(r"^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})$")
_LOCAL = re.compile(r"^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})$")
_TIME = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$")


def day_order(cells: Iterable[str]) -> str:
    """Tell in which order a file writes day and month.

    Returns
    -------
    str     "day/month", "month/day", "both" where the rows contradict one another, '' where no row tells.
    """
    found = set()
    for cell in cells:
        if local := _LOCAL.match(_TIME.sub("", cell.strip())):
            first, second = int(local[1]), int(local[2])
            if first > 12 >= second:
                found.add("day/month")
            elif second > 12 >= first:
                found.add("month/day")
    return found.pop() if len(found) == 1 else "both" if found else ""


def parse_day(cell: str, order: str) -> tuple[date | None, str]:
    """Read one date.

    Parameters
    ----------
    cell : str      not empty.
    order : str     what `day_order` says of the file.

    Returns
    -------
    date or None    None where it cannot be understood.
    str             why not; or, with a date, what a notice should say; '' for a plain ISO date.
    """
    text = cell.strip()
    bare = _TIME.sub("", text)
    notice = "the time of day is not kept" if bare != text else ""
    if iso := _ISO.match(bare):
        numbers = (int(iso[1]), int(iso[2]), int(iso[3]))
        if bare != _iso_text(numbers):
            notice = notice or "a date that is not written yyyy-mm-dd"
    elif local := _LOCAL.match(bare):
        first, second, year = int(local[1]), int(local[2]), int(local[3])
        if first == second:
            order = "day/month"
        if order not in ("day/month", "month/day"):
            return None, "day and month cannot be told apart"
        day, month = (first, second) if order == "day/month" else (second, first)
        numbers = (year, month, day)
        notice = f"dates are read as {order}/year, as other rows show"
    else:
        return None, "not a date"
    try:
        value = date(*numbers)
    except ValueError:
        return None, "no such day"
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        return None, f"the year is not between {FIRST_YEAR} and {LAST_YEAR}"
    return value, notice


def _iso_text(numbers: tuple[int, int, int]) -> str:
    return f"{numbers[0]:04d}-{numbers[1]:02d}-{numbers[2]:02d}"
