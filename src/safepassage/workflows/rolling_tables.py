"""Scores of rolling origins as tables: each metric beside the naive forecast that is hardest to beat."""

from __future__ import annotations

from collections.abc import Sequence

from safepassage.scoring.rolling import RollingRow, hardest

HEAD = (
    "| metric | days | origins | ours | naive | difference (90 % interval) | unit | hardest naive forecast |",
    "|---|---|---|---|---|---|---|---|",
)


def beside_the_hardest(rows: Sequence[RollingRow]) -> dict[str, list[RollingRow]]:
    """Choose one row per case, metric and horizon, in order; by case."""
    groups: dict[tuple[str, str, int], list[RollingRow]] = {}
    for row in rows:
        groups.setdefault((row.case, row.metric, row.horizon_days), []).append(row)
    chosen: dict[str, list[RollingRow]] = {}
    for (case, _, _), found in groups.items():
        chosen.setdefault(case, []).append(hardest(found))
    return chosen


def difference_text(row: RollingRow) -> str:
    """Write a difference with its interval; a dash where there is none."""
    if row.difference is None or row.difference_low is None or row.difference_high is None:
        return "–"
    return f"{row.difference:+,.2f} ({row.difference_low:+,.2f} to {row.difference_high:+,.2f})"


def words(row: RollingRow) -> tuple[str, ...]:
    """Give the cells of one row: metric, days, origins, ours, naive, difference, unit, naive forecast."""
    ours, naive = (f"{value:,.2f}" for value in (row.value, row.baseline_value))
    told = (ours, naive, difference_text(row), row.unit, row.baseline)
    return (row.metric, str(row.horizon_days), str(row.origins), *told)


def markdown(rows: Sequence[RollingRow]) -> str:
    """Write one Markdown table per case."""
    parts = []
    for case, chosen in beside_the_hardest(rows).items():
        lines = ["| " + " | ".join(words(row)) + " |" for row in chosen]
        parts.append("\n".join([f"### {case}", "", *HEAD, *lines, ""]))
    return "\n".join(parts)
