"""What past cases have taught: priors by family of numbers, with the cases that they were learned from.

A case never learns from itself: where a scenario tells the very event that some lesson was learned from, the
numbers learned without that event are given. So every score of a case in the list is out of sample.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from safepassage.core.gazetteer import fold
from safepassage.core.scenario import Prior, Scenario

# law: of the local law; stocks: how counts at places and their total change; caravans: of groups;
# observations: errors and biases of reports.
FAMILIES = ("law", "stocks", "caravans", "observations")


@dataclass(frozen=True)
class LearnedCase:
    """A case that was learned from.

    Parameters
    ----------
    key : str       see `event_key`.
    name : str      for people to read.
    counts : int    counts or reports that it taught by.
    """

    key: str
    name: str
    counts: int


@dataclass(frozen=True)
class Lesson:
    """The numbers of one family, learned across cases.

    Parameters
    ----------
    family : str                        one of `FAMILIES`.
    method : str                        how they were learned, and with which settings, in a sentence.
    cases : tuple of LearnedCase
    priors : tuple of Prior             learned from all cases: for a case that is none of them.
    without : dict of key to tuple of Prior     learned from all but one case: for that one.
    """

    family: str
    method: str
    cases: tuple[LearnedCase, ...] = ()
    priors: tuple[Prior, ...] = ()
    without: Mapping[str, tuple[Prior, ...]] = field(default_factory=dict)

    def for_event(self, key: str) -> dict[str, Prior]:
        """Give the priors for an event by name: those learned without it, if it was learned from."""
        known = any(case.key == key for case in self.cases)
        return {prior.name: prior for prior in (self.without.get(key, ()) if known else self.priors)}

    def taught_by(self, key: str) -> tuple[str, ...]:
        """Give the names of the cases behind the priors that `for_event` gives."""
        return tuple(case.name for case in self.cases if case.key != key)


@dataclass(frozen=True)
class LeftOut:
    """How well one case is foreseen by what the others taught, and by the numbers without any learning.

    Parameters
    ----------
    family, case, metric, unit : str
    learned, unlearned : float      smaller is better.
    """

    family: str
    case: str
    metric: str
    unit: str
    learned: float
    unlearned: float


@dataclass(frozen=True)
class Taught:
    """One family after learning: what ships, and how it did on cases left out."""

    lesson: Lesson
    left_out: tuple[LeftOut, ...]


def event_key(scenario: Scenario) -> str:
    """Name what happened, however the folder is called: 16 hexadecimal digits.

    Caravans: the day and town of the first departure. Crises: the first day and the camps that were counted.
    Anything else: the first day and all places.
    """
    ids = scenario.network.places.ids
    if scenario.groups:
        first = min(scenario.groups, key=lambda group: (group.departs, group.route[:1]))
        told = [first.departs.isoformat(), *(ids[place] for place in first.route[:1])]
    else:
        camps = () if scenario.displacement is None else scenario.displacement.camps.tolist()
        # In the order of what is hashed: another way of writing a name must not change it.
        told = [scenario.start.isoformat(), *sorted(fold(ids[camp]) for camp in camps or range(len(ids)))]
    text = "\n".join(fold(word) for word in told)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
