"""The map as SVG: background, roads, and for one night the people who may stay, with their chance.

A circle's disc is the number that is exceeded in nine of ten members that come, its ring the number exceeded
in one of ten; the area stands for people. The chance is said three times, so that colour is never alone:
by the depth of the fill, by the line (full, dashed, dotted) and in figures beside the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.adapters.outlook import Night, first_night
from safepassage.adapters.page.basemap import Background, background
from safepassage.adapters.page.figures import Spoken
from safepassage.adapters.page.frame import Frame, frame_around
from safepassage.adapters.page.labels import Box, Wanted, place_labels
from safepassage.adapters.page.markup import esc, short, spaced
from safepassage.adapters.page.reckoning import reckoned, told_chance
from safepassage.core.forecast import QUANTILE_LEVELS, Forecast, GroupForecast
from safepassage.core.network import Links

SHOWN_CHANCE = 0.01  # places below this on every night are not drawn as possible
LONGEST_NAME = 28  # letters beside a circle
LARGEST = 30.0  # radius of the largest circle, in units of a paper 1000 wide
SURE, MAYBE, CERTAIN = 0.5, 0.2, 0.9945


@dataclass(frozen=True)
class View:
    """The part of a chart that is shown: upper left corner, size, and how small its unit is.

    Parameters
    ----------
    x, y, width, height : float     in units of the chart.
    unit : float                    units of the chart that look as large as one unit of the whole does.
    """

    x: float
    y: float
    width: float
    height: float
    unit: float


@dataclass(frozen=True)
class Chart:
    """What does not change from night to night.

    Parameters
    ----------
    frame : Frame
    back : Background
    x, y : (n,) float           places on paper.
    shown : (n,) bool           places with a chance worth drawing on some night.
    most_people : float         people of the largest circle.
    """

    frame: Frame
    back: Background
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    shown: NDArray[np.bool_]
    most_people: float

    @property
    def whole(self) -> View:
        """The whole chart."""
        return View(0.0, 0.0, self.frame.width, self.frame.height, 1.0)

    def radius(self, people: float) -> float:
        """Give the radius of a circle whose area stands for this many people."""
        return LARGEST * float(np.sqrt(max(people, 0.0) / self.most_people))


def chart_of(forecast: Forecast, *, shape: float | None = None, close: bool = False) -> Chart:
    """Choose the window for a forecast and project its places.

    Parameters
    ----------
    shape : float or None       height over width.
    close : bool                only where people may be in the week after the time of the data.
    """
    places = forecast.network.places
    since = first_night(forecast)
    shown = forecast.chance_any.max(axis=0) >= SHOWN_CHANCE
    wanted = _near(forecast.chance_any[since : since + 7]) if close else shown.copy()
    if not close:
        for group in forecast.groups:
            wanted[group.route] = True
        wanted[[report.place for report in forecast.reports if report.place >= 0]] = True
    wanted = wanted if wanted.any() else np.ones(len(places), dtype=bool)
    frame = frame_around(places.lon[wanted], places.lat[wanted], shape=shape)
    return Chart(
        frame=frame,
        back=background(frame),
        x=frame.x(places.lon),
        y=frame.y(places.lat),
        shown=shown,
        most_people=_most_people(forecast),
    )


def close_view(chart: Chart, forecast: Forecast, day: int) -> View:
    """Choose the part of the chart where people may be around one night; as the page's script does."""
    near = _near(forecast.chance_any[max(0, day - 1) : day + 2])
    if not near.any():
        return chart.whole
    x, y = chart.x[near], chart.y[near]
    wide, tall = chart.frame.width, chart.frame.height
    width = min(wide, max(wide / 5, 1.5 * float(np.ptp(x)), 1.5 * float(np.ptp(y)) * wide / tall))
    height = width * tall / wide
    # inside the chart, since land is drawn only a little beyond its edge: past that all would look like sea
    left = min(max(float(x.min() + x.max() - width) / 2, 0.0), wide - width)
    top = min(max(float(y.min() + y.max() - height) / 2, 0.0), tall - height)
    return View(left, top, width, height, width / wide)


