"""Quantities as people say them ("20 garrafones", "800 meals"), in the units that aid is counted in.

`quantity_of` reads one quantity, `in_local_units` says one. Words are Spanish and English, without regard to
accents and case. A word that is not understood is a fault and never a guess: 20 litres of milk are no water.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from safepassage.core.aid_items import counted_in, items_by_id
from safepassage.core.aid_words import AID_WORDS, GARRAFON_L, PIPA_L, STAKE_TRUCK_SEATS, AidWord
from safepassage.core.errors import Fault, InputError
from safepassage.core.gazetteer import fold
from safepassage.core.logistics import Item

MOST = 1e9


class AidQuantity(NamedTuple):
    """So much of one item, in the item's unit."""

    item: str
    quantity: float
    unit: str


_NUMBER_WORDS = {
    "un": 1, "una": 1, "uno": 1, "a": 1, "an": 1, "one": 1, "dos": 2, "two": 2, "tres": 3, "three": 3,
    "cuatro": 4, "four": 4, "cinco": 5, "five": 5, "seis": 6, "six": 6, "siete": 7, "seven": 7, "ocho": 8,
    "eight": 8, "nueve": 9, "nine": 9, "diez": 10, "ten": 10, "doce": 12, "twelve": 12, "quince": 15,
    "fifteen": 15, "veinte": 20, "twenty": 20, "treinta": 30, "thirty": 30, "cuarenta": 40, "forty": 40,
    "cincuenta": 50, "fifty": 50, "sesenta": 60, "sixty": 60, "ochenta": 80, "eighty": 80, "cien": 100,
    "ciento": 100, "hundred": 100, "doscientos": 200, "doscientas": 200, "trescientos": 300,
    "trescientas": 300, "cuatrocientos": 400, "cuatrocientas": 400, "quinientos": 500, "quinientas": 500,
    "mil": 1000, "thousand": 1000,
}  # fmt: skip
_TIMES = {"mil": 1000.0, "thousand": 1000.0, "hundred": 100.0, "docena": 12.0, "docenas": 12.0, "dozen": 12.0}
# Said beside a quantity without changing it.
_TOLERATED = frozenset(
    "de del of the la las los el y and con with para for por to each cada uno una agua water purificada "
    "purified potable drinking bottled embotellada limpia clean comida food caliente calientes hot lista "
    "listas ready eat nueva nuevas nuevo nuevos new dia day dormir sleep sleeping ropa clothes clothing "
    "beber tomar".split()
)
_ITEM_OF_TOLERATED = {
    "water": {
        "agua",
        "water",
        "beber",
        "drinking",
        "potable",
        "purificada",
        "purified",
        "embotellada",
        "bottled",
    },
    "food": {"comida", "food"},
    "clothing": {"ropa", "clothes", "clothing"},
    "shelter": {"dormir", "sleep", "sleeping"},
}
_FIGURE = r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_NUMBER = re.compile(rf"(?<![\w.,])(?P<sign>[-−]\s?)?(?P<figure>{_FIGURE})")
_LITRES = {word: one.per_word for one in AID_WORDS[:4] for word in one.words}


def quantity_of(text: str, *, items: tuple[Item, ...] = (), file: str = "quantity") -> AidQuantity:
    """Read one quantity of aid.

    >>> quantity_of("20 garrafones")
    AidQuantity(item='water', quantity=400.0, unit='L')
    >>> quantity_of("2,000 L water").quantity, quantity_of("una pipa de 8 mil litros").quantity
    (2000.0, 8000.0)

    Parameters
    ----------
    text : str              "800 meals", "agua: 2,000 litros", "200 botellas de 600 ml".
    items : tuple of Item   a user's own items: counted by their names or ids ("30 pañales").
    file : str              as faults name where the words stand.

    Returns
    -------
    AidQuantity             item id, quantity > 0 in the item's unit, that unit.

    Raises
    ------
    InputError      if there is no number or more than one, it is not above zero, or a word is not understood.
    """
    known = items_by_id(items)
    words = _own_words(items) | {word: one for one in AID_WORDS for word in one.words}
    plain = _plain(text)
    vessel = _vessel(plain, words)
    amount, rest = _amount(
        plain if vessel is None else plain[: vessel.start] + plain[vessel.end :], text, file
    )
    found = _longest(rest, words)
    if found is None:
        raise InputError(_not_understood(text, rest, words, file))
    one = words[found]
    left = [w for w in _cut(rest, found).split() if not _goes_with(w, one.item)]
    if left:
        raise InputError(_stranger(text, " ".join(left), one, file))
    per_word = one.per_word
    if vessel is not None:
        per_word = vessel.litres
    elif one.needs_size:
        mend = f"tell its size: '{amount:g} {found} de 1.5 L'"
        raise InputError(Fault(file, f"'{_shown(text)}'", "a vessel whose litres are told", mend))
    quantity = amount * per_word
    if not 0 < quantity <= MOST:
        raise InputError(Fault(file, f"'{_shown(text)}'", "a quantity above 0", "write how much there is"))
    return AidQuantity(one.item, quantity, known[one.item].unit)


def in_local_units(item: str, quantity: float, lang: str) -> str:
    """Say a quantity of an item also in the unit that people load and carry; '' where there is none.

    Rounded up: half a garrafón is fetched as a whole one. Languages are "es" and "en".
    """
    if quantity <= 0:
        return ""
    if item == "water":
        if quantity >= PIPA_L:
            tankers = math.ceil(quantity / PIPA_L * 10) / 10
            return "1 pipa" if tankers == 1 else f"{tankers:g} pipas"
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


