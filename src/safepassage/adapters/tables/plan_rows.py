"""What readers ask of a plan, as rows: who drives where with what, for how many people, and how sure.

Every table, map and the screen take their figures from here, so that they cannot disagree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from safepassage.core.logistics import Item
from safepassage.core.needs import THERE
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE
from safepassage.core.plan import Dispatch
from safepassage.core.plan_story import PlanStory

STATUS_WORDS = {
    "proposed": ("propuesto", "proposed"),
    "accepted": ("aceptado", "accepted"),
    "refused": ("rechazado", "refused"),
    "sent": ("en camino", "on the road"),
    "delivered": ("entregado", "delivered"),
    "withdrawn": ("retirado", "withdrawn"),
}
STEP_MINUTES = 5


@dataclass(frozen=True)
class LoadRow:
    """So much of one item on a drive, out of all supplies together.

    Parameters
    ----------
    item : Item
    quantity : float            in the item's unit, all vehicles together.
    holders : tuple of str      who gives it; the carrier itself where it was brought to the store before.
    illustrative : bool         any of it is made up to make a scenario run.
    """

    item: Item
    quantity: float
    holders: tuple[str, ...]
    illustrative: bool


@dataclass(frozen=True)
class DriveRow:
    """One drive as it is told.

    Parameters
    ----------
    one : Dispatch
    who, vehicle : str          holder and vehicle of the carrier; its id and '' where it is not known any
        more.
    home, store, place : str    names of towns; `home` is '' with a carrier that is not known.
    country : str               of the place.
    loads : tuple of LoadRow
    people : int or None        for how many people, if they come; two digits. None: too few to be told.
    chance : float              that anybody is there on the day of arrival.
    via : tuple of str          towns that are passed, home first, the place last.
    illustrative : bool         the vehicle or some of its goods are made up.
    """

    one: Dispatch
    who: str
    vehicle: str
    home: str
    store: str
    place: str
    country: str
    loads: tuple[LoadRow, ...]
    people: int | None
    chance: float
    via: tuple[str, ...]
    illustrative: bool

    @property
    def leaves(self) -> str:
        """The time of leaving: "6:00"."""
        return clock(self.one.leave_hour)

    @property
    def arrives(self) -> str:
        """The time of arriving: "10:35"."""
        return clock(self.one.arrive_hour)

    @property
    def sure(self) -> float | None:
        """Share of futures in which all of the load is needed; None: not told."""
        return self.one.sure if math.isfinite(self.one.sure) else None


def drive_rows(story: PlanStory) -> tuple[DriveRow, ...]:
    """List all drives, by day and hour of leaving."""
    order = sorted(story.plan.dispatches, key=lambda one: (one.leave, one.leave_hour, one.arrive, one.id))
    return tuple(drive_row(story, one) for one in order)


def drive_row(story: PlanStory, one: Dispatch) -> DriveRow:
    """Tell one drive."""
    places, carrier = story.needs.network.places, story.carrier(one)
    names = places.names
    loads = _loads(story, one, carrier.holder if carrier else one.carrier)
    return DriveRow(
        one=one,
        who=carrier.holder if carrier else one.carrier,
        vehicle=carrier.vehicle if carrier else "",
        home=names[carrier.place] if carrier else "",
        store=names[one.store],
        place=names[one.place],
        country=places.countries[one.place],
        loads=loads,
        people=int(useful(one.people, digits=2)) if one.people >= FEWEST_TOLD_PEOPLE else None,
        chance=_chance(story, one),
        via=tuple(names[place] for place in story.routes.get(one.id, ())),
        illustrative=bool(carrier and carrier.illustrative) or any(load.illustrative for load in loads),
    )


def _loads(story: PlanStory, one: Dispatch, who: str) -> tuple[LoadRow, ...]:
    known = {item.id: item for item in story.items}
    rows = []
    for key in dict.fromkeys(load.item for load in one.loads):
        parts = [load for load in one.loads if load.item == key]
        supplies = [story.supply(load.supply) for load in parts]
        holders = dict.fromkeys(supply.holder if supply else who for supply in supplies)
        item = known.get(key) or Item(key, key, key, "", 0.0, 0.0)
        made_up = any(supply is not None and supply.illustrative for supply in supplies)
        rows.append(LoadRow(item, sum(load.quantity for load in parts), tuple(holders), made_up))
    return tuple(rows)


def _chance(story: PlanStory, one: Dispatch) -> float:
    day = (one.arrive - story.needs.first).days
    if not 0 <= day < story.needs.days:
        return float("nan")
    return float(story.needs.people[THERE].chance_any[day, one.place])


def clock(hour: float) -> str:
    """Give an hour of the day as people read it, to five minutes: 10.58 is "10:35"."""
    minutes = round(hour * 60 / STEP_MINUTES) * STEP_MINUTES
    return f"{minutes // 60}:{minutes % 60:02d}"


def useful(number: float, *, digits: int = 3) -> float:
    """Round to as many digits as anybody can act on; what is below a hundred to whole numbers."""
    if not math.isfinite(number) or abs(number) < 100:
        return float(round(number)) if math.isfinite(number) else number
    return float(round(number, digits - 1 - math.floor(math.log10(abs(number)))))


def named(item: Item, between: str = " · ") -> str:
    """Say an item in both languages; once where they agree."""
    return item.name_es if item.name_es == item.name_en else f"{item.name_es}{between}{item.name_en}"


def brought(rows: tuple[DriveRow, ...]) -> tuple[LoadRow, ...]:
    """Add up what drives bring, item by item."""
    every = [load for row in rows for load in row.loads]
    found = []
    for key in dict.fromkeys(load.item.id for load in every):
        parts = [load for load in every if load.item.id == key]
        holders = dict.fromkeys(holder for load in parts for holder in load.holders)
        made_up = any(load.illustrative for load in parts)
        found.append(LoadRow(parts[0].item, sum(load.quantity for load in parts), tuple(holders), made_up))
    return tuple(sorted(found, key=lambda load: -load.quantity * load.item.weight))
