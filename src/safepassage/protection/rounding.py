"""Counts become figures whose differences tell of nobody: a grid nowhere finer than the least count."""

from __future__ import annotations

import math


def grid_step(people: float, *, count_min: int) -> int:
    """Give the distance between two figures that can be shown near `people`.

    It is the larger of two significant figures and the first of 10, 20, 50, 100, 200 … that is not below
    `count_min`, so that two different figures always differ by `count_min` or more.
    """
    base = _first_round_number(count_min)
    if people < 10 * base:
        return base
    return int(max(base, 10 ** (math.floor(math.log10(people)) - 1)))


def rounded_range(low: float, high: float, *, count_min: int) -> tuple[int, int]:
    """Round a range of people to the grid; it never closes to a point and never starts below the grid.

    Parameters
    ----------
    low, high : float       people, `count_min` <= low <= high.
    count_min : int

    Returns
    -------
    (int, int)              both multiples of their `grid_step`, the second larger than the first.
    """
    shown_low = _nearest(low, count_min)
    shown_high = _nearest(high, count_min)
    if shown_high <= shown_low:
        shown_high = shown_low + grid_step(shown_low, count_min=count_min)
    return shown_low, shown_high


def _nearest(people: float, count_min: int) -> int:
    step = grid_step(people, count_min=count_min)
    return max(step, step * math.floor(people / step + 0.5))


def _first_round_number(least: int) -> int:
    power = 10
    while True:
        for digit in (1, 2, 5):
            if digit * power >= least:
                return digit * power
        power *= 10
