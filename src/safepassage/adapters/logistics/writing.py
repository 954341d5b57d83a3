"""`Logistics` to the texts of its three files: every row and every column, also those not known here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date

from safepassage.adapters.folder.cells import number_text
from safepassage.adapters.folder.columns import (
    CARRIERS_FILE,
    REQUESTS_FILE,
    SUPPLIES_FILE,
    column_names,
)
from safepassage.adapters.logistics.vehicles import USUAL
from safepassage.adapters.logistics.words import ALL_DAY
from safepassage.core.logistics import Carrier, Logistics, Request, Supply
from safepassage.core.scenario import Extra


def logistics_texts(logistics: Logistics, ids: tuple[str, ...]) -> dict[str, str]:
    """Give the text of each file that has rows.

    Parameters
    ----------
    logistics : Logistics
    ids : tuple of str      of the network's places.
    """
    tables = {
        SUPPLIES_FILE: [(supply_cells(row, ids), row.extra) for row in logistics.supplies],
        CARRIERS_FILE: [
            (carrier_cells(row, ids, logistics.currency), row.extra) for row in logistics.carriers
        ],
        REQUESTS_FILE: [(request_cells(row, ids), row.extra) for row in logistics.requests],
    }
    return {file: _text(file, rows) for file, rows in tables.items() if rows}


def supply_cells(row: Supply, ids: tuple[str, ...]) -> dict[str, str]:
    """Give the cells of a row of supplies.csv."""
    return {
        "id": row.id,
        "holder": row.holder,
        "place": ids[row.place],
        "item": row.item,
        "quantity": number_text(row.quantity),
        "per_day": _flag(row.per_day),
        "local": _flag(row.local),
        "shelf_life_days": number_text(row.shelf_life_days),
        **_hours(row),
        **_times(row.since, row.until, row.announced),
        **_decided(row),
    }


def _hours(row: Supply) -> dict[str, str]:
    """Give the hours of a supply; none where it is there all day."""
    if (row.first_hour, row.last_hour) == ALL_DAY:
        return {}
    return {"first_hour": number_text(row.first_hour), "last_hour": number_text(row.last_hour)}


def carrier_cells(row: Carrier, ids: tuple[str, ...], currency: str) -> dict[str, str]:
    """Give the cells of a row of carriers.csv; what was only assumed stays empty."""
    figures = {column: number_text(getattr(row, column)) for column in USUAL if column not in row.assumed}
    return {
        "id": row.id,
        "holder": row.holder,
        "place": ids[row.place],
        "vehicle": row.vehicle,
        "vehicles": str(row.vehicles),
        **figures,
        "hours_per_day": number_text(row.hours_per_day),
        "first_hour": number_text(row.first_hour),
        "last_hour": number_text(row.last_hour),
        "cost_per_day": number_text(row.cost_per_day),
        "currency": currency,
        "items": " ".join(row.items),
        **_times(row.since, row.until, row.announced),
        **_decided(row),
    }


def request_cells(row: Request, ids: tuple[str, ...]) -> dict[str, str]:
    """Give the cells of a row of requests.csv."""
    return {
        "id": row.id,
        "place": ids[row.place],
        "item": row.item,
        "quantity": number_text(row.quantity),
        **_times(row.since, row.until, row.announced),
        "source": row.source,
        "note": row.note,
    }


def _times(since: date, until: date | None, announced: date) -> dict[str, str]:
    last = until.isoformat() if until else ""
    return {"from": since.isoformat(), "until": last, "announced": announced.isoformat()}


def _decided(row: Supply | Carrier) -> dict[str, str]:
    return {
        "status": row.status,
        "decided": row.decided.isoformat() if row.decided else "",
        "illustrative": _flag(row.illustrative),
        "source": row.source,
        "note": row.note,
    }


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _text(file: str, rows: Iterable[tuple[dict[str, str], Extra]]) -> str:
    rows = list(rows)
    told = {column for cells, _ in rows for column, cell in cells.items() if cell}
    columns = [name for name in column_names(file) if name in told]
    strangers = dict.fromkeys(column for _, extra in rows for column, _ in extra)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, (*columns, *strangers), restval="", lineterminator="\n")
    writer.writeheader()
    for cells, extra in rows:
        writer.writerow({name: cell for name, cell in cells.items() if name in columns} | dict(extra))
    return text.getvalue()
