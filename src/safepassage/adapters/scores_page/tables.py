"""The figures behind the plots: every score beside the hardest naive forecast, and the ablations."""

from __future__ import annotations

from collections.abc import Sequence

from safepassage.adapters.page.markup import esc
from safepassage.adapters.page.words import pair
from safepassage.adapters.scores_page.values import AblationShown, Beside
from safepassage.adapters.scores_page.words import both, name_of, number

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
    return "".join(parts)


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


def ablation_tables(found: Sequence[AblationShown]) -> str:
    """Write what every ablation tells; a summary in words first."""
    return f"<ul>{''.join(map(_told, found))}</ul>{''.join(map(_ablation, found))}"


def _told(one: AblationShown) -> str:
    """Say of how many scores an ablation tells something."""
    counts = {key: sum(row.verdict == key for row in one.rows) for key in ("worse", "better", "open")}
    name = pair(name_of("ablation", one.name))
    if not any(counts.values()):
        return f"<li><strong>{name}</strong>: {both('ablation_short')}</li>"
    key = "ablation_part" if one.part else "ablation_spoilt"
    if one.part:
        key += "_earns" if counts["worse"] and not counts["better"] else "_not"
    return f"<li><strong>{name}</strong>: {both(key, count=sum(counts.values()), **counts)}</li>"


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
