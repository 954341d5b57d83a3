"""The words of a shared forecast are all ours: nothing that somebody wrote freely goes with it.

Taking the names of towns out of free text was tried and failed: short names, other spellings, towns that are
called like their area, coordinates and hidden letters went through. So a title says what moves, in which
countries and what month was known; of sources and licences only those are named that are listed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from safepassage.core.countries import country_name, known_country
from safepassage.core.forecast import Forecast

KINDS = {"es": ("Desplazamiento", "Caravana"), "en": ("Displacement", "Caravan")}
MONTHS = {
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
MONTH_OF_YEAR = {"es": "{month} de {year}", "en": "{month} {year}"}
# Data sets of the whole earth whose licences ask to be named; naming one tells nothing of a place.
DATA_SETS = ("GeoNames", "Natural Earth", "OpenStreetMap")


def title(forecast: Forecast, countries: Sequence[str], lang: str) -> str:
    """Say what a forecast is about without a word of the scenario: "Caravan: Mexico · October 2018".

    Parameters
    ----------
    forecast : Forecast
    countries : sequence of str     those of which something is said; named where they are known by name.
    lang : str                      "es" or "en".
    """
    kind = KINDS[lang][bool(forecast.groups)]
    names = sorted({country_name(country, lang) for country in countries if known_country(country)})
    about = f"{kind}: {', '.join(names)}" if names else kind
    return f"{about} · {_month(forecast.as_of, lang)}"


def data_sets(forecast: Forecast) -> tuple[str, ...]:
    """Give those of `DATA_SETS` that a forecast names among its sources or in its licence."""
    said = " ".join((*forecast.sources, forecast.licence)).casefold()
    return tuple(name for name in DATA_SETS if name.casefold() in said)


def _month(day: date, lang: str) -> str:
    return MONTH_OF_YEAR[lang].format(month=MONTHS[lang][day.month - 1], year=day.year)
