"""The figures behind the plots: every score beside the hardest naive forecast, and the ablations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from safepassage.adapters.page.figures import Spoken, day, day_short
from safepassage.adapters.page.markup import esc, spaced
from safepassage.adapters.page.words import pair
from safepassage.adapters.scores_page.values import (
    AblationShown,
    Beside,
    CaseShown,
    Change,
    CompactTable,
    ScoresShown,
)
from safepassage.adapters.scores_page.words import both, joined, name_of, number, spoken
from safepassage.core.foretold import FAN_LEVELS, Foretold, foreseen_days

HEADS = (
    "head_metric",
    "head_days",
    "head_origins",
    "head_ours",
    "head_naive",
    "head_difference",
    "head_unit",
)


def difference(row: Beside) -> str:
    """Write a difference with its interval; a dash where there is none."""
    if row.difference is None or row.low is None or row.high is None:
        return number(None)
    middle, low, high = (number(value, sign=True) for value in (row.difference, row.low, row.high))
    return f"{middle}&nbsp;<small>({low} … {high})</small>"


def full_tables(rows: Sequence[Beside]) -> str:
    """Write one folded table per case."""
    parts = []
    for case in dict.fromkeys(row.case for row in rows):
        mine = [row for row in rows if row.case == case]
        head = _head((*HEADS, "head_hardest", "head_others"))
        lines = "".join(
            f"<tr>{_cells(row)}<td>{pair(name_of('rule', row.baseline))}</td>"
            f'<td class="others">{_others(row)}</td></tr>'
            for row in mine
        )
        parts.append(f"<details><summary>{esc(case)}</summary>{_table(head, lines)}</details>")
    return f'{"".join(parts)}<p class="note print-only">{both("tables_print")}</p>'


def _head(keys: Sequence[str]) -> str:
    cells = "".join(f'<th scope="col">{both(key)}</th>' for key in keys)
    return f"<thead><tr>{cells}</tr></thead>"


def _cells(row: Beside) -> str:
    figures = (str(row.horizon_days), str(row.origins), number(row.value), number(row.baseline_value))
    cells = "".join(f'<td class="figure">{cell}</td>' for cell in (*figures, difference(row)))
    unit = pair(name_of("unit", row.unit))
    return f'<th scope="row"><code>{esc(row.metric)}</code></th>{cells}<td>{unit}</td>'


def _others(row: Beside) -> str:
    return "; ".join(f"{pair(name_of('rule', name))} {number(value)}" for name, value in row.others)


def ablation_tables(shown: ScoresShown) -> str:
    """Write what every ablation tells: in words, in short, and folded case by case and in full."""
    words, full = ("".join(map(write, shown.ablations)) for write in (_told, _ablation))
    together, single = ("".join(map(_compact, some)) for some in (shown.compact, shown.compact_cases))
    folded = f"<details><summary>{both('ablations_cases')}</summary>{single}</details>" if single else ""
    return f"<ul>{words}</ul>{together}<p>{both('ablations_full')}</p>{folded}{full}"


def _compact(one: CompactTable) -> str:
    cells = "".join(f'<th scope="col"><code>{esc(metric)}</code> {days}</th>' for metric, days in one.columns)
    whose = "" if one.case == f"all {one.kind}" else f" <code>{esc(one.case)}</code>"
    head = f'<thead><tr><th scope="col">{both(f"kind_{one.kind}")}{whose}</th>{cells}</tr></thead>'
    lines = "".join(
        f'<tr><th scope="row">{pair(name_of("ablation", name))}</th>{"".join(map(_change, changes))}</tr>'
        for name, changes in one.rows
    )
    return _table(head, lines)


def _change(change: Change | None) -> str:
    if change is None:
        return f'<td class="figure">{number(None)}</td>'
    middle = f"{number(change.percent, digits=0, sign=True)}%"
    if change.low is None or change.high is None:
        return f'<td class="figure">{middle}</td>'
    ends = " … ".join(number(end, digits=0, sign=True) for end in (change.low, change.high))
    sure = change.low > 0 or change.high < 0
    return (
        f'<td class="figure">{f"<strong>{middle}</strong>" if sure else middle}<br><small>{ends}</small></td>'
    )


def _told(one: AblationShown) -> str:
    """Say of how many scores an ablation tells something."""
    counts = {key: sum(row.verdict == key for row in one.rows) for key in ("worse", "better", "open")}
    name = pair(name_of("ablation", one.name))
    if all(row.value == row.baseline_value for row in one.rows):
        return f"<li><strong>{name}</strong>: {both('ablation_same')}</li>"
    if not any(counts.values()):
        return f"<li><strong>{name}</strong>: {both('ablation_short')}</li>"
    key = "ablation_part" if one.part else "ablation_spoilt"
    if one.part:
        key += "_earns" if one.earns else "_not"
    single = {key: one.single.count(key) for key in counts}
    cases = f" {both('ablation_single', count=len(one.single), **single)}" if one.single else ""
    return f"<li><strong>{name}</strong>: {both(key, count=sum(counts.values()), **counts)}{cases}</li>"


def _ablation(one: AblationShown) -> str:
    head = _head(
        (
            "head_case",
            "head_metric",
            "head_days",
            "head_origins",
            "head_so",
            "head_full",
            "head_difference",
            "head_unit",
            "head_verdict",
        )
    )
    lines = []
    for row in one.rows:
        key = f"verdict_{row.verdict}_{'part' if one.part else 'spoilt'}"
        verdict = both(key) if row.verdict else number(None)
        css = f' class="{row.verdict}"' if row.verdict else ""
        lines.append(f"<tr{css}><td>{esc(row.case)}</td>{_cells(row)}<td>{verdict}</td></tr>")
    name = pair(name_of("ablation", one.name))
    return f"<details><summary>{name}</summary>{_table(head, ''.join(lines))}</details>"


def _table(head: str, lines: str) -> str:
    inside = f'<table class="scores">{head}<tbody>{lines}</tbody></table>'
    return f'<div class="scroll" tabindex="0">{inside}</div>'


def arrivals_table(shown: ScoresShown) -> str:
    """Write the day on which every town was reached beside what was said of it about a week before."""
    cases, lasts = {case.name: case for case in shown.cases}, foreseen_days(shown.fans)
    keys = ("head_town", "head_said_on", "head_said", "head_reached", "head_off")
    parts = []
    for name in dict.fromkeys(one.case for one in shown.arrivals):
        lines = "".join(
            _arrival(one, cases[name], lasts[one.case, one.origin_day])
            for one in shown.arrivals
            if one.case == name
        )
        parts.append(f"<details open><summary>{esc(name)}</summary>{_table(_head(keys), lines)}</details>")
    return "".join(parts)


def _arrival(one: Foretold, case: CaseShown, foreseen: int) -> str:
    origin = case.start + timedelta(days=one.origin_day)

    def said(level: float) -> Spoken:
        days = round(one.quantiles[FAN_LEVELS.index(level)])
        if days < foreseen:
            return day_short(origin + timedelta(days=days))
        return spoken("after", day=day_short(origin + timedelta(days=foreseen - 1)))

    off = one.quantiles[FAN_LEVELS.index(0.5)] - one.outcome
    cells = (
        pair(day(origin)),
        f"{pair(said(0.5))} <small>({pair(joined([said(0.05), said(0.95)], ' … '))})</small>",
        pair(day_short(case.start + timedelta(days=one.day))),
        number(off, digits=0, sign=True),
    )
    town = esc(spaced(case.names.get(one.place, one.place)))
    return f'<tr><th scope="row">{town}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
