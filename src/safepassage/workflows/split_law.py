"""The split of a crisis' people over its camps by the law as other crises have taught it.

The daily total is given. Of each camp nothing is known but the last count up to day 0: where the first report
came later, nobody is taken to be there, and registration corrections, which came later, do not scale one camp
against another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import Displacement, camp_counts
from safepassage.core.draws import Draws
from safepassage.core.scenario import Prior, Scenario
from safepassage.engines.flow_weights import PARAMETERS
from safepassage.engines.luck import prior_quantile
from safepassage.engines.settling import Settling

MEMBERS = 40


def learned_split(
    scenario: Scenario, priors: Mapping[str, Prior], *, members: int = MEMBERS, seed: int = 1
) -> NDArray[np.float64]:
    """Split the people of every day, each member with numbers of the law drawn from what was learned.

    Parameters
    ----------
    scenario : Scenario     a displacement crisis; limits of camps are not looked at.
    priors : dict of name to Prior      some of `flow_weights.PARAMETERS`; for the rest the folder's hold.
    members, seed : int

    Returns
    -------
    (member, day, camp) float64     expected people, days with nobody in any camp split equally.

    Raises
    ------
    ModelError      if the law cannot be followed so.
    """
    settling = settling_of(scenario)
    days, slots = np.arange(scenario.days), np.arange(members)
    names = [name for name in PARAMETERS if name in priors]
    luck = [Draws(seed).uniform("learned law", day=k, slots=slots) for k in range(len(names))]
    values = [prior_quantile(priors[name], u) for name, u in zip(names, luck, strict=True)]
    camps = camps_of(scenario)
    people = np.stack(
        [
            settling.run(
                {name: float(column[member]) for name, column in zip(names, values, strict=True)}, days, camps
            )
            for member in range(members)
        ]
    )
    return np.where(people.sum(axis=-1, keepdims=True) > 0.0, people, 1.0)


def settling_of(scenario: Scenario) -> Settling:
    """Lay the crisis out, with the people of day 0 as they were known then."""
    displacement = scenario.displacement
    if displacement is None:
        return Settling(scenario)  # which says what is wrong
    initial = np.zeros(len(scenario.network.places))
    np.add.at(initial, displacement.camps, known_on_day0(displacement))
    return Settling(scenario, initial=initial + displacement.initial_idps)


def known_on_day0(displacement: Displacement) -> NDArray[np.float64]:
    """Give the people in each camp by the last count up to day 0, brought to the total of day 0: (k,)."""
    people = replace(displacement, people_per_agent=1)
    total = float(camp_counts(people, np.zeros(1, dtype=np.int64)).sum())
    count = len(displacement.camps)
    if total <= 0.0 or not (displacement.insert_day0 or displacement.empty_camps_on_day0):
        return np.zeros(count)
    seen = np.zeros(count)
    for k, series in enumerate(displacement.series):
        past = series.until(0)
        if len(past.days):
            seen[k] = past.people[np.argmax(past.days)]
    return total * (seen / seen.sum() if seen.sum() > 0 else np.full(count, 1.0 / count))


def camps_of(scenario: Scenario) -> NDArray[np.int64]:
    """Give the camps whose people are counted."""
    displacement = scenario.displacement
    return np.zeros(0, dtype=np.int64) if displacement is None else displacement.camps
