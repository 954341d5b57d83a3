"""What each town has of what it needs, day by day, if what was decided and proposed comes as planned.

Every member uses what is there, what ends first before the rest; so what is missing has a range, and what is
too much is told only where nearly all members leave it unused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.coverage import Board, CoverRow
from safepassage.core.logistics import Supply
from safepassage.core.needs import NEED_LEVELS, Needs, Told
from safepassage.core.plan import KEPT, Dispatch, Load, Plan, PlanProblem
from safepassage.planning.situation import brought_before, key_of, usable_supplies

ACCEPTED, OFFERED = "accepted", "proposed"
# What is left unused in so many of 100 members is told as too much.
LEFT_QUANTILE = 0.05
LEAST_TOLD = 0.5


@dataclass
class _Lot:
    """So much that can be used from one day to another.

    Parameters
    ----------
    quantity : (2,) float64     if nothing happens but what is decided, and with all that is proposed.
    first, last : int           days on which it can be used.
    brought : bool              by a drive; else it was in the town before.
    """

    quantity: NDArray[np.float64]
    first: int
    last: int
    brought: bool


@dataclass
class _Shelf:
    """All that is and comes of one item in one town."""

    again: NDArray[np.float64]  # (2, day): serves again every day; decided only, and all
    there: NDArray[np.float64]  # (2, day): in the town already; decided, and offered
    coming: NDArray[np.float64]  # (2, day): by drives; decided, and proposed
    lots: list[_Lot]


def _empty(days: int) -> _Shelf:
    return _Shelf(np.zeros((2, days)), np.zeros((2, days)), np.zeros((2, days)), [])


def board_of(needs: Needs, problem: PlanProblem, plan: Plan) -> Board:
    """Hold the needs of all members against what is there, arrives and is proposed.

    Parameters
    ----------
    needs : Needs           told by its own rules for small numbers.
    problem : PlanProblem   `need` of the same days.
    plan : Plan

    Returns
    -------
    Board
    """
    shelves = _shelves(problem, plan)
    people = problem.people.mean(axis=0)
    busy: NDArray[np.bool_] = np.asarray((problem.need > 0).any(axis=(0, 1, 3)))
    known = {place for place, _ in shelves} | {int(place) for place in np.flatnonzero(busy)}
    order = sorted(known, key=lambda place: (-float(people[:, place].max()), place))
    rows: list[CoverRow] = []
    for place in order:
        if not busy[place] and not any(
            shelf.coming.any() for (at, _), shelf in shelves.items() if at == place
        ):
            continue
        for i, item in enumerate(problem.items):
            rows += _rows(needs, problem, plan, (place, i), shelves.get((place, item.id)))
    rank = {place: number for number, place in enumerate(order)}
    rows.sort(key=lambda row: (row.day, rank[row.place]))
    places = tuple(dict.fromkeys(row.place for row in sorted(rows, key=lambda row: rank[row.place])))
    return Board(tuple(rows), places)


def _shelves(problem: PlanProblem, plan: Plan) -> dict[tuple[int, str], _Shelf]:
    shelves: dict[tuple[int, str], _Shelf] = {}

    def shelf(place: int, item: str) -> _Shelf:
        return shelves.setdefault((place, item), _empty(problem.days))

    taken = (_taken(problem, plan.dispatches, KEPT), _taken(problem, plan.dispatches, (*KEPT, OFFERED)))
    stays = {item.id for item in problem.items if item.stays}
    for number in usable_supplies(problem):
        supply = problem.logistics.supplies[number]
        if supply.status in (ACCEPTED, OFFERED):
            _lay(shelf(supply.place, supply.item), problem, supply, (taken, stays))
    for (place, item), quantity in brought_before(problem).items():
        if item in stays:
            _stand(shelf(place, item), quantity)
    known = {item.id for item in problem.items}
    drives = [one for one in plan.dispatches if one.status in (*KEPT, OFFERED)]
    loaded = [(one, load) for one in drives for load in one.loads if load.item in known]
    for one, load in loaded:
        _bring(shelf(one.place, load.item), problem, (one, load), stays)
    for one, load in loaded:
        if not load.supply:
            _send_on(shelf(one.store, load.item), problem, (one, load), stays)
    return shelves


def _stand(shelf: _Shelf, quantity: float) -> None:
    """Set up what stays and was brought before the plan begins."""
    shelf.there[0] += quantity
    shelf.again += quantity


def _taken(
    problem: PlanProblem, dispatches: Iterable[Dispatch], statuses: tuple[str, ...]
) -> dict[tuple[str, int], float]:
    """Add up what is driven away from each supply, by day of the plan (-1: before it)."""
    taken: dict[tuple[str, int], float] = {}
    for one in dispatches:
        if one.status not in statuses:
            continue
        day = max(-1, (one.leave - problem.start).days)
        for load in one.loads:
            taken[load.supply, day] = taken.get((load.supply, day), 0.0) + load.quantity
    return taken


def _lay(
    shelf: _Shelf,
    problem: PlanProblem,
    supply: Supply,
    what: tuple[tuple[Mapping[tuple[str, int], float], ...], set[str]],
) -> None:
    """Lay down what a supply leaves in its own town: by what is decided, and by all that is proposed."""
    taken, stays = what
    first = max(0, (supply.since - problem.start).days)
    last = problem.days - 1 if supply.until is None else (supply.until - problem.start).days
    last = min(last, problem.days - 1)
    if first > last:
        return
    decided = supply.status == ACCEPTED
    span = np.arange(first, last + 1)
    gone = np.array([[by.get((supply.id, day), 0.0) for day in range(problem.days)] for by in taken])
    before = np.array([by.get((supply.id, -1), 0.0) for by in taken])
    again = supply.per_day or supply.item in stays
    if supply.per_day:
        left = supply.quantity - gone[:, span]
    elif again:
        left = supply.quantity - before[:, None] - gone.cumsum(axis=1)[:, span]
    else:
        left = (supply.quantity - before - gone.sum(axis=1))[:, None] * np.ones(len(span))
    left = np.maximum(left, 0.0) * np.array([[decided], [True]])
    shelf.there[0 if decided else 1, span] += left[1]
    if again:
        shelf.again[:, span] += left
    elif left.any():
        shelf.lots.append(_Lot(left[:, 0], first, last, brought=False))


def _bring(shelf: _Shelf, problem: PlanProblem, what: tuple[Dispatch, Load], stays: set[str]) -> None:
    """Lay down what a drive brings, for as long as it keeps."""
    one, load = what
    day = (one.arrive - problem.start).days
    if not 0 <= day < problem.days:
        return
    decided = one.status in KEPT
    shelf.coming[0 if decided else 1, day] += load.quantity
    quantity = load.quantity * np.array([float(decided), 1.0])
    if load.item in stays:
        shelf.again[:, day:] += quantity[:, None]
        return
    last = (one.leave - problem.start).days + _life(problem, load.item, load.supply) - 1
    last = int(min(max(last, day), problem.days - 1))
    shelf.lots.append(_Lot(quantity, day, last, brought=True))


def _send_on(shelf: _Shelf, problem: PlanProblem, what: tuple[Dispatch, Load], stays: set[str]) -> None:
    """Take off what was brought to a store before and is driven on: what lasts longest is kept for that."""
    one, load = what
    day = (one.leave - problem.start).days
    if not 0 <= day < problem.days:
        return
    left = load.quantity * np.array([float(one.status in KEPT), 1.0])
    if load.item in stays:
        shelf.again[:, day:] = np.maximum(shelf.again[:, day:] - left[:, None], 0.0)
        return
    for lot in sorted((lot for lot in shelf.lots if lot.brought), key=lambda lot: (-lot.last, lot.first)):
        if lot.first <= day <= lot.last:
            part = np.minimum(left, lot.quantity)
            lot.quantity = lot.quantity - part
            left = left - part


def _life(problem: PlanProblem, item: str, supply: str) -> float:
    for one in problem.logistics.supplies:
        if one.id == supply:
            return key_of(problem, one)[1]
    own = next(one for one in problem.items if one.id == item)
    return np.inf if own.shelf_life_days is None else max(1, int(own.shelf_life_days))


def _rows(
    needs: Needs, problem: PlanProblem, plan: Plan, where: tuple[int, int], shelf: _Shelf | None
) -> list[CoverRow]:
    place, i = where
    need = problem.need[:, :, place, i].astype(np.float64)
    if shelf is None and not need.any():
        return []
    item = problem.items[i].id
    shelf = shelf or _empty(problem.days)
    many = problem.people[:, :, place] >= max(1, needs.threshold_people)
    missing, left = _used(shelf, need, decided_only=False)
    refused, _ = _used(shelf, need, decided_only=True)
    levels, chance = _levels(missing), (missing > LEAST_TOLD).mean(axis=0)
    coming_levels, refused_levels = _levels(missing, many), _levels(refused, many)
    rows = []
    for day in range(problem.days):
        told = _told(needs, item, day, place)
        comes = float(shelf.coming[:, day].sum())
        if not told.anything and not comes:
            continue
        sure = day < plan_sure_days(problem)
        coming = _told(needs, item, day, place, many=True)
        rows.append(
            CoverRow(
                day=day, place=place, item=item, needed=told,
                chance=float(many[:, day].mean()), if_they_come=coming,
                there=float(shelf.there[0, day]), offered_there=float(shelf.there[1, day]),
                arriving=float(shelf.coming[0, day]), proposed=float(shelf.coming[1, day]),
                missing=_range(levels[:, day], told),
                missing_if_they_come=_range(coming_levels[:, day], coming),
                missing_if_refused=_range(refused_levels[:, day], coming),
                chance_missing=float(chance[day]),
                surplus=float(left[day]),
                foreseen=None if sure else _foreseen(plan, (day, place, i), shelf),
                missing_foreseen=None if sure else float(plan.unmet[day, place, i]),
            )
        )  # fmt: skip
    return rows


def plan_sure_days(problem: PlanProblem) -> int:
    """Give how many days are decided now."""
    return min(problem.rules.sure_days, problem.days)


def _foreseen(plan: Plan, cell: tuple[int, int, int], shelf: _Shelf) -> float:
    """Give what the scenarios' drives bring on average on a later day, beyond what serves there anyway."""
    return max(0.0, float(plan.covered[cell]) - float(shelf.there[:, cell[0]].sum()))


