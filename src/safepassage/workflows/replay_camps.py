"""Replay of a crisis whose camps are counted: each evening with new counts, up to the next count of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from safepassage.adapters.atomic import write_bytes
from safepassage.adapters.replay_chain import canonical
from safepassage.core.engine import Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.scenario import Scenario
from safepassage.engines.member_observers import StocksKept
from safepassage.workflows.forecast import ForecastRun, watched_forecast
from safepassage.workflows.replay_feed import Evening
from safepassage.workflows.rolling_camps import counted

NIGHTS = 60  # camps are seldom counted less than every two months
EVENINGS = 12
LEVELS = (0.1, 0.5, 0.9)


def camp_evenings(case: Scenario, until: date | None) -> list[date]:
    """Give the days on which some camp was counted, but the first and the last.

    Raises
    ------
    InputError      if camps were counted on fewer than three days.
    """
    displacement = case.displacement
    assert displacement is not None
    pasts = [past for past in counted(displacement, corrected=False) if past is not None]
    last = case.days - 1 if until is None else min(case.days - 1, (until - case.start).days)
    days = sorted({day for past in pasts for day in past.days.tolist() if day <= last})
    if len(days) < 3:
        found = f"{len(days)} days with a count" + (f" up to {until}" if until else "")
        fault = Fault(
            case.name,
            found,
            "camps counted on three days or more",
            "add source_data or choose a later --until",
        )
        raise InputError(fault, "This crisis cannot be replayed.")
    return [case.start + timedelta(days=int(day)) for day in days[1:-1]]


def camps_said(
    evening: Evening, *, members: int | None, seed: int, progress: Progress | None = None
) -> tuple[ForecastRun, dict[str, Any]]:
    """Make the product's forecast, and say of every camp and night how many people it will have."""
    known = evening.known
    displacement = known.displacement
    assert displacement is not None
    first = (evening.day - known.start).days + 1
    seen = StocksKept(displacement.camps, first=first, days=first + NIGHTS)
    run = watched_forecast(
        known,
        [seen],
        progress=progress,
        as_of=evening.day,
        days=NIGHTS,
        members=members,
        seed=seed,
        checkpoint_every_s=86_400.0,  # an evening takes seconds
    )
    ids = [known.network.places.ids[place] for place in displacement.camps.tolist()]
    nights = [
        {
            "night": (known.start + timedelta(days=first + ahead)).isoformat(),
            "camps": dict(zip(ids, _quantiles(people), strict=True)),
        }
        for ahead, people in enumerate(seen.people)
    ]
    said = {
        "not_for_publication": True,
        "kind": "camps",
        "case": known.name,
        "evening": evening.day.isoformat(),
        "members": run.forecast.members,
        "seed": run.forecast.seed,
        "nights": nights,
        "told": _told(known, ids),
    }
    return run, said


def new_counts(said: dict[str, Any], before: date) -> int:
    """Count the counts that were made since the evening before."""
    return sum(day > before.isoformat() for counts in said["told"].values() for day, _ in counts)


def write_camps(folder: Path, said: dict[str, Any]) -> None:
    """Write the forecast of one evening."""
    write_bytes(folder / "forecast.json", canonical(said) + b"\n")


def _quantiles(people: Any) -> list[Sequence[float]]:
    table = np.round(np.quantile(people, LEVELS, axis=0).T, 1)
    return [[float(value) for value in row] for row in table]


def _told(known: Scenario, ids: list[str]) -> dict[str, Any]:
    """Give what simple rules go by: every camp's counts as known this evening."""
    displacement = known.displacement
    assert displacement is not None
    found = {}
    for place, past in zip(ids, counted(displacement, corrected=True), strict=True):
        if past is not None:
            days = [(known.start + timedelta(days=int(day))).isoformat() for day in past.days]
            found[place] = [[day, float(n)] for day, n in zip(days, past.people.tolist(), strict=True)]
    return found
