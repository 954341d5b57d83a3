"""What was understood of an offer, to the rows of supplies.csv and carriers.csv."""

from __future__ import annotations

from datetime import date

from safepassage.adapters.logistics.vehicles import FIRST_HOUR, LAST_HOUR, LONGEST_DAY, USUAL
from safepassage.adapters.logistics.vocabulary import Catalogue, catalogue
from safepassage.adapters.offers import Understood
from safepassage.adapters.offers.goods import Offered
from safepassage.core.logistics import Carrier, Supply

SOURCE = "offer"


def offered_supplies(understood: Understood, key: str, *, status: str, as_of: date) -> tuple[Supply, ...]:
    """Give a row for each good.

    Parameters
    ----------
    key : str       of the offer; rows are numbered behind it.
    as_of : date    the day on which it was offered; its first day where none was told.
    """
    known = catalogue()
    rows = []
    for n, (good, daily) in enumerate(zip(understood.goods, understood.daily, strict=True), start=1):
        note = "; ".join(filter(None, [f"“{good.words}”", good.basis, _hours_note(understood)]))
        rows.append(
            Supply(
                id=f"{key}-{n}",
                holder=understood.holder,
                place=understood.place,
                item=good.item,
                quantity=good.quantity,
                since=understood.since or as_of,
                until=understood.until,
                announced=as_of,
                per_day=daily,
                local=good.item in known.local_items,
                status=status,
                source=SOURCE,
                note=note,
            )
        )
    return tuple(rows)


def _hours_note(understood: Understood) -> str:
    """Say the hours of an offer that has no vehicle to keep them."""
    if understood.hours is None or understood.vehicles:
        return ""
    return f"{understood.hours[0]:g}–{understood.hours[1]:g} h"


def offered_carriers(
    understood: Understood, key: str, *, first: int, status: str, as_of: date
) -> tuple[Carrier, ...]:
    """Give a row for each kind of vehicle; rows are numbered from `first` + 1."""
    known = catalogue()
    hours = understood.hours or (FIRST_HOUR, LAST_HOUR)
    rows = []
    for n, offered in enumerate(understood.vehicles, start=first + 1):
        vehicle = known.vehicle_words[_word(offered, known)]
        told = _told(offered)
        rows.append(
            Carrier(
                id=f"{key}-{n}",
                holder=understood.holder,
                place=understood.place,
                vehicle=vehicle.name_es,
                vehicles=offered.count,
                **{column: told.get(column, float(getattr(vehicle, column))) for column in USUAL},
                cost_per_day=0.0,
                illustrative=False,
                extra=(),
                decided=None,
                hours_per_day=min(LONGEST_DAY, hours[1] - hours[0]),
                since=understood.since or as_of,
                until=understood.until,
                announced=as_of,
                first_hour=hours[0],
                last_hour=hours[1],
                items=vehicle.items,
                status=status,
                source=SOURCE,
                note=f"“{offered.words}”",
                assumed=tuple(column for column in USUAL if column not in told),
            )
        )
    return tuple(rows)


def _word(offered: Offered, known: Catalogue) -> str:
    return next(vehicle.words[0] for vehicle in known.vehicles if vehicle.kind == offered.kind)


def _told(offered: Offered) -> dict[str, float]:
    """Give the figures that were told; the litres of a tanker are its load as well."""
    told = dict(offered.told)
    if offered.kind == "tanker" and "capacity_litres" in told:
        told["capacity_kg"] = told["capacity_litres"]
    return told
