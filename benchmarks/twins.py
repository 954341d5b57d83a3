"""Perfect-model twins: how often the truth lies in the intervals that reports leave, and how near they are.

Usage: uv run python -m benchmarks.twins [TWINS] [--drift-times X]
"""

from __future__ import annotations

import argparse

import numpy as np

from safepassage.assimilation import particle
from tests.assimilation.twins import caravan, live, rank, told, track

DAYS, MEMBERS, FROM_DAY, BINS = 20, 300, 3, 5


def evenings(twins: int) -> np.ndarray:
    """Give one row per evening scored: rank of position and size, and distance of the median, km."""
    scenario, rows = caravan(DAYS), []
    for seed in range(twins):
        truth = live(scenario, days=DAYS, seed=seed)
        reports = told(scenario, truth, days=DAYS, seed=seed)
        luck = np.random.default_rng(seed)
        for evening, _ in track(scenario, reports, days=DAYS, members=MEMBERS, seed=seed):
            day, groups = evening.day, evening.view.groups
            if day < FROM_DAY or not truth.alive[day]:
                continue
            km, size = groups.head_km[:, 0], groups.size[:, 0].astype(float)
            ranks = [rank(truth.km[day], km, luck), rank(truth.size[day], size, luck)]
            rows.append([*ranks, abs(np.median(km) - truth.km[day])])
    return np.array(rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("twins", type=int, nargs="?", default=80)
    parser.add_argument("--drift-times", type=float, default=particle.DRIFT_TIMES)
    asked = parser.parse_args()
    particle.DRIFT_TIMES = asked.drift_times
    found = evenings(asked.twins)
    print(f"{asked.twins} twins, {DAYS} days, {MEMBERS} members, {len(found)} evenings")
    for name, ranks in (("position", found[:, 0]), ("size", found[:, 1])):
        inside = ((ranks > 0.1) & (ranks < 0.9)).mean()
        shares = np.histogram(ranks, BINS, (0, 1))[0] / (len(ranks) / BINS)
        print(f"{name}: {inside:.3f} inside 80 %; bins {' '.join(f'{share:.2f}' for share in shares)}")
    print(f"position error: mean {found[:, 2].mean():.1f} km, median {np.median(found[:, 2]):.1f} km")


if __name__ == "__main__":
    main()
