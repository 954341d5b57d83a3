"""Coastlines and borders behind the map: Natural Earth 1:50m, cut to the window and thinned to the paper.

The package data keeps the arcs of the topology, so that a border shared by two countries is one line and a
coast is the line that only one country has. See BASEMAP.md for source and licence.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from safepassage.adapters.page.frame import Frame

Line = NDArray[np.float64]
MARGIN = 0.12  # of the window, drawn beyond its edge so that no edge shows when it is moved


@dataclass(frozen=True)
class CountryName:
    """Where to write the name of a country, in units of paper."""

    es: str
    en: str
    x: float
    y: float
    room: float


@dataclass(frozen=True)
class Background:
    """Paths in SVG's notation and the names of countries that have room."""

    land: str
    coast: str
    borders: str
    names: tuple[CountryName, ...]


@dataclass(frozen=True)
class _World:
    arcs: tuple[Line, ...]
    boxes: NDArray[np.float64]
    owners: NDArray[np.int64]
    countries: tuple[tuple[str, str, list[list[list[int]]]], ...]


@cache
def _world() -> _World:
    packed = files("safepassage.adapters.page").joinpath("basemap.json.gz").read_bytes()
    data = json.loads(gzip.decompress(packed))
    scale, translate = np.array(data["scale"]), np.array(data["translate"])
    arcs = tuple(np.cumsum(np.array(a).reshape(-1, 2), axis=0) * scale + translate for a in data["arcs"])
    boxes = np.array([[*a.min(axis=0), *a.max(axis=0)] for a in arcs])
    uses: Counter[int] = Counter()
    for country in data["countries"]:
        uses.update(n if n >= 0 else ~n for polygon in country["polygons"] for ring in polygon for n in ring)
    owners = np.array([uses[n] for n in range(len(arcs))])
    countries = tuple((c["es"], c["en"], c["polygons"]) for c in data["countries"])
    return _World(arcs, boxes, owners, countries)


def background(frame: Frame) -> Background:
    """Draw what lies behind the window.

    Returns
    -------
    Background          paths in units of paper, thinned to what can be seen on it.
    """
    world = _world()
    west, south, east, north = frame.degrees(MARGIN)
    boxes = world.boxes
    seen = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    step = 0.25 if east - west < 60 else 1.0  # a map of the world needs no coves
    land: list[str] = []
    names: list[CountryName] = []
    for es, en, polygons in world.countries:
        rings = _visible_rings(polygons, world, frame)
        land.extend(_path(ring, step, closed=True) for ring in rings)
        named = _name(es, en, rings, frame)
        if named is not None:
            names.append(named)
    coast, borders = (
        [_path(line, step) for n in np.flatnonzero(seen & wanted) for line in _cut(world.arcs[n], frame)]
        for wanted in (world.owners == 1, world.owners > 1)
    )
    return Background("".join(land), "".join(coast), "".join(borders), tuple(names))


def _visible_rings(polygons: list[list[list[int]]], world: _World, frame: Frame) -> list[Line]:
    west, south, east, north = frame.degrees(MARGIN)
    rings = []
    for polygon in polygons:
        for numbers in polygon:
            box = world.boxes[[n if n >= 0 else ~n for n in numbers]]
            outside = (
                box[:, 0].min() > east
                or box[:, 2].max() < west
                or box[:, 1].min() > north
                or box[:, 3].max() < south
            )
            if not outside:
                ring = _clip(_on_paper(_ring(numbers, world), frame), frame)
                if len(ring) >= 3:
                    rings.append(ring)
    return rings


def _ring(numbers: list[int], world: _World) -> Line:
    """Join arcs end to start; the shared point stands once."""
    parts = [world.arcs[n] if n >= 0 else world.arcs[~n][::-1] for n in numbers]
    return np.concatenate([part[:-1] for part in parts])


def _on_paper(points: Line, frame: Frame) -> Line:
    return np.column_stack([frame.x(points[:, 0]), frame.y(points[:, 1])])


def _limits(frame: Frame) -> tuple[float, float, float, float]:
    wide, tall = MARGIN * frame.width, MARGIN * frame.height
    return -wide, -tall, frame.width + wide, frame.height + tall


