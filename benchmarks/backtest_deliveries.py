"""Delivery plans of past evenings held against where people then were.

Every evening: a plan from what was published by then decides the drives of the next two days. It is held
against the need where the caravan then was, beside the plan for the member in the middle, the rule that
everyone goes where people were last seen, and a plan that knew. What supplies and vehicles there really were
is not known: all are drawn again and again from a stated range around the scenario's.

Usage: uv run python -m benchmarks.backtest_deliveries [SCENARIO] [--evenings DAY DAY ...] [--draws N]
       [--times 0.5 1 2] [--members N] [--scenarios N] [--spread 3] [--out FILE.json]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import safepassage as sp
from safepassage.core.logistics import Logistics
from safepassage.core.needs import FIRST, NEW, THERE, Needs
from safepassage.core.plan import PlanProblem, PlanRules
from safepassage.core.scenario import Scenario
from safepassage.planning.judge import Judge, decided, median_plan
from safepassage.planning.nearest import nearest_rule
from safepassage.planning.planner import plan_deliveries
from safepassage.planning.situation import Situation
from safepassage.workflows.load_logistics import load_logistics
from safepassage.workflows.needs import NeedsAsk, NeedsRun, needs
from safepassage.workflows.plan import PlanAsk, problem_of

DAYS = 2
RULES = PlanRules()
EVENINGS = tuple(date(2018, 10, day) for day in (21, 22, 23, 24, 25, 26, 28, 29, 30, 31))
POLICIES = ("plan", "median", "nearest", "knowing")


@dataclass(frozen=True)
class Truth:
    """Where people were on the evenings of a past case, and how many.

    Parameters
    ----------
    places : dict of date to int        position in `Places`.
    people : dict of date to float      middle of the range told; of the last day that has one.
    """

    places: dict[date, int]
    people: dict[date, float]


def truth_of(scenario: Scenario) -> Truth:
    """Read a scenario's outcomes."""
    places = {row.day: row.place for row in scenario.truth if row.quantity == "position" and row.place >= 0}
    people: dict[date, float] = {}
    for row in sorted(scenario.truth, key=lambda row: row.day):
        if row.quantity == "size" and row.low:
            people[row.day] = float(np.sqrt(row.low * (row.high or row.low)))
    return Truth(places, people)


def true_need(told: Needs, truth: Truth, at: Situation) -> NDArray[np.float64]:
    """Give what was needed where people were, (1, day, place, item), as a forecast's member has it."""
    need = np.zeros((1, DAYS, len(at.places), len(at.problem.items)))
    row = {int(place): number for number, place in enumerate(at.places)}
    for day in range(DAYS):
        when = told.first + timedelta(days=day)
        place = truth.places[when]
        if place not in row:
            message = f"{when}: {told.network.places.ids[place]} has no supplies and is in no member"
            raise SystemExit(message)
        size = truth.people[max(known for known in truth.people if known <= when)]
        moved = truth.places.get(when - timedelta(days=1)) != place
        people = {THERE: size, NEW: size if moved else 0.0, FIRST: size if day == 0 else 0.0}
        for i, item in enumerate(at.problem.items):
            asked = told.by_id[item.id]
            need[0, day, row[place], i] = asked.per_person * people[asked.counted]
    return np.maximum(need - at.local_daily[None], 0.0)


def varied(logistics: Logistics, times: float, spread: float, seed: int) -> Logistics:
    """Multiply supplies and vehicles by `times`, and each by its own factor from 1/spread to spread."""
    luck = np.random.default_rng(seed)

    def factor() -> float:
        return float(times * spread ** luck.uniform(-1.0, 1.0)) if seed else times

    return replace(
        logistics,
        supplies=tuple(replace(one, quantity=one.quantity * factor()) for one in logistics.supplies),
        carriers=tuple(
            replace(one, vehicles=round(one.vehicles * factor() + 0.001)) for one in logistics.carriers
        ),
    )


def last_seen(run: NeedsRun, at: Situation) -> NDArray[np.float64]:
    """Give the need of the evening as reports told it, (day, place, item): of the last position published."""
    known = run.made.scenario
    seen = [one for one in known.reports if one.place >= 0 and one.kind == "position"]
    last = max(seen, key=lambda one: (one.observed, one.published))
    told, row = run.needs, {int(place): n for n, place in enumerate(at.places)}
    need = np.zeros((DAYS, len(at.places), len(at.problem.items)))
    if last.place in row:
        for i, item in enumerate(at.problem.items):
            # Any number of people: who goes where they were seen brings what fits.
            need[:, row[last.place], i] = told.by_id[item.id].per_person * 10_000.0
    return need


