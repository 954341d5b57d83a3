"""A folder written file by file, each told before it is written, the manifest last."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from safepassage.adapters.atomic import write_text
from safepassage.core.engine import NoProgress, Progress

Step = tuple[str, Callable[[Path], object]]
MANIFEST, TOWNS = "manifest.json", "towns"


def write_steps(
    out: Path, steps: Sequence[Step], manifest: dict[str, Any], progress: Progress | None
) -> dict[str, Path]:
    """Write files in order and the manifest behind them: where it is, the others are whole.

    Parameters
    ----------
    out : Path
    steps : sequence of (name, write)       names are paths within `out`.
    manifest : dict                         JSON values.
    progress : Progress or None

    Returns
    -------
    dict        path by file name; the sheets of towns as "towns" (their index page).

    Raises
    ------
    OSError     if the folder cannot be written to.
    """
    watch = progress if progress is not None else NoProgress()
    text = json.dumps(manifest, ensure_ascii=False, indent=2, default=str) + "\n"
    every: list[Step] = [*steps, (MANIFEST, lambda path: write_text(path, text))]
    written: dict[str, Path] = {}
    for done, (name, write) in enumerate(every):
        watch.say(done, len(every), name)
        write(out / name)
        written[TOWNS if name.startswith(f"{TOWNS}/") else name] = out / name
    watch.say(len(every), len(every), MANIFEST)
    return written
