"""Numbers, days and names, one rule at a time."""

from datetime import date

import pytest

from safepassage.adapters import builtin, folder
from safepassage.adapters.news import Circumstances, publication_in, read_article
from safepassage.adapters.news.dates import DAY, SINCE, dates_in
from safepassage.adapters.news.masking import Masker
from safepassage.adapters.news.names import PlaceNames
from safepassage.adapters.news.numbers import BARE, PEOPLE, figures_in
from safepassage.adapters.news.sentences import split

PLACES = folder.read_network(builtin.network_path("mesoamerica")).places

FIGURES = [
    ("siete mil personas", (7000, 7000, "")),
    ("tres mil quinientos migrantes", (3500, 3500, "")),
    ("3 mil 630 personas", (3630, 3630, "")),
    ("7.233 migrantes", (7233, 7233, "")),
    ("7,233 migrants", (7233, 7233, "")),
    ("7 233 personas", (7233, 7233, "")),
    ("medio millar de hondureños", (500, 500, "")),
    ("un centenar de migrantes", (100, 100, "")),
    ("several hundred migrants", (300, 900, "")),
    ("a few thousand people", (2000, 5000, "")),
    ("dozens of migrants", (24, 90, "")),
    ("decenas de migrantes", (24, 90, "")),
    ("between 4,000 and 7,000 people", (4000, 7000, "")),
    ("entre 4.000 y 7.000 personas", (4000, 7000, "")),
    ("de 1.000 a 1.500 personas", (1000, 1500, "")),
    ("1,000-1,500 people", (1000, 1500, "")),
    ("unas 2.000 personas", (2000, 2000, "about")),
    ("more than 1,500 people", (1500, None, "more_than")),
    ("más de 1.500 personas", (1500, None, "more_than")),
    ("al menos 300 personas", (300, None, "at_least")),
    ("casi dos mil migrantes", (2000, 2000, "nearly")),
    ("hasta 5.000 migrantes", (0, 5000, "up_to")),
    ("fewer than 600 people", (0, 600, "fewer_than")),
    ("cerca de 4,500 exhausted Central American migrants", (4500, 4500, "about")),
    ("1.5 million people", (1_500_000, 1_500_000, "")),
]
NOT_PEOPLE = [
    "caminaron 41 kilómetros",
    "el 14 de octubre",
    "a mother, 34, walked",
    "$30,000 were raised",
    "el 40 % de los hogares",
    "12 autobuses",
    "700 policías",
    "at 10:30 they left",
    "in 2018 it rained",
    "3,000 meals",
]
DAYS = [
    ("el domingo", date(2018, 10, 14)),
    ("on Friday", date(2018, 10, 12)),
    ("ayer", date(2018, 10, 15)),
    ("hace tres días", date(2018, 10, 13)),
    ("three days ago", date(2018, 10, 13)),
    ("this morning", date(2018, 10, 16)),
    ("la noche del jueves", date(2018, 10, 11)),
    ("el 14 de octubre", date(2018, 10, 14)),
    ("Oct. 14", date(2018, 10, 14)),
    ("14/10/2018", date(2018, 10, 14)),
    ("2018-10-14", date(2018, 10, 14)),
    ("on October 14, 2018", date(2018, 10, 14)),
    ("anoche", date(2018, 10, 15)),
]


@pytest.mark.parametrize(("text", "wanted"), FIGURES)
def test_numbers_of_people(text: str, wanted: tuple[float, float | None, str]) -> None:
    language = "en" if "people" in text or "migrants" in text else "es"
    found = [f for f in figures_in(text, language) if f.counts == PEOPLE]
    assert [(f.low, f.high, f.quantifier) for f in found] == [wanted]


@pytest.mark.parametrize("text", NOT_PEOPLE)
def test_numbers_of_other_things(text: str) -> None:
    assert [f for f in figures_in(text, "es") if f.counts == PEOPLE] == []
    assert [f for f in figures_in(text, "es") if f.counts == BARE and f.low >= 25] == []


