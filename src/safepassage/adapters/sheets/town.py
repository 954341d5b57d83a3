"""A town's sheet: one A4 page in Spanish and one in English in the same file.

Two pages and not a toggle, because the sheet is made to be printed and pinned up, where nothing can be
toggled: who needs one language prints that page only, and a team of two languages has both in one file.
There is no script in it.
"""

from __future__ import annotations

from importlib.resources import files

import numpy as np

from safepassage.adapters.outlook import Arrival, Range, arrival, first_night, mean_nights, night
from safepassage.adapters.page.figures import (
    LANGUAGES,
    Spoken,
    day,
    day_range,
    day_short,
    day_within,
    likelihood,
    people,
    share,
    span,
)
from safepassage.adapters.page.markup import clean, esc, policy, spaced
from safepassage.adapters.page.reckoning import amount, reckoned, too_few
from safepassage.adapters.page.words import say
from safepassage.adapters.sheets.learned import agreed_lines, look_box
from safepassage.core.forecast import Forecast

GENERATOR = "SafePassage town sheet"
BARS = 21  # nights in the strip
SURE, MAYBE, LOWEST = 0.5, 0.2, 0.01


def town_html(forecast: Forecast, place: int, *, added: str = "") -> str:
    """Write the sheet of one place.

    Parameters
    ----------
    place : int         position in `Places`.
    added : str         pages of markup to stand after it.
    """
    style = files("safepassage.adapters.sheets").joinpath("town.css").read_text(encoding="utf-8").strip()
    name = clean(spaced(forecast.network.places.names[place]))
    pages = "".join(_page(forecast, place, lang) for lang in LANGUAGES)
    return (
        f'<!DOCTYPE html>\n<html lang="es"><head><meta charset="utf-8">{policy(style)}'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="generator" '
        f'content="{GENERATOR}">'
        '<meta name="robots" content="noindex, nofollow"><meta name="referrer" content="no-referrer">'
        f"<title>{esc(name)} · SafePassage</title><style>{style}</style></head>\n<body>{pages}{added}</body>"
        "</html>\n"
    )


def _page(forecast: Forecast, place: int, lang: str) -> str:
    places = forecast.network.places
    title = forecast.title_en if lang == "en" else forecast.title_es
    summary = arrival(forecast, place)
    look, agreed = look_box(forecast, place, lang), agreed_lines(forecast, place, lang)
    full = ' class="full"' if look or agreed else ""  # set closer on paper, to stay on one page
    notice = f" {esc(say(lang, 'message_illustrative'))}" if forecast.illustrative else ""
    return (
        f'<article lang="{lang}"{full}><div class="stamp">NO PUBLICAR · NOT FOR PUBLICATION</div>'
        f'<header><p class="eyebrow">{esc(say(lang, "sheet_title"))} · {esc(title)}</p>'
        f"<h1>{esc(spaced(places.names[place]))} "
        f"<small>{esc(spaced(places.countries[place]))}</small></h1>"
        f'<p class="time">{esc(say(lang, "as_of", day=day(forecast.as_of)))}</p></header>'
        f"{_when(forecast, place, summary, lang)}{look}"
        f'<div class="pair">{_many(forecast, place, summary, lang)}{_stay(forecast, place, lang)}</div>'
        f'{agreed}<div class="pair">{_expect(forecast, place, summary, lang)}{_unknown(lang)}</div>'
        f"{_happened(forecast, place, summary, lang)}"
        f"<footer>{esc(say(lang, 'sheet_made', day=day(forecast.as_of)))}{notice}</footer></article>"
    )


def _percent(chance: float) -> str:
    return share(chance)("en").removesuffix("%")


def _p(text: str, css: str = "") -> str:
    return f'<p class="{css}">{esc(text)}</p>' if css else f"<p>{esc(text)}</p>"


def _passed(summary: Arrival | None) -> bool:
    """Tell whether people are likelier to be here already than to come for the first time."""
    return summary is None or summary.still > summary.new


