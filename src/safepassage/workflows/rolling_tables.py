"""Scores of rolling origins as tables: each metric beside the naive forecast that is hardest to beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from safepassage.core.foretold import ARRIVAL, FAN_LEVELS, Told
from safepassage.scoring.rolling import INTERVALS, RollingRow, hardest
from safepassage.workflows.ablations import ABLATIONS

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


ABLATED_HEAD = (
    "| metric | days | origins | with it so | everything | difference (90 % interval) | unit | told by it |",
    "|---|---|---|---|---|---|---|---|",
)
WORSE, BETTER, OPEN = "worse", "better", "open"
_TOLD = {
    (True, WORSE): "earns its place",
    (True, BETTER): "better without",
    (True, OPEN): "not shown",
    (False, WORSE): "harmed",
    (False, BETTER): "better so",
    (False, OPEN): "not shown to harm",
}


def verdict(row: RollingRow) -> str:
    """Tell whether an ablation is worse or better than everything beyond chance, or open.

    '' for coverages, which should be neither small nor large, and where there is no interval.
    """
    if row.metric in INTERVALS.values() or row.difference_low is None or row.difference_high is None:
        return ""
    return WORSE if row.difference_low > 0 else BETTER if row.difference_high < 0 else OPEN


def verdict_words(name: str, row: RollingRow) -> str:
    """Say what a row of an ablation tells: of a part whether it earns its place, of a spoiling its harm."""
    part = next(ablation.part for ablation in ABLATIONS if ablation.name == name)
    return _TOLD.get((part, verdict(row)), "")


def ablations_markdown(ablated: Mapping[str, Sequence[RollingRow]]) -> str:
    """Write one Markdown table per ablation and kind of case: all cases together, or the only one."""
    parts = ["## Ablations\n"]
    for name, rows in ablated.items():
        for case in told_of(rows):
            lines = [
                f"| {' | '.join([*words(row)[:-1], verdict_words(name, row)])} |"
                for row in rows
                if row.case == case
            ]
            parts.append("\n".join([f"### {name}: {case}", "", *ABLATED_HEAD, *lines, ""]))
    return "\n".join(parts)


def told_of(rows: Sequence[RollingRow]) -> list[str]:
    """Choose the cases that a summary tells of: those pooled; single ones where nothing is pooled."""
    cases = list(dict.fromkeys(row.case for row in rows))
    return [case for case in cases if case.startswith("all ")] or cases


def arrivals_markdown(told: Told, starts: Mapping[str, date]) -> str:
    """Write the days on which towns were reached beside those foreseen; '' where none were."""
    found = [one for one in told.numbers if one.quantity == ARRIVAL]
    if not found:
        return ""
    middle, low, high = (FAN_LEVELS.index(level) for level in (0.5, 0.05, 0.95))
    lines = []
    for one in found:
        origin = starts[one.case] + timedelta(days=one.origin_day)
        said = [origin + timedelta(days=round(one.quantiles[k])) for k in (middle, low, high)]
        came, off = starts[one.case] + timedelta(days=one.day), one.quantiles[middle] - one.outcome
        cells = (one.case, one.place, origin, said[0], f"{said[1]} to {said[2]}", came, f"{off:+.0f}")
        lines.append(f"| {' | '.join(map(str, cells))} |")
    head = (
        "| case | town | said on | median | 90 % interval | reached | days off |",
        "|---|---|---|---|---|---|---|",
    )
    return "\n".join(["### Days of reaching towns", "", *head, *lines, ""])
