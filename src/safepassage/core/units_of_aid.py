"""Quantities in the units that people load and carry: "20 garrafones", "3.4 pipas", "800 comidas"."""

from __future__ import annotations

import math

from safepassage.core.aid_items import counted_in
from safepassage.core.logistics import Item

# Planning assumptions; `adapters.logistics` reads the words for them by the same figures.
GARRAFON_L, PIPA_L = 20.0, 10_000.0
STAKE_TRUCK_SEATS = 20.0
SIGNIFICANT = 3  # digits that a need is told with
# Water is counted out in jugs up to here; what is more comes by hose.
MOST_JUGS_L = 5_000.0
# From a quantity on, loads are whole multiples of a step; below the last quantity nothing is loaded.
STEPS = ((1_000.0, 50.0), (100.0, 10.0), (20.0, 5.0), (5.0, 1.0))
WATER_STEPS = ((1_000.0, 100.0), (GARRAFON_L, GARRAFON_L))


def rounded_up(quantity: float) -> float:
    """Round a quantity that is needed up to one that people order by: three significant digits, whole units.

    >>> rounded_up(12_387.4), rounded_up(98.2), rounded_up(640)
    (12400.0, 99.0, 640.0)
    """
    whole = math.ceil(quantity - 1e-6)
    step = 10 ** max(len(str(abs(whole))) - SIGNIFICANT, 0)
    return float(math.ceil(whole / step) * step)


def handy(item: str, quantity: float) -> float:
    """Round a load down to what is easily counted out; 0 for what is not worth a line on a sheet.

    Water goes by the garrafón, and by five of them from 1,000 L on. The steps are planning assumptions.

    >>> handy("water", 7_083.0), handy("water", 605.0), handy("water", 12.0)
    (7000.0, 600.0, 0.0)
    >>> handy("food", 3_382.0), handy("blanket", 524.0), handy("blanket", 23.0), handy("blanket", 2.0)
    (3350.0, 520.0, 20.0, 0.0)
    """
    whole = quantity + 1e-6
    for least, step in WATER_STEPS if item == "water" else STEPS:
        if whole >= least:
            return float(math.floor(whole / step) * step)
    return 0.0


def in_local_units(item: str, quantity: float, lang: str, *, sizes: bool = True) -> str:
    """Say a quantity of an item also in the unit that people load and carry; '' where there is none.

    Rounded up: half a garrafón is fetched as a whole one. Languages are "es" and "en". With `sizes`
    the litres of one are told. Between jugs and a tanker there is none: nobody counts 300 jugs.
    """
    if quantity <= 0:
        return ""
    if item == "water" and quantity >= PIPA_L:
        tankers = math.ceil(quantity / PIPA_L * 10 - 1e-6) / 10
        one, many, of = ("pipa", "pipas", "de") if lang == "es" else ("tanker", "tankers", "of")
        return _counted(tankers, one, many) + (f" {of} {PIPA_L:,.0f} L" if sizes else "")
    if item == "water" and quantity <= MOST_JUGS_L:
        jugs = rounded_up(quantity / GARRAFON_L)
        one, many, of = ("garrafón", "garrafones", "de") if lang == "es" else ("jug", "jugs", "of")
        return _counted(jugs, one, many) + (f" {of} {GARRAFON_L:g} L" if sizes else "")
    if item == "transport":
        trucks = rounded_up(quantity / STAKE_TRUCK_SEATS)
        if lang == "es":
            return _counted(trucks, "camioneta de redilas", "camionetas de redilas")
        return _counted(trucks, "stake truck", "stake trucks")
    return ""


def _counted(number: float, one: str, many: str) -> str:
    figure = f"{number:,.1f}".removesuffix(".0")
    return f"{figure} {one if number == 1 else many}"


def quantity_text(item: Item, quantity: float, lang: str) -> str:
    """Say a quantity that is needed, with its unit: "12,400 L", "800 comidas"; rounded up."""
    whole = rounded_up(quantity)
    return f"{whole:,.0f} {counted_in(item, whole, lang)}"


def quantity_words(item: Item, quantity: float, lang: str) -> str:
    """Say a quantity with its unit and, where the unit does not say it, the item.

    >>> from safepassage.core.aid_items import items_by_id
    >>> quantity_words(items_by_id()["water"], 2000, "en"), quantity_words(items_by_id()["ors"], 90, "es")
    ('2,000 L of water', '90 sobres de suero oral')
    """
    name = (item.name_en if lang == "en" else item.name_es).lower()
    if item.unit == "piece" or counted_in(item, 2, lang) in name.split():
        return f"{quantity:,.0f} {name}"
    of = "of" if lang == "en" else "de"
    return f"{quantity:,.0f} {counted_in(item, quantity, lang)} {of} {name}"
