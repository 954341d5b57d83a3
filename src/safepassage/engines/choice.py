"""Which kernel of the local law runs a scenario, and why, in a sentence that the manifest repeats."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from safepassage.core.errors import ModelError
from safepassage.core.scenario import Scenario
from safepassage.engines import agents_cost, cohorts_cost
from safepassage.engines.agents import Agents
from safepassage.engines.cohorts import Cohorts
from safepassage.engines.flow import Flow
from safepassage.engines.flow import predicted_seconds as flow_seconds
from safepassage.engines.flow_facts import why_not_flow
from safepassage.engines.timetable import Timetable, timetable_of

KERNELS = ("agents", "cohorts", "flow")
MOST_AGENTS = 200_000_000  # of all members together: some two gigabytes


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
) -> Agents | Cohorts | Flow:
    """Choose the kernel for a displacement scenario: by what its rules need, then by what it would cost.

    Agents and cohorts are equal in distribution where both can run, so the cheaper one does. Flow, which has
    no spread but that of departures, runs only when asked for.

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
    Agents, Cohorts or Flow

    Raises
    ------
    ModelError      if a kernel is forced on rules it cannot follow, or there are too many paths.
    """
    if force not in (None, *KERNELS):
        message = f"there is no engine '{force}'; there are {', '.join(KERNELS)}"
        raise ModelError(message)
    timetable = timetable_of(scenario, days=days)
    horizon = scenario.days if days is None else days
    obstacles = why_not_cohorts(timetable)
    if force == "flow":
        obstacles += why_not_flow(timetable)
    if force in ("cohorts", "flow") and obstacles:
        message = f"the {force} engine cannot follow these rules: " + "; ".join(obstacles)
        raise ModelError(message)
    if force != "agents" and not obstacles:
        return _of_counts(scenario, timetable, (horizon, members), days=days, force=force)
    why = "asked for" if force else "; ".join(obstacles)
    timetable = _coarsened(scenario, timetable, days=days, members=members, agent_days=agent_days)
    _check_size(timetable, horizon, members)
    people = timetable.displacement.people_per_agent
    each = "every person is an agent" if people == 1 else f"one agent stands for {people:,} people"
    return Agents(timetable, f"agents: {why}; {each}")


def foreseen_seconds(engine: Agents | Cohorts | Flow, *, days: int, members: int) -> float:
    """Foresee what a run will cost, in seconds of one core, within a factor of about two."""
    timetable = engine.timetable
    present = _agent_days(timetable, days)
    if isinstance(engine, Agents):
        return agents_cost.predicted_seconds(timetable, days, members, present * members)
    if isinstance(engine, Cohorts):
        return cohorts_cost.predicted_seconds(
            timetable, days=days, members=members, people=present / days, cell_km=engine.cell_km
        )
    return flow_seconds(timetable, days, members, cell_km=engine.cell_km)


def _of_counts(
    scenario: Scenario, timetable: Timetable, size: tuple[int, int], *, days: int | None, force: str | None
) -> Agents | Cohorts | Flow:
    """Give the kernel for people who are alike, each of whom is counted, whatever the folder's `hasten`."""
    if timetable.displacement.people_per_agent != 1:
        timetable = timetable_of(with_people_per_agent(scenario, 1), days=days)
    if force == "flow":
        reason = "flow: asked for; expected people, whose only spread is that of departures"
        return Flow(timetable, reason=reason)
    cell_km = cohorts_cost.finest_cell_km(timetable)
    cells = "" if cell_km == 1.0 else f", distances in cells of {cell_km:g} km"
    if force == "cohorts":
        return Cohorts(timetable, f"cohorts: asked for; every person is counted{cells}", cell_km=cell_km)
    cohorts, agents = Cohorts(timetable, "", cell_km=cell_km), Agents(timetable, "")
    counted, each = (foreseen_seconds(one, days=size[0], members=size[1]) for one in (cohorts, agents))
    alike = "people are exchangeable and no camp has a limit"
    if each < counted and _agents(timetable, *size) <= MOST_AGENTS:
        cost = f"{_short(each)} foreseen, {_short(counted)} in cohorts"
        return Agents(timetable, f"agents: {alike}, and they are few: {cost}; every person is an agent")
    cost = f"{_short(counted)} foreseen, {_short(each)} as single agents"
    reason = f"cohorts: {alike}; every person is counted{cells}; {cost}"
    return Cohorts(timetable, reason, cell_km=cell_km)


def _short(seconds: float) -> str:
    return f"{seconds:.2g} s" if seconds < 100 else f"{seconds:,.0f} s"


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
    agents = _agents(timetable, horizon, members)
    if agents > MOST_AGENTS:
        message = (
            f"{agents:,.0f} agents in {members} members are too many; let one agent stand for more people"
            " (hasten), or ask for fewer members or days"
        )
        raise ModelError(message)


def _agents(timetable: Timetable, horizon: int, members: int) -> float:
    """Count the agents of all members on the last day."""
    return float(timetable.initial.sum() + _leaving_per_day(timetable, horizon).sum()) * members


def _agent_days(timetable: Timetable, horizon: int) -> float:
    """Add up, over the days, how many agents there are to move."""
    per_day = _leaving_per_day(timetable, horizon)
    return float(timetable.initial.sum() * horizon + np.cumsum(per_day).sum())


def _leaving_per_day(timetable: Timetable, horizon: int) -> NDArray[np.float64]:
    """Estimate how many agents leave on each day."""
    return timetable.expected_departures(horizon)
