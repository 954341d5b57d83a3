"""A small drawing of the way of one drive: roads around it, towns it passes, where it loads and hands out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.adapters.page.frame import Frame
from safepassage.adapters.page.labels import Box, Wanted, place_labels
from safepassage.adapters.page.markup import esc, short, spaced
from safepassage.core.network import Network
from safepassage.core.plan import Dispatch

Points = tuple[NDArray[np.float64], NDArray[np.float64]]
WIDE, TALL, SIZE = 500.0, 220.0, 17.0
# No way across country is drawn for anybody.
NOT_DRAWN = frozenset({"trail", "boat", "river", "jungle", "foot", "walk", "swim"})
LEAST_DEGREES, LONGEST_NAME = 0.12, 26
KM_PER_DEGREE = 111.2
ROUND_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def draw_way(network: Network, one: Dispatch, route: tuple[int, ...]) -> str:
    """Draw the way of a drive as SVG; '' where it is not known.

    Names are those of the ends first, then of towns on the way, as many as find room; north is up.
    """
    if not route:
        return ""
    places = network.places
    frame = _frame(places.lon[list(route)], places.lat[list(route)])
    x, y = frame.x(places.lon), frame.y(places.lat)
    links = network.links
    roads = "".join(
        f"M{x[a]:.1f} {y[a]:.1f}L{x[b]:.1f} {y[b]:.1f}"
        for a, b, mode in zip(links.origin.tolist(), links.target.tolist(), links.modes, strict=True)
        if NOT_DRAWN.isdisjoint(mode.split("_")) and (_seen(x[a], y[a]) or _seen(x[b], y[b]))
    )
    line = "M" + "L".join(f"{x[p]:.1f} {y[p]:.1f}" for p in route)
    dots = "".join(f"M{x[p]:.1f} {y[p]:.1f}h0" for p in dict.fromkeys(route))
    home = f'<circle class="w-home" cx="{x[route[0]]:.1f}" cy="{y[route[0]]:.1f}" r="7"/>'
    left, top = x[one.store] - 8, y[one.store] - 8
    load = f'<rect class="w-load" x="{left:.1f}" y="{top:.1f}" width="16" height="16"/>'
    end = (
        f'<circle class="w-end" cx="{x[one.place]:.1f}" cy="{y[one.place]:.1f}" r="11"/>'
        f'<circle class="w-mid" cx="{x[one.place]:.1f}" cy="{y[one.place]:.1f}" r="4.5"/>'
    )
    return (
        f'<svg class="way-map" viewBox="0 0 {WIDE:g} {TALL:g}" aria-hidden="true">'
        f'<path class="w-road" d="{roads}"/>'
        f'<path class="w-way" d="{line}"/><path class="w-town" d="{dots}"/>{home}{load}{end}'
        f"{_names(network, one, route, (x, y))}{_scale(frame)}</svg>"
    )


def _seen(x: float, y: float) -> bool:
    return -WIDE < x < 2 * WIDE and -TALL < y < 2 * TALL


def _frame(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Frame:
    """Choose the window: all of the way with room for names, at least some ten kilometres."""
    middle_lat = float(lat.min() + lat.max()) / 2
    squeeze = max(0.2, float(np.cos(np.radians(middle_lat))))
    tall = max(1.45 * float(np.ptp(lat)), LEAST_DEGREES)
    wide = max(1.5 * float(np.ptp(lon)) * squeeze, LEAST_DEGREES * WIDE / TALL)
    per_lat = min(TALL / tall, WIDE / wide)
    per_lon = per_lat * squeeze
    west = float(lon.min() + lon.max()) / 2 - WIDE / per_lon / 2
    return Frame(west, middle_lat + TALL / per_lat / 2, per_lon, per_lat, WIDE, TALL)


def _names(network: Network, one: Dispatch, route: tuple[int, ...], at: Points) -> str:
    x, y = at
    order = list(dict.fromkeys((one.place, one.store, route[0], *route)))
    ends = {one.place, one.store, route[0]}
    wanted = [
        Wanted(
            float(x[p]), float(y[p]), 11.0 if p in ends else 6.0,
            (_plain(network.places.names[p]),), SIZE if p in ends else 0.8 * SIZE,
        )
        for p in order
    ]  # fmt: skip
    taken = [Box(w.x - 6, w.y - 6, w.x + 6, w.y + 6) for w in wanted]
    texts = []
    for label in place_labels(wanted, width=WIDE, height=TALL, taken=taken):
        css = "w-name end" if order[label.number] in ends else "w-name"
        texts.append(
            f'<text class="{css}" text-anchor="{label.anchor}" x="{label.x:.1f}" y="{label.y:.1f}">'
            f"{esc(wanted[label.number].lines[0])}</text>"
        )
    return "".join(texts)


def _plain(name: str) -> str:
    """Leave out what stands in brackets behind a name: the list beside the drawing has it."""
    return short(spaced(name).split(" (")[0], LONGEST_NAME)


def _scale(frame: Frame) -> str:
    """Draw a bar of round kilometres, a fifth of the width at most."""
    per_km = frame.per_lat / KM_PER_DEGREE
    km = max((k for k in ROUND_KM if k * per_km <= WIDE / 5), default=ROUND_KM[0])
    right, low = WIDE - 12, TALL - 12
    return (
        f'<path class="w-scale" d="M{right - km * per_km:.1f} {low}v4H{right}v-4"/>'
        f'<text class="w-km" text-anchor="end" x="{right}" y="{low - 5}">{km} km · N ↑</text>'
    )
