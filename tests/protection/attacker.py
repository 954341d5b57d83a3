"""An attacker who wants to know where a caravan is today.

He knows the road, how caravans move, the news (three days old, with gaps and errors), the program and its
rules. He follows many caravans that agree with the news (a bootstrap particle filter); that alone is his
guess without the outputs. With the outputs of two successive weeks he asks of each of his caravans what the
program would have published had it been the true one, weighs it by how well that fits, and guesses again.
Whatever can be had by intersecting windows, by going on along the road at constant speed or by comparing two
outputs is in that weight. The forecaster he attacks knows more than any newspaper: the exact km of every
evening.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from caravan_worlds import (
    HORIZON_DAYS,
    ROAD_KM,
    Road,
    advance,
    draw_pace,
    forecast_from,
    pace_seen,
    town_of,
    walk,
)

from safepassage.core.forecast import Forecast

PARTICLES = 800
NEAR_KM = 25.0
BORDER_DAYS = 20  # he guesses the day of the next border so far ahead
GRID_KM = 20.0
GRID_PACES = (22.0, 29.0, 36.0, 43.0)
Publish = Callable[[Forecast], np.ndarray]


@dataclass(frozen=True)
class News:
    """A town-level story: on the evening of `day` they were at about `km`."""

    day: int
    km: float
    error_km: float


def particles_given(
    rng: np.random.Generator, news: Sequence[News], days: int
) -> tuple[np.ndarray, np.ndarray]:
    """Follow caravans that agree with the news; gives their km (particle, day) and their pace so far.

    The pace is what a forecaster would estimate from each day's path, (particle, day).
    """
    pace = draw_pace(rng, PARTICLES)
    km = np.zeros(PARTICLES)
    path = np.zeros((PARTICLES, days))
    told = {story.day: story for story in news}
    for day in range(days):
        km = advance(rng, km, pace)
        path[:, day] = km
        if day in told:
            weight = np.exp(-0.5 * ((km - told[day].km) / told[day].error_km) ** 2) + 1e-12
            ladder = (np.arange(PARTICLES) + rng.random()) / PARTICLES * weight.sum()
            chosen = np.minimum(np.searchsorted(np.cumsum(weight), ladder), PARTICLES - 1)
            path, km = path[chosen], km[chosen]
            pace = np.clip(pace[chosen] * rng.lognormal(0.0, 0.02, size=PARTICLES), 18.0, 50.0)
    steps = np.diff(path, prepend=0.0, axis=1)
    walked = (steps > 5.0) & (steps < 110.0)
    count = np.maximum(np.cumsum(walked, axis=1), 1)
    return path, np.cumsum(np.where(walked, steps, 0.0), axis=1) / count


@dataclass(frozen=True)
class Playbook:
    """What would be published for a caravan at each km and pace: the attacker's table of answers."""

    answers: np.ndarray  # (km, pace, feature)

    @classmethod
    def write(cls, road: Road, publish: Publish, *, day: int, rng: np.random.Generator) -> Playbook:
        """Run the program on every case: the attacker has it, it is open."""
        rows = []
        for km in np.arange(0.0, ROAD_KM + 1.0, GRID_KM):
            known = np.linspace(km / day, km, day)
            rows.append(
                [publish(forecast_from(road, known, pace, people=3000, rng=rng)) for pace in GRID_PACES]
            )
        return cls(np.array(rows))

    def misfit(self, km: np.ndarray, pace: np.ndarray, seen: np.ndarray) -> np.ndarray:
        """Count how far what was seen lies from what each caravan would have given."""
        row = np.clip(np.round(km / GRID_KM).astype(int), 0, len(self.answers) - 1)
        column = np.abs(pace[:, None] - np.array(GRID_PACES)).argmin(axis=1)
        return np.abs(self.answers[row, column] - seen).sum(axis=1)


def best_km(km: np.ndarray, weight: np.ndarray) -> float:
    """Guess the point with the most weight within `NEAR_KM`."""
    order = np.argsort(km)
    km, total = km[order], np.concatenate([[0.0], np.cumsum(weight[order])])
    upper = np.searchsorted(km, km + 2 * NEAR_KM, side="right")
    best = int(np.argmax(total[upper] - total[:-1]))
    return float(min(km[best] + NEAR_KM, ROAD_KM))


