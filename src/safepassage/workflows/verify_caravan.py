"""A caravan's open loop held against what happened, beside the naive forecasts.

The forecast starts from the departure and knows nothing announced later. The truth is read here and nowhere
else: the furthest place of the main body each day, along the road it took, and its size.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.core.engine import Conduct, NoProgress, Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.forecast import QUANTILE_LEVELS
from safepassage.core.scenario import Scenario
from safepassage.engines.observers import GroupObserver
from safepassage.engines.roads import axis_km
from safepassage.engines.run import run
from safepassage.scoring.intervals import coverage, interval_score
from safepassage.scoring.naive_caravan import last_size, walker_km
from safepassage.workflows.engine import engine_for

PROTOCOL = "caravan-open-loop"
LEVEL = 0.9
WIDTH_DAYS = (7, 14, 30)


@dataclass(frozen=True)
class Row:
    """One figure beside one baseline; `baseline_value` is NaN where the metric has no baseline."""

    case: str
    protocol: str
    horizon_days: int
    metric: str
    value: float
    unit: str
    baseline: str
    baseline_value: float


def verify_caravan(
    scenario: Scenario,
    *,
    members: int | None = None,
    seed: int | None = None,
    until: date | None = None,
    progress: Progress | None = None,
) -> list[Row]:
    """Score the 90 % intervals of position and size of a scenario's first group.

    Parameters
    ----------
    scenario : Scenario     with a group, its reference route and truth rows.
    members : int or None   None: as many as quantiles need.
    seed : int or None      None: the scenario's own.
    until : date or None    last day scored.

    Raises
    ------
    InputError              if there is no group or no truth to hold it against.
    """
    truth = {quantity: _outcomes(scenario, quantity, until) for quantity in ("position", "size")}
    if not truth["position"]:
        fault = Fault(
            scenario.name,
            "no group, or no truth of its position after its departure"
            + (f" up to {until}" if until else ""),
            "groups.csv with one group and truth.csv with rows of quantity 'position'",
            "add them, give a scenario that has them, or a later --until",
        )
        raise InputError(fault, "This scenario cannot be verified.")
    group = scenario.groups[0]
    axis = axis_km(scenario.network, group.route)
    days = 1 + max(day for outcome in truth.values() for day in outcome)
    # From the departure on, whatever as-of date the scenario prefers: nothing announced later is known.
    known = scenario.known_by(max(group.departs, group.announced))
    number = [each.id for each in known.groups].index(group.id)
    axes = [axis if g == number else np.full_like(axis, np.nan) for g in range(len(known.groups))]
    observer = GroupObserver(days=days, axes=axes)
    engine, members = engine_for(known, days=days, members=members)
    luck = Draws(scenario.seed if seed is None else seed)
    run(
        engine,
        days=days,
        members=members,
        draws=luck,
        observers=[observer],
        conduct=Conduct(progress or NoProgress()),
    )
    on_road = np.maximum(0.0, np.arange(days) - (group.departs - scenario.start).days + 1.0)
    since = np.maximum(0.0, on_road - 1.0)
    naive = {
        "position": ("constant-speed walker", walker_km(on_road, QUANTILE_LEVELS)),
        "size": (
            "last value",
            last_size(
                since, QUANTILE_LEVELS, low=group.size_low, high=max(group.size_high, group.size_low + 1)
            ),
        ),
    }
    rows: list[Row] = []
    for quantity, fan in (("position", "head_km"), ("size", "size")):
        outcome = truth[quantity]
        if quantity == "position":
            outcome = {day: float(axis[int(place)]) for day, place in outcome.items()}
        rows += _score(
            scenario.name, quantity, observer.fan(fan, number).values, outcome, baseline=naive[quantity]
        )
    return rows


def _outcomes(scenario: Scenario, quantity: str, until: date | None) -> dict[int, float]:
    """Give day number to place number (position) or people (size; the middle of a range, on the log)."""
    found: dict[int, float] = {}
    if not scenario.groups:
        return found
    route = set(scenario.groups[0].route)
    for row in scenario.truth:
        day = (row.day - scenario.start).days
        first = max(scenario.groups[0].departs, scenario.groups[0].announced)
        if row.quantity != quantity or row.day <= first or (until is not None and row.day > until):
            continue
        if quantity == "position" and row.place in route:
            found[day] = float(row.place)
        elif quantity == "size" and row.low:
            found[day] = float(np.sqrt(row.low * (row.high or row.low)))
    return found


def _score(
    case: str,
    quantity: str,
    fan: NDArray[np.float64],
    outcome: dict[int, float],
    *,
    baseline: tuple[str, NDArray[np.float64]],
) -> list[Row]:
    if not outcome:
        return []
    days = np.array(sorted(outcome))
    happened = np.array([outcome[day] for day in days.tolist()])
    low, high = QUANTILE_LEVELS.index(0.05), QUANTILE_LEVELS.index(0.95)
    name, rival = baseline
    unit = "km" if quantity == "position" else "people"
    horizon = int(days.max())
    ours, theirs = (fan[low, days], fan[high, days]), (rival[low, days], rival[high, days])

    def row(metric: str, pair: tuple[float, float], *, at: int = horizon, unit: str = unit) -> Row:
        return Row(case, PROTOCOL, at, f"{quantity}_{metric}", pair[0], unit, name, pair[1])

    scores = [float(interval_score(*bounds, happened, level=LEVEL).mean()) for bounds in (ours, theirs)]
    covers = [coverage(*bounds, happened) for bounds in (ours, theirs)]
    rows = [
        row("interval_score_90", (scores[0], scores[1])),
        row("coverage_90", (covers[0], covers[1]), unit="1"),
        row("scored_days", (float(len(days)), float(len(days))), unit="1"),
    ]
    for day in WIDTH_DAYS:
        if day < fan.shape[1]:
            widths = [float(table[high, day] - table[low, day]) for table in (fan, rival)]
            rows.append(row("width_90", (widths[0], widths[1]), at=day))
    return rows
