"""Places become areas: admin 1, or what is left of a country where an area has too few towns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from safepassage.core.network import Places


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


def areas_of(places: Places, *, towns_min: int) -> tuple[Area, ...]:
    """Group places into areas of at least `towns_min` towns each, or whole countries.

    An area with fewer towns goes to the rest of its country. Where that rest would still be too small, and
    so could be told from what is missing, the smallest area beside it is taken in too.

    Parameters
    ----------
    places : Places             n places.
    towns_min : int             towns an area must have to be named.

    Returns
    -------
    tuple of Area               every place is in exactly one; in the order of country and admin 1.
    """
    by_country: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, (country, admin1) in enumerate(zip(places.countries, places.admin1, strict=True)):
        by_country[_key(country)][_key(admin1)].append(place)
    return tuple(
        area for key in sorted(by_country) for area in _areas_of_country(places, by_country[key], towns_min)
    )


def country_areas(places: Places) -> tuple[Area, ...]:
    """Group places by country alone; the last resort where no area of it may be named."""
    by_country: dict[str, list[int]] = defaultdict(list)
    for place, country in enumerate(places.countries):
        by_country[_key(country)].append(place)
    return tuple(
        Area(places.countries[members[0]].strip(), "", "country", tuple(members))
        for _, members in sorted(by_country.items())
    )


def _areas_of_country(places: Places, by_admin1: dict[str, list[int]], towns_min: int) -> list[Area]:
    named = {key: rows for key, rows in by_admin1.items() if key and len(rows) >= towns_min}
    rest = sorted(place for key, rows in by_admin1.items() if key not in named for place in rows)
    if rest and named and len(rest) < towns_min:
        smallest = min(named, key=lambda key: (len(named[key]), key))
        rest = sorted(rest + named.pop(smallest))
    some_place = next(iter(by_admin1.values()))[0]
    country = places.countries[some_place].strip()
    areas = [
        Area(country, places.admin1[rows[0]].strip(), "admin1", tuple(rows))
        for _, rows in sorted(named.items())
    ]
    if rest:
        areas.append(Area(country, "", "rest_of_country" if named else "country", tuple(rest)))
    return areas


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
