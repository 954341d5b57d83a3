"""`report.html`: the whole forecast in one file that opens without a network and prints on A4.

Nothing is loaded from anywhere: the Content-Security-Policy forbids it, and allows only the one style and the
one script in the file, by their checksums. Without the script, the first night and all tables stand there.
"""

from __future__ import annotations

from functools import partial
from importlib.resources import files

from safepassage.adapters.outlook import first_night, nights
from safepassage.adapters.outlook_belief import used_count
from safepassage.adapters.page.beliefsection import belief_section
from safepassage.adapters.page.cartography import (
    Chart,
    View,
    base_layer,
    chart_of,
    close_view,
    people_layer,
    report_layer,
    way_kind,
)
from safepassage.adapters.page.fansection import group_sections, totals_section
from safepassage.adapters.page.figures import day, people, whole
from safepassage.adapters.page.grids import (
    ON_PAPER,
    TOWNS_A_NIGHT,
    arrivals_table,
    events_table,
    nights_table,
    reports_table,
    source_link,
)
from safepassage.adapters.page.lead import lead
from safepassage.adapters.page.markup import clean, esc, json_in_script, policy, spaced
from safepassage.adapters.page.outcomes import outcomes_section
from safepassage.adapters.page.payload import payload, shown_days
from safepassage.adapters.page.reckoning import reckoned, told_chance
from safepassage.adapters.page.words import both, in_its_language, pair
from safepassage.core.forecast import Forecast

MAP_CHANCE = 0.02


def report_html(forecast: Forecast, *, version: str, added: str = "") -> str:
    """Write the report as one HTML document.

    Parameters
    ----------
    version : str       of the program, to stand beside how it was made.
    added : str         sections of markup to stand after the nights.
    """
    chart = chart_of(forecast)
    view = close_view(chart, forecast, first_night(forecast)) if forecast.groups else chart.whole
    tall = (
        chart.frame.height / chart.frame.width
    )  # on paper the height is given and the width follows from it
    style, script = (
        f"{_asset('report.css')}\n.map{{--z:{view.unit:.4f};--tall:{tall:.4f}}}",
        _asset("report.js"),
    )
    fans = group_sections(forecast) if forecast.groups else totals_section(forecast)
    data = json_in_script(payload(forecast, chart))
    return (
        '<!DOCTYPE html>\n<html lang="es" class="no-script"><head><meta '
        f'charset="utf-8">{policy(style, script)}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex, nofollow"><meta name="referrer" content="no-referrer">'
        f"<title>{esc(forecast.title_es)} · SafePassage</title><style>{style}</style></head>\n<body>"
        f'<a class="skip" href="#content">{both("skip")}</a>{stamp()}<div class="page">'
        f'{_header(forecast)}<main id="content">{lead(forecast)}{_map(forecast, chart, view)}{fans}'
        f"{_nights(forecast)}{added}"
        f"{_arrivals(forecast)}{outcomes_section(forecast)}{belief_section(forecast)}"
        f"{_known(forecast)}{_reading(forecast)}{_sources(forecast, version)}</main>"
        f"<footer><p>{both('purpose')}</p><p>{both('attribution_long')}</p></footer></div>"
        f'<script type="application/json" id="data">{data}</script>\n<script>{script}</script></body>'
        "</html>\n"
    )


def _asset(name: str) -> str:
    return files("safepassage.adapters.page").joinpath(name).read_text(encoding="utf-8").strip()


def stamp() -> str:
    """Write the band that every page bears, in both languages at once."""
    return '<div class="stamp" role="note">NO PUBLICAR · NOT FOR PUBLICATION</div>'


def _header(forecast: Forecast) -> str:
    titles = (
        f'<span lang="es" id="title-es">{esc(forecast.title_es)}</span>'
        f'<span lang="en" id="title-en">{esc(forecast.title_en)}</span>'
    )
    first = forecast.dates[first_night(forecast)]
    horizon = "horizon_replay" if forecast.replay else "horizon"
    facts = [
        f'<li class="data-time">{both("as_of", day=day(forecast.as_of))}</li>',
        f"<li>{both('as_of_why')}</li>",
        f"<li>{both(horizon, first=day(first), last=day(forecast.dates[-1]))}</li>",
        f"<li>{both('members', members=whole(forecast.members))}</li>",
    ]
    facts += _reports_fact(forecast)
    notice = f'<p class="notice">{both("illustrative_short")}</p>' if forecast.illustrative else ""
    return (
        f'<header><div><p class="eyebrow">{both("product")}</p><h1>{titles}</h1>'
        f'<ul class="facts">{"".join(facts)}</ul>{notice}</div>{_languages()}</header>'
    )


