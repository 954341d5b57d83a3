"""`safepassage replay` run in-process: what it writes and says, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safepassage.cli.main import status

SMALL = ["replay", "honduras-2018-10", "--until", "2018-10-15", "--members", "10", "--evenings", "2"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_replay_is_written_checked_and_not_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    assert status([*SMALL, "--seed", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["evenings"] == 2
    assert told["not_for_publication"] is True
    assert {row["what"] for row in told["scores"]} == {"position", "size"}
    assert Path(told["paths"]["page"]).is_file()
    assert status(["replay", "--check", "replay", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "lines": 4,
        "head_sha256": told["head_sha256"],
        "whole": True,
    }
    assert status([*SMALL, "--seed", "3"]) == 2
    assert "--resume" in capsys.readouterr().err
    assert status([*SMALL, "--seed", "3", "--resume"]) == 0
    said = capsys.readouterr().out
    assert "last position" in said
    assert told["head_sha256"] in said
    assert status(["replay", "--check", "replay"]) == 0
    assert "4 lines hold" in capsys.readouterr().out
    chain = Path("replay/replay.jsonl")
    chain.write_bytes(chain.read_bytes().replace(b'"members":10', b'"members":99'))
    assert status(["replay", "--check", "replay"]) == 2
    assert "The chain does not hold" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["replay"], "--check DIR"),
        (["replay", "honduras-2018-1"], "honduras-2018-10"),
        (["replay", "honduras-2018-10", "--evenings", "few"], "--evenings"),
        (["replay", "honduras-2018-10", "--members", "0"], "members"),
        (["replay", "honduras-2018-10", "--articles", "nowhere"], "a folder of articles"),
        (["replay", "honduras-2018-10", "--until", "2018-10-01"], "--until"),
        (["replay", "--check", "nowhere"], "no replay.jsonl"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(arguments) == 2
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told
    assert not Path("replay").exists()


def test_a_file_in_the_place_of_out_is_told_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("x", encoding="utf-8")
    assert status(["replay", "honduras-2018-10", "--out", str(taken)]) == 2
    told = capsys.readouterr().err
    assert str(taken) in told
    assert "a place to write to. To mend:" in told
