"""Who does what, where and when: `3w.csv`, with a row of HXL tags, for those who coordinate.

One row for each organisation, item, town, day and state. Who gives the goods is the organisation; who drives
them is told beside. What lies in a town already is told on the first day on which it can be used, what comes
again every day on each day that is decided now.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from safepassage.adapters.atomic import write_text
from safepassage.adapters.page.markup import clean
from safepassage.adapters.tables.places import NOTICE
from safepassage.adapters.tables.plan_rows import STATUS_WORDS
from safepassage.core.logistics import Item, Supply
from safepassage.core.plan import KEPT, Dispatch
from safepassage.core.plan_story import PlanStory

DELIVERY, IN_PLACE = "delivery", "in place"
OTHER = "Other"
SECTORS = {
    "water": "WASH", "toilet": "WASH", "hygiene_kit": "WASH", "menstrual_kit": "WASH",
    "food": "Food Security", "baby_food": "Nutrition",
    "shelter": "Shelter and NFI", "living_space": "Shelter and NFI", "blanket": "Shelter and NFI",
    "clothing": "Shelter and NFI",
    "medical": "Health", "ors": "Health", "foot_care": "Health", "pregnancy_care": "Health",
    "violence_referral": "Protection", "child_protection": "Protection", "family_links": "Protection",
    "legal_information": "Protection",
    "transport": "Logistics", "charging": "Emergency Telecommunications",
}  # fmt: skip
TAGS = {
    "who": "#org+name",
    "carried_by": "#org+name+transport",
    "sector": "#sector",
    "item": "#item+code",
    "what_es": "#item+name+i_es",
    "what_en": "#item+name+i_en",
    "activity": "#activity",
    "country": "#country+code+v_iso2",
    "adm1": "#adm1+name",
    "place_id": "#loc+code",
    "where": "#loc+name",
    "date": "#date+start",
    "status": "#status",
    "quantity": "#value+num",
    "unit": "#item+unit",
    "illustrative": "#meta+illustrative",
    "notice": "#meta+notice",
}
_RUN = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class ThreeW:
    """What one organisation does with one item in one town on one day."""

    who: str
    item: Item
    place: int
    day: date
    status: str
    activity: str
    quantity: float = 0.0
    carried_by: tuple[str, ...] = ()
    illustrative: bool = False

    @property
    def sector(self) -> str:
        """The cluster that the item belongs to."""
        return SECTORS.get(self.item.id, OTHER)


def three_w(story: PlanStory) -> tuple[ThreeW, ...]:
    """List who does what where, deliveries and what is in place, by day, town and organisation."""
    found: dict[tuple[str, str, int, date, str, str], ThreeW] = {}
    for one in (*_delivered(story), *_in_place(story)):
        key = (one.who, one.item.id, one.place, one.day, one.status, one.activity)
        same = found.setdefault(key, ThreeW(*_words(one)))
        same.quantity += one.quantity
        same.carried_by = tuple(dict.fromkeys((*same.carried_by, *one.carried_by)))
        same.illustrative |= one.illustrative
    names = story.needs.network.places.names
    return tuple(sorted(found.values(), key=lambda one: (one.day, names[one.place], one.who, one.item.id)))


def _words(one: ThreeW) -> tuple[str, Item, int, date, str, str]:
    return one.who, one.item, one.place, one.day, one.status, one.activity


def _delivered(story: PlanStory) -> Iterator[ThreeW]:
    known = {item.id: item for item in story.items}
    for one in story.plan.dispatches:
        if one.status not in (*KEPT, "proposed"):
            continue
        carrier = story.carrier(one)
        driver = carrier.holder if carrier else one.carrier
        for load in one.loads:
            if load.item not in known:
                continue
            supply = story.supply(load.supply)
            made_up = bool((carrier and carrier.illustrative) or (supply and supply.illustrative))
            yield ThreeW(
                supply.holder if supply else driver, known[load.item], one.place, one.arrive, one.status,
                DELIVERY, load.quantity, (driver,), made_up,
            )  # fmt: skip


def _in_place(story: PlanStory) -> Iterator[ThreeW]:
    known = {item.id: item for item in story.items}
    needed = {(row.place, row.item) for row in story.board.rows if row.needed.anything}
    for supply in story.logistics.supplies:
        if (supply.place, supply.item) not in needed or supply.status not in ("accepted", "proposed"):
            continue
        for day in _days(story, supply, stays=known[supply.item].stays):
            quantity = supply.quantity - _taken(story.plan.dispatches, supply, day)
            if quantity > 0:
                yield ThreeW(
                    supply.holder, known[supply.item], supply.place, day, supply.status, IN_PLACE,
                    quantity, (), supply.illustrative,
                )  # fmt: skip


def _days(story: PlanStory, supply: Supply, *, stays: bool) -> list[date]:
    """Give the days that are decided now on which a supply is told."""
    first = story.plan.start
    last = first + timedelta(days=min(story.rules.sure_days, story.needs.days) - 1)
    since = max(first, supply.since)
    until = last if supply.until is None else min(last, supply.until)
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return days if supply.per_day or stays else days[:1]


def _taken(dispatches: tuple[Dispatch, ...], supply: Supply, day: date) -> float:
    """Add up what is driven away: of a daily supply on that day, of any other on all days."""
    return sum(
        load.quantity
        for one in dispatches
        for load in one.loads
        if load.supply == supply.id
        and one.status in (*KEPT, "proposed")
        and (not supply.per_day or one.leave == day)
    )


def write_three_w(story: PlanStory, path: Path) -> None:
    """Write the table as CSV in UTF-8 with a row of HXL tags, whole or not at all."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(TAGS)
    table.writerow(TAGS.values())
    for one in three_w(story):
        table.writerow(guarded(cell) for cell in three_w_cells(story, one))
    write_text(path, text.getvalue())


def three_w_cells(story: PlanStory, one: ThreeW) -> tuple[str, ...]:
    """Give the cells of one row, in the order of `TAGS`."""
    places = story.needs.network.places
    return (
        clean(one.who),
        clean("; ".join(one.carried_by)),
        one.sector,
        one.item.id,
        clean(one.item.name_es),
        clean(one.item.name_en),
        one.activity,
        places.countries[one.place],
        clean(places.admin1[one.place]),
        places.ids[one.place],
        clean(places.names[one.place]),
        one.day.isoformat(),
        one.status,
        f"{one.quantity:.10g}",
        one.item.unit,
        "yes" if one.illustrative else "",
        NOTICE,
    )


def guarded(cell: str) -> str:
    """Keep a name that begins like a formula from being run by a spreadsheet."""
    return f"'{cell}" if cell.startswith(_RUN) else cell


def status_words(status: str) -> str:
    """Say a state in both languages."""
    return " · ".join(STATUS_WORDS.get(status, (status, status)))
