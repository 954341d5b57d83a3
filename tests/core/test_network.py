"""Places, links, and the directed arcs made of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.core.network import EARTH_RADIUS_KM, Links, Network, Places


def network(lat: list[float], lon: list[float], links: list[tuple[int, int, float, bool]]) -> Network:
    n, m = len(lat), len(links)
    places = Places(
        ids=tuple(f"p{i}" for i in range(n)),
        names=tuple(f"P {i}" for i in range(n)),
        countries=("XX",) * n,
        admin1=("A",) * n,
        lat=np.array(lat, dtype=np.float64),
        lon=np.array(lon, dtype=np.float64),
        kinds=("town",) * n,
        population=np.full(n, -1, dtype=np.int64),
        capacity_people=np.full(n, -1, dtype=np.int64),
        shelters=("",) * n,
        sources=("",) * n,
    )
    columns = list(zip(*links, strict=True)) if links else [(), (), (), ()]
    return Network(
        places,
        Links(
            origin=np.array(columns[0], dtype=np.int64),
            target=np.array(columns[1], dtype=np.int64),
            distance_km=np.array(columns[2], dtype=np.float64),
            modes=("road",) * m,
            two_way=np.array(columns[3], dtype=np.bool_),
            estimated=np.zeros(m, dtype=np.bool_),
            sources=("",) * m,
        ),
    )


def test_a_two_way_road_gives_an_arc_each_way_and_a_one_way_road_one() -> None:
    net = network([0, 0, 0], [0, 1, 2], [(2, 1, 5.0, False), (0, 1, 7.0, True)])
    origin, target, km, number = net.arcs
    found = list(zip(origin.tolist(), target.tolist(), km.tolist(), number.tolist(), strict=True))
    assert found == [(0, 1, 7.0, 1), (1, 0, 7.0, 1), (2, 1, 5.0, 0)]


def test_a_network_without_roads_has_no_arcs() -> None:
    assert [len(column) for column in network([0], [0], []).arcs] == [0, 0, 0, 0]


def test_the_index_finds_every_place() -> None:
    places = network([0, 1], [0, 1], []).places
    assert places.index == {"p0": 0, "p1": 1}
    assert len(places) == 2


def test_distance_over_the_sphere_of_known_pairs() -> None:
    net = network([0, 0, 90, 0], [0, 180, 0, 90], [])
    half = np.pi * EARTH_RADIUS_KM
    assert net.great_circle_km(0, 1) == pytest.approx(half)
    assert net.great_circle_km(0, 2) == pytest.approx(half / 2)
    assert net.great_circle_km(0, 3) == pytest.approx(half / 2)


LAT, LON = st.floats(-90, 90), st.floats(-180, 180)


@given(LAT, LON, LAT, LON)
def test_distance_is_symmetric_and_at_most_half_round_the_earth(
    a: float, b: float, c: float, d: float
) -> None:
    net = network([a, c], [b, d], [])
    there, back = net.great_circle_km(0, 1), net.great_circle_km(1, 0)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0.0 <= there <= np.pi * EARTH_RADIUS_KM + 1e-6
    assert net.great_circle_km(0, 0) == pytest.approx(0.0, abs=1e-6)
