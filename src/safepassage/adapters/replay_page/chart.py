"""Ranges that were said of single days, and what came: one bar per day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from safepassage.adapters.page.fans import round_steps
from safepassage.adapters.page.figures import day_within, whole
from safepassage.adapters.page.markup import esc
from safepassage.adapters.page.words import pair
from safepassage.core.replayed import Saying

LETTER = 7.6  # mean width of a letter, 12 units high
NAMES_APART = 16.0


@dataclass(frozen=True)
class _Paper:
    width: float
    height: float
    left: float
    right: float
    first: date
    days: int
    high: float
    top: float = 10.0
    bottom: float = 26.0

    def x(self, when: date) -> float:
        room = self.width - self.left - self.right - 16
        return self.left + 8 + room * (when - self.first).days / max(self.days - 1, 1)

    def y(self, value: float) -> float:
        room = self.height - self.top - self.bottom
        return self.height - self.bottom - room * min(max(value, 0.0), self.high) / self.high


def draw_bars(
    sayings: Sequence[Saying],
    *,
    rule: str,
    steps: Sequence[tuple[float, str]] = (),
    size: tuple[float, float],
    css: str,
) -> str:
    """Draw what was said of single days as an SVG element without a name; the caller labels it.

    Parameters
    ----------
    sayings : sequence of Saying    of which it is known what happened; at least one.
    rule : str                      drawn in grey.
    steps : sequence of (value, name)   named values on the left axis; none: numbers.
    size : (float, float)           width and height; letters are 12 units high.
    css : str                       classes of the element.
    """
    width, height = size
    days = [one.day for one in sayings]
    high = max(max(one.happened for one in sayings), sorted(one.high for one in sayings)[-1], 1.0)
    names = _apart(steps, high, height)
    left = min(12 + LETTER * max((len(name) for _, name in names), default=6), 0.3 * width)
    paper = _Paper(
        width, height, left, 50.0 if names else 8.0, min(days), (max(days) - min(days)).days + 1, high * 1.03
    )
    parts = [_values(paper, names), _dates(paper)]
    for one in sayings:
        x, low, middle, top = paper.x(one.day), *(paper.y(v) for v in (one.low, one.middle, one.high))
        parts.append(f'<path class="said" d="M{x:.1f} {low:.1f}V{top:.1f}"/>')
        parts.append(f'<path class="said-middle" d="M{x - 4:.1f} {middle:.1f}h8"/>')
        if rule in one.rules:
            parts.append(f'<circle class="ruled" cx="{x:.1f}" cy="{paper.y(one.rules[rule]):.1f}" r="2.4"/>')
        hollow = "" if one.inside else " hollow"
        spot = f"M{x:.1f} {paper.y(one.happened) - 4.5:.1f}l4.5 4.5l-4.5 4.5l-4.5 -4.5z"
        parts.append(f'<path class="report{hollow}" d="{spot}"/>')
    return (
        f'<svg class="fan {css}" viewBox="0 0 {width:.0f} {height:.0f}" aria-hidden="true" focusable="false">'
        f"{''.join(parts)}</svg>"
    )


def _apart(steps: Sequence[tuple[float, str]], high: float, height: float) -> list[tuple[float, str]]:
    """Keep the names that stand far enough apart to be read, the first and the last before the others."""
    per_value = (height - 36.0) / max(high, 1.0)
    kept: list[tuple[float, str]] = []
    inside = [step for step in steps if step[0] <= high]
    for step in [*inside[:1], *inside[-1:], *inside[1:-1]]:
        if all(abs(step[0] - other[0]) * per_value >= NAMES_APART for other in kept):
            kept.append(step)
    return kept


def _values(paper: _Paper, names: Sequence[tuple[float, str]]) -> str:
    end, parts = paper.width - paper.right, []
    room = max(3, int((paper.left - 10) / LETTER))
    for value, name in names:
        y, short = paper.y(value), name if len(name) <= room else name[: room - 1].rstrip() + "…"
        parts.append(f'<path class="grid" d="M{paper.left:.0f} {y:.1f}H{end:.0f}"/>')
        spot = f'text-anchor="end" x="{paper.left - 8:.0f}" y="{y + 4:.1f}"'
        parts.append(f'<text class="axis" {spot}>{esc(short)}</text>')
    for value in round_steps(0.0, paper.high, 5):
        y = paper.y(value)
        spot = f'x="{end + 6:.0f}" text-anchor="start"'
        if not names:
            parts.append(f'<path class="grid" d="M{paper.left:.0f} {y:.1f}H{end:.0f}"/>')
            spot = f'x="{paper.left - 8:.0f}" text-anchor="end"'
        parts.append(f'<text class="axis" {spot} y="{y + 4:.1f}">{pair(whole(value), "tspan")}</text>')
    return "".join(parts)


def _dates(paper: _Paper) -> str:
    said = day_within(paper.days)
    base = paper.height - paper.bottom
    parts = [f'<path class="floor" d="M{paper.left:.0f} {base:.1f}H{paper.width - paper.right:.0f}"/>']
    wide = LETTER * len(said(paper.first)("es"))
    room = max(1.0, (paper.width - paper.left - paper.right - 16) / (wide + 14))
    step = next(
        (s for s in (1, 2, 3, 4, 5, 7, 10, 14, 28, 56, 91, 182, 365) if (paper.days - 1) / s <= room), 730
    )
    for ahead in range(0, paper.days, step):
        when = paper.first + timedelta(days=ahead)
        x = paper.x(when)
        parts.append(f'<path class="floor" d="M{x:.1f} {base:.1f}v5"/>')
        middle = min(max(x, wide / 2), paper.width - wide / 2)
        parts.append(
            f'<text class="axis" text-anchor="middle" x="{middle:.1f}" y="{base + 19:.1f}">'
            f"{pair(said(when), 'tspan')}</text>"
        )
    return "".join(parts)
