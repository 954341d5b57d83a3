"""How good a plan is beside other ways of planning, and what it takes for granted."""

from __future__ import annotations

import numpy as np

from safepassage.adapters.page.figures import Spoken, share, whole
from safepassage.adapters.page.grids import table
from safepassage.adapters.page.markup import esc, spaced
from safepassage.adapters.page.words import in_its_language, pair
from safepassage.adapters.plan_page.amounts import fine, lasting, named
from safepassage.adapters.plan_page.words import both, listed, spoken
from safepassage.core.plan import Judgement, Worth
from safepassage.core.plan_story import PlanStory

OWN = "stochastic"
OTHERS = ("nearest", "median", "perfect")


def worth_section(story: PlanStory) -> str:
    """Write how much stays unmet beside other ways of planning, and how far the search came."""
    gap = story.plan.gap
    found = both("gap", gap=fine(max(0.0, gap))) if np.isfinite(gap) and gap > 1e-4 else both("gap_none")
    late = "" if story.plan.complete else f" {both('gap_time')}"
    judged = both("worth_none") if story.judgement is None else ""
    told = f"<p>{judged}</p>" if story.judgement is None else _compared(story, story.judgement)
    return (
        f'<section aria-labelledby="worth"><h2 id="worth">{both("worth_title")}</h2>{told}'
        f"<p>{found}{late}</p></section>"
    )


def _compared(story: PlanStory, judged: Judgement) -> str:
    own = judged.worth[OWN]
    lines = "".join(f"<li>{_against(judged, key)}</li>" for key in OTHERS if key in judged.worth)
    head = [both(key) for key in ("col_way", "col_unmet", "col_worst", "col_cost")]
    rows = "".join(_row(story, key, judged.worth[key], own) for key in (OWN, *OTHERS) if key in judged.worth)
    return (
        f"<p>{both('worth_lead', members=whole(judged.members))}</p><ul class='told'>{lines}</ul>"
        f"{table(head, ['<tbody>', rows, '</tbody>'], css='worth')}"
    )


def _against(judged: Judgement, key: str) -> str:
    """Say what another way leaves unmet against this plan, and in how many members this plan is ahead."""
    own, other = judged.worth[OWN], judged.worth[key]
    base = other.expected_unmet if key != "perfect" else own.expected_unmet
    less = abs(other.expected_unmet - own.expected_unmet) / base if base > 0 else 0.0
    ahead = int((own.by_member < other.by_member * (1 - 1e-6)).sum())
    if less < 0.005:
        return both(f"same_{key}")
    better = own.expected_unmet < other.expected_unmet
    word = f"{'better' if better else 'worse'}_{key}"
    return both(word, share=share(less), ahead=whole(ahead), members=whole(judged.members))


def _row(story: PlanStory, key: str, one: Worth, own: Worth) -> str:
    index = 100 * one.expected_unmet / own.expected_unmet if own.expected_unmet > 0 else 100.0
    wide = min(index, 300.0) / 3
    bar = (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{wide:.1f}" height="10"/></svg>'
    )
    worst = "–"
    if one.worst_place >= 0:
        name = spaced(story.needs.network.places.names[one.worst_place])
        worst = f"{esc(name)}: {pair(share(one.worst_place_unmet))}"
    currency = f" {esc(story.logistics.currency)}" if story.logistics.currency else ""
    cells = (
        ("col_unmet", f'<span class="figure">{index:.0f}</span>{bar}'),
        ("col_worst", worst),
        ("col_cost", f"{_two(one.cost)}{currency}"),
    )
    inside = "".join(f'<td><span class="cell-name">{both(name)}</span>{cell}</td>' for name, cell in cells)
    css = ' class="own"' if key == OWN else ""
    return f'<tr{css}><th scope="row">{both(f"way_{key}")}</th>{inside}</tr>'


def _two(value: float) -> str:
    return f"{float(f'{value:.2g}'):,.0f}"


def assumptions_section(story: PlanStory) -> str:
    """Write what the plan takes for granted: its rules, the vehicles' usual figures, the weights of items."""
    rules, needs = story.rules, story.needs
    assumed = sum(bool(one.assumed) for one in story.logistics.carriers)
    weights = listed(
        [_weight(item.weight, named(item)) for item in sorted(story.items, key=lambda one: -one.weight)]
    )
    lines = [
        both("rule_days", sure=whole(min(rules.sure_days, story.plan.needed.shape[0]))),
        both("rule_hours", load=lasting(rules.load_hours), hand_out=lasting(rules.hand_out_hours)),
        *_fair(story),
        both("rule_one_town"),
        both("rule_borders_yes" if rules.cross_borders else "rule_borders_no"),
        both("rule_scenarios", count=whole(len(story.plan.scenarios.members)), members=whole(needs.members)),
        both("rule_profile", profile=needs.profile.name),
        both("rule_weights", weights=weights),
    ]
    if assumed:
        every = whole(len(story.logistics.carriers))
        lines.append(both("rule_vehicles", count=whole(assumed), every=every))
    told = dict.fromkeys((story.logistics.illustrative_words, *needs.illustrative))
    made_up = [pair(_half(line)) for line in told if line]
    items = "".join(f"<li>{line}</li>" for line in (*lines, *made_up))
    return (
        f'<section class="reading" aria-labelledby="rules"><h2 id="rules">{both("rules_title")}</h2>'
        f"<p>{both('rules_lead')}</p><ul>{items}</ul></section>"
    )


def _fair(story: PlanStory) -> list[str]:
    """Say what the floor promises, and where whole trips do not keep it; nothing where none was asked for."""
    if story.rules.fairness <= 0:
        return []
    promised = both("rule_fair", share=share(story.rules.fairness), possible=share(story.plan.fair_share))
    missed = [one for one in story.plan.findings if (one.kind, one.reason) == ("limit", "floor")]
    return [promised, *(pair(lambda lang, one=one: one.en if lang == "en" else one.es) for one in missed)]


def _half(line: str) -> Spoken:
    return lambda lang: in_its_language(line, lang)


def _weight(weight: float, name: Spoken) -> Spoken:
    return spoken("weight_of", item=name, weight=f"{weight:g}")
