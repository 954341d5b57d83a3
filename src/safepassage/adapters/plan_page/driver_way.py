"""The way of one drive on its page: towns with km and hour, a small drawing, closures and holds."""

from __future__ import annotations

from safepassage.adapters.page.figures import LANGUAGES, day_short, whole
from safepassage.adapters.page.markup import esc, spaced
from safepassage.adapters.page.words import say as say_of_report
from safepassage.adapters.plan_page.amounts import clock, lasting
from safepassage.adapters.plan_page.facts import Stop, on_the_way, waits, way_of
from safepassage.adapters.plan_page.waychart import draw_way
from safepassage.adapters.plan_page.words import on_paper, say, spoken
from safepassage.core.plan import Dispatch
from safepassage.core.plan_story import PlanStory
from safepassage.core.scenario import Event

MOST_EVENTS = 3


def label(key: str) -> str:
    """Write a label in both languages beside each other."""
    es, en = (esc(say(lang, key)) for lang in LANGUAGES)
    return es if es == en else f'{es} <i lang="en">{en}</i>'


def way_part(story: PlanStory, one: Dispatch) -> str:
    """Write the way of a drive: a list of towns beside a drawing."""
    way = way_of(story, one)
    title = label("d_way")
    if not way:
        return f'<section class="way"><h2>{title}</h2>{on_paper(spoken("d_way_unknown"))}</section>'
    round_trip = spoken("d_way_km", km=whole(one.km), hours=lasting(one.hours))
    said = " · ".join(
        f'<span class="{lang}" lang="{lang}">{esc(round_trip(lang))}</span>' for lang in LANGUAGES
    )
    late = waits(one, way)
    wait = on_paper(spoken("d_waits", hours=lasting(late))) if late else ""
    lines = "".join(_stop(story, one, stop, last=n == len(way) - 1) for n, stop in enumerate(way))
    many = " many" if len(way) > 8 else ""
    return (
        f'<section class="way"><h2>{title} <small>{said}</small></h2>'
        f'<div class="way-pair"><ol class="stops{many}">{lines}</ol>'
        f"{draw_way(story.needs.network, one, story.routes.get(one.id, ()))}</div>{wait}</section>"
    )


def _stop(story: PlanStory, one: Dispatch, stop: Stop, *, last: bool) -> str:
    name = esc(spaced(story.needs.network.places.names[stop.place]))
    hour = clock(one.arrive_hour if last else stop.hour)
    load, end = label("d_map_load"), label("d_map_to")
    signs = (f' <em><b class="m-load"></b> {load}</em>' if stop.loads else "") + (
        f' <em><b class="m-end"></b> {end}</em>' if last else ""
    )
    when = f"<small>{esc(say('es', 'd_day_number', number=stop.day + 1))}</small> " if stop.day else ""
    css = ' class="end"' if last or stop.loads else ""
    km = f"<small>{whole(stop.km)('es')} km</small>"
    return f"<li{css}><b>{when}{hour}</b> <span>{name}{signs}</span> {km}</li>"


def events_lines(story: PlanStory, one: Dispatch) -> str:
    """Say which closures and holds are known on the way, in both languages."""
    if not way_of(story, one):  # nothing is known of the way: to say that it is open would be a lie
        return ""
    events = on_the_way(story, one)
    if not events:
        return f'<section class="events">{on_paper(spoken("d_events_none"))}</section>'
    lines = "".join(_event(story, event) for event in events[:MOST_EVENTS])
    return f'<section class="events known"><h2>{label("d_events")}</h2>{lines}</section>'


def _event(story: PlanStory, event: Event) -> str:
    names = story.needs.network.places.names
    where = spaced(names[event.place]) if event.place >= 0 else ""
    if event.link is not None:
        where = f"{spaced(names[event.link[0]])} – {spaced(names[event.link[1]])}"

    def said(lang: str) -> str:
        kind = say_of_report(lang, f"event_{event.kind}")
        return say(lang, "d_event", kind=kind, where=where, day=day_short(event.day))

    return on_paper(said)