def _near(chance_any: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Choose the places to look at closely, from (day, place) chances.

    Those of at least 5 %, or of half the largest chance where all are small: else the one place that happens
    to pass 5 % would fill the picture while people may be anywhere.
    """
    chance = chance_any.max(axis=0)
    near: NDArray[np.bool_] = chance >= max(SHOWN_CHANCE, min(0.05, 0.5 * float(chance.max())))
    return near


def _most_people(forecast: Forecast) -> float:
    high = QUANTILE_LEVELS.index(0.9)
    likely = forecast.chance_threshold >= 0.05
    people = np.where(likely & ~np.isnan(forecast.if_they_come[high]), forecast.if_they_come[high], 0.0)
    return max(float(people.max(initial=0.0)), float(forecast.overnight[high].max(initial=0.0)), 1.0)


def base_layer(chart: Chart, forecast: Forecast, *, lang: str | None) -> str:
    """Draw sea, land, borders, roads and towns; names of countries in one language, or in both (None)."""
    ways = "".join(_way(group, chart) for group in forecast.groups)
    return f"{ground_layer(chart, forecast.network.links, lang=lang)}{ways}{towns_layer(chart)}"


def ground_layer(chart: Chart, links: Links, *, lang: str | None) -> str:
    """Draw sea, land, borders and roads, as `base_layer` does."""
    frame, back = chart.frame, chart.back
    roads = [[int(a), int(b)] for a, b in zip(links.origin, links.target, strict=True)]
    names = "".join(
        _country(name.es, name.en, (name.x, name.y), lang) for name in back.names if name.room > 18
    )
    wide, tall = frame.width, frame.height
    return (
        f'<rect class="sea" x="{-wide}" y="{-tall}" width="{3 * wide:.0f}" height="{3 * tall:.0f}"/>'
        f'<path class="land" d="{back.land}"/><path class="coast" d="{back.coast}"/>'
        f'<path class="border" d="{back.borders}"/><g class="countries">{names}</g>'
        f'<path class="road" d="{ways_path(roads, chart)}"/>'
    )


def towns_layer(chart: Chart) -> str:
    """Draw the towns of the window as dots."""
    frame = chart.frame
    seen = (chart.x > -50) & (chart.x < frame.width + 50) & (chart.y > -50) & (chart.y < frame.height + 50)
    dots = "".join(f"M{chart.x[p]:.1f} {chart.y[p]:.1f}h0" for p in np.flatnonzero(seen))
    return f'<path class="town" d="{dots}"/>'


def _way(group: GroupForecast, chart: Chart) -> str:
    drawn = ways_path([[int(place) for place in group.route]], chart)
    return f'<path class="route {way_kind(group)}" d="{drawn}"/>'


def _country(es: str, en: str, spot: tuple[float, float], lang: str | None) -> str:
    if lang is not None or es == en:
        inside = esc(en if lang == "en" else es)
    else:
        inside = f'<tspan lang="es">{esc(es)}</tspan><tspan lang="en">{esc(en)}</tspan>'
    return f'<text x="{spot[0]:.0f}" y="{spot[1]:.0f}">{inside}</text>'


def ways_path(ways: list[list[int]], chart: Chart) -> str:
    """Draw each list of places as one line; a single place draws nothing."""
    return "".join(
        "M" + "L".join(f"{chart.x[place]:.1f} {chart.y[place]:.1f}" for place in way)
        for way in ways
        if len(way) > 1
    )


def certainty(chance: float) -> str:
    """Name the kind of line that says how likely something is."""
    return "sure" if chance >= SURE else "maybe" if chance >= MAYBE else "faint"


def people_layer(
    chart: Chart, nights: Sequence[Night], *, lang: str, view: View | None = None, size: float = 13.0
) -> str:
    """Draw the circles of one night and as many names as find room; the likeliest lies on top."""
    seen = view if view is not None else chart.whole
    circles = []
    for row in reversed(nights):
        disc, ring = (chart.radius(people) for people in drawn_people(row))
        disc, ring = disc * seen.unit, max(ring, 2.5) * seen.unit
        x, y = f"{chart.x[row.place]:.1f}", f"{chart.y[row.place]:.1f}"
        fill = 0.12 + 0.6 * row.told
        title = f"{spaced(row.name)}: {told_chance(row)(lang)} · {reckoned(row)(lang)}"
        circles.append(
            f'<g class="spot {certainty(row.told)}"><title>{esc(title)}</title>'
            f'<circle class="ring" cx="{x}" cy="{y}" r="{ring:.2f}" fill-opacity="{fill * 0.45:.2f}"/>'
            f'<circle class="disc" cx="{x}" cy="{y}" r="{disc:.2f}" fill-opacity="{fill:.2f}"/></g>'
        )
    return "".join(circles) + _names(chart, nights, seen, lang=lang, size=size * seen.unit)


def told_beside(row: Night) -> Spoken:
    """Say beside a name what is not plain: the chance, or, where people are there in any case, how many."""
    return told_chance(row) if row.told < CERTAIN else reckoned(row)


def drawn_people(row: Night) -> tuple[float, float]:
    """Give the people of disc and ring; none where no range can be told: the mark is the smallest then."""
    return (row.people.low, row.people.high) if row.enough else (0.0, 0.0)


def way_kind(group: GroupForecast) -> str:
    """Tell whether the way that is drawn was "declared", or is only the "likely" one by the model."""
    return "declared" if group.route_declared else "likely"


def _names(chart: Chart, nights: Sequence[Night], view: View, *, lang: str, size: float) -> str:
    wanted, taken = [], []
    for row in nights:
        x, y = float(chart.x[row.place]) - view.x, float(chart.y[row.place]) - view.y
        clear = max(4.0, chart.radius(drawn_people(row)[0])) * view.unit
        wanted.append(
            Wanted(x, y, clear, (short(spaced(row.name), LONGEST_NAME), told_beside(row)(lang)), size)
        )
        if row.told >= MAYBE:
            taken.append(Box(x - 0.7 * clear, y - 0.7 * clear, x + 0.7 * clear, y + 0.7 * clear))
    placed = place_labels(wanted, width=view.width, height=view.height, taken=taken)
    texts = []
    for label in placed:
        name, chance_text = wanted[label.number].lines
        start = f"{view.x + label.x:.2f}"
        texts.append(
            f'<text class="name" text-anchor="{label.anchor}" x="{start}" y="{view.y + label.y:.2f}">'
            f"{esc(name)}"
            f'<tspan class="chance" x="{start}" dy="{1.15 * size:.2f}">{esc(chance_text)}</tspan></text>'
        )
    return f'<g class="names">{"".join(texts)}</g>'


def report_layer(chart: Chart, forecast: Forecast, day: int, *, unit: float = 1.0) -> str:
    """Draw the known reports up to one night: a full diamond for that night, small ones before."""
    today = forecast.date_of(day)
    spots = {}
    for report in sorted(forecast.reports, key=lambda r: r.observed):
        if report.place >= 0 and report.observed <= today:
            spots[report.place] = report.observed == today
    return "".join(
        f'<path class="{"report" if now else "report old"}" '
        f'd="{diamond(float(chart.x[p]), float(chart.y[p]), (6.5 if now else 4.0) * unit)}"/>'
        for p, now in spots.items()
    )


def diamond(x: float, y: float, arm: float) -> str:
    """Give the path of the mark of a report."""
    return f"M{x:.2f} {y - arm:.2f}l{arm:g} {arm:g}l{-arm:g} {arm:g}l{-arm:g} {-arm:g}z"
