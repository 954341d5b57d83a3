"""Who tells what: biases by kind of source and by kind of count, and how reliable announcements are.

Every member believes in one bias per voice and in one reliability; reports sharpen them like anything else.
The priors are judged: officials tend to tell less than organisers, by a quarter or so either way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from safepassage.core.draws import Draws
from safepassage.core.scenario import Prior

Z95 = 1.6448536269514722

# Mean and standard deviation of the log of told over true.
BIAS: dict[str, tuple[float, float]] = {
    "official": (-0.10, 0.25),
    "agency": (0.0, 0.20),
    "organiser": (0.15, 0.30),
    "shelter": (0.0, 0.20),
    "press": (0.0, 0.20),
    "field": (0.0, 0.10),
    # Offices count everybody who comes to them, of this caravan or not, and leave out who does not.
    "claims": (0.0, 0.7),
    "returns": (0.2, 0.8),
    "detentions": (0.0, 0.9),
}
# What past cases taught of a voice, or of announcements, is a prior of this name: of the log of told over
# true, and of the logit of the chance to be kept.
BIAS_OF, ANNOUNCED_KEPT = "bias_of_{}", "announced_kept_logit"
KEPT = (0.7, 1.0)  # median chance that an announcement is kept, and standard deviation of its logit


class Voices:
    """What every member believes of those who tell, as standard normal scores, (member, voice + 1).

    Parameters
    ----------
    names : sequence of str     voices, keys of `BIAS`.
    members : int
    draws : Draws
    lessons : dict of name to Prior     what past cases taught; {}: what is judged here holds.
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        members: int,
        draws: Draws,
        lessons: Mapping[str, Prior] = MappingProxyType({}),
    ) -> None:
        self.names = tuple(names)
        self._bias = {name: _taught(lessons.get(BIAS_OF.format(name)), BIAS[name]) for name in self.names}
        self._kept = _taught(lessons.get(ANNOUNCED_KEPT), (float(logit(KEPT[0])), KEPT[1]))
        slots = np.arange(members)
        drawn = [draws.uniform(f"voice of {name}", day=0, slots=slots) for name in (*self.names, "announced")]
        self.scores: NDArray[np.float64] = np.asarray(ndtri(np.stack(drawn, axis=1)), dtype=np.float64)

    def bias(self, name: str) -> NDArray[np.float64]:
        """Give the log of told over true of one voice, (member,)."""
        mean, sd = self._bias[name]
        return np.asarray(mean + sd * self.scores[:, self.names.index(name)], dtype=np.float64)

    @property
    def kept(self) -> NDArray[np.float64]:
        """Give the chance that an announcement is kept, (member,)."""
        middle, sd = self._kept
        return np.asarray(expit(middle + sd * self.scores[:, -1]), dtype=np.float64)


def _taught(prior: Prior | None, judged: tuple[float, float]) -> tuple[float, float]:
    """Give mean and standard deviation of what was taught, or else of what is judged."""
    if prior is None:
        return judged
    return (prior.low + prior.high) / 2.0, (prior.high - prior.low) / (2.0 * Z95)
