"""The flow kernel: members as lanes of vectors, and derivatives beside the value."""

from __future__ import annotations

import numpy as np

from benchmarks.rows import AT_MOST, Benchmark, Row, Skipped, Wanted, at_most
from benchmarks.timing import least
from benchmarks.worlds import Journey, world
from safepassage.engines.timetable import Timetable, timetable_of

try:
    from safepassage.engines.flow import Flow
except ModuleNotFoundError:  # a version without this kernel
    Flow = None  # type: ignore[assignment,misc]

DAYS, CELL_KM, LANES = 300, 10.0, 32
TEN = (
    "default_movechance",
    "conflict_movechance",
    "camp_movechance",
    "idpcamp_movechance",
    "foreign_weight",
    "camp_weight",
    "conflict_weight",
    "softening_km",
    "distance_power",
    "weight_power",
)


def _timetable(people: int = 10**6) -> Timetable:
    if Flow is None:
        message = "this version has no flow kernel"
        raise Skipped(message)
    return timetable_of(world("standard", Journey(people=people, days=DAYS)))


def values_of(timetable: Timetable, lanes: int) -> np.ndarray:
    """Draw different numbers of the law for every lane, near the law's own: (lanes, 10)."""
    law = np.array([getattr(timetable.law, name) for name in TEN], dtype=np.float64)
    spread = np.random.default_rng(1).uniform(0.9, 1.0, (lanes, len(TEN)))
    return law * spread


def lanes(quick: bool) -> list[Row]:
    """Measure the cost of one member among 32 against that of one alone."""
    timetable = _timetable()
    flow = Flow(timetable, cell_km=CELL_KM, parameters=TEN)
    many, one = values_of(timetable, LANES), values_of(timetable, 1)
    works = {"many": lambda: flow.run(DAYS, many), "one": lambda: flow.run(DAYS, one)}
    works["many"](), works["one"]()
    cpu = least(works, repeats=3 if quick else 9)
    note = (
        f"{DAYS} days, 50 places, {CELL_KM:g} km cells, every member with numbers of her own:"
        f" {cpu['many']:.3g} s for {LANES} members, {cpu['one']:.3g} s for one"
    )
    return [at_most("flow_member_at_32_lanes_against_1", cpu["many"] / LANES / cpu["one"], 1 / 12, note)]


def gradient(quick: bool) -> list[Row]:
    """Measure value and ten derivatives against the value alone."""
    timetable = _timetable()
    flow = Flow(timetable, cell_km=CELL_KM, parameters=TEN)
    one = values_of(timetable, 1)
    works = {"gradient": lambda: flow.gradient(DAYS, one[0]), "value": lambda: flow.run(DAYS, one)}
    works["gradient"](), works["value"]()
    cpu = least(works, repeats=3 if quick else 9)
    note = (
        f"value and {len(TEN)} derivatives {cpu['gradient'] * 1e3:.3g} ms, value {cpu['value'] * 1e3:.3g} ms;"
        f" {DAYS} days, 50 places, {CELL_KM:g} km cells"
    )
    return [at_most("flow_value_and_10_gradients_against_value", cpu["gradient"] / cpu["value"], 3.0, note)]


def thousand(quick: bool) -> list[Row]:
    """Tell the time of a thousand members."""
    timetable = _timetable()
    flow = Flow(timetable, cell_km=CELL_KM, parameters=TEN)
    members = 200 if quick else 1000
    values = values_of(timetable, members)
    places = np.arange(5)
    flow.run(DAYS, values[:8], places=places)
    cpu = least({"flow": lambda: flow.run(DAYS, values, places=places)}, repeats=2 if quick else 3)["flow"]
    note = (
        f"orientation, CPU seconds on one core: 1,000 members x {DAYS} days x 50 places,"
        f" {CELL_KM:g} km cells, five places kept"
    )
    if members != 1000:
        note += f"; {members} measured"
    return [at_most("orientation_1000_members_flow_s", cpu * 1000 / members, 1.0, note)]


BENCHMARKS = (
    Benchmark((Wanted("flow_member_at_32_lanes_against_1", 1 / 12, AT_MOST),), lanes),
    Benchmark((Wanted("flow_value_and_10_gradients_against_value", 3.0, AT_MOST),), gradient),
    Benchmark((Wanted("orientation_1000_members_flow_s", 1.0, AT_MOST),), thousand),
)
