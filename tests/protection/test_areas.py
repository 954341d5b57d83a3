"""No area that is told of has only one town in which people could be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from caravan_worlds import forecast_of
from test_small_groups import AS_OF, network_of, places_of, shared

from safepassage.core.forecast import Forecast
from safepassage.core.network import Network
from safepassage.protection.areas import areas_of, towns_in
from safepassage.workflows.load import load


def everywhere(network: Network) -> Forecast:
    """Give a forecast in which 15,000 people come to every place."""
    n = len(network.places)
    return forecast_of(
        network, np.full((20, n), 3, np.int16), np.full((20, n), 15_000, np.int32), as_of=AS_OF
    )


def told(network: Network) -> list[tuple[str, str, str]]:
    return [(cell.country, cell.scope, cell.admin1) for cell in shared(everywhere(network)).cells]


def test_a_country_with_one_place_is_not_told_of() -> None:
    network = network_of(places_of(["Mali", "Mali", "Mauritania"], ["Gao", "Gao", "Hodh_Ech"]))
    assert told(network) == [("Mali", "admin1", "Gao")]
    form = shared(everywhere(network))
    assert "Mauritania" not in f"{form.title_es} {form.title_en}"


def test_two_camps_are_two_places_to_stay_and_are_told_of_together() -> None:
    places = places_of(["Burkina_Faso"] * 2, ["Pobe_Mengao", "Kenedougou"])
    assert told(network_of(replace(places, kinds=("camp", "camp")))) == [("Burkina_Faso", "country", "")]


@pytest.mark.parametrize(
    "kind", ["border_crossing", "forwarding_hub", "marker", "shelter", "checkpoint", "", "?"]
)
def test_a_town_is_not_hidden_by_a_place_where_nobody_stays(kind: str) -> None:
    places = replace(places_of(["SV"] * 2, ["Santa Ana"] * 2), kinds=("city", kind))
    assert told(network_of(places)) == []
    beside = places_of(["SV"] * 4, ["Santa Ana"] * 2 + ["Ahuachapán"] * 2)
    kinds = ("city", kind, "city", kind)
    assert told(network_of(replace(beside, kinds=kinds))) == [("SV", "country", "")]


def test_a_town_is_not_hidden_by_a_place_that_no_road_leads_to() -> None:
    network = network_of(places_of(["NI"] * 2, ["Managua"] * 2))
    assert told(network) == [("NI", "admin1", "Managua")]
    links = replace(network.links, origin=np.zeros(2, dtype=np.int64), target=np.zeros(2, dtype=np.int64))
    assert told(replace(network, links=links)) == []


def test_a_town_is_not_hidden_by_another_row_of_its_own_name() -> None:
    places = replace(places_of(["NI"] * 2, ["Managua"] * 2), names=("Managua", "managua "))
    assert told(network_of(places)) == []


def test_one_country_under_two_names_is_one_country() -> None:
    network = network_of(places_of(["MX", "Mexico", "México"], ["", "", ""]))
    assert told(network) == [("MX", "country", "")]


def test_what_is_left_out_is_left_out_whatever_happens_there() -> None:
    network = network_of(places_of(["A", "A", "A", "B"], ["X", "X", "Y", "Z"]))
    made = everywhere(network)
    nobody = made.peak_people.copy()
    nobody[:, 3] = 0
    assert shared(replace(made, peak_people=nobody)) == shared(made)


def test_in_the_built_in_network_every_area_told_of_has_two_towns() -> None:
    network = load("honduras-2018-10").network
    areas = areas_of(network, towns_min=2)
    assert min(towns_in(network, area.places) for area in areas) >= 2
    assert {"GT", "HN", "MX", "SV", "US"} <= {area.country for area in areas}
