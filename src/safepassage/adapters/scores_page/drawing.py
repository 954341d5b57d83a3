"""Small plots as SVG: a frame of two axes, and what is put into it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from safepassage.adapters.page.figures import Spoken
from safepassage.adapters.page.markup import esc
from safepassage.adapters.page.words import pair

LETTER = 6.2  # mean width of a letter, 11 units high


@dataclass(frozen=True)
class Plot:
    """Axes on paper; values outside are put on the edge.

    Parameters
    ----------
    x_range, y_range : (float, float)
    width, height : float       units of paper; letters are 11 units high.
    left, right, top, bottom : float    room around the axes.
    """

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    width: float = 300.0
    height: float = 190.0
    left: float = 40.0
    right: float = 10.0
    top: float = 10.0
    bottom: float = 26.0

    def x(self, value: float) -> float:
        """Give the distance from the left edge."""
        low, high = self.x_range
        share = (min(max(value, low), high) - low) / ((high - low) or 1.0)
        return self.left + (self.width - self.left - self.right) * share

    def y(self, value: float) -> float:
        """Give the distance from the upper edge."""
        low, high = self.y_range
        share = (min(max(value, low), high) - low) / ((high - low) or 1.0)
        return self.height - self.bottom - (self.height - self.top - self.bottom) * share

    def svg(self, parts: Sequence[str], label: str) -> str:
        """Put everything into one element, named by markup that stands before it for those who do not see."""
        box = f"0 0 {self.width:.0f} {self.height:.0f}"
        return (
            f'<p class="hidden">{label}</p><svg class="plot" viewBox="{box}" aria-hidden="true" '
            f'focusable="false">{"".join(parts)}</svg>'
        )

    def value_axis(self, ticks: Sequence[tuple[float, str]]) -> str:
        """Draw horizontal lines with their values."""
        end = self.width - self.right
        return "".join(
            f'<path class="grid" d="M{self.left:.0f} {self.y(value):.1f}H{end:.0f}"/>'
            f"{self.text(self.left - 6, self.y(value) + 4, esc(name), 'end')}"
            for value, name in ticks
        )

    def bottom_axis(self, ticks: Sequence[tuple[float, Spoken | str]], *, marks: bool = True) -> str:
        """Draw the floor with its marks; texts that would touch are left out, the last ones kept."""
        base = self.height - self.bottom
        parts = [f'<path class="floor" d="M{self.left:.0f} {base:.1f}H{self.width - self.right:.0f}"/>']
        begins = self.width + 99.0
        for value, name in reversed(ticks):
            x, wide = self.x(value), LETTER * len(name("es") if callable(name) else name)
            anchor = "end" if x + wide / 2 > self.width else "start" if x - wide / 2 < 0 else "middle"
            first = x - {"end": wide, "middle": wide / 2, "start": 0.0}[anchor]
            if marks:
                parts.append(f'<path class="floor" d="M{x:.1f} {base:.1f}v4"/>')
            if first + wide + 4 <= begins:
                begins = first
                parts.append(self.text(x, base + 17, pair(name, "tspan"), anchor))
        return "".join(parts)

    def text(self, x: float, y: float, inside: str, anchor: str = "start", css: str = "axis") -> str:
        """Write markup at a spot."""
        return f'<text class="{css}" text-anchor="{anchor}" x="{x:.1f}" y="{y:.1f}">{inside}</text>'

    def band(self, xs: Sequence[float], low: Sequence[float], high: Sequence[float], css: str) -> str:
        """Fill what lies between two lines; points without a number are left out."""
        known = [k for k in range(len(xs)) if math.isfinite(low[k]) and math.isfinite(high[k])]
        if not known:
            return ""
        forth = [f"{self.x(xs[k]):.1f} {self.y(high[k]):.1f}" for k in known]
        back = [f"{self.x(xs[k]):.1f} {self.y(low[k]):.1f}" for k in reversed(known)]
        return f'<path class="{css}" d="M{"L".join(forth + back)}z"/>'

    def line(self, xs: Sequence[float], ys: Sequence[float], css: str) -> str:
        """Draw a line through the points that have numbers."""
        points = [f"{self.x(x):.1f} {self.y(y):.1f}" for x, y in zip(xs, ys, strict=True) if math.isfinite(y)]
        return f'<path class="{css}" d="M{"L".join(points)}"/>' if points else ""

    def dot(self, x: float, y: float, css: str, radius: float = 3.2) -> str:
        """Draw a point."""
        return f'<circle class="{css}" cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="{radius:g}"/>'

    def upright(self, x: float, low: float, high: float, css: str, *, width: float = 0.0) -> str:
        """Draw a bar from one value to another; without a width, a line."""
        if not width:
            return f'<path class="{css}" d="M{self.x(x):.1f} {self.y(low):.1f}V{self.y(high):.1f}"/>'
        top, base = self.y(high), self.y(low)
        return (
            f'<rect class="{css}" x="{self.x(x) - width / 2:.1f}" y="{top:.1f}" '
            f'width="{width:.1f}" height="{max(base - top, 0.0):.1f}"/>'
        )

    def across(self, value: float, css: str) -> str:
        """Draw a line across the whole plot."""
        return f'<path class="{css}" d="M{self.left:.0f} {self.y(value):.1f}H{self.width - self.right:.0f}"/>'


def shares(step: float = 0.25) -> list[tuple[float, str]]:
    """Give ticks from 0 to 100 %."""
    return [(k * step, f"{100 * k * step:.0f}") for k in range(round(1 / step) + 1)]
