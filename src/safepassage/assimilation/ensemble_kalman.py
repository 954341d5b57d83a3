"""The ensemble Kalman filter: an ensemble stands for mean and covariance, and observations move it.

The transform filter (ETKF; Bishop, Etherton & Majumdar 2001,
doi:10.1175/1520-0493(2001)129<0420:ASWTET>2.0.CO;2) draws nothing: the new ensemble has exactly the mean and
the covariance that the Kalman filter makes of the sample mean and covariance of the old one. Its local form
(LETKF; Hunt, Kostelich & Szunyogh 2007, doi:10.1016/j.physd.2006.11.008) updates every block of the state
with the observations near it, so that chance correlations of few members do not reach far. All work is done
in the space of the observations.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def etkf(
    ensemble: NDArray[np.float64],
    predicted: NDArray[np.float64],
    observed: NDArray[np.float64],
    error_covariance: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Move an ensemble by observations, without drawing anything (symmetric square root).

    Parameters
    ----------
    ensemble : (member, n) float64      at least two members.
    predicted : (member, o) float64     what each member foresees for each observation.
    observed : (o,) float64
    error_covariance : (o, o) float64   positive definite.

    Returns
    -------
    (member, n) float64

    Raises
    ------
    numpy.linalg.LinAlgError    if the error covariance is not positive definite.
    """
    if not len(observed):
        return ensemble
    directions, spread, against = _whitened(predicted, observed, error_covariance)
    mean = ensemble.mean(axis=0)
    apart = ensemble - mean
    along = directions.T @ apart
    shift = along.T @ (spread / (1.0 + spread**2) * against) / np.sqrt(len(ensemble) - 1.0)
    shrink = 1.0 / np.sqrt(1.0 + spread**2) - 1.0
    return np.asarray(mean + shift + apart + directions @ (shrink[:, None] * along))


def letkf(
    ensemble: NDArray[np.float64],
    predicted: NDArray[np.float64],
    observed: NDArray[np.float64],
    error_variance: NDArray[np.float64],
    blocks: Sequence[tuple[NDArray[np.int64], NDArray[np.float64]]],
) -> NDArray[np.float64]:
    """Move every block of the state by the observations that are near it.

    Parameters
    ----------
    ensemble, predicted, observed       as in `etkf`.
    error_variance : (o,) float64       errors that are independent of each other.
    blocks : sequence of ((k,) int64, (o,) float64)     columns of the state that are updated together, and
        how much each observation counts for them, 0 to 1: its error variance is divided by this. Columns in
        no block stay as they are.

    Returns
    -------
    (member, n) float64
    """
    moved = ensemble.copy()
    for columns, near in blocks:
        counted = np.flatnonzero(near > 0.0)
        if len(counted):
            error = np.diag(error_variance[counted] / near[counted])
            moved[:, columns] = etkf(ensemble[:, columns], predicted[:, counted], observed[counted], error)
    return moved


def perturbed(
    ensemble: NDArray[np.float64],
    predicted: NDArray[np.float64],
    observed: NDArray[np.float64],
    error_covariance: NDArray[np.float64],
    noise: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Move an ensemble with observations that each member sees with an error of its own.

    Burgers, van Leeuwen & Evensen 1998, doi:10.1175/1520-0493(1998)126<1719:ASITEK>2.0.CO;2. It adds the
    noise of its draws, and keeps shapes of distributions better than `etkf` does.

    Parameters
    ----------
    ensemble, predicted, observed, error_covariance     as in `etkf`.
    noise : (member, o) float64     standard normal draws; their mean is taken off.
    """
    if not len(observed):
        return ensemble
    told = observed + (noise - noise.mean(axis=0)) @ np.linalg.cholesky(error_covariance).T
    foreseen = predicted - predicted.mean(axis=0)
    apart = ensemble - ensemble.mean(axis=0)
    ties = foreseen.T @ apart / (len(ensemble) - 1.0)
    own = foreseen.T @ foreseen / (len(ensemble) - 1.0)
    return np.asarray(ensemble + (told - predicted) @ np.linalg.solve(own + error_covariance, ties))


def inflated(ensemble: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    """Spread an ensemble about its mean: standard deviations times `factor`."""
    mean = ensemble.mean(axis=0)
    return np.asarray(mean + factor * (ensemble - mean))


def _whitened(
    predicted: NDArray[np.float64], observed: NDArray[np.float64], error_covariance: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Give directions in the space of members, their spread in units of the error, and the innovation."""
    root = np.linalg.cholesky(error_covariance)
    mean = predicted.mean(axis=0)
    foreseen = np.linalg.solve(root, (predicted - mean).T).T / np.sqrt(len(predicted) - 1.0)
    directions, spread, turned = np.linalg.svd(foreseen, full_matrices=False)
    return directions, spread, turned @ np.linalg.solve(root, observed - mean)
