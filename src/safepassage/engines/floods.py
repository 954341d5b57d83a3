"""What floods do to choices: a place under water is worse to go to, and quicker to leave.

Levels of flood index lists of the law; a level beyond a list counts as its last. People who know a forecast
heed the days ahead too, as much as their awareness says.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.core.hazards import Floods
from safepassage.core.local_law import LocalLaw


def by_level(values: tuple[float, ...], level: NDArray[np.int64], *, dry: float) -> NDArray[np.float64]:
    """Read a list of the law at levels of flood, (…) float64; `dry` where there is no flood or no list."""
    if not values:
        return np.full(level.shape, dry)
    table = np.asarray(values, dtype=np.float64)
    return np.where(level > 0, table[np.clip(level, 0, len(table) - 1)], dry)


def location_weight(law: LocalLaw, floods: Floods, day: int) -> NDArray[np.float64]:
    """Give the factor of today's floods on the score of every place, (n,) float64.

    Flee's code weighs places of the type flood_zone only; documented is every place with a level.
    """
    level = floods.on(day)
    if law.compat:
        level = np.where(floods.zone, level, 0)
    return by_level(law.flood_loc_weights, level, dry=1.0)


def move_chance(
    law: LocalLaw, floods: Floods, day: int, *, chance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Let the flood of today decide over leaving, where there is one: (n,) float64."""
    level = floods.on(day)
    flooded = by_level(law.flood_movechances, level, dry=0.0)
    return np.where((level > 0) & bool(law.flood_movechances), flooded, chance)


def forecast_days(law: LocalLaw, day: int) -> list[tuple[int, float]]:
    """List the days ahead that a forecast tells of, each with its weight.

    Documented: as many days as the law says, none after the last day of the forecast, weights counted from
    today. In Flee's code the last day of the forecast counts once more whenever it is reached, and weights
    are counted from day 0.
    """
    weights, end = law.flood_forecast_weights, law.flood_forecast_end_day
    found: list[tuple[int, float]] = []
    for ahead in range(1, law.flood_forecast_days + 1):
        then = day + ahead
        if then > end and not law.compat:
            break
        then = min(then, end)
        at = then if law.compat else ahead
        if weights:
            found.append((then, weights[at] if at < len(weights) else 0.0))
        else:
            found.append((then, 1.0))
        if law.compat and then == end:
            break
    return found


def _mean_ahead(law: LocalLaw, floods: Floods, day: int, values: tuple[float, ...]) -> NDArray[np.float64]:
    """Average a list of the law over the days ahead, each with its weight; dry days count 0: (n,)."""
    total = np.zeros(len(floods.zone))
    for then, weight in forecast_days(law, day):
        total += weight * by_level(values, floods.on(then), dry=0.0)
    return total / max(1, law.flood_forecast_days)


def heeded_chance(
    law: LocalLaw, floods: Floods, day: int, *, chance: NDArray[np.float64], awareness: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Let people heed the forecast when they decide over leaving.

    Documented: ``1 - (1 - chance) (1 - awareness · F)``, F the weighted mean of `flood_movechances` at the
    levels to come: who does not heed it leaves as if there were none. Flee's code:
    ``chance · awareness · G``, G the same mean of `flood_loc_weights`.

    Parameters
    ----------
    law : LocalLaw
    floods : Floods
    day : int
    chance : (n,) float64       of today.
    awareness : (k,) float64    of each kind of people.

    Returns
    -------
    (k, n) float64
    """
    if law.compat:
        mean = _mean_ahead(law, floods, day, law.flood_loc_weights)
        return np.asarray(chance * awareness[:, None] * mean)
    mean = np.minimum(1.0, _mean_ahead(law, floods, day, law.flood_movechances))
    return np.asarray(1.0 - (1.0 - chance) * (1.0 - np.minimum(1.0, awareness)[:, None] * mean))


def heeded_weight(
    law: LocalLaw, floods: Floods, day: int, *, awareness: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give the factor of the forecast on the score of every place, (k, n) float64.

    ``1 - awareness · H``, H the weighted mean of what the floods to come take off a place. Flee's code has
    none.
    """
    if law.compat or not law.flood_loc_weights:
        return np.ones((len(awareness), len(floods.zone)))
    loss = tuple(max(0.0, 1.0 - weight) for weight in law.flood_loc_weights)
    mean = np.minimum(1.0, _mean_ahead(law, floods, day, loss))
    return np.asarray(1.0 - np.minimum(1.0, awareness)[:, None] * mean)
