"""How far people alone get in a day: chances of each town for the night, link by link by the goal law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Ways less likely than this are not followed further; the chance they carry stays with the town reached.
NEGLIGIBLE = 1e-4


@dataclass(frozen=True)
class Stage:
    """One possible night: the town, days on the road until it is reached (1: tonight), and its chance."""

    place: int
    days: int
    chance: float


def day_stages(
    arcs: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    chances: NDArray[np.float64],
    destination: int,
    *,
    places: int,
    speed_km_per_day: float,
) -> list[list[Stage]]:
    """Lay out, for every place, where people who set out from it in the morning spend the night.

    Parameters
    ----------
    arcs : (origin, target, km)     as in `network.arcs`, sorted by origin.
    chances : (arc,) float64        from `goal.link_chances`; zero for every arc of a place without a way.
    destination : int
    places : int
    speed_km_per_day : float        a link longer than this takes several days.

    Returns
    -------
    list of lists of Stage          chances sum to one for each place with a way, and the list is empty else.
    """
    origin, target, km = arcs
    start = np.searchsorted(origin, np.arange(places + 1))

    def ways(place: int) -> list[tuple[int, float, float]]:
        window = range(start[place], start[place + 1])
        return [(int(target[a]), float(km[a]), float(chances[a])) for a in window if chances[a] > 0]

    table: list[list[Stage]] = []
    for place in range(places):
        nights: dict[tuple[int, int], float] = {}
        open_ways = (
            [(there, length, chance) for there, length, chance in ways(place)] if place != destination else []
        )
        while open_ways:
            here, gone_km, chance = open_ways.pop()
            onward = [
                (there, gone_km + length, chance * share)
                for there, length, share in ways(here)
                if gone_km + length <= speed_km_per_day
            ]
            goes_on = sum(share for _, _, share in onward)
            if here == destination or chance < NEGLIGIBLE or not onward:
                goes_on, onward = 0.0, []
            # Who has no time left for the next link of her way stays here for the night.
            days = max(1, int(np.ceil(gone_km / speed_km_per_day)))
            if chance - goes_on > 1e-15:
                nights[here, days] = nights.get((here, days), 0.0) + chance - goes_on
            open_ways.extend(onward)
        table.append([Stage(town, days, chance) for (town, days), chance in sorted(nights.items())])
    return table
