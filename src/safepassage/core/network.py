"""Where people can be and how far apart it is: places, links, and the network they make."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG


@dataclass(frozen=True)
class Places:
    """n places, in the order of the file; one entry per place in every field.

    Parameters
    ----------
    ids : tuple of str              unique keys ("mexico-city"; in a Flee folder the name itself).
    names : tuple of str            as shown to people ("Ciudad de México").
    countries, admin1 : tuple of str    ISO 3166-1 alpha-2 where known; first administrative level.
    lat, lon : (n,) float64         degrees, WGS 84.
    kinds : tuple of str            city, town, village, border_town, border_crossing, shelter, camp …
    population : (n,) int64         inhabitants; -1 where unknown.
    capacity_people : (n,) int64    room in shelters or camp; -1 where unknown or unlimited.
    shelters : tuple of str         names of shelters known to the public, '' where none.
    sources : tuple of str
    extra : tuple     unknown columns as ((column, cell), …), kept for the write-back; () or one per place.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    countries: tuple[str, ...]
    admin1: tuple[str, ...]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    kinds: tuple[str, ...]
    population: NDArray[np.int64]
    capacity_people: NDArray[np.int64]
    shelters: tuple[str, ...]
    sources: tuple[str, ...]
    extra: tuple[tuple[tuple[str, str], ...], ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each id."""
        return {place: i for i, place in enumerate(self.ids)}


@dataclass(frozen=True)
class Links:
    """m roads between places; a two-way road is one link.

    Parameters
    ----------
    origin, target : (m,) int64     positions in `Places`.
    distance_km : (m,) float64      along the road.
    modes : tuple of str            road, border_crossing, trail_boat_road …
    two_way, estimated : (m,) bool  `estimated`: the length is computed, not read in a source.
    sources : tuple of str
    extra : tuple     as in `Places`; () or one per link.
    """

    origin: NDArray[np.int64]
    target: NDArray[np.int64]
    distance_km: NDArray[np.float64]
    modes: tuple[str, ...]
    two_way: NDArray[np.bool_]
    estimated: NDArray[np.bool_]
    sources: tuple[str, ...]
    extra: tuple[tuple[tuple[str, str], ...], ...] = ()

    def __len__(self) -> int:
        return len(self.modes)


@dataclass(frozen=True)
class Network:
    """Places and the links between them.

    Parameters
    ----------
    places : Places
    links : Links
    name : str      of the built-in network this is; '' for a scenario's own.
    """

    places: Places
    links: Links
    name: str = ""

    @cached_property
    def arcs(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        """Directed arcs (origin, target, km, link number), sorted by origin; two-way links appear twice."""
        links = self.links
        both = np.flatnonzero(links.two_way)
        origin = np.concatenate([links.origin, links.target[both]])
        target = np.concatenate([links.target, links.origin[both]])
        km = np.concatenate([links.distance_km, links.distance_km[both]])
        number = np.concatenate([np.arange(len(links), dtype=np.int64), both])
        order = np.lexsort((number, origin))
        return origin[order], target[order], km[order], number[order]

    def great_circle_km(self, origin: int, target: int) -> float:
        """Distance over the sphere between two places, in km."""
        lat, lon = self.places.lat, self.places.lon
        return float(sphere_km((lat[origin], lon[origin]), (lat[target], lon[target])))


def sphere_km(origin: tuple[Any, Any], target: tuple[Any, Any]) -> NDArray[np.float64]:
    """Give the distance over the sphere (haversine), in km.

    Parameters
    ----------
    origin, target : (lat, lon)     degrees; numbers or arrays whose shapes broadcast.
    """
    lat, to_lat = np.radians(origin[0]), np.radians(target[0])
    h = np.sin((to_lat - lat) / 2) ** 2
    h = h + np.cos(lat) * np.cos(to_lat) * np.sin(np.radians(target[1] - origin[1]) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, h))), dtype=np.float64)
