"""The command: an article is shown, kept for review, and kept once."""

import json
from pathlib import Path

import pytest

from safepassage.cli.main import status

ARTICLE = (
    "HUIXTLA, Chiapas, 23 de octubre de 2018.- La caravana llegó la noche del lunes a Huixtla con unas 7.000 "
    "personas, según la ONU. El contingente saldrá el miércoles a las 4 de la mañana rumbo a Mapastepec."
)


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert status(["new", "case", "--copy", "tapachula-2021-10"]) == 0
    (tmp_path / "news.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert status(["report", *words]) == 0
    return capsys.readouterr().out


def test_proposals_wait_for_review_and_are_kept_once(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = told(capsys, "read", "news.txt", "--scenario", "case")
    assert "Huixtla: position / posición, about / unos 7,000 (agency)" in first
    assert "2 new / nuevos" in first
    assert "0 new / nuevos, 2 known" in told(capsys, "read", "news.txt", "--scenario", "case")
    kept = json.loads(told(capsys, "list", "--scenario", "case", "--json"))["reports"]
    assert {row["status"] for row in kept} == {"proposed"}
    assert {row["kind"] for row in kept} == {"position", "next_stop"}
    assert {row["hour"] for row in kept} == {None, 4}


def test_nothing_is_kept_where_it_is_not_asked_for(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "read", "news.txt", "--scenario", "case", "--no-store")
    assert json.loads(told(capsys, "list", "--scenario", "case", "--json"))["reports"] == []
    said = json.loads(told(capsys, "read", "news.txt", "--json"))
    assert [row["place"] for row in said["proposals"]] == ["huixtla", "mapastepec"]
    assert said["published"] == "2018-10-23"


def test_a_builtin_is_read_for_and_not_stored_in(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Huixtla" in told(capsys, "read", "news.txt", "--scenario", "honduras-2018-10")


def test_what_is_no_article_is_an_input_error(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (case / "picture.png").write_bytes(b"\x89PNG\r\n" + bytes(range(256)) * 10)
    for name in ("picture.png", "nowhere.txt", "case"):
        assert status(["report", "read", name]) == 2
    assert "Traceback" not in capsys.readouterr().err