def _when(forecast: Forecast, place: int, summary: Arrival | None, lang: str) -> str:
    head = f"<section><h2>{esc(say(lang, 'sheet_when'))}</h2>"
    if summary is None or _passed(summary):
        chance, best = reached(forecast, place)
        when, word = (
            day_within(forecast.days, named=True)(forecast.date_of(best)),
            say(lang, likelihood(chance)),
        )
        lines = _p(say(lang, "sheet_best", day=when, chance=share(chance), word=word), "big")
        if bool((forecast.chance_any[: first_night(forecast), place] >= LOWEST).any()):
            lines = _p(say(lang, "sheet_here"), "key") + lines
    else:
        low, middle, high = summary.first
        said, named = day_within(forecast.days), day_within(forecast.days, named=True)
        ever = {"chance": share(summary.chance), "word": say(lang, likelihood(summary.chance))}
        key = "sheet_when_few"
        if summary.enough_days:
            key = "sheet_when_one" if low == high else "sheet_when_line"
        text = say(lang, key, low=said(low), middle=named(middle), high=said(high))
        lines = _p(say(lang, "sheet_ever", last=day(forecast.dates[-1]), **ever), "key") + _p(text, "big")
    return f"{head}{lines}{_strip(forecast, place, lang)}</section>"


def _strip(forecast: Forecast, place: int, lang: str) -> str:
    """Draw the chance of each night as a bar with its figure, and list it for readers of screens."""
    since = first_night(forecast)
    enough = bool((forecast.chance_threshold[since:, place] >= 0.01).any())
    source = forecast.chance_threshold if enough else forecast.chance_any
    chances = source[since : since + BARS, place].astype(float)
    threshold = people(forecast.threshold_people)
    key = "sheet_bars" if enough else "sheet_bars_any"
    step = 680 / max(len(chances), 7)
    top = next(limit for limit in (0.25, 0.5, 1.0) if limit >= min(float(chances.max()), 1.0))
    bars = [f'<path class="grid" d="M0 18H680"/><text class="scale" x="680" y="13">{100 * top:.0f} %</text>']
    for k, chance in enumerate(chances.tolist()):
        x, tall = k * step, 64 * min(max(chance, 0.0), 1.0) / top
        when = forecast.date_of(since + k)
        css = "sure" if chance >= SURE else "maybe" if chance >= MAYBE else "faint"
        label = _percent(chance) if chance >= 0.005 else ""
        month = day_short(when)(lang).split(" ")[1] if k == 0 or when.day == 1 else ""
        bars.append(
            f'<rect class="bar {css}" x="{x + 3:.1f}" y="{82 - tall:.1f}" width="{step - 6:.1f}" '
            f'height="{tall:.1f}"/>'
            f'<text class="percent" x="{x + step / 2:.1f}" y="{77 - tall:.1f}">{label}</text>'
            f'<text class="day" x="{x + step / 2:.1f}" y="97">{when.day}</text>'
            f'<text class="month" x="{x + step / 2:.1f}" y="111">{esc(month)}</text>'
        )
    told = "; ".join(
        f"{day_short(forecast.date_of(since + k))(lang)}: {share(float(c))(lang)}"
        for k, c in enumerate(chances)
    )
    return (
        f'<figure role="img" aria-label="{esc(told)}">'
        f"<figcaption>{esc(say(lang, key, threshold=threshold))} (%)</figcaption>"
        '<svg viewBox="0 0 680 114" aria-hidden="true"><path class="floor" d="M0 '
        f'82.5H680"/>{"".join(bars)}</svg></figure>'
    )


def _amount(forecast: Forecast, place: int, summary: Arrival | None) -> tuple[Spoken, Range | None]:
    """Say how many to reckon with, and give the range where there are enough futures to tell one.

    On the fullest night of those who come, or, where people may be here already, on the likeliest night.
    """
    if summary is not None and not _passed(summary):
        most = summary.people
        return (span(most.low, most.high), most) if summary.enough_people else (too_few, None)
    row = night(forecast, _fullest(forecast, place), place)
    return reckoned(row), row.people if row.enough else None


def _fullest(forecast: Forecast, place: int) -> int:
    """Give the night on which so many people are likeliest, or anybody where so many never are."""
    since = first_night(forecast)
    chance = forecast.chance_threshold[since:, place]
    return since + int(np.argmax(chance)) if chance.max() > 0 else reached(forecast, place)[1]


