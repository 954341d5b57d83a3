"""The coverage board: town by town what is needed if people come, what is decided, missing, or too much."""

from __future__ import annotations

import math
from datetime import timedelta

from safepassage.adapters.page.figures import Spoken, day_named, people, share, whole
from safepassage.adapters.page.grids import table
from safepassage.adapters.page.markup import esc, spaced
from safepassage.adapters.page.words import pair
from safepassage.adapters.plan_page.amounts import about, between, named
from safepassage.adapters.plan_page.drives import town_line
from safepassage.adapters.plan_page.facts import coming
from safepassage.adapters.plan_page.words import both, listed
from safepassage.core.aid_items import FOOD, SHELTER, WATER, unit_word
from safepassage.core.coverage import CoverRow
from safepassage.core.logistics import Item
from safepassage.core.plan_story import PlanStory

ALWAYS = (WATER, FOOD, SHELTER)
LATER_ITEMS = (WATER, FOOD, SHELTER)
LEAST_CHANCE = 0.05
TOWNS, LATER_TOWNS = 12, 6
LEAST_UNITS, LEAST_TOLD_SHARE = 0.5, 1e-3
# So much of what is there has to stay unused before it is called too much.
LEAST_SURPLUS_SHARE, MOST_MISSING_CHANCE = 0.02, 0.05
MISSING, MAYBE, COVERED, SURPLUS, UNKNOWN = "missing", "maybe", "covered", "surplus", "unknown"


def verdict(row: CoverRow, *, stays: bool = False) -> str:
    """Name how a need stands: missing, maybe, covered, surplus, or unknown.

    What `stays` (a place to sleep) is brought by nobody, so there is never too much of it.

    Surplus: what stays unused is worth telling, and hardly anything can be missing. Missing: something is
    missing in nearly all futures in which people come in numbers; covered: in hardly any.
    """
    told, there = row.missing_if_they_come, row.accepted + row.offered
    enough = told.high is None or told.high < LEAST_UNITS
    if not stays and enough and row.chance_missing <= MOST_MISSING_CHANCE and _too_much(row.surplus, there):
        return SURPLUS
    if told.high is None:
        return UNKNOWN
    if told.high < LEAST_UNITS:
        return COVERED
    return MISSING if (told.low if told.low is not None else told.high) >= LEAST_UNITS else MAYBE


def _too_much(surplus: float, there: float) -> bool:
    return surplus >= max(LEAST_UNITS, LEAST_SURPLUS_SHARE * there)


def towns_of(story: PlanStory, number: int, most: int) -> list[int]:
    """List the towns to tell of a day: likely ones and those to which something comes, likeliest first."""
    when = story.plan.start + timedelta(days=number)
    found = {
        row.place: coming(story, row.place, when).chance
        for row in story.board.rows
        if row.day == number
        and (row.arriving + row.proposed > 0 or coming(story, row.place, when).chance >= LEAST_CHANCE)
    }
    return sorted(found, key=lambda place: (-found[place], place))[:most]


def sure_days(story: PlanStory) -> int:
    """Give how many days' drives are decided now."""
    return min(story.rules.sure_days, int(story.plan.needed.shape[0]))


def coverage_section(story: PlanStory) -> str:
    """Write the board of the days that are decided now."""
    days = "".join(_day(story, number) for number in range(sure_days(story)))
    legend = "".join(
        f"<li>{badge(kind)} {both(f'means_{kind}')}</li>" for kind in (MISSING, MAYBE, COVERED, SURPLUS)
    )
    return (
        f'<section aria-labelledby="board"><h2 id="board">{both("board_title")}</h2>'
        f"<p>{both('board_lead')}</p><ul class='badges'>{legend}</ul>{days}</section>"
    )


def badge(kind: str) -> str:
    """Write a verdict as colour, sign and words."""
    return f'<span class="badge {kind}">{both(f"is_{kind}")}</span>'


def _day(story: PlanStory, number: int) -> str:
    when = day_named(story.plan.start + timedelta(days=number))
    towns = towns_of(story, number, TOWNS)
    body = "".join(_town(story, number, place) for place in towns)
    inside = body or f'<p class="none">{both("board_none")}</p>'
    return f'<h3 class="day-head">{both("board_day", day=when)}</h3>{inside}'


