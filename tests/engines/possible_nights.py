"""The nights of the kernel of people alone, start by start, in words for tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.stages import nights_of, roads_of

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
        origin, target, km = arcs
        self._places = int(max(origin.max(), target.max(), destination)) + 1
        ends = np.array([destination], dtype=np.int64)
        self._roads = roads_of((origin, target, km), chances[None], ends, speed_km=speed_km_per_day)

    def of_place(self, place: int) -> list[Stage]:
        """Give the nights of those who set out from a place and have chosen nothing yet."""
        return self._stages(place) if place < self._places else []

    def of_arc(self, arc: int) -> list[Stage]:
        """Give the nights of those who chose this link the evening before; none if it is no way today."""
        return self._stages(self._places + arc)

    def _stages(self, start: int) -> list[Stage]:
        keys, chances = nights_of(start, 0, self._roads)
        span, stages = self._roads.span, []
        for key, chance in zip(keys.tolist(), chances.tolist(), strict=True):
            arc = key - self._places * span
            if arc >= 0:
                stages.append(Stage(int(self._roads.origin[arc]), 1, chance, arc))
            else:
                stages.append(Stage(key // span, key % span + 1, chance))
        return stages
