"""`map.png`: the map of the next night with the three next nights beside it, as a picture for a chat.

The same drawing as in the report, rendered by resvg with a face that is shipped with the package (see
fonts/LICENSE.txt), so that the picture is the same on every machine.
"""

from __future__ import annotations

from importlib.resources import as_file, files

import resvg_py

from safepassage.adapters.outlook import Night, first_night, likeliest, nights
from safepassage.adapters.page.cartography import Chart, base_layer, chart_of, people_layer, report_layer
from safepassage.adapters.page.figures import day, day_named, whole
from safepassage.adapters.page.markup import clean, esc, spaced
from safepassage.adapters.page.reckoning import reckoned, told_chance
from safepassage.adapters.page.words import say
from safepassage.core.forecast import Forecast

WIDTH, HEIGHT, PANEL = 1600, 1000, 500
NIGHTS, TOWNS = 3, 4
STYLE = """
text{font-family:'DejaVu Sans',sans-serif;fill:#1d2329}
.sea{fill:#dfe8ee}.land{fill:#f6f3ec}
.coast,.border,.road,.route,.town{fill:none;stroke-linejoin:round;stroke-linecap:round}
.coast{stroke:#8fa3b0;stroke-width:.8}.border{stroke:#9a9184;stroke-width:1;stroke-dasharray:5 3}
.road{stroke:#d3c9b7;stroke-width:1.2}
.route{stroke:#a18f6e;stroke-width:2.6}.route.likely{stroke-dasharray:7 4}.town{stroke:#a18f6e;stroke-width:4}
.countries text{font-size:15px;fill:#7d766a;text-anchor:middle;letter-spacing:1.2px;font-style:normal}
.ring,.disc{fill:#0072b2}.ring{stroke:#00507d;stroke-width:1.8}.disc{stroke:none}
.maybe .ring{stroke-dasharray:5 3}.faint .ring{stroke-dasharray:1.5 3}
.name{font-weight:bold;paint-order:stroke;stroke:#fff;stroke-width:3.6px;stroke-linejoin:round}
.chance{font-weight:normal}
.report{fill:#b34700;stroke:#fff;stroke-width:1.2}.old{fill:#fff;stroke:#b34700}
.soft{fill:#55606b}.strong{font-weight:bold}.track{fill:#e4e8eb}.bar{fill:#0072b2}.rule{stroke:#d5dade}
"""


def map_png(forecast: Forecast, *, lang: str) -> bytes:
    """Draw the picture in one language.

    Returns
    -------
    bytes               a PNG of `WIDTH` by `HEIGHT` pixels.
    """
    folder = files("safepassage.adapters.page").joinpath("fonts")
    with (
        as_file(folder.joinpath("DejaVuSans-subset.ttf")) as plain,
        as_file(folder.joinpath("DejaVuSans-Bold-subset.ttf")) as bold,
    ):
        return resvg_py.svg_to_bytes(
            svg_string=map_svg(forecast, lang=lang),
            width=WIDTH,
            height=HEIGHT,
            skip_system_fonts=True,
            font_files=[str(plain), str(bold)],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
        )


def map_svg(forecast: Forecast, *, lang: str) -> str:
    """Compose the map and its panel as one SVG document."""
    left = WIDTH - PANEL
    chart = chart_of(forecast, shape=HEIGHT / left, close=True)
    number = first_night(forecast)
    rows = nights(forecast, number, least=0.02)
    drawn = (
        f"{base_layer(chart, forecast, lang=lang)}{report_layer(chart, forecast, number)}"
        f"{people_layer(chart, rows, lang=lang, size=15.0)}"
    )
    scale = left / chart.frame.width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 '
        f'{WIDTH} {HEIGHT}">'
        f"<style>{STYLE} .name{{font-size:15px}}</style>"
        f'<g transform="scale({scale:.5f})">{drawn}</g>'  # what juts out lies under the panel
        f'<g transform="translate({left} 0)"><rect width="{PANEL}" height="{HEIGHT}" fill="#fff"/>'
        f"{_panel(forecast, chart, lang)}</g></svg>"
    )


def _text(x: float, y: float, size: float, text: str, css: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size:g}" class="{css}">{esc(text)}</text>'


