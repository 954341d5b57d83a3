"""The list of items, and quantities said in the units that people load and carry."""

from safepassage.core.aid_items import GUARDED_ITEMS, ITEMS, UNIT_WORDS, items_by_id, unit_word
from safepassage.core.units_of_aid import in_local_units, quantity_text


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
