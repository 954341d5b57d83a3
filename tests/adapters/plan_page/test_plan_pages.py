"""What the pages of a plan say: to who coordinates, to who drives, to a town."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from safepassage.adapters.page.markup import csp_hash
from safepassage.adapters.plan_page.driver import drivers_html
from safepassage.adapters.plan_page.page import plan_html
from safepassage.adapters.plan_page.town import town_page
from safepassage.core.aid_items import GUARDED_ITEMS, items_by_id
from safepassage.core.logistics import Logistics

VOID = {"meta", "input", "br"}
CAMPS = Path(__file__).parents[2] / "reference" / "flee_small"


class Tags(HTMLParser):
    """Counts elements and checks that each is closed where it was opened."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.attributes = [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def read(page):
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


def text_of(page, lang):
    """Give the text of a page as one language shows it."""
    other = "en" if lang == "es" else "es"
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    page = re.sub(rf'<(span|tspan|i) lang="{other}">.*?</\1>', "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture(scope="module")
def page(story):
    return plan_html(story, version="9.9")


@pytest.fixture(scope="module")
def sheets(story):
    return drivers_html(story, version="9.9")


def test_pages_are_whole_and_load_nothing(page, sheets):
    for html in (page, sheets):
        tags = read(html)
        assert "script" not in tags.seen
        assert not {"img", "link", "iframe", "object"} & set(tags.seen)
        assert not [value for name, value in tags.attributes if name in ("src", "href") and value[:1] != "#"]
        assert not [name for name, _ in tags.attributes if name.startswith("on")]
        style = re.search(r"<style>(.*?)</style>", html, re.S).group(1)
        assert csp_hash(style) in html.replace("&#x27;", "'")
        assert "url(" not in style
        assert "NOT FOR PUBLICATION" in html


def test_the_page_says_the_plan_in_order(page, story):
    said = text_of(page, "es")
    order = [
        "Datos hasta el 23 oct 2018", "En pocas palabras", "Viajes del miércoles 24 oct", "Qué está cubierto",
        "se espera, no está decidido", "Mapa: noche del", "Qué falta, por qué", "Qué tan bueno",
        "da por hecho",
    ]  # fmt: skip
    where = [said.index(part) for part in order]
    assert where == sorted(where)
    assert "ilustrativos (inventados por una regla)" in said
    for one in story.plan.dispatches:
        assert f"{one.id} ·" in said
        assert story.carrier(one).holder in said


def test_english_is_as_full_as_spanish(page):
    es, en = text_of(page, "es"), text_of(page, "en")
    assert "Drives of Wednesday 24 Oct" in en
    assert "Viajes del" not in en
    assert "Drives of" not in es
    assert len(re.findall(r"\d+", en)) == pytest.approx(len(re.findall(r"\d+", es)), rel=0.05)
    assert not re.search(r"{\w*}", es + en)


def test_every_drive_has_a_sheet_with_boxes_and_the_way(sheets, story):
    parts = sheets.split('<article class="drive')[1:]
    assert len(parts) == len(story.plan.dispatches)
    names = story.needs.network.places.names
    by_id = {one.id: one for one in story.plan.dispatches}
    for part in parts:
        one = by_id[re.search(r"· <b>(\S+)</b> ·", part).group(1)]
        assert story.carrier(one).holder in part
        assert names[one.store] in part
        assert names[one.place] in part
        assert part.count('class="box"') == len(one.loads) + 3
        stops = re.findall(r"<li[^>]*><b>(?:<small>.*?</small> )?(\d\d:\d\d)</b>", part)
        assert len(stops) == len(story.routes[one.id])
        assert stops == sorted(stops)
        assert "<svg" in part
        assert "sin fotos de personas, sin nombres, sin listas" in part
        assert "no photographs of people, no names, no lists" in part


def test_a_driver_is_told_to_ask_where_it_is_not_sure(sheets, story):
    needs = story.needs
    chances = [
        float(needs.people["there"].chance_many[(one.arrive - needs.first).days, one.place])
        for one in story.plan.dispatches
    ]
    unsure = sum(chance < 0.33 for chance in chances)
    assert unsure
    assert sheets.count("No salga sin preguntar a la coordinación") == unsure
    assert re.search(r"Es poco probable que esa noche duerman ahí: 1 de cada \d+ \(\d+\u202f%\)", sheets)


def test_answers_and_holds_are_told(answered):
    page, sheets = (write(answered, version="1") for write in (plan_html, drivers_html))
    assert "Viajes que ya están en camino" in page
    for word in ("aceptado", "en camino", "entregado", "propuesto"):
        assert f'<span lang="es">{word}</span>' in page
    assert sheets.count('<article class="drive') == 3  # the delivered one needs none
    assert "ACEPTADO: este viaje ya está decidido" in sheets
    assert "EN CAMINO: este viaje ya salió" in sheets
    assert "Avisos en el camino" in sheets
    assert "retención" in sheets


def test_texts_from_outside_stay_texts(hostile):
    for html in (
        plan_html(hostile, version="1"),
        drivers_html(hostile, version="1"),
        *(town_page(hostile, one.place) for one in hostile.plan.dispatches[:2]),
    ):
        tags = read(html)
        assert "script" not in tags.seen
        assert "img" not in tags.seen
        assert not [name for name, _ in tags.attributes if name.startswith("on")]
        assert "\u202e" not in html


def test_a_plan_of_nothing_says_so(bare):
    page, sheets = plan_html(bare, version="1"), drivers_html(bare, version="1")
    read(page)
    read(sheets)
    assert "nadie ha ofrecido todavía agua" in page
    assert "nobody has offered water" in page
    assert "No hay viajes que imprimir" in sheets
    assert "ilustrativos" not in text_of(page, "es").split("da por hecho")[0]


def test_supplies_without_vehicles_are_told(bare, story):
    logistics = Logistics(supplies=story.logistics.supplies)
    assert "pero ningún vehículo" in plan_html(replace(bare, logistics=logistics), version="1")


def test_a_carrier_nobody_knows_any_more_is_no_fault(story):
    lost = replace(story, logistics=replace(story.logistics, carriers=(), supplies=()), routes={})
    assert "vehículo que ya no está registrado" in plan_html(lost, version="1")
    pages = drivers_html(lost, version="1")
    assert "No se conoce camino abierto para ese día" in pages
    assert "No se conoce ningún cierre" not in pages


def test_guarded_items_are_not_told(page, sheets, story):
    every = items_by_id()
    towns = "".join(town_page(story, place) for place in story.board.places)
    for key in GUARDED_ITEMS:
        for name in (every[key].name_es, every[key].name_en):
            assert name.lower() not in (page + sheets + towns).lower()


def test_a_town_has_its_page(story):
    one = story.plan.dispatches[0]
    html = town_page(story, one.place)
    read(html)
    assert html.count("<article") == 2
    assert story.carrier(one).holder in html
    assert "Qué llega a esta localidad y qué falta" in html
    assert "What comes to this town and what is missing" in html
    far = story.needs.network.places.index["tijuana"]
    assert town_page(story, far) == ""


def test_a_displacement_crisis_without_offers_is_told():
    import safepassage as sp
    from safepassage.workflows.needs import NeedsAsk
    from safepassage.workflows.plan import PlanAsk, plan

    run = plan(sp.load(CAMPS), PlanAsk(needs=NeedsAsk(horizon=2), judged=0, places=6), members=4)
    page = plan_html(run.story, version="1")
    read(page)
    assert "nadie ha ofrecido todavía agua" in page
    assert "En pocas palabras" in page
    assert "No hay viajes" in drivers_html(run.story, version="1")
