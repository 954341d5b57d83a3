"""Who can bring what in a scenario, as of a day, and the items of one's own that it knows."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

from safepassage.adapters import builtin, logistics
from safepassage.adapters.folder.columns import PROFILE_FILE
from safepassage.adapters.profiles import read_profile
from safepassage.core.errors import Fault
from safepassage.core.logistics import Item, Logistics
from safepassage.core.needs import Profile
from safepassage.core.network import Network

logger = logging.getLogger(__name__)


def load_logistics(
    name_or_path: str | Path, network: Network, *, as_of: date | None, items: tuple[Item, ...] = ()
) -> Logistics:
    """Load the supplies, carriers and requests that belong to a scenario.

    They are no part of `Scenario`: no forecast depends on them. A slip of the pen in an offer must not keep a
    forecast from being made, and an offer more must not make a kept forecast look out of date.

    Parameters
    ----------
    name_or_path : str or Path      as of `workflows.load.load`.
    network : Network               of the loaded scenario.
    as_of : date or None            nothing announced later is given, and nothing decided later is told; None:
                                    all there is, to be listed and edited and never to plan by.
    items : tuple of Item           of the profile in use, beside those of the folder's own `profile.csv`.

    Raises
    ------
    InputError      with every fault of the three files, or of `profile.csv`.
    """
    found, notices = logistics_with_notices(name_or_path, network, items=items)
    for notice in notices:
        logger.warning("%s", notice)
    return found if as_of is None else found.known_by(as_of)


def logistics_with_notices(
    name_or_path: str | Path, network: Network, *, items: tuple[Item, ...] = ()
) -> tuple[Logistics, tuple[Fault, ...]]:
    """Load all there is, and give the notices back; for a Flee folder the three files may lie in it."""
    if str(name_or_path) in builtin.scenario_names():
        known = logistics.catalogue(items)
        return logistics.read(builtin.scenario_path(str(name_or_path)), network, known=known)
    path = Path(name_or_path).expanduser()
    known, notices = known_in(path, items)
    found, more = logistics.read(path, network, known=known)
    return found, (*notices, *more)


def known_in(path: Path, items: tuple[Item, ...] = ()) -> tuple[logistics.Catalogue, tuple[Fault, ...]]:
    """Give the items, units and vehicles that a scenario folder knows, those of its `profile.csv` too.

    Raises
    ------
    InputError      with every fault of `profile.csv`.
    """
    profile, notices = profile_in(path)
    own = {item.id: item for item in (*(profile.items if profile else ()), *items)}
    return logistics.catalogue(tuple(own.values())), notices


def profile_in(name_or_path: str | Path) -> tuple[Profile | None, tuple[Fault, ...]]:
    """Read the profile of needs that lies in a scenario folder as `profile.csv`; None where there is none.

    Raises
    ------
    InputError      with every fault it has.
    """
    if str(name_or_path) in builtin.scenario_names():
        return None, ()
    file = Path(name_or_path).expanduser() / PROFILE_FILE
    return read_profile(file) if file.is_file() else (None, ())
