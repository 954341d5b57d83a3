"""Profiles: those that ship are whole, sourced or marked; a broken one is told once with all faults."""

import csv
from pathlib import Path

import pytest

from safepassage.adapters.profiles import default_shares, profile_names, profile_text, read_profile
from safepassage.adapters.profiles.rows import COLUMNS
from safepassage.core.aid_items import GUARDED_ITEMS, items_by_id
from safepassage.core.demographics import BASES, HOUSEHOLD, KINDS
from safepassage.core.errors import InputError
from safepassage.core.logistics import Item
from safepassage.core.needs import WEATHERS
from safepassage.planning.needs import item_needs

EVERYWHERE = {"water", "food", "shelter", "blanket", "clothing", "toilet", "hygiene_kit", "menstrual_kit"} | {
    "baby_food", "medical", "ors", "family_links", "legal_information", *GUARDED_ITEMS,
}  # fmt: skip


def test_the_profiles_of_the_house_are_there() -> None:
    assert {"sphere-camp", "on-the-move", "cold-weather", "mexico-example"} <= set(profile_names())


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_that_ships_is_whole(name: str) -> None:
    profile, notices = read_profile(name)
    assert notices == ()
    assert {figure.item for figure in profile.figures} >= EVERYWHERE
    for weather in WEATHERS[1:]:
        for phase in ("first", "later"):
            needs = item_needs(profile, default_shares(), phase=phase, weather=weather)
            assert {need.item.id for need in needs} >= EVERYWHERE, (phase, weather)


@pytest.mark.parametrize("name", profile_names())
def test_every_figure_has_a_source_with_page_or_the_mark(name: str) -> None:
    for figure in read_profile(name)[0].figures:
        assert figure.low <= figure.value <= figure.high
        assert figure.basis in BASES
        assert figure.source, figure
        if figure.basis == "sourced":
            assert figure.page, figure
        if figure.basis == "assumption":
            assert "assumption" in figure.source


def test_only_what_was_verified_is_told_as_sourced() -> None:
    """The figures of the handbooks, as they were read: 15 L, 3.5 m², 1:50, 1:20."""
    camp = {(f.item, f.phase): f for f in read_profile("sphere-camp")[0].figures if f.basis == "sourced"}
    assert camp["water", "any"].value == 15
    assert camp["living_space", "any"].value == 3.5
    assert camp["toilet", "first"].per_count == 50
    assert camp["toilet", "later"].per_count == 20
    told = {f.item for name in profile_names() for f in read_profile(name)[0].figures if f.basis == "sourced"}
    assert told == {"water", "living_space", "toilet", "clothing"}


def test_walkers_drink_twice_as_much_in_heat() -> None:
    for name in ("on-the-move", "mexico-example"):
        lines = [f for f in read_profile(name)[0].figures if f.item == "water"]
        drink = {f.weather: f.value for f in lines if f.weather != "any"}
        assert drink["heat"] == pytest.approx(2 * drink["mild"])
    assert drink["mild"] == pytest.approx(3)  # written as 0.15 garrafón


def test_shares_have_a_default_each() -> None:
    shares = default_shares()
    assert set(shares) == {HOUSEHOLD, *KINDS}
    for share in shares.values():
        assert share.low <= share.value <= share.high
        assert share.source


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_profile_can_be_copied_edited_and_given_items_of_its_own(tmp_path: Path) -> None:
    text = profile_text("on-the-move").splitlines()
    text.append(
        "pañales,5,piece,1,infant_under_2,day,4,6,any,any,assumption,us,,,Pañales,Diapers,0.05,0.3,,true,90"
    )
    profile, _ = read_profile(write(tmp_path / "ours.csv", "\n".join(text)))
    assert profile.name == "ours"
    own = Item("pañales", "Pañales", "Diapers", "piece", 0.05, 0.3, shelf_life_days=90, local=True)
    assert profile.items == (own,)
    needs = item_needs(profile, default_shares(), phase="first", weather="heat")
    assert needs[-1].per_person == pytest.approx(5 * default_shares()["infant_under_2"].value)


def test_a_file_as_a_spreadsheet_saves_it_is_read(tmp_path: Path) -> None:
    text = "\ufeffItem;Value;Unit;per whom;per_time;basis\nagua;2,5;litros;person;day;assumption\n"
    profile, _ = read_profile(write(tmp_path / "ours.csv", text))
    assert [(f.item, f.value, f.low, f.unit) for f in profile.figures] == [("water", 2.5, 2.5, "L")]
    text = "item,value,unit,per_whom,per_time,basis\nwater,0.1,garrafones,person,day,assumption\n"
    assert read_profile(write(tmp_path / "two.csv", text))[0].figures[0].value == pytest.approx(2)


HEAD = "item,value,unit,per_count,per_whom,per_time,low,high,phase,weather,basis,source,page,note\n"
BROKEN = HEAD + (
    "watr,3,L,1,person,day,3,3,any,any,assumption,x,,\n"
    "water,-3,L,1,person,day,,,any,any,assumption,x,,\n"
    "food,3,kg,1,person,day,3,3,any,any,assumption,x,,\n"
    "blanket,3,piece,0,person,once,5,6,any,any,assumption,x,,\n"
    "clothing,1,set,1,dog,week,1,1,any,any,assumption,x,,\n"
    "toilet,1,piece,50,person,day,1,1,any,any,sourced,,,\n"
    "medical,x,consultation,1,person,day,1,1,any,snow,guess,x,,\n"
    "ors,1,sachet,1,person,day,1,1,any,any,assumption,x,,\n"
    "ors,1,sachet,1,person,stay,1,1,any,any,assumption,x,,other\n"
    "baby_food,1,portion,1,person,day,1,1,any,heat,assumption,x,,\n"
    "baby_food,2,portion,1,person,day,2,2,any,any,assumption,x,,\n"
)


def test_a_broken_profile_is_told_once_with_all_faults(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_profile(write(tmp_path / "broken.csv", BROKEN))
    found = {(fault.row, fault.column) for fault in caught.value.faults}
    expected = {(2, "item"), (3, "value"), (4, "unit"), (5, "per_count"), (5, "value"), (6, "per_whom")}
    expected |= {(6, "per_time"), (7, "source"), (7, "page"), (8, "value"), (8, "weather"), (8, "basis")}
    expected |= {(10, "per_time"), (12, "weather")}
    assert expected <= found
    text = str(caught.value)
    assert "did you mean water" in text
    assert "meal" in text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no rows"),
        ("item,value\nwater,3\n", "per_whom"),
        (HEAD, "no figures"),
        (HEAD + "water,3,L\n", "per_whom"),
        (HEAD + "water,3,L,1,person,day,3,3,any,any,assumption,call 55 1234 5678,,\n", "reach a person"),
    ],
)
def test_files_that_are_no_profile_are_told(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(InputError, match=word):
        read_profile(write(tmp_path / "p.csv", text))


def test_an_unknown_profile_is_answered_with_suggestions() -> None:
    with pytest.raises(InputError, match="did you mean on-the-move"):
        read_profile("on-the-mov")
    with pytest.raises(InputError, match="sphere-camp"):
        read_profile("no/such/file.csv")


def test_every_row_uses_the_columns_that_are_documented() -> None:
    for name in profile_names():
        header = next(csv.reader(profile_text(name).splitlines()))
        assert set(header) <= set(COLUMNS)
    assert set(items_by_id()) >= EVERYWHERE
