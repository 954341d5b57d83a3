"""What articles do and single sentences do not: going on, comparing, withdrawing, announcing, having room."""

from datetime import date

import pytest

from safepassage.adapters import builtin, folder
from safepassage.adapters.news import Circumstances, read_article
from safepassage.core.report import Proposal

PLACES = folder.read_network(builtin.network_path("mesoamerica")).places
THURSDAY = date(2025, 2, 13)


def read(text: str) -> list[Proposal]:
    return list(read_article(text, PLACES, Circumstances(THURSDAY)).proposals)


def told(text: str) -> set[tuple]:
    return {
        (r.kind, PLACES.ids[r.place] if r.place >= 0 else "", r.observed.day, r.low)
        for r in (p.report for p in read(text))
    }


@pytest.mark.parametrize(
    "text",
    [
        "La caravana llegó el martes a Tonalá. Son unas 2,100 personas, dijo Protección Civil.",
        "The caravan reached Tonala on Tuesday. State officials put the number at about 2,100.",
        "The caravan reached Tonala on Tuesday. Chiapas state officials put its size at about 2,100.",
    ],
)
def test_a_size_takes_place_and_day_of_what_it_continues_and_is_less_sure(text: str) -> None:
    assert ("position", "tonala", 11, 2100.0) in told(text)
    size = next(p for p in read(text) if p.report.low)
    assert size.confidence <= 0.65
    assert any("earlier sentence" in flag for flag in size.flags)


def test_a_size_does_not_go_on_about_another_caravan_or_another_area() -> None:
    start = "The caravan reached Tonala on Tuesday. "
    assert {low for *_, low in told(start + "A second caravan has 900 people.")} == {None}
    assert {low for *_, low in told(start + "In Honduras, another 900 people were on the road.")} == {None}


@pytest.mark.parametrize(
    "text",
    [
        "The caravan reached Tonala on Tuesday with 2,100 people, down from 3,400 on Sunday.",
        "La caravana llegó el martes a Tonalá con 2,100 personas, frente a las 3,400 del domingo.",
        "La caravana llegó el martes a Tonalá con 2,100 personas, la mitad de las que salieron de "
        "Tapachula el 2 de febrero.",
    ],
)
def test_a_figure_to_compare_with_is_neither_a_size_nor_gives_its_day(text: str) -> None:
    assert told(text) == {("position", "tonala", 11, 2100.0)}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("El municipio abrió en Tonalá un albergue para 700 personas migrantes.", 700.0),
        ("The city opened a shelter in Tonala on Wednesday that can hold 700 migrants.", 700.0),
        ("The church opened a shelter with 90 beds in Tonala.", 90.0),
    ],
)
def test_the_room_of_a_shelter_is_no_crowd(text: str, places: float) -> None:
    found = read(text)
    assert [(p.report.kind, p.report.low) for p in found] == [("shelter_opened", places)]
    assert any("room, not people" in flag for flag in found[0].flags)


@pytest.mark.parametrize(
    "text",
    [
        "In Tonala on Wednesday, volunteers cooked meals for 900 people of the caravan.",
        "The caravan reached Tonala on Tuesday. Food distributions reached 900 people.",
        "La caravana llegó el martes a Tonalá. El INM dijo que 900 personas aceptaron tarjetas.",
        "The caravan is in Tonala. A convent there can take 900 people.",
        "The caravan is camped in Tonala, a town of 90,000 people.",
    ],
)
def test_rations_permits_and_inhabitants_are_no_size(text: str) -> None:
    assert {low for *_, low in told(text)} <= {None}


@pytest.mark.parametrize(
    ("text", "stop", "day", "hour"),
    [
        ('"Mañana salimos a las tres de la mañana rumbo a Arriaga", dijo un vocero.', "arriaga", 14, 3),
        ('"Tomorrow we leave for Arriaga at 4 a.m.," a migrant said.', "arriaga", 14, 4),
        ("Hoy descansarán y el sábado a las 4 de la madrugada caminarán hacia Arriaga.", "arriaga", 15, 4),
        ("The caravan plans to leave for Arriaga on Saturday at dawn.", "arriaga", 15, 5),
        ("La salida hacia Arriaga será el sábado a las 5:00 horas.", "arriaga", 15, 5),
        ("Its organizers said it would walk to Arriaga on Saturday.", "arriaga", 15, None),
    ],
)
def test_an_announced_stop(text: str, stop: str, day: int, hour: int | None) -> None:
    found = [p.report for p in read("The caravan reached Tonala. " + text) if p.report.kind == "next_stop"]
    assert [(PLACES.ids[r.place], r.observed.day, r.hour) for r in found] == [(stop, day, hour)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("A union withdrew its offer of buses to Puebla.", ["transport_withdrawn"]),
        ("El alcalde retiró el ofrecimiento de autobuses a Puebla.", ["transport_withdrawn"]),
        ("Officials would not say when the border crossing at Tecun Uman would reopen.", []),
        ("The bridge at Tecun Uman was not closed on Tuesday.", []),
        ("La comisión pidió al gobierno abrir albergues en Arriaga.", []),
        ("Teachers blocked the bridge at Tecun Uman on Monday, and reopened it at night.", None),
    ],
)
def test_what_is_ended_asked_for_or_denied_is_not_told_as_done(text: str, kinds: list[str] | None) -> None:
    found = sorted(p.report.kind for p in read(text))
    assert found == (sorted(["closure", "reopening"]) if kinds is None else kinds)


@pytest.mark.parametrize(
    "text",
    [
        "About 300 migrants who had fallen behind were in Arriaga on Wednesday.",
        "Unos 300 migrantes, que caminaban más despacio, estaban el miércoles en Arriaga.",
        "The caravan reached Chahuites on Wednesday. About 300 migrants remained in Arriaga on Wednesday.",
    ],
)
def test_those_behind_are_the_rear(text: str) -> None:
    assert [p.report.segment for p in read(text) if p.report.low] == ["rear"]


def test_those_who_are_waited_for_are_not_those_who_wait() -> None:
    found = read("Some 2,000 migrants rested in Arriaga on Wednesday, waiting for stragglers.")
    assert [p.report.segment for p in found] == ["main"]


def test_what_follows_a_semicolon_gives_no_place_to_what_stands_before() -> None:
    text = (
        "La caravana llegó el martes a Tonalá. Son 1,050 personas; ayer en Arriaga se contaron 400 migrantes."
    )
    assert {("position", "tonala", 11, 1050.0), ("position", "arriaga", 12, 400.0)} <= told(text)


def test_a_year_before_a_dash_and_a_town_called_after_sunday_are_read_as_what_they_are() -> None:
    dated = "TONALA, Mexico, Feb. 13, 2025 — Several thousand migrants reached Tonala on Tuesday."
    assert told(dated) == {("position", "tonala", 11, 3000.0)}
    assert told("The caravan spent Tuesday night in Santo Domingo Zanatepec.") == {
        ("position", "santo-domingo-zanatepec", 11, None)
    }


def test_a_headline_gives_way_to_the_text_that_tells_it_better() -> None:
    text = "Miles de migrantes llegan a Tonalá\n\nUnos 2,100 migrantes llegaron el martes a Tonalá."
    assert told(text) == {("position", "tonala", 11, 2100.0)}
