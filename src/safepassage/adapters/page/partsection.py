"""The parts of a caravan that go apart from its main body, small: how likely, how far, how many."""

from __future__ import annotations

import numpy as np

from safepassage.adapters.outlook import first_night
from safepassage.adapters.outlook_belief import told_parts, told_whole
from safepassage.adapters.page.fans import FanChart, Mark, draw_fan
from safepassage.adapters.page.figures import Spoken, day_within, people, share, span, whole
from safepassage.adapters.page.marks import positions, sizes
from safepassage.adapters.page.markup import clean
from safepassage.adapters.page.words import both, in_language
from safepassage.core.forecast import Fan, Forecast, GroupForecast, PartForecast

SMALL = (330.0, 190.0)


def group_name(group: GroupForecast) -> Spoken:
    """Say the name of a group in the language of the sentence."""
    return lambda lang: clean(group.name_en if lang == "en" else group.name_es)


def parts_section(forecast: Forecast, group: GroupForecast, number: int) -> str:
    """Draw each part and the whole; nothing where the group has no parts."""
    if not group.parts and group.whole_size is None:
        return ""
    key = f"parts-{number}"
    drawn = "".join(
        _part(forecast, group, part, f"{key}-{part.segment}") for part in told_parts(forecast, group)
    )
    whole = told_whole(group)
    if whole is not None:
        drawn += _whole(forecast, group, whole, f"{key}-whole")
    return (
        f'<section aria-labelledby="{key}"><h2 id="{key}">{both("parts_title", group=group_name(group))}</h2>'
        f'<p>{both("parts_lead")}</p><div class="totals">{drawn}</div></section>'
    )


def _part(forecast: Forecast, group: GroupForecast, part: PartForecast, key: str) -> str:
    day = first_night(forecast)
    when, segments = day_within(forecast.days)(forecast.date_of(day)), (part.segment,)
    chance = both("parts_chance", day=when, chance=share(float(part.chance[day])))
    if not np.isfinite(part.head_km.values).any():
        return _figure(key, f"parts_{part.segment}", f"{chance}<br>{both('parts_few')}", "")
    at = ""
    if np.isfinite(part.head_km.at(0.5)[day]) and np.isfinite(part.size.at(0.5)[day]):
        km, many = _reach(part.head_km, day, whole), _reach(part.size, day, people)
        at = "<br>" + both("parts_at", km=km, people=many)
    drawn = _small(forecast, part.head_km, positions(forecast, group, segments), "axis_km")
    drawn += _small(forecast, part.size, sizes(forecast, group, segments), "axis_people")
    return _figure(key, f"parts_{part.segment}", f"{chance}{at}", drawn)


def _whole(forecast: Forecast, group: GroupForecast, fan: Fan, key: str) -> str:
    day = first_night(forecast)
    when = day_within(forecast.days)(forecast.date_of(day))
    line = both("parts_whole_line", day=when, people=_reach(fan, day, people))
    drawn = _small(forecast, fan, sizes(forecast, group, ("whole",)), "axis_people")
    return _figure(key, "parts_whole", line, drawn)


def _figure(key: str, title: str, line: str, drawn: str) -> str:
    return (
        f'<figure role="group" aria-labelledby="{key}"><h3 id="{key}">{both(title)}</h3>'
        f'<p class="sub">{line}</p>{drawn}</figure>'
    )


def _small(forecast: Forecast, fan: Fan, marks: tuple[Mark, ...], axis: str) -> str:
    chart = FanChart(start=forecast.start, as_of=forecast.as_of, fan=fan, marks=marks)
    drawn = draw_fan(chart, width=SMALL[0], height=SMALL[1], css="")
    return f'<p class="sub axis-name">{both(axis)}</p>{drawn}'


def _reach(fan: Fan, day: int, said: object) -> Spoken:
    low, high = float(fan.at(0.1)[day]), float(fan.at(0.9)[day])
    if not (np.isfinite(low) and np.isfinite(high)):
        return lambda lang: "–"
    return span(low, high) if said is people else _km(low, high)


def _km(low: float, high: float) -> Spoken:
    first, last = whole(low), whole(high)
    return lambda lang: (
        in_language(first, lang) if first(lang) == last(lang) else f"{first(lang)}–{last(lang)}"
    )
