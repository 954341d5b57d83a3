"""The days of an offer: tomorrow, jueves, 24 October, 24/10, until Sunday, every day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from safepassage.adapters.offers.tokens import Words

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "lunes monday mon lun", "martes tuesday tue tues", "miercoles wednesday wed mie",
            "jueves thursday thu thur thurs jue", "viernes friday fri vie", "sabado saturday sat sab",
            "domingo sunday sun dom",
        )
    )
    for name in names.split()
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january enero jan ene", "february febrero feb", "march marzo mar", "april abril apr abr",
            "may mayo", "june junio jun", "july julio jul", "august agosto aug ago",
            "september septiembre setiembre sept sep", "october octubre oct", "november noviembre nov",
            "december diciembre dec dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY, _MONTH = "|".join(_WEEKDAYS), "|".join(_MONTHS)
_TODAY = (
    "hoy mismo|hoy|today|tonight|esta noche|esta tarde|esta manana|this afternoon|this morning|this evening"
)
_TOMORROW = "manana|tomorrow|tmrw|tmr|tomorow|tommorrow|tomorrows"
_AFTER = "pasado manana|the day after tomorrow|day after tomorrow"
_DAY = (
    rf"(?:(?:el dia|el|la|on|the|este|esta|this|next|proximo|coming|dia) )*(?:"
    rf"(?P<{{0}}iso>\d{{{{4}}}}-\d{{{{2}}}}-\d{{{{2}}}})|"
    rf"(?P<{{0}}slash>\d{{{{1,2}}}}/\d{{{{1,2}}}}(?:/\d{{{{2,4}}}})?)"
    rf"|(?:(?:{_WEEKDAY}) )?(?P<{{0}}d>\d{{{{1,2}}}})(?: (?:st|nd|rd|th))?(?: de|"
    rf" of)? (?P<{{0}}m>{_MONTH})\b(?:(?: de| del| ,)? (?P<{{0}}y>20\d\d))?"
    rf"|(?:(?:{_WEEKDAY}) (?:, )?)?(?P<{{0}}m2>{_MONTH})(?: \.)? (?P<{{0}}d2>\d{{{{1,2}}}})\b(?: (?:st|"
    rf"nd|rd|th))?(?: , (?P<{{0}}y2>20\d\d))?"
    rf"|(?P<{{0}}after>{_AFTER})|(?P<{{0}}today>{_TODAY})|(?P<{{0}}tomorrow>{_TOMORROW})"
    rf"|(?P<{{0}}weekday>{_WEEKDAY})\b(?: \d{{{{1,2}}}}(?= (?:a|al|y|,|to)\b|$))?)"
)


def _day_pattern(prefix: str) -> str:
    return _DAY.format(prefix).replace("{{", "{").replace("}}", "}")


_FROM = (
    r"(?:a partir del|a partir de|del|de|desde el|desde|from|starting on|starting|beginning|since|as of|"
    r"entre el|entre|between)"
)
_TO = r"(?:al|a|hasta el|hasta|to|until|till|til|thru|through|-|y|and)"
_UNTIL = r"(?:hasta el|hasta|until|till|til|thru|through|up to)"
_SPAN = re.compile(rf"\b(?:{_FROM} )?{_day_pattern('a')} {_TO} {_day_pattern('b')}(?!\w)")
# "del 29 al 31 de octubre": the month is told once.
_SPAN_IN_MONTH = re.compile(
    rf"\b(?:(?:del|from|de|entre el|between) )?(?P<first>\d{{1,2}}) (?:al|a|to|-|y|"
    rf"and) (?:el )?(?P<last>\d{{1,2}})"
    rf"(?: de| of)? (?P<month>{_MONTH})\b|\b(?P<month2>{_MONTH}) (?P<first2>\d{{1,2}}) (?:to|-|"
    rf"and) (?P<last2>\d{{1,2}})\b"
    rf"|\bdel (?P<first3>\d{{1,2}}) al (?P<last3>\d{{1,2}})\b(?! (?:h|hrs|horas|de la))"
)
_ENDS = re.compile(rf"\b{_UNTIL} {_day_pattern('a')}(?!\w)")
_STARTS = re.compile(
    rf"\b(?:a partir del|a partir de|desde el|desde|from|starting on|starting|beginning|since|"
    rf"as of) {_day_pattern('a')}(?!\w)"
)
_ONE = re.compile(rf"\b{_day_pattern('a')}(?!\w)")
_LASTING = re.compile(
    r"\b(?:por|durante|for|next|los proximos|las proximas|the next)(?: (?:los|las|the|"
    r"next))? (?P<n>\d{1,2}|un|una|a|one|dos|two|tres|three|"
    r"cuatro|four|cinco|five|siete|seven|diez|ten)? ?(?P<unit>dias|days|day|dia|semanas|semana|weeks|week)\b"
)
_WEEKEND = re.compile(r"\b(?:el |este |this |the |on the )?(?:fin de semana|weekend)\b")
_WEEK = re.compile(r"\b(?:toda la semana|esta semana|all week|this week|the whole week)\b")
_DAILY_ALL = re.compile(
    r"\b(?:todos los dias|todas las noches|cada dia|cada noche|every day|everyday|each day|every night|"
    r"each night|"
    r"every evening|every morning|diario|diariamente|daily|a diario|por noche|nightly)\b"
)
_DAILY_ONE = re.compile(
    r"\b(?:al dia|por dia|a day|per day|per night|a night|diarios|diarias)\b|(?:\bc )?/ (?:dia|day)\b"
)
_NUMBERS = {
    "un": 1, "una": 1, "a": 1, "one": 1, "dos": 2, "two": 2, "tres": 3, "three": 3, "cuatro": 4, "four": 4,
    "cinco": 5, "five": 5, "siete": 7, "seven": 7, "diez": 10, "ten": 10,
}  # fmt: skip
DAY_WORDS = frozenset(
    (
        *_WEEKDAYS,
        *_MONTHS,
        *"hoy today tonight manana tomorrow pasado diario diarios diarias diariamente daily todos dias every "
        "hasta until desde partir starting semana weekend".split(),
    )
)


@dataclass(frozen=True)
class Days:
    """When an offer holds.

    Parameters
    ----------
    since, until : date or None     None: not told.
    daily : bool                    so much again every day, said of the whole line.
    daily_at : tuple of int         tokens that say so of what stands before them ("300 comidas al día").
    """

    since: date | None = None
    until: date | None = None
    daily: bool = False
    daily_at: tuple[int, ...] = ()


def days_in(words: Words, as_of: date) -> Days:
    """Read the days of a line, and mark their words as understood.

    Raises
    ------
    ValueError      if a day is named that does not exist.
    """
    daily, marks = _daily(words)
    since, until = _span(words, as_of)
    return Days(since, until, daily, marks)


def _span(words: Words, as_of: date) -> tuple[date | None, date | None]:
    for pattern in (_SPAN_IN_MONTH, _SPAN):
        for found in _free(words, pattern):
            first, last = _two(found, as_of)
            if first is not None and last is not None:
                _take(words, found)
                return first, last if last >= first else _later(last, first)
    since = _taken(words, _STARTS, as_of)
    until = _taken(words, _ENDS, since or as_of)
    if since is None and until is None:
        since, until = _single(words, as_of)
    elif since is None:
        since = _taken(words, _ONE, as_of)
    return _lasting(words, since, until, as_of)


def _taken(words: Words, pattern: re.Pattern[str], after: date) -> date | None:
    """Read the first day of a pattern and mark its words; None where there is none."""
    found = _first(words, pattern)
    if found is None:
        return None
    day = _named(found, "a", after)
    _take(words, found)
    return day


def _single(words: Words, as_of: date) -> tuple[date | None, date | None]:
    if found := _first(words, _WEEKEND):
        _take(words, found)
        saturday = as_of + timedelta(days=(5 - as_of.weekday()) % 7)
        return saturday, saturday + timedelta(days=1)
    if found := _first(words, _WEEK):
        _take(words, found)
        return as_of, as_of + timedelta(days=6 - as_of.weekday())
    if found := _first(words, _ONE):
        _take(words, found)
        day = _named(found, "a", as_of)
        return day, day
    return None, None


def _lasting(
    words: Words, since: date | None, until: date | None, as_of: date
) -> tuple[date | None, date | None]:
    found = _first(words, _LASTING)
    if found is None or not (found["n"] or found["unit"] in ("semana", "week")):
        return since, until
    number = found["n"] or "1"
    days = int(number) if number.isdigit() else _NUMBERS[number]
    days *= 7 if found["unit"][0] in "sw" else 1
    _take(words, found)
    first = since or as_of
    return first, first + timedelta(days=days - 1)


def _two(found: re.Match[str], as_of: date) -> tuple[date | None, date | None]:
    told = found.groupdict()
    for mark in ("", "2", "3"):
        if told.get(f"first{mark}"):
            month = _MONTHS[told[f"month{mark}"]] if told.get(f"month{mark}") else None
            first = _in_year(int(told[f"first{mark}"]), month, None, as_of)
            return first, _in_year(int(told[f"last{mark}"]), month, None, first)
    if "aiso" not in told:
        return None, None
    first = _named(found, "a", as_of)
    return first, _named(found, "b", first)


def _named(found: re.Match[str], prefix: str, after: date) -> date:
    """Give the day that a pattern of `_DAY` named, the next one of its name after another day."""
    told = {
        key[len(prefix) :]: value for key, value in found.groupdict().items() if value and key[0] == prefix
    }
    if "iso" in told:
        return date.fromisoformat(told["iso"])
    if "slash" in told:
        day, month, *year = (int(part) for part in told["slash"].split("/"))
        return _in_year(day, month, (year[0] + 2000 if year[0] < 100 else year[0]) if year else None, after)
    if "d" in told or "d2" in told:
        mark = "2" if "d2" in told else ""
        year_told = told.get(f"y{mark}")
        month = _MONTHS[told[f"m{mark}"]]
        return _in_year(int(told[f"d{mark}"]), month, int(year_told) if year_told else None, after)
    for name, days in (("after", 2), ("today", 0), ("tomorrow", 1)):
        if name in told:
            return after + timedelta(days=days)
    return after + timedelta(days=(_WEEKDAYS[told["weekday"]] - after.weekday() - 1) % 7 + 1)


def _in_year(day: int, month: int | None, year: int | None, near: date) -> date:
    """Give a day whose year, or month, is not told: the nearest one, of two the later."""
    if year is not None and month is not None:
        return date(year, month, day)
    if month is None:
        this = date(near.year, near.month, day)
        return this if this >= near else date(near.year + near.month // 12, near.month % 12 + 1, day)
    nearest = [
        date(y, month, day) for y in (near.year - 1, near.year, near.year + 1) if _exists(y, month, day)
    ]
    if not nearest:
        raise ValueError(day, month)
    return min(nearest, key=lambda d: (abs((d - near).days), d < near))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _later(last: date, first: date) -> date:
    return last + timedelta(days=7) if (first - last).days < 7 else last


def _daily(words: Words) -> tuple[bool, tuple[int, ...]]:
    whole = [found for found in _DAILY_ALL.finditer(words.plain)]
    for found in whole:
        _take(words, found)
    marks = []
    for found in _DAILY_ONE.finditer(words.plain):
        tokens = words.covered(found.start(), found.end())
        if words.is_free(tokens):
            words.take(tokens)
            marks.append(tokens.start)
    return bool(whole), tuple(marks)


def _free(words: Words, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    return [m for m in pattern.finditer(words.plain) if words.is_free(words.covered(m.start(), m.end()))]


def _first(words: Words, pattern: re.Pattern[str]) -> re.Match[str] | None:
    found = _free(words, pattern)
    return found[0] if found else None


def _take(words: Words, found: re.Match[str]) -> None:
    words.take(words.covered(found.start(), found.end()))
