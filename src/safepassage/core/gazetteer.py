"""Find a place by what people call it: without accents or case, by id or display name, with suggestions."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches

from safepassage.core.network import Places

SUGGESTIONS = 3
# Looking for near names costs about 30 µs a known name. About two seconds are spent on it, whatever the size
# of the network: a file with hundreds of wrong names has another fault than spelling.
COMPARISONS = 60_000
_COUNTRY = re.compile(r"^(?P<name>.+?)\s*[,(]\s*(?P<country>[A-Za-z]{2})\s*\)?$")


def fold(text: str) -> str:
    """Reduce a name to what people agree on: no accents, no case, no punctuation, single spaces.

    >>> fold("  Ciudad de  MÉXICO ")
    'ciudad de mexico'
    """
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return re.sub(r"[\W_]+", " ", plain).strip()


@dataclass(frozen=True)
class Match:
    """What was found for a name.

    Parameters
    ----------
    place : int                 position in `Places`; -1 where it was not found or is not the only one.
    several : tuple of str      ids of all the places of that name, where there are several.
    close : tuple of str        ids of the nearest names, where there is none.
    """

    place: int
    several: tuple[str, ...] = ()
    close: tuple[str, ...] = ()

    @property
    def hint(self) -> str:
        """Say how to mend a name that was not found; '' where it was."""
        if self.several:
            return f"say which one, by its id: {' or '.join(self.several)}"
        if self.close:
            return f"did you mean {' or '.join(self.close)}?"
        return "" if self.place >= 0 else "use an id or a name of places.csv"


class Gazetteer:
    """The names of some places, folded once so that many look-ups are quick.

    A name is looked up as id, then as display name, then as display name without what stands in parentheses;
    "Escuintla, GT" or "Escuintla (GT)" asks for a country.
    """

    def __init__(self, places: Places) -> None:
        self._ids = places.ids
        self._countries = places.countries
        self._exact = dict(places.index)
        self._suggested: dict[str, tuple[str, ...]] = {}
        self._floors: tuple[dict[str, list[int]], ...] = tuple(defaultdict(list) for _ in range(3))
        for i, (key, name) in enumerate(zip(places.ids, places.names, strict=True)):
            for floor, text in zip(self._floors, (key, name, re.sub(r"\(.*?\)", "", name)), strict=True):
                floor[fold(text)].append(i)

    def find(self, name: str) -> Match:
        """Look a name up; never raises."""
        name = name.strip()
        if name in self._exact:
            return Match(self._exact[name])
        found = self._named(name)
        if not found and (asked := _COUNTRY.match(name)):
            country = asked["country"].upper()
            found = [i for i in self._named(asked["name"]) if self._countries[i].upper() == country]
        if len(found) == 1:
            return Match(found[0])
        if found:
            return Match(-1, several=tuple(self._ids[i] for i in found))
        key = fold(name)
        if key not in self._suggested and len(self._suggested) * len(self._ids) < COMPARISONS:
            self._suggested[key] = self._close(key)
        return Match(-1, close=self._suggested.get(key, ()))

    def _named(self, name: str) -> list[int]:
        key = fold(name)
        for floor in self._floors:
            if key and key in floor:
                return floor[key]
        return []

    def _close(self, key: str) -> tuple[str, ...]:
        keys = [k for floor in self._floors for k in floor if k]
        near = [k for k in keys if key and (k.startswith(key + " ") or f" {key} " in f" {k} ")]
        near += get_close_matches(key[:100], keys, n=SUGGESTIONS, cutoff=0.7)
        found = (self._ids[i] for k in near for floor in self._floors for i in floor.get(k, ()))
        return tuple(dict.fromkeys(found))[:SUGGESTIONS]
