"""Formulas of the local law, one by one: score, chance to leave, room in a camp, weight of a path.

The law is Flee's (Suleimenova, Bell & Groen 2017, doi:10.1038/s41598-017-13828-9; rule set of Flee 3), put
into own words. Functions of single numbers are compiled for the kernels; those of arrays are plain numpy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import CAMP, CONFLICT_ZONE, FORWARDING_HUB, IDP_CAMP, MARKER
from safepassage.core.local_law import LocalLaw
from safepassage.engines.compiled import compiled


@dataclass(frozen=True)
class Circumstances:
    """What else weighs on n places today; None: it plays no part.

    Parameters
    ----------
    pull : (n,) float64 or None             economic pull, added to 1 abroad.
    hungry : (n,) float64 or None           share of people in critical food deprivation.
    flood_weight : (n,) float64 or None     factor of the flood.
    """

    pull: NDArray[np.float64] | None = None
    hungry: NDArray[np.float64] | None = None
    flood_weight: NDArray[np.float64] | None = None


HIGHEST_SCORE = 1e12
FULL_FACTOR = 0.5  # below this room factor a camp takes nobody in any more


def decay_factor(law: LocalLaw, days_since: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weaken old conflicts.

    Parameters
    ----------
    law : LocalLaw
    days_since : (…) int64      days since the conflict began.

    Returns
    -------
    (…) float64                 1 where the law has no decay.
    """
    if not law.conflict_spawn_decay:
        return np.ones(days_since.shape)
    steps = np.asarray(law.conflict_spawn_decay, dtype=np.float64)
    interval = np.maximum(days_since, 0) // max(1, law.conflict_spawn_decay_interval_days)
    return np.asarray(steps[np.minimum(interval, len(steps) - 1)])


def is_camp(role: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Tell which places are camps of either kind."""
    return np.asarray((role == CAMP) | (role == IDP_CAMP))


def danger_scores(
    law: LocalLaw,
    *,
    role: NDArray[np.int8],
    foreign: NDArray[np.bool_],
    conflict: NDArray[np.float64],
    decay: NDArray[np.float64],
    circumstances: Circumstances | None = None,
) -> NDArray[np.float64]:
    """Score n places as destinations of one day, without the weight of their size.

    This is what people who avoid hazards take squared.

    Parameters
    ----------
    law : LocalLaw
    role : (n,) int8            position in `displacement.ROLES` today.
    foreign : (n,) bool
    conflict, decay : (n,) float64      intensity in force (0: none) and its decay.
    circumstances : Circumstances or None

    Returns
    -------
    (n,) float64
    """
    around = circumstances or Circumstances()
    score = np.ones(len(role))
    if law.use_economic_pull and around.pull is not None:
        score = np.where(foreign, 1.0 + around.pull, score)
    score = score * np.where(foreign, law.foreign_weight, 1.0)
    if law.avoid_food_deprived_locations and around.hungry is not None:
        score = score * np.where(foreign, 1.0, 1.0 - around.hungry**2)
    score = score * np.where(is_camp(role), law.camp_weight, 1.0)
    with np.errstate(over="ignore"):
        danger = law.conflict_weight ** (decay * np.maximum(conflict, 0.0))
    score = score * np.where(conflict > 0.0, np.minimum(danger, HIGHEST_SCORE), 1.0)
    if around.flood_weight is not None:
        score = score * around.flood_weight
    return np.asarray(score)


def population_factor(
    law: LocalLaw, *, role: NDArray[np.int8], population: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weigh towns by their size where the law says so, (n,) float64; 1 for camps."""
    if not law.use_pop_for_loc_weight:
        return np.ones(len(role))
    size = np.maximum(1.0, population) ** law.pop_power_for_loc_weight
    return np.where(is_camp(role), 1.0, size)


def move_chances(
    law: LocalLaw,
    *,
    role: NDArray[np.int8],
    conflict: NDArray[np.float64],
    population: NDArray[np.float64],
    capacity: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Chance of each of n places that somebody there leaves today.

    Parameters
    ----------
    law : LocalLaw
    role : (n,) int8
    conflict, population, capacity : (n,) float64

    Returns
    -------
    (n,) float64        cut to [0, 1].
    """
    chance = np.full(len(role), law.default_movechance)
    chance[role == CAMP] = law.camp_movechance
    chance[role == IDP_CAMP] = law.idpcamp_movechance
    chance[(role == FORWARDING_HUB) | (role == MARKER)] = 1.0
    chance[conflict > 0.0] = law.conflict_movechance
    if law.movechance_pop_scale_factor != 0.0:
        size = np.maximum(population, capacity)
        chance = chance * (size / law.movechance_pop_base) ** law.movechance_pop_scale_factor
    return np.asarray(np.clip(chance, 0.0, 1.0))


def spawn_weights(
    population: NDArray[np.float64], conflict: NDArray[np.float64], decay: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weigh n places as origins of those who leave today: people × intensity × decay where there is conflict.

    Parameters
    ----------
    population, conflict, decay : (n,) float64      `population` may have members before places.

    Returns
    -------
    (n,) float64, or as `population`
    """
    return np.where(conflict > 0.0, np.maximum(population, 0.0) * conflict * decay, 0.0)


def weights_with_hunger(
    law: LocalLaw,
    weights: NDArray[np.float64],
    *,
    population: NDArray[np.float64],
    conflict: NDArray[np.float64],
    hungry: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Let hunger add to the weights of origins: people × share who starve, at most all the people.

    Source: Flee's documentation of `starvation_driven_spawning`, after Vanhille Campos et al. 2019,
    doi:10.1007/978-3-030-22750-0_71. Where only conflict zones may be left, only theirs rise.
    """
    people = np.maximum(population, 0.0)
    more = np.minimum(np.maximum(people, weights), weights + people * hungry)
    return np.where((conflict > 0.0) | (not law.conflict_zone_spawning_only), more, weights)


def is_town(role: NDArray[np.int8], conflict: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which places count as plain towns today, where a journey need not be broken."""
    town = ~is_camp(role) & (role != FORWARDING_HUB) & (role != MARKER)
    return np.asarray(town & (conflict <= 0.0))


def calm(role: NDArray[np.int8]) -> NDArray[np.int8]:
    """Give the roles with conflict zones as the towns they are when nothing happens."""
    return np.where(role == CONFLICT_ZONE, np.int8(0), role)


@compiled
def capacity_factor(people: float, capacity: float, buffer: float) -> float:
    """Room left in a camp as a factor on its weight: 1 free, 0 full, falling in between.

    Parameters
    ----------
    people, capacity : float    `capacity` below 1 means there is no limit.
    buffer : float              share of the capacity from which the camp counts as filling.
    """
    if capacity < 1.0 or people <= buffer * capacity:
        return 1.0
    if people >= capacity:
        return 0.0
    return 1.0 - (people - buffer * capacity) / (capacity * (1.0 - buffer))


@compiled
def path_weight(score: float, inverse: float, room: float, softening: float, power: float) -> float:
    """Weigh one path.

    Parameters
    ----------
    score : float       of its end.
    inverse : float     ``(softening_km + km) ** -distance_power`` of its length.
    room : float        capacity factor of its end.
    softening, power : float    `weight_softening` and `weight_power` of the law.
    """
    weight = (softening + score) * inverse * room
    if power == 1.0:
        return weight
    return float(weight**power)
