"""Towns of the world that a network need not know, from GeoNames (CC BY 4.0); see `tools/build_towns.py`."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("towns.tsv.gz")


@dataclass(frozen=True)
class Town:
    """A town: country as ISO code, first level where known, degrees, inhabitants."""

    country: str
    admin1: str
    lat: float
    lon: float
    population: int


@cache
def _lines() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    with gzip.open(_TABLE, "rt", encoding="utf-8") as lines:
        for line in lines:
            key, _, rest = line.rstrip("\n").partition("\t")
            table[key] = (*table.get(key, ()), rest)
    return table


def towns_of(key: str) -> tuple[Town, ...]:
    """Give the towns of a folded name; () where none is known."""
    found = []
    for line in _lines().get(key, ()):
        country, admin1, lat, lon, people = line.split("\t")
        found.append(Town(country, admin1, float(lat), float(lon), int(people)))
    return tuple(found)
