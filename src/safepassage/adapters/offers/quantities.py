"""One quantity of aid as people say it: "20 garrafones", "800 comidas", "una pipa de 8 mil litros"."""

from __future__ import annotations

from safepassage.adapters.logistics.vocabulary import Catalogue, catalogue
from safepassage.adapters.offers.goods import Goods
from safepassage.adapters.offers.reading import goods_in
from safepassage.core.errors import Fault, InputError

EXPECTED = "one item with how much of it: '20 garrafones', '800 meals'"


def quantity_of(text: str, known: Catalogue | None = None, *, file: str = "quantity") -> Goods:
    """Read one quantity, by the same words as an offer.

    Parameters
    ----------
    text : str
    known : Catalogue or None   items and units; None: those of this package.
    file : str                  as faults name where the words stand.

    Raises
    ------
    InputError      if there is not exactly one, or any word or figure of it is not understood.
    """
    found, asked, unknown = goods_in(text, known or catalogue())
    if len(found) == 1 and not (asked or unknown):
        return found[0]
    told = "; ".join((*asked, *(f"not understood: {words}" for words in unknown)))
    mend = told or ("write one item at a time" if found else "write how much of what")
    raise InputError(Fault(file, f"'{text[:60]}'", EXPECTED, mend))
