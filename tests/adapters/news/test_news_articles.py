"""Whole articles: what they report is proposed, what they do not is not, and nobody is named."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks.news import small_network
from safepassage.adapters import builtin, folder
from safepassage.adapters.news import Circumstances, Reading, publication_in, read_article
from safepassage.core.network import Places

ARTICLES = Path(__file__).parent / "articles"
AFRICA = (
    ("Adre", "TD", 13.47, 22.2, "town"),
    ("Farchana", "TD", 13.6, 21.8, "camp"),
    ("Abeche", "TD", 13.83, 20.83, "city"),
    ("El Geneina", "SD", 13.45, 22.45, "conflict_zone"),
    ("Juba", "SS", 4.85, 31.6, "conflict_zone"),
    ("Elegu", "UG", 3.57, 32.07, "border_crossing"),
    ("Nyumanzi", "UG", 3.45, 31.95, "camp"),
    ("Pagirinya", "UG", 3.4, 31.9, "camp"),
    ("Moyo", "UG", 3.66, 31.72, "town"),
)
PUBLISHED = {
    "en_oaxaca": date(2018, 10, 31),
    "es_tijuana": date(2018, 11, 28),
    "es_suchiate": date(2018, 10, 21),
    "es_politica": date(2018, 10, 29),
    "en_rome": date(2018, 11, 4),
    "es_darien": date(2019, 6, 10),
    "en_quiet": date(2018, 11, 1),
}
# (kind, place, day, low, high)
TOLD = {
    "en_chad": [
        ("arrivals", "adre", "2023-08-14", 8000, None),
        ("arrivals", "farchana", "2023-08-13", 3500, 3500),
        ("stock", "farchana", "2023-08-13", 36_000, 36_000),
        ("stock", "adre", "2023-08-14", 6000, 6000),
    ],
    "en_uganda": [
        ("crossings", "elegu", "2016-07-11", 2300, 2300),
        ("stock", "nyumanzi", "2016-07-12", 6500, 6500),
        ("closure", "moyo", "2016-07-10", None, None),
    ],
    "en_oaxaca": [
        ("position", "juchitan-de-zaragoza", "2018-10-31", 4000, 4000),
        ("position", "juchitan-de-zaragoza", "2018-10-31", 6000, 6000),
        ("next_stop", "matias-romero", "2018-11-01", None, None),
        ("claims", "", "2018-10-31", 2300, 2300),
    ],
    "en_rome": [
        ("position", "isla", "2018-11-03", 4000, 4000),
        ("position", "puebla", "2018-11-04", 700, 700),
        ("incident", "tierra-blanca", "2018-11-04", None, None),
    ],
    "es_chiapas": [
        ("departures", "tapachula", "2023-12-25", 6000, 6000),
        ("next_stop", "huixtla", "2023-12-26", None, None),
        ("position", "huehuetan", "2023-12-26", 5300, 5300),
    ],
    "es_tijuana": [
        ("stock", "tijuana", "2018-11-28", 6062, 6062),
        ("position", "mexicali", "2018-11-27", 1200, 1200),
    ],
    "es_suchiate": [
        ("position", "ciudad-hidalgo", "2018-10-20", 2000, 2000),
        ("position", "suchiate-bridge", "2018-10-21", 800, 800),
    ],
    "es_darien": [
        ("position", "bajo-chiquito", "2019-06-09", 1900, None),
        ("position", "meteti", "2019-06-10", 850, 850),
        ("shelter_opened", "necocli", "2019-06-10", None, None),
    ],
    "es_michoacan": [],
    "es_politica": [],
    "en_quiet": [],
}
# Numbers of the articles that are no size of a crowd here and now.
NEVER = {
    "en_chad": {622, 200_000},
    "en_uganda": {2000, 230_000, 5015},
    "en_oaxaca": {3000, 15_000, 40},
    "es_chiapas": {1200, 7000},
    "es_tijuana": {3000, 9000, 3877, 1127, 500},
    "es_suchiate": {700, 1500},
}
PERSONS = ("Ejemplo", "Prueba", "Estrella", "Nelly", "Rosa", "Amina", "Pedro", "Peter", "Miguel", "Luis")


def mesoamerica() -> Places:
    return folder.read_network(builtin.network_path("mesoamerica")).places


def reading_of(name: str) -> tuple[Reading, Places]:
    text = (ARTICLES / f"{name}.txt").read_text(encoding="utf-8")
    places = small_network(AFRICA) if name in ("en_chad", "en_uganda") else mesoamerica()
    day = publication_in(text) or PUBLISHED[name]
    return read_article(text, places, Circumstances(day)), places


@pytest.mark.parametrize("name", sorted(TOLD))
def test_what_an_article_reports_is_proposed(name: str) -> None:
    reading, places = reading_of(name)
    found = {
        (r.kind, places.ids[r.place] if r.place >= 0 else "", r.observed.isoformat(), r.low, r.high)
        for r in (proposal.report for proposal in reading.proposals)
    }
    assert set(TOLD[name]) <= found
    if name in ("es_politica", "en_quiet"):
        assert not found


@pytest.mark.parametrize("name", sorted(NEVER))
def test_numbers_that_count_something_else_are_left_out(name: str) -> None:
    reading, _ = reading_of(name)
    assert NEVER[name].isdisjoint({p.report.low for p in reading.proposals})


@pytest.mark.parametrize("name", sorted(TOLD))
def test_nobody_is_named_in_an_excerpt(name: str) -> None:
    reading, _ = reading_of(name)
    said = " ".join(p.report.excerpt + " ".join(p.flags) for p in reading.proposals)
    assert [person for person in PERSONS if person in said] == []


def test_a_town_of_the_same_name_in_another_state_is_told_as_unknown() -> None:
    reading, places = reading_of("es_michoacan")
    assert "ciudad-hidalgo" not in {places.ids[p.report.place] for p in reading.proposals}
    assert [name for name, *_ in reading.unknown_places] == ["Ciudad Hidalgo"]


def test_a_place_of_two_countries_is_the_one_near_where_people_were_last_reported() -> None:
    places = mesoamerica()
    text = "Unas 3.000 personas de la caravana durmieron anoche en Escuintla."
    for id_, wanted in (("palin", "escuintla-gt"), ("huixtla", "escuintla-chiapas")):
        place = places.index[id_]
        seen = ((float(places.lat[place]), float(places.lon[place])),)
        reading = read_article(text, places, Circumstances(date(2018, 10, 19), last_seen=seen))
        assert [places.ids[p.report.place] for p in reading.proposals] == [wanted]


def test_the_span_points_into_the_text_that_was_given_tags_and_all() -> None:
    text = (ARTICLES / "es_tijuana.txt").read_text(encoding="utf-8")
    reading, _ = reading_of("es_tijuana")
    first, last = reading.proposals[0].span or (0, 0)
    assert "6 mil 62 migrantes" in text[first:last]
    assert text[first:last].rstrip().endswith("Desarrollo Social.")
