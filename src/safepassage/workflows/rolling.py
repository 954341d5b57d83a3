"""`verify --rolling`: the product's own forecasts from origins spread over a case, scored on what came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from safepassage.adapters.atomic import check_folder
from safepassage.core.engine import NoProgress, Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.foretold import Told, told_together
from safepassage.core.scenario import Scenario
from safepassage.scoring.rolling import RollingRow, Scored, summed_up
from safepassage.settings.forecast import ForecastOptions
from safepassage.workflows import rolling_camps, rolling_caravan
from safepassage.workflows.ablations import ABLATIONS, Ablation
from safepassage.workflows.rolling_told import told_of_camps, told_of_caravan

HORIZONS = (1, 3, 7, 14, 30, 90)
ORIGINS = 12
LONGEST_DAYS = 365
ORIGIN = "origin / fecha de partida"

FULL = "everything"  # the forecast that ablations are held against


@dataclass(frozen=True)
class OriginRun:
    """What one origin gave: scores, what was said one by one, and the manifest of the run."""

    scored: list[Scored]
    told: Told
    about: dict[str, Any]


Job = Callable[[Progress | None], OriginRun]


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
    learned : str or None           what past cases taught: "shipped", "none" or a folder; None: as set.
    """

    horizons: Sequence[int] = HORIZONS
    origins: int = ORIGINS
    members: int | None = None
    until: date | None = None
    seed: int | None = None
    learned: str | None = None

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
    learned: str | None = None,
) -> RollingPlan:
    """Make a plan from what was said; None: the default. For errors see `horizons_of`."""
    days = HORIZONS if horizons is None else horizons_of(horizons)
    return RollingPlan(days, ORIGINS if origins is None else origins, members, until, seed, learned)


