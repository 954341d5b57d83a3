"""Read and write what past cases have taught."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from safepassage.adapters.atomic import write_text
from safepassage.core.caravan_priors import PRIOR_LIMITS
from safepassage.core.errors import Fault, InputError
from safepassage.core.learned import FAMILIES, LearnedCase, Lesson
from safepassage.core.scenario import PRIOR_SHAPES, Prior

_HERE = Path(__file__).parent
_MEND = "make the folder again with `safepassage calibrate CASE... --out FOLDER`"


@cache
def shipped() -> dict[str, Lesson]:
    """Give the lessons that come with the package, by family."""
    return {lesson.family: lesson for lesson in map(_read, sorted(_HERE.glob("*.json")))}


def read_lessons(folder: Path) -> dict[str, Lesson]:
    """Read the lessons of a folder that `write_lessons` made, by family.

    Raises
    ------
    InputError      if there is none, or with every fault of every file.
    """
    lessons: dict[str, Lesson] = {}
    faults: list[Fault] = []
    for family in FAMILIES:
        path = folder / f"{family}.json"
        if path.is_file():
            try:
                lesson = _read(path)
            except InputError as error:
                faults += error.faults
                continue
            if lesson.family != family:
                faults.append(Fault(path.name, f"lessons of {lesson.family}", f"those of {family}", _MEND))
            lessons[family] = lesson
    if not lessons and not faults:
        names = ", ".join(f"{family}.json" for family in FAMILIES)
        faults.append(Fault(str(folder), "no lessons", f"a folder with one of {names}", _MEND))
    if faults:
        raise InputError(faults, "What was learned cannot be read.")
    return lessons


def write_lessons(folder: Path, lessons: Sequence[Lesson]) -> dict[str, Path]:
    """Write one file per lesson; give the path of each, by family."""
    paths = {}
    for lesson in lessons:
        told = {
            "family": lesson.family,
            "method": lesson.method,
            "cases": [{"key": one.key, "name": one.name, "counts": one.counts} for one in lesson.cases],
            "priors": [_cells(prior) for prior in lesson.priors],
            "without": {key: [_cells(prior) for prior in without] for key, without in lesson.without.items()},
        }
        paths[lesson.family] = folder / f"{lesson.family}.json"
        write_text(paths[lesson.family], json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return paths


def _cells(prior: Prior) -> dict[str, object]:
    return {
        "name": prior.name,
        "shape": prior.shape,
        "low": float(f"{prior.low:.6g}"),
        "high": float(f"{prior.high:.6g}"),
        "reason": prior.reason,
        "source": prior.source,
    }


def _read(path: Path) -> Lesson:
    try:
        told = json.loads(path.read_bytes())
        lesson = Lesson(
            family=_family(told["family"]),
            method=str(told["method"]),
            cases=tuple(
                LearnedCase(str(one["key"]), str(one["name"]), int(one["counts"])) for one in told["cases"]
            ),
            priors=tuple(map(_prior, told["priors"])),
            without={str(key): tuple(map(_prior, rows)) for key, rows in told["without"].items()},
        )
        _check_limits(lesson)
    except OSError as error:
        found = error.strerror or "unreadable"
        raise InputError(Fault(path.name, found, "a file to read", "check its rights")) from None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        found = f"{type(error).__name__}: {error}"[:200]
        raise InputError(Fault(path.name, found, "what `safepassage calibrate` wrote", _MEND)) from None
    return lesson


def _check_limits(lesson: Lesson) -> None:
    """See that what is believed of caravans can be at all, as in a priors.csv."""
    if lesson.family != "caravans":
        return
    for prior in (*lesson.priors, *(one for rows in lesson.without.values() for one in rows)):
        limit = PRIOR_LIMITS[prior.name]
        if not limit.low <= prior.low <= prior.high <= limit.high:
            message = (
                f"{prior.name} from {prior.low:g} to {prior.high:g}, within {limit.low:g} to {limit.high:g}"
            )
            raise ValueError(message)


def _family(name: Any) -> str:
    if name not in FAMILIES:
        message = f"family {name!r}"
        raise ValueError(message)
    return str(name)


def _prior(told: dict[str, Any]) -> Prior:
    low, high = float(told["low"]), float(told["high"])
    sound = told["shape"] in PRIOR_SHAPES and abs(low) + abs(high) < float("inf") and low <= high
    if not sound or (told["shape"] == "lognormal" and low <= 0):
        message = f"prior {told!r}"[:150]
        raise ValueError(message)
    return Prior(str(told["name"]), told["shape"], low, high, str(told["reason"]), str(told["source"]))
