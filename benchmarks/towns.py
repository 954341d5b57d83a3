"""Where the towns of a generated world lie, how large they are, and which roads join them.

Towns gather around cities (a Thomas process), sizes follow Zipf's rank-size rule, roads go to near towns, two
from each at the least. What is left unconnected is joined by its shortest crossing, and a few ferries and
highways of hundreds of km cross the whole. A road is longer than the way of a bird by a log-normal excess.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from safepassage.core.network import sphere_km

FERRY_KM = 360.0  # a crossing at least this long takes more than a day
MOST_ENDS = 16
ROAD_EXCESS = 0.25  # median share by which a road is longer than the line over the sphere
ROAD_SPREAD = 0.6
LONG_SHARE = 0.005


@dataclass(frozen=True)
class Shape:
    """What a generated world shall be.

    Parameters
    ----------
    places, links : int         two-way links; at least about 1.2 per place.
    people : int                inhabitants of all places together.
    countries : int
    spacing_km : float          typical distance from town to town.
    long_share : float          share of the links that go further than `FERRY_KM`.
    """

    places: int
    links: int
    people: int
    countries: int
    spacing_km: float
    long_share: float = LONG_SHARE


@dataclass(frozen=True)
class Towns:
    """n towns in order of nothing in particular: degrees, country number, people."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    country: NDArray[np.int64]
    population: NDArray[np.int64]


def scatter(shape: Shape, luck: np.random.Generator) -> Towns:
    """Lay out towns: countries by size, cities in each, towns around cities, and some anywhere."""
    extent_km = shape.spacing_km * np.sqrt(shape.places)
    size = luck.lognormal(0.0, 1.0, shape.countries)
    country = np.sort(luck.choice(shape.countries, shape.places, p=size / size.sum()))
    country[: shape.countries] = np.arange(shape.countries)
    country.sort()
    middle = _middles(shape, extent_km, luck)
    radius_km = 0.5 * shape.spacing_km * np.sqrt(np.bincount(country, minlength=shape.countries))
    city = luck.random(shape.places) < 0.08
    # Where a city lies in its country; a town lies around one city of its own country.
    offset_km = luck.uniform(-1.0, 1.0, (shape.places, 2)) * radius_km[country][:, None]
    for number in range(shape.countries):
        own = np.flatnonzero(country == number)
        cities = own[city[own]]
        around = own[~city[own] & (luck.random(len(own)) < 0.7)]
        if len(cities) and len(around):
            of = luck.choice(cities, len(around))
            offset_km[around] = offset_km[of] + luck.normal(0.0, 1.5 * shape.spacing_km, (len(around), 2))
    lat = np.clip(middle[country, 0] + offset_km[:, 0] / 111.2, -70.0, 75.0)
    lon = middle[country, 1] + offset_km[:, 1] / (111.2 * np.cos(np.radians(lat)))
    lon = (lon + 180.0) % 360.0 - 180.0
    return Towns(lat.round(5), lon.round(5), country, _zipf(shape, city, luck))


def _middles(shape: Shape, extent_km: float, luck: np.random.Generator) -> NDArray[np.float64]:
    """Put the countries side by side on a land of this extent, or all over the world where it is as large."""
    if extent_km > 8000.0:
        lat = np.degrees(np.arcsin(luck.uniform(-0.55, 0.85, shape.countries)))
        return np.stack([lat, luck.uniform(-170.0, 170.0, shape.countries)], axis=1)
    reach = 0.35 * extent_km / 111.2
    return np.array([12.0, 5.0]) + luck.uniform(-reach, reach, (shape.countries, 2))


def _zipf(shape: Shape, city: NDArray[np.bool_], luck: np.random.Generator) -> NDArray[np.int64]:
    """Share people out by rank: the k-th largest place has 1/k of the largest; cities first; exact total."""
    order = np.lexsort((luck.random(shape.places), ~city))
    weight = np.empty(shape.places)
    weight[order] = 1.0 / np.arange(1.0, shape.places + 1.0)
    exact = weight / weight.sum() * (shape.people - shape.places)
    people = 1 + np.floor(exact).astype(np.int64)
    missing = shape.people - int(people.sum())
    people[np.argsort(np.floor(exact) - exact, kind="stable")[:missing]] += 1
    return people


@dataclass(frozen=True)
class RoadList:
    """m two-way roads: ends in order of the towns, km along the road, and which of them are crossings."""

    origin: NDArray[np.int64]
    target: NDArray[np.int64]
    km: NDArray[np.float64]
    ferry: NDArray[np.bool_]


