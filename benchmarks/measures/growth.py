"""How cost grows with people, places, links, days and members, kernel by kernel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from benchmarks.measures.flow import CELL_KM, TEN, Flow, values_of
from benchmarks.rows import Benchmark, Row, Wanted, told
from benchmarks.timing import least, live, run_of
from benchmarks.towns import Shape
from benchmarks.worlds import Journey, with_journey, world, world_of
from safepassage.core.scenario import Scenario
from safepassage.engines.agents import Agents
from safepassage.engines.cohorts import Cohorts
from safepassage.engines.timetable import Timetable, timetable_of

KERNELS = ("agents", "cohorts", "flow")
GRID = Shape(places=1_000, links=3_000, people=50_000_000, countries=6, spacing_km=60.0)


@dataclass(frozen=True)
class Curve:
    """Cost along one axis.

    Parameters
    ----------
    axis : str                  "people", "places" …
    title : str                 what was held fixed.
    series : dict of str to list of (x, CPU seconds)    by kernel.
    """

    axis: str
    title: str
    series: dict[str, list[tuple[float, float]]]


@dataclass(frozen=True)
class _Point:
    """One run to be timed along an axis: `at` is its place on the axis."""

    at: float
    timetable: Timetable
    days: int
    members: int = 1


def _work(kernel: str, point: _Point) -> Callable[[], object] | None:
    timetable = point.timetable
    if kernel == "flow":
        if Flow is None:
            return None
        flow = Flow(timetable, cell_km=CELL_KM, parameters=TEN)
        values = values_of(timetable, point.members)
        few = np.arange(5)
        return lambda: flow.run(point.days, values, places=few)
    engine: Any = Agents(timetable, "benchmark") if kernel == "agents" else Cohorts(timetable, "benchmark")
    live(engine, days=2, members=min(2, point.members))
    return run_of(engine, days=point.days, members=point.members)


def _curve(axis: str, title: str, points: dict[str, Sequence[_Point]], *, repeats: int) -> Curve:
    series: dict[str, list[tuple[float, float]]] = {}
    for kernel, own in points.items():
        for point in own:
            work = _work(kernel, point)
            if work is None:
                continue
            if kernel == "flow":
                work()
            cpu = least({kernel: work}, repeats=repeats)[kernel]
            series.setdefault(kernel, []).append((point.at, cpu))
    return Curve(axis, title, series)


def _left(scenario: Scenario, people: int, days: int) -> Timetable:
    return timetable_of(with_journey(scenario, Journey(people, days, max(1, days // 3))))


def _by_people(quick: bool) -> Curve:
    standard, days = world("standard"), 60
    most = {"agents": 4 if quick else 6, "cohorts": 5 if quick else 9, "flow": 5 if quick else 9}
    points = {
        kernel: [_Point(10**k, _left(standard, 10**k, days), days) for k in range(2, top + 1)]
        for kernel, top in most.items()
    }
    return _curve("people", f"50 places, {days} days, one member", points, repeats=1 if quick else 2)


def _by_shape(axis: str, title: str, shapes: Sequence[Shape], at: Sequence[int], quick: bool) -> Curve:
    days, people = 15, 10_000 if quick else 200_000
    tables = [_left(world_of(shape, Journey(), name=axis), people, days) for shape in shapes]
    points = [_Point(x, table, days) for x, table in zip(at, tables, strict=True)]
    small = [point for point in points if len(point.timetable.population) <= 5_000]
    by_kernel = {"agents": points, "cohorts": points, "flow": small}
    said = f"{title}, {people:,} people, {days} days, one member"
    return _curve(axis, said, by_kernel, repeats=1 if quick else 2)


def _by_places(quick: bool) -> Curve:
    sizes = (50, 200) if quick else (50, 200, 1_000, 5_000, 20_000, 50_000)
    shapes = [
        replace(GRID, places=n, links=3 * n, countries=max(3, n // 250), people=50_000 * n) for n in sizes
    ]
    return _by_shape("places", "3 links per place", shapes, sizes, quick)


def _by_links(quick: bool) -> Curve:
    sizes = (1_300, 3_000) if quick else (1_300, 2_000, 3_000, 4_500, 7_000)
    shapes = [replace(GRID, links=m) for m in sizes]
    return _by_shape("links", "1,000 places", shapes, sizes, quick)


def _by_days(quick: bool) -> Curve:
    standard = world("standard")
    sizes = (10, 30) if quick else (10, 30, 100, 300, 1_000)
    points = [_Point(days, _left(standard, 100_000, days), days) for days in sizes]
    fewer = points if quick else points[:-1]
    own = {"agents": fewer, "cohorts": points, "flow": points}
    return _curve("days", "50 places, 100,000 people, one member", own, repeats=1 if quick else 2)


def _by_members(quick: bool) -> Curve:
    table, days = _left(world("standard"), 10_000, 60), 60
    sizes = (1, 4) if quick else (1, 2, 4, 8, 16, 32, 64)
    points = [_Point(members, table, days, members) for members in sizes]
    own = dict.fromkeys(KERNELS, points)
    return _curve("members", f"50 places, 10,000 people, {days} days", own, repeats=1 if quick else 2)


@cache
def curves(quick: bool) -> tuple[Curve, ...]:
    """Measure all curves, once."""
    measures = (_by_people, _by_places, _by_links, _by_days, _by_members)
    return tuple(measure(quick) for measure in measures)


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Give the slope of cost over size in logs, between the last three points or fewer."""
    last = np.log(np.array(points[-3:]))
    return float(np.polyfit(last[:, 0], last[:, 1], 1)[0])


def growth(quick: bool) -> list[Row]:
    """Tell by which power of each axis cost grows, where it is largest."""
    rows = []
    for curve in curves(quick):
        for kernel, points in curve.series.items():
            (x, seconds), last = points[-1], min(3, len(points))
            power = f"power of {curve.axis} between the last {last} points; {seconds:.3g} s at {x:,.0f}"
            rows.append(told(f"growth_{curve.axis}_{kernel}", exponent(points), f"{power} ({curve.title})"))
    return rows


AXES = ("people", "places", "links", "days", "members")
BENCHMARKS = (
    Benchmark(tuple(Wanted(f"growth_{axis}_{kernel}") for axis in AXES for kernel in KERNELS), growth),
)