def _told(needs: Needs, item: str, day: int, place: int, *, many: bool = False) -> Told:
    """Tell the need; services to be ready for have no quantities to cover."""
    if item not in needs.by_id or day >= needs.days:
        return Told(None, None, None)
    told = needs.told_if_many(item, day, place) if many else needs.told(item, day, place)
    return Told(None, None, None) if told.ready else told


def _levels(
    values: NDArray[np.float64],
    among: NDArray[np.bool_] | None = None,
    *,
    at: tuple[float, ...] = NEED_LEVELS,
) -> NDArray[np.float64]:
    """Give quantiles of every day, (level, day), as `numpy.quantile` interpolates.

    Parameters
    ----------
    values : (member, day) float64
    among : (member, day) bool or None      only these; NaN on a day that has none.
    """
    count = np.full(values.shape[1], len(values)) if among is None else among.sum(axis=0)
    # Days in rows, each sorted in one go; who is left out goes to the end.
    ranked = np.sort((values if among is None else np.where(among, values, np.inf)).T, axis=1)
    rank = np.array(at)[:, None] * np.maximum(count - 1, 0)
    below = np.floor(rank).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    day = np.arange(values.shape[1])
    ranked[count == 0] = np.nan
    low, high = ranked[day, below], ranked[day, above]
    return np.asarray(low + (rank - below) * (high - low))


