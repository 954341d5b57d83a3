"""The commands that list, check and make scenarios, run in-process with their exit statuses."""

import json
from pathlib import Path

import pytest

from safepassage.cli.main import status

NEW = ["new", "mine", "--network", "mesoamerica", "--from", "San Pedro Sula", "--departs", "2018-10-13"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_new_folder_passes_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert status([*NEW, "--size", "1000-2000", "--to", "Tijuana", "--to", "ciudad juarez"]) == 0
    assert status(["check", "mine"]) == 0
    assert "mine: OK" in capsys.readouterr().out


def test_a_caravan_on_its_way_needs_no_date() -> None:
    assert status(["new", "mine", "--at", "Huixtla", "--size", "5000"]) == 0
    assert status(["check", "./mine"]) == 0


def test_the_built_ins_are_listed_as_text_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["scenarios"]) == 0
    assert "honduras-2018-10" in capsys.readouterr().out
    assert status(["scenarios", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert "honduras-2018-10" in [row["name"] for row in listed["scenarios"]]
    assert listed["networks"] == ["mesoamerica"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "nothing-there"],
        ["check", "."],
        ["check"],
        ["check", "a", "b"],
        [*NEW],
        [*NEW, "--size", "many"],
        [*NEW[:-1], "13/10/2018", "--size", "5"],
        ["new", "mine", "--from", "Tegucigalpa", "--size", "5"],
        ["new", "mine", "--from", "Escuintla", "--departs", "2018-10-13", "--size", "5"],
        ["new", "../mine", "--at", "Huixtla", "--size", "5"],
        ["news", "mine"],
    ],
)
def test_a_users_mistake_is_status_2_with_a_message_and_no_traceback(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(arguments) == 2
    told = capsys.readouterr()
    assert told.err
    assert "Traceback" not in told.err
    assert not Path("mine").exists()


def test_check_lists_file_row_column_found_expected_and_how_to_mend(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status([*NEW, "--size", "1000-2000"])
    groups = Path("mine/groups.csv")
    groups.write_text(groups.read_text(encoding="utf-8").replace(",1000,", ",-5,"), encoding="utf-8")
    assert status(["check", "mine"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "groups.csv, row 2, column 'people_low': found '-5'; expected a number" in told
    assert "To mend:" in told


def test_notices_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    status([*NEW, "--size", "1000-2000"])
    groups = Path("mine/groups.csv")
    groups.write_bytes(b"\xef\xbb\xbf" + groups.read_bytes())
    capsys.readouterr()
    assert status(["check", "mine"]) == 0
    told = capsys.readouterr()
    assert "byte order mark" in told.err
    assert "byte order mark" not in told.out
