"""closures.csv: borders, places, roads and camps that close and open on given days."""

from __future__ import annotations

from pathlib import Path

from safepassage.adapters.flee.findings import Cell, Findings, shown, whole
from safepassage.adapters.flee.rows import read_rows
from safepassage.core.displacement import Closure
from safepassage.core.network import Places

CLOSURES = "input_csv/closures.csv"
KINDS = ("country", "location", "link", "camp", "idpcamp", "remove_forced_redirection")


def read_closures(findings: Findings, folder: Path, places: Places, *, compat: bool) -> tuple[Closure, ...]:
    """Read closures.csv, which may be missing.

    Documented: closed from `closure_start` (a negative one: from the beginning) until the day before
    `closure_end` (0 or negative: for ever). `compat`: only days that match exactly act, and closures of kind
    "link" and redirections do nothing.
    """
    rows = read_rows(findings, folder / CLOSURES, CLOSURES, required=False)
    closures = [_closure(findings, (line, fields), places, compat=compat) for line, fields in rows.lines]
    return tuple(closure for closure in closures if closure is not None)


def _closure(
    findings: Findings, record: tuple[int, tuple[str, ...]], places: Places, *, compat: bool
) -> Closure | None:
    line, fields = record
    if len(fields) < 5:
        expected = "closure_type, name1, name2, closure_start, closure_end"
        findings.fault(Cell(CLOSURES, line), f"{len(fields)} columns", expected, "add what is missing")
        return None
    kind = fields[0].lower()
    if kind not in KINDS:
        findings.fault(
            Cell(CLOSURES, line, "closure_type"), shown(fields[0]), ", ".join(KINDS), "correct the type"
        )
        return None
    start = whole(findings, Cell(CLOSURES, line, "closure_start"), fields[3], low=-100_000, high=100_000)
    end = whole(findings, Cell(CLOSURES, line, "closure_end"), fields[4], low=-100_000, high=100_000)
    if start is None or end is None or not _names_known(findings, record, kind, places):
        return None
    if compat:
        return _in_code(findings, line, kind, (fields, start, end), places)
    if 0 < end < start:
        found = f"closed from day {start} until day {end}"
        findings.fault(Cell(CLOSURES, line), found, "an end after the start", "correct the days")
        return None
    if 0 < end == start:
        found = f"closed from day {start} until day {end}"
        findings.notice(Cell(CLOSURES, line), found, "an end after the start", "it has no effect")
        return None
    return _made(kind, fields, places, (max(0, start), end if end > 0 else None))


def _in_code(
    findings: Findings, line: int, kind: str, row: tuple[tuple[str, ...], int, int], places: Places
) -> Closure | None:
    fields, start, end = row
    if kind in ("link", "remove_forced_redirection"):
        findings.notice(
            Cell(CLOSURES, line), f"a closure of kind '{kind}'", "another kind", "Flee's code ignores it"
        )
        return None
    return _made(kind, fields, places, (start if start >= 0 else None, end if end >= 0 else None))


def _made(kind: str, fields: tuple[str, ...], places: Places, days: tuple[int | None, int | None]) -> Closure:
    kind = "forced_redirection" if kind == "remove_forced_redirection" else kind
    if kind == "country":
        return Closure(kind, (), (fields[1], fields[2]), *days)
    names = fields[1:3] if kind in ("link", "forced_redirection") else fields[1:2]
    return Closure(kind, tuple(places.index[name] for name in names), None, *days)


def _names_known(findings: Findings, record: tuple[int, tuple[str, ...]], kind: str, places: Places) -> bool:
    line, fields = record
    known = set(places.countries) if kind == "country" else set(places.ids)
    needed = (1, 2) if kind in ("country", "link", "remove_forced_redirection") else (1,)
    unknown = [fields[k] for k in needed if fields[k] not in known]
    for name in unknown:
        expected = "a country of locations.csv" if kind == "country" else "a name of locations.csv"
        findings.notice(Cell(CLOSURES, line), shown(name), expected, "correct it; this closure has no effect")
    return not unknown