def _clip(ring: Line, frame: Frame) -> Line:
    """Cut a ring to the window (Sutherland and Hodgman 1974), one edge after the other."""
    left, top, right, bottom = _limits(frame)
    for axis, limit, sign in ((0, left, 1.0), (0, right, -1.0), (1, top, 1.0), (1, bottom, -1.0)):
        if len(ring) == 0:
            return ring
        depth = sign * (ring[:, axis] - limit)
        if (depth >= 0).all():
            continue
        after, depth_after = np.roll(ring, -1, axis=0), np.roll(depth, -1)
        crosses = (depth >= 0) != (depth_after >= 0)
        part = np.where(crosses, depth / np.where(crosses, depth - depth_after, 1.0), 0.0)
        cut = ring + part[:, None] * (after - ring)
        both = np.stack([ring, cut], axis=1).reshape(-1, 2)
        ring = both[np.stack([depth >= 0, crosses], axis=1).reshape(-1)]
    return ring


def _cut(arc: Line, frame: Frame) -> list[Line]:
    """Keep the stretches of a line that come near the window."""
    points = _on_paper(arc, frame)
    left, top, right, bottom = _limits(frame)
    x, y = points[:, 0], points[:, 1]
    inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    near = inside.copy()
    near[1:] |= inside[:-1]
    near[:-1] |= inside[1:]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], near.astype(np.int8), [0]])))
    return [points[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 2]


def _path(points: Line, step: float, *, closed: bool = False) -> str:
    """Write a line in tenths of a unit, leaving out steps shorter than `step`."""
    kept = points[_apart(points, step)]
    tenths = np.round(kept * 10).astype(int)
    steps = np.diff(tenths, axis=0)
    moves = " ".join(f"{_tenth(dx)} {_tenth(dy)}" for dx, dy in steps.tolist())
    start = f"M{_tenth(int(tenths[0, 0]))} {_tenth(int(tenths[0, 1]))}"
    return f"{start}l{moves}" + ("z" if closed else "") if moves else ""


def _tenth(number: int) -> str:
    return f"{number / 10:g}"


def _apart(points: Line, step: float) -> NDArray[np.bool_]:
    cell = np.round(points / step)
    kept = np.ones(len(points), dtype=bool)
    kept[1:] = (np.diff(cell, axis=0) != 0).any(axis=1)
    kept[-1] = True
    return kept


def _name(es: str, en: str, rings: list[Line], frame: Frame) -> CountryName | None:
    """Find the point of a country inside the window that lies furthest from its edge, on a grid."""
    if not rings:
        return None
    ring = max(rings, key=lambda r: abs(_area(r)))
    if abs(_area(ring)) < 0.0025 * frame.width * frame.height:
        return None
    low = np.maximum(ring.min(axis=0), 0.0)
    high = np.minimum(ring.max(axis=0), [frame.width, frame.height])
    if (high <= low).any():
        return None
    xs, ys = (np.linspace(low[k], high[k], 26)[1:-1] for k in (0, 1))
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    grid = grid[_inside(grid, ring)]
    if len(grid) == 0:
        return None
    offset = grid[:, None, :] - ring[None, :: max(1, len(ring) // 400), :]
    room = np.sqrt((offset**2).sum(axis=2)).min(axis=1)
    walls = np.column_stack([grid[:, 0], grid[:, 1], frame.width - grid[:, 0], frame.height - grid[:, 1]])
    room = np.minimum(room, walls.min(axis=1))
    best = int(np.argmax(room))
    return CountryName(es, en, float(grid[best, 0]), float(grid[best, 1]), float(room[best]))


def _area(ring: Line) -> float:
    after = np.roll(ring, -1, axis=0)
    return float((ring[:, 0] * after[:, 1] - after[:, 0] * ring[:, 1]).sum() / 2)


def _inside(points: Line, ring: Line) -> NDArray[np.bool_]:
    """Tell which points lie inside a ring, by the number of edges to their right."""
    after = np.roll(ring, -1, axis=0)
    above = (ring[None, :, 1] > points[:, None, 1]) != (after[None, :, 1] > points[:, None, 1])
    rise = np.where(after[:, 1] == ring[:, 1], 1.0, after[:, 1] - ring[:, 1])
    crossing = (after[:, 0] - ring[:, 0]) * (points[:, None, 1] - ring[:, 1]) / rise + ring[:, 0]
    result: NDArray[np.bool_] = ((above & (points[:, None, 0] < crossing)).sum(axis=1) % 2).astype(bool)
    return result
