"""Quantities in the units that people load and carry: "20 garrafones", "3.4 pipas", "800 comidas"."""

from __future__ import annotations

import math

from safepassage.core.aid_items import counted_in
from safepassage.core.logistics import Item

# Planning assumptions; `adapters.logistics` reads the words for them by the same figures.
GARRAFON_L, PIPA_L = 20.0, 10_000.0
STAKE_TRUCK_SEATS = 20.0


def in_local_units(item: str, quantity: float, lang: str) -> str:
    """Say a quantity of an item also in the unit that people load and carry; '' where there is none.

    Rounded up: half a garrafón is fetched as a whole one. Languages are "es" and "en".
    """
    if quantity <= 0:
        return ""
    if item == "water":
        if quantity >= PIPA_L:
            return f"{math.ceil(quantity / PIPA_L * 10) / 10:g} pipas"
        jugs = math.ceil(quantity / GARRAFON_L)
        spanish = "garrafón" if jugs == 1 else "garrafones"
        return f"{jugs:,} {spanish}" if lang == "es" else f"{jugs:,} × {GARRAFON_L:g} L"
    if item == "transport":
        trucks = math.ceil(quantity / STAKE_TRUCK_SEATS)
        spanish = "camioneta de redilas" if trucks == 1 else "camionetas de redilas"
        english = "stake truck" if trucks == 1 else "stake trucks"
        return f"{trucks:,} {spanish if lang == 'es' else english}"
    return ""


def quantity_text(item: Item, quantity: float, lang: str) -> str:
    """Say a quantity with its unit: "12,000 L", "800 comidas"; whole numbers, rounded up."""
    whole = math.ceil(quantity - 1e-6)
    return f"{whole:,} {counted_in(item, whole, lang)}"
