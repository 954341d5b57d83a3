"""One row of carriers.csv to a `Carrier`: what is not told is as such vehicles usually are."""

from __future__ import annotations

from difflib import get_close_matches

from safepassage.adapters.folder.cells import Cells, Range
from safepassage.adapters.folder.findings import printable
from safepassage.adapters.logistics.vocabulary import Vehicle
from safepassage.adapters.logistics.words import Around, hours_of, nearest_items, span_of, status_of
from safepassage.core.gazetteer import fold
from safepassage.core.logistics import Carrier

VEHICLES = Range(1, 10_000, whole=True)
HOURS = Range(0.25, 24)
COST = Range(0, 1e9)
# The figures that a kind of vehicle has, and what a cell may hold.
USUAL: dict[str, Range] = {
    "capacity_kg": Range(0, 200_000, people=True),
    "capacity_litres": Range(0, 1_000_000, people=True),
    "seats": Range(0, 1000),
    "speed_km_per_h": Range(1, 150),
    "range_km": Range(0, 20_000),
    "cost_per_km": COST,
}
LOADS = ("capacity_kg", "capacity_litres", "seats")
FIRST_HOUR, LAST_HOUR, LONGEST_DAY = 6.0, 20.0, 10.0


def read_carrier(row: Cells, key: str, around: Around) -> Carrier:
    """Read one row of carriers.csv."""
    name = row.needed("vehicle")
    kind = around.known.vehicle(name)
    figures, assumed = _figures(row, kind, around)
    since, until, announced = span_of(row)
    status, decided = status_of(row, announced)
    first, last = hours_of(row, FIRST_HOUR, LAST_HOUR)
    hours = row.number("hours_per_day", HOURS)
    count = row.number("vehicles", VEHICLES)
    return Carrier(
        id=key,
        holder=row.needed("holder"),
        place=row.place("place", around.gazetteer),
        vehicle=name,
        vehicles=int(count) if count is not None else 1,
        **figures,
        hours_per_day=hours if hours is not None else min(LONGEST_DAY, last - first),
        since=since,
        until=until,
        announced=announced,
        cost_per_day=row.number("cost_per_day", COST) or 0.0,
        first_hour=first,
        last_hour=last,
        items=_items(row, kind, around),
        status=status,
        source=row.raw("source"),
        illustrative=row.flag("illustrative", default=False),
        extra=row.extra,
        note=row.raw("note"),
        decided=decided,
        assumed=assumed,
    )


def _figures(row: Cells, kind: Vehicle | None, around: Around) -> tuple[dict[str, float], tuple[str, ...]]:
    """Give the figures of a vehicle, and which of them are only what such vehicles usually have."""
    told = {column: row.number(column, within) for column, within in USUAL.items()}
    missing = [column for column, value in told.items() if value is None and not row.raw(column)]
    assumed = tuple(column for column in missing if kind is not None and not _other_money(row, column))
    if assumed and kind is not None and not row.flag("illustrative", default=False):
        usual = ", ".join(f"{column} {_usual(kind, column):g}" for column in assumed)
        mend = "fill in what is known of it; each is a planning assumption"
        row.note("vehicle", f"what it can do; as a {kind.name_en} usually is: {usual}", mend)
    figures = {
        column: value if value is not None else _usual(kind, column) if column in assumed else _least(column)
        for column, value in told.items()
    }
    if kind is None and all(column in missing for column in LOADS):
        _tell_unknown(row, around)
    elif figures["capacity_kg"] <= 0 and figures["seats"] <= 0:
        row.fault("capacity_kg", "a vehicle that carries something", "fill in capacity_kg or seats")
    elif figures["capacity_kg"] > 0 and figures["capacity_litres"] <= 0:
        expected = "loading space beside the load: without it no goods fit"
        row.note("capacity_litres", expected, "fill it in")
    return figures, assumed


def _tell_unknown(row: Cells, around: Around) -> None:
    close = get_close_matches(
        fold(row.raw("vehicle"))[:60], list(around.known.vehicle_words), n=3, cutoff=0.6
    )
    mend = "fill in capacity_kg, capacity_litres and seats"
    mend += f", or did you mean {' or '.join(close)}?" if close else ""
    kinds = ", ".join(vehicle.kind for vehicle in around.known.vehicles)
    row.fault("vehicle", f"a vehicle whose load is told, or one of {kinds}", printable(mend))


def _usual(kind: Vehicle | None, column: str) -> float:
    return float(getattr(kind, column)) if kind is not None else 0.0


def _least(column: str) -> float:
    """Give what holds where nothing is told and no kind is known."""
    return 40.0 if column == "speed_km_per_h" else 0.0


def _other_money(row: Cells, column: str) -> bool:
    """Tell whether a usual cost is in another currency than the row's."""
    return column == "cost_per_km" and row.raw("currency").upper() not in ("", "MXN")


def _items(row: Cells, kind: Vehicle | None, around: Around) -> tuple[str, ...]:
    told = row.raw("items").replace(",", " ").replace(";", " ").replace("|", " ").split()
    if not told:
        return kind.items if kind is not None else ()
    found = []
    for word in told:
        item = around.known.item(word)
        if item is None:
            row.fault(
                "items", "ids of items with spaces between", printable(nearest_items(word, around.known))
            )
        else:
            found.append(item.id)
    return tuple(found)
