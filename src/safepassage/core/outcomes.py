"""How people's part in a movement ends: competing chances a day, as they were known on a date.

A row says how likely an outcome is on one day for people of a status in a country. Rows that act on the same
people compete: a day's chances are added up, and may not be more than one together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
from numpy.typing import NDArray

LEFT = "left"  # out of a group, where to is not known: the group's own rate of leaving
OUTCOMES = (
    "claimed",  # asked for asylum
    "returned",
    "assisted_return",
    "settled",
    "detained",
    "rode_ahead",  # out of a group, faster than it
    "dropped_back",  # out of a group, slower than it
    "died",
    "other",
)
ALL_OUTCOMES = (LEFT, *OUTCOMES)
# Whoever leaves a group in these ways goes on alone to where the group is heading.
GOING_ON = ("rode_ahead", "dropped_back")
STATUSES = ("moving", "staying", "held", "arrived")
# Fewer people than this are told nowhere, simulated ones neither.
FEWEST_TOLD_PEOPLE = 20
# Chances that sum to one in decimals may pass it in floats by some last digits.
TOLERANCE = 1e-9
_NEVER = date.max.toordinal() + 1


@dataclass(frozen=True)
class OutcomeChance:
    """How likely one outcome is on a day, for people of one status in one country.

    Parameters
    ----------
    outcome : str           one of `OUTCOMES`.
    status : str            one of `STATUSES`; "": any.
    country : str           two letters; "": everywhere.
    first, last : date or None      days it is in force; None: from the start, without end.
    low, high : float       chance per day; every member believes in one number between them.
    announced : date        when the figure was known.
    source, reason, announced_basis : str
    """

    outcome: str
    status: str
    country: str
    first: date | None
    last: date | None
    low: float
    high: float
    announced: date
    source: str
    reason: str = ""
    announced_basis: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    def acts_on(self, status: str, country: str) -> bool:
        """Tell whether the row acts on people of a status in a country."""
        return self.status in ("", status) and self.country in ("", country)

    @property
    def luck_name(self) -> str:
        """Name the luck of the row: rows of one outcome, status and country share it, whatever the dates."""
        return f"chance of {self.outcome}|{self.status}|{self.country}"


@dataclass(frozen=True)
class Excess:
    """Rows whose upper chances are more than one together, on which day, for whom; positions in the table."""

    rows: tuple[int, ...]
    day: date
    status: str
    country: str
    total: float


def excesses(rows: Sequence[OutcomeChance]) -> tuple[Excess, ...]:
    """Find the first day, for each status and country, on which the upper chances of rows pass one in sum.

    Each set of rows is told once.
    """
    first = np.array([row.first.toordinal() if row.first else 1 for row in rows], dtype=np.int64)
    after = np.array([row.last.toordinal() + 1 if row.last else _NEVER for row in rows], dtype=np.int64)
    high = np.array([row.high for row in rows], dtype=np.float64)
    found: dict[tuple[int, ...], Excess] = {}
    for status, country in product(STATUSES, sorted({row.country for row in rows} | {""})):
        who = np.array([k for k, row in enumerate(rows) if row.acts_on(status, country)], dtype=np.int64)
        day = _first_excess(first[who], after[who], high[who])
        if day > 0:
            acting = who[(first[who] <= day) & (day < after[who])]
            key, total = tuple(acting.tolist()), float(high[acting].sum())
            found.setdefault(key, Excess(key, date.fromordinal(day), status, country, total))
    return tuple(found.values())


def _first_excess(first: NDArray[np.int64], after: NDArray[np.int64], high: NDArray[np.float64]) -> int:
    """Give the first day, as an ordinal, on which what is in force sums to more than one; 0: none."""
    if high.sum() <= 1.0 + TOLERANCE:
        return 0
    days, change = np.concatenate([first, after]), np.concatenate([high, -high])
    order = np.argsort(days, kind="stable")
    total = np.cumsum(change[order])
    whole = np.append(days[order][1:] != days[order][:-1], True)  # after every change of that day
    over = np.flatnonzero(whole & (total > 1.0 + TOLERANCE))
    return int(days[order][over[0]]) if over.size else 0


def told(people: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give numbers of people as they may be told: NaN where they are fewer than `FEWEST_TOLD_PEOPLE`.

    Nobody is few too: a file that tells none from some tells of the first person.
    """
    return np.where(people >= FEWEST_TOLD_PEOPLE, people, np.nan)