def _plain(text: str) -> str:
    """Drop accents and case, and keep figures as they are."""
    letters = unicodedata.normalize("NFKD", text.replace("³", "3").replace("²", "2"))
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold().strip()


@dataclass(frozen=True)
class _Vessel:
    """The size of a vessel, and where in the text it stands."""

    litres: float
    start: int
    end: int


def _vessel(plain: str, words: dict[str, AidWord]) -> _Vessel | None:
    """Find "de 19 L" behind the word of a vessel."""
    vessels = sorted((w for w, one in words.items() if one.holds_litres), key=len, reverse=True)
    found = re.search(
        rf"\b(?:{'|'.join(map(re.escape, vessels))})\b(?:\s+(?:de\s+agua|of\s+water|con|with))?"
        rf"(?P<size>\s*(?:de|of|x|con|with|\()\s*(?P<figure>{_FIGURE})\s*(?P<mil>mil\b)?\s*"
        rf"(?P<unit>{'|'.join(sorted(map(re.escape, _LITRES), key=len, reverse=True))})\b"
        r"(?:\s*(?:cada un[oa]|each))?\)?)",
        plain,
    )
    if found is None:
        return None
    litres = _value(found["figure"]) * _LITRES[found["unit"]] * (1000.0 if found["mil"] else 1.0)
    return _Vessel(litres, found.start("size"), found.end("size"))


def _value(figure: str) -> float:
    """Read a figure: a mark before exactly three digits groups thousands, any other is a decimal mark."""
    grouped = re.fullmatch(r"(\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+)(?:[.,](\d+))?", figure)
    if grouped:
        return float(re.sub(r"\D", "", grouped[1]) + "." + (grouped[2] or "0"))
    return float(figure.replace(",", "."))


def _amount(plain: str, text: str, file: str) -> tuple[float, str]:
    """Find the one number; give it and the words without it."""
    figures = list(_NUMBER.finditer(re.sub(r"\bm[23]\b", lambda m: "µ" * len(m[0]), plain)))
    if len(figures) > 1:
        found = f"{len(figures)} numbers in '{_shown(text)}'"
        mend = "write one item at a time; instead of a range, what is sure"
        raise InputError(Fault(file, found, "one number", mend))
    if figures:
        figure = figures[0]
        if figure["sign"]:
            mend = "write how much there is; what is taken away is told by another row"
            raise InputError(Fault(file, f"'{_shown(text)}'", "a quantity above 0", mend))
        amount, rest = _value(figure["figure"]), f"{plain[: figure.start()]} {plain[figure.end() :]}"
        # "20l" and "20 l" are one.
        return _times(amount, " ".join(fold(rest).split()))
    spoken = fold(plain).split()
    for k, word in enumerate(spoken):
        if word in _NUMBER_WORDS:
            return _times(float(_NUMBER_WORDS[word]), " ".join(spoken[:k] + spoken[k + 1 :]))
    mend = "begin with how much: '20 garrafones', '800 meals'"
    raise InputError(Fault(file, f"'{_shown(text)}'", "a number", mend))


def _times(amount: float, rest: str) -> tuple[float, str]:
    words = rest.split()
    for k, word in enumerate(words):
        if word in _TIMES:
            return amount * _TIMES[word], " ".join(words[:k] + words[k + 1 :])
    return amount, rest


def _own_words(items: Iterable[Item]) -> dict[str, AidWord]:
    """Let a user's own items be counted by their names, and by their ids."""
    own: dict[str, AidWord] = {}
    for item in items:
        names = {fold(name) for name in (item.id, item.name_es, item.name_en)} - {""}
        own |= dict.fromkeys(names, AidWord(item.id, 1.0, tuple(names)))
    return own


def _longest(rest: str, words: dict[str, AidWord]) -> str | None:
    there = [word for word in words if re.search(rf"\b{re.escape(word)}\b", rest)]
    # A measure of litres says less than the name of what it holds.
    return max(there, key=lambda word: (len(word.split()), word not in _LITRES, len(word)), default=None)


def _cut(rest: str, phrase: str) -> str:
    return re.sub(rf"\b{re.escape(phrase)}\b", " ", rest, count=1)


def _goes_with(word: str, item: str) -> bool:
    """Tell whether a word beside a quantity changes nothing: not where it names another item."""
    if word not in _TOLERATED:
        return False
    speaks_of = {key for key, words in _ITEM_OF_TOLERATED.items() if word in words}
    return not speaks_of or item in speaks_of


def _not_understood(text: str, rest: str, words: dict[str, AidWord], file: str) -> Fault:
    close: list[str] = []
    for word in [rest, *rest.split()]:
        close += [w for w in get_close_matches(word[:60], words, n=2, cutoff=0.75) if w not in close]
    mend = f"did you mean {' or '.join(close[:3])}?" if close else "see the units in docs/needs.md"
    expected = "an item with its unit: garrafones, litros de agua, comidas, cobijas, kits de higiene …"
    return Fault(file, f"'{_shown(text)}'", expected, mend)


def _stranger(text: str, left: str, one: AidWord, file: str) -> Fault:
    expected = f"{one.words[0]} of {one.item} and nothing else"
    mend = f"take out '{left}', or write it as an item of its own"
    return Fault(file, f"'{left}' in '{_shown(text)}'", expected, mend)


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in text[:60])
