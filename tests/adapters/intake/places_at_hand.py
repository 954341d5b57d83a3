"""The built-in network as files are held against it, and the days the tests were written for."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from safepassage.adapters import builtin
from safepassage.adapters.folder import read_network
from safepassage.adapters.intake import Around, Intake, Towns, read_file

NETWORK = read_network(builtin.network_path("mesoamerica"))
TOWNS = Towns(NETWORK)
IDS = NETWORK.places.ids
TODAY = date(2018, 12, 31)
AROUND = Around(TOWNS, TODAY, start=date(2018, 10, 12), groups=("honduras-2018",))


def csv_text(*rows: tuple[str, ...]) -> str:
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    return made.getvalue()


def read_text(tmp_path: Path, text: str | bytes, name: str = "reports.csv", **told) -> Intake:
    """Write a file and read what it proposes."""
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return read_file(path, told.pop("around", AROUND), told or None)


def read_rows(tmp_path: Path, *rows: tuple[str, ...], **told) -> Intake:
    return read_text(tmp_path, csv_text(*rows), **told)


def place_of(intake: Intake, number: int = 0) -> str:
    return IDS[intake.proposals[number].report.place]
