"""The folder `towns/`: which places get a sheet, their files, and the page that lists them."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from safepassage.adapters.atomic import write_text
from safepassage.adapters.outlook import relevant_places
from safepassage.adapters.page.figures import LANGUAGES, day, day_within, share
from safepassage.adapters.page.markup import esc, policy, spaced
from safepassage.adapters.page.words import say
from safepassage.adapters.sheets.names import file_stems
from safepassage.adapters.sheets.town import GENERATOR, reached, town_html
from safepassage.core.forecast import Forecast


def write_sheets(forecast: Forecast, folder: Path, *, added: Callable[[int], str] | None = None) -> Path:
    """Write the sheets and their index, and take away sheets of an earlier forecast that no longer apply.

    Parameters
    ----------
    added : function or None    gives pages of markup to stand after those of a place.

    Returns
    -------
    Path                the index page.
    """
    stems = file_stems(forecast.network.places.ids)
    chosen = relevant_places(forecast)
    for place in chosen:
        write_text(
            folder / f"{stems[place]}.html", town_html(forecast, place, added=added(place) if added else "")
        )
    index = folder / "index.html"
    write_text(index, index_html(forecast, chosen, stems))
    _clear_old(folder, keep={f"{stems[place]}.html" for place in chosen} | {index.name})
    return index


def _clear_old(folder: Path, *, keep: set[str]) -> None:
    """Remove our own sheets that this forecast did not write: an outdated sheet would be believed."""
    mark = f'<meta name="generator" content="{GENERATOR}">'
    for path in folder.glob("*.html"):
        if path.name not in keep and mark in path.read_text(encoding="utf-8", errors="replace")[:2000]:
            path.unlink()


def index_html(forecast: Forecast, chosen: list[int], stems: list[str]) -> str:
    """List the sheets, likeliest first, and say by which rule a town has one."""
    style = files("safepassage.adapters.sheets").joinpath("town.css").read_text(encoding="utf-8").strip()
    pages = "".join(_listed(forecast, chosen, stems, lang) for lang in LANGUAGES)
    return (
        f'<!DOCTYPE html>\n<html lang="es"><head><meta charset="utf-8">{policy(style)}'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="generator" '
        f'content="{GENERATOR}">'
        f'<meta name="robots" content="noindex, nofollow"><title>{esc(say("es", "index_title"))} · '
        "SafePassage</title>"
        f"<style>{style}</style></head>\n<body>{pages}</body></html>\n"
    )


def _listed(forecast: Forecast, chosen: list[int], stems: list[str], lang: str) -> str:
    places = forecast.network.places
    rows = []
    for place in chosen:
        chance, night = reached(forecast, place)
        name, country = esc(spaced(places.names[place])), esc(spaced(places.countries[place]))
        link = f'<a href="{stems[place]}.html">{name}</a> {country}'
        when = day_within(forecast.days, named=True)(forecast.date_of(night))(lang)
        rows.append(f"<tr><td>{link}</td><td>{esc(when)}</td><td>{esc(share(chance)(lang))}</td></tr>")
    heads = "".join(
        f'<th scope="col">{esc(say(lang, key))}</th>' for key in ("place", "index_best", "chance")
    )
    title = forecast.title_en if lang == "en" else forecast.title_es
    return (
        f'<article lang="{lang}"><div class="stamp">NO PUBLICAR · NOT FOR PUBLICATION</div>'
        f'<header><p class="eyebrow">{esc(title)}</p><h1>{esc(say(lang, "index_title"))}</h1>'
        f'<p class="time">{esc(say(lang, "as_of", day=day(forecast.as_of)))}</p></header>'
        f"<section><p>{esc(say(lang, 'index_rule'))}</p>"
        f'<table class="index"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
        "</section></article>"
    )
