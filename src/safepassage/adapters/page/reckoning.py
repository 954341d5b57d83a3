"""How many people to reckon with, in words: a range only where there are enough futures behind it."""

from __future__ import annotations

from safepassage.adapters.outlook import Arrival, Night, Range
from safepassage.adapters.page.figures import Spoken, people, share, span, whole
from safepassage.adapters.page.words import pair, say


def too_few(lang: str) -> str:
    """Say that there are too few futures to give a range."""
    return say(lang, "too_few")


def reckoned(row: Night) -> Spoken:
    """Say how many to reckon with on a night, if they come.

    A range where enough members reach the threshold; that there are too few where some do; "fewer than" the
    threshold where none does, since a range over all members would not be one of those who come.
    """
    if not row.conditional:
        return lambda lang: say(lang, "fewer_than", threshold=whole(row.threshold_people))
    return span(row.people.low, row.people.high) if row.enough else too_few


def amount(row: Range) -> Spoken:
    """Say a range of people with its middle value; once where all three are written alike."""
    values = {"range": span(row.low, row.high), "middle": people(row.middle)}

    def spoken(lang: str) -> str:
        once = values["range"](lang) == values["middle"](lang)
        return say(lang, "amount_one" if once else "amount_range", **values)

    return spoken


def told_chance(row: Night) -> Spoken:
    """Say the chance to tell; with a star where it is that of anybody and not of so many people."""
    star = "*" if row.tells_anybody else ""
    return lambda lang: share(row.told)(lang) + star


def night_people_cell(row: Night) -> str:
    """Write the cell that says how many to reckon with on a night."""
    return _range_cell(row.people) if row.enough else f'<td class="people soft">{pair(reckoned(row))}</td>'


def arrival_people_cell(row: Arrival) -> str:
    """Write the cell that says how many there are on the fullest night, if they come."""
    return _range_cell(row.people) if row.enough_people else f'<td class="people soft">{pair(too_few)}</td>'


def _range_cell(row: Range) -> str:
    middle, reach = pair(people(row.middle)), pair(span(row.low, row.high))
    beside = f' <span class="range">{reach}</span>' if reach != middle else ""
    return f'<td class="people"><b>{middle}</b>{beside}</td>'
