"""Settings of a forecast: defaults < safepassage.toml < environment < what the caller says."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypedDict

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from safepassage.core.errors import Fault, InputError

SETTINGS_FILE = "safepassage.toml"
ENVIRONMENT_PREFIX = "SAFEPASSAGE_"
OTHER_VARIABLES = {"SAFEPASSAGE_DEBUG"}


class ForecastSettings(BaseModel):
    """How a forecast is made; unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    members: int | None = Field(default=None, ge=1, le=1_000_000)
    """Members of the ensemble; none given: 1,000 for groups with reports to learn from, 500 without,
    fewer where every person is simulated alone."""
    days: int | None = Field(default=None, ge=1, le=3650)
    """Nights foreseen after that of the as-of date; none given: the scenario's own horizon."""
    seed: int | None = Field(default=None, ge=0, lt=2**64)
    """Seed of all luck; none given: the scenario's own."""
    as_of: date | None = None
    """Nothing published or announced later is used; none given: the scenario's own default."""
    engine: str | None = None
    """Kernel to force: groups, agents, cohorts or flow; none given: chosen by rules and predicted cost."""
    workers: int | None = Field(default=None, ge=1, le=1024)
    """Threads that members run on; none given: all cores. Changes no bit of the result."""
    scheduler: str | None = None
    """Address of a Dask scheduler (tcp://host:port) whose workers members run on; needs the extra `dist`."""
    resume: bool = False
    """Go on from the last checkpoint of the same run, if it was interrupted or killed."""
    checkpoint_every_s: float = Field(default=20.0, ge=0.0, le=86_400.0)
    """Seconds between two checkpoints of a long run."""
    use_reports: bool = True
    """Learn from the reports that were published by the as-of date."""
    learned: str = "shipped"
    """What past cases taught: shipped, none, or a folder that `safepassage calibrate` wrote."""


class ForecastOptions(TypedDict, total=False):
    """The same names, as keyword arguments of `workflows.forecast.forecast`."""

    members: int | None
    days: int | None
    seed: int | None
    as_of: date | None
    engine: str | None
    workers: int | None
    scheduler: str | None
    resume: bool | None
    checkpoint_every_s: float | None
    use_reports: bool | None
    learned: str | None


def forecast_settings(
    given: Mapping[str, Any], *, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> ForecastSettings:
    """Merge the sources of settings; a value that is None counts as not given.

    Parameters
    ----------
    given : mapping             what the caller says; wins over everything.
    folder : Path or None       where to look for `safepassage.toml`; None: the working directory.
    environment : mapping or None   None: the process environment.

    Raises
    ------
    InputError                  for a broken file, an unknown name or a value out of range; all at once.
    """
    path = (folder or Path.cwd()) / SETTINGS_FILE
    from_file = _read(path)
    variables = os.environ if environment is None else environment
    from_environment = {
        name: variables[key]
        for name in ForecastSettings.model_fields
        if (key := ENVIRONMENT_PREFIX + name.upper()) in variables
    }
    known = {ENVIRONMENT_PREFIX + name.upper() for name in ForecastSettings.model_fields} | OTHER_VARIABLES
    from_environment |= {
        key.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for key, value in variables.items()
        if key.startswith(ENVIRONMENT_PREFIX) and key not in known
    }
    said = {name: value for name, value in given.items() if value is not None}
    origin = (
        dict.fromkeys(from_file, path.name)
        | dict.fromkeys(from_environment, "the environment")
        | dict.fromkeys(said, "the call")
    )
    try:
        return ForecastSettings.model_validate({**from_file, **from_environment, **said})
    except ValidationError as error:
        names = dict.fromkeys(str(item["loc"][0]) for item in error.errors())
        values = {**from_file, **from_environment, **said}
        faults = [_fault(name, values.get(name), origin.get(name, path.name)) for name in names]
        raise InputError(faults, "The settings of the forecast cannot be used.") from None


_EXPECTED = {
    "members": "a whole number from 1 to 1,000,000",
    "days": "a whole number from 1 to 3650",
    "seed": "a whole number from 0 to 2^64 - 1",
    "as_of": "a date such as 2018-10-13",
    "engine": "the name of an engine as text",
    "workers": "a whole number from 1 to 1024",
    "scheduler": "an address such as tcp://host:8786",
    "resume": "true or false",
    "checkpoint_every_s": "seconds, from 0 to 86400",
    "use_reports": "true or false",
    "learned": "shipped, none or a folder as text",
}


def _fault(name: str, value: object, file: str) -> Fault:
    """Say in our own words what is wrong with one setting."""
    if name not in _EXPECTED:
        known = ", ".join(_EXPECTED)
        close = get_close_matches(name, _EXPECTED, n=1)
        mend = f"rename it to '{close[0]}'" if close else "take it out"
        return Fault(file, f"an unknown setting '{name[:60]}'", f"one of {known}", mend, column=name[:60])
    mend = "correct the value, or leave it out to use the default"
    return Fault(file, repr(value)[:60], _EXPECTED[name], mend, column=name)


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        fault = Fault(path.name, str(error), "a TOML file in UTF-8", "mend the line, or remove the file")
        raise InputError(fault) from None
    table = content.get("forecast", {})
    return dict(table) if isinstance(table, dict) else {"forecast": table}
