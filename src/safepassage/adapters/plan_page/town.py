"""What comes to a town, what is missing and what is too much: one page per language behind its sheet."""

from __future__ import annotations

from datetime import timedelta

from safepassage.adapters.page.figures import LANGUAGES, day, day_named, people, span
from safepassage.adapters.page.markup import esc, spaced
from safepassage.adapters.plan_page.amounts import about, between, clock, goods, nobody_known, odds
from safepassage.adapters.plan_page.coverage import (
    ALWAYS,
    SURPLUS,
    amount,
    sure_days,
    verdict,
    with_unit,
)
from safepassage.adapters.plan_page.facts import DELIVERED, carried, coming
from safepassage.adapters.plan_page.words import listed, say
from safepassage.core.coverage import CoverRow
from safepassage.core.plan import Dispatch
from safepassage.core.plan_story import PlanStory

NOT_COMING = ("refused", "withdrawn", DELIVERED)
LEAST_CHANCE = 0.05


def town_page(story: PlanStory, place: int) -> str:
    """Write what a plan means for one town, as markup to stand behind its sheet.

    Parameters
    ----------
    place : int         position in `Places`.

    Returns
    -------
    str                 one `article` in Spanish and one in English; '' where nothing comes and hardly
        anybody is expected on the days that are decided.
    """
    drives = [one for one in story.plan.dispatches if one.place == place and one.status not in NOT_COMING]
    number = _day_of(story, place, drives)
    if number is None:
        return ""
    return "".join(_article(story, (place, number), drives, lang) for lang in LANGUAGES)


def _day_of(story: PlanStory, place: int, drives: list[Dispatch]) -> int | None:
    """Choose the day to tell: of those decided now, the one on which people most likely come."""
    days = range(sure_days(story))
    chances = [coming(story, place, story.plan.start + timedelta(days=number)).chance for number in days]
    if not drives and not any(chance >= LEAST_CHANCE for chance in chances):
        return None
    return max(days, key=lambda number: chances[number], default=None)


def _article(story: PlanStory, where: tuple[int, int], drives: list[Dispatch], lang: str) -> str:
    place, number = where
    places, needs = story.needs.network.places, story.needs
    when = story.plan.start + timedelta(days=number)
    row = coming(story, place, when)
    many = ""
    if row.low is not None and row.high is not None:
        many = " " + say(lang, "d_people", many=span(row.low, row.high))
    told = {"day": day_named(when), "chance": odds(row.chance), "threshold": people(needs.threshold_people)}
    rows = story.board.on(number, place)
    shown = [one for one in rows if one.item in ALWAYS or one.accepted + one.offered > 0]
    title = needs.title_en if lang == "en" else needs.title_es
    made_up = story.logistics.illustrative_words.split(" / ")
    foot = say(lang, "town_foot", day=day(story.as_of))
    if len(made_up) == len(LANGUAGES):
        foot = f"{foot} {made_up[LANGUAGES.index(lang)]}"
    return (
        f'<article lang="{lang}" class="full"><div class="stamp">NO PUBLICAR · NOT FOR PUBLICATION</div>'
        f'<header><p class="eyebrow">{esc(say(lang, "town_title"))} · {esc(spaced(title))}</p>'
        f"<h1>{esc(spaced(places.names[place]))} <small>{esc(spaced(places.countries[place]))}</small></h1>"
        f'<p class="time">{esc(say(lang, "as_of", day=day(story.as_of)))}</p></header>'
        f'<section><p class="key">{esc(say(lang, "town_lead", **told) + many)}</p></section>'
        f"{_comes(story, drives, lang)}{_board(story, shown, lang)}{_no_more(story, rows, lang)}"
        f"<footer>{esc(foot)}</footer></article>"
    )


def _comes(story: PlanStory, drives: list[Dispatch], lang: str) -> str:
    title = f"<section><h2>{esc(say(lang, 'town_comes'))}</h2>"
    if not drives:
        return f"{title}<p>{esc(say(lang, 'town_comes_none'))}</p></section>"
    drives = sorted(drives, key=lambda one: (one.arrive, one.arrive_hour, one.id))
    lines = "".join(f"<li>{esc(_line(story, one, lang))}</li>" for one in drives)
    return f"{title}<ul>{lines}</ul></section>"


def _line(story: PlanStory, one: Dispatch, lang: str) -> str:
    carrier = story.carrier(one)
    return say(
        lang, "town_comes_line", day=day_named(one.arrive), hour=clock(one.arrive_hour),
        who=carrier.holder if carrier is not None else nobody_known,
        goods=listed([goods(item, quantity) for item, quantity in carried(story, one)]),
        status=say(lang, f"status_{one.status}"),
    )  # fmt: skip


def _board(story: PlanStory, rows: list[CoverRow], lang: str) -> str:
    if not rows:
        return ""
    keys = ("col_item", "col_needed", "col_accepted", "col_offered", "col_missing", "col_how")
    head = "".join(f'<th scope="col">{esc(say(lang, key))}</th>' for key in keys)
    lines = []
    for row in rows:
        cells = (
            between(row.if_they_come)(lang),
            amount(row.accepted, row),
            amount(row.offered, row),
            between(row.missing_if_they_come)(lang),
            say(lang, f"is_{verdict(row, stays=story.item(row.item).stays)}"),
        )
        inside = "".join(f"<td>{esc(cell)}</td>" for cell in cells)
        lines.append(f'<tr><th scope="row">{esc(with_unit(story.item(row.item))(lang))}</th>{inside}</tr>')
    return (
        f"<section class='cover'><h2>{esc(say(lang, 'town_board'))}</h2>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></section>"
    )


def _no_more(story: PlanStory, rows: tuple[CoverRow, ...], lang: str) -> str:
    """Say what nobody should bring any more."""
    lines = []
    for row in rows:
        item = story.item(row.item)
        if verdict(row, stays=item.stays) == SURPLUS:
            name = item.name_en if lang == "en" else item.name_es
            text = say(lang, "town_no_more_line", item=name, much=about(item, row.surplus))
            lines.append(f"<li>{esc(text)}</li>")
    if not lines:
        return ""
    return f"<section><h2>{esc(say(lang, 'town_no_more'))}</h2><ul>{''.join(lines)}</ul></section>"
