"""Who people are, as far as a rule of movement asks: shares by place, never single persons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Attribute:
    """One trait and how often each of its values is met among those who leave a place.

    Parameters
    ----------
    name : str                      "age", "gender", "ethnicity", "religion" or "floodawareness".
    values : tuple of str           as in the file.
    shares : (c, v) float64         share of each value by column of the file; a row sums to one, or to zero
        where nothing is known. Row 0 is the default.
    column : (n,) int64             row of each place.
    """

    name: str
    values: tuple[str, ...]
    shares: NDArray[np.float64]
    column: NDArray[np.int64]


@dataclass(frozen=True)
class Listed:
    """People who are there at the start by a list, counted: the list itself is not kept.

    Parameters
    ----------
    place : (r,) int64          where.
    values : (r, a) int64       position in `Attribute.values` of each attribute; -1: not told.
    people : (r,) int64         how many such people.
    """

    place: NDArray[np.int64]
    values: NDArray[np.int64]
    people: NDArray[np.int64]
