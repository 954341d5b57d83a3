"""places.csv and links.csv to a `Network`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from safepassage.adapters.folder.cells import WHOLE_PEOPLE, Cells, Range, rows_of
from safepassage.adapters.folder.findings import Findings
from safepassage.adapters.folder.tables import Table
from safepassage.core.errors import Fault
from safepassage.core.gazetteer import Gazetteer
from safepassage.core.network import Links, Network, Places
from safepassage.core.scenario import Extra

LATITUDE, LONGITUDE = Range(-90, 90), Range(-180, 180)
# The shortest step between two places, and more than once around the earth.
DISTANCE_KM = Range(0.01, 50_000)


def kept(extras: Sequence[Extra]) -> tuple[Extra, ...]:
    """Give the unknown columns of many rows, () where no row has any."""
    return tuple(extras) if any(extras) else ()


def read_places(table: Table, findings: Findings) -> Places:
    """Read places.csv; faults are added to the findings, and stand-ins take their place."""
    rows = rows_of(table, findings)
    if not rows and table.complete:
        mend = "add one line for each town"
        findings.faults.append(Fault(table.file, "no rows", "at least one place", mend))
    ids = [_key(row) for row in rows]
    times = Counter(ids)
    for row, key in zip(rows, ids, strict=True):
        if times[key] > 1 and key:
            row.fault("id", "each id once", "give every place an id of its own")
    return Places(
        ids=tuple(key or f"\0{i}" for i, key in enumerate(ids)),
        names=tuple(row.needed("name") for row in rows),
        countries=tuple(_country(row) for row in rows),
        admin1=tuple(row.raw("admin1") for row in rows),
        lat=np.array([row.needed_number("lat", LATITUDE) for row in rows], dtype=np.float64),
        lon=np.array([row.needed_number("lon", LONGITUDE) for row in rows], dtype=np.float64),
        kinds=tuple(row.raw("kind") or "town" for row in rows),
        population=_people(rows, "population"),
        capacity_people=_people(rows, "capacity_people"),
        shelters=tuple(row.raw("shelter") for row in rows),
        sources=tuple(row.raw("source") for row in rows),
        extra=kept([row.extra for row in rows]),
    )


def _key(row: Cells) -> str:
    key = row.needed("id")
    if len(key) > 100 or re.search(r"[\s,;\"]", key):
        row.fault(
            "id", "a key of at most 100 letters, digits and hyphens", "shorten it; put hyphens for spaces"
        )
    return key


def _country(row: Cells) -> str:
    country = row.raw("country").upper()
    if not re.fullmatch(r"[A-Z]{2}", country):
        row.fault("country", "two letters of ISO 3166-1, such as HN", "write the two letters")
    return country


def _people(rows: list[Cells], column: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    numbers = [row.number(column, WHOLE_PEOPLE) for row in rows]
    return np.array([-1 if n is None else int(n) for n in numbers], dtype=np.int64)


def read_links(table: Table, gazetteer: Gazetteer | None, findings: Findings) -> Links:
    """Read links.csv; faults are added to the findings, and stand-ins take their place."""
    rows = rows_of(table, findings)
    if not rows and table.complete:
        findings.faults.append(
            Fault(table.file, "no rows", "links between the places", "add one line for each road")
        )
    ends = [(row.place("from", gazetteer), row.place("to", gazetteer)) for row in rows]
    two_way = [row.flag("two_way", True) for row in rows]
    _check_ends(rows, ends, two_way)
    return Links(
        origin=np.array([origin for origin, _ in ends], dtype=np.int64),
        target=np.array([target for _, target in ends], dtype=np.int64),
        distance_km=np.array(
            [row.needed_number("distance_km", DISTANCE_KM) for row in rows], dtype=np.float64
        ),
        modes=tuple(row.raw("mode") or "road" for row in rows),
        two_way=np.array(two_way, dtype=np.bool_),
        estimated=np.array([row.flag("estimated", True) for row in rows], dtype=np.bool_),
        sources=tuple(row.raw("source") for row in rows),
        extra=kept([row.extra for row in rows]),
    )


def _check_ends(rows: list[Cells], ends: list[tuple[int, int]], two_way: list[bool]) -> None:
    seen: dict[tuple[int, int], int] = {}
    for row, (origin, target), both in zip(rows, ends, two_way, strict=True):
        if origin < 0 or target < 0:
            continue
        if origin == target:
            row.fault("to", "a link between two different places", "correct one end or take the row out")
            continue
        for arc in [(origin, target), (target, origin)][: 2 if both else 1]:
            if arc in seen:
                found = f"the link of row {seen[arc]} again"
                row.fault("from", "each link once", "take one of the two rows out", found=found)
                break
        seen.setdefault((origin, target), row.line.number)
        if both:
            seen.setdefault((target, origin), row.line.number)


def note_oddities(network: Network, findings: Findings) -> None:
    """Tell of what is sound but unlikely: roads shorter than the straight line, places no road leads to."""
    links = network.links
    for i in range(len(links)):
        origin, target = int(links.origin[i]), int(links.target[i])
        straight_km = network.great_circle_km(origin, target)
        # Coordinates of towns are good to about a kilometre or two.
        if links.distance_km[i] < 0.95 * straight_km - 2.0:
            names = f"{network.places.ids[origin]} – {network.places.ids[target]}"
            found = f"{links.distance_km[i]:g} km for {names}"
            mend = "check the length and both coordinates"
            expected = f"at least the straight line ({straight_km:.1f} km)"
            findings.note(Fault("links.csv", found, expected, mend, column="distance_km"))
    lone = sorted(set(range(len(network.places))) - set(network.links.origin) - set(network.links.target))
    if lone and len(network.places) > 1:
        names = ", ".join(network.places.ids[i] for i in lone[:5])
        found = f"{len(lone)} places without a link ({names})"
        findings.note(Fault("links.csv", found, "every place linked", "add their roads, or take them out"))
