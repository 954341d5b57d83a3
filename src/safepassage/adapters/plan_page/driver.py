"""`drivers.html`: one A4 page for each drive, Spanish first and English below; made to be printed and ticked.

A driver has paper and no toggle: names, hours and quantities stand once under labels in both languages.
"""

from __future__ import annotations

import math
from importlib.resources import files

from safepassage.adapters.page.figures import LANGUAGES, Spoken, day, day_named, people, span, whole
from safepassage.adapters.page.markup import esc, policy, spaced
from safepassage.adapters.page.report import stamp
from safepassage.adapters.page.words import in_language
from safepassage.adapters.plan_page.amounts import clock, goods, nobody_known, odds, vehicle
from safepassage.adapters.plan_page.driver_way import MOST_EVENTS, events_lines, label, way_part
from safepassage.adapters.plan_page.facts import (
    DELIVERED,
    coming,
    holder_of,
    leaving_days,
    on_the_way,
    way_of,
)
from safepassage.adapters.plan_page.page import illustrative
from safepassage.adapters.plan_page.words import dictionary, on_paper, say, spoken
from safepassage.core.logistics import Carrier, Item
from safepassage.core.plan import Dispatch, Load
from safepassage.core.plan_story import PlanStory

HIGH, LOW = 0.66, 0.33
KEEPS_DAYS = 2.0
# From so much on a page is set closer, to stay one page.
CLOSE, TIGHT = 3.5, 8.8


def drivers_html(story: PlanStory, *, version: str) -> str:
    """Write the drivers' pages of a plan as one HTML document; drives that were delivered have none.

    Parameters
    ----------
    version : str       of the program, to stand beside how it was made.
    """
    sheet = files("safepassage.adapters.plan_page").joinpath("drivers.css")
    style = sheet.read_text(encoding="utf-8").strip()
    drives = [one for one in story.plan.dispatches if one.status != DELIVERED]
    drives.sort(key=lambda one: (one.leave, holder_of(story, one), one.leave_hour))
    pages = "".join(_page(story, one, (n, len(drives)), version) for n, one in enumerate(drives, start=1))
    days = leaving_days(story)
    title = say("es", "driver_title_all", day=day(days[0] if days else story.plan.start))
    return (
        f'<!DOCTYPE html>\n<html lang="es"><head><meta charset="utf-8">{policy(style)}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex, nofollow"><meta name="referrer" content="no-referrer">'
        f"<title>{esc(title)} · SafePassage</title><style>{style}</style></head>\n<body>"
        f"{pages or _nothing(story)}</body></html>\n"
    )


def _nothing(story: PlanStory) -> str:
    return (
        f"<article>{stamp()}<h1>{label('driver_title')}</h1>{on_paper(spoken('driver_none'))}"
        f"{on_paper(spoken('driver_none_more'))}{on_paper(spoken('as_of', day=day(story.as_of)))}</article>"
    )


def _page(story: PlanStory, one: Dispatch, number: tuple[int, int], version: str) -> str:
    full = _fullness(story, one)
    css = "drive" + (" close" if full >= CLOSE else "") + (" tight" if full >= TIGHT else "")
    return (
        f'<article class="{css}">{stamp()}{_head(story, one, number)}{_ends(story, one)}{_goods(story, one)}'
        f"{way_part(story, one)}{_whom(story, one)}{_if_nobody(story, one)}{events_lines(story, one)}"
        f'<p class="protect">{_two("d_protect")}</p>{_answer()}{_foot(story, version)}</article>'
    )


def _fullness(story: PlanStory, one: Dispatch) -> float:
    """Say how much there is on a page, in lines of goods."""
    stops = len(story.routes.get(one.id, ()))
    events = min(len(on_the_way(story, one)), MOST_EVENTS)
    return len(one.loads) + 0.5 * max(0, stops - 6) + float(one.vehicles > 1) + events


def _two(key: str) -> str:
    es, en = (esc(say(lang, key)) for lang in LANGUAGES)
    return f'<b>{es}</b> <i lang="en">{en}</i>'


def _head(story: PlanStory, one: Dispatch, number: tuple[int, int]) -> str:
    carrier = story.carrier(one)
    who = esc(carrier.holder) if carrier is not None else esc(in_language(nobody_known, "es"))
    kind = _vehicle(carrier, one) if carrier is not None else ""
    key = f"banner_{one.status}"
    banner = on_paper(spoken(key)) if key in dictionary("es") else ""
    return (
        f'<header><p class="eyebrow">{label("driver_title")} · <b>{esc(one.id)}</b> · '
        f"{esc(_of(number)('es'))}</p>"
        f"<h1>{who}</h1><p class='vehicle'>{kind}</p></header>"
        f'<div class="banner {esc(one.status)}">{banner}</div>'
    )


def _of(number: tuple[int, int]) -> Spoken:
    return spoken("driver_of", number=whole(number[0]), count=whole(number[1]))


def _vehicle(carrier: Carrier, one: Dispatch) -> str:
    return _in_both(vehicle(carrier.vehicle, one.vehicles))


def _in_both(value: Spoken) -> str:
    es, en = (esc(value(lang)) for lang in LANGUAGES)
    return es if es == en else f'{es} <i lang="en">{en}</i>'