def _town(story: PlanStory, number: int, place: int) -> str:
    rows = story.board.on(number, place)
    shown = [row for row in rows if row.item in ALWAYS or row.accepted + row.offered > 0]
    rest = [row for row in rows if row not in shown and row.if_they_come.high]
    head = [
        both(key)
        for key in ("col_item", "col_needed", "col_accepted", "col_offered", "col_missing", "col_how")
    ]
    lines = "".join(_line(story, row) for row in shown)
    names = story.needs.network.places
    also = ""
    if rest:
        items = listed([_lower(story, row.item) for row in rest])
        also = f'<p class="also">{both("board_rest", items=items)}</p>'
    when = story.plan.start + timedelta(days=number)
    return (
        f'<div class="town-block"><h4>{esc(spaced(names.names[place]))} '
        f'<abbr class="country">{esc(spaced(names.countries[place]))}</abbr></h4>'
        f'<p class="who-comes">{town_line(story, place, when)}</p>'
        f"{table(head, ['<tbody>', lines, '</tbody>'], css='cover')}{also}</div>"
    )


def _lower(story: PlanStory, item: str) -> Spoken:
    return lambda lang: named(story.item(item))(lang).lower()


def _line(story: PlanStory, row: CoverRow) -> str:
    item, kind = story.item(row.item), verdict(row, stays=story.item(row.item).stays)
    cells = (
        ("col_needed", pair(between(row.if_they_come))),
        ("col_accepted", amount(row.accepted, row)),
        ("col_offered", amount(row.offered, row)),
        ("col_missing", pair(between(row.missing_if_they_come))),
    )
    inside = "".join(f'<td><span class="cell-name">{both(key)}</span>{cell}</td>' for key, cell in cells)
    more = ""
    if kind == SURPLUS:
        more = f" <small>{both('surplus_much', much=about(item, row.surplus))}</small>"
    return (
        f'<tr><th scope="row">{pair(with_unit(item))}</th>{inside}'
        f'<td class="how">{badge(kind)}{more}</td></tr>'
    )


def with_unit(item: Item) -> Spoken:
    """Say the name of an item, with its unit where the name does not count it."""

    def said(lang: str) -> str:
        name, unit = named(item)(lang), unit_word(item.unit, 2, lang)
        return name if item.unit == "piece" or unit.lower() in name.lower() else f"{name} ({unit})"

    return said


def amount(value: float, row: CoverRow) -> str:
    """Say a quantity to two significant digits; a dash for none, or for a rest not worth a thousandth."""
    least = max(LEAST_UNITS, LEAST_TOLD_SHARE * (row.if_they_come.high or 0.0))
    return people(value)("es") if value >= least else "–"


def later_section(story: PlanStory) -> str:
    """Write what is expected on the days whose drives are not decided yet."""
    first, last = sure_days(story), story.plan.needed.shape[0]
    if first >= last:
        return ""
    items = [item for item in story.items if item.id in LATER_ITEMS]
    head = [both("col_town"), both("col_chance"), *(pair(with_unit(item)) for item in items)]
    bodies = [_later_day(story, number, [item.id for item in items]) for number in range(first, last)]
    return (
        f'<section aria-labelledby="later"><h2 id="later">{both("later_title")}</h2>'
        f"<p>{both('later_lead', sure=whole(first))}</p>{table(head, bodies, css='later')}</section>"
    )


def _later_day(story: PlanStory, number: int, items: list[str]) -> str:
    when = story.plan.start + timedelta(days=number)
    title = (
        f'<tr class="day-row"><th scope="rowgroup" colspan="{2 + len(items)}">{pair(day_named(when))} · '
        f"<span>{both('not_decided')}</span></th></tr>"
    )
    lines = []
    for place in towns_of(story, number, LATER_TOWNS):
        rows = {row.item: row for row in story.board.on(number, place)}
        cells = "".join(f"<td>{_foreseen(story, rows.get(item), item)}</td>" for item in items)
        chance = pair(share_of(coming(story, place, when).chance))
        name = esc(spaced(story.needs.network.places.names[place]))
        lines.append(f'<tr><th scope="row" class="town-name">{name}</th><td>{chance}</td>{cells}</tr>')
    if not lines:
        lines.append(f'<tr><td colspan="{2 + len(items)}" class="none">{both("board_none")}</td></tr>')
    return f"<tbody>{title}{''.join(lines)}</tbody>"


def share_of(chance: float) -> Spoken:
    """Say a chance in short."""
    return share(chance) if math.isfinite(chance) else (lambda lang: "–")


def _foreseen(story: PlanStory, row: CoverRow | None, item: str) -> str:
    label = f'<span class="cell-name">{pair(with_unit(story.item(item)))}</span>'
    if row is None:
        return f"{label}–"
    told, said = row.missing_if_they_come, []
    if told.high is not None and told.high < LEAST_UNITS:
        said.append(both("is_covered"))
    elif told.high is not None:
        said.append(f"<b>{pair(between(told))}</b>")
    if (row.foreseen or 0.0) >= LEAST_UNITS:
        said.append(f"<small>{both('comes', much=people(row.foreseen or 0.0))}</small>")
    return label + ("".join(said) or "–")
