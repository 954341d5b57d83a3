"""The words for what is needed and offered, and what vehicles usually carry: tables beside this module.

The items themselves are those of `core.aid_items` and the user's own. Every figure in the tables is a
definition or a planning assumption, and its row says which (`basis`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from safepassage.core.aid_items import MEASURED_UNITS, UNIT_WORDS, items_by_id
from safepassage.core.gazetteer import fold
from safepassage.core.logistics import Item

_LONGEST_PHRASE = 6


@dataclass(frozen=True)
class Unit:
    """A word that counts goods.

    Parameters
    ----------
    words : tuple of str    folded.
    item : str              the item it counts where no other is told; '' for litres and kilos.
    kind : str              "litres", "kg", or the item's own unit.
    factor : float          how many of them one is.
    basis : str             where the factor is from.
    """

    words: tuple[str, ...]
    item: str
    kind: str
    factor: float
    basis: str


@dataclass(frozen=True)
class Vehicle:
    """What a vehicle of a kind usually carries; all of it planning assumptions.

    Parameters
    ----------
    capacity_kg, capacity_litres, seats, speed_km_per_h, range_km, cost_per_km : float      cost in MXN.
    items : tuple of str    the only items it may carry; (): all.
    """

    kind: str
    name_es: str
    name_en: str
    capacity_kg: float
    capacity_litres: float
    seats: float
    speed_km_per_h: float
    range_km: float
    cost_per_km: float
    items: tuple[str, ...]
    words: tuple[str, ...]
    basis: str


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Items, units and vehicles with the words for them."""

    items: tuple[Item, ...]
    item_words: Mapping[str, str]
    units: tuple[Unit, ...]
    vehicles: tuple[Vehicle, ...]

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """Every item by its id."""
        return {item.id: item for item in self.items}

    @cached_property
    def vehicle_words(self) -> dict[str, Vehicle]:
        """Every vehicle by every word for it."""
        return {word: vehicle for vehicle in self.vehicles for word in vehicle.words}

    @cached_property
    def unit_words(self) -> dict[str, tuple[Unit, ...]]:
        """Every unit by its words; the first is what the word means where no item is told."""
        found: dict[str, tuple[Unit, ...]] = {}
        for unit in self.units:
            for word in unit.words:
                found[word] = (*found.get(word, ()), unit)
        return found

    def item(self, text: str) -> Item | None:
        """Find an item by its id or by a word for it."""
        key = text.strip()
        return self.by_id.get(key) or self.by_id.get(self.item_words.get(fold(key), ""))

    def vehicle(self, text: str) -> Vehicle | None:
        """Find the kind of a vehicle by the longest words for one in what people call it."""
        words = fold(text).split()
        for length in range(min(len(words), _LONGEST_PHRASE), 0, -1):
            for start in range(len(words) - length + 1):
                if found := self.vehicle_words.get(" ".join(words[start : start + length])):
                    return found
        return None

    def per_unit(self, unit: str, item: Item, *, by_weight: bool = True) -> float | None:
        """Give how many of an item's own unit one of a word is; None where that makes no sense.

        Kilos of an item counted in pieces go by the weight of a piece, unless `by_weight` is false.
        """
        key = fold(unit.replace("²", "2").replace("³", "3"))
        if not key or unit.strip() == item.unit or key in _own_unit(item):
            return 1.0
        if self.item_words.get(key) == item.id and item.unit not in MEASURED_UNITS:
            return 1.0  # "800 comidas"
        for one in self.unit_words.get(key, ()):
            if one.kind == "kg" and not one.item and not by_weight and item.unit != "kg":
                continue
            factor = _factor(one, item)
            if factor is not None:
                return factor
        return None

    def words_for(self, item: Item) -> list[str]:
        """Give a word for each unit that counts an item."""
        return [unit.words[0] for unit in self.units if _factor(unit, item) is not None]


def _own_unit(item: Item) -> frozenset[str]:
    """Give the words for the unit that an item is counted in."""
    words = (item.unit, *UNIT_WORDS.get(item.unit, ()))
    return frozenset(fold(word.replace("²", "2")) for word in words)


def _factor(unit: Unit, item: Item) -> float | None:
    if unit.item == item.id:
        return unit.factor
    if unit.kind == "litres" and item.unit == "L" and not unit.item:
        return unit.factor
    if unit.kind == "kg" and not unit.item and item.kg_per_unit > 0:
        return unit.factor / item.kg_per_unit
    return None


@cache
def catalogue(own: tuple[Item, ...] = ()) -> Catalogue:
    """Give every item with the words for it, units and vehicles.

    Parameters
    ----------
    own : tuple of Item     a user's own items: known by their ids and names, before any other.
    """
    known = items_by_id(own)
    words = {word: row["item"] for row in _rows("item_words.csv") for word in _words(row)}
    words |= {name: item.id for item in known.values() for name in _names(item)}
    words |= {name: item.id for item in own for name in _names(item)}
    return Catalogue(
        items=tuple(known.values()),
        item_words=words,
        units=tuple(_unit(row) for row in _rows("units.csv")),
        vehicles=tuple(_vehicle(row) for row in _rows("vehicles.csv")),
    )


def _names(item: Item) -> tuple[str, ...]:
    return fold(item.name_es), fold(item.name_en), fold(item.id)


def _rows(file: str) -> list[dict[str, str]]:
    table = resources.files("safepassage.adapters.logistics").joinpath("data", file)
    return list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))


def _words(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(fold(word) for word in row["words"].split("|"))


def _unit(row: Mapping[str, str]) -> Unit:
    return Unit(_words(row), row["item"], row["kind"], float(row["factor"]), row["basis"])


def _vehicle(row: Mapping[str, str]) -> Vehicle:
    figures = ("capacity_kg", "capacity_litres", "seats", "speed_km_per_h", "range_km", "cost_per_km")
    return Vehicle(
        kind=row["kind"],
        name_es=row["name_es"],
        name_en=row["name_en"],
        **{name: float(row[name]) for name in figures},
        items=tuple(row["items"].split()),
        words=_words(row),
        basis=row["basis"],
    )
