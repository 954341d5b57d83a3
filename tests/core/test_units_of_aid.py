"""Quantities as people say them: read, refused where a word is not understood, and said again."""

import pytest

from safepassage.core.aid_items import GUARDED_ITEMS, ITEMS, UNIT_WORDS, items_by_id, unit_word
from safepassage.core.aid_words import AID_WORDS
from safepassage.core.errors import InputError
from safepassage.core.logistics import Item
from safepassage.core.units_of_aid import in_local_units, quantity_of, quantity_text

SAID = [
    ("20 garrafones", "water", 400),
    ("20 garrafones de agua", "water", 400),
    ("1 garrafón", "water", 20),
    ("un garrafón", "water", 20),
    ("20 garrafones de 19 L", "water", 380),
    ("200 botellas de 600 ml", "water", 120),
    ("200 bottles of 1.5 L", "water", 300),
    ("2,000 L water", "water", 2000),
    ("2000 litros de agua", "water", 2000),
    ("2.000 litros", "water", 2000),
    ("2 000 L", "water", 2000),
    ("agua: 2,000 litros", "water", 2000),
    ("dos mil litros de agua", "water", 2000),
    ("2 mil litros", "water", 2000),
    ("3 m³ de agua", "water", 3000),
    ("una pipa", "water", 10000),
    ("2 pipas de 8,000 L", "water", 16000),
    ("una pipa de 8 mil litros", "water", 8000),
    ("2.5 L", "water", 2.5),
    ("800 meals", "food", 800),
    ("800 comidas", "food", 800),
    ("1,200 comidas calientes", "food", 1200),
    ("800 raciones", "food", 800),
    ("300 cobijas", "blanket", 300),
    ("dos docenas de cobijas", "blanket", 24),
    ("150 blankets", "blanket", 150),
    ("40 kits de higiene", "hygiene_kit", 40),
    ("40 kits de higiene menstrual", "menstrual_kit", 40),
    ("12 baños portátiles", "toilet", 12),
    ("100 mudas de ropa", "clothing", 100),
    ("60 consultas médicas", "medical", 60),
    ("500 sobres de suero oral", "ors", 500),
    ("3 camionetas de redilas", "transport", 60),
    ("25 seats", "transport", 25),
    ("500 lugares para dormir", "shelter", 500),
]


@pytest.mark.parametrize(("text", "item", "quantity"), SAID)
def test_what_people_say_is_read(text: str, item: str, quantity: float) -> None:
    found = quantity_of(text)
    assert (found.item, found.quantity) == (item, pytest.approx(quantity))
    assert found.unit == items_by_id()[item].unit


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("garrafones", "number"),
        ("", "number"),
        ("-20 garrafones", "above 0"),
        ("−20 garrafones", "above 0"),
        ("0 comidas", "above 0"),
        ("800-1000 comidas", "one number"),
        ("800 comidas y 20 garrafones", "one number"),
        ("20 litros de leche", "leche"),
        ("20 garrafones de comida", "comida"),
        ("20 garafones", "garrafones"),
        ("5 botellas", "size"),
        ("30 xyz", "docs/needs.md"),
        ("20 kg de arroz", "item"),
        ("10 agua", "item"),
    ],
)
def test_what_is_not_understood_is_refused_and_said(text: str, word: str) -> None:
    with pytest.raises(InputError) as caught:
        quantity_of(text)
    assert word in str(caught.value)


def test_a_users_own_items_are_counted_by_their_names() -> None:
    own = Item("diapers", "pañales", "diapers", "piece", 0.05, 0.3)
    assert quantity_of("300 pañales", items=(own,)) == ("diapers", 300, "piece")
    with pytest.raises(InputError):
        quantity_of("300 pañales")


def test_every_word_counts_one_known_item_and_no_word_two() -> None:
    ids = set(items_by_id())
    words = [word for one in AID_WORDS for word in one.words]
    assert {one.item for one in AID_WORDS} <= ids
    assert len(words) == len(set(words))


def test_every_item_has_names_a_unit_in_words_and_a_weight() -> None:
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    for item in ITEMS:
        assert item.name_es and item.name_en, item.id  # noqa: PT018
        assert item.unit in UNIT_WORDS
        assert item.weight > 0
    assert {item.id for item in ITEMS} >= GUARDED_ITEMS


def test_quantities_are_said_in_the_units_people_carry() -> None:
    assert in_local_units("water", 401, "es") == "21 garrafones"
    assert in_local_units("water", 401, "en") == "21 × 20 L"
    assert in_local_units("water", 20, "es") == "1 garrafón"
    assert in_local_units("water", 34_000, "es") == "3.4 pipas"
    assert in_local_units("transport", 61, "es") == "4 camionetas de redilas"
    assert in_local_units("blanket", 61, "es") == ""
    assert quantity_text(items_by_id()["food"], 799.2, "es") == "800 comidas"
    assert unit_word("piece", 1, "en") == "piece"
    assert unit_word("barrel", 2, "en") == "barrel"
