"""What stays unmet and why, and what one more vehicle or more goods would change; repeated things once."""

from __future__ import annotations

import re

from safepassage.adapters.page.figures import Spoken, share, whole
from safepassage.adapters.page.markup import spaced
from safepassage.adapters.page.words import pair
from safepassage.adapters.plan_page.amounts import about, fine, named, vehicle
from safepassage.adapters.plan_page.facts import same_reason
from safepassage.adapters.plan_page.words import both, dictionary, listed, spoken
from safepassage.core.logistics import Item
from safepassage.core.plan import Finding
from safepassage.core.plan_story import PlanStory

TOLD_AT_ONCE, MOST_HELPS, LEAST_PART = 3, 6, 1e-3
# How findings name a vehicle and begin with how much more: see `planning.explain`.
VEHICLE, NUMBER = re.compile("«(.+?)»"), re.compile(r"\d[\d,]*")


def reasons_section(story: PlanStory) -> str:
    """Write what stays unmet and why, what would help, and what is left over."""
    groups = same_reason(story.plan.findings)
    parts = [
        _part("unmet_title", _unmet(story, groups)),
        _part("helps_title", _helps(story)),
        _part("also_title", _others(groups)),
    ]
    inside = "".join(parts) or f'<p class="none">{both("reasons_none")}</p>'
    return (
        f'<section aria-labelledby="reasons"><h2 id="reasons">{both("reasons_title")}</h2>{inside}</section>'
    )


def _part(title: str, lines: list[str]) -> str:
    return f"<h3>{both(title)}</h3><ul class='told'>{''.join(lines)}</ul>" if lines else ""


def reason_words(one: Finding) -> Spoken | None:
    """Say why something stays unmet; None for a reason that has no words here."""
    key = f"why_{one.reason.replace(' ', '_')}"
    return spoken(key) if key in dictionary("es") else None


def _unmet(story: PlanStory, groups: dict[tuple[str, str, str], list[Finding]]) -> list[str]:
    known = {item.id: (number, item) for number, item in enumerate(story.items)}
    lines = []
    for (kind, _, item_id), found in groups.items():
        if kind != "unmet":
            continue
        why = reason_words(found[0])
        if why is None or item_id not in known:
            lines += [_sentence(one) for one in found]
            continue
        number, item = known[item_id]
        towns = listed([_lack(story, one, (number, item)) for one in found], "; ")
        lines.append(f"<li><b>{pair(named(item))}: {pair(why)}.</b> {pair(towns)}.</li>")
    return lines


def _lack(story: PlanStory, one: Finding, what: tuple[int, Item]) -> Spoken:
    number, item = what
    needed = float(story.plan.needed[:, one.place, number].sum())
    name = spaced(story.needs.network.places.names[one.place])
    part = share(min(1.0, one.value / needed)) if needed > 0 else share(1.0)
    return spoken("lack_at", place=name, much=about(item, one.value), share=part)


def _sentence(one: Finding) -> str:
    return f"<li>{pair(lambda lang: one.en if lang == 'en' else one.es)}</li>"


def _helps(story: PlanStory) -> list[str]:
    """Tell what would help most, as a share of all that stays unmet; equal vehicles together."""
    found = [one for one in story.plan.findings if one.kind == "marginal"]
    if not found or story.plan.expected_unmet <= 0:
        return [_sentence(one) for one in found]
    vehicles = [one for one in found if one.reason == "one more vehicle"]
    goods = [
        one for one in found if one not in vehicles and one.value >= LEAST_PART * story.plan.expected_unmet
    ]
    goods.sort(key=lambda one: -one.value)
    lines = [*_more_vehicles(story, vehicles), *(_more_goods(story, one) for one in goods[:MOST_HELPS])]
    return [*lines, f'<li class="soft">{both("helps_note")}</li>']


def _more_vehicles(story: PlanStory, found: list[Finding]) -> list[str]:
    alike: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        named_kind = VEHICLE.search(one.es)
        alike.setdefault((named_kind[1] if named_kind else "", fine_share(story, one)("en")), []).append(one)
    lines = []
    names = story.needs.network.places.names
    for (kind, _), same in alike.items():
        if not kind:
            lines += [_sentence(one) for one in same]
            continue
        places = [spaced(names[one.place]) for one in same]
        where = listed([_as_is(place) for place in places], between=spoken("or_else"))
        told = {"vehicle": vehicle(kind, 1), "places": where, "share": fine_share(story, same[0])}
        lines.append(f"<li>{both('helps_vehicle', **told)}</li>")
    return lines


def _as_is(text: str) -> Spoken:
    return lambda lang: text


def _more_goods(story: PlanStory, one: Finding) -> str:
    """Say it with what is counted; as the finding says it, where its sentence begins with no number."""
    number = NUMBER.match(one.en)
    known = {item.id: item for item in story.items}
    if number is None or one.item not in known:
        return _sentence(one)
    much = about(known[one.item], float(number[0].replace(",", "")))
    place = spaced(story.needs.network.places.names[one.place])
    return f"<li>{both('helps_goods', much=much, place=place, share=fine_share(story, one))}</li>"


def fine_share(story: PlanStory, one: Finding) -> Spoken:
    """Say which share of all that stays unmet a finding is worth; small ones with a decimal."""
    return fine(min(1.0, one.value / story.plan.expected_unmet))


def _others(groups: dict[tuple[str, str, str], list[Finding]]) -> list[str]:
    """Tell the rest: a few one by one, many as one line that can be opened."""
    lines = []
    for (kind, reason, _), found in groups.items():
        if kind in ("unmet", "marginal"):
            continue
        if len(found) <= TOLD_AT_ONCE:
            lines += [_sentence(one) for one in found]
            continue
        key = f"many_{kind}_{reason.replace(' ', '_')}"
        count = whole(len(found))
        title = both(key if key in dictionary("es") else "many_other", count=count)
        inside = "".join(_sentence(one) for one in found)
        lines.append(
            f"<li>{title}<details><summary>{both('show_all')}</summary><ul>{inside}</ul></details></li>"
        )
    return lines
