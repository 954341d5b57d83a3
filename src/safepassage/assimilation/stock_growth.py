"""How counts of camps go on after the last one: a damped rise, steps, moves, and camps that open.

People at a camp, so many days after its last count:

    (last + floor + fall + rise · exp(N)) · exp(step + move) - floor

*rise* goes on from the mean rise of the last weeks, its own and a part of that of all camps by their size,
and fades with a half-life: a damped trend (Gardner & McKenzie 1985) in people, not in their logarithm, since
crises grow by arrivals and not by births. *step* is the doubt that grows with time, larger where counts
jumped about before. A *move* is rare and large (a registration is cleaned, a camp is closed). A camp that was
always empty may open. Every member draws its own numbers, so what is not known of the kind of crisis is
shared by all camps of a member. The luck of a member and camp is drawn once: each member is a coherent story,
and any day of it can be told without the days before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

YEAR_DAYS = 365.0
UNIT_DAYS = 30.0  # steps are told for so many days
VOLATILITY_MEMORY_DAYS = 90.0  # half-life of what an old jump says of the next
MOST_LOG = 0.5  # of a jump that steps are judged by: what is larger is a move
EMPTY_SHARE = 0.0005  # of all people: fewer are an empty camp
LEAST_PEOPLE = 10.0
TOGETHER = 0.5  # of the variance of growth, on the log, that all camps of a member share (judged)
FURTHEST_SD = 4.0
COUNT_ERROR_LOG = 0.005  # of a registration (judged); what it misses otherwise comes as steps and moves


@dataclass(frozen=True)
class Growth:
    """The numbers of `stock_growth`: scalars, or one per member, (member, 1).

    Parameters
    ----------
    rise_memory_days, rise_doubt_days
        half-life by which past rises count; days without any rise that a short past is completed by.
    rise_kept, rise_shared      how much of a camp's own rise goes on; of that of all, by size.
    rise_half_life_days         of the rise that goes on.
    rise_sd_log                 doubt about it.
    fall_kept                   how much of a camp's own fall goes on.
    step_sd_log                 standard deviation of the steps of 30 days.
    step_power                  steps grow with ``days ** step_power``.
    step_own, step_doubt_days   how much a camp's own past says of its steps (0 to 1); days of past that all
        camps together count for.
    floor_share                 of all people: empty and nearly empty camps are alike.
    moves_per_year, move_log, move_sd_log           large changes: how often, and how large on the log.
    openings_per_year, opening_share, opening_sd_log    of empty camps; share of all, median and spread.
    """

    rise_memory_days: NDArray[np.float64]
    rise_doubt_days: NDArray[np.float64]
    rise_kept: NDArray[np.float64]
    rise_shared: NDArray[np.float64]
    rise_half_life_days: NDArray[np.float64]
    rise_sd_log: NDArray[np.float64]
    fall_kept: NDArray[np.float64]
    step_sd_log: NDArray[np.float64]
    step_power: NDArray[np.float64]
    step_own: NDArray[np.float64]
    step_doubt_days: NDArray[np.float64]
    floor_share: NDArray[np.float64]
    moves_per_year: NDArray[np.float64]
    move_log: NDArray[np.float64]
    move_sd_log: NDArray[np.float64]
    openings_per_year: NDArray[np.float64]
    opening_share: NDArray[np.float64]
    opening_sd_log: NDArray[np.float64]


NAMES = tuple(one.name for one in fields(Growth))
# The same for all members: how the past is read and which shape doubt has, not what is doubted.
STRUCTURAL = (
    "rise_memory_days",
    "rise_doubt_days",
    "step_power",
    "step_own",
    "step_doubt_days",
    "floor_share",
)


# Beyond these no number means anything; a folder of lessons may have been written by hand.
_LIMITS = {
    "rise_memory_days": (1.0, 3650.0),
    "rise_doubt_days": (0.1, 3650.0),
    "rise_kept": (0.0, 10.0),
    "rise_shared": (0.0, 10.0),
    "rise_half_life_days": (0.1, 3650.0),
    "rise_sd_log": (0.0, 3.0),
    "fall_kept": (0.0, 10.0),
    "step_sd_log": (1e-4, 1.0),
    "step_power": (0.0, 1.5),
    "step_own": (0.0, 1.0),
    "step_doubt_days": (0.1, 3650.0),
    "floor_share": (0.0, 0.1),
    "moves_per_year": (0.0, 50.0),
    "move_log": (-5.0, 2.0),
    "move_sd_log": (0.0, 2.0),
    "openings_per_year": (0.0, 365.0),
    "opening_share": (0.0, 1.0),
    "opening_sd_log": (0.0, 2.0),
}


def growth_of(numbers: Mapping[str, NDArray[np.float64]]) -> Growth:
    """Take the numbers by name, each within what it can mean; others are passed over."""
    return Growth(**{name: np.clip(np.asarray(numbers[name], np.float64), *_LIMITS[name]) for name in NAMES})


@dataclass(frozen=True)
class Counted:
    """What is known of n camps by their counts; of several moments side by side.

    Parameters
    ----------
    people, last_day : (n,) float64     the last count.
    whole : (n,) float64                people in all camps of the moment.
    moment : (n,) int64                 which moment.
    empty : (n,) bool                   never held people to speak of.
    owner : (s,) int64                  camp of each stretch between two counts.
    gap_days, rise, change_log, age_days : (s,) float64     its length, its rise in people and on the log, and
        the days from its end to the last count.
    """

    people: NDArray[np.float64]
    last_day: NDArray[np.float64]
    whole: NDArray[np.float64]
    moment: NDArray[np.int64]
    empty: NDArray[np.bool_]
    owner: NDArray[np.int64]
    gap_days: NDArray[np.float64]
    rise: NDArray[np.float64]
    change_log: NDArray[np.float64]
    age_days: NDArray[np.float64]


def counted_at(pasts: Sequence[tuple[NDArray[np.int64], NDArray[np.float64]]]) -> Counted:
    """Read the counts of the camps at one moment.

    Parameters
    ----------
    pasts : sequence of (days, people)      of each camp, in order of time, one at least.
    """
    people = np.array([past[1][-1] for past in pasts], dtype=np.float64)
    whole = max(float(people.sum()), 1.0)
    least = LEAST_PEOPLE + 0.002 * whole
    gaps = [np.diff(days).astype(np.float64) for days, _ in pasts]
    most = np.array([past[1].max() for past in pasts], dtype=np.float64)
    return Counted(
        people=people,
        last_day=np.array([past[0][-1] for past in pasts], dtype=np.float64),
        whole=np.full(len(pasts), whole),
        moment=np.zeros(len(pasts), dtype=np.int64),
        empty=most < EMPTY_SHARE * whole,
        owner=np.repeat(np.arange(len(pasts)), [len(gap) for gap in gaps]),
        gap_days=_joined(gaps),
        rise=_joined([np.diff(past[1]) for past in pasts]),
        change_log=_joined([np.diff(np.log(past[1] + least)) for past in pasts]),
        age_days=_joined([(past[0][-1] - past[0][1:]).astype(np.float64) for past in pasts]),
    )


def side_by_side(moments: Sequence[Counted]) -> Counted:
    """Put several moments into one, so that all are foreseen at once."""
    sizes = [len(one.people) for one in moments]
    firsts = np.cumsum([0, *sizes[:-1]])
    joined = {
        name: np.concatenate([getattr(one, name) for one in moments])
        for name in ("people", "last_day", "whole", "empty", "gap_days", "rise", "change_log", "age_days")
    }
    return Counted(
        moment=np.repeat(np.arange(len(moments)), sizes),
        owner=np.concatenate([one.owner + first for one, first in zip(moments, firsts, strict=True)]),
        **joined,
    )


@dataclass(frozen=True)
class Standing:
    """How camps stood when last counted, (n,): all that is needed to go on from there.

    Parameters
    ----------
    people, whole : (n,) float64    the last count; people in all camps.
    empty : (n,) bool               never held people to speak of.
    own, shared : (n,) float64      rise in people a day: its own, and by its size that of all.
    wild : (n,) float64             its steps over the usual ones.
    """

    people: NDArray[np.float64]
    whole: NDArray[np.float64]
    empty: NDArray[np.bool_]
    own: NDArray[np.float64]
    shared: NDArray[np.float64]
    wild: NDArray[np.float64]

    def at(self, camps: NDArray[np.int64]) -> Standing:
        """Give some camps, each as often as asked for."""
        return Standing(*(getattr(self, one.name)[camps] for one in fields(self)))


def standing_of(counted: Counted, growth: Growth) -> Standing:
    """Read off the counts how camps stand; takes the median of every number."""
    number = {name: float(np.median(getattr(growth, name))) for name in (*STRUCTURAL, "step_sd_log")}
    camps = len(counted.people)
    memory = number["rise_memory_days"]
    weight = _weight_days(counted, memory)
    summed = np.bincount(counted.owner, weights=weight * counted.rise / counted.gap_days, minlength=camps)
    known = np.bincount(counted.owner, weights=weight, minlength=camps)
    own = summed / (known + number["rise_doubt_days"])
    total = np.bincount(counted.moment, weights=np.maximum(own, 0.0))[counted.moment]
    jumps = np.minimum(counted.change_log**2, MOST_LOG**2)
    recent = np.exp2(-counted.age_days / VOLATILITY_MEMORY_DAYS)
    seen = np.bincount(counted.owner, weights=recent * jumps, minlength=camps)
    days = np.bincount(counted.owner, weights=recent * counted.gap_days, minlength=camps)
    usual, doubt = number["step_sd_log"] ** 2 / UNIT_DAYS, number["step_doubt_days"]
    ratio = (seen + usual * doubt) / (days + doubt) / usual
    return Standing(
        people=counted.people,
        whole=counted.whole,
        empty=counted.empty,
        own=own,
        shared=total * counted.people / counted.whole,
        wild=ratio ** (number["step_own"] / 2.0),
    )


@dataclass(frozen=True)
class Luck:
    """The luck of every member and camp, standard normal, (member, camp) or what broadcasts to it.

    `when` tells when a move or an opening comes, by its chance ``ndtr(when)``; `size` how large it is.
    """

    step: NDArray[np.float64]
    rise: NDArray[np.float64]
    when: NDArray[np.float64]
    size: NDArray[np.float64]


def foreseen(
    standing: Standing, growth: Growth, ahead_days: NDArray[np.float64], luck: Luck
) -> NDArray[np.float64]:
    """Give the people in every camp some days after its last count.

    Parameters
    ----------
    standing : Standing         of n camps.
    growth : Growth
    ahead_days : (n,) float64   after the last count of each; before it: the last count.
    luck : Luck

    Returns
    -------
    (member, n) float64         >= 0.
    """
    days = np.maximum(ahead_days, 0.0)
    half_life = growth.rise_half_life_days / np.log(2.0)
    going = half_life * (1.0 - np.exp(-days / half_life))
    rise = growth.rise_kept * np.maximum(standing.own, 0.0) + growth.rise_shared * standing.shared
    fall = growth.fall_kept * np.minimum(standing.own, 0.0)
    step = growth.step_sd_log * standing.wild * (days / UNIT_DAYS) ** growth.step_power
    step = np.hypot(step, COUNT_ERROR_LOG)
    # A share of a year; `when` is small for those whose move comes early.
    moved = ndtr(luck.when) < -np.expm1(-growth.moves_per_year * days / YEAR_DAYS)
    opened = ndtr(luck.when) < -np.expm1(-growth.openings_per_year * days / YEAR_DAYS)
    size = np.clip(luck.size, -FURTHEST_SD, FURTHEST_SD)
    off = step * np.clip(luck.step, -FURTHEST_SD, FURTHEST_SD)
    off = off + np.where(moved, growth.move_log + growth.move_sd_log * size, 0.0)
    floor = growth.floor_share * standing.whole
    grown = rise * going * np.exp(growth.rise_sd_log * np.clip(luck.rise, -FURTHEST_SD, FURTHEST_SD))
    people = np.maximum(standing.people + floor + fall * going + grown, 0.0) * np.exp(off) - floor
    opening = standing.whole * growth.opening_share * np.exp(growth.opening_sd_log * size)
    people = np.maximum(people, 0.0) + np.where(standing.empty & opened, opening, 0.0)
    return np.asarray(people)


def _weight_days(counted: Counted, memory_days: float) -> NDArray[np.float64]:
    """Give how many days each stretch counts for: its days, fewer the longer ago."""
    rate = np.log(2.0) / memory_days
    ended, begun = counted.age_days, counted.age_days + counted.gap_days
    return np.asarray((np.exp(-rate * ended) - np.exp(-rate * begun)) / rate)


def _joined(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.concatenate([np.zeros(0), *parts])
