"""The cohort kernel beside the agent kernel, at any number of people and on every network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from benchmarks.rows import AT_LEAST, AT_MOST, Benchmark, Row, Wanted, at_least, at_most, told
from benchmarks.timing import least, live, run_of
from benchmarks.worlds import Journey, with_journey, world
from safepassage.core.local_law import LocalLaw
from safepassage.core.scenario import Scenario
from safepassage.engines.agents import Agents
from safepassage.engines.cohorts import Cohorts
from safepassage.engines.timetable import timetable_of

DAYS, LEAVE_DAYS = 300, 100
WIDER = LocalLaw(awareness_level=2)


@cache
def _world(name: str) -> Scenario:
    return world(name)


@dataclass(frozen=True)
class Pair:
    """Both kernels on one world; measured are CPU seconds of one member."""

    agents: Agents
    cohorts: Cohorts
    days: int


def pair(name: str, people: int, *, days: int = DAYS, law: LocalLaw | None = None) -> Pair:
    """Let so many people leave a world, over the first third of the days."""
    journey = Journey(people=people, days=days, leave_days=max(1, days // 3), law=law or LocalLaw())
    timetable = timetable_of(with_journey(_world(name), journey))
    return Pair(Agents(timetable, "benchmark"), Cohorts(timetable, "benchmark"), days)


def _warm(both: Pair) -> None:
    live(both.agents, days=2)
    live(both.cohorts, days=2)


def _against_agents(name: str, people: int, target: float, *, measured: int, repeats: int) -> Row:
    """Compare at `people`; agents are measured at `measured` and 1/10 of it, and extended linearly."""
    both = pair("standard", people)
    few = pair("standard", measured)
    _warm(few)
    _warm(few if people > 10**7 else both)
    works = {"agents": run_of(few.agents, days=DAYS), "cohorts": run_of(both.cohorts, days=DAYS)}
    if measured < people:
        fewer = pair("standard", measured // 10)
        works["fewer"] = run_of(fewer.agents, days=DAYS)
    cpu = least(works, repeats=repeats)
    agents = cpu["agents"] * people / measured
    note = f"{people:,} people, {DAYS} days, 50 places: agents {agents:.3g} s, cohorts {cpu['cohorts']:.3g} s"
    if measured < people:
        growth = cpu["agents"] / cpu["fewer"]
        note += (
            f"; agents extrapolated from {cpu['agents']:.3g} s at {measured:,} people by linear cost"
            f" (measured: {growth:.1f} times the cost of a tenth as many)"
        )
    return at_least(name, agents / cpu["cohorts"], target, note)


def at_1e5(quick: bool) -> list[Row]:
    """Compare at 10^5 people."""
    return [
        _against_agents("cohorts_against_agents_1e5", 10**5, 5, measured=10**5, repeats=1 if quick else 3)
    ]


def at_1e6(quick: bool) -> list[Row]:
    """Compare at 10^6 people."""
    measured = 10**5 if quick else 10**6
    return [
        _against_agents("cohorts_against_agents_1e6", 10**6, 30, measured=measured, repeats=1 if quick else 2)
    ]


def at_1e9(quick: bool) -> list[Row]:
    """Compare at 10^9 people; agents are extrapolated."""
    measured = 10**5 if quick else 10**6
    return [
        _against_agents(
            "cohorts_against_agents_1e9", 10**9, 3000, measured=measured, repeats=1 if quick else 2
        )
    ]


def growth(quick: bool) -> list[Row]:
    """Compare cohorts at 10^9 with cohorts at 10^5 people, and tell the time of the former."""
    many, few = pair("standard", 10**9), pair("standard", 10**5)
    live(few.cohorts, days=2)
    works = {"many": run_of(many.cohorts, days=DAYS), "few": run_of(few.cohorts, days=DAYS)}
    cpu = least(works, repeats=1 if quick else 5)
    note = f"{DAYS} days, 50 places: {cpu['many']:.3g} s for 10^9, {cpu['few']:.3g} s for 10^5 people"
    return [
        at_most("cohorts_1e9_against_1e5", cpu["many"] / cpu["few"], 25, note),
        at_most(
            "orientation_1e9_people_50_places_s",
            cpu["many"],
            0.3,
            f"orientation, CPU seconds on one core: 10^9 people, {DAYS} days, 50 places, one member",
        ),
    ]


@dataclass(frozen=True)
class Network:
    """One network of the sweep: the world, what is special about it, and for how many days."""

    world: str
    said: str
    days: int
    most_people: int
    law: LocalLaw | None = None


NETWORKS = (
    Network("standard", "50 places, 110 links", 60, 10**8),
    Network("dense", "50 places, 350 links", 60, 10**8),
    Network("far", "50 places, links of 400 km in the middle", 60, 10**8),
    Network("standard", "50 places, two links ahead", 60, 10**8, WIDER),
    Network("region", "5,000 places", 15, 10**7),
    Network("region", "5,000 places, two links ahead", 15, 10**7, WIDER),
    Network("planet", "50,000 places, 200,000 links", 6, 10**7),
)
MEASURED_AGENTS = 10**6


def _ratio(network: Network, people: int, *, repeats: int) -> tuple[float, str]:
    """Give CPU of cohorts over that of agents, and what it was."""
    both = pair(network.world, people, days=network.days, law=network.law)
    days = network.days
    measured = min(people, MEASURED_AGENTS)
    few = both if measured == people else pair(network.world, measured, days=days, law=network.law)
    works = {"agents": run_of(few.agents, days=days), "cohorts": run_of(both.cohorts, days=days)}
    cpu = least(works, repeats=repeats)
    agents = cpu["agents"] * people / measured
    took = f"cohorts {cpu['cohorts']:.3g} s, agents {agents:.3g} s"
    said = f"{network.said}, {people:,} people, {days} days: {took}"
    return cpu["cohorts"] / agents, said


def never_slower(quick: bool) -> list[Row]:
    """Sweep people and networks; report the worst ratio.

    Agents cost in proportion to people and cohorts grow slower, so that a network is left once cohorts take
    less than a fifth.
    """
    networks = NETWORKS[:1] if quick else NETWORKS
    by_network: dict[Network, list[tuple[float, str]]] = {}
    for network in networks:
        found = by_network.setdefault(network, [])
        _warm(pair(network.world, 10, days=network.days, law=network.law))
        people = 10
        while people <= (1000 if quick else network.most_people):
            small = people <= 10_000
            found.append(_ratio(network, people, repeats=3 if small else 2))
            if found[-1][0] < 0.2:
                break
            people *= 10
    every = [one for own in by_network.values() for one in own]
    worst, said = max(every)
    over = sum(ratio > 2.0 for ratio, _ in every)
    note = f"worst of {len(every)} cases: {said}; {over} of them above 2"
    rows = [at_most("cohorts_never_slower", worst, 2.0, note)]
    for network, own in by_network.items():
        ratio, case = max(own)
        name = f"cohorts_over_agents: {network.said}"
        rows.append(told(name, ratio, f"worst number of people: {case.removeprefix(network.said + ', ')}"))
    return rows


BENCHMARKS = (
    Benchmark((Wanted("cohorts_against_agents_1e5", 5, AT_LEAST),), at_1e5),
    Benchmark((Wanted("cohorts_against_agents_1e6", 30, AT_LEAST),), at_1e6),
    Benchmark((Wanted("cohorts_against_agents_1e9", 3000, AT_LEAST),), at_1e9),
    Benchmark(
        (
            Wanted("cohorts_1e9_against_1e5", 25, AT_MOST),
            Wanted("orientation_1e9_people_50_places_s", 0.3, AT_MOST),
        ),
        growth,
    ),
    Benchmark(
        (
            Wanted("cohorts_never_slower", 2.0, AT_MOST),
            *(Wanted(f"cohorts_over_agents: {network.said}") for network in NETWORKS),
        ),
        never_slower,
    ),
)