def _reports_fact(forecast: Forecast) -> list[str]:
    if forecast.belief is not None:
        counts = {"used": whole(used_count(forecast.belief)), "count": whole(len(forecast.belief.effects))}
        return [f"<li>{both('reports_learned', **counts)}</li>"]
    if forecast.reports:
        return [f"<li>{both('reports_used', count=whole(len(forecast.reports)))}</li>"]
    return []


def _languages() -> str:
    choices = "".join(
        f'<input type="radio" name="lang" id="lang-{key}"{" checked" if key == "es" else ""}>'
        f'<label for="lang-{key}" translate="no">{name}</label>'
        for key, name in (("es", "Español"), ("en", "English"))
    )
    return f'<fieldset class="lang"><legend>{both("language")}</legend>{choices}</fieldset>'


def _map(forecast: Forecast, chart: Chart, view: View) -> str:
    number = first_night(forecast)
    rows = nights(forecast, number, least=MAP_CHANCE)
    drawn = (
        f'<svg class="map" id="map" role="img" aria-labelledby="map-title map-label" '
        f'viewBox="{view.x:.1f} {view.y:.1f} {view.width:.1f} {view.height:.1f}">'
        f"{base_layer(chart, forecast, lang=None)}"
        f'<g id="told">{report_layer(chart, forecast, number, unit=view.unit)}</g>'
        f'<g id="spots">{people_layer(chart, rows, lang="es", view=view)}</g></svg>'
    )
    return (
        f'<section aria-labelledby="map-title"><h2 id="map-title">{both("map_title")}</h2>'
        f"<p>{both('map_lead')}</p>"
        f'<p class="hidden" id="map-label">{both("map_label")}</p>{_controls(forecast)}'
        f'<div class="board"><figure>{drawn}{_legend(chart, forecast)}</figure>{_tonight(forecast)}'
        "</div></section>"
    )


def _controls(forecast: Forecast) -> str:
    number = first_night(forecast)
    last = len(shown_days(forecast)) - 1
    stride = shown_days(forecast)[1] if last > 0 else 1
    thin = f'<p class="note">{both("thinned", stride=stride)}</p>' if stride > 1 else ""
    return (
        '<div class="controls"><output id="night-name" for="night" aria-live="polite">'
        f"{both('night_of', day=day(forecast.date_of(number)))}</output>"
        f'<button type="button" class="play needs-script" id="play">▶ {both("play")}</button>'
        '<button type="button" class="needs-script" id="back">‹<span '
        f'class="hidden">{both("previous")}</span></button>'
        f'<label class="hidden" for="night">{both("slider")}</label>'
        f'<input class="needs-script" type="range" id="night" min="0" max="{last}" value="0" step="1">'
        f'<button type="button" class="needs-script" id="forth">›<span class="hidden">{both("next")}'
        "</span></button>"
        '<button type="button" class="needs-script" id="near" '
        f'aria-pressed="false">{both("view_near")}</button>'
        '<button type="button" class="needs-script" id="whole" '
        f'aria-pressed="true">{both("view_all")}</button>'
        f"</div>{thin}"
    )


def _tonight(forecast: Forecast) -> str:
    number = first_night(forecast)
    rows = "".join(
        f'<tr><th scope="row" class="town-name">{esc(spaced(row.name))} <abbr '
        f'class="country">{esc(spaced(row.country))}</abbr></th>'
        f"<td>{pair(told_chance(row))}</td><td>{pair(reckoned(row))}</td></tr>"
        for row in nights(forecast, number, limit=8)
    )
    threshold = people(forecast.threshold_people)
    empty = f'<tr><td colspan="3" class="none">{both("none_that_night")}</td></tr>'
    head = (
        f'<th scope="col">{both("place")}</th>'
        f'<th scope="col">{both("chance_of", threshold=threshold)}</th>'
        f'<th scope="col">{both("how_many")}</th>'
    )
    return (
        '<div class="tonight"><h3 '
        f'id="tonight-title">{both("night_of", day=day(forecast.date_of(number)))}</h3>'
        f'<table aria-labelledby="tonight-title"><thead><tr>{head}</tr></thead>'
        f'<tbody id="tonight-rows">{rows or empty}</tbody></table><p class="note">{both("star")}</p></div>'
    )


