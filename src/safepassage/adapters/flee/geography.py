"""locations.csv and routes.csv: places, their kinds and capacities, and the roads between them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from safepassage.adapters.flee.findings import Cell, Findings, number, shown, whole
from safepassage.adapters.flee.rows import Rows, read_rows
from safepassage.core.displacement import (
    CAMP,
    CONFLICT_ZONE,
    FLOOD_ZONE,
    FORWARDING_HUB,
    IDP_CAMP,
    MARKER,
    ROLES,
    TOWN,
)
from safepassage.core.local_law import LocalLaw
from safepassage.core.network import Links, Network, Places

LOCATIONS, ROUTES = "input_csv/locations.csv", "input_csv/routes.csv"
COLUMNS = ("name", "region", "country", "gps_x", "gps_y", "location_type", "conflict_date", "population")
USED_ATTRIBUTES = ("initial_idps", "conflict_intensity", "capacity_per_day")
# column -> the setting that makes it count
ATTRIBUTES_OF_RULES = {
    "deactivation_probability": "camps_are_sinks",
    "farmer_fraction": "harvest_months",
    "trade_volume": "use_economic_pull",
    "hdi": "use_economic_pull",
}


@dataclass(frozen=True)
class Location:
    """One row of locations.csv."""

    row: int
    name: str
    region: str
    country: str
    lat: float
    lon: float
    role: int
    conflict_day: int
    people: int
    attributes: dict[str, str]

    @property
    def is_camp(self) -> bool:
        """Tell whether this is a camp of either kind."""
        return self.role in (CAMP, IDP_CAMP)


@dataclass(frozen=True)
class Roads:
    """Links, and what the law needs to know of each beside its length (see `Displacement`)."""

    links: Links
    forced: NDArray[np.int8]
    speed_km_per_day: NDArray[np.float64]
    walk_chance: NDArray[np.float64]


def read_locations(findings: Findings, folder: Path) -> tuple[Location, ...]:
    """Read every usable row of locations.csv; equal rows of one name count once."""
    rows = read_rows(findings, folder / LOCATIONS, LOCATIONS)
    locations: dict[str, Location] = {}
    for line, fields in rows.lines:
        location = _location(findings, rows, line, fields)
        if location is None:
            findings.faulty_places.add(fields[0])
            continue
        other = locations.get(location.name)
        if other is None:
            locations[location.name] = location
        elif _alike(other, location):
            where = Cell(LOCATIONS, line, "name")
            findings.notice(
                where, f"{shown(location.name)} again", "each place once", "the second row was left out"
            )
        else:
            found = f"{shown(location.name)} again, other than in row {other.row}"
            findings.fault(
                Cell(LOCATIONS, line, "name"), found, "each name once", "rename or remove one of them"
            )
    return tuple(locations.values())


def _alike(one: Location, other: Location) -> bool:
    return all(
        getattr(one, key) == getattr(other, key)
        for key in ("region", "country", "lat", "lon", "role", "conflict_day", "people")
    )


def _location(findings: Findings, rows: Rows, line: int, fields: tuple[str, ...]) -> Location | None:
    if len(fields) < 8:
        found, mend = f"{len(fields)} columns", "add the missing commas"
        findings.fault(Cell(LOCATIONS, line), found, f"8 columns: {', '.join(COLUMNS)}", mend)
        return None
    if not fields[0]:
        findings.fault(Cell(LOCATIONS, line, "name"), "no name", "a name", "name the place or remove the row")
        return None
    role = role_of(findings, _cell(rows, line, 5), fields[5])
    lat = number(findings, _cell(rows, line, 3), fields[3], low=-90, high=90)
    lon = number(findings, _cell(rows, line, 4), fields[4], low=-180, high=180)
    conflict_day = 0
    if role == CONFLICT_ZONE and fields[6]:
        conflict_day = whole(findings, _cell(rows, line, 6), fields[6], high=100_000) or 0
    people = whole(findings, _cell(rows, line, 7), fields[7]) if fields[7] else 0
    if role is None or lat is None or lon is None or people is None:
        return None
    attributes = {key: fields[k] for k, key in enumerate(rows.header) if 8 <= k < len(fields) and fields[k]}
    return Location(
        row=line,
        name=fields[0],
        region=fields[1] or "unknown",
        country=fields[2] or "unknown",
        lat=lat,
        lon=lon,
        role=role,
        conflict_day=conflict_day,
        people=people,
        attributes=attributes,
    )


def _cell(rows: Rows, line: int, k: int) -> Cell:
    """Give the place of a cell, its column called as the header of the file calls it."""
    own = rows.header[k] if len(rows.header) > k else ""
    return Cell(LOCATIONS, line, own or COLUMNS[k])


def role_of(findings: Findings, where: Cell, text: str) -> int | None:
    """Read a type of place as Flee does, by the words it contains; None and a fault where there is none."""
    kind = text.lower()
    if "camp" in kind:
        return IDP_CAMP if "idp" in kind else CAMP
    for word, role in (("conflict", CONFLICT_ZONE), ("forward", FORWARDING_HUB), ("marker", MARKER)):
        if word in kind:
            return role
    if "flood" in kind:
        return FLOOD_ZONE
    if "default" in kind or "town" in kind:
        return TOWN
    expected = "camp, idpcamp, conflict_zone, flood_zone, town, forwarding_hub or marker"
    findings.fault(where, shown(text), expected, "correct the type")
    return None


def attribute(findings: Findings, location: Location, key: str, *, default: float, high: float) -> float:
    """Read one numeric attribute of a place."""
    text = location.attributes.get(key)
    if text is None:
        return default
    value = number(findings, Cell(LOCATIONS, location.row, key), text, low=0, high=high)
    return default if value is None else value


def attributes(
    findings: Findings, locations: tuple[Location, ...], key: str, *, high: float, default: float = 0.0
) -> NDArray[np.float64]:
    """Read one numeric attribute of all places, (n,) float64."""
    return np.array([attribute(findings, one, key, default=default, high=high) for one in locations])


def report_attributes(findings: Findings, locations: tuple[Location, ...], law: LocalLaw) -> None:
    """Note columns of locations.csv that nothing reads."""
    for key in sorted({key for one in locations for key in one.attributes}):
        rule = ATTRIBUTES_OF_RULES.get(key)
        if key in USED_ATTRIBUTES or (rule is not None and getattr(law, rule)):
            continue
        found = f"a column that needs {rule}" if rule else "a column"
        findings.notice(Cell(LOCATIONS, column=key), found, "known columns", "it was ignored")


def places_of(locations: tuple[Location, ...]) -> Places:
    """Put locations into the words of the core; camps keep their capacity, all others their population."""
    return Places(
        ids=tuple(one.name for one in locations),
        names=tuple(one.name.replace("_", " ") for one in locations),
        countries=tuple(one.country for one in locations),
        admin1=tuple(one.region.replace("_", " ") for one in locations),
        lat=np.array([one.lat for one in locations], dtype=np.float64),
        lon=np.array([one.lon for one in locations], dtype=np.float64),
        kinds=tuple(ROLES[one.role] for one in locations),
        population=np.array([-1 if one.is_camp else one.people for one in locations], dtype=np.int64),
        capacity_people=np.array(
            [one.people if one.is_camp and one.people > 0 else -1 for one in locations], dtype=np.int64
        ),
        shelters=("",) * len(locations),
        sources=(LOCATIONS,) * len(locations),
    )


@dataclass(frozen=True)
class _Road:
    origin: int
    target: int
    km: float
    forced: int
    speed: float
    walk: float


def read_roads(findings: Findings, folder: Path, places: Places, *, compat: bool) -> Roads:
    """Read routes.csv.

    Documented: a redirection (1: from name2 to name1, 2: from name1 to name2) sends everybody who leaves its
    start along that road, and equal rows count once. `compat`: redirections do nothing, a road marked 1 and
    every repeated row are further roads.
    """
    rows = read_rows(findings, folder / ROUTES, ROUTES)
    roads: list[_Road] = []
    seen: dict[tuple[int, int, float], int] = {}
    for line, fields in rows.lines:
        road = _road(findings, rows, (line, fields), places)
        if road is None:
            continue
        key = (min(road.origin, road.target), max(road.origin, road.target), road.km)
        if key in seen:
            found = f"{places.ids[road.origin]}–{places.ids[road.target]}, the same as row {seen[key]}"
            mend = "in Flee it counts double, and so here" if compat else "the second row was left out"
            findings.notice(Cell(ROUTES, line), found, "each road once", mend)
            if not compat:
                continue
        seen.setdefault(key, line)
        roads.extend([road, road] if compat and road.forced == 1 else [road])
    return _packed(findings, roads, compat=compat)


def _road(
    findings: Findings, rows: Rows, record: tuple[int, tuple[str, ...]], places: Places
) -> _Road | None:
    line, fields = record
    if len(fields) < 3:
        found = f"{len(fields)} columns"
        findings.fault(Cell(ROUTES, line), found, "name1, name2, distance in km", "add what is missing")
        return None
    ends = []
    for column, name in (("name1", fields[0]), ("name2", fields[1])):
        if name in findings.faulty_places:
            continue
        if name not in places.index:
            mend = "correct the name, or add the place there"
            findings.fault(Cell(ROUTES, line, column), shown(name), "a name of locations.csv", mend)
        else:
            ends.append(places.index[name])
    km = number(findings, Cell(ROUTES, line, "distance"), fields[2], low=0, high=40_000)
    flag = fields[3] if len(fields) > 3 and fields[3] else "0"
    forced = whole(findings, Cell(ROUTES, line, "forced_redirection"), flag, high=2)
    extra = {key: fields[k] for k, key in enumerate(rows.header) if 4 <= k < len(fields) and fields[k]}
    speed, walk = _link_attributes(findings, line, extra)
    if len(ends) < 2 or km is None or forced is None:
        return None
    if ends[0] == ends[1]:
        findings.fault(Cell(ROUTES, line), "a road from a place to itself", "two places", "remove the row")
        return None
    return _Road(ends[0], ends[1], km, forced, speed, walk)


def _link_attributes(findings: Findings, line: int, extra: dict[str, str]) -> tuple[float, float]:
    speed: float | None = None
    walk: float | None = None
    for key, text in extra.items():
        where = Cell(ROUTES, line, key)
        if key == "max_move_speed":
            speed = number(findings, where, text, low=1, high=5000)
        elif key == "walk_probability":
            walk = number(findings, where, text, low=0, high=1)
        else:
            findings.notice(where, "an unknown column", "known columns", "it was ignored")
    return (float("nan") if speed is None else speed), (0.0 if walk is None else walk)


def _packed(findings: Findings, roads: list[_Road], *, compat: bool) -> Roads:
    km = np.array([road.km for road in roads], dtype=np.float64)
    if (km == 0).any():
        mend = "0 km is kept, as in Flee" if compat else "1 km was taken"
        findings.notice(Cell(ROUTES, column="distance"), "roads of 0 km", "the length of the road", mend)
    forced = np.array([road.forced for road in roads], dtype=np.int8)
    if forced.any():
        mend = (
            "they do nothing in Flee's code, nor here" if compat else "all who leave its start take that road"
        )
        found = f"{int((forced > 0).sum())} forced redirections"
        findings.notice(Cell(ROUTES, column="forced_redirection"), found, "none", mend)
    count = len(roads)
    links = Links(
        origin=np.array([road.origin for road in roads], dtype=np.int64),
        target=np.array([road.target for road in roads], dtype=np.int64),
        distance_km=km,
        modes=("road",) * count,
        two_way=np.ones(count, dtype=bool),
        estimated=np.zeros(count, dtype=bool),
        sources=(ROUTES,) * count,
    )
    # 1 in the file is from name2 to name1, which here is from target to origin
    sense = np.array([0, 2, 1], dtype=np.int8)[forced] * (0 if compat else 1)
    return Roads(
        links=links,
        forced=sense.astype(np.int8),
        speed_km_per_day=np.array([road.speed for road in roads], dtype=np.float64),
        walk_chance=np.array([road.walk for road in roads], dtype=np.float64),
    )


def report_unreachable(
    findings: Findings, network: Network, roles: NDArray[np.int8], origins: NDArray[np.int64]
) -> None:
    """Note camps that nobody can reach, and origins that nobody can leave from.

    Parameters
    ----------
    findings : Findings
    network : Network
    roles : (n,) int8
    origins : (o,) int64    places that are in conflict or under water at some time.
    """
    links, count = network.links, len(network.places)
    joined = coo_array((np.ones(len(links)), (links.origin, links.target)), shape=(count, count))
    part = connected_components(joined, directed=False)[1]
    reached = np.isin(part, part[origins])
    camps = np.flatnonzero((roles == CAMP) | (roles == IDP_CAMP))
    lost = [network.places.ids[k] for k in camps if not reached[k]]
    if lost:
        some = ", ".join(lost[:5]) + (" …" if len(lost) > 5 else "")
        found = (
            f"{len(lost)} of {len(camps)} camps cannot be reached from any place that people leave ({some})"
        )
        findings.notice(
            Cell(ROUTES), found, "a road to every camp", "add the roads; until then nobody gets there"
        )
    empty = [network.places.ids[k] for k in origins if network.places.population[k] == 0]
    if empty:
        found = f"places to leave without people: {', '.join(empty[:5])}"
        findings.notice(Cell(LOCATIONS, column="population"), found, "people", "nobody leaves from there")
