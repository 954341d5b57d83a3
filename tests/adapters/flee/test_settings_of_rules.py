"""Every further setting of a Flee folder: what it becomes, as documented and as Flee's code takes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safepassage.adapters.flee import read
from safepassage.core.displacement import FLOOD_ZONE, IDP_CAMP, TOWN, Displacement
from safepassage.core.errors import Fault, InputError, ModelError
from safepassage.core.local_law import LocalLaw
from safepassage.engines.timetable import timetable_of


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def add_rules(small: Path, move: str = "", spawn: str = "", top: str = "") -> None:
    path = small / "simsetting.yml"
    for section, lines in (("move_rules:\n", move), ("spawn_rules:\n", spawn)):
        more = "".join(f"  {line}\n" for line in lines.splitlines())
        replace_in(path, section, section + more)
    path.write_text(top + path.read_text())


def write(small: Path, name: str, text: str) -> None:
    (small / "input_csv" / name).write_text(text)


def taken(small: Path, **how: bool) -> tuple[LocalLaw, Displacement, tuple[Fault, ...]]:
    scenario, notices = read(small, **how)  # type: ignore[arg-type]
    assert isinstance(scenario.law, LocalLaw)
    assert scenario.displacement is not None
    return scenario.law, scenario.displacement, notices


def refusal(small: Path, **how: bool) -> str:
    with pytest.raises(InputError) as raised:
        read(small, **how)  # type: ignore[arg-type]
    return str(raised.value)


AGES = "age,Default,Brea\n4,30,0\n40,50,10\n70,20,10\n"
GENDERS = "#gender,Default\nMale,1\nFemale,1\n"
FLOOD_SPAWN = (
    "flood_zone_spawning_only: True\nconflict_zone_spawning_only: False\ntake_from_population: True\n"
    "flood_driven_spawn_mode:\n  {key}: constant\n  displaced_per_flood_day: [0, 0.5, 1]"
)
LEVELS = "#Day, Alma, Brea\n" + "".join(f"{day},{day % 3},1\n" for day in range(60))


@pytest.mark.parametrize("name", ['"a\\0b"', "x" * 5000, "../../secret.csv", "/dev/null", "."])
def test_a_file_that_no_folder_can_hold_is_one_clear_error(small: Path, name: str):
    add_rules(small, top=f"conflict_input_file: {name}\n")
    assert "conflict_input_file" in refusal(small)


@pytest.mark.parametrize("number", ["9" * 400, "1e400", ".nan", "-.inf"])
def test_numbers_beyond_all_numbers_are_refused(small: Path, number: str):
    add_rules(small, f"pruning_threshold: {number}")
    assert "pruning_threshold" in refusal(small)


def test_demographics_become_shares_by_place(small: Path):
    add_rules(small, "ChildrenAvoidHazards: True\nWomenAvoidHazards: True")
    write(small, "demographics_age.csv", AGES)
    write(small, "demographics_gender.csv", GENDERS)
    write(small, "demographics_religion.csv", "religion,Default\nR,1\n")
    law, moved, notices = taken(small)
    assert law.children_avoid_hazards
    age, gender = moved.attributes
    assert (age.name, gender.name) == ("age", "gender")
    assert age.values == ("4", "40", "70")
    assert age.shares.tolist() == [[0.3, 0.5, 0.2], [0.0, 0.5, 0.5]]
    assert age.column[:3].tolist() == [0, 1, 0]
    assert gender.shares.tolist() == [[0.5, 0.5]]
    assert [n.file for n in notices] == ["input_csv/demographics_religion.csv"]
    assert any("Age or gender" in note for note in moved.notes)


@pytest.mark.parametrize("compat", [False, True])
def test_a_rule_without_its_demographics_is_one_clear_error(small: Path, compat: bool):
    add_rules(small, "MatchCampEthnicity: True\nBoysTakeRisk: True")
    said = refusal(small, compat=compat)
    assert "demographics_ethnicity.csv" in said
    assert "demographics_age.csv" in said
    assert "demographics_gender.csv" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("age,Alma\n4,1\n", "Default"),
        ("age,Default\n4,0\n40,0\n", "add up to 0"),
        ("age,Default\n4,-1\n40,2\n", "-1"),
        ("age,Default\n4,nan\n", "nan"),
        ("age,Default\nold,1\n", "old"),
        ("age,Default\n-3,1\n", "-3"),
        ("age,Default,Default\n3,1,1\n", "two columns"),
        ("age,Default\n", "header only"),
        ("", "no rows"),
        ("age,Default\n4," + "9" * 200_000 + "\n", "readable"),
        ("age,Default\n" + "".join(f"{k / 20},1\n" for k in range(1500)), "1500 values"),
    ],
)
def test_spoiled_demographics_are_one_error_with_place_and_mend(small: Path, text: str, said: str):
    add_rules(small, "ChildrenAvoidHazards: True")
    write(small, "demographics_age.csv", text)
    assert said in refusal(small)


def test_a_value_that_repeats_has_the_weight_of_all_its_rows(small: Path):
    add_rules(small, "ChildrenAvoidHazards: True", "read_from_agents_csv_file: True")
    write(small, "demographics_age.csv", "age,Default\n4,1\n40,2\n4.0,1\n")
    write(small, "agents.csv", LIST)
    _, moved, notices = taken(small)
    assert moved.attributes[0].values == ("4", "40", "70")
    assert moved.attributes[0].shares.tolist() == [[0.5, 0.5, 0.0]]
    assert any("repeat" in notice.found for notice in notices)


def test_columns_of_unknown_places_are_told_and_left_out(small: Path):
    add_rules(small, "ElderlyAvoidHazards: True")
    write(small, "demographics_age.csv", "age,Default,Atlantis\n4,1,1\n70,1,5\n")
    _, moved, notices = taken(small)
    assert moved.attributes[0].shares.tolist() == [[0.5, 0.5]]
    assert any("Atlantis" in notice.found for notice in notices)


@pytest.mark.parametrize("key", ["flood_spawn_mode", "spawn_mode"])
def test_floods_drive_departures_by_either_spelling(small: Path, key: str):
    add_rules(small, "flood_rules:\n  flood_movechances: [0, 0.5, 1]", FLOOD_SPAWN.format(key=key))
    write(small, "flood_level.csv", LEVELS)
    law, moved, notices = taken(small)
    assert (moved.driven_by, moved.departure_mode) == ("flood", "constant")
    assert moved.people_per_flood_day == (0.0, 0.5, 1.0)
    assert law.take_from_population
    assert law.flood_movechances == (0.0, 0.5, 1.0)
    assert moved.floods is not None
    assert moved.floods.on(2)[:3].tolist() == [2, 1, 0]
    assert any("not read" in n.found for n in notices if n.file.endswith("conflicts.csv"))
    _, flee, notices = taken(small, compat=True)
    expected = "constant" if key == "spawn_mode" else "pop_ratio"
    if key == "flood_spawn_mode":
        assert any("spawn_mode only" in n.mend for n in notices)
    assert flee.departure_mode == expected


def test_flee_reads_a_list_never_to_its_end_and_says_so_with_compat(small: Path):
    add_rules(small, "flood_rules:\n  flood_movechances: [0, 0.5, 1]", FLOOD_SPAWN.format(key="spawn_mode"))
    write(small, "flood_level.csv", LEVELS)
    assert not any("3 values" in n.found for n in taken(small)[2])
    assert any("Flee stops there" in n.mend for n in taken(small, compat=True)[2])
    write(small, "flood_level.csv", LEVELS.replace("2,2,1", "2,7,1"))
    assert any("levels up to 7" in n.found for n in taken(small)[2])


def test_levels_above_the_highest_that_is_named_count_as_that(small: Path):
    add_rules(small, "max_flood_level: 1\nflood_rules:\n  flood_loc_weights: [1, 0.5]")
    write(small, "flood_level.csv", LEVELS)
    _, moved, notices = taken(small)
    assert moved.floods is not None
    assert moved.floods.level.max() == 1
    assert any("max_flood_level" in n.expected for n in notices)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LEVELS.replace("4,1,1", "4,-1,1"), "-1"),
        (LEVELS.replace("4,1,1", "4,NaN,1"), "NaN"),
        (LEVELS.replace("4,1,1", "4,1e9,1"), "1e9"),
        (LEVELS.replace("\n4,1,1", ""), "day 5"),
        (LEVELS.replace("#Day, Alma, Brea\n", ""), "no header"),
        ("#Day,Alma,Alma\n0,1,1\n", "two columns"),
        ("#Day,Alma\n0,0\n1,0\n", "no flood"),
        ("#Day,Atlantis\n0,1\n", "no flood"),
        ("", "no rows"),
        (None, "no such file"),
    ],
)
def test_spoiled_flood_levels_are_one_error(small: Path, text: str | None, said: str):
    add_rules(small, spawn=FLOOD_SPAWN.format(key="flood_spawn_mode"))
    if text is not None:
        write(small, "flood_level.csv", text)
    assert said in refusal(small)


@pytest.mark.parametrize(
    "rules",
    [
        "flood_movechances: 0.5",
        "flood_movechances: [0.5, 2]",
        "flood_loc_weights: [-1]",
        "flood_loc_weights: [.nan]",
        "flood_loc_weights: []",
        "flood_movechances: [[1]]",
        "flood_forecaster: True\n  flood_forecaster_timescale: -3",
        "flood_forecaster: maybe",
        "flood_forecaster: True\n  flood_awareness_weights: [9]",
    ],
)
def test_spoiled_flood_rules_are_one_error(small: Path, rules: str):
    add_rules(small, f"flood_rules:\n  {rules}")
    assert "flood_" in refusal(small)


def test_both_kinds_of_zones_alone_is_refused_or_told(small: Path):
    add_rules(small, spawn="flood_zone_spawning_only: True\nconflict_zone_spawning_only: True")
    write(small, "flood_level.csv", LEVELS)
    assert "one of the two" in refusal(small)
    replace_in(small / "simsetting.yml", "  conflict_zone_spawning_only: True\n", "")
    law, moved, notices = taken(small)
    assert moved.driven_by == "flood"
    assert moved.people_per_flood_day == (0.0, 0.1, 0.2, 0.5, 0.9)
    assert law.take_from_population
    assert any("Flee stops" in n.mend for n in notices)


def test_a_forecast_ends_by_default_where_the_run_ends(small: Path):
    rules = (
        "flood_rules:\n  flood_movechances: [0, 1]\n  flood_forecaster: True\n  flood_forecaster_timescale: 5"
    )
    add_rules(small, rules)
    write(small, "flood_level.csv", LEVELS)
    law, moved, notices = taken(small)
    assert (law.flood_forecast_days, law.flood_forecast_end_day) == (5, 55)
    assert moved.attributes == ()
    assert any("fully" in n.mend for n in notices)  # nobody said how aware people are
    assert taken(small, compat=True)[0].flood_forecast_end_day == 0


def test_flood_zones_are_places_like_towns(small: Path):
    replace_in(small / "input_csv/locations.csv", "20.8,town", "20.8,flood_zone")
    moved = taken(small)[1]
    assert (moved.roles == FLOOD_ZONE).sum() == 1


IPC = "#Day,North,South\n0,10,0\n30,50.5,0\n"


def test_hunger_is_read_by_region(small: Path):
    add_rules(small, "flee_when_starving: True", "starvation_driven_spawning: True")
    write(small, "region_attributes_IPC.csv", IPC)
    law, moved, notices = taken(small)
    assert law.flee_when_starving
    assert law.starvation_driven_spawning
    assert moved.hunger is not None
    assert moved.hunger.on(30)[0] == pytest.approx(0.505)
    assert moved.hunger.on(15)[0] == pytest.approx(0.3025)
    told = " ".join(n.found + n.mend for n in notices)
    assert "days 0 to 30" in told
    assert "regions without a column" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (IPC.replace("50.5", "101"), "101"),
        (IPC.replace("50.5", "nan"), "nan"),
        (IPC.replace("50.5", ""), "a number"),
        (IPC.replace("\n30,", "\n0,"), "a day after 0"),
        (IPC.replace("#Day,North,South\n", ""), "no header"),
        (IPC.replace("South", "North"), "two columns"),
        ("#Day\n0\n30\n", "no region"),
        (None, "no such file"),
    ],
)
def test_spoiled_hunger_is_one_error(small: Path, text: str | None, said: str):
    add_rules(small, "avoid_food_deprived_locations: True")
    if text is not None:
        write(small, "region_attributes_IPC.csv", text)
    assert said in refusal(small)


def with_columns(small: Path, header: str, values: str) -> None:
    path = small / "input_csv/locations.csv"
    lines = path.read_text().splitlines()
    wide = lines[0].count(",")
    rows = [line + "," * (wide - line.count(",")) for line in lines]
    path.write_text("\n".join([rows[0] + header, *(row + values for row in rows[1:])]) + "\n")


def test_further_columns_of_locations_count_where_a_rule_asks(small: Path):
    columns = ",farmer_fraction,trade_volume,hdi,deactivation_probability"
    with_columns(small, columns, ",0.25,0.5,0.5,0.75")
    assert sum("a column that needs" in n.found for n in taken(small)[2]) == 4
    add_rules(small, "harvest_months: [6, 11]\nuse_economic_pull: True", "camps_are_sinks: True")
    law, moved, notices = taken(small)
    assert law.harvest_months == (6, 11)
    assert moved.farmers is not None
    assert moved.farmers[0] == 0.25
    assert moved.pull is not None
    assert moved.pull[0] == 0.75
    assert moved.sinks is not None
    assert moved.sinks[[0, 6]].tolist() == [0.0, 0.75]
    assert notices == ()
    told = taken(small, compat=True)[2]
    assert any("camps_are_sinks" in str(n.column) and "no effect" in n.mend for n in told)


@pytest.mark.parametrize("months", ["[0]", "[13]", "[1.5]", "june", "[[1]]", "{1: 2}"])
def test_months_are_months(small: Path, months: str):
    add_rules(small, f"harvest_months: {months}")
    assert "harvest_months" in refusal(small)


@pytest.mark.parametrize("column", ["farmer_fraction", "deactivation_probability"])
def test_shares_of_places_lie_between_0_and_1(small: Path, column: str):
    with_columns(small, f",{column}", ",1.5")
    add_rules(small, "harvest_months: [6]", "camps_are_sinks: True")
    assert column in refusal(small)


def test_fixed_routes_and_the_ways_that_everybody_knows(small: Path):
    write(small, "major_routes.csv", "Alma,Brea\n")
    assert any("fixed_routes" in n.mend for n in taken(small)[2])
    add_rules(small, "fixed_routes: True")
    law, moved, _ = taken(small)
    assert law.fixed_routes
    assert moved.major_routes == ((0, 1),)
    write(small, "major_routes.csv", "Alma,Atlantis\nAlma\nAlma,Brea,Alma\nAlma,East_Camp\n")
    said = refusal(small)
    assert "Atlantis" in said
    assert "no road from 'Alma' to 'East_Camp'" in said
    assert said.count("major_routes.csv") == 4


def test_places_change_their_type_where_the_documentation_or_the_code_looks(small: Path):
    write(small, "location_changes.csv", "#name,type,day\nBrea,idpcamp,10\nAtlantis,town,5\n")
    _, moved, notices = taken(small)
    assert [(c.place, c.role, c.day) for c in moved.role_changes] == [(1, IDP_CAMP, 10)]
    assert any("Atlantis" in n.found for n in notices)
    assert taken(small, compat=True)[1].role_changes == ()
    (small / "location_changes.csv").write_text("Brea,town,3\n")
    assert [c.role for c in taken(small, compat=True)[1].role_changes] == [TOWN]
    write(small, "location_changes.csv", "Brea,castle,10\nBrea,town\nBrea,town,-4\n")
    assert refusal(small).count("location_changes.csv") == 3


def test_a_place_that_becomes_a_conflict_zone_is_in_conflict_from_then_on(small: Path):
    write(small, "location_changes.csv", "Brea,conflict_zone,50\n")
    moved = taken(small)[1]
    before = moved.conflict[49, 1]
    assert before == 0.0
    assert (moved.conflict[50:, 1] == 1.0).all()
    assert (moved.conflict_since[50:, 1] == 50).all()


LIST = "location,age,gender,name,phone\nBrea,4,female,Somebody,555\nBrea,4,female,Other,556\nAlma,70,,X,1\n"


def test_a_list_of_people_becomes_counts_and_nothing_else_of_it_is_kept(small: Path):
    add_rules(small, "ChildrenAvoidHazards: True", "read_from_agents_csv_file: True")
    write(small, "demographics_age.csv", AGES)
    write(small, "agents.csv", LIST)
    scenario, notices = read(small)
    listed = scenario.displacement.listed  # type: ignore[union-attr]
    assert listed is not None
    assert listed.place.tolist() == [0, 1]
    assert listed.values.tolist() == [[2], [0]]
    assert listed.people.tolist() == [1, 2]
    everything = repr(scenario) + repr(notices)
    for private in ("Somebody", "555", "female"):
        assert private not in everything


def test_a_list_that_is_spoiled_is_one_error_that_repeats_nothing_of_it(small: Path):
    add_rules(small, "ChildrenAvoidHazards: True", "read_from_agents_csv_file: True")
    write(small, "demographics_age.csv", AGES)
    write(small, "agents.csv", LIST + "Maria Perez,9,male,Y,2\nBrea,born 1990,male,Z,3\n")
    said = refusal(small)
    assert "row 5" in said
    assert "row 6" in said
    assert "Maria" not in said
    assert "1990" not in said
    (small / "input_csv/agents.csv").unlink()
    assert "agents.csv" in refusal(small)


def test_a_list_may_bring_the_traits_that_no_other_file_has(small: Path):
    add_rules(small, "ChildrenAvoidHazards: True", "read_from_agents_csv_file: True")
    write(small, "agents.csv", LIST)
    moved = taken(small)[1]
    assert moved.attributes[0].values == ("4", "70")
    assert not moved.attributes[0].shares.any()


def test_files_that_the_settings_name_are_read_if_they_lie_in_the_folder(small: Path):
    other = (small / "input_csv/conflicts.csv").read_text().replace("\n5,1,0,0\n", "\n5,0.25,0,0\n")
    write(small, "other.csv", other)
    add_rules(small, top="conflict_input_file: other.csv\nnumber_of_steps: 20\n")
    scenario, notices = read(small)
    assert scenario.days == 20
    assert scenario.displacement.conflict[5, 0] == 0.25  # type: ignore[union-attr]
    assert any("20 days" in n.found for n in notices)
    flee, notices = read(small, compat=True)
    assert flee.days == 60
    assert flee.displacement.conflict[5, 0] == 1.0  # type: ignore[union-attr]
    assert sum("do not use it" in n.mend for n in notices) == 2
    for outside in ("../other.csv", "/etc/hostname", "nowhere.csv"):
        replace_in(small / "simsetting.yml", "conflict_input_file: ", f"conflict_input_file: {outside} # ")
        assert "conflict_input_file" in refusal(small)
        replace_in(small / "simsetting.yml", f"conflict_input_file: {outside} # ", "conflict_input_file: ")


def test_two_systems_of_thinking_have_no_effect_and_that_is_told(small: Path):
    add_rules(small, "two_system_decision_making: True", "average_social_connectivity: 5.0")
    for compat in (False, True):
        notices = taken(small, compat=compat)[2]
        assert any("two_system" in str(n.column) and "no effect" in n.mend for n in notices)


def test_an_intensity_for_all_conflict_zones_that_no_file_names(small: Path):
    conflicts = small / "input_csv/conflicts.csv"
    lines = conflicts.read_text().splitlines()
    conflicts.write_text("\n".join(",".join(line.split(",")[:2]) for line in lines))
    add_rules(small, top="default_conflict_intensity: 0.5\n")
    assert set(np.unique(taken(small)[1].conflict[:, 1])) == {0.0, 0.5}


def test_a_series_of_no_camp_is_told_once_where_floods_drive_departures(small: Path):
    add_rules(small, spawn=FLOOD_SPAWN.format(key="flood_spawn_mode"))
    write(small, "flood_level.csv", LEVELS)
    layout = small / "source_data/data_layout.csv"
    layout.write_text(layout.read_text() + "\nAlma,total.csv\nBrea,total.csv\nNowhere,total.csv\n")
    told = [n for n in taken(small)[2] if n.file.endswith("data_layout.csv")]
    assert len(told) == 1
    assert "3 rows" in told[0].found


EVERYTHING = {
    "demographics_age.csv": AGES,
    "demographics_gender.csv": GENDERS,
    "demographics_ethnicity.csv": "ethnicity,Default\nP,1\nQ,3\n",
    "demographics_floodawareness.csv": "floodawareness,Default,Alma\n0,1,0\n1.0,1,1\n",
    "region_attributes_IPC.csv": IPC,
    "flood_level.csv": LEVELS,
    "location_changes.csv": "Brea,idpcamp,10\n",
    "major_routes.csv": "Alma,Brea\n",
    "agents.csv": LIST,
}


def with_everything(small: Path) -> None:
    """Switch every rule on at once."""
    for name, text in EVERYTHING.items():
        write(small, name, text)
    add_rules(
        small,
        "ChildrenAvoidHazards: True\nWomenAvoidHazards: True\nMatchTownEthnicity: True\nfixed_routes: True\n"
        "flee_when_starving: True\nharvest_months: [4]\nuse_economic_pull: True\n"
        "flood_rules:\n  flood_movechances: [0, 0.5, 1]\n  flood_forecaster: True\n"
        "  flood_forecaster_timescale: 3\n  flood_awareness_weights: [0, 1]",
        "read_from_agents_csv_file: True\ncamps_are_sinks: True\nstarvation_driven_spawning: True",
    )


@pytest.mark.parametrize("compat", [False, True])
def test_all_rules_together_make_one_timetable(small: Path, compat: bool):
    with_everything(small)
    scenario, _ = read(small, compat=compat)
    timetable = timetable_of(scenario)
    assert timetable.kinds == 8  # two ways to see danger, two groups, two kinds of heed
    assert timetable.kind_share.sum(axis=1) == pytest.approx(1.0)
    for day in (0, 9, 31, 59):
        counts = np.ones((8, len(timetable.population)), dtype=np.int64)
        assert np.isfinite(timetable.scores(day, counts)).all()
        chances = timetable.chances(day)
        assert ((chances >= 0) & (chances <= 1)).all()
    assert timetable.still(31).all()  # April


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    file=st.sampled_from([*EVERYTHING, "../simsetting.yml"]),
    at=st.floats(0, 1),
    junk=st.sampled_from([",", "\n", "NaN", '"', "-", "#", "1e999", ";", "\r", "é", ":", "[", "0,0,0,0,0,0"]),
)
def test_junk_anywhere_gives_a_timetable_or_a_clear_error(small: Path, file: str, at: float, junk: str):
    if not (small / "input_csv/agents.csv").exists():
        with_everything(small)
    path = small / "input_csv" / file
    text = path.read_text()
    cut = int(at * len(text))
    path.write_text(text[:cut] + junk + text[cut:])
    try:
        timetable_of(read(small)[0])
    except (InputError, ModelError) as error:
        said = str(error)
    else:
        said = "it was read"
    finally:
        path.write_text(text)
    assert said
