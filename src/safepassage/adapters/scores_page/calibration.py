"""PIT histograms, the reliability of intervals, and that of chances."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from safepassage.adapters.scores_page.drawing import Plot, shares
from safepassage.adapters.scores_page.values import Calibration, Chances, Point
from safepassage.adapters.scores_page.words import both


def pit_section(found: Sequence[Calibration]) -> str:
    """Draw one histogram per quantity and horizon."""
    return _by_quantity(found, _histogram)


def interval_section(found: Sequence[Calibration]) -> str:
    """Draw one reliability diagram of the central intervals per quantity and horizon."""
    return _by_quantity(found, _intervals)


def _by_quantity(found: Sequence[Calibration], draw: Callable[[Calibration], str]) -> str:
    parts = []
    for quantity in dict.fromkeys(one.quantity for one in found):
        plots = "".join(
            f"<figure><h4>{both('ahead', days=one.horizon_days)} {_counts(one)}</h4>{draw(one)}</figure>"
            for one in found
            if one.quantity == quantity
        )
        parts.append(f'<h3>{both(f"quantity_{quantity}")}</h3><div class="plots small">{plots}</div>')
    return "".join(parts)


def _counts(one: Calibration | Chances) -> str:
    return f"<small>{both('outcomes', outcomes=one.outcomes, origins=one.origins)}</small>"


def _histogram(one: Calibration) -> str:
    bins = len(one.shares)
    top = max(0.01, *one.shares, one.together[1]) * 1.06
    step = next(value for value in (0.05, 0.1, 0.2, 0.25, 0.5, 1.0) if top / value <= 5)
    ticks = [(k * step, f"{100 * k * step:.0f}") for k in range(int(top / step) + 1)]
    plot = Plot((0.0, 1.0), (0.0, top), width=220.0, height=150.0, left=30.0, bottom=24.0)
    wide = (plot.width - plot.left - plot.right) / bins
    parts = [
        plot.value_axis(ticks),
        _range(plot, one.together, "chance-together"),
        _range(plot, one.alone, "chance-alone"),
        *(
            plot.upright((k + 0.5) / bins, 0.0, share, "bin", width=wide - 2)
            for k, share in enumerate(one.shares)
        ),
        plot.across(1.0 / bins, "target"),
        plot.bottom_axis([(0.0, "0"), (0.5, "0.5"), (1.0, "1")]),
    ]
    return plot.svg(parts, both("pit_label"))


def _range(plot: Plot, limits: tuple[float, float], css: str) -> str:
    (left, right), (low, high) = (plot.x(end) for end in plot.x_range), limits
    return (
        f'<rect class="{css}" x="{left:.1f}" y="{plot.y(high):.1f}" width="{right - left:.1f}" '
        f'height="{plot.y(low) - plot.y(high):.1f}"/>'
    )


def _intervals(one: Calibration) -> str:
    plot = _square(220.0)
    told = [point.told for point in one.intervals]
    parts = [
        plot.value_axis(shares()),
        plot.band(told, *_ends(one.intervals, "together"), "chance-together"),
        plot.band(told, *_ends(one.intervals, "alone"), "chance-alone"),
        plot.line([0.0, 1.0], [0.0, 1.0], "target"),
        plot.line(told, [point.came for point in one.intervals], "curve"),
        *(plot.dot(point.told, point.came, "spot", 2.4) for point in one.intervals),
        plot.bottom_axis(shares(0.5)),
    ]
    return plot.svg(parts, both("interval_label"))


def _square(width: float) -> Plot:
    return Plot((0.0, 1.0), (0.0, 1.0), width=width, height=width * 0.86, left=32.0, right=12.0)


def _ends(points: Sequence[Point], name: str) -> tuple[list[float], list[float]]:
    limits = [getattr(point, name) for point in points]
    return [low for low, _ in limits], [high for _, high in limits]


def chances_section(found: Sequence[Chances]) -> str:
    """Draw one reliability diagram per kind of event."""
    return f'<div class="plots">{"".join(map(_chances, found))}</div>'


def _chances(one: Chances) -> str:
    plot = _square(300.0)
    bars = [
        plot.upright(point.told, *point.together, "bar-together", width=9.0)
        + plot.upright(point.told, *point.alone, "bar-alone", width=9.0)
        for point in one.points
    ]
    dots = [plot.dot(point.told, point.came, "spot", 3.4) for point in one.points]
    counts = [
        plot.text(
            plot.x(point.told),
            plot.y(point.came) + (14 if point.came > 0.5 else -7),
            f"{point.outcomes:,}",
            "start" if point.told < 0.1 else "end" if point.told > 0.9 else "middle",
            "axis count",
        )
        for point in one.points
    ]
    parts = [
        plot.value_axis(shares()),
        plot.line([0.0, 1.0], [0.0, 1.0], "target"),
        *bars,
        *dots,
        *counts,
        plot.bottom_axis(shares()),
    ]
    head = f"<h4>{both(f'event_{one.event}')} {_counts(one)}</h4>"
    return f"<figure>{head}{plot.svg(parts, both('chances_label'))}</figure>"
