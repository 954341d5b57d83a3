"""The one form of a forecast that may be shared with everybody, and the rules it was made by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from safepassage.core.errors import Fault, InputError

BANDS = ("not_said", "possible", "likely")
SCOPES = ("admin1", "rest_of_country", "country")
DELAY_FLOOR_DAYS = 2
COUNT_FLOOR = 10


@dataclass(frozen=True)
class ShareRules:
    """How much is taken away before anybody may see a forecast. The reasons are in docs/protection.md.

    Parameters
    ----------
    delay_days : int            days between the last thing known and the first day of publication, >= 2.
    count_min : int             fewer people than this are nowhere shown, simulated ones neither; >= 10.
    towns_min : int             an area with fewer towns in the network is merged with its country, >= 1.
    windows_max : int           how many weekly deadlines are told, >= 1.
    possible, likely : float    chances from which an area is called so; below `possible` nothing is said.

    Raises
    ------
    InputError                  if a rule is weaker than its floor, or the chances are out of order.
    """

    delay_days: int = 3
    count_min: int = 20
    towns_min: int = 2
    windows_max: int = 3
    possible: float = 0.2
    likely: float = 0.6

    def __post_init__(self) -> None:
        floors = (
            ("delay_days", self.delay_days, DELAY_FLOOR_DAYS),
            ("count_min", self.count_min, COUNT_FLOOR),
            ("towns_min", self.towns_min, 1),
            ("windows_max", self.windows_max, 1),
        )
        faults = [
            Fault("rules of sharing", str(value), f"{floor} or more", f"raise it to {floor}", column=name)
            for name, value, floor in floors
            if not value >= floor
        ]
        if not 0.05 <= self.possible < self.likely <= 0.95:
            faults.append(
                Fault(
                    "rules of sharing",
                    f"possible {self.possible}, likely {self.likely}",
                    "0.05 <= possible < likely <= 0.95",
                    "put the two chances in order",
                    column="possible",
                )
            )
        if faults:
            raise InputError(faults)

    def as_of_for(self, today: date) -> date:
        """Give the last day whose knowledge a file published on `today` may use.

        It is the same for every day of one week (Monday to Sunday), so that the files of two successive days
        are one and the same file and nothing can be read from their difference.
        """
        return today - timedelta(days=today.weekday() + self.delay_days)


@dataclass(frozen=True)
class SharedCell:
    """One area and what may be said of it.

    Parameters
    ----------
    country, admin1 : str       `admin1` is '' unless `scope` is "admin1".
    scope : str                 one of `SCOPES`.
    by : tuple of str           one of `BANDS` per deadline: how likely `count_min` people or more have been
        there by then. It says nothing of who is there on any one day.
    people_low, people_high : int   most people in one town on one night, if they come (10 % and 90 %),
        rounded so that two figures never differ by less than `count_min`.
    """

    country: str
    admin1: str
    scope: str
    by: tuple[str, ...]
    people_low: int
    people_high: int


@dataclass(frozen=True)
class SharedForecast:
    """A forecast that may be shared: no towns, no roads, no positions, no reports, nothing of this week.

    Parameters
    ----------
    title_es, title_en : str    names of towns in them are replaced.
    week : date                 the Monday of the week in which it is published.
    known_until : date          nothing later was used.
    deadlines : tuple of date   Sundays; the first one is that of the week after `week`.
    cells : tuple of SharedCell     areas of which something may be said; an area that is missing is *not
        said*, which is not zero.
    rules : ShareRules
    illustrative, sources : tuple of str
    licence : str
    """

    title_es: str
    title_en: str
    week: date
    known_until: date
    deadlines: tuple[date, ...]
    cells: tuple[SharedCell, ...]
    rules: ShareRules
    illustrative: tuple[str, ...]
    sources: tuple[str, ...]
    licence: str
