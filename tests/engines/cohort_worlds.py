"""Made-up networks for tests of the cohort kernel."""

from __future__ import annotations

import numpy as np

from safepassage.core.local_law import LocalLaw
from safepassage.core.scenario import Scenario

from .displaced import world

TOWN, ZONE, CAMP, IDP, HUB, MARKER = range(6)


def scattered(
    places: int,
    *,
    leaving: list[int],
    days: int,
    seed: int = 1,
    law: LocalLaw | None = None,
    km: float = 60.0,
) -> Scenario:
    """Scatter places, join each to its nearest three by roads of about `km`, make every fifth a camp."""
    luck = np.random.default_rng(seed)
    spots = luck.uniform(0, km * np.sqrt(places), (places, 2))
    roles = [ZONE, *luck.choice([TOWN, TOWN, TOWN, HUB, CAMP], places - 1)]
    pairs = set()
    for k in range(places):
        distance = np.hypot(*(spots - spots[k]).T)
        pairs |= {(min(k, j), max(k, j)) for j in np.argsort(distance)[1:4].tolist()}
    pairs |= {(k, k + 1) for k in range(places - 1)}
    straight = {(a, b): float(np.hypot(*(spots[a] - spots[b]))) for a, b in sorted(pairs)}
    roads = [(a, b, max(1.0, round(1.3 * far))) for (a, b), far in straight.items()]
    names = [(f"P{k}", int(role), 0 if role in (CAMP, HUB) else 1000) for k, role in enumerate(roles)]
    return world(names, roads, law=law, days=days, leaving=leaving)
