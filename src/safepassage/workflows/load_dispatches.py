"""What was answered to proposed drives, as of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from safepassage.adapters import builtin, dispatches, flee, folder
from safepassage.adapters.dispatches import Entry, Log, vanished
from safepassage.adapters.folder.columns import DISPATCHES_FILE
from safepassage.core.errors import Fault, InputError
from safepassage.core.logistics import Item, Logistics
from safepassage.core.network import Network
from safepassage.core.plan import KEPT, Dispatch
from safepassage.workflows.load_logistics import known_in, logistics_with_notices


def load_dispatches(
    name_or_path: str | Path, network: Network, *, as_of: date | None, items: tuple[Item, ...] = ()
) -> tuple[Dispatch, ...]:
    """Load what was answered to the drives of earlier plans: `PlanAsk.answered`.

    Whoever plans calls ``PlanAsk(..., answered=load_dispatches(scenario_name, scenario.network, as_of=day))``
    with the very as-of date of the plan. Drives of every status are given, also refused and withdrawn ones:
    the plan keeps what was accepted, sent and delivered, does not propose again what was refused, and gives
    no new drive the id of an old one. Built-in scenarios and Flee folders have none.

    Parameters
    ----------
    name_or_path : str or Path      as of `workflows.load.load`.
    network : Network               of the loaded scenario.
    as_of : date or None            what was decided later is not known; None: all there is, to be listed.
    items : tuple of Item           of the profile in use, beside those of the folder's own `profile.csv`.

    Returns
    -------
    tuple of Dispatch               one per drive, its last state by that day, in the order of the file.

    Raises
    ------
    InputError      with every fault of dispatches.csv, also drives that hold whose carrier, supply or town is
        gone from the files or was not known by that day; with those of supplies.csv and carriers.csv.
    """
    logistics, _ = logistics_with_notices(name_or_path, network, items=items)
    held = log_of(name_or_path, network, logistics, items=items).known_by(as_of)
    known = logistics if as_of is None else logistics.known_by(as_of)
    kept = [entry for entry in held.values() if entry.dispatch.status in KEPT]
    faults = [fault for entry in kept for fault in (*vanished(entry, known), *lost(entry))]
    if faults:
        raise InputError(faults, "Drives that hold cannot be planned with. / Viajes vigentes sin respaldo.")
    return tuple(_with_places(entry.dispatch) for entry in held.values())


def _with_places(one: Dispatch) -> Dispatch:
    """Give a drive that is over places that are there, though its own are gone, to keep its id from use."""
    if min(one.store, one.place) >= 0:
        return one
    return replace(one, status="withdrawn", store=max(one.store, 0), place=max(one.place, 0))


def lost(entry: Entry) -> tuple[Fault, ...]:
    """Tell of a drive whose store or town is gone from the network."""
    one = entry.dispatch
    if min(one.store, one.place) >= 0:
        return ()
    column = "from" if one.store < 0 else "to"
    mend = f"put it back into places.csv, or end the drive: safepassage dispatch withdraw {one.id}"
    found = f"{one.id}, {one.status}, with a place that is gone"
    return (Fault(DISPATCHES_FILE, found, "a place of the network", mend, row=entry.row, column=column),)


def log_of(
    name_or_path: str | Path,
    network: Network,
    logistics: Logistics,
    *,
    strict: bool = True,
    items: tuple[Item, ...] = (),
) -> Log:
    """Read the whole log of a scenario, with notices; not `strict`, as `adapters.dispatches.read`.

    Raises
    ------
    InputError      with every fault of dispatches.csv.
    """
    if str(name_or_path) in builtin.scenario_names():
        return Log()
    path = Path(name_or_path).expanduser()
    if not folder.is_scenario_folder(path) and flee.is_flee_folder(path):
        return Log()
    known, _ = known_in(path, items)
    return dispatches.read(path / DISPATCHES_FILE, network, logistics, strict=strict, known=known)
