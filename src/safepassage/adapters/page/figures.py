"""Numbers and dates as people write them in Spanish and in English.

Thousands are set apart by a comma and decimals by a point in both languages: so they are written in Mexico,
Guatemala and Honduras, where the Spanish pages are read. Ranges keep two significant digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

LANGUAGES = ("es", "en")
MONTHS = {
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
WEEKDAYS = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
YEARLESS_DAYS = 300  # a longer stretch shows the year beside each day
THIN = "\u202f"

Spoken = Callable[[str], str]


def two_digits(number: float) -> int:
    """Round to two significant digits from 100 on; below, to a whole number."""
    if abs(number) < 100:
        return round(number)
    step = 10 ** (math.floor(math.log10(abs(number))) - 1)
    return int(round(number / step) * step)


def whole(number: float) -> Spoken:
    """Say a whole number, thousands set apart."""
    text = f"{round(number):,}"
    return lambda lang: text


def people(number: float) -> Spoken:
    """Say a number of people to two significant digits."""
    return whole(two_digits(number))


def span(low: float, high: float) -> Spoken:
    """Say a range of people."""

    def spoken(lang: str) -> str:
        first, last = people(low)(lang), people(high)(lang)
        return first if first == last else f"{first}–{last}"

    return spoken


def share(chance: float) -> Spoken:
    """Say a chance in whole percent; never 0 % for what can happen, nor 100 % for what can fail."""
    if 0 < chance < 0.01:
        text = "<1"
    elif 0.99 < chance < 1:
        text = ">99"
    else:
        text = f"{100 * chance:.0f}"
    return lambda lang: f"{text}{THIN}%" if lang == "es" else f"{text}%"


def day(when: date) -> Spoken:
    """Say a date in short: 20 oct 2018."""
    return lambda lang: f"{when.day} {MONTHS[lang][when.month - 1]} {when.year}"


def day_short(when: date) -> Spoken:
    """Say a date without its year: 20 oct."""
    return lambda lang: f"{when.day} {MONTHS[lang][when.month - 1]}"


def day_named(when: date) -> Spoken:
    """Say a date with the day of the week: sábado 20 oct."""
    return lambda lang: f"{WEEKDAYS[lang][when.weekday()]} {when.day} {MONTHS[lang][when.month - 1]}"


def day_within(days: int, *, named: bool = False) -> Callable[[date], Spoken]:
    """Choose how to say a day among so many: with its year where one could be taken for another.

    Parameters
    ----------
    days : int          of the whole stretch that is shown.
    named : bool        with the day of the week.
    """
    if days <= YEARLESS_DAYS:
        return day_named if named else day_short
    return _day_named_year if named else day


def _day_named_year(when: date) -> Spoken:
    return lambda lang: f"{day_named(when)(lang)} {when.year}"


def day_range(first: date, last: date) -> Spoken:
    """Say a range of days without the year: 20–24 oct, 29 oct – 3 nov."""
    if first == last:
        return day_short(first)
    if (first.year, first.month) == (last.year, last.month):
        return lambda lang: f"{first.day}–{last.day} {MONTHS[lang][first.month - 1]}"
    return lambda lang: f"{day_short(first)(lang)} – {day_short(last)(lang)}"


def likelihood(chance: float) -> str:
    """Give the key of the word for a chance, after the scale of the IPCC (2010 guidance note)."""
    steps = ((0.9, "very_likely"), (0.66, "likely"), (0.33, "even"), (0.1, "unlikely"))
    return next((word for least, word in steps if chance >= least), "very_unlikely")
