"""Check a scenario: read all of it, and sum up what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safepassage.core.errors import Fault
from safepassage.core.scenario import Scenario
from safepassage.workflows.load import load_with_notices


@dataclass(frozen=True)
class Checked:
    """A scenario that can be used, and what was noticed on the way.

    Parameters
    ----------
    scenario : Scenario
    notices : tuple of Fault
    counts : dict of str to int     rows of each kind: places, links, groups, …
    """

    scenario: Scenario
    notices: tuple[Fault, ...]
    counts: dict[str, int]


def check(name_or_path: str | Path, *, compat: bool = False) -> Checked:
    """Read a scenario with all its tables.

    Raises
    ------
    InputError      with every fault found.
    """
    scenario, notices = load_with_notices(name_or_path, compat=compat)
    counts = {
        "places": len(scenario.network.places),
        "links": len(scenario.network.links),
        "groups": len(scenario.groups),
        "departures": len(scenario.departures),
        "events": len(scenario.events),
        "reports": len(scenario.reports),
        "priors": len(scenario.priors),
        "truth": len(scenario.truth),
    }
    return Checked(scenario, notices, counts)