def _ends(story: PlanStory, one: Dispatch) -> str:
    """Write where and when: the day, leaving, where to, arriving, back home."""
    places = story.needs.network.places
    way = way_of(story, one)
    store = spaced(places.names[one.store])
    at = next((stop for stop in way if stop.loads), None)
    home = at is not None and at.km == 0
    if home:
        gone = spoken("d_then_leave", hour=clock(one.leave_hour + story.rules.load_hours))
        load = f"{esc(store)} <small>{_in_both(gone)}</small>"
    else:
        load = esc(say("es", "d_load_hour", place=store, hour=clock(at.hour) if at is not None else "–"))
    later = "" if one.arrive == one.leave else f"<small>{_day(one, arrive=True)}</small>"
    to = esc(spaced(places.names[one.place]))
    return (
        f'<p class="date">{_day(one)}</p><dl class="ends">'
        f"<div><dt>{label('d_load_from' if home else 'd_leave')}</dt><dd>{clock(one.leave_hour)}</dd></div>"
        f'<div class="place"><dt>{label("d_load_at")}</dt><dd>{load}</dd></div>'
        f"<div><dt>{label('d_arrive')}</dt><dd>{clock(one.arrive_hour)}{later}</dd></div>"
        f'<div class="place"><dt>{label("d_to")}</dt><dd>{to}</dd></div></dl>'
    )


def _day(one: Dispatch, *, arrive: bool = False) -> str:
    return _in_both(day_named(one.arrive if arrive else one.leave))


def _goods(story: PlanStory, one: Dispatch) -> str:
    """Write what is loaded, whom to ask for it, and boxes to tick."""
    keys = ("d_what", "d_from", "d_loaded", "d_handed")
    head = "".join(f"<th>{label(key)}</th>" for key in keys)
    known = {item.id: item for item in story.items}
    rows = "".join(_load(story, known[load.item], load) for load in one.loads if load.item in known)
    each = ""
    if one.vehicles > 1:
        each = on_paper(spoken("d_each", count=whole(one.vehicles)))
    return f'<table class="goods"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{each}'


def _load(story: PlanStory, item: Item, load: Load) -> str:
    supply = story.supply(load.supply) if load.supply else None
    holder = esc(supply.holder) if supply is not None else label("d_brought")
    es, en = (goods(item, load.quantity, sizes=True)(lang) for lang in LANGUAGES)
    english = "" if es == en else f'<i lang="en">{esc(en)}</i>'
    return (
        f'<tr><th class="much"><b>{esc(es)}</b>{english}</th><td>{holder}</td>'
        '<td class="tick"><span class="box"></span></td><td class="blank"></td></tr>'
    )


def _whom(story: PlanStory, one: Dispatch) -> str:
    """Say for how many people, if they come, and how sure that is."""
    row = coming(story, one.place, one.arrive)
    if row.low is not None and row.high is not None:
        many = spoken("d_people", many=span(row.low, row.high))
    elif one.people >= 1:
        many = spoken("d_people_about", many=people(one.people))
    else:
        many = spoken("d_people_unknown")
    sure = spoken(_how_sure(row.chance), chance=odds(row.chance))
    said = {lang: f"{in_language(many, lang)} {_capital(in_language(sure, lang))}" for lang in LANGUAGES}
    return (
        f'<section class="whom"><h2>{label("d_for")}</h2><p class="es" lang="es">{esc(said["es"])}</p>'
        f'<p class="en" lang="en">{esc(said["en"])}</p></section>'
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _how_sure(chance: float) -> str:
    if not math.isfinite(chance):
        return "d_sure_unknown"
    return "d_sure_high" if chance >= HIGH else "d_sure_even" if chance >= LOW else "d_sure_low"


def _if_nobody(story: PlanStory, one: Dispatch) -> str:
    """Say what to do if nobody is there: what spoils goes to a kitchen, the rest is stored or comes back."""
    spoils = False
    for load in one.loads:
        supply = story.supply(load.supply) if load.supply else None
        own = supply.shelf_life_days if supply is not None else None
        item = next((item for item in story.items if item.id == load.item), None)
        life = own if own is not None else item.shelf_life_days if item is not None else None
        spoils = spoils or (life is not None and life <= KEEPS_DAYS)
    return f'<section class="nobody">{on_paper(spoken("d_nobody" if spoils else "d_nobody_kept"))}</section>'


def _answer() -> str:
    boxes = "".join(
        f'<span class="choice"><span class="box"></span>{label(key)}</span>'
        for key in ("d_yes", "d_no", "d_change")
    )
    return (
        f'<section class="answer"><h2>{label("d_answer")}</h2><p class="choices">{boxes}'
        f'<span class="line"></span></p><p class="notes">{label("d_notes")}</p>'
        '<div class="room"></div></section>'
    )


def _foot(story: PlanStory, version: str) -> str:
    made_up = illustrative(story)
    parts = [f"SafePassage {esc(version)}"]
    for lang in LANGUAGES:
        parts.append(esc(say(lang, "as_of", day=day(story.as_of))))
        if made_up is not None:
            parts.append(esc(made_up(lang)))
    return f"<footer>{' · '.join(parts)}</footer>"
