"""The first words of the report: where people may spend the next night, or that this is wide open."""

from __future__ import annotations

from safepassage.adapters.outlook import Night, first_night, likeliest, nights, sleeps_on_road
from safepassage.adapters.page.cartography import CERTAIN
from safepassage.adapters.page.figures import Spoken, day_named, likelihood, people, share
from safepassage.adapters.page.lookback import news
from safepassage.adapters.page.markup import esc, spaced
from safepassage.adapters.page.reckoning import amount
from safepassage.adapters.page.words import both, say
from safepassage.core.forecast import Forecast

VAGUE = 0.33  # where no town is likelier than this, say that the place is open
TOWNS = 3


def lead(forecast: Forecast) -> str:
    """Write the section that tells the likeliest towns of the next night."""
    number = first_night(forecast)
    rows = nights(forecast, number, limit=TOWNS)
    opening = "lead_vague" if rows and forecast.chance_any[number].max() < VAGUE else ""
    if not rows:
        rows = likeliest(forecast, number, limit=TOWNS)
        opening = "lead_open" if rows else "lead_nobody"
    items = "".join(f"<li>{_row(row)}</li>" for row in rows)
    inside = (f"<p>{both(opening)}</p>" if opening else "") + (f"<ol>{items}</ol>" if rows else "")
    if sleeps_on_road(forecast, number):
        inside += f"<p>{both('lead_road', threshold=people(forecast.threshold_people))}</p>"
    title = both(
        "first_night_on" if forecast.replay else "next_night_on", day=day_named(forecast.date_of(number))
    )
    inside += news(forecast)
    return f'<section class="lead" aria-labelledby="lead"><h2 id="lead">{title}</h2>{inside}</section>'


def _row(row: Night) -> str:
    country = f'<abbr class="country">{esc(spaced(row.country))}</abbr>'
    head = f"<strong>{esc(spaced(row.name))} {country}</strong>"
    said = {
        "word": _word(row.told),
        "chance": share(row.told),
        "large": share(row.chance),
        "threshold": people(row.threshold_people),
        "amount": amount(row.people),
    }
    return f"{head}<p>{both(_sentence(row), **said)}</p>"


def _sentence(row: Night) -> str:
    if not row.conditional:
        return "lead_row_small"
    if row.tells_anybody:
        return "lead_row_any"
    if not row.enough:
        return "lead_row_few"
    return "lead_row_sure" if row.chance >= CERTAIN else "lead_row"


def _word(chance: float) -> Spoken:
    key = likelihood(chance)
    return lambda lang: say(lang, key).capitalize()
