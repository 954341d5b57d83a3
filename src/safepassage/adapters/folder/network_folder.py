"""The folder of a network: its places and links, and what is usual on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from safepassage.adapters import builtin
from safepassage.adapters.folder.cells import PEOPLE, Cells, rows_of
from safepassage.adapters.folder.columns import ENDS_FILE, NETWORK_FILES, POOLS_FILE
from safepassage.adapters.folder.findings import Findings
from safepassage.adapters.folder.groups import WEIGHT
from safepassage.adapters.folder.network import note_oddities, read_links, read_places
from safepassage.adapters.folder.tables import Table, read_table
from safepassage.core.errors import Fault
from safepassage.core.gazetteer import Gazetteer
from safepassage.core.network import Network
from safepassage.core.scenario import Destination, JoinerPool

_Usual = TypeVar("_Usual", Destination, JoinerPool)


def own_network(
    tables: dict[str, Table | None], findings: Findings
) -> tuple[Network | None, Gazetteer | None]:
    """Make a network of places.csv and links.csv; None for what a fault makes unusable."""
    faults_before = len(findings.faults)
    places_table, links_table = tables.get("places.csv"), tables.get("links.csv")
    if places_table is None:
        return None, None
    places = read_places(places_table, findings)
    # Rows that could not be read would make every mention of their places a fault of its own.
    keyless = [fault for fault in findings.faults[faults_before:] if fault.column in ("id", None)]
    gazetteer = None if keyless or not places_table.complete else Gazetteer(places)
    if links_table is None:
        return None, gazetteer
    network = Network(places, read_links(links_table, gazetteer, findings))
    if len(findings.faults) > faults_before or not (places_table.complete and links_table.complete):
        return None, gazetteer
    note_oddities(network, findings)
    return network, gazetteer


def read_network(path: Path) -> Network:
    """Read the places and links of a network's folder; that of a built-in one bears its name.

    Raises
    ------
    InputError      with every fault of the two tables.
    """
    findings = Findings()
    if not path.is_dir():
        findings.faults.append(Fault(path.name, "no such folder", "a network's folder", "check the path"))
    tables = {file: read_table(path / file, findings) for file in NETWORK_FILES} if path.is_dir() else {}
    network, _ = own_network(tables, findings)
    findings.raise_if_any(f"{path.name}: this network cannot be used.")
    assert network is not None  # a None came with a fault
    is_builtin = path.name in builtin.network_names() and path == builtin.network_path(path.name)
    return Network(network.places, network.links, path.name if is_builtin else "")


def read_ends(path: Path, network: Network, announced: date) -> tuple[Destination, ...]:
    """Read where people on a network usually head for; () without an ends.csv.

    Raises
    ------
    InputError      with every fault of ends.csv.
    """

    def end(row: Cells, place: int) -> Destination:
        why = "; ".join(filter(None, [row.raw("reason"), row.raw("source")]))
        return Destination(place, row.needed_number("weight", WEIGHT), announced, why, "usual")

    return _usual(path / ENDS_FILE, network, end)


def read_pools(path: Path, network: Network, announced: date) -> tuple[JoinerPool, ...]:
    """Read who might join a caravan on a network; () without a pools.csv.

    Raises
    ------
    InputError      with every fault of pools.csv.
    """

    def pool(row: Cells, place: int) -> JoinerPool:
        low, high = row.needed_low_high("people_low", "people_high", PEOPLE)
        return JoinerPool(place, low, high, announced, row.raw("reason"), row.raw("source"), "usual")

    return _usual(path / POOLS_FILE, network, pool)


def _usual(path: Path, network: Network, read_row: Callable[[Cells, int], _Usual]) -> tuple[_Usual, ...]:
    """Read a table of what is usual at the places of a network; () where there is none."""
    findings = Findings()
    gazetteer = Gazetteer(network.places)
    rows = rows_of(read_table(path, findings) if path.exists() else None, findings)
    usual = tuple(read_row(row, row.place("place", gazetteer)) for row in rows)
    findings.raise_if_any(f"{path.parent.name}: this network cannot be used.")
    return usual
