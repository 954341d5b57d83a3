"""Drives in words, Spanish and English, and as plain values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from safepassage.cli.offer_words import STATUS_ES

if TYPE_CHECKING:
    from safepassage.adapters.dispatches import Entry
    from safepassage.workflows.dispatches import DispatchDesk


def dispatch_line(entry: Entry, desk: DispatchDesk) -> str:
    """Say one drive in a line: who, how, from where to where, when, what, and what was answered."""
    from safepassage.adapters.tables.plan_rows import clock

    one = entry.dispatch
    holder, vehicle = _who(one.carrier, desk)
    leave, arrive = clock(one.leave_hour), clock(one.arrive_hour)
    when = f"{one.leave} {leave} → {'' if one.arrive == one.leave else f'{one.arrive} '}{arrive}"
    way = f"{_town(one.store, desk)} → {_town(one.place, desk)}"
    marks = [f"{one.status} / {STATUS_ES[one.status]}, {entry.decided}"]
    if entry.reason:
        marks.append(entry.reason)
    who = f"{holder}, {one.vehicles} × {vehicle}"
    return f"{one.id}  {who}: {way}, {when}; {_goods(entry, desk)}  [{'; '.join(marks)}]"


def _who(key: str, desk: DispatchDesk) -> tuple[str, str]:
    found = next((one for one in desk.logistics.carriers if one.id == key), None)
    return (found.holder, found.vehicle) if found else (f"? {key}", "?")


def _town(place: int, desk: DispatchDesk) -> str:
    return desk.network.places.names[place] if place >= 0 else "?"


def _goods(entry: Entry, desk: DispatchDesk) -> str:
    """Say what is carried, items of several supplies together."""
    from safepassage.core.aid_items import counted_in

    total: dict[str, float] = {}
    for load in entry.dispatch.loads:
        total[load.item] = total.get(load.item, 0.0) + load.quantity
    parts = []
    for key, quantity in total.items():
        item = desk.known.by_id[key]
        es, en = (counted_in(item, quantity, lang) for lang in ("es", "en"))
        unit = es if es == en else f"{es} / {en}"
        names = item.name_es if item.name_es == item.name_en else f"{item.name_es} / {item.name_en}"
        parts.append(
            f"{quantity:,.6g} {unit} ({names})" if item.unit != "piece" else f"{quantity:,.6g} {unit}"
        )
    return ", ".join(parts) or "nada / nothing"


def dispatch_values(entry: Entry, desk: DispatchDesk) -> dict[str, Any]:
    """Give one drive as plain values for `--json`."""
    one, ids = entry.dispatch, desk.network.places.ids
    return {
        "id": one.id,
        "status": one.status,
        "decided": entry.decided.isoformat(),
        "carrier": one.carrier,
        "holder": _who(one.carrier, desk)[0],
        "vehicles": one.vehicles,
        "from": ids[one.store] if one.store >= 0 else None,
        "to": ids[one.place] if one.place >= 0 else None,
        "leave": one.leave.isoformat(),
        "leave_hour": one.leave_hour,
        "arrive": one.arrive.isoformat(),
        "arrive_hour": one.arrive_hour,
        "hours": one.hours,
        "km": one.km,
        "loads": [{"item": x.item, "quantity": x.quantity, "supply": x.supply} for x in one.loads],
        "people": one.people or None,
        "sure": None if math.isnan(one.sure) else one.sure,
        "reason": entry.reason,
    }
