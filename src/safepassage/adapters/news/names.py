"""What the places of a network are called in a newspaper: short forms, either language, names of areas.

Every short form follows a rule that holds for any network: what stands in parentheses is left out, "X de Y"
is called X, "San Pedro X" and "Nueva X" are called X where X is long and is no other town's name, "Ciudad
de X" is "X City", the parts of "A / B" are each a name. What a state or a country is called is no short
form of a town.
"""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np

from safepassage.adapters.news.levels import FIRST_LEVELS, UNITED_STATES
from safepassage.adapters.news.towns import Town, towns_of
from safepassage.core.countries import country_name, known_country
from safepassage.core.gazetteer import fold
from safepassage.core.network import Places, sphere_km

# Cities that newspapers call by letters, or by another name in the other language.
_CALLED: dict[str, tuple[str, ...]] = {
    "ciudad de mexico": ("mexico city", "cdmx", "la capital mexicana", "capital mexicana", "mexican capital"),
    "ciudad de guatemala": (
        "guatemala city",
        "capital guatemalteca",
        "guatemalan capital",
        "nueva guatemala",
    ),
    "ciudad de panama": ("panama city", "capital panamena", "panamanian capital"),
}
_PREFIXES = frozenset("san santa santo santiago ciudad villa nueva nuevo puerto puente".split())
_GENERIC = frozenset(
    "frontera border bridge crossing puente camp campo campamento centro center shelter albergue ciudad city "
    "poe "
    "port puerto river rio camino estacion station oriental occidental central norte sur north south".split()
)
_SAME_KM = 40.0
# Inhabitants of a town that are taken where the network does not tell.
_TOWN = 10_000
LONGEST = 7


class PlaceNames:
    """Every name of a network's places, folded and cut into words, and the names of areas."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._table: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self.areas = _areas(places)
        for place in range(len(places)):
            for name in self._full(place):
                self._add(name, place)
        exact = set(self._table)
        for place in range(len(places)):
            for name in self._short(place):
                key = tuple(name.split())
                if key not in exact and name not in self.areas and not known_country(name):
                    self._add(name, place)

    def find(self, words: tuple[str, ...]) -> list[int]:
        """Give the places of a name cut into folded words."""
        return self._table.get(words, [])

    def nearest(self, town: Town) -> tuple[int, float]:
        """Give the network's place that is nearest to a town, and how far, in km; (-1, inf): none."""
        if not len(self.places):
            return -1, float("inf")
        km = sphere_km((self.places.lat, self.places.lon), (town.lat, town.lon))
        if not np.isfinite(km).any():
            return -1, float("inf")
        place = int(np.nanargmin(km))
        return place, float(km[place])

    def _add(self, name: str, place: int) -> None:
        key = tuple(name.split())
        if 0 < len(key) <= LONGEST and place not in self._table[key] and len(name) > 2:
            self._table[key].append(place)

    def _full(self, place: int) -> set[str]:
        shown = self.places.names[place]
        plain = re.sub(r"\(.*?\)", " ", shown)
        written = {shown, plain, *plain.split("/")}
        names = {fold(name) for name in written} | {fold(self.places.ids[place])}
        for name in tuple(names):
            names |= set(_CALLED.get(name, ()))
            if name.startswith("ciudad de "):
                names.add(name.removeprefix("ciudad de ") + " city")
            if name.endswith(" city"):
                names.add("ciudad de " + name.removesuffix(" city"))
        return names

    def _short(self, place: int) -> set[str]:
        shown = self.places.names[place]
        plain = fold(re.sub(r"\(.*?\)", " ", shown).split("/")[0])
        names = {fold(part) for part in re.findall(r"\(([^)]*)\)", shown)} | set(plain.split(" y "))
        if self.places.kinds[place] in {"border_crossing", "border_town"}:
            names |= {f"puente {fold(p)}" for p in re.findall(r"\(([^)]*)\)", shown)}
        head, _, tail = plain.partition(" de ")
        if tail and (len(head) > 5 or " " in head) and head not in _PREFIXES:
            names.add(head)
        words = [w for w in plain.split() if w not in _GENERIC]
        if 1 < len(words) < len(plain.split()) + 1 and words[0] in _PREFIXES and len(words[-1]) >= 7:
            names.add(words[-1])
        return {name for name in names if self._is_own(name, place)}

    def _is_own(self, name: str, place: int) -> bool:
        """Tell whether a short form means this place and no other town, area or common word."""
        words = name.split()
        if (
            not words
            or words[0] in _GENERIC - {"puente"}
            or (len(words) == 1 and (len(name) < 5 or name in _GENERIC))
        ):
            return False
        here = (float(self.places.lat[place]), float(self.places.lon[place]))
        people = max(int(self.places.population[place]), _TOWN)
        rivals = [t for t in towns_of(name) if not sphere_km(here, (t.lat, t.lon)) < _SAME_KM]
        return len(words) > 1 or all(t.population < people / 3 for t in rivals)


def _areas(places: Places) -> dict[str, str]:
    """Give states and the like by folded name, each with its country's English name."""
    areas = {fold(name): country_name(code, "en") for code, names in FIRST_LEVELS.items() for name in names}
    areas |= {fold(name): "United States" for name in UNITED_STATES}
    for level, country in zip(places.admin1, places.countries, strict=True):
        if level:
            areas.setdefault(fold(level), country_name(country, "en"))
    areas.pop("ciudad de mexico", None)
    areas.pop("valle", None)
    return areas
