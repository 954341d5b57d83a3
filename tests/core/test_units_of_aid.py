"""The list of items, and quantities said in the units that people load and carry."""

import pytest

from safepassage.core.aid_items import GUARDED_ITEMS, ITEMS, UNIT_WORDS, items_by_id, unit_word
from safepassage.core.units_of_aid import handy, in_local_units, quantity_text, rounded_up


def test_every_item_has_names_a_unit_in_words_and_a_weight() -> None:
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    for item in ITEMS:
        assert item.name_es and item.name_en, item.id  # noqa: PT018
        assert item.unit in UNIT_WORDS
        assert item.weight > 0
    assert {item.id for item in ITEMS} >= GUARDED_ITEMS


@pytest.mark.parametrize(
    ("needed", "told"),
    [
        (0, 0),
        (0.2, 1),
        (98.2, 99),
        (640, 640),
        (999.5, 1000),
        (1178, 1180),
        (12_387.4, 12_400),
        (63_919, 64_000),
    ],
)
def test_what_is_needed_is_rounded_up_to_what_people_order(needed: float, told: float) -> None:
    assert rounded_up(needed) == told
    assert needed <= rounded_up(needed) <= max(needed * 1.01, needed + 1)


def test_quantities_are_said_in_the_units_people_carry() -> None:
    assert in_local_units("water", 401, "es") == "21 garrafones de 20 L"
    assert in_local_units("water", 401, "en") == "21 jugs of 20 L"
    assert in_local_units("water", 20, "es", sizes=False) == "1 garrafón"
    assert in_local_units("water", 34_000, "es") == "3.4 pipas de 10,000 L"
    assert in_local_units("water", 10_000, "en") == "1 tanker of 10,000 L"
    assert in_local_units("water", 12_345_600, "es", sizes=False) == "1,234.6 pipas"
    assert in_local_units("transport", 61, "es") == "4 camionetas de redilas"
    assert in_local_units("blanket", 61, "es") == ""
    assert in_local_units("water", 0, "es") == ""
    assert quantity_text(items_by_id()["water"], 12_387.4, "es") == "12,400 L"
    assert quantity_text(items_by_id()["food"], 799.2, "es") == "800 comidas"
    assert unit_word("piece", 1, "en") == "piece"
    assert unit_word("barrel", 2, "en") == "barrel"


def test_loads_are_rounded_down_to_what_is_easily_counted() -> None:
    assert [handy("water", x) for x in (19, 20, 605, 999, 7083, 33_516)] == [0, 20, 600, 980, 7000, 33_500]
    assert [handy("food", x) for x in (4, 5, 24, 97, 524, 3382)] == [0, 5, 20, 95, 520, 3350]


def test_between_jugs_and_a_tanker_there_is_no_local_unit() -> None:
    assert in_local_units("water", 5000, "es") == "250 garrafones de 20 L"
    assert in_local_units("water", 7500, "es") == ""
    assert in_local_units("water", 12_000, "en") == "1.2 tankers of 10,000 L"
