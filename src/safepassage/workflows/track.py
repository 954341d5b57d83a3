"""Where are they now, and where next: a forecast from everything that was published by a date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Unpack

from safepassage.core.engine import Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.report import Report, report_key
from safepassage.core.scenario import Scenario
from safepassage.settings.forecast import ForecastOptions
from safepassage.workflows.forecast import ForecastRun, forecast
from safepassage.workflows.load_reports import told

HORIZON_DAYS = 14


def track(
    scenario: Scenario,
    *,
    reports: str | Path | None = None,
    horizon: int = HORIZON_DAYS,
    progress: Progress | None = None,
    **options: Unpack[ForecastOptions],
) -> ForecastRun:
    """Correct a scenario's forecast with every report published by the as-of date.

    The same loop as `forecast`: only the as-of date, unless given, is the day of the last report.

    Parameters
    ----------
    scenario : Scenario         from `load`.
    reports : path or None      a file of reports to be used beside those of the scenario; it is not stored.
    horizon : int               nights foreseen after that of the as-of date.
    progress : Progress or None
    **options                   members, seed, as_of …; see `settings.forecast`.

    Returns
    -------
    ForecastRun         `forecast.belief` says what every report did.

    Raises
    ------
    InputError      if the file cannot be read, or nothing was known at the as-of date.
    """
    if not isinstance(scenario, Scenario):
        mend = "load it first: track(load(name))"
        raise InputError(Fault("track", f"{scenario!r:.80}", "a Scenario", mend))
    if reports is not None:
        from safepassage.workflows.intake import reports_in

        scenario = with_reports(scenario, reports_in(Path(reports), scenario))
    if options.get("as_of") is None:
        options["as_of"] = last_published(scenario)
    options["days"] = horizon
    return forecast(scenario, progress=progress, **options)


def with_reports(scenario: Scenario, more: tuple[Report, ...]) -> Scenario:
    """Add reports to a scenario; those it has already are not added again."""
    ids = scenario.network.places.ids
    known = {report_key(report, ids) for report in scenario.reports}
    new = {report_key(report, ids): report for report in more}
    added = tuple(report for key, report in new.items() if key not in known)
    return told(replace(scenario, reports=scenario.reports + added))


def last_published(scenario: Scenario) -> date | None:
    """Give the day on which the last report from the scenario's own time was published; None: no report.

    What was told months later of how it all ended is no news of the way; but what was entered into the
    store of a case that goes on is, however long the case was meant to last (`default_as_of`).
    """
    end = scenario.start + timedelta(days=scenario.days)
    days = [
        r.published for r in scenario.reports if scenario.start <= r.observed <= end and r.published <= end
    ]
    if scenario.default_as_of is not None:
        days.append(scenario.default_as_of)
    return max(days, default=None)
