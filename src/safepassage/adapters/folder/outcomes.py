"""outcomes.csv: how people's part in a movement ends, in chances a day."""

from __future__ import annotations

import re
from datetime import date

from safepassage.adapters.folder.cells import ASSUMED, NOTHING_DAY, Cells, Range, rows_of
from safepassage.adapters.folder.findings import printable
from safepassage.adapters.folder.groups import Around
from safepassage.adapters.folder.tables import Table, is_broken
from safepassage.core.errors import Fault
from safepassage.core.outcomes import GOING_ON, OUTCOMES, STATUSES, Excess, OutcomeChance, excesses

FILE = "outcomes.csv"
CHANCE = Range(0, 1)
_LOW, _HIGH = "chance_per_day_low", "chance_per_day_high"


def read_outcomes(table: Table | None, around: Around) -> tuple[OutcomeChance, ...]:
    """Read outcomes.csv; chances that act on the same people must not sum to more than one."""
    rows = rows_of(table, around.findings)
    faults_before = len(around.findings.faults)
    outcomes = tuple(_outcome(row, around) for row in rows)
    if len(around.findings.faults) == faults_before and not is_broken({FILE: table}, FILE):
        for excess in excesses(outcomes):
            _tell_excess(excess, rows, around)
    return outcomes


def _outcome(row: Cells, around: Around) -> OutcomeChance:
    outcome = row.choice("outcome", OUTCOMES)
    status = row.choice("status", STATUSES) if row.raw("status") else ""
    first, last = row.day("from"), row.day("until")
    if first is not None and last is not None and NOTHING_DAY not in (first, last) and last < first:
        row.fault("until", f"a day from `from` on ({first})", "exchange or correct the two dates")
    low, high = row.needed_low_high(_LOW, _HIGH, CHANCE)
    if outcome in GOING_ON and not around.has_groups:
        row.note("outcome", "a way out of a group; without groups this row acts on nobody")
    announced, basis = _announced(row, last or first, around)
    return OutcomeChance(
        outcome=outcome,
        status=status,
        country=_country(row, around),
        first=first,
        last=last,
        low=low,
        high=high,
        announced=announced,
        source=row.needed("source"),
        reason=row.raw("reason"),
        announced_basis=basis,
        extra=row.extra,
    )


def _announced(row: Cells, happened: date | None, around: Around) -> tuple[date, str]:
    """Give the day a chance became known; where that is empty, the morning after the days it speaks of."""
    if row.raw("announced") or happened is not None:
        return row.known_from("announced", happened or NOTHING_DAY)
    if around.settings is None:
        return NOTHING_DAY, ASSUMED
    return row.known_from("announced", around.settings.start)


def _country(row: Cells, around: Around) -> str:
    text = row.raw("country").upper()
    if not text:
        return ""
    known = sorted(set(around.network.places.countries)) if around.network is not None else []
    if not re.fullmatch(r"[A-Z]{2}", text) or (known and text not in known):
        listed = printable(", ".join(known[:12])) + (" …" if known[12:] else "")
        expected = f"a country of the network: {listed}"
        row.fault("country", expected, "write its two letters, or leave it empty for everywhere")
        return ""
    return text


def _tell_excess(excess: Excess, rows: list[Cells], around: Around) -> None:
    """Say which rows act together, on which day and for whom, at the last of them."""
    acting = [rows[k] for k in excess.rows]
    where = f" in {excess.country}" if excess.country else ""
    lines = ", ".join(str(row.line.number) for row in acting[:10]) + (" …" if acting[10:] else "")
    around.findings.faults.append(
        Fault(
            FILE,
            f"{excess.total:.6g} in sum over rows {lines}, for people who are {excess.status}{where}"
            + (f" on {excess.day}" if excess.day > date.min else ""),
            "chances a day that act on the same people and sum to at most 1",
            "lower them, or give the rows different statuses, countries or days",
            row=acting[-1].line.number,
            column=_HIGH,
        )
    )
