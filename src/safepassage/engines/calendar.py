"""Roads and roles day by day: each state of the roads once, and on which days it holds.

Most days are as the day before, so only the days on which something begins or ends are worked out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import CAMP, IDP_CAMP, TOWN, Closure, Displacement
from safepassage.core.local_law import LocalLaw
from safepassage.core.network import Network
from safepassage.engines import local_rules
from safepassage.engines.local_routes import Arcs

Now = tuple[NDArray[np.int8], NDArray[np.bool_], NDArray[np.bool_]]  # roles, open arcs, forced arcs


Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True)
class Daily(Generic[Scalar]):
    """A row for each day, rows that repeat kept once: ``daily[day]``, or ``daily[days]`` for many.

    Parameters
    ----------
    rows : (r, n)           what holds.
    index : (days,) int64   which of the rows holds on each day.
    """

    rows: NDArray[Scalar]
    index: NDArray[np.int64]

    def __getitem__(self, day: int | NDArray[np.int64]) -> NDArray[Scalar]:
        """Give the row of one day (n,), or of several (t, n)."""
        return np.asarray(self.rows[self.index[day]])

    def __len__(self) -> int:
        return len(self.index)


@dataclass(frozen=True)
class Calendar:
    """What is open, and what each place is, on each of `days` days.

    Parameters
    ----------
    role : Daily of (n,) int8
    state : (days,) int64           state of the roads.
    arc_open, forced : (p, a) bool  by state.
    """

    role: Daily[np.int8]
    state: NDArray[np.int64]
    arc_open: NDArray[np.bool_]
    forced: NDArray[np.bool_]


def last_event(displacement: Displacement) -> int:
    """Give the last day on which a closure begins or ends, or a place becomes something else."""
    days = [day for c in displacement.closures for day in (c.start_day, c.end_day) if day is not None]
    return max([*days, *(change.day for change in displacement.role_changes)], default=0)


def calendar_of(
    network: Network, displacement: Displacement, arcs: Arcs, *, law: LocalLaw, days: int
) -> Calendar:
    """Work out the states of roads and places.

    Parameters
    ----------
    network : Network
    displacement : Displacement
    arcs : Arcs
    law : LocalLaw
    days : int
    """
    roles: _Distinct[np.int8] = _Distinct(days)
    states: _Distinct[np.bool_] = _Distinct(days)
    events = _by_day(displacement, days)
    touched = _Touched(network, arcs)
    now = _first(network, displacement, arcs)
    closed: list[Closure] = []
    before = 0
    for day in sorted({0, *events}):
        roles.fill(before, day)
        states.fill(before, day)
        before = day
        for change in displacement.role_changes:
            if change.day == day or (day == 0 and change.day < 0):
                now[0][change.place] = local_rules.calm(np.array([change.role], dtype=np.int8))[0]
        for closure, closing in events.get(day, []):
            closed = [*closed, closure] if closing else [other for other in closed if other is not closure]
            _apply(closure, touched.of(closure), now, closing=closing)
        if not law.compat:
            # In Flee one reopening opens what another closure still holds; here every closure stands alone.
            for closure in closed:
                _apply(closure, touched.of(closure), now, closing=True)
        roles.see(now[0])
        states.see(np.concatenate([now[1], now[2]]))
    roles.fill(before, days)
    states.fill(before, days)
    both = np.stack(states.rows)
    return Calendar(
        role=Daily(np.stack(roles.rows), roles.index),
        state=states.index,
        arc_open=np.ascontiguousarray(both[:, : len(arcs.km)]),
        forced=np.ascontiguousarray(both[:, len(arcs.km) :]),
    )


class _Distinct(Generic[Scalar]):
    """Keeps rows that differ, and which of them holds on which day."""

    def __init__(self, days: int) -> None:
        self.rows: list[NDArray[Scalar]] = []
        self.index = np.zeros(days, dtype=np.int64)
        self._known: dict[bytes, int] = {}
        self._now = 0

    def see(self, row: NDArray[Scalar]) -> None:
        """Take the row that holds from now on."""
        digest = hashlib.blake2b(row.tobytes()).digest()
        if digest not in self._known:
            self._known[digest] = len(self.rows)
            self.rows.append(row.copy())
        self._now = self._known[digest]

    def fill(self, first: int, end: int) -> None:
        """Write down that it held on the days from `first` up to `end`."""
        self.index[first:end] = self._now


def _first(network: Network, displacement: Displacement, arcs: Arcs) -> Now:
    side = displacement.forced[arcs.link]
    forward = network.links.origin[arcs.link] == arcs.origin
    forced = ((side == 1) & forward) | ((side == 2) & ~forward)
    return local_rules.calm(displacement.roles).copy(), np.ones(len(arcs.km), dtype=bool), forced


def _by_day(displacement: Displacement, days: int) -> dict[int, list[tuple[Closure, bool]]]:
    """List what begins (true) and ends on each day, in order of the file."""
    events: dict[int, list[tuple[Closure, bool]]] = {}
    for change in displacement.role_changes:
        if 0 <= change.day < days:
            events.setdefault(change.day, [])
    for closure in displacement.closures:
        for day, closing in ((closure.start_day, True), (closure.end_day, False)):
            if day is not None and 0 <= day < days:
                events.setdefault(day, []).append((closure, closing))
    return events


class _Touched:
    """Finds the arcs that a closure touches."""

    def __init__(self, network: Network, arcs: Arcs) -> None:
        self._arcs = arcs
        self._codes = {name: code for code, name in enumerate(dict.fromkeys(network.places.countries))}
        self._country = np.array([self._codes[name] for name in network.places.countries], dtype=np.int64)
        self._found: dict[int, NDArray[np.int64]] = {}

    def of(self, closure: Closure) -> NDArray[np.int64]:
        """Give the positions of the arcs."""
        if id(closure) not in self._found:
            self._found[id(closure)] = np.flatnonzero(self._search(closure))
        return self._found[id(closure)]

    def _search(self, closure: Closure) -> NDArray[np.bool_]:
        origin, target = self._arcs.origin, self._arcs.target
        if closure.countries is not None:
            one, other = (self._codes.get(name, -1) for name in closure.countries)
            ends = self._country[origin], self._country[target]
            return np.asarray(
                ((ends[0] == one) & (ends[1] == other)) | ((ends[0] == other) & (ends[1] == one))
            )
        if closure.kind == "location":
            return np.asarray((origin == closure.places[0]) | (target == closure.places[0]))
        if closure.kind in ("link", "forced_redirection"):
            one_way = (origin == closure.places[0]) & (target == closure.places[1])
            back = (origin == closure.places[1]) & (target == closure.places[0])
            return np.asarray(one_way | back if closure.kind == "link" else one_way)
        return np.zeros(len(origin), dtype=bool)


def _apply(closure: Closure, touched: NDArray[np.int64], now: Now, *, closing: bool) -> None:
    role, is_open, forced = now
    if closure.kind in ("camp", "idpcamp"):
        reopened = CAMP if closure.kind == "camp" else IDP_CAMP
        role[closure.places[0]] = TOWN if closing else reopened
    elif closure.kind == "forced_redirection":
        forced[touched] = not closing
    else:
        is_open[touched] = not closing
