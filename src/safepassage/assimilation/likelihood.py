"""How likely a report is, given where a member has its people and how many: naked formulas on arrays.

All have heavy tails: a report is right up to its error, or, with a chance that depends on its quality, it is
wrong and says little. The scales are judged (marked as such); biases by kind of source are learned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr

# A report that is wrong puts people within some hundred km of where they are, or tells any size about it.
WRONG_KM = 200.0
WRONG_LOG = 1.2
# Of reports that name a town on a day, this share speaks of the night; the rest of some hour of the day.
NIGHT_SHARE = 0.75
DEGREES = 4.0  # of the t distribution of sizes (on the log)
LEAST = 1e-300
FARTHEST_KM = 1e5
# Who camps within this of a town is told to be in it.
TOWN_KM = 10.0
# A member without the part that a report speaks of: with this chance there are such people outside what it
# knows of, who may be anywhere (a town in some hundred km) and as many as they like (per unit of the log).
UNKNOWN_PART = 0.1
ANY_PLACE = UNKNOWN_PART * 2 * TOWN_KM / 300.0
ANY_SIZE = 0.3


@dataclass(frozen=True)
class Stretch:
    """A stretch of every member's road on which its people are, and where a place lies on that road.

    `first_km`, `last_km` its ends, `at_km` the point of the road nearest to the place, `off_km` from there to
    the place (0: on the road; inf: out of reach); all (member,).
    """

    first_km: NDArray[np.float64]
    last_km: NDArray[np.float64]
    at_km: NDArray[np.float64]
    off_km: NDArray[np.float64]

    @property
    def away_km(self) -> NDArray[np.float64]:
        """Give how far the place is from the nearest of these people, (member,)."""
        past = np.maximum(self.at_km - self.last_km, self.first_km - self.at_km)
        return np.minimum(self.off_km + np.maximum(0.0, past), FARTHEST_KM)

    def chance(self, error_km: float) -> NDArray[np.float64]:
        """Give the chance to be told at the place: anywhere on the stretch, with an error, near the town."""
        length = np.maximum(self.last_km - self.first_km, 1e-3 * error_km)
        low, high = self.last_km - length, self.last_km

        def below(km: NDArray[np.float64]) -> NDArray[np.float64]:
            # Mean over the stretch of the chance to be told short of `km`.
            return np.asarray(
                error_km * (_sum_of_normal((km - low) / error_km) - _sum_of_normal((km - high) / error_km)),
                dtype=np.float64,
            )

        along = (below(self.at_km + TOWN_KM) - below(self.at_km - TOWN_KM)) / length
        beside = np.exp(-0.5 * np.square(np.minimum(self.off_km, FARTHEST_KM) / (error_km + TOWN_KM)))
        return np.asarray(np.maximum(along, 0.0) * beside, dtype=np.float64)


def _sum_of_normal(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the integral of the normal distribution function up to x."""
    return np.asarray(x * ndtr(x) + np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi), dtype=np.float64)