def join(towns: Towns, shape: Shape, luck: np.random.Generator) -> RoadList:
    """Lay roads between near towns until there are as many as asked for and all towns hold together."""
    near = _near_pairs(towns, shape)
    long = _long_pairs(towns, round(shape.links * shape.long_share), luck)
    chosen = _by_nearness(near, shape, luck, room=shape.links - len(long))
    bridges = _bridges(towns, np.concatenate([chosen, long]))
    spare = max(0, len(chosen) + len(long) + len(bridges) - shape.links)
    # Bridges replace roads that are nobody's first or second: the last ones chosen.
    pairs = np.concatenate([chosen[: len(chosen) - spare], long, bridges])
    again = _bridges(towns, pairs)
    pairs = np.unique(np.sort(np.concatenate([pairs, again]), axis=1), axis=0)
    straight = _straight_km(towns, pairs)
    ferry = straight > FERRY_KM
    excess = luck.lognormal(np.log(ROAD_EXCESS), ROAD_SPREAD, len(pairs))
    km = straight * np.where(ferry, 1.05, 1.0 + excess)
    return RoadList(pairs[:, 0], pairs[:, 1], np.maximum(1.0, km.round(1)), ferry)


def _points(towns: Towns) -> NDArray[np.float64]:
    lat, lon = np.radians(towns.lat), np.radians(towns.lon)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def _straight_km(towns: Towns, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    one, other = pairs[:, 0], pairs[:, 1]
    return sphere_km((towns.lat[one], towns.lon[one]), (towns.lat[other], towns.lon[other]))


def _near_pairs(towns: Towns, shape: Shape) -> NDArray[np.int64]:
    """List every town with its nearest ones, nearest first: all firsts, then all seconds, and so on."""
    count = min(shape.places - 1, 4 + 2 * int(np.ceil(2.0 * shape.links / shape.places)))
    points = _points(towns)
    _, nearest = cKDTree(points).query(points, k=count + 1)
    rank, origin = np.meshgrid(np.arange(1, count + 1), np.arange(shape.places), indexing="ij")
    target = nearest[origin, rank]
    pairs = np.stack([origin.reshape(-1), target.reshape(-1)], axis=1).astype(np.int64)
    return pairs[pairs[:, 0] != pairs[:, 1]]


def _long_pairs(towns: Towns, count: int, luck: np.random.Generator) -> NDArray[np.int64]:
    """Draw crossings and highways of `FERRY_KM` to 1500 km between larger places."""
    places = len(towns.lat)
    large = np.argsort(-towns.population)[: max(6, places // 10)]
    tries = luck.choice(large, (200 * count + 200, 2))
    tries = np.unique(np.sort(tries, axis=1), axis=0)
    km = _straight_km(towns, tries)
    fit = tries[(km > FERRY_KM) & (km < 1500.0)]
    return fit[luck.permutation(len(fit))[:count]].astype(np.int64).reshape(-1, 2)


def _by_nearness(
    near: NDArray[np.int64], shape: Shape, luck: np.random.Generator, *, room: int
) -> NDArray[np.int64]:
    """Take each town's nearest two, then others, near ones first but not always, up to `MOST_ENDS` a town."""
    ends = np.zeros(shape.places, dtype=np.int64)
    seen: set[tuple[int, int]] = set()
    chosen: list[tuple[int, int]] = []
    sure = 2 * shape.places
    later = sure + np.argsort(np.arange(len(near) - sure) * luck.uniform(0.3, 1.0, len(near) - sure))
    rows = np.concatenate([np.arange(sure), later])
    for one, other in near[rows].tolist():
        pair = (one, other) if one < other else (other, one)
        if len(chosen) >= room:
            break
        if pair in seen or max(ends[one], ends[other]) >= MOST_ENDS:
            continue
        seen.add(pair)
        chosen.append(pair)
        ends[one] += 1
        ends[other] += 1
    return np.array(chosen, dtype=np.int64).reshape(-1, 2)


def _bridges(towns: Towns, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the shortest crossings that join what these roads leave apart, smallest parts first."""
    places = len(towns.lat)
    points, added = _points(towns), []
    while True:
        rows = np.concatenate([pairs, np.array(added, dtype=np.int64).reshape(-1, 2)])
        ones = np.ones(len(rows), dtype=np.int8)
        graph = coo_array((ones, (rows[:, 0], rows[:, 1])), shape=(places, places))
        parts, part = connected_components(graph, directed=False)
        if parts == 1:
            return np.array(added, dtype=np.int64).reshape(-1, 2)
        size = np.bincount(part)
        for number in np.argsort(size, kind="stable")[: max(1, parts // 2)]:
            own, rest = np.flatnonzero(part == number), np.flatnonzero(part != number)
            far, nearest = cKDTree(points[rest]).query(points[own])
            best = int(np.argmin(far))
            added.append((int(own[best]), int(rest[nearest[best]])))
