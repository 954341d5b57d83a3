import pytest

from safepassage.adapters import folder
from safepassage.core.gazetteer import Gazetteer, fold


@pytest.fixture(scope="module")
def towns() -> tuple[Gazetteer, tuple[str, ...]]:
    places = folder.open_builtin("honduras-2018-10").network.places
    return Gazetteer(places), places.ids


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("tijuana", "tijuana"),
        ("Tijuana", "tijuana"),
        ("MEXICO CITY", "mexico-city"),
        ("Ciudad de México", "mexico-city"),
        ("ciudad de mexico", "mexico-city"),
        ("Juchitan de Zaragoza", "juchitan-de-zaragoza"),
        ("tecun  uman", "tecun-uman"),
        ("Agua Caliente", "agua-caliente"),
        ("Escuintla, GT", "escuintla-gt"),
        ("Escuintla (mx)", "escuintla-chiapas"),
        ("Nogales (Sonora)", "nogales-sonora"),
        ("Ciudad Acun\u0303a", "ciudad-acuna"),
        ("  Querétaro ", "queretaro"),
    ],
)
def test_a_place_is_found_by_what_people_call_it(
    name: str, place: str, towns: tuple[Gazetteer, tuple[str, ...]]
) -> None:
    gazetteer, ids = towns
    assert ids[gazetteer.find(name).place] == place


@pytest.mark.parametrize("name", ["Escuintla", "Santa Ana", "nogales"])
def test_a_name_of_several_places_is_asked_back(name: str, towns: tuple[Gazetteer, tuple[str, ...]]) -> None:
    match = towns[0].find(name)
    assert match.place == -1
    assert len(match.several) == 2
    assert match.hint.startswith("say which one")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Tijuna", "tijuana"),
        ("Juchitan", "juchitan-de-zaragoza"),
        ("Tapanatepec", "san-pedro-tapanatepec"),
        ("Guatemal City", "guatemala-city"),
    ],
)
def test_a_name_that_is_nearly_right_gets_a_suggestion(
    name: str, near: str, towns: tuple[Gazetteer, tuple[str, ...]]
) -> None:
    match = towns[0].find(name)
    assert match.place == -1
    assert near in match.close


@pytest.mark.parametrize("name", ["", "   ", "…", "Atlantis", "x" * 10_000, "Paris, FR", "\x00"])
def test_a_name_that_is_nothing_is_never_an_error(
    name: str, towns: tuple[Gazetteer, tuple[str, ...]]
) -> None:
    match = towns[0].find(name)
    assert match.place == -1
    assert match.hint


def test_folding_keeps_what_people_agree_on() -> None:
    assert fold("  Ciudad de  MÉXICO ") == "ciudad de mexico"
    assert fold("Straße–Nº 5") == "strasse no 5"
