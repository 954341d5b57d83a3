"""Places become areas: admin 1, or what is left of a country where an area has too few towns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from safepassage.core.countries import country_name
from safepassage.core.network import Network, Places

# Words in the kind of a place where people live or are lodged in numbers. A crossing, a hub, a marker or a
# shelter is no further town: it stands beside one, or nobody stays there. What is not known does not count.
LIVED_IN = (
    *("city", "town", "village", "hamlet", "settlement", "municip", "camp", "conflict"),
    *("ciudad", "pueblo", "villa", "aldea", "poblado"),
)


@dataclass(frozen=True)
class Area:
    """Places that are told apart by nobody who reads what is shared.

    Parameters
    ----------
    country, admin1 : str       as written first; `admin1` is '' unless `scope` is "admin1".
    scope : str                 one of `core.shared.SCOPES`.
    places : tuple of int       positions in `Places`.
    """

    country: str
    admin1: str
    scope: str
    places: tuple[int, ...]


def towns_in(network: Network, places: Iterable[int]) -> int:
    """Count the towns among some places: those where people can stay and that a link leads to or from.

    Camps count, since people stay there; border crossings, hubs and shelters do not: an area of one town and
    its crossing would name that town. Places of one name are one town.
    """
    every, linked = network.places, {*network.links.origin.tolist(), *network.links.target.tolist()}
    return len(
        {
            _key(every.names[place])
            for place in places
            if place in linked and any(word in every.kinds[place].casefold() for word in LIVED_IN)
        }
    )


def areas_of(network: Network, *, towns_min: int) -> tuple[Area, ...]:
    """Group places into areas of at least `towns_min` towns each; countries with fewer are left out.

    An area with fewer towns goes to the rest of its country. Where that rest would still be too small, and
    so could be told from what is missing, the smallest area beside it is taken in too. A country that has
    too few towns as a whole is in no area: one joined to it could be told apart by whoever knows which of
    the two people go to, and what is left out is left out whatever happens there.

    Parameters
    ----------
    network : Network           n places.
    towns_min : int             towns an area must have to be told of, see `towns_in`.

    Returns
    -------
    tuple of Area               every place is in at most one; in the order of country and admin 1.
    """
    areas = []
    for country in country_areas(network, towns_min=towns_min):
        areas += _areas_of_country(network, country, towns_min)
    return tuple(areas)


def country_areas(network: Network, *, towns_min: int) -> tuple[Area, ...]:
    """Group places by country alone, countries of at least `towns_min` towns.

    The last resort where no area of a country may be named.
    """
    by_country: dict[str, list[int]] = defaultdict(list)
    for place, country in enumerate(network.places.countries):
        by_country[_key(country_name(country, "en"))].append(place)
    return tuple(
        Area(network.places.countries[members[0]].strip(), "", "country", tuple(members))
        for _, members in sorted(by_country.items())
        if towns_in(network, members) >= towns_min
    )


def _areas_of_country(network: Network, country: Area, towns_min: int) -> list[Area]:
    by_admin1 = _by_admin1(network.places, country.places)
    towns = {key: towns_in(network, rows) for key, rows in by_admin1.items()}
    named = {key: rows for key, rows in by_admin1.items() if key and towns[key] >= towns_min}
    rest = sorted(place for key, rows in by_admin1.items() if key not in named for place in rows)
    if rest and named and towns_in(network, rest) < towns_min:
        smallest = min(named, key=lambda key: (towns[key], key))
        rest = sorted(rest + named.pop(smallest))
    areas = [
        Area(country.country, network.places.admin1[rows[0]].strip(), "admin1", tuple(rows))
        for _, rows in sorted(named.items())
    ]
    if rest:
        scope = "rest_of_country" if named else "country"
        areas.append(Area(country.country, "", scope, tuple(rest)))
    return areas


def _by_admin1(places: Places, members: Iterable[int]) -> dict[str, list[int]]:
    result: dict[str, list[int]] = defaultdict(list)
    for place in members:
        result[_key(places.admin1[place])].append(place)
    return result


def _key(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()