@pytest.mark.parametrize(("text", "wanted"), DAYS)
def test_days_are_reckoned_from_the_publication(text: str, wanted: date) -> None:
    found = [d.day for d in dates_in(f"Llegaron {text}.", date(2018, 10, 16)) if d.use == DAY]
    assert found == [wanted]


def test_what_is_announced_lies_ahead() -> None:
    (tuesday,) = dates_in("They will leave next Tuesday.", date(2018, 10, 16))
    assert tuesday.ahead == date(2018, 10, 23)
    (tomorrow,) = dates_in("Saldrán mañana.", date(2018, 10, 16))
    assert tomorrow.day == date(2018, 10, 17)
    assert dates_in("Salieron por la mañana.", date(2018, 10, 16)) == []


def test_impossible_dates_are_no_dates() -> None:
    found = dates_in("el 31 de febrero, 2018-13-45, 99/99/2018", date(2018, 10, 16))
    assert [mention for mention in found if mention.day is not None] == []


def test_the_first_day_of_a_count() -> None:
    (since,) = dates_in("desde el 1 de octubre", date(2018, 10, 16))
    assert (since.use, since.day) == (SINCE, date(2018, 10, 1))


def test_abbreviations_do_not_end_a_sentence() -> None:
    text = "The U.S. Border Patrol said on Oct. 14 at 5 a.m. that Gov. Prueba left. Nobody came."
    assert [s.text for s in split(text)][-1] == "Nobody came."
    assert len(split(text)) == 2


def test_the_date_of_an_article_is_read_in_its_head() -> None:
    assert publication_in("TAPACHULA, 21 de octubre de 2018.- Llegaron") == date(2018, 10, 21)
    assert publication_in("Llegaron el domingo") is None


@pytest.mark.parametrize(
    "sentence",
    [
        "El alcalde Juan Ejemplo dijo que 300 personas llegaron a Tapachula.",
        "Maria Ejemplo, 34, a mother from Honduras, slept in Huixtla.",
        "“Tenemos hambre”, dijo Ejemplo.",
        "Ejemplo told reporters in Tijuana that buses would come.",
        "The activist Ana Ejemplo de Prueba walked with them.",
    ],
)
def test_names_of_persons_are_masked(sentence: str) -> None:
    masked = Masker(sentence, PlaceNames(PLACES)).masked(sentence)
    assert "Ejemplo" not in masked
    assert "Prueba" not in masked


def test_places_and_institutions_stay_in_an_excerpt() -> None:
    sentence = (
        "La Cruz Roja y el Instituto Nacional de Migración contaron 300 en Santo Domingo Zanatepec, Oaxaca."
    )
    assert Masker(sentence, PlaceNames(PLACES)).masked(sentence) == sentence


def test_short_names_of_towns_are_known_and_names_in_organisations_do_not_count() -> None:
    text = (
        "Unas 300 personas de la caravana durmieron ayer en Tapanatepec. "
        "Otras 400 personas marcharon ayer ante la Universidad de Tapachula."
    )
    reading = read_article(text, PLACES, Circumstances(date(2018, 10, 28)))
    places = {PLACES.ids[p.report.place]: p.confidence for p in reading.proposals}
    assert "san-pedro-tapanatepec" in places
    assert places.get("tapachula", 0.0) == 0.0


def test_families_are_told_in_people_and_flagged() -> None:
    text = "Some 200 families from the caravan arrived in Huixtla on Monday."
    (proposal,) = read_article(text, PLACES, Circumstances(date(2018, 10, 23))).proposals
    assert (proposal.report.low, proposal.report.unit, proposal.report.unit_people) == (1000, "families", 5)
    assert any("families" in flag for flag in proposal.flags)


def test_a_handful_of_people_is_told_without_their_number() -> None:
    text = "A group of 12 migrants from the caravan reached Huixtla on Monday."
    (proposal,) = read_article(text, PLACES, Circumstances(date(2018, 10, 23))).proposals
    assert proposal.report.low is None
