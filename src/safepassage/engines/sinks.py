"""Camps that people do not leave again: each evening some of those in a camp settle there for good.

They stay counted in the camp and take its room; their kind becomes that of the settled, who stand still.
Source: Flee's documentation of `camps_are_sinks` and `deactivation_probability`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import draw_number
from safepassage.engines.compiled import compiled, uniform

SINK = draw_number("local law: settle")


@compiled
def settle(
    where: NDArray[np.unsignedinteger],
    kind: NDArray[np.uint8],
    sinks: NDArray[np.float64],
    luck: np.uint64,
    kinds: int,
) -> None:
    """Let the people of one member settle at the end of a day, in place.

    Parameters
    ----------
    where : (count,)            place of each agent; beyond the places for those on the way.
    kind : (count,) uint8       changed.
    sinks : (n,) float64        chance per evening.
    luck : uint64               of the member and the day, from `compiled.luck_of`.
    kinds : int                 all kinds; the second half are the settled.
    """
    for agent in range(len(where)):
        place = np.int64(where[agent])
        if place < len(sinks) and sinks[place] > 0.0 and kind[agent] < kinds // 2:
            if uniform(luck, agent, SINK) < sinks[place]:
                kind[agent] += kinds // 2
