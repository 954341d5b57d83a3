"""Forecasts from rolling origins: which days are scored, with which scores, and how they are summed up.

The CRPS is that of the empirical distribution of the members (Gneiting & Raftery 2007, eq. 20), without the
correction for few members: few members are paid for. Where one number is scored it is the median.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.scoring.bootstrap import block_length, paired_interval
from safepassage.scoring.crps import crps_ensemble
from safepassage.scoring.intervals import interval_score

PROTOCOL = "rolling-origin"
POOLED = "all"
POOLED_ORIGINS = 3  # a case with fewer has no part in what is told of all cases
INTERVALS = {0.5: "coverage_50", 0.8: "coverage_80", 0.9: "coverage_90"}
CAN_COVER = 2  # a rule that tells a single number has no intervals, and so no coverage


@dataclass(frozen=True)
class Scored:
    """One metric of one forecast from one origin, and of every naive forecast of the same.

    Parameters
    ----------
    case, kind : str        its name; "caravans" or "camps".
    horizon_days : int
    origin_day : int        days since the start of the case.
    metric, unit : str
    value : float
    baselines : dict of name to float
    """

    case: str
    kind: str
    horizon_days: int
    origin_day: int
    metric: str
    unit: str
    value: float
    baselines: dict[str, float]


@dataclass(frozen=True)
class RollingRow:
    """One metric over all origins, beside one naive forecast scored on the same origins.

    `value` and `baseline_value` are means over the origins at which both could be scored; `pooled`: the mean
    of the cases' means. `difference` is value - baseline_value with its 90 % interval `low` to `high`, all
    None where origins are too few for an interval.
    """

    case: str
    protocol: str
    horizon_days: int
    metric: str
    value: float
    unit: str
    baseline: str
    baseline_value: float
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    origins: int


def near_days(days: NDArray[np.int64], origin: int, horizon: int) -> int | None:
    """Find the reporting day nearest to a horizon: a position in `days`, or None if there is none near.

    Half the horizon away at most, and three days; from 18 days on a sixth of it. Of two as near the earlier.
    """
    near = max(horizon // 6, min(3, horizon // 2))
    ahead = np.asarray(days) - origin
    usable = np.flatnonzero((np.abs(ahead - horizon) <= near) & (ahead > 0))
    return int(usable[np.argmin(np.abs(ahead[usable] - horizon))]) if len(usable) else None


def spread_origins(first: int, last: int, count: int) -> list[int]:
    """Give `count` days spread evenly from `first` to `last`, each once; fewer where days are fewer."""
    if last < first:
        return []
    return sorted(set(np.linspace(first, last, count).round().astype(int).tolist()))


def sample_scores(sample: NDArray[np.float64], outcome: float) -> dict[str, float]:
    """Score one distribution, given as a sample: `crps`, `interval_score_90`, `coverage_*`, `error`.

    Coverage is NaN for a sample of one number.
    """
    happened = np.array([outcome])
    found = {
        "crps": float(crps_ensemble(sample[:, None], happened)[0]),
        "error": abs(float(np.median(sample)) - outcome),
    }
    for level, name in INTERVALS.items():
        low, high = np.quantile(sample, ((1 - level) / 2, (1 + level) / 2))
        inside = float(low <= outcome <= high)
        found[name] = inside if len(sample) >= CAN_COVER else float("nan")
    found["interval_score_90"] = float(interval_score(low[None], high[None], happened, level=0.9)[0])
    return found


def summed_up(scored: Iterable[Scored]) -> list[RollingRow]:
    """Sum scores up over origins, for every case and, where there are several of a kind, for all of them.

    A metric that no naive forecast can be scored by is left out.
    """
    pairs: dict[tuple[str, str, int, str, str], dict[str, list[tuple[int, float, float]]]]
    pairs = defaultdict(lambda: defaultdict(list))
    origins: dict[str, set[int]] = defaultdict(set)
    metrics: dict[str, None] = {}
    for one in scored:
        origins[one.case].add(one.origin_day)
        metrics[one.metric] = None
        for baseline, value in one.baselines.items():
            if np.isfinite(value) and np.isfinite(one.value):
                key = (one.kind, one.metric, one.horizon_days, one.unit, baseline)
                pairs[key][one.case].append((one.origin_day, one.value, value))
    spacing = {case: _spacing(sorted(days)) for case, days in origins.items()}
    rows = []
    for key, by_case in pairs.items():
        groups = [(case, [case]) for case in by_case]
        enough = [case for case, found in by_case.items() if len(found) >= POOLED_ORIGINS]
        if len(enough) > 1:
            groups.append((f"{POOLED} {key[0]}", enough))
        for name, cases in groups:
            rows.append(_row(name, key, [by_case[case] for case in cases], [spacing[case] for case in cases]))
    order = [*origins, *sorted({row.case for row in rows} - set(origins))]
    rank = {name: number for number, name in enumerate((*order, *metrics))}
    return sorted(rows, key=lambda row: (rank[row.case], rank[row.metric], row.horizon_days, row.baseline))


def _row(
    name: str,
    key: tuple[str, str, int, str, str],
    cases: Sequence[list[tuple[int, float, float]]],
    spacing: Sequence[float],
) -> RollingRow:
    _, metric, horizon, unit, baseline = key
    tables = [np.array(sorted(case)) for case in cases]
    ours, theirs = (float(np.mean([table[:, k].mean() for table in tables])) for k in (1, 2))
    blocks = [block_length(horizon, each, len(table)) for each, table in zip(spacing, tables, strict=True)]
    found = paired_interval([table[:, 1] - table[:, 2] for table in tables], blocks)
    return RollingRow(
        case=name,
        protocol=PROTOCOL,
        horizon_days=horizon,
        metric=metric,
        value=ours,
        unit=unit,
        baseline=baseline,
        baseline_value=theirs,
        difference=found.mean if found else None,
        difference_low=found.low if found else None,
        difference_high=found.high if found else None,
        origins=sum(len(table) for table in tables),
    )


def _spacing(days: list[int]) -> float:
    return float(np.median(np.diff(days))) if len(days) > 1 else 1.0


def hardest(rows: Sequence[RollingRow]) -> RollingRow:
    """Choose, of rows of one case, metric and horizon, the naive forecast that is hardest to beat.

    The smallest score; of coverages the one nearest to what is nominal. Rules that could be scored on less
    than half of the origins of the most widely usable one do not come into question.
    """
    nominal = {name: level for level, name in INTERVALS.items()}.get(rows[0].metric, 0.0)
    most = max(row.origins for row in rows)
    return min(
        (row for row in rows if 2 * row.origins >= most), key=lambda row: abs(row.baseline_value - nominal)
    )
