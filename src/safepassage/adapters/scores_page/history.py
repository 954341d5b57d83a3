"""Fans against outcomes: of a caravan origin by origin, of a crisis camp by camp."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from safepassage.adapters.page.figures import Spoken, day, day_short
from safepassage.adapters.page.markup import esc, spaced
from safepassage.adapters.page.words import pair
from safepassage.adapters.scores_page.drawing import Plot
from safepassage.adapters.scores_page.values import CaseShown, ScoresShown
from safepassage.adapters.scores_page.words import both
from safepassage.core.foretold import CAMP, FAN_LEVELS, POSITION, SIZE, FanTold

LARGEST = 6  # camps shown at once; the rest is folded
POINTS = 40  # of a fan on paper, at most
_AT = {level: number for number, level in enumerate(FAN_LEVELS)}


def fans_section(shown: ScoresShown) -> str:
    """Draw every case."""
    parts = []
    for case in shown.cases:
        title = (
            f'<h3><span lang="es">{esc(case.title_es)}</span><span lang="en">{esc(case.title_en)}</span></h3>'
        )
        fans = [fan for fan in shown.fans if fan.case == case.name]
        draw = _caravan if case.kind == "caravans" else _crisis
        parts.append(f"{title}{draw(case, fans)}" if fans else "")
    return "".join(parts)


def _caravan(case: CaseShown, fans: Sequence[FanTold]) -> str:
    parts = []
    last = max(max((*fan.days, fan.origin_day + 1)) for fan in fans)
    for quantity in (POSITION, SIZE):
        mine = [fan for fan in fans if fan.quantity == quantity]
        if not mine:
            continue
        top = _top(mine)
        plots = "".join(
            f"<figure><h4>{pair(day(_date(case, fan.origin_day)))}</h4>"
            f"{_origin(case, fan, last, top)}</figure>"
            for fan in mine
        )
        opened = " open" if quantity == POSITION else ""
        parts.append(
            f"<details{opened}><summary>{both(f'fans_{quantity}')}</summary>"
            f'<div class="plots small">{plots}</div></details>'
        )
    return "".join(parts)


def _top(fans: Sequence[FanTold]) -> float:
    """Choose the height of an axis: what came, and fans as far as they are not absurdly wide."""
    came = max((value for fan in fans for value in fan.outcomes), default=1.0)
    told = max((float(np.nanmax(fan.values[-1], initial=0.0)) for fan in fans), default=1.0)
    return max(1.05 * came, min(1.02 * told, 2.5 * came), 1.0)


def _date(case: CaseShown, number: int) -> date:
    return case.start + timedelta(days=number)


def _short(value: float) -> str:
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    return f"{value / 1e3:g}k" if value >= 1e4 else f"{value:,.0f}"


def _ticks(top: float) -> list[tuple[float, str]]:
    power = 10.0 ** np.floor(np.log10(top / 3))
    step = next(float(m * power) for m in (1, 2, 5, 10) if top / (m * power) <= 4)
    return [(k * step, _short(k * step)) for k in range(int(top / step) + 1)]


def _days(case: CaseShown, last: int, *, first: int = 0, long: bool = False) -> list[tuple[float, Spoken]]:
    count = 4 if long else 2
    say = day if last - first > 300 else day_short
    numbers = sorted({round(first + (last - first) * k / count) for k in range(count + 1)})
    return [(float(number), say(_date(case, number))) for number in numbers]


def _fan(plot: Plot, fan: FanTold, *, until: int) -> list[str]:
    """Draw the bands and the middle of one fan, from its origin on."""
    count = max(1, min(fan.values.shape[1], until - fan.origin_day + 1))
    stride = max(1, -(-count // POINTS))
    kept = sorted({*range(0, count, stride), count - 1})
    xs = [float(fan.origin_day + number) for number in kept]
    rows = fan.values[:, kept].tolist()
    return [
        plot.band(xs, rows[_AT[0.05]], rows[_AT[0.95]], "band90"),
        plot.band(xs, rows[_AT[0.25]], rows[_AT[0.75]], "band50"),
        plot.line(xs, rows[_AT[0.5]], "middle"),
    ]


def _origin(case: CaseShown, fan: FanTold, last: int, top: float) -> str:
    plot = Plot((0.0, float(max(last, 1))), (0.0, top), width=220.0, height=150.0, left=38.0)
    since = plot.x(fan.origin_day)
    dots = [
        plot.dot(float(when), value, "came" if when > fan.origin_day else "came before", 2.3)
        for when, value in zip(fan.days, fan.outcomes, strict=True)
    ]
    parts = [
        plot.value_axis(_ticks(top)),
        *_fan(plot, fan, until=last),
        f'<path class="as-of" d="M{since:.1f} {plot.top:.0f}V{plot.height - plot.bottom:.1f}"/>',
        *dots,
        plot.bottom_axis(_days(case, last)),
    ]
    return plot.svg(parts, both("fan_label"))


def _crisis(case: CaseShown, fans: Sequence[FanTold]) -> str:
    camps: dict[str, list[FanTold]] = {}
    for fan in fans:
        if fan.quantity == CAMP and fan.days:
            camps.setdefault(fan.place, []).append(fan)
    order = sorted(camps, key=lambda place: -max(value for fan in camps[place] for value in fan.outcomes))
    last = max((fan.days[-1] for each in camps.values() for fan in each), default=1)
    plots = [_camp(case, place, camps[place], last) for place in order]
    shown = f'<div class="plots">{"".join(plots[:LARGEST])}</div>'
    if len(plots) <= LARGEST:
        return shown
    rest = "".join(plots[LARGEST:])
    return (
        f"{shown}<details><summary>{both('fans_more', count=len(plots) - LARGEST)}</summary>"
        f'<div class="plots">{rest}</div></details>'
    )


def _camp(case: CaseShown, place: str, fans: Sequence[FanTold], last: int) -> str:
    apart: list[FanTold] = []
    for fan in sorted(fans, key=lambda one: one.origin_day):
        if not apart or fan.origin_day >= apart[-1].origin_day + apart[-1].values.shape[1]:
            apart.append(fan)
    longest = max(fans, key=lambda one: len(one.days))
    top = _top(apart)
    plot = Plot((0.0, float(max(last, 1))), (0.0, top))
    dots = [
        plot.dot(float(when), value, "came", 1.9)
        for when, value in zip(longest.days, longest.outcomes, strict=True)
    ]
    parts = [
        plot.value_axis(_ticks(top)),
        *(piece for fan in apart for piece in _fan(plot, fan, until=last)),
        *dots,
        plot.bottom_axis(_days(case, last)),
    ]
    name = esc(spaced(case.names.get(place, place)))
    return f"<figure><h4>{name}</h4>{plot.svg(parts, both('fan_label'))}</figure>"
