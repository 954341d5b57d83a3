"""A plan as plain values for `safepassage plan --json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safepassage.adapters.tables.plan_board import cover_values, fullest_days, lines_on
from safepassage.adapters.tables.plan_findings import (
    cost,
    expected_unmet,
    judged,
    policies,
    unmet_items,
    worst_place,
)
from safepassage.adapters.tables.plan_places import drive_values
from safepassage.adapters.tables.plan_rows import drive_rows
from safepassage.core.logistics import Logistics

if TYPE_CHECKING:
    from safepassage.core.plan import Worth
    from safepassage.core.plan_story import PlanStory

BOARD_TOWNS = 8
UNITS = {
    "expected_unmet": "units short, weighted by item, what is short beyond a first share weighing more",
    "worst_place_unmet": "share of its weighted need, 0 to 1",
    "cost": "in the currency told",
    "vss": "as expected_unmet: planning for the future in the middle, less this plan",
    "gap": "share of expected_unmet of the plan's own scenarios, 0 to 1",
    "seconds": "s, of the search",
    "quantity": "in the unit told beside it",
}


def summary(story: PlanStory) -> dict[str, Any]:
    """Give a plan as plain values."""
    plan, needs, judgement = story.plan, story.needs, story.judgement
    ids = needs.network.places.ids
    place, share = worst_place(story)
    return {
        "scenario": needs.scenario,
        "as_of": story.as_of.isoformat(),
        "first_day": plan.start.isoformat(),
        "nights": needs.days,
        "members": needs.members,
        "profile": needs.profile.name,
        "not_for_publication": True,
        "illustrative": list(needs.illustrative),
        "illustrative_supplies": _made_up(story.logistics),
        "currency": story.logistics.currency,
        "units": UNITS,
        "basis": "members judged" if judged(story) else "the plan's own scenarios",
        "members_judged": judgement.members if judgement else 0,
        "expected_unmet": round(expected_unmet(story), 1),
        "worst_place": ids[place] if place >= 0 else None,
        "worst_place_unmet": round(share, 4),
        "cost": round(cost(story), 2),
        "vss": round(judgement.stochastic_value, 1) if judgement else None,
        "nearest": _worth(story, "nearest"),
        "median": _worth(story, "median"),
        "perfect": _worth(story, "perfect"),
        "gap": round(plan.gap, 6),
        "complete": plan.complete,
        "seconds": round(plan.seconds, 3),
        "scenarios": len(plan.scenarios.members),
        "unmet": {
            row.item.id: {"unit": row.item.unit, "needed": round(row.needed, 1), "unmet": round(row.unmet, 1)}
            for row in unmet_items(story)
        },
        "dispatch": [drive_values(row) for row in drive_rows(story)],
        "board": _board(story),
        "findings": [
            {
                "kind": one.kind,
                "reason": one.reason,
                "es": one.es,
                "en": one.en,
                "place": ids[one.place] if one.place >= 0 else None,
                "item": one.item or None,
                "value": round(one.value, 3),
            }
            for one in plan.findings
        ],
    }


def _made_up(logistics: Logistics) -> dict[str, int]:
    return {"illustrative": logistics.illustrative, "all": len(logistics.offers)}


def _worth(story: PlanStory, name: str) -> dict[str, Any] | None:
    found: dict[str, Worth] = dict(policies(story))
    worth = found.get(name)
    if worth is None:
        return None
    ids = story.needs.network.places.ids
    return {
        "expected_unmet": round(worth.expected_unmet, 1),
        "worst_place": ids[worth.worst_place] if worth.worst_place >= 0 else None,
        "worst_place_unmet": round(worth.worst_place_unmet, 4),
        "cost": round(worth.cost, 2),
    }


def _board(story: PlanStory) -> list[dict[str, Any]]:
    ids = story.needs.network.places.ids
    return [
        {
            "date": line.date.isoformat(),
            "place": ids[place],
            "item": line.item.id,
            "unit": line.item.unit,
            **{
                name: None if value is None else round(value, 3)
                for name, value in cover_values(line.row).items()
            },
        }
        for day, place in fullest_days(story, BOARD_TOWNS)
        for line in lines_on(story, day, place)
    ]
