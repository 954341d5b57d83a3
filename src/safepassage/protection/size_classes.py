"""Counts become classes of size, so wide that a small group which joins a larger one moves no figure.

That is: hardly ever. Rounding to two significant figures, as is usual, fails the attack: of a group of 200 it
tells whether twelve people have joined. With few edges a small group moves a figure only where it happens to
lift it over one, and the further apart the edges lie, the rarer that is.
"""

from __future__ import annotations

from collections.abc import Iterator

# The first class is so many times as wide as the least count: measured in tests/protection/test_small_groups.
FIRST_CLASS_WIDTH = 25


def size_class(low: float, high: float, *, count_min: int) -> tuple[int, int]:
    """Widen a range of people outward to the edges of classes.

    Parameters
    ----------
    low, high : float       people, `count_min` <= low <= high.
    count_min : int

    Returns
    -------
    (int, int)              the last edge not above `low` and the first edge above `high`. Two different edges
        always differ by more than `count_min`.
    """
    edges = _edges(count_min)
    shown_low = edge = next(edges)
    while edge <= high:
        edge = next(edges)
        if edge <= low:
            shown_low = edge
    return shown_low, edge


def _edges(count_min: int) -> Iterator[int]:
    """Give the edges: the least count, then 1, 2, 5 times powers of ten from the first class on."""
    yield count_min
    power = 10
    while True:
        for digit in (1, 2, 5):
            if digit * power >= FIRST_CLASS_WIDTH * count_min:
                yield digit * power
        power *= 10
