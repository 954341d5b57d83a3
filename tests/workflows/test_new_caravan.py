from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from safepassage.adapters import builtin, folder
from safepassage.core.errors import InputError
from safepassage.core.scenario import Scenario
from safepassage.workflows.load import load_with_notices
from safepassage.workflows.new import NewCaravan, new

ASKED = NewCaravan("mine", date(2018, 10, 13), "1000-2000", origin="San Pedro Sula")


def made(asked: NewCaravan, parent: Path) -> Scenario:
    scenario, notices = load_with_notices(new(asked, parent=parent))
    assert notices == ()
    return scenario


def ids(scenario: Scenario, places: tuple[int, ...]) -> list[str]:
    return [scenario.network.places.ids[place] for place in places]


def test_a_new_folder_holds_a_caravan_that_can_be_forecast(tmp_path: Path) -> None:
    scenario = made(ASKED, tmp_path)
    (group,) = scenario.groups
    assert (group.size_low, group.size_high) == (1000, 2000)
    assert group.departs == scenario.start == scenario.default_as_of == date(2018, 10, 13)
    assert scenario.network.name == "mesoamerica"
    assert scenario.priors == {}  # what past caravans taught holds
    assert group.joiners
    assert scenario.illustrative
    assert ids(scenario, group.route)[0] == "san-pedro-sula"
    assert scenario.network.places.countries[group.route[-1]] == "MX"
    assert group.route[-1] in [end.place for end in group.destinations]


def test_from_honduras_the_way_leads_through_chiapas_and_not_through_peten(tmp_path: Path) -> None:
    scenario = made(replace(ASKED, to=("Tijuana",)), tmp_path)
    route = ids(scenario, scenario.groups[0].route)
    assert "tapachula" in route
    assert "flores" not in route


def test_until_it_is_declared_the_way_is_not_known(tmp_path: Path) -> None:
    known = made(ASKED, tmp_path).known_by(ASKED.departs)
    assert len(known.groups[0].route) == 1
    assert len(known.groups[0].destinations) > 1


def test_a_caravan_on_its_way_starts_where_it_is_and_was_seen_there(tmp_path: Path) -> None:
    scenario = made(NewCaravan("mine", date(2018, 10, 22), "5,000", at="huixtla"), tmp_path)
    assert ids(scenario, scenario.groups[0].route)[0] == "huixtla"
    (report,) = scenario.known_by(date(2018, 10, 22)).reports
    assert (report.low, report.high) == (5000, 5000)


def test_where_it_left_is_remembered(tmp_path: Path) -> None:
    scenario = made(replace(ASKED, at="Huixtla"), tmp_path)
    assert "San Pedro Sula" in scenario.groups[0].source


def test_destinations_may_be_named_without_accents(tmp_path: Path) -> None:
    scenario = made(replace(ASKED, to=("ciudad juarez", "Reynosa")), tmp_path)
    ends = scenario.groups[0].destinations
    assert ids(scenario, tuple(end.place for end in ends)) == ["ciudad-juarez", "reynosa"]
    assert ids(scenario, scenario.groups[0].route)[-1] == "ciudad-juarez"


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "Atlantis"},
        {"origin": "Escuintla"},
        {"origin": ""},
        {"to": ("Tijuna",)},
        {"to": ("San Pedro Sula",)},
        {"size": "many"},
        {"size": "2000-1000"},
        {"size": "0"},
        {"size": "5-15"},
        {"size": "19"},
        {"size": "-5"},
        {"size": "1e308"},
        {"size": "99999999999"},
        {"size": "nan"},
        {"size": ""},
        {"name": ""},
        {"name": "../up"},
        {"name": "a/b"},
        {"name": "x" * 200},
        {"name": "honduras-2018-10"},
        {"network": "narnia"},
        {"departs": date(1, 1, 1)},
        {"departs": date(9999, 12, 31)},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_left(changed: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(InputError):
        new(replace(ASKED, **changed), parent=tmp_path)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_every_fault_of_a_wish_is_told_at_once(tmp_path: Path) -> None:
    wish = NewCaravan("a b", date(2018, 10, 13), "x", origin="Tijuna", to=("Reinosa",))
    with pytest.raises(InputError) as caught:
        new(wish, parent=tmp_path)
    assert [fault.file for fault in caught.value.faults] == ["NAME", "--size", "--from", "--to"]


def test_an_existing_folder_is_never_overwritten(tmp_path: Path) -> None:
    path = new(ASKED, parent=tmp_path)
    before = {p.name: p.read_bytes() for p in path.iterdir()}
    with pytest.raises(InputError, match="new name"):
        new(replace(ASKED, size="1-200"), parent=tmp_path)
    assert before == {p.name: p.read_bytes() for p in path.iterdir()}


def test_another_network_may_be_given_as_a_folder(tmp_path: Path) -> None:
    mine = tmp_path / "roads"
    mine.mkdir()
    home = builtin.network_path("mesoamerica")
    for file in ("places.csv", "links.csv"):
        (mine / file).write_bytes((home / file).read_bytes())
    asked = replace(ASKED, network=str(mine))
    with pytest.raises(InputError, match="--to"):
        new(asked, parent=tmp_path)
    scenario = made(replace(asked, to=("Tijuana",)), tmp_path)
    assert scenario.network.name == ""
    assert scenario.groups[0].joiners


def test_a_new_folder_is_read_and_written_back_to_the_byte(tmp_path: Path) -> None:
    path = new(ASKED, parent=tmp_path)
    scenario, _ = folder.read(path)
    assert folder.folder_texts(scenario) == {p.name: p.read_text(encoding="utf-8") for p in path.iterdir()}


def test_a_destination_asked_for_twice_is_one(tmp_path: Path) -> None:
    scenario = made(replace(ASKED, to=("TIJUANA", "Tijuana", "tijuana")), tmp_path)
    assert ids(scenario, tuple(end.place for end in scenario.groups[0].destinations)) == ["tijuana"]
