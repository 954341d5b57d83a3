"""Curves as pictures: logarithmic axes, one line per kernel, named at the side. SVG, written by hand."""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10

from benchmarks.measures.growth import Curve

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 78, 92, 52, 52
# Okabe & Ito's colours, told apart with any kind of colour vision; markers differ as well.
COLOURS = {"agents": "#D55E00", "cohorts": "#0072B2", "flow": "#009E73"}
INK, FAINT = "#333333", "#dddddd"
Points = list[tuple[float, float]]


def _range(values: list[float]) -> tuple[int, int]:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)


def _power(k: int) -> str:
    if 0 <= k <= 3:
        return f"{10**k:,}"
    if -3 <= k < 0:
        return f"{10.0**k:g}"
    return f'10<tspan dy="-5" font-size="9">{k}</tspan>'


def _marker(kernel: str, x: float, y: float) -> str:
    colour = COLOURS[kernel]
    if kernel == "cohorts":
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{colour}"/>'
    if kernel == "flow":
        corners = f"{x:.1f},{y - 5:.1f} {x + 5:.1f},{y + 4:.1f} {x - 5:.1f},{y + 4:.1f}"
        return f'<polygon points="{corners}" fill="{colour}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'


class _Frame:
    """Where a pair of numbers lies in the picture."""

    def __init__(self, every: Points) -> None:
        self.x = _range([x for x, _ in every])
        self.y = _range([y for _, y in every])

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Give the position of a point."""
        across = (log10(x) - self.x[0]) / (self.x[1] - self.x[0])
        up = (log10(y) - self.y[0]) / (self.y[1] - self.y[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    def grid(self) -> list[str]:
        """Draw the powers of ten."""
        lines = []
        for k in range(self.x[0], self.x[1] + 1):
            x, y = self.place(10.0**k, 10.0 ** self.y[0])
            lines.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{y:.1f}" stroke="{FAINT}"/>')
            lines.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{_power(k)}</text>')
        for k in range(self.y[0], self.y[1] + 1):
            x, y = self.place(10.0 ** self.x[0], 10.0**k)
            lines.append(
                f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="{FAINT}"/>'
            )
            lines.append(f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{_power(k)}</text>')
        return lines


def _legend(curve: Curve) -> list[str]:
    """Name the lines, at the right, from the one that ends highest."""
    ends = sorted(curve.series, key=lambda kernel: -curve.series[kernel][-1][1])
    lines, x = [], WIDTH - RIGHT + 16
    for k, kernel in enumerate(ends):
        y = TOP + 16 + 22 * k
        lines.append(_marker(kernel, x, y))
        lines.append(f'<text x="{x + 10}" y="{y + 4}" fill="{COLOURS[kernel]}">{kernel}</text>')
    return lines


def svg_of(curve: Curve) -> str:
    """Draw one curve.

    Raises
    ------
    ValueError      if nothing was measured.
    """
    every = [point for points in curve.series.values() for point in points]
    if not every:
        message = f"nothing was measured along {curve.axis}"
        raise ValueError(message)
    frame = _Frame(every)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' font-family="sans-serif" font-size="12" fill="{INK}">',
        f"<title>CPU seconds by {escape(curve.axis)}: {escape(curve.title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="15" font-weight="bold">CPU seconds by {curve.axis}</text>',
        f'<text x="{LEFT}" y="40">{escape(curve.title)}</text>',
        *frame.grid(),
    ]
    for kernel, points in curve.series.items():
        at = [frame.place(x, y) for x, y in points]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{COLOURS[kernel]}" stroke-width="2"/>')
        parts.extend(_marker(kernel, x, y) for x, y in at)
    parts.extend(_legend(curve))
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle:.0f}" y="{HEIGHT - 10}" text-anchor="middle">{curve.axis}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
