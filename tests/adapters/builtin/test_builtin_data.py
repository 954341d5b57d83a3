import csv
import re
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from safepassage.adapters import builtin, folder, logistics
from safepassage.core.scenario import Scenario

ROOT = Path(__file__).parents[3]
NOTES = runpy.run_path(str(ROOT / "tools/caravan_notes.py"))
SHARED = ROOT.parent / "shared" / "data" / "caravans"
DATA = sorted(builtin.network_path("mesoamerica").parents[1].rglob("*.csv"))
TOO_FINE = re.compile(
    r"\b([0-9]{1,2}:[0-9]{2}|women|woman|men|boys?|girls?|child\w*|minors?|lgbt\w*|pregnant|elderly|infants?|raft\w*)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def october() -> Scenario:
    return folder.open_builtin("honduras-2018-10")


def test_every_place_can_be_reached_from_every_other(october: Scenario) -> None:
    origins, targets, _, _ = october.network.arcs
    after: dict[int, list[int]] = {}
    for origin, target in zip(origins.tolist(), targets.tolist(), strict=True):
        after.setdefault(origin, []).append(target)
    for start in range(len(october.network.places)):
        seen, edge = {start}, [start]
        while edge:
            edge = [t for o in edge for t in after.get(o, ()) if t not in seen and not seen.add(t)]  # type: ignore[func-returns-value]
        assert len(seen) == len(october.network.places) == 150


def test_no_road_is_shorter_than_the_straight_line(october: Scenario) -> None:
    links = october.network.links
    straight = [
        october.network.great_circle_km(int(o), int(t))
        for o, t in zip(links.origin, links.target, strict=True)
    ]
    assert np.all(links.distance_km >= np.array(straight) - 0.06)


def test_links_keep_their_source_and_whether_they_are_estimates(october: Scenario) -> None:
    links = october.network.links
    assert all(links.sources)
    assert 0 < np.count_nonzero(~links.estimated) < len(links)
    assert not [mode for mode in links.modes if mode in ("rail", "road_rail") or "shortcut" in mode]


def test_names_are_written_as_people_write_them(october: Scenario) -> None:
    names = set(october.network.places.names)
    assert names >= {
        "Ciudad de México", "Juchitán de Zaragoza", "Córdoba", "Querétaro", "San Pedro Tapanatepec",
        "Matías Romero", "Santa Rosa de Copán", "Tecún Umán", "Palín", "Ciudad Juárez", "El Paso",
    }  # fmt: skip
    assert len(names) == len(october.network.places)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", place) for place in october.network.places.ids)


@pytest.mark.parametrize("name", builtin.scenario_names())
def test_every_row_of_a_scenario_has_its_source_and_the_day_it_became_known(name: str) -> None:
    scenario = folder.open_builtin(name)
    assert scenario.illustrative
    assert scenario.groups[0].announced == scenario.start == scenario.default_as_of
    for report in scenario.reports:
        assert report.source
        assert report.published_basis
        assert report.published >= report.observed
    for event in scenario.events:
        assert event.source
        assert event.announced_basis
    for row in scenario.truth:
        assert row.source
        assert row.place in scenario.groups[0].route
    for pool in scenario.groups[0].joiners:
        assert pool.reason


@pytest.mark.parametrize("name", builtin.scenario_names())
def test_at_departure_nothing_later_is_known(name: str) -> None:
    scenario = folder.open_builtin(name)
    known = scenario.known_by(scenario.start)
    assert known.groups
    assert known.groups[0].destinations
    assert known.groups[0].route == scenario.groups[0].route[:1]
    assert all(report.published <= scenario.start for report in known.reports)
    assert known.truth == ()


def test_the_reference_route_runs_through_where_the_main_group_was(october: Scenario) -> None:
    route = october.groups[0].route
    ids = october.network.places.ids
    assert ids[route[0]] == "san-pedro-sula"
    assert ids[route[-1]] == "tijuana"
    positions = [row.place for row in october.truth if row.quantity == "position"]
    assert len(positions) >= 30
    steps = [route.index(place) for place in positions]
    assert steps == sorted(steps)


def test_nothing_tells_who_people_are_or_anything_finer_than_town_and_day() -> None:
    for path in DATA:
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                for column in ("note", "reason", "actor", "scope", "shelter"):
                    assert not TOO_FINE.search(row.get(column) or ""), (path.name, row)


@pytest.mark.parametrize("path", DATA, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_cell_and_no_address_holds_the_name_of_a_person(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert not [cell for cell in row.values() if NOTES["names_a_person"](cell)]


def test_the_names_that_are_looked_for_are_found_in_headlines_and_in_addresses() -> None:
    assert NOTES["names_a_person"]("https://news.example.org/2018/Somebodymadeup-speaks.html")
    assert NOTES["names_a_person"]("https://somebodymadeup.com.mx/caravana-migrante")
    assert not NOTES["names_a_person"]("https://news.example.org/2018/caravana-migrante")


def test_no_place_is_finer_than_a_town(october: Scenario) -> None:
    kinds = {"city", "town", "village", "border_town", "border_crossing"}
    assert set(october.network.places.kinds) <= kinds
    assert not [place for place in october.network.places.ids if "albergue" in place or "shelter" in place]


def test_shelters_are_told_by_name_and_not_by_a_room_or_state_of_some_year(october: Scenario) -> None:
    for shelter in october.network.places.shelters:
        assert not re.search(r"\((?!sin verificar\))|[0-9]{2,}.*(plazas|personas|horas)|20[0-9]{2}$", shelter)
        assert not re.search(r"enero|febrero|marzo|abril|mayo|junio|julio|saturado|abierto", shelter)


def test_who_was_counted_at_one_shelter_is_a_part_of_those_in_the_town(october: Scenario) -> None:
    counted = [report for report in october.reports if "at one shelter" in report.note]
    assert len(counted) > 10
    assert {october.network.places.ids[report.place] for report in counted} == {"tijuana"}
    assert {report.segment for report in counted} == {"branch"}


def test_no_small_count_and_no_place_of_detention_is_packed(october: Scenario) -> None:
    for report in october.reports:
        assert report.low is None or report.low >= 25
        if report.kind == "detentions":
            assert report.place == -1
            assert not re.search(r"sonora|suchiate|tapachula", report.note, re.IGNORECASE)


@pytest.mark.parametrize("name", builtin.scenario_names())
def test_what_could_be_brought_is_sourced_or_says_that_it_is_made_up(name: str) -> None:
    scenario = folder.open_builtin(name)
    told, notices = logistics.read(builtin.scenario_path(name), scenario.network)
    assert notices == ()
    assert {one.illustrative for one in told.carriers} == {True}
    sourced = [one for one in told.supplies if not one.illustrative]
    assert (len(sourced) > 5) == (name == "honduras-2018-10")
    for one in sourced:
        assert one.source.startswith(("http", "press, "))
        assert "published: " in one.note
    for one in told.offers:
        assert one.source
        if one.illustrative:
            assert one.since == one.announced == scenario.start
            assert one.until is None
            assert "docs/how-to/offers.md" in one.source


@pytest.mark.parametrize("name", builtin.scenario_names())
def test_one_rule_gives_every_town_its_illustrative_supplies(name: str) -> None:
    """Equal towns have equal means, whether a caravan came through them or not."""
    scenario = folder.open_builtin(name)
    told, _ = logistics.read(builtin.scenario_path(name), scenario.network)
    places = scenario.network.places
    by_town: dict[int, list[tuple[str, float]]] = {}
    for one in told.supplies:
        if one.illustrative:
            by_town.setdefault(one.place, []).append((one.item, one.quantity))
    kinds = ("village", "town", "city", "border_town")
    towns = [
        place
        for place in range(len(places))
        if places.countries[place] in ("HN", "SV", "GT", "MX") and places.kinds[place] in kinds
    ]
    assert sorted(by_town) == towns
    inhabitants = [int(places.population[place]) for place in towns]
    food = [dict(by_town[place])["food"] for place in towns]
    ordered = [amount for people, amount in sorted(zip(inhabitants, food, strict=True)) if people >= 0]
    assert ordered == sorted(ordered)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the compiled tables are not beside this checkout")
def test_the_packed_data_are_what_the_tool_makes(tmp_path: Path) -> None:
    copy = tmp_path / "src/safepassage/adapters/builtin"
    (tmp_path / "tools").mkdir()
    for tool in (ROOT / "tools").glob("*.py"):
        (tmp_path / "tools" / tool.name).write_bytes(tool.read_bytes())
    command = [sys.executable, str(tmp_path / "tools/build_mesoamerica.py"), str(SHARED)]
    subprocess.run(command, check=True, capture_output=True)
    home = builtin.network_path("mesoamerica").parents[1]
    made = {p.relative_to(copy): p.read_bytes() for p in copy.rglob("*") if p.is_file()}
    packed = {p.relative_to(home): p.read_bytes() for p in home.rglob("*") if p.suffix in (".csv", ".toml")}
    assert made == packed
