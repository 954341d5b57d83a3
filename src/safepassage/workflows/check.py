"""Check a scenario: read all of it, and sum up what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from safepassage.core.draws import Draws
from safepassage.core.errors import Fault, InputError, ModelError
from safepassage.core.scenario import GoalLaw, Scenario
from safepassage.workflows.engine import engine_for
from safepassage.workflows.load import load_with_notices
from safepassage.workflows.load_dispatches import log_of
from safepassage.workflows.load_logistics import logistics_with_notices


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
    InputError      with every fault found, or if no road leads where people are heading.
    """
    scenario, notices = load_with_notices(name_or_path, compat=compat)
    logistics, more = logistics_with_notices(name_or_path, scenario.network)
    log = log_of(name_or_path, scenario.network, logistics)
    _check_ways(scenario)
    counts = {
        "places": len(scenario.network.places),
        "links": len(scenario.network.links),
        "groups": len(scenario.groups),
        "departures": len(scenario.departures),
        "events": len(scenario.events),
        "reports": len(scenario.reports),
        "priors": len(scenario.priors),
        "truth": len(scenario.truth),
        "outcomes": len(scenario.outcomes),
        "supplies": len(logistics.supplies),
        "carriers": len(logistics.carriers),
        "requests": len(logistics.requests),
        "dispatches": len(log.known_by(None)),
    }
    return Checked(scenario, (*notices, *more, *log.notices), counts)


def _check_ways(scenario: Scenario) -> None:
    """Draw some ways as a forecast would, so that a missing road is told here and not there."""
    known = scenario.known_by(max([scenario.start, *(group.announced for group in scenario.groups)]))
    if not (isinstance(known.law, GoalLaw) and known.groups):
        return
    engine, members = engine_for(known, days=1, members=8)
    try:
        engine.init(slots=np.arange(members), draws=Draws(known.seed))
    except ModelError as error:
        mend = (
            "add the missing link to links.csv, or correct the destination or the direction of a one-way link"
        )
        raise InputError(Fault(scenario.name, str(error), "a road to every destination", mend)) from None
