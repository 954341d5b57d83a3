"""From what rolling origins gave to the page on scores: chosen and counted here, drawn by the adapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version

import numpy as np

from safepassage.adapters.scores_page import (
    AblationShown,
    Beside,
    Calibration,
    CaseShown,
    Chances,
    Point,
    ScoresShown,
    Summary,
    scores_html,
)
from safepassage.core.foretold import ARRIVAL, EVENTS, QUANTITIES, Foretold
from safepassage.core.scenario import Scenario
from safepassage.scoring.pit import pit_histogram
from safepassage.scoring.reliability import ReliabilityPoint, chance_reliability, interval_reliability
from safepassage.scoring.rolling import POOLED, RollingRow
from safepassage.workflows.ablations import ABLATIONS
from safepassage.workflows.lessons import SHIPPED, named
from safepassage.workflows.rolling import RollingPlan, Verified, kind_of
from safepassage.workflows.rolling_tables import (
    at_a_week,
    beside_the_hardest,
    compact,
    earns,
    told_of,
    verdict,
)

FEWEST_OUTCOMES = 5  # for a histogram
COMPARED = ("crps", "log_crps", "size_log_crps", "position_error_km", "arrival_day_error", "ard")


@dataclass(frozen=True)
class Asked:
    """What was verified, and how.

    Parameters
    ----------
    scenarios : sequence of Scenario
    plan : RollingPlan
    command : str               the line that does it again.
    """

    scenarios: Sequence[Scenario]
    plan: RollingPlan
    command: str

    @property
    def starts(self) -> dict[str, date]:
        """Day 0 of each case."""
        return {scenario.name: scenario.start for scenario in self.scenarios}


def scores_page(verified: Verified, asked: Asked) -> str:
    """Write the page as one HTML document."""
    rows = verified.rows
    chosen = [_beside(row, rows) for found in beside_the_hardest(rows).values() for row in found]
    learned = asked.plan.learned or _learned(verified)
    shown = ScoresShown(
        command=asked.command,
        version=version("safepassage"),
        learned=named(learned),
        horizons=tuple(asked.plan.horizons),
        cases=tuple(_case(scenario, verified) for scenario in asked.scenarios),
        summaries=_summaries(verified, chosen),
        rows=tuple(chosen),
        calibrations=_calibrations(verified),
        chances=_chances(verified),
        arrivals=tuple(at_a_week(verified.told)),
        fans=verified.told.fans,
        ablations=tuple(_ablation(name, found) for name, found in verified.ablation_rows.items()),
        compact=compact(verified.ablation_rows),
        compact_cases=compact(verified.ablation_rows, case_by_case=True),
    )
    return scores_html(shown)


def _learned(verified: Verified) -> str:
    """Read which lessons were used where the plan leaves it to the settings."""
    told = [about.get("settings", {}).get("learned") for about in verified.abouts.values()]
    return str(next(iter(filter(None, told)), SHIPPED))


def _beside(row: RollingRow, rows: Sequence[RollingRow] = (), told: str = "") -> Beside:
    others = tuple(
        (one.baseline, one.baseline_value)
        for one in rows
        if (one.case, one.metric, one.horizon_days) == (row.case, row.metric, row.horizon_days)
        and one.baseline != row.baseline
    )
    return Beside(
        case=row.case,
        metric=row.metric,
        unit=row.unit,
        baseline=row.baseline,
        horizon_days=row.horizon_days,
        origins=row.origins,
        value=row.value,
        baseline_value=row.baseline_value,
        difference=row.difference,
        low=row.difference_low,
        high=row.difference_high,
        others=others,
        verdict=told,
    )


def _case(scenario: Scenario, verified: Verified) -> CaseShown:
    about = verified.abouts.get(scenario.name, {})
    settings = about.get("settings", {})
    places = scenario.network.places
    days = sorted({fan.origin_day for fan in verified.told.fans if fan.case == scenario.name})
    return CaseShown(
        name=scenario.name,
        title_es=scenario.title_es,
        title_en=scenario.title_en,
        kind=kind_of(scenario),
        start=scenario.start,
        origins=tuple(scenario.start + timedelta(days=each) for each in days),
        names=dict(zip(places.ids, places.names, strict=True)),
        members=int(settings.get("members") or 0),
        seed=int(settings.get("seed") or 0),
        engine=str(about.get("engine", "")),
        learned_from=tuple((family, tuple(names)) for family, names in about.get("learned_from", {}).items()),
    )


def _summaries(verified: Verified, rows: Sequence[Beside]) -> tuple[Summary, ...]:
    """Count, for each kind of case, how often ours was closer: of all cases together, or of the only one."""
    found = []
    for kind in dict.fromkeys(one.kind for one in verified.scored):
        cases = list(dict.fromkeys(one.case for one in verified.scored if one.kind == kind))
        pooled = f"{POOLED} {kind}"
        counted = [pooled] if any(row.case == pooled for row in rows) else cases
        mine = [row for row in rows if row.case in counted and row.metric in COMPARED]
        won = [row for row in mine if row.high is not None and row.high < 0]
        lost = [row for row in mine if row.low is not None and row.low > 0]
        sure = {id(row) for row in (*won, *lost)}
        held = [row for row in rows if row.case in counted and row.metric == "coverage_80"]
        told = [one for one in verified.told.numbers if one.case in cases]
        found.append(
            Summary(
                kind=kind,
                case=counted[0] if len(counted) == 1 else "",
                forecasts=len(
                    {(fan.case, fan.origin_day) for fan in verified.told.fans if fan.case in cases}
                ),
                outcomes=len({(one.case, one.quantity, one.place, one.origin_day, one.day) for one in told}),
                won=tuple(won),
                lost=tuple(lost),
                open=tuple(row for row in mine if id(row) not in sure),
                coverage=tuple((row.horizon_days, row.value) for row in held) if len(counted) == 1 else (),
            )
        )
    return tuple(found)


def _calibrations(verified: Verified) -> tuple[Calibration, ...]:
    """Give histogram and intervals of every quantity and horizon with outcomes enough.

    Days of arrival have none: towns are chosen by having been reached.
    """
    groups: dict[tuple[str, int], list[Foretold]] = {}
    for one in verified.told.numbers:
        if one.quantity != ARRIVAL:
            groups.setdefault((one.quantity, one.horizon_days), []).append(one)
    order = sorted(groups, key=lambda key: (QUANTITIES.index(key[0]), key[1]))
    return tuple(_calibration(*key, groups[key]) for key in order if len(groups[key]) >= FEWEST_OUTCOMES)


def _calibration(quantity: str, horizon: int, told: Sequence[Foretold]) -> Calibration:
    low, high = (np.array([getattr(one, end) for one in told]) for end in ("pit_low", "pit_high"))
    origins = len({(one.case, one.origin_day) for one in told})
    histogram = pit_histogram(low, high, origins=origins)
    return Calibration(
        quantity=quantity,
        horizon_days=horizon,
        shares=tuple(histogram.shares.tolist()),
        alone=histogram.alone,
        together=histogram.together,
        outcomes=histogram.outcomes,
        origins=histogram.origins,
        intervals=tuple(map(_point, interval_reliability(low, high, origins=origins))),
    )


def _point(one: ReliabilityPoint) -> Point:
    return Point(one.told, one.came, one.outcomes, one.alone, one.together)


def _chances(verified: Verified) -> tuple[Chances, ...]:
    found = []
    for event in EVENTS:
        told = [one for one in verified.told.chances if one.event == event]
        if told:
            origins = [(one.case, one.origin_day) for one in told]
            points = chance_reliability([one.chance for one in told], [one.happened for one in told], origins)
            found.append(Chances(event, tuple(map(_point, points)), len(told), len(set(origins))))
    return tuple(found)


def _ablation(name: str, rows: Sequence[RollingRow]) -> AblationShown:
    part = next(ablation.part for ablation in ABLATIONS if ablation.name == name)
    shown = [row for row in rows if row.case in told_of(rows)]
    single = tuple(filter(None, (verdict(row) for row in rows if row not in shown)))
    beside = tuple(_beside(row, told=verdict(row)) for row in shown)
    return AblationShown(name, part, earns(shown), beside, single)
