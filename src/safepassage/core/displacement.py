"""Origins, conflict and camp series of a displacement crisis, and what of them was known by a date."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from safepassage.core.hazards import Floods, Hunger, RoleChange
from safepassage.core.people import Attribute, Listed

ROLES = ("town", "conflict_zone", "camp", "idp_camp", "forwarding_hub", "marker", "flood_zone")
TOWN, CONFLICT_ZONE, CAMP, IDP_CAMP, FORWARDING_HUB, MARKER, FLOOD_ZONE = range(len(ROLES))
RECENT_DAYS = 30


@dataclass(frozen=True)
class Series:
    """People counted at one place (or altogether) on the days somebody reported.

    Parameters
    ----------
    days : (r,) int64       days since the start; may be negative. In order of time, except in `compat`
        folders, which keep the order of the file.
    people : (r,) float64
    """

    days: NDArray[np.int64]
    people: NDArray[np.float64]

    def at(self, days: NDArray[np.int64]) -> NDArray[np.float64]:
        """Read the series on any days: linear between reports, flat before the first and after the last.

        For reports out of order this is Flee's search, including its -1 where it finds no interval.

        Parameters
        ----------
        days : (t,) int64

        Returns
        -------
        (t,) float64    zeros for an empty series.
        """
        if not len(self.days):
            return np.zeros(len(days))
        if (np.diff(self.days) >= 0).all():
            return self._at_in_order(np.asarray(days, dtype=np.int64))
        result = np.full(len(days), self.people[-1])
        for k, day in enumerate(days):
            if day <= self.days[0]:
                result[k] = self.people[0]
                continue
            later = np.flatnonzero(self.days[1:] > day)
            if len(later):
                result[k] = self._between(int(later[0]), int(day))
        return result

    def _at_in_order(self, days: NDArray[np.int64]) -> NDArray[np.float64]:
        """Do the same for reports in order, all days at once and to the same bits."""
        left = np.searchsorted(self.days[1:], days, side="right")
        right = np.minimum(left + 1, len(self.days) - 1)
        left = np.minimum(left, len(self.days) - 1)
        begin, gap = self.days[left], (self.days[right] - self.days[left]).astype(np.float64)
        share = (days - begin) / np.where(gap > 0, gap, 1.0)
        between = self.people[left] + share * (self.people[right] - self.people[left])
        late = np.where(gap > 0, between, self.people[-1])
        return np.where(days <= self.days[0], self.people[0], late)

    def _between(self, left: int, day: int) -> float:
        gap = float(self.days[left + 1] - self.days[left])
        share = float(day - self.days[left]) / gap
        if share > 1.0:
            return -1.0
        return float(self.people[left] + share * (self.people[left + 1] - self.people[left]))

    def divided(self, people_per_agent: int) -> Series:
        """Give the same series counted in agents."""
        return replace(self, people=self.people / people_per_agent)

    def until(self, day: int) -> Series:
        """Drop every report later than `day`."""
        keep = self.days <= day
        return Series(self.days[keep], self.people[keep])

    def corrected(self, day: int) -> Series:
        """Scale all reports before `day`, when registration became reliable, to meet the report of that day.

        Without a report on exactly that day, or a positive one before it, nothing changes. A date that stands
        there twice (`compat` folders only) scales twice, as in Flee.
        """
        people = self.people.copy()
        for k in np.flatnonzero(self.days == day):
            if k > 0 and people[k - 1] > 0:
                people[:k] *= people[k] / people[k - 1]
        return replace(self, people=people)


@dataclass(frozen=True)
class Closure:
    """A border, a place, a road or a camp that closes on one day and may open again on another.

    Parameters
    ----------
    kind : str                      "country", "location", "link", "camp", "idpcamp", or "forced_redirection",
        which switches a redirection off.
    places : tuple of int           the place, or both ends of the road; empty for countries.
    countries : (str, str) or None
    start_day : int or None         first day closed; None: only the reopening acts.
    end_day : int or None           first day open again; None: never.
    """

    kind: str
    places: tuple[int, ...]
    countries: tuple[str, str] | None
    start_day: int | None
    end_day: int | None


@dataclass(frozen=True)
class Displacement:
    """What drives a displacement crisis, on the n places and m links of the scenario's network.

    Parameters
    ----------
    roles : (n,) int8               position in `ROLES`.
    foreign : (n,) bool             lies outside the home country.
    initial_idps : (n,) int64       people there on day 0 besides the series.
    capacity_per_day : (n,) int64   room added to a camp every day.
    forced : (m,) int8              0 no redirection; 1 from origin to target; 2 from target to origin.
    link_speed_km_per_day, link_walk_chance : (m,) float64
        NaN where the law's speed holds; chance per day to have to walk there.
    conflict : (day, n) float64     intensity in force, 0 for none; the last row holds from then on.
    conflict_since : (day, n) int32     day on which that conflict began.
    closures : tuple of Closure
    camps : (k,) int64              camps whose people are counted, in order of the file.
    series : tuple of k Series      as reported.
    corrections : tuple of (place, day)     registration corrections, in order of the file.
    elsewhere : tuple of Series     camps that are no place of the network; they count in the total only.
    total : Series or None          everybody together.
    departure_mode : str            "observed": by the series; or driven by conflict or floods: "constant",
        "pop_ratio" or "poisson".
    driven_by : str                 "conflict" or "flood", where `departure_mode` is not "observed".
    sum_from_camps : bool           "observed": the camps add up to the total; else `total` is taken.
    insert_day0, empty_camps_on_day0 : bool     who was registered on day 0 is there; or left out altogether.
    people_per_conflict_day : float     for the conflict-driven modes (a share of the people in "pop_ratio").
    people_per_flood_day : tuple of float   the same by level of flood; the first, of no flood, is not used.
    floods : Floods or None         levels of water by place and day.
    hunger : Hunger or None         food deprivation by region and day.
    attributes : tuple of Attribute     traits that some rule asks for.
    listed : Listed or None         people there at the start, with traits.
    pull : (n,) float64 or None     ``trade_volume + hdi ** 2`` of each place, for `use_economic_pull`.
    farmers : (n,) float64 or None  share of farmers among those who leave each place; None: not told.
    sinks : (n,) float64 or None    chance per evening that whoever is in a camp stays for good.
    major_routes : tuple of tuples of int   long ways that people know, place by place; used both ways.
    role_changes : tuple of RoleChange      places that become something else.
    people_per_agent : int          how many people one agent stands for (Flee's `hasten`).
    capacities_known : bool         false: capacities in the network carry no date and are not to be used.
    known_until_day : int or None   last day whose departures are known; later ones are drawn from the
        `RECENT_DAYS` days before it. None: nothing was hidden.
    notes : tuple of str            rules used here that a reader of the forecast must be told.
    """

    roles: NDArray[np.int8]
    foreign: NDArray[np.bool_]
    initial_idps: NDArray[np.int64]
    capacity_per_day: NDArray[np.int64]
    forced: NDArray[np.int8]
    link_speed_km_per_day: NDArray[np.float64]
    link_walk_chance: NDArray[np.float64]
    conflict: NDArray[np.float64]
    conflict_since: NDArray[np.int32]
    closures: tuple[Closure, ...] = ()
    camps: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    series: tuple[Series, ...] = ()
    corrections: tuple[tuple[int, int], ...] = ()
    elsewhere: tuple[Series, ...] = ()
    total: Series | None = None
    departure_mode: str = "observed"
    driven_by: str = "conflict"
    sum_from_camps: bool = True
    insert_day0: bool = True
    empty_camps_on_day0: bool = False
    people_per_conflict_day: float = 500.0
    people_per_flood_day: tuple[float, ...] = ()
    floods: Floods | None = None
    hunger: Hunger | None = None
    attributes: tuple[Attribute, ...] = ()
    listed: Listed | None = None
    pull: NDArray[np.float64] | None = None
    farmers: NDArray[np.float64] | None = None
    sinks: NDArray[np.float64] | None = None
    major_routes: tuple[tuple[int, ...], ...] = ()
    role_changes: tuple[RoleChange, ...] = ()
    people_per_agent: int = 1
    capacities_known: bool = True
    known_until_day: int | None = None
    notes: tuple[str, ...] = ()


def camp_counts(displacement: Displacement, days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the agents at each camp by the series, registration corrections applied.

    Parameters
    ----------
    displacement : Displacement
    days : (t,) int64

    Returns
    -------
    (t, k) int64        in agents of `people_per_agent`, cut to whole numbers as Flee does.
    """
    counts = np.zeros((len(days), len(displacement.camps)), dtype=np.int64)
    corrections: dict[int, list[int]] = {}
    for place, day in displacement.corrections:
        corrections.setdefault(place, []).append(day)
    for k, place in enumerate(displacement.camps.tolist()):
        series = displacement.series[k].divided(displacement.people_per_agent)
        for day in corrections.get(place, ()):
            series = series.corrected(day)
        counts[:, k] = np.trunc(series.at(days))
        if displacement.empty_camps_on_day0:
            counts[:, k] -= np.int64(series.at(np.zeros(1, dtype=np.int64))[0])
    return counts


def displacement_known_by(displacement: Displacement, as_of: date, start: date) -> Displacement:
    """Give the displacement as it was known on the evening of `as_of`.

    Reports, registration corrections, closures and conflict rows of later days are gone; the end of a closure
    that lay ahead is unknown, so it stays. Conflict goes on as last known. Departures after the last report
    are drawn at random from the daily totals of the 30 days before it. Capacities carry no date in such
    folders (by Flee's documentation they are maxima of the very series) and so are not used.

    Parameters
    ----------
    displacement : Displacement
    as_of, start : date     `start` is day 0.

    Returns
    -------
    Displacement
    """
    day = (as_of - start).days
    series = tuple(one.until(day) for one in displacement.series)
    total = displacement.total.until(day) if displacement.total is not None else None
    reported = [int(one.days.max()) for one in (*series, *((total,) if total else ())) if len(one.days)]
    last = min(day, max(reported, default=day))
    known_before = displacement.known_until_day
    rows = max(day + 1, 0)
    conflict, since = displacement.conflict[:rows], displacement.conflict_since[:rows]
    if not rows:
        conflict = np.zeros((1, displacement.conflict.shape[1]))
        since = np.zeros((1, displacement.conflict.shape[1]), dtype=np.int32)
    return replace(
        displacement,
        series=series,
        elsewhere=tuple(one.until(day) for one in displacement.elsewhere),
        total=total,
        corrections=tuple(pair for pair in displacement.corrections if pair[1] <= day),
        closures=tuple(_closure_known_by(c, day) for c in displacement.closures if _started(c, day)),
        conflict=conflict,
        conflict_since=since,
        floods=displacement.floods.until(day) if displacement.floods else None,
        hunger=displacement.hunger.until(day) if displacement.hunger else None,
        listed=displacement.listed if day >= 0 else None,
        role_changes=tuple(change for change in displacement.role_changes if change.day <= day),
        capacities_known=False,
        known_until_day=last if known_before is None else min(last, known_before),
        notes=_notes(displacement, as_of),
    )


def _started(closure: Closure, day: int) -> bool:
    first = closure.end_day if closure.start_day is None else closure.start_day
    return first is not None and first <= day


def _closure_known_by(closure: Closure, day: int) -> Closure:
    if closure.end_day is not None and closure.end_day > day:
        return replace(closure, end_day=None)
    return closure


def _notes(displacement: Displacement, as_of: date) -> tuple[str, ...]:
    notes = [
        f"El conflicto después del {as_of} sigue como se supo por última vez. / "
        f"Conflict after {as_of} is taken to go on as last known."
    ]
    if displacement.floods is not None:
        notes.append(
            f"Las inundaciones después del {as_of} siguen como se supo por última vez. / "
            f"Floods after {as_of} are taken to stay as last known."
        )
    if displacement.hunger is not None:
        notes.append(
            f"La falta de alimentos después del {as_of} sigue como se supo por última vez. / "
            f"Hunger after {as_of} is taken to stay as last known."
        )
    if displacement.departure_mode == "observed":
        notes.append(
            f"Las salidas después del último informe se sortean de los {RECENT_DAYS} días anteriores. / "
            f"Departures after the last report known on {as_of} are drawn from the daily totals of the"
            f" {RECENT_DAYS} days before it."
        )
    notes.append(
        "Las capacidades de los campamentos no tienen fecha y no se usan. / "
        "Camp capacities carry no date in the folder and are not used."
    )
    return (*displacement.notes, *notes)
