"""The program ends as it says: 0 done, 2 your input, 1 our fault, 130 interrupted; nothing is half done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from safepassage.cli.main import status

PROGRAM = str(Path(sys.executable).parent / "safepassage")
QUICK = ["--members", "20", "--days", "3"]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("SAFEPASSAGE_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    "words",
    [["--version"], ["--help"], ["forecast", "--help"], ["scenarios"], ["check", "honduras-2018-10"]],
    ids=" ".join,
)
def test_what_can_be_done_ends_with_0(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert status(words) == 0
    assert capsys.readouterr().out.strip()


def test_a_forecast_ends_with_0_and_prints_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["forecast", *QUICK, "--json", "--out", "here"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["members"] == 20
    assert all(Path(path).is_file() for path in summary["paths"].values())


def test_a_shared_forecast_writes_nothing_but_the_shareable_form(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert status(["forecast", "--members", "20", "--share", "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert not Path("forecast").exists()
    assert sorted(path.name for path in Path("forecast-to-share").rglob("*")) == [
        "share.csv",
        "share.html",
        "share.json",
    ]
    assert "seed" not in summary
    assert not any("nights" in key or "place" in key for key in summary)


BAD_INPUT: dict[str, list[str]] = {
    "no such scenario": ["forecast", "no-such-caravan"],
    "a folder that is not there": ["forecast", "./nowhere"],
    "an empty folder": ["forecast", "empty"],
    "a file in place of a folder": ["forecast", "a-file"],
    "a name with brackets": ["forecast", "[/bold]"],
    "no name": ["forecast", ""],
    "no members": ["forecast", "--members", "0"],
    "members in words": ["forecast", "--members", "many"],
    "more members than fit": ["forecast", "--members", "99999999999"],
    "a negative seed": ["forecast", "--seed", "-1"],
    "a seed that does not fit": ["forecast", "--seed", str(2**64)],
    "no days": ["forecast", "--days", "0"],
    "too many days": ["forecast", "--days", "1000000"],
    "a date that is none": ["forecast", "--as-of", "2018-02-30"],
    "a date before anything": ["forecast", "--as-of", "0001-01-01"],
    "a date after everything": ["forecast", "--as-of", "9999-12-31"],
    "shared after everything": ["forecast", "--as-of", "9999-12-31", "--share"],
    "a date in another century": ["forecast", "--as-of", "2100-01-01"],
    "a kernel that is none": ["forecast", "--engine", "magic"],
    "an unknown option": ["forecast", "--fast"],
    "an unknown command": ["foretell"],
    "a file in the way of the outputs": ["forecast", *QUICK, "--out", "a-file"],
    "outputs inside a file": ["forecast", *QUICK, "--out", "a-file/deeper"],
    "shared before anything was known": ["forecast", "--share", "--as-of", "2018-10-13"],
    "shared in the first century": ["forecast", "--members", "20", "--share", "--as-of", "0001-01-03"],
    "checking nothing": ["check"],
    "checking what is not there": ["check", "nowhere"],
    "checking an empty folder": ["check", "empty"],
    "checking a file": ["check", "a-file"],
    "a caravan without a size": ["new", "c", "--from", "Tijuana", "--departs", "2026-03-01"],
    "a size that is none": ["new", "c", "--from", "Tijuana", "--departs", "2026-03-01", "--size", "some"],
    "a size upside down": ["new", "c", "--from", "Tijuana", "--departs", "2026-03-01", "--size", "9-1"],
    "a negative size": ["new", "c", "--from", "Tijuana", "--departs", "2026-03-01", "--size=-9-1"],
    "an endless size": ["new", "c", "--from", "Tijuana", "--departs", "2026-03-01", "--size", "1-1e308"],
    "a town nobody knows": ["new", "c", "--from", "Atlantis", "--departs", "2026-03-01", "--size", "1-9"],
    "neither from nor at": ["new", "c", "--departs", "2026-03-01", "--size", "1-9"],
    "a name that is a path": ["new", "../c", "--at", "Huixtla", "--departs", "2026-03-01", "--size", "1-9"],
    "a folder that is there": ["new", "empty", "--at", "Huixtla", "--departs", "2026-03-01", "--size", "1-9"],
    "no such network": [
        "new",
        "c",
        "--network",
        "moon",
        "--at",
        "A",
        "--departs",
        "2026-03-01",
        "--size",
        "1-9",
    ],
    "verifying nothing": ["verify"],
    "verifying what is not there": ["verify", "nowhere"],
    "verifying an empty folder": ["verify", "empty"],
}


@pytest.mark.parametrize("words", BAD_INPUT.values(), ids=BAD_INPUT.keys())
def test_bad_input_ends_with_2_and_one_message(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    Path("empty/notes.md").write_text("a folder with something in it", encoding="utf-8")
    Path("a-file").write_bytes(b"\x00\xff\xfe")
    found = status(words)
    said = capsys.readouterr()
    assert found == 2, said.err
    assert "Traceback" not in said.err
    assert said.err.strip()
    assert said.out == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[forecast]\nmembers = 'many'", "members"),
        ("[forecast]\ncolour = 'blue'", "colour"),
        ("forecast = 3", "forecast"),
        ("[forecast", "safepassage.toml"),
    ],
)
def test_bad_settings_end_with_2(content: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("safepassage.toml").write_text(content, encoding="utf-8")
    assert status(["forecast"]) == 2
    assert words in capsys.readouterr().err


def test_a_bad_environment_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAFEPASSAGE_MEMBERS", "many")
    assert status(["forecast"]) == 2
    assert "members" in capsys.readouterr().err


def test_our_fault_ends_with_1_and_no_traceback_unasked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from safepassage.workflows import scenarios

    def broken(*_: object, **__: object) -> None:
        message = "the sky fell"
        raise RuntimeError(message)

    for name in [name for name in vars(scenarios) if callable(getattr(scenarios, name))]:
        monkeypatch.setattr(scenarios, name, broken)
    assert status(["scenarios"]) == 1
    said = capsys.readouterr().err
    assert "the sky fell" in said
    assert "Traceback" not in said


def loaded_by(code: str) -> set[str]:
    """Give the modules that a fresh Python has loaded after some code."""
    words = [sys.executable, "-c", f"{code}; import sys; print(' '.join(sys.modules))"]
    return set(subprocess.run(words, capture_output=True, text=True, check=True).stdout.split())


def test_help_waits_for_no_heavy_library() -> None:
    loaded = loaded_by("import safepassage.cli.main")
    assert loaded & {"numba", "polars", "scipy", "xlsxwriter", "resvg_py"} == set()


@pytest.mark.skipif(os.name == "nt", reason="asks POSIX for the time a process has worked")
def test_help_is_there_at_once() -> None:
    """Measured is the work of the process, not the clock of a machine that may be busy."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([PROGRAM, "--help"], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2.0


