"""demographics_*.csv and agents.csv: how often traits are met, place by place, as far as a rule asks.

Only shares and counts are kept. Of agents.csv no line is kept, and no column that no rule reads is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from safepassage.adapters.flee.daily import numbers
from safepassage.adapters.flee.findings import Cell, Findings, number, shown
from safepassage.adapters.flee.rows import Rows, read_rows
from safepassage.core.local_law import LocalLaw
from safepassage.core.network import Places
from safepassage.core.people import Attribute, Listed

AGENTS = "input_csv/agents.csv"
DEFAULT = "Default"
MOST_VALUES = 1000
MOST_YEARS = 150.0
HIGHEST_WEIGHT = 1e12


def asked(law: LocalLaw) -> dict[str, str]:
    """Give the attributes that some rule reads, each with the rule that asks first."""
    rules = {
        "age": (law.asks_age, "ChildrenAvoidHazards, ElderlyAvoidHazards or BoysTakeRisk"),
        "gender": (law.asks_gender, "WomenAvoidHazards or BoysTakeRisk"),
        "ethnicity": (
            law.matches_ethnicity,
            "MatchCampEthnicity, MatchTownEthnicity or MatchConflictEthnicity",
        ),
        "religion": (law.match_camp_religion, "MatchCampReligion"),
        "floodawareness": (law.flood_forecast_days > 0, "flood_forecaster"),
    }
    return {name: rule for name, (is_asked, rule) in rules.items() if is_asked}


def read_people(
    findings: Findings, folder: Path, places: Places, law: LocalLaw, *, listed: bool
) -> tuple[tuple[Attribute, ...], Listed | None]:
    """Read the attributes that rules ask for, and who is there at the start by a list.

    Parameters
    ----------
    findings : Findings
    folder : Path
    places : Places
    law : LocalLaw
    listed : bool       whether agents.csv is to be read.
    """
    wanted = asked(law)
    rows = _listed_rows(findings, folder) if listed else None
    attributes = {}
    for name, rule in wanted.items():
        attribute = _attribute(findings, folder, places, name)
        if attribute is None and rows is not None and name in rows.header:
            attribute = Attribute(name, (), np.zeros((1, 0)), np.zeros(len(places), dtype=np.int64))
        if attribute is None:
            _report_missing(findings, folder, name, rule)
        else:
            attributes[name] = attribute
    _report_unread(findings, folder, wanted)
    if rows is None:
        return tuple(attributes.values()), None
    return _counted(findings, rows, places, attributes)


def _file(name: str) -> str:
    return f"input_csv/demographics_{name}.csv"


def _report_missing(findings: Findings, folder: Path, name: str, rule: str) -> None:
    if (folder / _file(name)).is_file():
        return  # what is wrong with it was told
    where, found = Cell(_file(name)), "no such file"
    if name == "floodawareness":
        findings.notice(where, found, f"shares for {rule}", "everybody heeds the forecast fully")
    else:
        findings.fault(where, found, f"shares of each {name}, for {rule}", "add it, or switch the rule off")


def _report_unread(findings: Findings, folder: Path, wanted: dict[str, str]) -> None:
    for file in sorted((folder / "input_csv").glob("demographics_*.csv")):
        if file.stem.partition("_")[2] not in wanted:
            reason = "no rule of this folder asks for it"
            findings.notice(Cell(f"input_csv/{file.name}"), "a file that is not read", "none", reason)


def _table(findings: Findings, path: Path, name: str) -> Rows | None:
    """Read a table whose first line is its header, with or without a '#'."""
    rows = read_rows(findings, path, name)
    if not rows.lines:
        return None
    if rows.header:
        header = (rows.header[0].lstrip("#").strip(), *rows.header[1:])
        return Rows(name, header, rows.lines)
    if len(rows.lines) < 2:
        findings.fault(Cell(name), "a header only", "at least one row", "fill the file")
        return None
    return Rows(name, rows.lines[0][1], rows.lines[1:])


def _attribute(findings: Findings, folder: Path, places: Places, name: str) -> Attribute | None:
    file = _file(name)
    if not (folder / file).is_file():
        return None
    rows = _table(findings, folder / file, file)
    if rows is None:
        return None
    if len(rows.lines) > MOST_VALUES:
        found, mend = f"{len(rows.lines)} values", "put values together"
        findings.fault(Cell(file), found, f"at most {MOST_VALUES} values", mend)
        return None
    if rows.header[0].lower() != name:
        mend = "the first column was taken for it"
        findings.notice(Cell(file, 1), shown(rows.header[0]), f"a first column '{name}'", mend)
    columns = _columns(findings, file, rows.header, places)
    check = VALUES.get(name, _named)
    values = [check(findings, Cell(file, line, name), fields[0]) for line, fields in rows.lines]
    shares = _shares(findings, file, rows, columns)
    if shares is None or any(value is None for value in values):
        return None
    column = np.zeros(len(places), dtype=np.int64)
    for k, header in enumerate(list(columns)[1:], start=1):
        column[places.index[header]] = k
    known = [value for value in values if value is not None]
    distinct = list(dict.fromkeys(known))
    if len(distinct) < len(known):
        mend = "their weights were added up"
        findings.notice(Cell(file, column=name), "values that repeat", "each value once", mend)
    together = np.zeros((len(shares), len(distinct)))
    for k, value in enumerate(known):
        together[:, distinct.index(value)] += shares[:, k]
    return Attribute(name, tuple(distinct), together, column)


def _columns(findings: Findings, file: str, header: tuple[str, ...], places: Places) -> dict[str, int]:
    """Give the columns that count, the default first."""
    found: dict[str, int] = {}
    unknown = []
    for k, name in enumerate(header):
        if not k or not name:
            continue
        if name in found:
            findings.fault(Cell(file, 1, name), "two columns", "each place once", "remove one")
        elif name == DEFAULT or name in places.index:
            found[name] = k
        else:
            unknown.append(name)
    if unknown:
        some = ", ".join(shown(name) for name in unknown[:5])
        mend = "correct the names; these columns were left out"
        findings.notice(
            Cell(file, 1), f"{len(unknown)} unknown places ({some})", "names of locations.csv", mend
        )
    if DEFAULT not in found:
        mend = "add it, with the weights of places that have no column"
        findings.fault(Cell(file, 1), "no column 'Default'", "a column 'Default'", mend)
    return {DEFAULT: found.get(DEFAULT, -1), **{name: k for name, k in found.items() if name != DEFAULT}}


def _shares(findings: Findings, file: str, rows: Rows, columns: dict[str, int]) -> NDArray[np.float64] | None:
    """Read the weights and make them shares, (c, v); None where there is a fault."""
    before = len(findings.faults)
    weights = np.zeros((len(columns), len(rows.lines)))
    for at, (line, fields) in enumerate(rows.lines):
        cells = [fields[k] or "0" if 0 <= k < len(fields) else "0" for k in columns.values()]
        weights[:, at] = numbers(findings, (file, line), (cells, list(columns)), high=HIGHEST_WEIGHT)
    total = weights.sum(axis=1)
    for name, k, one in zip(columns, columns.values(), total.tolist(), strict=True):
        if k >= 0 and one <= 0.0 and len(findings.faults) == before:
            mend = "give at least one value a weight above 0"
            findings.fault(Cell(file, column=name), "weights that add up to 0", "weights", mend)
    if len(findings.faults) > before or -1 in columns.values():
        return None
    return np.asarray(weights / total[:, None])


def _years(findings: Findings, where: Cell, text: str) -> str | None:
    value = number(findings, where, text, low=0, high=MOST_YEARS)
    return None if value is None else f"{value:g}"


def _level(findings: Findings, where: Cell, text: str) -> str | None:
    value = number(findings, where, text, low=0, high=1000)
    return None if value is None else f"{int(value)}"


def _named(findings: Findings, where: Cell, text: str) -> str | None:
    if not text:
        findings.fault(where, "no value", "a name", "name the group or remove the row")
        return None
    return text


VALUES: dict[str, Callable[[Findings, Cell, str], str | None]] = {"age": _years, "floodawareness": _level}


def _listed_rows(findings: Findings, folder: Path) -> Rows | None:
    if not (folder / AGENTS).is_file():
        mend = "add it, or switch read_from_agents_csv_file off"
        findings.fault(Cell(AGENTS), "no such file", "location and attributes, a line per person", mend)
        return None
    return _table(findings, folder / AGENTS, AGENTS)


def _counted(
    findings: Findings, rows: Rows, places: Places, attributes: dict[str, Attribute]
) -> tuple[tuple[Attribute, ...], Listed]:
    """Count the people of a list by place and attributes."""
    columns = {name: rows.header.index(name) for name in attributes if name in rows.header}
    unknown: list[int] = []
    counts: Counter[tuple[int, ...]] = Counter()
    values = {name: {value: k for k, value in enumerate(one.values)} for name, one in attributes.items()}
    read: dict[tuple[str, str], int] = {}
    for line, fields in rows.lines:
        place = places.index.get(fields[0])
        if place is None:
            unknown.append(line)
            continue
        told = []
        for name in attributes:
            k = columns.get(name, -1)
            text = fields[k] if 0 <= k < len(fields) else ""
            if (name, text) not in read:
                read[name, text] = _position(findings, (name, line), text, values[name])
            told.append(read[name, text])
        counts[(place, *told)] += 1
    if unknown:
        found = f"{len(unknown)} lines of unknown places, this the first"
        findings.fault(Cell(AGENTS, unknown[0], "location"), found, "names of locations.csv", "correct them")
    table = np.array(sorted(counts), dtype=np.int64).reshape(len(counts), 1 + len(attributes))
    people = np.array([counts[tuple(row)] for row in table.tolist()], dtype=np.int64)
    grown = tuple(_with_values(one, tuple(values[name])) for name, one in attributes.items())
    return grown, Listed(place=table[:, 0], values=table[:, 1:], people=people)


def _position(findings: Findings, where: tuple[str, int], text: str, values: dict[str, int]) -> int:
    """Find a value among those known, adding it where it is new; -1 where nothing is told."""
    if not text:
        return -1
    name, line = where
    # What stands in a line about a person is never repeated, not in an error either.
    value = VALUES.get(name, _named)(Findings(), Cell(AGENTS, line, name), text)
    if value is None:
        found, expected = "something else", "an age in years" if name == "age" else "a level from 0 on"
        findings.fault(Cell(AGENTS, line, name), found, expected, "correct this cell")
        return -1
    return values.setdefault(value, len(values))


def _with_values(attribute: Attribute, values: tuple[str, ...]) -> Attribute:
    """Give an attribute that knows more values, which nobody has but those of the list."""
    more = len(values) - len(attribute.values)
    shares = np.pad(attribute.shares, ((0, 0), (0, more)))
    return Attribute(attribute.name, values, shares, attribute.column)
