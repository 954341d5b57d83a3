"""Fans: a number day by day with its bands, the naive forecast behind it and what was reported on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from safepassage.adapters.page.figures import day_within, whole
from safepassage.adapters.page.markup import esc
from safepassage.adapters.page.words import both_svg, pair
from safepassage.core.forecast import Fan

Row = NDArray[np.float64]
AXIS_LETTER = 7.0  # mean width of a letter on an axis, 12 units high
SIDE_ROOM = 95.0  # what the name of a side of the time of the data takes


@dataclass(frozen=True)
class Mark:
    """A published figure: the day, and the lowest and highest value said.

    Parameters
    ----------
    open_above : bool       "at least low".
    hollow : bool           the other reports contradict it.
    """

    when: date
    low: float
    high: float
    open_above: bool = False
    hollow: bool = False


@dataclass(frozen=True)
class FanChart:
    """What one fan shows.

    Parameters
    ----------
    start, as_of : date
    fan : Fan
    baseline : Fan or None      drawn behind, in grey.
    steps : tuple of (float, str)   named values on the left axis (places on a route); empty: numbers only.
    marks : tuple of Mark
    learned : bool              up to the as-of day it rests on reports (nowcast, then forecast).
    """

    start: date
    as_of: date
    fan: Fan
    baseline: Fan | None = None
    steps: tuple[tuple[float, str], ...] = ()
    marks: tuple[Mark, ...] = ()
    learned: bool = False


@dataclass(frozen=True)
class _Paper:
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    days: int
    low: float
    high: float

    def x(self, day: float) -> float:
        return self.left + (self.width - self.left - self.right) * day / max(self.days - 1, 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.height - self.bottom - (self.height - self.top - self.bottom) * share


def round_steps(low: float, high: float, count: int) -> list[float]:
    """Choose whole round values between two limits, about `count` of them."""
    if not high > low:
        return [low]
    rough = (high - low) / max(count, 1)
    power = 10.0 ** np.floor(np.log10(rough))
    step = max(1.0, float(min((m * power for m in (1, 2, 5, 10)), key=lambda s: abs(s - rough))))
    first = int(np.ceil(low / step - 1e-9))
    last = int(np.floor(high / step + 1e-9))
    return [k * step for k in range(first, last + 1)]


def _largest(row: Row) -> float:
    """Give the largest number of a row; 0 where a group is gone on every day."""
    known = row[np.isfinite(row)]
    return float(known.max()) if len(known) else 0.0


def _limits(chart: FanChart) -> tuple[float, float]:
    rows = [chart.fan.at(0.05), chart.fan.at(0.95)]
    if chart.baseline is not None:
        rows += [chart.baseline.at(0.05), chart.baseline.at(0.95)]
    own = _largest(rows[1])
    high = max(_largest(row) for row in rows)
    high = min(high, 3 * own) if own > 0 else high  # a naive fan may not flatten the forecast
    high = max([high, *(mark.high for mark in chart.marks)])
    if chart.steps:
        high = min(high, chart.steps[-1][0] * 1.02)
    return 0.0, max(high, 1.0)


def draw_fan(chart: FanChart, *, width: float, height: float, css: str) -> str:
    """Draw a fan as an SVG element without a name; the caller labels it.

    Parameters
    ----------
    width, height : float       units of the drawing; letters are 12 units high.
    css : str                   classes of the element.
    """
    low, high = _limits(chart)
    left = 10.0 + (7.0 * max((len(name) for _, name in chart.steps), default=0) if chart.steps else 46.0)
    paper = _Paper(
        width=width,
        height=height,
        left=min(left, 0.32 * width),
        right=48.0 if chart.steps else 14.0,
        top=12.0,
        bottom=26.0,
        days=chart.fan.values.shape[1],
        low=low,
        high=high,
    )
    parts = [_value_axis(paper, chart), _day_axis(paper, chart)]
    if chart.baseline is not None:
        parts.append(_band(paper, chart.baseline, 0.05, 0.95, "naive"))
        parts.append(_line(paper, chart.baseline.at(0.5), "naive-middle"))
        if _largest(chart.baseline.at(0.95)) > 1.001 * paper.high and not chart.steps:
            spot = f'text-anchor="end" x="{width - paper.right:.0f}" y="{paper.top + 24:.0f}"'
            parts.append(f'<text class="axis" {spot}>{both_svg("naive_cut")}</text>')
    parts += [
        _band(paper, chart.fan, 0.05, 0.95, "band90"),
        _band(paper, chart.fan, 0.25, 0.75, "band50"),
        _line(paper, chart.fan.at(0.5), "middle"),
        _marks(paper, chart),
    ]
    return (
        f'<svg class="fan {css}" viewBox="0 0 {width:.0f} {height:.0f}" aria-hidden="true" focusable="false">'
        f"{''.join(parts)}</svg>"
    )


def _clamped(paper: _Paper, value: float) -> float:
    return paper.y(min(max(value, paper.low), paper.high))


def _points(paper: _Paper, row: Row) -> list[str]:
    """Put a row on paper, without days that would lie closer than two units or have no number."""
    stride = max(1, int(2 * len(row) / paper.width))
    days = sorted({*range(0, len(row), stride), len(row) - 1})
    return [f"{paper.x(d):.1f} {_clamped(paper, float(row[d])):.1f}" for d in days if np.isfinite(row[d])]


def _band(paper: _Paper, fan: Fan, low: float, high: float, css: str) -> str:
    forth = _points(paper, fan.at(high))
    back = _points(paper, fan.at(low))[::-1]
    return f'<path class="{css}" d="M{"L".join(forth + back)}z"/>' if forth else ""


def _line(paper: _Paper, row: Row, css: str) -> str:
    points = _points(paper, row)
    return f'<path class="{css}" d="M{"L".join(points)}"/>' if points else ""


def _spread(steps: Sequence[tuple[float, str]], paper: _Paper) -> list[tuple[float, str]]:
    """Keep the named values that stand far enough apart to be read; the first and the last go first."""
    inside = [step for step in steps if paper.low <= step[0] <= paper.high]
    kept: list[tuple[float, str]] = []
    for step in [*inside[:1], *inside[-1:], *inside[1:-1]]:
        if all(abs(paper.y(step[0]) - paper.y(other[0])) >= 17 for other in kept):
            kept.append(step)
    return kept


def _value_axis(paper: _Paper, chart: FanChart) -> str:
    end = paper.width - paper.right
    parts = []
    for value, name in _spread(chart.steps, paper):
        y = paper.y(value)
        room = max(3, int((paper.left - 10) / 7.0))
        short = name if len(name) <= room else name[: room - 1].rstrip() + "…"
        parts.append(f'<path class="grid" d="M{paper.left:.0f} {y:.1f}H{end:.0f}"/>')
        parts.append(
            f'<text class="axis" text-anchor="end" x="{paper.left - 8:.0f}" y="{y + 4:.1f}'
            f'">{esc(short)}</text>'
        )
    for value in round_steps(paper.low, paper.high, 5):
        y = paper.y(value)
        if chart.steps:
            spot = f'x="{end + 6:.0f}" text-anchor="start"'
        else:
            parts.append(f'<path class="grid" d="M{paper.left:.0f} {y:.1f}H{end:.0f}"/>')
            spot = f'x="{paper.left - 8:.0f}" text-anchor="end"'
        parts.append(f'<text class="axis" {spot} y="{y + 4:.1f}">{pair(whole(value), "tspan")}</text>')
    return "".join(parts)


def _day_axis(paper: _Paper, chart: FanChart) -> str:
    said = day_within(paper.days)
    room = (paper.width - paper.left - paper.right) / (AXIS_LETTER * len(said(chart.start)("es")) + 16)
    steps = [1, 2, 3, 5, 7, 10, 14, 28, 56, 91, 182, 365, 730, 1461, 3652]
    step = next((s for s in steps if (paper.days - 1) / s <= room), steps[-1])
    base = paper.height - paper.bottom
    parts = [f'<path class="floor" d="M{paper.left:.0f} {base:.1f}H{paper.width - paper.right:.0f}"/>']
    begins = paper.width + 1.0
    for day in reversed(range(0, paper.days, step)):
        x, text = paper.x(day), said(chart.start + timedelta(days=day))
        parts.append(f'<path class="floor" d="M{x:.1f} {base:.1f}v5"/>')
        wide = AXIS_LETTER * len(text("es"))
        anchor = "end" if x + wide / 2 > paper.width else "start" if x < wide / 2 else "middle"
        left = x - {"end": wide, "start": 0.0, "middle": wide / 2}[anchor]
        if left + wide + 4 > begins:
            continue  # it would touch the one after it
        begins = left
        parts.append(
            f'<text class="axis" text-anchor="{anchor}" x="{x:.1f}" y="{base + 19:.1f}">'
            f"{pair(text, 'tspan')}</text>"
        )
    return "".join(parts) + _as_of(paper, chart, base)


def _as_of(paper: _Paper, chart: FanChart, base: float) -> str:
    """Draw the time of the data as a line; where reports were weighed, say what stands on each side of it."""
    since = (chart.as_of - chart.start).days
    if not 0 < since < paper.days - 1:  # at the end of a replay it says nothing
        return ""
    x, y = paper.x(since), paper.top + 10
    side = "end" if x > paper.left + 150 else "start"
    near = x - 5 if side == "end" else x + 5
    parts = [f'<path class="as-of" d="M{x:.1f} {paper.top:.0f}V{base:.1f}"/>']
    if chart.learned:
        room = {"end": x - paper.left, "start": paper.width - paper.right - x}
        sides = (("end", x - 6, "side_nowcast"), ("start", x + 6, "side_forecast"))
        parts += [
            f'<text class="axis" text-anchor="{anchor}" x="{at:.1f}" y="{y:.0f}">{both_svg(key)}</text>'
            for anchor, at, key in sides
            if room[anchor] > SIDE_ROOM
        ]
    else:
        spot = f'text-anchor="{side}" x="{near:.1f}" y="{y:.0f}"'
        parts.append(f'<text class="axis" {spot}>{both_svg("data_time")}</text>')
    return "".join(parts)


def _marks(paper: _Paper, chart: FanChart) -> str:
    parts = []
    for mark in chart.marks:
        day = (mark.when - chart.start).days
        if not 0 <= day < paper.days:
            continue
        x, low, high = paper.x(day), _clamped(paper, mark.low), _clamped(paper, mark.high)
        css = " hollow" if mark.hollow else ""
        if high != low:
            parts.append(f'<path class="told{css}" d="M{x:.1f} {low:.1f}V{high:.1f}"/>')
        if mark.open_above:
            parts.append(f'<path class="told{css}" d="M{x:.1f} {low:.1f}v-11m-3 3l3 -3l3 3"/>')
        middle = (low + high) / 2
        spot = f"M{x:.1f} {middle - 4.5:.1f}l4.5 4.5l-4.5 4.5l-4.5 -4.5z"
        parts.append(f'<path class="report{css}" d="{spot}"/>')
    return "".join(parts)