def best_area(road: Road, km: np.ndarray, weight: np.ndarray) -> int:
    """Guess the area with the most weight."""
    return int(np.argmax(np.bincount(road.area[town_of(road, km)], weights=weight)))


def best_border_day(road: Road, path: np.ndarray, weight: np.ndarray, border_km: float) -> int:
    """Guess the day on which they cross a border between two areas."""
    beyond = path >= border_km
    day = np.where(beyond.any(axis=1), beyond.argmax(axis=1), HORIZON_DAYS)
    return int(np.argmax(np.bincount(day, weights=weight)))


@dataclass(frozen=True)
class Attack:
    """How often three guesses were right, without the outputs and with them, in the same worlds.

    `near`: today's km within `NEAR_KM`; `area`: today's admin 1; `border`: the very day on which the next
    border between two areas is crossed. All three are finer than what an output speaks of.
    """

    without: dict[str, np.ndarray]
    with_outputs: dict[str, np.ndarray]

    def gain(self, guess: str) -> float:
        """Give how much more often the guess is right with the outputs."""
        return float(self.with_outputs[guess].mean() - self.without[guess].mean())

    def surely_gained(self, guess: str) -> float:
        """Give the gain that he has at least, with 95 % confidence: the luck of few worlds taken off."""
        difference = self.with_outputs[guess] - self.without[guess]
        return self.gain(guess) - 1.645 * float(difference.std()) / float(np.sqrt(len(difference)))


@dataclass(frozen=True)
class Target:
    """What is attacked: when the published forecast was made, and what of it is published."""

    publish: Publish
    playbook: Playbook
    age_days: int  # from what the forecast knows to the day of the attack
    period_days: int  # between two successive outputs that differ


def attack(
    targets: Sequence[tuple[Road, Target]],
    *,
    worlds: int,
    told: float,
    error_km: float,
    silent_days: int = 0,
    sharpness: float = 1.0,
    seed: int,
) -> Attack:
    """Attack many caravans on the first day of a week of publication, when the output is freshest.

    Parameters
    ----------
    targets : sequence of (Road, Target)
    worlds : int            caravans.
    told : float            chance that a day's town is in the news.
    error_km : float        error of such a story.
    silent_days : int       days without news before the three that the news is late.
    sharpness : float       how much he trusts the misfit.
    seed : int
    """
    rng = np.random.default_rng(seed)
    guesses = ("near", "area", "border")
    without = {guess: np.zeros(worlds) for guess in guesses}
    with_outputs = {guess: np.zeros(worlds) for guess in guesses}
    for world in range(worlds):
        road, target = targets[world % len(targets)]
        known_day = 7 * int(rng.integers(3, 6)) - 3  # a Friday
        today = known_day + target.age_days
        path, _ = walk(rng, HORIZON_DAYS)
        days_told = [d for d in range(today - 2 - silent_days) if rng.random() < told]
        news = [News(d, path[d] + rng.normal(0.0, error_km), error_km) for d in days_told]
        km, pace = particles_given(rng, news, min(today + BORDER_DAYS, HORIZON_DAYS))
        misfit = np.zeros(PARTICLES)
        for day in (known_day - target.period_days, known_day):
            known = path[: day + 1]
            seen = target.publish(forecast_from(road, known, pace_seen(known), people=3000, rng=rng))
            misfit += target.playbook.misfit(km[:, day], pace[:, day], seen)
        even = np.full(PARTICLES, 1.0 / PARTICLES)
        informed = np.exp(-sharpness * (misfit - misfit.min()))
        for hits, weight in ((without, even), (with_outputs, informed / informed.sum())):
            for guess, right in judge(road, path, today, km, weight).items():
                hits[guess][world] = right
    return Attack(without, with_outputs)


def judge(road: Road, path: np.ndarray, today: int, km: np.ndarray, weight: np.ndarray) -> dict[str, bool]:
    """Tell which of the guesses from weighted caravans are right."""
    here = road.area[town_of(road, path[today : today + 1])][0]
    further = np.flatnonzero(road.area > here)
    border_km = float(road.town_km[further[0]]) if len(further) else ROAD_KM
    crossed = np.flatnonzero(path >= border_km)
    border_day = int(crossed[0]) if len(crossed) else HORIZON_DAYS
    return {
        "near": abs(best_km(km[:, today], weight) - path[today]) <= NEAR_KM,
        "area": best_area(road, km[:, today], weight) == here,
        "border": best_border_day(road, km, weight, border_km) == border_day,
    }
