"""Working a chain out again, line by line, and saying which is the first that does not hold."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from safepassage.adapters.replay_chain.chain import CHAIN_FILE, EVENINGS, FIRST, SUMS_FILE, Chain, digest
from safepassage.core.errors import Fault, InputError

HEAD, OUTCOME, OUTCOME_FILE = "head", "outcome", "outcome.json"
_HOLDS = "what was sealed"
_MEND = "take the folder as it was first written: what does not hold was changed since, and is no evidence"


def checked(folder: Path) -> list[dict[str, Any]]:
    """Work out every checksum of a replay's folder again and give its lines.

    Raises
    ------
    InputError      for the first line that does not hold: changed, taken out, moved, or a file of its evening
        changed, gone or added.
    """
    lines = Chain(folder).lines()
    if not lines:
        fault = Fault(str(folder), f"no {CHAIN_FILE}", "the folder of a replay", "check the name")
        raise InputError(fault)
    records: list[dict[str, Any]] = []
    previous, planned = FIRST, []
    for number, line in enumerate(lines, start=1):
        record = _record(line, number)
        if record.get("line") != number:
            raise _broken(number, f"the line that was written as number {record.get('line')!r:.20}")
        if record.get("previous") != previous:
            what = "is not the one that it was written after: it was changed or taken out"
            raise _broken(number, f"a line that does not hold, since line {number - 1} {what}")
        if number == 1:
            planned = [*map(str, record.get("evenings") or []), OUTCOME]
        elif number - 2 >= len(planned) or record.get("of") != planned[number - 2]:
            raise _broken(number, f"'{record.get('of')!s:.20}', which the first line does not plan here")
        _check_files(folder, record, number)
        records.append(record)
        previous = digest(line)
    _check_no_more(folder, records)
    return records


def is_whole(records: list[dict[str, Any]]) -> bool:
    """Tell whether every planned evening and the outcome are there: no line was cut off at the end."""
    return len(records) == len(records[0]["evenings"]) + 2


def _record(line: bytes, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict) or not line.endswith(b"\n"):
        raise _broken(number, "half a line, or no JSON")
    if number == 1 and not (record.get("of") == HEAD and _are_days(record.get("evenings"))):
        raise _broken(number, "no head of a replay")
    return record


def _are_days(told: object) -> bool:
    """Tell whether the planned evenings are days, one at least: they name folders."""
    try:
        return (
            isinstance(told, list)
            and bool(told)
            and [date.fromisoformat(day).isoformat() for day in told] == told
        )
    except (TypeError, ValueError):
        return False


def _check_files(folder: Path, record: dict[str, Any], number: int) -> None:
    if record.get("of") == HEAD:
        return
    if record.get("of") == OUTCOME:
        _check_file(folder / OUTCOME_FILE, str(record.get("outcome_sha256")), number, OUTCOME_FILE)
        return
    evening = folder / EVENINGS / str(record["of"])
    shown = f"{EVENINGS}/{record['of']}"
    sums = _check_file(evening / SUMS_FILE, str(record.get("sums_sha256")), number, f"{shown}/{SUMS_FILE}")
    rows = [row.partition("  ") for row in sums.decode("utf-8", errors="replace").splitlines()]
    wanted = {name: sha256 for sha256, _, name in rows}
    there = {path.relative_to(evening).as_posix() for path in evening.rglob("*") if path.is_file()}
    for name, sha256 in wanted.items():
        if name not in there:  # gone, or a way out of the folder
            raise _broken(number, f"no {shown}/{name:.80}, or it cannot be read")
        _check_file(evening / name, sha256, number, f"{shown}/{name}")
    if more := sorted(there - wanted.keys() - {SUMS_FILE}):
        raise _broken(number, f"{shown}/{more[0]}, which was not there when it was sealed")
    if wanted.get("forecast.json") != record.get("forecast_sha256"):
        raise _broken(number, f"{shown}/forecast.json, of which the line tells another checksum")


def _check_file(path: Path, sha256: str, number: int, shown: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError:
        raise _broken(number, f"no {shown}, or it cannot be read") from None
    if digest(data) != sha256:
        raise _broken(number, f"{shown}, changed since it was sealed")
    return data


def _check_no_more(folder: Path, records: list[dict[str, Any]]) -> None:
    """Refuse evenings that no line tells of; the one after the last line may be there, interrupted."""
    sealed = {str(record["of"]) for record in records}
    planned = [str(evening) for evening in records[0]["evenings"]]
    being_made = planned[len(records) - 1] if len(records) - 1 < len(planned) else ""
    there = {path.name for path in (folder / EVENINGS).glob("*")}
    if more := sorted(there - sealed - {being_made}):
        raise _broken(len(records), f"{EVENINGS}/{more[0]}, of which no line tells")


def _broken(number: int, found: str) -> InputError:
    fault = Fault(CHAIN_FILE, found, _HOLDS, _MEND, row=number)
    return InputError(fault, "The chain does not hold. / La cadena no se sostiene.")
