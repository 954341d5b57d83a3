"""What members believe of their parameters, told as normal scores under the priors and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from safepassage.core.scenario import Prior
from safepassage.engines.group_state import GroupState
from safepassage.engines.luck import prior_score, prior_value


class Beliefs:
    """The parameters that are not certain, in a fixed order: those of each caravan, then outcome chances.

    Parameters
    ----------
    priors : dict of name to Prior
    chances : sequence of Prior     one per column of `GroupState.chances`; one name is one parameter.
    groups : int                    caravans that have parameters of their own.
    """

    def __init__(self, priors: dict[str, Prior], chances: Sequence[Prior], *, groups: int) -> None:
        self._groups = groups
        self._priors = [prior for prior in priors.values() if _open(prior)]
        self.rows = ChanceScores(chances)

    def scores(self, state: GroupState) -> NDArray[np.float64]:
        """Give each member's beliefs as normal scores, (member, parameter)."""
        told = [prior_score(prior, state.beliefs[prior.name]) for prior in self._priors]
        return np.concatenate([*told, self.rows.scores(state.chances)], axis=1)

    def believing(self, state: GroupState, scores: NDArray[np.float64]) -> GroupState:
        """Give the state in which members believe in these scores, (member, parameter)."""
        beliefs, at = dict(state.beliefs), 0
        for prior in self._priors:
            beliefs[prior.name] = prior_value(prior, scores[:, at : at + self._groups])
            at += self._groups
        return replace(state, beliefs=beliefs, chances=self.rows.chances(state.chances, scores[:, at:]))


class ChanceScores:
    """Normal scores of outcome chances; rows of one luck share one score.

    Parameters
    ----------
    priors : sequence of Prior      one per row, in the order of the chances' columns.
    """

    def __init__(self, priors: Sequence[Prior]) -> None:
        self._priors = priors
        names = list(dict.fromkeys(prior.name for prior in priors if _open(prior)))
        self._column = [names.index(prior.name) if _open(prior) else -1 for prior in priors]
        # A row that is wide tells the shared luck best.
        self._teller = [
            max(rows, key=lambda k: priors[k].high - priors[k].low)
            for rows in ([k for k, at in enumerate(self._column) if at == c] for c in range(len(names)))
        ]

    def scores(self, chances: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give (member, parameter) scores of (member, row) chances."""
        told = [prior_score(self._priors[k], chances[:, k]) for k in self._teller]
        return np.stack(told, axis=1) if told else np.zeros((len(chances), 0))

    def chances(self, chances: NDArray[np.float64], scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give (member, row) chances of (member, parameter) scores; certain rows stay as they are."""
        changed = chances.copy()
        for row, (prior, at) in enumerate(zip(self._priors, self._column, strict=True)):
            if at >= 0:
                changed[:, row] = prior_value(prior, scores[:, at])
        return changed


def _open(prior: Prior) -> bool:
    return prior.shape != "fixed" and prior.low != prior.high
