"""Our `compat` reading beside runs of Flee itself (see README.md here and docs/flee.md)."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from safepassage.adapters.flee import read
from safepassage.core.displacement import camp_counts
from safepassage.core.draws import Draws
from safepassage.engines.choice import engine_for
from safepassage.engines.run import days_of
from safepassage.scoring.ard import ard, mean_shares
from safepassage.scoring.equivalence import equivalence, half_width
from safepassage.workflows.verify import verify_split

HERE = Path(__file__).parent
CRISES = HERE.parents[2] / "shared" / "data" / "displacement"
MEMBERS = 24


def flee_runs() -> dict[str, np.ndarray]:
    """Give Flee's runs of the small folder: (run, camp) arrays by column."""
    columns: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    with (HERE / "flee_small_runs.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            for name in ("mean_share", "people_day_20", "people_day_40", "people_day_59", "ard"):
                columns[name][int(row["seed"])].append(float(row[name]))
    return {name: np.array(list(runs.values())) for name, runs in columns.items()}


def test_the_small_crisis_goes_as_in_flee():
    scenario, _ = read(HERE / "flee_small", compat=True)
    assert scenario.displacement is not None
    camps = scenario.displacement.camps
    engine = engine_for(scenario)
    people = np.stack(
        [view.stock[:, camps] for _, _, view in days_of(engine, days=60, members=MEMBERS, draws=Draws(3))],
        axis=1,
    ).astype(float)
    flee = flee_runs()
    shares = equivalence(mean_shares(people), flee["mean_share"], margin=0.02)
    assert shares.alike.all(), shares
    for day in (20, 40, 59):
        theirs = flee[f"people_day_{day}"]
        error = np.sqrt(
            people[:, day].var(axis=0, ddof=1) / MEMBERS + theirs.var(axis=0, ddof=1) / len(theirs)
        )
        assert (np.abs(people[:, day].mean(axis=0) - theirs.mean(axis=0)) < 4 * error + 1).all(), day
    counted = camp_counts(scenario.displacement, np.arange(60)).astype(float)
    scores = flee["ard"][:, 0]
    allowed = max(0.03, float(half_width(scores)))
    assert float(ard(people, counted).mean()) == pytest.approx(scores.mean(), abs=allowed)


def test_documented_meaning_is_not_the_same_as_what_flee_does():
    # The daily distance is kept, day-0 people count once: the guard above would notice a mix-up.
    scenario, _ = read(HERE / "flee_small")
    score = verify_split(scenario, members=8)
    result = equivalence(score.shares, flee_runs()["mean_share"], margin=0.02)
    assert not result.alike.all()


@pytest.mark.skipif(not CRISES.is_dir(), reason="the crises for development are not here")
@pytest.mark.parametrize(("case", "hasten"), [("mali2012", 50), ("burundi2015", 50)])
def test_crises_give_the_ard_that_flee_gives(case: str, hasten: int):
    scenario, _ = read(CRISES / case, compat=True, hasten=hasten)
    score = verify_split(scenario, members=8)
    theirs = []
    counted = camp_counts(scenario.displacement, np.arange(scenario.days))  # type: ignore[arg-type]
    for path in sorted((CRISES / case / "flee_output").glob(f"h{hasten}_s*.csv")):
        with path.open(newline="") as file:
            header, *rows = csv.reader(file)
        table = {
            kind: np.array(
                [
                    [float(row[k]) for k, name in enumerate(header) if name.endswith(f" {kind}")]
                    for row in rows
                ]
            )
            for kind in ("sim", "data")
        }
        assert (table["data"] == counted).all()
        theirs.append(float(ard(table["sim"], table["data"])))
    allowed = max(0.03, float(half_width(np.array(theirs))))
    assert float(score.ard.mean()) == pytest.approx(np.mean(theirs), abs=allowed)
