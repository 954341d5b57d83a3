"""The parts of the report that show fans: head and size of each group, or totals per place."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from safepassage.adapters.outlook import first_night
from safepassage.adapters.page.cartography import way_kind
from safepassage.adapters.page.fans import FanChart, draw_fan
from safepassage.adapters.page.figures import Spoken, day_within, people, share, span, whole
from safepassage.adapters.page.grids import table
from safepassage.adapters.page.marks import MARK_SEGMENTS, positions, sizes, stocks
from safepassage.adapters.page.markup import clean, esc, spaced
from safepassage.adapters.page.partsection import group_name, parts_section
from safepassage.adapters.page.words import both, pair
from safepassage.core.forecast import MODES, QUANTILE_LEVELS, Fan, Forecast, GroupForecast

MOST_TOTALS = 18
LEAST_PEOPLE = 5  # places that never hold so many get no drawing of their own
WIDE, NARROW = (1060.0, 400.0), (340.0, 330.0)
LEAST_DISSOLVED = 0.005


def group_sections(forecast: Forecast) -> str:
    """Draw position and size of every group, each over its naive forecast."""
    return "".join(_group(forecast, group, number) for number, group in enumerate(forecast.groups))


def _group(forecast: Forecast, group: GroupForecast, number: int) -> str:
    names = [clean(spaced(name)) for name in forecast.network.places.names]
    steps = tuple((float(km), names[p]) for km, p in zip(group.route_km, group.route, strict=True))
    head = FanChart(
        start=forecast.start,
        as_of=forecast.as_of,
        fan=group.head_km,
        baseline=_since(forecast, group.walker_km),
        steps=steps,
        marks=positions(forecast, group),
        learned=forecast.belief is not None,
    )
    size = FanChart(
        start=forecast.start,
        as_of=forecast.as_of,
        fan=group.size,
        baseline=_since(forecast, group.last_size),
        marks=sizes(forecast, group, MARK_SEGMENTS),
        learned=forecast.belief is not None,
    )
    name = group_name(group)
    place = f"<p>{both(f'head_lead_{way_kind(group)}')} {both('head_bands')}</p>{_dissolved(forecast, group)}"
    people_text = f"<p>{both('size_lead')}</p>"
    return (
        _section(f"head-{number}", head, name, place)
        + _section(f"size-{number}", size, name, people_text)
        + parts_section(forecast, group, number)
    )


def _since(forecast: Forecast, fan: Fan) -> Fan:
    """Leave out the naive forecast before the time of the data where the fan rests on reports until then."""
    if forecast.belief is None:
        return fan
    values = fan.values.copy()
    values[:, : max(0, (forecast.as_of - forecast.start).days)] = np.nan
    return Fan(fan.unit, values)


def _dissolved(forecast: Forecast, group: GroupForecast) -> str:
    """Say in how many futures the group is gone at the end, since the drawing counts only the others."""
    gone = float(group.mode_share[-1, MODES.index("dissolved")])
    if gone < LEAST_DISSOLVED:
        return ""
    last = day_within(forecast.days)(forecast.dates[-1])
    return f"<p>{both('head_dissolved', day=last, chance=share(gone))}</p>"


def _section(key: str, chart: FanChart, name: Spoken, text: str) -> str:
    kind = key.split("-")[0]
    baseline = "baseline_walker" if kind == "head" else "baseline_last"
    drawn = draw_fan(chart, width=WIDE[0], height=WIDE[1] if kind == "head" else 320.0, css="wide")
    drawn += draw_fan(chart, width=NARROW[0], height=NARROW[1] if kind == "head" else 250.0, css="narrow")
    marked = f"<li>{_swatch('report')}{both('reported')}</li>" if chart.marks else ""
    if any(mark.hollow for mark in chart.marks):
        marked += f"<li>{_swatch('report hollow')}{both('reported_contradicted')}</li>"
    legend = (
        f'<ul class="legend"><li>{_swatch("band90")}{both("band_90")}</li><li>{_swatch("band50")}'
        f"{both('band_50')}</li>"
        f"<li>{_swatch('middle')}{both('band_middle')}</li><li>{_swatch('naive')}{both(baseline)}"
        f"</li>{marked}</ul>"
    )
    axis = f'<p class="sub axis-name">{both("axis_km" if kind == "head" else "axis_people")}</p>'
    return (
        f'<section aria-labelledby="{key}"><h2 id="{key}">{both(f"{kind}_title", group=name)}</h2>'
        f"{text}"
        f'<figure role="group" aria-labelledby="{key}">{axis if kind == "size" else ""}{drawn}{legend}'
        f"{_figures(chart, kind)}</figure></section>"
    )


def _swatch(css: str) -> str:
    shapes = {
        "middle": '<path class="middle" d="M0 7h26"/>',
        "report": '<path class="report" d="M13 1l6 6l-6 6l-6 -6z"/>',
        "report hollow": '<path class="report hollow" d="M13 1l6 6l-6 6l-6 -6z"/>',
    }
    inside = shapes.get(css, f'<path class="{css}" d="M1 1h24v12h-24z"/>')
    return f'<svg width="26" height="14" viewBox="0 0 26 14" aria-hidden="true">{inside}</svg>'


def _figures(chart: FanChart, kind: str) -> str:
    """Write the fan as a table, for those who cannot see it or want the numbers."""
    days = chart.fan.values.shape[1]
    step = max(1, -(-days // 40))
    head = [both("night"), "5%", "25%", both("middle"), "75%", "95%"]
    if chart.baseline is not None:
        head.append(both("baseline_walker" if kind == "head" else "baseline_last"))
    rows = []
    for d in range(0, days, step):
        values = [chart.fan.at(level)[d] for level in (0.05, 0.25, 0.5, 0.75, 0.95)]
        cells = "".join(f"<td>{_number(v)}</td>" for v in values)
        if chart.baseline is not None:
            low, high = (_number(chart.baseline.at(level)[d]) for level in (0.05, 0.95))
            cells += f"<td>{low if low == high else f'{low}–{high}'}</td>"
        when = pair(day_within(days)(chart.start + timedelta(days=d)))
        rows.append(f'<tr><th scope="row">{when}</th>{cells}</tr>')
    inside = table(head, ["<tbody>", *rows, "</tbody>"], css="figures")
    return f"<details><summary>{both('fan_table')}</summary>{inside}</details>"


def _number(value: float) -> str:
    return "–" if not np.isfinite(value) else pair(whole(float(value)))


def totals_section(forecast: Forecast) -> str:
    """Draw the people in each of the fullest places, for crises without groups."""
    since = first_night(forecast)
    middle = forecast.overnight[QUANTILE_LEVELS.index(0.5), since:]
    high = forecast.overnight[QUANTILE_LEVELS.index(0.95), since:].max(axis=0)
    kinds = np.array([kind in ("camp", "shelter", "refugee_camp") for kind in forecast.network.places.kinds])
    ranked = np.lexsort((-high, -middle.max(axis=0), ~kinds))
    chosen = [int(place) for place in ranked if high[place] >= LEAST_PEOPLE][:MOST_TOTALS]
    if not chosen:
        return ""
    drawn = "".join(_total(forecast, place) for place in chosen)
    return (
        f'<section aria-labelledby="totals"><h2 id="totals">{both("totals_title")}</h2>'
        f"<p>{both('totals_lead')}</p>"
        f'<div class="totals">{drawn}</div></section>'
    )


def _total(forecast: Forecast, place: int) -> str:
    fan = Fan("people", forecast.overnight[:, :, place].astype(np.float64))
    chart = FanChart(start=forecast.start, as_of=forecast.as_of, fan=fan, marks=stocks(forecast, place))
    low, centre, high = (float(fan.at(level)[-1]) for level in (0.05, 0.5, 0.95))
    reach, middle = span(low, high), people(centre)
    key = "totals_end_one" if reach("es") == middle("es") else "totals_end"
    end = both(key, day=day_within(forecast.days)(forecast.dates[-1]), middle=middle, range=reach)
    name = esc(spaced(forecast.network.places.names[place]))
    key = f"total-{place}"
    return (
        f'<figure role="group" aria-labelledby="{key}"><h3 id="{key}">{name}</h3>'
        f'<p class="sub">{end}</p>{draw_fan(chart, width=330, height=190, css="")}</figure>'
    )
