"""Forecasts at the edge of what there can be: one day, one place, far north, a group that dissolves."""

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from made_up import caravan, forecast_from, network_of

from safepassage.adapters.message import message
from safepassage.adapters.outputs import write_all
from safepassage.adapters.page.picture import map_svg
from safepassage.adapters.page.report import report_html
from safepassage.adapters.sheets.folder import index_html
from safepassage.adapters.sheets.town import town_html
from safepassage.adapters.tables.workbook import write_workbook
from safepassage.core.forecast import Fan
from safepassage.core.network import Network


def written(forecast, tmp_path):
    paths = write_all(forecast, tmp_path, manifest={"version": "1"})
    return {name: path.read_bytes() for name, path in paths.items()}


def test_one_place_one_day_one_member(tmp_path):
    network = network_of((("only", "Única", "HN", 14.1, -87.2, "city"),))
    files = written(forecast_from(np.full((1, 1, 1), 700.0), network), tmp_path)
    assert "Única".encode() in files["report.html"]
    assert "700 personas (casi seguro)" in files["resumen.txt"].decode()


@pytest.mark.parametrize(
    ("lat", "lon"), [(78.2, 15.6), (-54.8, -68.3), (-17.8, 179.9), (0.0, 0.0), (89.9, -179.9), (-89.9, 10.0)]
)
def test_any_corner_of_the_earth_can_be_drawn(lat, lon, tmp_path):
    towns = (("a", "A", "", lat, lon, "town"), ("b", "B", "", lat * 0.99, lon * 0.99, "camp"))
    stock = np.random.default_rng(1).integers(0, 2000, (10, 5, 2)).astype(float)
    files = written(forecast_from(stock, network_of(towns)), tmp_path)
    assert b"NaN" not in files["report.html"]
    assert b"inf" not in files["places.geojson"].split(b'"notice"')[0]


def test_a_group_that_dissolves_leaves_its_fans_open(small_network, tmp_path):
    base = caravan(small_network, np.arange(8), days=12)
    group = base.groups[0]

    def cut(fan, since):
        values = fan.values.copy()
        values[:, since:] = np.nan
        return Fan(fan.unit, values)

    gone = replace(
        group, head_km=cut(group.head_km, 6), size=cut(group.size, 6), walker_km=cut(group.walker_km, 0)
    )
    files = written(replace(base, groups=(gone,)), tmp_path)
    assert not re.search(rb"\bnan\b", files["report.html"].lower().split(b"<script")[0])


def test_a_group_with_a_route_of_one_place_is_drawn(small_network, tmp_path):
    base = caravan(small_network, np.arange(8), days=6)
    short = replace(base.groups[0], route=np.array([2]), route_km=np.array([0.0]))
    written(replace(base, groups=(short,)), tmp_path)


def test_names_in_other_scripts_are_kept(tmp_path):
    towns = (("a", "بانغي", "CF", 4.4, 18.6, "city"), ("b", "አዲስ አበባ", "ET", 9.0, 38.7, "city"))
    files = written(forecast_from(np.full((4, 3, 2), 900.0), network_of(towns)), tmp_path)
    for name in ("بانغي", "አዲስ አበባ"):
        assert name.encode() in files["report.html"]
        assert name.encode() in files["resumen.txt"]


def test_all_days_before_the_time_of_the_data(small_network, tmp_path):
    base = caravan(small_network, np.arange(8), days=6)
    written(replace(base, as_of=base.start + timedelta(days=400)), tmp_path)


def test_a_long_crisis_with_many_places_stays_under_two_megabytes(tmp_path):
    rng = np.random.default_rng(5)
    towns = tuple(
        (f"p{k}", f"Place {k}", "SS", *rng.uniform(4, 12, 1), *rng.uniform(25, 35, 1), "camp")
        for k in range(90)
    )
    stock = np.cumsum(rng.poisson(3, (6, 700, 90)), axis=1).astype(float) * rng.lognormal(0, 1, 90)
    forecast = forecast_from(np.round(stock), network_of(towns))
    assert len(report_html(forecast, version="1")) < 2_000_000
    write_workbook(forecast, tmp_path / "forecast.xlsx")
    assert (tmp_path / "forecast.xlsx").stat().st_size < 10_000_000


def test_underscores_in_names_are_read_as_spaces(one_group):
    places = one_group.network.places
    names = tuple(f"Pobe_Mengao_{k}" for k in range(len(places)))
    places = replace(places, names=names, countries=("Burkina_Faso",) * len(places))
    forecast = replace(one_group, network=Network(places, one_group.network.links))
    chosen = [0, 1, 2]
    texts = (
        report_html(forecast, version="1"),
        map_svg(forecast, lang="es"),
        message(forecast),
        town_html(forecast, 2),
        index_html(forecast, chosen, ["a", "b", "c", *"defghi"]),
    )
    for text in texts:
        assert "_Mengao" not in text
        assert "Burkina_" not in text
        assert "Pobe Mengao 2" in text
    assert "Burkina Faso" in texts[0]
