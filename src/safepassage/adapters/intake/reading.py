"""A file to proposals: which format it is, read by its reader, every row proposed or told why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from safepassage.adapters.folder.findings import Findings, shown
from safepassage.adapters.folder.privacy import EXPECTED
from safepassage.adapters.intake.answers import read_answers
from safepassage.adapters.intake.csv_sheet import read_csv
from safepassage.adapters.intake.filled import Filled, filled_rows
from safepassage.adapters.intake.mapping import NO_USE, PERSONAL, ColumnMapping, map_columns
from safepassage.adapters.intake.proposing import Around, propose
from safepassage.adapters.intake.sheet import MAX_FILE_BYTES, Sheet
from safepassage.adapters.intake.words import FIELDS
from safepassage.adapters.intake.workbook import read_workbook
from safepassage.core.errors import Fault, InputError
from safepassage.core.report import Proposal

_MAGIC = {
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old .xls or a protected workbook",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a database",
    b"\x1f\x8b": "a compressed file",
    b"{\\rtf": "a text document",
}
_READ = "CSV, XLSX, or the JSON of KoboToolbox or ODK Central"
PLACE_FIELDS = frozenset(field for field, holds in FIELDS.items() if holds == "place")


@dataclass(frozen=True)
class Intake:
    """What a file proposes.

    Parameters
    ----------
    proposals : tuple of Proposal
    mapping : ColumnMapping         what its columns were read as.
    notices : tuple of Fault        what was understood though written otherwise, and what was passed over.
    refused : tuple of Fault        every fault; the rows named there propose nothing.
    rows : int                      rows of data, or answers, in the file.
    rows_refused : int
    off_network : tuple of (name, rows)     towns that are not on the network, the most frequent first.
    """

    proposals: tuple[Proposal, ...]
    mapping: ColumnMapping
    notices: tuple[Fault, ...]
    refused: tuple[Fault, ...]
    rows: int
    rows_refused: int
    off_network: tuple[tuple[str, int], ...]


def read_file(path: Path, around: Around, told: Mapping[str, str] | None = None) -> Intake:
    """Read the reports that a file proposes; nothing is stored here.

    Parameters
    ----------
    path : Path         CSV, XLSX, or JSON of KoboToolbox or ODK Central; told by content, not by name.
    around : Around     network, days and what holds for rows that do not tell.
    told : mapping      column -> field, of --map; '' leaves a column out.

    Raises
    ------
    InputError          where the file as a whole cannot be read; a fault of a row is in `Intake.refused`.
    """
    findings = Findings()
    data = _bytes(path, findings)
    headline = f"{path.name}: nothing was read."
    findings.raise_if_any(headline)
    if data.lstrip()[:1] in (b"{", b"["):
        answers = read_answers(data, path.name, findings)
        findings.raise_if_any(headline)
        assert answers is not None  # a None came with a fault
        if told:
            mend = "leave --map out: questions of a form are read by their names"
            findings.note(Fault(path.name, "--map", "no mapping for answers of a form", mend))
        intake = _intake(path.name, answers.rows, answers.mapping, around, findings)
        return _doubted(intake, answers.doubted, path.name)
    sheet = _sheet(data, path.name, findings)
    findings.raise_if_any(headline)
    assert sheet is not None  # a None came with a fault
    mapping = map_columns(sheet, around.towns, told or {}, findings)
    findings.raise_if_any(headline)
    assert mapping is not None  # a None came with a fault
    _tell_columns(sheet.file, mapping, findings)
    rows = filled_rows(sheet, mapping)
    if not rows:
        known = any(use.field for use in mapping.uses)
        found = "no rows below the names of the columns" if known else "no column that tells of reports"
        mend = "check the file" if known else "say which is which: --map COLUMN=observed --map COLUMN=place …"
        raise InputError(Fault(path.name, found, "rows that tell of reports", mend), headline)
    return _intake(path.name, rows, mapping, around, findings)


def _intake(
    file: str, rows: tuple[Filled, ...], mapping: ColumnMapping, around: Around, findings: Findings
) -> Intake:
    proposals = propose(rows, around, file=file, layout=mapping.layout, findings=findings)
    refused = tuple(dict.fromkeys(findings.faults))
    places = {use.name for use in mapping.uses if use.field in PLACE_FIELDS}
    off: dict[str, int] = {}
    for fault in refused:
        if fault.column in places and fault.found.startswith("'"):
            off[fault.found.strip("'")] = off.get(fault.found.strip("'"), 0) + 1
    return Intake(
        proposals=tuple(proposals),
        mapping=mapping,
        notices=findings.notices,
        refused=refused,
        rows=len({row.number for row in rows}),
        rows_refused=len({fault.row for fault in refused}),
        off_network=tuple(sorted(off.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _doubted(intake: Intake, numbers: frozenset[int], file: str) -> Intake:
    """Flag what a reviewer of the form's server put on hold."""
    held = {f"{file}, row {number}" for number in numbers}
    proposals = tuple(
        replace(p, confidence=p.confidence * 0.4, flags=(*p.flags, "on hold on the form's server"))
        if p.origin in held
        else p
        for p in intake.proposals
    )
    return replace(intake, proposals=proposals)


def _bytes(path: Path, findings: Findings) -> bytes:
    """Read a file of a size that reports may have, or say why not."""
    file, problem, mend = path.name or str(path)[:60], "", "check the path"
    try:
        if path.is_dir():
            problem, mend = "a folder", "give a file"
        elif not path.exists():
            problem = "no such file"
        elif not path.is_file():
            problem, mend = "something that is no plain file", "give a file"
        elif path.stat().st_size > MAX_FILE_BYTES:
            problem = f"{path.stat().st_size // 1_000_000} MB"
            mend = f"split it: at most {MAX_FILE_BYTES // 1_000_000} MB"
        else:
            data = path.read_bytes()
            if data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
                return data
            problem, mend = "an empty file", "check the file"
    except (OSError, ValueError) as error:
        problem = f"a file that cannot be read ({getattr(error, 'strerror', None) or 'not a path'})"
    findings.faults.append(Fault(file, problem, _READ, mend))
    return b""


def _sheet(data: bytes, file: str, findings: Findings) -> Sheet | None:
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            findings.faults.append(Fault(file, what, _READ, "save the table as .csv or .xlsx"))
            return None
    if data.startswith(b"PK"):
        return read_workbook(data, file, findings)
    return read_csv(data, file, findings)


def _tell_columns(file: str, mapping: ColumnMapping, findings: Findings) -> None:
    """Tell which columns are not read: those about persons, and the others."""
    personal = [use.name for use in mapping.uses if use.why == PERSONAL]
    others = [use.name for use in mapping.uses if not use.field and use.why != PERSONAL]
    if personal:
        found = f"columns {', '.join(shown(name) for name in personal[:8])}"
        mend = "nothing to do: they were not read, and nothing of them is kept"
        findings.note(Fault(file, found, EXPECTED, mend))
    if others:
        found = (
            f"columns {', '.join(shown(name) for name in others[:8])}{' …' if others[8:] else ''} ({NO_USE})"
        )
        mend = "nothing to do, or say what they are: --map 'COLUMN=FIELD'"
        findings.note(Fault(file, found, "columns that tell of reports", mend))
