"""Floods and hunger by place and day, and places that change what they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Floods:
    """How high the water stands in the places that are watched; everywhere else it is 0.

    Parameters
    ----------
    places : (f,) int64         positions in the places.
    level : (day, f) int16      0 for none; the last row holds from then on.
    zone : (n,) bool            places whose type is flood zone, watched or not.
    """

    places: NDArray[np.int64]
    level: NDArray[np.int16]
    zone: NDArray[np.bool_]

    def on(self, day: int) -> NDArray[np.int64]:
        """Give the level of every place on one day, (n,) int64."""
        levels = np.zeros(len(self.zone), dtype=np.int64)
        if len(self.level):
            levels[self.places] = self.level[min(max(day, 0), len(self.level) - 1)]
        return levels

    def until(self, day: int) -> Floods:
        """Drop the levels of later days; the last one known goes on."""
        return replace(self, level=self.level[: max(day + 1, 0)])


@dataclass(frozen=True)
class Hunger:
    """Share of people in critical food deprivation (IPC), by region.

    Parameters
    ----------
    days : (r,) int64           days of the reports, rising.
    share : (r, g) float64      0 to 1, per region.
    region : (n,) int64         region of each place; -1: not in the table, nobody counts as starving.
    """

    days: NDArray[np.int64]
    share: NDArray[np.float64]
    region: NDArray[np.int64]

    def on(self, day: int) -> NDArray[np.float64]:
        """Give the share in every place on one day: linear between reports, flat outside; (n,) float64."""
        if not self.share.size:
            return np.zeros(len(self.region))
        left = int(np.clip(np.searchsorted(self.days, day, side="right") - 1, 0, len(self.days) - 1))
        right = min(left + 1, len(self.days) - 1)
        gap = float(self.days[right] - self.days[left])
        part = min(max((day - float(self.days[left])) / gap, 0.0), 1.0) if gap > 0 else 0.0
        share = self.share[left] + part * (self.share[right] - self.share[left])
        return np.where(self.region >= 0, share[np.maximum(self.region, 0)], 0.0)

    def until(self, day: int) -> Hunger:
        """Drop the reports of later days; the last one known goes on."""
        keep = self.days <= day
        return replace(self, days=self.days[keep], share=self.share[keep])


@dataclass(frozen=True)
class RoleChange:
    """A place that is something else from one day on.

    Parameters
    ----------
    place : int
    role : int      position in `displacement.ROLES`.
    day : int
    """

    place: int
    role: int
    day: int
