"""The words of a delivery plan: the problem, its rules, a dispatch, the plan, what it is worth, what was
found.

Axes have one order everywhere: (member or scenario, day, place, item).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from safepassage.core.logistics import Item, Logistics
from safepassage.core.network import Network
from safepassage.core.scenario import Event

# On the road or promised: what is planned anew must reckon with it as it is.
KEPT = ("accepted", "sent", "delivered")
POLICIES = ("stochastic", "median", "nearest", "perfect")


@dataclass(frozen=True)
class PlanRules:
    """What a plan is to mind; every default is a planning assumption, and can be changed.

    Parameters
    ----------
    sure_days : int             days whose trips are decided before it is known where people will be.
    daily_days : int            days told one by one; later ones are grouped by `group_days`, whose last
        length is repeated.
    scenarios : int             to how many scenarios the members are reduced.
    least_chance : float        no drive of the sure days goes where fewer members need anything on the day of
        arrival or the next: nine drives in vain for one that helps tire those who give.
    fairness : float            share of what is possible for the worst-off place that it gets at least, 0 …
        1; expected over the scenarios. Whole trips may miss it, which is then told.
    first_share, rest_factor : float    the first share of a need that is unmet weighs once, the rest so many
        times: half a ration for two places is better than none for one.
    cost_tolerance : float      by which share the expected unmet need may grow to save cost.
    load_hours, hand_out_hours : float      of one trip.
    longest_trip_days : int     longer trips are not made.
    stores_per_item : int       a vehicle loads at so many of the nearest stores of an item, its home first.
    places_per_carrier : int    so many of the nearest places are looked at for one kind of vehicle and store,
    carriers_per_place : int    and so many of the nearest vehicles for each place and item.
    later_carriers_per_place : int      after the sure days, of these, so many that need the least hours per
        unit: later days are planned again every evening, and here only tell what today's drives are worth.
    cross_borders : bool        vehicles go to other countries.
    whole_trips : bool          trips of the sure days are whole numbers.
    gap : float                 at which share between best known plan and bound the search for whole trips
        ends.
    time_limit_s : float        for all solving together.
    threads : int
    """

    sure_days: int = 2
    daily_days: int = 7
    group_days: tuple[int, ...] = (3, 4, 8)
    scenarios: int = 10
    least_chance: float = 0.1
    fairness: float = 0.5
    first_share: float = 0.5
    rest_factor: float = 2.0
    cost_tolerance: float = 0.01
    load_hours: float = 0.5
    hand_out_hours: float = 1.0
    longest_trip_days: int = 3
    stores_per_item: int = 1
    places_per_carrier: int = 12
    carriers_per_place: int = 6
    later_carriers_per_place: int = 4
    cross_borders: bool = False
    whole_trips: bool = True
    gap: float = 0.01
    time_limit_s: float = 60.0
    threads: int = 1


@dataclass(frozen=True)
class Load:
    """So much of one item out of one supply; `supply` is '' for goods that were brought to the store
    before.
    """

    item: str
    quantity: float
    supply: str = ""


@dataclass(frozen=True)
class Dispatch:
    """One drive: vehicles of one carrier that load at a store, hand out at a place and come home.

    Parameters
    ----------
    id, carrier : str           `carrier` is the id of a `Carrier`.
    vehicles : int              how many drive together.
    store, place : int          positions in `Places`.
    leave, arrive : date
    leave_hour, arrive_hour : float     of the day, 0 … 24.
    hours, km : float           of the whole round, per vehicle.
    loads : tuple of Load       of all vehicles together.
    people : float              for how many people: those expected there on the day of arrival.
    sure : float                share of the members in which all of the load is needed there; NaN: not told.
    status : str                one of `core.logistics.STATUSES`.
    """

    id: str
    carrier: str
    vehicles: int
    store: int
    place: int
    leave: date
    leave_hour: float
    arrive: date
    arrive_hour: float
    hours: float
    km: float
    loads: tuple[Load, ...]
    people: float = 0.0
    sure: float = float("nan")
    status: str = "proposed"


@dataclass(frozen=True)
class PlanProblem:
    """All that a plan is made from.

    Parameters
    ----------
    network : Network           n places.
    start : date                day 0: the first day on which anybody can leave.
    items : tuple of Item       k items.
    need : (member, day, place, item) float32   in the item's unit, for that day; of an item that `stays`,
        what has to be there that day. Requests are not in it yet.
    people : (member, day, place) float32       to tell for how many people; zeros where that is not known.
    logistics : Logistics
    events : tuple of Event     closures and holds, as far as they are known.
    answered : tuple of Dispatch        of an earlier plan: accepted, sent and delivered ones are kept,
        refused
        ones not proposed again.
    rules : PlanRules
    """

    network: Network
    start: date
    items: tuple[Item, ...]
    need: NDArray[np.float32]
    people: NDArray[np.float32]
    logistics: Logistics
    events: tuple[Event, ...] = ()
    answered: tuple[Dispatch, ...] = ()
    rules: PlanRules = field(default_factory=PlanRules)

    @property
    def days(self) -> int:
        """Number of days planned."""
        return int(self.need.shape[1])

    def date_of(self, day: int) -> date:
        """Give the calendar date of day number `day`."""
        return self.start + timedelta(days=day)


@dataclass(frozen=True)
class Scenarios:
    """A few members that stand for all.

    Parameters
    ----------
    members : (s,) int64        which members; ascending.
    weights : (s,) float64      sum to one.
    stands_for : (member,) int64    position in `members` of the one that stands for each member.
    distance : float            mean distance of a member to the one that stands for it, as a share of the
        mean
        distance to the best single member; 0: nothing is lost, 1: no better than one scenario.
    """

    members: NDArray[np.int64]
    weights: NDArray[np.float64]
    stands_for: NDArray[np.int64]
    distance: float


@dataclass(frozen=True)
class Worth:
    """What one way of planning comes to, over many members.

    Parameters
    ----------
    expected_unmet : float      weighted and deprivation-weighted, over the horizon.
    unmet : (item,) float64     expected, in units (of an item that `stays`: unit-days).
    worst_place : int           position in `Places`; -1 where nothing is needed.
    worst_place_unmet : float   share of the need of the worst-off place that stays unmet, 0 … 1.
    cost : float                expected, in the logistics' currency.
    by_member : (member,) float64   the unmet need of each member, as `expected_unmet`.
    """

    expected_unmet: float
    unmet: NDArray[np.float64]
    worst_place: int
    worst_place_unmet: float
    cost: float
    by_member: NDArray[np.float64]


@dataclass(frozen=True)
class Judgement:
    """A plan held against all members, beside other ways of planning.

    Parameters
    ----------
    worth : dict of policy to Worth     keys of `POLICIES`.
    members : int                       over how many members.
    """

    worth: dict[str, Worth]
    members: int

    @property
    def stochastic_value(self) -> float:
        """Value of the stochastic solution: what planning on the median leaves unmet beyond this plan."""
        return self.worth["median"].expected_unmet - self.worth["stochastic"].expected_unmet

    @property
    def against_nearest(self) -> float:
        """What stays unmet beyond this plan when everyone goes to the nearest place."""
        return self.worth["nearest"].expected_unmet - self.worth["stochastic"].expected_unmet

    @property
    def price_of_not_knowing(self) -> float:
        """What stays unmet beyond what perfect knowledge would leave."""
        return self.worth["stochastic"].expected_unmet - self.worth["perfect"].expected_unmet


@dataclass(frozen=True)
class Finding:
    """One thing worth knowing about a plan, in plain words.

    Parameters
    ----------
    kind : str          "unmet", "marginal", "idle", "kept", "limit".
    reason : str        key of the reason ("no supply", "range", "closed road", "one more vehicle" …).
    es, en : str        one sentence each.
    place : int         position in `Places`; -1: none.
    item : str          '' where no single one is meant.
    value : float       in the item's unit, or as weighted need where the sentence tells it as so much of an
        item ("marginal").
    """

    kind: str
    reason: str
    es: str
    en: str
    place: int = -1
    item: str = ""
    value: float = 0.0


@dataclass(frozen=True)
class Plan:
    """Who goes where on the sure days, with what, and what stays unmet.

    Parameters
    ----------
    start : date
    dispatches : tuple of Dispatch      kept ones first, then those proposed, by time of leaving.
    needed, covered, unmet, spare : (day, place, item) float64     expected over the scenarios; `spare` is
        what
        lies at a place beyond its need that evening. Days that are planned together share evenly.
    possible : (day, place, item) float64       the part of `needed` that something could reach in time.
    scenarios : Scenarios
    expected_unmet : float      weighted, deprivation-weighted, over the scenarios.
    worst_place : int
    worst_place_unmet : float   share of its need.
    fair_share : float          best share of its reachable need that the worst-off place could get.
    cost : float                expected.
    bound : float               no plan that holds the floor can leave less unmet than this.
    gap : float                 (expected_unmet - bound) / expected_unmet.
    seconds : float
    findings : tuple of Finding
    complete : bool             False: the time limit ended the search, the gap tells how far it came.
    """

    start: date
    dispatches: tuple[Dispatch, ...]
    needed: NDArray[np.float64]
    covered: NDArray[np.float64]
    unmet: NDArray[np.float64]
    spare: NDArray[np.float64]
    possible: NDArray[np.float64]
    scenarios: Scenarios
    expected_unmet: float
    worst_place: int
    worst_place_unmet: float
    fair_share: float
    cost: float
    bound: float
    gap: float
    seconds: float
    findings: tuple[Finding, ...] = ()
    complete: bool = True
