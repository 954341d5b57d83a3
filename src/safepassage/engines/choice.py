"""Which kernel of the local law runs a scenario, and why, in a sentence that the manifest repeats."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from safepassage.core.errors import ModelError
from safepassage.core.scenario import Scenario
from safepassage.engines.agents import Agents
from safepassage.engines.cohorts import Cohorts
from safepassage.engines.timetable import Timetable, timetable_of

KERNELS = ("agents", "cohorts")
MOST_AGENTS = 50_000_000  # of all members together: about four gigabytes


def why_not_cohorts(timetable: Timetable) -> tuple[str, ...]:
    """Name every rule of a scenario that counts cannot follow; empty where cohorts are exact."""
    law, displacement = timetable.law, timetable.displacement
    camps = timetable.displacement.camps
    limited = bool((timetable.capacity >= 1.0).any() or (displacement.capacity_per_day > 0).any())
    rules = {
        "Flee's code is reproduced person by person (compat)": law.compat,
        "camps fill up within the day": limited and bool(len(camps)) and displacement.capacities_known,
        "people remember how far they came (avoid_short_stints)": law.avoid_short_stints,
        "the first link is walked (start_on_foot)": law.start_on_foot,
        "people remember their home (stay_close_to_home)": law.stay_close_to_home,
        "people differ by age, gender, group or what they know": timetable.kinds > 1,
        "people choose by who is there already (Match…)": timetable.needs_counts,
        "people settle in camps for good (camps_are_sinks)": bool((timetable.sinks > 0.0).any()),
        "some links have a speed of their own (max_move_speed)": bool(
            (timetable.arc_speed != np.rint(law.max_move_speed_km_per_day)).any()
        ),
        "some links must be walked at times (walk_probability)": bool((timetable.arc_walk > 0.0).any()),
    }
    return tuple(rule for rule, holds in rules.items() if holds)


def engine_for(
    scenario: Scenario,
    *,
    force: str | None = None,
    days: int | None = None,
    members: int = 1,
    agent_days: float | None = None,
) -> Agents | Cohorts:
    """Choose the kernel for a displacement scenario.

    Parameters
    ----------
    scenario : Scenario         with a `LocalLaw` and a `displacement`.
    force : str or None         one of `KERNELS`: the user's own choice.
    days : int or None          days to be simulated; None: those of the scenario.
    members : int               members to be simulated.
    agent_days : float or None  most agents × days × members to simulate; where there would be more, one agent
        stands for more people, and the reason says so. None: as many as the folder asks for.

    Returns
    -------
    Agents or Cohorts

    Raises
    ------
    ModelError      if cohorts are forced on rules they cannot follow, or there are too many paths.
    """
    if force not in (None, *KERNELS):
        message = f"there is no engine '{force}'; there are {', '.join(KERNELS)}"
        raise ModelError(message)
    timetable = timetable_of(scenario, days=days)
    obstacles = why_not_cohorts(timetable)
    if force == "cohorts" and obstacles:
        message = "the cohort engine cannot follow these rules: " + "; ".join(obstacles)
        raise ModelError(message)
    if force == "cohorts" or (force is None and not obstacles):
        single = timetable_of(with_people_per_agent(scenario, 1), days=days)
        why = "asked for" if force else "people are exchangeable and no camp has a limit"
        return Cohorts(single, f"cohorts: {why}; every person is counted")
    why = "asked for" if force else "; ".join(obstacles)
    timetable = _coarsened(scenario, timetable, days=days, members=members, agent_days=agent_days)
    _check_size(timetable, scenario.days if days is None else days, members)
    people = timetable.displacement.people_per_agent
    each = "every person is an agent" if people == 1 else f"one agent stands for {people:,} people"
    return Agents(timetable, f"agents: {why}; {each}")


def with_people_per_agent(scenario: Scenario, people_per_agent: int) -> Scenario:
    """Give the scenario with one agent standing for so many people (Flee's `hasten`)."""
    if scenario.displacement is None:
        message = "the scenario has no displacement"
        raise TypeError(message)
    return replace(scenario, displacement=replace(scenario.displacement, people_per_agent=people_per_agent))


def _coarsened(
    scenario: Scenario, timetable: Timetable, *, days: int | None, members: int, agent_days: float | None
) -> Timetable:
    if agent_days is None:
        return timetable
    horizon = scenario.days if days is None else days
    expected = _agent_days(timetable, horizon) * members
    if expected <= agent_days:
        return timetable
    now = timetable.displacement.people_per_agent
    people = int(np.ceil(now * expected / agent_days))
    return timetable_of(with_people_per_agent(scenario, people), days=days)


def _check_size(timetable: Timetable, horizon: int, members: int) -> None:
    agents = (int(timetable.initial.sum()) + _leaving_per_day(timetable, horizon).sum()) * members
    if agents > MOST_AGENTS:
        message = (
            f"{agents:,.0f} agents in {members} members are too many; let one agent stand for more people"
            " (hasten), or ask for fewer members or days"
        )
        raise ModelError(message)


def _agent_days(timetable: Timetable, horizon: int) -> float:
    """Add up, over the days, how many agents there are to move."""
    per_day = _leaving_per_day(timetable, horizon)
    return float(timetable.initial.sum() * horizon + np.cumsum(per_day).sum())


def _leaving_per_day(timetable: Timetable, horizon: int) -> NDArray[np.float64]:
    """Estimate how many agents leave on each day."""
    return timetable.expected_departures(horizon)
