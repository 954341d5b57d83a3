"""What every report did, entered as it is weighed: how far off it was, what it moved, how much it is doubted.

The doubt in a report is carried by the members: whoever survives later reports tells in the end whether an
earlier one was wrong. So the account of a report changes with what comes after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.assimilation.observations import SIZE, Observation
from safepassage.assimilation.weights import median, normalised
from safepassage.core.belief import ReportEffect
from safepassage.core.engine import GroupView
from safepassage.core.report import Report


@dataclass
class _Entry:
    """Figures of one report, as far as it told them."""

    off_km: float = float("nan")
    off_factor: float = float("nan")
    shift_km: float = float("nan")
    shift_people: float = float("nan")
    shares: int = 1
    with_reports: tuple[int, ...] = ()


Said = tuple[Observation, NDArray[np.float64], NDArray[np.float64]]


class Account:
    """Keeps what reports did.

    Parameters
    ----------
    reports, members : int
    """

    def __init__(self, reports: int, members: int) -> None:
        self._entries: dict[int, _Entry] = {}
        self._doubt: dict[int, NDArray[np.float64]] = {}
        self._members = members

    def enter(
        self,
        alike: Sequence[Said],
        *,
        evening: GroupView | None,
        log_weights: tuple[NDArray[np.float64], NDArray[np.float64]],
    ) -> None:
        """Enter observations that share one error.

        Parameters
        ----------
        alike : sequence of (observation, doubt, off)       doubt and off (member,): off in km for places, as
            a factor for numbers.
        evening : GroupView or None
        log_weights : with all of the day's reports, and without these, each (member,).
        """
        weight, without = (normalised(log_weight) for log_weight in log_weights)
        reports = tuple(sorted({said.report for said, _, _ in alike}))
        for said, doubt, off in alike:
            entry = self._entries.setdefault(said.report, _Entry())
            entry.shares = max(entry.shares, len(reports))
            entry.with_reports = tuple(sorted({*entry.with_reports, *reports} - {said.report}))
            known = self._doubt.get(said.report)
            self._doubt[said.report] = doubt if known is None else np.maximum(known, doubt)
            placed = said.what not in (SIZE, "stock", "outcome")
            if placed:
                entry.off_km = median(off, without)
            else:
                entry.off_factor = median(off, without)
            if evening is None or said.group >= evening.head_km.shape[1]:
                continue
            values = (evening.head_km if placed else evening.size)[:, said.group].astype(np.float64)
            shift = median(values, weight) - median(values, without)
            if placed:
                entry.shift_km = shift
            elif said.what == SIZE:
                entry.shift_people = shift

    def taken(self, chosen: NDArray[np.int64]) -> None:
        """Let every member doubt what its ancestor doubts."""
        self._doubt = {report: doubt[chosen] for report, doubt in self._doubt.items()}

    def effects(
        self, reports: Sequence[Report], why_unused: Sequence[str], keys: Sequence[str]
    ) -> tuple[ReportEffect, ...]:
        """Sum the account up, one effect per report in their order; those not yet weighed count nothing."""
        found = []
        for number, (report, why, key) in enumerate(zip(reports, why_unused, keys, strict=True)):
            entry = self._entries.get(number)
            if entry is None:
                found.append(ReportEffect(report, key, why_unused=why))
                continue
            doubt = float(self._doubt[number].mean())
            found.append(
                ReportEffect(
                    report,
                    key,
                    weight=(1.0 - doubt) / entry.shares,
                    doubt=doubt,
                    off_km=entry.off_km,
                    off_factor=entry.off_factor,
                    shift_km=entry.shift_km,
                    shift_people=entry.shift_people,
                    shares_with=tuple(keys[other] for other in entry.with_reports),
                )
            )
        return tuple(found)