def _many(forecast: Forecast, place: int, summary: Arrival | None, lang: str) -> str:
    head = f"<section><h2>{esc(say(lang, 'sheet_many'))}</h2>"
    spoken, told = _amount(forecast, place, summary)
    reach = spoken(lang)
    if told is None:
        return head + _p(reach[:1].upper() + reach[1:], "big") + "</section>"
    key = "sheet_many_best" if _passed(summary) else "sheet_many_line"
    when, threshold = (
        day_within(forecast.days)(forecast.date_of(_fullest(forecast, place))),
        people(forecast.threshold_people),
    )
    text = say(lang, key, amount=amount(told), day=when, threshold=threshold)
    return head + _p(reach, "number") + _p(text) + "</section>"


def _nights_text(nights: float) -> str:
    """Write a number of nights; with a point in Spanish too, as in Mexico and Central America."""
    return f"{nights:.1f}" if nights < 10 else f"{nights:.0f}"


def _stay(forecast: Forecast, place: int, lang: str) -> str:
    head = f"<section><h2>{esc(say(lang, 'sheet_stay'))}</h2>"
    mean = mean_nights(forecast, place)
    threshold = people(forecast.threshold_people)
    if mean is None:
        ever = bool((forecast.chance_threshold[first_night(forecast) :, place] > 0).any())
        key = "sheet_stay_bars" if ever else "sheet_stay_none"
        return head + _p(say(lang, key, threshold=threshold)) + "</section>"
    nights = _nights_text(mean)
    lines = _p(nights, "number") + _p(say(lang, "sheet_stay_line", nights=nights, threshold=threshold))
    if forecast.chance_any[-1, place] >= 0.01:
        lines += _p(say(lang, "sheet_stay_open", last=day(forecast.dates[-1])), "soft")
    return head + lines + "</section>"


def _expect(forecast: Forecast, place: int, summary: Arrival | None, lang: str) -> str:
    manner = say(lang, "sheet_expect_group" if forecast.groups else "sheet_expect_spread")
    items = [manner]
    if summary is not None and not _passed(summary):
        chance = summary.chance
        outlook = (
            "sheet_expect_high"
            if chance >= SURE
            else "sheet_expect_mid"
            if chance >= MAYBE
            else "sheet_expect_low"
        )
        items.insert(0, say(lang, outlook, low=day_within(forecast.days)(summary.first[0])))
    listed = "".join(f"<li>{esc(item)}</li>" for item in items)
    return f"<section><h2>{esc(say(lang, 'sheet_expect'))}</h2><ul>{listed}</ul></section>"


def _unknown(lang: str) -> str:
    listed = "".join(f"<li>{esc(say(lang, f'sheet_unknown_{k}'))}</li>" for k in (1, 2, 3))
    return f"<section><h2>{esc(say(lang, 'sheet_unknown'))}</h2><ul>{listed}</ul></section>"


def _happened(forecast: Forecast, place: int, summary: Arrival | None, lang: str) -> str:
    """Leave room to write down what came, beside what was said."""
    (reach, told), mean = _amount(forecast, place, summary), mean_nights(forecast, place)
    if summary is not None and not _passed(summary):
        early, _, late = summary.first if summary.enough_days else (summary.first[1],) * 3
        about = "" if summary.enough_days else "≈ "
        when = f"{about}{day_range(early, late)(lang)} ({share(summary.chance)(lang)})"
    else:
        chance, best = reached(forecast, place)
        when = f"{day_within(forecast.days)(forecast.date_of(best))(lang)} ({share(chance)(lang)})"
    many = say(lang, "sheet_said_people", people=reach) if told else reach(lang)
    stay = say(lang, "sheet_nights_said", nights=_nights_text(mean)) if mean else "–"
    said = (("night", when), ("people", many), ("nights", stay), ("note", ""))
    rows = "".join(
        f'<tr><th scope="row">{esc(say(lang, f"sheet_line_{key}"))}</th><td>{esc(text)}</td><td '
        'class="blank"></td></tr>'
        for key, text in said
    )
    return (
        f"<section class='happened'><h2>{esc(say(lang, 'sheet_happened'))}</h2><table><thead><tr><td></td>"
        f"<th scope='col'>{esc(say(lang, 'sheet_said'))}</th><th "
        f"scope='col'>{esc(say(lang, 'sheet_was'))}</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></section>"
    )


def reached(forecast: Forecast, place: int) -> tuple[float, int]:
    """Give the largest chance that anybody stays on one night to come, and that night."""
    since = first_night(forecast)
    column = forecast.chance_any[since:, place]
    return float(column.max()), since + int(np.argmax(column))
