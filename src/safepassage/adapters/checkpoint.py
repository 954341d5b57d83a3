"""Runs that were killed and go on: states and observers in one file, without pickle, whole or absent.

A file holds arrays, and one JSON text that tells how they hang together. So it can be read safely whoever
wrote it, and a state comes back as the very dataclasses and bits it was.
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from safepassage.adapters.atomic import replacing
from safepassage.core.engine import Observer

# Writing may take this share of the time of a run at most, and files that nobody came back for are dropped.
MOST_SHARE = 0.05
FORGOTTEN_AFTER_S = 14 * 86_400.0


def default_folder() -> Path:
    """Give the folder of checkpoints of this user; it need not exist."""
    return Path(platformdirs.user_cache_dir("safepassage")) / "checkpoints"


class CheckpointFile:
    """Keeps one run; see `core.engine.Keeper`.

    Parameters
    ----------
    path : Path
    every_s : float     seconds between two checkpoints, at least; 0: keep whenever there is a chance.
    resume : bool       whether to go on from a file that is there.
    told : callable or None     told where a run that was to go on does: the last day kept, or None where no
        file that can be used is there.
    """

    def __init__(
        self, path: Path, *, every_s: float, resume: bool, told: Callable[[int | None], None] | None = None
    ) -> None:
        self.path, self.resumed_day = path, -1
        self._every_s, self._resume = every_s, resume
        self._told: Callable[[int | None], None] = told or (lambda _: None)
        self._next = time.monotonic() + every_s

    def due(self) -> bool:
        """Tell whether it is time to write again."""
        return time.monotonic() >= self._next

    def keep(self, day: int, states: Sequence[Any], observers: Sequence[Observer]) -> None:
        """Write the evening of `day`. A folder that cannot be written to is no reason to stop a run."""
        began = time.monotonic()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _forget_old(self.path.parent)
            write(
                self.path, {"day": day, "states": list(states), "observers": [_memory(o) for o in observers]}
            )
        except OSError:
            self._next = float("inf")
            return
        took = time.monotonic() - began
        self._next = time.monotonic() + (max(self._every_s, took / MOST_SHARE) if self._every_s else 0.0)

    def restore(self, template: Any, observers: Sequence[Observer]) -> tuple[int, list[Any]] | None:
        """Read the file; None where there is none, it is of another run or nobody asked for it."""
        if not self._resume:
            return None
        try:
            kept = read(self.path)
            day = int(kept["day"])
            states = [_like(template, state) for state in kept["states"]]
            gathered = [_gathered(o, seen) for o, seen in zip(observers, kept["observers"], strict=True)]
        except Exception:  # a damaged file may break anywhere in zip, numpy or JSON: then the run begins anew
            self._told(None)
            return None
        for observer, seen in zip(observers, gathered, strict=True):
            _fill(observer, seen)
        self.resumed_day = day
        self._told(day)
        return day, states

    def forget(self) -> None:
        """Remove the file: the run is over. What cannot be removed is no reason to lose the result."""
        with suppress(OSError):
            self.path.unlink()


def write(path: Path, value: Any) -> None:
    """Write nested dataclasses, dicts, lists and tuples of arrays, numbers and text to a file.

    Raises
    ------
    OSError     if the file cannot be written.
    TypeError   for a value of another kind.
    """
    arrays: dict[str, Any] = {}
    plan = json.dumps(_taken_apart(value, "", arrays))
    with replacing(path) as draft, draft.open("wb") as file:
        np.savez(file, plan=np.array(plan), **arrays)


def read(path: Path) -> Any:
    """Read what `write` wrote; dataclasses come back as dicts (see `_like`).

    Raises
    ------
    Exception       of many kinds, if it is no such file; none of its content is ever executed.
    """
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return _put_together(json.loads(str(stored["plan"])), stored)


def _taken_apart(value: Any, name: str, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """Give the plan of a value and put its arrays aside."""
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        arrays[f"a{len(arrays)}"] = value
        return {"array": f"a{len(arrays) - 1}"}
    if isinstance(value, np.generic):
        return _taken_apart(np.asarray(value), name, arrays) | {"scalar": True}
    if value is None or isinstance(value, (bool, int, float, str)):
        return {"plain": value}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {"dict": {key: _taken_apart(item, f"{name}.{key}", arrays) for key, item in value.items()}}
    if isinstance(value, (list, tuple)):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_taken_apart(item, f"{name}[{k}]", arrays) for k, item in enumerate(value)]}
    message = f"{name.lstrip('.')}: {type(value).__name__} cannot be kept"
    raise TypeError(message)


def _put_together(plan: dict[str, Any], stored: Any) -> Any:
    if "array" in plan:
        array = stored[plan["array"]]
        return array[()] if plan.get("scalar") else array
    if "plain" in plan:
        return plan["plain"]
    if "dict" in plan:
        return {key: _put_together(item, stored) for key, item in plan["dict"].items()}
    kind = tuple if "tuple" in plan else list
    return kind(_put_together(item, stored) for item in plan["tuple" if kind is tuple else "list"])


def _memory(observer: Observer) -> dict[str, Any]:
    """Give all that an observer holds, and what those hold to whom it passes on what it sees."""
    held = dict(vars(observer))
    if "watching" in held:
        held["watching"] = [_memory(other) for other in held["watching"]]
    return held


def _gathered(observer: Observer, seen: dict[str, Any]) -> dict[str, Any]:
    """Give what an observer had gathered; raises if it is of another version."""
    mine = vars(observer)
    if set(seen) != set(mine):
        message = "an observer of another version"
        raise ValueError(message)
    found = {name: _like(own, seen[name]) for name, own in mine.items() if name != "watching"}
    if "watching" in mine:
        pairs = zip(mine["watching"], seen["watching"], strict=True)
        found["watching"] = [_gathered(other, held) for other, held in pairs]
    return found


def _fill(observer: Observer, gathered: dict[str, Any]) -> None:
    """Give an observer back what it had gathered."""
    held = {name: value for name, value in gathered.items() if name != "watching"}
    for other, seen in zip(vars(observer).get("watching", ()), gathered.get("watching", ()), strict=True):
        _fill(other, seen)
    vars(observer).update(held)


def _like(template: Any, value: Any) -> Any:
    """Give `value` the types of `template` where that is a dataclass; raises if they do not fit together."""
    if dataclasses.is_dataclass(template) and not isinstance(template, type):
        names = [field.name for field in dataclasses.fields(template)]
        if set(names) != set(value):
            message = "a state of another version"
            raise ValueError(message)
        return type(template)(**{name: _like(getattr(template, name), value[name]) for name in names})
    if isinstance(template, dict):
        return {key: _like(template.get(key), item) for key, item in value.items()}
    if isinstance(template, (tuple, list)) and isinstance(value, (tuple, list)) and template:
        return type(template)(_like(template[min(k, len(template) - 1)], v) for k, v in enumerate(value))
    if isinstance(template, np.ndarray) and (
        not isinstance(value, np.ndarray) or value.dtype != template.dtype or value.ndim != template.ndim
    ):
        message = "an array of another version"
        raise ValueError(message)
    return value


def _forget_old(folder: Path) -> None:
    for file in folder.glob("*.npz"):
        with suppress(OSError):  # another run may take its own away at this very moment
            if time.time() - file.stat().st_mtime > FORGOTTEN_AFTER_S:
                file.unlink()
