from __future__ import annotations

import itertools

import numpy as np
import pytest

from engines.corridors import corridor
from safepassage.core.draws import Draws
from safepassage.core.errors import ModelError
from safepassage.core.network import Links, Network
from safepassage.core.scenario import GoalLaw
from safepassage.engines.goal import likely_route, link_chances, link_utilities, place_values, sample_routes


def with_links(network: Network, pairs: list[tuple[int, int, float]]) -> Network:
    """The places of a corridor with other roads."""
    origin, target, km = zip(*pairs, strict=True)
    m = len(pairs)
    links = Links(
        np.array(origin), np.array(target), np.array(km, dtype=float), ("road",) * m, np.ones(m, bool),
        np.zeros(m, bool), ("test",) * m,
    )  # fmt: skip
    return Network(network.places, links)


@pytest.fixture
def diamond() -> Network:
    """Two ways from 0 to 3 and a cross road: 0-1-3 (60 km), 0-2-3 (70 km), 1-2 (10 km)."""
    roads = [(0, 1, 30.0), (1, 3, 30.0), (0, 2, 35.0), (2, 3, 35.0), (1, 2, 10.0)]
    return with_links(corridor([30.0, 30.0, 30.0]), roads)


def test_chances_equal_the_share_of_each_path_in_the_sum_over_all_efficient_paths(diamond: Network) -> None:
    law = GoalLaw(per_km=0.05, per_bare_night=0.0)
    origin, target, km, _ = diamond.arcs
    chance = dict(
        zip(zip(origin.tolist(), target.tolist(), strict=True), link_chances(diamond, law, 3), strict=True)
    )
    # Enumerated: the links that bring nearer are 0-1, 0-2, 1-3, 2-3 and 2-1 (35 km left, then 30).
    paths = {(0, 1, 3): 60.0, (0, 2, 3): 70.0, (0, 2, 1, 3): 75.0}
    cost = {0: 60.0, 1: 30.0, 2: 35.0, 3: 0.0}
    efficient = {p: d for p, d in paths.items() if all(cost[b] < cost[a] for a, b in itertools.pairwise(p))}
    weight = {p: np.exp(-law.per_km * d) for p, d in efficient.items()}
    total = sum(weight.values())
    for path, w in weight.items():
        assert np.prod([chance[leg] for leg in itertools.pairwise(path)]) == pytest.approx(w / total)
    assert km.min() > 0


def test_the_value_of_a_place_is_the_log_sum_over_its_paths(diamond: Network) -> None:
    law = GoalLaw(per_km=0.05, per_bare_night=0.0)
    value = place_values(diamond, link_utilities(diamond, law), 3, law=law)
    by_hand = np.log(np.exp(-0.05 * 60) + np.exp(-0.05 * 70) + np.exp(-0.05 * 75))
    assert value[3] == 0.0
    assert value[0] == pytest.approx(by_hand)


def test_very_long_roads_neither_under_nor_overflow() -> None:
    network = corridor([900.0] * 60)
    law = GoalLaw(per_km=1.0)
    value = place_values(network, link_utilities(network, law), 60, law=law)
    assert np.isfinite(value).all()
    assert link_chances(network, law, 60).max() == pytest.approx(1.0)


def test_great_sensitivity_is_a_shortest_path_walker(diamond: Network) -> None:
    law = GoalLaw(per_km=5.0, per_bare_night=0.0)
    routes = sample_routes(
        diamond, link_chances(diamond, law, 3), (0, 3), draws=Draws(1), slots=np.arange(50)
    )
    assert set(routes) == {(0, 1, 3)} == {likely_route(diamond, law, 0, 3)}


def test_drawn_routes_follow_the_chances(diamond: Network) -> None:
    law = GoalLaw(per_km=0.05, per_bare_night=0.0)
    slots = np.arange(4000)
    routes = sample_routes(diamond, link_chances(diamond, law, 3), (0, 3), draws=Draws(1), slots=slots)
    weight = {(0, 1, 3): np.exp(-3.0), (0, 2, 3): np.exp(-3.5), (0, 2, 1, 3): np.exp(-3.75)}
    for path, w in weight.items():
        share = routes.count(path) / len(routes)
        p = w / sum(weight.values())
        assert abs(share - p) < 4 * np.sqrt(p * (1 - p) / len(routes))


def test_a_closed_link_is_not_taken_and_no_way_is_said(diamond: Network) -> None:
    origin, target, _, _ = diamond.arcs
    law = GoalLaw()
    closed = (np.minimum(origin, target) == 0) & (np.maximum(origin, target) == 1)
    routes = sample_routes(
        diamond, link_chances(diamond, law, 3, closed=closed), (0, 3), draws=Draws(1), slots=np.arange(50)
    )
    assert all(route[1] == 2 for route in routes)
    shut = link_chances(diamond, law, 3, closed=np.ones(len(origin), dtype=bool))
    assert (shut == 0).all()
    with pytest.raises(ModelError, match="no road leads on"):
        sample_routes(diamond, shut, (0, 3), draws=Draws(1), slots=np.arange(5))


def test_a_destination_out_of_reach_is_named() -> None:
    island = with_links(corridor([10.0, 10.0]), [(0, 1, 10.0)])
    with pytest.raises(ModelError, match="from Town 0 to Town 2"):
        likely_route(island, GoalLaw(), 0, 2)


def test_a_declared_route_is_preferred_and_foresight_can_be_short(diamond: Network) -> None:
    law = GoalLaw(per_km=0.05, per_bare_night=0.0)
    assert likely_route(diamond, law, 0, 3, reference=(0, 2, 3)) == (0, 2, 3)
    short = GoalLaw(per_km=0.05, per_bare_night=0.0, foresight_links=1)
    chances = link_chances(diamond, short, 3)
    totals = np.bincount(diamond.arcs[0], weights=chances, minlength=4)
    assert np.allclose(totals[:3], 1.0)
