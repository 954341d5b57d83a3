"""`verify --rolling`: the product's own forecasts from origins spread over a case, scored on what came."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from safepassage.adapters.atomic import check_folder, write_text
from safepassage.core.engine import NoProgress, Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.scenario import Scenario
from safepassage.scoring.rolling import RollingRow, Scored, summed_up
from safepassage.workflows import rolling_camps, rolling_caravan
from safepassage.workflows.rolling_tables import markdown

HORIZONS = (1, 3, 7, 14, 30, 90)
ORIGINS = 12
LONGEST_DAYS = 365
ORIGIN = "origin / fecha de partida"

Job = Callable[[Progress | None], list[Scored]]


@dataclass(frozen=True)
class RollingPlan:
    """How cases are verified.

    Parameters
    ----------
    horizons : sequence of int      days ahead, ascending.
    origins : int                   per case; fewer where it has fewer days.
    members : int or None           None: as many as a user would get.
    until : date or None            last day scored.
    seed : int or None              None: each scenario's own.
    """

    horizons: Sequence[int] = HORIZONS
    origins: int = ORIGINS
    members: int | None = None
    until: date | None = None
    seed: int | None = None

    @property
    def days_ahead(self) -> int:
        """Give how many days are foreseen: the reporting day nearest to a horizon may lie after it."""
        return max(self.horizons) + max(self.horizons) // 6 + 3


def horizons_of(text: str) -> tuple[int, ...]:
    """Read "1,3,7" as days ahead, each once and in order.

    Raises
    ------
    InputError      for anything else than whole numbers from 1 to 365.
    """
    words = [word.strip() for word in text.split(",")]
    days = {int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 5}
    if not days or not all(word.isascii() and word.isdigit() for word in words) or not _fits(days):
        fault = Fault("--horizons", f"'{text:.60}'", f"days ahead from 1 to {LONGEST_DAYS}", "write 1,7,30")
        raise InputError(fault)
    return tuple(sorted(days))


def _fits(days: set[int]) -> bool:
    return min(days) >= 1 and max(days) <= LONGEST_DAYS


def rolling_plan(
    *,
    horizons: str | None = None,
    origins: int | None = None,
    members: int | None = None,
    until: date | None = None,
    seed: int | None = None,
) -> RollingPlan:
    """Make a plan from what was said; None: the default. For errors see `horizons_of`."""
    days = HORIZONS if horizons is None else horizons_of(horizons)
    return RollingPlan(days, ORIGINS if origins is None else origins, members, until, seed)


def verify_rolling(
    scenarios: Sequence[Scenario], plan: RollingPlan | None = None, *, progress: Progress | None = None
) -> list[Scored]:
    """Score every case from origins spread evenly over it.

    Parameters
    ----------
    scenarios : sequence of Scenario    caravans with a truth.csv, or Flee folders.
    plan : RollingPlan or None          None: the default.
    progress : Progress or None

    Returns
    -------
    list of Scored      one per case, origin, horizon and metric; see `scoring.rolling.summed_up`.

    Raises
    ------
    InputError      if a case has no truth to be held against, or is given twice, before any is run.
    """
    plan, watch = plan or RollingPlan(), progress or NoProgress()
    _check_names(scenarios)
    jobs = [job for scenario in scenarios for job in _jobs(scenario, plan)]
    scored: list[Scored] = []
    for done, job in enumerate(jobs):
        watch.say(done, len(jobs), ORIGIN)
        scored += job(progress)
    watch.say(len(jobs), len(jobs), ORIGIN)
    return scored


def _check_names(scenarios: Sequence[Scenario]) -> None:
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        fault = Fault(", ".join(twice), "given twice", "every case once", "give folders of different names")
        raise InputError(fault)


def _jobs(scenario: Scenario, plan: RollingPlan) -> list[Job]:
    """Give the work of each origin, to be done one after another."""
    if scenario.displacement is not None and not scenario.groups:
        days = rolling_camps.camp_origins(scenario, plan.origins, until=plan.until)
        return [partial(_camps, scenario, plan, day) for day in days]
    truth = rolling_caravan.truth_of(scenario, until=plan.until)
    days = rolling_caravan.caravan_origins(scenario, truth, plan.origins)
    return [partial(_caravan, scenario, truth, plan, day) for day in days]


def _camps(scenario: Scenario, plan: RollingPlan, origin: int, progress: Progress | None) -> list[Scored]:
    luck = (plan.members, plan.seed)
    made = rolling_camps.foreseen(scenario, origin, plan.days_ahead, luck=luck, progress=progress)
    return rolling_camps.score_camps(scenario, made, plan.horizons, until=plan.until)


def _caravan(
    scenario: Scenario,
    truth: rolling_caravan.CaravanTruth,
    plan: RollingPlan,
    origin: int,
    progress: Progress | None,
) -> list[Scored]:
    ahead = min(plan.days_ahead, truth.last_day - origin)
    luck = (plan.members, plan.seed)
    made = rolling_caravan.foreseen(scenario, truth.axis, (origin, ahead), luck=luck, progress=progress)
    return rolling_caravan.score_caravan(scenario, truth, made, plan.horizons)


def rows_of(scored: Sequence[Scored]) -> list[RollingRow]:
    """Sum scores up over origins, per case and for all cases of a kind."""
    return summed_up(scored)


def check_out(folder: Path) -> None:
    """See that the folder can be written to before anything is run.

    Raises
    ------
    InputError      if it cannot.
    """
    try:
        check_folder(folder)
    except OSError as error:
        fault = Fault("--out", f"{folder}: {error.strerror}", "a folder to write to", "choose another folder")
        raise InputError(fault) from None


def write_scores(
    folder: Path, rows: Sequence[RollingRow], scored: Sequence[Scored], starts: dict[str, date]
) -> dict[str, Path]:
    """Write the rows (CSV, JSON, Markdown) and every origin's scores (CSV); give the path of each.

    Parameters
    ----------
    starts : dict of case to date       day 0 of each case.
    """
    table = [asdict(row) for row in rows]
    each = [
        {
            "case": one.case,
            "origin": (starts[one.case] + timedelta(days=one.origin_day)).isoformat(),
            "horizon_days": one.horizon_days,
            "metric": one.metric,
            "unit": one.unit,
            "forecast": name or "safepassage",
            "value": value,
        }
        for one in scored
        for name, value in ({"": one.value} | one.baselines).items()
    ]
    texts = {
        "scores.csv": _csv(table),
        "origins.csv": _csv(each),
        "tables.md": markdown(rows),
        "scores.json": json.dumps(table, ensure_ascii=False, indent=1) + "\n",
    }
    for name, text in texts.items():
        write_text(folder / name, text)
    return {name: folder / name for name in texts}


def _csv(rows: Sequence[dict[str, object]]) -> str:
    if not rows:
        return ""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