def _legend(chart: Chart, forecast: Forecast) -> str:
    spot = (
        '<svg width="40" height="34" viewBox="0 0 40 34" aria-hidden="true"><g class="spot sure">'
        '<circle class="ring" cx="20" cy="17" r="15" fill-opacity=".25"/>'
        '<circle class="disc" cx="20" cy="17" r="8" fill-opacity=".65"/></g></svg>'
    )
    lines = "".join(
        f'<li><svg width="30" height="20" viewBox="0 0 30 20" aria-hidden="true"><g class="spot {kind}">'
        f'<circle class="ring" cx="15" cy="10" r="8.5" fill-opacity="{depth}"/></g>'
        f"</svg>{both(f'legend_{kind}')}</li>"
        for kind, depth in (("sure", 0.5), ("maybe", 0.25), ("faint", 0.1))
    )
    told = (
        f'<li><svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path class="report" '
        f'd="M8 1l7 7l-7 7l-7 -7z"/></svg>{both("legend_report")}</li>'
        f'<li><svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path class="report old" '
        f'd="M6 1l5 5l-5 5l-5 -5z"/></svg>{both("legend_report_old")}</li>'
    )
    return (
        f'<ul class="legend"><li>{spot}<span><b>{both("legend_size")}</b><br>{both("legend_p10")}'
        f"<br>{both('legend_p90')}"
        f"</span></li>{lines}{told if forecast.reports else ''}{_way_legend(forecast)}"
        f"<li>{both('legend_least')}</li><li>{both('legend_figure')}</li><li>{both('attribution')}</li></ul>"
    )


def _way_legend(forecast: Forecast) -> str:
    kinds = sorted({way_kind(group) for group in forecast.groups})
    return "".join(
        '<li><svg width="26" height="8" viewBox="0 0 26 8" aria-hidden="true">'
        f'<path class="route {kind}" d="M1 4h24"/></svg>{both(f"legend_way_{kind}")}</li>'
        for kind in kinds
    )


def _nights(forecast: Forecast) -> str:
    return (
        '<section id="nights" aria-labelledby="nights-title"><h2 '
        f'id="nights-title">{both("nights_title")}</h2>'
        f"<p>{both('nights_lead', limit=TOWNS_A_NIGHT)}</p>"
        f'<p class="toggle needs-script"><button type="button" id="only-chosen" aria-pressed="false">'
        f"{both('nights_only')}</button></p>{nights_table(forecast)}"
        f'<p class="note print-only">{both("nights_print", count=ON_PAPER)}</p></section>'
    )


def _arrivals(forecast: Forecast) -> str:
    return (
        f'<section aria-labelledby="arrivals"><h2 id="arrivals">{both("arrivals_title")}</h2>'
        f"<p>{both('arrivals_lead')}</p>{arrivals_table(forecast)}</section>"
    )


def _known(forecast: Forecast) -> str:
    # Where reports were weighed, the table above lists every one of them already.
    told = f"<h3>{both('reports_caption')}</h3>{reports_table(forecast)}" if forecast.belief is None else ""
    return (
        f'<section aria-labelledby="known"><h2 id="known">{both("known_title")}</h2>'
        f"<p>{both('known_lead')}</p>{told}"
        f"<h3>{both('events_caption')}</h3>{events_table(forecast)}</section>"
    )


def _reading(forecast: Forecast) -> str:
    start = "reading_4" if forecast.belief is None else "reading_4_learned"
    keys = ("reading_1", "reading_2", "reading_3", start, "reading_5")
    items = "".join(f"<li>{both(key, members=whole(forecast.members))}</li>" for key in keys)
    return (
        f'<section class="reading" aria-labelledby="reading"><h2 id="reading">{both("reading_title")}</h2>'
        f"<ul>{items}</ul></section>"
    )


def _sources(forecast: Forecast, version: str) -> str:
    made_up = "".join(f"<li>{pair(partial(in_its_language, line))}</li>" for line in forecast.illustrative)
    illustrative = (
        f"<p>{both('illustrative_lead')}</p><ul>{made_up}</ul>"
        if made_up
        else f"<p>{both('illustrative_none')}</p>"
    )
    sources = "".join(f"<li>{source_link(line, whole=True)}</li>" for line in forecast.sources)
    licence = f"<p>{both('licence')}: {esc(clean(forecast.licence))}</p>" if forecast.licence else ""
    run = both(
        "run_line",
        scenario=forecast.scenario,
        engine=forecast.engine,
        members=whole(forecast.members),
        seed=forecast.seed,
        version=version,
    )
    why = f"<br>{both('run_why', reason=forecast.engine_reason)}" if forecast.engine_reason else ""
    return (
        f'<section aria-labelledby="illustrative"><h2 id="illustrative">{both("illustrative_title")}'
        f"</h2>{illustrative}"
        f"<h2>{both('sources_title')}</h2><ul class='sources'>{sources}</ul>{licence}"
        f"<h2>{both('run_title')}</h2><p>{run}{why}<br>{both('run_again')}</p></section>"
    )
