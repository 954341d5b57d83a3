from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

ASK = ["forecast", "--members", "600", "--days", "40", "--seed", "5"]


def command(*options: str) -> list[str]:
    return [sys.executable, "-c", "from safepassage.cli.entry import run; run()", *ASK, *options]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_run_killed_in_the_middle_goes_on_with_resume_and_ends_with_the_same_bits(tmp_path: Path) -> None:
    environment = os.environ | {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "SAFEPASSAGE_CHECKPOINT_EVERY_S": "0",
    }
    kept = tmp_path / "cache" / "safepassage" / "checkpoints"
    killed = subprocess.Popen(
        command("--out", str(tmp_path / "killed")), env=environment, stderr=subprocess.DEVNULL, cwd=tmp_path
    )
    deadline = time.monotonic() + 60
    while not list(kept.glob("[!.]*.npz")) and killed.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    assert len(list(kept.glob("[!.]*.npz"))) == 1
    assert not (tmp_path / "killed" / "manifest.json").exists()

    resumed = subprocess.run(
        command("--out", str(tmp_path / "killed"), "--resume"),
        env=environment,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert resumed.returncode == 0, resumed.stderr
    assert "goes on after day" in resumed.stderr
    assert "begins anew" not in resumed.stderr
    assert not list(kept.glob("[!.]*.npz"))

    again = subprocess.run(
        command("--out", str(tmp_path / "whole"), "--resume"),
        env=environment,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert "begins anew" in again.stderr  # and says so where nothing was kept
    one, other = (pl.read_parquet(tmp_path / name / "forecast.parquet") for name in ("killed", "whole"))
    assert one.equals(other, null_equal=True)


def test_a_cache_that_is_no_folder_costs_no_result(tmp_path: Path) -> None:
    (tmp_path / "safepassage").write_text("not a folder")
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path), "SAFEPASSAGE_CHECKPOINT_EVERY_S": "0"}
    done = subprocess.run(
        [*command("--out", str(tmp_path / "out")), "--members", "4", "--days", "3"],
        env=environment,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "manifest.json").is_file()
