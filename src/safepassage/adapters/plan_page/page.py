"""`plan.html`: the coordinator's page of a plan, in one file that needs no network and no script."""

from __future__ import annotations

from functools import partial
from importlib.resources import files

from safepassage.adapters.page.figures import Spoken, day, day_named, people, share, whole
from safepassage.adapters.page.markup import esc, policy, spaced
from safepassage.adapters.page.report import stamp
from safepassage.adapters.page.words import in_its_language, pair
from safepassage.adapters.page.words import say as say_of_report
from safepassage.adapters.plan_page.amounts import about, named
from safepassage.adapters.plan_page.chart import map_section
from safepassage.adapters.plan_page.coverage import coverage_section, later_section
from safepassage.adapters.plan_page.drives import drives_sections, next_days
from safepassage.adapters.plan_page.facts import coming, leaving_days, total_carried, under_way
from safepassage.adapters.plan_page.reasons import reasons_section
from safepassage.adapters.plan_page.words import both, listed, spoken
from safepassage.adapters.plan_page.worth import assumptions_section, worth_section
from safepassage.core.logistics import Item
from safepassage.core.plan import Dispatch
from safepassage.core.plan_story import PlanStory

# What a person needs of it every day is told; the rest is told by its quantity alone.
FED = ("water", "food")
MOST_MISSING = 4
LEAST_SHARE = 0.005


def plan_html(story: PlanStory, *, version: str) -> str:
    """Write the coordinator's page of a plan as one HTML document.

    Parameters
    ----------
    version : str       of the program, to stand beside how it was made.
    """
    style = "\n".join(
        files(f"safepassage.adapters.{room}").joinpath(name).read_text(encoding="utf-8").strip()
        for room, name in (("page", "report.css"), ("plan_page", "plan.css"))
    )
    needs = story.needs
    return (
        f'<!DOCTYPE html>\n<html lang="es"><head><meta charset="utf-8">{policy(style)}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex, nofollow"><meta name="referrer" content="no-referrer">'
        f"<title>{esc(needs.title_es)} · SafePassage</title><style>{style}</style></head>\n<body>"
        f'<a class="skip" href="#content">{both("skip")}</a>{stamp()}<div class="page">{_header(story)}'
        f'<main id="content">{_answer(story)}{drives_sections(story)}{coverage_section(story)}'
        f"{next_days(story)}{later_section(story)}{map_section(story)}{reasons_section(story)}{worth_section(story)}"
        f"{assumptions_section(story)}</main>"
        f"<footer><p>{both('purpose')}</p>"
        f"<p>{both('made', version=version, seconds=f'{story.plan.seconds:.0f}')} "
        f"{pair(lambda lang: say_of_report(lang, 'attribution_long'))}</p></footer></div></body></html>\n"
    )


def illustrative(story: PlanStory) -> Spoken | None:
    """Say that supplies are made up; None where none is."""
    words = story.logistics.illustrative_words
    return partial(in_its_language, words) if words else None


def _header(story: PlanStory) -> str:
    needs, plan = story.needs, story.plan
    titles = (
        f'<span lang="es">{esc(spaced(needs.title_es))}</span>'
        f'<span lang="en">{esc(spaced(needs.title_en))}</span>'
    )
    facts = (
        f'<li class="data-time">{both("as_of", day=day(story.as_of))}</li>',
        f"<li>{both('for_day', day=day_named(plan.start))}</li>",
        f"<li>{both('proposal')}</li>",
    )
    made_up = illustrative(story)
    notice = f'<p class="notice">{pair(made_up)}</p>' if made_up else ""
    return (
        f'<header><div><p class="eyebrow">{both("eyebrow")}</p><h1>{titles}</h1>'
        f'<ul class="facts">{"".join(facts)}</ul>{notice}</div>{_languages()}</header>'
    )


def _languages() -> str:
    choices = "".join(
        f'<input type="radio" name="lang" id="lang-{key}"{" checked" if key == "es" else ""}>'
        f'<label for="lang-{key}" translate="no">{name}</label>'
        for key, name in (("es", "Español"), ("en", "English"))
    )
    return f'<fieldset class="lang"><legend>{both("language")}</legend>{choices}</fieldset>'


def _answer(story: PlanStory) -> str:
    """Say the plan in three sentences: what goes, what stays missing, who is worst off."""
    days = leaving_days(story)
    first = days[0] if days else story.plan.start
    drives = [*story.drives_on(first), *under_way(story)]
    lines = [_going(story, drives), _missing(story), _worst(story)]
    inside = "".join(f"<li>{pair(line)}</li>" for line in lines)
    title = both("answer_title", day=day_named(first))
    head = f'<h2 id="answer">{title}</h2>'
    return f'<section class="lead" aria-labelledby="answer">{head}<ol>{inside}</ol></section>'


def _going(story: PlanStory, drives: list[Dispatch]) -> Spoken:
    if not drives:
        return spoken("answer_none")
    towns = {one.place for one in drives}
    most = max((c.high or 0.0 for one in drives for c in [coming(story, one.place, one.arrive)]), default=0)
    goods = listed([_enough(story, *row) for row in total_carried(story, drives)[:3]], "; ")
    counts = {"drives": _count("drive", len(drives)), "towns": _count("town", len(towns))}
    return spoken("answer_going" if most else "answer_going_few", **counts, goods=goods, most=people(most))


def _count(key: str, number: int) -> Spoken:
    return spoken(f"one_{key}") if number == 1 else spoken(f"several_{key}s", count=whole(number))


def _enough(story: PlanStory, item: Item, quantity: float) -> Spoken:
    """Say how much goes and, of what is eaten and drunk, for how many people it lasts a day."""
    need = story.needs.by_id.get(item.id)
    much = about(item, quantity)
    if item.id not in FED or need is None or need.per_person <= 0:
        return much
    return spoken("goods_for", much=much, people=people(quantity / need.per_person))


def _missing(story: PlanStory) -> Spoken:
    """Say which share of what is expected to be needed stays unmet on the first day, worst first."""
    plan = story.plan
    needed, unmet = plan.needed[0].sum(axis=0), plan.unmet[0].sum(axis=0)
    shares = []
    for number, item in enumerate(story.items):
        need = story.needs.by_id.get(item.id)
        everybody = need is not None and need.share >= 1.0
        if everybody and needed[number] >= 1 and unmet[number] >= LEAST_SHARE * needed[number]:
            shares.append((-unmet[number] * item.weight, item, float(unmet[number] / needed[number])))
    if not shares:
        return spoken("answer_nothing_missing")
    told = sorted(shares, key=lambda row: row[0])[:MOST_MISSING]
    parts = [spoken("missing_share", item=_lower(item), share=share(part)) for _, item, part in told]
    return spoken("answer_missing", items=listed(parts))


def _lower(item: Item) -> Spoken:
    return lambda lang: named(item)(lang).lower()


def _worst(story: PlanStory) -> Spoken:
    plan = story.plan
    if plan.worst_place < 0:
        return spoken("answer_no_worst")
    name = spaced(story.needs.network.places.names[plan.worst_place])
    return spoken(
        "answer_worst", place=name, share=share(plan.worst_place_unmet), days=whole(plan.needed.shape[0])
    )
