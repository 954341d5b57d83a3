"""Solving a program with HiGHS through arrays: linear with duals, or with whole trips within a gap.

Huangfu & Hall 2018, doi:10.1007/s12532-017-0130-5. HiGHS is handed CSC arrays; nothing loops over variables.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from safepassage.core.errors import InternalError
from safepassage.planning.program import Program

MINIMISE, COLUMN_WISE = 1, 1
DUAL, PRIMAL = 1, 4
# The interior point is the faster one in large programs with many more columns than rows (later drives that
# each scenario chooses among). Where rows are as many, most columns are drives that all scenarios share: they
# fill its normal equations, and the simplex is several times faster.
INTERIOR_COLUMNS, INTERIOR_PER_ROW = 15_000, 2.0


@dataclass(frozen=True)
class Effort:
    """How long and how hard to search.

    Parameters
    ----------
    time_limit_s : float
    threads : int
    gap : float             for whole trips: relative, at which the search ends.
    """

    time_limit_s: float = 60.0
    threads: int = 1
    gap: float = 0.01


@dataclass(frozen=True)
class Answer:
    """What the solver found.

    Parameters
    ----------
    x : (n,) float64            columns.
    dual : (m,) float64         change of the objective per unit of a row's right side; zeros with whole
        trips.
    reduced : (n,) float64
    objective : float
    bound : float               no better objective is possible.
    optimal : bool              False: ended by the time limit.
    seconds : float
    """

    x: NDArray[np.float64]
    dual: NDArray[np.float64]
    reduced: NDArray[np.float64]
    objective: float
    bound: float
    optimal: bool
    seconds: float

    @property
    def gap(self) -> float:
        """Share of the objective by which a better one cannot be excluded."""
        return max(0.0, self.objective - self.bound) / max(abs(self.objective), 1e-9)


def _highs() -> Any:
    """Give an instance of HiGHS; the package tells no types."""
    make: Any = highspy.Highs
    return make()


class Solver:
    """One program in HiGHS; objectives and bounds can be changed, and the next solve starts from the last."""

    def __init__(self, program: Program, cost: NDArray[np.float64], effort: Effort) -> None:
        self._program, self._effort = program, effort
        self._highs = _highs()
        self._ends = time.perf_counter() + effort.time_limit_s
        for name, value in (
            ("output_flag", False),
            ("threads", effort.threads),
            ("parallel", "off" if effort.threads == 1 else "choose"),
            ("random_seed", 1),
            ("mip_rel_gap", effort.gap),
            # Devex prices: half the time of steepest edges on these programs.
            ("simplex_dual_edge_weight_strategy", 1),
        ):
            self._highs.setOptionValue(name, value)
        self._offset = 0.0
        self._pass(cost, whole=False)

    def _pass(self, cost: NDArray[np.float64], *, whole: bool) -> None:
        p = self._program
        rows, columns = p.matrix.shape
        integrality = (p.whole & whole).astype(np.int32)
        self._cost, self._whole = cost, bool(integrality.any())
        status = self._highs.passModel(
            columns, rows, p.matrix.nnz, COLUMN_WISE, MINIMISE, self._offset,
            cost, p.lower, p.upper, p.row_lower, p.row_upper,
            p.matrix.indptr.astype(np.int32), p.matrix.indices.astype(np.int32), p.matrix.data,
            integrality,
        )  # fmt: skip
        # `integrality` goes along even if all zero: without it HiGHS 1.15 reads beyond the end of an empty
        # array.
        if status == highspy.HighsStatus.kError:
            message = "HiGHS refused the program of a delivery plan"
            raise InternalError(message)

    @property
    def wide(self) -> bool:
        """Tell whether the interior point is the faster way."""
        rows, columns = self._program.matrix.shape
        return bool(columns > INTERIOR_COLUMNS and columns > INTERIOR_PER_ROW * rows)

    def linear(self) -> Answer:
        """Solve without whole numbers: by the dual simplex, or in large, wide programs by the interior point.

        The interior point (IPX: Schork & Gondzio 2020, doi:10.1007/s12532-020-00181-8) goes on to a corner,
        from which `again` can start.
        """
        self._highs.setOptionValue("solver", "ipx" if self.wide else "simplex")
        self._highs.setOptionValue("simplex_strategy", DUAL)
        return self._run()

    def again(self, cost: NDArray[np.float64], program: Program | None = None) -> Answer:
        """Solve with another objective, and one more row (the last of `program`), from where the last one
        ended.
        """
        if program is not None:
            row = program.matrix[[-1], :].tocoo()
            self._highs.addRow(
                program.row_lower[-1], program.row_upper[-1], row.nnz, row.col.astype(np.int32), row.data
            )
            self._program = program
        columns = np.arange(len(cost), dtype=np.int32)
        self._highs.changeColsCost(len(cost), columns, cost)
        self._cost = cost
        # Primal: the last solution stays feasible.
        self._highs.setOptionValue("solver", "simplex")
        self._highs.setOptionValue("simplex_strategy", PRIMAL)
        return self._run()

    def settled(self, cost: NDArray[np.float64], program: Program, time_limit_s: float) -> Answer:
        """Solve with other bounds of columns, without a row added last, from where the last one ended."""
        rows, columns = self._program.matrix.shape
        if rows > program.matrix.shape[0]:
            self._highs.deleteRows(1, np.array([rows - 1], dtype=np.int32))
        every = np.arange(columns, dtype=np.int32)
        self._highs.changeColsBounds(columns, every, program.lower, program.upper)
        self._highs.changeColsCost(columns, every, cost)
        self._program, self._cost = program, cost
        self._highs.setOptionValue("solver", "simplex")
        self._highs.setOptionValue("simplex_strategy", DUAL)
        self._ends = time.perf_counter() + time_limit_s
        return self._run()

    def whole(self, cost: NDArray[np.float64], offset: float = 0.0) -> Answer:
        """Solve with whole trips, within the gap, which is a share of the objective and `offset` together."""
        self._offset = offset
        self._pass(cost, whole=True)
        self._highs.setOptionValue("solver", "choose")
        return self._run()

    def _run(self) -> Answer:
        began = time.perf_counter()
        # HiGHS counts the time of all runs of an instance together.
        left = max(0.1, self._ends - began)
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + left)
        self._highs.run()
        status, info = self._highs.getModelStatus(), self._highs.getInfo()
        kinds = highspy.HighsModelStatus
        if status in (kinds.kInfeasible, kinds.kUnbounded, kinds.kUnboundedOrInfeasible):
            message = f"a delivery plan can always leave needs unmet, but HiGHS says: {status}"
            raise InternalError(message)
        solution = self._highs.getSolution()
        x = np.array(solution.col_value, dtype=np.float64)
        rows, columns = self._program.matrix.shape
        if len(x) != columns or not solution.value_valid:
            x = np.full(columns, np.nan)
        linear = not self._whole and solution.dual_valid
        dual = np.array(solution.row_dual) if linear else np.zeros(rows)
        reduced = np.array(solution.col_dual) if linear else np.zeros(columns)
        objective = float(self._cost @ x)
        optimal = status == kinds.kOptimal
        bound = info.mip_dual_bound - self._offset if self._whole else (objective if optimal else -np.inf)
        seconds = time.perf_counter() - began
        return Answer(x, dual, reduced, objective, float(bound), optimal, seconds)


def dual_objective(program: Program, answer: Answer) -> float:
    """Give the objective of the dual, which equals that of the primal at an optimum."""

    def side(dual: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
        bound = np.where(dual > 0, low, high)
        counts = np.abs(dual) > 1e-12
        return float(dual[counts] @ bound[counts])

    return side(answer.dual, program.row_lower, program.row_upper) + side(
        answer.reduced, program.lower, program.upper
    )
