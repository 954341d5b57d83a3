"""A scenario: everything that was known, and when, before a forecast is made.

`Scenario.known_by` is the only gate of time: engines are handed what it returns and so cannot see anything
published or announced later.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from safepassage.core.demographics import GroupCount
from safepassage.core.displacement import Displacement, displacement_known_by
from safepassage.core.network import Network
from safepassage.core.outcomes import OutcomeChance
from safepassage.core.report import AgreedFigure, Report

if TYPE_CHECKING:
    from safepassage.core.local_law import LocalLaw

PRIOR_SHAPES = ("fixed", "uniform", "normal", "lognormal")

# Columns of a file that we do not know, as (column, cell): shown to nobody, kept for the write-back.
Extra = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Prior:
    """What is believed about one number before any report, and why.

    Parameters
    ----------
    name : str              the number, unit included ("walk_km_per_day").
    shape : str             one of `PRIOR_SHAPES`.
    low, high : float       5 % and 95 % quantiles (normal, lognormal); the bounds (uniform); equal (fixed).
    reason, source : str    why these, and where it can be read.
    """

    name: str
    shape: str
    low: float
    high: float
    reason: str
    source: str
    extra: Extra = ()


@dataclass(frozen=True)
class JoinerPool:
    """People at one place who may join a group: a counted reservoir, so that nobody appears from nowhere.

    Parameters
    ----------
    place : int             position in `Places`.
    low, high : float       people, 5 % and 95 % of what is believed.
    announced : date
    reason, source : str
    """

    place: int
    low: float
    high: float
    announced: date
    reason: str
    source: str
    announced_basis: str = ""
    extra: Extra = ()


@dataclass(frozen=True)
class Destination:
    """A place a group may be heading for, and how likely that was thought when it was announced."""

    place: int
    weight: float
    announced: date
    source: str
    announced_basis: str = ""
    extra: Extra = ()


@dataclass(frozen=True)
class Group:
    """People who move as one body (a caravan).

    Parameters
    ----------
    id, name_es, name_en : str
    route : tuple of int            reference route, positions in `Places`; the first is where it starts.
    departs : date                  first day on the road.
    announced : date                when that became known.
    size_low, size_high : float     people at departure.
    destinations : tuple of Destination     possible ends; the reference route leads to one of them.
    joiners : tuple of JoinerPool
    source, announced_basis : str
    route_extra : tuple of Extra        unknown columns of routes.csv; () or one per place of the route.
    route_announced : date or None      when the way became known; None: with the group. Until then a forecast
        knows only where the group starts, and the goal law finds the roads.
    """

    id: str
    name_es: str
    name_en: str
    route: tuple[int, ...]
    departs: date
    announced: date
    size_low: float
    size_high: float
    destinations: tuple[Destination, ...] = ()
    joiners: tuple[JoinerPool, ...] = ()
    source: str = ""
    announced_basis: str = ""
    extra: Extra = ()
    route_extra: tuple[Extra, ...] = ()
    route_announced: date | None = None


EVENT_KINDS = (
    "closure",  # nobody passes until `until`
    "hold",  # passage delayed by `hours`
    "roadblock",  # as hold, on a road
    "transport_restriction",  # rides forbidden
    "bus_offer",  # `value` people can ride a day
    "bus_withdrawn",  # an offer that is taken back
    "shelter_opened",  # `value` places
    "shelter_closed",
    "reception_refused",
    "note",  # context with no effect in the model
)


@dataclass(frozen=True)
class Event:
    """Something done by others that changes the way: a closure, a hold, buses, a shelter.

    Parameters
    ----------
    day : date                  first day of its effect.
    until : date or None        last day of its effect; None: open end for closures, one day for the rest.
    hours : float or None       length where it is shorter than a day; acts as that share of the day.
    announced : date            when it became known.
    announced_basis : str
    kind : str                  one of `EVENT_KINDS`.
    place : int                 position in `Places`; -1 where the scope is wider than a place.
    link : (int, int) or None   the road between two places.
    countries : (str, str) or None      every link between two countries.
    scope : str                 the words of the source where it is no place of the network ("Nayarit").
    value : float or None       people, places or seats, by kind.
    source, note : str
    actor : str                 institution that acts, never a person.
    to_place : int              where an offered bus goes, position in `Places`; -1 where not told.
    until_announced : date or None      when its end became known, where a report told it; None: by the rule.
    """

    day: date
    until: date | None
    hours: float | None
    announced: date
    announced_basis: str
    kind: str
    place: int
    link: tuple[int, int] | None
    countries: tuple[str, str] | None
    scope: str
    value: float | None
    source: str
    note: str = ""
    actor: str = ""
    to_place: int = -1
    extra: Extra = ()
    until_announced: date | None = None


@dataclass(frozen=True)
class TruthRow:
    """One figure of what happened, for scoring only: no engine is ever handed one."""

    day: date
    place: int
    quantity: str
    low: float | None
    high: float | None
    source: str
    extra: Extra = ()


@dataclass(frozen=True)
class GoalLaw:
    """How people with a destination choose their next road (recursive logit).

    Fosgerau, Frejinger & Karlström 2013, doi:10.1016/j.trb.2013.07.012. The utility of a link is
    ``-per_km * km * (off_road if not a road) - per_border * [crosses a border]
    - per_bare_night * nights without a town + reference * [on the declared reference route]``, in units of
    the error scale.

    Parameters
    ----------
    per_km : float              disutility of one km; at 0.006 a detour of 115 km halves the chance (judged:
                                wide, since a caravan's way is chosen by few people and many reasons).
    per_border : float          disutility of crossing a border.
    per_bare_night : float      disutility of a night without a town: a link of 120 km at 40 km a day has two.
    off_road : float            factor on the km of trails, boats and rivers.
    reference : float           utility of a link on the group's declared reference route.
    foresight_links : int       links people look ahead; 0: to the destination. Beyond it they reckon with the
                                great circle.
    move_chance : float         chance per day that a person alone sets out from a town.
    speed_km_per_day : float    pace of people alone, for departures without a group.
    """

    per_km: float = 0.006
    per_border: float = 1.0
    per_bare_night: float = 0.4
    off_road: float = 3.0
    reference: float = 4.0
    foresight_links: int = 0
    move_chance: float = 0.7
    speed_km_per_day: float = 60.0


@dataclass(frozen=True)
class Departures:
    """People who leave on their own: a given series per origin.

    Parameters
    ----------
    place : int             origin, position in `Places`.
    day : date
    people : int
    announced : date
    source : str
    destination : int       where they are heading, position in `Places`; -1: where the groups are heading.
    """

    place: int
    day: date
    people: int
    announced: date
    source: str
    announced_basis: str = ""
    extra: Extra = ()
    destination: int = -1


@dataclass(frozen=True)
class Scenario:
    """One situation on one network, as a folder describes it.

    Parameters
    ----------
    name : str              key, also the folder's name.
    title_es, title_en : str
    start : date            day 0 of the simulation.
    as_of : date or None    nothing published or announced later is in here; None: nothing was hidden yet.
    days : int              default horizon.
    seed : int              default seed.
    network : Network
    law : GoalLaw or LocalLaw
    priors : dict of name to Prior      for groups; see `engines.groups`.
    groups, departures, events, reports, truth : tuples
    displacement : Displacement or None     origins, conflict and camp series of a displacement crisis.
    illustrative : tuple of str     what in here is made up to make it run; printed on every output.
    sources, licence : str
    default_as_of : date or None    as-of date of a forecast that is asked for without one; None: `start`.
    threshold_people : int          the number of people a town is warned of.
    outcomes : tuple of OutcomeChance       how people's part in the movement ends, in chances a day.
    agreed : tuple of AgreedFigure      planning figures that people agreed on: shown, not reckoned with.
    demographics : tuple of GroupCount      shares of the whole movement by age and sex: for needs.
    """

    name: str
    title_es: str
    title_en: str
    start: date
    as_of: date | None
    days: int
    seed: int
    network: Network
    law: GoalLaw | LocalLaw
    priors: dict[str, Prior] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    departures: tuple[Departures, ...] = ()
    events: tuple[Event, ...] = ()
    reports: tuple[Report, ...] = ()
    truth: tuple[TruthRow, ...] = ()
    displacement: Displacement | None = None
    illustrative: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    licence: str = ""
    default_as_of: date | None = None
    threshold_people: int = 500
    outcomes: tuple[OutcomeChance, ...] = ()
    agreed: tuple[AgreedFigure, ...] = ()
    demographics: tuple[GroupCount, ...] = ()

    def known_by(self, as_of: date) -> Scenario:
        """Give the scenario as it was known on the evening of `as_of`: later rows and all truth are gone."""
        return replace(
            self,
            as_of=as_of,
            groups=tuple(_group_known_by(g, as_of) for g in self.groups if g.announced <= as_of),
            departures=tuple(d for d in self.departures if d.announced <= as_of),
            events=tuple(_event_known_by(e, as_of) for e in self.events if e.announced <= as_of),
            reports=tuple(r for r in self.reports if r.published <= as_of),
            truth=(),
            outcomes=tuple(row for row in self.outcomes if row.announced <= as_of),
            agreed=tuple(row for row in self.agreed if row.agreed <= as_of),
            demographics=tuple(row for row in self.demographics if row.published <= as_of),
            displacement=(
                displacement_known_by(self.displacement, as_of, self.start) if self.displacement else None
            ),
        )


def _event_known_by(event: Event, as_of: date) -> Event:
    """Hide the end of what is still going on, unless it was planned, that is announced before it began.

    An end that a report told is known from the day on which that report was published.
    """
    if event.until_announced is not None:
        return event if event.until_announced <= as_of else replace(event, until=None, until_announced=None)
    if event.announced < event.day:
        return event
    until = event.until if event.until is not None and event.until <= as_of else None
    ends = event.day + timedelta(hours=event.hours) if event.hours is not None else event.day
    return replace(event, until=until, hours=event.hours if ends <= as_of else None)


def _group_known_by(group: Group, as_of: date) -> Group:
    known = group.route_announced is None or group.route_announced <= as_of
    return replace(
        group,
        route=group.route if known else group.route[:1],
        route_extra=group.route_extra if known else (),
        destinations=tuple(d for d in group.destinations if d.announced <= as_of),
        joiners=tuple(j for j in group.joiners if j.announced <= as_of),
    )
