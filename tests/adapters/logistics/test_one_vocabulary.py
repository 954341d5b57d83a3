"""Needs and offers speak of the same items, in the same units; a user's own items are known to both."""

import csv
from datetime import date
from pathlib import Path

import pytest

from safepassage.adapters import builtin, folder, logistics
from safepassage.adapters.logistics import catalogue
from safepassage.adapters.offers import read_line
from safepassage.adapters.profiles import profile_names, read_profile
from safepassage.core.aid_items import ITEMS, UNIT_WORDS, items_by_id
from safepassage.core.gazetteer import fold
from safepassage.core.logistics import Item
from safepassage.core.network import Network
from safepassage.core.units_of_aid import GARRAFON_L, PIPA_L, STAKE_TRUCK_SEATS

AS_OF = date(2018, 10, 23)
OWN = Item("sun_cream", "Bloqueador solar", "Sunscreen", "bottle", 0.25, 0.3)
HEADER = "item,value,unit,per_whom,per_time,basis,name_es,name_en\n"

# What people say, and how much of which item that is.
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
    ("25 seats", "transport", 25),
    ("500 lugares para dormir", "shelter", 500),
]


@pytest.fixture(scope="module")
def network() -> Network:
    return folder.read_network(builtin.network_path("mesoamerica"))


def goods(line: str, network: Network, own: tuple[Item, ...] = ()) -> list[tuple[str, float]]:
    found = read_line(f"parroquia de Huixtla, {line}", network.places, AS_OF, known=catalogue(own))
    return [(good.item, good.quantity) for good in found.goods]


def test_offers_know_every_item_of_the_list_and_no_other() -> None:
    assert catalogue().by_id == items_by_id() == {item.id: item for item in ITEMS}
    assert set(catalogue().item_words.values()) == set(items_by_id())


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_needs_and_offers_read_the_same_item_by_its_id_and_both_names(
    item: Item, tmp_path: Path, network: Network
) -> None:
    for name in (item.id, item.name_es, item.name_en):
        row = f"{name},1,{item.unit},person,day,assumption,,\n"
        (tmp_path / "ours.csv").write_text(HEADER + row, encoding="utf-8")
        (tmp_path / "supplies.csv").write_text(
            f"holder,place,item,quantity,unit,from\nDIF,Huixtla,{name},7,{item.unit},2018-10-24\n",
            encoding="utf-8",
        )
        profile, _ = read_profile(tmp_path / "ours.csv")
        there, _ = logistics.read(tmp_path, network)
        assert profile.figures[0].item == there.supplies[0].item == item.id
        assert there.supplies[0].quantity == 7


@pytest.mark.parametrize(
    ("word", "item"),
    [(word, unit.item) for unit in catalogue().units for word in unit.words[:1] if unit.item],
)
def test_needs_and_offers_count_by_the_same_units(
    word: str, item: str, tmp_path: Path, network: Network
) -> None:
    (tmp_path / "ours.csv").write_text(HEADER + f"{item},1,{word},person,day,assumption,,\n")
    (tmp_path / "supplies.csv").write_text(
        f"holder,place,item,quantity,unit,from\nDIF,Huixtla,{item},1,{word},2018-10-24\n"
    )
    profile, _ = read_profile(tmp_path / "ours.csv")
    there, _ = logistics.read(tmp_path, network)
    assert profile.figures[0].value == there.supplies[0].quantity > 0


def test_what_outputs_say_is_read_back_as_the_same_amount() -> None:
    known = catalogue()
    water, seats = known.by_id["water"], known.by_id["transport"]
    assert known.per_unit("garrafón", water) == GARRAFON_L
    assert known.per_unit("pipas", water) == PIPA_L
    assert known.per_unit("camionetas de redilas", seats) == STAKE_TRUCK_SEATS
    for item in ITEMS:
        for word in UNIT_WORDS[item.unit]:
            assert known.per_unit(word, item) == 1.0, (item.id, word)


def test_no_word_counts_one_item_in_two_ways() -> None:
    seen: dict[tuple[str, str], float] = {}
    for unit in catalogue().units:
        for word in unit.words:
            assert seen.setdefault((word, unit.item), unit.factor) == unit.factor
    table = Path(logistics.__file__).parent / "data" / "item_words.csv"
    with table.open(encoding="utf-8", newline="") as file:
        words = [fold(word) for row in csv.DictReader(file) for word in row["words"].split("|")]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(("text", "item", "quantity"), SAID)
def test_what_people_say_is_read(text: str, item: str, quantity: float, network: Network) -> None:
    assert goods(text, network) == [(item, pytest.approx(quantity))]


@pytest.mark.parametrize(
    "text",
    [
        "garrafones",
        "0 comidas",
        "20 litros de leche",
        "20 garrafones de gasolina",
        "40 boxes soap",
        "30 xyz",
        "10 agua",
    ],
)
def test_what_is_not_understood_is_never_a_guess(text: str, network: Network) -> None:
    found = read_line(f"parroquia de Huixtla, {text}", network.places, AS_OF)
    assert not found.goods
    assert found.unknown or found.remarks


def test_a_range_is_taken_at_what_is_sure(network: Network) -> None:
    found = read_line("parroquia de Huixtla, 800-1000 comidas, 5 a 10 cobijas", network.places, AS_OF)
    assert [(good.item, good.quantity) for good in found.goods] == [("food", 800), ("blanket", 5)]
    assert any("800-1000" in remark for remark in found.remarks)


def test_items_of_ones_own_are_offered_and_stored(tmp_path: Path, network: Network) -> None:
    assert goods("300 sunscreen y 20 bloqueador solar", network, (OWN,)) == [
        ("sun_cream", 300), ("sun_cream", 20),
    ]  # fmt: skip
    assert goods("300 sunscreen", network) == []
    rows = "holder,place,item,quantity,from\nDIF,Huixtla,bloqueador solar,7,2018-10-24\n"
    (tmp_path / "supplies.csv").write_text(rows)
    assert logistics.read(tmp_path, network, known=catalogue((OWN,)))[0].supplies[0].item == "sun_cream"


def test_profiles_that_ship_speak_of_items_that_can_be_offered() -> None:
    for name in profile_names():
        assert {figure.item for figure in read_profile(name)[0].figures} <= set(catalogue().by_id)