def _panel(forecast: Forecast, chart: Chart, lang: str) -> str:
    title = clean(forecast.title_en if lang == "en" else forecast.title_es)
    stamp = "NO PUBLICAR · NOT FOR PUBLICATION"
    parts = [
        f'<rect width="{PANEL}" height="46" fill="#1d2329"/>'
        f'<text x="{PANEL / 2}" y="30" font-size="17" font-weight="bold" text-anchor="middle" '
        f'style="fill:#fff;letter-spacing:1px">{stamp}</text>'
    ]
    y = 94.0
    for line in wrap(title, 27, 3):
        parts.append(_text(32, y, 27, line, "strong"))
        y += 35
    parts.append(_text(32, y + 4, 17, say(lang, "as_of_short", day=day(forecast.as_of)), "strong soft"))
    threshold = say(lang, "chance_of", threshold=whole(forecast.threshold_people))
    parts.append(_text(32, y + 30, 15, threshold, "soft"))
    y += 58
    first = first_night(forecast)
    for number in range(first, min(first + NIGHTS, forecast.days)):
        block, y = _night(forecast, number, y, lang)
        parts.append(block)
    return "".join(parts) + _legend(forecast, lang)


def _night(forecast: Forecast, number: int, y: float, lang: str) -> tuple[str, float]:
    parts = [f'<path class="rule" d="M32 {y:.0f}H{PANEL - 32}"/>']
    y += 28
    parts.append(_text(32, y, 18, say(lang, "night_of", day=day_named(forecast.date_of(number))), "strong"))
    rows = nights(forecast, number, limit=TOWNS)
    if not rows:
        y += 29
        parts.append(_text(32, y, 15, say(lang, "none_that_night"), "soft"))
        rows = likeliest(forecast, number, limit=TOWNS - 1)
    for row in rows:
        y += 29
        parts.append(_town(row, y, lang))
    return "".join(parts), y + 22


def _town(row: Night, y: float, lang: str) -> str:
    short_of_futures = row.conditional and not row.enough
    people = say(lang, "too_few_short") if short_of_futures else reckoned(row)(lang)
    name, size = wrap(clean(spaced(row.name)), 26, 1)[0], 15 if len(people) <= 12 else 12.5
    return (
        f"{_text(32, y, 17 if len(name) <= 20 else 14, name)}"
        f'<rect class="track" x="246" y="{y - 12:.0f}" width="70" height="12"/>'
        f'<rect class="bar" x="246" y="{y - 12:.0f}" width="{70 * row.told:.1f}" height="12"/>'
        f"{_text(326, y, 16, told_chance(row)(lang), 'strong')}"
        f'<text x="{PANEL - 32}" y="{y:.0f}" font-size="{size}" text-anchor="end" '
        f'class="soft">{esc(people)}</text>'
    )


def _legend(forecast: Forecast, lang: str) -> str:
    spot = (
        '<g class="spot sure"><circle class="ring" cx="52" cy="862" r="20" fill-opacity=".25"/>'
        '<circle class="disc" cx="52" cy="862" r="11" fill-opacity=".65"/></g>'
    )
    words = [say(lang, key) for key in ("legend_p10", "legend_p90")]
    lines = "".join(_text(86, 858 + 20 * k, 13.5, text, "soft") for k, text in enumerate(words))
    notes = [say(lang, "attribution")]
    if forecast.illustrative:
        notes.insert(0, say(lang, "message_illustrative"))
    notes.insert(0, say(lang, "message_sure"))
    notes.insert(0, say(lang, "star"))
    foot = "".join(_text(32, 978 - 21 * k, 13.5, text, "soft") for k, text in enumerate(reversed(notes)))
    return f"{spot}{_text(86, 836, 15, say(lang, 'legend_size'), 'strong')}{lines}{foot}"


def wrap(text: str, letters: int, most: int) -> list[str]:
    """Break text into at most `most` lines of about so many letters; the rest becomes an ellipsis."""
    lines = [""]
    for word in text.split() or [""]:
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= letters or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    cut = [line if len(line) <= letters else line[: letters - 1] + "…" for line in lines[:most]]
    if len(lines) > most and not cut[-1].endswith("…"):
        cut[-1] = cut[-1][: letters - 1].rstrip() + "…"
    return cut