@dataclass(frozen=True)
class Verified:
    """Everything that rolling origins gave.

    Parameters
    ----------
    scored : list of Scored                     one per case, origin, horizon and metric.
    told : Told                                 what was said one by one, beside what came.
    abouts : dict of case to manifest           of its last origin.
    ablated : dict of name to list of Scored    the same origins with a part taken away or spoilt.
    """

    scored: list[Scored]
    told: Told = field(default_factory=Told)
    abouts: dict[str, dict[str, Any]] = field(default_factory=dict)
    ablated: dict[str, list[Scored]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> list[RollingRow]:
        """Sum scores up over origins, per case and for all cases of a kind."""
        return rows_of(self.scored)

    @cached_property
    def ablation_rows(self) -> dict[str, list[RollingRow]]:
        """Sum every ablation up beside the full forecast of the same origins; see `ablation_rows_of`."""
        return ablation_rows_of(self)


def verify_rolling(
    scenarios: Sequence[Scenario], plan: RollingPlan | None = None, *, progress: Progress | None = None
) -> list[Scored]:
    """Score every case from origins spread evenly over it; arguments and errors as of `verify_whole`.

    Returns
    -------
    list of Scored      one per case, origin, horizon and metric; see `scoring.rolling.summed_up`.
    """
    return verify_whole(scenarios, plan, progress=progress).scored


def verify_whole(
    scenarios: Sequence[Scenario],
    plan: RollingPlan | None = None,
    *,
    ablations: Sequence[Ablation] = (),
    progress: Progress | None = None,
) -> Verified:
    """Score every case from origins spread evenly over it, and keep what was said.

    Parameters
    ----------
    scenarios : sequence of Scenario    caravans with a truth.csv, or Flee folders.
    plan : RollingPlan or None          None: the default.
    ablations : sequence of Ablation    the same origins are forecast again in each of these ways.
    progress : Progress or None

    Raises
    ------
    InputError      if a case has no truth to be held against, or is given twice, before any is run.
    """
    plan, watch = plan or RollingPlan(), progress or NoProgress()
    _check_names(scenarios)
    whole = [(scenario.name, job) for scenario in scenarios for job in _jobs(scenario, plan)]
    again = [
        (ablation.name, job)
        for ablation in ablations
        for scenario in scenarios
        if kind_of(scenario) in ablation.kinds
        for job in _jobs(scenario, plan, ablation)
    ]
    runs: list[OriginRun] = []
    abouts: dict[str, dict[str, Any]] = {}
    ablated: dict[str, list[Scored]] = {}
    for done, (name, job) in enumerate([*whole, *again]):
        watch.say(done, len(whole) + len(again), ORIGIN)
        run = job(progress)
        if done < len(whole):
            runs.append(run)
            abouts[name] = run.about
        else:
            ablated.setdefault(name, []).extend(run.scored)
    watch.say(len(whole) + len(again), len(whole) + len(again), ORIGIN)
    scored = [one for run in runs for one in run.scored]
    return Verified(scored, told_together([run.told for run in runs]), abouts, ablated)


def _check_names(scenarios: Sequence[Scenario]) -> None:
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        fault = Fault(", ".join(twice), "given twice", "every case once", "give folders of different names")
        raise InputError(fault)


def kind_of(scenario: Scenario) -> str:
    """Tell as what a case is scored: "camps" or "caravans"."""
    crisis = scenario.displacement is not None and not scenario.groups
    return rolling_camps.KIND if crisis else rolling_caravan.KIND


@dataclass(frozen=True)
class _Way:
    """How one case is forecast from every origin.

    What is scored, and from when, is of the scenario itself; only the forecast is made of what is `given`.
    `single`: what was said is kept one by one.
    """

    scenario: Scenario
    given: Scenario
    plan: RollingPlan
    more: ForecastOptions
    single: bool

    @property
    def luck(self) -> tuple[int | None, int | None]:
        return self.plan.members, self.plan.seed


def _jobs(scenario: Scenario, plan: RollingPlan, ablation: Ablation | None = None) -> list[Job]:
    """Give the work of each origin, to be done one after another."""
    given, more = scenario, ForecastOptions(learned=plan.learned)
    if ablation is not None:
        given = ablation.change(scenario, scenario.seed if plan.seed is None else plan.seed)
        more = {**more, **ablation.options}
    way = _Way(scenario, given, plan, more, single=ablation is None)
    if kind_of(scenario) == rolling_camps.KIND:
        days = rolling_camps.camp_origins(scenario, plan.origins, until=plan.until)
        return [partial(_camps, way, day) for day in days]
    truth = rolling_caravan.truth_of(scenario, until=plan.until)
    days = rolling_caravan.caravan_origins(scenario, truth, plan.origins)
    return [partial(_caravan, way, truth, day) for day in days]


def _camps(way: _Way, origin: int, progress: Progress | None) -> OriginRun:
    plan = way.plan
    made = rolling_camps.foreseen(
        way.given, origin, plan.days_ahead, luck=way.luck, progress=progress, more=way.more
    )
    scored = rolling_camps.score_camps(way.scenario, made, plan.horizons, until=plan.until)
    told = told_of_camps(way.scenario, made, plan.horizons, until=plan.until) if way.single else Told()
    return OriginRun(scored, told, made.about)


def _caravan(
    way: _Way, truth: rolling_caravan.CaravanTruth, origin: int, progress: Progress | None
) -> OriginRun:
    plan = way.plan
    when = (origin, min(plan.days_ahead, truth.last_day - origin))
    made = rolling_caravan.foreseen(
        way.given, truth.axis, when, luck=way.luck, progress=progress, more=way.more
    )
    scored = rolling_caravan.score_caravan(way.scenario, truth, made, plan.horizons)
    told = told_of_caravan(way.scenario, truth, made, plan.horizons) if way.single else Told()
    return OriginRun(scored, told, made.about)


def rows_of(scored: Sequence[Scored]) -> list[RollingRow]:
    """Sum scores up over origins, per case and for all cases of a kind."""
    return summed_up(scored)


def ablation_rows_of(verified: Verified) -> dict[str, list[RollingRow]]:
    """Sum every ablation up beside the full forecast of the same origins, by name.

    `value` is of the ablation, `baseline_value` of the full forecast, and so a difference above 0 tells that
    the ablation is worse, for scores that should be small.
    """
    full = {(one.case, one.origin_day, one.horizon_days, one.metric): one.value for one in verified.scored}
    found: dict[str, list[RollingRow]] = {}
    for ablation in ABLATIONS:
        scored = [
            replace(one, baselines={FULL: full[key]})
            for one in verified.ablated.get(ablation.name, ())
            if (key := (one.case, one.origin_day, one.horizon_days, one.metric)) in full
        ]
        if scored:
            rows = summed_up(scored)
            found[ablation.name] = [replace(row, protocol=f"rolling-origin: {ablation.name}") for row in rows]
    return found


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
