"""A plan with everything that is told of it: what pages, tables and maps are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from safepassage.core.coverage import Board
from safepassage.core.logistics import Carrier, Item, Logistics, Supply
from safepassage.core.needs import Needs
from safepassage.core.plan import Dispatch, Judgement, Plan, PlanRules
from safepassage.core.scenario import Event


@dataclass(frozen=True)
class PlanStory:
    """A plan as it is told.

    Parameters
    ----------
    needs : Needs
    plan : Plan
    board : Board
    judgement : Judgement or None       None: it was not held against the members.
    logistics : Logistics               as known at the as-of date.
    items : tuple of Item               that were planned, as the plan's arrays have them.
    routes : dict of id to tuple of int     towns that each drive passes, home first; see `planning.routes`.
    rules : PlanRules
    events : tuple of Event             closures, holds and the like, as far as they are known.
    """

    needs: Needs
    plan: Plan
    board: Board
    judgement: Judgement | None
    logistics: Logistics
    items: tuple[Item, ...]
    routes: dict[str, tuple[int, ...]]
    rules: PlanRules
    events: tuple[Event, ...] = ()

    @property
    def as_of(self) -> date:
        """Nothing published or announced later is in it."""
        return self.needs.as_of

    def item(self, key: str) -> Item:
        """Give an item by its id."""
        return next(item for item in self.items if item.id == key)

    def carrier(self, one: Dispatch) -> Carrier | None:
        """Give who drives; None: not known any more."""
        return next((carrier for carrier in self.logistics.carriers if carrier.id == one.carrier), None)

    def supply(self, key: str) -> Supply | None:
        """Give a supply by its id; None: brought to the store before, or not known any more."""
        return next((supply for supply in self.logistics.supplies if supply.id == key), None)

    def drives_on(self, day: date) -> tuple[Dispatch, ...]:
        """Give the drives that leave on a day, the earliest first."""
        found = (one for one in self.plan.dispatches if one.leave == day)
        return tuple(sorted(found, key=lambda one: (one.leave_hour, one.id)))
