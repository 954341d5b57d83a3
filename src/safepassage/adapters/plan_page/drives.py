"""The drives of the days that are decided, by the town where they hand out."""

from __future__ import annotations

from datetime import date

from safepassage.adapters.page.figures import day_named, people, span, whole
from safepassage.adapters.page.grids import table
from safepassage.adapters.page.markup import esc, spaced
from safepassage.adapters.page.words import pair
from safepassage.adapters.plan_page.amounts import clock, goods, nobody_known, odds, vehicle
from safepassage.adapters.plan_page.facts import (
    by_town,
    carried,
    coming,
    leaving_days,
    total_carried,
    under_way,
)
from safepassage.adapters.plan_page.words import both, listed, spoken
from safepassage.core.plan import Dispatch
from safepassage.core.plan_story import PlanStory


def drives_sections(story: PlanStory) -> str:
    """Write the drives already under way and those of the first day on which any leaves."""
    parts, road, days = [], under_way(story), leaving_days(story)
    if road:
        parts.append(_section(story, both("under_way_title"), road, "road"))
    parts += [_day(story, when) for when in days[:1]]
    return "".join(parts) or _none(story)


def next_days(story: PlanStory) -> str:
    """Write one section for each later day on which drives leave."""
    return "".join(_day(story, when) for when in leaving_days(story)[1:])


def _day(story: PlanStory, when: date) -> str:
    title = both("drives_title", day=day_named(when))
    return _section(story, title, list(story.drives_on(when)), f"day-{when.isoformat()}")


def _none(story: PlanStory) -> str:
    reason = "drives_none_supply" if not story.logistics.supplies else "drives_none"
    if story.logistics.supplies and not story.logistics.carriers:
        reason = "drives_none_vehicle"
    title = both("drives_title", day=day_named(story.plan.start))
    return (
        f'<section aria-labelledby="drives"><h2 id="drives">{title}</h2>'
        f'<p class="none">{both(reason)}</p></section>'
    )


def _section(story: PlanStory, title: str, drives: list[Dispatch], key: str) -> str:
    towns = by_town(drives, story)
    statuses = dict.fromkeys(one.status for one in drives)
    counts = {status: sum(one.status == status for one in drives) for status in statuses}
    said = listed([spoken(f"status_count_{status}", count=whole(n)) for status, n in counts.items()])
    blocks = "".join(_town(story, place, rows) for place, rows in towns)
    return (
        f'<section class="drives" aria-labelledby="drives-{key}"><h2 id="drives-{key}">{title}</h2>'
        f"<p>{pair(said)}. {both('drives_lead')}</p>{_overview(story, towns)}{blocks}</section>"
    )


def _overview(story: PlanStory, towns: list[tuple[int, list[Dispatch]]]) -> str:
    """Write one line for each town: who may come, how many drives, what they bring together."""
    if len(towns) < 2:
        return ""
    head = [both(key) for key in ("col_town", "col_chance", "col_people", "col_drives", "col_together")]
    rows = "".join(_overview_row(story, place, drives) for place, drives in towns)
    return table(head, ["<tbody>", rows, "</tbody>"], css="overview")


def _overview_row(story: PlanStory, place: int, drives: list[Dispatch]) -> str:
    row = coming(story, place, drives[0].arrive)
    many = "–" if row.low is None or row.high is None else pair(span(row.low, row.high))
    total = [goods(item, quantity) for item, quantity in total_carried(story, drives)]
    cells = (
        ("col_chance", pair(odds(row.chance))),
        ("col_people", many),
        ("col_drives", whole(len(drives))("es")),
        ("col_together", pair(listed(total))),
    )
    inside = "".join(f'<td><span class="cell-name">{both(key)}</span>{cell}</td>' for key, cell in cells)
    name = esc(spaced(story.needs.network.places.names[place]))
    return f'<tr><th scope="row" class="town-name">{name}</th>{inside}</tr>'


def _town(story: PlanStory, place: int, drives: list[Dispatch]) -> str:
    names = story.needs.network.places
    head = [both(key) for key in ("col_leave", "col_arrive", "col_who", "col_what", "col_all_needed")]
    rows = "".join(_row(story, one) for one in drives)
    return (
        f'<div class="town-block"><h3>{esc(spaced(names.names[place]))} '
        f'<abbr class="country">{esc(spaced(names.countries[place]))}</abbr></h3>'
        f'<p class="who-comes">{town_line(story, place, drives[0].arrive)}</p>'
        f"{table(head, ['<tbody>', rows, '</tbody>'], css='drive-list')}</div>"
    )


def town_line(story: PlanStory, place: int, when: date) -> str:
    """Say how likely people stay in a town on a night, and how many if they do, as markup."""
    row = coming(story, place, when)
    told = {"chance": odds(row.chance), "threshold": people(story.needs.threshold_people)}
    if row.low is None or row.high is None:
        return both("town_few", **told)
    return both("town_many", **told, many=span(row.low, row.high))


def _row(story: PlanStory, one: Dispatch) -> str:
    places = story.needs.network.places
    carrier = story.carrier(one)
    who = esc(carrier.holder) if carrier is not None else pair(nobody_known)
    what = pair(vehicle(carrier.vehicle, one.vehicles)) if carrier is not None else ""
    arrive = "" if one.arrive == one.leave else f"<small>{pair(day_named(one.arrive))}</small>"
    store, needed = spaced(places.names[one.store]), pair(odds(one.sure))
    loads = "".join(f"<li>{pair(goods(item, quantity))}</li>" for item, quantity in carried(story, one))
    cells = (
        f'<th scope="row" class="hour"><span class="cell-name">{both("col_leave")}</span>'
        f"{clock(one.leave_hour)}</th>",
        f'<td class="hour"><span class="cell-name">{both("col_arrive")}</span>'
        f"{clock(one.arrive_hour)}{arrive}</td>",
        f'<td class="who"><b>{who}</b><small>{what} · {both("loads_at", place=store)} '
        f"· {whole(one.km)('es')} km</small><small>{esc(one.id)} · "
        f'<span class="status {esc(one.status)}">{both(f"status_{one.status}")}</span></small></td>',
        f'<td class="what"><ul>{loads}</ul></td>',
        f'<td class="sure"><span class="cell-name">{both("col_all_needed")}</span>{needed}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>"
