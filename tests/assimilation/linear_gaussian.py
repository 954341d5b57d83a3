"""A linear Gaussian world: its exact Kalman filter, and an engine whose members live in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from safepassage.assimilation.particle import Weighed
from safepassage.core.draws import Draws
from safepassage.core.engine import Along, DayView, GroupView


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


def straight() -> LinearModel:
    """One group on a straight road: yesterday's km and a pace that stays, of which only the km is seen."""
    return LinearModel(
        transition=np.array([[1.0, 1.0], [0.0, 1.0]]),
        noise=np.diag([4.0, 0.0]),
        observation=np.array([[1.0, 0.0]]),
        error=np.array([[9.0]]),
    )


@dataclass(frozen=True)
class LinearState:
    """Numbers (member, n) of every member, and its slot and ancestor."""

    numbers: NDArray[np.float64]
    people: NDArray[np.int64]
    slots: NDArray[np.int64]
    parent: NDArray[np.int64]


class LinearEngine:
    """Members of a linear Gaussian world as groups on a straight road, one number a group (`core.Tracked`).

    The last `believed` numbers are beliefs that no step changes: they are not shown, and may be rejuvenated.
    """

    name, reason, smallest_part = "linear", "the exact filter is known", 1

    def __init__(self, model: LinearModel, start: Belief, *, believed: int = 0) -> None:
        self.model, self.start, self.believed = model, start, believed

    def init(self, *, slots: NDArray[np.int64], draws: Draws) -> LinearState:
        first = self._normal("start", 0, slots, draws) @ np.linalg.cholesky(self.start.covariance).T
        people = np.full((len(slots), self._seen), 100, dtype=np.int64)
        return LinearState(self.start.mean + first, people, slots, slots)

    def step(self, state: LinearState, *, day: int, draws: Draws) -> LinearState:
        # Beliefs have no noise: a root by eigenvalues takes a covariance that is only semidefinite.
        size, axes = np.linalg.eigh(self.model.noise)
        root = axes * np.sqrt(np.maximum(size, 0.0))
        noise = self._normal("noise", day, state.slots, draws) @ root.T
        return replace(state, numbers=state.numbers @ self.model.transition.T + noise)

    def bodies(self, state: LinearState) -> GroupView:
        return self.observe(state).groups

    def observe(self, state: LinearState) -> DayView:
        km = state.numbers[:, : self._seen]
        none = np.zeros(km.shape, dtype=np.int64)
        groups = GroupView(
            head_km=km,
            tail_km=km,
            place=none,
            beyond_km=km,
            size=state.people,
            mode=none.astype(np.int8),
            alive=np.ones(km.shape, dtype=bool),
            joined=none,
            left=none,
        )
        stock = np.zeros((len(km), 1), dtype=np.int64)
        return DayView(stock=stock, on_road=state.people.sum(axis=1), groups=groups)

    def taken(self, state: LinearState, ancestors: NDArray[np.int64], *, draws: Draws) -> LinearState:
        return LinearState(
            state.numbers[ancestors], state.people[ancestors], state.slots, state.slots[ancestors]
        )

    def scores(self, state: LinearState) -> NDArray[np.float64]:
        at = slice(self._seen, None)
        sd = np.sqrt(np.diag(self.start.covariance)[at])
        return (state.numbers[:, at] - self.start.mean[at]) / sd

    def believing(self, state: LinearState, scores: NDArray[np.float64]) -> LinearState:
        at = slice(self._seen, None)
        sd = np.sqrt(np.diag(self.start.covariance)[at])
        numbers = state.numbers.copy()
        numbers[:, at] = self.start.mean[at] + sd * scores
        return replace(state, numbers=numbers)

    def relocated(
        self, state: LinearState, places: NDArray[np.int64], *, column: int, draws: Draws
    ) -> LinearState:
        numbers = state.numbers.copy()
        numbers[:, column] = np.where(places >= 0, places.astype(np.float64), numbers[:, column])
        return replace(state, numbers=numbers)

    def resized(self, state: LinearState, people: NDArray[np.int64], *, column: int) -> LinearState:
        sizes = state.people.copy()
        sizes[:, column] = people
        return replace(state, people=sizes)

    def along(self, state: LinearState, place: int, *, column: int) -> Along:
        members = len(state.numbers)
        return Along(np.full(members, float(place)), np.zeros(members))

    @property
    def _seen(self) -> int:
        return len(self.start.mean) - self.believed

    def _normal(self, name: str, day: int, slots: NDArray[np.int64], draws: Draws) -> NDArray[np.float64]:
        found = [draws.uniform(name, day=day, slots=slots, entity=k) for k in range(len(self.start.mean))]
        return np.asarray(ndtri(np.stack(found, axis=1)))


class LinearEvidence:
    """What was seen of the numbers on some days: (day) to (o,)."""

    def __init__(self, model: LinearModel, seen: dict[int, NDArray[np.float64]]) -> None:
        self.model, self.seen = model, seen

    def on(self, day: int) -> bool:
        return day in self.seen

    def see(self, day: int, view: DayView) -> None:
        pass

    def propose(
        self, engine: LinearEngine, state: LinearState, *, day: int, draws: Draws
    ) -> tuple[LinearState, NDArray[np.float64]]:
        return state, np.zeros(len(state.numbers))

    def weigh(
        self, engine: LinearEngine, state: LinearState, *, day: int, log_prior: NDArray[np.float64]
    ) -> Weighed:
        off = self.seen[day] - state.numbers @ self.model.observation.T
        log_likelihood = -0.5 * (off @ np.linalg.inv(self.model.error) * off).sum(axis=1)
        return Weighed(log_likelihood, 1, np.zeros(len(off)))

    def taken(self, chosen: NDArray[np.int64]) -> None:
        pass

    def scores(self, engine: LinearEngine, state: LinearState) -> NDArray[np.float64]:
        return engine.scores(state)

    def believing(self, engine: LinearEngine, state: LinearState, scores: NDArray[np.float64]) -> LinearState:
        return engine.believing(state, scores)

    def drifted(
        self, scores: NDArray[np.float64], noise: NDArray[np.float64], share: float
    ) -> NDArray[np.float64]:
        # The exact filter forgets nothing of a number that never changes.
        return scores
