"""The environment of the peers: Mesa and Flee, beside the project's own and never inside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.rows import Skipped

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
INSTALL_S, RUN_S = 240, 300


def _folder() -> Path:
    """Give a folder that git does not see: inside the project's environment, or a temporary one."""
    if sys.prefix != sys.base_prefix:
        return Path(sys.prefix) / "peers"
    return Path(tempfile.gettempdir()) / "safepassage-peers"


@cache
def _installed() -> tuple[Path | None, str]:
    """Install the group; give its Python, or the reason why there is none."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        return None, "uv, which installs Mesa and Flee, is not here"
    command = [uv, "sync", "--frozen", "--quiet", "--only-group", "peers", "--python", sys.executable]
    own = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(_folder())}
    own.pop("VIRTUAL_ENV", None)
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=own, capture_output=True, text=True, timeout=INSTALL_S, check=False
        )
    except subprocess.TimeoutExpired:
        return None, f"Mesa and Flee could not be installed within {INSTALL_S} s"
    program = _folder() / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if done.returncode or not program.exists():
        print(done.stderr[-2000:], file=sys.stderr)
        return None, "Mesa and Flee could not be installed (no package index in reach?)"
    return program, ""


def peer_json(script: str, *words: str) -> Any:
    """Run a script of this folder among the peers and read the JSON of its last line.

    Raises
    ------
    Skipped     if the peers cannot be installed, or the script fails.
    """
    program, reason = _installed()
    if program is None:
        raise Skipped(reason)
    own = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    # One thread each, and matplotlib without a screen.
    own |= {"MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [str(program), "-P", str(HERE / script), *words],
            env=own,
            capture_output=True,
            text=True,
            timeout=RUN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"{script} took more than {RUN_S} s"
        raise Skipped(message) from None
    if done.returncode:
        # What went wrong may name folders of this machine, so it is shown and not kept.
        print(done.stderr[-2000:], file=sys.stderr)
        message = f"{script} failed"
        raise Skipped(message)
    return json.loads(done.stdout.strip().splitlines()[-1])
