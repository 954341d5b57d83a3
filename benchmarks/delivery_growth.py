"""The picture of how time and memory of delivery plans grow; renews docs/images/delivery-growth.svg.

uv run python -m benchmarks.delivery_growth
"""

from __future__ import annotations

import sys
from math import log2
from pathlib import Path

from benchmarks.measures.delivery import DAYS, GROWTH, Solved, measured_apart

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "delivery-growth.svg"
WIDTH, HEIGHT, PANEL = 720, 340, 300
LEFT, TOP, BOTTOM = 60, 64, 52
# Okabe & Ito's colours, told apart with any kind of colour vision; dashes differ as well.
LINES = {25: ("#009E73", "2 4"), 50: ("#0072B2", "8 4"), 100: ("#D55E00", "")}
INK, FAINT = "#333333", "#dddddd"
Points = dict[int, list[tuple[int, float]]]


def _panel(points: Points, title: str, left: float) -> list[str]:
    """Draw one panel: scenarios across, both axes in powers of two."""
    values = [y for own in points.values() for _, y in own]
    low, high = int(log2(min(values)) // 1), int(-(-log2(max(values)) // 1))
    across = (PANEL - 30) / log2(max(x for own in points.values() for x, _ in own))
    up = (HEIGHT - TOP - BOTTOM) / max(1, high - low)

    def place(x: float, y: float) -> tuple[float, float]:
        return left + across * log2(x), HEIGHT - BOTTOM - up * (log2(y) - low)

    parts = [f'<text x="{left}" y="{TOP - 18}" font-weight="bold">{title}</text>']
    for k in range(low, high + 1, max(1, (high - low) // 6)):
        _, y = place(1, 2.0**k)
        parts.append(
            f'<line x1="{left}" y1="{y:.1f}" x2="{left + PANEL - 30}" y2="{y:.1f}" stroke="{FAINT}"/>'
        )
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{2.0**k:g}</text>')
    for x in sorted({x for own in points.values() for x, _ in own}):
        at, _ = place(x, 1)
        parts.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x}</text>')
    for places, own in points.items():
        colour, dashes = LINES[places]
        way = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in own)
        parts.append(
            f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"'
            f' stroke-dasharray="{dashes}"/>'
        )
        end = place(*own[-1])
        parts.append(f'<text x="{end[0] - 4:.1f}" y="{end[1] - 6:.1f}" text-anchor="end" fill="{colour}">'
                     f"{places} places</text>")  # fmt: skip
    return parts


def picture_of(found: dict[tuple[int, int], Solved]) -> str:
    """Draw CPU seconds and MB over scenarios, one line per number of places."""
    seconds: Points = {}
    memory: Points = {}
    for (places, scenarios), one in found.items():
        seconds.setdefault(places, []).append((scenarios, one.cpu_s))
        memory.setdefault(places, []).append((scenarios, one.peak_mb))
    title = f"Delivery plans: least unmet need, {DAYS} days, 5 items"
    middle = LEFT + PANEL / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' font-family="sans-serif" font-size="12" fill="{INK}">',
        f"<title>{title}: CPU seconds and memory by scenarios and places</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="15" font-weight="bold">{title}</text>',
        *_panel(seconds, "CPU seconds, one thread", LEFT),
        *_panel(memory, "MB at most", LEFT + WIDTH / 2),
        f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">scenarios</text>',
        f'<text x="{middle + WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">scenarios</text>',
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    """Measure all sizes and write the picture."""
    found = {}
    for places, scenarios in GROWTH:
        one = found[places, scenarios] = measured_apart(places, scenarios)
        said = f"{places} places, {scenarios} scenarios: {one.cpu_s:.1f} CPU s, {one.peak_mb:.0f} MB"
        print(said, file=sys.stderr)
    PICTURE.write_text(picture_of(found), encoding="utf-8")


if __name__ == "__main__":
    main()