def _range(values: NDArray[np.float64], told: Told) -> Told:
    """Give a range where the need itself may be told."""
    if told.high is None or not np.isfinite(values).all():
        return Told(None, None, None)
    low, middle, high = values
    return Told(
        None if told.low is None else float(low), None if told.middle is None else float(middle), float(high)
    )


def _used(
    shelf: _Shelf, need: NDArray[np.float64], *, decided_only: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Let every member use what is there.

    Parameters
    ----------
    need : (member, day) float64

    Returns
    -------
    (member, day) float64       what is missing.
    (day,) float64              what is there on a day and stays unused as long as it lasts, nearly surely.
    """
    view = 0 if decided_only else 1
    again = shelf.again[view]
    if not shelf.lots and not again.any():
        return need, np.zeros(need.shape[1])
    missing = np.maximum(need - again, 0.0)
    unused = np.maximum(again - need, 0.0)
    lots = sorted(shelf.lots, key=lambda lot: (lot.last, lot.first))
    left = [np.full(len(need), lot.quantity[view]) for lot in lots]
    for day in range(need.shape[1]):
        for number, lot in enumerate(lots):
            if lot.first <= day <= lot.last:
                part = np.minimum(left[number], missing[:, day])
                left[number] = left[number] - part
                missing[:, day] -= part
    for lot, rest in zip(lots, left, strict=True):
        unused[:, lot.first : lot.last + 1] += rest[:, None]
    return missing, _levels(unused, at=(LEFT_QUANTILE,))[0]
