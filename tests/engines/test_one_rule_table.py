"""The kernels write the weights of paths in forms of their own; they must all say the same of every place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from safepassage.core.displacement import Closure
from safepassage.core.local_law import LocalLaw
from safepassage.engines.agents_rules import _lay_out
from safepassage.engines.agents_tables import morning_of, plan_of
from safepassage.engines.alias import FULL
from safepassage.engines.cohorts import Cohorts
from safepassage.engines.flow import Flow
from safepassage.engines.flow_kernel import _weigh
from safepassage.engines.local_rules import path_weight
from safepassage.engines.timetable import Timetable, timetable_of

from .cohort_worlds import scattered

BASE = LocalLaw(awareness_level=2, default_movechance=0.4, max_move_speed_km_per_day=150)
LAWS = {
    "Flee's numbers": BASE,
    "one link ahead": replace(BASE, awareness_level=1, conflict_weight=0.05),
    "powers": replace(BASE, weight_power=2.5, distance_power=1.7, weight_softening=0.3, camp_weight=3.0),
    "pruned": replace(BASE, awareness_level=3, pruning_threshold=4.0, weight_power=1.3, foreign_weight=2.0),
    "size": replace(
        BASE, use_pop_for_loc_weight=True, movechance_pop_scale_factor=0.2, softening_km=0.0, camp_weight=0.1
    ),
    "old conflict": replace(
        BASE, conflict_spawn_decay=(1.0, 0.3), conflict_spawn_decay_interval_days=2, conflict_weight=7.0
    ),
    "forbidden": replace(BASE, conflict_weight=0.0, camp_weight=0.0),
    "looking at nothing": replace(BASE, awareness_level=-1),
}


def timetable_under(law: LocalLaw) -> Timetable:
    scenario = scattered(14, leaving=[10], days=6, law=law)
    where = Closure("location", (3,), None, 2, 4)
    displacement = replace(scenario.displacement, closures=(where,))
    displacement.conflict[:, 5], displacement.conflict[3:, 2] = 0.6, 1.0
    displacement.foreign[8:] = True
    return timetable_of(replace(scenario, displacement=displacement))


def by_formula(timetable: Timetable, day: int) -> np.ndarray:
    """Give the chance of every path on a day, from the formulas one by one."""
    law, paths = timetable.law, timetable.paths
    ptr, score = paths.ptr[timetable.state[timetable.row(day)]], timetable.scores(day)[0]
    chances = np.zeros(len(paths.dest))
    for place in range(len(ptr) - 1):
        rows = np.arange(ptr[place], ptr[place + 1])
        weights = np.array(
            [
                path_weight(
                    score[paths.dest[k]], timetable.inverse[k], 1.0, law.weight_softening, law.weight_power
                )
                for k in rows
            ]
        )
        if law.pruning_threshold > 1.0 and len(rows):
            weights[weights < weights.max() / law.pruning_threshold] = 0.0
        if len(rows):
            share = weights / weights.sum() if weights.sum() > 0 else np.full(len(rows), 1 / len(rows))
            chances[rows] = timetable.chances(day)[0, place] * share
    return chances


def of_agents(timetable: Timetable, day: int) -> np.ndarray:
    plan = plan_of(timetable)
    today = morning_of(plan, timetable, day=day, score=timetable.scores(day), old=None).today
    chances = np.zeros(len(timetable.paths.dest))
    for place in range(len(today.ptr) - 1):
        begin, end = today.ptr[place], today.ptr[place + 1]
        if begin == end:
            continue
        _lay_out(place, 0, 0, today)
        row = today.tables.slots[begin - today.ptr[0] : end - today.ptr[0]]
        legs = today.paths["leg"][begin:end]
        for name, share in (("own", row["share"] / FULL), ("other", 1 - row["share"] / FULL)):
            hit = (row[name][None, :] == legs[:, None]) * share
            chances[begin:end] += hit.sum(axis=1) * today.chance[0, place] / FULL / len(legs)
    return chances


def of_cohorts(timetable: Timetable, day: int) -> np.ndarray:
    morning = Cohorts(timetable, "")._mornings.of(day)
    chances = np.zeros(len(timetable.paths.dest))
    given = np.zeros(len(morning.paths))
    for place, (begin, end) in enumerate(zip(morning.ptr[:-1], morning.ptr[1:], strict=True)):
        rest = 1.0
        for k in range(begin, end):
            given[k] = rest * morning.paths["given"][k]
            rest -= given[k]
        # Whether drawn by counts or one by one, it is the same share.
        assert np.cumsum(given[begin:end]) == pytest.approx(morning.paths["upto"][begin:end], abs=1e-12)
        given[begin:end] *= morning.places["chance"][place]
    chances[morning.first : morning.first + len(given)] = given
    return chances


def of_flow(timetable: Timetable, day: int) -> np.ndarray:
    engine = Flow(timetable, cell_km=1.0)
    blocks = engine._blocks(engine._table(None), 1, count=1)
    course, roads = engine._course(day, 1), engine._roads(day, np.zeros(0, dtype=np.int64))
    moves = _weigh(blocks, 0, int(engine._morning[day]), engine._facts, course, roads)
    ptr = engine.layout.ways.ptr[timetable.state[timetable.row(day)]]
    chances = np.full(len(timetable.paths.dest), np.nan)  # of places that nobody can reach
    chances[engine.layout.order[ptr[0] : ptr[-1]]] = moves[: ptr[-1] - ptr[0], 0]
    return chances


@pytest.mark.parametrize("name", list(LAWS))
def test_every_kernel_gives_each_path_the_chance_of_the_formulas(name: str):
    timetable = timetable_under(LAWS[name])
    assert len(timetable.arc_open) == 2
    for day in (0, 2, 5):
        expected = by_formula(timetable, day)
        assert expected.sum() > 0
        assert of_agents(timetable, day) == pytest.approx(expected, abs=1e-9)
        assert of_cohorts(timetable, day) == pytest.approx(expected, abs=1e-12)
        found = of_flow(timetable, day)
        reached = np.isfinite(found)
        assert reached.sum() > len(expected) / 4
        assert found[reached] == pytest.approx(expected[reached], abs=1e-12)
