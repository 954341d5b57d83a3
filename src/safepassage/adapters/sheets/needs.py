"""What a town will need, on a page of its own behind its sheet: one in Spanish and one in English."""

from __future__ import annotations

from safepassage.adapters.needs_rows import NeedRow, TownNeeds, town_needs
from safepassage.adapters.page.figures import LANGUAGES, day, day_named, share, whole
from safepassage.adapters.page.markup import esc, spaced
from safepassage.adapters.page.needsection import amount, named, sentence, star
from safepassage.adapters.page.words import say
from safepassage.core.needs import THERE, Needs
from safepassage.core.units_of_aid import in_local_units


def needs_pages(needs: Needs, place: int) -> str:
    """Write the pages of one place; nothing where nobody is expected within the horizon."""
    chance = needs.people[THERE].chance_any[:, place]
    if not chance.any():
        return ""
    many = needs.people[THERE].chance_many[:, place]
    number = int(many.argmax()) if many.any() else int(chance.argmax())
    town = town_needs(needs, number, place)
    return "".join(_page(needs, town, lang) for lang in LANGUAGES)


def _page(needs: Needs, town: TownNeeds, lang: str) -> str:
    enough, usual = town.people_if_many.middle is not None, bool(town.people.middle)
    told = {
        "day": day_named(town.date),
        "threshold": whole(needs.threshold_people),
        "share": share(town.chance_any),
        "many": share(town.chance_many),
    }
    lead = sentence(
        lang, "needs_sheet_lead" if enough else "needs_sheet_all" if usual else "needs_sheet_few", **told
    )
    rows = "".join(_line(row, lang, middle=enough or usual) for row in town.rows)
    items = ", ".join(named(item)(lang).lower() for item in town.ready)
    ready = f"<p>{sentence(lang, 'needs_ready', items=items)}</p>" if items else ""
    title = needs.title_en if lang == "en" else needs.title_es
    return (
        f'<article lang="{lang}" class="full"><div class="stamp">NO PUBLICAR · NOT FOR PUBLICATION</div>'
        f'<header><p class="eyebrow">{esc(say(lang, "needs_sheet_title"))} · {esc(title)}</p>'
        f"<h1>{esc(spaced(town.name))} <small>{esc(spaced(town.country))}</small></h1>"
        f'<p class="time">{esc(say(lang, "as_of", day=day(needs.as_of)))}</p></header>'
        f"<section><p>{lead}</p><table><tbody>{rows}</tbody></table>{ready}</section>"
        f"<footer>{sentence(lang, 'needs_star')} {sentence(lang, f'needs_weather_{needs.weather}')} "
        f"{esc(needs.profile.name)}</footer></article>"
    )


def _line(row: NeedRow, lang: str, *, middle: bool) -> str:
    told = row.expected if middle else row.told
    value = told.middle if middle else told.high
    if value is None:
        return ""
    text = amount(row.item, value)(lang)
    local = in_local_units(row.item.id, value, lang)
    low, high = (None if v is None else whole(v)(lang) for v in (told.low, told.high))
    reach = f" ({low}–{high})" if middle and low is not None and high is not None else ""
    there = ""
    if row.there is not None:
        there = say(lang, "needs_sheet_there", there=amount(row.item, row.there))
    return (
        f'<tr><th scope="row">{esc(named(row.item)(lang))}{star(row.need)}</th><td>{esc(text + reach)}</td>'
        f"<td>{esc(local)}{'; ' if local and there else ''}{esc(there)}</td></tr>"
    )
