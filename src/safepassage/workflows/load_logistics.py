"""Who can bring what in a scenario, as of a day."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

from safepassage.adapters import builtin, flee, folder, logistics
from safepassage.core.errors import Fault
from safepassage.core.logistics import Logistics
from safepassage.core.network import Network

logger = logging.getLogger(__name__)


def load_logistics(name_or_path: str | Path, network: Network, *, as_of: date | None) -> Logistics:
    """Load the supplies, carriers and requests that belong to a scenario.

    They are no part of `Scenario`: no forecast depends on them. A slip of the pen in an offer must not keep a
    forecast from being made, and an offer more must not make a kept forecast look out of date.

    Parameters
    ----------
    name_or_path : str or Path      as of `workflows.load.load`.
    network : Network               of the loaded scenario.
    as_of : date or None            nothing announced later is given, and nothing decided later is told; None:
                                    all there is, to be listed and edited and never to plan by.

    Raises
    ------
    InputError      with every fault of the three files.
    """
    found, notices = logistics_with_notices(name_or_path, network)
    for notice in notices:
        logger.warning("%s", notice)
    return found if as_of is None else found.known_by(as_of)


def logistics_with_notices(name_or_path: str | Path, network: Network) -> tuple[Logistics, tuple[Fault, ...]]:
    """Load all there is, and give the notices back; a Flee folder has none of it."""
    if str(name_or_path) in builtin.scenario_names():
        return logistics.read(builtin.scenario_path(str(name_or_path)), network)
    path = Path(name_or_path).expanduser()
    if not folder.is_scenario_folder(path) and flee.is_flee_folder(path):
        return Logistics(), ()
    return logistics.read(path, network)
