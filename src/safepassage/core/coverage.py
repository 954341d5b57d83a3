"""The coverage board: what a town needs on a day, what is covered, what is missing, what is too much."""

from __future__ import annotations

from dataclasses import dataclass

from safepassage.core.needs import Told


@dataclass(frozen=True)
class CoverRow:
    """One item in one town on one day, in the item's unit; what is decided and proposed up to now.

    Parameters
    ----------
    day : int               0: the first day of the plan.
    place : int             position in `Places`.
    item : str
    needed : Told           p5, p50, p95 over the members, as it may be told.
    chance : float          that people come to the town in numbers (`Needs.threshold_people` or more).
    if_they_come : Told     the need in members in which they do.
    there : float           in the town already: accepted supplies of its own, shelters; what is driven away
        from it is taken off.
    offered_there : float   the same of offers that nobody has answered.
    arriving : float        on this day, by drives that were accepted, sent or delivered.
    proposed : float        on this day, by drives that are proposed.
    missing : Told          after all of these; members in which there is enough count as 0.
    missing_if_they_come : Told     the same in members in which people come in numbers.
    missing_if_refused : Told       that, if nothing is brought but what is accepted.
    chance_missing : float  chance that anything is missing after all of these.
    surplus : float         at least so much of what is there that day stays unused until it spoils, ends or
        the horizon is over, in 95 of 100 members: bring no more.
    foreseen : float or None        expected to be brought on a day whose drives are not decided yet; None: a
        day whose drives are decided now.
    missing_foreseen : float or None    expected to be missing then.
    """

    day: int
    place: int
    item: str
    needed: Told
    chance: float
    if_they_come: Told
    there: float
    offered_there: float
    arriving: float
    proposed: float
    missing: Told
    missing_if_they_come: Told
    missing_if_refused: Told
    chance_missing: float
    surplus: float
    foreseen: float | None = None
    missing_foreseen: float | None = None

    @property
    def accepted(self) -> float:
        """What is there or on its way, and decided."""
        return self.there + self.arriving

    @property
    def offered(self) -> float:
        """What was offered or is proposed, and not decided."""
        return self.offered_there + self.proposed


@dataclass(frozen=True)
class Board:
    """All rows of a plan, by day, then by place (most people first), then by item as the profile has them.

    Parameters
    ----------
    rows : tuple of CoverRow    only where something is needed, comes, or is too much.
    places : tuple of int       every place of the rows, most people first.
    """

    rows: tuple[CoverRow, ...]
    places: tuple[int, ...]

    def on(self, day: int, place: int) -> tuple[CoverRow, ...]:
        """Give the rows of one town on one day."""
        return tuple(row for row in self.rows if row.day == day and row.place == place)
