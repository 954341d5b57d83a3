"""Offers in words, Spanish and English, and as plain values."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from safepassage.adapters.logistics import Catalogue
    from safepassage.adapters.offers import Understood
    from safepassage.core.logistics import Carrier, Supply

STATUS_ES = {
    "proposed": "propuesta",
    "accepted": "aceptada",
    "refused": "rechazada",
    "sent": "enviada",
    "delivered": "entregada",
    "withdrawn": "retirada",
}
MADE_UP = "illustrative, made up / ilustrativo, inventado"


def today_or(as_of: datetime | None) -> date:
    """Give the day of an option, today where it was not given."""
    return (as_of or datetime.now().astimezone()).date()


def understood_lines(understood: Understood, town: str, as_of: date, known: Catalogue) -> list[str]:
    """Say what was understood of a line: first in Spanish, then in English."""
    lines = []
    for lang in ("es", "en"):
        lines.append(f"{lang}  {understood.holder} · {town} · {_days(understood, as_of, lang)}")
        told = (*_goods(understood, lang, known), *_vehicles(understood, lang, known))
        lines += [f"    - {line}" for line in told]
    lines += [f"! {remark}" for remark in understood.remarks]
    if understood.unknown:
        words = ", ".join(f"“{word}”" for word in understood.unknown)
        lines.append(f"! no se entendió / not understood: {words}")
    return lines


def _days(understood: Understood, as_of: date, lang: str) -> str:
    since, until = understood.since or as_of, understood.until
    if until == since:
        days = since.isoformat()
    elif until is None:
        days = f"desde {since}" if lang == "es" else f"from {since} on"
    else:
        days = f"{since} a {until}" if lang == "es" else f"{since} to {until}"
    if understood.hours is None:
        return days
    first, last = (f"{int(hour)}:{round(hour % 1 * 60):02d}" for hour in understood.hours)
    return f"{days}, {first}–{last}"


def _goods(understood: Understood, lang: str, known: Catalogue) -> list[str]:
    from safepassage.core.aid_items import unit_word

    lines = []
    for good, daily in zip(understood.goods, understood.daily, strict=True):
        item = known.by_id[good.item]
        name = item.name_es if lang == "es" else item.name_en
        again = ("cada día" if lang == "es" else "every day") if daily else ""
        basis = f"({good.words}: {good.basis})" if good.basis else ""
        figure = f"{good.quantity:,.6g} {unit_word(item.unit, good.quantity, lang)}"
        lines.append(" ".join(filter(None, [f"{name}: {figure}", again, basis])))
    return lines


def _vehicles(understood: Understood, lang: str, known: Catalogue) -> list[str]:
    kinds = {vehicle.kind: vehicle for vehicle in known.vehicles}
    lines = []
    for offered in understood.vehicles:
        vehicle, told = kinds[offered.kind], dict(offered.told)
        name = vehicle.name_es if lang == "es" else vehicle.name_en
        figures = {column: told.get(column, getattr(vehicle, column)) for column in ("capacity_kg", "seats")}
        usual = "" if told else (" (supuesto usual)" if lang == "es" else " (usual, assumed)")
        seats = "asientos" if lang == "es" else "seats"
        load = f"{figures['capacity_kg']:,.0f} kg, {figures['seats']:g} {seats}{usual}"
        lines.append(f"{offered.count} × {name}: {load}")
    return lines


def offer_line(row: Supply | Carrier, town: str, known: Catalogue) -> str:
    """Say one row of an offer in a line, Spanish and English."""
    until = row.until.isoformat() if row.until else "…"
    marks = [f"{row.status} / {STATUS_ES[row.status]}"]
    if row.illustrative:
        marks.append(MADE_UP)
    what, said = _what(row, known), "; ".join(marks)
    return f"{row.id}  {row.holder} ({town}): {what}, {row.since} – {until}  [{said}]"


def _what(row: Supply | Carrier, known: Catalogue) -> str:
    from safepassage.adapters.logistics.words import ALL_DAY
    from safepassage.core.logistics import Supply

    if not isinstance(row, Supply):
        return f"{row.vehicles} × {row.vehicle}, {row.capacity_kg:,.0f} kg, {row.seats:g} asientos / seats"
    item = known.by_id[row.item]
    names = f"{item.name_es} / {item.name_en}, {item.unit}"
    again = ", cada día / every day" if row.per_day else ""
    if (row.first_hour, row.last_hour) != ALL_DAY:
        again += f", {row.first_hour:g}–{row.last_hour:g} h"
    return f"{row.quantity:,.6g} ({names}){again}"


def offer_values(row: Supply | Carrier, ids: tuple[str, ...]) -> dict[str, Any]:
    """Give one row as plain values for `--json`."""
    from dataclasses import fields

    from safepassage.core.logistics import Supply

    told: dict[str, Any] = {"kind": "supply" if isinstance(row, Supply) else "carrier"}
    for field in fields(row):
        value = getattr(row, field.name)
        if field.name == "extra":
            continue
        told[field.name] = value.isoformat() if isinstance(value, date) else value
    told["place"] = ids[row.place]
    return told


def understood_values(understood: Understood, ids: tuple[str, ...]) -> dict[str, Any]:
    """Give what was understood as plain values for `--json`."""
    goods = zip(understood.goods, understood.daily, strict=True)
    return {
        "holder": understood.holder,
        "place": ids[understood.place],
        "goods": [{"item": g.item, "quantity": g.quantity, "per_day": d, "words": g.words} for g, d in goods],
        "vehicles": [{"vehicle": v.kind, "count": v.count, **dict(v.told)} for v in understood.vehicles],
        "since": understood.since.isoformat() if understood.since else None,
        "until": understood.until.isoformat() if understood.until else None,
        "hours": list(understood.hours) if understood.hours else None,
        "not_understood": list(understood.unknown),
        "remarks": list(understood.remarks),
    }
