"""Beliefs after resampling: no mean, spread or correlation is lost, and what no news tells of stays open."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from safepassage.assimilation import particle
from safepassage.assimilation.particle import Weighed, tracked
from safepassage.core.draws import Draws
from safepassage.core.engine import DayView

Array = NDArray[np.float64]
MEMBERS = 3000


class Beliefs:
    """An engine of beliefs and nothing else: the state is the scores, (member, k)."""

    name, reason, smallest_part = "beliefs", "", 1

    def __init__(self, columns: int) -> None:
        self.columns = columns

    def init(self, *, slots: NDArray[np.int64], draws: Draws) -> Array:
        return np.random.default_rng(7).standard_normal((len(slots), self.columns))

    def step(self, state: Array, *, day: int, draws: Draws) -> Array:
        return state

    def observe(self, state: Array) -> DayView:
        nobody = np.zeros(len(state), dtype=np.int64)
        return DayView(nobody[:, None], nobody)

    def taken(self, state: Array, ancestors: NDArray[np.int64], *, draws: Draws) -> Array:
        return state[ancestors]


class Seen:
    """Evidence of the first belief alone, every day, with a given error; beliefs drift, or do not."""

    def __init__(self, error: float, *, drifts: bool = True) -> None:
        self.error, self.drifts = error, drifts

    def on(self, day: int) -> bool:
        return True

    def see(self, day: int, view: DayView) -> None:
        pass

    def propose(self, engine: Any, state: Array, *, day: int, draws: Draws) -> tuple[Array, Array]:
        return state, np.zeros(len(state))

    def weigh(self, engine: Any, state: Array, *, day: int, log_prior: Array) -> Weighed:
        return Weighed(-0.5 * ((state[:, 0] - 0.5) / self.error) ** 2, 1, np.zeros(len(state)))

    def taken(self, chosen: NDArray[np.int64]) -> None:
        pass

    def scores(self, engine: Any, state: Array) -> Array:
        return state

    def believing(self, engine: Any, state: Array, scores: Array) -> Array:
        return scores

    def drifted(self, scores: Array, noise: Array, share: float) -> Array:
        return np.sqrt(1.0 - share) * scores + np.sqrt(share) * noise if self.drifts else scores


def rejuvenated(scores: Array, kernel: float, drift: float, *, seed: int = 1) -> Array:
    shares = kernel, drift
    return particle._rejuvenated(Beliefs(1), Seen(1.0), scores, day=3, draws=Draws(seed), shares=shares)


def correlated() -> Array:
    rng = np.random.default_rng(3)
    return rng.standard_normal((MEMBERS, 3)) @ np.array([[1.0, 0.8, 0], [0, 0.3, 0.1], [0, 0, 2.0]]) + [
        5,
        0,
        -2,
    ]


def test_the_kernel_keeps_mean_and_covariance_and_moves_everybody() -> None:
    before = correlated()
    after = rejuvenated(before, 0.3, 0.0)
    deviation = before.std(axis=0)
    assert np.abs(after.mean(axis=0) - before.mean(axis=0)).max() < 5 * deviation.max() / np.sqrt(MEMBERS)
    covariance, was = np.cov(after.T), np.cov(before.T)
    assert covariance == pytest.approx(was, abs=0.1 * deviation.max() ** 2)
    assert (after != before).all()
    assert np.corrcoef(after[:, 0], before[:, 0])[0, 1] == pytest.approx(np.sqrt(0.7), abs=0.03)


def test_drift_keeps_what_was_believed_before_any_news() -> None:
    prior = np.random.default_rng(4).standard_normal((MEMBERS, 2))
    for day in range(20):
        prior = rejuvenated(prior, 0.0, 0.3, seed=day)
    assert np.abs(prior.mean(axis=0)).max() < 5 / np.sqrt(MEMBERS)
    assert prior.std(axis=0) == pytest.approx([1.0, 1.0], abs=5 / np.sqrt(2 * MEMBERS))


def last(seen: Seen, *, days: int, members: int) -> Array:
    evenings = tracked(Beliefs(8), seen, days=days, members=members, draws=Draws(2))
    return np.asarray(list(evenings)[-1].state)


class Chance(Seen):
    """Evidence that has nothing to do with any belief, and leaves one member in ten."""

    def weigh(self, engine: Any, state: Array, *, day: int, log_prior: Array) -> Weighed:
        luck = np.random.default_rng(day).standard_normal(len(state))
        return Weighed(1.5 * luck, 1, np.zeros(len(state)))


def test_what_no_news_tells_of_stays_open() -> None:
    # The chance of a hundred evenings alone would make members agree. As much as it takes in a day comes back
    # from the prior, so that half of the variance is what is left in the long run.
    after = last(Chance(1.0), days=100, members=400)
    assert 0.35 < float(np.median(after.var(axis=0))) < 1.0
    assert after.var(axis=0).min() > 0.2


def test_copies_do_not_stay_copies_even_where_nothing_drifts() -> None:
    after = last(Seen(0.1, drifts=False), days=1, members=500)
    assert len(np.unique(after[:, 1])) > 450
