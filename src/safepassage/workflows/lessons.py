"""Which lessons a run uses: the shipped ones, those of a folder, or none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safepassage.adapters.learned import read_lessons, shipped
from safepassage.core.learned import Lesson, event_key
from safepassage.core.scenario import Prior, Scenario

SHIPPED, NONE = "shipped", "none"


@dataclass(frozen=True)
class Lessons:
    """What may be used for one event.

    Parameters
    ----------
    lessons : dict of family to Lesson
    key : str                           the event; nothing is taken that was learned from it.
    """

    lessons: Mapping[str, Lesson] = field(default_factory=dict)
    key: str = ""

    def priors(self, family: str) -> dict[str, Prior]:
        """Give the priors of a family by name; {}: nothing was learned, so defaults hold."""
        lesson = self.lessons.get(family)
        return {} if lesson is None else lesson.for_event(self.key)

    def told(self, families: Sequence[str]) -> dict[str, Any]:
        """Give, for the manifest, which cases stand behind each of the families that a run uses."""
        return {
            family: list(self.lessons[family].taught_by(self.key))
            for family in sorted(families)
            if family in self.lessons
        }

    @property
    def sha256(self) -> str:
        """Give a checksum of every number that may be used, 64 hexadecimal digits."""
        told = [(family, sorted(self.priors(family).items())) for family in sorted(self.lessons)]
        return hashlib.sha256(repr(told).encode("utf-8")).hexdigest()


def families_of_forecast(scenario: Scenario, *, reports: bool) -> tuple[str, ...]:
    """Name the families that a forecast uses, with or without reports; the law is used by the split alone."""
    if scenario.groups:
        return ("caravans", "observations") if reports else ("caravans",)
    return ("stocks",) if reports else ()


def named(learned: str) -> str:
    """Name where lessons come from without telling where on this machine they lie."""
    return learned if learned in (SHIPPED, NONE) else Path(learned).name


def lessons_for(scenario: Scenario, learned: str = SHIPPED) -> Lessons:
    """Choose the lessons for a scenario.

    Parameters
    ----------
    scenario : Scenario     whole, not as known on a date.
    learned : str           "shipped", "none", or a folder that `calibrate` wrote.

    Raises
    ------
    InputError      if the folder has no lessons or broken ones.
    """
    if learned == NONE:
        return Lessons()
    lessons = shipped() if learned == SHIPPED else read_lessons(Path(learned))
    return Lessons(lessons, event_key(scenario))