def held(run: NeedsRun, problem: PlanProblem, truth: Truth) -> dict[str, float]:
    """Give the share of the weighted need of two days that each way of planning leaves unmet."""
    began = time.perf_counter()
    planned = plan_deliveries(problem)
    seconds = time.perf_counter() - began
    at = planned.situation
    need = true_need(run.needs, truth, at)
    judge = Judge(at, [0], needs=[need])
    whole = worst_case(at, need)
    nearest, cost = nearest_rule(at, last_seen(run, at))
    found = {
        "plan": judge.committed(*decided(at, planned.optimum)),
        "median": judge.committed(*decided(at, median_plan(at))),
        "nearest": judge.committed(nearest, cost),
        "knowing": judge.perfect(),
    }
    return {
        **{name: one.expected_unmet / whole for name, one in found.items()},
        **{f"{name}_cost": one.cost for name, one in found.items()},
        "seconds": seconds,
        "gap": planned.plan.gap,
    }


def worst_case(at: Situation, need: NDArray[np.float64]) -> float:
    """Give what it counts if nothing comes at all."""
    rules = at.problem.rules
    factor = rules.first_share + (1.0 - rules.first_share) * rules.rest_factor
    return float((need[0] * (at.unit_days * at.weights)[:, None, :]).sum() * factor)


def rows(scenario: str, asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Give one row per evening, level of supplies and draw."""
    case = sp.load(scenario)
    truth = truth_of(case)
    rules = replace(RULES, scenarios=asked.scenarios)
    for evening in asked.evenings:
        there = load_logistics(scenario, case.network, as_of=evening)
        run = needs(case, NeedsAsk(horizon=DAYS, logistics=there), as_of=evening, members=asked.members)
        for times in asked.times:
            for draw in range(asked.draws + 1):
                own = varied(there, times, asked.spread, draw)
                problem = problem_of(run, own, PlanAsk(rules=rules))
                yield {"evening": evening.isoformat(), "times": times, "draw": draw} | held(
                    run, problem, truth
                )


def told(found: list[dict[str, Any]]) -> str:
    """Give the table of the page: shares unmet, by evening and by level of supplies."""
    lines = ["| evening | plan | median plan | nearest place | had it known |", "|---|---|---|---|---|"]
    groups = [("evening", sorted({row["evening"] for row in found}))]
    groups += [("times", sorted({row["times"] for row in found}))]
    for key, values in groups:
        for value in values:
            own = [row for row in found if row[key] == value]
            shown = " | ".join(f"{np.mean([row[name] for row in own]):.1%}" for name in POLICIES)
            lines.append(f"| {value if key == 'evening' else f'supplies × {value:g}'} | {shown} |")
    shown = " | ".join(f"**{np.mean([row[name] for row in found]):.1%}**" for name in POLICIES)
    lines.append(f"| **all** | {shown} |")
    for rival in ("median", "nearest"):
        wins = np.mean([row["plan"] <= row[rival] + 1e-9 for row in found])
        by_evening = [
            np.mean([row[rival] - row["plan"] for row in found if row["evening"] == evening])
            for evening in sorted({row["evening"] for row in found})
        ]
        low, high = _interval(np.array(by_evening))
        lines.append(
            f"\nAgainst {rival}: {np.mean(by_evening):+.1%} of the need (95 % interval over evenings "
            f"{low:+.1%} … {high:+.1%}); no worse in {wins:.0%} of {len(found)} cases."
        )
    return "\n".join(lines)


def _interval(values: NDArray[np.float64]) -> tuple[float, float]:
    luck = np.random.default_rng(1)
    means = luck.choice(values, (10_000, len(values))).mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def parsed(words: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scenario", nargs="?", default="honduras-2018-10")
    parser.add_argument("--evenings", type=date.fromisoformat, nargs="+", default=EVENINGS)
    parser.add_argument("--times", type=float, nargs="+", default=(0.5, 1.0, 2.0))
    parser.add_argument("--spread", type=float, default=3.0)
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--members", type=int, default=1_000)
    parser.add_argument("--scenarios", type=int, default=RULES.scenarios)
    parser.add_argument("--out", type=Path, default=None)
    return parser.parse_args(words)


def main() -> None:
    asked, found = parsed(), []
    for row in rows(asked.scenario, asked):
        found.append(row)
        print(json.dumps(row), file=sys.stderr, flush=True)
    print(told(found))
    if asked.out:
        asked.out.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
