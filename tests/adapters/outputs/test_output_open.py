"""Where nobody can say where people will be, or how many: what the outputs say then, and what they do not."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import openpyxl
import polars as pl
import pytest
from made_up import caravan, fan_of, forecast_from

from safepassage.adapters.message import message_in
from safepassage.adapters.page.cartography import chart_of
from safepassage.adapters.page.grids import nights_table
from safepassage.adapters.page.payload import payload
from safepassage.adapters.page.picture import map_svg
from safepassage.adapters.page.report import report_html
from safepassage.adapters.sheets.town import town_html
from safepassage.adapters.tables.frame import to_polars
from safepassage.adapters.tables.places import places_geojson
from safepassage.adapters.tables.workbook import write_workbook
from safepassage.core.forecast import MODES, Fan


def text_of(page, lang="en"):
    """Give what a page says in one language, without its script and style."""
    other = "es" if lang == "en" else "en"
    page = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
    page = re.sub(rf'<span lang="{other}">.*?</span>', "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture(scope="module")
def wide_open(small_network):
    """200 members, 8 in each of seven towns; the others have gone home."""
    stock = np.zeros((200, 4, 9))
    for place in range(7):
        stock[8 * place : 8 * place + 8, :, place] = 900 + 100 * np.arange(8)[:, None]
    return forecast_from(stock, small_network)


@pytest.fixture(scope="module")
def on_the_road(wide_open):
    road = np.zeros((200, 4))
    road[:120] = 2000
    return replace(wide_open, on_road=fan_of("people", road))


@pytest.fixture(scope="module")
def few(small_network):
    """200 members; so many people in one town in 12 of them and fewer in 30, in another town in 100."""
    stock = np.zeros((200, 4, 9))
    stock[:12, :, 1], stock[12:42, :, 1] = 3000, 60
    stock[:100, :, 2] = np.linspace(600, 1500, 100)[:, None]
    stock[100:160, :, 3] = 80
    return forecast_from(stock, small_network)


def test_wide_open_is_said_and_nobody_is_put_on_the_road(wide_open):
    page, chat = text_of(report_html(wide_open, version="1")), message_in(wide_open, "en")
    assert "Where they will be is wide open: no town reaches 5%. The likeliest are:" in page
    assert "where is wide open: no town reaches 5%; likeliest:" in chat
    for said in (page, chat, text_of(report_html(wide_open, version="1"), "es"), message_in(wide_open, "es")):
        assert "the road" not in said
        assert "en camino" not in said
    assert chat.count("4% (very unlikely); too few futures to say how many") >= 6


def test_the_road_is_named_where_half_of_the_futures_are_on_it(on_the_road):
    assert "500 people or more sleep on the road that night" in text_of(report_html(on_the_road, version="1"))
    assert message_in(on_the_road, "es").count("500 o más duermen en camino") == 3


def test_where_nobody_can_be_that_is_said(nobody):
    page = text_of(report_html(nobody, version="1"))
    assert "In no possible future does anybody spend that night in a town of this map." in page
    assert "in no future is anybody in a town of the map" in message_in(nobody, "en")


def test_the_picture_shows_every_place_that_is_half_as_likely_as_the_likeliest(wide_open):
    chances = wide_open.chance_any.copy()
    chances[:, 3] = 0.055  # just past the 5 % that would be looked at alone
    one = replace(wide_open, chance_any=chances)
    frame = chart_of(one, close=True).frame
    places = one.network.places
    assert (frame.x(places.lon[:7]) > 0).all()
    assert (frame.x(places.lon[:7]) < frame.width).all()
    assert "Cima Nueva" in map_svg(one, lang="es")


def test_no_range_over_all_members_stands_under_if_they_come(few):
    cells = re.findall(r"<tr>.*?</tr>", nights_table(few), re.S)
    rows = {name: row for row in cells for name in ("La Breña", "Cima Nueva", "Ciudad Dorada") if name in row}
    assert "too few futures to say how many" in rows["La Breña"]
    assert "–" not in text_of(rows["La Breña"])
    assert "690–1,400" in text_of(rows["Cima Nueva"])
    assert "Ciudad Dorada" not in rows  # nobody foresees 500 there
    small = forecast_from(few.overnight[3:4].repeat(20, axis=0) * 0 + 80.0, few.network)
    table = text_of(nights_table(small))
    assert "fewer than 500" in table
    assert " 80 " not in table


def test_the_script_is_told_where_no_range_can_be_told(few):
    data = payload(few, chart_of(few))
    told = {data["places"][row[0]][0]: row[1:] for row in data["nights"][1]}
    assert told["La Breña"] == [60, -1, -1, -1]
    assert told["Ciudad Dorada"] == [-300, 0, 0, 0]
    assert told["Cima Nueva"][0] == 500
    assert told["Cima Nueva"][1] > 600
    assert "too_few" in data["words"]["es"]
    assert data["words"]["en"]["fewer_than"] == "fewer than 500"


def test_the_chat_and_the_sheet_of_a_town_tell_no_range_either(few):
    assert "La Breña: 6% (very unlikely); too few futures to say how many" in message_in(few, "en")
    here = text_of(town_html(few, 1))
    assert "oo few futures to say how many" in here
    assert "3,000" not in here
    assert "Fewer than 500" in text_of(town_html(few, 3))


def test_the_workbook_counts_the_futures_and_leaves_what_few_of_them_say_empty(few, tmp_path):
    write_workbook(few, tmp_path / "forecast.xlsx")
    book = openpyxl.load_workbook(tmp_path / "forecast.xlsx")
    head, *rows = book["noches_nights"].iter_rows(values_only=True)
    at = [k for k, name in enumerate(head) if "If they come" in name]
    counted = next(k for k, name in enumerate(head) if "Futures with the threshold" in name)
    told = {row[1]: (row[counted], [row[k] for k in at]) for row in rows}
    assert told["La Breña"] == (12, [None, None, None])
    assert told["Ciudad Dorada"] == (0, [None, None, None])
    assert told["Cima Nueva"][0] == 100
    assert None not in told["Cima Nueva"][1]
    assert any("fewer than 20 futures" in str(cell.value) for cell in book["README"]["A"])


def test_the_tidy_table_keeps_the_values_and_the_number_of_members_behind_them(few):
    frame = to_polars(few).with_columns(pl.col(pl.Categorical).cast(pl.String))
    come = frame.filter(pl.col("quantity") == "overnight_if_they_come", pl.col("day") == few.date_of(2))
    rows = come.filter(pl.col("place_id") == "brena")
    assert rows.filter(pl.col("quantile_or_stat") == "p50")["value"].item() == 3000
    assert rows.filter(pl.col("quantile_or_stat") == "members")["value"].item() == 12
    assert come.filter(pl.col("place_id") == "dorada").height == 0


def test_places_for_a_map_tell_only_nights_to_come(one_group, few):
    later = replace(one_group, as_of=one_group.start + timedelta(days=20))
    told = places_geojson(later)
    assert told["features"]
    for feature in told["features"]:
        said = feature["properties"]
        assert min(said["nights"]) > later.as_of.isoformat()
        assert said["chance_threshold_max"] <= max(said["chance_threshold"]) + 1e-9
    names = {feature["properties"]["name"] for feature in told["features"]}
    assert "Alta Verapaz del Río" not in names
    again = {f["properties"]["name"] for f in places_geojson(replace(later, replay=True))["features"]}
    assert "Alta Verapaz del Río" in again
    brena = next(f["properties"] for f in places_geojson(few)["features"] if f["id"] == "brena")
    assert set(brena["if_they_come_p90"]) == {None}


def test_a_group_gone_in_every_future_is_nowhere_and_every_file_copes(small_network, tmp_path):
    base = caravan(small_network, np.arange(8), days=12)
    group = base.groups[0]
    head, tail = group.head_km.values.copy(), group.tail_km.values.copy()
    head[:, 6:], tail[:, 6:] = np.nan, np.nan
    share = np.zeros((12, len(MODES)))
    share[:6, MODES.index("walking")], share[6:, MODES.index("dissolved")] = 1, 1
    gone = replace(group, head_km=Fan("km", head), tail_km=Fan("km", tail), mode_share=share)
    made = replace(base, groups=(gone,))
    page = report_html(made, version="1")
    assert "On 24 Oct the group has dissolved in 100% of the futures" in text_of(page)
    assert not re.search(r"\bnan\b", page.lower().split("<script")[0])
    frame = to_polars(made)
    assert frame["value"].is_nan().sum() == 0
    assert frame.filter(pl.col("quantity") == "head_km")["day"].max() == made.date_of(5)
    assert frame.filter(pl.col("quantity") == "mode_dissolved", pl.col("value") == 1).height == 6
    write_workbook(made, tmp_path / "forecast.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "forecast.xlsx")["caravana_caravan"].values)
    assert rows[6][2] is not None
    assert rows[7][2] is None
    json.dumps(places_geojson(made), allow_nan=False)


@pytest.mark.parametrize(
    ("declared", "legend", "caption"),
    [(True, "declared way", "along the way that was announced"), (False, "likely way", "none was announced")],
)
def test_the_way_is_called_what_it_is(one_group, declared, legend, caption):
    group = replace(one_group.groups[0], route_declared=declared)
    page = text_of(report_html(replace(one_group, groups=(group,)), version="1"))
    assert legend in page
    assert caption in page
    assert "reference" not in page


def test_a_replay_is_called_one(camps):
    page = text_of(report_html(replace(camps, replay=True), version="1"))
    assert "The first night, Saturday 13 Oct" in page
    assert "not a forecast" in page
    assert "The next night" not in page
