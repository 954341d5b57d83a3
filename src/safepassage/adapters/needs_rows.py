"""What readers ask of needs, as rows: what a town needs on a night, what is there, what is missing.

Every output (screen, page, sheets, tables, map) takes its figures from here, so that they cannot disagree,
and so that what may not be told of few people is told by none of them. What is needed and what is missing is
rounded up to three digits; a plan takes the members as they are from `Needs.demand`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from safepassage.adapters.outlook import range_members
from safepassage.core.logistics import Item
from safepassage.core.needs import THERE, ItemNeed, Needs, Told
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE
from safepassage.core.units_of_aid import rounded_up

LEAST_CHANCE = 0.01
MOST_TOWNS = 200  # a night
EVERY_NIGHT = 60  # nights listed one by one; later ones one in seven
NOTHING = Told(None, None, None)


@dataclass(frozen=True)
class NeedRow:
    """One item that one town needs on one night.

    Parameters
    ----------
    need : ItemNeed
    told : Told                 over all members.
    if_many : Told              among members with `threshold_people` or more; nothing where they are too few.
    there, offered, requested : float or None       None: nothing is known.
    gap : Told                  what is missing; nothing for guarded items.
    chance_gap, chance_large : float or None        that anything is missing, and that as much as
        `threshold_people` need.
    """

    need: ItemNeed
    told: Told
    if_many: Told
    there: float | None
    offered: float | None
    requested: float | None
    gap: Told
    chance_gap: float | None
    chance_large: float | None

    @property
    def item(self) -> Item:
        """The item."""
        return self.need.item

    @property
    def expected(self) -> Told:
        """What to reckon with: if many come, where enough futures tell of that; else over all futures.

        Nothing where so few come that the middle of all futures is nobody.
        """
        if self.if_many.middle is not None:
            return self.if_many
        return self.told if self.told.middle else NOTHING


@dataclass(frozen=True)
class TownNeeds:
    """What one town needs on one night.

    Parameters
    ----------
    day, place : int            positions in the needs and in `Places`.
    date : date                 the evening of the night.
    name, country : str
    chance_any, chance_many : float     that anybody, and that `threshold_people` or more are there.
    people, people_if_many : Told       people reckoned with.
    rows : tuple of NeedRow     in the order of the profile.
    ready : tuple of Item       guarded items: services to be ready for.
    """

    day: int
    place: int
    date: date
    name: str
    country: str
    chance_any: float
    chance_many: float
    people: Told
    people_if_many: Told
    rows: tuple[NeedRow, ...]
    ready: tuple[Item, ...]


def listed_nights(needs: Needs) -> list[int]:
    """Choose the nights that are listed: all of the next `EVERY_NIGHT`, then one in seven."""
    return [d for d in range(needs.days) if d < EVERY_NIGHT or (d - EVERY_NIGHT) % 7 == 0]


def towns_on(
    needs: Needs, day: int, *, limit: int = MOST_TOWNS, least: float = LEAST_CHANCE
) -> list[TownNeeds]:
    """List the towns of one night, likeliest first."""
    return [town_needs(needs, day, place) for place in needs.places_on(day, least=least)[:limit]]


def town_needs(needs: Needs, day: int, place: int) -> TownNeeds:
    """Give what one town needs on one night."""
    there = needs.people[THERE]
    enough = _enough(needs, day, place)
    rows = tuple(_row(needs, need, day, place) for need in needs.items if not need.guarded)
    ready = tuple(
        need.item for need in needs.items if need.guarded and needs.told(need.item.id, day, place).ready
    )
    return TownNeeds(
        day=day,
        place=place,
        date=needs.dates[day],
        name=needs.network.places.names[place],
        country=needs.network.places.countries[place],
        chance_any=float(there.chance_any[day, place]),
        chance_many=float(there.chance_many[day, place]),
        people=_three(there.by_place[:, day, place]),
        people_if_many=_three(there.if_many[:, day, place]) if enough else NOTHING,
        rows=tuple(row for row in rows if row.told.anything or row.requested),
        ready=ready,
    )


def _three(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Told:
    low, middle, high = (float(value) for value in values)
    return Told(low, middle, high)


def _usable(told: Told) -> Told:
    """Round what is needed up to figures that people order by."""
    values = (told.low, told.middle, told.high)
    low, middle, high = (None if value is None else rounded_up(value) for value in values)
    return replace(told, low=low, middle=middle, high=high)


def _enough(needs: Needs, day: int, place: int) -> bool:
    """Tell whether enough members have many people to tell a range among them."""
    many = round(float(needs.people[THERE].chance_many[day, place]) * needs.members)
    return many >= range_members(needs.members)


def _row(needs: Needs, need: ItemNeed, day: int, place: int) -> NeedRow:
    item = need.item.id
    told = needs.told(item, day, place)
    cover = needs.covers.get((item, place))
    gap, any_missing, much_missing = needs.gap(item, day, place)
    enough = _enough(needs, day, place)
    return NeedRow(
        need=need,
        told=_usable(told),
        if_many=_usable(needs.told_if_many(item, day, place)) if enough else NOTHING,
        there=None if cover is None else float(cover.there[day]),
        offered=None if cover is None else float(cover.offered[day]),
        requested=None if cover is None else float(cover.requested[day]),
        gap=_usable(_told_gap(need, gap, told)),
        chance_gap=any_missing if told.anything else None,
        chance_large=much_missing if told.anything else None,
    )


def _told_gap(need: ItemNeed, gap: np.ndarray[tuple[int, ...], np.dtype[np.float64]], told: Told) -> Told:
    """Leave out what too few people of a kind lack."""
    if need.share == 1.0:
        return Told(float(gap[0]), float(gap[1]), float(gap[2]))
    if not told.anything or need.per_person <= 0:
        return NOTHING
    few = FEWEST_TOLD_PEOPLE * need.per_person / need.share
    low, middle, high = (float(value) if value >= few else None for value in gap)
    return Told(low, middle, high)


@dataclass(frozen=True)
class TotalRow:
    """What the whole movement needs of one item on one night."""

    need: ItemNeed
    date: date
    told: Told


def totals_on(needs: Needs, day: int) -> list[TotalRow]:
    """List what the whole movement needs on one night, guarded items too where there are enough people."""
    every = ((need, needs.told_total(need.item.id, day)) for need in needs.items)
    rows = [TotalRow(need, needs.dates[day], _usable(told)) for need, told in every]
    return [row for row in rows if row.told.anything]
