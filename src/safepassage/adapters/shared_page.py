"""The shareable form as files: one page that prints on A4, one table, one JSON; the same bytes all week.

They hold what `core.shared.SharedForecast` holds and nothing else: no settings, no seed, no clock, no map.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

from safepassage.adapters.atomic import write_text
from safepassage.adapters.page.figures import LANGUAGES, day, whole
from safepassage.adapters.page.markup import clean, esc
from safepassage.core.countries import country_name
from safepassage.core.shared import SharedCell, SharedForecast

STAMP = {"es": "Se puede compartir", "en": "May be shared"}
COLUMNS = ("country", "admin1", "scope", "chance", "people_low", "people_high", "known_until", "deadline")
WORDS = {
    "es": {
        "lead": "Dónde pueden pasar la noche {least} personas o más hasta el {deadline}",
        "facts": "Publicado en la semana del {week}. Hecho solo con lo que se sabía el {known}.",
        "area": "Zona",
        "chance": "Probabilidad",
        "people": "Personas",
        "likely": "probable",
        "possible": "posible",
        "legend": "Posible: de {possible} a {likely} de 10. Probable: {likely} de 10 o más. Personas: "
        "cuántas, si llegan, en la noche más llena y en un solo pueblo de la zona (8 de cada 10 casos).",
        "about": "{low} a {high}",
        "rest": "Resto de {country}",
        "unnamed": "Sin país",
        "nothing": "Para esta semana no se puede decir nada de ninguna zona.",
        "zero": "Una zona que no está en la tabla no es cero: de ella no se dice nada, porque es improbable, "
        "porque serían menos de {least} personas, porque no se sabe o porque su país tiene aquí menos de "
        "{towns} pueblos donde quedarse.",
        "how": "Qué se ha quitado, y por qué",
        "when": "No dice dónde está nadie hoy ni ningún otro día: lo más reciente que usa tiene {age} días o "
        "más, cambia una vez por semana y habla de un solo plazo.",
        "where": "No nombra pueblos, caminos ni posiciones: solo zonas de {towns} pueblos o más. Una zona "
        "que se llama como un pueblo es la zona entera.",
        "own_words": "Ninguna frase del escenario pasa a esta página: ni su título, ni sus notas.",
        "few": "No muestra ningún grupo de menos de {least} personas, tampoco simulado; las cifras son "
        "clases de tamaño, tan anchas que sus diferencias no descubren a nadie.",
        "purpose": "Es para ayudar a quienes caminan y a quienes los reciben. No es para detener a nadie.",
        "made_up": "Contiene datos ilustrativos: supuestos, no mediciones.",
        "sources": "Fuentes y licencia: las nombra la forma operativa; pregunte a quien publica.",
        "data_sets": "Entre ellas, datos públicos de: {names}.",
    },
    "en": {
        "lead": "Where {least} people or more may spend a night up to {deadline}",
        "facts": "Published in the week of {week}. Made only of what was known on {known}.",
        "area": "Area",
        "chance": "Chance",
        "people": "People",
        "likely": "likely",
        "possible": "possible",
        "legend": "Possible: {possible} to {likely} in 10. Likely: {likely} in 10 or more. People: how many, "
        "if they come, on the fullest night and in one town of the area (8 cases in 10).",
        "about": "{low} to {high}",
        "rest": "Rest of {country}",
        "unnamed": "No country given",
        "nothing": "For this week nothing can be said of any area.",
        "zero": "An area that is not in the table is not zero: nothing is said of it, because it is "
        "unlikely, because they would be fewer than {least} people, because it is not known, or because its "
        "country has fewer than {towns} towns here to stay in.",
        "how": "What was taken away, and why",
        "when": "It does not tell where anybody is today or on any other day: the newest thing it uses is "
        "{age} days old or more, it changes once a week, and it speaks of one deadline only.",
        "where": "It names no towns, roads or positions: only areas of {towns} towns or more. An area that "
        "is called like a town is the whole area.",
        "own_words": "No sentence of the scenario is passed on to this page: no title, no notes.",
        "few": "It shows no group of fewer than {least} people, simulated ones neither; figures are "
        "classes of size, so wide that their differences reveal nobody.",
        "purpose": "It is meant to help those who walk and those who receive them. "
        "It is not for stopping anybody.",
        "made_up": "Contains illustrative data: assumptions, not measurements.",
        "sources": "Sources and licence: named in the operational form; ask the publisher.",
        "data_sets": "Among them public data of: {names}.",
    },
}
HOW = ("when", "where", "few", "own_words")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,"Noto Sans","DejaVu Sans",sans-serif;color:#1d2329;background:#fff;
max-width:46rem;margin:0 auto;padding:0 1rem 2rem;overflow-wrap:break-word}
.stamp{border:2px solid #1d2329;border-radius:8px;text-align:center;font-weight:700;
padding:.4rem;margin:1rem 0}
h1{font-size:1.45rem;line-height:1.25;margin:.8rem 0 .2rem}
h2{font-size:1.12rem;margin:1.6rem 0 .3rem}
h3{font-size:1rem;margin:1.2rem 0 .2rem}
p,ul{margin:.3rem 0 .7rem}
.soft{color:#55606b;font-size:.93rem}
table{border-collapse:collapse;width:100%;margin:.6rem 0}
th,td{text-align:left;padding:.35rem .5rem;border-bottom:1px solid #d5dade;vertical-align:top}
td:last-child,th:last-child{text-align:right}
thead th{font-size:.86rem;color:#55606b;font-weight:600}
section+section{border-top:2px solid #1d2329;margin-top:2rem}
@media print{@page{size:A4;margin:15mm}body{max-width:none;padding:0;font-size:11pt}
section+section{break-before:page;border:0}tr{break-inside:avoid}.soft{color:#000}}
"""


