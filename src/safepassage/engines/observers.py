"""Observers: they see every evening once, and keep quantiles instead of the cube of members."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.core.engine import DayView, GroupView
from safepassage.core.forecast import MODES, QUANTILE_LEVELS, Fan


class NightObserver:
    """Keeps, per day and place, how many stay the night and how sure that is.

    Parameters
    ----------
    days, members, places : int
    threshold_people : int      people from which a night counts as "they come".
    """

    def __init__(self, *, days: int, members: int, places: int, threshold_people: int) -> None:
        levels = len(QUANTILE_LEVELS)
        self.threshold_people = threshold_people
        self.overnight: NDArray[np.float32] = np.zeros((levels, days, places), dtype=np.float32)
        self.if_they_come: NDArray[np.float32] = np.full((levels, days, places), np.nan, dtype=np.float32)
        self.chance_threshold: NDArray[np.float32] = np.zeros((days, places), dtype=np.float32)
        self.chance_any: NDArray[np.float32] = np.zeros((days, places), dtype=np.float32)
        self.on_road = np.zeros((levels, days))
        self.arrival_day: NDArray[np.int16] = np.full((members, places), -1, dtype=np.int16)
        self.peak_people: NDArray[np.int64] = np.zeros((members, places), dtype=np.int64)

    def see(self, day: int, view: DayView) -> None:
        """Take in one evening."""
        stock, members = view.stock, len(view.stock)
        # Most towns of a large network are empty on a night; the others are sorted once for all they tell.
        busy = np.flatnonzero(stock.any(axis=0))
        ordered = np.sort(stock[:, busy], axis=0)
        self.overnight[:, day, busy] = _quantiles(ordered, np.full(len(busy), members))
        self.chance_any[day, busy] = (ordered > 0).mean(axis=0)
        come = (ordered >= self.threshold_people).sum(axis=0)
        self.chance_threshold[day, busy] = come / members
        some = np.flatnonzero(come)
        self.if_they_come[:, day, busy[some]] = _quantiles(ordered[:, some], come[some])
        self.on_road[:, day] = np.quantile(view.on_road, QUANTILE_LEVELS)
        arrived, peak = self.arrival_day[:, busy], self.peak_people[:, busy]
        arrived[(arrived < 0) & (stock[:, busy] > 0)] = day
        self.arrival_day[:, busy] = arrived
        self.peak_people[:, busy] = np.maximum(peak, stock[:, busy])

    def taken(self, chosen: NDArray[np.int64]) -> None:
        """Let every member have the past of its ancestor, (member,)."""
        self.arrival_day = self.arrival_day[chosen]
        self.peak_people = self.peak_people[chosen]


def _quantiles(ordered: NDArray[np.int64], highest: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give the quantiles of the `highest` values of each column, linear between ranks: (level, column).

    Parameters
    ----------
    ordered : (member, column) int64    ascending in each column.
    highest : (column,) int64           1 … member.
    """
    members, columns = ordered.shape
    rank = np.asarray(QUANTILE_LEVELS)[:, None] * (highest - 1) + (members - highest)
    low = np.floor(rank).astype(np.int64)
    column = np.arange(columns)
    below, above = ordered[low, column], ordered[np.minimum(low + 1, members - 1), column]
    quantiles: NDArray[np.float64] = below + (rank - low) * (above - below)
    return quantiles


class GroupObserver:
    """Keeps, per day and group, quantiles of head, tail and size, and the share of members in each mode.

    Positions are told along one axis per group, since members may walk different roads: the km of the last
    place that lies on the axis, and the km walked since.

    Parameters
    ----------
    days : int
    axes : list of (place,) float64     km of each place along the axis of each group, NaN where it is off it.
    """

    def __init__(self, *, days: int, axes: list[NDArray[np.float64]]) -> None:
        groups = len(axes)
        shape = (len(QUANTILE_LEVELS), days, groups)
        self._axes = axes
        self._on_axis: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        self._kept = {name: np.zeros(shape) for name in ("head_km", "tail_km", "size", "joined", "left")}
        self.mode_share = np.zeros((days, groups, len(MODES)))

    def see(self, day: int, view: DayView) -> None:
        """Take in one evening."""
        groups = view.groups
        if groups is None:
            return
        head = np.stack([self._along(groups, g) for g in range(len(self._axes))], axis=1)
        seen = {"head_km": head, "tail_km": np.maximum(0.0, head - (groups.head_km - groups.tail_km))}
        for name, kept in self._kept.items():
            if name not in seen:
                kept[:, day] = np.quantile(getattr(groups, name), QUANTILE_LEVELS, axis=0)
                continue
            for g in range(len(self._axes)):
                # A group that has dissolved is nowhere: it has no part in where the others are.
                there = seen[name][groups.alive[:, g], g]
                kept[:, day, g] = np.quantile(there, QUANTILE_LEVELS) if there.size else np.nan
        for mode in range(len(MODES)):
            self.mode_share[day, :, mode] = (groups.mode == mode).mean(axis=0)

    def taken(self, chosen: NDArray[np.int64]) -> None:
        """Let every member have the past of its ancestor, (member,)."""
        self._on_axis = [(axis_km[chosen], at_km[chosen]) for axis_km, at_km in self._on_axis]

    def _along(self, groups: GroupView, g: int) -> NDArray[np.float64]:
        """Give the head of group g along its axis, (member,) km, and remember where it was last on it."""
        own_km = groups.head_km[:, g]
        if len(self._on_axis) <= g:
            self._on_axis.append((np.zeros_like(own_km), np.zeros_like(own_km)))
        axis_km, at_km = self._on_axis[g]
        here = self._axes[g][groups.place[:, g]]
        on_axis = np.isfinite(here)
        axis_km = np.where(on_axis, here, axis_km)
        at_km = np.where(on_axis, own_km - groups.beyond_km[:, g], at_km)
        self._on_axis[g] = (axis_km, at_km)
        return axis_km + own_km - at_km

    def fan(self, name: str, group: int) -> Fan:
        """Give the fan of "head_km", "tail_km", "size", "joined" or "left" of one group."""
        return Fan("km" if name.endswith("_km") else "people", self._kept[name][:, :, group])
