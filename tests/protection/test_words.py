"""Titles, sources and notes give no town away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_small_groups import places_of

from safepassage.core.network import Places
from safepassage.protection.words import without_towns


def named(*names: str) -> Places:
    from dataclasses import replace

    places = places_of(["MX"] * len(names), ["Oaxaca"] * len(names))
    ids = tuple(name.lower().replace(" ", "-") for name in names)
    return replace(places, names=tuple(names), ids=ids)


PLACES = named("Huixtla", "Ciudad de México", "Juchitán", "Oaxaca")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5,000 in Huixtla today", "5,000 in … today"),
        ("HUIXTLA, huixtla; Huixtla.", "…, …; …."),
        ("en Juchitan o Juchitán", "en … o …"),
        ("llegan a ciudad de mexico", "llegan a …"),
        ("la ciudad-de-mexico", "la …"),
        ("Huixtlango is another town", "Huixtlango is another town"),
        ("the state of Oaxaca", "the state of Oaxaca"),
        ("https://paper.example/2018/caravana-llega-a-huixtla?x=1", "paper.example"),
        ("see http://user:secret@paper.example/a, CC BY", "see paper.example, CC BY"),
        ("", ""),
    ],
)
def test_towns_and_pages_are_taken_out(text: str, expected: str) -> None:
    assert without_towns(text, PLACES) == expected


@given(st.text(max_size=60))
def test_any_text_passes_and_no_town_survives(text: str) -> None:
    shown = without_towns(f"{text} Huixtla {text}", PLACES)
    assert " Huixtla " not in shown


@given(st.text(alphabet="abc-ÁñİßŒ ", min_size=1, max_size=20))
def test_names_with_any_letters_do_not_break_it(name: str) -> None:
    assert isinstance(without_towns(f"in {name} today", named(name)), str)
