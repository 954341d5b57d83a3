import logging
from pathlib import Path

import pytest

from safepassage.core.errors import InputError
from safepassage.workflows.check import check
from safepassage.workflows.load import load, load_with_notices
from safepassage.workflows.new import NewCaravan, new
from safepassage.workflows.scenarios import networks, scenarios


def test_a_built_in_is_loaded_by_its_name() -> None:
    assert load("honduras-2018-10").name == "honduras-2018-10"


def test_the_list_names_every_built_in_with_both_titles() -> None:
    listed = scenarios()
    assert "honduras-2018-10" in [row.name for row in listed]
    assert all(row.title_es and row.title_en and row.network == "mesoamerica" for row in listed)
    assert networks() == ("mesoamerica",)


@pytest.mark.parametrize("name", ["honduras-2018", "honduras_2018_10", "Honduras"])
def test_an_unknown_name_gets_a_suggestion(name: str) -> None:
    with pytest.raises(InputError, match="honduras-2018-10"):
        load(name)


@pytest.mark.parametrize("name", ["", "no such thing", "x" * 5000, "a/b/c", "\x00", "~nobody/x"])
def test_a_name_that_is_nothing_is_the_users_fault(name: str) -> None:
    with pytest.raises(InputError):
        load(name)


def test_notices_of_a_folder_go_to_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    from datetime import date

    path = new(NewCaravan("mine", date(2020, 5, 20), "500-900", origin="Tapachula"))
    (path / "notes.csv").write_text("x\n")
    with caplog.at_level(logging.WARNING):
        assert load("mine").name == "mine"
    assert "notes.csv" in caplog.text
    assert [notice.file for notice in load_with_notices(path)[1]] == ["notes.csv"]


def test_check_counts_what_is_in_a_scenario() -> None:
    checked = check("honduras-2018-10")
    assert checked.notices == ()
    assert checked.counts["places"] == 150
    assert checked.counts["groups"] == 1
    assert checked.counts["reports"] > 100


def test_check_gives_every_fault_at_once(tmp_path: Path) -> None:
    from datetime import date

    path = new(NewCaravan("mine", date(2020, 5, 20), "500-900", origin="Tapachula"), parent=tmp_path)
    (path / "groups.csv").write_text((path / "groups.csv").read_text().replace("500,900", "-500,nan"))
    (path / "priors.csv").write_bytes(b"")
    with pytest.raises(InputError) as caught:
        check(path)
    assert {fault.file for fault in caught.value.faults} == {"groups.csv", "priors.csv"}
    assert len(caught.value.faults) == 3
