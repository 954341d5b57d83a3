"""How good the forecasts were, in three plain sentences made of the rows: nothing that they do not tell."""

from __future__ import annotations

from safepassage.adapters.page.figures import Spoken, whole
from safepassage.adapters.page.markup import esc
from safepassage.adapters.scores_page.skill import told_percent
from safepassage.adapters.scores_page.values import Beside, Summary
from safepassage.adapters.scores_page.words import both, joined, name_of, number, spoken

NAMED = 6  # scores at which a naive forecast was better that are named


def sentences(summary: Summary) -> str:
    """Write the sentences of one kind of case as paragraphs."""
    won, lost, open_ = (len(found) for found in (summary.won, summary.lost, summary.open))
    facts = {"forecasts": whole(summary.forecasts), "outcomes": whole(summary.outcomes)}
    counts = {"count": won + lost + open_, "won": won, "lost": lost, "open": open_}
    first = (
        both("sentence_compared", **facts, **counts)
        if won + lost + open_
        else both("sentence_uncompared", **facts)
    )
    return "".join(f"<p>{line}</p>" for line in (first, _naive_better(summary), _coverage(summary)) if line)


def _naive_better(summary: Summary) -> str:
    rows = [*summary.won, *summary.lost, *summary.open]
    if not rows:
        return ""
    sure = set(map(id, summary.lost))
    behind = sorted(
        (row for row in rows if row.value > row.baseline_value),
        key=lambda row: (id(row) not in sure, -_behind(row)),
    )
    if not behind:
        return both("sentence_never")
    named = joined([_named(row, id(row) in sure, not summary.case) for row in behind[:NAMED]], "; ")
    more = len(behind) - NAMED
    key = "sentence_naive_more" if more > 0 else "sentence_naive"
    return both(key, behind=len(behind), count=len(rows), named=named, more=more)


def _behind(row: Beside) -> float:
    return row.value / row.baseline_value if row.baseline_value > 0 else float("inf")


def _named(row: Beside, sure: bool, with_case: bool) -> Spoken:
    return spoken(
        "named_sure" if sure else "named",
        metric=f"{row.case}, {row.metric}" if with_case else row.metric,
        days=row.horizon_days,
        ours=number(row.value),
        naive=number(row.baseline_value),
        unit=name_of("unit_after", row.unit),
        rule=name_of("rule", row.baseline),
    )


def _coverage(summary: Summary) -> str:
    if not summary.coverage:
        return ""
    parts = [spoken("held_at", share=told_percent(share), days=days) for days, share in summary.coverage]
    return both("sentence_coverage", held=joined(parts, ", "))


def summaries_html(found: tuple[Summary, ...]) -> str:
    """Write all kinds of case, each under its name."""
    return "".join(
        f"<div><h3>{both(f'kind_{one.kind}')} <small>{_whose(one)}</small></h3>{sentences(one)}</div>"
        for one in found
    )


def _whose(summary: Summary) -> str:
    if summary.case.startswith("all "):
        return both("all_cases")
    return esc(summary.case) or both("each_case")
