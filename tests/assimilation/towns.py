"""A law that puts fixed shares of the people into towns, and observers that keep what they are shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safepassage.assimilation.stock_reports import StockObservation
from safepassage.assimilation.stocks import StockCorrection
from safepassage.core.draws import Draws
from safepassage.core.engine import Conduct, DayView
from safepassage.engines.run import run
from safepassage.engines.threads import Threads


@dataclass(frozen=True)
class TownState:
    slots: NDArray[np.int64]
    stock: NDArray[np.int64]
    on_road: NDArray[np.int64]


class TownLaw:
    """Every evening `people` are in towns by `shares`, each member a little off, and the rest on the road."""

    name, reason, smallest_part = "towns", "a law that is known", 1

    def __init__(self, people: int, shares: list[float], *, grows: float = 0.0) -> None:
        self.people, self.shares, self.grows = people, np.array(shares), grows

    def init(self, *, slots: NDArray[np.int64], draws: Draws) -> TownState:
        none = np.zeros((len(slots), len(self.shares)), dtype=np.int64)
        return TownState(slots, none, none[:, 0])

    def step(self, state: TownState, *, day: int, draws: Draws) -> TownState:
        total = round(self.people * (1.0 + self.grows * day))
        luck = [draws.uniform("town", day=day, slots=state.slots, entity=k) for k in range(len(self.shares))]
        off = 1.0 + 0.01 * (np.stack(luck, axis=1) - 0.5)
        stock = np.floor(total * self.shares * off).astype(np.int64)
        return replace(state, stock=stock, on_road=total - stock.sum(axis=1))

    def observe(self, state: TownState) -> DayView:
        return DayView(stock=state.stock, on_road=state.on_road)


class Kept:
    """An observer that keeps every evening: stock (day, member, place), on_road (day, member)."""

    def __init__(self) -> None:
        self.stock: list[NDArray[np.int64]] = []
        self.on_road: list[NDArray[np.int64]] = []

    def see(self, day: int, view: DayView) -> None:
        self.stock.append(view.stock.copy())
        self.on_road.append(view.on_road.copy())


def count(day: int, place: int, people: float, **more: object) -> StockObservation:
    facts: dict[str, object] = {"error_log": 0.05, "wrong": 0.04, "voice": "agency"}
    return StockObservation(day, place, people, people, **{**facts, **more})  # type: ignore[arg-type]


def corrected(
    law: TownLaw,
    counts: list[StockObservation],
    *,
    days: int,
    members: int = 50,
    threads: int = 1,
    total_until_day: int | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64], StockCorrection]:
    """Run the law with counts: stock (day, member, place), on_road (day, member), and the correction."""
    kept = Kept()
    correction = StockCorrection(
        counts, members=members, draws=Draws(3), watching=[kept], total_until_day=total_until_day
    )
    pool = Threads(threads)
    try:
        conduct = Conduct(executor=pool)
        run(law, days=days, members=members, draws=Draws(3), observers=[correction], conduct=conduct)
    finally:
        pool.close()
    return np.stack(kept.stock), np.stack(kept.on_road), correction
