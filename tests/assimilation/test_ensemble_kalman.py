from __future__ import annotations

import numpy as np
import pytest

from safepassage.assimilation.ensemble_kalman import etkf, inflated, letkf, perturbed
from tests.assimilation.linear_gaussian import Belief, LinearModel, rotating


def _sample(members: int, size: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(members, size)) @ rng.normal(size=(size, size)) + rng.normal(size=size)


def _of(ensemble: np.ndarray) -> Belief:
    return Belief(ensemble.mean(axis=0), np.atleast_2d(np.cov(ensemble.T)))


@pytest.mark.parametrize(
    ("members", "size", "seen"), [(2, 3, 1), (5, 8, 3), (40, 4, 4), (12, 2, 9), (300, 6, 2)]
)
def test_the_transform_gives_what_the_kalman_filter_makes_of_sample_mean_and_covariance(
    members: int, size: int, seen: int
) -> None:
    rng = np.random.default_rng(members)
    ensemble = _sample(members, size, members)
    root = rng.normal(size=(seen, seen)) + 2 * np.eye(seen)
    h = rng.normal(size=(seen, size))
    model = LinearModel(np.eye(size), np.zeros((size, size)), h, root @ root.T)
    observed = rng.normal(size=seen)
    moved = etkf(ensemble, ensemble @ h.T, observed, model.error)
    expected = model.updated(_of(ensemble), observed)
    np.testing.assert_allclose(moved.mean(axis=0), expected.mean, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(_of(moved).covariance, expected.covariance, rtol=1e-9, atol=1e-9)


def test_over_many_days_a_large_ensemble_follows_the_exact_filter() -> None:
    model, members, rng = rotating(), 4000, np.random.default_rng(5)
    noise, error = np.linalg.cholesky(model.noise), np.linalg.cholesky(model.error)
    truth = np.array([3.0, -2.0, 1.0])
    exact = Belief(np.zeros(3), 4.0 * np.eye(3))
    transform = rng.normal(size=(members, 3)) * 2.0
    drawn = transform.copy()
    for _ in range(60):
        truth = model.transition @ truth + noise @ rng.normal(size=3)
        seen = model.observation @ truth + error @ rng.normal(size=2)
        exact = model.updated(model.forecast(exact), seen)
        transform, drawn = (
            x @ model.transition.T + rng.normal(size=(members, 3)) @ noise.T for x in (transform, drawn)
        )
        transform = etkf(transform, transform @ model.observation.T, seen, model.error)
        luck = rng.normal(size=(members, 2))
        drawn = perturbed(drawn, drawn @ model.observation.T, seen, model.error, luck)
        for ensemble in (transform, drawn):
            # Five standard errors of a mean, and of a variance; errors of earlier days are still in there.
            sd = np.sqrt(np.diag(exact.covariance))
            assert (np.abs(ensemble.mean(axis=0) - exact.mean) < 5 * 1.5 * sd / np.sqrt(members)).all()
            ratio = ensemble.var(axis=0, ddof=1) / np.diag(exact.covariance)
            assert (np.abs(ratio - 1.0) < 5 * 1.5 * np.sqrt(2 / members)).all()


def test_a_local_update_of_one_block_that_sees_all_is_the_global_one() -> None:
    ensemble = _sample(30, 5, 1)
    predicted, observed, error = ensemble[:, :3] * 2.0, np.array([1.0, 0.0, -1.0]), np.array([0.5, 1.0, 2.0])
    whole = etkf(ensemble, predicted, observed, np.diag(error))
    blocks = [(np.arange(2), np.ones(3)), (np.arange(2, 5), np.ones(3))]
    np.testing.assert_allclose(letkf(ensemble, predicted, observed, error, blocks), whole, rtol=0, atol=1e-12)


def test_a_block_far_from_all_observations_keeps_its_bits_and_a_far_one_moves_less() -> None:
    ensemble = np.repeat(_sample(50, 1, 2), 3, axis=1)
    observed, error = np.array([ensemble.mean() + 3.0]), np.array([1.0])
    blocks = [(np.array([k]), np.array([near])) for k, near in enumerate((1.0, 0.2, 0.0))]
    moved = letkf(ensemble, ensemble[:, :1], observed, error, blocks)
    shift = (moved - ensemble).mean(axis=0)
    assert shift[0] > shift[1] > 0.0
    np.testing.assert_array_equal(moved[:, 2], ensemble[:, 2])


def test_the_order_of_observations_and_of_members_does_not_matter() -> None:
    ensemble, rng = _sample(20, 4, 3), np.random.default_rng(3)
    h, observed, error = rng.normal(size=(3, 4)), rng.normal(size=3), np.diag([0.5, 1.0, 2.0])
    moved = etkf(ensemble, ensemble @ h.T, observed, error)
    order = np.array([2, 0, 1])
    turned = etkf(ensemble, (ensemble @ h.T)[:, order], observed[order], error[np.ix_(order, order)])
    np.testing.assert_allclose(turned, moved, rtol=1e-9, atol=1e-9)
    members = rng.permutation(20)
    shuffled = etkf(ensemble[members], (ensemble @ h.T)[members], observed, error)
    np.testing.assert_allclose(shuffled, moved[members], rtol=1e-9, atol=1e-9)


def test_no_observation_and_inflation() -> None:
    ensemble = _sample(9, 3, 4)
    nothing = np.zeros(0)
    assert etkf(ensemble, np.zeros((9, 0)), nothing, np.zeros((0, 0))) is ensemble
    assert perturbed(ensemble, np.zeros((9, 0)), nothing, np.zeros((0, 0)), np.zeros((9, 0))) is ensemble
    wide = inflated(ensemble, 1.5)
    np.testing.assert_allclose(wide.mean(axis=0), ensemble.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(wide.std(axis=0), 1.5 * ensemble.std(axis=0), rtol=1e-12)
