import numpy as np
import pytest
from made_up import caravan, network_of

from safepassage.adapters.page.basemap import background
from safepassage.adapters.page.cartography import chart_of, close_view
from safepassage.adapters.page.frame import frame_around
from safepassage.adapters.page.labels import Box, Wanted, place_labels


def test_the_window_holds_every_point_with_room_around_it():
    rng = np.random.default_rng(1)
    for _ in range(30):
        lat = rng.uniform(-65, 65) + rng.normal(0, 5, 6)
        lon = rng.uniform(-170, 170) + rng.normal(0, 5, 6)
        frame = frame_around(lon, lat)
        assert (frame.x(lon) > 0).all()
        assert (frame.x(lon) < frame.width).all()
        assert (frame.y(lat) > 0).all()
        assert (frame.y(lat) < frame.height).all()


def test_a_single_place_gets_a_window_of_some_size():
    frame = frame_around(np.array([30.0]), np.array([0.0]))
    west, south, east, north = frame.degrees(0)
    assert east - west >= 2
    assert north - south > 1


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [
        ((-92, -88), (14, 18), {"Guatemala", "México"}),
        ((29, 31), (-4, -2), {"Burundi", "Ruanda"}),
        ((-12, 5), (10, 20), {"Mali", "Níger"}),
    ],
)
def test_countries_are_drawn_and_named_where_they_are(lon, lat, expected):
    frame = frame_around(np.array(lon, dtype=float), np.array(lat, dtype=float))
    back = background(frame)
    assert expected <= {name.es for name in back.names}
    assert back.land.startswith("M")
    assert back.borders
    for name in back.names:
        assert 0 <= name.x <= frame.width
        assert 0 <= name.y <= frame.height


def test_open_sea_and_the_whole_world_can_be_drawn():
    sea = background(frame_around(np.array([-140.0]), np.array([-40.0])))
    assert sea.land == ""
    world = background(frame_around(np.array([-170.0, 170.0]), np.array([-60.0, 75.0])))
    assert len(world.land) < 600_000
    assert len(world.names) > 8


def test_a_point_of_land_is_land_and_a_point_of_sea_is_not():
    frame = frame_around(np.array([-92.0, -88.0]), np.array([13.0, 17.0]))
    back = background(frame)
    rings = [
        np.cumsum(np.array([float(v) for v in part.replace("l", " ").split()]).reshape(-1, 2), axis=0)
        for part in back.land.replace("z", "").split("M")[1:]
    ]

    def inside(lon, lat):
        x, y = float(frame.x(lon)), float(frame.y(lat))
        hits = 0
        for ring in rings:
            a, b = ring, np.roll(ring, -1, axis=0)
            crossing = (a[:, 1] > y) != (b[:, 1] > y)
            rise = np.where(b[:, 1] == a[:, 1], 1, b[:, 1] - a[:, 1])
            hits += int((crossing & (x < (b[:, 0] - a[:, 0]) * (y - a[:, 1]) / rise + a[:, 0])).sum())
        return hits % 2 == 1

    assert inside(-90.5, 14.6)  # inland Guatemala
    assert not inside(-91.5, 13.3)  # the Pacific


def test_no_name_covers_another_or_leaves_the_paper():
    rng = np.random.default_rng(2)
    wanted = [Wanted(x, y, 5, ("Santa Rosa", "12%"), 13) for x, y in rng.uniform(0, 400, (60, 2))]
    placed = place_labels(wanted, width=400, height=400, taken=[Box(100, 100, 200, 200)])
    assert 5 < len(placed) < 60
    for k, one in enumerate(placed):
        assert one.box.left >= 0
        assert one.box.right <= 400
        assert one.box.top >= 0
        assert one.box.bottom <= 400
        assert not one.box.meets(Box(100, 100, 200, 200))
        assert not any(one.box.meets(other.box) for other in placed[:k])
    assert placed[0].number == 0


def test_a_larger_number_is_a_larger_circle_and_area_counts(one_group):
    chart = chart_of(one_group)
    assert chart.radius(400) == pytest.approx(2 * chart.radius(100))
    assert chart.radius(chart.most_people) == pytest.approx(30)


NORTHWARDS = (
    ("izmir", "İzmir", "TR", 38.42, 27.14, "city"),
    ("edirne", "Edirne", "TR", 41.68, 26.56, "city"),
    ("thessaloniki", "Thessaloniki", "GR", 40.64, 22.94, "city"),
    ("skopje", "Skopje", "MK", 42.0, 21.43, "city"),
    ("nis", "Niš", "RS", 43.32, 21.9, "city"),
    ("beograd", "Beograd", "RS", 44.82, 20.46, "city"),
)


def test_a_close_view_shows_nothing_beyond_the_chart():
    forecast = caravan(network_of(NORTHWARDS), np.arange(6), days=60)
    chart = chart_of(forecast)
    for number in range(forecast.days):
        view = close_view(chart, forecast, number)
        assert view.x >= 0
        assert view.y >= 0
        assert view.x + view.width <= chart.frame.width + 1e-9
        assert view.y + view.height <= chart.frame.height + 1e-9
        seen = (chart.x >= view.x) & (chart.x <= view.x + view.width)
        seen &= (chart.y >= view.y) & (chart.y <= view.y + view.height)
        assert seen[forecast.chance_any[number] >= 0.05].all()
