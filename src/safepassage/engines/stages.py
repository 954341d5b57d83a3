"""How far people alone get in a day: chances of each town for the night, link by link by the goal law.

A link that is chosen but does not fit into what is left of the day is kept: people sleep in the town where
they chose it and take it in the morning. Thrown away and drawn again, it would favour whatever fits.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Ways less likely than this are not followed further: who is on one sleeps in the town it reached and chooses
# anew in the morning. No choice is lost, since none was made.
NEGLIGIBLE = 1e-4
NO_ARC = -1


@dataclass(frozen=True)
class Stage:
    """One possible night.

    Parameters
    ----------
    place : int         the town.
    days : int          days on the road until it is reached; 1: tonight.
    chance : float
    arc : int           the link chosen for the morning, position in `network.arcs`; -1: none yet.
    """

    place: int
    days: int
    chance: float
    arc: int = NO_ARC


class Stages:
    """Where people heading for one destination spend the night, by where they set out in the morning.

    The chances of the stages of one start sum to one; there are none where no way leads on.

    Parameters
    ----------
    arcs : (origin, target, km)     as in `network.arcs`, sorted by origin.
    chances : (arc,) float64        from `goal.link_chances`; zero for every arc of a place without a way.
    destination : int
    speed_km_per_day : float        a link longer than this takes several days.
    """

    def __init__(
        self,
        arcs: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
        chances: NDArray[np.float64],
        destination: int,
        *,
        speed_km_per_day: float,
    ) -> None:
        self._target, self._km = arcs[1], arcs[2]
        self._chances, self._destination, self._speed = chances, destination, speed_km_per_day
        self._ways: dict[int, list[int]] = defaultdict(list)
        for arc in np.flatnonzero(chances > 0).tolist():
            self._ways[int(arcs[0][arc])].append(arc)
        self._known: dict[tuple[int, int], list[Stage]] = {}

    def of_place(self, place: int) -> list[Stage]:
        """Give the nights of those who set out from a place and have chosen nothing yet."""
        if place == self._destination or not self._ways.get(place):
            return []
        return self._nights((place, NO_ARC))

    def of_arc(self, arc: int) -> list[Stage]:
        """Give the nights of those who chose this link the evening before; none if it is no way today."""
        return self._nights((int(self._target[arc]), arc)) if self._chances[arc] > 0 else []

    def _nights(self, start: tuple[int, int]) -> list[Stage]:
        if start not in self._known:
            self._known[start] = self._followed(*start)
        return self._known[start]

    def _followed(self, place: int, arc: int) -> list[Stage]:
        nights: dict[tuple[int, int, int], float] = defaultdict(float)
        under_way = [(place, 0.0 if arc == NO_ARC else float(self._km[arc]), 1.0)]
        while under_way:
            here, gone_km, chance = under_way.pop()
            if self._rests(here, gone_km, chance):
                nights[here, NO_ARC, max(1, int(np.ceil(gone_km / self._speed)))] += chance
                continue
            for onward in self._ways[here]:
                share, km = chance * float(self._chances[onward]), gone_km + float(self._km[onward])
                # The first link of the day is begun however long it is: no morning would be early enough.
                if gone_km == 0.0 or km <= self._speed:
                    under_way.append((int(self._target[onward]), km, share))
                else:
                    nights[here, onward, 1] += share
        return [Stage(town, days, chance, link) for (town, link, days), chance in sorted(nights.items())]

    def _rests(self, here: int, gone_km: float, chance: float) -> bool:
        at_the_end = here == self._destination or not self._ways.get(here)
        return at_the_end or gone_km >= self._speed or chance < NEGLIGIBLE
