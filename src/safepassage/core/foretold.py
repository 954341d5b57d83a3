"""What a forecast from one origin said of one number, beside what came: kept one by one, not summed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FAN_LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
# A caravan's place on the road and its size, the day on which it reaches a town, and the people in a camp.
POSITION, SIZE, ARRIVAL, CAMP = "position", "size", "arrival", "camp"
QUANTITIES = (POSITION, SIZE, ARRIVAL, CAMP)
# Chances that the product tells: a town is reached by a day; a camp holds as many as towns are warned of; it
# holds more than at its last count.
REACHED, HOLDS, GROWN = "reached", "holds", "grown"
EVENTS = (REACHED, HOLDS, GROWN)


@dataclass(frozen=True)
class Foretold:
    """One number foreseen, and what it came to be.

    Parameters
    ----------
    case, kind : str            its name; "caravans" or "camps".
    quantity, place, unit : str     one of `QUANTITIES`; the id of the town or camp, '' for a whole caravan.
    origin_day : int            days since the start of the case.
    horizon_days : int          the horizon asked for; of an arrival the days after which it came.
    day : int                   the day foreseen, days since the start.
    outcome : float
    quantiles : tuple of float  at `FAN_LEVELS`.
    pit_low, pit_high : float   the members' chance of less than the outcome, and of no more than it.
    """

    case: str
    kind: str
    quantity: str
    place: str
    unit: str
    origin_day: int
    horizon_days: int
    day: int
    outcome: float
    quantiles: tuple[float, ...]
    pit_low: float
    pit_high: float


@dataclass(frozen=True)
class ChanceTold:
    """One chance that was told, and whether it came to be; fields as in `Foretold`.

    Parameters
    ----------
    event : str         one of `EVENTS`.
    chance : float      0 to 1.
    happened : bool
    """

    case: str
    kind: str
    event: str
    place: str
    origin_day: int
    horizon_days: int
    day: int
    chance: float
    happened: bool


@dataclass(frozen=True)
class FanTold:
    """One number foreseen evening by evening from one origin, and its outcomes.

    Parameters
    ----------
    values : (level, day) float64       at `FAN_LEVELS`, from the evening of the origin on; NaN: nobody there.
    days, outcomes : tuple              reporting days from the start of the case to the last day foreseen.
    """

    case: str
    quantity: str
    place: str
    origin_day: int
    values: NDArray[np.float64]
    days: tuple[int, ...]
    outcomes: tuple[float, ...]


@dataclass(frozen=True)
class Told:
    """All that was kept one by one."""

    numbers: tuple[Foretold, ...] = ()
    chances: tuple[ChanceTold, ...] = ()
    fans: tuple[FanTold, ...] = ()


def foreseen_days(fans: Sequence[FanTold]) -> dict[tuple[str, int], int]:
    """Give how many evenings each origin (case, day) foresaw; days of arrival from there on mean later."""
    return {(fan.case, fan.origin_day): fan.values.shape[1] for fan in fans}


def told_together(parts: Sequence[Told]) -> Told:
    """Put the records of several origins behind one another."""
    return Told(
        tuple(one for part in parts for one in part.numbers),
        tuple(one for part in parts for one in part.chances),
        tuple(one for part in parts for one in part.fans),
    )
