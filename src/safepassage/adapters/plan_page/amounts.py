"""Goods, chances and hours as a volunteer says them: what can be counted, and never more exact than known."""

from __future__ import annotations

import math

from safepassage.adapters.logistics.vocabulary import catalogue
from safepassage.adapters.page.figures import THIN, Spoken, people, share, span
from safepassage.adapters.plan_page.words import say, spoken
from safepassage.core.aid_items import unit_word
from safepassage.core.logistics import Item
from safepassage.core.needs import Told
from safepassage.core.units_of_aid import in_local_units

LOWEST, RARE, EVEN, NEARLY, SURE = 0.01, 0.29, 0.95, 0.97, 0.995
LEAST_FINE, LEAST_WHOLE = 1e-3, 0.1
LARGE_STEP = 20  # from one in so many on, in steps of five


def named(item: Item) -> Spoken:
    """Say the name of an item."""
    return lambda lang: item.name_en if lang == "en" else item.name_es


def three_digits(number: float) -> int:
    """Round down to three significant digits: what can be counted, and never more than there is."""
    whole = math.floor(number + 1e-6)
    if whole < 1000:
        return whole
    step = int(10 ** (len(str(whole)) - 3))
    return whole // step * step


def goods(item: Item, quantity: float, *, sizes: bool = False) -> Spoken:
    """Say what is loaded: in its unit, and in the unit in which people carry it where there is one.

    With `sizes` the litres of one jug or tanker are told too.
    """
    told = three_digits(quantity)

    def said(lang: str) -> str:
        local = in_local_units(item.id, told, lang, sizes=sizes)
        return f"{told:,} {counted(item, told, lang)}" + (f" ({local})" if local else "")

    return said


def about(item: Item, quantity: float) -> Spoken:
    """Say a reckoned quantity to two significant digits, with what is counted."""
    return lambda lang: f"{people(quantity)(lang)} {counted(item, quantity, lang)}"


def counted(item: Item, quantity: float, lang: str) -> str:
    """Name what is counted so that it is understood alone: "kits de higiene", "L de agua"."""
    one, name = round(quantity) == 1, named(item)(lang).lower()
    unit = unit_word(item.unit, 1 if one else 2, lang)
    if item.unit == "piece":
        return name.removesuffix("s") if one else name
    if unit_word(item.unit, 2, lang).lower() in name:
        return unit if one else name
    return say(lang, "unit_of_item", unit=unit, item=name)


def between(told: Told) -> Spoken:
    """Say the range of a need or a gap; what may not be told is left out, a dash where nothing may."""
    if told.high is None:
        return lambda lang: "–"
    if told.low is None:
        return spoken("up_to", most=people(told.high))
    return span(told.low, told.high)


def odds(chance: float) -> Spoken:
    """Say a chance as people count it, with its per cent: "1 in 8 (12 %)"."""
    if not math.isfinite(chance):
        return spoken("odds_unknown")
    if chance <= 0:
        return spoken("odds_none")
    if chance < LOWEST:
        return spoken("odds_least")
    if chance >= SURE:
        return spoken("odds_sure", share=share(min(chance, SURE)))
    many, of = counted_odds(chance)
    return spoken("odds", many=many, of=of, share=share(chance))


def counted_odds(chance: float) -> tuple[int, int]:
    """Give a chance between nothing and all as so many in so many."""
    if chance <= RARE:
        of = round(1 / chance)
        return 1, of if of < LARGE_STEP else 5 * round(of / 5)
    if chance < EVEN:
        return min(9, max(3, round(10 * chance))), 10
    return (19, 20) if chance < NEARLY else (99, 100) if chance > 0.985 else (49, 50)


def fine(part: float) -> Spoken:
    """Say a share, with a decimal where it is small."""
    if part >= LEAST_WHOLE:
        return share(part)
    text = f"{100 * part:.1f}" if part >= LEAST_FINE else "<0.1"
    return lambda lang: f"{text}{THIN}%" if lang == "es" else f"{text}%"


def clock(hour: float) -> str:
    """Write an hour of the day in steps of five minutes, as a driver's watch is read."""
    minutes = round(hour * 12) * 5
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def lasting(hours: float) -> Spoken:
    """Say how long something takes, to a quarter of an hour."""
    quarters = max(1, round(hours * 4))
    whole, rest = divmod(quarters * 15, 60)
    text = f"{whole} h {rest:02d} min" if rest and whole else f"{whole} h" if whole else f"{rest} min"
    return lambda lang: text


def vehicle(name: str, count: int) -> Spoken:
    """Say so many vehicles of a kind: as people call them, and in English too where the word is known."""
    known = catalogue().vehicle(name)

    def said(lang: str) -> str:
        word = known.name_en if lang == "en" and known is not None else name
        return word if count == 1 else f"{count} × {word}"

    return said


def nobody_known(lang: str) -> str:
    """Say that a carrier is not known any more."""
    return say(lang, "carrier_unknown")
