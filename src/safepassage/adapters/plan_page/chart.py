"""The map of a plan: towns where people may stay, the roads of the drives, and the stores they load at."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from safepassage.adapters.page.basemap import background
from safepassage.adapters.page.cartography import (
    LONGEST_NAME,
    Chart,
    certainty,
    ground_layer,
    towns_layer,
    ways_path,
)
from safepassage.adapters.page.figures import day_named, share
from safepassage.adapters.page.frame import frame_around
from safepassage.adapters.page.labels import Box, Wanted, place_labels
from safepassage.adapters.page.markup import esc, short, spaced
from safepassage.adapters.plan_page.facts import Coming, coming, leaving_days
from safepassage.adapters.plan_page.words import both
from safepassage.core.needs import THERE
from safepassage.core.plan import Dispatch
from safepassage.core.plan_story import PlanStory

SHOWN_CHANCE, NAMED = 0.02, 14
SIZE, STORE = 13.0, 5.0
SMALLEST = 3.0


def map_section(story: PlanStory) -> str:
    """Write the map of the first day on which drives leave; of tomorrow where none does."""
    days = leaving_days(story)
    first = days[0] if days else story.plan.start
    drives = list(story.drives_on(first))
    number = (first - story.needs.first).days
    number = min(max(number, 0), story.needs.days - 1)
    drawn = _drawing(story, drives, number)
    title = both("map_title", day=day_named(story.needs.first + timedelta(days=number)))
    return (
        f'<section aria-labelledby="map-title"><h2 id="map-title">{title}</h2>'
        f'<p>{both("map_lead")}</p><p class="hidden" id="map-label">{both("map_label")}</p>'
        f"<figure>{drawn}{_legend()}</figure></section>"
    )


def _drawing(story: PlanStory, drives: list[Dispatch], number: int) -> str:
    network = story.needs.network
    rows = _towns(story, number)
    ways = [list(story.routes.get(one.id, ())) for one in drives]
    chart = _chart(story, rows, ways)
    goods = sorted({one.store for one in drives})
    stores = "".join(
        f'<rect class="store" x="{chart.x[p] - STORE:.1f}" y="{chart.y[p] - STORE:.1f}" '
        f'width="{2 * STORE:g}" height="{2 * STORE:g}">'
        f"<title>{esc(spaced(network.places.names[p]))}</title></rect>"
        for p in goods
    )
    return (
        '<svg class="map" role="img" aria-labelledby="map-title map-label" '
        f'viewBox="0 0 {chart.frame.width:.0f} {chart.frame.height:.0f}">'
        f"{ground_layer(chart, network.links, lang=None)}{towns_layer(chart)}"
        f'<path class="drive-way" d="{ways_path(ways, chart)}"/>{_spots(story, chart, rows)}{stores}'
        f"{_names(story, chart, rows, drives)}</svg>"
    )


def _towns(story: PlanStory, number: int) -> list[tuple[int, Coming]]:
    """List the towns where people may stay on a night, the likeliest first."""
    when = story.needs.first + timedelta(days=number)
    chance = story.needs.people[THERE].chance_many[number]
    order = [int(p) for p in np.argsort(-chance, kind="stable") if chance[p] >= SHOWN_CHANCE]
    return [(place, coming(story, place, when)) for place in order]


def _chart(story: PlanStory, rows: list[tuple[int, Coming]], ways: list[list[int]]) -> Chart:
    places = story.needs.network.places
    wanted = np.zeros(len(places), dtype=bool)
    wanted[[place for place, _ in rows]] = True
    wanted[[place for way in ways for place in way]] = True
    wanted = wanted if wanted.any() else np.ones(len(places), dtype=bool)
    frame = frame_around(places.lon[wanted], places.lat[wanted])
    most = max((row.high or 0.0 for _, row in rows), default=0.0)
    return Chart(
        frame=frame, back=background(frame), x=frame.x(places.lon), y=frame.y(places.lat), shown=wanted,
        most_people=max(most, 1.0),
    )  # fmt: skip


def _spots(story: PlanStory, chart: Chart, rows: list[tuple[int, Coming]]) -> str:
    names = story.needs.network.places.names
    circles = []
    for place, row in reversed(rows):
        disc, ring = chart.radius(row.low or 0.0), max(chart.radius(row.high or 0.0), SMALLEST)
        fill = 0.12 + 0.6 * row.chance
        x, y = f"{chart.x[place]:.1f}", f"{chart.y[place]:.1f}"
        circles.append(
            f'<g class="spot {certainty(row.chance)}"><title>{esc(spaced(names[place]))}: '
            f"{share(row.chance)('es')}</title>"
            f'<circle class="ring" cx="{x}" cy="{y}" r="{ring:.1f}" fill-opacity="{fill * 0.45:.2f}"/>'
            f'<circle class="disc" cx="{x}" cy="{y}" r="{disc:.1f}" fill-opacity="{fill:.2f}"/></g>'
        )
    return "".join(circles)


def _names(story: PlanStory, chart: Chart, rows: list[tuple[int, Coming]], drives: list[Dispatch]) -> str:
    """Write as many names as find room: towns where people may stay with their chance, then stores."""
    names = story.needs.network.places.names
    told = [(place, share(row.chance)("es").replace("\u202f", " ")) for place, row in rows[:NAMED]]
    known = {place for place, _ in told}
    told += [(place, "") for place in dict.fromkeys(one.store for one in drives) if place not in known]
    wanted = [
        Wanted(
            float(chart.x[place]), float(chart.y[place]), 7.0,
            tuple(line for line in (short(spaced(names[place]), LONGEST_NAME), text) if line), SIZE,
        )
        for place, text in told
    ]  # fmt: skip
    taken = [Box(one.x - 5, one.y - 5, one.x + 5, one.y + 5) for one in wanted]
    placed = place_labels(wanted, width=chart.frame.width, height=chart.frame.height, taken=taken)
    texts = []
    for label in placed:
        lines = wanted[label.number].lines
        below = (
            f'<tspan class="chance" x="{label.x:.1f}" dy="{1.15 * SIZE:.1f}">{esc(lines[1])}</tspan>'
            if len(lines) > 1
            else ""
        )
        texts.append(
            f'<text class="name" text-anchor="{label.anchor}" x="{label.x:.1f}" y="{label.y:.1f}">'
            f"{esc(lines[0])}{below}</text>"
        )
    return f'<g class="names">{"".join(texts)}</g>'


def _legend() -> str:
    circle = (
        '<svg width="34" height="30" viewBox="0 0 34 30" aria-hidden="true"><g class="spot sure">'
        '<circle class="ring" cx="17" cy="15" r="13" fill-opacity=".25"/>'
        '<circle class="disc" cx="17" cy="15" r="7" fill-opacity=".65"/></g></svg>'
    )
    lines = "".join(
        f'<li><svg width="26" height="20" viewBox="0 0 26 20" aria-hidden="true"><g class="spot {kind}">'
        f'<circle class="ring" cx="13" cy="10" r="8" fill-opacity="{depth}"/></g></svg>'
        f"{both(f'legend_{kind}')}</li>"
        for kind, depth in (("sure", 0.5), ("maybe", 0.25), ("faint", 0.1))
    )
    return (
        f'<ul class="legend"><li>{circle}{both("legend_people")}</li>{lines}'
        '<li><svg width="30" height="8" viewBox="0 0 30 8" aria-hidden="true"><path class="drive-way" '
        f'd="M1 4h28"/></svg>{both("legend_way")}</li>'
        '<li><svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">'
        '<rect class="store" x="2" y="2" '
        f'width="10" height="10"/></svg>{both("legend_store")}</li></ul>'
    )
