"""Hold the law as other crises have taught it against what was counted, beside the law as the folder sets it.

Both get the daily totals and no limits of camps. What was learned never comes from the crisis itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import camp_counts
from safepassage.core.engine import Progress
from safepassage.core.errors import ModelError
from safepassage.core.scenario import Scenario
from safepassage.engines.choice import with_people_per_agent
from safepassage.scoring.ard import ard, daily_difference, mean_shares
from safepassage.scoring.bootstrap import Interval, block_length, paired_interval
from safepassage.settings.forecast import forecast_settings
from safepassage.workflows.lessons import lessons_for
from safepassage.workflows.split_law import MEMBERS, camps_of, learned_split
from safepassage.workflows.verify import OURS, PROTOCOLS, SplitScore, plain_splits, verify_split, with_counts

PROTOCOL = f"{PROTOCOLS['removed']}-learned"
FOLDER_LAW = "law as the folder sets it"
SPACING_DAYS, ALIKE_DAYS = 15, 90  # days that intervals look at; so long one day's shares tell the next one's


def verify_learned(
    scenario: Scenario,
    *,
    learned: str | None = None,
    members: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
) -> SplitScore:
    """Score the split by the learned law, with limits of camps removed.

    Parameters
    ----------
    scenario : Scenario     from a Flee folder.
    learned : str or None   "shipped", "none", or a folder that `calibrate` wrote; None: as set.
    members : int or None   of the learned law, and runs of the folder's; None: 40 and 4.
    seed : int
    progress : Progress or None

    Returns
    -------
    SplitScore      of protocol `PROTOCOL`: the members' mean split is the forecast; among the baselines is
        `FOLDER_LAW`. Where nothing was learned, or the learned law cannot follow the folder's rules, the
        score of the folder's law, and the reason says why.

    Raises
    ------
    InputError      if no camp has a series to be compared with, or the lessons cannot be read.
    """
    folder = verify_split(scenario, capacities="removed", members=members, seed=seed, progress=progress)
    chosen = forecast_settings({"learned": learned}).learned
    priors = lessons_for(scenario, chosen).priors("law")
    if not priors:
        return replace(folder, reason=f"the folder's law, since none was learned; {folder.reason}")
    try:
        people = learned_split(scenario, priors, members=members or MEMBERS, seed=seed)
    except ModelError as error:
        return replace(folder, reason=f"the folder's law, since for the learned one {error}; {folder.reason}")
    return _scored(scenario, people, folder)


def _scored(scenario: Scenario, people: NDArray[np.float64], folder: SplitScore) -> SplitScore:
    """Score members (member, day, camp), person by person."""
    displacement = with_counts(with_people_per_agent(scenario, 1))
    counted = camp_counts(displacement, np.arange(scenario.days)).astype(np.float64)
    given = np.maximum(scenario.network.places.capacity_people[camps_of(scenario)], 0).astype(np.float64)
    shares = (people / people.sum(axis=-1, keepdims=True)).mean(axis=0)
    splits = plain_splits(counted, given)
    return replace(
        folder,
        protocol=PROTOCOL,
        ard=ard(people, counted),
        shares=mean_shares(people),
        baselines={
            FOLDER_LAW: folder.value,
            **{name: float(ard(split, counted)) for name, split in splits.items()},
        },
        engine="settling",
        reason=f"settling: the law learned from other crises, {len(people)} members; every person is counted",
        daily={
            OURS: daily_difference(shares, counted),
            FOLDER_LAW: folder.daily[OURS],
            **{name: daily_difference(split, counted) for name, split in splits.items()},
        },
        pooled=float(ard(shares, counted)),
    )


def paired_differences(scores: Sequence[SplitScore]) -> dict[str, Interval]:
    """Give, by baseline, the mean over cases of ours less the baseline's ARD, with its 90 % interval.

    Days every `SPACING_DAYS` are drawn in blocks, cases first where there are several. Baselines without a
    meaning in some case, and cases too short for an interval, are left out.
    """
    found = {}
    for name in scores[0].daily if scores else ():
        if name == OURS:
            continue
        cases = [
            (score.daily[OURS] - score.daily[name])[::SPACING_DAYS] for score in scores if name in score.daily
        ]
        if any(np.isnan(case).any() for case in cases):
            continue
        blocks = [block_length(ALIKE_DAYS, SPACING_DAYS, len(case)) for case in cases]
        interval = paired_interval(cases, blocks)
        if interval is not None:
            found[name] = interval
    return found