def position(
    night: Stretch, day: Stretch, *, error_km: float, wrong: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weigh a reported place by where the member's people slept, and by the way they came that day.

    Parameters
    ----------
    night, day : Stretch    where they sleep, and their way of the day.
    error_km : float        standard deviation of a right report.
    wrong : float           chance that it is wrong.

    Returns
    -------
    (log-likelihood, doubt)     both (member,); doubt: chance that the report is wrong, given this member.
    """
    right = NIGHT_SHARE * night.chance(error_km) + (1.0 - NIGHT_SHARE) * day.chance(error_km)
    right *= 1.0 - wrong
    astray = wrong * np.exp(-night.away_km / WRONG_KM) * (2 * TOWN_KM) / (2 * WRONG_KM)
    total = np.maximum(right + astray, LEAST)
    return np.log(total), np.where(right + astray > LEAST, astray / total, 1.0)


def size(
    log_people: NDArray[np.float64],
    bounds: tuple[float, float],
    *,
    error_log: float | NDArray[np.float64],
    wrong: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weigh a reported number of people by how many the member has, as the source would count them.

    The number lies anywhere in the range that was told; around it the error follows a t distribution.

    Parameters
    ----------
    log_people : (member,) float64      log of people, bias of the source included; -inf: none.
    bounds : (low, high)                log of the range told; high may equal low.
    error_log : float or (member,) float64
    wrong : float

    Returns
    -------
    (log-likelihood, doubt)     both (member,).
    """
    low, high = bounds
    width = max(high - low, 1e-3)
    centre = (low + high) / 2
    at = np.maximum(log_people, -50.0)

    def mean_density(scale: float | NDArray[np.float64], degrees: float) -> NDArray[np.float64]:
        upper, lower = (centre + width / 2 - at) / scale, (centre - width / 2 - at) / scale
        # By symmetry both ends are taken in the lower tail, where differences keep their digits.
        flip = np.where(lower > 0, -1.0, 1.0)
        a, b = np.where(flip > 0, lower, -upper), np.where(flip > 0, upper, -lower)
        return np.asarray((stdtr(degrees, b) - stdtr(degrees, a)) / width, dtype=np.float64)

    right = (1.0 - wrong) * mean_density(error_log, DEGREES)
    astray = wrong * mean_density(WRONG_LOG, 1.0)
    total = np.maximum(right + astray, LEAST)
    return np.log(total), np.where(right + astray > LEAST, astray / total, 1.0)


def announced(
    away_km: NDArray[np.float64],
    kept: NDArray[np.float64],
    *,
    weight: NDArray[np.float64],
    error_km: float,
    least: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weigh an announced next stop by whether the member's people are there on the night it speaks of.

    An announcement is a plan that is kept, or it names a town that they might as well have reached: with
    chance `kept` it says where they are, else nothing.

    Parameters
    ----------
    away_km : (member,) float64     from the town named to where they sleep.
    kept : (member,) float64        each member's belief in announcements, 0 to 1.
    weight : (member,) float64      sums to one: members before the day's reports, proposed ones as they
        are worth.
    error_km : float
    least : float                   floor of the chance to be there without any announcement.

    Returns
    -------
    (log-likelihood, doubt)     both (member,); doubt: chance that it was not kept.
    """
    there = np.exp(-0.5 * np.square(np.minimum(away_km, 1e6) / error_km))
    usual = max(float((weight * there).sum()), least)
    plan = kept * there / usual
    total = np.maximum(plan + 1.0 - kept, LEAST)
    return np.log(total), (1.0 - kept) / total


def told_bounds(low: float, high: float | None, quantifier: str) -> tuple[float, float]:
    """Give the range of people that a figure stands for, with its roundness and its quantifier.

    "4000" is a round number: half its last non-zero digit either way, a quarter at most. "More than 4000" is
    seldom much more: up to a half more is meant; "up to" and "fewer than" reach down to a half less (judged).

    Returns
    -------
    (low, high)     people, both > 0.
    """
    upper = low if high is None else high
    open_above = high is None or quantifier in ("more_than", "at_least")
    if quantifier in ("up_to", "fewer_than"):
        return max(1.0, 0.5 * upper), max(1.0, upper)
    if open_above:
        return max(1.0, low), max(1.0, 1.5 * upper)
    if quantifier == "nearly":
        return max(1.0, 0.85 * low), max(1.0, upper)
    below, above = (min(_last_digit(x) / 2, 0.25 * x) for x in (low, upper))
    if quantifier == "about":
        below, above = max(below, 0.1 * low), max(above, 0.1 * upper)
    return max(1.0, low - below), max(1.0, upper + above)


def _last_digit(number: float) -> float:
    """Give the worth of one in the last non-zero digit: 100 for 4300, 1 for 4347."""
    whole = round(number)
    if whole == 0:
        return 1.0
    worth = 1
    while whole % (10 * worth) == 0:
        worth *= 10
    return float(worth)
