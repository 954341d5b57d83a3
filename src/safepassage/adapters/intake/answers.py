"""Answers of our form as KoboToolbox and ODK Central give them, by an allow-list of its questions.

Shapes: KoboToolbox API v2, `data.json`: {"count", "next", "previous", "results": [{"group/question": …}]};
ODK Central, OData: {"@odata.context", "value": [{"__id", "__system", "group": {"question": …}}]}. Who sent
an answer, from which device, where and at what hour, and what hung on it are never looked at. Of the
server's own fields two are read: the day of submission, and whether a reviewer refused the answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safepassage.adapters.folder.findings import Findings
from safepassage.adapters.folder.tables import decode
from safepassage.adapters.intake.filled import SUBMITTED, Filled, formulas, settled
from safepassage.adapters.intake.mapping import ANSWERS, ColumnMapping, ColumnUse
from safepassage.adapters.intake.sheet import MAX_CELL, MAX_ROWS, plain
from safepassage.adapters.intake.words import FIELDS
from safepassage.core.errors import Fault

# The questions of the form, and nothing else; `adapters.fieldform` asks them.
QUESTIONS = frozenset(
    "kind place place_other observed count_low count_high unit people_per_family quantifier segment group "
    "source_kind next_stop next_stop_other next_stop_day hour transport transport_to note".split()
)
_DEEPEST = 8
_REFUSED = frozenset(("validation_status_not_approved", "rejected"))
_DOUBTED = frozenset(("validation_status_on_hold", "hasissues"))
_SHAPES = "KoboToolbox data.json or ODK Central Submissions"
_MEND = "download it again: KoboToolbox API v2 data.json, or the Submissions of ODK Central's OData"


class _Twice(ValueError):
    """A key that stands twice in one object."""


@dataclass(frozen=True)
class Answers:
    """Answers read by the allow-list.

    Parameters
    ----------
    rows : tuple of Filled
    mapping : ColumnMapping
    doubted : frozenset of int      numbers of the answers that a reviewer put on hold.
    """

    rows: tuple[Filled, ...]
    mapping: ColumnMapping
    doubted: frozenset[int]


def read_answers(data: bytes, file: str, findings: Findings) -> Answers | None:
    """Read the bytes of a JSON file; None, and a fault, where it holds no answers."""
    text = decode(data, file, findings)
    if text is None:
        return None
    try:
        found = json.loads(
            text,
            object_pairs_hook=_once,
            parse_int=str,
            parse_float=str,
            parse_constant=str,
        )
    except _Twice as error:
        findings.faults.append(Fault(file, str(error), "each key once", _MEND))
        return None
    except RecursionError:
        findings.faults.append(Fault(file, "JSON nested too deep", _SHAPES, _MEND))
        return None
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        findings.faults.append(Fault(file, f"broken JSON{where}", _SHAPES, _MEND))
        return None
    listed = _listed(found, file, findings)
    return None if listed is None else _answers(listed, file, findings)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _Twice("a key that stands twice in one object")
    return made


def _listed(found: object, file: str, findings: Findings) -> list[Any] | None:
    """Give the list of answers, whichever of the shapes it is."""
    listed: object = found
    if isinstance(found, dict):
        listed = found.get("results", found.get("value"))
        if found.get("next") or found.get("@odata.nextLink"):
            mend = "download all of them in one file, or import the other pages too"
            findings.note(Fault(file, "one page of several", "all answers", mend))
    if not isinstance(listed, list) or not all(isinstance(answer, dict) for answer in listed):
        findings.faults.append(Fault(file, "JSON without answers of a form", _SHAPES, _MEND))
        return None
    if not listed or len(listed) > MAX_ROWS:
        findings.faults.append(
            Fault(file, f"{len(listed)} answers", f"1 to {MAX_ROWS} answers", "check the download")
        )
        return None
    return listed


def _answers(listed: list[dict[str, Any]], file: str, findings: Findings) -> Answers:
    rows, doubted, refused = [], set(), 0
    passed_over: set[str] = set()
    names: dict[str, str] = {}
    for number, answer in enumerate(listed, start=1):
        status = _status(answer)
        if status in _REFUSED:
            refused += 1
            continue
        if status in _DOUBTED:
            doubted.add(number)
        texts: dict[str, str] = {}
        _gather(answer, texts, passed_over, 0)
        row = _filled(number, texts, answer)
        names |= row.names
        rows.append(row)
    if refused:
        mend = "nothing to do; approve them on the server if they are right"
        findings.note(Fault(file, f"{refused} answers that a reviewer refused", "approved answers", mend))
    if passed_over:
        found = f"{len(passed_over)} questions or fields that are not of our form"
        mend = "nothing to do: they were not looked at, and nothing of them is kept"
        findings.note(Fault(file, found, "the questions of `safepassage report form`", mend))
    uses = tuple(ColumnUse(k, name, field, "question") for k, (field, name) in enumerate(names.items()))
    return Answers(tuple(rows), ColumnMapping(ANSWERS, uses, 0), frozenset(doubted))


def _gather(answer: Mapping[str, Any], texts: dict[str, str], passed_over: set[str], depth: int) -> None:
    """Take the answers to our questions out of groups, however deep."""
    for key, value in answer.items():
        name = key.rsplit("/", 1)[-1]
        if isinstance(value, dict) and depth < _DEEPEST and not key.startswith(("_", "@", "meta")):
            _gather(value, texts, passed_over, depth + 1)
        elif name in QUESTIONS and isinstance(value, str | bool) and name not in texts:
            texts[name] = str(value)
        elif value is not None:
            passed_over.add(key[:60])


def _filled(number: int, texts: dict[str, str], answer: Mapping[str, Any]) -> Filled:
    hidden, bad, kept = False, {}, {}
    for name, text in texts.items():
        if len(text) > MAX_CELL:
            bad[name] = f"an answer of {len(text)} characters"
            continue
        kept[name], taken = plain(text)
        hidden = hidden or taken
    bad |= formulas(kept)
    kept = settled(kept)
    names = {name: name for name in kept if name in FIELDS}
    if day := _submitted(answer):
        kept |= {"published": day, "published_basis": SUBMITTED}
    return Filled(number, kept, names, bad, hidden)


def _submitted(answer: Mapping[str, Any]) -> str:
    """Give the day of submission, without the hour."""
    system = answer.get("__system")
    when = system.get("submissionDate") if isinstance(system, dict) else answer.get("_submission_time")
    return when[:10] if isinstance(when, str) else ""


def _status(answer: Mapping[str, Any]) -> str:
    """Give what a reviewer said of an answer, '' for nothing."""
    system, validation = answer.get("__system"), answer.get("_validation_status")
    said = system.get("reviewState") if isinstance(system, dict) else None
    if isinstance(validation, dict):
        said = validation.get("uid")
    return said.casefold() if isinstance(said, str) else ""
