"""What a drive carries, in one cell: "water 2000 L @huixtla-1; food 800 meal @huixtla-2"."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from safepassage.adapters.folder.cells import number_text
from safepassage.adapters.logistics.vocabulary import Catalogue, catalogue
from safepassage.adapters.offers import quantity_of
from safepassage.core.errors import Fault, InputError
from safepassage.core.logistics import Item
from safepassage.core.plan import Load

# A drive that handed nothing out.
NOTHING = "nothing"
_NOTHING = ("nothing", "nada", "0")
MOST = 1e9
_PLAIN = re.compile(r"(?P<item>[^\d]+?)\s+(?P<amount>\d+(?:\.\d+)?)(?:\s+(?P<unit>\S.*))?")
EXPECTED = 'item, quantity, unit and supply: "water 2000 L @huixtla-1; food 800 meal @huixtla-2"'


def load_text(loads: Iterable[Load], known: Catalogue | None = None) -> str:
    """Write what a drive carries, so that it is read back exactly."""
    items = (known or catalogue()).by_id
    parts = []
    for load in loads:
        unit = items[load.item].unit if load.item in items else ""
        supply = f"@{load.supply.replace('%', '%25').replace(';', '%3B')}" if load.supply else ""
        parts.append(" ".join(filter(None, [load.item, number_text(load.quantity), unit, supply])))
    return "; ".join(parts) or NOTHING


def read_loads(text: str, known: Catalogue | None = None) -> tuple[Load, ...]:
    """Read what a drive carries; `load_text` gives the form, words as of an offer are understood too.

    Parameters
    ----------
    text : str          parts with a semicolon between; the supply of each behind an @.
    known : Catalogue   items and units; None: those of this package.

    Raises
    ------
    InputError          with every part that is not understood, or has no quantity above 0; faults name no
        file, row or column.
    """
    words = known or catalogue()
    if text.strip().casefold() in _NOTHING:
        return ()
    loads: list[Load] = []
    faults: list[Fault] = []
    for part in filter(str.strip, text.split(";")):
        try:
            loads.append(_load(part.strip(), words))
        except InputError as error:
            faults += error.faults
    if faults or not loads:
        raise InputError(faults or [Fault("loads", f"'{text[:60]}'", EXPECTED, "write what it carries")])
    return tuple(loads)


def _load(part: str, known: Catalogue) -> Load:
    said, _, supply = part.partition("@")
    supply = supply.strip().replace("%3B", ";").replace("%25", "%")
    plain = _PLAIN.fullmatch(said.strip())
    item = known.item(plain["item"]) if plain else None
    if plain is None or item is None:
        found = quantity_of(said, known, file="loads")
        return Load(found.item, found.quantity, supply)
    return Load(item.id, amount_of(item, plain["amount"], plain["unit"] or "", known), supply)


def amount_of(item: Item, amount: str, unit: str, known: Catalogue | None = None) -> float:
    """Give a quantity in the item's own unit.

    Raises
    ------
    InputError      if it is not above 0, or the unit does not count this item; the fault names no file.
    """
    words = known or catalogue()
    factor = words.per_unit(unit, item) if unit else 1.0
    if factor is None:
        expected = f"{item.unit}, or a word that counts {item.name_en.lower()}"
        mend = f"write it in {item.unit}, such as '{item.id} {amount} {item.unit}'"
        raise InputError(Fault("loads", f"'{unit[:40]}' of {item.id}", expected, mend))
    quantity = float(amount) * factor
    if not 0 < quantity <= MOST or not math.isfinite(quantity):
        raise InputError(
            Fault(
                "loads", f"'{item.id} {amount[:20]}'", "a quantity above 0", "write how much, or take it out"
            )
        )
    return quantity
