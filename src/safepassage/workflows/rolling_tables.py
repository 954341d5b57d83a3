"""Scores of rolling origins as tables: each metric beside the naive forecast that is hardest to beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from safepassage.adapters.scores_page import Change, CompactTable
from safepassage.core.foretold import ARRIVAL, FAN_LEVELS, Foretold, Told, foreseen_days
from safepassage.scoring.rolling import INTERVALS, POOLED, RollingRow, hardest
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


WEEK_DAYS, WEEK_NEAR_DAYS = 7, 3
CHANCE = 0.1  # share of scores that must be worse without a part, beyond those that are better
OF_CARAVANS = ("position_error_km", "size_log_crps", "arrival_day_error")
# What is set side by side: metrics, and horizons if they were asked for.
SHOWN = {
    "caravans": (("crps", *OF_CARAVANS), (3, 7, 14)),
    "camps": (("crps", "log_crps", "ard"), (7, 30, 90)),
}
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


def earns(rows: Sequence[RollingRow]) -> bool:
    """Tell whether a part as a whole earns its place: more scores are worse without it than by chance.

    One in twenty is expected to look worse, and one better, where a part does nothing; twice as many are
    asked for, beyond those that are better.
    """
    told = [verdict(row) for row in rows]
    counts = {key: told.count(key) for key in (WORSE, BETTER, OPEN)}
    return counts[WORSE] - counts[BETTER] > CHANCE * sum(counts.values())


def compact(
    ablated: Mapping[str, Sequence[RollingRow]], *, case_by_case: bool = False
) -> tuple[CompactTable, ...]:
    """Set all ablations beside one another by the scores of `SHOWN`, one table per case of `told_of`.

    Parameters
    ----------
    case_by_case : bool     of the other cases, which those are made of.
    """
    every = [row for rows in ablated.values() for row in rows]
    told, kinds = told_of(every), _kinds(every)
    cases = [case for case in kinds if (case in told) != case_by_case]
    return tuple(_compact(case, kinds[case], ablated) for case in cases)


def _compact(case: str, kind: str, ablated: Mapping[str, Sequence[RollingRow]]) -> CompactTable:
    metrics, wanted = SHOWN[kind]
    found = {
        name: {(row.metric, row.horizon_days): row for row in rows if row.case == case}
        for name, rows in ablated.items()
    }
    keys = sorted({key for rows in found.values() for key in rows}, key=lambda key: key[1])
    columns = [key for metric in metrics for key in keys if key[0] == metric]
    shown = [key for key in columns if key[1] in wanted] or columns
    rows = [(name, tuple(_change(rows.get(key)) for key in shown)) for name, rows in found.items() if rows]
    return CompactTable(kind, case, tuple(shown), tuple(rows))


def _change(row: RollingRow | None) -> Change | None:
    if row is None or row.baseline_value <= 0:
        return None
    part = 100.0 / row.baseline_value
    low, high = (None if end is None else part * end for end in (row.difference_low, row.difference_high))
    return Change(part * (row.value - row.baseline_value), low, high)


def compact_markdown(tables: Sequence[CompactTable]) -> str:
    """Write those tables: by how many per cent a score is larger; two stars where beyond chance."""
    parts = []
    for table in tables:
        head = [table.case, *(f"{metric} {days}" for metric, days in table.columns)]
        lines = [head, ["---"] * len(head)]
        lines += [[name, *map(change_text, changes)] for name, changes in table.rows]
        parts.append("\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n")
    return "\n".join(parts)


def change_text(change: Change | None) -> str:
    """Write a change in per cent with its interval; bold where that keeps clear of zero."""
    if change is None:
        return "–"
    middle = f"{_percent(change.percent)} %"
    if change.low is None or change.high is None:
        return middle
    sure = change.low > 0 or change.high < 0
    return f"{f'**{middle}**' if sure else middle} ({_percent(change.low)} to {_percent(change.high)})"


def _percent(value: float) -> str:
    return f"{round(value):+,}" if round(value) else "0"


def ablations_markdown(ablated: Mapping[str, Sequence[RollingRow]]) -> str:
    """Write all ablations in short, then one Markdown table per ablation and kind of case."""
    parts = ["## Ablations\n", compact_markdown(compact(ablated))]
    single = compact(ablated, case_by_case=True)
    if single:
        parts.append(f"### Ablations case by case\n\n{compact_markdown(single)}")
    for name, rows in ablated.items():
        for case in told_of(rows):
            lines = [
                f"| {' | '.join([*words(row)[:-1], verdict_words(name, row)])} |"
                for row in rows
                if row.case == case
            ]
            parts.append("\n".join([f"### {name}: {case}", "", *ABLATED_HEAD, *lines, ""]))
    return "\n".join(parts)


def told_of(rows: Sequence[RollingRow]) -> dict[str, str]:
    """Choose the cases that a summary tells of, with the kind of each.

    Of each kind all cases pooled; single ones where nothing is pooled.
    """
    kinds = _kinds(rows)
    pooled = {kind for case, kind in kinds.items() if case == f"{POOLED} {kind}"}
    return {case: kind for case, kind in kinds.items() if kind not in pooled or case == f"{POOLED} {kind}"}


def _kinds(rows: Sequence[RollingRow]) -> dict[str, str]:
    kinds = {row.case: "camps" for row in rows}
    return kinds | {row.case: "caravans" for row in rows if row.metric in OF_CARAVANS}


def at_a_week(told: Told) -> list[Foretold]:
    """Choose, for every town that was reached, the forecast of its day made nearest to a week before.

    Four to ten days before; of two as near the earlier one. Towns in order of case and day.
    """
    best: dict[tuple[str, str, int], Foretold] = {}
    for one in told.numbers:
        key = (one.case, one.place, one.day)
        if one.quantity == ARRIVAL and abs(one.outcome - WEEK_DAYS) <= WEEK_NEAR_DAYS:
            rank = (abs(one.outcome - WEEK_DAYS), one.origin_day)
            had = best.get(key)
            if had is None or rank < (abs(had.outcome - WEEK_DAYS), had.origin_day):
                best[key] = one
    return sorted(best.values(), key=lambda one: (one.case, one.day))


def arrivals_markdown(told: Told, starts: Mapping[str, date]) -> str:
    """Write the days on which towns were reached beside those foreseen a week before; '' where none were."""
    found = at_a_week(told)
    if not found:
        return ""
    middle, low, high = (FAN_LEVELS.index(level) for level in (0.5, 0.05, 0.95))
    lines, lasts = [], foreseen_days(told.fans)
    for one in found:
        origin = starts[one.case] + timedelta(days=one.origin_day)
        last = lasts.get((one.case, one.origin_day))
        said = [_evening(origin, one.quantiles[k], last) for k in (middle, low, high)]
        came, off = starts[one.case] + timedelta(days=one.day), one.quantiles[middle] - one.outcome
        cells = (one.case, one.place, origin, said[0], f"{said[1]} to {said[2]}", came, f"{off:+.0f}")
        lines.append(f"| {' | '.join(map(str, cells))} |")
    head = (
        "| case | town | said on | median | 90 % interval | reached | days off |",
        "|---|---|---|---|---|---|---|",
    )
    return "\n".join(["### Days of reaching towns, said about a week before", "", *head, *lines, ""])


def _evening(origin: date, days: float, foreseen: int | None) -> str:
    """Write a day foreseen; what lies beyond the last evening foreseen as after it."""
    if foreseen is not None and round(days) >= foreseen:
        return f"after {origin + timedelta(days=foreseen - 1)}"
    return str(origin + timedelta(days=round(days)))
