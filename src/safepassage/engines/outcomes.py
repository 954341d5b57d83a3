"""Outcomes as competing chances a day: what each member believes of them, and who leaves a group how.

Every member draws the chance of a row once from its range. On a day the rows in force that act on a person's
status and country compete: their chances add up to that of leaving, and those who leave are split by their
shares, in conditional binomials that are monotone in luck. A group's own rate of leaving competes with them
as one more hazard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.core.errors import Fault, InputError
from safepassage.core.outcomes import ALL_OUTCOMES, GOING_ON, STATUSES, excesses
from safepassage.core.scenario import Prior, Scenario
from safepassage.engines.luck import binomial_quantile, prior_quantile

ANY = -1
MOVING, STAYING, HELD_UP, ARRIVED_THERE = range(len(STATUSES))
GOING_ON_NUMBERS = tuple(ALL_OUTCOMES.index(name) for name in GOING_ON)


@dataclass(frozen=True)
class RowsToday:
    """The k rows that act on one day.

    Parameters
    ----------
    row : (k,) int64                    position among all rows.
    status, country : (k,) int64        positions in `STATUSES` and in the table's `countries`; `ANY`: any.
    outcome : (k,) int64                position in `ALL_OUTCOMES`.
    """

    row: NDArray[np.int64]
    status: NDArray[np.int64]
    country: NDArray[np.int64]
    outcome: NDArray[np.int64]


class OutcomeTable:
    """The rows of a scenario, laid out by day.

    Parameters
    ----------
    scenario : Scenario     as known at its as-of date.

    Attributes
    ----------
    priors : list of Prior  what is believed of the chance of each row; rows of one name share their luck.

    Raises
    ------
    InputError              if chances that act on the same people sum to more than one.
    """

    def __init__(self, scenario: Scenario) -> None:
        rows = scenario.outcomes
        _refuse_excesses(scenario)
        self.priors = [
            Prior(row.luck_name, "uniform", row.low, row.high, row.reason, row.source) for row in rows
        ]
        countries = scenario.network.places.countries
        self.countries = tuple(sorted(set(countries)))
        self.of_place = np.array([self.countries.index(c) for c in countries], dtype=np.int64)
        # A country that is not on the network has nobody in it: its rows act on no day.
        self._somewhere = np.array([row.country in ("", *self.countries) for row in rows], dtype=bool)
        number = {country: k for k, country in enumerate(self.countries)} | {"": ANY}
        self._country = _numbers(number.get(row.country, ANY) for row in rows)
        self._status = _numbers(STATUSES.index(row.status) if row.status else ANY for row in rows)
        self._outcome = _numbers(ALL_OUTCOMES.index(row.outcome) for row in rows)
        self._start = scenario.start.toordinal()
        self._first = _numbers(row.first.toordinal() if row.first else 0 for row in rows)
        self._last = _numbers((row.last or date.max).toordinal() for row in rows)
        self.names = tuple(name for name in ALL_OUTCOMES[1:] if name in {row.outcome for row in rows})

    def believed(self, *, slots: NDArray[np.int64], draws: Draws) -> NDArray[np.float64]:
        """Draw what each member believes the chances a day to be, (member, row)."""
        drawn = [prior_quantile(p, draws.uniform(p.name, day=0, slots=slots)) for p in self.priors]
        return np.stack(drawn, axis=1) if drawn else np.zeros((len(slots), 0))

    def on(self, day: int) -> RowsToday:
        """Give the rows in force on a day."""
        today = self._start + day
        rows = np.flatnonzero(self._somewhere & (self._first <= today) & (today <= self._last))
        return RowsToday(rows, self._status[rows], self._country[rows], self._outcome[rows])

    def chances_at(
        self,
        believed: NDArray[np.float64],
        day: int,
        *,
        status: NDArray[np.int64],
        place: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Give the chance of every outcome for one person a member, (member, outcome); at most one in sum.

        Parameters
        ----------
        believed : (member, row)    from `believed`.
        status, place : (member,) int64     positions in `STATUSES` and in `Places`.
        """
        today, country = self.on(day), self.of_place[place]
        chances = np.zeros((len(status), len(ALL_OUTCOMES)))
        for k, row in enumerate(today.row):
            hit = np.ones(len(status), dtype=bool)
            if today.status[k] != ANY:
                hit &= status == today.status[k]
            if today.country[k] != ANY:
                hit &= country == today.country[k]
            chances[:, today.outcome[k]] += np.where(hit, believed[:, row], 0.0)
        return chances


def _numbers(values: Iterable[int]) -> NDArray[np.int64]:
    return np.array(list(values), dtype=np.int64)


def who_leaves(
    people: NDArray[np.int64],
    rate: NDArray[np.float64],
    chances: NDArray[np.float64],
    *,
    luck: tuple[Draws, int, NDArray[np.int64], int],
) -> NDArray[np.int64]:
    """Count who leaves a group on one day, (member, outcome); column 0 is `LEFT`.

    Parameters
    ----------
    people : (member,) int64
    rate : (member,) float64            the group's own hazard of leaving a day, >= 0.
    chances : (member, outcome) float64     of the rows, from `OutcomeTable.chances_at`.
    luck : (draws, day, slots, entity)

    Notes
    -----
    As hazards: the rows together have -log(1 - sum of chances), and the causes share those who leave as their
    hazards stand to each other.
    """
    draws, day, slots, entity = luck
    total = np.minimum(chances.sum(axis=1), 1.0)
    with np.errstate(divide="ignore"):
        of_rows = -np.log1p(-total)
    u = draws.uniform("leave", day=day, slots=slots, entity=entity)
    gone = binomial_quantile(u, people, -np.expm1(-(rate + of_rows)))
    out = np.zeros(chances.shape, dtype=np.int64)
    if not total.any():
        out[:, 0] = gone
        return out
    with np.errstate(invalid="ignore"):
        own = np.where(rate > 0, np.where(np.isinf(of_rows), 0.0, rate / (rate + of_rows)), 0.0)
    weight = chances * np.divide(1.0 - own, total, out=np.zeros_like(own), where=total > 0)[:, None]
    weight[:, 0] = own
    rest = np.cumsum(weight[:, ::-1], axis=1)[:, ::-1]
    for k in range(weight.shape[1]):
        if not weight[:, k].any():
            continue
        given = np.divide(weight[:, k], rest[:, k], out=np.zeros_like(own), where=rest[:, k] > 0)
        later = weight[:, k + 1 :].any(axis=1)
        given = np.where(later, np.minimum(given, 1.0), np.where(weight[:, k] > 0, 1.0, 0.0))
        u = draws.uniform(f"way out {ALL_OUTCOMES[k]}", day=day, slots=slots, entity=entity)
        out[:, k] = binomial_quantile(u, gone, given)
        gone = gone - out[:, k]
    return out


def _refuse_excesses(scenario: Scenario) -> None:
    faults = [
        Fault(
            file="outcomes.csv",
            column="chance_per_day_high",
            found=f"{excess.total:g} in sum for people who are {excess.status}"
            f"{' in ' + excess.country if excess.country else ''}",
            expected="chances a day that act on the same people and sum to at most 1",
            mend="lower them, or give the rows different statuses, countries or days",
        )
        for excess in excesses(scenario.outcomes)
    ]
    if faults:
        raise InputError(faults)
