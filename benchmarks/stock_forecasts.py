"""Score forecasts of people in camps from rolling origins: with counts, without, and naive ones.

    python -m benchmarks.stock_forecasts FOLDER_OF_CRISES [--members 40] [--origins 6] [--only mali2012 …]

From each origin nothing later is known. A camp is scored on the report nearest to 7, 30 and 90 days ahead (a
sixth of the horizon away at most, and three days), against the figure that was reported, by the mean CRPS in
per cent of all people counted at the origin, CRPS of log(1 + people), and the share of reports inside the
central 80 and 90 % of the members. Beside it: the law without any count, the last value (a point; its CRPS is
the absolute error), and the last value with a random walk on the log, its step fitted to the camp's own past.
At the end stand the differences to the last value with their intervals.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import numpy as np

from benchmarks.against_flee import HASTEN
from safepassage.assimilation.stock_reports import from_series
from safepassage.assimilation.stocks import StockCorrection
from safepassage.core.displacement import Displacement
from safepassage.core.draws import Draws
from safepassage.core.engine import DayView
from safepassage.core.scenario import Scenario
from safepassage.engines.run import run
from safepassage.scoring.crps import crps_ensemble
from safepassage.scoring.intervals import coverage
from safepassage.workflows.engine import engine_for
from safepassage.workflows.verify import read_all

HORIZONS = (7, 30, 90)
WALK_LEAST = 10.0  # people added before logs, so that empty camps can be told
FILLED = 100.0


class Camps:
    """An observer that keeps every member's people in the camps on all days from one on."""

    def __init__(self, camps: np.ndarray, first: int) -> None:
        self.camps, self.first, self.people = camps, first, []

    def see(self, day: int, view: DayView) -> None:
        if day >= self.first:
            self.people.append(view.stock[:, self.camps].astype(np.float64))


