"""Room to sleep that is there already, as supplies of a plan: it serves its own town, night after night."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from safepassage.core.logistics import Logistics, Supply
from safepassage.core.network import Places
from safepassage.core.scenario import Event
from safepassage.planning.needs_stores import stores_of

ROOM = "room:"


def rooms(places: Places, events: Iterable[Event], *, first: date, days: int) -> tuple[Supply, ...]:
    """Give the room of shelters, known places' capacities with those that opened or closed.

    Parameters
    ----------
    places : Places
    events : iterable of Event      only those known.
    first : date                    day 0.
    days : int

    Returns
    -------
    tuple of Supply     local, one per place and stretch of days with equal room; ids begin with `ROOM`.
    """
    found = []
    for (item, place), daily in stores_of(places, events, Logistics(), first=first, days=days).daily.items():
        for quantity, stretch in groupby(enumerate(daily.tolist()), key=itemgetter(1)):
            span = [day for day, _ in stretch]
            if quantity > 0:
                since, until = first + timedelta(days=span[0]), first + timedelta(days=span[-1])
                found.append(
                    Supply(
                        f"{ROOM}{places.ids[place]}-{span[0]}", places.names[place], place, item, quantity,
                        since, until, first, per_day=True, local=True,
                    )
                )  # fmt: skip
    return tuple(found)
