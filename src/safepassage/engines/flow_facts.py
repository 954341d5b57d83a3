"""What the flow kernel needs to know of a timetable: its mornings, and what chances on them are made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import CAMP, FORWARDING_HUB, IDP_CAMP, MARKER
from safepassage.core.errors import ModelError
from safepassage.engines import local_rules
from safepassage.engines.flow_plan import Layout
from safepassage.engines.flow_weights import ALWAYS, CHANCES, Facts
from safepassage.engines.timetable import Timetable

SAME = 1e-9


def facts_of(timetable: Timetable, layout: Layout) -> tuple[Facts, NDArray[np.int64]]:
    """Gather the facts of every morning, and tell the morning of each day of the timetable.

    Returns
    -------
    Facts
    (days,) int64

    Raises
    ------
    ModelError      if a rule of the timetable is no factor on the scores and chances of the local law.
    """
    law, places = timetable.law, layout.places
    scores, chances = _further_rules(timetable)
    rows = np.minimum(np.arange(len(scores)), timetable.days - 1)
    parts = [timetable.role[rows], timetable.conflict[rows], timetable.decay[rows], scores, chances]
    new = np.ones(len(rows), dtype=bool)
    differs = [part[1:] != part[:-1] for part in parts]
    new[1:] = np.logical_or.reduce([d[:, places].any(axis=1) for d in differs])
    new[1:] |= timetable.state[rows[1:]] != timetable.state[rows[:-1]]
    morning, days = np.cumsum(new) - 1, np.flatnonzero(new)
    role, conflict, decay = (part[days][:, places] for part in parts[:3])
    kind = np.zeros(role.shape, dtype=np.int8)
    kind[role == CAMP], kind[role == IDP_CAMP] = 2, 3
    kind[(role == FORWARDING_HUB) | (role == MARKER)] = ALWAYS
    kind[conflict > 0.0] = 1
    displacement = timetable.displacement
    rate = displacement.people_per_conflict_day * np.maximum(conflict, 0.0)
    if displacement.departure_mode in ("constant", "poisson"):
        whole = np.floor(rate) if displacement.departure_mode == "constant" else rate
        rate = whole / displacement.people_per_agent
    state, population = timetable.state[rows[days]], timetable.population[places]
    changed = [np.zeros(0, dtype=np.int64)]
    for day in days[1:]:
        changed.append(np.flatnonzero(np.logical_or.reduce([d[day - 1] for d in differs])[places]))
    touched = [_touched(layout, int(roads), these) for roads, these in zip(state, changed, strict=True)]
    weigh_people = law.use_pop_for_loc_weight
    facts = Facts(
        kind=kind,
        exponent=np.where(conflict > 0.0, decay * conflict, -1.0),
        camp=local_rules.is_camp(role),
        score_factor=np.ascontiguousarray(scores[days][:, places]),
        chance_factor=np.ascontiguousarray(chances[days][:, places]),
        intensity=np.where(conflict > 0.0, conflict * decay, 0.0),
        rate=rate,
        changed_ptr=_pointers(changed),
        changed=np.concatenate(changed),
        touched_ptr=_pointers(touched),
        touched=np.concatenate(touched),
        roads=state.astype(np.int64),
        foreign=np.ascontiguousarray(displacement.foreign[places]),
        people=np.maximum(1.0, population) if weigh_people else np.ones(len(places)),
        size=np.maximum(population, timetable.capacity[places]),
        km=timetable.paths.km[layout.order],
        blind=law.awareness_level < 1,
        near_only=law.awareness_level >= 0,
        pruning=float(law.pruning_threshold),
    )
    return facts, morning.astype(np.int64)


def _pointers(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)


def _touched(layout: Layout, state: int, changed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the places that changed, and those with a path to one that did."""
    ptr = layout.ways.ptr[state]
    origin = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    leads_there = np.isin(layout.ways.dest[ptr[0] : ptr[-1]], changed)
    return np.union1d(changed, origin[leads_there]).astype(np.int64)


def _further_rules(timetable: Timetable) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give what the timetable makes of the local law's scores and chances by further rules, as factors.

    Returns
    -------
    (days, n), (days, n) float64
    """
    law, factors = timetable.law, np.ones((2, timetable.days, len(timetable.population)))
    for day in range(timetable.days):
        chance = local_rules.move_chances(
            law,
            role=timetable.role[day],
            conflict=timetable.conflict[day],
            population=timetable.population,
            capacity=timetable.capacity,
        )
        score = np.ones(len(chance))
        if law.awareness_level >= 1:
            score = local_rules.place_scores(
                law,
                role=timetable.role[day],
                foreign=timetable.displacement.foreign,
                population=timetable.population,
                conflict=timetable.conflict[day],
                decay=timetable.decay[day],
            )
        here = timetable.chances(day)[0] * (0.0 if timetable.still(day)[0] else 1.0)
        factors[0, day] = _factor(timetable.scores(day)[0], score)
        factors[1, day] = _factor(here, chance)
    return factors[0], factors[1]


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


__all__ = ["CHANCES", "facts_of", "law_values"]