def targets(truth: Displacement, origin: int, horizon: int) -> list[tuple[int, int, float]]:
    """Find the report nearest to a horizon for each camp: (camp, days ahead, people)."""
    near, found = max(3, horizon // 6), []
    for k, series in enumerate(truth.series):
        if not (series.days <= origin).any():
            continue
        ahead = series.days - origin
        usable = np.flatnonzero((np.abs(ahead - horizon) <= near) & (ahead > 0))
        if len(usable):
            best = usable[np.argmin(np.abs(ahead[usable] - horizon))]
            found.append((k, int(ahead[best]), float(series.people[best])))
    return found


def walks(known: Displacement, members: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give last value, its day and the step of a random walk on the log, camp by camp."""
    squares, spans, last, days = [], [], [], []
    for series in known.series:
        logs, when = np.log(series.people + WALK_LEAST), series.days
        # Steps from and to an empty camp are left out: they would make the walk absurdly wide.
        filled = (series.people[1:] >= FILLED) & (series.people[:-1] >= FILLED)
        gap = np.maximum(np.diff(when), 1)
        squares.append(float((np.diff(logs) ** 2 / gap)[filled].sum()))
        spans.append(int(filled.sum()))
        last.append(float(series.people[-1]) if len(when) else 0.0)
        days.append(int(when[-1]) if len(when) else 0)
    pooled = sum(squares) / max(1, sum(spans))
    # Four steps of its own weigh as much as what all camps tell.
    step = np.sqrt((np.array(squares) + 4 * pooled) / (np.array(spans) + 4))
    return np.array(last), np.array(days), step


def forecasts(scenario: Scenario, origin: int, members: int) -> dict[str, tuple[np.ndarray, ...]]:
    """Run one origin; give the members of each forecast, (day from the origin on, member, camp)."""
    known = scenario.known_by(scenario.start + timedelta(days=origin))
    days = origin + max(HORIZONS) * 7 // 6 + 1
    engine, _ = engine_for(known, days=days, members=members)
    displacement = known.displacement
    bare, corrected = Camps(displacement.camps, origin), Camps(displacement.camps, origin)
    counts = from_series(displacement, until_day=origin)
    correction = StockCorrection(
        counts,
        members=members,
        draws=Draws(1),
        watching=[corrected],
        total_until_day=displacement.known_until_day,
    )
    run(engine, days=days, members=members, draws=Draws(1), observers=[bare, correction])
    return {"with counts": np.stack(corrected.people), "law alone": np.stack(bare.people)}


def score(scenario: Scenario, origins: int, members: int) -> dict:
    """Give rows (horizon, forecast) to (CRPS share, CRPS log, low80, high80, low90, high90, outcome)."""
    truth, rows = scenario.displacement, defaultdict(list)
    normal = np.random.default_rng(1).normal(size=400)
    for origin in np.linspace(0.15 * scenario.days, scenario.days - 8, origins).astype(int).tolist():
        made = forecasts(scenario, origin, members)
        known = scenario.known_by(scenario.start + timedelta(days=origin)).displacement
        last, day, step = walks(known, members)
        total = last.sum()
        for horizon in HORIZONS:
            for k, ahead, people in targets(truth, origin, horizon):
                span = np.sqrt(ahead + origin - day[k])
                walk = np.maximum((last[k] + WALK_LEAST) * np.exp(step[k] * span * normal) - WALK_LEAST, 0.0)
                told = {name: found[ahead, :, k] for name, found in made.items()}
                told |= {"last value": last[k : k + 1], "random walk": walk}
                for name, sample in told.items():
                    outcome = np.array([people])
                    crps = crps_ensemble(sample[:, None], outcome)[0] / max(total, 1.0)
                    logs = crps_ensemble(np.log1p(sample)[:, None], np.log1p(outcome))[0]
                    bounds = np.quantile(sample, (0.1, 0.9, 0.05, 0.95))
                    rows[horizon, name].append((origin, crps, logs, *bounds, people))
    return rows


def table(case: str, rows: dict) -> None:
    for horizon in HORIZONS:
        for name in ("with counts", "law alone", "last value", "random walk"):
            if not rows[horizon, name]:
                continue
            x = np.array(rows[horizon, name])
            c80, c90 = coverage(x[:, 3], x[:, 4], x[:, 7]), coverage(x[:, 5], x[:, 6], x[:, 7])
            crps = 100 * x[:, 1].sum() / len(np.unique(x[:, 0]))
            told = "| – | – |" if name == "last value" else f"| {c80:.2f} | {c90:.2f} |"
            print(f"| {case} | {horizon} | {len(x)} | {name} | {crps:.2f} | {x[:, 2].mean():.3f} {told}")


def differences(rows: dict) -> None:
    """Print the mean difference to the last value, origin by origin, with a 90 % bootstrap interval."""
    rng = np.random.default_rng(1)
    for horizon in HORIZONS:
        ours, theirs = (np.array(rows[horizon, name]) for name in ("with counts", "last value"))
        origins, block = np.unique(ours[:, 0], return_inverse=True)
        for what, column, unit in (("CRPS", 1, 100.0), ("CRPS of log", 2, 1.0)):
            summed = np.bincount(block, weights=unit * (ours - theirs)[:, column])
            size = np.bincount(block) if column == 2 else np.ones(len(origins))
            drawn = rng.integers(len(origins), size=(4000, len(origins)))
            means = summed[drawn].sum(axis=1) / size[drawn].sum(axis=1)
            low, high = np.quantile(means, (0.05, 0.95))
            mean = summed.sum() / size.sum()
            print(f"{horizon} days, {len(origins)} origins, {what}: {mean:+.3f} ({low:+.3f} to {high:+.3f})")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("crises", type=Path)
    asked.add_argument("--members", type=int, default=40)
    asked.add_argument("--origins", type=int, default=6)
    asked.add_argument("--only", nargs="*")
    options = asked.parse_args()
    print("| crisis | days ahead | reports | forecast | CRPS, % of all | CRPS of log | in 80 % | in 90 % |")
    print("|---|---|---|---|---|---|---|---|")
    everything: dict = defaultdict(list)
    for case in options.only or sorted(HASTEN):
        scenarios, _ = read_all([options.crises / case], hasten=HASTEN[case])
        rows = score(scenarios[0], options.origins, options.members)
        table(case, rows)
        for key, found in rows.items():
            # Origins of different crises are different origins.
            base = 10_000 * sorted(HASTEN).index(case)
            everything[key] += [(row[0] + base, *row[1:]) for row in found]
    table("all", everything)
    print()
    differences(everything)


if __name__ == "__main__":
    main()
