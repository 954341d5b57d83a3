"""The evenings of a case, handed out one by one: the next only for the seal of the present one.

Whoever makes the forecasts holds nothing else of the case than the evening that was handed out. What
happened is handed out once every evening is sealed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from safepassage.adapters.replay_chain import Article, Chain, Seal
from safepassage.core.errors import InternalError
from safepassage.core.report import Report, report_key
from safepassage.core.scenario import Scenario
from safepassage.workflows.replay_reading import Gleaned, gleaned, without_reports
from safepassage.workflows.track import with_reports


@dataclass(frozen=True)
class Evening:
    """What is open on one evening.

    Parameters
    ----------
    day, before : date          this one, and the one before it.
    known : Scenario            nothing published or announced later, and no truth, is in it.
    new_reports : tuple of (key, published)     used for the first time this evening.
    gleaned : Gleaned or None   what articles gave; None: the case's own reports are used.
    """

    day: date
    before: date
    known: Scenario
    new_reports: tuple[tuple[str, date], ...]
    gleaned: Gleaned | None


class Evenings:
    """Keeps a case and opens it evening by evening.

    Parameters
    ----------
    case : Scenario             whole.
    days : sequence of date     the evenings, ascending.
    chain : Chain               whose first line is sealed.
    articles : tuple of Article or None     read instead of the case's own reports; None: those are used.
    """

    def __init__(
        self, case: Scenario, days: Sequence[date], chain: Chain, articles: tuple[Article, ...] | None
    ) -> None:
        self.__case = case
        self.__bare = case if articles is None else without_reports(case)
        self.__days, self.__chain = tuple(days), chain
        self.__articles = articles
        self.__adopted: tuple[Report, ...] = ()
        self.__opened = 0

    def next(self, seal: Seal) -> Evening | None:
        """Open the next evening; None: all are sealed.

        Parameters
        ----------
        seal : Seal     of the evening before; of the chain's first line for the first evening.

        Raises
        ------
        InternalError   if it is no seal of the evening handed out last, or not the last line on the disk.
        """
        self.__check(seal)
        if self.__opened == len(self.__days):
            return None
        before = self.__days[self.__opened - 1] if self.__opened else date.min
        day = self.__days[self.__opened]
        self.__opened += 1
        return self.__evening(before, day)

    def pass_over(self, sealed: Sequence[Seal]) -> list[Evening]:
        """Go on after evenings that were sealed by an interrupted replay, in their order, and give them.

        Their articles are read again, since what was adopted then is known now.
        """
        passed = []
        for number, seal in enumerate(sealed):
            day = self.__days[number]
            if seal.of != day.isoformat():
                message = f"line {seal.line} seals {seal.of}, not {day}"
                raise InternalError(message)
            passed.append(self.__evening(self.__days[number - 1] if number else date.min, day))
            self.__opened += 1
        return passed

    def outcomes(self, seal: Seal) -> Scenario:
        """Hand out the whole case with what happened, for the seal of the last evening.

        Raises
        ------
        InternalError   if an evening is not sealed.
        """
        self.__check(seal)
        if self.__opened < len(self.__days):
            message = f"{len(self.__days) - self.__opened} evenings are not sealed: what happened stays shut"
            raise InternalError(message)
        return self.__case

    def __check(self, seal: Seal) -> None:
        of = self.__days[self.__opened - 1].isoformat() if self.__opened else "head"
        if seal.of != of:
            message = f"a seal of {seal.of} was shown where that of {of} is needed"
            raise InternalError(message)
        if not self.__chain.holds(seal):
            message = f"the seal of {of} is not the last line on the disk"
            raise InternalError(message)

    def __evening(self, before: date, day: date) -> Evening:
        known = self.__bare.known_by(day)
        found = None
        if self.__articles is not None:
            todays = tuple(a for a in self.__articles if before < a.published <= day)
            found = gleaned(todays, with_reports(known, self.__adopted))
            self.__adopted = (*self.__adopted, *found.adopted)
            known = with_reports(known, self.__adopted).known_by(day)
        ids = known.network.places.ids
        new = sorted({(report_key(r, ids), r.published) for r in known.reports if r.published > before})
        return Evening(day, before, replace(known, truth=()), tuple(new), found)
