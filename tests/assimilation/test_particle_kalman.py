"""The particle filter that weighs caravans, in a linear Gaussian world: the exact Kalman filter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from safepassage.assimilation.particle import tracked
from safepassage.core.draws import Draws
from tests.assimilation.linear_gaussian import (
    Belief,
    LinearEngine,
    LinearEvidence,
    LinearModel,
    rotating,
    straight,
)

DAYS = 25


def _dim() -> LinearModel:
    """Seen so dimly that no day leaves few members standing."""
    model = rotating()
    return replace(model, error=4.0 * model.error)


def _seen(model: LinearModel, start: Belief, seed: int) -> dict[int, np.ndarray]:
    """Draw a truth and what is seen of it; on every fifth day nothing is."""
    rng = np.random.default_rng(seed)
    truth = start.mean
    found = {}
    for day in range(DAYS):
        noise = rng.multivariate_normal(np.zeros(len(truth)), model.noise)
        truth = model.transition @ truth + noise
        if day % 5 != 4:
            error = rng.multivariate_normal(np.zeros(len(model.error)), model.error)
            found[day] = model.observation @ truth + error
    return found


def _exact(model: LinearModel, start: Belief, seen: dict[int, np.ndarray]) -> list[Belief]:
    found, belief = [], start
    for day in range(DAYS):
        belief = model.forecast(belief)
        belief = model.updated(belief, seen[day]) if day in seen else belief
        found.append(belief)
    return found


def _off(
    model: LinearModel, start: Belief, *, believed: int, members: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Run both: how far off the mean is in standard deviations, and the ratio of variances, (day, n)."""
    seen = _seen(model, start, seed)
    engine = LinearEngine(model, start, believed=believed)
    evenings = tracked(
        engine, LinearEvidence(model, seen), days=DAYS, members=members, draws=Draws(100 + seed)
    )
    means, ratios = [], []
    for evening, exact in zip(evenings, _exact(model, start, seen), strict=True):
        # An ensemble that is spread anew would no longer be the exact filter, and says so.
        assert evening.step is None or not evening.step.respread
        variance = np.diag(exact.covariance)
        means.append((evening.state.numbers.mean(axis=0) - exact.mean) / np.sqrt(variance))
        ratios.append(evening.state.numbers.var(axis=0, ddof=1) / variance)
    return np.array(means), np.array(ratios)


# Resampling leaves fewer members that count: a tenth is taken, and a twentieth where a number that never
# changes has been resampled twenty times. Five standard errors.
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_three_numbers_that_turn_into_each_other(seed: int) -> None:
    members = 6000
    start = Belief(np.array([3.0, -2.0, 1.0]), 2.0 * np.eye(3))
    mean, ratio = _off(_dim(), start, believed=0, members=members, seed=seed)
    assert np.abs(mean).max() < 5 / np.sqrt(members / 10)
    assert np.abs(ratio - 1.0).max() < 5 * np.sqrt(2 / (members / 10))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_pace_that_is_learned_and_rejuvenated(seed: int) -> None:
    members = 6000
    start = Belief(np.array([0.0, 30.0]), np.diag([25.0, 36.0]))
    mean, ratio = _off(straight(), start, believed=1, members=members, seed=seed)
    assert np.abs(mean).max() < 5 / np.sqrt(members / 20)
    assert np.abs(ratio - 1.0).max() < 5 * np.sqrt(2 / (members / 20))


def test_more_members_come_closer_to_the_exact_filter() -> None:
    start = Belief(np.array([3.0, -2.0, 1.0]), 2.0 * np.eye(3))
    error = [
        np.mean(
            [
                np.square(_off(_dim(), start, believed=0, members=members, seed=seed)[0]).mean()
                for seed in range(5)
            ]
        )
        for members in (400, 6400)
    ]
    # Sixteen times the members: a sixteenth of the squared error, within a factor of two.
    assert error[0] / error[1] > 8.0
