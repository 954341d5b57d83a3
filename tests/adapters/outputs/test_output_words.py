import itertools
import re
from datetime import date
from importlib.resources import files

import numpy as np
import pytest
from made_up import START, forecast_from

from safepassage.adapters.outlook import Range
from safepassage.adapters.outlook_belief import _VERDICTS, VERDICTS
from safepassage.adapters.page.fans import FanChart, draw_fan
from safepassage.adapters.page.figures import (
    day,
    day_named,
    day_range,
    day_within,
    likelihood,
    people,
    share,
    span,
    two_digits,
)
from safepassage.adapters.page.markup import clean, esc, json_in_script
from safepassage.adapters.page.payload import SPOKEN
from safepassage.adapters.page.reckoning import amount
from safepassage.adapters.page.words import both, dictionary, in_its_language
from safepassage.adapters.sheets.town import town_html
from safepassage.core.belief import UNUSED
from safepassage.core.demographics import BASES
from safepassage.core.forecast import QUANTILE_LEVELS, Fan
from safepassage.core.needs import COUNTED, WEATHERS
from safepassage.core.report import REPORT_KINDS, SEGMENTS, SOURCE_KINDS
from safepassage.core.scenario import EVENT_KINDS


def test_both_languages_say_the_same_things():
    es, en = dictionary("es"), dictionary("en")
    assert set(es) == set(en)
    for key in es:
        assert set(re.findall(r"{(\w*)}", es[key])) == set(re.findall(r"{(\w*)}", en[key])), key
        assert es[key].strip(), key
        assert en[key].strip(), key


def test_every_kind_of_report_and_event_has_a_word():
    for lang in ("es", "en"):
        assert {f"kind_{kind}" for kind in REPORT_KINDS} <= set(dictionary(lang))
        assert {f"event_{kind}" for kind in EVENT_KINDS} <= set(dictionary(lang))


BUILT = {  # keys that the code puts together, one by one
    *(f"kind_{kind}" for kind in REPORT_KINDS),
    *(f"event_{kind}" for kind in EVENT_KINDS),
    *(f"legend_{kind}" for kind in ("sure", "maybe", "faint", "way_likely", "way_declared")),
    *(f"head_lead_{kind}" for kind in ("likely", "declared")),
    *(f"{kind}_title" for kind in ("head", "size")),
    *(f"reading_{k}" for k in range(1, 6)),
    *(f"sheet_unknown_{k}" for k in (1, 2, 3)),
    *(f"sheet_line_{key}" for key in ("night", "people", "nights", "note")),
    *(f"source_kind_{kind}" for kind in SOURCE_KINDS),
    *(f"segment_{part}" for part in SEGMENTS if part != "main"),
    *(f"verdict_{verdict}" for verdict in VERDICTS),
    *(f"parts_{part}" for part in ("advance", "rear")),
    *(f"needs_basis_{basis}" for basis in BASES),
    *(f"needs_counted_{counted}" for counted in COUNTED),
    *(f"needs_weather_{weather}" for weather in WEATHERS[1:]),
}


def test_every_verdict_source_and_part_has_a_word():
    for lang in ("es", "en"):
        assert BUILT <= set(dictionary(lang))
    assert set(UNUSED) - {""} == set(_VERDICTS)


def test_every_sentence_is_said_somewhere():
    code = ""
    for room in ("page", "sheets", "tables", ""):
        folder = files("safepassage.adapters").joinpath(room)
        code += "".join(f.read_text("utf-8") for f in folder.iterdir() if f.name.endswith(".py"))
    script = files("safepassage.adapters.page").joinpath("report.js").read_text("utf-8")
    said = set(re.findall(r"""(?<!class=)["'](\w+)["'](?!:)""", code))
    assert set(re.findall(r"words\(\)\.(\w+)", script)) <= {*SPOKEN, "fewer_than", "months", "weekdays"}
    assert set(dictionary("es")) - said - BUILT == set()
    assert set(dictionary("es")) >= BUILT


@pytest.mark.parametrize(
    ("chance", "es", "en"),
    [
        (0, "0\u202f%", "0%"),
        (0.004, "<1\u202f%", "<1%"),
        (0.5, "50\u202f%", "50%"),
        (0.9951, ">99\u202f%", ">99%"),
        (1, "100\u202f%", "100%"),
    ],
)
def test_chances_are_never_rounded_to_certainty(chance, es, en):
    assert share(chance)("es") == es
    assert share(chance)("en") == en


