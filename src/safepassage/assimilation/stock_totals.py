"""How well a total can be foretold: by how much its own past would have surprised whoever went on as before.

In a displacement crisis the total is itself the sum of the counts, so after the last count nobody knows how
many more leave. The engine draws departures from the last weeks, day by day and independently; true ones
come in waves, so that draw is far too sure. The rule is held against the known past, origin by origin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RECENT_DAYS = 30  # days whose mean rise goes on, as the engine draws it
LEADS_DAYS = (7, 15, 30, 60, 90)
HALF_LIFE_DAYS = 90.0  # of what an old surprise still says (judged)
LOWEST_POWER, HIGHEST_POWER = 0.5, 1.0  # a random walk; a rate that is off and stays so
# As if so many origins had been off by this much after 30 days (judged): a short past says little.
PRIOR_ORIGINS, PRIOR_LOG = 2.0, 0.15


@dataclass(frozen=True)
class TotalDoubt:
    """Standard deviation of the log of a total, `scale * days ** power`, `days` after it was last known."""

    scale: float
    power: float

    def sd(self, days: float) -> float:
        """Give it for one lead time."""
        return float(self.scale * days**self.power)


def doubt_of_total(totals: NDArray[np.float64]) -> TotalDoubt:
    """Learn from a known past how far off it is to let the mean rise of the last weeks go on.

    Parameters
    ----------
    totals : (day,) float64     people altogether, from day 0 to the last day known.

    Returns
    -------
    TotalDoubt
    """
    leads, spreads, weights = [], [], []
    for lead in LEADS_DAYS:
        origins = np.arange(RECENT_DAYS, len(totals) - lead)
        origins = origins[totals[origins] > 0]
        if not len(origins):
            origins = np.zeros(0, dtype=np.int64)
        rise = (totals[origins] - totals[origins - RECENT_DAYS]) / RECENT_DAYS
        foretold = totals[origins] + lead * np.maximum(rise, 0.0)
        off = np.log(np.maximum(totals[origins + lead], 1.0) / np.maximum(foretold, 1.0))
        weight = np.exp2(-(len(totals) - 1 - lead - origins) / HALF_LIFE_DAYS)
        # Origins less than a lead apart see the same days: they count as one.
        own, prior = weight.sum() / lead, PRIOR_ORIGINS
        prior_off = PRIOR_LOG * (lead / 30.0) ** 0.75
        known = (weight * off**2).sum() / max(float(weight.sum()), 1e-12)
        spreads.append(np.sqrt((own * known + prior * prior_off**2) / (own + prior)))
        leads.append(np.log(lead))
        weights.append(own + prior)
    power = float(np.clip(np.polyfit(leads, np.log(spreads), 1, w=np.sqrt(weights))[0], *_POWERS))
    level = np.average(np.log(spreads) - power * np.array(leads), weights=weights)
    return TotalDoubt(float(np.exp(level)), power)


_POWERS = (LOWEST_POWER, HIGHEST_POWER)