def write_shared(shared: SharedForecast, out: Path) -> dict[str, Path]:
    """Write the page, the table and the JSON to a folder, each whole or not at all.

    Parameters
    ----------
    shared : SharedForecast
    out : Path          a folder; made if it is missing.

    Returns
    -------
    dict                "html", "csv" and "json": the path of each.
    """
    paths = {kind: out / f"share.{kind}" for kind in ("html", "csv", "json")}
    write_text(paths["html"], shared_html(shared))
    write_text(paths["csv"], shared_csv(shared))
    write_text(paths["json"], shared_json(shared))
    return paths


def shared_csv(shared: SharedForecast) -> str:
    """Write one row per area; what a spreadsheet would take for a formula begins with an apostrophe."""
    table = io.StringIO()
    table.write("\ufeff")
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(COLUMNS)
    ends = (shared.known_until.isoformat(), shared.deadline.isoformat())
    for cell in shared.cells:
        words = (_plain(cell.country), _plain(cell.admin1), cell.scope, cell.chance)
        rows.writerow((*words, cell.people_low, cell.people_high, *ends))
    return table.getvalue()


def shared_json(shared: SharedForecast) -> str:
    """Write everything in the shared form as one JSON object."""
    rules = shared.rules
    whole_form = {
        "what": "SafePassage forecast in its shareable form",
        "stamp": f"{STAMP['en']} · {STAMP['es']}",
        "title": {"es": clean(shared.title_es), "en": clean(shared.title_en)},
        "week": shared.week.isoformat(),
        "known_until": shared.known_until.isoformat(),
        "deadline": shared.deadline.isoformat(),
        "areas": [
            {
                "country": clean(cell.country),
                "admin1": clean(cell.admin1),
                "scope": cell.scope,
                "chance": cell.chance,
                "people_low": cell.people_low,
                "people_high": cell.people_high,
            }
            for cell in shared.cells
        ],
        "not_said": WORDS["en"]["zero"].format(least=rules.count_min, towns=rules.towns_min),
        "rules": {
            "delay_days": rules.delay_days,
            "hold_days": rules.hold_days,
            "weeks_ahead": rules.weeks_ahead,
            "count_min": rules.count_min,
            "towns_min": rules.towns_min,
            "possible": rules.possible,
            "likely": rules.likely,
        },
        "purpose": WORDS["en"]["purpose"],
        "illustrative": shared.illustrative,
        "sources": WORDS["en"]["sources"],
        "data_sets": list(shared.data_sets),
    }
    return json.dumps(whole_form, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def shared_html(shared: SharedForecast) -> str:
    """Write the page: Spanish first, English after it; no script, no picture, no request."""
    title = esc(shared.title_es)
    parts = [
        '<!doctype html><html lang="es"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{title} · {STAMP['es']}</title><style>{STYLE}</style></head><body><main>",
        *(_section(shared, lang) for lang in LANGUAGES),
        "</main></body></html>\n",
    ]
    return "\n".join(parts)


def _section(shared: SharedForecast, lang: str) -> str:
    words, rules = WORDS[lang], shared.rules
    age = rules.delay_days + rules.hold_days
    values = {"least": rules.count_min, "towns": rules.towns_min, "age": age}
    dates = {name: _day(when, lang) for name, when in _dates(shared).items()}
    title = shared.title_es if lang == "es" else shared.title_en
    other = STAMP["en" if lang == "es" else "es"]
    how = "".join(f"<li>{esc(words[key].format(**values))}</li>" for key in HOW)
    return "\n".join(
        [
            f'<section lang="{lang}"><p class="stamp">{STAMP[lang]} · {other}</p>',
            f"<h1>{esc(title)}</h1>",
            f'<p class="soft">{esc(words["facts"].format(**dates))}</p>',
            f"<h2>{esc(words['lead'].format(**values, **dates))}</h2>",
            _table(shared, lang),
            f"<p>{esc(words['zero'].format(**values))}</p>",
            f"<h3>{esc(words['how'])}</h3><ul>{how}</ul><p>{esc(words['purpose'])}</p>",
            f'<p class="soft">{esc(_rests_on(shared, words))}</p>',
            "</section>",
        ]
    )


def _table(shared: SharedForecast, lang: str) -> str:
    words = WORDS[lang]
    if not shared.cells:
        return f"<p>{esc(words['nothing'])}</p>"
    head = "".join(f'<th scope="col">{esc(words[key])}</th>' for key in ("area", "chance", "people"))
    rows = "".join(_row(cell, lang) for cell in shared.cells)
    tenths = {"possible": f"{shared.rules.possible * 10:g}", "likely": f"{shared.rules.likely * 10:g}"}
    legend = f'<p class="soft">{esc(words["legend"].format(**tenths))}</p>'
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{legend}"


def _row(cell: SharedCell, lang: str) -> str:
    words = WORDS[lang]
    chance = words[cell.chance]
    people = words["about"].format(low=whole(cell.people_low)(lang), high=whole(cell.people_high)(lang))
    return (
        f'<tr><th scope="row">{esc(_area(cell, lang))}</th><td>{esc(chance)}</td><td>{esc(people)}</td></tr>'
    )


def _area(cell: SharedCell, lang: str) -> str:
    country = country_name(cell.country, lang) or WORDS[lang]["unnamed"]
    if cell.scope == "rest_of_country":
        return WORDS[lang]["rest"].format(country=country)
    return f"{cell.admin1.replace('_', ' ')}, {country}" if cell.admin1 else country


def _rests_on(shared: SharedForecast, words: dict[str, str]) -> str:
    sentences = [words["made_up"]] if shared.illustrative else []
    sentences.append(words["sources"])
    if shared.data_sets:
        sentences.append(words["data_sets"].format(names=", ".join(shared.data_sets)))
    return " ".join(sentences)


def _dates(shared: SharedForecast) -> dict[str, date]:
    return {"week": shared.week, "known": shared.known_until, "deadline": shared.deadline}


def _day(when: date, lang: str) -> str:
    return day(when)(lang)


def _plain(text: str) -> str:
    text = clean(text)
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@", "|") else text
