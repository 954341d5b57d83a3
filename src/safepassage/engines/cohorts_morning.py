"""What all members of the cohort kernel share: roads in cells of distance, and the tables of one day.

Tables are laid out once for all members, and again only where scores, chances or roads have changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.compiled import compiled
from safepassage.engines.local_routes import Paths
from safepassage.engines.local_rules import path_weight
from safepassage.engines.quantiles import log_of_larger
from safepassage.engines.timetable import Timetable

HIGHEST_WEIGHT = 1e280
MOST_WINDOW_BYTES = 400_000_000
BYTES_A_CELL = 12  # of the window: a count, and a place in the list of those touched
MOST_KEPT_BYTES = 64_000_000
FINE = 4  # steps of the guide for each path

# `upto`: chance of this path or one before it, given that somebody leaves; `given`: of this path, given that
# none before it is taken; `log`: of the larger of `given` and its opposite; `cells`: length in cells.
PATH = np.dtype(
    [
        ("upto", np.float64),
        ("given", np.float64),
        ("log", np.float64),
        ("cells", np.int32),
        ("dest", np.int32),
    ],
    align=True,
)
PLACE = np.dtype([("chance", np.float64), ("inverse", np.float64), ("log", np.float64)], align=True)


class Roads(NamedTuple):
    """What never changes, in cells of distance.

    Parameters
    ----------
    day : int                       cells in a day's way.
    rows : int                      rows of the working space.
    back : int                      how far ahead the working space holds arrivals, in cells.
    places : int
    ends : (c, longest) int32       cells from the start of a path to the end of each of its arcs.
    path_arcs : (c, longest) int32
    path_length : (c,) int32
    arc_origin, arc_target : (a,) int32
    arc_open : (p, a) bool          by state of the roads.
    most_nights : int               most nights anybody spends on one path.
    within : bool                   the working space reaches as far as anybody can go.
    """

    day: int
    rows: int
    back: int
    places: int
    ends: NDArray[np.int32]
    path_arcs: NDArray[np.int32]
    path_length: NDArray[np.int32]
    arc_origin: NDArray[np.int32]
    arc_target: NDArray[np.int32]
    arc_open: NDArray[np.bool_]
    most_nights: int
    within: bool


class Morning(NamedTuple):
    """What holds for one day.

    Parameters
    ----------
    ptr : (n + 1,) int64        paths from each place, as in `Paths`, less the number of the first.
    first : int                 number of the first path of this state of the roads.
    places : (n,) PLACE
    paths : (k,) PATH           of this state of the roads.
    guide : (FINE * k,) int32   where to begin to look for a path: by place, in equal steps of chance.
    ahead : (d,) int64          state of the roads on this and the following days on which people move.
    shortest : int              cells of the shortest path.
    plain : bool                every path is one road, and no road changes before those who leave arrive.
    """

    ptr: NDArray[np.int64]
    first: int
    places: NDArray[np.void]
    paths: NDArray[np.void]
    guide: NDArray[np.int32]
    ahead: NDArray[np.int64]
    shortest: int
    plain: bool


def cells_a_day(timetable: Timetable, cell_km: float) -> int:
    """Give the number of cells in a day's way; a cell is that way over it, as near to `cell_km` as can be."""
    speed = max(1.0, float(np.rint(timetable.law.max_move_speed_km_per_day)))
    return max(1, round(speed / cell_km))


def path_ends(paths: Paths, arc_km: NDArray[np.float64], cell_km: float) -> NDArray[np.int32]:
    """Round the way from the start of each path to the end of each of its arcs to cells.

    The way as a whole is rounded, so that the errors of arcs do not add up; an arc has at least one cell.

    Parameters
    ----------
    paths : Paths
    arc_km : (a,) float64
    cell_km : float

    Returns
    -------
    (c, longest) int32      beyond the last arc, its end again.
    """
    used = paths.arcs >= 0
    km = np.where(used, arc_km[paths.arcs] if len(arc_km) else 0.0, 0.0)
    exact = np.cumsum(km, axis=1) / cell_km
    # A whole number of cells must not be missed for the last digit of a sum.
    ends = np.maximum(np.rint(exact + 1e-9), 1.0)
    for arc in range(1, ends.shape[1]):
        at_least = ends[:, arc - 1] + used[:, arc]
        ends[:, arc] = np.where(used[:, arc], np.maximum(ends[:, arc], at_least), ends[:, arc - 1])
    return np.minimum(ends, 2.0**30).astype(np.int32)


def roads_of(timetable: Timetable, cell_km: float) -> Roads:
    """Lay the roads out in cells."""
    arcs, paths = timetable.arcs, timetable.paths
    day = cells_a_day(timetable, cell_km)
    speed = max(1.0, float(np.rint(timetable.law.max_move_speed_km_per_day)))
    ends = path_ends(paths, arcs.km, speed / day)
    places, longest = len(timetable.population), int(ends.max(initial=1))
    room = MOST_WINDOW_BYTES // (BYTES_A_CELL * max(1, places))
    # Who is stopped by a closed road stays for the night, or for the next if she rested before it.
    furthest = longest if len(timetable.arc_open) == 1 else longest + 2 * day
    back = max(day, min(furthest, room - day))
    return Roads(
        day=day,
        rows=day + back,
        back=back,
        places=places,
        ends=ends,
        path_arcs=paths.arcs,
        path_length=paths.length,
        arc_origin=arcs.origin,
        arc_target=arcs.target,
        arc_open=timetable.arc_open,
        most_nights=longest // day + 2,
        within=back >= furthest,
    )


