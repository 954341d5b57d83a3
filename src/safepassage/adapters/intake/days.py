"""Days as reports write them: as spreadsheets do, or with the name of the month in Spanish or English."""

from __future__ import annotations

import re
from datetime import date

from safepassage.adapters.folder.dates import parse_day
from safepassage.core.gazetteer import fold

_MONTHS = {
    name[:3]: number
    for number, names in enumerate(
        (
            "january enero", "february febrero", "march marzo", "april abril", "may mayo", "june junio",
            "july julio", "august agosto", "september septiembre", "october octubre", "november noviembre",
            "december diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_FULL = frozenset(
    "january february march april may june july august september october november december enero "
    "febrero marzo "
    "abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre sept set".split()
)
_MONTHS["set"] = 9
_WORDED = (
    re.compile(r"^(?P<day>[0-9]{1,2}) (?:de )?(?P<month>[a-z]+) (?:de |del )?(?P<year>[0-9]{4})$"),
    re.compile(r"^(?P<month>[a-z]+) (?P<day>[0-9]{1,2}) (?P<year>[0-9]{4})$"),
    re.compile(r"^(?P<year>[0-9]{4}) (?P<month>[a-z]+) (?P<day>[0-9]{1,2})$"),
)


def read_day(cell: str, order: str) -> tuple[date | None, str]:
    """Read one date as `adapters.folder.dates.parse_day` does; names of months are understood too.

    Returns
    -------
    date or None    None where it cannot be understood.
    str             why not; or, with a date, what a notice should say; '' for a plain ISO date.
    """
    day, told = parse_day(cell[:60], order)
    if day is not None or told != "not a date":
        return day, told
    words = re.sub(r"\b([0-9]{1,2})(?:st|nd|rd|th|o)\b", r"\1", fold(cell[:60]))
    for pattern in _WORDED:
        found = pattern.match(words)
        if found and (found["month"] in _FULL or len(found["month"]) == 3) and found["month"][:3] in _MONTHS:
            iso = f"{found['year']}-{_MONTHS[found['month'][:3]]:02d}-{int(found['day']):02d}"
            day, problem = parse_day(iso, order)
            return (day, "a date that is not written yyyy-mm-dd") if day else (None, problem)
    return None, told
