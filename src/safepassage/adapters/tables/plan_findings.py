"""What a plan leaves unmet and why, what would help, and what it is worth beside other ways of planning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from safepassage.core.logistics import Item
from safepassage.core.plan import POLICIES, Finding, Worth
from safepassage.core.plan_story import PlanStory

POLICY_WORDS = {
    "stochastic": ("este plan", "this plan"),
    "median": ("planear para el futuro de en medio", "planning for the future in the middle"),
    "nearest": ("todos van a la localidad más cercana", "everyone goes to the nearest place"),
    "perfect": ("si se supiera todo de antemano", "if all were known beforehand"),
}
KIND_WORDS = {
    "unmet": ("falta", "unmet"),
    "marginal": ("qué cambiaría", "what would change"),
    "kept": ("se mantiene", "kept"),
    "idle": ("sin uso", "idle"),
    "limit": ("límite", "limit"),
}


@dataclass(frozen=True)
class ItemUnmet:
    """What stays unmet of one item over the horizon, expected; of what `stays`, in unit-days.

    Parameters
    ----------
    item : Item
    needed, unmet : float
    """

    item: Item
    needed: float
    unmet: float

    @property
    def share(self) -> float:
        """Share of the need that stays unmet, 0 … 1."""
        return min(1.0, self.unmet / self.needed) if self.needed > 0 else 0.0


def judged(story: PlanStory) -> Worth | None:
    """Give what this plan came to over the members it was held against; None: it was not judged."""
    return story.judgement.worth.get("stochastic") if story.judgement else None


def expected_unmet(story: PlanStory) -> float:
    """Give the weighted unmet need: over the members it was held against, else over its own scenarios."""
    worth = judged(story)
    return story.plan.expected_unmet if worth is None else worth.expected_unmet


def worst_place(story: PlanStory) -> tuple[int, float]:
    """Give the worst-off place (-1: none) and the share of its need that stays unmet, judged if it was."""
    worth = judged(story)
    if worth is None:
        return story.plan.worst_place, story.plan.worst_place_unmet
    return worth.worst_place, worth.worst_place_unmet


def cost(story: PlanStory) -> float:
    """Give the expected cost, judged if it was."""
    worth = judged(story)
    return story.plan.cost if worth is None else worth.cost


def unmet_items(story: PlanStory) -> tuple[ItemUnmet, ...]:
    """List the items that are needed, in the order of the profile: judged if the plan was, else its own."""
    worth = judged(story)
    if worth is None:
        needed, unmet = story.plan.needed.sum(axis=(0, 1)), story.plan.unmet.sum(axis=(0, 1))
    else:
        amount = story.needs.demand(items=[item.id for item in story.items]).amount
        needed, unmet = amount.mean(axis=0, dtype=np.float64).sum(axis=(0, 1)), worth.unmet
    rows = (
        ItemUnmet(item, float(needed[i]), float(max(unmet[i], 0.0))) for i, item in enumerate(story.items)
    )
    return tuple(row for row in rows if row.needed >= 1)


def findings(story: PlanStory, kind: str) -> tuple[Finding, ...]:
    """List findings of one kind as the plan has them, the weightiest first."""
    return tuple(one for one in story.plan.findings if one.kind == kind)


def policies(story: PlanStory) -> tuple[tuple[str, Worth], ...]:
    """List ways of planning with what they came to; none where the plan was not judged."""
    if story.judgement is None:
        return ()
    return tuple((name, story.judgement.worth[name]) for name in POLICIES if name in story.judgement.worth)