@compiled
def _fill_chances(
    ptr: NDArray[np.int64], weights: NDArray[np.float64], paths: NDArray[np.void], guide: NDArray[np.int32]
) -> None:
    """Turn path weights into chances; where all weights of a place are zero, each path is as likely."""
    for place in range(len(ptr) - 1):
        begin, end = ptr[place], ptr[place + 1]
        # From the end, so that the last path with any weight has a chance of exactly one.
        rest = 0.0
        for path in range(end - 1, begin - 1, -1):
            rest += weights[path]
            paths[path]["given"] = weights[path] / rest if rest > 0.0 else 1.0
        flat = not rest > 0.0
        total = 0.0
        for path in range(begin, end):
            if flat:
                paths[path]["given"], weights[path] = 1.0 / (end - path), 1.0
            paths[path]["log"] = log_of_larger(paths[path]["given"])
            total += weights[path]
        done, at, steps = 0.0, 0, FINE * (end - begin)
        for path in range(begin, end):
            done += weights[path]
            paths[path]["upto"] = done / total
            while at < steps and at / steps < done / total:
                guide[FINE * begin + at] = path
                at += 1


@compiled
def _weigh(
    ptr: NDArray[np.int64],
    score: NDArray[np.float64],
    paths: NDArray[np.void],
    inverse: NDArray[np.float64],
    law: tuple[float, float, float],
) -> NDArray[np.float64]:
    """Weigh paths; `law` is the softening and power of weights, and the pruning threshold (0: none)."""
    weights = np.empty(len(paths))
    for place in range(len(ptr) - 1):
        begin, end = ptr[place], ptr[place + 1]
        best = 0.0
        for path in range(begin, end):
            weight = path_weight(score[paths[path]["dest"]], inverse[path], 1.0, law[0], law[1])
            weights[path] = min(weight, HIGHEST_WEIGHT)
            best = max(best, weights[path])
        if law[2] > 0.0:
            for path in range(begin, end):
                if weights[path] < best / law[2]:
                    weights[path] = 0.0
    return weights


@compiled
def _fill_places(chance: NDArray[np.float64], places: NDArray[np.void]) -> None:
    for place in range(len(chance)):
        places[place]["chance"] = chance[place]
        places[place]["inverse"] = 1.0 / chance[place] if chance[place] > 0.0 else 0.0
        places[place]["log"] = log_of_larger(chance[place])


class Mornings:
    """The tables of each day, laid out when first asked for and kept while they hold.

    Parameters
    ----------
    timetable : Timetable
    roads : Roads
    """

    def __init__(self, timetable: Timetable, roads: Roads) -> None:
        self._timetable, self._roads = timetable, roads
        self._kept: list[tuple[Sequence[NDArray[Any]], Morning]] = []
        self._of_day: dict[int, Morning] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Leave the tables out of what is sent to other processes."""
        return {**self.__dict__, "_kept": [], "_of_day": {}}

    def of(self, day: int) -> Morning:
        """Give the tables of one day; part after part of the members asks for the same days."""
        known = self._of_day.get(day)
        if known is not None:
            return known
        morning = self._of_circumstances(day)
        self._of_day[day] = morning
        return morning

    def _of_circumstances(self, day: int) -> Morning:
        timetable = self._timetable
        ahead = self._ahead(day)
        given = (ahead, timetable.scores(day)[0], timetable.chances(day)[0])
        kept = self._kept
        for before, morning in kept:
            if all(np.array_equal(one, other) for one, other in zip(before, given, strict=True)):
                return morning
        morning = self._laid_out(*given)
        most = max(1, MOST_KEPT_BYTES // max(1, morning.paths.nbytes + morning.guide.nbytes))
        self._kept = [(given, morning), *kept[: most - 1]]
        if len(kept) >= most:
            self._of_day = {}  # so that nothing keeps tables that were dropped
        return morning

    def _ahead(self, day: int) -> NDArray[np.int64]:
        """Give the state of the roads on the next days on which people move, this one first."""
        timetable, nights = self._timetable, self._roads.most_nights
        if len(timetable.arc_open) == 1:
            return np.zeros(nights + 1, dtype=np.int64)
        days: list[int] = []
        later = day
        while len(days) <= nights and later <= day + 400 + nights:
            if later == day or not timetable.still(later)[0]:
                days.append(timetable.row(later))
            later += 1
        days += [days[-1]] * (nights + 1 - len(days))
        ahead: NDArray[np.int64] = timetable.state[np.array(days)]
        return ahead

    def _laid_out(
        self, ahead: NDArray[np.int64], score: NDArray[np.float64], chance: NDArray[np.float64]
    ) -> Morning:
        timetable, roads, law = self._timetable, self._roads, self._timetable.law
        row = timetable.paths.ptr[ahead[0]]
        first, end = int(row[0]), int(row[-1])
        ptr = row - first
        paths = np.zeros(end - first, dtype=PATH)
        paths["cells"], paths["dest"] = roads.ends[first:end, -1], timetable.paths.dest[first:end]
        pruning = law.pruning_threshold if law.pruning_threshold >= 1.001 else 0.0
        numbers = (float(law.weight_softening), float(law.weight_power), float(pruning))
        weights = _weigh(ptr, score, paths, timetable.inverse[first:end], numbers)
        guide = np.zeros(FINE * (end - first), dtype=np.int32)
        _fill_chances(ptr, weights, paths, guide)
        places = np.zeros(roads.places, dtype=PLACE)
        _fill_places(np.where(np.diff(ptr) > 0, chance, 0.0), places)
        calm = bool((ahead == ahead[0]).all())
        one_road = bool((timetable.paths.length[first:end] == 1).all())
        shortest = int(paths["cells"].min(initial=roads.day))
        plain = calm and one_road and roads.within
        return Morning(ptr, first, places, paths, guide, ahead, shortest, plain)
