"""A linear Gaussian world: its exact Kalman filter, and an engine whose members live in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Belief:
    """Mean (n,) and covariance (n, n)."""

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]


@dataclass(frozen=True)
class LinearModel:
    """x' = transition x + N(0, noise), y = observation x + N(0, error)."""

    transition: NDArray[np.float64]
    noise: NDArray[np.float64]
    observation: NDArray[np.float64]
    error: NDArray[np.float64]

    def forecast(self, belief: Belief) -> Belief:
        """Let one day pass."""
        f = self.transition
        return Belief(f @ belief.mean, f @ belief.covariance @ f.T + self.noise)

    def updated(self, belief: Belief, observed: NDArray[np.float64]) -> Belief:
        """Take in one observation (Joseph form)."""
        h, p = self.observation, belief.covariance
        gain = np.linalg.solve(h @ p @ h.T + self.error, h @ p).T
        rest = np.eye(len(p)) - gain @ h
        covariance = rest @ p @ rest.T + gain @ self.error @ gain.T
        return Belief(belief.mean + gain @ (observed - h @ belief.mean), covariance)


def rotating() -> LinearModel:
    """Three numbers that turn into each other, of which two sums are seen."""
    turn = np.array([[0.96, 0.20, 0.0], [-0.20, 0.96, 0.1], [0.0, 0.0, 0.9]])
    return LinearModel(
        transition=turn,
        noise=np.diag([0.05, 0.02, 0.10]),
        observation=np.array([[1.0, 0.0, 1.0], [0.0, 1.0, -0.5]]),
        error=np.array([[0.30, 0.10], [0.10, 0.40]]),
    )
