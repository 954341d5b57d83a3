"""Which vehicle drives when, and what was taken out of which supply, while drives are handed out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from safepassage.core.logistics import Carrier
from safepassage.core.plan import KEPT, Dispatch, PlanProblem
from safepassage.planning.fleet import Fleet, hours_of

HAIR = 1e-6

# Hours of a vehicle's day, counted from its first hour on: from, until.
Span = tuple[float, float]


@dataclass
class Yard:
    """Who drives when, and what was taken.

    Parameters
    ----------
    busy : dict of (carrier, vehicle, day) to spans     `carrier` is a position in `Logistics.carriers`.
    taken : dict of (supply, day) to quantity   out of daily supplies by day, out of others on day -1.
    """

    busy: dict[tuple[int, int, int], list[Span]] = field(default_factory=dict)
    taken: dict[tuple[str, int], float] = field(default_factory=dict)

    def start(self, one: Carrier, key: tuple[int, int, int], hours: float) -> float | None:
        """Give the earliest hour, from the first one on, at which a drive fits into a vehicle's days.

        Parameters
        ----------
        one : Carrier
        key : (carrier, vehicle, day)
        hours : float       of the whole drive; what is beyond a day's work goes on the next mornings.
        """
        parts = parts_of(one, hours)
        carrier, vehicle, day = key
        for later, part in enumerate(parts[1:], start=1):
            spans = self.busy.get((carrier, vehicle, day + later), [])
            if not _fits(one, spans, (0.0, part)):
                return None
        spans = self.busy.get(key, [])
        for start in sorted({0.0, *(end for _, end in spans)}):
            if _fits(one, spans, (start, start + parts[0])):
                return start
        return None

    def hours(self, key: tuple[int, int, int]) -> float:
        """Give the hours a vehicle drives on a day."""
        return sum(end - begin for begin, end in self.busy.get(key, []))

    def drive(self, one: Carrier, key: tuple[int, int, int], drive: tuple[float, float]) -> None:
        """Let a vehicle drive: `drive` is the hour of leaving, from the first one on, and the hours of it."""
        start, hours = drive
        carrier, vehicle, day = key
        for later, part in enumerate(parts_of(one, hours)):
            begin = start if later == 0 else 0.0
            self.busy.setdefault((carrier, vehicle, day + later), []).append((begin, begin + part))


def parts_of(one: Carrier, hours: float) -> list[float]:
    """Split the hours of a drive over the days of a vehicle."""
    work = hours_of(one)
    parts = [min(hours, work)]
    while hours - work > HAIR:
        hours -= work
        parts.append(min(hours, work))
    return parts


def _fits(one: Carrier, spans: Sequence[Span], wanted: Span) -> bool:
    """Tell whether a span is free, within the hours of the road and no more than a day's work."""
    begin, end = wanted
    driven = sum(until - since for since, until in spans)
    if end > one.last_hour - one.first_hour + HAIR or driven + end - begin > hours_of(one) + HAIR:
        return False
    return all(end <= since + HAIR or until <= begin + HAIR for since, until in spans)


def long_drives(problem: PlanProblem, fleet: Fleet, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Count the kept drives that are longer than a half, a third, a quarter … of a vehicle's day.

    Parameters
    ----------
    shape : (most, c, day)      row `m` counts those longer than 1 / (m + 2) of a day.
    """
    found = np.zeros(shape)
    groups = {problem.logistics.carriers[n].id: c for c, own in enumerate(fleet.carriers) for n in own}
    carriers = {one.id: one for one in problem.logistics.carriers}
    for one in problem.answered:
        c = groups.get(one.carrier)
        if one.status not in KEPT or c is None:
            continue
        first = (one.leave - problem.start).days
        for day, part in enumerate(parts_of(carriers[one.carrier], one.hours), first):
            if 0 <= day < shape[2]:
                long = part > fleet.hours_per_day[c] / np.arange(2, shape[0] + 2) + HAIR
                found[:, c, day] += one.vehicles * long
    return found


def yard_of(problem: PlanProblem) -> Yard:
    """Give the yard as drives that are kept leave it: their vehicles are out, their goods are taken."""
    yard = Yard()
    kept = [one for one in problem.answered if one.status in KEPT]
    _park(problem, yard, kept)
    daily = {one.id for one in problem.logistics.supplies if one.per_day}
    for one in kept:
        for load in one.loads:
            key = (load.supply, (one.leave - problem.start).days if load.supply in daily else -1)
            yard.taken[key] = yard.taken.get(key, 0.0) + load.quantity
    return yard


def _park(problem: PlanProblem, yard: Yard, kept: Iterable[Dispatch]) -> None:
    """Give every vehicle of a kept drive its hours: one that is free then, else the one that drives least."""
    numbers = {one.id: n for n, one in enumerate(problem.logistics.carriers)}
    for one in sorted(kept, key=lambda one: (one.leave, one.leave_hour)):
        n = numbers.get(one.carrier)
        if n is None:
            continue
        carrier, day = problem.logistics.carriers[n], (one.leave - problem.start).days
        start = max(0.0, one.leave_hour - carrier.first_hour)
        span = (start, start + parts_of(carrier, one.hours)[0])
        ranked = sorted(
            range(carrier.vehicles),
            key=lambda v: (
                not _fits(carrier, yard.busy.get((n, v, day), []), span),
                yard.hours((n, v, day)),
            ),
        )
        for vehicle in ranked[: one.vehicles]:
            yard.drive(carrier, (n, vehicle, day), (start, one.hours))
