"""What the flow kernel needs to know of a timetable: its mornings, and what chances on them are made of."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import CAMP, FORWARDING_HUB, IDP_CAMP, MARKER
from safepassage.core.errors import ModelError
from safepassage.engines import local_rules
from safepassage.engines.flow_plan import Layout
from safepassage.engines.flow_weights import ALWAYS, Facts
from safepassage.engines.timetable import Timetable

SAME = 1e-9


def why_not_flow(timetable: Timetable) -> tuple[str, ...]:
    """Name what flow cannot follow beyond the rules of `choice.why_not_cohorts`; empty where it can."""
    rules = {
        "there are several kinds of people": timetable.kinds > 1,
        "people look at who is where (ethnicity, religion)": timetable.needs_counts,
        "people settle in camps for good (camps_are_sinks)": bool((timetable.sinks > 0.0).any()),
        "nobody moves in some months (harvest_months)": bool(timetable.law.harvest_months),
    }
    return tuple(rule for rule, holds in rules.items() if holds)


@dataclass(frozen=True)
class _Days:
    """What holds on each day in the places that can be reached, rows of (n,): see `Facts`."""

    role: list[NDArray[np.int8]]
    conflict: list[NDArray[np.float64]]
    exponent: list[NDArray[np.float64]]
    score_factor: list[NDArray[np.float64]]
    chance_factor: list[NDArray[np.float64]]
    intensity: list[NDArray[np.float64]]
    rate: list[NDArray[np.float64]]

    def rows(self, day: int) -> list[NDArray[Any]]:
        """Give all rows of one day."""
        return [getattr(self, field.name)[day] for field in fields(self)]


def facts_of(timetable: Timetable, layout: Layout, *, days: int) -> tuple[Facts, NDArray[np.int64]]:
    """Gather the facts of every morning, and tell the morning of each day.

    Returns
    -------
    Facts
    (days,) int64

    Raises
    ------
    ModelError      if a rule of the timetable is no factor on the scores and chances of the local law.
    """
    law, places = timetable.law, layout.places
    seen, morning, changed, state = _mornings(timetable, places, days)
    role, conflict = np.stack(seen.role), np.stack(seen.conflict)
    kind = np.zeros(role.shape, dtype=np.int8)
    kind[role == CAMP], kind[role == IDP_CAMP] = 2, 3
    kind[(role == FORWARDING_HUB) | (role == MARKER)] = ALWAYS
    kind[conflict > 0.0] = 1
    touched = [_touched(layout, roads, these) for roads, these in zip(state, changed, strict=True)]
    population = timetable.population[places]
    facts = Facts(
        kind=kind,
        exponent=np.stack(seen.exponent),
        camp=local_rules.is_camp(role),
        score_factor=np.stack(seen.score_factor),
        chance_factor=np.stack(seen.chance_factor),
        intensity=np.stack(seen.intensity),
        rate=np.stack(seen.rate),
        changed_ptr=_pointers(changed),
        changed=np.concatenate(changed),
        touched_ptr=_pointers(touched),
        touched=np.concatenate(touched),
        roads=np.array(state, dtype=np.int64),
        foreign=np.ascontiguousarray(timetable.displacement.foreign[places]),
        people=np.maximum(1.0, population) if law.use_pop_for_loc_weight else np.ones(len(places)),
        size=np.maximum(population, timetable.capacity[places]),
        km=timetable.paths.km[layout.order],
        blind=law.awareness_level < 1,
        pruning=float(law.pruning_threshold),
    )
    return facts, np.array(morning, dtype=np.int64)


def _mornings(
    timetable: Timetable, places: NDArray[np.int64], days: int
) -> tuple[_Days, list[int], list[NDArray[np.int64]], list[int]]:
    """Keep the days on which anything is new.

    Returns
    -------
    what holds on these; the morning of each day; the places that changed by each; the state of the roads.
    """
    seen = _Days([], [], [], [], [], [], [])
    morning: list[int] = []
    changed: list[NDArray[np.int64]] = []
    states: list[int] = []
    for day in range(days):
        state, rows = int(timetable.state[timetable.row(day)]), _day(timetable, places, day)
        if states:
            new = np.logical_or.reduce([a != b for a, b in zip(rows, seen.rows(-1), strict=True)])
            if state == states[-1] and not new.any():
                morning.append(len(states) - 1)
                continue
        else:
            new = np.ones(len(places), dtype=bool)
        for field, row in zip(fields(seen), rows, strict=True):
            getattr(seen, field.name).append(row)
        changed.append(np.flatnonzero(new))
        states.append(state)
        morning.append(len(states) - 1)
    return seen, morning, changed, states


def _day(timetable: Timetable, places: NDArray[np.int64], day: int) -> list[NDArray[Any]]:
    """Work out the rows of `_Days` of one day."""
    row, law, displacement = timetable.row(day), timetable.law, timetable.displacement
    role, conflict, decay = timetable.role[row], timetable.conflict[row], timetable.decay[row]
    score = np.ones(len(role))
    if law.awareness_level >= 1:
        score = local_rules.danger_scores(
            law, role=role, foreign=displacement.foreign, conflict=conflict, decay=decay
        ) * local_rules.population_factor(law, role=role, population=timetable.population)
    chance = local_rules.move_chances(
        law, role=role, conflict=conflict, population=timetable.population, capacity=timetable.capacity
    )
    rate = timetable.leaving_rate(day)
    if displacement.departure_mode in ("constant", "poisson"):
        rate = np.floor(rate) if displacement.departure_mode == "constant" else rate
        rate = rate / displacement.people_per_agent
    rows = (
        role,
        conflict,
        np.where(conflict > 0.0, decay * conflict, -1.0),
        _factor(timetable.scores(day)[0], score),
        _factor(timetable.chances(day)[0], chance),
        timetable.origin_weights(day, np.ones(len(role))),
        rate,
    )
    return [np.ascontiguousarray(one[places]) for one in rows]


def _pointers(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)


def _touched(layout: Layout, state: int, changed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the places that changed, and those with a path to one that did."""
    ptr = layout.ways.ptr[state]
    origin = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    leads_there = np.isin(layout.ways.dest[ptr[0] : ptr[-1]], changed)
    return np.union1d(changed, origin[leads_there]).astype(np.int64)


def _factor(found: NDArray[np.float64], plain: NDArray[np.float64]) -> NDArray[np.float64]:
    same = np.isclose(found, plain, rtol=SAME, atol=0.0)
    if (~same & (plain == 0.0)).any():
        message = "the flow kernel cannot follow a rule that makes people choose what the local law forbids"
        raise ModelError(message)
    return np.where(same, 1.0, found / np.where(plain == 0.0, 1.0, plain))


def law_values(timetable: Timetable, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Give the numbers of the timetable's law for these parameters; the factor on departures is one."""
    law = timetable.law
    values = [1.0 if name == "departures" else float(getattr(law, name)) for name in names]
    if law.awareness_level < 0:  # distance does not matter then
        values = [0.0 if name == "distance_power" else v for name, v in zip(names, values, strict=True)]
    return np.array(values, dtype=np.float64)
