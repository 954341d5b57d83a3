"""How far ahead of the hardest naive forecast, by horizon; and how many outcomes the intervals held."""

from __future__ import annotations

from collections.abc import Sequence

from safepassage.adapters.page.markup import esc
from safepassage.adapters.page.words import pair
from safepassage.adapters.scores_page.drawing import Plot, shares
from safepassage.adapters.scores_page.values import Beside, Summary
from safepassage.adapters.scores_page.words import both, name_of, number

METRICS = ("crps", "log_crps", "size_log_crps", "position_error_km", "arrival_day_error", "ard")
COVERAGES = (("coverage_50", 0.5), ("coverage_80", 0.8), ("coverage_90", 0.9))
EDGE = 100.0  # per cent; what lies beyond is told by an arrow at the edge


def better_by(row: Beside) -> tuple[float, float | None, float | None] | None:
    """Give by how many per cent of the naive score ours is smaller, and its interval; None: naive is 0."""
    if row.baseline_value <= 0:
        return None
    part = 100.0 / row.baseline_value
    if row.low is None or row.high is None:
        return part * (row.baseline_value - row.value), None, None
    return part * (row.baseline_value - row.value), -part * row.high, -part * row.low


def skill_section(rows: Sequence[Beside], summaries: Sequence[Summary]) -> str:
    """Draw one plot per kind of case and metric."""
    parts = []
    for one in summaries:
        title = f"<h3>{both(f'kind_{one.kind}')}</h3>" if len(summaries) > 1 else ""
        cases = cases_of(rows, one)
        plots = [_skill(rows, one, cases, metric) for metric in METRICS]
        parts.append(f'{title}<div class="plots wide-plots">{"".join(plots)}</div>{_names(cases)}')
    return "".join(parts)


def cases_of(rows: Sequence[Beside], summary: Summary) -> list[str]:
    """Give the single cases of a kind, numbered on the plots where they are several."""
    metrics = {"caravans": "position_error_km", "camps": "ard"}
    found = [row.case for row in rows if row.metric == metrics[summary.kind] and row.case != summary.case]
    return list(dict.fromkeys(case for case in found if not case.startswith("all ")))


def _names(cases: Sequence[str]) -> str:
    if not cases:
        return ""
    listed = ", ".join(f"{number + 1} {esc(case)}" for number, case in enumerate(cases))
    return f'<p class="note">{both("skill_cases")}: {listed}</p>'


def _skill(rows: Sequence[Beside], summary: Summary, cases: Sequence[str], metric: str) -> str:
    mine = [row for row in rows if row.metric == metric and row.case in (summary.case, *cases)]
    horizons = sorted({row.horizon_days for row in mine})
    if not horizons:
        return ""
    place = {horizon: k + 0.5 for k, horizon in enumerate(horizons)}
    plot = Plot((0.0, float(len(horizons))), (-EDGE, EDGE), width=440.0, height=210.0, left=52.0)
    parts = [
        plot.value_axis([(value, f"{value:+.0f}%" if value else "0") for value in (-100, -50, 0, 50, 100)]),
        plot.across(0.0, "zero"),
        plot.bottom_axis([(place[horizon], str(horizon)) for horizon in horizons]),
    ]
    for row in mine:
        found = better_by(row)
        if found is None:
            continue
        at, (middle, low, high) = place[row.horizon_days], found
        if row.case == summary.case:
            at -= 0.32 if cases else 0.0
            if low is not None and high is not None:
                parts.append(plot.upright(at, low, high, "interval"))
            parts.append(_spot(plot, at, middle, "ours"))
        else:
            beside = at - 0.14 + 0.56 * (cases.index(row.case) + 0.5) / len(cases)
            parts.append(_numbered(plot, beside, middle, cases.index(row.case) + 1))
    title = f"<h4>{pair(name_of('metric', metric))} <code>{esc(metric)}</code></h4>"
    return f"<figure>{title}{plot.svg(parts, both('skill_label'))}</figure>"


def _spot(plot: Plot, x: float, value: float, css: str) -> str:
    if abs(value) <= EDGE:
        return plot.dot(x, value, css, 4.0)
    up = -1 if value > 0 else 1
    spot = f"M{plot.x(x) - 4:.1f} {plot.y(value) - 4 * up:.1f}h8l-4 {7 * up}z"
    return f'<path class="{css}" d="{spot}"/>'


def _numbered(plot: Plot, x: float, value: float, name: int) -> str:
    edge = 3.0 if value > EDGE else -3.0 if value < -EDGE else 0.0
    return plot.text(plot.x(x), plot.y(value) + 3.5 + edge, str(name), "middle", "case-number")


def coverage_section(rows: Sequence[Beside], summaries: Sequence[Summary]) -> str:
    """Draw, by kind of case, the share of outcomes inside the central intervals by horizon."""
    plots = []
    for one in summaries:
        mine = [row for row in rows if row.case == one.case and row.metric in dict(COVERAGES)]
        horizons = sorted({row.horizon_days for row in mine})
        if not horizons:
            continue
        place = {horizon: k + 0.5 for k, horizon in enumerate(horizons)}
        plot = Plot((0.0, float(len(horizons))), (0.0, 1.0), width=420.0, height=230.0, right=44.0)
        parts = [
            plot.value_axis(shares()),
            plot.bottom_axis([(place[horizon], str(horizon)) for horizon in horizons]),
        ]
        for number_, (metric, level) in enumerate(COVERAGES):
            here = sorted((row.horizon_days, row.value) for row in mine if row.metric == metric)
            xs, ys = [place[days] for days, _ in here], [value for _, value in here]
            parts.append(plot.across(level, f"target level-{number_}"))
            parts.append(plot.line(xs, ys, f"curve level-{number_}"))
            parts += [plot.dot(x, y, f"spot level-{number_}") for x, y in zip(xs, ys, strict=True)]
            words = f"{100 * level:.0f}\u202f%"
            parts.append(plot.text(plot.width - plot.right + 6, plot.y(level) + 4, words))
        title = both(f"kind_{one.kind}")
        plots.append(f"<figure><h4>{title}</h4>{plot.svg(parts, both('coverage_label'))}</figure>")
    return f'<div class="plots wide-plots">{"".join(plots)}</div>'


def told_percent(value: float) -> str:
    """Write a share in whole per cent."""
    return number(100 * value, digits=0)
