"""Spoiled Flee folders: one clear error that names every fault, or a notice, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safepassage.adapters.flee import read
from safepassage.core.errors import InputError

INPUT = "input_csv/"
SPOILED = {
    "latitude 200": (INPUT + "locations.csv", "Alma,North,Homeland,10.0", "Alma,North,Homeland,200", "gps_x"),
    "NaN": (INPUT + "locations.csv", "10.4,20.5", "nan,20.5", "gps_x"),
    "1e308 people": (INPUT + "locations.csv", "40000", "1e308", "population"),
    "negative people": (INPUT + "locations.csv", ",,8000", ",,-8000", "population"),
    "the same name twice": (INPUT + "locations.csv", "Brea,North", "Alma,North", "name"),
    "an unknown type": (INPUT + "locations.csv", "20.8,town", "20.8,castle", "location_type"),
    "a missing column": (INPUT + "locations.csv", ",town,,8000", ",town", "columns"),
    "a negative road": (INPUT + "routes.csv", "Alma,Brea,75", "Alma,Brea,-75", "distance"),
    "a road to nowhere": (INPUT + "routes.csv", "Alma,Brea,75", "Alma,Atlantis,75", "Atlantis"),
    "a road of infinite length": (INPUT + "routes.csv", "Alma,Brea,75", "Alma,Brea,inf", "distance"),
    "a road to itself": (INPUT + "routes.csv", "Alma,Brea,75", "Alma,Alma,75", "itself"),
    "days out of step": (INPUT + "conflicts.csv", "\n7,1,0,0", "\n9,1,0,0", "day 9"),
    "a negative intensity": (INPUT + "conflicts.csv", "\n7,1,0,0", "\n7,-1,0,0", "conflicts"),
    "a date that is none": (INPUT + "sim_period.csv", "2020-03-01", "2020-02-30", "StartDate"),
    "no days": (INPUT + "sim_period.csv", "Length,60", "Length,0", "Length"),
    "no length": (INPUT + "sim_period.csv", "Length,60", "", "length"),
    "an end before the start": (INPUT + "closures.csv", ",8,20", ",20,8", "day 20"),
    "a closure of no kind": (INPUT + "closures.csv", "camp,East", "volcano,East", "volcano"),
    "a negative count": ("source_data/west.csv", ",330", ",-330", "count"),
    "a count that is a word": ("source_data/west.csv", ",330", ",many", "many"),
    "a date the other way": ("source_data/west.csv", "2020-03-26", "26/03/2020", "26/03/2020"),
    "a file outside the folder": ("source_data/data_layout.csv", "west.csv", "../../west.csv", "inside"),
    "a file that is not there": ("source_data/data_layout.csv", "west.csv", "best.csv", "best.csv"),
    "a chance of two": (
        "simsetting.yml",
        "default_movechance: 0.4",
        "default_movechance: 2",
        "default_movechance",
    ),
    "a speed that is none": (
        "simsetting.yml",
        "max_move_speed: 120.0",
        "max_move_speed: .nan",
        "max_move_speed",
    ),
    "broken YAML": ("simsetting.yml", "move_rules:", "move_rules: [", "YAML"),
    "YAML without sections": (
        "simsetting.yml",
        "optimisations:\n  hasten: 1",
        "optimisations: 3",
        "optimisations",
    ),
    "hasten 0": ("simsetting.yml", "hasten: 1", "hasten: 0", "hasten"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_each_fault_gives_one_error_that_says_where_it_is(small: Path, name: str):
    file, old, new, said = SPOILED[name]
    path = small / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(InputError) as raised:
        read(small)
    assert said in str(raised.value)
    assert "To mend" in str(raised.value)


@pytest.mark.parametrize(
    "file",
    [
        "input_csv/locations.csv",
        "input_csv/routes.csv",
        "input_csv/conflicts.csv",
        "input_csv/sim_period.csv",
        "source_data/data_layout.csv",
        "source_data/west.csv",
    ],
)
@pytest.mark.parametrize("content", [None, b"", b"#name\n", b"\x00\x01\x02\xff", b"\xff\xfe\x00"])
def test_missing_empty_and_binary_files_give_one_error(small: Path, file: str, content: bytes | None):
    path = small / file
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        read(small)
    assert Path(file).name in str(raised.value)


@pytest.mark.parametrize("file", ["input_csv/closures.csv", "input_csv/registration_corrections.csv"])
def test_optional_files_may_be_missing_or_empty(small: Path, file: str):
    (small / file).write_text("")
    read(small)
    (small / file).unlink()
    read(small)


def test_all_faults_come_in_one_error(small: Path):
    for name in ("a negative road", "days out of step", "a negative count", "a closure of no kind"):
        file, old, new, _ = SPOILED[name]
        (small / file).write_text((small / file).read_text().replace(old, new))
    with pytest.raises(InputError) as raised:
        read(small)
    assert len(raised.value.faults) == 4


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    file=st.sampled_from(["locations.csv", "routes.csv", "conflicts.csv", "closures.csv", "sim_period.csv"]),
    at=st.floats(0, 1),
    junk=st.sampled_from([",", "\n", "NaN", '"', "-", "#", "1e999", ";", "\r", "é", "0,0,0,0,0,0,0,0,0"]),
)
def test_junk_anywhere_gives_a_scenario_or_an_input_error(small: Path, file: str, at: float, junk: str):
    path = small / "input_csv" / file
    text = path.read_text()
    cut = int(at * len(text))
    path.write_text(text[:cut] + junk + text[cut:])
    try:
        read(small)
    except InputError as error:
        faults = error.faults
    else:
        faults = (None,)  # type: ignore[assignment]
    path.write_text(text)
    assert faults


def test_a_faulty_place_is_one_fault_under_the_header_s_own_column(small: Path):
    path = small / "input_csv/locations.csv"
    text = path.read_text().replace("gps_x,gps_y", "latitude,longitude")
    path.write_text(text.replace("Brea,North,Homeland,10.4", "Brea,North,Homeland,ten"))
    with pytest.raises(InputError) as raised:
        read(small)
    (fault,) = raised.value.faults
    assert (fault.file, fault.row, fault.column) == ("input_csv/locations.csv", 3, "latitude")


UNFOLDING = "b0: &b0 [x, x]\n" + "".join(f"b{k + 1}: &b{k + 1} [*b{k}, *b{k}]\n" for k in range(60))


@pytest.mark.parametrize(
    "text", [UNFOLDING + "move_rules:\n  max_move_speed: *b60\n", "move_rules: &m\n  awareness_level: *m\n"]
)
def test_settings_whose_aliases_unfold_without_end_are_refused(small: Path, text: str) -> None:
    (small / "simsetting.yml").write_text(text)
    with pytest.raises(InputError, match="unfold"):
        read(small)
