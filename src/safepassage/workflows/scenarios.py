"""List what comes with the package: scenarios and networks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from safepassage.adapters import builtin, folder


@dataclass(frozen=True)
class Listed:
    """One built-in scenario, as a list shows it."""

    name: str
    title_es: str
    title_en: str
    start: date
    days: int
    network: str


def scenarios() -> tuple[Listed, ...]:
    """Give the built-in scenarios, in alphabetical order."""
    listed = []
    for name in builtin.scenario_names():
        scenario = folder.open_builtin(name)
        listed.append(
            Listed(
                name,
                scenario.title_es,
                scenario.title_en,
                scenario.start,
                scenario.days,
                scenario.network.name,
            )
        )
    return tuple(listed)


def networks() -> tuple[str, ...]:
    """Give the names of the built-in networks, in alphabetical order."""
    return builtin.network_names()
