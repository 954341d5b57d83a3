"""How many agents there are and leave: stocks at the start, departures by the series, room in camps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import RECENT_DAYS, Displacement, camp_counts
from safepassage.core.local_law import LocalLaw
from safepassage.core.network import Network


def stocks(
    network: Network, displacement: Displacement, law: LocalLaw
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Give room (scaled, in agents; 0: no limit), the agents there at the start, and those of the list.

    Returns
    -------
    (n,) float64
    (n,) int64      with those of the list.
    (r,) int64      agents of each row of `Displacement.listed`.
    """
    places, agents = network.places, displacement.people_per_agent
    initial = displacement.initial_idps // agents
    registered = np.zeros(len(places), dtype=np.int64)
    if displacement.insert_day0 and not displacement.empty_camps_on_day0 and len(displacement.camps):
        counts = camp_counts(displacement, np.zeros(1, dtype=np.int64))[0]
        registered[displacement.camps] = np.maximum(counts, 0)
    room = np.maximum(places.capacity_people, 0) // agents
    if law.compat:
        room = np.where(room > 0, room - registered, room)
    if not displacement.capacities_known:
        room = np.zeros(len(places), dtype=np.int64)
    listed = _listed(displacement, law)
    if displacement.listed is not None:
        np.add.at(initial, displacement.listed.place, listed)
    return (room * law.capacity_scaling).astype(np.float64), initial + registered, listed


def _listed(displacement: Displacement, law: LocalLaw) -> NDArray[np.int64]:
    """Turn the people of a list into agents; what a place loses in rounding goes to its largest remainders.

    In Flee's code each line of the list is an agent, whatever an agent stands for.
    """
    listed, agents = displacement.listed, displacement.people_per_agent
    if listed is None:
        return np.zeros(0, dtype=np.int64)
    if law.compat or agents == 1:
        return listed.people.copy()
    whole, rest = listed.people // agents, listed.people % agents
    left: NDArray[np.int64] = np.zeros(len(displacement.roles), dtype=np.int64)
    np.add.at(left, listed.place, rest)
    left //= agents
    order = np.lexsort((np.arange(len(rest)), -rest, listed.place))
    first = np.searchsorted(listed.place[order], listed.place[order])
    within = np.arange(len(order)) - first
    whole[order[within < left[listed.place[order]]]] += 1
    return whole


def daily_room(displacement: Displacement, law: LocalLaw) -> NDArray[np.float64]:
    """Give the room that is added to every place each day, in agents, (n,) float64."""
    if not displacement.capacities_known:
        return np.zeros(len(displacement.roles))
    share = 1.0 if law.compat else 1.0 / displacement.people_per_agent
    return np.asarray(displacement.capacity_per_day * law.capacity_scaling * share, dtype=np.float64)


def _daily_totals(displacement: Displacement, law: LocalLaw, days: int) -> NDArray[np.int64]:
    """Count the change of the registered total on each day, in agents; day 0 counts who was there before."""
    when = np.arange(days, dtype=np.int64)
    total = displacement.total
    if total is not None and not displacement.sum_from_camps:
        level = whole = np.trunc(total.divided(displacement.people_per_agent).at(when)).astype(np.int64)
    else:
        level = camp_counts(displacement, when).sum(axis=1)
        for series in displacement.elsewhere:
            level = level + np.trunc(series.divided(displacement.people_per_agent).at(when)).astype(np.int64)
        counted = total.divided(displacement.people_per_agent).at(when) if total is not None else level
        whole = np.trunc(counted).astype(np.int64)
    change = np.diff(level, prepend=0)
    if displacement.empty_camps_on_day0 or displacement.insert_day0:
        change[0] = 0
    elif law.compat and displacement.sum_from_camps:
        change[0] += np.int64(whole[0])
    return change


def departures(displacement: Displacement, law: LocalLaw, days: int) -> NDArray[np.int64]:
    """Count who leaves each day: rises of the total; falls only put off later departures."""
    result = np.zeros(days, dtype=np.int64)
    if displacement.departure_mode != "observed":
        return result
    known = displacement.known_until_day
    last = days if known is None else max(0, min(days, known + 1))
    if not last:
        return result
    debt = 0
    for day, change in enumerate(_daily_totals(displacement, law, last)):
        leaving = int(change) - debt
        debt = max(0, -leaving)
        result[day] = max(0, leaving)
    return result


def recent(displacement: Displacement, law: LocalLaw) -> NDArray[np.float64]:
    """Give the daily totals, in people, from which departures after the known days are drawn."""
    known = displacement.known_until_day
    if known is None or known < 1 or displacement.departure_mode != "observed":
        return np.zeros(0)
    first = max(1, known + 1 - RECENT_DAYS)
    totals = _daily_totals(displacement, law, known + 1)[first:] * displacement.people_per_agent
    rises: NDArray[np.float64] = np.maximum(totals, 0).astype(np.float64)
    return rises