def test_a_reader_who_goes_away_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nowhere:
        words = [PROGRAM, "scenarios"]
        done = subprocess.run(words, stdout=nowhere, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def half_written(folder: Path) -> list[str]:
    """Give the files of an output folder that are not whole."""
    faulty = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        ends = {
            ".html": data.rstrip().endswith(b"</html>"),
            ".png": data.endswith(b"IEND\xaeB\x60\x82"),
            ".parquet": data.endswith(b"PAR1"),
            ".xlsx": path.suffix != ".xlsx" or zipfile.is_zipfile(path),
            ".txt": bool(data),
        }
        if path.suffix in (".json", ".geojson"):
            json.loads(data)
        if ".part" in path.name or not ends.get(path.suffix, True):
            faulty.append(path.name)
    return faulty


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
@pytest.mark.parametrize("after_s", [0.8, 2.0, 3.5, 5.0])
def test_interrupted_it_ends_with_130_and_leaves_nothing_half_written(after_s: float) -> None:
    words = [PROGRAM, "forecast", "--members", "20000", "--out", "cut"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert half_written(Path("cut")) == []


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_interrupted_while_it_writes_it_leaves_nothing_half_written() -> None:
    words = [PROGRAM, "forecast", *QUICK, "--out", "cut"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (Path("cut").is_dir() and any(Path("cut").iterdir())):
        assert time.monotonic() < deadline
        assert process.poll() is None, "it was done before it could be interrupted"
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert half_written(Path("cut")) == []


def test_titles_with_brackets_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    new = ["new", "odd", "--at", "Huixtla", "--departs", "2026-03-02", "--size", "800-1500"]
    assert status(new) == 0
    toml = Path("odd/scenario.toml")
    lines = toml.read_text(encoding="utf-8").splitlines()
    title = "A [/red] title [bold] of <b>brackets</b>"
    lines = [f'title_en = "{title}"' if line.startswith("title_en") else line for line in lines]
    toml.write_text("\n".join(lines), encoding="utf-8")
    assert status(["forecast", "odd", *QUICK]) == 0
    assert title in capsys.readouterr().out
    assert status(["forecast", "odd", "--share", "--members", "20", "--out", "public"]) == 0
    assert title not in capsys.readouterr().out  # what is shared has a title of its own
