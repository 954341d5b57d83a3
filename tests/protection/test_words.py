"""No word that somebody wrote into a scenario gets out, but the names of countries and areas."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from caravan_worlds import forecast_of
from hypothesis import given
from hypothesis import strategies as st
from test_small_groups import AS_OF, network_of, places_of, shared

from safepassage.adapters.shared_page import shared_csv, shared_html, shared_json
from safepassage.core.countries import ALIASES, country_name, known_country
from safepassage.core.forecast import Fan, Forecast, GroupForecast
from safepassage.core.shared import SharedForecast

# What went through when the names of towns were taken out of free text.
GAVE_AWAY = [
    "Caravana en Zacapa, 2026-10-01",
    "Juárez",
    "Cd. Juárez",
    "Caravana de Oaxaca",
    "SPS",
    "Huixtla_2026",
    "Huix\u00adtla",
    "Huix\u200btla",
    "15.1385, -92.4616",
    "https://zacapa.example/hoy",
    "Z a c a p a",
]


def made(text: str, *, groups: tuple[GroupForecast, ...] = ()) -> Forecast:
    """Give a forecast in which every free text is this one."""
    places = replace(
        places_of(["GT"] * 2 + ["MX"] * 2, ["Zacapa"] * 2 + ["Puebla"] * 2),
        names=("Zacapa", "Gualán", "Puebla", "Cholula"),
        shelters=(text,) * 4,
        sources=(text,) * 4,
    )
    first, peak = np.full((20, 4), 3, np.int16), np.full((20, 4), 900, np.int32)
    forecast = forecast_of(network_of(places), first, peak, as_of=AS_OF)
    words: dict[str, Any] = {name: text for name in ("scenario", "title_es", "title_en", "engine", "licence")}
    return replace(
        forecast, engine_reason=text, illustrative=(text,), sources=(text, text), groups=groups, **words
    )


def files_of(form: SharedForecast) -> str:
    return "\n".join((shared_html(form), shared_csv(form), shared_json(form), form.title_es, form.title_en))


@pytest.mark.parametrize("text", GAVE_AWAY)
def test_what_gave_a_town_away_is_nowhere(text: str) -> None:
    assert text not in files_of(shared(made(text)))
    assert files_of(shared(made(text))) == files_of(shared(made("another")))


@given(st.text(max_size=60))
def test_no_free_text_changes_a_byte(text: str) -> None:
    form, other = shared(made(f"qqq {text} qqq")), shared(made("another"))
    kept = {field.name for field in fields(form)} - {"data_sets"}
    assert all(getattr(form, name) == getattr(other, name) for name in kept)


def test_the_title_says_what_moves_in_which_countries_and_the_month_known() -> None:
    form = shared(made("Caravana en Zacapa"))
    assert AS_OF == date(2026, 1, 30)
    assert form.title_es == "Desplazamiento: Guatemala, México · enero de 2026"
    assert form.title_en == "Displacement: Guatemala, Mexico · January 2026"


def test_a_caravan_is_called_one_and_its_own_name_is_not_said() -> None:
    none = Fan("people", np.zeros((7, 75)))
    way = np.array([0, 1])
    group = GroupForecast(
        *("Zacapa", "Zacapa", "Zacapa", way, way * 50.0, none, none, none, none, none),
        *(np.zeros((75, 8)), none, none),
    )
    form = shared(made("Zacapa hoy", groups=(group,)))
    assert form.title_es == "Caravana: Guatemala, México · enero de 2026"
    assert "Zacapa hoy" not in files_of(form)


def test_countries_that_are_not_known_by_name_are_not_in_the_title() -> None:
    forecast = made("x")
    places = replace(forecast.network.places, countries=("Huixtla hoy",) * 4)
    form = shared(replace(forecast, network=network_of(places)))
    assert form.title_en == "Displacement · January 2026"


def test_only_data_sets_of_a_fixed_list_are_named() -> None:
    said = ("GeoNames (CC BY 4.0), coordinates of Zacapa", "La Prensa, Zacapa, 2026-10-01")
    form = shared(replace(made("x"), sources=said))
    assert form.data_sets == ("GeoNames",)
    assert "Prensa" not in files_of(form)
    assert shared(replace(made("x"), licence="data © OpenStreetMap contributors")).data_sets == (
        "OpenStreetMap",
    )


@pytest.mark.parametrize(
    ("written", "spanish", "english"),
    [
        ("TR", "Turquía", "Türkiye"),
        ("mk ", "Macedonia del Norte", "North Macedonia"),
        ("Burkina_Faso", "Burkina Faso", "Burkina Faso"),
        ("South_Sudan", "Sudán del Sur", "South Sudan"),
        ("México", "México", "Mexico"),
        ("CAR", "República Centroafricana", "Central African Republic"),
        ("Far_Away", "Far Away", "Far Away"),
        ("", "", ""),
    ],
)
def test_countries_have_names_in_both_languages(written: str, spanish: str, english: str) -> None:
    assert (country_name(written, "es"), country_name(written, "en")) == (spanish, english)


def test_every_alias_is_a_known_country() -> None:
    assert all(known_country(alias) for alias in ALIASES)
    assert not known_country("Far_Away")
    assert not known_country("")
