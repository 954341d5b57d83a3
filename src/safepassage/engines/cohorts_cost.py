"""What a run of the cohort kernel costs, foreseen from places, paths, cells and people; cells that fit.

The constants were measured on one core of a 2-core AMD EPYC (family 26) with generated worlds of 50 to 50,000
places and 10^3 to 8 × 10^9 people; a prediction is meant to be right within a factor of two or three.
"""

from __future__ import annotations

import numpy as np

from safepassage.engines.cohorts_morning import BYTES_A_CELL, MOST_WINDOW_BYTES, cells_a_day
from safepassage.engines.timetable import Timetable

SECONDS_A_DAY, SECONDS_A_MEMBER_DAY = 50e-6, 5e-6
SECONDS_A_PLACE_DAY, SECONDS_A_PLACE_MEMBER_DAY, SECONDS_A_PATH_DAY = 40e-9, 12e-9, 3e-9
SECONDS_A_PARTY, SECONDS_A_SPLIT = 33e-9, 20e-9
SECONDS_A_CLEARED_BYTE, BYTES_A_TOUCH = 0.8e-9, 2e6
PARTIES_A_PERSON = 0.05  # of those who are alone in their cell: most people are in camps on most days
# People per cell at which half of the cells are occupied, and at which half of those are split by binomial
# counts; both shares grow slowly, because some places see a thousand times the people of others.
HALF_FULL, HALF_SPLIT = 280.0, 400.0
SPREAD_FULL, SPREAD_SPLIT = 0.48, 0.7
CELL_SIZES_KM = (1.0, 2.0, 5.0, 10.0, 20.0)


def predicted_seconds(
    timetable: Timetable, *, days: int, members: int, people: float, cell_km: float = 1.0
) -> float:
    """Foresee the processor seconds of a run.

    Parameters
    ----------
    timetable : Timetable
    days, members : int
    people : float      people who are there on an average day, in each member.
    cell_km : float     as for `Cohorts`.

    Returns
    -------
    float               seconds of one core.
    """
    places, paths = len(timetable.population), len(timetable.paths.dest) / max(1, len(timetable.arc_open))
    cells = float(places * cells_a_day(timetable, cell_km))
    per_cell = max(float(people), 1e-9) / cells
    occupied = min(cells / (1.0 + (HALF_FULL / per_cell) ** SPREAD_FULL), PARTIES_A_PERSON * people)
    split = paths / max(1, places) / (1.0 + (HALF_SPLIT / per_cell) ** SPREAD_SPLIT)
    member_day = SECONDS_A_MEMBER_DAY + SECONDS_A_PLACE_MEMBER_DAY * places
    member_day += occupied * (SECONDS_A_PARTY + SECONDS_A_SPLIT * split)
    day = SECONDS_A_DAY + SECONDS_A_PLACE_DAY * places + SECONDS_A_PATH_DAY * paths
    # The working space is cleared when it is first used, in the large steps in which memory is handed out.
    cleared = min(_window_bytes(timetable, cell_km), occupied * days * members * BYTES_A_TOUCH)
    return float(days * (day + members * member_day) + SECONDS_A_CLEARED_BYTE * cleared)


def _window_bytes(timetable: Timetable, cell_km: float) -> float:
    arcs, paths = timetable.arcs, timetable.paths
    km = arcs.km[np.maximum(paths.arcs, 0)] * (paths.arcs >= 0) if len(arcs.km) else np.zeros((1, 1))
    longest_km, day = float(km.sum(axis=1).max(initial=1.0)), cells_a_day(timetable, cell_km)
    rows = day * (1.0 + longest_km / max(1.0, timetable.law.max_move_speed_km_per_day))
    room = max(MOST_WINDOW_BYTES, 2.0 * day * len(timetable.population) * BYTES_A_CELL)
    return min(room, rows * len(timetable.population) * BYTES_A_CELL)


def finest_cell_km(timetable: Timetable) -> float:
    """Give the smallest of `CELL_SIZES_KM` for which the working space of a member fits well into memory."""
    for cell_km in CELL_SIZES_KM:
        if _window_bytes(timetable, cell_km) <= MOST_WINDOW_BYTES / 2:
            return cell_km
    return CELL_SIZES_KM[-1]
