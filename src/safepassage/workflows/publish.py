"""The one way from a scenario to something everybody may see: delayed, computed, then coarsened."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Unpack

from safepassage.adapters import atomic
from safepassage.core.engine import Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.scenario import Scenario
from safepassage.core.shared import SharedForecast
from safepassage.protection.sharing import DEFAULT_RULES, share
from safepassage.settings.forecast import ForecastOptions, forecast_settings
from safepassage.workflows.forecast import forecast


def shared_forecast(
    scenario: Scenario, *, progress: Progress | None = None, **options: Unpack[ForecastOptions]
) -> SharedForecast:
    """Foresee, from what was known some days ago, what may be shared with everybody today.

    Parameters
    ----------
    scenario : Scenario
    progress : Progress or None
    **options           as for `forecast`; `as_of` is the day of publication, not of what is known;
        none given: the first day on which what was known at the scenario's own as-of date may be told.

    Raises
    ------
    InputError          if nothing was known yet on the delayed date.
    """
    today = forecast_settings(options).as_of or _first_day(scenario.default_as_of or scenario.start)
    known_until = DEFAULT_RULES.as_of_for(today)
    if known_until < scenario.start:
        fault = Fault(
            file="--as-of",
            found=today.isoformat(),
            expected=f"a day from {_first_day(scenario.start).isoformat()} on",
            mend=f"what is shared rests on what was known by {known_until}, before the scenario begins: "
            "wait, or give a later --as-of",
        )
        raise InputError(fault, "There is nothing that may be shared yet.")
    days = (DEFAULT_RULES.deadline_of(known_until) - known_until).days
    # What a team was told and nobody published could be read from where its forecast puts the caravan; how
    # far the form hides that was measured for a forecaster who does not learn (docs/protection.md).
    delayed: ForecastOptions = {
        **options,
        "as_of": known_until,
        "days": days,
        "use_reports": False,
        "learned": "none",
    }
    made = forecast(scenario, progress=progress, **delayed)
    return share(made.forecast, today=today)


def _first_day(known: date) -> date:
    """Give the first day on which what was known on a date may be shared."""
    day = known
    while DEFAULT_RULES.as_of_for(day) < known:
        day += timedelta(days=1)
    return day


def shared_summary(shared: SharedForecast) -> dict[str, Any]:
    """Give what may be shared as plain values: the content of its JSON file."""
    from safepassage.adapters.shared_page import shared_json

    content: dict[str, Any] = json.loads(shared_json(shared))
    return content


def check_folder(out: Path) -> None:
    """See that results can be written to a folder, before they are worked out.

    Raises
    ------
    OSError         if it cannot be made or written to.
    """
    atomic.check_folder(out)


def write_shared(shared: SharedForecast, out: Path) -> dict[str, Path]:
    """Write the shareable page and tables to a folder; give the path of each.

    Raises
    ------
    InputError      if the folder already holds what must not be published, or cannot be written to.
    """
    from safepassage.adapters.shared_page import write_shared as write

    if (out / "manifest.json").exists():
        fault = Fault(
            file=out.name,
            found="a forecast that is not for publication",
            expected="a folder of its own for what may be shared",
            mend="give another --out: whoever shares the folder would share both",
        )
        raise InputError(fault)
    return write(shared, out)
