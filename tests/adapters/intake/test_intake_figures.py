"""Numbers, days and towns as people write them in tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places_at_hand import IDS, TOWNS

from safepassage.adapters.intake.days import read_day
from safepassage.adapters.intake.figures import read_figure
from safepassage.adapters.intake.sheet import plain


@pytest.mark.parametrize(
    ("cell", "low", "high", "quantifier"),
    [
        ("1500", 1500, 1500, ""),
        ("200.0", 200, 200, ""),
        ("1.500", 1500, 1500, ""),
        ("1,500", 1500, 1500, ""),
        ("1 500", 1500, 1500, ""),
        ("1\u00a0500", 1500, 1500, ""),
        ("1'500", 1500, 1500, ""),
        ("12.345.678", 12345678, 12345678, ""),
        ("1.500,00", 1500, 1500, ""),
        ("1,500.0", 1500, 1500, ""),
        ("1.000", 1000, 1000, ""),
        ("7 mil", 7000, 7000, ""),
        ("7,2 mil", 7200, 7200, ""),
        ("7.2k", 7200, 7200, ""),
        ("4000-6000", 4000, 6000, ""),
        ("4.000 – 6.000", 4000, 6000, ""),
        ("4-6 mil", 4000, 6000, ""),
        ("entre 4.000 y 7.000", 4000, 7000, ""),
        ("between 4,000 and 7,000 people", 4000, 7000, ""),
        ("unos 7 mil", 7000, 7000, "about"),
        ("about 200 persons", 200, 200, "about"),
        ("~200", 200, 200, "about"),
        ("más de 1.500", 1500, None, "more_than"),
        ("more than 1,500", 1500, None, "more_than"),
        (">1500", 1500, None, "more_than"),
        ("al menos 300", 300, None, "at_least"),
        ("300+", 300, None, "at_least"),
        ("hasta 900 personas", 0, 900, "up_to"),
        ("menos de 900", 0, 900, "fewer_than"),
        ("casi 3000", 3000, 3000, "nearly"),
        ("1e3", 1000, 1000, ""),
        ("0", 0, 0, ""),
    ],
)
def test_a_figure_is_read_as_people_write_it(
    cell: str, low: float, high: float | None, quantifier: str
) -> None:
    figure = read_figure(cell)
    assert (figure.low, figure.high, figure.quantifier, figure.problem) == (low, high, quantifier, "")


@pytest.mark.parametrize("cell", ["", "n/a", "N.D.", "sin dato", "unknown"])
def test_nothing_said_is_no_figure_and_no_fault(cell: str) -> None:
    assert read_figure(cell) == read_figure("")


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("-5", "negative"),
        ("\u22125", "negative"),
        ("30%", "share"),
        ("45 %", "share"),
        ("1e400", "more people"),
        ("99999999999999", "more people"),
        ("NaN", "no number"),
        ("inf", "no number"),
        ("-inf", "no number"),
        ("7.25", "part of a person"),
        ("6000-4000", "range"),
        ("=1+1", "no number"),
        ("many", "no number"),
        ("1.50.000", "no number"),
        ("١٢٣", "no number"),
        ("0x10", "no number"),
    ],
)
def test_what_is_no_number_of_people_says_why(cell: str, why: str) -> None:
    figure = read_figure(cell)
    assert why in figure.problem
    assert figure.low is None


def test_separators_that_might_be_decimals_are_told() -> None:
    assert "1500" in read_figure("1.500").flag
    assert read_figure("1500").flag == ""


@given(st.text(max_size=40))
def test_any_text_is_a_figure_or_a_problem(cell: str) -> None:
    figure = read_figure(cell)
    assert (figure.low is None) >= bool(figure.problem)
    if figure.low is not None:
        assert 0 <= figure.low <= 1e10
        assert figure.high is None or figure.low <= figure.high <= 1e10


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("2018-10-13", "", "2018-10-13"),
        ("13/10/2018", "day/month", "2018-10-13"),
        ("10/13/2018", "month/day", "2018-10-13"),
        ("13 de octubre de 2018", "", "2018-10-13"),
        ("13 oct 2018", "", "2018-10-13"),
        ("Oct 13, 2018", "", "2018-10-13"),
        ("October 3rd, 2018", "", "2018-10-03"),
        ("2018-10-13T22:10:00", "", "2018-10-13"),
    ],
)
def test_a_day_is_read_as_spreadsheets_and_people_write_it(cell: str, order: str, day: str) -> None:
    assert str(read_day(cell, order)[0]) == day


@pytest.mark.parametrize(
    "cell", ["0001-01-01", "9999-12-31", "2018-02-30", "31 de octubrillo de 2018", "03/04/2018", "x" * 9999]
)
def test_an_impossible_or_ambiguous_day_is_none(cell: str) -> None:
    assert read_day(cell, "")[0] is None


@pytest.mark.parametrize(
    ("cell", "country", "place"),
    [
        ("Huixtla", "", "huixtla"),
        ("HUIXTLA", "", "huixtla"),
        ("Huixtla, Chiapas", "", "huixtla"),
        ("Huixtla, Chiapas, México", "", "huixtla"),
        ("Escuintla", "GT", "escuintla-gt"),
        ("Escuintla, Guatemala", "", "escuintla-gt"),
        ("Agua Caliente (HN-GT border)", "GT", "agua-caliente"),
        ("Suchiate bridge (Rodolfo Robles)", "MX", "suchiate-bridge"),
    ],
)
def test_a_town_is_found_by_what_files_call_it(cell: str, country: str, place: str) -> None:
    found = TOWNS.find(cell, country)
    assert IDS[found.place] == place
    assert not found.part


def test_a_spot_within_a_town_becomes_the_town_and_is_flagged() -> None:
    found = TOWNS.find("El Barretal shelter (Tijuana)", "MX")
    assert IDS[found.place] == "tijuana"
    assert found.part
    assert "within" in found.flag


def test_a_town_of_two_countries_asks_which_one() -> None:
    found = TOWNS.find("Escuintla")
    assert found.place == -1
    assert "escuintla-gt" in found.hint


def test_an_unknown_town_suggests_near_ones() -> None:
    assert "huixtla" in TOWNS.find("Huixlta").hint


def test_a_town_in_another_country_than_told_is_flagged() -> None:
    assert "MX" in TOWNS.find("Huixtla", "GT").flag


def test_what_is_not_seen_is_taken_out() -> None:
    assert plain("Tapa\u200bchu\u202ela\ufeff") == ("Tapachula", True)
    assert plain("Me\u0301xico") == ("México", False)
    assert plain("two\nlines") == ("two lines", False)
