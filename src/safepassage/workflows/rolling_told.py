"""What every origin's forecast said one by one: numbers with their PIT, chances that are told, and fans."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from safepassage.core.foretold import (
    ARRIVAL,
    CAMP,
    FAN_LEVELS,
    GROWN,
    HOLDS,
    POSITION,
    REACHED,
    SIZE,
    ChanceTold,
    FanTold,
    Foretold,
    Told,
)
from safepassage.core.scenario import Scenario
from safepassage.scoring.naive_series import Past
from safepassage.scoring.pit import pit_bounds
from safepassage.scoring.rolling import near_days
from safepassage.workflows import rolling_camps, rolling_caravan
from safepassage.workflows.rolling_camps import CampMembers
from safepassage.workflows.rolling_caravan import ARRIVAL_TO_DAYS, CaravanMembers, CaravanTruth

UNITS = {POSITION: "km", SIZE: "people", ARRIVAL: "days", CAMP: "people"}


def told_of_caravan(
    scenario: Scenario, truth: CaravanTruth, made: CaravanMembers, horizons: Sequence[int]
) -> Told:
    """Keep what one origin said of a caravan on the reporting days near each horizon.

    Positions and sizes; for every town ahead on the road the chance that it is reached by the day; the days
    on which the places of the next 30 days were reached; and the fans.
    """
    origin, case = made.origin_day, scenario.name
    furthest = rolling_caravan.furthest_known(scenario, truth.axis, origin)
    numbers: list[Foretold] = []
    chances: list[ChanceTold] = []
    for horizon in horizons:
        day = _near(truth.days, origin, horizon, len(made.head_km))
        if day is not None:
            happened = float(truth.km[np.searchsorted(truth.days, day)])
            heads = made.head_km[day - origin]
            numbers += _number(
                (case, rolling_caravan.KIND, POSITION, ""), (origin, horizon, day), heads, happened
            )
            chances += _reached(scenario, truth, made, (horizon, day), furthest)
        day = _near(truth.size_days, origin, horizon, len(made.size))
        if day is not None:
            happened = float(truth.size[np.searchsorted(truth.size_days, day)])
            sizes = made.size[day - origin]
            numbers += _number(
                (case, rolling_caravan.KIND, SIZE, ""), (origin, horizon, day), sizes, happened
            )
    last = len(made.head_km) - 1
    for day, km in rolling_caravan.places_ahead(truth, origin, (1, min(ARRIVAL_TO_DAYS, last))):
        town = scenario.network.places.ids[int(np.nanargmin(np.abs(truth.axis - km)))]
        first = rolling_caravan.first_evenings(made, km).astype(np.float64)
        when = (origin, day - origin, day)
        numbers += _number((case, rolling_caravan.KIND, ARRIVAL, town), when, first, float(day - origin))
    fans = (
        _fan((case, POSITION, "", origin), made.head_km, truth.days, truth.km),
        _fan((case, SIZE, "", origin), made.size, truth.size_days, truth.size),
    )
    return Told(tuple(numbers), tuple(chances), fans)


def told_of_camps(
    scenario: Scenario, made: CampMembers, horizons: Sequence[int], *, until: date | None = None
) -> Told:
    """Keep what one origin said of every camp that was counted near a horizon.

    The people in it; the chances that it holds as many as towns are warned of, and more than at its last
    count; and the fans.
    """
    displacement, origin = scenario.displacement, made.origin_day
    assert displacement is not None
    ids = [scenario.network.places.ids[place] for place in displacement.camps.tolist()]
    series = truth, pasts = rolling_camps.camp_pasts(scenario, origin)
    numbers: list[Foretold] = []
    chances: list[ChanceTold] = []
    for horizon in horizons:
        for k, day, happened in rolling_camps.counts_near(scenario, made, series, horizon, until=until):
            people, past = made.people[day - origin, :, k], pasts[k]
            assert past is not None
            when = (origin, horizon, day)
            numbers += _number((scenario.name, rolling_camps.KIND, CAMP, ids[k]), when, people, happened)
            last = float(past.people[-1])
            for event, chance, came in (
                (HOLDS, people >= scenario.threshold_people, happened >= scenario.threshold_people),
                (GROWN, people > last, happened > last),
            ):
                whose = (scenario.name, rolling_camps.KIND, event, ids[k])
                chances.append(ChanceTold(*whose, *when, float(chance.mean()), came))
    end = scenario.days if until is None else (until - scenario.start).days
    fans = [
        _fan((scenario.name, CAMP, ids[k], origin), made.people[:, :, k], *_until(one, end))
        for k, one in enumerate(truth)
        if one is not None and pasts[k] is not None
    ]
    return Told(tuple(numbers), tuple(chances), tuple(fans))


def _until(past: Past, end: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    kept = past.days <= end
    return past.days[kept], past.people[kept]


def _near(days: NDArray[np.int64], origin: int, horizon: int, foreseen: int) -> int | None:
    near = near_days(days, origin, horizon)
    return int(days[near]) if near is not None and days[near] - origin < foreseen else None


def _number(
    whose: tuple[str, str, str, str],
    when: tuple[int, int, int],
    sample: NDArray[np.float64],
    happened: float,
) -> list[Foretold]:
    """Keep one number; [] where no member has one, since all have dissolved."""
    known = sample[np.isfinite(sample)]
    if not len(known):
        return []
    quantiles = tuple(float(value) for value in np.quantile(known, FAN_LEVELS))
    bounds = pit_bounds(known, happened)
    return [Foretold(*whose, UNITS[whose[2]], *when, happened, quantiles, *bounds)]


def _reached(
    scenario: Scenario,
    truth: CaravanTruth,
    made: CaravanMembers,
    when: tuple[int, int],
    furthest: float,
) -> list[ChanceTold]:
    """Give the chance that each town beyond what was known at the origin is reached by the day."""
    horizon, day = when
    there = max(float(km) for each, km in zip(truth.days, truth.km, strict=True) if each <= day)
    reached = made.reached_km[day - made.origin_day]
    return [
        ChanceTold(
            scenario.name,
            rolling_caravan.KIND,
            REACHED,
            scenario.network.places.ids[place],
            made.origin_day,
            horizon,
            day,
            float((reached >= km).mean()),
            there >= km,
        )
        for place, km in enumerate(truth.axis.tolist())
        if np.isfinite(km) and km > furthest
    ]


def _fan(
    whose: tuple[str, str, str, int],
    members: NDArray[np.float64],
    days: NDArray[np.int64],
    outcomes: NDArray[np.float64],
) -> FanTold:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # evenings on which nobody is left
        values = np.nanquantile(members, FAN_LEVELS, axis=1)
    kept = days <= whose[3] + len(members) - 1
    return FanTold(*whose, values, tuple(days[kept].tolist()), tuple(outcomes[kept].tolist()))
