"""groups.csv, routes.csv, destinations.csv and joiners.csv to `Group`s."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise

from safepassage.adapters.folder.cells import NOTHING_DAY, PEOPLE, Cells, Range, rows_of
from safepassage.adapters.folder.findings import Findings
from safepassage.adapters.folder.network import kept
from safepassage.adapters.folder.settings import Settings
from safepassage.adapters.folder.tables import Table, is_broken
from safepassage.core.caravan_priors import SMALLEST_GROUP_PEOPLE
from safepassage.core.errors import Fault
from safepassage.core.gazetteer import Gazetteer
from safepassage.core.network import Network
from safepassage.core.scenario import Destination, Extra, Group, JoinerPool

PARTS = ("routes.csv", "destinations.csv", "joiners.csv")
SEQUENCE = Range(0, 1e9, whole=True)
WEIGHT = Range(0, 1e9)
SIZE = Range(1, PEOPLE.high, people=True)


@dataclass(frozen=True)
class Around:
    """What the tables of a folder are read against.

    `network` and `gazetteer` are None where they failed; `broken` are files that could not be read whole.
    """

    settings: Settings | None
    network: Network | None
    gazetteer: Gazetteer | None
    findings: Findings
    broken: tuple[str, ...] = ()
    has_groups: bool = True

    @cached_property
    def arcs(self) -> frozenset[tuple[int, int]]:
        """Every (origin, target) that a link joins in that direction."""
        if self.network is None:
            return frozenset()
        origins, targets, _, _ = self.network.arcs
        return frozenset(zip(origins.tolist(), targets.tolist(), strict=True))


def read_groups(tables: dict[str, Table | None], around: Around) -> tuple[Group, ...]:
    """Read the caravans of a folder with all that belongs to them."""
    findings = around.findings
    rows = rows_of(tables.get("groups.csv"), findings)
    keys = [row.needed("group") for row in rows]
    if "groups.csv" not in tables and any(file in tables for file in PARTS):
        found = f"none, beside {' and '.join(file for file in PARTS if file in tables)}"
        findings.faults.append(Fault("groups.csv", found, "the groups they speak of", "add groups.csv"))
    known = keys if tables.get("groups.csv") and not is_broken(tables, "groups.csv") else None
    parts, broken = {}, []
    for file in PARTS:
        faults_before = len(findings.faults)
        parts[file] = _by_group(rows_of(tables.get(file), findings), known)
        if is_broken(tables, file) or len(findings.faults) > faults_before:
            broken.append(file)
    around = replace(around, broken=tuple(broken))
    groups = []
    for i, (row, key) in enumerate(zip(rows, keys, strict=True)):
        if key in keys[:i]:
            row.fault("group", "each group once", "give every group a key of its own")
            continue
        groups.append(_group(row, {file: of[key] for file, of in parts.items()}, around))
    return tuple(groups)


def _by_group(rows: list[Cells], keys: list[str] | None) -> dict[str, list[Cells]]:
    found = defaultdict(list)
    for row in rows:
        key = row.needed("group")
        if key and keys is not None and key not in keys:
            known = ", ".join(keys[:5]) or "groups.csv has none"
            row.fault("group", f"a group of groups.csv ({known})", "correct the key or add the group")
        found[key].append(row)
    return found


def _group(row: Cells, parts: dict[str, list[Cells]], around: Around) -> Group:
    key = row.raw("group")
    stops = _route(row, parts["routes.csv"], around, has_ends=bool(parts["destinations.csv"]))
    departs = row.needed_day("departs")
    settings = around.settings
    if settings and departs != NOTHING_DAY and departs < settings.start:
        row.fault(
            "departs",
            f"a day from the start on ({settings.start})",
            "correct it, or `start` in scenario.toml",
        )
    announced, basis = row.known_from("announced", departs)
    low, high = row.needed_low_high("people_low", "people_high", SIZE)
    if 0 < high < SMALLEST_GROUP_PEOPLE:
        expected = f"{SMALLEST_GROUP_PEOPLE} people or more: fewer are no group here, and are shown nowhere"
        row.fault("people_high", expected, "raise it if more may be on the way; otherwise take the row out")
    return Group(
        id=key,
        name_es=row.raw("name_es") or key,
        name_en=row.raw("name_en") or row.raw("name_es") or key,
        route=tuple(place for place, _ in stops),
        departs=departs,
        announced=announced,
        size_low=low,
        size_high=high,
        destinations=_destinations(parts["destinations.csv"], announced, around),
        joiners=tuple(_joiner(part, announced, around) for part in parts["joiners.csv"]),
        source=row.raw("source"),
        announced_basis=basis,
        extra=row.extra,
        route_extra=kept([extra for _, extra in stops]),
        route_announced=row.day("route_announced"),
    )


def _route(row: Cells, stops: list[Cells], around: Around, *, has_ends: bool) -> list[tuple[int, Extra]]:
    key, gazetteer = row.raw("group"), around.gazetteer
    origin = row.place("origin", gazetteer, needed=False)
    if not stops and "routes.csv" not in around.broken and row.raw("origin") and has_ends:
        # An origin and destinations will do: the engine takes the likeliest road as reference.
        return [(origin, ())]
    faults_before = len(around.findings.faults)
    numbered = sorted(
        ((stop.needed_number("seq", SEQUENCE), stop) for stop in stops),
        key=lambda pair: (pair[0], pair[1].line.number),
    )
    for (before, _), (after, stop) in pairwise(numbered):
        if before == after:
            stop.fault("seq", f"each number once for group {key}", "number the places of the route anew")
    route = [(stop.place("place", gazetteer), stop) for _, stop in numbered]
    if len(route) < 2 and "routes.csv" not in around.broken:
        expected = f"a route of at least two places for group '{key}'"
        mend = "add its way to routes.csv, or an origin to groups.csv and its ends to destinations.csv"
        row.fault("group", expected, mend, found=f"{len(route)} places in routes.csv")
    elif (
        around.network is not None
        and len(around.findings.faults) == faults_before
        and "routes.csv" not in around.broken
    ):
        _check_route(route, around.network.places.ids, around.arcs)
        if origin >= 0 and origin != route[0][0]:
            first = around.network.places.ids[route[0][0]]
            row.fault("origin", f"the first place of its route ({first})", "correct the origin or the route")
    return [(place, stop.extra) for place, stop in route]


def _check_route(
    route: list[tuple[int, Cells]], ids: tuple[str, ...], arcs: frozenset[tuple[int, int]]
) -> None:
    visited = {route[0][0]}
    misplaced = -1
    for (before, _), (after, stop) in pairwise(route):
        if after in visited and after != misplaced:
            stop.fault("place", "each place once in a route", "take one of the two rows out")
        elif (before, after) not in arcs and before != misplaced:
            misplaced = after  # one wrong place makes two gaps: the first is told
            found = f"no link from {ids[before]} to {ids[after]}"
            near = sorted(ids[b] for a, b in arcs if a == before)[:6]
            mend = f"name the places between them; {ids[before]} is linked to {', '.join(near) or 'nothing'}"
            stop.fault("place", "a place linked to the one before", mend, found=found)
        visited.add(after)


def _destinations(rows: list[Cells], announced: date, around: Around) -> tuple[Destination, ...]:
    ends = [_destination(row, announced, around) for row in rows]
    for i, (row, end) in enumerate(zip(rows, ends, strict=True)):
        if end.place >= 0 and end.place in [other.place for other in ends[:i]]:
            row.fault("place", "each destination once", "take one of the two rows out")
    if ends and not any(end.weight > 0 for end in ends):
        rows[0].fault("weight", "a sum above zero", "give at least one destination a weight")
    return tuple(ends)


def _destination(row: Cells, group_announced: date, around: Around) -> Destination:
    announced, basis = row.known_with("announced", group_announced)
    return Destination(
        place=row.place("place", around.gazetteer),
        weight=row.needed_number("weight", WEIGHT),
        announced=announced,
        source=row.raw("source"),
        announced_basis=basis,
        extra=row.extra,
    )


def _joiner(row: Cells, group_announced: date, around: Around) -> JoinerPool:
    announced, basis = row.known_with("announced", group_announced)
    low, high = row.needed_low_high("people_low", "people_high", PEOPLE)
    return JoinerPool(
        place=row.place("place", around.gazetteer),
        low=low,
        high=high,
        announced=announced,
        reason=row.raw("reason"),
        source=row.raw("source"),
        announced_basis=basis,
        extra=row.extra,
    )
