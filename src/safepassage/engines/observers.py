"""Observers: they see every evening once, and keep quantiles instead of the cube of members."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.core.engine import SEGMENT_COLUMNS, DayView, GroupView
from safepassage.core.forecast import MODES, QUANTILE_LEVELS, Fan, PartForecast


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


class OnAxes:
    """Tells where bodies of people are along one axis per caravan, since members may walk different roads.

    That is the km of the last place that lies on the axis, and the km walked since.

    Parameters
    ----------
    axes : list of (place,) float64     km of each place along the axis of each caravan, NaN off it.
    """

    def __init__(self, axes: list[NDArray[np.float64]]) -> None:
        self._axes = axes
        # Of every column: the km along the axis of the last place on it, and the member's own km there.
        self._axis_km: NDArray[np.float64] = np.zeros((0, 0))
        self._at_km: NDArray[np.float64] = np.zeros((0, 0))

    def taken(self, chosen: NDArray[np.int64]) -> None:
        """Let every member have the past of its ancestor, (member,)."""
        if len(self._axis_km):
            self._axis_km, self._at_km = self._axis_km[chosen], self._at_km[chosen]

    def _along(self, groups: GroupView) -> NDArray[np.float64]:
        """Give the head of every column along its axis, (member, column) km, and remember it."""
        n, columns = len(self._axes), groups.head_km.shape[1]
        if self._axis_km.shape != groups.head_km.shape:
            self._axis_km, self._at_km = np.zeros(groups.head_km.shape), np.zeros(groups.head_km.shape)
        for column in range(columns):
            here = self._axes[column % n][groups.place[:, column]]
            on_axis = np.isfinite(here)
            own_km = groups.head_km[:, column] - groups.beyond_km[:, column]
            self._axis_km[on_axis, column] = here[on_axis]
            self._at_km[on_axis, column] = own_km[on_axis]
            if column >= n:
                # A part to come sets out from its main body, and off the axis it was last where that was.
                nobody = ~groups.alive[:, column]
                self._axis_km[nobody, column] = self._axis_km[nobody, column % n]
                self._at_km[nobody, column] = self._at_km[nobody, column % n]
        return np.asarray(self._axis_km + groups.head_km - self._at_km)


class GroupObserver(OnAxes):
    """Keeps, per day and caravan, quantiles of head, tail and size, and the share of members in each mode.

    These tell of the main body. What goes apart from it is told by `parts`, and all of them together by
    `whole_size`. Positions are told along one axis per caravan, since members may walk different roads: the
    km of the last place that lies on the axis, and the km walked since.

    Parameters
    ----------
    days : int
    axes : list of (place,) float64     km of each place along the axis of each caravan, NaN off it.
    """

    def __init__(self, *, days: int, axes: list[NDArray[np.float64]]) -> None:
        groups = len(axes)
        shape = (len(QUANTILE_LEVELS), days, groups)
        super().__init__(axes)
        self._kept = {name: np.zeros(shape) for name in ("head_km", "tail_km", "size", "joined", "left")}
        self._whole = np.zeros(shape)
        self._parts = {name: np.full((len(SEGMENT_COLUMNS), *shape), np.nan) for name in ("head_km", "size")}
        self._chance = np.zeros((len(SEGMENT_COLUMNS), days, groups))
        self.mode_share = np.zeros((days, groups, len(MODES)))

    def see(self, day: int, view: DayView) -> None:
        """Take in one evening."""
        groups, n = view.groups, len(self._axes)
        if groups is None:
            return
        head = self._along(groups)
        main = slice(0, n)
        seen = {
            "head_km": head[:, main],
            "tail_km": np.maximum(0.0, head - (groups.head_km - groups.tail_km))[:, main],
        }
        for name, kept in self._kept.items():
            if name not in seen:
                kept[:, day] = np.quantile(getattr(groups, name)[:, main], QUANTILE_LEVELS, axis=0)
                continue
            for g in range(n):
                # A group that has dissolved is nowhere: it has no part in where the others are.
                there = seen[name][groups.alive[:, g], g]
                kept[:, day, g] = np.quantile(there, QUANTILE_LEVELS) if there.size else np.nan
        for mode in range(len(MODES)):
            self.mode_share[day, :, mode] = (groups.mode[:, main] == mode).mean(axis=0)
        whole = groups.size.reshape(len(head), -1, n).sum(axis=1)
        self._whole[:, day] = np.quantile(whole, QUANTILE_LEVELS, axis=0)
        self._see_parts(day, groups, head)

    def _see_parts(self, day: int, groups: GroupView, head: NDArray[np.float64]) -> None:
        n = len(self._axes)
        for column in range(n, groups.size.shape[1]):
            segment, g = divmod(column, n)
            there = groups.alive[:, column] & (groups.size[:, column] > 0)
            self._chance[segment, day, g] = there.mean()
            if there.any():
                for name, table in (("head_km", head), ("size", groups.size)):
                    told = np.quantile(table[there, column], QUANTILE_LEVELS)
                    self._parts[name][segment, :, day, g] = told

    def fan(self, name: str, group: int) -> Fan:
        """Give the fan of "head_km", "tail_km", "size", "joined" or "left" of one caravan.

        Position and size are those of its main body; who joined and who left, those of the whole.
        """
        return Fan("km" if name.endswith("_km") else "people", self._kept[name][:, :, group])

    def parts(self, group: int) -> tuple[PartForecast, ...]:
        """Give what goes apart from the main body of one caravan, ahead and behind."""
        return tuple(
            PartForecast(
                segment=SEGMENT_COLUMNS[k],
                chance=self._chance[k, :, group],
                head_km=Fan("km", self._parts["head_km"][k, :, :, group]),
                size=Fan("people", self._parts["size"][k, :, :, group]),
            )
            for k in range(1, len(SEGMENT_COLUMNS))
        )

    def whole_size(self, group: int) -> Fan:
        """Give the fan of people in the main body of one caravan and its parts."""
        return Fan("people", self._whole[:, :, group])
