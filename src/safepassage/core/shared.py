"""The one form of a forecast that may be shared with everybody, and the rules it was made by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from safepassage.core.errors import Fault, InputError

BANDS = ("not_said", "possible", "likely")
SCOPES = ("admin1", "rest_of_country", "country")
DELAY_FLOOR_DAYS = 2
COUNT_FLOOR = 10
WEEKS_FLOOR = 2


@dataclass(frozen=True)
class ShareRules:
    """How much is taken away before anybody may see a forecast. The reasons are in docs/protection.md.

    Parameters
    ----------
    delay_days : int            nothing younger than this is used, whatever it is, >= 2.
    hold_days : int             a forecast is held back so many days more: what happens in them cannot be
        known, and that is what keeps today's position out of reach, >= 0.
    weeks_ahead : int           the one deadline is the Sunday that ends so many weeks, the week of
        publication being the first; >= 2.
    count_min : int             fewer people than this are nowhere shown, simulated ones neither; >= 10.
    towns_min : int             an area with fewer towns in the network is merged with the rest of its
        country, and a country with fewer is left out, >= 1.
    possible, likely : float    chances from which an area is called so; below `possible` nothing is said.

    Raises
    ------
    InputError                  if a rule is weaker than its floor, or the chances are out of order.
    """

    delay_days: int = 3
    hold_days: int = 7
    weeks_ahead: int = 4
    count_min: int = 20
    towns_min: int = 2
    possible: float = 0.2
    likely: float = 0.6

    def __post_init__(self) -> None:
        floors = {
            "delay_days": DELAY_FLOOR_DAYS,
            "hold_days": 0,
            "weeks_ahead": WEEKS_FLOOR,
            "count_min": COUNT_FLOOR,
            "towns_min": 1,
        }
        faults = [
            Fault(_RULES, str(getattr(self, name)), f"{floor} or more", f"raise it to {floor}", column=name)
            for name, floor in floors.items()
            if not getattr(self, name) >= floor
        ]
        if not 0.05 <= self.possible < self.likely <= 0.95:
            found = f"possible {self.possible}, likely {self.likely}"
            wanted = "0.05 <= possible < likely <= 0.95"
            faults.append(Fault(_RULES, found, wanted, "put the two chances in order", column="possible"))
        if faults:
            raise InputError(faults)

    def as_of_for(self, today: date) -> date:
        """Give the last day whose knowledge a file published on `today` may use.

        It is the same for every day of one week (Monday to Sunday), so that the files of two successive days
        are one and the same file and nothing can be read from their difference.
        """
        return _moved(today, -(today.weekday() + self.delay_days + self.hold_days))

    def week_of(self, as_of: date) -> date:
        """Give the first day on which a forecast made as of this day may be published."""
        return _moved(as_of, self.delay_days + self.hold_days)

    def deadline_of(self, as_of: date) -> date:
        """Give the one day up to which such a forecast speaks; it has to reach that far."""
        return _moved(self.week_of(as_of), 7 * self.weeks_ahead - 1)


_RULES = "rules of sharing"


def _moved(day: date, days: int) -> date:
    """Give a date so many days later, or the last one that a calendar has."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


@dataclass(frozen=True)
class SharedCell:
    """One area and what may be said of it.

    Parameters
    ----------
    country, admin1 : str       `admin1` is '' unless `scope` is "admin1".
    scope : str                 one of `SCOPES`.
    chance : str                "possible" or "likely": that `count_min` people or more will have spent a
        night in one of its towns by the deadline, earlier ones included. It says nothing of any one day.
    people_low, people_high : int   most people in one town on one night, if they come (10 % and 90 %),
        widened to the edges of size classes: 20, 500, 1,000, 2,000, 5,000, 10,000 … by default.
    """

    country: str
    admin1: str
    scope: str
    chance: str
    people_low: int
    people_high: int


@dataclass(frozen=True)
class SharedForecast:
    """A forecast that may be shared: no towns, no roads, no positions, no reports, no single day.

    Parameters
    ----------
    title_es, title_en : str    what moves, known countries and a month; no word of the scenario.
    week : date                 the Monday of the first week in which it may be published.
    known_until : date          nothing later was used.
    deadline : date             the Sunday up to which it speaks.
    cells : tuple of SharedCell     areas of which something may be said; an area that is missing is *not
        said*, which is not zero.
    rules : ShareRules
    illustrative : bool         something was made up so that it runs.
    data_sets : tuple of str    of a fixed list of public ones; other sources are not passed on.
    """

    title_es: str
    title_en: str
    week: date
    known_until: date
    deadline: date
    cells: tuple[SharedCell, ...]
    rules: ShareRules
    illustrative: bool
    data_sets: tuple[str, ...]
