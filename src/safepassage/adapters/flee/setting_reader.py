"""Single values of simsetting.yml, read with what is wrong with them, and all of them together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safepassage.adapters.flee.findings import Cell, Findings, shown
from safepassage.core.local_law import LocalLaw

FILE = "simsetting.yml"
MOST_IN_LIST = 1000


@dataclass(frozen=True)
class Settings:
    """What the folder asks for: the law, people per agent, where departures come from, which files to read.

    `days` and `max_flood_level` are None where nothing is said; `conflict_file` and `flood_file` are ''.
    """

    law: LocalLaw
    people_per_agent: int = 1
    insert_day0: bool = True
    empty_camps_on_day0: bool = False
    sum_from_camps: bool = True
    departure_mode: str = "observed"
    driven_by: str = "conflict"
    people_per_conflict_day: float = 500.0
    people_per_flood_day: tuple[float, ...] = ()
    max_flood_level: int | None = None
    read_agents: bool = False
    default_conflict_intensity: float = 1.0
    days: int | None = None
    conflict_file: str = ""
    flood_file: str = ""


class Reader:
    """Reads single values of the settings, noting what is wrong with them."""

    def __init__(self, findings: Findings, *, compat: bool) -> None:
        self.findings = findings
        self.compat = compat

    def switch(self, section: str, values: Mapping[str, Any], key: str, default: bool) -> bool:
        """Read a yes or no; text such as "false" means no, except to Flee's code."""
        value = values.get(key, default)
        if value is None:
            return False
        if isinstance(value, bool | int | float):
            return bool(value)
        where = Cell(FILE, column=f"{section}.{key}")
        if isinstance(value, str) and value.strip().lower() in ("true", "false", "yes", "no"):
            meant = value.strip().lower() in ("true", "yes")
            if self.compat and not meant:
                self.findings.notice(
                    where, shown(value), "true or false without quotes", "Flee reads it as true"
                )
                return True
            self.findings.notice(
                where, shown(value), "true or false without quotes", f"it was read as {meant}"
            )
            return meant
        self.findings.fault(where, shown(str(value)), "true or false", "write True or False")
        return default

    def number(
        self, section: str, values: Mapping[str, Any], key: str, bounds: tuple[float, float], default: float
    ) -> float:
        """Read a number between two bounds."""
        value = values.get(key, default)
        try:
            result = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            result = math.nan
        if not math.isfinite(result) or not bounds[0] <= result <= bounds[1]:
            where = Cell(FILE, column=f"{section}.{key}")
            expected = f"a number from {bounds[0]:g} to {bounds[1]:g}"
            self.findings.fault(where, shown(str(value)), expected, "correct it or leave it out")
            return default
        return result

    def numbers(
        self, section: str, values: Mapping[str, Any], key: str, bounds: tuple[float, float]
    ) -> tuple[float, ...]:
        """Read a list of numbers between two bounds; none where there is no list."""
        value = values.get(key)
        if value in (None, False):
            return ()
        if not isinstance(value, list) or not 0 < len(value) <= MOST_IN_LIST:
            where = Cell(FILE, column=f"{section}.{key}")
            self.findings.fault(
                where, shown(str(value)), "a list of numbers", "write it like [1.0, 0.5, 0.1]"
            )
            return ()
        return tuple(self.number(section, {key: one}, key, bounds, bounds[0]) for one in value)

    def report_unknown(self, section: str, values: Mapping[str, Any], known: tuple[str, ...]) -> None:
        """Note what nobody knows."""
        for key in values:
            if key not in known:
                where = Cell(FILE, column=f"{section}.{key}")
                self.findings.notice(where, "an unknown setting", "a setting of Flee", "it was ignored")
