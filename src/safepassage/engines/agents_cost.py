"""What a run of the agent kernel will cost, foretold from the rules and the roads, to choose between kernels.

The constants are processor seconds measured on one core of an AMD EPYC (Zen 5) at 10^5 agents on 50 places
and at 2 × 10^4 agents on 20,000; elsewhere all kernels scale much alike, and only their ratio matters.
"""

from __future__ import annotations

import numpy as np

from safepassage.engines.agents_kernel import is_plain
from safepassage.engines.agents_tables import Plan, morning_of, plan_of
from safepassage.engines.local_rules import is_camp
from safepassage.engines.timetable import Timetable

STEP_S, MEMBER_S = 70e-6, 7e-6  # a day of any member at all; and of each
# Of each agent and day: quiet; each road she ends or sets out on. Of each path in a row of slots: laid out.
QUIET_S, ROAD_S, ROW_S = 1.5e-9, 15e-9, 15e-9
QUIET_WITH_RULES_S, ROAD_WITH_RULES_S = 3.5e-9, 25e-9
FAR_MEMORY_S = 40e-9  # for each road, where tables do not fit the nearest memory
NEAR_PATHS = 50_000
STAYING_SHARE = 0.5  # people gather where they seldom leave


def predicted_seconds(timetable: Timetable, days: int, members: int, agent_days: float) -> float:
    """Foretell the processor seconds of a run of agents; right within a factor of about three.

    Parameters
    ----------
    timetable : Timetable
    days, members : int
    agent_days : float      agents times days, of all members together.

    Returns
    -------
    float
    """
    plan, middle = plan_of(timetable), min(days, timetable.days) // 2
    plain = _is_plain(plan, timetable, middle)
    quiet, road = (QUIET_S, ROAD_S) if plain else (QUIET_WITH_RULES_S, ROAD_WITH_RULES_S)
    state = int(timetable.state[timetable.row(middle)])
    paths = int(timetable.paths.ptr[state, -1] - timetable.paths.ptr[state, 0])
    if paths > NEAR_PATHS:
        road += FAR_MEMORY_S
    roads = _roads_per_agent_day(plan, timetable, middle)
    rows = _changes(timetable, days) * (members if timetable.needs_counts else 1) * paths * plan.groups
    # A row is laid out by the first who chooses there, so never more often than anybody chooses.
    choices = agent_days * roads * max(1.0, paths / max(1, len(timetable.population)))
    looked_up = min(float(rows), choices) if plan.law.tables else choices
    return float(
        days * (STEP_S + members * MEMBER_S) + agent_days * (quiet + roads * road) + looked_up * ROW_S
    )


def _is_plain(plan: Plan, timetable: Timetable, day: int) -> bool:
    if timetable.needs_counts:
        return False
    law = morning_of(plan, timetable, day=day, score=timetable.scores(day), old=None).today.law
    return is_plain(law) and not law.limits


def _roads_per_agent_day(plan: Plan, timetable: Timetable, day: int) -> float:
    """Estimate how many roads an agent takes or ends on a day, were people spread evenly at first."""
    chance = timetable.chances(day)[0]
    open_road = ~is_camp(timetable.role[timetable.row(day)])
    onward = float(chance[open_road].mean()) if open_road.any() else 0.0
    if plan.law.avoid_short_stints:
        onward = max(onward, 0.5)
    km = timetable.arcs.km.mean() if len(timetable.arcs.km) else plan.law.speed
    most = max(1.0, plan.law.speed / max(1.0, float(km)))
    roads = most if onward >= 1.0 else (1.0 - onward**most) / (1.0 - onward)
    return STAYING_SHARE * float(chance.mean()) * (1.0 + roads)


def _changes(timetable: Timetable, days: int) -> int:
    """Count the days on which the roads or the scores may not be those of the day before."""
    law, displacement = timetable.law, timetable.displacement
    if displacement.hunger is not None or displacement.floods is not None:
        return days
    rows = np.minimum(np.arange(days), timetable.days - 1)
    changed = np.zeros(max(0, days - 1), dtype=bool)
    for what in (timetable.state, timetable.role.index, timetable.conflict.index):
        changed |= np.diff(what[rows]) != 0
    steps = days // max(1, law.conflict_spawn_decay_interval_days) if law.conflict_spawn_decay else 0
    return min(days, 1 + int(changed.sum()) + steps)
