"""The part of the report that tells what will be needed: by town for the next nights, and in all."""

from __future__ import annotations

from safepassage.adapters.needs_rows import NeedRow, TotalRow, TownNeeds, totals_on, towns_on
from safepassage.adapters.page.figures import Spoken, day_named, share, whole
from safepassage.adapters.page.grids import source_link, table
from safepassage.adapters.page.markup import esc, spaced
from safepassage.adapters.page.words import both, pair, say
from safepassage.core.aid_items import counted_in, unit_word
from safepassage.core.logistics import Item
from safepassage.core.needs import Figure, ItemNeed, Needs, Told
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE
from safepassage.core.units_of_aid import in_local_units

NIGHTS, TOWNS = 3, 5


def needs_section(needs: Needs) -> str:
    """Write the section: the next nights town by town, the whole movement, and where the figures are from."""
    about = {"profile": needs.profile.name, "members": whole(needs.members)}
    notes = f"{both('needs_star')} {both('needs_dots', threshold=whole(needs.threshold_people))}"
    nights = "".join(_night(needs, number) for number in range(min(NIGHTS, needs.days)))
    return (
        f'<section aria-labelledby="needs"><h2 id="needs">{both("needs_title")}</h2>'
        f"<p>{both('needs_lead', **about)} {both(f'needs_weather_{needs.weather}')}</p>"
        f'{nights}<p class="note">{notes}</p>{_totals(needs)}{_figures(needs)}</section>'
    )


def named(item: Item) -> Spoken:
    """Say the name of an item."""
    return lambda lang: item.name_en if lang == "en" else item.name_es


def star(need: ItemNeed) -> str:
    """Mark what rests on a planning assumption."""
    return "*" if need.assumed else ""


def amount(item: Item, value: float) -> Spoken:
    """Say a quantity with its unit."""
    return lambda lang: f"{whole(value)(lang)} {counted_in(item, value, lang)}"


def three(told: Told) -> Spoken:
    """Say three quantiles; a dash where one may not be told."""
    values = [None if value is None else whole(value) for value in (told.low, told.middle, told.high)]
    return lambda lang: " – ".join("…" if value is None else value(lang) for value in values)


def _night(needs: Needs, number: int) -> str:
    when = day_named(needs.dates[number])
    towns = towns_on(needs, number, limit=TOWNS)
    inside = "".join(_town(needs, town, first=number == 0) for town in towns)
    body = inside or f'<p class="none">{both("needs_none")}</p>'
    return f"<h3>{both('needs_night', day=when)}</h3>{body}"


def _town(needs: Needs, town: TownNeeds, *, first: bool) -> str:
    threshold = whole(needs.threshold_people)
    head = [
        both("needs_item"),
        both("needs_need"),
        both("needs_if_many", threshold=threshold),
        both("needs_there"),
        both("needs_gap"),
        both("needs_chance_gap"),
    ]
    body = "".join(_line(row) for row in town.rows)
    line = both(
        "needs_town_line",
        chance=share(town.chance_any),
        threshold=threshold,
        many=share(town.chance_many),
    )
    ready = f"<p>{both('needs_ready', items=_listed(town.ready))}</p>" if town.ready else ""
    inside = f"{table(head, ['<tbody>', body, '</tbody>'], css='needs')}{ready}"
    name = f"<b>{esc(spaced(town.name))}</b> ({esc(spaced(town.country))}): {line}"
    return f"<details{' open' if first else ''}><summary>{name}</summary>{inside}</details>"


def _listed(items: tuple[Item, ...]) -> Spoken:
    return lambda lang: ", ".join(named(item)(lang).lower() for item in items)


def _line(row: NeedRow) -> str:
    item = row.item
    middle = row.if_many.middle
    expected = row.expected.middle
    local = "" if expected is None else _local(item, expected)
    there = both("needs_unknown") if row.there is None else pair(amount(item, row.there))
    cells = (
        pair(three(row.told)),
        ("–" if middle is None else pair(amount(item, middle))) + local,
        there,
        _gap(row),
        _chances(row),
    )
    inside = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{pair(named(item))}{star(row.need)}{pair(_unit(item))}</th>{inside}</tr>'


def _unit(item: Item) -> Spoken:
    """Say the unit, where the name of the item does not say what is counted."""

    def spoken(lang: str) -> str:
        unit = unit_word(item.unit, 2, lang)
        return "" if item.unit == "piece" or unit in named(item)(lang).lower() else f" ({unit})"

    return spoken


def _local(item: Item, value: float) -> str:
    if not in_local_units(item.id, value, "es"):
        return ""
    return f"<br><small>{pair(lambda lang: in_local_units(item.id, value, lang))}</small>"


def _chances(row: NeedRow) -> str:
    told = [share(chance) for chance in (row.chance_gap, row.chance_large) if chance is not None]
    return pair(lambda lang: " · ".join(chance(lang) for chance in told))


def _gap(row: NeedRow) -> str:
    values = [None if value is None else whole(value) for value in (row.gap.middle, row.gap.high)]
    return pair(lambda lang: " – ".join("…" if value is None else value(lang) for value in values))


def _totals(needs: Needs) -> str:
    head = [both("needs_item"), both("needs_need")]
    rows = "".join(_total_line(row) for row in totals_on(needs, 0))
    title = both("needs_total_title", day=day_named(needs.dates[0]))
    return (
        f"<h3>{title}</h3><p>{both('needs_total_lead', fewest=FEWEST_TOLD_PEOPLE)}</p>"
        f"{table(head, ['<tbody>', rows, '</tbody>'], css='needs')}"
    )


def _total_line(row: TotalRow) -> str:
    item = row.need.item
    told = f"<td>{pair(three(row.told))}</td>"
    return f'<tr><th scope="row">{pair(named(item))}{star(row.need)}{pair(_unit(item))}</th>{told}</tr>'


def _figures(needs: Needs) -> str:
    head = [
        both("needs_item"),
        both("needs_per"),
        both("needs_range"),
        both("needs_basis"),
        both("needs_source"),
    ]
    rows = "".join(_figure_line(need, figure) for need in needs.items for figure in need.figures)
    return (
        f"<h3>{both('needs_figures_title')}</h3><p>{both('needs_figures_lead')}</p>"
        f"{table(head, ['<tbody>', rows, '</tbody>'], css='needs')}"
    )


def _figure_line(need: ItemNeed, figure: Figure) -> str:
    per = f" / {figure.per_count:g}" if figure.per_count != 1 else ""
    whom = esc(figure.per_whom.replace("_", " "))
    unit = pair(lambda lang: unit_word(need.item.unit, figure.value, lang))
    when = both(f"needs_counted_{need.counted}")
    source = source_link(figure.source, whole=False) if figure.source else ""
    page = f", p. {esc(figure.page)}" if figure.page and figure.page != "not noted" else ""
    note = f"<br><small>{esc(figure.note)}</small>" if figure.note else ""
    return (
        f'<tr><th scope="row">{pair(named(need.item))}</th>'
        f"<td>{figure.value:g} {unit}{per} {whom}, {when}</td><td>{figure.low:g}–{figure.high:g}</td>"
        f"<td>{both(f'needs_basis_{figure.basis}')}</td><td>{source}{page}{note}</td></tr>"
    )


def sentence(lang: str, key: str, **values: object) -> str:
    """Say one sentence of needs as escaped text, for the sheets of towns."""
    return esc(say(lang, key, **values))
