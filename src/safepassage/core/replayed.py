"""What was said evening by evening, beside what happened and what simple rules said: for scores and pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

POSITION, SIZE, COUNT = "position", "size", "count"
# A rule that is as near as we are, to this share of the larger error, is not called nearer.
AS_NEAR = 0.005


@dataclass(frozen=True)
class Saying:
    """One number foreseen on one evening, sealed then, and what came.

    Parameters
    ----------
    what : str              `POSITION` (km along the road taken), `SIZE` or `COUNT` (people).
    place : str             name of the place that was counted; '' for a caravan.
    evening, day : date     when it was said, and of which day.
    low, middle, high : float   10, 50 and 90 % quantile.
    happened : float        NaN: nobody told.
    rules : dict of rule to float       what each simple rule said that evening.
    """

    what: str
    place: str
    evening: date
    day: date
    low: float
    middle: float
    high: float
    happened: float = float("nan")
    rules: dict[str, float] = field(default_factory=dict)

    @property
    def ahead_days(self) -> int:
        """Days from the evening to the day foreseen."""
        return (self.day - self.evening).days

    @property
    def known(self) -> bool:
        """Whether it is known what happened, and we had said something."""
        return self.happened == self.happened and self.middle == self.middle

    @property
    def inside(self) -> bool:
        """Whether the outcome lay in the 80 % range."""
        return self.low <= self.happened <= self.high

    @property
    def error(self) -> float:
        """Distance of the middle from the outcome."""
        return abs(self.middle - self.happened)

    def error_of(self, rule: str) -> float:
        """Distance of a rule from the outcome; NaN where it said nothing."""
        return abs(self.rules.get(rule, float("nan")) - self.happened)

    @cached_property
    def nearer(self) -> tuple[str, ...]:
        """The rules that were nearer than we were."""
        return tuple(
            rule for rule in self.rules if self.known and self.error_of(rule) < self.error * (1 - AS_NEAR)
        )


@dataclass(frozen=True)
class TownSaid:
    """One town on the night after an evening.

    Parameters
    ----------
    name, country, sheet : str      `sheet`: path of its sheet from the folder of the replay.
    chance : float                  that `threshold_people` or more stay.
    low, high : float               people if they come, 10 and 90 % quantile; NaN: too few members.
    there : bool                    the main body was told to be there.
    """

    name: str
    country: str
    sheet: str
    chance: float
    low: float
    high: float
    there: bool


@dataclass(frozen=True)
class ReplayedEvening:
    """One evening of a replay.

    Parameters
    ----------
    evening : date
    line : int                  of the chain, the first being 1.
    seal : str                  SHA-256 of that line.
    reports, articles : int     new that evening; of camps, counts.
    refused : int               proposals of the articles that were not adopted.
    sayings : tuple of Saying
    towns : tuple of TownSaid   of the night after.
    happened : tuple of str     towns in which the main body was told to be that night.
    """

    evening: date
    line: int
    seal: str
    reports: int
    articles: int
    refused: int
    sayings: tuple[Saying, ...]
    towns: tuple[TownSaid, ...] = ()
    happened: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lost:
    """An evening, our distance from the outcome, and that of a simple rule."""

    evening: date
    ours: float
    rule: float

    @property
    def is_lost(self) -> bool:
        """Whether the rule was nearer."""
        return self.rule < self.ours * (1 - AS_NEAR)


@dataclass(frozen=True)
class ReplayScore:
    """One number so many days ahead, over all evenings on which it is known what happened.

    Parameters
    ----------
    what, unit : str
    ahead_days : int            0: whenever the next count came.
    evenings : int              with an outcome.
    inside : int                of these, outcome in the 80 % range.
    error : float               mean distance of our middle from the outcome.
    rules : dict of rule to (evenings, our mean error on these, the rule's)
    """

    what: str
    unit: str
    ahead_days: int
    evenings: int
    inside: int
    error: float
    rules: dict[str, tuple[int, float, float]]


@dataclass(frozen=True)
class Replayed:
    """A whole replay, as it was sealed.

    Parameters
    ----------
    case, title_es, title_en : str
    head : str                  SHA-256 of the last line of the chain.
    settings : dict of str to str       what it was made with, to be shown.
    with_articles : bool        articles were read instead of the case's own reports.
    told_by : str               "truth" or "reports": where the outcomes come from.
    evenings : tuple of ReplayedEvening
    steps : tuple of (km, name) places on the road that was taken.
    threshold_people : int
    """

    case: str
    title_es: str
    title_en: str
    head: str
    settings: dict[str, str]
    with_articles: bool
    told_by: str
    evenings: tuple[ReplayedEvening, ...]
    steps: tuple[tuple[float, str], ...] = ()
    threshold_people: int = 0

    @property
    def camps(self) -> bool:
        """Whether camps were foreseen, and no caravan."""
        return any(one.what == COUNT for evening in self.evenings for one in evening.sayings)

    def sayings(self, what: str, ahead_days: int = 0) -> list[Saying]:
        """List what is known of one number, so many days ahead (0: all)."""
        return [
            one
            for evening in self.evenings
            for one in evening.sayings
            if one.known and one.what == what and ahead_days in (0, one.ahead_days)
        ]

    def scores(self, ahead: Iterable[int] = (1, 3, 7)) -> tuple[ReplayScore, ...]:
        """Sum up by number and days ahead; camps: over all counts, whenever they came."""
        wanted = [(COUNT, 0)] if self.camps else [(what, h) for what in (POSITION, SIZE) for h in ahead]
        found = [_score(what, h, self.sayings(what, h)) for what, h in wanted]
        return tuple(one for one in found if one is not None)

    def lost(self, what: str, ahead_days: int = 0) -> dict[str, tuple[int, tuple[Lost, ...]]]:
        """Tell for every simple rule on how many evenings it spoke, and on which of these it was nearer.

        An evening with several counts is judged by the sum of the distances.
        """
        by_evening: dict[date, list[Saying]] = {}
        for one in self.sayings(what, ahead_days):
            by_evening.setdefault(one.evening, []).append(one)
        rules = dict.fromkeys(rule for rows in by_evening.values() for one in rows for rule in one.rules)
        found = {}
        for rule in rules:
            spoke = {day: [one for one in rows if rule in one.rules] for day, rows in by_evening.items()}
            sums = [
                Lost(day, sum(one.error for one in rows), sum(one.error_of(rule) for one in rows))
                for day, rows in spoke.items()
                if rows
            ]
            found[rule] = (len(sums), tuple(lost for lost in sums if lost.is_lost))
        return found


def _score(what: str, ahead_days: int, sayings: list[Saying]) -> ReplayScore | None:
    if not sayings:
        return None
    rules: dict[str, tuple[int, float, float]] = {}
    for rule in dict.fromkeys(rule for one in sayings for rule in one.rules):
        both = [one for one in sayings if rule in one.rules]
        mean = sum(one.error for one in both) / len(both), sum(one.error_of(rule) for one in both) / len(both)
        rules[rule] = (len(both), *mean)
    return ReplayScore(
        what,
        "km" if what == POSITION else "people",
        ahead_days,
        len(sayings),
        sum(one.inside for one in sayings),
        sum(one.error for one in sayings) / len(sayings),
        rules,
    )
