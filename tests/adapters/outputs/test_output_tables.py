import json

import numpy as np
import openpyxl
import polars as pl
import pytest

from safepassage.adapters.tables.frame import COLUMNS, LEVEL_NAMES, to_polars, write_parquet
from safepassage.adapters.tables.places import places_geojson, write_places
from safepassage.adapters.tables.workbook import write_workbook
from safepassage.core.forecast import QUANTILE_LEVELS

KINDS = ("one", "two", "camps", "nobody", "hostile")


@pytest.mark.parametrize("kind", KINDS)
def test_the_frame_is_tidy_and_comes_back_from_its_file(every_forecast, kind, tmp_path):
    forecast = every_forecast[kind]
    frame = to_polars(forecast)
    assert tuple(frame.columns) == COLUMNS
    assert frame["day"].dtype == pl.Date
    assert frame["value"].is_nan().sum() == 0
    keys = ["day", "place_id", "group", "quantity", "quantile_or_stat"]
    assert frame.select(keys).is_duplicated().sum() == 0
    write_parquet(forecast, tmp_path / "forecast.parquet")
    again = pl.read_parquet(tmp_path / "forecast.parquet")
    assert again.with_columns(pl.col(pl.Categorical).cast(pl.String)).equals(
        frame.with_columns(pl.col(pl.Categorical).cast(pl.String))
    )


def test_the_frame_holds_the_numbers_of_the_forecast(one_group):
    frame = to_polars(one_group).with_columns(pl.col(pl.Categorical).cast(pl.String))
    for day, place in ((0, 0), (5, 2), (20, 6)):
        rows = frame.filter(
            pl.col("day") == one_group.date_of(day), pl.col("place_id") == one_group.network.places.ids[place]
        )
        night = rows.filter(pl.col("quantity") == "overnight").sort("quantile_or_stat")["value"]
        np.testing.assert_allclose(night, one_group.overnight[:, day, place])
        chance = rows.filter(pl.col("quantity") == "chance_threshold")["value"].item()
        assert chance == pytest.approx(one_group.chance_threshold[day, place])
    head = frame.filter(pl.col("quantity") == "head_km", pl.col("quantile_or_stat") == "p50").sort("day")[
        "value"
    ]
    np.testing.assert_allclose(head, one_group.groups[0].head_km.at(0.5))
    assert len(LEVEL_NAMES) == len(QUANTILE_LEVELS)
    assert "baseline_walker_km" in frame["quantity"].unique().to_list()


@pytest.mark.parametrize("kind", KINDS)
def test_places_are_valid_geojson(every_forecast, kind, tmp_path):
    forecast = every_forecast[kind]
    write_places(forecast, tmp_path / "places.geojson")
    read = json.loads((tmp_path / "places.geojson").read_text(encoding="utf-8"))
    assert read == json.loads(json.dumps(places_geojson(forecast)))
    assert read["type"] == "FeatureCollection"
    assert "crs" not in read
    assert "NOT FOR PUBLICATION" in read["notice"]
    for feature in read["features"]:
        assert feature["type"] == "Feature"
        assert feature["geometry"]["type"] == "Point"
        lon, lat = feature["geometry"]["coordinates"]
        assert -180 <= lon <= 180
        assert -90 <= lat <= 90
        told = feature["properties"]
        lists = [v for v in told.values() if isinstance(v, list)]
        assert len({len(v) for v in lists}) == 1
        assert len(lists[0]) > 0
        assert not any(isinstance(v, dict) for v in told.values())
        assert max(told["chance_any"]) >= 0.01
    reached = (forecast.chance_any[forecast.first_night :].max(axis=0) >= 0.01).sum()
    assert len(read["features"]) == reached


def test_the_workbook_explains_itself_first_and_has_a_sheet_for_each_question(one_group, tmp_path):
    write_workbook(one_group, tmp_path / "forecast.xlsx")
    book = openpyxl.load_workbook(tmp_path / "forecast.xlsx")
    assert book.sheetnames == [
        "README",
        "noches_nights",
        "llegadas_arrivals",
        "caravana_caravan",
        "informes_reports",
    ]
    text = "\n".join(str(cell.value) for cell in book["README"]["A"] if cell.value)
    for part in (
        "NO PUBLICAR",
        "NOT FOR PUBLICATION",
        "16 oct 2018",
        "16 Oct 2018",
        "Los pesos son juicios.",
        "GeoNames",
    ):
        assert part in text
    for name in book.sheetnames[1:]:
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all("\n" in str(cell.value) for cell in sheet[1])
    nights = book["noches_nights"]
    assert nights["A2"].is_date
    assert nights["A2"].value.date() == one_group.date_of(4)
    assert nights["E2"].number_format == "0%"
    assert 0 < nights["E2"].value <= 1
    assert [row[5].value for row in book["informes_reports"].iter_rows(min_row=2)] == [1000, 1700, None]


def test_a_crisis_without_groups_has_no_sheet_of_groups(camps, nobody, tmp_path):
    for number, forecast in enumerate((camps, nobody)):
        write_workbook(forecast, tmp_path / f"{number}.xlsx")
        assert "caravana_caravan" not in openpyxl.load_workbook(tmp_path / f"{number}.xlsx").sheetnames


def test_names_that_look_like_formulas_are_text(hostile, tmp_path):
    write_workbook(hostile, tmp_path / "forecast.xlsx")
    book = openpyxl.load_workbook(tmp_path / "forecast.xlsx")
    seen = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                if isinstance(cell.value, str) and cell.value[:1] in ("=", "+", "-", "@"):
                    assert cell.quotePrefix
                    seen.add(cell.value[0])
    assert {"=", "+"} <= seen
