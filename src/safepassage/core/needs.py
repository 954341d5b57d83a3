"""What is needed where and when, and how sure that is: profiles of needs, and their result over a forecast.

A profile says how much of an item some person needs in some time. Needs grow with people, so that a forecast
of needs is a few quantiles of people, and a few numbers per item: the cube of members, days, places and items
is made only for chosen places, when somebody asks for it (`Needs.demand`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from safepassage.core.demographics import Share
from safepassage.core.errors import Fault, InputError
from safepassage.core.logistics import Item
from safepassage.core.network import Network
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE

NEED_LEVELS = (0.05, 0.50, 0.95)
PER_TIME = ("day", "month", "stay", "once")
PHASES = ("any", "first", "later")
WEATHERS = ("any", "mild", "heat", "cold")
DAYS_A_MONTH = 30.0
# Whom an amount is reckoned by: people who are there, who came since the evening before, and who are reckoned
# with for the first time (on the first night everybody who is there).
THERE, NEW, FIRST = "there", "new", "first"
COUNTED_BY = {"day": THERE, "month": THERE, "stay": NEW, "once": FIRST}
COUNTED = (THERE, NEW, FIRST)


@dataclass(frozen=True)
class Figure:
    """One line of a profile: so much of an item, per whom and per what time.

    Parameters
    ----------
    item : str              id of an `Item`.
    value, low, high : float    of the item's unit, for `per_count` of `per_whom` in one `per_time`.
    unit : str              the item's unit.
    per_count : float       "1 toilet per 50 persons" has 50.
    per_whom : str          one of `demographics.PER_WHOM`.
    per_time : str          one of `PER_TIME`; "stay": once in every town, "once": once in the movement.
    phase, weather : str    when it holds; "any": always.
    basis : str             one of `demographics.BASES`: read in the source, derived from what was read there,
        a planning assumption, or told from memory and not verified.
    source, page, note : str
    row : int               line of the file; 0: of none.
    """

    item: str
    value: float
    low: float
    high: float
    unit: str
    per_count: float
    per_whom: str
    per_time: str
    phase: str
    weather: str
    basis: str
    source: str
    page: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True)
class Profile:
    """What people in one kind of situation need.

    Parameters
    ----------
    name : str
    figures : tuple of Figure
    items : tuple of Item       the user's own, beside `aid_items.ITEMS`.
    """

    name: str
    figures: tuple[Figure, ...]
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class ItemNeed:
    """How much of one item a person counts for.

    Parameters
    ----------
    item : Item
    counted : str           one of `COUNTED`: who is reckoned with.
    per_person : float      of the item's unit, for one such person of the movement, whoever it is.
    low, high : float       the same by the lower and upper values of the profile.
    share : float           smallest share of people it rests on; 1: everybody.
    guarded : bool          told by place as a service to be ready for, never as a number.
    figures : tuple of Figure
    """

    item: Item
    counted: str
    per_person: float
    low: float
    high: float
    share: float
    guarded: bool
    figures: tuple[Figure, ...]

    @property
    def assumed(self) -> bool:
        """Tell whether any of its figures is a planning assumption, or was not verified."""
        return any(figure.basis in ("assumption", "unverified") for figure in self.figures)


@dataclass(frozen=True)
class Cover:
    """What there is of one item at one place against what is needed, by day.

    Parameters
    ----------
    there : (day,) float64      shelter places, stock and aid that was promised and accepted; the median over
        the members where what came before is used up.
    offered : (day,) float64    offers that nobody has answered yet: not reckoned with.
    requested : (day,) float64  what the place asked for itself; told beside, not reckoned with.
    gap : (level, day) float64  what is missing, by `NEED_LEVELS`.
    chance_gap : (day,) float64     chance that anything is missing.
    chance_large : (day,) float64   chance that as much is missing as `Needs.threshold_people` people need.
    """

    there: NDArray[np.float64]
    offered: NDArray[np.float64]
    requested: NDArray[np.float64]
    gap: NDArray[np.float64]
    chance_gap: NDArray[np.float64]
    chance_large: NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """One need as it may be told: numbers, or a service to be ready for, or nothing.

    Parameters
    ----------
    low, middle, high : float or None       by `NEED_LEVELS`; None: too few people to be told.
    ready : bool        a service to be ready for, without a number.
    """

    low: float | None
    middle: float | None
    high: float | None
    ready: bool = False

    @property
    def anything(self) -> bool:
        """Tell whether there is anything to say."""
        return self.ready or self.high is not None


@dataclass(frozen=True)
class PeopleKept:
    """People by member, for the places that were kept whole; (member, day, place) in all arrays.

    Parameters
    ----------
    places : (k,) int64     positions in `Places`, those with most people first.
    there, new : (member, day, k) float32
    first_share : (member, day) float32     which part of those who came anew, on the first night of those who
        are there, is reckoned for the first time.
    """

    places: NDArray[np.int64]
    there: NDArray[np.float32]
    new: NDArray[np.float32]
    first_share: NDArray[np.float32]

    def counted(self, counted: str) -> NDArray[np.float32]:
        """Give the people that a need is reckoned by, (member, day, k)."""
        if counted == THERE:
            return self.there
        if counted == NEW:
            return self.new
        first: NDArray[np.float32] = self.new.copy()
        first[:, :1] = self.there[:, :1]
        first *= self.first_share[:, :, None]
        return first


@dataclass(frozen=True)
class Demand:
    """What every member needs, for a plan over the members.

    Parameters
    ----------
    first : date                day 0.
    places : (k,) int64         positions in `Places`.
    items : tuple of str
    amount : (member, day, k, item) float32     in the items' units.
    """

    first: date
    places: NDArray[np.int64]
    items: tuple[str, ...]
    amount: NDArray[np.float32]


@dataclass(frozen=True)
class PeopleCounted:
    """Quantiles of the people that needs of one kind of time are reckoned by.

    Parameters
    ----------
    by_place : (level, day, place) float32      by `NEED_LEVELS`.
    if_many : (level, day, place) float32       among members in which `threshold_people` or more are there;
        NaN: there are none.
    chance_any, chance_many : (day, place) float32      of anybody, and of `threshold_people` or more.
    whole : (level, day) float64                of the whole movement, with those who sleep on the road.
    """

    by_place: NDArray[np.float32]
    if_many: NDArray[np.float32]
    chance_any: NDArray[np.float32]
    chance_many: NDArray[np.float32]
    whole: NDArray[np.float64]


@dataclass(frozen=True)
class Needs:
    """What is needed on the nights to come; day 0 is the first night after the time of the data.

    A day's needs on the road are told for the town where people are expected to sleep that night. Who sleeps
    on the road, in no town, is in the totals only (`on_road`).

    Parameters
    ----------
    scenario, title_es, title_en : str
    network : Network
    as_of, first : date
    members : int
    profile : Profile
    phase, weather : str        for which the profile was read.
    items : tuple of ItemNeed   in the order of the profile.
    shares : tuple of Share     who people are, and how many to a household.
    threshold_people : int      how many people a town is warned of; see `Cover.chance_large`.
    people : dict of str to PeopleCounted   by `COUNTED`.
    on_road : (level, day) float64
    covers : dict of (item, place) to Cover     only where there is or was offered or asked for anything.
    kept : PeopleKept
    illustrative, sources : tuple of str
    """

    scenario: str
    title_es: str
    title_en: str
    network: Network
    as_of: date
    first: date
    members: int
    profile: Profile
    phase: str
    weather: str
    items: tuple[ItemNeed, ...]
    shares: tuple[Share, ...]
    threshold_people: int
    people: dict[str, PeopleCounted]
    on_road: NDArray[np.float64]
    covers: dict[tuple[str, int], Cover]
    kept: PeopleKept
    illustrative: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    by_id: dict[str, ItemNeed] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {need.item.id: need for need in self.items})

    @property
    def days(self) -> int:
        """Number of nights."""
        return int(self.on_road.shape[1])

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """Every date, in order."""
        return tuple(self.first + timedelta(days=day) for day in range(self.days))

    def need(self, item: str) -> NDArray[np.float64]:
        """Give the need by `NEED_LEVELS`, (level, day, place), in the item's unit; not masked."""
        asked = self.by_id[item]
        amount: NDArray[np.float64] = asked.per_person * self.people[asked.counted].by_place.astype(
            np.float64
        )
        return amount

    def gap(self, item: str, day: int, place: int) -> tuple[NDArray[np.float64], float, float]:
        """Give what is missing by `NEED_LEVELS`, and the chances that any and that much is missing."""
        cover = self.covers.get((item, place))
        if cover is not None:
            return cover.gap[:, day], float(cover.chance_gap[day]), float(cover.chance_large[day])
        asked = self.by_id[item]
        counted = self.people[asked.counted]
        gap = asked.per_person * counted.by_place[:, day, place].astype(np.float64)
        return gap, float(counted.chance_any[day, place]), float(counted.chance_many[day, place])

    def told(self, item: str, day: int, place: int) -> Told:
        """Give a need at one place as it may be told.

        What rests on a share of people is told only where at least `FEWEST_TOLD_PEOPLE` such people are
        reckoned with; guarded items as a service to be ready for.
        """
        asked = self.by_id[item]
        people = self.people[asked.counted].by_place[:, day, place].astype(np.float64)
        return _told(asked, people, guarded=asked.guarded)

    def told_if_many(self, item: str, day: int, place: int) -> Told:
        """Give a need as `told` does, among members in which `threshold_people` or more are there."""
        asked = self.by_id[item]
        people = self.people[asked.counted].if_many[:, day, place].astype(np.float64)
        if not np.isfinite(people).all():
            return Told(None, None, None)
        return _told(asked, people, guarded=asked.guarded)

    def told_total(self, item: str, day: int) -> Told:
        """Give the need of the whole movement as it may be told: guarded items too, in large numbers."""
        asked = self.by_id[item]
        return _told(asked, self.people[asked.counted].whole[:, day], guarded=False)

    def places_on(self, day: int, *, least: float = 0.0) -> list[int]:
        """List the places where people may be on one night, most expected first."""
        there = self.people[THERE]
        chance = there.chance_any[day]
        order = np.lexsort((-chance, -there.by_place[1, day], -there.chance_many[day]))
        return [int(p) for p in order if chance[p] > 0 and chance[p] >= least]

    def demand(
        self, *, items: Sequence[str] | None = None, places: Sequence[int] | None = None, most: int = 40
    ) -> Demand:
        """Give what every member needs at some places, for a plan over the members.

        Parameters
        ----------
        items : sequence of str or None     None: all but the guarded ones, which nobody delivers.
        places : sequence of int or None    positions in `Places`; None: those with most people.
        most : int                          places given where none are named.

        Raises
        ------
        InputError      if an item is not in the profile, or a place was not kept for every member.
        """
        wanted = tuple(items) if items is not None else tuple(n.item.id for n in self.items if not n.guarded)
        self._check_items(wanted)
        kept = {int(place): column for column, place in enumerate(self.kept.places)}
        chosen = list(places) if places is not None else list(kept)[:most]
        strange = [place for place in chosen if place not in kept]
        if strange:
            names = ", ".join(self.network.places.ids[place] for place in strange[:5])
            mend = "ask for places where people are expected within the horizon"
            raise InputError(Fault("places", names, "places whose members were kept", mend))
        columns = [kept[place] for place in chosen]
        amount = np.empty((*self.kept.there.shape[:2], len(columns), len(wanted)), dtype=np.float32)
        for k, item in enumerate(wanted):
            need = self.by_id[item]
            amount[:, :, :, k] = need.per_person * self.kept.counted(need.counted)[:, :, columns]
        return Demand(self.first, np.asarray(chosen, dtype=np.int64), wanted, amount)

    def _check_items(self, wanted: Sequence[str]) -> None:
        strange = [item for item in wanted if item not in self.by_id]
        if strange:
            expected = f"items of the profile {self.profile.name}: {', '.join(self.by_id)}"
            mend = "add a row for it to the profile"
            raise InputError(Fault("items", ", ".join(strange[:5]), expected, mend))


def _told(asked: ItemNeed, people: NDArray[np.float64], *, guarded: bool) -> Told:
    of_kind = people * asked.share
    if guarded:
        return Told(None, None, None, ready=bool(of_kind[-1] >= FEWEST_TOLD_PEOPLE))
    values = [
        None if asked.share < 1.0 and n < FEWEST_TOLD_PEOPLE else asked.per_person * float(p)
        for p, n in zip(people, of_kind, strict=True)
    ]
    return Told(values[0], values[1], values[2])


def chosen_figures(profile: Profile, phase: str, weather: str) -> tuple[Figure, ...]:
    """Give the figures of a profile that hold in one phase and weather."""
    return tuple(
        figure
        for figure in profile.figures
        if figure.phase in ("any", phase) and figure.weather in ("any", weather)
    )


def persons_per(per_whom: str, shares: Mapping[str, Share]) -> tuple[float, float]:
    """Give how many of `per_whom` one person counts for, and the share of people that this rests on."""
    if per_whom == "person":
        return 1.0, 1.0
    if per_whom == "household":
        return 1.0 / shares["household"].value, 1.0
    value = shares[per_whom].value
    return value, value
