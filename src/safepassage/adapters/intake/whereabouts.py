"""The town that a cell names, if it is one of the network; never anything finer than a town."""

from __future__ import annotations

import re
from dataclasses import dataclass

from safepassage.core.gazetteer import Gazetteer, fold
from safepassage.core.network import Network

_PARENTHESES = re.compile(r"^(?P<name>[^()]{2,}?)\s*\((?P<inside>[^()]{2,})\)\s*$")
_COUNTRIES = {
    "mexico": "MX", "guatemala": "GT", "honduras": "HN", "el salvador": "SV", "nicaragua": "NI",
    "costa rica": "CR", "panama": "PA", "united states": "US", "estados unidos": "US", "usa": "US",
    "eeuu": "US", "belize": "BZ", "belice": "BZ", "colombia": "CO",
}  # fmt: skip
_ISO3 = {
    "mex": "MX",
    "gtm": "GT",
    "hnd": "HN",
    "slv": "SV",
    "nic": "NI",
    "cri": "CR",
    "pan": "PA",
    "blz": "BZ",
}


@dataclass(frozen=True)
class Whereabouts:
    """What was found for a cell.

    Parameters
    ----------
    place : int         position in `Places`; -1: not one town of the network.
    hint : str          how to mend it; '' where it was found.
    flag : str          how it was understood, where it might be meant otherwise.
    part : bool         a spot within the town: who is counted there is a part of those in the town.
    """

    place: int
    hint: str = ""
    flag: str = ""
    part: bool = False


def country_code(text: str) -> str:
    """Give the two letters of a country that a cell names, '' where it is not understood."""
    words = fold(text)
    if len(words) == 2 and words.isalpha():
        return words.upper()
    return _COUNTRIES.get(words) or _ISO3.get(words, "")


class Towns:
    """The towns of a network by what files call them.

    Parameters
    ----------
    network : Network
    """

    def __init__(self, network: Network) -> None:
        self.places = network.places
        self._gazetteer = Gazetteer(network.places)
        self._found: dict[tuple[str, str], Whereabouts] = {}

    def find(self, text: str, country: str = "") -> Whereabouts:
        """Find the town of a cell; never raises.

        Parameters
        ----------
        text : str
        country : str       two letters, '' where the row does not tell.
        """
        key = (text[:200], country)
        if key not in self._found:
            self._found[key] = self._sure(self._find(*key), country)
        return self._found[key]

    def is_known(self, text: str) -> bool:
        """Tell whether a cell names one town of the network."""
        return self.find(text).place >= 0

    def _sure(self, found: Whereabouts, country: str) -> Whereabouts:
        """Flag a town that lies in another country than the row says; a crossing lies in two."""
        place = found.place
        if place < 0 or not country or self.places.kinds[place] == "border_crossing":
            return found
        lies_in = self.places.countries[place].upper()
        if not lies_in or lies_in == country:
            return found
        flag = f"the row says {country}; {self.places.ids[place]} lies in {lies_in}"
        return Whereabouts(place, found.hint, "; ".join(filter(None, [found.flag, flag])), found.part)

    def _find(self, text: str, country: str) -> Whereabouts:
        match = self._gazetteer.find(text)
        if match.place >= 0:
            return Whereabouts(match.place)
        if match.several and country and (place := self._one(text, country)) >= 0:
            return Whereabouts(place)
        if match.several:
            return Whereabouts(-1, match.hint)
        if parts := _PARENTHESES.match(text):
            return self._with_parentheses(parts["name"], parts["inside"], country, match.hint)
        if "," in text:
            return self._with_comma(text, country, match.hint)
        return Whereabouts(-1, match.hint)

    def _one(self, name: str, country: str) -> int:
        return self._gazetteer.find(f"{name}, {country}").place if country else -1

    def _with_parentheses(self, name: str, inside: str, country: str, hint: str) -> Whereabouts:
        """Understand "Agua Caliente (HN-GT border)" and "El Barretal shelter (Tijuana)"."""
        own = self._gazetteer.find(name)
        place = own.place if own.place >= 0 else self._one(name, country_code(inside) or country)
        town = self._gazetteer.find(inside).place
        if place >= 0 and town >= 0 and town != place:
            either = f"{self.places.ids[place]} or {self.places.ids[town]}"
            return Whereabouts(-1, f"say which one is meant: {either}")
        if place >= 0:
            return Whereabouts(place)
        if town >= 0:
            flag = f"a spot within {self.places.ids[town]}: the town is kept, its people are a part of it"
            return Whereabouts(town, flag=flag, part=True)
        return Whereabouts(-1, own.hint if own.several or own.close else hint)

    def _with_comma(self, text: str, country: str, hint: str) -> Whereabouts:
        """Understand "Huixtla, Chiapas" and "Huixtla, Chiapas, México"."""
        name, *around = (part.strip() for part in text.split(","))
        said = next((code for part in around if (code := country_code(part))), country)
        found = self._gazetteer.find(name)
        place = found.place if found.place >= 0 else self._one(name, said)
        if place < 0:
            return Whereabouts(-1, found.hint if found.several or found.close else hint)
        states = [part for part in around if not country_code(part)]
        state = self.places.admin1[place]
        if states and state and fold(states[0]) != fold(state):
            return Whereabouts(
                place, flag=f"{self.places.ids[place]} lies in {state}, the row says otherwise"
            )
        return Whereabouts(place)
