from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_folder import FILES, small_folder

from safepassage.adapters import builtin, folder
from safepassage.adapters.folder.columns import LOGISTICS_FILES
from safepassage.core.errors import InputError
from safepassage.core.scenario import Scenario


def same(a: Any, b: Any) -> bool:
    """Compare two values field by field, arrays and all."""
    if isinstance(a, np.ndarray):
        return bool(a.dtype == b.dtype and np.array_equal(a, b))
    if is_dataclass(a):
        return type(a) is type(b) and all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


def test_a_folder_is_written_back_to_the_byte(tmp_path: Path) -> None:
    scenario, notices = folder.read(small_folder(tmp_path))
    assert notices == ()
    assert folder.folder_texts(scenario) == FILES


@pytest.mark.parametrize("name", builtin.scenario_names())
def test_the_built_in_scenarios_are_written_back_to_the_byte(name: str, tmp_path: Path) -> None:
    scenario, notices = folder.read(builtin.scenario_path(name))
    assert notices == ()
    folder.write(scenario, tmp_path / "copy")
    tables = {p.name for p in builtin.scenario_path(name).iterdir() if p.suffix in (".csv", ".toml")}
    tables -= set(LOGISTICS_FILES)  # no part of the scenario: adapters.logistics writes them
    assert {p.name for p in (tmp_path / "copy").iterdir()} == tables
    for file in tables:
        assert (tmp_path / "copy" / file).read_bytes() == (builtin.scenario_path(name) / file).read_bytes()


def test_read_write_read_gives_the_same_scenario(tmp_path: Path) -> None:
    first, _ = folder.read(small_folder(tmp_path))
    folder.write(first, tmp_path / "again")
    second, _ = folder.read(tmp_path / "again")
    assert same(first, second)
    assert isinstance(second, Scenario)


def test_a_built_in_network_that_was_changed_is_written_out(tmp_path: Path) -> None:
    from dataclasses import replace

    scenario = folder.open_builtin("honduras-2018-10")
    longer = replace(scenario.network.links, distance_km=scenario.network.links.distance_km * 2)
    changed = replace(scenario, network=replace(scenario.network, links=longer))
    texts = folder.folder_texts(changed)
    assert "links.csv" in texts
    assert "network =" not in texts["scenario.toml"]


def test_unknown_columns_warn_and_never_vanish(tmp_path: Path) -> None:
    wider = FILES["reports.csv"].replace("note\n", "note,weather,2nd source\n", 1)
    wider = wider.replace("conflict,made up,\n", "conflict,made up,,hot,radio\n")
    wider = wider.replace('they say"\n', 'they say",,\n').replace(
        "exact,made up,\n", "exact,made up,,rain,\n"
    )
    routes = FILES["routes.csv"].replace("place\n", "place,mood\n", 1).replace("dos\n", "dos,good\n")
    routes = routes.replace("uno\n", "uno,\n").replace("tres\n", "tres,\n").replace("cuatro\n", "cuatro,\n")
    scenario, notices = folder.read(small_folder(tmp_path, reports=wider, routes=routes))
    assert {(n.file, n.column) for n in notices} == {
        ("reports.csv", "weather"),
        ("reports.csv", "2nd source"),
        ("routes.csv", "mood"),
    }
    texts = folder.folder_texts(scenario)
    assert texts["reports.csv"] == wider
    assert texts["routes.csv"] == routes


def test_a_group_may_give_only_an_origin_and_its_ends(tmp_path: Path) -> None:
    scenario, _ = folder.read(small_folder(tmp_path, routes=None))
    assert scenario.groups[0].route == (0,)
    assert "routes.csv" not in folder.folder_texts(scenario)


def test_nothing_is_overwritten_and_nothing_half_written_is_left(tmp_path: Path) -> None:
    scenario, _ = folder.read(small_folder(tmp_path))
    (tmp_path / "taken").mkdir()
    with pytest.raises(InputError, match="new name"):
        folder.write(scenario, tmp_path / "taken")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError):
        folder.write(scenario, tmp_path / "file" / "below")
    assert {p.name for p in tmp_path.iterdir()} == {"small", "taken", "file"}


def test_what_was_known_when_is_kept(tmp_path: Path) -> None:
    scenario, _ = folder.read(small_folder(tmp_path))
    assert scenario.as_of is None
    assert scenario.default_as_of == scenario.start
    known = scenario.known_by(scenario.start)
    assert known.reports == ()
    assert known.events == ()
    assert [d.place for d in known.groups[0].destinations] == [3]


def test_an_empty_published_or_announced_is_the_next_morning_and_says_so(tmp_path: Path) -> None:
    reports = FILES["reports.csv"].replace("2020-05-21,assumed: next day", ",")
    events = FILES["events.csv"].replace("2020-05-24,made up,roadblock", ",,roadblock")
    scenario, notices = folder.read(small_folder(tmp_path, reports=reports, events=events))
    assert scenario.reports[0].published.isoformat() == "2020-05-21"
    assert scenario.reports[0].published_basis == "assumed: next day"
    assert scenario.events[1].announced.isoformat() == "2020-05-25"
    assert scenario.events[1].announced_basis == "assumed: next day"
    assert {(n.file, n.column) for n in notices} == {
        ("reports.csv", "published"),
        ("events.csv", "announced"),
    }


def test_a_destination_without_a_date_is_known_with_its_group(tmp_path: Path) -> None:
    changed = {
        "groups": FILES["groups.csv"].replace("uno,2020-05-20,2020-05-20", "uno,2020-05-22,2020-05-20"),
        "destinations": FILES["destinations.csv"].replace("2020-05-20,made up,", ",,"),
        "joiners": FILES["joiners.csv"].replace("2020-05-20,made up,", ",,"),
    }
    scenario, notices = folder.read(small_folder(tmp_path, **changed))
    (group,) = scenario.known_by(scenario.start).groups
    assert [end.place for end in group.destinations] == [3]
    assert [pool.place for pool in group.joiners] == [1]
    assert group.destinations[0].announced_basis == "assumed: with the group"
    assert {(n.file, n.column) for n in notices} == {
        ("destinations.csv", "announced"),
        ("joiners.csv", "announced"),
    }
