"""The local law in its simple form, as tables that any program can follow.

One link ahead, a chance to leave by place, a fixed weight for every road, and a day that holds so many km,
going on in the same day as long as they last. No limits, no memory. The order of people does not matter.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from safepassage.engines import local_rules
from safepassage.engines.timetable import Timetable


@dataclass(frozen=True)
class Plain:
    """The tables.

    Parameters
    ----------
    ptr : (n + 1,) int64        roads out of place i are ``ptr[i]`` up to ``ptr[i + 1]``.
    dest, km : (c,) int32       where each leads, and how far, in whole km.
    weight : (c,) float64       roads of one place are taken in proportion to it.
    chance : (n,) float64       to leave a place, each morning and each time somebody comes by with km left.
    speed_km : int              km of a day.
    origin : (n,) float64       share of those who leave, by place; they start on the morning they leave.
    leaving : (days,) int64     people who leave on each day.
    """

    ptr: NDArray[np.int64]
    dest: NDArray[np.int32]
    km: NDArray[np.int32]
    weight: NDArray[np.float64]
    chance: NDArray[np.float64]
    speed_km: int
    origin: NDArray[np.float64]
    leaving: NDArray[np.int64]

    def save(self, path: Path) -> None:
        """Write the tables to an npz file, for a program in another environment."""
        np.savez(path, **asdict(self))


def plain_of(timetable: Timetable, *, days: int) -> Plain:
    """Take the tables from a timetable without closures, limits or memory.

    Raises
    ------
    ValueError      if it has rules that the simple form leaves out.
    """
    law, paths = timetable.law, timetable.paths
    plain_law = law.awareness_level == 1 and not (law.compat or law.avoid_short_stints or law.start_on_foot)
    if not plain_law or (timetable.capacity >= 1.0).any() or paths.ptr.shape[0] != 1 or timetable.kinds != 1:
        message = "these rules are not the simple form"
        raise ValueError(message)
    score = timetable.scores(0)[0][paths.dest]
    weight = ((law.weight_softening + score) * timetable.inverse) ** law.weight_power
    origin = local_rules.spawn_weights(timetable.population, timetable.conflict[0], timetable.decay[0])
    return Plain(
        ptr=paths.ptr[0],
        dest=paths.dest.astype(np.int32),
        km=paths.km.astype(np.int32),
        weight=weight,
        chance=np.asarray(timetable.chances(0)[0]),
        speed_km=int(np.rint(law.max_move_speed_km_per_day)),
        origin=origin / origin.sum(),
        leaving=timetable.departures[:days],
    )


@dataclass(frozen=True)
class Alias:
    """Alias tables (Walker 1977): road k of a place is kept with chance `keep[k]`, else it is `other[k]`."""

    keep: NDArray[np.float64]
    other: NDArray[np.int32]


def alias_of(plain: Plain) -> Alias:
    """Build the alias table of the roads of every place."""
    keep, other = np.ones(len(plain.dest)), np.arange(len(plain.dest), dtype=np.int32)
    for begin, end in zip(plain.ptr[:-1].tolist(), plain.ptr[1:].tolist(), strict=True):
        share = plain.weight[begin:end] / max(plain.weight[begin:end].sum(), 1e-300) * (end - begin)
        small = [k for k in range(end - begin) if share[k] < 1.0]
        large = [k for k in range(end - begin) if share[k] >= 1.0]
        while small and large:
            poor, rich = small.pop(), large[-1]
            keep[begin + poor], other[begin + poor] = share[poor], begin + rich
            share[rich] -= 1.0 - share[poor]
            if share[rich] < 1.0:
                small.append(large.pop())
    return Alias(keep, other)
