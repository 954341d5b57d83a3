"""Lessons go to files and come back; broken files are told, never guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safepassage.adapters.learned import read_lessons, shipped, write_lessons
from safepassage.core.errors import InputError
from safepassage.core.learned import FAMILIES, LearnedCase, Lesson
from safepassage.core.scenario import Prior

LESSON = Lesson(
    family="stocks",
    method="by hand",
    cases=(LearnedCase("0123456789abcdef", "somewhere", 12),),
    priors=(Prior("x", "lognormal", 0.5, 2.0, "why", "whence"), Prior("y", "fixed", 3.0, 3.0, "", "")),
    without={"0123456789abcdef": (Prior("x", "uniform", 0.0, 1.0, "", ""),)},
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write_lessons(tmp_path, [LESSON])
    assert read_lessons(tmp_path) == {"stocks": LESSON}


@pytest.mark.parametrize("wrong", ["", "[]", "{}", '{"family": "stocks"}', "[" * 100_000, "\x00"])
def test_a_broken_file_is_told(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "law.json").write_text(wrong, encoding="utf-8")
    with pytest.raises(InputError, match=r"law\.json.*calibrate"):
        read_lessons(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"shape": "triangle"},
        {"low": 3.0},
        {"low": float("nan")},
        {"high": float("inf")},
        {"low": "many"},
        {"low": -1.0},
        {"high": 10**400},
    ],
)
def test_a_prior_that_cannot_be_is_told(tmp_path: Path, change: dict[str, object]) -> None:
    path = write_lessons(tmp_path, [LESSON])["stocks"]
    told = json.loads(path.read_text(encoding="utf-8"))
    told["priors"][0] |= change
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(InputError, match=r"stocks\.json"):
        read_lessons(tmp_path)


def test_a_file_of_another_family_is_told(tmp_path: Path) -> None:
    write_lessons(tmp_path, [LESSON])["stocks"].rename(tmp_path / "law.json")
    with pytest.raises(InputError, match=r"law\.json.*lessons of stocks"):
        read_lessons(tmp_path)


def test_a_folder_without_lessons_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no lessons"):
        read_lessons(tmp_path / "nowhere")


def test_what_ships_leaves_every_case_out_in_turn() -> None:
    for family, lesson in shipped().items():
        assert family in FAMILIES
        assert lesson.method
        assert set(lesson.without) == {case.key for case in lesson.cases}
        for priors in lesson.without.values():
            assert {one.name for one in priors} == {one.name for one in lesson.priors}


def test_what_no_caravan_can_be_is_told(tmp_path: Path) -> None:
    wild = Lesson("caravans", "by hand", (), (Prior("ride_chance", "uniform", 5.0, 9.0, "", ""),))
    write_lessons(tmp_path, [wild])
    with pytest.raises(InputError, match="ride_chance from 5 to 9"):
        read_lessons(tmp_path)
    write_lessons(tmp_path, [Lesson("caravans", "by hand", (), (Prior("wings", "uniform", 0, 1, "", ""),))])
    with pytest.raises(InputError, match="wings"):
        read_lessons(tmp_path)
