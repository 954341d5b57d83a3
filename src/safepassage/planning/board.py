"""What each town has of what it needs, day by day, if what was decided and proposed comes as planned.

Every member uses what is there, what ends first before the rest; so what is missing has a range, and what is
too much is told only where nearly all members leave it unused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.coverage import Board, CoverRow
from safepassage.core.logistics import Supply
from safepassage.core.needs import NEED_LEVELS, Needs, Told
from safepassage.core.plan import KEPT, Dispatch, Plan, PlanProblem
from safepassage.planning.situation import key_of, usable_supplies

ACCEPTED, OFFERED = "accepted", "proposed"
# What is left unused in so many of 100 members is told as too much.
LEFT_QUANTILE = 0.05
LEAST_TOLD = 0.5


@dataclass
class _Lot:
    """So much that can be used from one day to another; `left` is (member,) once somebody asked for it."""

    quantity: float
    first: int
    last: int
    decided: bool
    left: NDArray[np.float64]


@dataclass
class _Shelf:
    """All that is and comes of one item in one town."""

    again: NDArray[np.float64]  # (2, day): serves again every day; decided, and all
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

    taken = _taken(problem, plan.dispatches)
    stays = {item.id for item in problem.items if item.stays}
    for number in usable_supplies(problem):
        supply = problem.logistics.supplies[number]
        if supply.status in (ACCEPTED, OFFERED):
            _lay(shelf(supply.place, supply.item), problem, supply, (taken, stays))
    for one in plan.dispatches:
        if one.status in (*KEPT, OFFERED):
            _bring(shelf, problem, one, stays)
    return shelves


def _taken(problem: PlanProblem, dispatches: Iterable[Dispatch]) -> dict[tuple[str, int], float]:
    """Add up what is driven away from each supply, by day of the plan (-1: before it)."""
    taken: dict[tuple[str, int], float] = {}
    for one in dispatches:
        if one.status not in (*KEPT, OFFERED):
            continue
        day = max(-1, (one.leave - problem.start).days)
        for load in one.loads:
            taken[load.supply, day] = taken.get((load.supply, day), 0.0) + load.quantity
    return taken


def _lay(
    shelf: _Shelf,
    problem: PlanProblem,
    supply: Supply,
    what: tuple[Mapping[tuple[str, int], float], set[str]],
) -> None:
    """Lay down what a supply leaves in its own town."""
    taken, stays = what
    first = max(0, (supply.since - problem.start).days)
    last = problem.days - 1 if supply.until is None else (supply.until - problem.start).days
    last = min(last, problem.days - 1)
    if first > last:
        return
    decided = supply.status == ACCEPTED
    own = 0 if decided else 1
    gone = np.array([taken.get((supply.id, day), 0.0) for day in range(problem.days)])
    if supply.per_day or supply.item in stays:
        span = np.arange(first, last + 1)
        left = np.maximum(supply.quantity - (gone if supply.per_day else gone.cumsum())[span], 0.0)
        shelf.again[own:, span] += left
        shelf.there[own, span] += left
        return
    quantity = supply.quantity - float(gone.sum()) - taken.get((supply.id, -1), 0.0)
    if quantity > 0:
        shelf.lots.append(_Lot(quantity, first, last, decided, np.zeros(0)))
        shelf.there[own, first : last + 1] += quantity


def _bring(shelf: Callable[[int, str], _Shelf], problem: PlanProblem, one: Dispatch, stays: set[str]) -> None:
    """Lay down what a drive brings, for as long as it keeps."""
    day = (one.arrive - problem.start).days
    if not 0 <= day < problem.days:
        return
    decided = one.status in KEPT
    own = 0 if decided else 1
    known = {item.id for item in problem.items}
    for load in one.loads:
        if load.item not in known:
            continue
        at = shelf(one.place, load.item)
        at.coming[own, day] += load.quantity
        if load.item in stays:
            at.again[own:, day:] += load.quantity
            continue
        last = (one.leave - problem.start).days + _life(problem, load.item, load.supply) - 1
        last = int(min(max(last, day), problem.days - 1))
        at.lots.append(_Lot(load.quantity, day, last, decided, np.zeros(0)))


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
                missing=_range(missing[:, day], told),
                missing_if_they_come=_range(missing[many[:, day], day], coming),
                missing_if_refused=_range(refused[many[:, day], day], coming),
                chance_missing=float((missing[:, day] > LEAST_TOLD).mean()),
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


def _range(values: NDArray[np.float64], told: Told) -> Told:
    """Give a range where the need itself may be told."""
    if told.high is None or not len(values):
        return Told(None, None, None)
    low, middle, high = np.quantile(values, NEED_LEVELS)
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
    again = shelf.again[0 if decided_only else 1]
    missing = np.maximum(need - again, 0.0)
    unused = np.maximum(again - need, 0.0)
    lots = sorted(
        (lot for lot in shelf.lots if lot.decided or not decided_only), key=lambda lot: (lot.last, lot.first)
    )
    for lot in lots:
        lot.left = np.full(len(need), lot.quantity)
    for day in range(need.shape[1]):
        for lot in lots:
            if lot.first <= day <= lot.last:
                part = np.minimum(lot.left, missing[:, day])
                lot.left = lot.left - part
                missing[:, day] -= part
    for lot in lots:
        unused[:, lot.first : lot.last + 1] += lot.left[:, None]
    return missing, np.quantile(unused, LEFT_QUANTILE, axis=0)
