"""The arithmetic of needs: from a profile and shares to units per person.

One item may stand on several lines of a profile (water to drink and water to wash), which add up. They must
be reckoned by the same people, since quantiles of sums are not sums of quantiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from safepassage.core.aid_items import GUARDED_ITEMS, items_by_id
from safepassage.core.demographics import GUARDED_KINDS, Share
from safepassage.core.errors import Fault, InputError
from safepassage.core.logistics import Item
from safepassage.core.needs import (
    COUNTED_BY,
    DAYS_A_MONTH,
    Figure,
    ItemNeed,
    Profile,
    chosen_figures,
    persons_per,
)


def item_needs(
    profile: Profile, shares: Mapping[str, Share], *, phase: str, weather: str
) -> tuple[ItemNeed, ...]:
    """Give how much of every item of a profile one person counts for.

    Parameters
    ----------
    profile : Profile
    shares : mapping of kind to Share
    phase, weather : str        of `PHASES` and `WEATHERS`, not "any".

    Returns
    -------
    tuple of ItemNeed       in the order of the profile; items without a figure that holds are left out.

    Raises
    ------
    InputError      if nothing holds in that phase and weather.
    """
    lines: dict[str, list[Figure]] = {}
    for figure in chosen_figures(profile, phase, weather):
        lines.setdefault(figure.item, []).append(figure)
    if not lines:
        mend = "add rows for it to the profile, or choose another --phase or --weather"
        found = f"no figure for the phase '{phase}' and the weather '{weather}'"
        raise InputError(Fault(profile.name, found, "figures to reckon with", mend))
    items = items_by_id(profile.items)
    return tuple(item_need(items[item], figures, shares) for item, figures in lines.items())


def item_need(item: Item, figures: Iterable[Figure], shares: Mapping[str, Share]) -> ItemNeed:
    """Add the lines of one item up."""
    lines = tuple(figures)
    value = low = high = 0.0
    share = 1.0
    for figure in lines:
        persons, rests_on = persons_per(figure.per_whom, shares)
        times = persons / figure.per_count / (DAYS_A_MONTH if figure.per_time == "month" else 1.0)
        value, low, high = value + times * figure.value, low + times * figure.low, high + times * figure.high
        share = min(share, rests_on)
    return ItemNeed(
        item=item,
        counted=COUNTED_BY[lines[0].per_time],
        per_person=value,
        low=low,
        high=high,
        share=share,
        guarded=item.id in GUARDED_ITEMS or any(figure.per_whom in GUARDED_KINDS for figure in lines),
        figures=lines,
    )
