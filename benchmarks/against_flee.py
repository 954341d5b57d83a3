"""Hold the `compat` reading of five crises against runs of Flee itself.

    python benchmarks/against_flee.py FOLDER_OF_CRISES [--members 40] [--only mali2012 …]

Each crisis folder carries `flee_output/hN_sS.csv`, what Flee printed at N people per agent, run S. Beside
these, `flee_runs.csv` here has sixteen more runs per crisis (see docs/flee.md for how they were made). For
each crisis it prints our ARD and Flee's, the difference allowed, max(0.03, 95 % half-width of Flee's runs),
and for the time-mean share of every camp whether the two are equivalent (two one-sided tests, margin
max(0.02, pooled 95 % half-width), 5 % over all camps together).
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from pathlib import Path

import numpy as np

from safepassage.scoring.ard import ard, mean_shares
from safepassage.scoring.equivalence import equivalence, half_width
from safepassage.workflows.verify import read_all, verify_split

HASTEN = {"mali2012": 50, "burundi2015": 50, "car2013": 200, "ssudan2013": 200, "nigeria2016": 500}
RUNS = Path(__file__).with_name("flee_runs.csv")


def stored(folder: Path, hasten: int) -> tuple[np.ndarray, np.ndarray]:
    """Read Flee's own outputs: time-mean shares (run, camp) and ARD (run,)."""
    shares, scores = [], []
    for path in sorted((folder / "flee_output").glob(f"h{hasten}_s*.csv")):
        with path.open(newline="") as file:
            header, *rows = csv.reader(file)
        columns = {
            kind: [k for k, name in enumerate(header) if name.endswith(f" {kind}")]
            for kind in ("sim", "data")
        }
        sim, data = (
            np.array([[float(row[k]) for k in columns[kind]] for row in rows]) for kind in ("sim", "data")
        )
        shares.append(mean_shares(sim))
        scores.append(float(ard(sim, data)))
    return np.array(shares), np.array(scores)


def further(case: str, camps: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Read the further runs of Flee: time-mean shares (run, camp) and ARD (run,)."""
    shares: dict[int, dict[str, float]] = defaultdict(dict)
    scores: dict[int, float] = {}
    with RUNS.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["case"] == case:
                shares[int(row["seed"])][row["camp"]] = float(row["mean_share"])
                scores[int(row["seed"])] = float(row["ard"])
    return np.array([[shares[s][c] for c in camps] for s in sorted(shares)]), np.array(list(scores.values()))


def compare(folder: Path, members: int) -> bool:
    """Print one crisis; tell whether everything agrees."""
    hasten = HASTEN[folder.name]
    scenarios, _ = read_all([folder], compat=True, hasten=hasten)
    ours = verify_split(scenarios[0], members=members, seed=1)
    first, more = stored(folder, hasten), further(folder.name, ours.camps)
    shares = np.concatenate([first[0], more[0]])
    scores = np.concatenate([first[1], more[1]])
    width = max(0.03, float(half_width(scores)))
    difference = float(ours.ard.mean() - scores.mean())
    alone = float(ours.ard.mean() - first[1].mean())
    result = equivalence(ours.shares, shares, margin=0.02)
    fine = abs(difference) <= width and bool(result.alike.all())
    print(
        f"{folder.name:12} N={hasten:<4}"
        f" ARD ours {ours.ard.mean():.3f} (sd {ours.ard.std(ddof=1):.3f}, {members} runs)"
        f"  Flee {scores.mean():.3f} (sd {scores.std(ddof=1):.3f}, {len(scores)} runs)"
        f"  difference {difference:+.3f} (stored runs alone {alone:+.3f}), allowed {width:.3f}"
        f"  shares alike {int(result.alike.sum())}/{len(ours.camps)},"
        f" largest difference {np.abs(result.difference).max():.3f}, largest p {result.p.max():.1e}"
    )
    for k in np.flatnonzero(~result.alike):
        said = f"{result.difference[k]:+.4f}, margin {result.margin[k]:.4f}, p {result.p[k]:.3f}"
        print(f"    not shown alike: {ours.camps[k]}: {said}")
    return fine


def main() -> None:
    """Parse, compare, and end with 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--members", type=int, default=40)
    parser.add_argument("--only", nargs="*", default=list(HASTEN))
    options = parser.parse_args()
    agree = [compare(options.folder / case, options.members) for case in options.only]
    raise SystemExit(0 if all(agree) else 1)


if __name__ == "__main__":
    main()
