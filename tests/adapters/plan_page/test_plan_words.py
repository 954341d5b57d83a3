"""Words, numbers and verdicts of the pages of a plan."""

import re
from importlib.resources import files

import pytest

from safepassage.adapters.plan_page.amounts import (
    about,
    between,
    clock,
    fine,
    goods,
    lasting,
    odds,
    three_digits,
    vehicle,
)
from safepassage.adapters.plan_page.coverage import verdict
from safepassage.adapters.plan_page.words import dictionary
from safepassage.core.aid_items import items_by_id
from safepassage.core.coverage import CoverRow
from safepassage.core.logistics import STATUSES
from safepassage.core.needs import Told
from safepassage.core.plan import POLICIES
from safepassage.planning.explain import REASONS

ITEMS = items_by_id()
NONE = Told(None, None, None)
BUILT = {  # keys that the code puts together
    *(f"status_{status}" for status in STATUSES),
    *(f"status_count_{status}" for status in STATUSES),
    *(f"banner_{status}" for status in STATUSES),
    *(f"way_{policy}" for policy in POLICIES),
    *(f"{word}_{way}" for word in ("better", "worse", "same") for way in ("nearest", "median", "perfect")),
    *(f"{what}_{kind}" for what in ("is", "means") for kind in ("missing", "maybe", "covered", "surplus")),
    "is_unknown",
    *(f"legend_{kind}" for kind in ("sure", "maybe", "faint")),
    *(f"why_{reason.replace(' ', '_')}" for reason in REASONS),
    *(f"many_{kind}" for kind in ("idle_carrier", "idle_supply", "limit_not_carried")),
    *(
        f"{count}_{what}"
        for count, s in (("one", ""), ("several", "s"))
        for what in ("drive" + s, "town" + s)
    ),
}


def test_both_languages_say_the_same_things():
    es, en = dictionary("es"), dictionary("en")
    assert set(es) == set(en)
    for key in es:
        assert set(re.findall(r"{(\w*)}", es[key])) == set(re.findall(r"{(\w*)}", en[key])), key
        assert es[key].strip(), key
        assert en[key].strip(), key


def test_every_reason_status_and_policy_has_words_and_no_word_is_idle():
    code = "".join(
        file.read_text("utf-8")
        for file in files("safepassage.adapters.plan_page").iterdir()
        if file.name.endswith(".py")
    )
    said = set(re.findall(r"""["'](\w+)["']""", code))
    assert set(dictionary("es")) >= BUILT
    assert set(dictionary("es")) - said - BUILT == set()


@pytest.mark.parametrize(
    ("chance", "es", "en"),
    [
        (0.125, "1 de cada 8 (12\u202f%)", "1 in 8 (12%)"),
        (0.03, "1 de cada 35 (3\u202f%)", "1 in 35 (3%)"),
        (0.62, "6 de cada 10 (62\u202f%)", "6 in 10 (62%)"),
        (0.96, "19 de cada 20 (96\u202f%)", "19 in 20 (96%)"),
        (0.001, "menos de 1 de cada 100", "less than 1 in 100"),
        (0.0, "en ninguno de los futuros", "in none of the futures"),
        (0.999, "casi seguro (>99\u202f%)", "almost sure (>99%)"),
        (float("nan"), "no se sabe", "not known"),
    ],
)
def test_chances_are_counted(chance, es, en):
    assert odds(chance)("es") == es
    assert odds(chance)("en") == en


def test_goods_are_said_as_they_are_carried():
    water, food, kits = ITEMS["water"], ITEMS["food"], ITEMS["hygiene_kit"]
    assert goods(water, 2000)("es") == "2,000 L de agua (100 garrafones)"
    assert goods(water, 2000)("en") == "2,000 L of water (100 jugs)"
    assert goods(water, 2000, sizes=True)("es") == "2,000 L de agua (100 garrafones de 20 L)"
    assert goods(water, 50_000)("es") == "50,000 L de agua (5 pipas)"
    assert goods(food, 3762)("es") == "3,760 comidas listas"
    assert goods(kits, 1)("es") == "1 kit"
    assert goods(kits, 524)("en") == "524 hygiene kits"
    assert goods(ITEMS["blanket"], 1)("es") == "1 cobija"
    assert about(water, 123_456)("en") == "120,000 L of water"


def test_a_load_is_never_told_larger_than_it_is():
    for number in (0.4, 7, 999, 1009, 3769, 12_399, 98_765):
        assert number - max(1, number / 100) < three_digits(number) <= number


def test_hours_and_vehicles():
    assert [clock(hour) for hour in (6.0, 8.99, 13.1)] == ["06:00", "09:00", "13:05"]
    assert [lasting(hours)("es") for hours in (0.5, 1.0, 2.25)] == ["30 min", "1 h", "2 h 15 min"]
    assert vehicle("pipa", 1)("en") == "water truck"
    assert vehicle("carreta de Juan", 2)("en") == "2 × carreta de Juan"
    assert fine(0.0012)("en") == "0.1%"
    assert fine(0.0001)("es") == "<0.1\u202f%"


def test_what_may_not_be_told_is_a_dash():
    assert between(NONE)("es") == "–"
    assert between(Told(None, None, 1497.0))("es") == "hasta 1,500"
    assert between(Told(100.0, 200.0, 4321.0))("en") == "100–4,300"


def row(missing, *, surplus=0.0, chance=0.5, there=1000.0):
    return CoverRow(
        day=0, place=0, item="water", needed=missing, chance=0.2, if_they_come=missing, there=there,
        offered_there=0.0, arriving=0.0, proposed=0.0, missing=missing, missing_if_they_come=missing,
        missing_if_refused=missing, chance_missing=chance, surplus=surplus,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (row(Told(10.0, 20.0, 30.0)), "missing"),
        (row(Told(0.0, 20.0, 30.0)), "maybe"),
        (row(Told(0.0, 0.0, 0.0)), "covered"),
        (row(Told(0.0, 0.0, 0.0), surplus=500.0, chance=0.01), "surplus"),
        (row(Told(0.0, 0.0, 30.0), surplus=500.0, chance=0.01), "maybe"),
        (row(Told(0.0, 0.0, 0.0), surplus=10.0, chance=0.01), "covered"),
        (row(NONE, surplus=500.0, chance=0.0), "surplus"),
        (row(NONE), "unknown"),
    ],
)
def test_nothing_is_called_too_much_that_can_be_missing(given, kind):
    assert verdict(given) == kind


def test_places_to_sleep_are_never_called_too_much():
    assert verdict(row(Told(0.0, 0.0, 0.0), surplus=500.0, chance=0.01), stays=True) == "covered"
