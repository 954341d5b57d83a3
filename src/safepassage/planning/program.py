"""A linear program in arrays, built block by block without a loop over variables."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csc_array


@dataclass(frozen=True)
class Program:
    """Minimise, subject to ``row_lower <= matrix @ x <= row_upper`` and ``lower <= x <= upper``.

    Parameters
    ----------
    unmet, money : (n,) float64     the two objectives, by column.
    lower, upper : (n,) float64
    matrix : (m, n) csc_array
    row_lower, row_upper : (m,) float64
    whole : (n,) bool               columns that shall be whole numbers.
    """

    unmet: NDArray[np.float64]
    money: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    matrix: csc_array
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    whole: NDArray[np.bool_]

    def with_row(self, row: NDArray[np.float64], *, upper: float) -> Program:
        """Give the program with one more row, ``row @ x <= upper``, at the end."""
        return replace(
            self,
            matrix=csc_array(_stacked(self.matrix, row)),
            row_lower=np.append(self.row_lower, -np.inf),
            row_upper=np.append(self.row_upper, upper),
        )


def _stacked(matrix: csc_array, row: NDArray[np.float64]) -> coo_array:
    found = matrix.tocoo()
    at = np.flatnonzero(row)
    rows = np.concatenate([found.row, np.full(len(at), matrix.shape[0])])
    columns = np.concatenate([found.col, at])
    return coo_array(
        (np.concatenate([found.data, row[at]]), (rows, columns)),
        shape=(matrix.shape[0] + 1, matrix.shape[1]),
    )


class Sheet:
    """Collects columns, rows and entries; numbers are given out in order."""

    def __init__(self) -> None:
        self._columns: list[tuple[NDArray[np.float64], ...]] = []
        self._whole: list[NDArray[np.bool_]] = []
        self._rows: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        self._shifts: list[tuple[NDArray[np.int64], NDArray[np.float64], bool]] = []
        self._entries: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
        self.columns, self.rows = 0, 0

    def add_columns(
        self,
        count: int,
        *,
        upper: ArrayLike = np.inf,
        unmet: ArrayLike = 0.0,
        money: ArrayLike = 0.0,
        whole: ArrayLike = False,
    ) -> NDArray[np.int64]:
        """Add columns that are at least zero; give their numbers."""
        values = [np.broadcast_to(np.asarray(v, dtype=np.float64), count) for v in (upper, unmet, money)]
        self._columns.append((np.zeros(count), *values))
        self._whole.append(np.broadcast_to(np.asarray(whole, dtype=bool), count))
        first, self.columns = self.columns, self.columns + count
        return np.arange(first, self.columns, dtype=np.int64)

    def add_rows(
        self, count: int, *, lower: ArrayLike = -np.inf, upper: ArrayLike = np.inf
    ) -> NDArray[np.int64]:
        """Add rows; give their numbers."""
        low, high = (np.broadcast_to(np.asarray(v, dtype=np.float64), count) for v in (lower, upper))
        self._rows.append((low, high))
        first, self.rows = self.rows, self.rows + count
        return np.arange(first, self.rows, dtype=np.int64)

    def put(self, rows: NDArray[np.int64], columns: NDArray[np.int64], values: ArrayLike) -> None:
        """Put coefficients; entries where row or column is -1 are left out, repeated ones add up."""
        rows, columns, found = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=np.float64))
        there = (rows >= 0) & (columns >= 0)
        self._entries.append((rows[there], columns[there], found[there]))

    def shift(self, rows: NDArray[np.int64], by: NDArray[np.float64], *, lower: bool = True) -> None:
        """Add constants to the right sides of rows; with `lower` false to the upper ones only."""
        self._shifts.append((rows, by, lower))

    def program(self) -> Program:
        """Give the whole."""
        row_lower = np.concatenate([r[0] for r in self._rows] or [np.zeros(0)])
        row_upper = np.concatenate([r[1] for r in self._rows] or [np.zeros(0)])
        for shifted, by, both in self._shifts:
            np.add.at(row_upper, shifted, by)
            if both:
                np.add.at(row_lower, shifted, by)
        lower, upper, unmet, money = (
            np.concatenate([c[part] for c in self._columns] or [np.zeros(0)]) for part in range(4)
        )
        rows, columns, values = (
            np.concatenate([np.asarray(e[part]) for e in self._entries] or [np.zeros(0)]) for part in range(3)
        )
        matrix = coo_array(
            (values, (rows.astype(np.int64), columns.astype(np.int64))), shape=(self.rows, self.columns)
        )
        return Program(
            unmet,
            money,
            lower,
            upper,
            csc_array(matrix),
            row_lower,
            row_upper,
            np.concatenate(self._whole or [np.zeros(0, dtype=bool)]),
        )
