import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from safepassage.adapters.page.cartography import chart_of
from safepassage.adapters.page.markup import csp_hash
from safepassage.adapters.page.payload import MOST_CELLS, payload, shown_days
from safepassage.adapters.page.report import report_html
from safepassage.adapters.sheets.folder import index_html
from safepassage.adapters.sheets.names import file_stems
from safepassage.adapters.sheets.town import town_html

VOID = {"meta", "br", "input", "hr", "img", "link"}
KINDS = ("one", "two", "camps", "nobody", "hostile")


class Page(HTMLParser):
    """Elements, attributes and text of a page; fails on elements that are not closed in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.words = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, name, attributes):
        names = [key for key, _ in attributes]
        assert len(names) == len(set(names)), (name, names)
        self.elements.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, text):
        self.words.append(text)

    def all(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]


def pages(forecast):
    stems = file_stems(forecast.network.places.ids)
    yield report_html(forecast, version="1.2.3")
    yield index_html(forecast, [0, 1], stems)
    yield from (town_html(forecast, place) for place in (0, 3, 8))


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_whole_load_nothing_and_say_so(every_forecast, kind):
    for text in pages(every_forecast[kind]):
        page = Page(text)
        for name, attributes in page.elements:
            assert name not in (
                "link",
                "img",
                "iframe",
                "object",
                "embed",
                "base",
                "form",
                "audio",
                "video",
            ), name
            for key, value in attributes.items():
                assert not key.startswith("on"), (name, key)
                assert key not in ("src", "srcset", "style", "xlink:href", "action", "background"), (
                    name,
                    key,
                )
                if key == "href":
                    assert name == "a"
                    assert value.startswith(("https://", "http://", "#")) or re.fullmatch(
                        r"[a-z0-9-]+\.html", value
                    )
        policy = [a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
        assert len(policy) == 1
        assert policy[0].startswith("default-src 'none'; ")
        assert "unsafe" not in policy[0]
        assert "http" not in policy[0]
        assert "NO PUBLICAR · NOT FOR PUBLICATION" in page.words
        assert not re.search(r"url\(\s*['\"]?(?!#)", text.split("<body>")[0])


@pytest.mark.parametrize("kind", KINDS)
def test_the_policy_allows_exactly_the_style_and_the_script_in_the_page(every_forecast, kind):
    text = report_html(every_forecast[kind], version="1")
    style = re.search(r"<style>(.*?)</style>", text, re.S).group(1)
    script = re.search(r"<script>(.*?)</script>", text, re.S).group(1)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text).group(1)
    assert f"style-src {csp_hash(style)}; script-src {csp_hash(script)};" in policy.replace("&#x27;", "'")
    assert text.count("<style>") == 1
    assert text.count("<script") == 2


def test_hostile_names_stay_text(hostile):
    for text in pages(hostile):
        page = Page(text)
        tags = {name for name, _ in page.elements}
        assert "img" not in tags
        assert not any(
            "alert" in str(value) for name, a in page.elements if name == "script" for value in a.values()
        )
        assert not any(a.get("href", "").startswith("javascript") for a in page.all("a"))
        assert "\u202e" not in text
        assert "\x00" not in text
    data = re.search(r'id="data">(.*?)</script>', report_html(hostile, version="1"), re.S).group(1)
    assert json.loads(data)["places"]
    assert "<" not in data


@pytest.mark.parametrize("kind", KINDS)
def test_the_script_is_given_plain_numbers_in_order(every_forecast, kind):
    forecast = every_forecast[kind]
    data = payload(forecast, chart_of(forecast))
    assert len(data["nights"]) == len(data["dates"]) == len(data["days"])
    assert 0 <= data["first"] < len(data["days"])
    for night in data["nights"]:
        for place, chance, low, middle, high in night:
            assert 0 <= place < len(data["places"])
            assert -1000 <= chance <= 1000
            assert chance != 0
            assert low <= middle <= high
        above = [row[1] for row in night if row[1] > 0]
        below = [-row[1] for row in night if row[1] < 0]
        assert above == sorted(above, reverse=True)
        assert below == sorted(below, reverse=True)
        assert [row[1] > 0 for row in night] == sorted((row[1] > 0 for row in night), reverse=True)


def test_a_long_forecast_thins_its_slider_and_says_so(camps, monkeypatch):
    monkeypatch.setattr("safepassage.adapters.page.payload.MOST_CELLS", 200)
    assert len(shown_days(camps)) < camps.days
    assert "una noche de cada" in report_html(camps, version="1")
    assert MOST_CELLS > 200


def test_the_report_has_its_parts(one_group, camps):
    text = report_html(one_group, version="9.9.9")
    page = Page(text)
    words = " ".join(page.words)
    for part in (
        "Hora de los datos: 16 oct 2018",
        "Time of the data: 16 Oct 2018",
        "comparación ingenua: caminante a paso constante",
        "naive comparison: last known size",
        "Los pesos son juicios.",
        "The weights are judgements.",
        "CC BY 4.0",
        "9.9.9",
        "Natural Earth",
        "Cima Nueva",
    ):
        assert part in words, part
    assert sum(1 for a in page.all("svg") if "fan wide" in a.get("class", "")) == 2
    assert [a["href"] for a in page.all("a")].count("https://example.org/report") == 3
    without = Page(report_html(camps, version="1"))
    assert not any("naive" in a.get("class", "") for a in without.all("path"))
    assert sum(1 for a in without.all("svg") if a.get("class", "").startswith("fan")) == 7


def test_several_groups_each_have_their_fans(two_groups):
    page = Page(report_html(two_groups, version="1"))
    assert sum(1 for a in page.all("svg") if "fan wide" in a.get("class", "")) == 4
    assert "Segunda" in " ".join(page.words)


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_unique_and_what_names_an_element_exists(every_forecast, kind):
    page = Page(report_html(every_forecast[kind], version="1"))
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for key in ("aria-labelledby", "for"):
            for wanted in (attributes.get(key) or "").split():
                assert wanted in ids
    assert all(a.get("type") == "button" for a in page.all("button"))


def test_without_a_script_the_first_night_and_every_table_stand_there(one_group):
    text = re.sub(r"<script.*?</script>", "", report_html(one_group, version="1"), flags=re.S)
    page = Page(text)
    assert sum(1 for a in page.all("circle") if a.get("class") == "disc") >= 3
    assert len(page.all("table")) >= 6
    assert 'class="no-script"' in text


def test_what_is_drawn_keeps_to_the_limits_we_set(one_group):
    assert len(report_html(one_group, version="1")) < 400_000
    script = files("safepassage.adapters.page").joinpath("report.js").read_text(encoding="utf-8")
    assert len(script.splitlines()) <= 300
    assert not re.search(r"\b(fetch|XMLHttpRequest|import|eval|innerHTML|WebSocket|localStorage)\b", script)


def test_the_colours_of_text_can_be_read():
    style = files("safepassage.adapters.page").joinpath("report.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})\b", style.split("@media print")[0]))

    def light(code):
        code = code.lstrip("#")
        code = "".join(c * 2 for c in code) if len(code) == 3 else code
        parts = [int(code[k : k + 2], 16) / 255 for k in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one, other):
        high, low = sorted((light(colours[one]), light(colours[other])), reverse=True)
        return (high + 0.05) / (low + 0.05)

    assert all(contrast(ink, "paper") >= 4.5 for ink in ("ink", "soft", "deep", "told", "people", "naive"))
    assert contrast("soft", "wash") >= 4.5
    assert all(contrast(mark, "land") >= 3 for mark in ("people", "told", "deep"))