def test_numbers_and_dates_follow_the_language():
    assert people(7243)("es") == "7,200"
    assert people(7243)("en") == "7,200"
    assert span(1210, 1190)("en") == "1,200"
    assert span(120, 4567)("es") == "120–4,600"
    assert day(date(2018, 10, 20))("es") == "20 oct 2018"
    assert day_named(date(2018, 10, 20))("es") == "sábado 20 oct"
    assert day_range(date(2018, 10, 20), date(2018, 10, 24))("en") == "20–24 Oct"
    assert day_range(date(2018, 10, 29), date(2018, 11, 3))("en") == "29 Oct – 3 Nov"


def test_a_day_has_its_year_where_the_stretch_is_long():
    when = date(2018, 10, 20)
    assert day_within(300)(when)("es") == "20 oct"
    assert day_within(301)(when)("es") == "20 oct 2018"
    assert day_within(30, named=True)(when)("en") == "Saturday 20 Oct"
    assert day_within(3650, named=True)(when)("en") == "Saturday 20 Oct 2018"


@pytest.mark.parametrize("days", [2, 7, 15, 33, 35, 91, 300, 301, 730, 3650])
@pytest.mark.parametrize("width", [330, 340, 1060])
def test_no_day_on_an_axis_touches_the_next(days, width):
    chart = FanChart(START, START, Fan("people", np.full((len(QUANTILE_LEVELS), days), 900.0)))
    drawn = draw_fan(chart, width=width, height=300, css="")
    label = r'text-anchor="(\w+)" x="([\d.]+)" y="293.0"><tspan lang="es">([^<]+)<'
    found = re.findall(label, drawn)
    assert len(found) >= 2
    assert len({text for *_, text in found}) == len(found)
    shift = {"start": 0.0, "middle": 0.5, "end": 1.0}
    spans = sorted(
        (float(x) - shift[anchor] * 7 * len(text), float(x) + (1 - shift[anchor]) * 7 * len(text))
        for anchor, x, text in found
    )
    assert all(before[1] + 3 < after[0] for before, after in itertools.pairwise(spans))
    assert spans[-1][1] <= width + 1


@pytest.mark.parametrize(
    ("number", "rounded"), [(0, 0), (7, 7), (99.4, 99), (104, 100), (1551, 1600), (98_765, 99_000)]
)
def test_people_keep_two_digits(number, rounded):
    assert two_digits(number) == rounded


def test_words_for_chances_follow_the_scale():
    assert [likelihood(p) for p in (0.95, 0.7, 0.5, 0.2, 0.05)] == [
        "very_likely",
        "likely",
        "even",
        "unlikely",
        "very_unlikely",
    ]


def test_text_from_outside_is_made_harmless():
    assert esc('<a href="x">&') == "&lt;a href=&quot;x&quot;&gt;&amp;"
    assert clean("a\u202eb\x00c\ud800d\ne") == "abcd e"
    written = json_in_script({"name": "</script><!-- & \u2028"})
    assert not set("<>&\u2028") & set(written)


def test_sentences_in_two_languages_are_taken_apart():
    assert in_its_language("uno / one", "en") == "one"
    assert in_its_language("a / b / c", "en") == "a / b / c"
    assert "lang=" in both("night")


def test_a_range_is_said_with_its_middle_value_and_one_number_once():
    assert amount(Range(1210, 1890, 2400))("en") == "1,200–2,400 people, middle value 1,900"
    assert amount(Range(1210, 1890, 2400))("es") == "1,200–2,400 personas, valor central 1,900"
    assert amount(Range(700, 701, 702))("es") == "700 personas"
    assert amount(Range(700, 701, 702))("en") == "700 people"
    for lang in ("es", "en"):
        assert not any(
            re.search(r"más central|most central", said, re.I) for said in dictionary(lang).values()
        )
        assert not any(re.search(r"\d[ \u202f]\d{3}", said) for said in dictionary(lang).values())


def test_a_sheet_says_a_single_number_once(small_network):
    stock = np.zeros((40, 12, 9))
    stock[:, 5:8, 2] = 4600
    page = town_html(forecast_from(stock, small_network), 2)
    assert "Lo más probable es hacia el jueves 18 oct." in page
    assert "Most likely around Thursday 18 Oct." in page
    assert "4,600 personas." in page
    assert "4,600 people." in page
    assert "valor central" not in page
    assert "8 llegan entre" not in page
